"""The whole way once: clause file, compiled, signed by all parties, an act signed and decided over a ledger."""

from __future__ import annotations

from pathlib import Path

from smartclause.logic.verdict import Decision
from tests.verbs.asking import ask
from tests.verbs.samples import HOUR, Setting, use


def test_a_signed_act_with_all_facts_shown_is_allowed(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    answer = ask(setting, setting.envelope("B", "C", **use()))
    assert answer.decision is Decision.ALLOWED, answer.judged.open
    assert not answer.final


def test_a_withdrawal_in_the_ledger_refuses_it(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s1"}))
    setting.clock.now += HOUR
    assert ask(setting, setting.envelope("B", "C", **use())).decision is Decision.REFUSED
    assert ask(setting, setting.envelope("B", "C", **use(facts={"subject": "s2"}))).decision is Decision.ALLOWED

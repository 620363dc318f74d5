"""Mutants: which slips are made, which are noticed, and that nothing is skipped that could notice one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest

from smartclause.engines.mutants.edits import Slip, mutants
from smartclause.engines.mutants.judged import Fate, Setting, Trial
from smartclause.engines.mutants.told import SLIPS, difference, where
from smartclause.language.load import load
from smartclause.language.names import Program
from smartclause.logic.lookup import Lookup

CONTRACTS = Path(__file__).parents[3] / "contracts"
HEAD = """\
contract small version 1.0.0
  in force from 2026-01-01.
  time zone "UTC".

role keeper.
party A as keeper.
party B.
party C.
unit rows.
parameter limit is 5 rows; at most 50 rows.
act use by B has
  paid is fact;
  approved is fact;
  size is number in rows;
  case_no is identifier.
unrestricted act tell by B has
  case_no is identifier.
occurrence warning has
  case_no is identifier.
"""
BODY = """\
clause 1 grant
  B may use if paid and approved.
clause 2 bar
  B must not use if size exceeds limit except if approved.
clause 3 duty
  When warning occurs, B must tell within 24 hours for the same case_no, waived by A.
clause 4 over
  Despite clause 2, B may use if some warning with the same case_no within 3 days.
"""


def trial(text: str) -> Trial:
    loaded = load(HEAD + text, name="small.clause")
    assert loaded.contract is not None, loaded.diagnostics
    setting = Setting(Lookup(loaded.contract), loaded.contract.scenarios)
    return Trial(Program(loaded.root, dict(loaded.trees)), loaded.root, (setting,))


def slips(text: str) -> list[tuple[Slip, tuple[str, ...]]]:
    tried = trial(text)
    return [(m.slip, difference(tried.file, m)) for m in mutants(tried.file)]


def test_every_kind_of_slip_is_made_and_shown_in_the_words_of_the_file():
    found = slips(BODY)
    kinds = Counter(slip for slip, _ in found)
    assert set(kinds) == {
        Slip.MODAL, Slip.EXCEPTION, Slip.JOIN, Slip.FIGURE, Slip.UNIT, Slip.KEY, Slip.WINDOW, Slip.COMPARISON,
        Slip.PRIORITY,
    }  # fmt: skip
    said = {line for _, lines in found for line in lines if line.startswith("+")}
    assert "+ B may use if paid or approved." in said
    assert "+ B must not use if paid and approved." in said
    assert "+ B must not use if size exceeds limit." in said
    assert "+ B must not use if size is at least limit except if approved." in said
    assert "+ When warning occurs, B must tell within 25 hours for the same case_no, waived by A." in said
    assert "+ When warning occurs, B must tell within 24 days for the same case_no, waived by A." in said
    assert "+ B may use if some warning with the same case_no within 3 days." in said
    assert "+ Despite clause 2, B may use if some warning within 3 days." in said
    assert "+ Despite clause 2, B may use if some warning with the same case_no." in said
    assert "+ parameter limit is 6 rows; at most 50 rows." in said


def test_the_scope_of_a_clause_may_be_left_out():
    found = slips("clause 1 grant\n  applies where paid.\n  B may use if approved.\n")
    assert (Slip.SCOPE, ("- applies where paid.",)) in found


def test_mutants_differ_from_the_file_and_from_each_other():
    file = trial(BODY).file
    found = list(mutants(file))
    assert len({(m.place, m.after) for m in found}) == len(found)
    assert all(m.after != m.before for m in found)


def test_a_contract_without_scenarios_notices_nothing():
    assert trial(BODY).score().percentage == 0


SCENARIOS = """\
scenario paid_and_approved
  at 2026-02-01T09:00 B use with paid = yes, approved = yes, size = 5 rows, case_no = "a".
  then clause 2 is met.
  then allowed.
scenario only_paid
  at 2026-02-01T09:00 B use with paid = yes, approved = no, size = 5 rows, case_no = "a".
  then clause 2 is met.
  then refused.
scenario too_large
  at 2026-02-01T09:00 B use with paid = yes, approved = no, size = 6 rows, case_no = "a".
  then clause 2 is forbidden.
"""


def test_the_scenario_that_notices_a_slip_is_named():
    score = trial(BODY + SCENARIOS).score(only=lambda m: m.slip is Slip.JOIN)
    assert [(each.fate, each.by) for each in score.tried] == [(Fate.NOTICED, "only_paid")]


def test_a_figure_is_noticed_only_by_scenarios_on_both_sides_of_it():
    def survivors(text: str) -> list[tuple[str, ...]]:
        score = trial(BODY + text).score(only=lambda m: where(m, "en") == "limit")
        return [difference(score.file, each.mutant)[1] for each in score.survivors]

    assert survivors(SCENARIOS) == []
    one_sided = SCENARIOS[: SCENARIOS.index("scenario too_large")]
    assert survivors(one_sided) == ["+ parameter limit is 6 rows; at most 50 rows."]


def test_what_means_the_same_is_told_apart():
    score = trial(BODY + SCENARIOS).score(only=lambda m: m.slip is Slip.EXCEPTION and where(m, "en") == "clause 3")
    assert [t.fate for t in score.tried] == [Fate.SURVIVED]  # three parties: without `waived by A` nobody may waive
    two = HEAD.replace("party C.\n", "")
    loaded = load(two + BODY, name="small.clause")
    assert loaded.contract is not None
    setting = Setting(Lookup(loaded.contract), ())
    same = Trial(Program(loaded.root, dict(loaded.trees)), loaded.root, (setting,))
    found = same.score(only=lambda m: m.slip is Slip.EXCEPTION and where(m, "en") == "clause 3")
    assert [t.fate for t in found.tried] == [Fate.SAME]  # the other party may waive anyway


def test_joins_that_come_out_alike_mean_the_same():
    text = "clause 1 grant\n  B may use if paid or (paid and approved).\n"
    found = trial(text).score(only=lambda m: m.slip is Slip.JOIN)
    fates = [t.fate for t in found.tried]
    assert Fate.SAME not in fates  # neither slip is absorbed …
    again = "clause 1 grant\n  B may use if (paid and approved) or (approved and paid).\n"
    found = trial(again).score(only=lambda m: m.slip is Slip.JOIN)
    assert Counter(t.fate for t in found.tried)[Fate.SAME] == 1  # … but `and` between two alike is


def test_what_check_refuses_is_not_counted():
    found = trial("clause 3 duty\n  When warning occurs, B must tell within 24 hours for the same case_no.\n").score(
        only=lambda m: m.slip is Slip.KEY
    )
    assert [t.fate for t in found.tried] == [Fate.REFUSED]


def test_proof_of_equal_meaning_is_believed():
    tried = trial(BODY)
    tried.equal = lambda one, other: one != other
    assert {t.fate for t in tried.score().tried} <= {Fate.SAME, Fate.REFUSED}


def test_the_words_for_slips_are_complete():
    assert set(SLIPS) == set(Slip)


@pytest.fixture(scope="module")
def shipped() -> Trial:
    loaded = load(CONTRACTS / "commercial_training" / "commercial_training.clause")
    assert loaded.contract is not None
    setting = Setting(Lookup(loaded.contract), loaded.contract.scenarios)
    return Trial(Program(loaded.root, dict(loaded.trees)), loaded.root, (setting,))


def test_scenarios_that_are_not_run_would_have_noticed_nothing(shipped):
    """A mutant is judged by the scenarios that it can touch; here by all of them too."""
    found = list(mutants(shipped.file))
    for mutant in Random(7).sample(found, 8):
        changed = shipped.changed(mutant)
        if changed is not None:
            touched = set(shipped.noticing(changed))
            assert touched == set(shipped.noticing(changed, every=True))


def test_a_clause_read_again_reads_as_if_all_were_linked_again(shipped):
    """The short way and the long way to a changed contract agree."""
    found = [m for m in mutants(shipped.file) if where(m, "en").startswith("clause")]
    for mutant in Random(3).sample(found, 12):
        short, long = shipped.changed(mutant), shipped.relinked(mutant)
        if short is not None and long is not None:
            assert [m.clauses for m in short.modules] == [m.clauses for m in long.modules]

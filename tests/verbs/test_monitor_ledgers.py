"""The monitor over a ledger is its audit: the quick way tells, entry by entry, what the reference tells.

`SMARTCLAUSE_MONITOR_LEDGERS=200` asks for more of them.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from smartclause.engines.audit import AuditResult
from smartclause.engines.monitor.told import ActTold, DutyTold, Told
from smartclause.evidence.envelope import countersign
from smartclause.verbs.audit import audit
from smartclause.verbs.errors import VerbError
from smartclause.verbs.ledger import checkpoint
from smartclause.verbs.monitor import Settings, Tally, monitor
from smartclause.verbs.monitor_booked import Booked
from smartclause.verbs.monitor_entries import Entries, EntryReader
from smartclause.verbs.monitor_ledger import Judging, judging_of
from smartclause.verbs.monitor_reference import Reference, Under
from tests.verbs.monitor_ledgers import drawn
from tests.verbs.samples import HOUR, Setting, use
from tests.verbs.tellers import Told as Listener
from tests.verbs.test_amendments import STRICTER, amend
from tests.verbs.test_register import TRAINING, Licences

LEDGERS = int(os.environ.get("SMARTCLAUSE_MONITOR_LEDGERS", "5"))
SOON = 6 * HOUR


class Hears:
    """Somebody who is told by one way of judging, and passes over what says nothing new of an act."""

    def __init__(self, judging: Judging) -> None:
        self.judging = judging
        self.acts: dict[str, tuple[str, bool]] = {}

    def plainly(self, told: list[Told]) -> list[Any]:
        return sorted((each for t in told for each in self._one(t)), key=str)

    def _one(self, told: Told) -> list[Any]:
        match told:
            case ActTold():
                now = (told.decision.value, told.final)
                new = self.acts.get(told.event) != now
                self.acts[told.event] = now
                return [("act", told.event, *now, told.clauses)] if new else []
            case DutyTold():
                found = told.instance
                return [("duty", told.at, told.status, told.was, found.keys, found.trigger, found.answered)]
            case _:
                return [("moved", told.event, told.at, told.claimed)]


def read(setting: Setting) -> tuple[Entries, Under]:
    return EntryReader(setting.ledger, setting.store).read(setting.clock.now), Under(setting.bundle, setting.store)


@pytest.mark.parametrize("seed", range(LEDGERS))
def test_entry_by_entry_the_quick_way_tells_what_the_reference_tells(tmp_path: Path, seed: int) -> None:
    entries, under = read(drawn(tmp_path, seed))
    quick, sure, chance, signed = Hears(Booked(under, SOON)), Hears(Reference(under, SOON)), Random(seed), 0
    for count in range(1, len(entries.each) + 1):
        signed = count if chance.random() < 0.5 else signed
        here, at = replace(entries, checkpointed=signed), max(entries.received[count - 1], quick.judging.now)
        one, other = ((h.plainly(h.judging.step(here, count, at))) for h in (quick, sure))
        assert one == other
        later = min((at + chance.randrange(30 * HOUR), *entries.received[count : count + 1]))
        one, other = ((h.plainly(h.judging.advance(here, later))) for h in (quick, sure))
        assert one == other
        assert +quick.judging.acts() == +sure.judging.acts()
        assert +quick.judging.duties() == +sure.judging.duties()


@pytest.mark.parametrize("seed", range(LEDGERS))
def test_however_many_entries_were_there_at_first_the_end_is_the_audit(tmp_path: Path, seed: int) -> None:
    setting = drawn(tmp_path, seed)
    entries, under = read(setting)
    size = len(entries.each)
    found = audit(setting.path, setting.ledger, trust=setting.trust, closed=True, at=entries.last(size))
    for first in (1, size // 2, size):
        judging = Booked(under)
        for count in (first, *range(first + 1, size + 1)):
            judging.step(entries, count, entries.last(count))
        assert +judging.acts() == Counter(u.decision.value for u in found.uses)
        standing = {(i.keys, i.trigger): (i.status, i.due, i.since) for i in judging.standing()}
        audited = {(i.keys, i.trigger): (i.status, i.due, i.since) for i in found.duties}
        assert standing == {name: audited[name] for name in standing}


def test_a_final_verdict_stays_final_when_an_entry_comes_that_nobody_has_signed_for_yet(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")))
    checkpoint(setting.ledger, setting.keys["ledger"])
    setting.clock.now += HOUR
    setting.record(setting.envelope("A", type="heartbeat"))
    for slow in (False, True):
        entries, under = read(setting)
        judging = judging_of(under, None, slow)
        first = judging.step(entries, 4, entries.received[3])
        assert [(t.decision.value, t.final) for t in first if isinstance(t, ActTold)] == [("allowed", True)]
        assert judging.step(entries, 5, entries.received[4]) == []


def test_a_final_verdict_stays_final_when_its_act_is_signed_once_more(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    act = setting.envelope("B", "C", **use())
    setting.record(act)
    setting.clock.now += HOUR
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")))
    checkpoint(setting.ledger, setting.keys["ledger"])
    setting.clock.now += HOUR
    setting.record(countersign(act, [setting.keys["A"]]))
    for slow in (False, True):
        entries, under = read(setting)
        judging = judging_of(under, None, slow)
        first = judging.step(entries, 4, entries.received[3])
        assert [(t.decision.value, t.final) for t in first if isinstance(t, ActTold)] == [("allowed", True)]
        assert judging.step(entries, 5, entries.received[4]) == []


# ---- registers and amendments: what the audit does


def both(setting: Setting, **given: Any) -> tuple[Tally, AuditResult]:
    shared: dict[str, Any] = {"trust": setting.trust, "clock": setting.clock, **given}
    told = monitor(setting.path, setting.ledger, Listener(), **shared)
    return told, audit(setting.path, setting.ledger, closed=True, **shared)


def test_a_register_is_followed_as_the_audit_follows_it(tmp_path: Path) -> None:
    setting = Licences(tmp_path)
    setting.under("first and voice_law", voice_law={"P": "B"})
    setting.record(setting.act(facts=TRAINING))
    setting.clock.now += HOUR
    setting.record(setting.act(facts=TRAINING | {"samples": 101}), setting.act(facts=TRAINING, asset="another"))
    given = {"register": setting.file, "members": (setting.second, setting.law)}
    tally, found = both(setting, **given)
    assert tally.acts == Counter(u.decision.value for u in found.uses) == {"allowed": 1, "refused": 1, "undecided": 1}


def test_amendments_are_followed_as_the_audit_follows_them(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    change = amend(setting, STRICTER, "A", "B", "C")
    for hours in (0, 24):
        setting.clock.now += hours * HOUR
        setting.record(setting.envelope("B", "C", **use()))
    tally, found = both(setting, amended_by=(change,), signed_at=setting.clock.now - 30 * HOUR)
    every = [u for part in (*found.earlier, found) for u in part.uses]
    assert tally.acts == Counter(u.decision.value for u in every) == {"allowed": 1, "refused": 1}


def test_a_register_with_plain_lines_is_refused(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    lines = setting.write("events.jsonl", b"{}\n")
    with pytest.raises(VerbError) as caught:
        monitor(
            tmp_path / "voice_data.clause", lines, Listener(), register=tmp_path / "register.json",
            settings=Settings(draft=True),
        )  # fmt: skip
    assert caught.value.code == "VB63"
    assert not caught.value.text("zh").isascii()


# ---- a ledger that is not what it was


def of_two(folder: Path) -> Setting:
    setting = Setting(folder)
    setting.sign("A", "B", "C")
    setting.record(setting.envelope("B", "C", **use()), setting.envelope("A", type="heartbeat"))
    return setting


def test_a_state_of_another_ledger_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one, other = of_two(tmp_path / "one"), of_two(tmp_path / "other")
    settings = Settings(state=tmp_path / "state.json")
    monitor(one.path, one.ledger, Listener(), trust=one.trust, settings=settings, clock=one.clock)
    assert monitor(one.path, one.ledger, Listener(), trust=one.trust, settings=settings, clock=one.clock).records == 2
    one.ledger.unlink()
    one.ledger.write_bytes(other.ledger.read_bytes())
    other.trusting()
    with pytest.raises(VerbError) as caught:
        monitor(one.path, one.ledger, Listener(), trust=other.trust, settings=settings, clock=one.clock)
    assert caught.value.code == "VB53"


def test_a_ledger_that_is_exchanged_or_cut_short_while_it_is_followed_stops_the_monitor(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "other").mkdir()
    one, other = of_two(tmp_path / "one"), of_two(tmp_path / "other")
    short = one.ledger.read_bytes()
    one.record(one.envelope("A", type="heartbeat"))
    for content, said in ((other.ledger.read_bytes(), "taken its place"), (short, "cut short")):
        reader = EntryReader(one.ledger, one.store)
        whole = one.ledger.read_bytes()
        reader.read(one.clock.now)
        one.ledger.write_bytes(content)
        with pytest.raises(VerbError) as caught:
            reader.read(one.clock.now)
        assert (caught.value.code, said in caught.value.text()) == ("VB58", True)
        one.ledger.write_bytes(whole)

"""`open_decider`: a signed contract held ready, so that a service can ask of each act whether it may be done.

Verdicts only: what counts as shown is the caller's word, so that no answer is final. `decide` verifies evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from smartclause.engines.decide.answers import Answers, of_world
from smartclause.engines.decide.decider import Decider as ActDecider
from smartclause.engines.decide.explanation import Explanation, Statuses
from smartclause.engines.decide.shown import NOTHING
from smartclause.engines.decide.unit import Facts
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.trust import TrustSource
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import Decision
from smartclause.rails.refused import CannotDo
from smartclause.verbs.act_json import ActReader
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import need_trust, open_contract
from smartclause.verbs.matter import History, matter_of
from smartclause.verbs.opened_from import OpenedFrom, opened_from
from smartclause.verbs.sources import read_ledger

Signed = Mapping[str, frozenset[str]]


class Decider(ActDecider):
    """Asked with typed facts (see the decide engine), or with the JSON text of one act.

    `attested` names the facts that the caller verified; one that a role must show counts only if it is named. Answers
    rest on the caller's word and are never final. An act is judged now, by the clock and not before the last record
    of the ledger; with another instant, `at`, it is a what-if, which is never answered with allowed: see `what_if`.
    (To a function that `verdict_of` gave, no `at` is given: it answers as if that were now.)
    """

    def __init__(
        self,
        lookup: Lookup,
        signed: Signed | None = None,
        *,
        draft: bool = False,
        past: Answers | None = None,
        clock: Clock = system_clock,
        not_before: Instant = 0,
        opened: OpenedFrom | None = None,
    ) -> None:
        self._opened = OpenedFrom() if opened is None else opened
        super().__init__(lookup, signed, draft=draft, past=past, clock=clock, not_before=not_before)
        self._reader = ActReader(lookup)
        self._quickly = self._reader.quickly

    def is_current(self) -> bool:
        """Whether contract, trust store and ledger still are as they were when it was opened. Takes milliseconds."""
        return self._opened.unchanged()

    def verdict(
        self, type_: str, by: str, facts: Facts, at: Instant | None = None, attested: frozenset[str] = NOTHING
    ) -> Decision:
        """May `by` do the act now."""
        found = super().verdict(type_, by, facts, at, attested)
        return found if at is None else _at_another_instant(found)

    def statuses(
        self, type_: str, by: str, facts: Facts, at: Instant | None = None, attested: frozenset[str] = NOTHING
    ) -> Statuses:
        """The verdict, and the status of every clause."""
        found = super().statuses(type_, by, facts, at, attested)
        if at is not None:
            found.decision = _at_another_instant(found.decision)
        return found

    def explain(
        self, type_: str, by: str, facts: Facts, at: Instant | None = None, attested: frozenset[str] = NOTHING
    ) -> Explanation:
        """The verdict with statuses, the truth of every leaf, and why it is undecided."""
        found = super().explain(type_, by, facts, at, attested)
        if at is not None:
            found.decision = _at_another_instant(found.decision)
        return found

    def what_if(
        self, type_: str, by: str, facts: Facts, at: Instant, attested: frozenset[str] = NOTHING
    ) -> Explanation:
        """What the verdict would be at an instant: its decision permits nothing."""
        return super().explain(type_, by, facts, at, attested)

    def from_json(self, content: bytes, at: Instant | None = None, attested: frozenset[str] = NOTHING) -> Decision:
        """The verdict on `{"type": …, "by": …, "asset": …, "facts": {…}}`. Without an asset a controlled act is
        undecided. Raises VerbError VB05-VB08, VB10, VB18."""
        found = self._quickly(content)
        if found is None:
            type_, by, facts, about = self._reader.carefully(content)
            if not about:
                return Decision.UNDECIDED
        else:
            type_, by, facts = found
        known = self._verdicts.get((type_, by))
        if known is None or known[1] is None or at is not None:
            return self.verdict(type_, by, facts, at, attested)
        return known[0](facts, known[1], attested)  # type: ignore[no-any-return]


def _at_another_instant(found: Decision) -> Decision:
    return Decision.UNDECIDED if found is Decision.ALLOWED else found


def open_decider(
    contract: Path,
    *,
    trust: TrustSource,
    ledger: Path | None = None,
    nothing_recorded: bool = False,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> Decider:
    """A signed contract held ready, with what the ledger held when it was opened: open it again after new entries.

    Without a ledger nothing that rests on records is known, nor whether the contract was ended, so that nothing is
    allowed; `nothing_recorded` is your word that no record bears on any act asked. The contract is judged alone,
    without a register. Raises EvidenceError, VerbError.
    """
    files = opened_from(trust, (contract,), ledger)
    now, store = clock(), need_trust(trust)
    matter = matter_of(open_contract(contract, folders), store)
    records = None if ledger is None else read_ledger(ledger, store, now, None)
    opened = records.opened if records is not None else (() if nothing_recorded else None)
    header = matter.main.bundle.root.header
    try:
        if header.news is not None:  # what is heard of a source grows old while the decider is held
            raise CannotDo("a limit on how old news may be", matter.main.bundle.contract.module)
        world = History(matter, opened, now).world(matter.main)
        last = now if records is None else max(now, records.last)
        return Decider(world.lookup, world.signed, past=of_world(world), clock=clock, not_before=last, opened=files)
    except CannotDo as found:
        raise VerbError("VB52", str(contract), construct=found.construct, where=found.where) from None

"""Signed records judged by the reference at each step: what is told is what two audits find, and what changed since.

It defines what the quicker way tells; it follows what that does not: registers, amendments, limits on old news.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from smartclause.engines.audit import AuditResult, Use
from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.snapshot import Snapshot, differences, moments, snapshot, stands
from smartclause.engines.monitor.told import MovedTold, Told
from smartclause.evidence.trust import TrustStore
from smartclause.logic.answers import DEFAULT_RECORDS_DUE
from smartclause.logic.counting import Instant
from smartclause.logic.instances import Instance
from smartclause.logic.world import length
from smartclause.verbs.audit import audited
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.inputs import OpenedRegister
from smartclause.verbs.matter import Changes
from smartclause.verbs.monitor_entries import Entries


@dataclass(frozen=True)
class Under:
    """What the records are judged under: the contract, and what a register or amendments add to it."""

    bundle: Bundle
    trust: TrustStore
    register: OpenedRegister | None = None
    others: tuple[Bundle, ...] = ()
    amendments: tuple[Bundle, ...] = ()
    signed_at: Instant | None = None

    @property
    def about(self) -> list[str]:
        """By digest, what is judged under."""
        found = [] if self.register is None else [self.register.digest]
        return [*found, *(b.document for b in (*self.others, *self.amendments)), str(self.signed_at or "")]

    @property
    def is_alone(self) -> bool:
        return self.register is None and not self.amendments


@dataclass
class Reference:
    under: Under
    soon: Instant | None = None
    now: Instant = NEVER
    last: Snapshot = field(default_factory=lambda: Snapshot(NEVER))
    moved: set[str] = field(default_factory=set)
    count: int = 0

    def look(self, entries: Entries, count: int, at: Instant) -> list[Told]:
        """As so many entries have it at an instant."""
        after = self._judged(entries, count, at)
        told = [*self._moves(after), *differences(self.last, after, self.soon)]
        self.last, self.count, self.now = after, count, max(at, self.now)
        return told

    def _moves(self, after: Snapshot) -> Iterator[MovedTold]:
        for number, use in after.acts.items():
            if use.moved and number not in self.moved:
                self.moved.add(number)
                yield MovedTold(use.record.instant, number, use.record.event.time)

    def _judged(self, entries: Entries, count: int, at: Instant) -> Snapshot:
        """The verdicts as the records have them; final ones as they stand whatever is still to come."""
        records, under = entries.first(count), self.under
        asked = max(at, records.last)
        changes = Changes(under.amendments, asked, under.signed_at, records.deposits, asked)
        given = (under.bundle, records, under.trust, asked, under.register, under.others, changes)
        closed, sure = audited(*given, closed=True), audited(*given)
        final = {u.record.event.id: u for u in _uses(sure) if u.judged.final}
        final |= self._kept_final(final)
        return snapshot(asked, (_settled(u, final) for u in _uses(closed)), list(_duties(closed)))

    def _kept_final(self, final: dict[str, Use]) -> dict[str, Use]:
        """A verdict that was final stays so: what the keeper has not yet signed for stands after it."""
        return {n: u for n, u in self.last.acts.items() if u.judged.final and n not in final}

    def advance(self, entries: Entries, to: Instant) -> list[Told]:
        """The clock comes so far, moment by moment."""
        told: list[Told] = []
        while self.count and self.now < to:
            coming = min((m for m in self._moments() if self.now < m <= to), default=None)
            if coming is None:
                self.now = to
            else:
                told += self.look(entries, self.count, coming)
        self.now = max(self.now, to) if self.count else self.now
        return told

    def step(self, entries: Entries, count: int, at: Instant) -> list[Told]:
        told = self.advance(entries, at) if self.count and count > self.count else []
        return [*told, *self.look(entries, count, at)]

    def _moments(self) -> Iterator[Instant]:
        """When something may change though nothing is recorded."""
        grace = length(self.under.bundle.root.header.records_due or DEFAULT_RECORDS_DUE)
        for instance in self.last.duties.values():
            yield from moments(instance, grace, self.soon)

    def standing(self) -> list[Instance]:
        return [i for i in self.last.duties.values() if not i.is_otherwise and stands(i, self.last.now)]

    def acts(self) -> Counter[str]:
        return Counter(u.decision.value for u in self.last.acts.values())

    def duties(self) -> Counter[str]:
        return Counter(i.status.value for i in self.last.duties.values())


def _uses(result: AuditResult) -> Iterator[Use]:
    """Of all versions of an amended contract."""
    for part in (*result.earlier, result):
        yield from part.uses


def _duties(result: AuditResult) -> Iterator[Instance]:
    for part in (*result.earlier, result):
        yield from part.duties


def _settled(use: Use, final: dict[str, Use]) -> Use:
    return final.get(use.record.event.id, replace(use, judged=replace(use.judged, final=False)))

"""Whose records may still show that a duty was answered, or waived (design 2.8): sources not complete, and gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from smartclause.logic.answers import DEFAULT_RECORDS_DUE, GAP, waivers
from smartclause.logic.contract import Duty, Module
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.record import Source
from smartclause.logic.world import World, length, may_record
from smartclause.rails.book.opened import Opened

NEVER = -(2**62)


@dataclass(frozen=True, slots=True)
class _Gap:
    since: Instant
    until: Instant
    own: bool
    reasons: tuple[Reason, ...]

    def end(self, latest: Instant | None) -> Instant:
        return self.until if latest is None else min(self.until, latest)


class Silence:
    """Of one duty, as far as its sources are complete now."""

    def __init__(self, world: World, module: Module, duty: Duty) -> None:
        self._acts = tuple(a.act for a in duty.answers)
        self._grace = length(module.header.records_due or DEFAULT_RECORDS_DUE)
        mine = [s for s in world.sources if s.party in (duty.party, "")]
        others = [s for s in world.sources if s not in mine and self._could_answer(world, s)]
        self._mine = [(_complete(s), s.name) for s in mine or [Source(duty.party, duty.party)]]
        self._others = [(_complete(s), s.name) for s in others]
        self._least = min(complete for complete, _ in self._mine)
        self._least_other = min((complete for complete, _ in self._others), default=None)
        self._gaps = list(_gaps(world, module, duty, self._acts))
        self._told: dict[tuple[str, ...], tuple[Reason, ...]] = {}

    def _could_answer(self, world: World, source: Source) -> bool:
        return any(may_record(world.lookup, source, act) for act in self._acts)

    def awaited(self, early: Instant, now: Instant) -> tuple[Reason, ...]:
        """Sources not complete up to the earliest due. The debtor's own is awaited for the agreed time only."""
        own = self._least < early and now - self._grace < early
        other = self._least_other is not None and self._least_other < early
        if not own and not other:
            return ()
        silent = [name for complete, name in self._mine if own and complete < early]
        silent += [name for complete, name in self._others if complete < early]
        return self._incomplete(tuple(silent))

    def _incomplete(self, silent: tuple[str, ...]) -> tuple[Reason, ...]:
        if silent not in self._told:
            self._told[silent] = tuple(Reason("incomplete", "", act, name) for act in self._acts for name in silent)
        return self._told[silent]

    def unseen(self, opened: Opened, now: Instant) -> tuple[Reason, ...]:
        """Gaps in which an answer in time or a waiver may stand; the debtor's own not longer than agreed."""
        if not self._gaps:
            return ()
        latest = opened.due.latest
        return tuple(
            reason
            for gap in self._gaps
            if gap.until >= opened.start and (latest is None or gap.since <= latest)
            if not (gap.own and gap.end(latest) <= now - self._grace)
            for reason in gap.reasons
        )

    def changes(self, opened: Opened) -> Iterator[Instant]:
        """When silence may have lasted long enough."""
        yield opened.due.earliest + self._grace
        yield from (gap.end(opened.due.latest) + self._grace for gap in self._gaps if gap.own)


def _complete(source: Source) -> Instant:
    return NEVER if source.complete is None else source.complete


def _gaps(world: World, module: Module, duty: Duty, acts: tuple[str, ...]) -> Iterator[_Gap]:
    for cloud in world.clouds:
        hidden = [act for act in acts if may_record(world.lookup, cloud.source, act)]
        hidden += ["waiver"] if cloud.source.party in waivers(module, duty) else []
        if cloud.reason == GAP and hidden:
            reasons = tuple(Reason(GAP, "", what, cloud.source.name) for what in hidden)
            yield _Gap(cloud.since, cloud.until, cloud.source.party == duty.party, reasons)

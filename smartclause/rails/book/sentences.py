"""The sentences of a contract that impose something, each with the instances it has at a place and instant."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from smartclause.logic.contract import BreachTrigger, Clause, Duty, EventTrigger, Module
from smartclause.logic.counting import Instant
from smartclause.logic.instances import DutyStatus, Instance, violated
from smartclause.logic.truth import Truth
from smartclause.logic.world import Record
from smartclause.rails.book.acts import FIRST, Acts, Values
from smartclause.rails.book.conditions import Place
from smartclause.rails.book.front import Front, may_be_owed
from smartclause.rails.book.log import Log
from smartclause.rails.book.matter import Asked, Matter, may_be_for
from smartclause.rails.book.obligation import Obligation, changes_of
from smartclause.rails.book.opened import Opened
from smartclause.rails.book.openings import AtForce, ByBreach, ByEvent, Imposed
from smartclause.rails.book.waivers import Waivers

if TYPE_CHECKING:
    from smartclause.rails.book.page import Page

TELLING = "how duties stand"  # who asks so

Told: TypeAlias = "tuple[Instance, Record | None]"
"""An instance, and the record that opened it."""


class DutySentence:
    """A duty that events, the start of force or breaches open."""

    def __init__(self, book: Page, module: Module, clause: Clause, duty: Duty) -> None:
        self.module, self.clause, self.duty, self.number = module, clause, duty, duty.number
        names = duty.keys if duty.triggers else ()
        self.obligation = Obligation(book.world, book.past, book, module, clause, duty, names)
        self._book = book
        self.log = Log()
        self.openings: tuple[AtForce | ByEvent | ByBreach, ...] = tuple(self._openings())
        self.by_events = tuple(o for o in self.openings if isinstance(o, ByEvent))
        self._fronts: dict[str, Front] = {}
        self.closed: dict[Values, list[int]] = {}  # breaches no longer kept: violated now, ever violated
        if self.followed:
            for obligation in self.obligations():
                obligation.acts.log = obligation.waivers.log = self.log

    def _openings(self) -> Iterator[AtForce | ByEvent | ByBreach]:
        if not self.duty.triggers:
            yield AtForce(self._book, self.obligation)
        for trigger in self.duty.triggers:
            match trigger:
                case EventTrigger():
                    yield ByEvent(self._book, self.obligation, trigger, self.log)
                case BreachTrigger():
                    yield ByBreach(self._book, self.obligation, trigger)

    def told(self, before: Place, now: Instant, asked: Asked | None = None) -> Iterator[Told]:
        """`asked`: only instances that may be for these keys."""
        for opened in self._opened(before, now, asked or {}):
            yield self.obligation.instance(opened, before, now), opened.record

    def _opened(self, before: Place, now: Instant, asked: Asked) -> Iterator[Opened]:
        for opening in self.openings:
            match opening:
                case AtForce():
                    found = opening.opened(now)
                    yield from () if found is None else (found,)
                case ByEvent():
                    yield from opening.before(before, asked)
                case ByBreach():
                    yield from self._by_breach(opening, before, now, asked)

    def _by_breach(self, opening: ByBreach, before: Place, now: Instant, asked: Asked) -> Iterator[Opened]:
        """The breaches of the keys that the duty has too."""
        own = {name: value for name, value in asked.items() if name in self.duty.keys}
        for breach, record in self._book.told(opening.trigger.clause, opening.trigger.sentence, before, now, own):
            found = opening.opened(breach, record) if may_be_for(breach.keys, own) else None
            if found is not None:
                yield found

    def changes(self, instance: Instance, now: Instant) -> Iterator[Instant]:
        """Its own deadlines, and those of the breaches that may have opened it."""
        yield from changes_of(self.obligation, instance)
        held = {name: value for name, value in instance.keys if value is not None}
        for opening in self.openings:
            if isinstance(opening, ByBreach):
                trigger, place = opening.trigger, (now + 1, FIRST)
                for breach, _ in self._book.told(trigger.clause, trigger.sentence, place, now, held):
                    yield from self._book.changes(breach, now)

    # ---- asked in order

    @property
    def followed(self) -> bool:
        """Whether records alone open it: then its instances are followed one by one."""
        return len(self.by_events) == len(self.openings)

    @property
    def vague(self) -> bool:
        """Whether the keys of some instance are not all known."""
        return any(o.vague for o in self.by_events)

    def front(self, asker: str) -> Front:
        if asker not in self._fronts:
            self._fronts[asker] = Front(self)
        return self._fronts[asker]

    def changed(self, before: Place, now: Instant) -> dict[Matter, Instance | None]:
        """What was looked at again since this was last asked; places and instants never go back."""
        front = self.front(TELLING)
        front.noted = found = {} if front.noted is None else front.noted
        front.reach(before, now)
        front.noted = {}
        return dict(sorted(found.items(), key=lambda noted: noted[0].place))

    def look_again(self) -> None:
        """Sources or gaps stand otherwise."""
        for front in self._fronts.values():
            front.look_again()

    def matters(self, values: Values | None) -> Iterator[Matter]:
        """What records opened for these keys, or may have; None: all."""
        return (matter for opening in self.by_events for matter in opening.of(values))

    # ---- forgetting

    def forget(self, before: Instant, started: Instant | None, breaches_matter: bool) -> list[Instance]:
        """Drops what can no longer change, and gives it as it stood. `started`: no clock of a later record starts
        before it. `breaches_matter`: a breach of this clause opens something."""
        if not self.followed:
            return []
        place, dropped = (before, FIRST), []
        for matter in [m for m in self.matters(None) if m.place < place]:
            assert matter.opened is not None
            found = self.obligation.instance(matter.opened, place, before)
            if self._is_closed(matter, found, before) and not (breaches_matter and violated(found, True) is Truth.TRUE):
                self._close(matter, found)
                dropped.append(found)
        if started is not None:
            self._forget_acts(min(before, started))
        self.log.forget(before)
        return dropped

    def was_violated(self, asked: Asked, ever: bool) -> bool:
        """By an instance that is kept no more."""
        kept = (v for v, sure in self.closed.items() if sure[ever])
        return any(may_be_for(tuple(zip(self.obligation.names, values, strict=True)), asked) for values in kept)

    def _is_closed(self, matter: Matter, instance: Instance, before: Instant) -> bool:
        """Nothing that comes later can change it: its start, keys and end are sure, its time is over, and it is owed
        no more."""
        opened = matter.opened
        if opened is None or opened.unsure_start or None in matter.values or may_be_owed(instance):
            return False
        if instance.status in (DutyStatus.FULFILLED, DutyStatus.WAIVED):
            return True
        sure = opened.holds is Truth.TRUE and not instance.doubtful and instance.otherwise is None
        return sure and violated(instance, False) is Truth.TRUE and max(self.obligation.changes(opened)) < before

    def _close(self, matter: Matter, instance: Instance) -> None:
        truths = [violated(instance, ever) is Truth.TRUE for ever in (False, True)]
        if any(truths):
            sure = self.closed.setdefault(matter.values, [0, 0])
            self.closed[matter.values] = [n + t for n, t in zip(sure, truths, strict=True)]
        for opening in self.by_events:
            opening.close(matter)
        for front in self._fronts.values():
            front.close(matter, truths)
        matter.gone = True  # deadlines that still name it mean nothing

    def _forget_acts(self, before: Instant) -> None:
        first: dict[Values, Instant] = {}
        for matter in self.matters(None):
            if matter.opened is not None:
                start = min(matter.opened.start, matter.opened.due.earliest)
                first[matter.values] = min(first.get(matter.values, before), start)
        if not self.vague:
            for obligation in self.obligations():
                obligation.acts.forget(before, first)

    def unsure(self) -> Iterator[Record]:
        """Records whose condition read the past and was not settled."""
        for opening in self.by_events:
            yield from opening.unsure()
        for obligation in self.obligations():
            yield from obligation.acts.unsure()

    def imposed(self) -> Iterator[Imposed]:
        yield from (o.imposed for o in self.openings if not isinstance(o, ByEvent))

    def obligations(self) -> Iterator[Obligation]:
        return self.obligation.chain()

    def keepers(self) -> Iterator[tuple[str, Acts | Waivers | ByEvent]]:
        """What keeps the records of each type."""
        for obligation in self.obligations():
            yield from obligation.keepers()
        for opening in self.openings:
            if isinstance(opening, ByEvent):
                yield from ((kind, opening) for kind in opening.kinds)

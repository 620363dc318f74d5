"""A duty at its place: what opens it, what answers it, what it hangs on, and when what it asks is due."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from smartclause.engines.prove.past import Open
from smartclause.logic.contract import Answer, BreachTrigger, Clause, Duty, EventTrigger, Module, Repeated, Standing
from smartclause.logic.counting import Duration, Instant, due, end_of_day
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import ClauseViolated, Const, Field, Kind, Parameter, Query, Term, walk
from smartclause.rails.stretches import stated

End: TypeAlias = Callable[[Instant], Instant | None]
"""When it is due that began at an instant; None: nobody can say."""


@dataclass(frozen=True)
class Owed:
    """`second`: what is owed otherwise, with the number of the sentence under which it stands."""

    lookup: Lookup
    module: Module
    clause: Clause
    duty: Duty | Repeated | Standing
    second: bool = False

    @property
    def plain(self) -> bool:
        """Opened by records alone, with a period that runs from them."""
        duty = self.duty
        if not isinstance(duty, Duty) or self.second:
            return False
        by_records = bool(duty.triggers) and all(isinstance(t, EventTrigger) for t in duty.triggers)
        return by_records and not duty.clock and duty.no_later_than is None and duty.period is not None

    @property
    def triggers(self) -> tuple[EventTrigger, ...]:
        if not isinstance(self.duty, Duty):
            return ()
        return tuple(t for t in self.duty.triggers if isinstance(t, EventTrigger))

    @property
    def answers(self) -> tuple[Answer, ...]:
        return () if isinstance(self.duty, Standing) else self.duty.answers

    @property
    def keys(self) -> tuple[str, ...]:
        return self.duty.keys if isinstance(self.duty, Duty) else ()

    @property
    def recipient(self) -> str:
        return "" if isinstance(self.duty, Standing) else self.duty.recipient

    # ---- what it hangs on

    @property
    def otherwise(self) -> Owed | None:
        if not isinstance(self.duty, Duty) or self.duty.otherwise is None:
            return None
        next_step = replace(self.duty.otherwise, keys=self.duty.keys)
        return replace(self, duty=next_step, second=True)

    def breached(self) -> list[Owed]:
        """The duties whose breach opens it."""
        if not isinstance(self.duty, Duty) or self.second:
            return []
        breaches = [t for t in self.duty.triggers if isinstance(t, BreachTrigger)]
        return [o for t in breaches for o in duties_of(self.lookup, t.clause, t.sentence)]

    def whole(self) -> Iterator[Owed]:
        """It, what is owed otherwise, and all whose breach opens it: checking forbids cycles."""
        yield self
        if self.otherwise is not None:
            yield self.otherwise
        for before in self.breached():
            yield from before.whole()

    def types(self) -> Iterator[str]:
        """Of the records that open it, that answer it, and that its conditions look at."""
        for each in self.whole():
            yield from (t.event for t in each.triggers)
            yield from (a.act for a in each.answers)
            yield from (n.event for c in each.conditions() for n in walk(c) if isinstance(n, Query))

    def conditions(self) -> Iterator[Term]:
        yield self.clause.applies
        if isinstance(self.duty, Standing):
            yield self.duty.condition
        if isinstance(self.duty, Duty):
            yield self.duty.exception
            yield from (t.where for t in self.triggers)
        yield from (a.where for a in self.answers)

    # ---- time

    def due(self, start: Instant) -> Instant | None:
        """Without what the record that opened it says of its end."""
        if isinstance(self.duty, Standing):
            return start
        if isinstance(self.duty, Duty) and self.duty.no_later_than is not None:
            return fixed_end(self.duty, self.module)
        value = None if self.duty.period is None else stated(self.lookup, self.duty.period, start).value
        if not isinstance(value, Duration):
            return None
        span = due(start, value, self.module.header.rule, self.module.header.zone)
        return None if span.latest is None else span.earliest  # without a calendar nothing is surely past due

    @property
    def end_field(self) -> str:
        """The field of the record that opens it which says when it is due."""
        match self.duty:
            case Duty(no_later_than=Field(name=name, type=kind)) if kind.kind is Kind.INSTANT:
                return name
        return ""

    def chains(self) -> list[tuple[Owed, ...]]:
        """One after another: each begins when the one before it is due."""
        mine = (self,) if self.otherwise is None else (self, self.otherwise)
        before = [c for o in self.breached() for c in o.chains()]
        return [(*c, *mine) for c in before] or [mine]


def first_end(owed: Owed, start: Instant) -> Instant | None:
    """When it is due that began then; of a standing duty, when it begins to hold."""
    duty = owed.duty
    if not isinstance(duty, Standing) or duty.after is None:
        return owed.due(start)
    value = stated(owed.lookup, duty.after, start).value
    header = owed.module.header
    return due(start, value, header.rule, header.zone).earliest if isinstance(value, Duration) else None


def fixed_end(duty: Duty, module: Module) -> Instant | None:
    match duty.no_later_than:
        case Const(value=bool()):
            return None
        case Const(value=int() as end):
            return end
        case Const(value=value) if hasattr(value, "isoformat"):
            return end_of_day(value, module.header.zone)  # type: ignore[arg-type]
    return None


def duties_of(lookup: Lookup, clause: str, sentence: int = 0) -> list[Owed]:
    if clause not in lookup.clauses:
        return []
    module, found = lookup.clauses[clause]
    owed = (s for s in found.sentences if isinstance(s, Duty | Repeated | Standing) and sentence in (0, s.number))
    return [Owed(lookup, module, found, s) for s in owed]


def of_open(lookup: Lookup, asked: Open) -> Owed:
    """The sentence; what is owed otherwise hangs on it."""
    return next(o for o in duties_of(lookup, asked.clause, asked.sentence) if not isinstance(o.duty, Standing))


def of_breach(lookups: Sequence[Lookup], term: ClauseViolated, contract: int) -> list[Owed]:
    return duties_of(lookups[contract], term.clause, term.sentence)


__all__ = ["End", "Owed", "Parameter", "duties_of", "first_end", "fixed_end", "of_breach", "of_open"]

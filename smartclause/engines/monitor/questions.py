"""Questions on the past, each kept as little as its answer needs: by key the last record, the last end, or the last
few ends. Everything that can be asked lies before the records that are still to come, and time never goes back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from smartclause.engines.monitor.conditions import Conditions, Facts, Known, Own
from smartclause.logic.contract import ANYONE
from smartclause.logic.counting import Duration, Instant, Unit
from smartclause.logic.finding import Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Const, Kind, Parameter, Query, Term, Value
from smartclause.rails.dated import Dated, Stay
from smartclause.rails.refused import CannotDo

Key: TypeAlias = "Value | tuple[Value, ...] | None"
KeyOf: TypeAlias = Callable[[Facts], Key]
Feed: TypeAlias = Callable[[str, Facts, Instant, str], None]
"""A record of a type: by whom, its facts, its instant, its name."""
Counts: TypeAlias = Callable[[str, Facts, Instant], Known]
Answer: TypeAlias = Callable[[str, Facts, Instant], Known]
"""Of an act or trigger of a type: by whom, its facts, its instant."""

SWEEP = 4096  # entries; with fewer none is looked for that has run out
NOT_YET: Instant = -(2**63)
FOREVER: Instant = 2**62  # longer than all time


class Question(Protocol):
    def types(self) -> tuple[str, ...]:
        """Of the records that matter."""
        ...

    def feed(self, type_: str) -> Feed:
        """What a record of one of the `types` of the reading does."""
        ...

    def answer(self, type_: str) -> Answer: ...

    def why(self, type_: str, by: str, facts: Facts, at: Instant, name: str) -> tuple[Reason, ...]:
        """Where the answer to the act or trigger of this name is not known."""
        ...

    def save(self) -> list[Any]:
        """What is kept, as plain data."""
        ...

    def restore(self, data: list[Any]) -> None: ...


@dataclass
class Reading:
    """Which records of a query count, under which key, and until when."""

    conditions: Conditions
    dated: Dated
    query: Query
    module: str
    party: str
    reasons: Callable[[Term, str, str, Facts, Instant, str], tuple[Reason, ...]]

    @property
    def lookup(self) -> Lookup:
        return self.conditions.lookup

    def types(self) -> tuple[str, ...]:
        return self.lookup.relevant_types(self.query.event)

    def wanted(self) -> str:
        """Whose records: acts are those of the party judged unless the query names another."""
        return self.query.by or (self.party if self.lookup.is_act(self.query.event) else ANYONE)

    def stay(self) -> Callable[[Instant], Stay]:
        """Until when a record is inside the window. Raises CannotDo where a later one may run out before it."""
        within = self.query.within
        if isinstance(within, Parameter) or (isinstance(within, Const) and not _is_exact(within.value)):
            raise CannotDo("a window whose length changes or is not sure", self.query.event)
        return self.dated.stay(self.query, self.module)

    def length(self) -> Instant | None:
        """How long a record stays inside the window, where that is the same for all."""
        match self.query.within:
            case None:
                return FOREVER
            case Const(value=Duration(count=count, unit=Unit.HOUR | Unit.MINUTE as unit)):
                return count * (60 if unit is Unit.HOUR else 1) * 60_000_000
            case _:
                return None

    def recorded_key(self, type_: str) -> KeyOf:
        """Raises CannotDo where a record of the type may have no key: it could be anybody's."""
        for name in self.query.keys:
            ft = self.lookup.field(type_, name)
            if ft is None or ft.shown_by or ft.type.kind is not Kind.IDENTIFIER:
                raise CannotDo("records without a sure key", self.query.event)
        return keys_of(self.query.keys)

    def only_key(self) -> str:
        """The one field that is the key, if it is one."""
        return self.query.keys[0] if len(self.query.keys) == 1 else ""

    def asked_key(self) -> KeyOf:
        return keys_of(self.query.keys)

    def counts(self, type_: str) -> Counts | None:
        """Whether a record of the type counts: surely, possibly, or not at all; None if each surely does."""
        sure_type = self.lookup.is_under(type_, self.query.event)
        wanted, where = self.wanted(), self._where(type_)
        if wanted == ANYONE and where is None and sure_type:
            return None

        def counts(by: str, facts: Facts, at: Instant) -> Known:
            if by and wanted not in (ANYONE, by):
                return False
            found = True if where is None else where(facts, at)
            if found and (not sure_type or not (by or wanted == ANYONE)):
                return None
            return found

        return counts

    def plainly(self, type_: str) -> str | None:
        """If nothing but who did it decides whether a record of the type counts: whose records do."""
        wanted = self.wanted()
        named = wanted == ANYONE or self.lookup.is_act(type_)  # an act names who did it
        plain = named and self.query.where is None and self.lookup.is_under(type_, self.query.event)
        return wanted if plain else None

    def _where(self, type_: str) -> Own | None:
        where = self.query.where
        return None if where is None else self.conditions.own(where, self.module, self.party, type_)

    def doubts(self, type_: str, by: str, facts: Facts, at: Instant, name: str) -> tuple[Reason, ...]:
        """Why a record counts only possibly."""
        found: tuple[Reason, ...] = ()
        if self.query.where is not None:
            found = self.reasons(self.query.where, self.module, type_, facts, at, name)
        sure = self.lookup.is_under(type_, self.query.event) and (by or self.wanted() == ANYONE)
        return found if sure else (*found, Reason("uncertain record", "", type_, "", name))

    def lacking(self, facts: Facts, type_: str, name: str) -> tuple[Reason, ...]:
        """The key that the asking record lacks."""
        lacking = next(k for k in self.query.keys if k not in facts)
        declared = self.lookup.field(type_, lacking) is not None
        return (Reason("missing" if declared else "narrower act", lacking, type_, event=name),)


def _is_exact(value: Value) -> bool:
    return isinstance(value, Duration) and value.unit is not Unit.WORKING_DAY


def keys_of(names: tuple[str, ...]) -> KeyOf:
    """The key under which a record is kept, or asked for; None where a part of it is missing."""
    if not names:
        return lambda _: ""
    if len(names) == 1:
        name = names[0]
        return lambda facts: facts.get(name)
    return lambda facts: None if any(n not in facts for n in names) else tuple(facts[n] for n in names)


def plain_key(key: Key) -> Any:
    return list(key) if isinstance(key, tuple) else key


def key_of_plain(data: Any) -> Key:
    return tuple(data) if isinstance(data, list) else data

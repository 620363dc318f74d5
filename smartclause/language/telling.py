"""A scenario of the meaning as it would be written in the clause file: the tree that `format` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from smartclause.language import tree as t
from smartclause.logic.contract import Contract, Expected, FieldType, Line, Scenario, Text
from smartclause.logic.counting import Duration, Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind, Money, Type, Value

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT = Type(Kind.TEXT)
_STEPS: tuple[tuple[int, t.TimeUnit], ...] = ((86_400_000_000, "day"), (3_600_000_000, "hour"), (60_000_000, "minute"))
_FEWEST = 3  # lines alike that are written as one


def scenario_tree(contract: Contract, scenario: Scenario) -> t.Scenario:
    """Reads back as the same scenario in the file of `contract.module`, whose zone its instants are written in."""
    return Teller(Lookup(contract)).scenario(scenario)


@dataclass(frozen=True)
class Teller:
    lookup: Lookup

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.lookup.modules[self.lookup.contract.module].header.zone)

    def scenario(self, scenario: Scenario) -> t.Scenario:
        lines = (*self._lines(scenario.lines), *(self.expected(e) for e in scenario.expected))
        return t.Scenario(t.Name(scenario.name), _labels(scenario.label), lines)

    # ---- lines

    def _lines(self, lines: Sequence[Line]) -> Iterator[t.Line]:
        place = 0
        while place < len(lines):
            count, step = _repeated(lines, place)
            told = self.line(lines[place])
            if count >= _FEWEST and step is not None and isinstance(told, t.Happens):
                told = replace(told, repeat=t.Repeat(count, step))
                place += count
            else:
                place += 1
            yield told

    def line(self, line: Line) -> t.Line:
        at = self.instant(line.at)
        if line.silent:
            return t.Silent(t.Name(line.silent), at)
        if not line.event:
            return t.Clock(at)
        return t.Happens(
            at, self.type(line.event), t.Name(line.by) if line.by else None,
            t.Name(line.to) if line.to and line.by else None, tuple(self._facts(line)),
            tuple(t.Name(name) for name in line.hidden), line.unreliable,
        )  # fmt: skip

    def _facts(self, line: Line) -> Iterator[t.Given]:
        for name, value in line.facts:
            if name not in line.hidden:
                field = self.lookup.field(line.event, name)
                yield t.Given(t.Name(name), self.value(value, field))
        if line.asset:
            yield t.Given(t.Name("asset"), t.Text(line.asset))

    def expected(self, said: Expected) -> t.ThenStatus | t.ThenVerdict:
        facts = () if said.because is None else tuple(t.Name(_bare(b)) for b in said.because)
        because = t.Because(facts, at_least=not said.exactly) if facts else None
        status: Any = said.status.replace(" ", "_")
        if not said.clause:
            return t.ThenVerdict(status, because)
        since = None if said.since is None else self.instant(said.since)
        return t.ThenStatus(t.ClauseRef(self.clause(said.clause), said.sentence or None), status, since, because)

    # ---- names and values

    def type(self, name: str) -> t.Name:
        """Bare where that means one type only."""
        alike = [k for k in self.lookup.types if _bare(k) == _bare(name)]
        return t.Name(_bare(name) if len(alike) < 2 or name.startswith(f"{self.lookup.contract.module}.") else name)

    def clause(self, clause_id: str) -> str:
        """Its number, where that means one clause only."""
        module, clause = self.lookup.clauses[clause_id]
        alike = [c for _, c in self.lookup.all_clauses() if c.number == clause.number]
        own = module.name == self.lookup.contract.module
        return clause.number if own or len(alike) == 1 else f"{module.name}.{clause.name}"

    def instant(self, at: Instant) -> t.Instant:
        moment = (_EPOCH + timedelta(microseconds=at)).astimezone(self.zone)
        return t.Instant(moment.replace(tzinfo=None))

    def value(self, value: Value, field: FieldType | None) -> t.Value | t.Several:
        kind = field.type if field else _TEXT
        match kind.kind, value:
            case _, bool():
                return t.YesNo(value)
            case Kind.PERCENTAGE, Decimal():
                return t.Percentage(value)
            case _, Decimal():
                return t.Quantity(value, t.Name(_bare(kind.detail)) if kind.detail else None)
            case _, Money():
                return t.Money(value.amount, value.currency)
            case _, Duration():
                unit: Any = value.unit.value
                return t.Duration(value.count, unit)
            case _, int():
                return self.instant(value)
            case _, date():
                return t.Date(value)
            case _, frozenset():
                names = tuple(self.concept(v) for v in sorted(value))
                return names[0] if len(names) == 1 else t.Several(names)
            case Kind.CONCEPT, str():
                return self.concept(value)
            case Kind.PARTY, str():
                return t.Name(value)
            case _:
                return t.Text(str(value))

    def concept(self, name: str) -> t.Name:
        alike = [c for c in self.lookup.contract.vocabulary.concepts if _bare(c.name) == _bare(name)]
        return t.Name(_bare(name) if len(alike) < 2 else name)


def _repeated(lines: Sequence[Line], place: int) -> tuple[int, t.Duration | None]:
    """How many lines from here on differ only by one whole step of time, and that step."""
    first = lines[place]
    if place + 1 >= len(lines) or not first.event:
        return 1, None
    gap = lines[place + 1].at - first.at
    step = next((t.Duration(gap // size, unit) for size, unit in _STEPS if gap > 0 and gap % size == 0), None)
    if step is None or step.unit == "day":  # a day of the calendar may be longer or shorter
        return 1, None
    count = 1
    while place + count < len(lines) and lines[place + count] == replace(first, at=first.at + count * gap):
        count += 1
    return count, step


def _labels(label: Text) -> t.Texts:
    return t.Texts(zh=label.zh or None, en=label.en or None)


def _bare(name: str) -> str:
    return name.rpartition(".")[2]

"""Scenarios made at random, and changed at random: towards boundaries, and towards facts that nobody shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from smartclause.engines.suggested.material import DAY, HOUR, IDENTIFIERS, MINUTE, Material
from smartclause.logic.contract import Clause, EventType, Line
from smartclause.logic.counting import Instant
from smartclause.logic.terms import Kind, Value

Lines = tuple[Line, ...]
_MOST_LINES = 40


@dataclass(frozen=True)
class Changing:
    """Changes to scenarios about one clause. `stock` are lines of scenarios that were written."""

    material: Material
    clause: Clause
    random: Random
    stock: tuple[Line, ...] = ()

    # ---- from nothing

    def made(self) -> Lines:
        """A record of each of a few types that the clause looks at, about one thing; then an act, if it judges one."""
        kinds = self.material.types_of(self.clause)
        start = self.material.opening
        past = self.random.sample(kinds, min(len(kinds), self.random.randint(1, 4))) if kinds else []
        lines = [self.line(kind, start + n * HOUR) for n, kind in enumerate(past)]
        act = self.act(start + len(lines) * HOUR)
        return (*lines, act) if act is not None else tuple(lines)

    def act(self, at: Instant) -> Line | None:
        pairs = self.material.acts_of(self.clause)
        if not pairs:
            return None
        name, party = self.random.choice(pairs)
        kind = self.material.lookup.types.get(name)
        return None if kind is None else replace(self.line(kind, at), by=party)

    def line(self, kind: EventType, at: Instant) -> Line:
        facts = tuple((f.name, self.random.choice(self.material.values(f))) for f in kind.fields)
        keyed = {f.name for f in kind.fields if f.type.kind is Kind.IDENTIFIER}
        facts = tuple((n, IDENTIFIERS[0] if n in keyed else v) for n, v in facts)
        return Line(at, kind.name, self.material.doer(kind), "", "", facts)

    # ---- from another

    def changed(self, lines: Lines) -> Lines:
        """After one to three changes, in the order of time."""
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3))):
            how = self.random.choice(
                (
                    self._other_value, self._other_value, self._other_value, self._hidden, self._hidden, self._doubtful,
                    self._without, self._more, self._more, self._stocked, self._moved, self._later, self._other_key,
                    self._silent, self._waived, self._twice, self._act_again,
                )
            )  # fmt: skip
            lines = how(lines)
        return tuple(sorted(lines, key=lambda line: line.at))[:_MOST_LINES]

    def _place(self, lines: Lines) -> int | None:
        places = [n for n, line in enumerate(lines) if line.event]
        return self.random.choice(places) if places else None

    def _fact(self, line: Line) -> str | None:
        kind = self.material.lookup.types.get(line.event)
        names = [f.name for f in kind.fields if f.type.kind is not Kind.IDENTIFIER] if kind else []
        return self.random.choice(names) if names else None

    def _other_value(self, lines: Lines) -> Lines:
        place = self._place(lines)
        name = None if place is None else self._fact(lines[place])
        if place is None or name is None:
            return lines
        field = self.material.lookup.field(lines[place].event, name)
        value = self.random.choice(self.material.values(field)) if field else True
        return _put(lines, place, stating(lines[place], name, value))

    def _hidden(self, lines: Lines) -> Lines:
        place = self._place(lines)
        name = None if place is None else self._fact(lines[place])
        if place is None or name is None:
            return lines
        return _put(lines, place, hiding(lines[place], name))

    def _doubtful(self, lines: Lines) -> Lines:
        place = self._place(lines)
        if place is None:
            return lines
        return _put(lines, place, replace(lines[place], unreliable=not lines[place].unreliable))

    def _without(self, lines: Lines) -> Lines:
        place = self._place(lines)
        return lines if place is None or len(lines) < 2 else (*lines[:place], *lines[place + 1 :])

    def _more(self, lines: Lines) -> Lines:
        """A record of something that the clause looks at, before the last line, about the same things."""
        kinds = self.material.types_of(self.clause)
        if not kinds or not lines:
            return lines
        line = self.line(self.random.choice(kinds), self._before(lines))
        return (*lines, _about(line, lines[-1], self.material))

    def _stocked(self, lines: Lines) -> Lines:
        """A line that somebody wrote, about the same things as here."""
        if not self.stock or not lines:
            return lines
        line = replace(self.random.choice(self.stock), at=self._before(lines))
        return (*lines, _about(line, lines[-1], self.material))

    def _before(self, lines: Lines) -> Instant:
        return lines[-1].at - self.random.choice((MINUTE, HOUR, DAY, *self.material.distances(self.clause)))

    def _moved(self, lines: Lines) -> Lines:
        place = self._place(lines)
        distances = self.material.distances(self.clause) or (HOUR,)
        if place is None or len(lines) < 2:
            return lines
        other = self.random.choice([line for n, line in enumerate(lines) if n != place])
        step = self.random.choice(distances) * self.random.choice((1, -1))
        return _put(lines, place, replace(lines[place], at=other.at + step))

    def _later(self, lines: Lines) -> Lines:
        """The clock runs on, often to where something falls due."""
        if not lines:
            return lines
        other = self.random.choice(lines)
        at = other.at + self.random.choice((HOUR, DAY, 3 * DAY, 40 * DAY, *self.material.distances(self.clause)))
        return (*lines, Line(max(at, lines[-1].at)))

    def _other_key(self, lines: Lines) -> Lines:
        place = self._place(lines)
        kind = self.material.lookup.types.get(lines[place].event) if place is not None else None
        keys = [f.name for f in kind.fields if f.type.kind is Kind.IDENTIFIER] if kind else []
        if place is None or not keys:
            return lines
        return _put(lines, place, stating(lines[place], self.random.choice(keys), IDENTIFIERS[1]))

    def _silent(self, lines: Lines) -> Lines:
        parties = self.material.parties()
        if not parties or not lines:
            return lines
        since = self.random.choice(lines).at + self.random.choice((-MINUTE, MINUTE))
        return (*lines, Line(since, silent=self.random.choice(parties)))

    def _waived(self, lines: Lines) -> Lines:
        parties = self.material.parties()
        keys = tuple((n, v) for line in lines for n, v in line.facts if isinstance(v, str) and v in IDENTIFIERS)
        if not parties or not lines:
            return lines
        facts = tuple(dict((("clause", self.clause.number), *keys)).items())
        return (*lines, Line(lines[-1].at - MINUTE, "waiver", self.random.choice(parties), facts=facts))

    def _twice(self, lines: Lines) -> Lines:
        place = self._place(lines)
        if place is None:
            return lines
        step = self.random.choice((MINUTE, HOUR, *self.material.distances(self.clause)))
        return (*lines, replace(lines[place], at=lines[place].at - step))

    def _act_again(self, lines: Lines) -> Lines:
        """An act that the clause judges, at the end, about the same things."""
        act = self.act(lines[-1].at + HOUR) if lines else None
        return lines if act is None else (*lines, _about(act, lines[-1], self.material))


def stating(line: Line, name: str, value: Value) -> Line:
    facts = tuple((n, v) for n, v in line.facts if n != name)
    return replace(line, facts=(*facts, (name, value)), hidden=tuple(h for h in line.hidden if h != name))


def hiding(line: Line, name: str) -> Line:
    facts = tuple((n, v) for n, v in line.facts if n != name)
    return line if name in line.hidden else replace(line, facts=facts, hidden=(*line.hidden, name))


def _about(line: Line, other: Line, material: Material) -> Line:
    """About the same things as another line: its keys."""
    keys = {n: v for n, v in other.facts if _is_key(other, n, material)}
    mine = {n for n, _ in line.facts if _is_key(line, n, material)}
    return replace(line, facts=tuple((n, keys.get(n, v) if n in mine else v) for n, v in line.facts))


def _is_key(line: Line, name: str, material: Material) -> bool:
    field = material.lookup.field(line.event, name)
    return field is not None and field.type.kind is Kind.IDENTIFIER


def _put(lines: Lines, place: int, line: Line) -> Lines:
    return (*lines[:place], line, *lines[place + 1 :])


def smaller(lines: Lines, material: Material) -> Iterator[Lines]:
    """The same with one thing less: a line, a doubt, a fact that is not shown, a fact; keys stay."""
    yield from ((*lines[:n], *lines[n + 1 :]) for n in range(len(lines)) if len(lines) > 1)
    for n, line in enumerate(lines):
        if line.unreliable:
            yield _put(lines, n, replace(line, unreliable=False))
        for name in line.hidden:
            yield _put(lines, n, replace(line, hidden=tuple(h for h in line.hidden if h != name)))
        for name, _ in line.facts:
            if not _is_key(line, name, material) and line.event in material.lookup.types:
                yield _put(lines, n, replace(line, facts=tuple(f for f in line.facts if f[0] != name)))

"""Duties of two versions of a contract: where one says something else, a history in which it stands otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, product

from smartclause.engines.prove.versions import ClausePair, Untouched, Versions
from smartclause.logic.contract import (
    Clause,
    Contract,
    Duty,
    EventTrigger,
    EventType,
    FieldType,
    Line,
    Repeated,
    Sentence,
    Standing,
)
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.force import force_start
from smartclause.logic.identity import meaning_of
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import scenario_world
from smartclause.logic.terms import Const, Field, Kind, Value, walk
from smartclause.logic.world import Position

_MINUTE = 60_000_000
_DAY = 24 * 60 * _MINUTE
_EARLIEST = 1_704_067_200_000_000  # 2024: for files without a first day
_MOST_HISTORIES, _MOST_INSTANTS, _MOST_CHOICES = 60, 8, 64
# How hard an instance presses on its debtor.
_WEIGHT = {
    DutyStatus.FULFILLED: 0, DutyStatus.WAIVED: 0, DutyStatus.OPEN: 1, DutyStatus.AWAITING: 1,
    DutyStatus.CURED: 2, DutyStatus.UNPROVEN: 2, DutyStatus.VIOLATED: 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DutyWitness:
    """After these lines the instance stands so; None: there is none."""

    lines: tuple[Line, ...]
    before: DutyStatus | None
    after: DutyStatus | None


@dataclass(frozen=True, slots=True)
class DutyShift:
    """A sentence that imposes something, and says another thing than before. Histories are tried, nothing is proved:
    `tried` of them; a direction without witness may still be there."""

    pair: ClausePair
    old: Sentence | None
    new: Sentence | None
    looser: DutyWitness | None
    stricter: DutyWitness | None
    tried: int


def duty_shifts(both: Versions) -> Iterator[DutyShift]:
    untouched = Untouched(both)
    lookups = Lookup(both.old), Lookup(both.new)
    for pair in both.pairs:
        if not untouched(pair):
            yield from (_shift(both, lookups, pair, a, b) for a, b in _sentences(pair, untouched))


def _sentences(pair: ClausePair, untouched: Untouched) -> list[tuple[Sentence | None, Sentence | None]]:
    """Those that say the same belong together; of the others those with the same number. Told are the others, or,
    where only what they read changed, all of them."""
    left = {repr(_said(s)): s for s in _imposing(pair.old)}
    right = {repr(_said(s)): s for s in _imposing(pair.new)}
    rest_old = {s.number: s for k, s in left.items() if k not in right}
    rest_new = {s.number: s for k, s in right.items() if k not in left}
    other = [(rest_old.get(n), rest_new.get(n)) for n in sorted(rest_old.keys() | rest_new.keys())]
    alike = [] if untouched.reads_the_same(pair) else [(left[k], right[k]) for k in left if k in right]
    return [*other, *alike]


def _said(sentence: Sentence) -> object:
    return meaning_of(replace(sentence, number=0))


def _imposing(clause: Clause | None) -> list[Duty | Repeated | Standing]:
    return [s for s in clause.sentences if isinstance(s, Duty | Repeated | Standing)] if clause else []


# ---- histories


def _shift(
    both: Versions, lookups: tuple[Lookup, Lookup], pair: ClausePair, old: Sentence | None, new: Sentence | None
) -> DutyShift:
    found: dict[bool, DutyWitness] = {}
    tried = 0
    for lines in _histories(both, old, new):
        tried += 1
        for at in _instants(lookups, lines, pair, old, new):
            for witness in _compared(lookups, (*lines, Line(at)), pair, old, new):
                rises = _weight(witness.after) > _weight(witness.before)
                if _weight(witness.after) != _weight(witness.before):
                    found.setdefault(rises, witness)
        if len(found) == 2:
            break
    return DutyShift(pair, old, new, found.get(False), found.get(True), tried)


def _weight(status: DutyStatus | None) -> int:
    return _WEIGHT[status] if status else 0


def _histories(both: Versions, *sentences: Sentence | None) -> Iterator[tuple[Line, ...]]:
    """What triggers it alone, then the scenarios of both files; shortest first."""
    triggers = [t for s in sentences if isinstance(s, Duty) for t in s.triggers if isinstance(t, EventTrigger)]
    known = {t.name: t for t in (both.new.types if sentences[0] is None else both.old.types)}
    at = _usual(both)
    plain = [(x,) for t in triggers if t.event in known for x in _plain(known[t.event], t, at, both.new)]
    events = {t.event for t in triggers}
    told = [s.lines for c in (both.new, both.old) for s in c.scenarios]
    fitting = [x for x in told if not events or any(y.event in events for y in x)]
    usable = [x for x in fitting if all(y.event in known or not y.event for y in x)]
    yield from plain or [(Line(at),)]
    yield from sorted(dict.fromkeys(usable), key=len)[:_MOST_HISTORIES]


def _usual(both: Versions) -> Instant:
    """A morning some weeks after both versions began."""
    headers = [next(m.header for m in c.modules if m.name == c.module) for c in (both.old, both.new)]
    begun = max(max(force_start(h), _EARLIEST) for h in headers)
    return begun + 60 * _DAY + 10 * 60 * _MINUTE


def _plain(kind: EventType, trigger: EventTrigger, at: Instant, contract: Contract) -> Iterator[Line]:
    """The record with each choice of the values that the condition names."""
    facts = {f.name: _choices(f, trigger) for f in kind.fields}
    told = [n for n, found in facts.items() if found]
    by = kind.by if any(p.name == kind.by for m in contract.modules for p in m.parties) else ""
    for values in islice(product(*(facts[n] for n in told)), _MOST_CHOICES):
        yield Line(at, kind.name, by, "", "", tuple(zip(told, values, strict=True)))


def _choices(field: FieldType, trigger: EventTrigger) -> list[Value]:
    read = list(walk(trigger.where))
    if field.type.kind is Kind.IDENTIFIER:
        return ["x1"]
    if not any(isinstance(n, Field) and n.name == field.name for n in read):
        return []
    if field.type.kind is Kind.FACT:
        return [True, False]
    values = [n.value for n in read if isinstance(n, Const) and n.type.kind is field.type.kind]
    near = [v + d for v in values if isinstance(v, Decimal) for d in (1, -1)]
    return [*values, *near]


def _instants(
    lookups: tuple[Lookup, Lookup], lines: tuple[Line, ...], pair: ClausePair, *sentences: Sentence | None
) -> list[Instant]:
    """The last line, and the last instant in time and the first one late, by either version."""
    last = max(x.at for x in lines)
    found = {last}
    for lookup, clause, sentence in zip(lookups, (pair.old, pair.new), sentences, strict=True):
        for each in _instances(lookup, lines, last, clause, sentence):
            for due in (each.due.earliest, each.due.latest):
                if due is not None and due >= last:
                    found |= {_whole(due), _whole(due) + _MINUTE}
    return sorted(x for x in found if x >= last)[:_MOST_INSTANTS]


def _whole(at: Instant) -> Instant:
    """The last whole minute of it: scenarios are told in minutes."""
    return at - at % _MINUTE


def _compared(
    lookups: tuple[Lookup, Lookup], lines: tuple[Line, ...], pair: ClausePair, *sentences: Sentence | None
) -> Iterator[DutyWitness]:
    at = lines[-1].at
    both = [
        {(x.keys, x.trigger, x.recipient, x.is_otherwise): x.status for x in _instances(k, lines, at, c, s)}
        for k, c, s in zip(lookups, (pair.old, pair.new), sentences, strict=True)
    ]
    for key in dict.fromkeys((*both[0], *both[1])):
        yield DutyWitness(lines, both[0].get(key), both[1].get(key))


def _instances(
    lookup: Lookup, lines: tuple[Line, ...], now: Instant, clause: Clause | None, sentence: Sentence | None
) -> list[Instance]:
    if clause is None or sentence is None:
        return []
    duties = Duties(scenario_world(lookup, lines, now), Position(now, LAST_INDEX), now)
    return [x for x in duties.all() if (x.clause, x.sentence) == (clause.id, sentence.number)]

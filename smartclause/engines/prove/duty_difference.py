"""Duties of two versions of a contract: where one says something else, whether it means the same, or a history in which
it stands otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice, product

import z3

from smartclause.engines.prove.answer import Witness
from smartclause.engines.prove.asking import Asking, Effort
from smartclause.engines.prove.equal_duties import EqualDuties
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.owed import Owed
from smartclause.engines.prove.prover import Prover
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
from smartclause.logic.terms import ClauseViolated, Const, Field, Kind, Value, walk
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
    """After these lines the instance stands so; None: there is none. `alone`: so does every other of the sentence in
    the new version, so that a scenario can say it."""

    lines: tuple[Line, ...]
    before: DutyStatus | None
    after: DutyStatus | None
    alone: bool = True


@dataclass(frozen=True, slots=True)
class DutyShift:
    """A sentence that imposes something, and says another thing than before. `same`: proved to mean the same. Else
    histories are tried, `tried` of them, and then sought by the solver; a direction without witness may still be there.
    """

    pair: ClausePair
    old: Sentence | None
    new: Sentence | None
    looser: DutyWitness | None
    stricter: DutyWitness | None
    tried: int
    same: bool = False


def duty_shifts(both: Versions, effort: Effort | None = None) -> Iterator[DutyShift]:
    untouched = Untouched(both)
    prover = Prover(both.new, both.old, effort=_small(effort or Effort()))
    equal, shifting = EqualDuties(prover), _Shifting(both, prover)
    for pair in both.pairs:
        if not untouched(pair):
            for old, new in _sentences(pair, untouched):
                if _same(equal, prover, pair, old, new):
                    yield DutyShift(pair, old, new, None, None, 0, same=True)
                else:
                    yield shifting.shift(pair, old, new)


def _sentences(pair: ClausePair, untouched: Untouched) -> list[tuple[Sentence | None, Sentence | None]]:
    """Those that say the same belong together; of the others those with the same number. Told are the others, or,
    where what they read or where the clause applies changed, all of them."""
    left = {repr(_said(s)): s for s in _imposing(pair.old)}
    right = {repr(_said(s)): s for s in _imposing(pair.new)}
    rest_old = {s.number: s for k, s in left.items() if k not in right}
    rest_new = {s.number: s for k, s in right.items() if k not in left}
    other = [(rest_old.get(n), rest_new.get(n)) for n in sorted(rest_old.keys() | rest_new.keys())]
    alike = (
        []
        if untouched.reads_the_same(pair) and _around(pair.old) == _around(pair.new)
        else [(left[k], right[k]) for k in left if k in right]
    )
    return [*other, *alike]


def _around(clause: Clause | None) -> object:
    return meaning_of((clause.applies, clause.survives)) if clause else None


def _small(effort: Effort) -> Effort:
    """Most directions in which a duty may have moved are not there: they are not sought as long as what is asked."""
    return replace(effort, bound=max(effort.bound - 1, 0), tries=min(effort.tries, 2))


def _same(equal: EqualDuties, prover: Prover, pair: ClausePair, old: Sentence | None, new: Sentence | None) -> bool:
    if old is None or new is None or pair.old is None or pair.new is None:
        return False
    sides = zip(prover.lookups, (pair.new, pair.old), (new, old), strict=True)
    return equal(*(_owed(*side) for side in sides))


def _owed(lookup: Lookup, clause: Clause, sentence: Sentence) -> Owed:
    assert isinstance(sentence, Duty | Repeated | Standing)
    return Owed(lookup, lookup.clauses[clause.id][0], clause, sentence)


def _said(sentence: Sentence) -> object:
    return meaning_of(replace(sentence, number=0))


def _imposing(clause: Clause | None) -> list[Duty | Repeated | Standing]:
    return [s for s in clause.sentences if isinstance(s, Duty | Repeated | Standing)] if clause else []


# ---- histories


class _Shifting:
    """Histories in which a duty of the one version stands otherwise than that of the other."""

    def __init__(self, both: Versions, prover: Prover) -> None:
        self.both, self.prover = both, prover
        self.lookups = Lookup(both.old), Lookup(both.new)

    def shift(self, pair: ClausePair, old: Sentence | None, new: Sentence | None) -> DutyShift:
        found: dict[bool, DutyWitness] = {}
        tried = 0
        for lines in _histories(self.both, old, new):
            tried += 1
            for at in _instants(self.lookups, lines, pair, old, new):
                self._keep(found, (*lines, Line(at)), pair, old, new)
            if len(found) == 2:
                break
        for stricter in (True, False):
            if stricter not in found:
                self._sought(found, pair, old, new, stricter)
        return DutyShift(pair, old, new, found.get(False), found.get(True), tried)

    def _keep(
        self, found: dict[bool, DutyWitness], lines: tuple[Line, ...], pair: ClausePair, *both: Sentence | None
    ) -> None:
        for witness in _compared(self.lookups, lines, pair, *both):
            rises = _weight(witness.after) > _weight(witness.before)
            if _weight(witness.after) != _weight(witness.before):
                known = found.setdefault(rises, witness)
                if witness.alone and not known.alone:
                    found[rises] = witness

    def _sought(
        self,
        found: dict[bool, DutyWitness],
        pair: ClausePair,
        old: Sentence | None,
        new: Sentence | None,
        stricter: bool,
    ) -> None:
        """One is breached and the other is not: by the solver, in the histories that it builds."""
        act = self._an_act(new, old)
        if act is None:
            return
        asking = self.prover.asking(*act)

        def confirm(witness: Witness) -> bool:
            lines = (*witness.lines[:-1], Line(witness.lines[-1].at))
            self._keep(found, lines, pair, old, new)
            return stricter in found and found[stricter].alone

        for ever in (True, False):
            sides = zip(self.prover.lookups, (pair.new, pair.old), (new, old), strict=True)
            after, before = (self._breach(asking, *side, ever) for side in sides)
            claim = z3.And(after.yes, before.no) if stricter else z3.And(before.yes, after.no)
            if stricter not in found:
                asking.shown(self.prover.lookup, claim, confirm)

    def _an_act(self, *both: Sentence | None) -> tuple[str, str] | None:
        """The instant at which the two are compared is that of some act, which is then left out."""
        duties = [s for s in both if isinstance(s, Duty | Repeated | Standing)]
        acts = [(a.act, s.party) for s in duties if not isinstance(s, Standing) for a in s.answers]
        acts += [(t, s.party) for s in duties for t in self.prover.lookup.types if self.prover.lookup.is_act(t)]
        return next((a for a in acts if all(a[0] in k.types for k in self.prover.lookups)), None)

    @staticmethod
    def _breach(asking: Asking, lookup: Lookup, clause: Clause | None, sentence: Sentence | None, ever: bool) -> Rails:
        if clause is None or sentence is None:
            return Rails(z3.BoolVal(False), z3.BoolVal(True))
        term = ClauseViolated(clause.id, sentence.number, (), ever)
        return asking.space.term(term, lookup, lookup.clauses[clause.id][0].name)


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
    every = [
        _instances(k, lines, at, c, s) for k, c, s in zip(lookups, (pair.old, pair.new), sentences, strict=True)
    ]  # fmt: skip
    both = [{(x.keys, x.trigger, x.recipient, x.is_otherwise): x.status for x in found} for found in every]
    for key in dict.fromkeys((*both[0], *both[1])):
        alone = all(x.status is both[1].get(key) for x in every[1])
        yield DutyWitness(lines, both[0].get(key), both[1].get(key), alone)


def _instances(
    lookup: Lookup, lines: tuple[Line, ...], now: Instant, clause: Clause | None, sentence: Sentence | None
) -> list[Instance]:
    if clause is None or sentence is None:
        return []
    duties = Duties(scenario_world(lookup, lines, now), Position(now, LAST_INDEX), now)
    return [x for x in duties.all() if (x.clause, x.sentence) == (clause.id, sentence.number)]

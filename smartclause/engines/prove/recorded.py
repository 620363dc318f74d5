"""What a contract asks of records: each fact and each kind of record, by the sentences that read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from smartclause.engines.prove.prover import Prover
from smartclause.logic import terms as t
from smartclause.logic.contract import Clause, Duty, EventTrigger, Norm, Repeated, Sentence, Share, Standing
from smartclause.logic.lookup import Lookup


class Part(Enum):
    """In which part of a sentence it is read."""

    JUDGED = "judged"  # the act on which the sentence speaks
    APPLIES = "applies"
    CONDITION = "condition"
    EXCEPTION = "exception"
    OPENS = "opens"  # a duty
    ANSWERS = "answers"
    KEY = "key"  # the record of a duty that is meant
    CLOCK = "clock"  # from which, or up to which, a period runs
    STANDING = "standing"
    ENDS = "ends"  # the contract
    WAIVES = "waives"


DUTIES = frozenset({Part.OPENS, Part.ANSWERS, Part.KEY, Part.CLOCK, Part.STANDING, Part.WAIVES})


@dataclass(frozen=True, slots=True)
class Use:
    """`field` empty: the record itself. `looked_at`: found among earlier records. `acts`, of a condition on acts: the
    types of act it is a condition on, and `party` whose; a duty has neither."""

    type: str
    field: str
    clause: str
    sentence: int
    part: Part
    looked_at: bool = False
    acts: tuple[str, ...] = ()
    party: str = ""
    key: bool = False  # with the same ...


@dataclass(frozen=True)
class Recorded:
    lookup: Lookup
    uses: tuple[Use, ...]
    _facts: dict[tuple[str, str], list[Use]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for use in self.uses:
            self._facts.setdefault((use.type, use.field), []).append(use)

    def of(self, type_: str, name: str = "") -> tuple[Use, ...]:
        """Of the type, under whatever broader name a sentence reads it."""
        return tuple(u for t_ in self.lookup.types_above(type_) for u in self._facts.get((t_, name), ()))

    @property
    def types(self) -> tuple[str, ...]:
        """Kinds of record that some sentence reads, in the order in which the file reads them."""
        return tuple(dict.fromkeys(u.type for u in self.uses))

    def fields(self, type_: str) -> tuple[str, ...]:
        """Facts of a record of the type that some sentence reads, as the type declares them."""
        kind = self.lookup.types.get(type_)
        above = self.lookup.types_above(type_)
        return tuple(f.name for f in kind.fields if any((t_, f.name) in self._facts for t_ in above)) if kind else ()


def recorded(prover: Prover) -> Recorded:
    lookup = prover.lookup
    found: dict[Use, None] = {}
    for _, clause in lookup.all_clauses():
        for sentence in clause.sentences:
            found.update(dict.fromkeys(_of_sentence(prover, clause, sentence)))
    if any(c.closed for c in lookup.contract.tracks):
        found[Use("termination", "", "", 0, Part.ENDS)] = None
    return Recorded(lookup, tuple(u for u in found if _is_there(lookup, u)))


def _is_there(lookup: Lookup, use: Use) -> bool:
    """A broader act lacks what only a narrower one has."""
    if use.field:
        return lookup.field(use.type, use.field) is not None
    return use.type in lookup.types or use.part in (Part.ENDS, Part.WAIVES)


def _of_sentence(prover: Prover, clause: Clause, sentence: Sentence) -> Iterator[Use]:
    match sentence:
        case Norm():
            yield from _of_norm(prover, clause, sentence)
        case Duty():
            yield from _of_duty(clause, sentence)
        case Repeated():
            at = _At(clause.id, sentence.number, Part.ANSWERS)
            yield from _answers(at, sentence)
            yield from at.of_part(Part.APPLIES).read(clause.applies, ())
        case Standing():
            at = _At(clause.id, sentence.number, Part.STANDING)
            yield from at.read(sentence.condition, ())
            yield from at.of_part(Part.APPLIES).read(clause.applies, ())
            if sentence.for_each:
                queries = (n for n in t.walk(sentence.condition) if isinstance(n, t.Query))
                yield from (at.of_part(Part.KEY).use(q.event, sentence.for_each, True) for q in queries)
        case Share():
            return


def _of_norm(prover: Prover, clause: Clause, norm: Norm) -> Iterator[Use]:
    lookup = prover.lookup
    narrower = [x for a in norm.acts for x in prover.narrower(a)]
    broader = [b for a in norm.acts for b in lookup.types_above(a) if (b, norm.party) in prover.acts()]
    view = tuple(dict.fromkeys((*narrower, *broader)))
    at = _At(clause.id, norm.number, Part.CONDITION, view, norm.party)
    yield from (at.of_part(Part.JUDGED).use(a, "") for a in view)
    yield from at.of_part(Part.APPLIES).read(clause.applies, view)
    yield from at.read(norm.condition, view)
    yield from at.of_part(Part.EXCEPTION).read(norm.exception, view)
    for part, term in ((Part.APPLIES, clause.applies), (at.part, norm.condition), (Part.EXCEPTION, norm.exception)):
        for node in t.walk(term):
            if isinstance(node, t.ClauseViolated):
                yield from _of_breach(prover, at.of_part(part), node)


def _of_breach(prover: Prover, at: _At, term: t.ClauseViolated) -> Iterator[Use]:
    """Whether a clause is violated rests on the records of what it obliges to."""
    _, owing = prover.lookup.clauses[term.clause]
    for sentence in owing.sentences:
        if not isinstance(sentence, Norm) and term.sentence in (0, sentence.number):
            found = (u for u in _of_sentence(prover, owing, sentence) if u.part is not Part.WAIVES)
            yield from (at.use(u.type, u.field, True, u.key) for u in found)


def _of_duty(clause: Clause, duty: Duty) -> Iterator[Use]:
    at = _At(clause.id, duty.number, Part.OPENS)
    events = tuple(x.event for x in duty.triggers if isinstance(x, EventTrigger))
    for trigger in duty.triggers:
        if isinstance(trigger, EventTrigger):
            yield at.use(trigger.event, "")
            yield from at.read(trigger.where, (trigger.event,))
    yield from at.of_part(Part.APPLIES).read(clause.applies, events)
    yield from at.of_part(Part.EXCEPTION).read(duty.exception, events)
    clocks = [duty.clock] if duty.clock else []
    clocks += [n.name for n in t.walk(duty.no_later_than) if isinstance(n, t.Field)] if duty.no_later_than else []
    yield from (at.of_part(Part.CLOCK).use(e, c) for e in events for c in clocks)
    yield from (at.of_part(Part.KEY).use(e, k) for e in events for k in duty.keys)
    yield from _answers(at.of_part(Part.ANSWERS), duty)
    if duty.waived_by:
        yield at.of_part(Part.WAIVES).use("waiver", "")
    if duty.otherwise is not None:
        yield from _of_duty(clause, duty.otherwise)


def _answers(at: _At, duty: Duty | Repeated) -> Iterator[Use]:
    for answer in duty.answers:
        yield at.use(answer.act, "")
        yield from at.read(answer.where, (answer.act,))
        keys = duty.keys if isinstance(duty, Duty) else ()
        yield from (at.of_part(Part.KEY).use(answer.act, k) for k in keys)


@dataclass(frozen=True, slots=True)
class _At:
    clause: str
    sentence: int
    part: Part
    acts: tuple[str, ...] = ()
    party: str = ""

    def of_part(self, part: Part) -> _At:
        return _At(self.clause, self.sentence, part, self.acts, self.party)

    def use(self, type_: str, name: str, looked_at: bool = False, key: bool = False) -> Use:
        key = key or (name != "" and self.part is Part.KEY)
        return Use(type_, name, self.clause, self.sentence, self.part, looked_at, self.acts, self.party, key)

    def read(self, term: t.Term, view: tuple[str, ...]) -> Iterator[Use]:
        """`view`: the types of the record that the condition is on."""
        yield from self._read(term, view, False)

    def _read(self, node: t.Node, view: Iterable[str], looked_at: bool) -> Iterator[Use]:
        match node:
            case t.Field():
                yield from (self.use(v, node.name, looked_at) for v in view)
            case t.Query():
                yield from self._query(node, view)
            case t.LatestField() | t.CountDistinct() | t.Total():
                yield from self._query(node.query, view)
                name = node.name if isinstance(node, t.LatestField) else node.field
                yield self.use(node.query.event, name, True)
            case t.Every() | t.LatestHas():
                yield from self._query(node.query, view)
                yield from self._read(node.has, (node.query.event,), True)
            case t.ClauseViolated():
                yield from (self.use(v, k, looked_at) for v in view for k in node.keys)
            case _:
                for child in t.children(node):
                    yield from self._read(child, view, looked_at)

    def _query(self, query: t.Query, view: Iterable[str]) -> Iterator[Use]:
        yield self.use(query.event, "", True)
        if query.where is not None:
            yield from self._read(query.where, (query.event,), True)
        for key in query.keys:
            yield self.use(query.event, key, True, True)
            yield from (self.use(v, key, False, True) for v in view)

"""The fast core: records in order, each looked at once; what a question or a duty needs is kept, the rest forgotten.

It tells what the slow core tells. A contract with a construct that it cannot follow so is refused with CannotDo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import Any, TypeAlias

from smartclause.engines.monitor.conditions import Conditions, Facts, Judging, Known
from smartclause.engines.monitor.obligations import (
    AWAITING,
    OPEN,
    VIOLATED,
    Held,
    Spec,
    all_held,
    held_of,
    opened,
    plain_held,
)
from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.questions import Answer, Feed, Question, Reading, question_of
from smartclause.engines.monitor.reading import SHOWN, Reasons
from smartclause.engines.monitor.saving import facts_of, plain_facts
from smartclause.engines.monitor.specs import AnswerOf, Specs, Trigger
from smartclause.engines.monitor.told import DUE_SOON, ActTold, DutyTold, Told
from smartclause.logic.contract import BUILT_IN, EventType, Norm
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.force import holds_at, in_force
from smartclause.logic.instances import Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event
from smartclause.logic.terms import Query, Term
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.world import Position, Record, World
from smartclause.rails.dated import Dated
from smartclause.rails.formula import THIS_ACT, Force, Leaf, Owed, grounds
from smartclause.rails.formula_code import Gate
from smartclause.rails.leaves import reads_the_past
from smartclause.rails.lowering import lower_term
from smartclause.rails.past import Past
from smartclause.rails.refused import CannotDo
from smartclause.rails.source import Source

QuestionKey: TypeAlias = tuple[Term, str, str, bool]
NOBODY_NAMED = "?"  # stands for whoever no file names
REFUSED, UNDECIDED, ALLOWED = Decision.REFUSED, Decision.UNDECIDED, Decision.ALLOWED


@dataclass
class Kind:
    """What a record of one type does."""

    type: str
    shown: frozenset[str]
    is_act: bool
    is_controlled: bool
    feeds: list[Feed] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    answers: list[AnswerOf] = field(default_factory=list)
    is_awaited: bool = False  # a duty may change with it, or the force of a file
    judging: dict[str, Judging] = field(default_factory=dict)
    table: dict[int, Answer] = field(default_factory=dict)


class Asking:
    """Answers what generated functions ask, of the record that is looked at now."""

    __slots__ = ("at", "by", "facts", "kind", "resolve")

    def __init__(self, resolve: Callable[[Kind, int], Answer]) -> None:
        self.resolve = resolve
        self.by, self.at = "", 0
        self.facts: Facts = {}
        self.kind = Kind("", frozenset(), False, False)

    def __call__(self, number: int) -> Known:
        table = self.kind.table
        if number not in table:
            table[number] = self.resolve(self.kind, number)
        return table[number](self.by, self.facts, self.at)


class FastCore:
    """`tells_all`: acts that are allowed are told too; they are counted in any case. `wanted`: the statuses of duties
    and the decisions that are told, all if None. `party_of`: whose a source is."""

    def __init__(
        self, lookup: Lookup, signed: Mapping[str, frozenset[str]], draft: bool = False, document: str = "",
        soon: Instant | None = None, tells_all: bool = True, wanted: frozenset[str] | None = None,
        party_of: Callable[[str], str] = str,
    ) -> None:  # fmt: skip
        self.lookup, self.document, self.soon, self.tells_all = lookup, document, soon, tells_all
        self.party_of, self.wanted = party_of, wanted
        self.conditions = Conditions(Source(lookup, signed, draft))
        self.dated = Dated(lookup)
        self.reasons = Reasons(lookup, Past(lookup))
        self.sources: dict[str, tuple[str, Instant]] = {}
        self.now: Instant = NEVER
        self._counts = dict.fromkeys(Decision, 0)
        self.over: Counter[str] = Counter()
        self._ended: list[Record] = []
        self._waivers: list[tuple[str, Facts, Instant, str]] = []
        self._moments: list[tuple[Instant, int, Held]] = []
        self._count = 0
        self._moment: Instant = NEVER
        self._lately: list[tuple[AnswerOf, Facts, str]] = []
        self._questions: dict[QuestionKey, Question] = {}
        self._kinds: dict[str, Kind] = {}
        self._ask = Asking(self._resolve)
        self._parties = {s.party for _, c in lookup.all_clauses() for s in c.sentences if isinstance(s, Norm)}
        self._parties |= {p.name for m in lookup.contract.modules for p in m.parties}
        self._refuse()
        specs = Specs(self.conditions, self.dated, self.sources)
        self._how = specs
        self.specs = list(specs.all())
        self._prepare()

    @property
    def acts(self) -> Counter[str]:
        return Counter({decision.value: count for decision, count in self._counts.items()})

    # ---- what it can follow

    def _refuse(self) -> None:
        for kind in self.lookup.contract.types:
            if kind.checkpoint:
                raise CannotDo("acts that go on for long", kind.name)

    def _prepare(self) -> None:
        """Every question that may be asked is there before the first record. Raises CannotDo."""
        for module, clause in self.lookup.all_clauses():
            for sentence in clause.sentences:
                if isinstance(sentence, Norm):
                    for term in (clause.applies, sentence.condition, sentence.exception):
                        self._need(lower_term(term, module.name, sentence.party, True))
        for kind in self.lookup.contract.types:
            self._kind(kind.name)
        for kind in self.lookup.contract.types:
            if self.lookup.is_controlled(kind.name) and self._may_be_owed(kind):
                raise CannotDo("a controlled act that a duty asks for", kind.name)
        self._connect()

    def _may_be_owed(self, kind: EventType) -> bool:
        acts = (a.act for spec in self.specs for a in spec.duty.answers)
        return any(self.lookup.is_under(act, kind.name) for act in acts)

    def _need(self, formula: Any) -> None:
        for ground in grounds(formula):
            if isinstance(ground, Leaf) and reads_the_past(ground.term):
                self._question(ground)

    def _question(self, leaf: Leaf) -> Question:
        key = (leaf.term, leaf.module, leaf.party, leaf.judged)
        if key not in self._questions:
            self._questions[key] = question_of(leaf, self._reading)
        return self._questions[key]

    def _reading(self, query: Query, module: str, party: str) -> Reading:
        return Reading(self.conditions, self.dated, query, module, party, self.reasons.of_term)

    def _kind(self, type_: str) -> Kind:
        if type_ in self._kinds:
            return self._kinds[type_]
        lookup = self.lookup
        undeclared = type_ not in lookup.types and type_ not in BUILT_IN
        kind = Kind(
            type_, self.conditions.shown(type_), lookup.is_act(type_) or undeclared, lookup.is_controlled(type_)
        )
        for spec in self.specs:
            kind.triggers += self._how.triggers(spec, type_)
            kind.answers += self._how.answers(spec, type_)
        kind.is_awaited = bool(kind.triggers or kind.answers) or type_ in ("waiver", "termination")
        for formula in [t.formula for t in kind.triggers] + [a.formula for a in kind.answers]:
            self._need(formula)
        if not undeclared:
            self._kinds[type_] = kind
        return kind

    def _connect(self) -> None:
        """After all questions are known: which records feed which question."""
        for question in self._questions.values():
            for type_ in question.types():
                if type_ in self._kinds:
                    self._kinds[type_].feeds.append(question.feed(type_))

    def _resolve(self, kind: Kind, number: int) -> Answer:
        gate: Gate = self.conditions.source.asked.gates[number]
        match gate:
            case Leaf():
                return self._question(gate).answer(kind.type)
            case Owed():
                return lambda _by, _facts, _at: False
            case Force():
                raise CannotDo("force that is asked of a record", gate.clause)

    # ---- records

    def settle(self, event: Event) -> list[Told]:
        return self.take(event.type, event.by, event.to, event.asset, event.facts, event.time, event.id, event.index)

    def take(
        self, type_: str, by: str, to: str, asset: str, facts: Facts, at: Instant, name: str, index: int
    ) -> list[Told]:
        """As `settle`, of the parts of a record. Without a name the record is named by its line."""
        if at > self.now:
            moments = self._moments
            if moments and moments[0][0] <= at:
                told = self.advance(at)
            else:
                self.now = at
                told = []
        else:
            told = []
        kind = self._kinds.get(type_) or self._kind(type_)
        if kind.is_act:
            self._judge(kind, by, asset, facts, at, name, index, told)
        if kind.is_awaited:
            self._of_duties(kind, by, to, facts, at, name or f"line {index}", index, told)
        for feed in kind.feeds:
            feed(by, facts, at, name)
        return told

    def _of_duties(
        self, kind: Kind, by: str, to: str, facts: Facts, at: Instant, name: str, index: int, told: list[Told]
    ) -> None:
        ask = self._ask
        ask.kind, ask.by, ask.facts, ask.at = kind, by, facts, at
        if kind.answers or kind.triggers:
            touched = self._answered(kind, by, to, facts, at, name) if kind.answers else []
            if kind.triggers:
                touched += self._opened(kind, facts, at, name)
            self._tell_all(touched, told)
        elif kind.type == "waiver":
            self._waived(by, facts, at, name, told)
        else:
            module = {"contract": facts.get("contract", self.lookup.contract.module)}
            event = Event(name, kind.type, at, by, to, facts=module, signers=SHOWN, index=index)
            self._ended.append(Record(event, at, at))

    # ---- acts

    def _judge(
        self, kind: Kind, by: str, asset: str, facts: Facts, at: Instant, name: str, index: int, told: list[Told]
    ) -> None:
        if kind.is_controlled and not asset:
            self._counts[UNDECIDED] += 1
            reason = Reason("not registered", type=kind.type)
            told.append(ActTold(at, name, kind.type, by, UNDECIDED, False, (), (reason,)))
            return
        judging = kind.judging.get(by)
        if judging is None:
            judging = self._judging(kind, by)
        ending = self._ending(at, index) if self._ended else None
        table = kind.table
        ask = {n: table[n](by, facts, at) for n in judging.asked}.__getitem__
        decision = judging.verdict(facts, at, kind.shown, ask, ending)
        self._counts[decision] += 1
        if decision is ALLOWED:
            if self.tells_all:
                told.append(ActTold(at, name or f"line {index}", kind.type, by, decision, False))
        elif self.wanted is not None and decision.value not in self.wanted:
            return
        elif decision is REFUSED and not judging.has_bars:
            told.append(ActTold(at, name or f"line {index}", kind.type, by, decision, False))
        else:
            told.append(self._told_of(kind, judging, by, facts, at, name or f"line {index}", decision, ending))

    def _judging(self, kind: Kind, by: str) -> Judging:
        known = by if by in self._parties or not by else NOBODY_NAMED
        if known not in kind.judging:
            made = self.conditions.judging(kind.type, known)
            kind.table.update({n: self._resolve(kind, n) for n in made.asked})
            kind.judging[known] = made
        return kind.judging[known]

    def _told_of(
        self, kind: Kind, judging: Judging, by: str, facts: Facts, at: Instant, name: str, decision: Decision,
        ending: Callable[[int], Known] | None,
    ) -> ActTold:  # fmt: skip
        everything = self._ask
        everything.kind, everything.by, everything.facts, everything.at = kind, by, facts, at
        _, states = judging.states()(facts, at, kind.shown, self._ask, ending)
        state = ClauseState.FORBIDDEN if decision is REFUSED else ClauseState.UNKNOWN
        named = tuple(c for c, s in states.items() if s is state)
        why = self._why(kind, judging, by, facts, at, name, ending) if decision is UNDECIDED else ()
        return ActTold(at, name, kind.type, by, decision, False, named, why)

    def _why(
        self, kind: Kind, judging: Judging, by: str, facts: Facts, at: Instant, name: str,
        ending: Callable[[int], Known] | None,
    ) -> tuple[Reason, ...]:  # fmt: skip
        tell, listed = judging.told()
        missing = tell(facts, at, kind.shown, self._ask, ending)[-1]
        found: dict[Reason, None] = {}
        for number in missing:
            ground = listed[number]
            match ground:
                case Leaf() if reads_the_past(ground.term):
                    why = self._question(ground).why(kind.type, by, facts, at, name)
                case Leaf():
                    why = self.reasons.of_leaf(ground, kind.type, by, facts, at, name)
                case Force():
                    why = ground.reasons
                case Owed():
                    why = ()
                case _:
                    why = ground
            found.update(dict.fromkeys(replace(r, event=name) if r.event == THIS_ACT else r for r in why))
        return tuple(found)

    def _ending(self, at: Instant, index: int) -> Callable[[int], Known]:
        """Whether those who may end a file had ended it before the act."""
        gates, world, before = self.conditions.source.asked.gates, self._ends(), Position(at, index)

        def ended_(number: int) -> Known:
            gate = gates[number]
            assert isinstance(gate, Force)
            module, clause = self.lookup.clauses[gate.clause]
            found = holds_at(world, module, replace(clause, survives=False), at, before)
            return _OPPOSITE[found]

        return ended_

    def _ends(self) -> World:
        return World(self.lookup, tuple(self._ended), self.now)

    # ---- duties

    def _answered(self, kind: Kind, by: str, to: str, facts: Facts, at: Instant, name: str) -> list[Held]:
        touched: list[Held] = []
        if at != self._moment:
            self._new_moment(at)
        for answer in kind.answers:
            spec = answer.spec
            if by != spec.duty.party or (spec.duty.recipient and to != spec.duty.recipient):
                continue
            self._lately.append((answer, facts, name))
            group = spec.held.get(spec.key_of(facts))
            if group:
                touched += self._answer_each(kind, answer, group, facts, at, name)
        return touched

    def _new_moment(self, at: Instant) -> None:
        self._moment = at
        self._lately = []
        self._waivers = []

    def _answer_each(
        self, kind: Kind, answer: AnswerOf, group: list[Held], facts: Facts, at: Instant, name: str
    ) -> list[Held]:
        self._ask.kind, self._ask.facts, self._ask.at = kind, facts, at
        truth = True if answer.where is None else answer.where(facts, at, kind.shown, self._ask)
        if truth is False:
            return []
        truth = truth if answer.sure_type else None
        by = answer.spec.duty.party

        def why() -> tuple[Reason, ...]:
            return self.reasons.of_formula(answer.formula, kind.type, by, facts, at, name, self._of_past)

        found = [h for h in group if h.start <= at and h.trigger != name]
        for held in found:
            held.answer(truth, at, name, why)
        return found

    def _of_past(self, leaf: Leaf, by: str, facts: Facts, at: Instant, name: str) -> tuple[Known, tuple[Reason, ...]]:
        question, type_ = self._question(leaf), self._ask.kind.type
        known = question.answer(type_)(by, facts, at)
        return known, question.why(type_, by, facts, at, name) if known is None else ()

    def _opened(self, kind: Kind, facts: Facts, at: Instant, name: str) -> list[Held]:
        found: list[Held] = []
        if at != self._moment:
            self._new_moment(at)
        for trigger in kind.triggers:
            spec, ask = trigger.spec, self._ask
            ask.kind, ask.facts, ask.at = kind, facts, at
            holds = True if trigger.holds is None else trigger.holds(facts, at, kind.shown, self._ask)
            if holds is False:
                continue
            force = self._force(spec, at)
            if force is Truth.FALSE:
                continue
            why: tuple[Reason, ...] = ()
            if holds is None:
                by = self._ask.by
                why = self.reasons.of_formula(trigger.formula, kind.type, by, facts, at, name, self._of_past)
            sure = holds if force is Truth.TRUE and trigger.sure_type else None
            held = opened(spec, spec.key_of(facts), name, at, at, sure, why)
            self._keep(held)
            self._catch_up(held, at)
            found.append(held)
        return found

    def _force(self, spec: Spec, at: Instant) -> Truth:
        if self._ended or spec.clause.survives:
            return in_force(self._ends(), spec.module, spec.clause, at)
        begins, ends = spec.force
        return Truth.TRUE if begins <= at <= ends else Truth.FALSE

    def _keep(self, held: Held) -> None:
        held.spec.keep(held)
        self._count += 1
        held.number = self._count
        moments = [held.due + 1]
        if held.latest is not None and held.latest != held.due:
            moments.append(held.latest + 1)
        if self.soon is not None:
            moments.append(held.due - self.soon)
        for moment in moments:
            heappush(self._moments, (moment, self._count, held))
        if held.second is not None:
            self._keep(held.second)

    def _catch_up(self, held: Held, at: Instant) -> None:
        """Answers and waivers of the same instant that came before what opened it."""
        for answer, facts, name in self._lately:
            if answer.spec is held.spec and held.spec.key_of(facts) == held.key:
                self._answer_each(self._kinds[answer.type], answer, [held], facts, at, name)
        for by, facts, when, _name in self._waivers:
            self._waive(held, by, facts, when)

    def _waived(self, by: str, facts: Facts, at: Instant, name: str, told: list[Told]) -> None:
        if at != self._moment:
            self._new_moment(at)
        self._waivers.append((by, facts, at, name))
        clause = facts.get("clause")
        touched = [h for s in self.specs if clause in s.names for h in list(s.each()) if self._waive(h, by, facts, at)]
        owners = {h.number: h for h in touched if not h.spec.is_otherwise}
        seconds = {id(h) for h in touched if h.spec.is_otherwise}
        if seconds:
            owners |= {h.number: h for h in all_held(self.specs) if h.second is not None and id(h.second) in seconds}
        self._tell_all([owners[n] for n in sorted(owners)], told)

    def _waive(self, held: Held, by: str, facts: Facts, at: Instant) -> bool:
        spec = held.spec
        sentence = str(facts.get("sentence", ""))
        if facts.get("clause") not in spec.names or by not in spec.waivers or at < held.start:
            return False
        if sentence not in ("", str(spec.duty.number)):
            return False
        pairs = [(facts.get(k), v) for k, v in held.named_key()]
        if any(one is not None and str(one) != str(other) for one, other in pairs):
            return False
        held.waive(None if any(one is None for one, _ in pairs) else True, at)
        return True

    # ---- time

    def mark(self, source: str, complete: Instant) -> list[Told]:
        party, before = self.sources.get(source, (self.party_of(source), NEVER))
        self.sources[source] = (party, max(complete, before))
        told: list[Told] = []
        if self.now > NEVER:
            waiting = [h for h in all_held(self.specs) if self.now > h.due]
            self._tell_all(sorted(waiting, key=lambda h: h.number), told)
        return told

    def advance(self, to: Instant) -> list[Told]:
        """Moment by moment, so that what is told does not hang on who else speaks in between."""
        moments = self._moments
        told: list[Told] = []
        while moments and moments[0][0] <= to:
            moment = moments[0][0]
            self.now = max(self.now, moment)
            touched: dict[int, Held] = {}
            while moments and moments[0][0] == moment:
                _, number, held = heappop(moments)
                touched[number] = held
            self._passed(touched, told)
        self.now = max(self.now, to)
        return told

    def _passed(self, touched: dict[int, Held], told: list[Told]) -> None:
        owners: dict[int, Held] = {}
        for held in touched.values():
            owner = held if held.owner is None else held.owner
            if owner.told is not None and not owner.gone:
                owners[owner.number] = owner
        self._tell_all([owners[n] for n in sorted(owners)], told)

    # ---- telling

    def _tell_all(self, touched: list[Held], told: list[Told]) -> None:
        if not touched:
            return
        seen: dict[int, Held] = {}
        for held in touched:
            owner = held if held.owner is None else held.owner
            seen[owner.number] = owner
        found: list[Told] = []
        for owner in seen.values():
            owner.settle(self.now)
            self._tell(owner, found)
            if owner.is_over(self.now):
                self._drop(owner)
        found.sort(key=_at)
        told += found

    def _tell(self, held: Held, found: list[Told]) -> None:
        now, before, status, soon = self.now, held.told, held.status, self.soon
        breach = (held.answered, held.since, held.relieved and not held.answered)
        instance: Instance | None = None
        was = "" if before is None else before[0]
        if before is None and (status is OPEN or held.latest != held.start):
            instance = self._put(found, held.start, OPEN.value, "", held, instance)
            was = OPEN.value
        if soon is not None and status is OPEN and not held.told_soon and now >= held.due - soon:
            held.told_soon = True
            instance = self._put(found, max(held.due - soon, held.start), DUE_SOON, was, held, instance)
        if status.value != was:
            instance = self._put(found, held.came_to_be(now), status.value, was, held, instance)
        elif before is not None and status is VIOLATED and before[1] != breach:
            self._put(found, held.answered_at or now, status.value, was, held, instance)
        held.told = (status.value, breach)
        if status is AWAITING:
            self._watch(held, now)
        if held.second is not None and held.second.exposed:
            self._tell(held.second, found)

    def _put(
        self, found: list[Told], at: Instant, status: str, was: str, held: Held, instance: Instance | None
    ) -> Instance | None:
        if self.wanted is not None and status not in self.wanted:
            return instance
        instance = instance or held.instance(self.now)
        found.append(DutyTold(at, status, was, instance))
        return instance

    def _watch(self, held: Held, now: Instant) -> None:
        """Until the agreed time of silence is over."""
        if not held.watched:
            held.watched = True
            moment = held.due + held.spec.grace
            if moment > now:
                heappush(self._moments, (moment, held.number, held))

    def _drop(self, owner: Held) -> None:
        held: Held | None = owner
        while held is not None:
            if held.exposed:
                self.over[held.status.value] += 1
            held.gone = True
            held.spec.drop(held)
            held = held.second

    def duties(self) -> Iterator[Instance]:
        """Those that are not over."""
        return (h.instance(self.now) for h in sorted(all_held(self.specs), key=lambda h: h.number))

    def tally(self) -> Counter[str]:
        """How many duties there were with each status."""
        found = Counter(self.over)
        for held in all_held(self.specs):
            second: Held | None = held
            while second is not None and second.exposed:
                found[second.status.value] += 1
                second = second.second
        return found

    # ---- kept and brought back

    def save(self) -> dict[str, Any]:
        """All that is kept, as plain data."""
        places = {id(spec): n for n, spec in enumerate(self.specs)}
        held = sorted(all_held(self.specs), key=lambda h: h.number)
        return {
            "now": self.now, "moment": self._moment, "count": self._count, "acts": dict(self.acts),
            "over": dict(self.over), "sources": {n: list(s) for n, s in self.sources.items()},
            "questions": [q.save() for q in self._questions.values()],
            "held": [plain_held(h, places) for h in held],
            "moments": [[at, number] for at, number, held in sorted(self._moments, key=_order) if not held.gone],
            "lately": [[a.type, self._kinds[a.type].answers.index(a), plain_facts(f), n] for a, f, n in self._lately],
            "waivers": [[by, plain_facts(f), at, n] for by, f, at, n in self._waivers],
            "ended": [_ending(r.event) for r in self._ended],
        }  # fmt: skip

    def restore(self, data: Mapping[str, Any]) -> None:
        """Raises ValueError, KeyError, TypeError for what `save` did not give."""
        self.now, self._moment, self._count = data["now"], data["moment"], data["count"]
        self._counts = {d: data["acts"].get(d.value, 0) for d in Decision}
        self.over = Counter(data["over"])
        self.sources.update({n: (party, at) for n, (party, at) in data["sources"].items()})
        for question, kept in zip(self._questions.values(), data["questions"], strict=True):
            question.restore(kept)
        each = [one for kept in data["held"] for one in held_of(kept, self.specs).chain()]
        by_number = {one.number: one for one in each}
        self._moments = [(at, number, by_number[number]) for at, number in data["moments"]]
        self._lately = [(self._kinds[t].answers[n], facts_of(f), name) for t, n, f, name in data["lately"]]
        self._waivers = [(by, facts_of(f), at, n) for by, f, at, n in data["waivers"]]
        for name, at, by, to, facts, index in data["ended"]:
            event = Event(name, "termination", at, by, to, facts=facts_of(facts), signers=SHOWN, index=index)
            self._ended.append(Record(event, at, at))


def _ending(event: Event) -> list[Any]:
    return [event.id, event.time, event.by, event.to, plain_facts(event.facts), event.index]


def _order(moment: tuple[Instant, int, Held]) -> tuple[Instant, int]:
    return moment[0], moment[1]


def _at(told: Told) -> Instant:
    return told.at


_OPPOSITE: Mapping[Truth, Known] = {Truth.TRUE: False, Truth.FALSE: True, Truth.UNKNOWN: None}

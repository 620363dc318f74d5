"""The ground of the fast core: what a contract asks of each type of record. Raises CannotDo where that is too much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from smartclause.engines.monitor.asked import question_of
from smartclause.engines.monitor.conditions import Conditions, Facts, Judging, Known
from smartclause.engines.monitor.obligations import (
    Held,
)
from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.questions import Answer, Feed, Question, Reading
from smartclause.engines.monitor.reading import Reasons
from smartclause.engines.monitor.specs import AnswerOf, Specs, Trigger
from smartclause.logic.contract import BUILT_IN, EventType, Norm
from smartclause.logic.counting import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Query, Term
from smartclause.logic.verdict import Decision
from smartclause.logic.world import Record
from smartclause.rails.dated import Dated
from smartclause.rails.formula import Force, Leaf, Owed, grounds
from smartclause.rails.lowering import lower_term
from smartclause.rails.past.past import Past
from smartclause.rails.refused import CannotDo
from smartclause.rails.source.formulas import Gate
from smartclause.rails.source.leaves import reads_the_past
from smartclause.rails.source.module import Source

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


class Ground:
    """What a contract asks of each type of record, and what is kept of the past; see `FastCore`."""

    def __init__(
        self, lookup: Lookup, signed: Mapping[str, frozenset[str]], draft: bool = False, document: str = "",
        soon: Instant | None = None, tells_all: bool = True, wanted: frozenset[str] | None = None,
        party_of: Callable[[str], str] = str, keeps_breaches: bool = False,
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
        self.keeps_breaches, self.breaches = keeps_breaches, list[Held]()
        self._ended: list[Record] = []
        self._waivers: list[tuple[str, Facts, Instant, str]] = []
        self._moments: list[tuple[Instant, int, Held]] = []
        self._count = 0
        self._moment: Instant = NEVER
        self._lately: list[tuple[AnswerOf, Facts, str]] = []
        self._questions: dict[QuestionKey, Question] = {}
        self._kinds: dict[str, Kind] = {}
        self._ask = Asking(self._resolve)
        self._parties = parties_of(lookup)
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


def parties_of(lookup: Lookup) -> frozenset[str]:
    """Whom a file names, or a sentence speaks of."""
    spoken_of = {s.party for _, c in lookup.all_clauses() for s in c.sentences if isinstance(s, Norm)}
    named = {p.name for m in lookup.contract.modules for p in m.parties}
    providers = {m.header.provider for m in lookup.contract.modules}
    return frozenset(spoken_of | named | providers)

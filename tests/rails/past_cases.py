"""Random pasts and questions: every form and window, several keys, doubts of every kind, at any place and instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from smartclause.logic.contract import ANYONE, Dated, Header, ParameterValue
from smartclause.logic.counting import Duration, Unit, window_start
from smartclause.logic.evaluate import View, judge
from smartclause.logic.finding import Finding, Reason, unknown_leaves
from smartclause.logic.history import weigh
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event, Signer, Source, Trust
from smartclause.logic.terms import (
    Compare,
    Const,
    Count,
    CountDistinct,
    Covers,
    Every,
    EveryFollowed,
    Expression,
    Field,
    Holds,
    LatestField,
    LatestHas,
    Money,
    Order,
    Query,
    Some,
    Term,
    Total,
    walk,
)
from smartclause.logic.truth import Truth
from smartclause.logic.world import Cloud, Position, Record, World, build, place
from smartclause.rails.formula import Leaf
from tests.logic.builders import (
    ALL,
    CONCEPT,
    CONCEPTS,
    DAY,
    DURATION,
    FACT,
    HOUR,
    MONEY,
    NOON,
    NUMBER,
    TIMES,
    concept,
    contract,
    figure,
    number,
    parameter,
    query,
    signed,
)
from tests.strategies import AUDITOR, FACTS, LISTS, PAST, WITH_CONCEPT, Maker, settable

MINUTE = HOUR // 60
PERIODS = (
    figure("steady", DURATION, Duration(2, Unit.DAY)),
    figure(
        "shrinking", DURATION,
        Dated(Duration(40, Unit.DAY), until=date(2026, 6, 12)), Dated(Duration(6, Unit.HOUR), since=date(2026, 6, 13)),
    ),
    figure("broken", DURATION, Dated(Duration(3, Unit.DAY), since=date(2026, 6, 14))),
    figure("unset", DURATION),
    figure("bound", NUMBER, Dated(Decimal(2), until=date(2026, 6, 13)), Dated(Decimal(5), since=date(2026, 6, 14))),
)  # fmt: skip
TIMES_OF = (
    NOON - 300 * DAY, NOON - 40 * DAY, NOON - 15 * DAY, NOON - 14 * DAY - 12 * HOUR - 1, NOON - 3 * DAY, NOON - 2 * DAY,
    NOON - 2 * DAY, NOON - 25 * HOUR, NOON - HOUR, NOON - HOUR, NOON - 1, NOON,
)  # fmt: skip
KEYS = {
    "use": ("subject", "incident"), "train": ("subject", "incident"), "share": ("subject", "incident"),
    "consent": ("subject",), "audit": ("subject",), "breach": ("incident",), "loss": ("incident",),
    "notify": ("incident",), "erase": ("incident", "subject"),
}  # fmt: skip
HEADERS = (
    Header(), Header(zone="Asia/Shanghai", rule="cn.civil_code"), Header(zone="America/New_York", rule="us.federal"),
)  # fmt: skip
ODD = (
    *signed("A", trust=Trust.UNCERTAIN), *signed("B", trust=Trust.DISOWNED), *signed("B"), *signed("A"), AUDITOR,
    Signer("y-key", "Y", frozenset({"auditor"}), Trust.UNCERTAIN), *ALL,
)  # fmt: skip
SOURCES = (Source("A-key", "A"), Source("B-key", "B"), Source("x-key", "X", frozenset({"auditor"})))


@dataclass(frozen=True)
class Question:
    leaf: Leaf
    record: Record
    before: Position
    now: int


@dataclass(frozen=True)
class Pasts:
    """A world as it was told, one event after the other, and what is asked of it."""

    world: World
    events: tuple[Event, ...]
    questions: tuple[Question, ...]
    seed: int = 0

    def __repr__(self) -> str:
        return f"Pasts made by Pastmaker({self.seed})"

    def _repr_pretty_(self, printer: Any, _: bool) -> None:
        printer.text(repr(self))


def view_of(world: World, question: Question) -> View:
    leaf = question.leaf

    def breaches(*_: object) -> Finding:
        raise AssertionError("no clause is asked about here")

    return View(
        world, leaf.module, question.record, leaf.party, question.before, question.now, breaches, leaf.favour,
        judged=leaf.judged,
    )  # fmt: skip


def answer(world: World, question: Question) -> tuple[Truth, frozenset[Reason]]:
    """What the reference finds.

    Among the reasons of `is followed by` it also gives those of answers that surely do not count, out of the window or
    by their `where`; these are left out here.
    """
    view = view_of(world, question)
    found = judge(question.leaf.term, view)
    reasons = frozenset(unknown_leaves(found))
    term = question.leaf.term
    if isinstance(term, EveryFollowed):
        out = {r.event.id for r in world.records if not any(_counts(q, r, view) for q in (term.query, term.answer))}
        mine = question.record.event.id  # of which a key may be missing
        reasons = frozenset(r for r in reasons if r.event not in out or (r.event == mine and r.field))
    return found.truth, reasons


def _counts(query: Query, record: Record, view: View) -> bool:
    return weigh(query, record, {}, replace(view, doubt=True), judge).counts is not Truth.FALSE


class Pastmaker(Maker):
    """`leaves` conditions, each asked `places` times."""

    def pasts(self, most: int = 9, leaves: int = 3, places: int = 5) -> Pasts:
        self.kinds: tuple[str, ...] = ()
        self.clean = self.often(0.5)
        self.word = self.one(ALL, ALL, signed("B"), signed("A"))
        self.shown = self.one(0.7, 0.95, 1.0)
        self.near = self.often(0.5)
        lookup = Lookup(contract(parameters=(*LISTS, *PERIODS), header=self.one(*HEADERS)))
        terms = [self.leaf_term() for _ in range(leaves)]
        if self.often(0.6):
            terms = terms[:1]
            named = [q.event for q in walk(terms[0]) if isinstance(q, Query)]
            self.kinds = tuple(k for name in named for k in lookup.relevant_types(name))
        events = self.told(self.randint(0, most))
        world = replace(build(lookup, events, NOON, draft=True), clouds=self.clouds())
        if self.often(0.1):
            world = world.doubting(self.one("A", "B"))
        act = place(lookup, self.act())
        asked = tuple(self.question(world, act, t) for t in terms for _ in range(places))
        return Pasts(world, events, asked, self.number)

    # ---- records

    def told(self, count: int) -> tuple[Event, ...]:
        """In the order of the ledger: records, supplements to them, second versions."""
        events: list[Event] = []
        for n in range(1, count + 1):
            earlier = [e for e in events if e.type != "supplement"]
            if earlier and self.often(0.05 if self.clean else 0.2):
                events.append(self.supplement(n, self.choice(earlier)))
            elif earlier and not self.clean and self.often(0.08):
                events.append(self.second(n, self.choice(earlier)))
            else:
                events.append(self.plain(n) if self.clean else self.any_record(n))
        return tuple(events)

    def plain(self, n: int) -> Event:
        found = replace(self.record(n), time=self.one(*(TIMES_OF[4:] if self.near else TIMES_OF)))
        if self.kinds:
            kind = self.one(*self.kinds)
            found = replace(found, type=kind, facts=self.facts(kind[2:], True, self.shown))
            if kind in ("m.use", "m.train", "m.share") and self.often(0.5):
                found = replace(found, facts={**found.facts, "price": self.price()})
        elif found.type == "m.notify":
            found = replace(found, type=self.one("m.notify", "m.erase"))
        if self.clean:
            return replace(found, signers=self.word, unreliable=False)
        return found

    def price(self) -> Money:
        return Money(Decimal(self.one(1, 2, 2000)), self.one("CNY", "CNY", "CNY", "USD"))

    def any_record(self, n: int) -> Event:
        found = replace(self.plain(n), source=self.one("A-key", "B-key", f"source{n}"))
        facts = dict(found.facts)
        if self.often(0.15) and facts:
            facts.pop(self.choice(sorted(facts)))
        if "size" in facts and self.often(0.2):
            facts["size"] = self.one(Decimal(2000), Decimal("1.00000000001"), Decimal("2.5"))
        if self.often(0.2):
            found = replace(found, signers=tuple(self.sample(ODD, self.randint(0, 2))))
        if self.often(0.1):
            found = replace(found, by="")
        if self.often(0.1):
            found = replace(found, caller=frozenset({self.one("record", "approved", "checked", "grave")}))
        return replace(found, facts=facts)

    def supplement(self, n: int, target: Event) -> Event:
        fields = settable(target.type.removeprefix("m.")) if target.type.startswith("m.") else []
        if not fields:
            return self.any_record(n)
        field = self.choice(fields)
        facts = {"event": target.id, "field": field.name, "value": self.value(field)}
        signers = self.one(target.signers, signed("A"), signed("B"), (AUDITOR,), ALL)
        number = self.one(f"s{n}", f"s{n}", "s")
        return Event(
            number, "supplement", NOON, facts=facts, signers=signers, source=self.one(target.source, "A-key"), index=n,
            unreliable=self.often(0.1),
        )  # fmt: skip

    def second(self, n: int, target: Event) -> Event:
        facts = dict(target.facts)
        if facts and self.often(0.8):
            facts.pop(self.choice(sorted(facts)))
        return replace(target, index=n, facts=facts, by=self.one(target.by, target.by, "A"))

    def clouds(self) -> tuple[Cloud, ...]:
        if self.often(0.9 if self.clean else 0.6):
            return ()
        return tuple(self.cloud() for _ in range(self.one(1, 1, 2)))

    def cloud(self) -> Cloud:
        since, until = sorted((self.one(*TIMES_OF), self.one(*TIMES_OF, 2**61)))
        return Cloud(since, until, self.one(*SOURCES), self.one("gap", "incomplete", "news too old"))

    # ---- conditions

    def window(self) -> object:
        if self.near and self.often(0.5):
            return None
        return self.one(
            None, None, "day", "month", "year", parameter("steady", DURATION), parameter("shrinking", DURATION),
            parameter("broken", DURATION), parameter("unset", DURATION),
            *(Const(Duration(self.one(0, 1, 2, 14, 30), unit), DURATION) for unit in Unit),
        )  # fmt: skip

    def past_query(self, name: str) -> Query:
        where = self.one(None, None, self.field_term(name)) if name in FACTS else None
        offered = KEYS[name]
        keys = self.one((), offered[:1], offered, offered[::-1])
        by = self.one(None, None, "A", "B", ANYONE)
        if self.near:
            where, by = self.one(where, None), self.one(by, ANYONE)
        return query(name, where, *keys, within=self.window(), by=by)

    def expression(self) -> tuple[Expression, object]:
        """A value read from history and the sort of constant to compare it with."""
        name = self.one(*PAST, "notify", "erase")
        asked = self.past_query(name)
        kinds: list[Callable[[], Expression]] = [
            lambda: Count(asked, TIMES),
            lambda: CountDistinct(asked, self.one(*KEYS[name]), TIMES),
        ]
        if name in WITH_CONCEPT:
            kinds += [
                lambda: Total(asked, "size", NUMBER),
                lambda: CountDistinct(asked, "purpose", TIMES),
                lambda: LatestField(asked, "size", NUMBER),
            ]
        if name in ("use", "train", "share"):
            kinds.append(lambda: Total(asked, "price", MONEY))
        found = self.choice(kinds)()
        return found, found

    def leaf_term(self) -> Term:
        name = self.one(*PAST, *FACTS)
        asked = self.past_query(name)
        has = self.field_term(name)
        forms: list[Callable[[], Term]] = [
            lambda: Some(asked),
            lambda: Every(asked, has),
            lambda: LatestHas(asked, has),
            lambda: EveryFollowed(asked, self.answer_to(name)),
            lambda: Holds(LatestField(asked, self.one(*FACTS[name]), FACT)),
            self.comparison,
            self.comparison,
            lambda: self.field_term(self.one("use", "share")),
        ]
        if name in WITH_CONCEPT:
            latest = LatestField(asked, self.one("purpose", "purposes"), CONCEPT)
            forms += [
                lambda: Covers(concept(self.one("purpose", "training", "resale", "research")), latest),
                lambda: Covers(latest, Field("purpose", CONCEPT)),
                lambda: Covers(parameter(self.one("closed", "open"), CONCEPTS), latest),
            ]
        return self.choice(forms)()

    def comparison(self) -> Term:
        left, _ = self.expression()
        right: Expression = number(self.one(0, 1, 1, 2, 3, 8), TIMES)
        if isinstance(left, LatestField | Total):
            right = self.one(right, Field("size", NUMBER))
        if isinstance(left, Total) and left.field == "price":
            right = self.one(Const(self.price(), MONEY), Field("price", MONEY))
        right = self.one(right, right, right, parameter("bound", NUMBER), self.expression()[0])
        sides = (left, right) if self.often(0.8) else (right, left)
        return Compare(self.one(*Order), *sides)

    def answer_to(self, name: str) -> Query:
        """Asks for keys that the records have, and sometimes for one that they lack."""
        other = self.one("consent", "notify", "use", "share", name)
        common = [k for k in KEYS[other] if k in KEYS[name] or self.often(0.1)]
        where = self.one(None, self.field_term(other)) if other in FACTS else None
        return query(other, where, *common, within=self.one(None, None, self.window()), by=self.one(None, "A", ANYONE))

    # ---- places

    def walk(self) -> Pasts:
        """One condition, asked by one act at each instant at which something comes or runs out, in order."""
        case = self.pasts(leaves=1, places=1)
        first = case.questions[0]
        edges = sorted({e for e in self.edges(case.world, first.leaf.term) if e <= NOON + 60 * DAY})
        instants = sorted({*self.sample(edges, min(len(edges), 16)), *(r.instant for r in case.world.records)})
        record = replace(first.record, event=replace(first.record.event, id="asked"))
        asked = (replace(first, record=record, before=Position(i, 2**62), now=i) for i in instants)
        return replace(case, questions=tuple(asked))

    def question(self, world: World, act: Record, term: Term) -> Question:
        record = self.one(act, act, *world.records)
        if self.often(0.5):
            facts = {**self.act().facts, "subject": "s1", "incident": "s1"} if self.kinds else self.act().facts
            record = replace(record, event=replace(record.event, id="asked", facts=facts))
        leaf = Leaf(term, "m", self.one("A", "B", "B", "B", ""), self.often(0.5), self.often(0.6))
        before, now = self.place(world, record, term)
        return Question(leaf, record, before, now)

    def place(self, world: World, record: Record, term: Term) -> tuple[Position, int]:
        instants = [NOON, *(r.instant for r in world.records)]
        before = self.one(
            *([Position(NOON, 0)] if self.near else []), record.position, record.position,
            Position(self.choice(instants), self.one(0, 1, 2, 3, 5, 2**62)), Position(NOON + DAY, 0),
        )  # fmt: skip
        edges = list(self.edges(world, term))
        now = self.one(before.instant, before.instant, self.choice(edges or instants), self.choice(instants))
        return before, now

    def edges(self, world: World, term: Term) -> Iterator[int]:
        """Last instants of windows, and the first ones after them."""
        header = world.lookup.modules["m"].header
        for record in world.records:
            for unit in ("day", "month", "year"):
                yield window_start(record.instant, unit, header.zone)  # type: ignore[arg-type]
                yield window_start(record.instant, unit, header.zone) - 1  # type: ignore[arg-type]
            for end in ends_of(world, term, record.instant):
                yield end
                yield end + 1


def ends_of(world: World, term: Term, start: int) -> Iterator[int]:
    from smartclause.logic.counting import valid_until
    from smartclause.logic.terms import Parameter, walk

    header = world.lookup.modules["m"].header
    periods = [q.within for q in walk(term) if isinstance(q, Query)]
    values = [p.value for p in periods if isinstance(p, Const)]
    values += [d.value for p in periods if isinstance(p, Parameter) for d in figure_of(world, p.name).values]
    for value in values:
        if isinstance(value, Duration):
            span = valid_until(start, value, header.rule, header.zone)
            yield span.earliest
            if span.latest is not None:
                yield span.latest


def figure_of(world: World, name: str) -> ParameterValue:
    return world.lookup.parameters[name]

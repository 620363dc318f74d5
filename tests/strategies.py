"""Random small contracts, histories and acts over the small world of `tests.logic.builders`.

Everything is built as the evaluator reads it; nothing is parsed. Domains are small so that conditions often meet.
A case is made from one seed: thousands are tried in seconds, and the seed in a failure makes it again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from smartclause.logic.contract import Clause, Contract, EventType, FieldType, Header, ListKind, ModuleKind, Sentence
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event, Signer
from smartclause.logic.terms import (
    AtLeast,
    ClauseViolated,
    CountDistinct,
    Covers,
    EveryFollowed,
    Field,
    Holds,
    Kind,
    LatestField,
    LatestHas,
    Not,
    Order,
    Query,
    Some,
    Term,
    Value,
    walk,
)
from tests.logic.builders import (
    ALL,
    CONCEPT,
    CONCEPTS,
    DAY,
    FACT,
    HOUR,
    NOON,
    NUMBER,
    PURPOSES,
    TIMES,
    TYPES,
    both,
    clause,
    compare,
    contract,
    count,
    days,
    either,
    every_,
    fact,
    figure,
    file,
    hours,
    is_in,
    may,
    may_only,
    months,
    must,
    must_not,
    number,
    parameter,
    query,
    signed,
    size,
    total,
)

T = TypeVar("T")

AUDITOR = Signer("x-key", "X", frozenset({"auditor"}))
SIGNERS = (
    ALL, ALL, signed("A"), signed("B"), signed("A", "B"), (*signed("A"), AUDITOR), (*signed("B"), AUDITOR), (AUDITOR,),
)  # fmt: skip
LISTS = (
    figure("closed", CONCEPTS, frozenset({"v.training"}), list_kind=ListKind.CLOSED),
    figure("open", CONCEPTS, frozenset({"v.training"}), list_kind=ListKind.OPEN),
    figure("blank", NUMBER),
)
KEY = {"use": "subject", "train": "subject", "share": "subject", "consent": "subject", "audit": "subject"}
FACTS = {
    "use": ("paid", "fresh", "approved"),
    "train": ("paid", "secret"),
    "share": ("paid", "approved"),
    "consent": ("given", "checked"),
    "audit": ("given", "checked"),
    "breach": ("severe", "grave"),
    "loss": ("severe", "grave"),
}
ACTS = ("use", "train", "share")
PAST = ("use", "train", "share", "consent", "audit", "breach", "loss")
WITH_CONCEPT = ("use", "train", "share", "consent", "audit")
NARROWER = {"purpose": ("training", "research", "resale"), "training": ("pretraining", "finetuning")}
INSTANTS = (NOON - 40 * DAY, NOON - 3 * DAY, NOON - 2 * DAY, NOON - 25 * HOUR, NOON - HOUR, NOON - 1)
UNSET = ("price", "aware_at", "found_at")


@dataclass(frozen=True)
class Case:
    """A contract, what was recorded, and the act to judge."""

    contract: Contract
    records: tuple[Event, ...]
    act: Event


def made(how: "Callable[[Maker], T]") -> SearchStrategy[T]:
    """Whatever `how` makes, each from one seed."""
    return st.integers(0, 2**40).map(lambda seed: how(Maker(seed)))


def cases() -> SearchStrategy[Case]:
    return made(lambda m: m.case(m.contract()))


def imported_cases() -> SearchStrategy[Case]:
    return made(lambda m: m.case(m.merged_contract()))


def focused_cases() -> SearchStrategy[Case]:
    return made(lambda m: m.focused_case())


def seeds() -> "SearchStrategy[Maker]":
    """A source of further choices."""
    return st.integers(0, 2**40).map(Maker)


def type_of(name: str) -> EventType:
    return next(t for t in TYPES if t.name == f"m.{name}")


def settable(name: str) -> list[FieldType]:
    return [f for f in type_of(name).fields if f.name not in UNSET]


class Maker(Random):
    """Chooses; the same seed chooses the same."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.number = seed

    def __repr__(self) -> str:
        return f"Maker({self.number})"

    def one(self, *choices: T) -> T:
        return self.choice(choices)

    def often(self, share: float) -> bool:
        return self.random() < share

    # ---- values and events

    def value(self, kind: FieldType) -> Value:
        match kind.type.kind:
            case Kind.FACT:
                return self.often(0.7)
            case Kind.CONCEPT:
                return self.purpose()
            case Kind.CONCEPTS:
                return frozenset(self.purpose() for _ in range(self.one(1, 2)))
            case Kind.NUMBER:
                return Decimal(self.one(0, 3, 5, 900))
            case Kind.INSTANT:
                return self.one(*INSTANTS)
            case _:
                return self.one("s1", "s1", "s2")

    def purpose(self) -> str:
        return f"v.{self.one('training', 'pretraining', 'pretraining', *PURPOSES)}"

    def facts(self, name: str, keys: bool, shown: float) -> dict[str, Value]:
        """Each fact shown or not. A record has its keys, a proposed act may lack one."""
        return {
            f.name: self.value(f)
            for f in settable(name)
            if (keys and f.type.kind is Kind.IDENTIFIER) or self.often(shown)
        }

    def record(self, n: int) -> Event:
        name = self.one(*PAST, "notify", "breach", "consent")
        return Event(
            f"r{n}", f"m.{name}", self.one(*INSTANTS), self.one("A", "B", "B"), self.one("A", "B", ""), "set-1",
            self.facts(name, True, 0.75), self.one(*SIGNERS), f"source{n}", index=n, unreliable=self.often(0.2),
        )  # fmt: skip

    def waiver(self) -> Event:
        facts = {"clause": "50", "incident": self.one("s1", "s2")}
        signers = self.one(signed("A"), signed("B"))
        return Event(
            "w", "waiver", self.one(*INSTANTS), "", facts=facts, signers=signers, source="w", index=90,
            unreliable=self.often(0.5),
        )  # fmt: skip

    def records(self, most: int = 6) -> tuple[Event, ...]:
        found = [self.record(n) for n in range(1, self.randint(0, most) + 1)]
        return (*found, self.waiver()) if self.often(0.2) else tuple(found)

    def act(self) -> Event:
        name = self.one(*ACTS)
        return Event(
            "act", f"m.{name}", NOON, "B", self.one("A", ""), "set-1", self.facts(name, False, self.one(0.6, 0.95)),
            self.one(ALL, signed("B"), (*signed("B"), AUDITOR)), "source-act", index=10_000,
        )  # fmt: skip

    def case(self, given: Contract) -> Case:
        return Case(given, self.records(), self.act())

    def focused_case(self) -> Case:
        """One condition as a permission, and records of what it reads, most of them about the act's own subject."""
        act = self.one("use", "use", "share")
        term = self.term(act, self.one(0, 0, 1))
        bar = clause("2", must_not("B", "use train", self.field_term("use")))
        given = contract(clause("1", may("B", act, term)), bar, clause("50", self.duty()), parameters=LISTS)
        named = [q.event for q in walk(term) if isinstance(q, Query)] or ["m.breach"]
        kinds = [k for name in named for k in Lookup(given).relevant_types(name)] + ["m.breach", "m.notify"]
        records = []
        for n in range(1, self.randint(1, 4) + 1):
            one = self.record(n)
            name = self.choice(kinds).removeprefix("m.")
            identifiers = [f.name for f in type_of(name).fields if f.type.kind is Kind.IDENTIFIER]
            keys = {key: self.one("s1", "s1", "s1", "s2") for key in identifiers}
            facts = {**self.facts(name, True, 0.6), **keys}
            records.append(replace(one, type=f"m.{name}", facts=facts, unreliable=self.often(0.3)))
        asked = replace(self.act(), type=f"m.{act}", facts={**self.facts(act, False, 0.6), "subject": "s1"})
        return Case(given, tuple(records), asked)

    # ---- terms

    def field_term(self, name: str) -> Term:
        """A test of one record's own facts."""
        forms = [lambda: fact(self.one(*FACTS[name]))]
        if name in WITH_CONCEPT:
            forms += [
                lambda: is_in(self.one(*PURPOSES), self.one("purpose", "purposes")),
                lambda: compare(self.one(*Order), size(), number(self.one(0, 3, 5))),
                lambda: Covers(parameter(self.one("closed", "open"), CONCEPTS), Field("purpose", CONCEPT)),
            ]
        return self.choice(forms)()

    def query(self, names: Sequence[str] = PAST) -> Query:
        name = self.choice(names)
        where = self.one(None, None, self.field_term(name), Not(self.field_term(name)))
        keys = (KEY[name],) if name in KEY and self.often(0.5) else ()
        within = self.one(None, None, hours(24), days(3), months(1), "month")
        return query(name, where, *keys, within=within, by=self.one(None, None, "A", "B", "anyone"))

    def history_term(self) -> Term:
        asked = self.query()
        name = asked.event.removeprefix("m.")
        has = self.field_term(name)
        forms: list[Callable[[], Term]] = [
            lambda: Some(asked),
            lambda: replace(every_(name, has), query=asked),
            lambda: LatestHas(asked, has),
            lambda: compare(self.one(*Order), replace(count(name), query=asked), number(self.randint(0, 3), TIMES)),
            lambda: Holds(LatestField(asked, self.one(*FACTS[name]), FACT)),
            lambda: EveryFollowed(asked, query("consent", None, *(k for k in asked.keys if k == "subject"))),
        ]
        if name in WITH_CONCEPT:
            forms += [
                lambda: compare(self.one(*Order), replace(total(name), query=asked), number(self.one(0, 3, 8))),
                lambda: compare(
                    self.one(*Order), CountDistinct(asked, "purpose", TIMES), number(self.randint(0, 3), TIMES)
                ),
            ]
        return self.choice(forms)()

    def breach_term(self) -> Term:
        return ClauseViolated("m.50", keys=self.one((), ("incident",)), ever=self.often(0.3))

    def term(self, act: str, depth: int = 2) -> Term:
        """A condition on the judged act: its facts, its past, and whether clause 50 is violated."""
        form = self.random()
        if depth == 0 or form < 0.5:
            leaf = self.random()
            if leaf < 0.45:
                return self.field_term(act)
            return self.history_term() if leaf < 0.85 else self.breach_term()
        if form < 0.65:
            return Not(self.term(act, depth - 1))
        args = tuple(self.term(act, depth - 1) for _ in range(self.one(2, 2, 3)))
        return self.one(both(*args), either(*args), AtLeast(2, args))

    # ---- contracts

    def norm(self, kinds: str = "grant limit bar", despite: tuple[str, ...] = ()) -> Sentence:
        named = self.one("use", "use", "train", "share", "use share", "train share")
        speaks = "share" if "share" in named else "use"
        condition = self.term(speaks, 1)
        unless = self.one(either(), either(), self.term(speaks, 0))
        match self.choice(kinds.split()):
            case "grant":
                aside = (self.choice(despite),) if despite and self.often(0.5) else ()
                return may("B", named, self.one(condition, both()), unless, aside)
            case "limit":
                return may_only("B", named, either(condition, self.term(speaks, 0)), unless)
            case _:
                return must_not("B", named, both(condition, self.term(speaks, 0)), unless)

    def duty(self) -> Sentence:
        party = self.one("A", "B")
        act = self.one("notify", "share", "train")
        where = self.one(both(), self.field_term("breach"))
        lifted = self.one(either(), self.field_term("breach"), self.history_term())
        second = must(party, self.one("share", "erase"), hours(24), when="")
        return must(
            party, act, self.one(hours(1), hours(24), days(2)), "breach", where, self.one("", "AB".replace(party, "")),
            except_=lifted, clock=self.one("", "", "aware_at", "found_at"), otherwise=self.one(None, second),
        )  # fmt: skip

    def contract(self, most: int = 4) -> Contract:
        """Clauses 1, 2, …; a permission may set aside sentences of earlier clauses; clause 50 holds a duty."""
        clauses: list[Clause] = []
        for n in range(self.randint(0, most)):
            sentence = self.norm(despite=tuple(c.id for c in clauses))
            applies = self.one(both(), both(), both(), self.history_term(), self.field_term("share"))
            clauses.append(clause(str(n + 1), sentence, applies=applies))
        if self.often(0.7):
            clauses.append(
                clause("40", may("B", self.one("use", "use share"), self.one(both(), self.term("share", 0))))
            )
        if self.often(0.4):
            clauses += self.priority()
        clauses.append(clause("50", self.duty()))
        header = self.one(Header(), Header(), Header(provider="B"), Header(provider="A"))
        return contract(*clauses, parameters=LISTS, header=header)

    def priority(self) -> list[Clause]:
        """A prohibition and the permission that sets it aside, each on one condition."""
        act = self.one("use", "use", "train", "share", "use share")
        condition, lifted = self.term("share", 0), self.term("share", 0)
        bar = self.one(must_not("B", act, self.one(both(), condition)), may_only("B", act, condition))
        return [clause("30", bar), clause("31", may("B", act, lifted, despite=("m.30",)))]

    def merged_contract(self) -> Contract:
        """A contract that imports another: one with it, or a pack or agreement beside it."""
        main = self.contract(2)
        kind = self.one(ModuleKind.CONTRACT, ModuleKind.CONTRACT, ModuleKind.PACK, ModuleKind.AGREEMENT)
        rest = [clause(str(n), self.norm(), module="o") for n in range(1, self.randint(1, 2) + 1)]
        setter = clause("60", may("B", self.one(*ACTS), self.term("share", 0), despite=("o.1",)))
        other = file(*rest, name="o", kind=kind, parties="C B")
        merged = ("o",) if kind is ModuleKind.CONTRACT else ()
        header = main.modules[0].header
        own = main.modules[0].clauses
        return contract(*own, setter, parameters=LISTS, header=header, others=(other,), merged=merged)

    # ---- more evidence

    def better_known(self, case: Case) -> Case:
        """The same case with one thing more known: a fact shown, a value narrowed, an act or a doubt settled."""
        doubtful = [e for e in case.records if e.unreliable]
        if doubtful and self.often(0.3):
            target, happened = self.choice(doubtful), self.often(0.5)
            settled = replace(target, unreliable=False)
            kept = (settled if e is target else e for e in case.records if happened or e is not target)
            return replace(case, records=tuple(kept))
        target = self.one(case.act, *case.records)
        better = self.one(self.filled, self.filled, self.narrowed, self.narrower_type)(target)
        if target is case.act:
            return replace(case, act=better)
        return replace(case, records=tuple(better if e is target else e for e in case.records))

    def narrower_type(self, target: Event) -> Event:
        return replace(target, type="m.train") if target.type == "m.use" else self.filled(target)

    def filled(self, target: Event) -> Event:
        """One more fact is shown: one that was missing, or one whose role had not signed."""
        if target.type == "waiver":
            return target
        fields = [f for f in type_of(target.type.removeprefix("m.")).fields if f.name != "price"]
        lacking = [f for f in fields if f.name not in target.facts or (f.shown_by and f.name not in target.caller)]
        if not lacking:
            return target
        kind = self.choice(lacking)
        value = target.facts.get(kind.name)
        told = {**target.facts, kind.name: self.value(kind) if value is None else value}
        shown = {kind.name} if kind.shown_by else set()
        return replace(target, facts=told, caller=target.caller | shown)

    def narrowed(self, target: Event) -> Event:
        told = dict(target.facts)
        value, several = told.get("purpose"), told.get("purposes")
        if isinstance(value, str) and value[2:] in NARROWER and self.often(0.6):
            told["purpose"] = f"v.{self.one(*NARROWER[value[2:]])}"
        elif isinstance(several, frozenset) and any(v[2:] in NARROWER for v in several):
            broad = self.choice(sorted(v for v in several if v[2:] in NARROWER))
            told["purposes"] = (several - {broad}) | {f"v.{self.one(*NARROWER[broad[2:]])}"}
        return replace(target, facts=told)

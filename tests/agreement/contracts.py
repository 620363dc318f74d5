"""Random contracts of every construct, each one that could be written in a clause file.

A seed makes the same contract again. Clauses are numbered by kind: 1-9 norms, 30-32 priorities, 40 a broad permission,
50-59 duties, 70 sentences of another file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import TypeVar

from smartclause.logic.contract import (
    EDITION,
    Answer,
    Bar,
    BreachTrigger,
    Clause,
    Contract,
    Duty,
    EventTrigger,
    FieldType,
    Grant,
    Header,
    Limit,
    Module,
    ModuleKind,
    Norm,
    Party,
    Repeated,
    Sentence,
    Standing,
    Track,
)
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.terms import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    AtLeast,
    ClauseViolated,
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
    Kind,
    LatestField,
    LatestHas,
    Money,
    Not,
    Order,
    Parameter,
    Query,
    Some,
    Term,
    Total,
    Type,
    Value,
)
from tests.agreement import setting as s

T = TypeVar("T")
RULES = (("UTC", "plain"), ("UTC", "plain"), ("Asia/Shanghai", "cn.civil_code"), ("Europe/Berlin", "eu.reg_1182_71.DE"))
_B_LATE = ("B", Duration(90, Unit.MINUTE))
LAGS = ((), (), (_B_LATE,), (_B_LATE, ("auditor", Duration(2, Unit.HOUR)), ("A", Duration(1, Unit.HOUR))))
_FIGURES = {
    s.RECORDS: ("row_cap", "row_cap", "blank_cap"), s.TIMES: ("times_cap",), s.MONEY: ("price_cap",),
}  # fmt: skip
_KINDS_OF_ORDER = (Kind.NUMBER, Kind.MONEY, Kind.PERCENTAGE, Kind.INSTANT, Kind.DATE, Kind.DURATION)


@dataclass(frozen=True)
class Scope:
    """What a condition may read: the fields and keys that all of `types` have; the clauses whose breach it may ask."""

    types: tuple[str, ...] = ()
    keys: tuple[str, ...] | None = None
    breaches: tuple[tuple[str, int, tuple[str, ...]], ...] = ()  # clause, sentence, keys of its instances
    history: bool = True

    @property
    def fields(self) -> list[FieldType]:
        shared = [{f.name: f for f in s.BY_NAME[t].fields} for t in self.types]
        return [f for f in shared[0].values() if all(f.name in each for each in shared)] if shared else []

    @property
    def identifiers(self) -> tuple[str, ...]:
        if self.keys is not None:
            return self.keys
        return tuple(f.name for f in self.fields if f.type.kind is Kind.IDENTIFIER)


class Drafter(Random):
    """Chooses; the same seed drafts the same contract."""

    def __init__(self, seed: int | str) -> None:
        super().__init__(str(seed))
        self.parties: tuple[str, ...] = ("A", "B")
        self.module = "m"

    def one(self, *choices: T) -> T:
        return self.choice(choices)

    def often(self, share: float) -> bool:
        return self.random() < share

    def own(self, name: str) -> str:
        return s.figure_of(self.module, name)

    def known(self, *types: str) -> tuple[str, ...]:
        """Those that the file being drafted knows."""
        return tuple(t for t in types if t.partition(".")[0] in ("v", self.module))

    # ---- values

    def const(self, kind: Type) -> Const:
        return Const(self.figure(kind), kind)

    def figure(self, kind: Type) -> Value:
        match kind.kind:
            case Kind.NUMBER:
                return Decimal(self.randint(0, 3)) if kind == s.TIMES else Decimal(self.one(0, 3, 5, 8))
            case Kind.MONEY:
                return Money(Decimal(self.one(0, 5, 8)), "CNY")
            case Kind.PERCENTAGE:
                return Decimal(self.one(5, 50))
            case Kind.INSTANT:
                return s.NOON + self.one(0, -s.DAY, s.DAY)
            case Kind.DATE:
                return date(2026, 6, self.one(14, 15, 16))
            case Kind.DURATION:
                return Duration(self.one(1, 2), self.one(Unit.HOUR, Unit.DAY))
            case Kind.CONCEPT:
                return f"v.{self.one(*(s.PLACES if kind == s.PLACE else s.NAMES[:-1]))}"
            case Kind.PARTY:
                return self.choice(self.parties)
            case _:
                return self.one("s1", "s2", "x")

    def measured(self, kind: Type) -> Expression:
        """A figure of this kind: written out, or a parameter."""
        names = _FIGURES.get(kind, ())
        return Parameter(self.own(self.choice(names)), kind) if names and self.often(0.45) else self.const(kind)

    def period(self) -> Const | Parameter:
        if self.often(0.25):
            return Parameter(self.own(self.one("span", "grace", "review_span", "blank_span")), s.PERIOD)
        count, unit = self.one(
            (90, Unit.MINUTE), (1, Unit.HOUR), (24, Unit.HOUR), (24, Unit.HOUR), (2, Unit.DAY), (3, Unit.DAY),
            (1, Unit.WORKING_DAY), (2, Unit.WORKING_DAY), (1, Unit.MONTH),
        )  # fmt: skip
        return Const(Duration(count, unit), s.PERIOD)

    # ---- conditions on one record

    def fact_test(self, scope: Scope) -> Term:
        """A test of one field of what is in view."""
        field = self.choice(self._weighted(scope.fields))
        mine = Field(field.name, field.type)
        match field.type.kind:
            case Kind.FACT:
                return Holds(mine)
            case Kind.CONCEPT | Kind.CONCEPTS:
                return self._covers(mine)
            case Kind.TEXT | Kind.IDENTIFIER | Kind.PARTY:
                return Compare(Order.EQUAL, mine, self.const(field.type))
            case _:
                order = Order.EQUAL if self.often(0.1) else self.one(*Order)
                if self.often(0.5) or order is Order.EQUAL or field.type.kind is Kind.INSTANT:
                    return Compare(order, mine, self.measured(field.type))
                return Compare(order, self.measured(field.type), mine)

    def _weighted(self, fields: list[FieldType]) -> list[FieldType]:
        """Facts and purposes more often than the other kinds."""
        weight = {Kind.FACT: 4, Kind.CONCEPT: 2, Kind.CONCEPTS: 2, Kind.NUMBER: 2}
        return [f for f in fields for _ in range(weight.get(f.type.kind, 1))]

    def _covers(self, mine: Field) -> Term:
        kind = s.PLACE if mine.type == s.PLACE else s.PURPOSE
        choices: list[Callable[[], Term]] = [lambda: Covers(self.const(kind), mine)] * 3
        choices.append(lambda: Covers(mine, self.const(kind)))
        if kind == s.PLACE:
            choices.append(lambda: Covers(Parameter(self.own("permitted_sites"), s.PLACE), mine))
        else:
            choices.append(lambda: Covers(Parameter(self.own("allowed_uses"), s.PURPOSES), mine))
            choices.append(lambda: Covers(Parameter(self.own("named_uses"), s.PURPOSES), mine))
        return self.choice(choices)()

    def where(self, event: str) -> Term:
        """Reads the record's own facts and constants only."""
        scope = Scope((event,))
        test = self.fact_test(scope)
        form = self.random()
        if form < 0.6:
            return test
        if form < 0.75:
            return Not(test)
        return self.one(All, AnyOf)((test, self.fact_test(scope)))

    # ---- history

    def query(self, scope: Scope, events: Sequence[str] = (), plain: bool = False) -> Query:
        usual = (*s.OCCURRENCES, "v.use", "v.use", "m.train", "v.share", "v.notify", "v.consent")
        event = self.choice(self.known(*(events or usual)))
        keys = [k for k in scope.identifiers if any(f.name == k for f in s.BY_NAME[event].fields)]
        taken = tuple(k for k in keys if k != "incident" or self.often(0.3))[: self.one(1, 1, 2)]
        by = self.one(None, None, None, "anyone", *self.parties)
        return Query(
            event, self.where(event) if not plain and self.often(0.45) else None,
            taken if taken and self.often(0.6) else (), self._window(), by,
        )  # fmt: skip

    def _window(self) -> Const | Parameter | str | None:  # type: ignore[return]
        form = self.random()
        if form < 0.35:
            return None
        return self.one("day", "month", "year") if form < 0.5 else self.period()

    def history(self, scope: Scope) -> Term:
        return self.choice(
            [self._some, self._some, self._every, self._followed, self._latest_has, self._latest_field, self._counted,
             self._counted, self._distinct, self._total, self._total]
        )(scope)  # fmt: skip

    def _some(self, scope: Scope) -> Term:
        return Some(self.query(scope))

    def _every(self, scope: Scope) -> Term:
        asked = self.query(scope)
        return Every(asked, self.where(asked.event))

    def _followed(self, scope: Scope) -> Term:
        asked = self.query(scope)
        answer = self.query(Scope((asked.event,)), ("v.consent", "v.notify", "v.audit", "v.use", "v.erase"))
        return EveryFollowed(asked, answer)

    def _latest_has(self, scope: Scope) -> Term:
        asked = self.query(scope)
        return LatestHas(asked, self.where(asked.event))

    def _latest_field(self, scope: Scope) -> Term:
        asked = self.query(scope)
        field = self.choice(self._weighted(list(s.BY_NAME[asked.event].fields)))
        latest = LatestField(asked, field.name, field.type)
        mine = [f for f in scope.fields if f.type == field.type]
        match field.type.kind:
            case Kind.FACT:
                return Holds(latest)
            case Kind.CONCEPT | Kind.CONCEPTS:
                near = [f for f in scope.fields if f.type.detail == field.type.detail]
                if near and self.often(0.6):
                    own = self.choice(near)
                    return Covers(latest, Field(own.name, own.type))
                return Covers(self.const(s.PLACE if field.type == s.PLACE else s.PURPOSE), latest)
            case kind:
                order = self.one(*Order) if kind in _KINDS_OF_ORDER else Order.EQUAL
                right = Field(mine[0].name, field.type) if mine and self.often(0.4) else self.measured(field.type)
                return Compare(order, latest, right)

    def _counted(self, scope: Scope) -> Term:
        against = [Field(f.name, f.type) for f in scope.fields if f.type == s.TIMES]
        right = self.choice(against) if against and self.often(0.3) else self.measured(s.TIMES)
        return Compare(self.one(*Order), Count(self.query(scope), s.TIMES), right)

    def _distinct(self, scope: Scope) -> Term:
        asked = self.query(scope)
        names = [f.name for f in s.BY_NAME[asked.event].fields]
        name = self.choice([n for n in ("purpose", "site", "subject", "owner", "incident") if n in names])
        return Compare(self.one(*Order), CountDistinct(asked, name, s.PLAIN), self.const(s.TIMES))

    def _total(self, scope: Scope) -> Term:
        asked = self.query(scope, ("v.use", "m.train", "v.share", "v.consent", "v.consent", "v.audit"))
        name = self.one("size", "size", "price", "fee")
        kind = s.RECORDS if name == "size" else s.MONEY
        against = [Field(f.name, f.type) for f in scope.fields if f.type == kind]
        right = self.choice(against) if against and self.often(0.25) else self.measured(kind)
        return Compare(self.one(*Order), Total(asked, name, kind), right)

    # ---- conditions

    def leaf(self, scope: Scope) -> Term:
        form = self.random()
        if scope.breaches and form < 0.15:
            clause, sentence, keys = self.choice(scope.breaches)
            keyed = tuple(k for k in keys if k in scope.identifiers)
            return ClauseViolated(clause, self.one(0, sentence), keyed if self.often(0.6) else (), self.often(0.3))
        if scope.fields and (form < 0.55 or not scope.history):
            return self.fact_test(scope)
        return self.history(scope)

    def term(self, scope: Scope, depth: int = 2) -> Term:
        form = self.random()
        if depth == 0 or form < 0.45:
            return self.leaf(scope)
        if form < 0.6:
            return Not(self.term(scope, depth - 1))
        args = tuple(self.term(scope, depth - 1) for _ in range(self.one(2, 2, 3)))
        if form < 0.72:
            return AtLeast(self.randint(1, len(args)), args)
        return self.one(All, AnyOf)(args)

    # ---- norms

    def norm(self, scope_of: Callable[[tuple[str, ...]], Scope], kinds: str, number: int = 1) -> Norm:
        acts = self.one(
            ("v.use",), ("v.use",), ("m.train",), ("v.share",), ("v.job",), ("v.notify",), ("v.use", "v.share"),
            ("m.train", "v.share"), ("v.notify", "v.erase"), ("v.use", "m.train"),
        )  # fmt: skip
        acts = self.known(*acts) or ("v.use",)
        party = self.one("B", "B", "B", *self.parties)
        scope = scope_of(acts)
        condition = self.term(scope, self.one(1, 1, 2))
        exception = self.one(FALSE, FALSE, self.term(scope, self.one(0, 1)))
        match self.choice(kinds.split()):
            case "grant":
                return Grant(number, party, acts, self.one(condition, TRUE), exception)
            case "limit":
                return Limit(number, party, acts, condition, exception)
            case _:
                return Bar(number, party, acts, self.one(condition, condition, TRUE), exception)

    def norm_clause(self, module: str, number: str, breaches: tuple[tuple[str, int, tuple[str, ...]], ...]) -> Clause:
        def scope_of(acts: tuple[str, ...]) -> Scope:
            return Scope(acts, breaches=breaches)

        norms = [self.norm(scope_of, "grant grant limit bar", n) for n in range(1, self.one(1, 1, 1, 2) + 1)]
        acts = tuple(dict.fromkeys(a for n in norms for a in n.acts))
        applies = self.term(scope_of(acts), self.one(0, 1)) if self.often(0.25) else TRUE
        return _clause(module, number, norms, applies)

    def priorities(self, breaches: tuple[tuple[str, int, tuple[str, ...]], ...], module: str = "m") -> list[Clause]:
        """A prohibition, the permission that sets it aside, and perhaps one that sets a bar beside that aside."""
        acts = self.known(*self.one(("v.use",), ("v.use",), ("m.train",), ("v.use", "v.share"))) or ("v.share",)
        scope = Scope(acts, breaches=breaches)
        first = self.one(
            Bar(1, "B", acts, self.one(TRUE, self.term(scope, 0))), Limit(1, "B", acts, self.term(scope, 0))
        )
        lifting = Grant(1, "B", self.one(acts, acts[:1]), self.term(scope, 0), FALSE, (f"{module}.30",))
        found = [_clause(module, "30", [first])]
        if self.often(0.5):
            return [*found, _clause(module, "31", [lifting])]
        again = Bar(2, "B", lifting.acts, self.term(scope, 0))
        above = Grant(1, "B", lifting.acts, self.term(scope, 0), FALSE, (f"{module}.31",))
        return [*found, _clause(module, "31", [lifting, again]), _clause(module, "32", [above])]

    # ---- duties

    def answers(self, party: str, asked: tuple[str, ...] = ()) -> tuple[Answer, ...]:
        usual = (
            ("v.notify",), ("v.notify",), ("v.erase",), ("v.share",), ("v.use",), ("m.train",), ("v.notify", "m.pay"),
            ("v.erase", "v.warn"),
        )  # fmt: skip
        chosen = self.known(*(asked or self.one(*usual)))
        acts = tuple(a for a in chosen if a != "m.pay" or party == "B") or ("v.erase",)
        return tuple(Answer(a, self._answering(a)) for a in acts)

    def _plain_answers(self, party: str) -> tuple[Answer, ...]:
        found = self.answers(party)
        return tuple(Answer(a.act) for a in found) if self.often(0.6) else found

    def _answering(self, act: str) -> Term:
        """What discharges a duty is judged at that act, and may read history."""
        if self.often(0.65):
            return TRUE
        return self.term(Scope((act,)), 0)

    def recipient(self, debtor: str) -> str:
        return self.one("", *(p for p in self.parties if p != debtor))

    def duty_by_event(self, breaches: tuple[tuple[str, int, tuple[str, ...]], ...]) -> Duty:
        party = self.choice(self.parties[:2])
        events = self.one(("v.breach",), ("v.breach",), ("v.leak",), ("v.breach", "v.loss"), ("v.consent",), ("v.use",))
        timed = all(e in ("v.breach", "v.leak", "v.loss") for e in events)
        key = "incident" if timed or self.often(0.3) else "subject"
        scope = Scope(events, breaches=breaches)
        triggers = tuple(EventTrigger(e, self._trigger_where(e)) for e in events)
        exception = self.one(FALSE, FALSE, self.term(scope, self.one(0, 0, 1)))
        end: Expression | None = None
        clock = ""
        form = self.random()
        if timed and form < 0.35:
            clock = self.one("aware_at", "found_at")
        elif timed and form < 0.5:
            end = self.one(Field("answer_by", s.INSTANT), Field("answer_day", s.ON_DAY))
        waiver = self.one("", "", *(p for p in self.parties if p != party))
        second = Duty(
            1, party, (), self._plain_answers(party), self.recipient(party), self.period(), keys=(key,)
        ) if self.often(0.4) else None  # fmt: skip
        return Duty(
            1, party, triggers, self.answers(party), self.recipient(party), None if end else self.period(), clock, end,
            (key,), exception, waiver, second,
        )  # fmt: skip

    def _trigger_where(self, event: str) -> Term:
        if self.often(0.6):
            return TRUE
        return self.term(Scope((event,)), self.one(0, 0, 1))

    def duty_by_breach(self, clause: str, sentence: int, keys: tuple[str, ...]) -> Duty:
        party = self.choice(self.parties[:2])
        scope = Scope((), keys)
        exception = self.one(FALSE, FALSE, self.history(scope))
        return Duty(
            1, party, (BreachTrigger(clause, self.one(0, sentence)),), self.answers(party), self.recipient(party),
            self.period(), keys=keys, exception=exception,
        )  # fmt: skip

    def duty_by_force(self) -> Duty:
        party = self.choice(self.parties[:2])
        end = Const(s.NOON + self.one(-s.DAY, 0, 2 * s.DAY), s.INSTANT) if self.often(0.6) else None
        exception = self.one(FALSE, FALSE, self.history(Scope((), ())))
        return Duty(
            1, party, (), self.answers(party, ("v.erase",)), self.recipient(party), None if end else self.period(),
            no_later_than=end, exception=exception,
        )  # fmt: skip

    def repeated(self) -> Repeated:
        party = self.choice(self.parties[:2])
        period = Const(self.one(Duration(2, Unit.DAY), Duration(1, Unit.MONTH), Duration(36, Unit.HOUR)), s.PERIOD)
        kept = Parameter(self.own("grace"), s.PERIOD) if self.often(0.2) else period
        return Repeated(
            1, party, self.answers(party, self.one(("v.notify",), ("m.pay", "v.erase"))), kept, self.recipient(party)
        )

    def standing(self) -> Standing:
        key = self.one("", "subject", "incident")
        scope = Scope((), (key,) if key else ())
        after = self.one(None, None, Const(Duration(1, Unit.DAY), s.PERIOD))
        return Standing(1, self.choice(self.parties[:2]), self._lasting(scope), key, after)

    def _lasting(self, scope: Scope) -> Term:
        first = self.history(scope)
        return first if self.often(0.6) else self.one(All, AnyOf)((first, Not(self.history(scope))))

    def duty_clauses(self, module: str = "m") -> list[Clause]:
        """Later clauses may read the breaches of earlier ones; never in a circle."""
        made: list[Clause] = []
        for number in range(50, 50 + self.one(0, 1, 1, 2, 2, 3)):
            owed = owed_by(made)
            form = self.random()
            sentence: Sentence
            if form < 0.15 and [o for o in owed if o[2] != ()]:
                sentence = self.duty_by_breach(*self.choice(owed))
            elif form < 0.62:
                sentence = self.duty_by_event(owed)
            elif form < 0.74:
                sentence = self.duty_by_force()
            elif form < 0.87:
                sentence = self.repeated()
            else:
                sentence = self.standing()
            made.append(_clause(module, str(number), [sentence], self._imposed(sentence)))
        return made

    def _imposed(self, sentence: Sentence) -> Term:
        if self.often(0.8):
            return TRUE
        if (
            isinstance(sentence, Duty)
            and sentence.triggers
            and all(isinstance(t, EventTrigger) for t in sentence.triggers)
        ):
            return self.term(Scope(tuple(t.event for t in sentence.triggers if isinstance(t, EventTrigger))), 0)
        return self.history(Scope((), ()))

    # ---- files

    def header(self) -> Header:
        zone, rule = self.one(*RULES)
        since, until = self.one(
            (None, None), (None, None), (date(2026, 6, 1), None), (date(2026, 6, 14), None),
            (date(2026, 6, 1), date(2026, 6, 15)), (date(2026, 6, 1), date(2026, 6, 14)), (date(2026, 6, 16), None),
        )  # fmt: skip
        return Header(
            since, until, zone, rule, provider=self.one("", "", "A", "B"),
            lag=self.one(*LAGS),
            news=self.one(None, None, None, Duration(2, Unit.HOUR)),
            records_due=self.one(None, None, Duration(1, Unit.HOUR)),
            checkpoint_gap=self.one(None, Duration(2, Unit.HOUR)),
            enders=self.one((), (), ("A",), ("A", "B")),
        )  # fmt: skip

    def clauses(self, module: str = "m", most: int = 3) -> list[Clause]:
        owing = self.duty_clauses(module)
        breaches = tuple(owed_by(owing))
        made = [self.norm_clause(module, str(n), breaches) for n in range(1, self.randint(0, most) + 1)]
        if self.often(0.35):
            made += self.priorities(breaches, module)
        if self.often(0.6) or not any(isinstance(x, Grant) for c in made for x in c.sentences):
            acts = self.one(("v.use",), ("v.use", "v.share"), ("v.use", "v.job"))
            wide = self.one(TRUE, self.term(Scope(acts, breaches=breaches), 0))
            made.append(_clause(module, "40", [Grant(1, "B", acts, wide)]))
        made += owing
        return [replace(c, survives=True) if self.often(0.06) else c for c in made]

    def contract(self) -> Contract:
        self.parties = self.one(("A", "B"), ("A", "B"), ("A", "B", "C"))
        kind = self.one(*[ModuleKind.CONTRACT] * 8, ModuleKind.PACK, ModuleKind.AGREEMENT)
        main = self._module("m", kind, self.clauses(), self.header())
        other = self._other() if kind is ModuleKind.CONTRACT and self.often(0.45) else None
        return self._linked(main, other)

    def _module(self, name: str, kind: ModuleKind, clauses: list[Clause], header: Header) -> Module:
        if kind is not ModuleKind.CONTRACT:
            header = replace(header, provider="", lag=(), enders=() if kind is ModuleKind.PACK else header.enders)
        people = tuple(Party(p, "keeper" if p == "A" else "") for p in self.parties)
        return Module(name, "1", kind, header=header, parties=people, clauses=tuple(clauses))

    def _other(self) -> Module:
        """An imported contract, pack or agreement, which speaks of the same acts."""
        kind = self.one(ModuleKind.CONTRACT, ModuleKind.CONTRACT, ModuleKind.PACK, ModuleKind.AGREEMENT)
        self.module = "o"
        made = self._module("o", kind, self.clauses("o", 2), self.header())
        self.module = "m"
        return made

    def _linked(self, main: Module, other: Module | None) -> Contract:
        words = Module("v", "1", ModuleKind.VOCABULARY)
        others = () if other is None else (other,)
        merged = tuple(o.name for o in others if o.kind is ModuleKind.CONTRACT)
        if merged and self.often(0.6):
            main = replace(main, clauses=(*main.clauses, *self._from_outside(others[0])))
        sets = ("o",) if merged and self.often(0.15) else ()
        main = replace(main, uses=("v", *(o.name for o in others)), sets=sets)
        others = tuple(
            replace(o, uses=("v",), parties=(*o.parties, Party("D")) if self.often(0.3) else o.parties) for o in others
        )
        tracks = (Track("m", main.kind is ModuleKind.CONTRACT, ("m", *merged)),)
        tracks += tuple(Track(o.name, False, (o.name,)) for o in others if o.name not in merged and o.clauses)
        unbound = ("D",) if any(o.kind is ModuleKind.PACK for o in others) and self.often(0.3) else ()
        figures = tuple(p for name in ("m", *(o.name for o in others)) for p in s.parameters_of(name))
        return Contract(
            "m", EDITION, (main, *others, words), tracks, s.TYPES, s.VOCABULARY, figures, unbound=unbound,
        )  # fmt: skip

    def _from_outside(self, other: Module) -> list[Clause]:
        """A permission that sets a bar of the imported contract aside."""
        for clause in other.clauses:
            for bar in clause.sentences:
                if isinstance(bar, Bar | Limit):
                    condition = self.term(Scope(bar.acts), 0)
                    return [_clause("m", "70", [Grant(1, bar.party, bar.acts, condition, FALSE, (clause.id,))])]
        return []


def _clause(module: str, number: str, sentences: Sequence[Sentence], applies: Term = TRUE) -> Clause:
    numbered = tuple(replace(x, number=i) for i, x in enumerate(sentences, 1))
    return Clause(f"{module}.{number}", number, f"c{number}", applies=applies, sentences=numbered)


def owed_by(clauses: Sequence[Clause]) -> list[tuple[str, int, tuple[str, ...]]]:
    """Clauses with a duty, the number of the sentence, and the keys of its instances."""
    found = []
    for clause in clauses:
        for sentence in clause.sentences:
            match sentence:
                case Duty():
                    found.append((clause.id, sentence.number, sentence.keys))
                case Standing():
                    found.append((clause.id, sentence.number, (sentence.for_each,) if sentence.for_each else ()))
                case Repeated():
                    found.append((clause.id, sentence.number, ()))
                case _:
                    pass
    return found


def contract_of(seed: int) -> Contract:
    return Drafter(f"contract {seed}").contract()

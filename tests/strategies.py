"""Random small contracts, histories and acts over the small world of `tests.logic.builders`.

Everything is built as the evaluator reads it; nothing is parsed. Domains are small so that conditions often meet.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

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
    Not,
    Order,
    Query,
    Term,
    Value,
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
    concept,
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
    latest_has,
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
    some_,
    total,
)

AUDITOR = Signer("x-key", "X", frozenset({"auditor"}))
SIGNERS = (
    ALL,
    signed("A"),
    signed("B"),
    signed("A", "B"),
    (*signed("A"), AUDITOR),
    (*signed("B"), AUDITOR),
    (AUDITOR,),
)
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

orders = st.sampled_from(list(Order))
purposes = st.sampled_from(PURPOSES).map(lambda name: f"v.{name}")
parties = st.sampled_from(["A", "B"])
instants = st.sampled_from([NOON - 40 * DAY, NOON - 3 * DAY, NOON - 2 * DAY, NOON - 25 * HOUR, NOON - HOUR, NOON - 1])


# ---- values and events


def values(kind: FieldType) -> SearchStrategy[Value]:
    match kind.type.kind:
        case Kind.FACT:
            return st.booleans()
        case Kind.CONCEPT:
            return purposes
        case Kind.CONCEPTS:
            return st.frozensets(purposes, min_size=1, max_size=2)
        case Kind.NUMBER:
            return st.sampled_from([Decimal(0), Decimal(3), Decimal(5), Decimal(900)])
        case Kind.INSTANT:
            return instants
        case _:
            return st.sampled_from(["s1", "s2"])


def type_of(name: str) -> EventType:
    return next(t for t in TYPES if t.name == f"m.{name}")


def settable(name: str) -> list[FieldType]:
    return [f for f in type_of(name).fields if f.name not in ("price", "aware_at", "found_at")]


@st.composite
def facts(draw: DrawFn, name: str, keys: bool) -> dict[str, Value]:
    """Each fact shown or not. A record has its keys, a proposed act may lack one."""
    found: dict[str, Value] = {}
    for kind in settable(name):
        sure = keys and kind.type.kind is Kind.IDENTIFIER
        if sure or draw(st.integers(0, 3)) > 0:
            found[kind.name] = draw(values(kind))
    return found


@st.composite
def records(draw: DrawFn, most: int = 5) -> list[Event]:
    found = []
    for n in range(1, draw(st.integers(0, most)) + 1):
        name = draw(st.sampled_from([*PAST, "notify", "breach"]))
        event = Event(
            f"r{n}", f"m.{name}", draw(instants), draw(parties), draw(st.sampled_from(["A", "B", ""])), "set-1",
            draw(facts(name, keys=True)), draw(st.sampled_from(SIGNERS)), f"source{n}", index=n,
            unreliable=draw(st.integers(0, 3)) == 0,
        )  # fmt: skip
        found.append(event)
    if draw(st.integers(0, 3)) == 0:
        waived = {"clause": "50", "incident": draw(st.sampled_from(["s1", "s2"]))}
        signers = draw(st.sampled_from([signed("A"), signed("B")]))
        found.append(
            Event("w", "waiver", draw(instants), "", facts=waived, signers=signers, source="w", index=90,
                  unreliable=draw(st.booleans()))
        )  # fmt: skip
    return found


@st.composite
def acts(draw: DrawFn) -> Event:
    name = draw(st.sampled_from(ACTS))
    return Event(
        "act", f"m.{name}", NOON, "B", draw(st.sampled_from(["A", ""])), "set-1", draw(facts(name, keys=False)),
        draw(st.sampled_from([ALL, signed("B"), (*signed("B"), AUDITOR)])), "source-act", index=10_000,
    )  # fmt: skip


# ---- terms


def field_terms(name: str) -> SearchStrategy[Term]:
    """Tests of one record's own facts."""
    found = [st.sampled_from(FACTS[name]).map(fact)]
    if name in WITH_CONCEPT:
        broad = st.sampled_from(PURPOSES)
        found.append(st.builds(is_in, broad, st.sampled_from(["purpose", "purposes"])))
        found.append(st.builds(compare, orders, st.just(size()), st.sampled_from([0, 3, 5]).map(number)))
        lists = st.sampled_from(["closed", "open"]).map(lambda p: parameter(p, CONCEPTS))
        found.append(lists.map(lambda p: Covers(p, Field("purpose", CONCEPT))))
    return st.one_of(found)


@st.composite
def queries(draw: DrawFn, names: tuple[str, ...] = PAST) -> Query:
    name = draw(st.sampled_from(names))
    where = draw(st.one_of(st.none(), field_terms(name), field_terms(name).map(Not)))
    keys = (KEY[name],) if name in KEY and draw(st.booleans()) else ()
    within = draw(st.sampled_from([None, None, hours(24), days(3), months(1), "month"]))
    return query(name, where, *keys, within=within, by=draw(st.sampled_from([None, "A", "B", "anyone"])))


@st.composite
def history_terms(draw: DrawFn) -> Term:
    asked = draw(queries())
    name = asked.event.removeprefix("m.")
    form = draw(st.integers(0, 7))
    has = draw(field_terms(name))
    if form == 0:
        return some_(name, asked.where, *asked.keys, within=asked.within, by=asked.by)
    if form == 1:
        return replace(every_(name, has), query=asked)  # type: ignore[arg-type]
    if form == 2:
        return replace(latest_has(name, has), query=asked)  # type: ignore[arg-type]
    if form == 3:
        return compare(draw(orders), replace(count(name), query=asked), number(draw(st.integers(0, 3)), TIMES))
    if form == 4:
        return Holds(LatestField(asked, draw(st.sampled_from(FACTS[name])), FACT))
    if form == 5:
        return EveryFollowed(asked, query("consent", None, *(k for k in asked.keys if k == "subject")))
    if name not in WITH_CONCEPT:
        return some_(name, has)
    if form == 6:
        return compare(draw(orders), replace(total(name), query=asked), number(draw(st.sampled_from([0, 3, 8]))))
    return compare(draw(orders), CountDistinct(asked, "purpose", TIMES), number(draw(st.integers(0, 3)), TIMES))


BREACHES = st.builds(
    ClauseViolated, st.just("m.50"), keys=st.sampled_from([(), ("incident",)]), ever=st.booleans()
)  # fmt: skip


def terms(act: str = "use", depth: int = 2) -> SearchStrategy[Term]:
    """Conditions on the judged act: its facts, its past, and whether clause 50 is violated."""
    leaves = st.one_of(field_terms(act), history_terms(), history_terms(), BREACHES)
    if depth == 0:
        return leaves
    inner = terms(act, depth - 1)
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        leaves,
        inner.map(Not),
        several.map(lambda args: both(*args)),
        several.map(lambda args: either(*args)),
        several.map(lambda args: AtLeast(2, tuple(args))),
    )


# ---- contracts


@st.composite
def norms(draw: DrawFn, despite: tuple[str, ...] = ()) -> Sentence:
    named = st.lists(st.sampled_from(ACTS), min_size=1, max_size=2, unique=True).map(" ".join)
    act = draw(named)
    condition = draw(terms("share" if "share" in act else "use", 1))
    unless = draw(st.one_of(st.just(either()), terms("share" if "share" in act else "use", 0)))
    form = draw(st.integers(0, 4))
    if form >= 2:
        aside = tuple(draw(st.lists(st.sampled_from(despite), max_size=2, unique=True))) if despite else ()
        return may("B", act, condition if form < 4 else both(), unless, aside)
    return may_only("B", act, condition, unless) if form else must_not("B", act, condition, unless)


@st.composite
def duties(draw: DrawFn) -> Sentence:
    party = draw(parties)
    act = draw(st.sampled_from(["notify", "share", "train"]))
    where = draw(st.one_of(st.just(both()), field_terms("breach")))
    except_ = draw(st.one_of(st.just(either()), field_terms("breach"), history_terms()))
    period = draw(st.sampled_from([hours(1), hours(24), days(2)]))
    clock = draw(st.sampled_from(["", "", "aware_at", "found_at"]))
    to = draw(st.sampled_from(["", "A" if party == "B" else "B"]))
    second = must(party, draw(st.sampled_from(["share", "erase"])), hours(24), when="")
    otherwise = draw(st.sampled_from([None, second]))
    return must(party, act, period, "breach", where, to, except_=except_, clock=clock, otherwise=otherwise)


HEADERS = st.sampled_from([Header(), Header(provider="B"), Header(provider="A")])


@st.composite
def contracts(draw: DrawFn, most: int = 4) -> Contract:
    """Clauses 1, 2, …; a permission may set aside sentences of earlier clauses; clause 50 holds a duty."""
    clauses: list[Clause] = []
    for n in range(1, draw(st.integers(1, most)) + 1):
        sentence = draw(norms(tuple(c.id for c in clauses)))
        applies = draw(st.one_of(st.just(both()), st.just(both()), history_terms()))
        clauses.append(clause(str(n), sentence, applies=applies))
    clauses.append(clause("50", draw(duties())))
    return contract(*clauses, parameters=LISTS, header=draw(HEADERS))


@st.composite
def merged_contracts(draw: DrawFn) -> Contract:
    """A contract that imports another: one with it, or a pack or agreement beside it."""
    main = draw(contracts(2))
    kind = draw(st.sampled_from([ModuleKind.CONTRACT, ModuleKind.PACK, ModuleKind.AGREEMENT]))
    rest = [clause(str(n), draw(norms()), module="o") for n in range(1, draw(st.integers(1, 2)) + 1)]
    setter = clause("60", may("B", draw(st.sampled_from(ACTS)), draw(terms("use", 0)), despite=("o.1",)))
    other = file(*rest, name="o", kind=kind, parties="C B")
    merged = ("o",) if kind is ModuleKind.CONTRACT else ()
    own = main.modules[0].clauses
    return contract(*own, setter, parameters=LISTS, header=main.modules[0].header, others=(other,), merged=merged)


# ---- more evidence


@dataclass(frozen=True)
class Case:
    """A contract, what was recorded, and the act to judge."""

    contract: Contract
    records: tuple[Event, ...]
    act: Event


def cases(made: SearchStrategy[Contract] | None = None) -> SearchStrategy[Case]:
    return st.builds(Case, contracts() if made is None else made, records().map(tuple), acts())


@st.composite
def better_known(draw: DrawFn, case: Case) -> Case:
    """The same case with one thing more known: a fact shown, a value narrowed, an act or a doubt settled."""
    events = [case.act, *case.records]
    target = draw(st.sampled_from(events))
    change = draw(st.sampled_from(["fill", "fill", "narrow", "type", "settle"]))
    if change == "settle":
        doubtful = [e for e in case.records if e.unreliable]
        if not doubtful:
            return case
        target = draw(st.sampled_from(doubtful))
        settled = replace(target, unreliable=False)
        happened = draw(st.booleans())
        kept = tuple(settled if e is target else e for e in case.records if happened or e is not target)
        return replace(case, records=kept)
    better = draw(_better(target, change))
    if target is case.act:
        return replace(case, act=better)
    return replace(case, records=tuple(better if e is target else e for e in case.records))


@st.composite
def _better(draw: DrawFn, target: Event, change: str) -> Event:
    if target.type == "waiver":
        return target
    name = target.type.removeprefix("m.")
    if change == "type":
        return replace(target, type="m.train") if name == "use" else target
    if change == "narrow":
        return replace(target, facts=draw(_narrowed(dict(target.facts))))
    kind = draw(st.sampled_from(list(type_of(name).fields)))
    if kind.name == "price":
        return target
    if kind.name in target.facts:  # stated, but perhaps not shown by its role
        return replace(target, caller=target.caller | {kind.name}) if kind.shown_by else target
    told = {**target.facts, kind.name: draw(values(kind))}
    shown = {kind.name} if kind.shown_by else set()
    return replace(target, facts=told, caller=target.caller | shown)


@st.composite
def _narrowed(draw: DrawFn, told: dict[str, Value]) -> dict[str, Value]:
    value = told.get("purpose")
    if isinstance(value, str) and value[2:] in NARROWER and draw(st.booleans()):
        return {**told, "purpose": f"v.{draw(st.sampled_from(NARROWER[value[2:]]))}"}
    several = told.get("purposes")
    if isinstance(several, frozenset):
        broad = sorted(v for v in several if v[2:] in NARROWER)
        if broad:
            one = draw(st.sampled_from(broad))
            narrow = f"v.{draw(st.sampled_from(NARROWER[one[2:]]))}"
            return {**told, "purposes": (several - {one}) | {narrow}}
    return told


def lookup(case: Case) -> Lookup:
    return Lookup(case.contract)


__all__ = [
    "Case",
    "acts",
    "better_known",
    "cases",
    "concept",
    "contracts",
    "merged_contracts",
    "norms",
    "records",
    "terms",
]

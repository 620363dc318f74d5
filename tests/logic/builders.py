"""Short words to write contracts, records and acts by hand in tests. The small world of every example:

A provides data to B. `use` is controlled, `train` a narrower use, `share` another controlled act; `notify` and
`erase` are unrestricted. `consent`, `breach`, `loss` may be recorded by anyone, `audit` by an auditor only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from smartclause.logic.contract import (
    BUILT_IN,
    EDITION,
    Answer,
    Bar,
    BreachTrigger,
    Clause,
    Concept,
    Contract,
    Dated,
    Disjoint,
    Duty,
    Edge,
    EventKind,
    EventTrigger,
    EventType,
    FieldType,
    Grant,
    Header,
    Limit,
    Module,
    ModuleKind,
    ParameterValue,
    Party,
    Repeated,
    Sentence,
    Standing,
    Track,
    Vocabulary,
)
from smartclause.logic.counting import Duration, Instant, Unit, parse_instant
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.instances import Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer, Source, Trust
from smartclause.logic.terms import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    Compare,
    Const,
    Count,
    Covers,
    Every,
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
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseFinding, Verdict, judge_act
from smartclause.logic.world import Cloud, Position, Record, World, build, place

HOUR = 3_600_000_000
DAY = 24 * HOUR

FACT = Type(Kind.FACT)
IDENTIFIER = Type(Kind.IDENTIFIER)
CONCEPT = Type(Kind.CONCEPT, "v.purpose")
CONCEPTS = Type(Kind.CONCEPTS, "v.purpose")
NUMBER = Type(Kind.NUMBER, "record")
TIMES = Type(Kind.NUMBER, "times")
MONEY = Type(Kind.MONEY, "CNY")
INSTANT = Type(Kind.INSTANT)
DURATION = Type(Kind.DURATION)

# ---- the small vocabulary
#   purpose > training > pretraining, finetuning;  purpose > research;  purpose > resale;  stray
#   training, resale disjoint; research overlaps with nobody knows what
PURPOSES = ("purpose", "training", "pretraining", "finetuning", "research", "resale", "stray")
EDGES = (
    Edge("v.training", "v.purpose"),
    Edge("v.pretraining", "v.training"),
    Edge("v.finetuning", "v.training"),
    Edge("v.research", "v.purpose"),
    Edge("v.resale", "v.purpose"),
)
VOCABULARY = Vocabulary(
    tuple(Concept(f"v.{name}") for name in PURPOSES), EDGES, (Disjoint(("v.training", "v.resale")),)
)


def field(name: str, kind: Type = FACT, shown_by: str = "", low: Value | None = None, high: Value | None = None):
    return FieldType(name, kind, shown_by, low, high)


USE_FIELDS = (
    field("subject", IDENTIFIER),
    field("incident", IDENTIFIER),
    field("paid"),
    field("fresh"),
    field("approved", shown_by="auditor"),
    field("purpose", CONCEPT),
    field("purposes", CONCEPTS),
    field("size", NUMBER, low=Decimal(0), high=Decimal(1000)),
    field("price", MONEY, low=Money(Decimal(0), "CNY"), high=Money(Decimal(1000), "CNY")),
)
CONSENT_FIELDS = (
    field("subject", IDENTIFIER),
    field("given"),
    field("checked", shown_by="auditor"),
    field("purpose", CONCEPT),
    field("purposes", CONCEPTS),
    field("size", NUMBER, low=Decimal(0), high=Decimal(1000)),
)
BREACH_FIELDS = (
    field("incident", IDENTIFIER),
    field("severe"),
    field("grave", shown_by="auditor"),
    field("aware_at", INSTANT),
    field("found_at", INSTANT, shown_by="auditor"),
)
TYPES = (
    EventType("m.use", EventKind.CONTROLLED, fields=USE_FIELDS),
    EventType("m.train", EventKind.CONTROLLED, "m.use", fields=(*USE_FIELDS, field("secret"))),
    EventType("m.share", EventKind.CONTROLLED, fields=USE_FIELDS),
    EventType("m.notify", EventKind.UNRESTRICTED, fields=(field("incident", IDENTIFIER), field("complete"))),
    EventType("m.erase", EventKind.UNRESTRICTED, fields=(field("incident", IDENTIFIER), field("subject", IDENTIFIER))),
    EventType("m.consent", EventKind.OCCURRENCE, fields=CONSENT_FIELDS),
    EventType("m.breach", EventKind.OCCURRENCE, fields=BREACH_FIELDS),
    EventType("m.loss", EventKind.OCCURRENCE, fields=BREACH_FIELDS),
    EventType("m.audit", EventKind.OCCURRENCE, by="auditor", fields=CONSENT_FIELDS),
)


def q(name: str, module: str = "m") -> str:
    return name if "." in name or name in BUILT_IN else f"{module}.{name}"


def at(text: str) -> Instant:
    """`2026-03-01` or `2026-03-01T09:00`, UTC."""
    return parse_instant(f"{text}T00:00Z" if len(text) == 10 else f"{text}Z")


NOON = at("2026-06-15T12:00")

# ---- terms


def fact(name: str) -> Term:
    return Holds(Field(name, FACT))


def concept(name: str) -> Const:
    return Const(f"v.{name}", CONCEPT)


def is_in(broad: str, narrow: str = "purpose") -> Term:
    return Covers(concept(broad), Field(narrow, CONCEPTS if narrow.endswith("s") else CONCEPT))


def number(value: int, kind: Type = NUMBER) -> Const:
    return Const(Decimal(value), kind)


def compare(order: Order, left: Expression, right: Expression) -> Term:
    return Compare(order, left, right)


def size() -> Field:
    return Field("size", NUMBER)


def query(event: str, where: Term | None = None, *keys: str, within: object = None, by: str | None = None) -> Query:
    return Query(q(event), where, keys, within, by)  # type: ignore[arg-type]


def some_(event: str, where: Term | None = None, *keys: str, within: object = None, by: str | None = None) -> Term:
    return Some(query(event, where, *keys, within=within, by=by))


def count(event: str, where: Term | None = None, *keys: str, within: object = None, by: str | None = None) -> Count:
    return Count(query(event, where, *keys, within=within, by=by), TIMES)


def total(event: str, name: str = "size", *keys: str, by: str | None = None) -> Total:
    return Total(query(event, None, *keys, by=by), name, MONEY if name == "price" else NUMBER)


def every_(event: str, has: Term, *keys: str, by: str | None = None) -> Term:
    return Every(query(event, None, *keys, by=by), has)


def latest_has(event: str, has: Term, *keys: str, by: str | None = None) -> Term:
    return LatestHas(query(event, None, *keys, by=by), has)


def latest(event: str, name: str, *keys: str, kind: Type = FACT) -> LatestField:
    return LatestField(query(event, None, *keys), name, kind)


def hours(count_: int) -> Const:
    return Const(Duration(count_, Unit.HOUR), DURATION)


def days(count_: int) -> Const:
    return Const(Duration(count_, Unit.DAY), DURATION)


def months(count_: int) -> Const:
    return Const(Duration(count_, Unit.MONTH), DURATION)


def working_days(count_: int) -> Const:
    return Const(Duration(count_, Unit.WORKING_DAY), DURATION)


def both(*terms: Term) -> Term:
    return All(terms)


def either(*terms: Term) -> Term:
    return AnyOf(terms)


def no(term: Term) -> Term:
    return Not(term)


# ---- sentences


def _acts(act: str) -> tuple[str, ...]:
    return tuple(q(a) for a in act.split())


def may(party: str, act: str, if_: Term = TRUE, unless: Term = FALSE, despite: tuple[str, ...] = (), n: int = 1):
    return Grant(n, party, _acts(act), if_, unless, despite)


def may_only(party: str, act: str, if_: Term, unless: Term = FALSE, n: int = 1) -> Limit:
    return Limit(n, party, _acts(act), if_, unless)


def must_not(party: str, act: str, if_: Term = TRUE, unless: Term = FALSE, n: int = 1) -> Bar:
    return Bar(n, party, _acts(act), if_, unless)


def must(
    party: str,
    act: str,
    within: Const | Parameter | None = None,
    when: str = "breach",
    where: Term = TRUE,
    to: str = "",
    key: str = "incident",
    answer: Term = TRUE,
    except_: Term = FALSE,
    waived_by: str = "",
    clock: str = "",
    otherwise: Duty | None = None,
    breached: str = "",
    no_later_than: Expression | None = None,
    n: int = 1,
) -> Duty:
    """`when` a trigger occurs `where` …; or when clause `breached` is violated; `when=""`: from the start of force."""
    triggers: tuple[EventTrigger | BreachTrigger, ...] = ()
    if breached:
        triggers = (BreachTrigger(f"m.{breached}"),)
    elif when:
        triggers = tuple(EventTrigger(q(w), where) for w in when.split())
    answers = tuple(Answer(a, answer) for a in _acts(act))
    keys = (key,) if key else ()
    return Duty(
        n, party, triggers, answers, to, within, clock, no_later_than, keys, except_, waived_by, otherwise
    )  # fmt: skip


def repeatedly(party: str, act: str, every: Const | Parameter, to: str = "") -> Repeated:
    return Repeated(1, party, tuple(Answer(a) for a in _acts(act)), every, to)


def ensure(party: str, that: Term, for_each: str = "", after: Const | Parameter | None = None) -> Standing:
    return Standing(1, party, that, for_each, after)


def clause(number_: str, *sentences: Sentence, applies: Term = TRUE, survives: bool = False, module: str = "m"):
    numbered = tuple(replace(s, number=i) for i, s in enumerate(sentences, 1))
    return Clause(
        f"{module}.{number_}", number_, f"c{number_.replace('.', '_')}", applies=applies, sentences=numbered,
        survives=survives,
    )  # fmt: skip


# ---- files and contracts


def file(
    *clauses: Clause,
    name: str = "m",
    kind: ModuleKind = ModuleKind.CONTRACT,
    header: Header = Header(),  # noqa: B008
    parties: str = "A B",
    uses: tuple[str, ...] = (),
    sets: tuple[str, ...] = (),
) -> Module:
    people = tuple(Party(*p.split(":")) for p in parties.split())
    return Module(name, "1", kind, header=header, parties=people, clauses=clauses, uses=uses, sets=sets)


def contract(
    *clauses: Clause,
    header: Header = Header(),  # noqa: B008
    parties: str = "A B",
    kind: ModuleKind = ModuleKind.CONTRACT,
    types: tuple[EventType, ...] = TYPES,
    parameters: tuple[ParameterValue, ...] = (),
    vocabulary: Vocabulary = VOCABULARY,
    others: tuple[Module, ...] = (),
    merged: tuple[str, ...] = (),
    sets: tuple[str, ...] = (),
    unbound: tuple[str, ...] = (),
) -> Contract:
    """The file `m`; `others` are imported, those in `merged` are contracts that make one with it."""
    words = Module("v", "1", ModuleKind.VOCABULARY)
    uses = ("v", *(o.name for o in others))
    main = file(*clauses, kind=kind, header=header, parties=parties, uses=uses, sets=sets)
    closed = kind is ModuleKind.CONTRACT
    tracks = (Track("m", closed, ("m", *merged)),)
    tracks += tuple(Track(o.name, False, (o.name,)) for o in others if o.name not in merged and o.clauses)
    return Contract("m", EDITION, (main, *others, words), tracks, types, vocabulary, parameters, unbound=unbound)


def with_clauses(given: Contract, *clauses: Clause) -> Contract:
    """The same contract with more clauses in the file judged."""
    main = replace(given.modules[0], clauses=(*given.modules[0].clauses, *clauses))
    return replace(given, modules=(main, *given.modules[1:]))


def figure(name: str, kind: Type, *values: Value | Dated, **more: object) -> ParameterValue:
    dated = tuple(v if isinstance(v, Dated) else Dated(v) for v in values)
    return ParameterValue(q(name), kind, dated, **more)  # type: ignore[arg-type]


def parameter(name: str, kind: Type) -> Parameter:
    return Parameter(q(name), kind)


def in_force(since: str = "", until: str = "", **more: object) -> Header:
    first, last = (date.fromisoformat(t) if t else None for t in (since, until))
    return Header(since=first, until=last, **more)  # type: ignore[arg-type]


# ---- records and acts

ALL = (Signer("everyone", EVERYONE),)


def signed(*parties: str, roles: Iterable[str] = (), trust: Trust = Trust.TRUSTED) -> tuple[Signer, ...]:
    return tuple(Signer(f"{p}-key", p, frozenset(roles), trust) for p in parties)


def event(
    type_: str,
    time: Instant | str,
    by: str = "",
    facts: Mapping[str, Value] | None = None,
    signers: tuple[Signer, ...] = ALL,
    **more: object,
) -> Event:
    moment = at(time) if isinstance(time, str) else time
    name = str(more.pop("id", f"{type_}@{moment}"))
    more.setdefault("source", signers[0].key if signers else "")
    more.setdefault("asset", "set-1")
    return Event(name, q(type_), moment, by, facts=dict(facts or {}), signers=signers, **more)  # type: ignore[arg-type]


def use(facts: Mapping[str, Value] | None = None, time: Instant | str = NOON, act: str = "use", by: str = "B", **more):
    """The act to judge, by B unless said otherwise."""
    return event(act, time, by, facts, **{"id": "act", "index": 10_000, **more})


def world_of(
    given: Contract,
    records: Iterable[Event] = (),
    asked: Instant | str = NOON,
    draft: bool = True,
    **more: object,
) -> World:
    numbered = [e if e.index else replace(e, index=i) for i, e in enumerate(records, 1)]
    asked = at(asked) if isinstance(asked, str) else asked
    return build(Lookup(given), numbered, asked, draft=draft, **more)  # type: ignore[arg-type]


def verdict(given: Contract, act: Event, *records: Event, **more: object) -> Verdict:
    more.setdefault("sources", tuple(complete(p, 2**60) for p in "AB"))
    world = world_of(given, records, **more)
    return judge_act(world, place(world.lookup, act))


def judged(given: Contract, act: Event, *records: Event, **more: object) -> Truth:
    return verdict(given, act, *records, **more).truth


def state(given: Contract, clause_number: str, act: Event, *records: Event, **more: object) -> str:
    return clause_of(verdict(given, act, *records, **more), clause_number).state.value


def clause_of(found: Verdict, number_: str) -> ClauseFinding:
    return next(c for c in found.clauses if c.clause == f"m.{number_}")


def judged_term(term: Term, act: Event, *records: Event, given: Contract | None = None, **more: object) -> Truth:
    """The truth of one condition, seen as the condition of a permission of B."""
    base = given or contract()
    full = with_clauses(base, clause("99.1", may("B", "use", term)))
    found = verdict(full, act, *records, **more)
    return clause_of(found, "99.1").norms[0].own


def duties_at(given: Contract, now: Instant | str, *records: Event, **more: object) -> list[Instance]:
    """The instances as they stand after every record of the instant; sources are complete unless given."""
    moment = at(now) if isinstance(now, str) else now
    more.setdefault("sources", tuple(complete(p, 2**60) for p in "AB"))
    world = world_of(given, records, asked=moment, **more)
    return list(Duties(world, Position(moment, LAST_INDEX), moment).all())


def status_at(given: Contract, now: Instant | str, *records: Event, **more: object) -> list[str]:
    return [i.status.value for i in duties_at(given, now, *records, **more)]


def complete(party: str, until: Instant | str) -> Source:
    """A source of the party from which nothing is missing up to the instant."""
    return Source(f"{party}-key", party, complete=at(until) if isinstance(until, str) else until)


def silent(party: str, since: Instant | str, roles: Iterable[str] = (), reason: str = "gap") -> Cloud:
    begin = at(since) if isinstance(since, str) else since
    return Cloud(begin, 2**61, Source(f"{party}-key", party, frozenset(roles)), reason)


def record_of(world: World, name: str) -> Record:
    return world.by_id[name]


def within_limit(amount: Expression, most: int) -> Term:
    return Compare(Order.AT_MOST, amount, number(most, TIMES))

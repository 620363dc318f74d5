"""Surface trees of every kind, as an author could have written them; names and labels come from one small world."""

from datetime import date, datetime
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from smartclause.language import tree as t

_WORDS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


def _texts(zh: str, en: str) -> t.Texts:
    return t.Texts(zh=zh, en=en)


PARTIES = ("A", "B", "C")
EVENTS = ("use", "notify", "breach", "received", "audit_it")
FIELDS = ("subject", "purpose", "amount", "aware_at", "kind_of")
FACTS = ("consent", "informed", "needed", "proof_given")
CONCEPTS = ("training", "marketing", "places_table")
PERIODS = ("notice_period", "cycle")
LABELS: dict[str, t.Texts] = {
    "A": _texts("甲方", "Provider"),
    "B": _texts("乙方", "Recipient"),
    "use": _texts("使用数据", "use the data"),
    "notify": _texts("通知对方", "notify them"),
    "breach": _texts("数据泄露", "breach of data"),
    "received": _texts("收到请求", "request received"),
    "subject": _texts("数据主体", "subject of data"),
    "purpose": _texts("用途", "purpose of use"),
    "amount": _texts("付款额", "amount paid"),
    "consent": _texts("书面同意书", "written consent"),
    "informed": _texts("已告知|未告知", "told|untold"),
    "needed": _texts("确有必要|并无必要", "needed now|unneeded"),
    "training": _texts("训练", "training work"),
    "marketing": _texts("营销", "marketing work"),
    "notice_period": _texts("通知时限", "period of notice"),
    "person": _texts("人", "persons"),
}
UNITS = ("person", "sample")


def names(pool: tuple[str, ...]) -> SearchStrategy[t.Name]:
    return st.sampled_from(pool).map(t.Name)


def several(element: SearchStrategy[t.Name], most: int = 2, least: int = 1) -> SearchStrategy[tuple[t.Name, ...]]:
    return st.lists(element, min_size=least, max_size=most, unique=True).map(tuple)


parties = names(PARTIES)
events = names(EVENTS)
fields = names(FIELDS)
facts = names(FACTS)
keys = several(fields)
no_keys = st.just(()) | keys
texts = st.text("abc xyz,.;:()" + _WORDS + "，。；“#=1", max_size=12).map(lambda s: s.replace("“", "'"))
dates = st.dates(date(1000, 1, 1), date(9999, 12, 31)).map(t.Date)
instants = st.datetimes(datetime(1000, 1, 1), datetime(9999, 12, 31)).map(t.Instant)
durations = st.builds(
    t.Duration,
    st.integers(0, 999),
    st.sampled_from(("minute", "hour", "day", "working_day", "month", "year")),
)
numbers = st.integers(0, 10**12).map(Decimal) | st.decimals(0, 10**6, places=2, allow_nan=False)
quantities = st.builds(t.Quantity, numbers, st.none() | names(UNITS))
literals = (
    quantities
    | st.builds(t.Percentage, numbers)
    | st.builds(t.Money, numbers, st.sampled_from(("CNY", "USD", "CHF")))
    | durations
    | dates
    | instants
    | texts.map(t.Text)
    | st.booleans().map(t.YesNo)
)
periods = durations | names(PERIODS)
constants = literals | names(CONCEPTS)
statuses = st.sampled_from(tuple(t.ActStatus.__args__ + t.DutyStatus.__args__))  # type: ignore[attr-defined]
references = st.builds(
    t.ClauseRef,
    st.sampled_from(("3", "3.5", "12.10.2", "breach_duty", "timers.answer_duty")),
    st.none() | st.integers(1, 9),
)
clause_statuses = st.builds(t.ClauseStatus, references, statuses, no_keys, st.booleans())


def queries(conditions: SearchStrategy[t.Condition]) -> SearchStrategy[t.Query]:
    return st.builds(
        t.Query,
        events,
        st.none() | conditions,
        no_keys,
        st.none() | durations | names(PERIODS) | st.sampled_from(("year", "month", "day")).map(t.Calendar),
        st.none() | parties | st.just(t.Anyone()),
    )


def values(conditions: SearchStrategy[t.Condition]) -> SearchStrategy[t.Value]:
    query = queries(conditions)
    return (
        fields
        | literals
        | st.builds(t.This, fields)
        | st.builds(t.FieldOf, names(FACTS) | st.builds(t.Latest, query), fields)
        | st.builds(t.Latest, query)
        | st.builds(t.Number, query)
        | st.builds(t.NumberDistinct, fields, query)
        | st.builds(t.Total, fields, query)
    )


def _grown(inner: SearchStrategy[t.Condition]) -> SearchStrategy[t.Condition]:
    value = values(inner)
    query = queries(inner)
    many = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(t.Not, inner)
        | st.builds(lambda args, listed: t.All(args, listed=listed), many, st.booleans())
        | st.builds(lambda args, listed: t.AnyOf(args, listed=listed), many, st.booleans())
        | st.builds(t.AtLeast, st.integers(1, 3), many)
        | st.builds(t.Compare, value, st.sampled_from(t.CompareOp.__args__), value)  # type: ignore[attr-defined]
        | st.builds(t.Is, value, value)
        | st.builds(t.IsIn, value, value)
        | st.builds(t.Covers, value, value)
        | st.builds(t.Some, query)
        | st.builds(t.Every, query, inner)
        | st.builds(t.EveryFollowed, query, query)
        | st.builds(t.LatestHas, query, inner)
    )


def denials(node: object) -> int:
    """How many `not` follow each other directly."""
    return 1 + denials(node.arg) if isinstance(node, t.Not) else 0


leaves: SearchStrategy[t.Condition] = (
    facts | clause_statuses | st.builds(t.This, fields) | st.builds(t.FieldOf, names(FACTS), fields)
)
conditions: SearchStrategy[t.Condition] = st.recursive(leaves, _grown, max_leaves=6).filter(
    lambda node: denials(node) <= 2
)

labels = st.builds(t.Texts, st.none() | texts, st.none() | texts)
reasons = st.builds(lambda s: t.Texts(plain=s), texts) | st.builds(t.Texts, texts, texts)
acts = several(events, 3)
answers = st.lists(
    st.builds(t.Answer, events, st.none() | parties, st.none() | conditions), min_size=1, max_size=2
).map(tuple)
some_references = st.just(()) | st.lists(references, min_size=1, max_size=2).map(tuple)
some_statuses = st.just(()) | st.lists(clause_statuses, min_size=1, max_size=2).map(tuple)
exceptions = st.lists(conditions, max_size=2).map(tuple)
grants = st.builds(
    t.Grant, parties, acts, st.none() | conditions, exceptions, some_statuses, some_references, some_references
)
limits = st.builds(t.Limit, parties, acts, conditions, exceptions, some_statuses, some_references, some_references)
bars = st.builds(
    t.Bar, parties, acts, st.none() | conditions, exceptions, some_statuses, some_references, some_references
)
otherwises = st.builds(t.Otherwise, parties, answers, st.none() | periods, no_keys)
occasions = st.lists(st.builds(t.Occurs, events, st.none() | conditions), min_size=1, max_size=3).map(tuple)


@st.composite
def duties(draw: st.DrawFn) -> t.Duty:
    announced = draw(st.booleans())
    triggers = draw(occasions) if announced else draw(st.just(()) | occasions | some_statuses)
    within = draw(st.none() | periods)
    start = draw(st.none() | fields) if within is not None else None
    fixed = None
    if within is None:
        fixed = draw(st.none() | fields | dates | instants | st.builds(t.FieldOf, facts, fields))
    return t.Duty(
        draw(parties), draw(answers), triggers, within, start, fixed, draw(no_keys), draw(exceptions),
        draw(st.none() | parties), draw(st.none() | otherwises), draw(some_references), draw(some_references),
        announced=announced,
    )  # fmt: skip


citations = st.builds(
    t.Citation,
    names(("PIPL", "GDPR")),
    st.just(()) | st.sampled_from((("38",), ("253-1", "1"), ("38", "1", "2"), ("6", "1", "f"), ("21", "0", "5"))),
)
provisions = st.one_of(
    grants,
    limits,
    bars,
    duties(),
    st.builds(t.Repeated, parties, answers, periods),
    st.builds(t.Standing, parties, conditions, no_keys, st.none() | periods),
    st.builds(t.Share, parties, st.builds(t.Percentage, numbers), references),
    st.builds(t.Original, reasons),
    st.builds(t.Cites, st.lists(citations, min_size=1, max_size=2).map(tuple)),
    st.builds(t.Applies, conditions),
    st.builds(t.NotEncoded, texts, reasons),
    st.builds(t.Judgement, names(("checked", "looked_at")), parties, reasons),
)
clauses = st.builds(
    t.Clause, st.sampled_from(("1", "3.5", "12.10.2")), names(("first_rule", "breach_duty")), labels,
    st.lists(provisions, max_size=3).map(tuple),
)  # fmt: skip

becauses = st.builds(t.Because, several(names(("consent", "informed", "consent.purpose")), 2), st.booleans())
givens = st.builds(t.Given, fields, constants | several(names(CONCEPTS), 3, 2).map(lambda each: t.Several(each)))
happenings = st.builds(
    t.Happens, instants, events, st.none(), st.none(), st.lists(givens, max_size=2).map(tuple),
    st.just(()) | keys, st.booleans(),
    st.none() | st.builds(t.Repeat, st.integers(1, 1000), durations),
) | st.builds(
    t.Happens, instants, events, parties, st.none() | parties, st.lists(givens, max_size=2).map(tuple)
)  # fmt: skip
lines = st.one_of(
    happenings,
    st.builds(t.Clock, instants),
    st.builds(t.Silent, parties, instants),
    st.builds(t.ThenStatus, references, statuses, st.none() | instants, st.none() | becauses),
    st.builds(t.ThenVerdict, st.sampled_from(("allowed", "refused", "undecided")), st.none() | becauses),
)
scenarios = st.builds(t.Scenario, names(("late_notice", "in_time")), labels, st.lists(lines, max_size=3).map(tuple))
properties = st.builds(
    t.Property, names(("never_both",)), st.sampled_from(("never", "always", "possible")), conditions, st.none(), labels
) | st.builds(
    t.Property, names(("tighter",)), st.just("at_least_as_strict"), st.none(),
    st.sampled_from(("base", "std.base")), labels,
)  # fmt: skip

days = st.none() | dates
dated = st.lists(st.builds(t.Dated, literals, days, days), min_size=1, max_size=2).map(tuple)
simple_types = st.sampled_from(
    ("fact", "text", "number", "percentage", "money", "instant", "date", "duration", "place", "party", "identifier")
).map(t.FieldType)
types = (
    simple_types
    | st.builds(t.FieldType, st.just("number"), names(UNITS))
    | st.builds(t.FieldType, st.sampled_from(("concept", "set")), names(CONCEPTS))
)
parameters = st.builds(
    t.Parameter,
    names(("budget", "limit_of_use")),
    dated | st.builds(t.NameList, several(names(CONCEPTS), 3), st.booleans()) | st.builds(t.Blank, st.none() | types),
    labels,
    st.none() | literals,
    st.none() | literals,
    st.none() | st.builds(t.Interprets, references, texts, reasons),
)
event_fields = st.builds(
    t.Field, names(("first_field", "second_field")), types, st.just(t.Texts()), st.none() | literals,
    st.none() | literals, st.none() | parties,
)  # fmt: skip
event_types = st.builds(
    t.EventType, st.sampled_from(("act", "unrestricted", "occurrence")), names(("copying", "deletion")),
    st.just(t.Texts()), st.none() | events, st.none() | parties, st.lists(event_fields, max_size=2).map(tuple),
)  # fmt: skip
concepts = st.builds(
    t.Concept, names(("voice", "image")), st.just(t.Texts()),
    st.lists(st.builds(t.Edge, names(CONCEPTS), days, days), max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
)  # fmt: skip
definitions = st.builds(
    t.Define, names(("usual", "derived")),
    conditions
    | st.builds(t.Latest, queries(conditions))
    | st.builds(t.Number, queries(conditions))
    | st.builds(t.Total, fields, queries(conditions)),
)  # fmt: skip
imports = st.builds(
    t.Import, st.sampled_from(("base", "std.terms_of_use")), st.sampled_from(("1.0.0", "2018.5.25")),
    st.none() | st.sampled_from(("timers", "other_words")),
    st.lists(st.builds(t.Setting, names(PERIODS), constants), max_size=2).map(tuple),
)  # fmt: skip
declarations = st.one_of(
    imports, parameters, event_types, concepts, definitions, clauses, scenarios, properties,
    st.builds(t.Law, names(("CSL",)), st.just(t.Texts())),
    st.builds(t.Role, names(("auditor",)), st.just(t.Texts())),
    st.builds(t.Party, names(("D",)), st.just(t.Texts()), st.just(()) | several(names(("auditor", "regulator")), 2)),
    st.builds(t.Disjoint, several(names(CONCEPTS), 3)),
    st.builds(t.Complete, several(names(CONCEPTS), 2)),
    st.builds(t.Run, names(EVENTS), names(EVENTS), names(EVENTS), names(FIELDS)),
    st.builds(t.Part, st.integers(1, 12000), labels),
)  # fmt: skip
terms = st.one_of(
    st.builds(t.Force, dates, days),
    st.builds(t.Zone, st.sampled_from(("UTC", "Asia/Shanghai"))),
    st.builds(t.Counting, st.sampled_from(("cn.civil_code", "eu.reg_1182_71.DE"))),
    st.builds(t.Authoritative, st.sampled_from(("zh", "en"))),
    st.builds(t.News, durations),
    st.builds(t.RecordsDue, durations),
    st.builds(t.Lag, parties, durations),
    st.builds(t.Provider, parties),
    st.builds(
        t.Survive,
        st.lists(st.sampled_from(("3", "8.10", "breach_duty")).map(t.ClauseRef), min_size=1, max_size=3).map(tuple),
    ),
    st.builds(t.Gap, durations),
    st.builds(t.MayEnd, several(parties)),
    st.builds(t.Evidence, st.none() | names(("stamper",)), st.none() | names(("witness",))),
)
headers = st.builds(
    t.Header, st.sampled_from(("contract", "agreement", "rules", "vocabulary")), names(("sample_file",)),
    st.sampled_from(("1.0.0", "2026.3")), labels, st.lists(terms, max_size=2).map(tuple),
)  # fmt: skip

WORLD: tuple[t.Declaration, ...] = (
    t.Law(t.Name("PIPL"), t.Texts(zh="个人信息保护法", en="Personal Information Protection Law")),
    *(t.Unit(t.Name(name), LABELS.get(name, t.Texts())) for name in UNITS),
    *(t.Party(t.Name(name), LABELS.get(name, t.Texts())) for name in PARTIES),
    *(t.Concept(t.Name(name), LABELS.get(name, t.Texts())) for name in CONCEPTS),
    *(
        t.EventType("act", t.Name(name), LABELS.get(name, t.Texts()), fields=tuple(
            t.Field(t.Name(field), t.FieldType("fact"), LABELS.get(field, t.Texts()))
            for field in (*FIELDS, *FACTS)
        ))
        for name in EVENTS
    ),
    *(
        t.Parameter(t.Name(name), (t.Dated(t.Duration(1, "day")),), LABELS.get(name, t.Texts()))
        for name in PERIODS
    ),
)  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> t.File:
    """A file that declares the small world, so that labels are printed, and a few things more."""
    world = WORLD if draw(st.booleans()) else ()
    return t.File(draw(headers), (*world, *draw(st.lists(declarations, max_size=2))))


@st.composite
def amendments(draw: st.DrawFn) -> t.File:
    header = t.Header(
        "amendment", t.Name("first_change"), "1.0.0", draw(labels),
        (t.Amends("base", "1.0.0", draw(st.sampled_from(("00ff", "sha256:00ff")))), *draw(st.lists(terms, max_size=1))),
    )  # fmt: skip
    changed = st.builds(
        lambda clause, change: t.Clause(clause.number, clause.name, clause.labels, clause.body, change),
        clauses,
        st.sampled_from(("add", "replace")),
    )
    strikes = st.builds(t.Strike, references) | st.builds(t.Leave, names(PARTIES))
    return t.File(header, tuple(draw(st.lists(changed | strikes, max_size=2))))

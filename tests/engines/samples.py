"""A small agreement with labels in both languages, and an audit of its records, for tests of what people read."""

from dataclasses import replace
from decimal import Decimal

from smartclause.engines.audit import AuditResult, Judged, Note, acts_of, audit
from smartclause.logic.contract import (
    Answer,
    Bar,
    BreachTrigger,
    Citation,
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
    Judgement,
    Limit,
    ListKind,
    Module,
    ModuleKind,
    NotEncoded,
    ParameterValue,
    Party,
    Repeated,
    Share,
    Standing,
    Text,
    Track,
    Vocabulary,
)
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.record import Event, Signer
from smartclause.logic.register import overall
from smartclause.logic.terms import (
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
    Field,
    Holds,
    Kind,
    LatestField,
    LatestHas,
    Not,
    Order,
    Parameter,
    Query,
    Some,
    Term,
    Total,
    Type,
)
from smartclause.logic.verdict import judge_act
from smartclause.logic.world import World
from tests.logic.builders import at, world_of

FACT = Type(Kind.FACT)
KEY = Type(Kind.IDENTIFIER)
PURPOSE = Type(Kind.CONCEPT, "v.purpose")
TIMES = Type(Kind.NUMBER, "v.time")
INSTANT = Type(Kind.INSTANT)
PERIOD = Type(Kind.DURATION)


def both(zh: str, en: str) -> Text:
    return Text(zh, en)


SUBJECT = FieldType("subject", KEY, label=both("数据主体", "data subject"))
INCIDENT = FieldType("incident", KEY, label=both("泄露事件", "incident"))
USED_FOR = FieldType("purpose", PURPOSE, label=both("用途", "purpose"))
CONSENT = FieldType("written_consent", FACT, "v.provider", label=both("甲方书面同意", "written consent"))
CHECKED = FieldType(
    "checked", FACT, "v.auditor", label=both("已经核验", "verified"), no_label=both("未经核验", "not verified")
)
AWARE = FieldType("aware_at", INSTANT, label=both("获知时刻", "time of awareness"))
SIZE = FieldType("size", TIMES, low=Decimal(0), label=both("条数", "size"))

TYPES = (
    EventType("m.use", EventKind.CONTROLLED, fields=(SUBJECT, USED_FOR, CONSENT), label=both("使用", "use")),
    EventType(
        "m.train", EventKind.CONTROLLED, "m.use", fields=(SUBJECT, USED_FOR, CONSENT), label=both("训练", "train")
    ),
    EventType("m.notify", EventKind.UNRESTRICTED, fields=(INCIDENT,), label=both("通知", "notify")),
    EventType("m.pay", EventKind.UNRESTRICTED, fields=(INCIDENT,), label=both("支付违约金", "pay a penalty")),
    EventType("m.report", EventKind.UNRESTRICTED, label=both("报告", "report")),
    EventType(
        "m.consent", EventKind.OCCURRENCE, fields=(SUBJECT, USED_FOR, CHECKED, SIZE), label=both("同意", "consent")
    ),
    EventType("m.breach", EventKind.OCCURRENCE, fields=(INCIDENT, AWARE), label=both("数据泄露", "breach")),
    EventType(
        "m.review", EventKind.OCCURRENCE, by="v.auditor", fields=(SUBJECT, CHECKED), label=both("核验", "review")
    ),
)
CONCEPTS = Vocabulary(
    (
        Concept("v.purpose", both("用途类", "purposes")),
        Concept("v.training", both("训练", "training")),
        Concept("v.marketing", both("营销", "marketing")),
    ),
    (Edge("v.training", "v.purpose"), Edge("v.marketing", "v.purpose")),
    (Disjoint(("v.training", "v.marketing")),),
)
NOTICE = ParameterValue(
    "m.notice_period",
    PERIOD,
    (Dated(Duration(24, Unit.HOUR)),),
    label=both("通知时限", "notice period"),
    interprets="m.3.5",
    words="及时",
    reason=both("原文未写时限", "the source states no period"),
)
PURPOSES = ParameterValue(
    "m.purposes",
    PURPOSE,
    (Dated(frozenset({"v.training"})),),
    list_kind=ListKind.OPEN,
    label=both("约定用途", "agreed purposes"),
)
LIMIT = ParameterValue("m.limit", TIMES, (Dated(Decimal(2)),), label=both("次数上限", "limit of uses"))


def consents(where: Term | None = None, within: object = None, by: str | None = None) -> Query:
    return Query("m.consent", where, ("subject",), within, by)  # type: ignore[arg-type]


def uses() -> Query:
    return Query("m.use", None, ("subject",), "month")


VERIFIED = Holds(Field("checked", FACT))
CONSENTED = Holds(Field("written_consent", FACT))
FOR_TRAINING = Covers(Const("v.training", PURPOSE), Field("purpose", PURPOSE))
AGREED = Covers(Parameter("m.purposes", PURPOSE), Field("purpose", PURPOSE))
FEW = Compare(Order.AT_MOST, Count(uses(), TIMES), Parameter("m.limit", TIMES))
WITHIN_NOTICE = Parameter("m.notice_period", PERIOD)

CLAUSES = (
    Clause(
        "m.1.1",
        "1.1",
        "purpose",
        both("用途", "purpose"),
        "1",
        both("数据仅用于约定用途。", "Data serve the agreed purposes only."),
        (Citation("PIPL", "art 6(1)"),),
        sentences=(Grant(1, "B", ("m.use",), AGREED), Limit(2, "B", ("m.use",), FEW)),
    ),
    Clause(
        "m.1.2",
        "1.2",
        "consent",
        both("同意", "consent"),
        "1",
        both("使用之前应当取得同意。", "Consent precedes use."),
        sentences=(
            Limit(
                1,
                "B",
                ("m.use",),
                AnyOf((LatestHas(consents(), All((VERIFIED, FOR_TRAINING))), CONSENTED)),
                Not(CONSENTED),
            ),
        ),
        judgements=(Judgement("written_consent", "A", both("是否同意？", "is consent given?")),),
    ),
    Clause(
        "m.1.3",
        "1.3",
        "no_marketing",
        both("禁止营销", "no marketing"),
        "1",
        both("不得用于营销。", "No marketing."),
        applies=Some(consents()),
        sentences=(
            Bar(1, "B", ("m.use",), Covers(Const("v.marketing", PURPOSE), Field("purpose", PURPOSE))),
            Bar(2, "B", ("m.use",), Not(Every(consents(), VERIFIED))),
        ),
    ),
    Clause(
        "m.3.5",
        "3.5",
        "breach_notice",
        both("泄露通知", "breach notice"),
        "3",
        both("发生泄露的，应当及时通知甲方。", "On a breach the provider is told in time."),
        (Citation("PIPL", "art 57(1)"),),
        sentences=(
            Duty(
                1,
                "B",
                (EventTrigger("m.breach"),),
                (Answer("m.notify"),),
                "A",
                WITHIN_NOTICE,
                keys=("incident",),
                waived_by="A",
                otherwise=Duty(
                    1, "B", (), (Answer("m.pay"),), "A", Const(Duration(30, Unit.DAY), PERIOD), keys=("incident",)
                ),
            ),
            Share(2, "B", Decimal(70), "m.3.5"),
        ),
        not_encoded=(NotEncoded("立即", both("没有可核对的标准", "there is no measure to check it by")),),
    ),
    Clause(
        "m.3.6",
        "3.6",
        "reports",
        both("定期报告", "regular reports"),
        "3",
        sentences=(
            Repeated(1, "B", (Answer("m.report"),), Const(Duration(90, Unit.DAY), PERIOD), "A"),
            Standing(
                2,
                "B",
                Some(Query("m.review", VERIFIED, (), Const(Duration(6, Unit.MONTH), PERIOD))),
                after=Const(Duration(30, Unit.DAY), PERIOD),
            ),
            Duty(
                3,
                "A",
                (BreachTrigger("m.3.5"),),
                (Answer("m.report"),),
                "B",
                Const(Duration(2, Unit.DAY), PERIOD),
                keys=("incident",),
            ),
        ),
    ),
    Clause(
        "m.3.7",
        "3.7",
        "priority",
        both("优先", "priority"),
        "3",
        sentences=(Grant(1, "B", ("m.use",), CONSENTED, despite=("m.1.3",)),),
    ),
)


def agreement() -> Contract:
    header = Header(since=None, zone="Asia/Shanghai", rule="cn.civil_code", provider="A")
    main = Module(
        "m",
        "1.0.0",
        ModuleKind.CONTRACT,
        both("数据使用合同", "Data use agreement"),
        replace(header, since=at_day("2026-01-01")),
        (
            Party("A", "v.provider", both("甲方", "Provider")),
            Party("B", "v.recipient", both("乙方", "Recipient")),
            Party("C", "v.auditor", both("核查方", "Auditor")),
        ),
        (("PIPL", both("个人信息保护法", "Personal Information Protection Law")),),
        (("1", both("使用", "Use")), ("3", both("安全", "Security"))),
        CLAUSES,
        ("v",),
    )
    words = Module("v", "1.0.0", ModuleKind.VOCABULARY, both("词汇", "words"))
    return Contract(
        "m",
        "meaning 1",
        (main, words),
        (Track("m", True, ("m",)),),
        TYPES,
        CONCEPTS,
        (NOTICE, PURPOSES, LIMIT),
        (
            ("v.provider", both("提供者", "provider role")),
            ("v.recipient", both("接收者", "recipient role")),
            ("v.auditor", both("审计机构", "auditor")),
        ),
        (("v.time", both("次", "times")),),
    )


def at_day(text: str):
    from datetime import date

    return date.fromisoformat(text)


SIGNED = {"A": "v.provider", "B": "v.recipient", "C": "v.auditor"}


def signer(party: str) -> tuple[Signer, ...]:
    return (Signer(f"{party}-key", party, frozenset({SIGNED[party]})),)


def event(name: str, kind: str, time: str, by: str, to: str = "", **facts: object) -> Event:
    asset = "corpus-7" if kind in ("use", "train") else ""
    found = {k: v for k, v in facts.items() if v is not None}
    return Event(name, f"m.{kind}", at(time), by, to, asset, found, signer(by), f"{by}-key")  # type: ignore[arg-type]


RECORDS = (
    event("e1", "consent", "2026-02-01T08:00", "A", subject="s1", purpose="v.training"),
    event("e2", "consent", "2026-02-01T08:00", "C", subject="s2", purpose="v.training", checked=True),
    event("e3", "consent", "2026-02-01T08:00", "C", subject="s3", purpose="v.marketing", checked=True),
    event("e3b", "consent", "2026-02-01T09:00", "C", subject="s3", purpose="v.training", checked=False),
    event("e4", "breach", "2026-03-01T01:00", "A", incident="b1"),
    event("e5", "breach", "2026-04-01T01:00", "A", incident="b2"),
    event("e6", "notify", "2026-04-01T05:00", "B", "A", incident="b2"),
    event("u1", "use", "2026-02-02T08:00", "B", subject="s1", purpose="v.training"),
    event("u2", "use", "2026-02-02T09:00", "B", subject="s2", purpose="v.training", written_consent=False),
    event("u3", "use", "2026-02-02T10:00", "B", subject="s3", purpose="v.marketing"),
    event("u4", "train", "2026-02-03T10:00", "B", subject="s2", purpose="v.training"),
    event("u5", "train", "2026-02-04T10:00", "B", subject="s2", purpose="v.training"),
    event("e7", "breach", "2026-05-20T01:00", "A", incident="b3"),
)


def audited(
    given: Contract | None = None, records: tuple[Event, ...] = RECORDS, asked: str = "2026-05-20T05:00"
) -> AuditResult:
    world = world_of(given or agreement(), records, asked=asked)
    notes = (Note("time not attested"), Note("no register", "m"))
    inputs = (("contract", "sha256:" + "ab" * 32), ("edition", "meaning 1"))
    return audit(world, judge_of(world), acts_of(world), notes=notes, inputs=inputs, source="records.jsonl")


def judge_of(world: World):
    def judge(record):
        found = judge_act(world, record)
        return Judged(overall("m", {"m": found}, {"m": world.lookup}, record.event.type))

    return judge


# One term of every kind, for tests that all of them have words.
EVERY_TERM: tuple[Term, ...] = (
    VERIFIED,
    Not(VERIFIED),
    CONSENTED,
    Not(CONSENTED),
    TRUE,
    AnyOf(()),
    All((CONSENTED, FOR_TRAINING)),
    AnyOf((CONSENTED, All((FOR_TRAINING, AGREED)))),
    AtLeast(2, (CONSENTED, FOR_TRAINING, AGREED)),
    FOR_TRAINING,
    Not(FOR_TRAINING),
    AGREED,
    FEW,
    *(Not(Compare(o, Count(uses(), TIMES), Const(Decimal(3), TIMES))) for o in Order),
    *(Compare(o, Field("aware_at", INSTANT), Const(at("2026-03-01"), INSTANT)) for o in Order),
    Compare(Order.EXCEEDS, CountDistinct(consents(), "purpose", TIMES), Const(Decimal(1), TIMES)),
    Compare(Order.EXCEEDS, Total(consents(), "size", TIMES), Const(Decimal(1), TIMES)),
    Holds(LatestField(consents(), "checked", FACT)),
    Compare(Order.EQUAL, LatestField(consents(), "purpose", PURPOSE), Const("v.training", PURPOSE)),
    Some(consents(FOR_TRAINING, Const(Duration(6, Unit.MONTH), PERIOD), "anyone")),
    Not(Some(consents())),
    Every(consents(), VERIFIED),
    Not(Every(consents(), VERIFIED)),
    EveryFollowed(Query("m.breach"), Query("m.notify", None, ("incident",))),
    LatestHas(consents(), VERIFIED),
    Not(LatestHas(consents(), VERIFIED)),
    ClauseViolated("m.3.5"),
    ClauseViolated("m.3.5", 1, ("incident",)),
    Not(ClauseViolated("m.3.5", ever=True)),
    Not(Not(CONSENTED)),
)

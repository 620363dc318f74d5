"""Sentences become the norms and duties of the meaning."""

from datetime import date
from decimal import Decimal

from smartclause.logic.contract import (
    Answer,
    Bar,
    BreachTrigger,
    Duty,
    EventTrigger,
    Grant,
    Limit,
    Repeated,
    Share,
    Standing,
)
from smartclause.logic.counting import Duration, Unit, end_of_day
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
    Type,
)
from tests.language.sample import BASE, clause_of, contract_of, sentence_of

FACT = Type(Kind.FACT)
AGREED = Holds(Field("agreed", FACT))
USE = ("sample.use",)
HOURS_24 = Const(Duration(24, Unit.HOUR), Type(Kind.DURATION))
DUTY = "clause 1 notice\n  When breach occurs, B must notify A within 24 hours for the same incident.\n"


def test_a_grant_grants_where_its_condition_holds() -> None:
    assert sentence_of("B may use if agreed.\n") == Grant(1, "B", USE, AGREED)


def test_an_exception_to_a_grant_suspends_it() -> None:
    assert sentence_of("B may use if agreed except if amount exceeds 5.\n") == Grant(
        1, "B", USE, AGREED, Compare(Order.EXCEEDS, Field("amount", Type(Kind.NUMBER)), number(5))
    )


def number(value: int) -> Const:
    return Const(Decimal(value), Type(Kind.NUMBER))


def test_only_if_is_a_limit_and_grants_nothing() -> None:
    first, second = clause_of("clause 1 c\n  B may use if agreed.\n  B may use only if agreed.\n").sentences
    assert isinstance(first, Grant)
    assert second == Limit(2, "B", USE, AGREED)


def test_unless_bars_where_the_fact_does_not_hold() -> None:
    assert sentence_of("B must not use unless agreed.\n") == Bar(1, "B", USE, Not(AGREED), FALSE)


def test_an_exception_to_a_bar_stays_an_exception() -> None:
    assert sentence_of("B must not use except if agreed.\n") in (
        Bar(1, "B", USE, Not(AGREED), FALSE),
        Bar(1, "B", USE, TRUE, AGREED),
    )
    assert sentence_of("B must not use if amount exceeds 5 except if agreed.\n") == Bar(
        1, "B", USE, Compare(Order.EXCEEDS, Field("amount", Type(Kind.NUMBER)), number(5)), AGREED
    )


def test_despite_names_the_clause_it_sets_aside() -> None:
    text = (
        "clause 1 c\n  B must not use unless agreed.\nclause 2 d\n  Despite clause 1, B may use if amount is below 5.\n"
    )
    (grant,) = clause_of(text, "2").sentences
    assert isinstance(grant, Grant)
    assert grant.despite == ("sample.1",)


def test_when_a_clause_is_violated_a_permission_opens() -> None:
    (grant,) = clause_of(DUTY + "clause 2 d\n  When clause 1 is violated, B may use if agreed.\n", "2").sentences
    assert grant == Grant(1, "B", USE, All((ClauseViolated("sample.1"), AGREED)))


def test_when_a_clause_is_violated_a_limit_holds_only_then() -> None:
    (limit,) = clause_of(
        DUTY + "clause 3 g\n  B may use.\nclause 2 d\n  When clause 1 is violated, B may use only if agreed.\n", "2"
    ).sentences
    assert limit == Limit(1, "B", USE, AnyOf((Not(ClauseViolated("sample.1")), AGREED)))


def test_when_a_clause_is_violated_a_duty_is_triggered_for_each_instance() -> None:
    (duty,) = clause_of(
        DUTY + "clause 2 d\n  When clause 1 is violated, B must pay within 30 days for the same incident.\n", "2"
    ).sentences
    assert duty == Duty(
        1, "B", (BreachTrigger("sample.1"),), (Answer("sample.pay"),),
        period=Const(Duration(30, Unit.DAY), Type(Kind.DURATION)), keys=("incident",),
    )  # fmt: skip


def test_a_duty_has_trigger_answer_recipient_period_clock_key_exception_and_waiver() -> None:
    duty = sentence_of(
        "When breach where (grave) occurs, B must notify A where (complete) within 24 hours from aware_at "
        "for the same incident except if not grave, waived by A, "
        "otherwise B must pay within 30 days for the same incident.\n"
    )
    grave, complete = Holds(Field("grave", FACT)), Holds(Field("complete", FACT))
    second = Duty(
        1,
        "B",
        (),
        (Answer("sample.pay"),),
        period=Const(Duration(30, Unit.DAY), Type(Kind.DURATION)),
        keys=("incident",),
    )
    assert duty == Duty(
        1, "B", (EventTrigger("sample.breach", grave),), (Answer("sample.notify", complete),), "A", HOURS_24,
        "aware_at", None, ("incident",), Not(grave), "A", second,
    )  # fmt: skip


def test_the_second_duty_takes_the_key_of_the_first_where_it_names_none() -> None:
    duty = sentence_of(
        "When breach occurs, B must notify A within 24 hours for the same incident, "
        "otherwise B must pay within 30 days.\n"
    )
    assert isinstance(duty, Duty)
    assert duty.otherwise is not None
    assert duty.otherwise.keys == ("incident",)


def test_a_fixed_day_ends_with_its_last_microsecond_in_the_zone_of_the_file() -> None:
    text = BASE.replace("1.0.0\n", '1.0.0\n  time zone "Asia/Shanghai".\n', 1)
    (clause,) = contract_of(text + "clause 1 c\n  B must notify A no later than 2026-05-01.\n").modules[0].clauses
    (duty,) = clause.sentences
    assert isinstance(duty, Duty)
    assert duty.no_later_than == Const(end_of_day(date(2026, 5, 1), "Asia/Shanghai"), Type(Kind.INSTANT))


def test_a_repeated_duty_has_a_period() -> None:
    assert sentence_of("B must notify A at least once every 90 days.\n") == Repeated(
        1, "B", (Answer("sample.notify"),), Const(Duration(90, Unit.DAY), Type(Kind.DURATION)), "A"
    )


def test_a_standing_duty_reads_records_for_each_key() -> None:
    standing = sentence_of("B must ensure for each subject that some consent with the same subject within 6 months.\n")
    within = Const(Duration(6, Unit.MONTH), Type(Kind.DURATION))
    assert standing == Standing(1, "B", Some(Query("sample.consent", None, ("subject",), within)), "subject")


def test_shares_are_annotations() -> None:
    text = (
        DUTY
        + "clause 2 s\n  B bears 70% of the liability for clause 1.\n  A bears 30% of the liability for clause 1.\n"
    )
    assert clause_of(text, "2").sentences == (
        Share(1, "B", Decimal(70), "sample.1"),
        Share(2, "A", Decimal(30), "sample.1"),
    )


def test_is_on_concepts_means_is_in() -> None:
    purpose = Field("purpose", Type(Kind.CONCEPT, "sample.purposes"))
    training = Const("sample.training", Type(Kind.CONCEPT, "sample.training"))
    for words in ("purpose is training", "purpose is in training"):
        grant = sentence_of(f"B may use if {words}.\n")
        assert isinstance(grant, Grant)
        assert grant.condition == Covers(training, purpose)
    grant = sentence_of("B may use if purpose is not in training.\n")
    assert isinstance(grant, Grant)
    assert grant.condition == Not(Covers(training, purpose))


def test_a_set_covers_this_purpose() -> None:
    clause = clause_of(
        "define last means latest consent with the same subject.\n"
        "clause 1 c\n  B may use if last.meant covers this purpose and last.given.\n"
    )
    (grant,) = clause.sentences
    assert isinstance(grant, Grant)
    query = Query("sample.consent", None, ("subject",))
    assert grant.condition == All(
        (
            Covers(
                LatestField(query, "meant", Type(Kind.CONCEPTS, "sample.purposes")),
                Field("purpose", Type(Kind.CONCEPT, "sample.purposes")),
            ),
            Holds(LatestField(query, "given", FACT)),
        )
    )


def test_definitions_are_replaced_and_parameters_stay() -> None:
    clause = clause_of(
        "parameter most is 100 times.\n"
        "define few means number of use with the same subject within 24 hours is at most most.\n"
        "clause 1 c\n  B may use if few.\n"
    )
    (grant,) = clause.sentences
    assert isinstance(grant, Grant)
    counted = Count(Query("sample.use", None, ("subject",), HOURS_24), Type(Kind.NUMBER, "time"))
    assert grant.condition == Compare(Order.AT_MOST, counted, Parameter("sample.most", Type(Kind.NUMBER, "time")))


def test_history_forms_keep_where_has_keys_and_windows() -> None:
    clause = clause_of(
        "clause 1 c\n  B may use if any of\n"
        "    (a) every consent where (given) with the same subject has (given_on is before 2026-01-01);\n"
        "    (b) every breach is followed by notify by anyone with the same incident;\n"
        "    (c) latest consent with the same subject has (given);\n"
        "    (d) at least 2 of\n      (1) agreed;\n      (2) some use by A in the current month.\n"
    )
    (grant,) = clause.sentences
    assert isinstance(grant, Grant)
    given = Holds(Field("given", FACT))
    before = Compare(Order.BELOW, Field("given_on", Type(Kind.DATE)), Const(date(2026, 1, 1), Type(Kind.DATE)))
    query = Query("sample.consent", None, ("subject",))
    assert grant.condition == AnyOf(
        (
            Every(Query("sample.consent", given, ("subject",)), before),
            EveryFollowed(Query("sample.breach"), Query("sample.notify", None, ("incident",), by="anyone")),
            LatestHas(query, given),
            AtLeast(2, (AGREED, Some(Query("sample.use", within="month", by="A")))),
        )
    )


def test_a_judgement_becomes_a_fact_of_the_acts_of_its_clause() -> None:
    contract = contract_of(
        BASE + 'act train under use by B.\nclause 1 c\n  judgement fine by B "is it fine?".\n  B may use if fine.\n'
    )
    for name in ("sample.use", "sample.train"):
        kind = next(t for t in contract.types if t.name == name)
        (fact,) = [f for f in kind.fields if f.name == "fine"]
        assert (fact.type, fact.shown_by) == (FACT, "B")
    (judged,) = contract.modules[0].clauses[0].judgements
    assert (judged.field, judged.by, judged.question.en) == ("fine", "B", "is it fine?")

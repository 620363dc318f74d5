"""What a name means, which values may meet, which keys there are: refused with one clear finding, in both languages."""

from datetime import date
from pathlib import Path

import pytest

from smartclause.language.diagnostic import Diagnostic
from smartclause.logic.contract import Duty
from smartclause.logic.counting import end_of_day, start_of_day
from smartclause.logic.scenario import run
from smartclause.logic.terms import Compare, Const
from tests.language.sample import BASE, HEAD, PEOPLE, check, codes_of, contract_of

ZH = (
    "合同 sample 版本 1.0.0\n角色 auditor 中文“审计机构” 英文“auditor”。\n当事人 A 中文“甲方” 英文“Provider”。\n"
    "当事人 B 中文“乙方” 英文“Recipient”。\n"
    "概念 purposes 中文“用途类” 英文“purposes”。\n概念 training 中文“训练” 英文“training”归于用途类。\n"
    "概念 sizes 中文“规模类” 英文“sizes”。\n概念 large 中文“大型” 英文“large”归于规模类。\n"
    "行为 use 中文“使用” 英文“use”，由乙方实施，载有：\n  purpose 中文“用途” 英文“purpose”为用途类；\n"
    "  amount 中文“条数” 英文“amount”为数值。\n"
    "事件 breach 中文“数据泄露” 英文“breach”，载有：\n  incident 中文“泄露事件” 英文“incident”为编号。\n"
    "无须授权的行为 notify 中文“通知” 英文“notify”，由乙方实施，载有：\n"
    "  incident 中文“泄露事件” 英文“incident”为编号。\n"
)


def only(text: str) -> Diagnostic:
    """The one error or warning."""
    found = [each for each in check(text).diagnostics if each.severity != "lint"]
    assert len(found) == 1, [(each.code, each.message) for each in found]
    return found[0]


def test_a_near_name_is_suggested_and_a_far_one_is_not() -> None:
    near = only(BASE + "clause 1 c\n  B may use if agred.\n")
    assert (near.code, near.help) == ("R01", "did you mean `agreed`?")
    far = only(BASE + "clause 1 c\n  B may use if zebra.\n")
    assert "did you mean" not in far.help


def test_a_finding_stands_on_the_wrong_word() -> None:
    text = BASE + "clause 1 c\n  B may use if agreed and agred.\n"
    found = only(text)
    assert text[found.span.start : found.span.end] == "agred"


@pytest.mark.parametrize(
    ("condition", "sentence", "help_"),
    [
        (
            "any of, except if all of: (a) agreed; (b) agreed",
            "two lists are announced and one follows",
            "name one of them with `define`",
        ),
        (
            "agreed: (a) agreed; (b) agreed",
            "no list is announced and one follows",
            "announce it, for example with `any of`",
        ),
    ],
)
def test_a_list_answers_one_announcement(condition: str, sentence: str, help_: str) -> None:
    found = only(BASE + f"clause 1 c\n  B may use if {condition}.\n")
    assert (found.code, found.message, found.help) == ("P08", sentence, help_)


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("如用途属于大型，乙方可以使用", "T12", "“用途”属于“用途类”"),
        ("发生数据泄露的，乙方应当自发生之时起2小时内通知甲方", "T02", "没有写明如何对应"),
        ("如条数为训练，乙方可以使用", "T05", "不能与"),
        ("如条数，乙方可以使用", "T15", "不是是非"),
        ("乙方仅在用途属于训练时，方可使用", "V03", "没有任何一句准许乙方使用"),
        ("在符合第9条的前提下，乙方可以使用", "R05", "没有第“9”条"),
    ],
)
def test_a_chinese_file_is_answered_in_chinese(body: str, code: str, words: str) -> None:
    found = only(ZH + f"第1条 c 中文“条款” 英文“clause”\n  {body}。\n")
    assert (found.code, found.language) == (code, "zh")
    assert words in found.message
    assert not any(mark in found.message + found.help for mark in "`")


def test_a_unit_that_is_missing_is_asked_for_in_both_languages() -> None:
    english = only(HEAD + "parameter period is 24; at least 1 hour.\n")
    assert english.message == "24 what? the period has no unit"
    chinese = only("合同 sample 版本 1.0.0\n参数 period 中文“时限” 英文“period”为24；不少于1小时。\n")
    assert chinese.message == "24后面没有单位"
    assert "24个工作日" in chinese.help


@pytest.mark.parametrize(
    ("value", "bounds", "codes"),
    [
        ("24 hours", "at least 24 hours", []),
        ("23 hours", "at least 24 hours", ["T08"]),
        ("24 hours", "at most 24 hours", []),
        ("25 hours", "at most 24 hours", ["T08"]),
        ("90 minutes", "at most 1 hour", ["T08"]),
        ("60 minutes", "at most 1 hour", []),
        ("1 year", "at most 12 months", []),
        ("13 months", "at most 1 year", ["T08"]),
        ("1 day", "at most 24 hours", ["T03"]),
        ("1 month", "at most 31 days", ["T03"]),
        ("5 days", "at most 5 working days", ["T03"]),
        ("5%", "at most 5%", []),
        ("5%", "at most 5", ["T09"]),
        ("CNY 100", "at most CNY 100", []),
        ("CNY 101", "at most CNY 100", ["T08"]),
        ("CNY 100", "at most EUR 100", ["T09"]),
    ],
)
def test_bounds_of_parameters_hold_at_before_and_after(value: str, bounds: str, codes: list[str]) -> None:
    assert codes_of(HEAD + f"parameter limit is {value}; {bounds}.\n") == codes


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ("number of use with the same subject is at most 5 times", []),
        ("number of use with the same subject is at most 5", ["T06"]),
        ("number of distinct purpose of use is at most 5", []),
        ("number of use is at most 5%", ["T05"]),
        ("total of amount of use is at most 5", []),
        ("total of purpose of use is at most 5", ["T24"]),
        ("purpose is at least training", ["T05"]),
        ("purpose is in purposes", []),
        ("amount is 5", []),
        ("amount is training", ["T05"]),
        ('subject is "s1"', []),
        ('subject is "s 1"', ["T25"]),
        ("agreed is yes", []),
        ("agreed is at least 5", ["T05"]),
        ("latest consent with the same subject has (given_on is before 2026-01-01)", []),
        ("latest consent with the same subject has (given_on is before 5)", ["T05"]),
        ("some consent where (amount is 5)", ["R07"]),
        ("some consent where (this purpose is training)", ["R07"]),
        ("some consent where (some breach)", ["R08"]),
        ("some consent with the same purpose", ["T04"]),
        ("some breach with the same incident", ["T04"]),
        ("some nothing", ["R01"]),
        ("some training", ["R04"]),
        ("some consent by training", ["R04"]),
        ("clause 1 is violated", ["R30"]),
        ("clause 1 is permitted", ["R29"]),
        ("meant covers training", ["R15"]),
    ],
)
def test_conditions_are_typed(condition: str, codes: list[str]) -> None:
    assert codes_of(BASE + f"clause 1 c\n  B may use if {condition}.\n") == codes


PERIODS = (
    HEAD
    + PEOPLE
    + "parameter notice is 24 hours; at most 72 hours.\nparameter kept is 30 days.\n"
    + "parameter asked is to be filled in; at least 1 month.\nparameter unsaid is duration to be filled in.\n"
    + "occurrence order has\n  subject is identifier;\n  held_for is duration at least 1 hour;\n  free is duration.\n"
    + "act use by B has\n  subject is identifier;\n  length is duration at most 10 days;\n  any_length is duration.\n"
    + "define limit means notice.\ndefine last_order means latest order with the same subject.\n"
)


@pytest.mark.parametrize(
    ("condition", "codes"),
    [
        ("notice is at most 30 days", ["T03"]),
        ("30 days is at least notice", ["T03"]),
        ("notice is at most 72 hours", []),
        ("notice is at most 90 minutes", []),
        ("notice is 1 day", ["T03"]),
        ("limit exceeds 1 month", ["T03"]),
        ("notice is below kept", ["T03"]),
        ("kept is below asked", ["T03"]),
        ("asked is at most 2 years", []),
        ("asked is at most 60 days", ["T03"]),
        ("unsaid is at most 60 days", []),
        ("length is at most notice", ["T03"]),
        ("length is at most 5 working days", ["T03"]),
        ("length is at most kept", []),
        ("any_length is at most kept", []),
        ("last_order.held_for is at most kept", ["T03"]),
        ("last_order.held_for is at most notice", []),
        ("last_order.free is at most notice", []),
        ("some order where (held_for is at most 3 days)", ["T03"]),
        ("some order where (held_for is at most 3 hours)", []),
    ],
)
def test_periods_that_do_not_convert_are_never_compared(condition: str, codes: list[str]) -> None:
    assert codes_of(PERIODS + f"clause 1 c\n  B may use if {condition}.\n") == codes


def test_periods_that_do_not_convert_are_named() -> None:
    found = only(PERIODS + "clause 1 c\n  B may use if notice is at most 30 days.\n")
    assert found.message == "24 hours (`notice`) and 30 days do not convert into each other"


@pytest.mark.parametrize(
    ("condition", "help_"),
    [
        ("number of use with the same subject exceeds 100", "write `100 times`"),
        ("100 is below number of use", "write `100 times`"),
        ("number of use with the same subject is at least 0", "write `0 times`"),
        ("number of use with the same subject is at least 1", "write `1 time`"),
        ("number of use with the same subject is at least 2", "write `2 times`"),
        ("size is at most 5", "write `5 person`"),
        ("size is at most number of use", "write both in the same unit"),
        ("amount is at most 5 person", "write both in the same unit"),
    ],
)
def test_the_unit_that_a_figure_lacks_is_named(condition: str, help_: str) -> None:
    units = BASE.replace("amount is number at least 0", "amount is number;\n  size is number in person")
    found = only(units + f"unit person.\nclause 1 c\n  B may use if {condition}.\n")
    assert (found.code, found.help) == ("T06", help_)


def test_the_unit_that_a_figure_lacks_has_the_label_of_the_file() -> None:
    declared = ZH.replace("概念 purposes", "计量单位 time 中文“次” 英文“times”。\n概念 purposes", 1)
    found = only(declared + "第1条 c 中文“条款” 英文“clause”\n  如使用次数不超过5，乙方可以使用。\n")
    assert (found.code, found.help) == ("T06", "写“5次”")


def test_an_instant_is_compared_with_a_day_by_its_first_or_last_moment() -> None:
    day = date(2026, 3, 1)
    first, last = start_of_day(day, "UTC"), end_of_day(day, "UTC")
    wanted = {"before": first, "after": last, "at least": first, "at most": last}
    for word, moment in wanted.items():
        text = (
            f"clause 1 c\n  When breach where (aware_at is {word} 2026-03-01) occurs, "
            "B must notify A within 1 hour for the same incident.\n"
        )
        (duty,) = contract_of(BASE + text).modules[0].clauses[0].sentences
        assert isinstance(duty, Duty)
        where = getattr(duty.triggers[0], "where", None)
        assert isinstance(where, Compare)
        assert isinstance(where.right, Const)
        assert where.right.value == moment


@pytest.mark.parametrize(
    ("field", "codes"),
    [("identifier", []), ("text", ["T10"]), ("date", ["T10"]), ("identifier shown by auditor", ["T11"])],
)
def test_only_identifiers_that_no_role_shows_are_keys(field: str, codes: list[str]) -> None:
    text = (
        HEAD
        + PEOPLE
        + (
            f"occurrence breach has\n  incident is {field}.\n"
            "unrestricted act notify by B has\n  incident is identifier.\n"
            "clause 1 c\n  When breach occurs, B must notify A within 1 hour for the same incident.\n"
        )
    )
    assert codes_of(text) == codes


def test_keys_are_checked_on_trigger_act_record_and_second_duty() -> None:
    duty = "clause 1 c\n  When breach occurs, B must {} within 1 hour for the same incident{}.\n"
    other = "unrestricted act inform by B.\n"
    assert codes_of(BASE + other + duty.format("inform A", "")) == ["T04"]
    assert codes_of(BASE + other + duty.format("notify A", ", otherwise B must inform A within 1 day")) == ["T04"]
    assert codes_of(BASE + duty.format("notify A", "").replace("incident", "subject")) == ["T04"]


def test_concepts_torn_apart_on_some_day_are_refused_and_on_other_days_are_not() -> None:
    words = (
        "vocabulary sample version 1.0.0\nconcept top.\nconcept left under top.\nconcept right under top.\n"
        "disjoint left, right.\n"
    )
    assert codes_of(words + "concept both under left, right.\n") == ["T19"]
    assert codes_of(words + "concept both under left until 2020-12-31, right from 2021-01-01.\n") == []
    assert codes_of(words + "concept both under left until 2021-01-01, right from 2021-01-01.\n") == ["T19"]
    assert codes_of(words + "concept inner under left.\nconcept both under inner, right.\n") == ["T19"]


def test_circles_of_concepts_types_and_definitions_are_printed() -> None:
    found = only("vocabulary sample version 1.0.0\nconcept a1 under c1.\nconcept b1 under a1.\nconcept c1 under b1.\n")
    assert (found.code, "a1 → c1 → b1 → a1" in found.message) == ("R06", True)
    found = only(HEAD + "party B.\nact do under redo by B.\nact redo under do by B.\n")
    assert (found.code, "do → redo → do" in found.message) == ("R06", True)


def test_another_file_cannot_order_or_close_concepts_it_did_not_declare(tmp_path: Path) -> None:
    words = (
        "vocabulary words version 1.0.0\nconcept places.\nconcept north under places.\nconcept south under places.\n"
    )
    imported = HEAD + "import words version 1.0.0.\n"
    assert codes_of(imported + "disjoint north, south.\n", tmp_path, words=words) == ["R11", "R11"]
    assert codes_of(imported + "complete places.\n", tmp_path, words=words) == ["R11"]
    assert codes_of(imported + "concept east under places.\n", tmp_path, words=words) == []


def test_scenario_facts_have_the_kind_and_bounds_of_their_field() -> None:
    scenario = BASE + "clause 1 c\n  B may use if agreed.\nscenario one\n  at 2026-03-01T09:00 {}.\n  then undecided.\n"
    for line, codes in (
        ('B use with subject = "s1", purpose = training, agreed = yes, amount = 0', []),
        ("B use with purpose = purposes", []),
        ("B use with amount = 5%", ["T24"]),
        ("B use with agreed = training", ["T24"]),
        ("B use with given = yes", ["R15"]),
        ('B use with subject = "s1", subject = "s2"', ["R03"]),
        ("B use with purpose = training, not shown agreed", []),
        ("B use with purpose = training, not shown agred", ["R15"]),
        ("consent with meant = training", []),
    ):
        assert codes_of(scenario.format(line)) == codes, line


def test_what_then_names_must_exist() -> None:
    scenario = BASE + "clause 1 c\n  B may use if agreed.\nscenario one\n  at 2026-03-01T09:00 B use.\n  then {}.\n"
    assert codes_of(scenario.format("undecided because agreed")) == []
    assert codes_of(scenario.format("undecided because agred")) == ["R01"]
    assert codes_of(scenario.format("clause 2 is permitted")) == ["R05"]


def test_statements_that_could_not_be_read_cause_no_unknown_names() -> None:
    text = BASE.replace("concept training under purposes.", "concept training below purposes.")
    found = check(text + "clause 1 c\n  B may use if purpose is training.\n")
    assert found.contract is None
    assert not {"R01", "R15"} & {each.code for each in found.diagnostics}


def test_references_to_clauses_and_sentences_are_checked() -> None:
    two = "clause 1 c\n  B may use if agreed.\n  B must not use unless agreed.\n"
    more = two + "clause 2 d\n  "
    duty = "When breach occurs, B must notify A within 1 hour for the same incident.\n"
    assert codes_of(BASE + more + "Despite clause 1, B may use if amount is below 5.\n") == []
    assert codes_of(BASE + more + "Despite clause 1(2), B may use if amount is below 5.\n") == ["R16"]
    assert codes_of(BASE + more + "Despite clause 1(3), B may use if amount is below 5.\n") == ["R26"]
    assert codes_of(BASE + more + "Despite clause 1, " + duty) == ["R16"]
    assert codes_of(BASE + more + "Subject to clause 1, " + duty) == []
    assert codes_of(BASE + more + "Subject to clause 9, " + duty) == ["R05"]
    assert codes_of(BASE + two + "prove p never clause 1(2) is permitted.\n") == ["T24"]
    waiver = (
        'scenario s\n  at 2026-03-01T09:00 A waiver with clause = "{}".\n'
        "  at 2026-03-01T10:00 B use.\n  then undecided.\n"
    )
    assert codes_of(BASE + two + waiver.format("1")) == []
    assert codes_of(BASE + two + waiver.format("9")) == ["R05"]


@pytest.mark.parametrize(
    ("by", "party", "codes"),
    [
        (" by B", "B", []),
        (" by B", "A", ["R41"]),
        (" by provider", "A", []),
        (" by provider", "C", ["R41"]),
        (" by provider", "B", []),  # B holds no role that is known
        ("", "C", []),
    ],
)
@pytest.mark.parametrize("act", ["use", "train"])
@pytest.mark.parametrize("sentence", ["{} may {}", "{} must not {}", "{} must {} no later than 2026-05-01"])
def test_a_sentence_speaks_of_whoever_does_the_act(
    by: str, party: str, codes: list[str], act: str, sentence: str
) -> None:
    text = HEAD + PEOPLE + f"party C as auditor.\nact use{by}.\nact train under use.\nclause 1 c\n  "
    assert codes_of(text + sentence.format(party, act) + ".\n") == codes


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("number at least 0 at most 10,000", []),
        ("number in row at least 0", []),
        ("number in row at least 0 row at most 5 row", []),
        ("number at least 5 at most 5", []),
        ("number at least 6 at most 5", ["T08"]),
        ("number in row at least 5%", ["T09"]),
        ("money at least CNY 5 at most EUR 7", ["T08"]),
        ("duration at least 1 day at most 24 hours", ["T08"]),
        ("text at least 5", ["T17"]),
        ("number at least floor", ["T24"]),
    ],
)
def test_bounds_of_fields_are_values_that_leave_something(field: str, codes: list[str]) -> None:
    text = HEAD + f"unit row.\nparameter floor is 5.\nparty B.\nact use by B has\n  size is {field}.\n"
    assert codes_of(text + "clause 1 c\n  B may use if 6 is at least floor.\n") == codes


def test_bounds_of_a_blank_leave_something() -> None:
    assert codes_of(HEAD + "parameter rate to be filled in; at least 5%; at most 5%.\n") == []
    assert codes_of(HEAD + "parameter rate to be filled in; at least 6%; at most 5%.\n") == ["T08"]


def test_periods_that_do_not_convert_are_named_in_the_language_of_the_file() -> None:
    found = check("合同 sample 版本 1.0.0\n参数 period 中文“期间” 英文“period”为1个月；不超过30日。\n").diagnostics
    assert any("1个月与30日" in each.message for each in found)


PRICED = PEOPLE + (
    "act use by B has\n  subject is identifier;\n  price is money at least CNY 0 at most CNY 900.\n"
    "clause 1 c\n  B may use.\n"
    "  B may use only if total of price of use is at most CNY 8.\n"
)


@pytest.mark.parametrize(("second", "then"), [("CNY 5", "allowed"), ("CNY 6", "refused")])
def test_amounts_of_money_are_added_up_in_the_currency_of_their_bounds(second: str, then: str) -> None:
    story = (
        'scenario s\n  at 2026-01-01T10:00 B use with subject = "a", price = CNY 3.\n'
        f'  at 2026-01-02T10:00 B use with subject = "a", price = {second}.\n  then {then}.\n'
    )
    contract = contract_of(HEAD + PRICED + story)
    assert run(contract, contract.scenarios[0]).holds


def test_an_amount_has_the_currency_of_its_bounds() -> None:
    story = 'scenario s\n  at 2026-01-01T10:00 B use with subject = "a", price = USD 3.\n  then undecided.\n'
    assert only(HEAD + PRICED + story).code == "T24"
    assert only(HEAD + PRICED.replace("CNY 900", "USD 900")).code == "T08"

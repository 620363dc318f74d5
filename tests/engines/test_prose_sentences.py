"""Terms, sentences and clauses in words."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from smartclause.engines import prose
from smartclause.engines.prose_names import Names
from smartclause.engines.prose_sentences import Sentences
from smartclause.engines.prose_terms import Phrases
from smartclause.logic.contract import Bar, Dated, Grant, Limit
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import TRUE, All, AnyOf, AtLeast, Compare, Const, Count, Not, Order, walk
from tests.engines.samples import (
    AGREED,
    CLAUSES,
    CONSENTED,
    EVERY_TERM,
    FEW,
    FOR_TRAINING,
    NOTICE,
    TIMES,
    VERIFIED,
    agreement,
    uses,
)

LOOKUP = Lookup(agreement())
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("term", EVERY_TERM)
@pytest.mark.parametrize("lang", prose.LANGUAGES)
def test_every_kind_of_term_has_words(term, lang):
    text = prose.explain_term(LOOKUP, term, lang, ("m.use", "m.consent"))
    assert text
    assert bool(CHINESE.search(text)) is (lang == "zh")
    assert "m." not in text
    assert "v." not in text


def test_the_samples_hold_every_kind_of_term_but_those_of_properties():
    from smartclause.logic import terms

    seen = {type(node) for term in EVERY_TERM for node in walk(term)}
    assert set(terms.NODES) - seen == {terms.ClauseStatus}


@pytest.mark.parametrize("term", EVERY_TERM)
@pytest.mark.parametrize("lang", prose.LANGUAGES)
def test_a_term_and_its_negation_read_differently(term, lang):
    assert prose.explain_term(LOOKUP, term, lang) != prose.explain_term(LOOKUP, Not(term), lang)


def test_a_number_of_acts_says_that_the_judged_act_counts_itself():
    judged = Phrases(Names(LOOKUP, "en"), ("m.use",), ("m.use",))
    assert "(this act counted)" in judged.term(FEW)
    assert "（含本次）" in Phrases(Names(LOOKUP, "zh"), ("m.use",), ("m.use",)).term(FEW)


@pytest.mark.parametrize("act", ["m.use", "m.train"])
def test_a_narrower_act_counts_itself_too(act):
    assert "(this act counted)" in Phrases(Names(LOOKUP, "en"), (act,), (act,)).term(FEW)


def test_another_act_or_a_trigger_does_not_count_itself():
    assert "counted" not in Phrases(Names(LOOKUP, "en"), ("m.notify",), ("m.notify",)).term(FEW)
    assert "counted" not in Phrases(Names(LOOKUP, "en"), ("m.breach",)).term(FEW)


def test_every_says_that_there_must_be_one():
    text = [prose.explain_term(LOOKUP, t, "en") for t in EVERY_TERM if type(t).__name__.startswith("Every")]
    assert all("at least one" in t for t in text)


def test_joined_conditions_keep_their_brackets():
    mixed = AnyOf((CONSENTED, All((FOR_TRAINING, AGREED))))
    en = prose.explain_term(LOOKUP, mixed, "en", ("m.use",))
    assert en.endswith("or (purpose falls under training and purpose falls under “agreed purposes”)")
    assert prose.explain_term(LOOKUP, mixed, "zh", ("m.use",)).endswith("或者（用途属于训练，且用途属于约定用途）")


def sentence(lang, found):
    return prose.explain_sentence(LOOKUP, found, lang)


@pytest.mark.parametrize(
    ("found", "en", "zh"),
    [
        (Grant(1, "B", ("m.use",)), "Recipient may use.", "乙方可以使用。"),
        (
            Grant(1, "B", ("m.use",), CONSENTED),
            "Recipient may use if written consent is present.",
            "如具备甲方书面同意，乙方可以使用。",
        ),
        (
            Limit(1, "B", ("m.use",), CONSENTED),
            "Recipient may use only if written consent is present.",
            "乙方仅在具备甲方书面同意时，方可使用。",
        ),
        (
            Bar(1, "B", ("m.use", "m.notify"), FOR_TRAINING, CONSENTED),
            "Recipient must not use or notify if purpose falls under training, except if written consent is present.",
            "如用途属于训练，乙方不得使用或者通知，但具备甲方书面同意的除外。",
        ),
        (
            Bar(1, "B", ("m.use",), Not(CONSENTED)),
            "Recipient must not use unless written consent is present.",
            "除非具备甲方书面同意，乙方不得使用。",
        ),
        (
            Grant(1, "B", ("m.use",), TRUE, despite=("m.1.3",), subject_to=("m.1.2",)),
            "Despite clause 1.3, subject to clause 1.2, Recipient may use.",
            "尽管有第1.3条的约定，在符合第1.2条的前提下，乙方可以使用。",
        ),
        (
            CLAUSES[3].sentences[1],
            "Recipient bears 70% of the liability for clause 3.5.",
            "乙方对违反第3.5条承担70%的责任。",
        ),
    ],
)
def test_sentences_read_as_a_contract_says_them(found, en, zh):
    assert sentence("en", found) == en
    assert sentence("zh", found) == zh


def test_a_duty_names_trigger_act_recipient_period_key_waiver_and_what_follows():
    duty = CLAUSES[3].sentences[0]
    assert sentence("en", duty) == (
        "When “breach” occurs, Recipient must notify Provider within the notice period (24 hours) for the same "
        "incident, unless waived by Provider; otherwise Recipient must pay a penalty to Provider within 30 days "
        "for the same incident."
    )
    assert sentence("zh", duty) == (
        "发生数据泄露的，乙方应当在通知时限（24小时）内就同一泄露事件向甲方通知，甲方免除的除外；"
        "逾期未履行的，乙方应当在30日内就同一泄露事件向甲方支付违约金。"
    )


def test_repeated_and_standing_duties_and_remedies_have_sentences():
    repeated, standing, remedy = CLAUSES[4].sentences
    assert sentence("en", repeated) == "Recipient must report to Provider at least once every 90 days."
    assert sentence("zh", repeated) == "乙方应当每90日至少向甲方进行一次报告。"
    assert "at all times ensure that there is a review within 6 months" in sentence("en", standing)
    assert "始终确保存在6个月内的核验" in sentence("zh", standing)
    assert sentence("en", remedy).startswith("When clause 3.5 is violated, Provider must report")
    assert sentence("zh", remedy).startswith("当第3.5条处于违反状态时，甲方应当自违反之日起2日内")


def test_a_list_of_conditions_stands_at_the_end_of_the_sentence():
    limit = Limit(1, "B", ("m.use",), AtLeast(2, (CONSENTED, FOR_TRAINING, AGREED)))
    assert sentence("en", limit).startswith("Recipient may use only if at least 2 of the following hold:\n  (a) ")
    assert sentence("zh", limit).startswith("乙方仅在符合下列条件中至少2项时，方可使用：\n  （一）")


def test_the_exception_stands_before_a_list_so_that_it_cannot_be_read_into_its_last_item():
    bar = Bar(1, "B", ("m.use",), AnyOf((VERIFIED, FOR_TRAINING, AGREED)), CONSENTED)
    text = sentence("en", bar)
    assert text.index("except if written consent is present") < text.index("(a)")


def test_a_clause_shows_its_words_its_law_and_its_meaning():
    for lang, law in (
        ("en", "Personal Information Protection Law art 57(1)"),
        ("zh", "《个人信息保护法》第五十七条第一款"),
    ):
        text = prose.explain_clause(LOOKUP, "m.3.5", lang)
        assert law in text
        assert (CLAUSES[3].text.en if lang == "en" else CLAUSES[3].text.zh) in text
        assert "立即" in text  # what is not encoded


def test_a_figure_that_the_parties_agreed_says_so():
    assert "Agreed between the parties, not set by law" in prose.explain_clause(LOOKUP, "m.3.5", "en")
    assert "由双方约定，并非法定：用以解释第3.5条“及时”" in prose.explain_clause(LOOKUP, "m.3.5", "zh")


def test_dated_figures_show_their_dates():
    dated = replace(
        NOTICE,
        values=(
            Dated(Duration(2, Unit.HOUR), None, date(2026, 3, 31)),
            Dated(Duration(1, Unit.HOUR), date(2026, 4, 1)),
        ),
    )
    assert Names(LOOKUP, "en").set_value(dated) == "2 hours until 31 March 2026; 1 hour from 1 April 2026"
    assert Names(LOOKUP, "zh").set_value(dated) == "2小时（至2026年3月31日止）；1小时（自2026年4月1日起）"
    assert Names(LOOKUP, "en").set_value(replace(NOTICE, values=())) == "to be filled in"


@pytest.mark.parametrize("wanted", ["m.3.5", "3.5", "breach_notice"])
def test_a_clause_is_found_by_id_number_or_name(wanted):
    assert prose.explain_clause(LOOKUP, wanted, "en").startswith("Clause 3.5, breach notice")


def test_a_clause_that_is_not_there_is_said():
    assert prose.explain_clause(LOOKUP, "9.9", "en") == "there is no clause “9.9”"


@pytest.mark.parametrize("lang", prose.LANGUAGES)
def test_the_whole_contract_shows_every_clause(lang):
    text = prose.explain_contract(LOOKUP, lang)
    assert all(Names(LOOKUP, lang).heading(c.id) in text for c in CLAUSES)


def test_figures_of_clauses_are_listed_once():
    clause = CLAUSES[0]
    assert Sentences(Names(LOOKUP, "en")).figures(clause) == ["Agreed purposes: training (open list)."]


def test_comparing_with_a_field_named_like_a_placeholder_keeps_the_words():
    text = prose.explain_term(LOOKUP, Compare(Order.AT_MOST, Count(uses(), TIMES), Const(Decimal(3), TIMES)), "zh")
    assert text == "同一数据主体自当月1日起使用次数不超过3次"

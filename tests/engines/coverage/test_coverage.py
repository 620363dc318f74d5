"""Coverage: what scenarios show of a contract, counted by hand beside what is measured."""

from __future__ import annotations

import re
from itertools import product

import pytest

from smartclause.engines.coverage.measured import Coverage, Denied, Never, Part, Status, coverage, pair
from smartclause.engines.coverage.observed import Shown
from smartclause.engines.coverage.page import page
from smartclause.engines.coverage.possible import can_be
from smartclause.engines.coverage.questions import Asked, Question, questions, truth_of
from smartclause.engines.coverage.told import Telling
from smartclause.language.load import load
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run
from smartclause.logic.terms import All, AnyOf, Covers, Field, Holds, Kind, Not, Type
from smartclause.logic.truth import Truth
from smartclause.verbs.answers_testing import coverage_form

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
HEAD = """\
contract small version 1.0.0
  in force from 2026-01-01.
  time zone "UTC".

role keeper.
party A as keeper.
party B.
concept purposes.
concept training under purposes.
concept resale under purposes.
concept odd under purposes.
disjoint training, resale.
parameter agreed including but not limited to training.
act use by B has
  purpose is purposes;
  paid is fact;
  approved is fact;
  barred is fact;
  freed is fact;
  asset_no is identifier.
occurrence warning has
  asset_no is identifier;
  severe is fact.
unrestricted act stop_it by B has
  asset_no is identifier;
  checked is fact.
"""
CLAUSES = """\
clause 1 grant
  B may use if paid or approved.
clause 2 bar
  B must not use if barred except if freed.
clause 3 duty
  When warning where (severe) occurs, B must stop_it where (checked) within 2 days for the same asset_no.
"""
FULL = "paid = yes, approved = no, barred = no, freed = no"


def shown(text: str, never: Never | None = None) -> Coverage:
    loaded = load(HEAD + text, name="small.clause")
    assert loaded.contract is not None, loaded.diagnostics
    lookup = Lookup(loaded.contract)
    return coverage(lookup, [run(loaded.contract, s, lookup) for s in loaded.contract.scenarios], None, never)


def scenario(name: str, *lines: str) -> str:
    return "\n".join((f"scenario {name}", *(f"  {line}" for line in lines), ""))


def use(name: str, facts: str, then: str = "then allowed.") -> str:
    return scenario(name, f"at 2026-02-01T09:00 B use with {facts}.", then)


def alone(
    found: Coverage, clause: str, sentence: int = 1, asked: Asked = Asked.ACT
) -> dict[str, tuple[str, str] | None]:
    """By the name of the field: the pair that shows it."""
    questions_ = (q for c in found.clauses if c.clause == f"small.{clause}" for q in c.questions)
    wanted = (q for q in questions_ if q.question.asked is asked and q.question.sentence == sentence)
    return {c.term.value.name: c.pair for q in wanted for c in q.conditions if isinstance(c.term, Holds)}


def test_a_condition_decides_alone_in_a_pair_in_which_the_others_are_equal_or_masked():
    one = use("paid_only", "paid = yes, approved = no, barred = no, freed = no")
    none = use("neither", "paid = no, approved = no, barred = no, freed = no", "then refused.")
    assert alone(shown(CLAUSES + one + none), "1") == {"paid": ("paid_only", "neither"), "approved": None}


def test_a_condition_masked_by_another_is_not_shown():
    both = use("both", "paid = yes, approved = yes, barred = no, freed = no")
    none = use("neither", "paid = no, approved = no, barred = no, freed = no", "then refused.")
    assert alone(shown(CLAUSES + both + none), "1") == {"paid": None, "approved": None}


def test_an_unknown_alone_shows_no_condition_that_can_be_false():
    one = use("paid_only", "paid = yes, approved = no, barred = no, freed = no")
    hidden = use("hidden", "approved = no, barred = no, freed = no, not shown paid", "then undecided.")
    assert alone(shown(CLAUSES + one + hidden), "1")["paid"] is None


def test_what_is_on_an_open_list_is_shown_by_true_against_unknown():
    text = "clause 1 grant\n  B may use if purpose is in agreed and paid.\n"
    good = use("listed", "purpose = training, paid = yes")
    odd = use("unlisted", "purpose = resale, paid = yes", "then undecided.")
    found = shown(text + good + odd)
    (question,) = (q for q in found.clauses[0].questions)
    listed = next(c for c in question.conditions if isinstance(c.term, Covers))
    assert listed.can == {T, U}
    assert listed.pair == ("listed", "unlisted")
    assert listed.missing == ()


def denying(*denied: tuple[str, Truth, Truth]) -> Never:
    """As if this were proved, of conditions by the name of their field."""

    def never(question: Question, place: int, is_: Truth, were: Truth) -> bool:
        term = question.conditions[place]
        return isinstance(term, Holds) and (term.value.name, is_, were) in denied

    return never


PAID_ONLY = use("paid_only", "paid = yes, approved = no, barred = no, freed = no")
HIDDEN = use("hidden", "approved = no, barred = no, freed = no, not shown paid", "then undecided.")


def denied(found: Coverage, name: str) -> Denied | None:
    terms = (c for q in found.clauses[0].questions for c in q.conditions)
    return next(c.denied for c in terms if isinstance(c.term, Holds) and c.term.value.name == name)


def test_a_condition_that_never_decides_alone_by_being_false_is_shown_by_true_against_unknown():
    found = shown(CLAUSES + PAID_ONLY + HIDDEN, denying(("paid", F, T)))
    assert (alone(found, "1")["paid"], denied(found, "paid")) == (("paid_only", "hidden"), Denied.BY_FALSE)
    assert denied(found, "approved") is None


def test_a_condition_that_never_decides_alone_is_not_counted_and_one_side_denied_is_enough():
    before = shown(CLAUSES + PAID_ONLY + HIDDEN).alone
    for proof in ((("paid", F, T), ("paid", U, T)), (("approved", T, F), ("approved", T, U))):
        found = shown(CLAUSES + PAID_ONLY + HIDDEN, denying(*proof))
        name = proof[0][0]
        assert denied(found, name) is Denied.AT_ALL
        assert found.alone == Part(before.done, before.of - 1)


def test_half_a_proof_denies_nothing():
    found = shown(CLAUSES + PAID_ONLY + HIDDEN, denying(("paid", U, T), ("approved", U, T)))
    assert [denied(found, n) for n in ("paid", "approved")] == [None, None]


@pytest.mark.parametrize(("lang", "word"), [("en", "proved"), ("zh", "已证明")])
def test_what_is_proved_is_told_and_marked(lang, word):
    for proof in ((("paid", F, T),), (("paid", F, T), ("paid", U, T))):
        found = shown(CLAUSES + PAID_ONLY + HIDDEN, denying(*proof))
        ((_, lines),) = Telling(found, lang).proofs()
        assert len(lines) == 1
        assert word in lines[0]
        assert lines[0].rpartition(": " if lang == "en" else "：")[2] in page(found, lang)
        form = coverage_form(found, lang).clauses[0].questions[0].conditions[0]
        assert form.proved == ("not by false" if len(proof) == 1 else "never alone")


def test_an_exception_counts_only_where_it_lifts_something():
    freed = "paid = yes, approved = no, barred = {}, freed = yes"
    idle = shown(CLAUSES + use("idle", freed.format("no")))
    lifting = shown(CLAUSES + use("lifting", freed.format("yes")))
    assert (idle.exceptions.done, idle.exceptions.of) == (0, 1)
    assert (lifting.exceptions.done, lifting.exceptions.of) == (1, 1)


def test_triggers_and_answers_are_asked_of_their_own_records():
    found = shown(
        CLAUSES
        + scenario(
            "answered",
            'at 2026-02-01T09:00 warning with asset_no = "a", severe = yes.',
            'at 2026-02-01T10:00 B stop_it with asset_no = "a", checked = no.',
            'at 2026-02-01T11:00 B stop_it with asset_no = "a", checked = yes.',
            "then clause 3 is fulfilled.",
        )
        + scenario(
            "mild",
            'at 2026-02-01T09:00 warning with asset_no = "a", severe = no.',
            'at 2026-02-01T11:00 B stop_it with asset_no = "a".',
            "at 2026-02-05T11:00.",
        )
    )
    assert alone(found, "3", asked=Asked.TRIGGER) == {"severe": ("answered", "mild")}
    assert alone(found, "3", asked=Asked.ANSWER) == {"checked": ("answered", "answered")}
    duty = next(c for c in found.clauses if c.clause == "small.3")
    assert duty.reached == {Status(1, "fulfilled")}


def test_statuses_that_cannot_come_about_are_not_asked_for():
    text = "clause 1 grant\n  B may use if purpose is in agreed.\n"
    found = shown(text + use("listed", "purpose = training"))
    assert {s.status for s in found.clauses[0].possible} == {"unknown", "permitted"}  # an open list is never missed


def test_a_contract_without_scenarios_shows_nothing():
    found = shown(CLAUSES)
    assert [p.done for p in found.parts] == [0] * 5
    assert found.percentage == 0
    assert not found.is_full


FIELDS = ("paid", "approved", "barred", "freed")


def _every_use() -> str:
    """Every combination of the four facts; then each of them hidden, the others so that it matters."""
    found = [
        use(f"u{n}", ", ".join(f"{f} = {v}" for f, v in zip(FIELDS, values, strict=True)))
        for n, values in enumerate(product(("yes", "no"), repeat=4))
    ]
    for hidden in FIELDS:
        rest = ", ".join(f"{f} = {'yes' if f == 'barred' else 'no'}" for f in FIELDS if f != hidden)
        found.append(use(f"h_{hidden}", f"{rest}, not shown {hidden}"))
    return "".join(found)


def test_every_combination_of_facts_shows_every_condition_of_the_norms():
    found = shown(CLAUSES + _every_use())
    for clause in found.clauses[:2]:
        assert clause.missing == ()
        assert all(c.pair and not c.missing for q in clause.questions for c in q.conditions)
        assert all(q.lifted is not False for q in clause.questions)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_marks_what_is_shown_and_escapes_what_it_is_given(lang):
    text = CLAUSES.replace("clause 1 grant", 'clause 1 grant zh "<b>甲" en "<b>first"')
    found = shown(text + use("paid_only", FULL))
    html = page(found, lang)
    assert "<b>" not in html
    assert 'class="chip yes"' in html
    assert 'class="chip no"' in html
    assert "<script" not in html
    assert not re.search(r"https?://", html)


def test_what_is_told_in_chinese_holds_no_english_sentence():
    found = shown(CLAUSES + use("paid_only", FULL))
    lines = [line for _, each in Telling(found, "zh").gaps() for line in each]
    assert lines
    assert not [line for line in lines if re.search(r"\b(never|not|sentence|scenario|shown)\b", line)]


def condition(name: str) -> Holds:
    return Holds(Field(name, Type(Kind.FACT)))


def test_a_pair_is_found_exactly_where_the_definition_finds_one():
    """Against the definition, read off all pairs of what was shown."""
    a, b, c = map(condition, "abc")
    question = Question("m.1", 1, Asked.ACT, AnyOf((All((a, Not(b))), c)))
    assert question.conditions == (a, b, c)
    everything = list(product((T, F, U), repeat=3))
    for left, right in product(everything, repeat=2):
        seen = {Shown(left): "l", Shown(right): "r"}
        for place in range(3):
            assert (pair(question, place, seen, frozenset(Truth)) is not None) == _by_definition(
                question, place, left, right
            )


def _by_definition(question, place, left, right):
    def out(truths):
        return truth_of(question.term, dict(zip(question.conditions, truths, strict=True)))

    def otherwise(truths, value):
        return tuple(value if n == place else t for n, t in enumerate(truths))

    differ = {left[place], right[place]} == {T, F} and out(left) is not out(right)
    return differ and all(out(x) is not out(otherwise(x, F if x[place] is T else T)) for x in (left, right))


def test_a_concept_that_nothing_opposes_is_never_surely_missed():
    loaded = load(HEAD + "clause 1 grant\n  B may use if purpose is in odd or purpose is in resale.\n", name="s.clause")
    assert loaded.contract is not None
    lookup = Lookup(loaded.contract)
    (question,) = questions(loaded.contract)
    assert [can_be(lookup, c) for c in question.conditions] == [{T, U}, {T, F, U}]

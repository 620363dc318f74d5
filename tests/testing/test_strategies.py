"""The public strategies: everything drawn is of the contract, shrinks to something small, and can be pasted."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

import smartclause.testing as public
from smartclause.language.load import load
from smartclause.logic.contract import Bar, Duty, Grant, Limit, Repeated, Standing
from smartclause.logic.scenario import run
from smartclause.logic.terms import (
    FALSE,
    TRUE,
    AtLeast,
    ClauseViolated,
    Count,
    CountDistinct,
    Covers,
    Every,
    EveryFollowed,
    Holds,
    Kind,
    LatestField,
    LatestHas,
    Not,
    Some,
    Total,
    walk,
)
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision
from smartclause.logic.walking import terms_of
from smartclause.logic.world import inside_bounds
from smartclause.testing import acts, cases, contracts, events, histories, read, terms, values
from smartclause.verbs.compile import NotCompiledError

ROOT = Path(__file__).parents[2]
TEXT = """\
contract small version 1.0.0
  in force from 2026-01-01.
  time zone "Asia/Shanghai".

role keeper.
party A as keeper.
party B.
concept purposes.
concept training under purposes.
concept resale under purposes.
disjoint training, resale.
act use by B has
  purpose is purposes;
  paid is fact;
  size is number at least 0 at most 100;
  case_no is identifier.
unrestricted act tell by B has
  case_no is identifier.
occurrence warning by keeper has
  case_no is identifier;
  severe is fact.

clause 1 grant
  B may use if purpose is in training and paid.
clause 2 bar
  B must not use if size exceeds 10 except if some warning with the same case_no within 3 days.
clause 3 duty
  When warning where (severe) occurs, B must tell within 24 hours for the same case_no.
"""
SMALL = read(TEXT)
COMMERCIAL = read(ROOT / "contracts" / "commercial_training" / "commercial_training.clause")
QUICK = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def smallest(strategy, holds):
    return find(strategy, holds, settings=settings(max_examples=200, deadline=None, derandomize=True))


def test_every_public_name_says_what_it_is():
    assert [n for n in public.__all__ if not getattr(public, n).__doc__] == []
    with pytest.raises(AttributeError):
        _ = public.nothing_of_this_name


@pytest.mark.parametrize("subject", [SMALL, COMMERCIAL], ids=["small", "commercial"])
@QUICK
@given(data=st.data())
def test_what_is_drawn_is_of_the_contract(subject, data):
    case = data.draw(cases(subject))
    assert [line.at for line in case.lines] == sorted(line.at for line in case.lines)
    for line in case.lines:
        kind = subject.lookup.types[line.event]
        fields = {f.name: f for f in kind.fields}
        stated = dict(line.facts)
        assert set(stated) | set(line.hidden) == set(fields)
        assert not set(stated) & set(line.hidden)
        assert all(inside_bounds(v, fields[n]) for n, v in stated.items())
        assert not [n for n in line.hidden if fields[n].type.kind is Kind.IDENTIFIER]
    assert case.act is case.lines[-1]
    assert (case.act.event, case.act.by) in {
        ("small.use", "B"),
        *((f"commercial_training.{a}", "B") for a in ("train", "publish_data")),
    }


@QUICK
@given(cases(COMMERCIAL, "train"))
def test_a_case_prints_as_a_scenario_that_holds_where_it_is_pasted(case):
    head = (
        (ROOT / "contracts/commercial_training/commercial_training.clause")
        .read_text("utf-8")
        .partition("\n# Clause 1.1")[0]
    )
    loaded = load(f"{head}\n{case!r}", name="pasted.clause")
    assert loaded.contract is not None, loaded.diagnostics
    (scenario,) = loaded.contract.scenarios
    found = run(loaded.contract, scenario)
    assert found.holds
    assert found.verdict.decision is case.decision


@QUICK
@given(cases(SMALL))
def test_a_fact_less_never_makes_an_act_allowed(case):
    """The first law, as a user of the package would write it."""
    for name, _ in case.act.facts:
        if case.without_fact(name).decision is Decision.ALLOWED:
            assert case.decision is Decision.ALLOWED


@QUICK
@given(cases(SMALL, shown=True))
def test_where_everything_is_shown_nothing_is_undecided_but_what_is_too_broad(case):
    assert not case.act.hidden
    if case.decision is Decision.UNDECIDED:
        assert dict(case.act.facts)["purpose"] == "small.purposes"


def test_examples_shrink_to_one_line_with_the_first_value_of_each_fact():
    case = smallest(cases(SMALL), lambda c: c.decision is Decision.ALLOWED and dict(c.act.facts).get("size") == 9)
    assert len(case.lines) == 1
    assert dict(case.act.facts) == {"purpose": "small.training", "paid": True, "size": 9, "case_no": "k1"}


def test_boundaries_missing_facts_and_doubts_are_found_soon():
    """In a hundred and fifty cases, without looking for them."""
    seen: set[str] = set()

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(cases(SMALL))
    def look(case):
        size = dict(case.act.facts).get("size")
        kinds = {
            "one above the figure": size == 11 and case.state("2") is ClauseState.FORBIDDEN,
            "at the figure": size == 10 and case.state("2") is ClauseState.MET,
            "not shown": "paid" in case.act.hidden and case.decision is Decision.UNDECIDED,
            "not reliable": any(line.unreliable for line in case.records),
            "lifted": size == 11 and case.state("2") is ClauseState.MET,
            "open": any(i.status.value == "open" for i in case.duties),
            "too broad": dict(case.act.facts).get("purpose") == "small.purposes",
            "allowed": case.decision is Decision.ALLOWED,
        }
        seen.update(kind for kind, found in kinds.items() if found)

    look()
    assert len(seen) == 8, seen


def test_the_same_case_with_another_fact():
    case = smallest(cases(SMALL), lambda c: c.decision is Decision.ALLOWED)
    assert case.with_fact("paid", False).decision is Decision.REFUSED
    assert case.without_fact("paid").decision is Decision.UNDECIDED
    assert case.records == ()


@QUICK
@given(st.data())
def test_events_acts_and_histories_by_name(data):
    assert data.draw(events(SMALL, "warning")).event == "small.warning"
    assert data.draw(acts(SMALL, "use")).by == "B"
    assert len(data.draw(histories(SMALL, most=3))) <= 3
    assert data.draw(values(SMALL, "use", "paid")) in (True, False)
    assert not any(line.unreliable or line.hidden for line in data.draw(histories(SMALL, shown=True)))


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: events(SMALL, "nothing"), "no event"),
        (lambda: acts(SMALL, "tell"), "no sentence"),
        (lambda: values(SMALL, "use", "colour"), "no field"),
    ],
)
def test_a_name_that_is_none_is_an_error_that_says_so(ask, said):
    with pytest.raises(ValueError, match=said):
        ask()


def test_a_file_with_errors_is_not_read():
    with pytest.raises(NotCompiledError):
        read(TEXT.replace("if size", "if siz"))


@QUICK
@given(st.data())
def test_conditions_of_the_contract_are_judged_on_its_events(data):
    from smartclause.logic.duties import Duties
    from smartclause.logic.evaluate import View, judge

    term = data.draw(terms(SMALL, "use"))
    case = data.draw(cases(SMALL))
    world = case.run.world
    act = world.by_id[case.verdict.event]
    breaches = Duties(world, act.position, act.instant).breaches
    view = View(world, "small", act, "B", act.position, act.instant, breaches, judged=True)
    assert judge(term, view).truth in Truth


@QUICK
@given(st.data())
def test_contracts_over_the_same_words_are_judged_and_shown_in_words(data):
    made = data.draw(contracts(SMALL))
    case = data.draw(cases(made))
    assert case.decision in Decision
    assert "clause_1" in made.contract.modules[0].clauses[0].name
    assert "Clause 1" in repr(made)
    assert "scenario case" in repr(case)


MANY = settings(
    max_examples=80, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def test_drawn_terms_hold_every_construct():
    seen: set[object] = set()

    @settings(MANY, max_examples=120)
    @given(terms(SMALL, "use"))
    def gather(term):
        seen.update(type(n) for n in walk(term))

    gather()
    assert seen >= {
        Holds, Covers, Not, AtLeast, Some, Every, EveryFollowed, LatestHas, LatestField, Count, CountDistinct, Total,
    }  # fmt: skip


def test_drawn_contracts_hold_every_kind_of_sentence():
    seen: set[object] = set()

    @MANY
    @given(contracts(SMALL, most=3))
    def gather(made):
        clauses = [c for m in made.contract.modules for c in m.clauses]
        sentences = [s for c in clauses for s in c.sentences]
        norms = [s for s in sentences if isinstance(s, Grant | Bar | Limit)]
        seen.update(type(s) for s in sentences)
        seen.update(type(n) for t in terms_of(made.contract) for n in walk(t) if isinstance(n, ClauseViolated))
        seen.update("exception" for s in norms if s.exception != FALSE)
        seen.update("priority" for s in norms if isinstance(s, Grant) and s.despite)
        seen.update("scope" for c in clauses if c.applies != TRUE)
        assert any(isinstance(s, Grant) for s in sentences)

    gather()
    assert seen == {Grant, Bar, Limit, Duty, Repeated, Standing, ClauseViolated, "exception", "priority", "scope"}

"""Conditions that never decide alone: proved where one follows from another, and never of what an act can show."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.engines.coverage.measured import Denied, Gathered, coverage, sides
from smartclause.engines.coverage.possible import can_be
from smartclause.engines.coverage.questions import Asked, questions
from smartclause.engines.prove.alone import Alone
from smartclause.language.load import load
from smartclause.logic.contract import Contract
from smartclause.logic.truth import Truth
from smartclause.testing import Case, Subject, cases, contracts

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
HEAD = """\
contract small version 1.0.0
  in force from 2026-01-01.
  time zone "UTC".

role keeper.
party A as keeper.
party B.
concept states.
concept open_now under states.
concept shut_now under states.
disjoint open_now, shut_now.
concept sources.
concept page under sources.
concept letter under sources.
disjoint page, letter.
unit rows.
act use by B has
  size is number in rows;
  paid is fact;
  case_no is identifier.
unrestricted act tell by B has
  paid is fact;
  case_no is identifier.
occurrence notice by A has
  state is states;
  source is sources;
  case_no is identifier.
"""


def subject(text: str) -> Subject:
    loaded = load(HEAD + text, name="small.clause")
    assert loaded.contract is not None, loaded.diagnostics
    assert not loaded.has_errors, loaded.diagnostics
    return Subject(loaded.contract)


def denied(contract: Contract, *runs: Case) -> dict[tuple[str, int], Denied | None]:
    """By sentence and place, of conditions that were not shown."""
    found = coverage(Subject(contract).lookup, [c.run for c in runs], None, Alone(contract).never)
    return {
        (f"{clause.clause} {shown.question.asked.value}", place): condition.denied
        for clause in found.clauses
        for shown in clause.questions
        for place, condition in enumerate(shown.conditions)
    }


FOLLOWS = [
    ("size is at least 3 rows and size is at least 2 rows", [None, Denied.AT_ALL]),
    ("size is at least 3 rows or size is at least 2 rows", [Denied.AT_ALL, None]),
    ("paid and size is at least 2 rows", [None, None]),
    (
        "every notice with the same case_no has (state is open_now) and "
        "number of distinct source of notice with the same case_no is at least 1",
        [None, Denied.AT_ALL],
    ),
    (  # the guard removed: of two sources the number says more
        "every notice with the same case_no has (state is open_now) and "
        "number of distinct source of notice with the same case_no is at least 2",
        [None, None],
    ),
    (
        "now.state is open_now and not some notice where (state is shut_now) with the same case_no",
        [Denied.BY_FALSE, None],
    ),
    (  # the guard removed: what is shut may be another case
        "now.state is open_now and not some notice where (state is shut_now and source is page) with the same case_no",
        [None, None],
    ),
]


@pytest.mark.parametrize(("condition", "expected"), FOLLOWS, ids=[c for c, _ in FOLLOWS])
def test_what_follows_from_another_condition_never_decides_alone(condition, expected):
    text = f"define now means latest notice with the same case_no.\nclause 1 grant\n  B may use if {condition}.\n"
    found = denied(subject(text).contract)
    assert [found["small.1 act", n] for n in range(2)] == expected


def test_what_opens_and_answers_a_duty_is_asked_too_and_what_a_record_shows():
    text = """\
clause 1 grant
  B may use if latest notice with the same case_no has (state is open_now and not state is shut_now).
clause 2 duty
  When notice where (state is open_now and not state is shut_now) occurs,
    B must tell where (paid or (paid and some notice with the same case_no)) within 2 days for the same case_no.
"""
    found = denied(subject(text).contract)
    assert found["small.1 record", 1] is Denied.AT_ALL
    assert found["small.2 trigger", 1] is Denied.AT_ALL
    assert [found["small.2 answer", n] for n in range(2)] == [None, Denied.AT_ALL]


DRAWN = subject("clause 1 grant\n  B may use if paid and size is at least 2 rows.\n")


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_what_is_denied_is_shown_by_no_act_that_can_be_drawn(data):
    """Contracts drawn by lot: whatever a drawn history shows of a condition, no proof denies."""
    made = data.draw(contracts(DRAWN, most=2))
    alone = Alone(made.contract)
    asked = [q for q in questions(made.contract) if q.asked is Asked.ACT]
    gathered = Gathered()
    for case in data.draw(st.lists(cases(made, most=3), min_size=4, max_size=8)):
        gathered.add(case.run, asked)
    for question in asked:
        for place, term in enumerate(question.conditions):
            can = can_be(made.lookup, term)
            upper, lower = sides(question, place, gathered.seen.get(question, {}), can)
            other = F if F in can else U
            assert not upper or not alone.never(question, place, T, other)
            assert not lower or not alone.never(question, place, other, T)

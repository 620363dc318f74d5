"""Histories that are built before an act: figures that count many records, and records that only perhaps count."""

from __future__ import annotations

import pytest

from smartclause.engines.prove.answer import Proved, Refuted
from smartclause.engines.prove.result import Check
from smartclause.logic.scenario import run
from tests.engines.prove.files import pasted, proven


def told(body: str, check: Check, **about: object):
    found = [t for t in proven(body).told if t.result.check is check]
    mine = [t for t in found if all(getattr(t.result, k) == v for k, v in about.items())]
    assert len(mine) == 1, (about, found)
    return mine[0]


def holds_when_pasted(body: str, scenario: str) -> bool:
    contract = pasted(body, scenario).contract
    assert contract is not None
    return run(contract, contract.scenarios[-1]).holds


MANY = """\
clause 1 grants
  B may use if number of use with the same subject within 24 hours is at most {} times.
prove within_the_limit {} number of use with the same subject within 24 hours exceeds {} times and clause 1 is {}.
"""


@pytest.mark.parametrize("limit", [1, 12, 100, 900])
def test_a_figure_is_passed_by_as_many_records_as_it_counts(limit):
    body = MANY.format(limit, "possible", limit, "silent")
    found = told(body, Check.PROPERTY)
    assert isinstance(found.result.answer, Proved)
    assert found.scenario.count(" use with ") == limit + 1
    assert holds_when_pasted(body, found.scenario)


def test_and_a_figure_that_is_kept_is_proved_for_any_number_of_records():
    body = MANY.format(100, "never", 100, "permitted")
    assert isinstance(told(body, Check.PROPERTY).result.answer, Proved)
    assert isinstance(told(MANY.format(101, "never", 100, "permitted"), Check.PROPERTY).result.answer, Refuted)


TOTAL = """\
clause 1 grants
  B may use if total of rows of use with the same subject is at most 5,000.
prove never_so_many {} total of rows of use with the same subject exceeds {} and clause 1 is permitted.
"""


def test_a_total_is_reached_by_few_records():
    assert isinstance(told(TOTAL.format("never", "5,000"), Check.PROPERTY).result.answer, Proved)
    found = told(TOTAL.format("never", "4,000"), Check.PROPERTY)
    assert isinstance(found.result.answer, Refuted)
    assert holds_when_pasted(TOTAL.format("never", "4,000"), found.scenario)


NEVER_TOLD_TWICE = """\
clause 1 limits
  B may use if released.
  B may use only if every consent with the same subject has ({}).
clause 2 the_same_again
  B must not use if some consent where (not given) with the same subject.
"""


def test_what_every_record_has_a_doubtful_one_has_too_so_the_second_sentence_says_nothing_new():
    redundant = told(NEVER_TOLD_TWICE.format("given"), Check.REDUNDANT, clause="small.2")
    assert isinstance(redundant.result.answer, Proved)


def test_and_without_the_first_sentence_it_does():
    without = NEVER_TOLD_TWICE.format("given").replace(
        "  B may use only if every consent with the same subject has (given).\n", ""
    )
    assert isinstance(told(without, Check.REDUNDANT, clause="small.2").result.answer, Refuted)

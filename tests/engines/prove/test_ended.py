"""Contracts that were ended: what only an end can show is shown by one, and what survives it is proved."""

from __future__ import annotations

import pytest

from smartclause.engines.prove.answer import Proved, Refuted
from smartclause.engines.prove.result import Check
from smartclause.logic.scenario import run
from tests.engines.prove.files import HEAD, pasted, proven

WITHOUT_DATE = HEAD.replace("  in force from 2026-01-01.\n", "{}")
BODY = """\
clause 1 grants
  B may use if released.
prove for_ever always clause 1 is permitted or not released.
"""
BOTH = """\
clause 1 grants
  B may use if released.
clause 2 later
  B may use if released.
prove parted never clause 2 is permitted and clause 1 is silent.
"""


def told(body: str, head: str):
    [found] = [t for t in proven(body, head).told if t.result.check is Check.PROPERTY]
    return found


def holds(body: str, head: str, scenario: str) -> bool:
    contract = pasted(body, scenario, head).contract
    assert contract is not None
    return run(contract, contract.scenarios[-1]).holds


@pytest.mark.parametrize(("enders", "ends"), [("", 2), ("  this contract may be ended by A.\n", 1)])
def test_what_a_contract_permits_for_ever_falls_with_its_end(enders, ends):
    head = WITHOUT_DATE.format(enders)
    found = told(BODY, head)
    assert isinstance(found.result.answer, Refuted)
    assert found.scenario.count("termination") == ends
    assert holds(BODY, head, found.scenario)


def test_unless_the_clause_survives_it():
    assert isinstance(told(BODY, WITHOUT_DATE.format("  clause 1 survives.\n")).result.answer, Proved)


def test_of_two_clauses_that_say_the_same_one_alone_permits_only_if_it_alone_survives():
    assert isinstance(told(BOTH, WITHOUT_DATE.format("")).result.answer, Proved)
    head = WITHOUT_DATE.format("  clause 2 survives.\n")
    found = told(BOTH, head)
    assert isinstance(found.result.answer, Refuted)
    assert holds(BOTH, head, found.scenario)


OWED = """\
clause 1 duty
  When incident occurs, B must notify within 2 days for the same case_number.
clause 2 grants
  B may use if clause 1 is violated.
prove ended_first possible clause 1 is violated and clause 2 is silent.
"""


def test_a_breach_of_an_ended_contract_is_of_what_was_owed_before():
    head = WITHOUT_DATE.format("")
    found = told(OWED, head)
    assert isinstance(found.result.answer, Proved)
    assert found.scenario.index("incident") < found.scenario.index("termination")
    assert holds(OWED, head, found.scenario)

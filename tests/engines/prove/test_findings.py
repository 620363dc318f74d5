"""What a drafter did not mean is found, shown by an act that can be pasted, and gone when it is mended."""

from __future__ import annotations

import pytest

from smartclause.engines.prove.result import Check
from smartclause.logic.scenario import run
from tests.engines.prove.files import pasted, proven

REPORT = "clause 1 report\n  When incident occurs, B must notify A within 24 hours for the same case_number.\n"
TRAINS = "clause 9 trains\n  B may use if purpose is in training.\n"
USES = "clause 9 uses\n  B may use if released.\n"

FAULTS = [
    # check, about, the file with the fault, the file without it
    (Check.CLASH, "small.1", "clause 1 free\n  B may use.\nclause 2 hush\n  B must not use if some consent.\n",
     "clause 1 free\n  Despite clause 2, B may use.\nclause 2 hush\n  B must not use if some consent.\n"),
    (Check.ALWAYS_BARRED, "small.1",
     "clause 1 free\n  B may use if released.\nclause 2 hush\n  B must not use if released or rows exceeds 5.\n",
     "clause 1 free\n  B may use if released.\nclause 2 hush\n  B must not use if released and rows exceeds 5.\n"),
    (Check.REDUNDANT, "small.3",
     f"{USES}clause 2 many\n  B must not use if rows exceeds 5.\nclause 3 more\n  B must not use if rows exceeds 6.\n",
     f"{USES}clause 2 many\n  B must not use if rows exceeds 5.\nclause 3 more\n  B must not use if rows exceeds 4.\n"),
    (Check.REDUNDANT, "small.2",
     f"{USES}clause 2 idle\n  B may use if released and rows exceeds 5.\n",
     f"{USES}clause 2 idle\n  B may use if rows exceeds 5.\n"),
    (Check.IDLE_EXCEPTION, "small.2",
     f"{USES}clause 2 many\n  B must not use if rows exceeds 5 except if rows is below 5.\n",
     f"{USES}clause 2 many\n  B must not use if rows exceeds 5 except if rows is below 9.\n"),
    (Check.IDLE_EXCEPTION, "small.2",
     f"{TRAINS}clause 2 many\n  B must not use if not released and rows exceeds 5 except if released.\n",
     f"{TRAINS}clause 2 many\n  B must not use if rows exceeds 5 or rows is below 3 except if rows exceeds 5.\n"),
    (Check.DILEMMA, "small.1", f"{REPORT}clause 2 hush\n  B must not notify if some consent.\n",
     f"{REPORT}clause 2 hush\n  B must not use if some consent.\n"),
    (Check.UNMEETABLE, "small.1", f"{REPORT}clause 2 hush\n  B must not notify.\n",
     f"{REPORT}clause 2 hush\n  B must not notify if some consent.\n"),
    (Check.UNMEETABLE, "small.1",
     "clause 1 kept\n  B must ensure that some consent.\nclause 2 clean\n  B must ensure that not some consent.\n",
     "clause 1 kept\n  B must ensure that some consent.\nclause 2 clean\n  B must ensure that not some incident.\n"),
    (Check.NEVER_DECIDES, "small.1",
     "clause 1 report\n"
     "  When consent where (given and not given) occurs, B must use within 24 hours for the same subject.\n",
     "clause 1 report\n  When consent where (given) occurs, B must use within 24 hours for the same subject.\n"),
]  # fmt: skip


def findings(body: str, check: Check, clause: str):
    return [t for t in proven(body).told if t.result.check is check and t.result.clause == clause and t.result.fault]


@pytest.mark.parametrize(("check", "clause", "wrong", "right"), FAULTS)
def test_a_fault_of_drafting_is_found_and_gone_when_it_is_mended(check, clause, wrong, right):
    assert len(findings(wrong, check, clause)) == 1
    assert findings(right, check, clause) == []


@pytest.mark.parametrize(("check", "clause", "wrong"), [f[:3] for f in FAULTS])
def test_its_example_holds_when_it_is_pasted(check, clause, wrong):
    for told in findings(wrong, check, clause):
        if told.scenario:
            contract = pasted(wrong, told.scenario).contract
            assert contract is not None
            assert [run(contract, s).holds for s in contract.scenarios] == [True]


def test_a_clause_that_asks_for_a_breach_is_found_to_grant_by_a_history_that_has_one():
    body = f"{REPORT}clause 2 later\n  B may use if clause 1 is violated.\n"
    told = [t for t in proven(body).told if t.result.check is Check.NEVER_GRANTED]
    assert "incident" in told[0].scenario
    assert "then allowed" in told[0].scenario


def test_what_the_debtor_may_say_otherwise_is_no_dilemma_and_what_others_show_is():
    own = USES + "clause 1 sends\n  When consent occurs, B must use within 24 hours for the same subject.\n"
    own += "clause 2 hush\n  B must not use if {}.\n"
    assert findings(own.format("rows exceeds 5"), Check.DILEMMA, "small.1") == []
    assert len(findings(own.format("released"), Check.DILEMMA, "small.1")) == 1
    assert len(findings(own.format("released or rows exceeds 5"), Check.DILEMMA, "small.1")) == 1


def test_a_figure_outside_its_bounds_never_gets_past_the_reader_so_none_is_found_here():
    body = f"parameter most is 5 times; at least 1 times; at most 9 times.\n{USES}"
    told = [t for t in proven(body).told if t.result.check is Check.PARAMETER]
    assert [t.result.fault for t in told] == [False]

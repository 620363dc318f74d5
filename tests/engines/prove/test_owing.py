"""Duties of every kind in the histories that are built: breached, kept, owed and barred; each with its control."""

from __future__ import annotations

from functools import cache

import pytest

from smartclause.engines.prove.answer import Proved, Refuted
from smartclause.engines.prove.result import Check
from smartclause.logic.scenario import run
from smartclause.verbs.prove import Told
from tests.engines.prove.files import pasted, proven

KINDS = """\
unrestricted act pay zh "赔付" en "pay" by B has
  case_number zh "案号" en "case number" is identifier.
unrestricted act settle zh "了结" en "settle" by B has
  case_number zh "案号" en "case number" is identifier.
unrestricted act report zh "报告" en "report" by B.
occurrence audit zh "审计" en "audit" by A has
  case_number zh "案号" en "case number" is identifier;
  aware_at zh "知悉时间" en "aware at" is instant;
  passed zh "通过|未通过" en "passed|failed" is fact.
"""
NOTIFY = "When incident occurs, B must notify within 2 days for the same case_number"
DUTIES = {
    "by a record": f"{NOTIFY}.",
    "otherwise": f"{NOTIFY}, otherwise B must pay within 5 days for the same case_number.",
    "exception": f"{NOTIFY} except if some audit where (passed) with the same case_number.",
    "repeated": "B must report at least once every 30 days.",
    "every day": "B must report at least once every 24 hours.",
    "standing": "B must ensure that some audit where (passed) within 90 days.",
    "standing by key": "B must ensure for each subject that every consent with the same subject has (given).",
    "clock": "When audit occurs, B must notify within 2 days from aware_at for the same case_number.",
    "end in the record": "When audit occurs, B must notify no later than aware_at for the same case_number.",
    "fixed end": "B must report no later than 2026-02-15.",
    "after a breach": "When clause 9 is violated, B must pay within 5 days for the same case_number.",
    "after two": "When clause 8 is violated, B must settle within 1 day for the same case_number.",
}
BEHIND = f"""\
clause 9 first
  {NOTIFY}.
clause 8 second
  When clause 9 is violated, B must pay within 5 days for the same case_number.
"""
BREACH = """\
clause 2 grants
  B may use if {0}.
prove shown possible {0} and clause 2 is permitted.
"""


@cache
def answers(body: str) -> tuple[Told, ...]:
    return proven(body).told


def of(body: str, check: Check, clause: str = "", sentence: int | None = None) -> list[Told]:
    found = [t for t in answers(body) if t.result.check is check and t.result.clause in ("", clause or t.result.clause)]
    return [t for t in found if sentence in (None, t.result.sentence)]


def holds(body: str, told: Told) -> bool:
    contract = pasted(body, told.scenario).contract
    assert contract is not None
    return run(contract, contract.scenarios[-1]).holds


@pytest.mark.parametrize("kind", list(DUTIES))
@pytest.mark.parametrize("state", ["is violated", "is not violated"])
def test_of_every_kind_of_duty_a_history_in_which_it_is_breached_and_one_in_which_it_is_not_can_be_shown(kind, state):
    if (kind, state) == ("standing", "is not violated"):
        state = "is not violated and some audit"
    condition = f"(clause 1 {state})" if " and " in state else f"clause 1 {state}"
    behind = BEHIND if "after" in kind else ""
    body = f"{KINDS}{behind}clause 1 duty\n  {DUTIES[kind]}\n{BREACH.format(condition)}"
    [told] = of(body, Check.PROPERTY)
    assert isinstance(told.result.answer, Proved)
    assert holds(body, told)


@pytest.mark.parametrize("kind", list(DUTIES))
def test_what_permits_only_without_a_breach_never_permits_beside_one(kind):
    behind = BEHIND if "after" in kind else ""
    stated = "prove shown never clause 1 is violated and clause 2 is permitted.\n"
    for guard, wanted in (("clause 1 is not violated", Proved), ("released", Refuted)):
        grant = f"clause 2 grants\n  B may use if {guard}.\n"
        [told] = of(f"{KINDS}{behind}clause 1 duty\n  {DUTIES[kind]}\n{grant}{stated}", Check.PROPERTY)
        assert isinstance(told.result.answer, wanted)


CURED = """\
clause 1 duty
  {}
clause 2 grants
  B may use if clause 1 has ever been violated.
prove shown possible clause 2 is permitted and clause 1 is not violated.
"""


def test_a_breach_that_was_cured_is_shown_as_one_that_was():
    body = KINDS + CURED.format(DUTIES["otherwise"])
    [told] = of(body, Check.PROPERTY)
    assert isinstance(told.result.answer, Proved)
    assert "B pay" in told.scenario
    assert holds(body, told)


# ---- dilemmas

BARRED = {  # the duty, the act by which it is met
    "by a record": "notify", "otherwise": "pay", "repeated": "report", "clock": "notify", "fixed end": "report",
    "after a breach": "pay", "after two": "settle", "end in the record": "notify", "exception": "notify",
}  # fmt: skip


@pytest.mark.parametrize("kind", list(BARRED))
def test_what_is_owed_and_may_be_barred_is_shown_by_a_history(kind):
    behind = BEHIND if "after" in kind else ""
    duty = f"{KINDS}{behind}clause 1 duty\n  {DUTIES[kind]}\n"
    bar = "clause 2 bars\n  B must not {} if some audit within 20 days.\n"
    body = duty + bar.format(BARRED[kind])
    shown = [t for t in of(body, Check.DILEMMA, "small.1") if t.result.act == f"small.{BARRED[kind]}"]
    assert [type(t.result.answer) for t in shown] == [Refuted]
    assert shown[0].result.others == ("small.2",)
    assert holds(body, shown[0])


@pytest.mark.parametrize("kind", ["otherwise", "after a breach"])
def test_and_nothing_is_barred_where_the_debtor_can_say_what_the_bar_does_not_mean(kind):
    """The control: the bar rests on what the debtor itself states of the act."""
    kinds = KINDS.replace("by B has\n  case", 'by B has\n  urgent zh "紧急" en "urgent" is fact;\n  case')
    behind = BEHIND if "after" in kind else ""
    duty = f"{kinds}{behind}clause 1 duty\n  {DUTIES[kind]}\n"
    found = of(duty + "clause 2 bars\n  B must not pay if not urgent.\n", Check.DILEMMA, "small.1")
    assert found
    assert all(isinstance(t.result.answer, Proved) for t in found)


# ---- what nobody can do


@pytest.mark.parametrize(
    ("end", "impossible"), [("2025-12-20", True), ("2026-01-16", True), ("2026-01-31", False), ("2026-02-10", False)]
)
def test_an_end_before_what_it_follows_can_be_due_cannot_be_met(end, impossible):
    first = "clause 1 first\n  B must report at least once every 30 days.\n"
    body = f"{KINDS}{first}clause 2 later\n  When clause 1 is violated, B must report no later than {end}.\n"
    [told] = of(body, Check.UNMEETABLE, "small.2")
    assert isinstance(told.result.answer, Proved) is impossible


STANDS = """\
clause 1 duty
  B must report at least once every 30 days.
clause 2 stands
  B must ensure that {}.
"""


@pytest.mark.parametrize(
    ("condition", "excluded"),
    [
        ("not some report", True),
        ("number of report within 10 days is at most 0 times", True),
        ("number of report within 10 days is at most 1 times", False),
        ("not some audit", False),
    ],
)
def test_a_duty_by_whose_act_a_standing_one_is_always_broken_is_found(condition, excluded):
    found = of(KINDS + STANDS.format(condition), Check.UNMEETABLE, "small.1")
    assert [t.result.others for t in found if isinstance(t.result.answer, Proved)] == [("small.2",)] * excluded


def test_a_duty_that_follows_one_that_nothing_opens_is_never_opened():
    never = "When audit where (passed and not passed) occurs, B must notify within 2 days for the same case_number."
    first = f"clause 1 first\n  {never}\n"
    then = "clause 2 later\n  When clause 1 is violated, B must pay within 5 days for the same case_number.\n"
    [told] = of(KINDS + first + then, Check.NEVER_DECIDES, "small.2")
    assert isinstance(told.result.answer, Proved)
    [told] = of(KINDS + first.replace(" and not passed", "") + then, Check.NEVER_DECIDES, "small.2")
    assert isinstance(told.result.answer, Refuted)


@pytest.mark.parametrize(
    "duty",
    [
        "B must report at least once every 1 year.",
        "B must report no later than 2029-03-01.",
        "When incident occurs, B must notify within 400 days for the same case_number.",
        "B must ensure that some audit, from 3 years after the start of force.",
    ],
)
def test_what_is_due_long_after_the_start_of_force_is_shown_as_breached_then(duty):
    body = f"{KINDS}clause 1 duty\n  {duty}\n{BREACH.format('clause 1 is violated')}"
    [told] = of(body, Check.PROPERTY)
    assert isinstance(told.result.answer, Proved)
    assert holds(body, told)

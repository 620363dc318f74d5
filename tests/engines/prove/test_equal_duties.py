"""Duties of two versions: what is proved to mean the same, and beside each proof the change that undoes it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from smartclause.logic.scenario import run
from smartclause.verbs.check import Checked
from smartclause.verbs.diff import Diff, Shown, compared
from tests.engines.prove.files import loaded, pasted
from tests.engines.prove.test_owing import KINDS

NOTICE = "B must notify within {} for the same case_number"
INCIDENT = f"When incident occurs, {NOTICE.format('2 days')}"
AUDIT = f"When audit where ({{}}) occurs, {NOTICE.format('2 days')}."
UNLESS = f"{INCIDENT} except if some audit where ({{}}) with the same case_number."
THEN = f"{INCIDENT}, otherwise B must pay{{}} within {{}} for the same case_number."
KEPT = "B must ensure for each subject that every consent with the same subject has ({})."
FIGURES = """\
parameter notice_period zh "通知期" en "notice period" is {}
  interprets clause 1 "x" because zh "约定" en "agreed".
"""


@cache
def checked(body: str) -> Checked:
    return Checked(Path("small.clause"), loaded(body))


def between(old: str, new: str) -> Diff:
    return compared(checked(old), checked(new))


def clause(sentence: str, applies: str = "") -> str:
    more = f"  applies where {applies}.\n" if applies else ""
    return f"{KINDS}clause 1 duty\n{more}  {sentence}\n"


SENTENCES = [
    # written; written otherwise with the same meaning; with another one
    (AUDIT.format("passed"), AUDIT.format("not (not passed)"), AUDIT.format("not passed")),
    (UNLESS.format("passed"), UNLESS.format("passed or passed"), UNLESS.format("not passed")),
    (THEN.format(" where (passed_on)", "5 days"), THEN.format(" where (not (not passed_on))", "5 days"),
     THEN.format(" where (passed_on)", "6 days")),
    ("B must ensure that some audit where (passed).", "B must ensure that some audit where (not (not passed)).",
     "B must ensure that some audit where (not passed)."),
    (KEPT.format("given"), KEPT.format("not (not given)"), KEPT.format("not given")),
    ("When incident or audit occurs, B must notify within 2 days for the same case_number.",
     "When audit or incident occurs, B must notify within 2 days for the same case_number.",
     "When audit occurs, B must notify within 2 days for the same case_number."),
    ("When incident occurs, B must notify or pay within 2 days for the same case_number.",
     "When incident occurs, B must pay or notify within 2 days for the same case_number.",
     "When incident occurs, B must pay within 2 days for the same case_number."),
]  # fmt: skip
ACTS = KINDS.replace(
    "by B has\n  case", 'by B has\n  passed_on zh "已转交|未转交" en "passed on|not passed on" is fact;\n  case'
)


def told(sentence: str, applies: str = "") -> str:
    return clause(sentence, applies).replace(KINDS, ACTS)


@pytest.mark.parametrize(("old", "new"), [(a, b) for a, b, _ in SENTENCES])
def test_a_duty_that_is_written_otherwise_is_proved_to_mean_the_same(old, new):
    found = between(told(old), told(new))
    assert [d.of.same for d in found.duties] == [True]
    assert (found.equal, found.open, found.changed) == (True, False, False)


@pytest.mark.parametrize(("old", "new"), [(a, c) for a, _, c in SENTENCES])
def test_and_one_that_means_another_thing_is_not_and_a_history_shows_it(old, new):
    found = between(told(old), told(new))
    [duty] = found.duties
    assert not duty.of.same
    assert duty.looser or duty.stricter
    shown: list[Shown] = [x for x in (duty.looser, duty.stricter) if x is not None and x.scenario]
    for each in shown:
        contract = pasted(told(new), each.scenario).contract
        assert contract is not None
        assert run(contract, contract.scenarios[-1]).holds


def test_where_a_clause_applies_is_part_of_what_its_duties_mean():
    plain, some, doubled = (
        told(f"{INCIDENT}.", a) for a in ("", "some audit where (passed)", "not (not some audit where (passed))")
    )
    assert [d.of.same for d in between(plain, some).duties] == [False]
    assert not between(plain, some).equal
    assert [d.of.same for d in between(some, doubled).duties] == [True]
    assert between(some, doubled).equal


@pytest.mark.parametrize(
    ("old", "new", "equal"),
    [("2 days", "notice_period", True), ("3 days", "notice_period", False), ("notice_period", "2 days", True)],
)
def test_a_period_is_the_same_if_it_is_so_on_every_day(old, new, equal):
    figure = FIGURES.format("2 days")
    before, after = (figure + told(f"When incident occurs, {NOTICE.format(p)}.") for p in (old, new))
    assert [d.of.same for d in between(before, after).duties] == [equal]


def test_a_period_that_changes_on_a_day_is_another_one():
    figure = FIGURES.format("2 days until 2026-12-31, 3 days from 2027-01-01")
    before, after = (figure + told(f"When incident occurs, {NOTICE.format(p)}.") for p in ("2 days", "notice_period"))
    [duty] = between(before, after).duties
    assert not duty.of.same
    assert duty.looser is not None


FIRST = "clause 9 first\n  {}\n"
AFTER = "When clause 9 is violated, B must pay within {} for the same case_number."


@pytest.mark.parametrize(
    ("first", "period", "equal"), [("not (not passed)", "5 days", True), ("not passed", "5 days", False)]
)
def test_what_follows_a_breach_is_the_same_if_what_is_breached_is(first, period, equal):
    before = told(AFTER.format("5 days")) + FIRST.format(AUDIT.format("passed"))
    after = told(AFTER.format(period)) + FIRST.format(AUDIT.format(first))
    found = between(before, after)
    mine = [d.of.same for d in found.duties if d.of.pair.id == "small.1"]
    assert all(same is equal for same in mine)
    assert found.equal is equal


# ---- what a figure or a word says inside of what is asked of every record

CAP = """\
parameter cap zh "上限" en "cap" is {}
  interprets clause 1 "x" because zh "约定" en "agreed".
clause 1 grants
  B may use if {}.
"""
READS = [
    "every use with the same subject has (rows is at most cap)",
    "every use with the same subject is followed by use where (rows is at most cap) with the same subject",
    "some use where (rows is at most cap) with the same subject",
    "clause 2 is not violated",
]
DUTY = "clause 2 duty\n  {}When incident occurs, B must notify within 2 days for the same case_number.\n"


@pytest.mark.parametrize("condition", READS)
def test_a_figure_that_changed_is_never_taken_for_the_same_wherever_it_is_read(condition):
    duty = (
        DUTY.format("applies where some use where (rows is at most cap) by anyone.\n  ")
        if "clause" in condition
        else ""
    )
    duty = duty.replace(" by anyone", "")
    before, after = (CAP.format(n, condition) + duty for n in (10, 20))
    found = between(before, after)
    assert not found.equal
    assert any(not a.of.shift.none for a in found.acts)
    assert between(before, before).equal


CONCEPTS = 'concept checking zh "核查用途" en "checking" under {}.\n'


@pytest.mark.parametrize(("under", "equal"), [("advertising", False), ("training", False), ("purposes", True)])
def test_a_word_that_is_new_where_it_may_be_told_is_the_same_only_if_it_settles_nothing(under, equal):
    body = "clause 1 grants\n  B may use if some use where (purpose is in training) with the same subject.\n"
    assert between(body, CONCEPTS.format(under) + body).equal is equal


def test_a_word_that_is_new_elsewhere_changes_nothing_that_is_asked_of_the_past():
    body = "clause 1 grants\n  B may use if some use where (purpose is in training) with the same subject.\n"
    new = 'concept colours zh "颜色" en "colours".\nconcept red zh "红" en "red" under colours.\n'
    found = between(body, new + body)
    assert found.equal
    assert not found.open

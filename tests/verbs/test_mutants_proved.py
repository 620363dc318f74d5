"""Slips that change nothing whatever happens are proved to, and are not counted against the scenarios."""

from __future__ import annotations

import pytest

from smartclause.engines.mutants.judged import Fate
from smartclause.engines.mutants.told import difference
from smartclause.language.load import load
from smartclause.verbs.mutants import scores
from smartclause.verbs.mutants_proved import means_the_same
from smartclause.verbs.scenarios import run_scenarios

TEXT = """\
contract small version 1.0.0
  in force from 2026-01-01.
  time zone "UTC".

party A.
party B.
act use by B has
  size is number at least 0 at most 100.

clause 1 grant
  B may use if size exceeds 10 and size exceeds 5.
"""


def _contract(text: str):
    loaded = load(text, name="small.clause")
    assert loaded.contract is not None, loaded.diagnostics
    return loaded.contract


def test_equal_meaning_is_proved_and_another_meaning_is_not():
    one = _contract(TEXT)
    assert means_the_same(one, _contract(TEXT.replace("exceeds 5", "exceeds 6")))
    assert not means_the_same(one, _contract(TEXT.replace("exceeds 10", "exceeds 11")))


def test_a_survivor_that_is_proved_equal_is_not_counted(tmp_path):
    path = tmp_path / "small.clause"
    path.write_text(TEXT, encoding="utf-8")
    (score,) = scores(run_scenarios((path,)))
    same = {difference(score.file, each.mutant)[-1] for each in score.tried if each.fate is Fate.SAME}
    assert "+ B may use if size exceeds 10 and size exceeds 6." in same
    assert "+ B may use if size exceeds 11 and size exceeds 5." not in same


DUTIES = """\
contract small version 1.0.0
  in force from 2026-01-01.
  time zone "UTC".

party A.
party B.
act use by B has
  case_no is identifier.
unrestricted act tell by B has
  case_no is identifier;
  size is number at least 0 at most 100;
  checked is fact.
unrestricted act pay_up by B has
  case_no is identifier.
occurrence warning by A has
  case_no is identifier;
  size is number at least 0 at most 100.
occurrence review by A has
  case_no is identifier;
  passed is fact.
define heavy means latest warning with the same case_no has (size exceeds 50 and size exceeds 40).

clause 1 grant
  B may use if not clause 2 is violated and not heavy.
clause 2 duty
  When warning where (size exceeds 10 and size exceeds 5) occurs,
    B must tell where (checked or (checked and size exceeds 3)) within 2 days for the same case_no
    except if size exceeds 60 and size exceeds 55, waived by A,
    otherwise B must pay_up within 5 days for the same case_no.
clause 3 kept
  applies where some review or (some review and some warning).
  B must ensure that some review where (passed and passed) within 30 days.
clause 4 again
  B must tell where (size exceeds 8 and size exceeds 7) at least once every 30 days.
"""
SAME = [
    ("size exceeds 5)", "size exceeds 6)"), ("(size exceeds 10 and size exceeds 5)", "(size exceeds 10)"),
    ("(checked or (checked and size exceeds 3))", "(checked)"), ("size exceeds 55", "size exceeds 54"),
    ("size exceeds 60 and size exceeds 55", "size exceeds 60"), ("size exceeds 7)", "size exceeds 6)"),
    ("size exceeds 40)", "size exceeds 39)"), ("some review or (some review and some warning)", "some review"),
]  # fmt: skip
OTHER = [
    ("size exceeds 5)", "size exceeds 11)"), ("(size exceeds 10 and size exceeds 5)", "(size exceeds 5)"),
    ("(checked or (checked and size exceeds 3))", "(checked and size exceeds 3)"),
    ("size exceeds 60 and size exceeds 55", "size exceeds 55"), ("size exceeds 7)", "size exceeds 9)"),
    ("size exceeds 40)", "size exceeds 51)"), ("some review or (some review and some warning)", "some warning"),
    ("some review or (some review and some warning)", "some review and some warning"),
    ("within 2 days", "within 3 days"), (", waived by A,", ","), ("where (checked or", "where (not checked or"),
    ("where (passed and passed) within 30 days", "where (passed and passed) within 31 days"),
    ("otherwise B must pay_up within 5 days", "otherwise B must pay_up within 6 days"),
    ("every 30 days", "every 31 days"), ("that some review where (passed and passed)", "that some review"),
]  # fmt: skip


@pytest.mark.parametrize(("was", "is_"), SAME)
def test_duties_and_definitions_that_come_out_alike_are_proved_the_same(was, is_):
    assert was in DUTIES
    assert means_the_same(_contract(DUTIES), _contract(DUTIES.replace(was, is_)))


@pytest.mark.parametrize(("was", "is_"), OTHER)
def test_duties_that_can_come_out_otherwise_are_not(was, is_):
    assert was in DUTIES
    assert not means_the_same(_contract(DUTIES), _contract(DUTIES.replace(was, is_)))


def test_a_state_kept_for_each_key_is_never_taken_for_another_since_no_record_names_the_key():
    text = DUTIES.replace(
        "B must ensure that some review where (passed and passed) within 30 days.",
        "B must ensure for each case_no that some review with the same case_no within 30 days.",
    )
    other = text.replace("case_no within 30 days", "case_no within 31 days")
    assert text != other
    assert not means_the_same(_contract(text), _contract(other))

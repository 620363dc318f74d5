"""Slips that change nothing whatever happens are proved to, and are not counted against the scenarios."""

from __future__ import annotations

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

"""`test --boundaries`: which thresholds of the given files were tried, and what stands where one does not hold."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from smartclause.cli.main import cli
from smartclause.verbs import boundaries
from smartclause.verbs.beside import tried
from smartclause.verbs.scenarios import run_scenarios

HEAD = """contract alarm version 1.0.0
  zh "警报合同" en "Alarm agreement"
  authoritative text en.
  in force from 2026-01-01.
  time zone "UTC".
  periods counted by plain.

party A zh "甲方" en "Owner".
party B zh "乙方" en "Operator".

occurrence alarm zh "警报" en "alarm" has
  case_no zh "案号" en "case number" is identifier.
unrestricted act answer zh "处置" en "answer" by B has
  case_no zh "案号" en "case number" is identifier.

part 1 zh "义务" en "Duties"

clause 1.1 answering zh "处置" en "answering"
  text zh "乙方应当在2小时内处置警报。" en "The operator answers an alarm within 2 hours."
  When alarm occurs, B must answer within 2 hours for the same case_no.
"""
SCENARIO = """
scenario answered zh "已处置" en "answered"
  at 2026-02-01T08:00 alarm with case_no = "a1".
  at 2026-02-01T09:00 B answer with case_no = "a1".
  then clause 1.1 is fulfilled.
"""


@pytest.fixture
def alarm(tmp_path: Path) -> Path:
    path = tmp_path / "alarm.clause"
    path.write_text(HEAD + SCENARIO, "utf-8")
    return path


def test_the_period_is_tried_with_and_without_an_answer_on_each_side_of_its_end(alarm):
    (found,) = tried(run_scenarios((alarm,)))
    assert (str(found.threshold), found.made, found.failed) == ("alarm.1.1(1) period", 6, ())


def test_a_threshold_that_no_scenario_reaches_is_named(alarm):
    alarm.write_text(HEAD, "utf-8")
    (found,) = tried(run_scenarios((alarm,)))
    assert not found.reached
    shown = CliRunner().invoke(cli, ["test", "--boundaries", "--lang", "en", str(alarm)])
    assert "not tried: alarm.1.1(1) period" in shown.output


def test_scenarios_that_do_not_hold_are_shown_and_end_in_no(alarm, monkeypatch):
    counted = boundaries.due
    monkeypatch.setattr(boundaries, "due", lambda start, *rest: counted(start + 1, *rest))
    shown = CliRunner().invoke(cli, ["test", "--boundaries", "--lang", "en", str(alarm)])
    assert shown.exit_code == 1
    assert "expected fulfilled, found violated" in shown.output


def test_json_lists_the_thresholds_only_where_they_were_asked_for(alarm):
    with_them = CliRunner().invoke(cli, ["test", "--boundaries", "--format", "json", str(alarm)])
    without = CliRunner().invoke(cli, ["test", "--format", "json", str(alarm)])
    assert [t["scenarios"] for t in json.loads(with_them.output)["thresholds"]] == [6]
    assert "thresholds" not in json.loads(without.output)

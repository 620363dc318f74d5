"""Figures that contradict each other through the sentences that read them, and those that do not."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from smartclause.cli.main import cli
from smartclause.engines.prove.answer import Proved, Refuted
from smartclause.engines.prove.result import Check, Result
from tests.engines.prove.files import HEAD, proven

BOTH = """\
parameter least is {};
  at least 1; at most 900.
parameter most is {};
  at least 1; at most 900.
"""
LIMITS = """\
clause 1 small
  B may use only if rows is at least least.
clause 2 large
  B may use only if rows is at most most.
clause 3 grants
  B may use if released.
"""


def told(body: str) -> list[Result]:
    return [t.result for t in proven(body).told if t.result.check is Check.PARAMETER and t.result.clause]


@pytest.mark.parametrize("least", [9, 10, 11])
def test_a_least_above_a_most_is_found_with_both_sentences_and_both_figures(least):
    found = told(BOTH.format(least, 10) + LIMITS)
    assert [(r.clause, r.others, r.name, type(r.answer)) for r in found] == [
        ("small.1", ("small.2",), "small.least, small.most", Refuted)
    ] * (least > 10)


PERMISSION = """\
clause 1 grants
  B may use if rows is at least least.
clause 2 hush
  B must not use if rows exceeds most.
"""


@pytest.mark.parametrize(("least", "faults"), [(10, 0), (11, 1)])
def test_a_permission_from_a_figure_on_meets_a_prohibition_from_a_lower_one(least, faults):
    assert len(told(BOTH.format(least, 10) + PERMISSION)) == faults


ONE = "parameter share is {0};\n  at least {1}; at most {2}.\n"
SHARE = """\
clause 1 bounded
  B may use only if rows is at least share and rows is below 100.
clause 2 grants
  B may use if released.
"""


@pytest.mark.parametrize(("share", "low", "high", "faults"), [(99, 1, 99, 0), (100, 1, 100, 1), (150, 120, 300, 1)])
def test_a_requirement_that_the_figure_cannot_meet_is_found_also_where_no_value_inside_the_bounds_would(
    share, low, high, faults
):
    assert len(told(ONE.format(share, low, high) + SHARE)) == faults


def test_what_no_figure_would_mend_is_not_laid_to_the_figures():
    body = BOTH.format(5, 9) + LIMITS.replace("rows is at most most", "rows is at most most and rows is below 0")
    assert told(body) == []


def test_a_figure_that_is_still_to_be_filled_in_contradicts_nothing():
    body = "parameter least is 11.\nparameter most to be filled in;\n  at least 1; at most 900.\n"
    assert told(body + LIMITS) == []


DATED = """\
parameter least is 5 until 2026-06-30, 50 from 2026-07-01.
parameter most is 10.
"""


def test_figures_that_contradict_at_one_time_and_not_at_another_are_no_contradiction_of_all_acts():
    assert told(DATED + LIMITS) == []


def test_each_figure_alone_inside_its_bounds_is_proved():
    alone = [t.result for t in proven(BOTH.format(5, 9) + LIMITS).told if t.result.check is Check.PARAMETER]
    assert [type(r.answer) for r in alone] == [Proved, Proved]


@pytest.mark.parametrize(("lang", "said"), [
    ("en", "refuted: with the figures least and most as they are, “use” by Trainer can meet clause 1 and clause 2"),
    ("zh", "已否定：按参数least和most现有的值，乙方的“使用”能够符合第1条和第2条"),
])  # fmt: skip
def test_it_is_said_in_words(lang, said, tmp_path):
    path = tmp_path / "small.clause"
    path.write_text(HEAD + BOTH.format(11, 10) + LIMITS, "utf-8")
    shown = CliRunner().invoke(cli, ["prove", str(path), "--lang", lang], env={"COLUMNS": "300"})
    assert said in shown.output.replace("\n", "")

"""The pytest plugin: scenarios as tests, silent where it was not asked."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

ENGLISH = """\
contract small version 1.0.0
  in force from 2026-01-01.
  time zone "UTC".

party A.
party B.
act use by B has
  paid is fact.

clause 1 grant
  B may use if paid.

scenario paid
  at 2026-02-01T09:00 B use with paid = yes.
  then allowed.
scenario not_paid
  at 2026-02-01T09:00 B use with paid = no.
  then clause 1 is silent.
  then allowed.
"""
CHINESE = """\
合同 small 版本 1.0.0
  自2026年1月1日起生效。
  时区“UTC”。

当事人 A 中文“甲方”。
当事人 B 中文“乙方”。
行为 use 中文“使用”，由乙方实施，载有：
  paid 中文“已付款|未付款”为是非。

第1条 grant
  如已付款，乙方可以使用。

情景 paid
  于2026年2月1日09:00，乙方使用，载明已付款为否。
  则应予准许。
"""
QUIET = ("-p", "no:cacheprovider", "-W", "ignore")


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Runs pytest in its folder, with the plugin once, installed or not."""

    def with_plugin(*words: str) -> pytest.RunResult:
        manager = pytester._request.config.pluginmanager
        installed = manager.hasplugin("smartclause")
        plugin = () if installed else ("-p", "smartclause.testing.plugin")
        return pytester.runpytest_inprocess(*plugin, *QUIET, *words)

    return with_plugin


def test_nothing_is_collected_unless_asked_for(pytester, run):
    pytester.path.joinpath("small.clause").write_text(ENGLISH, encoding="utf-8")
    run().assert_outcomes()
    run("small.clause", "-k", "not_paid").assert_outcomes(failed=1, deselected=1)  # named: it was asked for


def test_the_configuration_may_ask_for_it(pytester, run):
    pytester.makeini("[pytest]\nclauses = true\n")
    pytester.path.joinpath("small.clause").write_text(ENGLISH, encoding="utf-8")
    run().assert_outcomes(passed=1, failed=1)


def test_a_failure_shows_the_lines_of_the_scenario_and_what_was_found(pytester, run):
    pytester.path.joinpath("small.clause").write_text(ENGLISH, encoding="utf-8")
    shown = run("--clauses")
    shown.assert_outcomes(passed=1, failed=1)
    shown.stdout.fnmatch_lines(
        [
            "*scenario not_paid*",
            "*16*scenario not_paid*",
            "*18*then clause 1 is silent.*",
            ">*19*then allowed.*",
            "E*expected allowed, found refused*",
        ]
    )
    assert "Traceback" not in shown.stdout.str()


def test_a_failure_of_a_chinese_file_is_told_in_chinese(pytester, run):
    pytester.path.joinpath("small.zh.clause").write_text(CHINESE, encoding="utf-8")
    shown = run("small.zh.clause")
    shown.assert_outcomes(failed=1)
    shown.stdout.fnmatch_lines([">*15*则应予准许。*", "E*应为allowed，实为refused*", "*不予准许*"])


def test_a_file_with_errors_is_an_error_of_collection_that_says_what_to_type(pytester, run):
    pytester.path.joinpath("small.clause").write_text(ENGLISH.replace("if paid", "if payd"), encoding="utf-8")
    shown = run("small.clause")
    shown.assert_outcomes(errors=1)
    shown.stdout.fnmatch_lines(["*no fact or value named `payd`*", "*did you mean `paid`*"])
    assert "Traceback" not in shown.stdout.str()


def test_imports_are_sought_in_the_folders_given(pytester, run):
    folder = pytester.mkdir("lib")
    folder.joinpath("small.clause").write_text(ENGLISH[: ENGLISH.index("scenario not_paid")], encoding="utf-8")
    head = 'contract more version 1.0.0\n  in force from 2026-01-01.\n  time zone "UTC".\n\n'
    cases = (
        f"{head}import small version 1.0.0.\n\n"
        + ENGLISH[ENGLISH.index("scenario paid") : ENGLISH.index("scenario not_paid")]
    )
    pytester.path.joinpath("more.clause").write_text(cases, encoding="utf-8")
    run("more.clause").assert_outcomes(errors=1)
    run("more.clause", "--clause-folder", str(folder)).assert_outcomes(passed=1)


def test_the_plugin_loads_neither_hypothesis_nor_a_parser():
    """Somebody else's tests pay for nothing."""
    code = (
        "import sys, smartclause.testing.plugin; "
        "print([m for m in sys.modules if m.split('.')[0] in ('hypothesis', 'lark', 'pydantic', 'duckdb')])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"

"""The page that maps rules to tests names tests that exist, and every test that cites a rule."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "explanation" / "rules-and-tests.md"
RULES = tuple(f"2.{n}" for n in range(1, 18))
SECTIONS = dict(re.findall(r"^## (2\.\d+) [^\n]*\n(.*?)(?=^## )", PAGE.read_text(encoding="utf-8"), re.M | re.S))


def citations() -> dict[str, set[str]]:
    """Every test of the suite with the rules that it cites."""
    found: dict[str, set[str]] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        rules: set[str] = set()
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("@pytest.mark.rule("):
                rules = set(re.findall(r'"([\d.]+)"', line))
            elif name := re.match(r"def (\w+)", line):
                if name[1].startswith("test_"):
                    found.setdefault(name[1], set()).update(rules)
                rules = set()
    return found


TESTS = citations()


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_has_a_section_whose_tests_exist(rule: str) -> None:
    named = set(re.findall(r"`(test_\w+)`", SECTIONS[rule]))
    assert named
    assert named - TESTS.keys() == set()


@pytest.mark.parametrize("rule", RULES)
def test_each_test_that_cites_a_rule_is_named_under_it(rule: str) -> None:
    named = set(re.findall(r"`(test_\w+)`", SECTIONS[rule]))
    assert {name for name, rules in TESTS.items() if rule in rules} - named == set()


def test_no_row_of_the_page_is_without_a_test() -> None:
    rows = [line for line in "\n".join(SECTIONS.values()).splitlines() if line.startswith("| ") and "---" not in line]
    empty = [row for row in rows if "`test_" not in row and "| Tests |" not in row]
    assert empty == []


def test_no_rule_is_cited_that_does_not_exist() -> None:
    assert set().union(*TESTS.values()) <= set(RULES)

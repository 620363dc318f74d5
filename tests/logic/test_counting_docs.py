"""The page on counting rules says what the code does."""

from datetime import date
from pathlib import Path

import pytest

from smartclause.logic.calendars import calendar
from smartclause.logic.counting import (
    RULES,
    Duration,
    Span,
    Unit,
    due,
    end_of_day,
    parse_instant,
    valid_until,
)

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "counting-rules.md"


def rows(heading):
    section = PAGE.read_text(encoding="utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    table = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in row] for row in table[2:]]


@pytest.mark.parametrize("row", rows("Examples"), ids=" ".join)
def test_the_examples_of_the_page_are_true(row):
    rule, zone, event, period, *ends = row
    count, unit = period.split()
    for counted, text in zip((due, valid_until), ends, strict=True):
        assert_end(counted(parse_instant(event), Duration(int(count), Unit(unit)), rule, zone), text, zone)


def assert_end(span: Span, text, zone):
    end = text.removesuffix(" or later")
    instant = parse_instant(end) if "T" in end else end_of_day(date.fromisoformat(end), zone)
    assert span.earliest == instant
    assert span.latest == (None if end != text else instant)


def test_the_page_names_every_rule():
    named = " ".join(row[0] for row in rows("The rules"))
    assert {rule for rule in RULES if not rule.startswith("eu.")} <= set(named.split())
    assert "eu.reg_1182_71.DE" in named


@pytest.mark.parametrize(
    ("name", "years"),
    [("cn", "2024 to 2026"), ("eu.DE", "2024 to 2027"), ("us", "2024 to 2027"), ("sg", "2024 to 2026")],
)
def test_the_page_names_the_years_of_the_calendars(name, years):
    known = calendar(name).years
    assert years == f"{min(known)} to {max(known)}"
    assert any(row[0].startswith(name.partition(".")[0]) and row[3].startswith(years) for row in rows("The rules"))

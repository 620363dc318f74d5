"""The page of the Python interface says what the code says today."""

from __future__ import annotations

from pathlib import Path

from smartclause.cli.interface import interface

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "python.md"


def test_the_page_is_what_the_code_gives_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == interface(), (
        "python -m smartclause.cli.interface > docs/reference/python.md"
    )

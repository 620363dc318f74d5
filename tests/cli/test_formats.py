"""The page of the JSON forms says what the forms say today, and leaves none out."""

from __future__ import annotations

from pathlib import Path

from smartclause.cli.formats import page
from smartclause.evidence import schemas as evidence
from smartclause.verbs import schemas as verbs

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "schemas.md"


def test_the_page_is_what_the_forms_give_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m smartclause.cli.formats > docs/reference/schemas.md"


def test_every_schema_has_a_row_that_says_what_it_is() -> None:
    rows = [line.split(" | ") for line in page().splitlines() if line.startswith("| `")]
    assert {row[0].strip("| `") for row in rows} == {*evidence.PUBLISHED, *verbs.PUBLISHED}
    assert [row[0] for row in rows if not row[2].strip()] == []

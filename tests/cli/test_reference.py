"""The page of the command line says what the commands say today, and leaves none out."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartclause.cli.reference import reference
from smartclause.evidence.errors import Lang
from tests.cli.examples import commands

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
PAGES: dict[Lang, Path] = {"en": FOLDER / "cli.md", "zh": FOLDER / "cli.zh.md"}


@pytest.mark.parametrize("lang", PAGES)
def test_the_page_is_what_the_help_gives_today(lang: Lang) -> None:
    assert PAGES[lang].read_text(encoding="utf-8") == reference(lang), (
        "python -m smartclause.cli.reference > docs/reference/cli.md"
        " && python -m smartclause.cli.reference zh > docs/reference/cli.zh.md"
    )


@pytest.mark.parametrize("lang", PAGES)
@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_has_a_section(name: str, lang: Lang) -> None:
    assert f"# smartclause {name}\n" in PAGES[lang].read_text(encoding="utf-8")

"""The page of the command line says what the commands say today, and leaves none out."""

from __future__ import annotations

from pathlib import Path

import pytest

from smartclause.cli.reference import reference
from tests.cli.examples import commands

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def test_the_page_is_what_the_help_gives_today() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "python -m smartclause.cli.reference > docs/reference/cli.md"
    )


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_has_a_section(name: str) -> None:
    assert f"# smartclause {name}\n" in PAGE.read_text(encoding="utf-8")

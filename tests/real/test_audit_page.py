"""The page on the 1,691 datasets is true: its commands run from top to bottom and print what it shows."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from smartclause.cli.main import cli
from tests.real import dpi_events as dpi

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "audit-1691-datasets.md"
ENVIRONMENT = {"COLUMNS": "100", "NO_COLOR": "1", "LANG": "en", "SMARTCLAUSE_PASSPHRASE": "a long passphrase"}


@dataclass
class Typed:
    command: str
    shown: list[str] = field(default_factory=list)


def typed() -> Iterator[Typed]:
    for token in MarkdownIt().parse(PAGE.read_text("utf-8")):
        if token.type == "fence" and token.info == "console real":
            yield from steps(token.content.splitlines())


def steps(lines: list[str]) -> list[Typed]:
    found: list[Typed] = []
    for line in lines:
        if line.startswith("$ "):
            found.append(Typed(line[2:]))
        else:
            found[-1].shown.append(line.rstrip())
    return found


def fits(shown: list[str], printed: list[str]) -> bool:
    """`...` alone stands for any lines, at the end of a line for the rest of it."""
    if not shown:
        return not printed
    if shown[0] == "...":
        return any(fits(shown[1:], printed[start:]) for start in range(len(printed) + 1))
    if not printed:
        return False
    start, dots, _ = shown[0].partition("...")
    same = printed[0].startswith(start) if dots else printed[0] == shown[0]
    return same and fits(shown[1:], printed[1:])


def do(command: str) -> list[str]:
    match shlex.split(command):
        case ["mkdir", folder]:
            Path(folder).mkdir()
            return []
        case ["python", "-m", "tests.real.dpi_events", "DPI", folder]:
            dpi.write(dpi.FOLDER, Path(folder))
            return []
        case ["smartclause", *words]:
            result = CliRunner().invoke(cli, words, env=ENVIRONMENT)
            assert result.exit_code == (1 if words[0] == "audit" else 0), result.output[-2000:]
            return [line.rstrip() for line in result.output.splitlines()]
        case other:
            raise AssertionError(f"the page may not show {other}")


@pytest.mark.skipif(not dpi.FOLDER.exists(), reason="the published dataset records are not on this machine")
def test_every_command_of_the_page_prints_what_the_page_shows(tmp_path, monkeypatch):
    (tmp_path / "contracts").symlink_to(ROOT / "contracts")
    monkeypatch.chdir(tmp_path)
    for step in typed():
        printed = do(step.command)
        assert fits(step.shown, printed), f"{step.command}\n" + "\n".join(printed[:40])


def test_the_page_has_commands_of_every_kind():
    verbs = {step.command.split()[1] for step in typed() if step.command.startswith("smartclause")}
    assert verbs == {"keys", "compile", "sign", "ledger", "record", "audit"}


@pytest.mark.parametrize(
    ("shown", "printed", "expected"),
    [
        (["a", "...", "c"], ["a", "b", "b", "c"], True),
        (["a", "...", "c"], ["a", "b"], False),
        (["root ..."], ["root 12"], True),
        (["a"], ["a", "b"], False),
        ([], ["unexpected"], False),
    ],
)
def test_dots_stand_for_what_the_page_leaves_out(shown, printed, expected):
    assert fits(shown, printed) is expected

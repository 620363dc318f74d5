"""The how-to page on the 1,691 datasets as a script: its commands, typed in order, with what it shows of each."""

import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner
from markdown_it import MarkdownIt
from markdown_it.token import Token

from smartclause.cli.main import cli
from tests.real import dpi_events as dpi

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "audit-1691-datasets.md"
ENVIRONMENT = {"COLUMNS": "100", "NO_COLOR": "1", "LANG": "en", "SMARTCLAUSE_PASSPHRASE": "a long passphrase"}
ENDINGS = {"audit": (1,), "decide": (0, 1)}  # refused acts end with 1


@dataclass
class Typed:
    command: str
    shown: list[str] = field(default_factory=list)


def typed() -> Iterator[Typed]:
    for token in fences():
        if token.info == "console real":
            yield from steps(token.content.splitlines())


def fences() -> Iterator[Token]:
    return (token for token in MarkdownIt().parse(PAGE.read_text("utf-8")) if token.type == "fence")


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
            for token in fences():
                if token.info.startswith("json file="):
                    Path(token.info.partition("=")[2]).write_text(token.content, "utf-8")
            return []
        case ["python", "-m", "tests.real.dpi_events", "DPI", folder]:
            dpi.write(dpi.FOLDER, Path(folder))
            return []
        case ["smartclause", *words]:
            result = CliRunner().invoke(cli, words, env=ENVIRONMENT)
            assert result.exit_code in ENDINGS.get(words[0], (0,)), result.output[-2000:]
            return [line.rstrip() for line in result.output.splitlines()]
        case other:
            raise AssertionError(f"the page may not show {other}")


def run(done: Callable[[Typed, list[str]], None]) -> None:
    """In the present folder, as if it were the root of a checkout."""
    Path("contracts").symlink_to(ROOT / "contracts")
    for step in typed():
        done(step, do(step.command))

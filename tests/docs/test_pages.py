"""Every page's examples run: files are written, commands typed, and the output must be what the page shows.

A fence ```clause file=NAME``` (or json, text) writes a file; a fence ```console``` holds lines `$ smartclause …` with
the expected output under each; a line `...` stands for any lines; ```python run``` holds lines that run as they are. A
page runs from top to bottom in one folder.
"""

import re
import shlex
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from smartclause.cli.main import cli
from tests.evidence.authority import answer_requests

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"COLUMNS": "100", "NO_COLOR": "1", "SMARTCLAUSE_PASSPHRASE": "a long passphrase"}
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@dataclass(frozen=True)
class Typed:
    line: int
    command: str
    output: list[str]


def fences(page: Path) -> list[tuple[str, str, int]]:
    tokens = MarkdownIt().parse(page.read_text("utf-8"))
    return [(t.info.strip(), t.content, (t.map or [0])[0] + 1) for t in tokens if t.type == "fence"]


def file_of(info: str) -> str:
    found = re.search(r"file=(\S+)", info)
    return found[1] if found else ""


def typed(content: str, line: int) -> list[Typed]:
    found: list[Typed] = []
    for offset, text in enumerate(content.splitlines(), 1):
        if text.startswith("$ "):
            found.append(Typed(line + offset, text[2:], []))
        elif found:
            found[-1].output.append(text)
    return found


def steady(text: str) -> str:
    """Digests, identifiers and the present moment are other ones each time."""
    now = datetime.now(UTC)
    days = {now + timedelta(days=d) for d in (-1, 0, 1)}
    text = re.sub(r"sha256:[0-9a-f]{6,}…?", "sha256:…", text)
    text = re.sub(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32,}\b", "…", text)
    for day in days:
        for spelled in (f"{day:%Y-%m-%d}", f"{day.day} {day:%B %Y}", f"{day.year}年{day.month}月{day.day}日"):
            text = re.sub(re.escape(spelled) + r"[T ]?(\d\d:\d\d)?(:\d\d)?(\.\d+)?Z?", "(now)", text)
    return text.rstrip()


def matches(expected: list[str], found: list[str]) -> bool:
    """Line by line; `...` stands for any lines. In time that grows with the product of both, however they differ."""
    shown = [steady(line) for line in found]
    while shown and not shown[-1]:
        shown.pop()
    ends = {0}  # how many lines of `shown` the lines of `expected` so far can stand for
    for line in expected:
        if line.strip() == "...":
            ends = set(range(min(ends), len(shown) + 1)) if ends else set()
        else:
            ends = {at + 1 for at in ends if at < len(shown) and shown[at] == steady(line)}
    return len(shown) in ends


RUNNABLE = [p for p in PAGES if any(info in ("console",) for info, _, _ in fences(p))]


@pytest.mark.parametrize("page", RUNNABLE, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_what_the_page_shows_is_what_a_reader_gets(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    python: dict[str, object] = {}
    for info, content, line in fences(page):
        name = file_of(info)
        if name:
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, "utf-8")
        if info == "console":
            for step in typed(content, line):
                answer_requests(tmp_path)  # a page that asks a time stamp authority is answered by the tests' own
                run(step, page)
        if info == "python run":
            exec(compile("\n" * line + content, str(page), "exec", dont_inherit=True), python)


def run(step: Typed, page: Path) -> None:
    words = shlex.split(step.command)
    if words[0] != "smartclause":
        raise AssertionError(f"{page.name}:{step.line}: only smartclause commands can be shown here")
    result = CliRunner().invoke(cli, words[1:], env=ENVIRONMENT)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    if not matches(step.output, result.output.splitlines()):
        raise AssertionError(f"{page.name}:{step.line}: `{step.command}` printed\n{result.output}")

"""What a command prints, and how it ends: text for people or JSON for programs, and one of four exit codes."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable
from enum import IntEnum
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from smartclause.evidence.errors import Lang, harmless
from smartclause.evidence.files import write_whole
from smartclause.evidence.forms import Form
from smartclause.logic.verdict import Decision


class Exit(IntEnum):
    YES = 0
    NO = 1
    UNUSABLE = 2
    UNDECIDED = 3


EXIT_OF = {Decision.ALLOWED: Exit.YES, Decision.REFUSED: Exit.NO, Decision.UNDECIDED: Exit.UNDECIDED}
COLOUR_OF = {Decision.ALLOWED: "bold green", Decision.REFUSED: "bold red", Decision.UNDECIDED: "bold yellow"}

STANDINGS = {"trusted": "受信任", "lapsed": "已失效", "compromised": "已失密", "unknown": "未受信任"}


def show_what_the_screen_lacks() -> None:
    """A letter that the screen or file cannot show is written as its number, rather than ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def console(*, error: bool = False) -> Console:
    """Colour where it is a terminal; lines are never cut for programs that read them."""
    file = sys.stderr if error else sys.stdout
    return Console(file=file, highlight=False, markup=False, emoji=False, soft_wrap=True)


def say(text: str = "", style: str = "") -> None:
    console().print(Text(_harmless(text), style=style))


def say_all(lines: Iterable[str]) -> None:
    for line in lines:
        say(line)


def warn(text: str) -> None:
    console(error=True).print(Text(_harmless(text)))


def _harmless(text: str) -> str:
    """Names in it may come from anybody."""
    return "\n".join("\t".join(map(harmless, line.split("\t"))) for line in text.split("\n"))


def answer(form: Form) -> None:
    """As its published schema says; what is not given is left out."""
    as_json(form.model_dump(mode="json", by_alias=True, exclude_none=True))


def as_json(data: object) -> None:
    click.echo(json.dumps(data, ensure_ascii=not _shows_all_letters(), indent=2))


def text_of(form: Form) -> str:
    """As `answer` prints it, in one line."""
    data = form.model_dump(mode="json", by_alias=True, exclude_none=True)
    return json.dumps(data, ensure_ascii=not _shows_all_letters(), separators=(",", ":"))


def _shows_all_letters() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def write(content: bytes, out: Path | None) -> None:
    """To a file, whole or not at all, or to standard output."""
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        write_whole(out, content)


def pick(lang: Lang, en: str, zh: str) -> str:
    return zh if lang == "zh" else en


def counted(number: int, one: str, many: str = "") -> str:
    """English only: `1 key`, `2 keys`; `many` where it is not `one` with an s."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def goes_with(lang: Lang, given: object, option: str, other: str) -> None:
    """An option that says nothing by itself. Raises click.UsageError where it is given without the other."""
    if given:
        raise click.UsageError(pick(lang, f"{option} goes with {other}", f"{option}须与{other}同用"))

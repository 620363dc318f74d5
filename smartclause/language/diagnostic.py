"""What a stage tells the author: code, sentence, place, help. Values, never exceptions."""

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["zh", "en"]
Severity: TypeAlias = Literal["error", "warning", "lint"]

_LONGEST_EXCERPT = 160
_NEAR = 1000
"""Characters looked at on each side of a place, so that one line of megabytes costs no more than any other."""


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a file: lines from 1, offsets in characters from 0, display columns from 1."""

    file: str = ""
    line: int = 0
    end_line: int = 0
    start: int = 0
    end: int = 0
    column: int = 0
    end_column: int = 0

    def to(self, other: "Span") -> "Span":
        """From the beginning of this place to the end of the other."""
        if not self.line:
            return other
        if not other.line:
            return self
        return Span(self.file, self.line, other.end_line, self.start, other.end, self.column, other.end_column)


NOWHERE = Span()


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `message` is one sentence without full stop, `help` says what to type."""

    code: str
    severity: Severity
    message: str
    span: Span = NOWHERE
    help: str = ""
    language: Language = "en"

    @property
    def is_error(self) -> bool:
        return self.severity == "error"


def width(text: str) -> int:
    """Columns the text takes on a screen: a Chinese character takes two, a combining mark none."""
    return len(text) if text.isascii() and text.isprintable() else sum(map(_character_width, text))


@lru_cache(maxsize=8192)
def _character_width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Me", "Mn"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Lines:
    """Turns offsets of one text into lines and display columns; the lines are found once."""

    __slots__ = ("_last", "_starts", "file", "text")

    def __init__(self, text: str, file: str = "") -> None:
        self.file = file
        self.text = text
        self._starts = [0]
        self._last = (0, 0, 1)
        """Line start, offset and column asked for last: asking in order costs nothing twice."""
        self._starts.extend(index + 1 for index, character in enumerate(text) if character == "\n")

    def number(self, offset: int) -> int:
        """The line, counted from 1, that holds the offset."""
        return bisect_right(self._starts, offset)

    def span(self, start: int, end: int) -> Span:
        line, end_line = self.number(start), self.number(max(start, end - 1))
        return Span(self.file, line, end_line, start, end, self._column(line, start), self._column(end_line, end))

    def line(self, number: int) -> str:
        """The text of a line, without its end."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def _column(self, line: int, offset: int) -> int:
        start = self._starts[line - 1]
        known_start, known, column = self._last
        if known_start != start or known > offset:
            known, column = start, 1
        column += width(self.text[known:offset])
        self._last = (start, offset, column)
        return column


def render(diagnostic: Diagnostic, source: str | None = None) -> str:
    """The finding as text: place and sentence, the line with carets below, the help.

    Without the source the line and the carets are left out.
    """
    span = diagnostic.span
    place = f"{span.file}:{span.line}:{span.column}: " if span.line else (f"{span.file}: " if span.file else "")
    rows = [f"{place}{diagnostic.code} {diagnostic.message}"]
    if source is not None and span.line:
        rows.extend(_excerpt(span, source))
    if diagnostic.help:
        label = "办法：" if diagnostic.language == "zh" else "help: "
        rows.append(f"  = {label}{diagnostic.help}")
    return "\n".join(rows)


def _excerpt(span: Span, source: str) -> list[str]:
    text, before = _line_around(span, source)
    if len(text) > _LONGEST_EXCERPT:
        text, before = _cut(text, before)
    last = span.end_column if span.end_line == span.line else span.column + width(text) - before
    count = max(1, min(last - span.column, width(text) - before))
    return [f"  | {text}", f"  | {' ' * before}{'^' * count}"]


def _line_around(span: Span, source: str) -> tuple[str, int]:
    """The line as it may be shown, and the columns before the place; of a very long line only what is near."""
    first = source.rfind("\n", 0, span.start) + 1
    end = source.find("\n", span.start)
    line = source[first : len(source) if end < 0 else end].rstrip("\r")
    if len(line) <= 2 * _NEAR:
        return _printable(line), span.column - 1
    at = span.start - first
    start = max(0, at - _NEAR)
    return _printable(line[start : at + _NEAR]), width(_printable(line[start:at]))


def _cut(text: str, before: int) -> tuple[str, int]:
    """A window of the line around the display column."""
    position = 0
    columns = 0
    while position < len(text) and columns < max(0, before - _LONGEST_EXCERPT // 2):
        columns += _character_width(text[position])
        position += 1
    return text[position : position + _LONGEST_EXCERPT], before - columns


def _printable(line: str) -> str:
    """The line as it may be shown: no control can move, hide or turn the text around it."""
    return "".join(_shown(character) for character in line)


def _shown(character: str) -> str:
    match unicodedata.category(character):
        case "Cc":
            return " " if character == "\t" else "?"
        case "Cf" | "Cs" | "Co" | "Cn":
            return "" if _character_width(character) == 0 else "?"
        case _:
            return character

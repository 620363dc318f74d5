"""Help pages in Chinese: lines are as wide as they look on a screen, and no line begins with a closing mark."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import click

from smartclause.language.diagnostic import width

_PIECE = re.compile(r"\s+|[“（《]*(?:[!-~]+|[^\s!-~])[，。；：、？！”）》…—]*")
_WIDEST = 30


def wrapped(text: str, columns: int) -> Iterator[str]:
    """One paragraph as lines that are at most so many columns wide, where its pieces allow it."""
    line = ""
    for piece in _PIECE.findall(text):
        if line.strip() and width(line) + width(piece.rstrip()) > columns:
            yield line.rstrip()
            line = ""
        line += piece if line or not piece.isspace() else ""
    if line.strip():
        yield line.rstrip()


class ChineseFormatter(click.HelpFormatter):
    """`words` turns the headings and remarks that click itself writes into Chinese."""

    words: Callable[[str], str]

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or self.words("Usage:"))

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{self.words(heading)}：\n")

    def write_text(self, text: str) -> None:
        indent = " " * self.current_indent
        paragraphs = re.split(r"\n\s*\n", text)
        self.write("\n".join(self._paragraph(p, indent) for p in paragraphs))

    def _paragraph(self, text: str, indent: str) -> str:
        """Lines behind the mark `\\b` stay as they are; Chinese lines are joined without a blank."""
        mark, _, rest = text.lstrip().partition("\n")
        kept = rest.splitlines() if mark == "\b" else wrapped(joined(text), self.width - len(indent))
        return "".join(f"{indent}{line}\n" for line in kept)

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _WIDEST, col_spacing: int = 2) -> None:
        listed = [(first, self.words(second)) for first, second in rows]
        column = min(max(width(first) for first, _ in listed), col_max) + col_spacing
        indent = " " * self.current_indent
        for first, second in listed:
            lines = list(wrapped(second, max(self.width - column - len(indent), 20))) or [""]
            fits = width(first) + col_spacing <= column
            head = first + " " * (column - width(first)) + lines.pop(0) if fits else first
            self.write(f"{indent}{head}".rstrip() + "\n")
            self.write("".join(f"{indent}{'':>{column}}{line}\n" for line in lines))


def joined(text: str) -> str:
    """Lines of a source text as one; a blank stands only between two words of Latin letters."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return re.sub(r"(?<=[!-~])\n(?=[!-~])", " ", "\n".join(lines)).replace("\n", "")

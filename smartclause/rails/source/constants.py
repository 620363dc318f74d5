"""The named constants of generated source: figures, days, sets of concepts. Equal values have one name.

Names begin with a capital letter; a field of a clause file is read into a name that begins with a line, so that
neither can ever stand for the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from smartclause.logic.counting import Duration, Instant, format_instant
from smartclause.logic.terms import Money, Value
from smartclause.logic.written import exact

_OTHER = re.compile(r"[^A-Z0-9]+")
_NAME = re.compile(r"\b[A-Z][A-Z0-9_]*\b")
_WIDTH = 110


@dataclass
class Constants:
    """Each is defined once, with the first text that needs it. Names of what runs beside them are `taken`."""

    _texts: dict[str, str] = field(default_factory=dict)  # by name, in the order they were asked for
    _names: dict[str, str] = field(default_factory=dict)  # by text
    _instants: dict[str, Instant] = field(default_factory=dict)
    _given: set[str] = field(default_factory=set)

    def of(self, value: Value) -> str:
        """The value as it stands in an expression: a name, or itself where it is short and plain."""
        if isinstance(value, bool | str):
            return repr(value)
        return self._named(_name(value), literal(value))

    def concepts(self, hint: str, names: Iterable[str]) -> str:
        return self._named(hint, literal(frozenset(names)))

    def instant(self, at: Instant) -> str:
        name = self._named(f"AT_{format_instant(at)}", repr(at))
        self._instants[name] = at
        return name

    def latest(self, text: str) -> Instant | None:
        """The last instant that the text looks at; from then on nothing changes with time."""
        return max((self._instants[n] for n in self._reached(text) if n in self._instants), default=None)

    def table(self, hint: str, entries: Iterable[str]) -> str:
        """A row of what holds between days of change."""
        return self._named(hint, _row("(", list(entries), ",)"))

    def needed(self, text: str) -> str:
        """Definitions of what the text names, of which none was given before."""
        found = self._reached(text)
        new = [name for name in self._texts if name in found and name not in self._given]
        self._given.update(new)
        return "".join(f"{name} = {self._texts[name]}\n" for name in new)

    def _reached(self, text: str) -> set[str]:
        found: set[str] = set()
        waiting = [text]
        while waiting:
            new = {n for n in _NAME.findall(waiting.pop()) if n in self._texts and n not in found}
            found |= new
            waiting += [self._texts[n] for n in new]
        return found

    def _named(self, hint: str, text: str) -> str:
        if text not in self._names:
            plain = _OTHER.sub("_", hint.upper()).strip("_")[:60] or "VALUE"
            name = plain if plain[0].isalpha() else f"N_{plain}"
            number = 1
            while name in self._texts:
                number += 1
                name = f"{plain}_{number}" if plain[0].isalpha() else f"N_{plain}_{number}"
            self._names[text] = name
            self._texts[name] = text
        return self._names[text]


def _name(value: Value) -> str:
    match value:
        case Decimal():
            return f"NUMBER_{'MINUS_' if value < 0 else ''}{exact(value)}"
        case Money():
            return f"{value.currency}_{exact(value.amount)}"
        case Duration():
            return f"{value.unit.name}S_{value.count}"
        case int():
            return f"AT_{format_instant(value)}"
        case date():
            return f"DAY_{value.isoformat()}"
        case _:
            return "SET"


def literal(value: Value) -> str:
    """Python that gives the value."""
    match value:
        case bool() | str() | int():
            return repr(value)
        case Decimal():
            return f'Decimal("{value}")'
        case Money():
            return f'Money(Decimal("{value.amount}"), {value.currency!r})'
        case Duration():
            return f"Duration({value.count}, Unit.{value.unit.name})"
        case date():
            return f"date({value.year}, {value.month}, {value.day})"
        case frozenset():
            return _row("frozenset({", [repr(v) for v in sorted(value)], "})") if value else "frozenset()"


def _row(opening: str, entries: list[str], closing: str) -> str:
    """On one line, or filled into lines."""
    one = f"{opening}{', '.join(entries)}{closing}"
    if len(one) <= _WIDTH or len(entries) < 2:
        return one
    lines, current = [opening], "   "
    for entry in entries:
        if len(current) + len(entry) > _WIDTH:
            lines.append(current)
            current = "   "
        current += f" {entry},"
    return "\n".join([*lines, current, closing.removeprefix(",")])

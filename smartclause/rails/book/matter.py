"""A record that may open a duty, and what it opened as far as is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from smartclause.logic.terms import Value
from smartclause.logic.world import Record
from smartclause.rails.book.acts import Values
from smartclause.rails.book.conditions import Place
from smartclause.rails.book.opened import Opened

Asked: TypeAlias = "Mapping[str, Value]"
"""The keys that a question names."""


def may_be_for(keys: tuple[tuple[str, Value | None], ...], asked: Asked) -> bool:
    """Whether something of these keys may be meant: none that it names is surely another."""
    return not asked or not any(value is not None and asked.get(name, value) != value for name, value in keys)


@dataclass(slots=True, eq=False)
class Matter:
    """`opened` None: nothing. `gone`: it was judged anew since, and another stands for it."""

    place: Place
    record: Record
    opened: Opened | None
    gone: bool = False

    @property
    def values(self) -> Values:
        return () if self.opened is None else tuple([v for _, v in self.opened.keys])


def place_of(matter: Matter) -> Place:
    return matter.place

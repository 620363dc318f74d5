"""The sheet: which column of the relation of records holds what, and what is known of it beforehand.

One row stands for each record. What a judged party may rely on differs by party: a column holds the value that counts
for it, or nothing, and another why there is nothing, as `reason|role`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from smartclause.engines.sql.needs import Window
from smartclause.logic.terms import Kind

RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Cell:
    """`unit` is the column of the currency or of the family of a duration. `full`: never without a value."""

    value: str
    why: str
    unit: str = ""
    full: bool = False


@dataclass(frozen=True, slots=True)
class KeyCell:
    """A key as text: `stated` as the party may rely on it, `raw` as written. `clean`: the two never differ and are
    never missing."""

    stated: str
    raw: str
    why: str
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Existence:
    """Whether the record surely exists; `flag` empty: always."""

    flag: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Until:
    """Until when a record stays inside the window: surely, possibly. `steady`: later records never leave earlier."""

    sure: str
    possible: str
    why: str
    steady: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """`act` columns of every row: n, id, type, instant, idx, received, by, contract. `lagging`: some act was received
    at another instant than it claims. Keys of the mappings: party and field, party and doubt, window."""

    cells: Mapping[tuple[str, str, Kind], Cell]
    keys: Mapping[tuple[str, str], KeyCell]
    existence: Mapping[tuple[str, bool], Existence]
    untils: Mapping[Window, Until] = field(default_factory=lambda: MappingProxyType({}))
    groups: tuple[tuple[str, str], ...] = ()
    nameless: bool = True  # some record may name nobody as its doer
    doers: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))  # by type; "": nobody
    lagging: bool = False
    span: tuple[int, int] | None = None  # no instant lies outside
    several: bool = False  # rows of several ledgers, each with the number of its own

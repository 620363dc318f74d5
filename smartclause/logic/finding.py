"""What an evaluation returns: a truth, why, and the facts read, as a tree that mirrors the term."""

from collections.abc import Iterator
from dataclasses import dataclass

from smartclause.logic.terms import Node, Value
from smartclause.logic.truth import Truth
from smartclause.logic.world import FactKey


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is unknown. `role` must show it; `supply` is the fact that would settle it, if one would.

    Kinds: missing, not shown, contradicted, outside its bounds, of another kind, too broad,
    not declared disjoint, open list, not in the vocabulary, no such record, uncertain record,
    recorded by the judged party alone, gap, incomplete, news too old, no calendar, blank parameter,
    no value at this instant, not signed, narrower act, not bound, not registered, no contract.
    """

    kind: str
    field: str = ""
    type: str = ""
    role: str = ""
    event: str = ""
    detail: str = ""
    supply: FactKey | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A fact that was read: from which event, stated by which event (itself or a supplement).

    `field` empty: the record's existence; `event` empty: no record of `type` was found.
    """

    type: str
    field: str = ""
    value: Value | None = None
    event: str = ""
    stated_by: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    term: Node | None
    truth: Truth
    parts: "tuple[Finding, ...]" = ()
    reasons: tuple[Reason, ...] = ()
    reads: tuple[Read, ...] = ()
    label: str = ""

    def leaves(self) -> "Iterator[Finding]":
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of an expression. Known: `value`. A number that lies between bounds: `low`, `high` (None: open).

    `exact` False with both bounds None: nothing is known. `has_bounds` tells the two apart.
    """

    value: Value | None = None
    low: Value | None = None
    high: Value | None = None
    open_list: bool = False
    reasons: tuple[Reason, ...] = ()
    reads: tuple[Read, ...] = ()

    @property
    def known(self) -> bool:
        return self.value is not None


def exactly(value: Value, *reads: Read) -> Reading:
    return Reading(value, value, value, reads=reads)


def unknown(*reasons: Reason, reads: tuple[Read, ...] = ()) -> Reading:
    return Reading(reasons=reasons, reads=reads)


def in_words(value: Value | None) -> str:
    """A value as the detail of a reason: a set by its members in their order."""
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def unknown_leaves(finding: Finding | None) -> tuple[Reason, ...]:
    if finding is None or finding.truth is not Truth.UNKNOWN:
        return ()
    inner = tuple(r for part in finding.parts for r in unknown_leaves(part))
    return finding.reasons + inner


def all_reads(finding: Finding | None) -> tuple[Read, ...]:
    if finding is None:
        return ()
    return finding.reads + tuple(r for part in finding.parts for r in all_reads(part))

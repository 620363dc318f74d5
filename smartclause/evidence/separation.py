"""Who may never be both: whoever uses data neither keeps the ledger nor audits himself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smartclause.evidence.forms import Identity

APART = (frozenset({"ledger", "platform"}), frozenset({"auditor", "platform"}))


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody by name and, where it is known, identity in law, with what it does. `key` tells holders apart."""

    party: str
    identity: Identity | None
    functions: frozenset[str]
    key: str = ""


def conflict(holders: Iterable[Holder]) -> str:
    """A sentence if one person holds functions that exclude each other, otherwise empty."""
    for holder, pair in _conflicts(list(holders)):
        one, other = sorted(pair)
        return f"{holder.party} would be both {one} and {other}"
    return ""


def conflicting(holders: Iterable[Holder]) -> frozenset[str]:
    """The keys of those who hold functions that exclude each other."""
    return frozenset(holder.key for holder, _ in _conflicts(list(holders)))


def _conflicts(holders: list[Holder]) -> Iterator[tuple[Holder, frozenset[str]]]:
    """Who has no identity may be anyone of the name."""
    by_person: dict[object, set[str]] = defaultdict(set)
    by_name: dict[str, set[str]] = defaultdict(set)
    for holder in holders:
        held = by_name[holder.party] if holder.identity is None else by_person[_person(holder)]
        held.update(holder.functions)
    for holder in holders:
        if holder.identity is not None:
            by_person[_person(holder)] |= by_name.get(holder.party, set())
    for holder in holders:
        held = by_name[holder.party] if holder.identity is None else by_person[_person(holder)]
        pair = next((pair for pair in APART if pair <= held), None)
        if pair is not None:
            yield holder, pair


def _person(holder: Holder) -> object:
    return None if holder.identity is None else (holder.identity.scheme, holder.identity.value)

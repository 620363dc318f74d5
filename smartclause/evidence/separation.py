"""Who may never be both: whoever uses data neither keeps the ledger nor audits himself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set

from smartclause.evidence.forms import Identity

APART = (frozenset({"ledger", "platform"}), frozenset({"auditor", "platform"}))
Person = tuple[str, str]


def conflict(holders: Iterable[tuple[str, Identity | None, Iterable[str]]]) -> str:
    """A sentence if one person holds functions that exclude each other, otherwise empty.

    Each holder is a party's name, its identity in law, and what it does. Who has no identity is everyone of the name.
    """
    by_person: dict[Person, set[str]] = defaultdict(set)
    by_name: dict[str, set[str]] = defaultdict(set)
    names: dict[Person, set[str]] = defaultdict(set)
    for party, identity, functions in holders:
        if identity is None:
            by_name[party].update(functions)
        else:
            by_person[identity.scheme, identity.value].update(functions)
            names[identity.scheme, identity.value].add(party)
    for person, held in by_person.items():
        found = _excluded(held.union(*(by_name.get(name, ()) for name in names[person])))
        if found:
            return _sentence(min(names[person]), found)
    for party, held in by_name.items():
        found = _excluded(held)
        if found:
            return _sentence(party, found)
    return ""


def _excluded(functions: Set[str]) -> frozenset[str]:
    return next((pair for pair in APART if pair <= functions), frozenset())


def _sentence(party: str, pair: frozenset[str]) -> str:
    one, other = sorted(pair)
    return f"{party} would be both {one} and {other}"

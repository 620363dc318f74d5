"""Who may never be both: whoever uses data neither keeps the ledger nor audits himself."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from smartclause.evidence.forms import Identity

SCHEMES = ("uscc", "lei", "did", "other")
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
    held: dict[Mark, set[str]] = defaultdict(set)
    for holder in holders:
        for mark in _marks(holder):
            held[mark].update(holder.functions)
    for holder in holders:
        for mark in _marks(holder):
            held[mark] |= held.get(("anyone", holder.party), set())
    for holder in holders:
        functions = set().union(*(held[mark] for mark in _likely(holder)))
        pair = next((pair for pair in APART if pair <= functions), None)
        if pair is not None:
            yield holder, pair


Mark: TypeAlias = tuple[str, ...]
"""By what somebody may be recognised: a number in law, the name in law under a scheme, the party's name."""


def _marks(holder: Holder) -> Iterator[Mark]:
    if holder.identity is None:
        yield ("anyone", holder.party)
        return
    yield ("someone", holder.party)
    yield ("number", holder.identity.scheme, holder.identity.value.casefold())
    yield ("name", holder.identity.scheme, _name(holder.identity))


def _likely(holder: Holder) -> Iterator[Mark]:
    """Marks of others that may be the same person: who has no identity may be anyone of the party's name, and one
    name in law under two schemes is one person."""
    yield ("anyone", holder.party)
    if holder.identity is None:
        yield ("someone", holder.party)
        return
    yield from _marks_in_law(holder.identity)


def _marks_in_law(identity: Identity) -> Iterator[Mark]:
    yield ("number", identity.scheme, identity.value.casefold())
    yield from (("name", scheme, _name(identity)) for scheme in SCHEMES if scheme != identity.scheme)


def _name(identity: Identity) -> str:
    return " ".join(unicodedata.normalize("NFKC", identity.name).casefold().split())

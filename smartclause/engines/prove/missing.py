"""Sources of facts that say nothing: whose facts nobody shows then, and which records there are none of.

A source is a party, a role, a fact or a type of record. What a role shows its holders show; a party that alone holds a
role is that role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smartclause.logic.contract import ANYONE, EventType
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Query


@dataclass(frozen=True)
class Missing:
    """`speakers`: parties and roles; `facts`: type and field, narrower types too; `types` of records, narrower too."""

    lookup: Lookup
    speakers: frozenset[str] = frozenset()
    facts: frozenset[tuple[str, str]] = frozenset()
    types: frozenset[str] = frozenset()

    def silent(self, who: str) -> bool:
        """Whether a party or role says nothing."""
        return who in self.speakers

    def fact(self, type_: str, name: str, own_word_of: str = "") -> bool:
        """Whether a record of the type lacks the fact; `own_word_of`: who states what nobody is named to show."""
        declared = self.lookup.field(type_, name)
        if declared is None:
            return False
        return (type_, name) in self.facts or self.silent(declared.shown_by or own_word_of)

    def perhaps(self, event: str, name: str) -> bool:
        """Whether some record that may count as `event` lacks the fact."""
        return any(self.fact(t, name) for t in self.lookup.relevant_types(event))

    def record(self, type_: str) -> bool:
        """Whether there is no record of the type."""
        kind = self.lookup.types.get(type_)
        return type_ in self.types or (kind is not None and self.silent(kind.by))

    def nothing(self, query: Query) -> bool:
        """Whether no record can be found: none of any type that may count."""
        return all(self.record(t) for t in self.lookup.relevant_types(query.event))

    def nobody(self, query: Query, party: str) -> bool:
        """Whether whoever must have done it says nothing: then no record is surely found."""
        wanted = query.by or (party if self.lookup.is_act(query.event) else ANYONE)
        return wanted != ANYONE and self.silent(wanted)

    def touches(self, query: Query) -> bool:
        return any(self.record(t) for t in self.lookup.relevant_types(query.event))


def joined(parts: Iterable[Missing]) -> Missing:
    """All of them at once; at least one."""
    each = list(parts)
    return Missing(
        each[0].lookup,
        frozenset().union(*(m.speakers for m in each)),
        frozenset().union(*(m.facts for m in each)),
        frozenset().union(*(m.types for m in each)),
    )


# ---- from what it is called


def of_speaker(lookup: Lookup, name: str) -> Missing:
    """A party or role, with who is the same."""
    found = {name}
    held = lookup.roles
    if name in held and sum(r == held[name] for r in held.values()) == 1:
        found.add(held[name])
    found |= {p for n in list(found) for p, role in held.items() if role == n}
    return Missing(lookup, speakers=frozenset(found))


def of_fact(lookup: Lookup, type_: str, name: str) -> Missing:
    """The fact in records of the type and of narrower ones."""
    narrower = (t for t in lookup.types if lookup.is_under(t, type_) and lookup.field(t, name))
    return Missing(lookup, facts=frozenset((t, name) for t in narrower))


def of_type(lookup: Lookup, type_: str) -> Missing:
    return Missing(lookup, types=frozenset(t for t in lookup.types if lookup.is_under(t, type_)))


def speaker_of(lookup: Lookup, name: str) -> str:
    """The one name by which a party or role is told: a role that one party holds is told as the party."""
    holders = [p for p, role in lookup.roles.items() if role == name]
    return holders[0] if len(holders) == 1 else name


def kinds_with(lookup: Lookup, field: str) -> list[EventType]:
    """Types that declare a field, those without a broader one that does first."""
    return [t for t in lookup.types.values() if lookup.field(t.name, field)]

"""A contract and its amendments before the evidence: which version may speak when (design 2.11).

An amendment counts only if all its parties, and those who left by it, have signed. It takes effect at its date or
at receipt of the last signature; where nobody attests the receipt, both versions must allow from its date on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from smartclause.engines.audit import Note
from smartclause.logic.counting import Instant
from smartclause.logic.force import BEGINNING, force_start
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.holders import Holders


@dataclass(frozen=True, slots=True)
class Version:
    """`earliest` and `latest`: between them it is not attested that this version is in force."""

    name: str
    earliest: Instant = BEGINNING
    latest: Instant = BEGINNING


def check_chain(base: Bundle, amendments: Sequence[Bundle]) -> None:
    """Each amends the one before. Raises VerbError VB29, VB30."""
    before = base
    for each in amendments:
        if each.contract.amends != before.document:
            raise VerbError("VB29", each.place, found=each.contract.amends or "-", wanted=before.document)
        left = {p.name for p in before.root.parties} - {p.name for p in each.root.parties}
        if left - set(each.root.former):
            raise VerbError("VB30", each.place, party=sorted(left - set(each.root.former))[0])
        before = each


def signed_ones(amendments: Sequence[tuple[Bundle, Holders]], draft: bool) -> tuple[int, tuple[Note, ...]]:
    """How many of the amendments all have signed, from the first; why the next does not count."""
    for number, (bundle, holders) in enumerate(amendments):
        missing = holders.unsigned()
        if missing and not draft:
            return number, (Note("amendment not signed", f"{bundle.root.version}: {', '.join(missing)}"),)
    return len(amendments), ()


def versions_of(
    names: Sequence[str], bundles: Sequence[Bundle], received: Instant | None, asked: Instant
) -> tuple[Version, ...]:
    """The base first. `received`: when the last signature was received, as the caller attests; None: not attested."""
    found = [Version(names[0])]
    for name, bundle in zip(names[1:], bundles, strict=True):
        day, last = force_start(bundle.root.header), found[-1]
        earliest = max(day if received is None else max(day, received), last.earliest)
        latest = max(day, asked if received is None else received, last.latest)
        found.append(Version(name, earliest, latest))
    return tuple(found)


def speaking(versions: Sequence[Version], at: Instant) -> Iterator[str]:
    """The version in force at an instant, and those later ones that may be."""
    sure = max(i for i, version in enumerate(versions) if version.latest <= at)
    yield versions[sure].name
    yield from (version.name for version in versions[sure + 1 :] if version.earliest <= at)

"""A contract and its amendments (design 2.11): an act is judged under the version in force at its instant.

The worlds of the versions stand in their order; what was opened under one lives on under it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from smartclause.logic.contract import Contract, Header
from smartclause.logic.counting import Instant
from smartclause.logic.force import BEGINNING, force_start
from smartclause.logic.identity import document_digest
from smartclause.logic.register import Both, Expression
from smartclause.logic.world import World


@dataclass(frozen=True, slots=True)
class Version:
    """`earliest` and `latest`: between them nobody attests whether this version is in force."""

    name: str
    earliest: Instant = BEGINNING
    latest: Instant = BEGINNING


def versions_of(
    base: str, amendments: Sequence[tuple[str, Header]], received: Instant | None, asked: Instant
) -> tuple[Version, ...]:
    """An amendment takes effect at its date or at receipt of the last signature, whichever is later.

    `received` None: nobody attests when that was; surely not after the instant of asking.
    """
    found = [Version(base)]
    for name, header in amendments:
        day, last = force_start(header), found[-1]
        earliest = max(day, last.earliest, BEGINNING if received is None else received)
        latest = max(day, last.latest, asked if received is None else received)
        found.append(Version(name, earliest, latest))
    return tuple(found)


def speaking(versions: Sequence[Version], at: Instant) -> Iterator[str]:
    """The version in force at an instant, from its first on; then those later ones that may be."""
    sure = max(i for i, version in enumerate(versions) if version.latest <= at)
    yield versions[sure].name
    yield from (version.name for version in versions[sure + 1 :] if version.earliest <= at)


def in_version(versions: Sequence[Version], at: Instant) -> Expression:
    """What an act stands under; where it is not attested which version is in force, all that may be must allow."""
    names = tuple(speaking(versions, at))
    return names[0] if len(names) == 1 else Both(names)


def between(world: World, earlier: World | None, begins: Version | None, ends: Version | None) -> World:
    """The world of one version: nothing new before it begins, and nothing new once the next is surely in force."""
    module = world.lookup.contract.module
    if ends is not None:
        world = replace(world, replaced={module: ends.latest})
    if earlier is not None and begins is not None:
        world = replace(world, earlier=earlier, effective={module: begins.earliest})
    return world


def amending(amended: Contract, before: Contract) -> Contract:
    """The amended contract, with what it amends and who was a party of that and is no more."""
    root = next(m for m in amended.modules if m.name == amended.module)
    old = next(m for m in before.modules if m.name == before.module)
    left = {p.name for p in old.parties} - {p.name for p in root.parties}
    modules = tuple(replace(m, former=tuple(sorted(left))) if m is root else m for m in amended.modules)
    return replace(amended, modules=modules, amends=document_digest(before))

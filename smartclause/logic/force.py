"""Force (design 2.11): from the first day to the last, or until those who may end the contract have ended it."""

from smartclause.logic.contract import Clause, Header, Module
from smartclause.logic.counting import Instant, end_of_day, start_of_day
from smartclause.logic.record import EVERYONE, Trust
from smartclause.logic.truth import Truth, between, every, negate, some
from smartclause.logic.world import Position, Record, World

BEGINNING = -(2**55)


def force_start(header: Header) -> Instant:
    """The first instant of force; a file without a date is in force from the beginning of time."""
    return start_of_day(header.since, header.zone) if header.since is not None else BEGINNING


def force_begins(world: World, module: Module) -> Instant:
    """The same of a version that amends another: not before all have signed it."""
    return max(force_start(module.header), world.effective.get(module.name, BEGINNING))


def is_replaced(world: World, module: Module, at: Instant) -> bool:
    """Whether another version of the file is in force: from then the old one opens and grants nothing new."""
    return module.name in world.replaced and at >= world.replaced[module.name]


def in_force(world: World, module: Module, clause: Clause, at: Instant, before: Position | None = None) -> Truth:
    """Whether new triggers and grants lie inside the force of their file (design 2.11), surviving clauses too.

    Of an act `before` is its position: a termination at the same instant may stand before it.
    """
    return Truth.FALSE if is_replaced(world, module, at) else holds_at(world, module, clause, at, before)


def holds_at(world: World, module: Module, clause: Clause, at: Instant, before: Position | None = None) -> Truth:
    """Whether bars of an open file hold: they do not end by being replaced, then the new version speaks."""
    header = module.header
    if at < force_begins(world, module):
        return Truth.FALSE
    if clause.survives:
        return Truth.TRUE
    if header.until is not None and at > end_of_day(header.until, header.zone):
        return Truth.FALSE
    return negate(_terminated(world, module, before or Position(at, -1)))


def _terminated(world: World, module: Module, before: Position) -> Truth:
    """A `termination` record of a party that may end the contract, otherwise of all parties."""
    enders = module.header.enders
    names = enders or tuple(sorted({p.name for p in module.parties}))
    ended = [_ended_by_party(world, module, before, name) for name in names]
    return some(ended) if enders or not ended else every(ended)


def _ended_by_party(world: World, module: Module, before: Position, party: str) -> Truth:
    """Unknown too where a termination by the party may stand that nobody has shown."""
    records = (
        r
        for r in world.of_type("termination")
        if r.position < before and r.event.facts.get("contract", module.name) == module.name
    )
    unseen = (Truth.UNKNOWN for c in world.clouds if c.source.party == party and c.since <= before.instant)
    return some((*(_ended_by(r, party) for r in records), *unseen))


def _ended_by(record: Record, party: str) -> Truth:
    event = record.event
    signers = [s for s in event.signers if (event.by if s.party == EVERYONE else s.party) == party]
    if event.by != party and not signers:
        return Truth.FALSE
    if event.unreliable or not signers:
        return Truth.UNKNOWN
    return between(any(s.trust is Trust.TRUSTED for s in signers), True)

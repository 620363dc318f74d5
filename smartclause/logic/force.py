"""Force (design 2.11): from the first day to the last, or until those who may end the contract have ended it."""

from smartclause.logic.contract import Clause, Header, Module
from smartclause.logic.counting import Instant, end_of_day, start_of_day
from smartclause.logic.record import EVERYONE, Trust
from smartclause.logic.truth import Truth, between, every, negate, some
from smartclause.logic.world import Record, World

BEGINNING = -(2**55)


def force_start(header: Header) -> Instant:
    """The first instant of force; a file without a date is in force from the beginning of time."""
    return start_of_day(header.since, header.zone) if header.since is not None else BEGINNING


def in_force(world: World, module: Module, clause: Clause, at: Instant) -> Truth:
    """Whether new triggers and grants lie inside the force of their file (design 2.11)."""
    header = module.header
    if header.since is not None and at < force_start(header):
        return Truth.FALSE
    if clause.survives:
        return Truth.TRUE
    if header.until is not None and at > end_of_day(header.until, header.zone):
        return Truth.FALSE
    return negate(_terminated(world, module, at))


def _terminated(world: World, module: Module, at: Instant) -> Truth:
    """A `termination` record of a party that may end the contract, otherwise of all parties."""
    names = {p.name for p in module.parties}
    records = [
        r
        for r in world.of_type("termination")
        if r.instant < at and r.event.facts.get("contract", module.name) == module.name
    ]
    enders = module.header.enders
    if enders:
        return some(_ended_by(r, p) for r in records for p in enders)
    return every(some(_ended_by(r, p) for r in records) for p in names) if records else Truth.FALSE


def _ended_by(record: Record, party: str) -> Truth:
    signers = [s for s in record.event.signers if s.party in (party, EVERYONE)]
    if record.event.by != party and not signers:
        return Truth.FALSE
    if record.event.unreliable or not signers:
        return Truth.UNKNOWN
    return between(any(s.trust is Trust.TRUSTED for s in signers), True)

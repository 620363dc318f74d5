"""Long acts (design 2.2): the start counts once; without a sign of life for longer than agreed, undecided."""

from smartclause.logic.contract import EventType
from smartclause.logic.counting import Duration, Instant, Unit
from smartclause.logic.truth import Truth
from smartclause.logic.world import Record, World, genuine, length

DEFAULT_GAP = Duration(24, Unit.HOUR)


def undecided_since(world: World, act: Record) -> Instant | None:
    """The first instant at which a run had been silent for longer than the agreed gap; None: never."""
    kind = world.lookup.types.get(act.event.type)
    if kind is None or not kind.checkpoint:
        return None
    gap = length(world.lookup.modules[world.lookup.contract.module].header.checkpoint_gap or DEFAULT_GAP)
    ends = _signs(world, act, kind, kind.end)
    last = min(ends, default=world.asked)
    alive = [i for i in (act.instant, *_signs(world, act, kind, kind.checkpoint)) if i <= last]
    for sign, following in zip(alive, (*alive[1:], last), strict=True):
        if following - sign > gap:
            return sign + gap + 1
    return None


def _signs(world: World, act: Record, kind: EventType, name: str) -> list[Instant]:
    """Instants of records of this run that surely exist."""
    run = act.event.facts.get(kind.run)
    found = world.of_type(name, kind.run, run) if run is not None else []
    sure = (r for r in found if r.event.facts.get(kind.run) == run and _exists(world, r, act))
    return [r.instant for r in sure if r.position > act.position]


def _exists(world: World, record: Record, act: Record) -> bool:
    """A checkpoint of a type that anyone may record does not count on the word of the party it helps."""
    truth, _, _ = genuine(world, record.event, act.event.by, doubt=True)
    return truth is Truth.TRUE

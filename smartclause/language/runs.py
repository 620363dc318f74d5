"""Long acts: which occurrences show that an act goes on, which ends it, and by which key (design 2.2)."""

from collections.abc import Mapping
from dataclasses import replace

from smartclause.language import tree
from smartclause.language.conditions import Reader
from smartclause.language.names import Names, Sort
from smartclause.language.views import World
from smartclause.logic.contract import EventType


def read_runs(world: World) -> dict[str, EventType]:
    """The types, long acts and all acts narrower than one with their checkpoints and ends."""
    types = dict(world.types)
    for names in world.names.values():
        for act, run in _declared(names).items():
            full = _long(types[act], run, Reader(world, names))
            types[act] = full or types[act]
    return {name: _inherited(name, types) for name in types}


def _declared(names: Names) -> Mapping[str, tree.Run]:
    found: dict[str, tree.Run] = {}
    for item in names.program.files[names.module].items:
        if not isinstance(item, tree.Run):
            continue
        act = names.find(item.act, Sort.ACT, wanted=Sort.ACT.value)
        if act is None:
            continue
        if act.module != names.module:
            names.say.add("R32", item.act.span, name=item.act.id, module=act.module)
        elif act.name in found:
            names.say.add("R03", item.act.span, name=item.act.id, line=found[act.name].span.line)
        else:
            found[act.name] = item
    return found


def _long(act: EventType, run: tree.Run, reader: Reader) -> EventType | None:
    """None, and a finding, where an occurrence is unknown or the key does not stand in all three."""
    wanted = Sort.OCCURRENCE
    found = [reader.names.find(name, wanted, wanted=wanted.value) for name in (run.checkpoint, run.end)]
    types = [reader.world.types.get(each.name) for each in found if each is not None]
    signs = [each for each in types if each is not None]
    if len(signs) < len(found) or not reader.key(run.key, (act, *signs)):
        return None
    checkpoint, end = signs
    return replace(act, checkpoint=checkpoint.name, end=end.name, run=run.key.id)


def _inherited(name: str, types: Mapping[str, EventType]) -> EventType:
    """A narrower act is as long as the one above it; otherwise naming it would need no sign of life."""
    above, seen = types[name], {name}
    while not above.checkpoint and above.parent in types and above.parent not in seen:
        above = types[above.parent]
        seen.add(above.name)
    return replace(types[name], checkpoint=above.checkpoint, end=above.end, run=above.run)

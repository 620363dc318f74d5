"""How each engine tells the statuses of the duties of `breach_notice.clause` at an instant."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from smartclause.evidence.forms import instant
from smartclause.language.load import load
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.instances import Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer
from smartclause.logic.world import Position, World, build
from smartclause.verbs.monitor import Settings, Stands, monitor
from tests.bench.listening import Listener
from tests.real.breach_rows import Breach, events

CLAUSES = Path(__file__).parent / "breach_notice.clause"
EVERYBODY = (Signer("k", EVERYONE),)


@dataclass(frozen=True)
class Standing:
    """`unsettled`: the status of each duty that is neither fulfilled nor waived."""

    unsettled: dict[tuple[str, str], str]
    counts: Counter[str]


def reference(rows: Iterable[Breach], asked: datetime, _folder: Path) -> Standing:
    return standing(Duties(world_of(rows, asked), Position(micros(asked), LAST_INDEX), micros(asked)).all())


def followed(rows: Iterable[Breach], asked: datetime, folder: Path) -> Standing:
    """Statuses of what is settled are only counted."""
    source, listener = folder / "breaches.jsonl", Listener()
    source.write_text("".join(json.dumps(each) + "\n" for each in events(rows)), encoding="utf-8")
    tally = monitor(CLAUSES, source, listener, settings=Settings(draft=True, at=micros(asked)))
    told = [each.instance for each in listener.told if isinstance(each, Stands)]
    unsettled = {key_of(i): i.status.value for i in told if i.status.value != "fulfilled"}
    return Standing(unsettled, Counter({status: count for status, count in tally.duties.items() if count}))


ENGINES: dict[str, Callable[[Iterable[Breach], datetime, Path], Standing]] = {
    "reference": reference,
    "monitor": followed,
}


def standing(instances: Iterable[Instance]) -> Standing:
    found = {key_of(i): i.status.value for i in instances}
    return Standing(
        {key: status for key, status in found.items() if status != "fulfilled"},
        Counter(found.values()),
    )


def key_of(instance: Instance) -> tuple[str, str]:
    [(_, value)] = instance.keys
    return instance.clause, str(value)


def world_of(rows: Iterable[Breach], asked: datetime) -> World:
    contract = load(CLAUSES).contract
    assert contract is not None
    recorded = [event_of(number, each) for number, each in enumerate(events(rows, asked), 1)]
    return build(Lookup(contract), recorded, micros(asked), draft=True)


def event_of(number: int, plain: dict[str, object]) -> Event:
    facts = plain["facts"]
    assert isinstance(facts, dict)
    return Event(
        f"e{number}", str(plain["type"]), instant(str(plain["time"])), str(plain.get("by", "")),
        str(plain.get("to", "")), facts=facts, signers=EVERYBODY, index=number,
    )  # fmt: skip


def micros(at: datetime) -> Instant:
    return instant(at.strftime("%Y-%m-%dT%H:%M:%SZ")) + at.microsecond

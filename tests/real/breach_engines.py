"""How each engine tells the statuses of the duties of `breach_notice.clause` at an instant."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from smartclause.engines.monitor.told import DutyTold
from smartclause.engines.sql.duck import duties
from smartclause.evidence.forms import instant
from smartclause.language.load import load
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.instances import Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer
from smartclause.logic.world import Position, World, build
from smartclause.verbs.monitor import Settings, Stands, Tally, monitor
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
    """The last that the monitor tells of each duty, when another breach brings the time to the instant."""
    clock = Breach("clock", asked, None)
    _, listener = _told(folder, events([*rows, clock], asked), Settings(draft=True))
    last = {key_of(each.instance): each.status for each in listener.told if isinstance(each, DutyTold)}
    return standing_of({key: status for key, status in last.items() if key[1] != clock.number})


def asked_at(rows: Iterable[Breach], asked: datetime, folder: Path) -> Standing:
    """All lines, and `--at`: what is settled is only counted."""
    tally, listener = _told(folder, events(rows), Settings(draft=True, at=micros(asked)))
    told = [each.instance for each in listener.told if isinstance(each, Stands)]
    unsettled = {key_of(i): i.status.value for i in told if i.status.value != "fulfilled"}
    return Standing(unsettled, Counter({status: count for status, count in tally.duties.items() if count}))


def _told(folder: Path, lines: list[dict[str, object]], settings: Settings) -> tuple[Tally, Listener]:
    source, listener = folder / "breaches.jsonl", Listener()
    source.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    return monitor(CLAUSES, source, listener, settings=settings), listener


def queried(rows: Iterable[Breach], asked: datetime, _folder: Path) -> Standing:
    """As SQL, on DuckDB."""
    with duckdb.connect() as connection:
        return standing(duties(world_of(rows, asked), connection, micros(asked)))


ENGINES: dict[str, Callable[[Iterable[Breach], datetime, Path], Standing]] = {
    "reference": reference,
    "monitor": followed,
    "monitor --at": asked_at,
    "audit": queried,
}


def standing(instances: Iterable[Instance]) -> Standing:
    return standing_of({key_of(i): i.status.value for i in instances})


def standing_of(found: dict[tuple[str, str], str]) -> Standing:
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

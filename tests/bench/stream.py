"""A million events from JSON lines under four properties: the loop written by hand, batch engines, the monitor.

Before anything is timed the loop and the reference give the same counts on a small stream; afterwards every way has
to have counted the same.
"""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import judge_act
from smartclause.logic.world import Position, build
from smartclause.verbs.lines import each_line
from smartclause.verbs.monitor_lines import LineReader
from tests.bench import stream_batch, stream_events, stream_ledger, uses
from tests.bench.stream_run import LAG, Counts, Ran, by_hand, counted, monitored
from tests.bench.timing import Skipped, Timed

LIMIT = 2.5
ROUNDS = 3
BY_HAND = "a loop written by hand"
SLOW = 1.0  # seconds for sixty events and the contract: a million would take hours


def measure() -> Iterator[Timed | Skipped]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        is_fast = _is_fast(stream_events.write(folder / "tiny.jsonl", stream_events.TINY))
        for number, scale in enumerate(stream_events.SMALL):
            small = stream_events.write(folder / f"small-{number}.jsonl", scale)
            expected = of_reference(small)
            same("the loop written by hand", by_hand(small), expected)
            if is_fast:
                same("the monitor", monitored(small), expected)
        yield from _full(stream_events.write(folder / "stream.jsonl"), is_fast)


def _is_fast(path: Path) -> bool:
    """Whether a million events are no matter of hours; reading the contract is not counted."""
    monitored(path)
    start = perf_counter()
    monitored(path)
    return perf_counter() - start < SLOW


def _full(path: Path, is_fast: bool) -> Iterator[Timed | Skipped]:
    ways = ("hand", "monitor") if is_fast else ("hand",)
    runs = {way: [_alone(way, path) for _ in range(ROUNDS)] for way in ways}
    hand = min(runs["hand"], key=lambda r: r.seconds)
    yield _row(BY_HAND, hand, "")
    if is_fast:
        ours = min(runs["monitor"], key=lambda r: r.seconds)
        same("the monitor", ours.counts, hand.counts)
        yield _row("monitor", ours, BY_HAND, LIMIT)
    else:
        yield Skipped("monitor", "a million events would take it hours")
    yield from _of_the_book(path.parent)
    for library, follow in (("duckdb", stream_batch.duckdb), ("polars", stream_batch.polars)):
        if find_spec(library) is None:
            yield Skipped(f"{library}, in one batch", f"{library} is not installed")
            continue
        start = perf_counter()
        found = follow(path)
        seconds = perf_counter() - start
        same(library, found, hand.counts)
        yield Timed(f"{library}, in one batch", seconds, stream_events.FULL.events, "event", BY_HAND)


def _of_the_book(folder: Path) -> Iterator[Timed | Skipped]:
    """The core for every contract, on a tenth of the events; and told at once, one line in twenty late."""
    part = stream_events.PART
    path = stream_events.write(folder / "part.jsonl", part)
    hand = _alone("hand", path)
    booked = _alone("booked", path)
    same("the book", booked.counts, hand.counts)
    yield _row("monitor, by past and book", booked, "", events=part.events)
    early = _alone("early", stream_events.write_late(folder / "late.jsonl", part, LAG, 0.05))
    same("told at once", early.counts, hand.counts)
    yield _row("monitor, told at once inside a lag of 30 minutes", early, "", events=part.events)
    yield from stream_ledger.measure(folder)


def _row(name: str, ran: Ran, against: str, limit: float = 0, events: int = stream_events.FULL.events) -> Timed:
    note = f"{ran.peak:.0f} MiB at most, {ran.half:.0f} halfway; {told(ran.counts)}"
    return Timed(name, ran.seconds, events, "event", against, limit, note)


def told(counts: Counts) -> str:
    return f"{counts.refused:,} acts refused, {counts.violated:,} duties violated, {counts.open:,} open"


def _alone(way: str, path: Path) -> Ran:
    command = [sys.executable, "-m", "tests.bench.stream_run", way, str(path)]
    found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return Ran(found["seconds"], found["half"], found["peak"], Counts(**found["counts"]))


def of_reference(path: Path) -> Counts:
    lookup = Lookup(uses.contract("stream"))
    reader = LineReader(lookup)
    events = [reader.read(line.needed(), line.number) for line in each_line(path)]
    now = max(event.time for event in events)
    world = build(lookup, events, now, draft=True)
    acts = Counter(judge_act(world, r).decision.value for r in world.records if lookup.is_act(r.event.type))
    duties = Counter(i.status.value for i in Duties(world, Position(now, LAST_INDEX), now).all())
    return counted(acts, duties)


def same(name: str, found: Counts, expected: Counts) -> None:
    if found != expected:
        raise SystemExit(f"{name} counts otherwise: {found}, expected {expected}")

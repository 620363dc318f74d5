"""A ledger that grows, followed entry by entry: what each new entry costs once many are there."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import process_time

from smartclause.verbs.monitor_booked import Booked
from smartclause.verbs.monitor_entries import EntryReader
from smartclause.verbs.monitor_reference import Reference, Under
from tests.bench.timing import Skipped, Timed
from tests.verbs.samples import HOUR, Setting, use

ENTRIES = 3_000
FEW = 300  # the reference judges all of them anew with each entry
LAST = 20  # entries that it is asked for


def measure(folder: Path) -> Iterator[Timed | Skipped]:
    setting = recorded(folder, ENTRIES)
    entries = EntryReader(setting.ledger, setting.store).read(setting.clock.now)
    under = Under(setting.bundle, setting.store)
    quick, half = Booked(under), len(entries.each) // 2
    quick.step(entries, half, entries.last(half))
    start = process_time()
    for count in range(half + 1, len(entries.each) + 1):
        quick.step(entries, count, entries.last(count))
    events = len(entries.each) - half
    yield Timed("monitor, a ledger entry by entry", process_time() - start, events, "entry", note=f"{half:,} before")
    sure = Reference(under)
    sure.step(entries, FEW - LAST, entries.last(FEW - LAST))
    start = process_time()
    for count in range(FEW - LAST + 1, FEW + 1):
        sure.step(entries, count, entries.last(count))
    seconds = process_time() - start
    yield Timed("the same by the reference", seconds, LAST, "entry", note=f"{FEW:,} before, each judged anew")


def recorded(folder: Path, entries: int) -> Setting:
    """Uses, incidents with their notices, and a mark of each party now and then."""
    setting, chance = Setting(folder), Random(5)
    setting.sign("A", "B", "C")
    sealed: list[bytes] = []
    for number in range(entries):
        setting.clock.now += HOUR // 60
        facts = {"subject": f"s{chance.randrange(500)}", "samples": 1}
        match number % 20:
            case 0 | 1 | 2:
                sealed.append(setting.envelope("ABC"[number % 20], type="heartbeat"))
            case 3:
                sealed.append(setting.envelope("A", type="voice_data.incident", facts={"case_number": f"c{number}"}))
            case 5:
                answer = {"by": "B", "to": "A", "facts": {"case_number": f"c{number - 2}"}}
                sealed.append(setting.envelope("B", type="voice_data.notify", **answer))
            case _:
                sealed.append(setting.envelope("B", "C", **use(facts=facts)))
        if len(sealed) == 100:
            setting.record(*sealed)
            sealed = []
    setting.record(*sealed)
    return setting

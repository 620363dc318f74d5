"""One way of following a stream, alone in a process, so that its memory is its own: `… stream_run hand FILE`."""

import json
import resource
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Event, Thread
from time import process_time, sleep

LAG = 1_800  # seconds
EVERY = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True)
class Counts:
    """Acts refused and undecided, duties by status; what is fulfilled is not counted by hand."""

    refused: int
    undecided: int
    violated: int
    awaiting: int
    open: int


@dataclass(frozen=True)
class Ran:
    """`seconds` of the processor: what else runs here counts less. `half` and `peak`: memory in MiB halfway through
    and at most."""

    seconds: float
    half: float
    peak: float
    counts: Counts


def by_hand(path: Path) -> Counts:
    from tests.bench.stream_by_hand import follow

    with path.open("rb") as file:
        found = follow(file)
    violated, awaiting, still_open = (d + n for d, n in zip(found.deletions, found.notices, strict=True))
    return Counts(found.without_consent + found.accesses_refused, 0, violated, awaiting, still_open)


def monitored(path: Path) -> Counts:
    from smartclause.verbs.monitor import Settings, monitor
    from tests.bench.listening import Listener
    from tests.bench.uses import FOLDER

    settings = Settings(draft=True, tells_all=False)  # as the command does unless it is asked for all
    tally = monitor(FOLDER / "stream.clause", path, Listener(keeps=False), settings=settings)
    return counted(tally.acts, tally.duties)


def booked(path: Path) -> Counts:
    """By the core that keeps past and book, which follows every contract."""
    from smartclause.engines.monitor.booked import BookedCore
    from smartclause.engines.monitor.placing import Placing
    from smartclause.engines.monitor.shell import Monitor
    from smartclause.verbs.inputs import open_contract
    from smartclause.verbs.matter import matter_of
    from smartclause.verbs.monitor import Settings
    from smartclause.verbs.monitor_following import Following
    from tests.bench.listening import Listener
    from tests.bench.uses import FOLDER

    matter = matter_of(open_contract(FOLDER / "stream.clause"), None, draft=True)
    following = Following(matter, Settings(draft=True, tells_all=False), Listener(keeps=False), path)
    following.core = BookedCore(matter.main.reader.lookup, {}, draft=True)
    following.monitor = Monitor(following.core, Placing())
    with path.open("rb") as file:
        following.follow(file)
    tally = following.end()
    return counted(tally.acts, tally.duties)


def early(path: Path) -> Counts:
    """Told at once inside half an hour of lag, and corrected."""
    from smartclause.verbs.monitor import Settings, monitor
    from tests.bench.listening import Listener
    from tests.bench.uses import FOLDER

    settings = Settings(draft=True, tells_all=False, lag=LAG * 1_000_000)
    tally = monitor(FOLDER / "stream.clause", path, Listener(keeps=False), settings=settings)
    return counted(tally.acts, tally.duties)


def counted(acts: Counter[str], duties: Counter[str]) -> Counts:
    return Counts(
        acts["refused"], acts["undecided"], duties["violated"], duties["awaiting records"], duties["open"]
    )  # fmt: skip


WAYS = {"hand": by_hand, "monitor": monitored, "booked": booked, "early": early}


def run(way: str, path: Path) -> Ran:
    used: list[float] = []
    done = Event()
    watching = Thread(target=_watch, args=(used, done), daemon=True)
    watching.start()
    start = process_time()
    counts = WAYS[way](path)
    seconds = process_time() - start
    done.set()
    peak = most_memory()
    return Ran(seconds, used[len(used) // 2] if used else peak, peak, counts)


def most_memory() -> float:
    """Of this program alone: what the process took before it began is not counted."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _watch(used: list[float], done: Event) -> None:
    page = resource.getpagesize() / 2**20
    while not done.is_set():
        used.append(int(Path("/proc/self/statm").read_text("ascii").split()[1]) * page)
        sleep(EVERY)


if __name__ == "__main__":
    print(json.dumps(asdict(run(sys.argv[1], Path(sys.argv[2])))))

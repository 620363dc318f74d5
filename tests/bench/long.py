"""A hundred million uses from Parquet under eleven conditions and one count over 24 hours: on two threads, within 2 GB
of memory, in a process of its own. What does not fit is spilled beside the rows."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from smartclause.language.load import load
from smartclause.logic.contract import Contract
from tests.bench import table, table_by_hand, table_ours, table_rows, uses
from tests.bench.stream_run import most_memory
from tests.bench.timing import Skipped, Timed

ROWS = 100_000_000
MEMORY = "2GB"
ENGINE_MEMORY = "1400MB"  # of it for DuckDB: the rest is the program, and what an engine takes besides its buffers
NEEDED = 40 * 2**30  # bytes on the disk
FIELD = '  accessor zh "访问人员" en "person reading" is identifier;\n'
CLAUSE = """clause 8 accesses zh "访问次数" en "count of accesses"
  B may use only if number of use with the same accessor within 24 hours is at most 100 times.
"""


@dataclass(frozen=True)
class Ran:
    """`peak`: MiB that the whole process took at most."""

    seconds: float
    peak: float
    counts: dict[str, int]


def measure() -> Iterator[Timed | Skipped]:
    rows = int(os.environ.get("BENCH_ROWS", ROWS))
    folder = os.environ.get("BENCH_FOLDER")
    with TemporaryDirectory(dir=folder) as name:
        if disk_usage(name).free < NEEDED * rows // ROWS:
            yield Skipped("a hundred million uses", "the disk has too little room; BENCH_FOLDER names another place")
            return
        uses_folder = table_rows.write_uses(table.connected(), Path(name) / "uses", rows)
        first = next(iter(sorted(uses_folder.iterdir())))
        expected, found = by_hand(first, Path(name)), Counter(_alone(first, Path(name)).counts)
        table.same("the policy with a count", found, expected)
        ran = _alone(uses_folder, Path(name))
        told = ", ".join(f"{count:,} {verdict}" for verdict, count in sorted(ran.counts.items()))
        note = f"{ran.peak:,.0f} MiB at most, {table.THREADS} threads; {told}"
        yield Timed(f"{rows:,} uses, eleven conditions and a 24-hour count, audit", ran.seconds, 1, "table", note=note)


def contract() -> Contract:
    text = (uses.FOLDER / "use.clause").read_text("utf-8")
    text = text.replace('  purpose zh "用途" en', f'{FIELD}  purpose zh "用途" en', 1)
    loaded = load(text + CLAUSE, name="counted")
    if loaded.contract is None:
        raise SystemExit(f"the policy with a count has errors: {[d.message for d in loaded.diagnostics]}")
    return loaded.contract


def by_hand(path: Path, spill: Path) -> Counter[str]:
    connection = limited(spill)
    rows = connection.execute(table_by_hand.COUNTED.format(path=path)).fetchall()
    return Counter(dict(rows))


def limited(spill: Path) -> Any:
    connection = table.connected()
    connection.execute(f"SET memory_limit = '{ENGINE_MEMORY}'")
    connection.execute(f"SET temp_directory = '{spill / 'spilled'}'")
    connection.execute("SET preserve_insertion_order = false")
    return connection


def _alone(path: Path, spill: Path) -> Ran:
    command = [sys.executable, "-m", "tests.bench.long", str(path), str(spill)]
    return Ran(**json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))


def run(path: Path, spill: Path) -> Ran:
    asked = contract()
    start = perf_counter()
    counts = table_ours.verdicts(asked, path, limited(spill))
    return Ran(perf_counter() - start, most_memory(), dict(counts))


if __name__ == "__main__":
    print(json.dumps(asdict(run(Path(sys.argv[1]), Path(sys.argv[2])))))

"""Faults planted in each engine, to see that the suite finds them: `python -m tests.agreement.faults [ENGINE] [...]`.

    python -m tests.agreement.faults                the faults listed in `planted.toml`, all engines
    python -m tests.agreement.faults book           those of one engine
    python -m tests.agreement.faults book --drawn 40 --seed 1     as many changes drawn from its source instead

A fault is a change of a module's source in the memory of a process of its own; no file is touched.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.util
import os
import random
import sys
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.machinery import ModuleSpec
from itertools import chain, islice
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.agreement.mutants import mutant_at, places_of

ROOT = Path(__file__).parents[2]
PLANTED = Path(__file__).with_name("planted.toml")
_OF_LEDGERS = (
    "acts", "begun", "clouds", "conditions", "covering", "dated", "duties", "duty_rows", "from_world", "gated", "gates",
    "history*", "joining", "ledgers", "needs", "questions", "reader*", "readings", "reasons", "running", "statement",
)  # fmt: skip
_OF_TABLES = (
    "counting", "each_use", "grouping", "plain_rows*", "printed", "profile", "sources", "table", "table_book",
    "table_clock", "table_duties", "table_next", "table_reasons", "table_records",
)  # fmt: skip
MODULES: dict[str, tuple[str, ...]] = {
    "lowering": ("smartclause/rails/lowering.py",),
    "past": (
        "smartclause/rails/past/*.py", "smartclause/rails/rows.py", "smartclause/rails/dated.py",
        "smartclause/rails/own_facts.py", "smartclause/rails/source/figures.py", "smartclause/rails/source/covering.py",
    ),
    "book": ("smartclause/rails/book/*.py", "smartclause/rails/stretches.py"),
    "decide": ("smartclause/rails/source/*.py", "smartclause/engines/decide/*.py"),
    "duckdb": tuple(f"smartclause/engines/sql/{name}.py" for name in _OF_LEDGERS),
    "table": tuple(f"smartclause/engines/sql/{name}.py" for name in _OF_TABLES),
    "monitor": ("smartclause/engines/monitor/*.py",),
}  # fmt: skip
TABLES = 33
TOGETHER = (12, 20)  # contracts, ledgers of each in one statement
USUAL = (50, 4)  # contracts, histories of each
CAUGHT, ESCAPED = 0, 10


@dataclass(frozen=True)
class Fault:
    """In a module (a path from the root) `old` becomes `new`; or the whole `source` is another."""

    engine: str
    module: str
    old: str
    new: str
    line: int = 0
    source: str = ""

    def changed(self) -> str | None:
        """None where the source has changed since, so that the fault can no longer be planted."""
        if self.source:
            return self.source
        text = (ROOT / self.module).read_text("utf-8")
        return text.replace(self.old, self.new, 1) if self.old in text else None


def listed(engines: Sequence[str]) -> list[Fault]:
    found = tomllib.loads(PLANTED.read_text("utf-8"))["fault"]
    return [Fault(**each) for each in found if each["engine"] in engines]


def drawn(engine: str, count: int, seed: int) -> list[Fault]:
    paths = sorted({p for pattern in MODULES[engine] for p in ROOT.glob(pattern)})
    every = [(path, place) for path in paths for place in places_of(path.read_text("utf-8"))]
    random.Random(seed).shuffle(every)
    made = ((path, mutant_at(path.read_text("utf-8"), place)) for path, place in every)
    found = (Fault(engine, str(p.relative_to(ROOT)), m.old, m.new, m.line, m.source) for p, m in made if m is not None)
    return list(islice(found, count))


class _Planting(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module another source."""

    def __init__(self, module: str, source: str) -> None:
        self.name = module.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        self.path = ROOT / module
        self.source = source

    def find_spec(self, fullname: str, _path: Any, _target: Any = None) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, self, origin=str(self.path))

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)


def is_caught(fault: Fault, source: str, asked: Callable[[str], Iterator[object]] | None = None) -> bool:
    """Asked in a process of its own, which has not imported the engine yet. `asked` gives what is wrong with it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        status = CAUGHT
        try:
            for name in [n for n in sys.modules if n.partition(".")[0] in ("smartclause", "tests")]:
                del sys.modules[name]  # whoever forked may have imported the engine before
            sys.meta_path.insert(0, _Planting(fault.module, source))
            status = CAUGHT if next((asked or _apart)(fault.engine), None) else ESCAPED
        except BaseException:
            status = CAUGHT  # the engine does not even start
        finally:
            os._exit(status)
    os.close(writer)
    os.close(reader)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == CAUGHT


def _apart(name: str) -> Iterator[object]:
    from tests.agreement.boundaries import boundaries
    from tests.agreement.comparing import differences
    from tests.agreement.engines import EVERY, REFERENCE, Answers
    from tests.agreement.worlds import case_of, ledgers_of

    if name in _OTHERWISE:
        yield from _OTHERWISE[name]()
        return
    usual = ([case_of(seed, n) for n in range(USUAL[1])] for seed in range(USUAL[0]))
    together = (ledgers_of(seed, TOGETHER[1]) for seed in range(TOGETHER[0]))
    portions = chain((list(e.cases) for e in boundaries()), together) if name == "duckdb" else usual
    for cases in portions:
        wanted = [a for a in REFERENCE.batch(cases) if isinstance(a, Answers)]
        yield from differences(EVERY[name], cases, wanted, 10.0)
    if name == "decide":
        yield from _json_apart()


def _monitor_apart() -> Iterator[object]:
    from tests.agreement.monitored import in_lines, monitor_differences
    from tests.agreement.worlds import case_of

    for seed in range(USUAL[0] * 2):
        yield from monitor_differences(in_lines(case_of(seed, 0)), seed)


def _table_apart() -> Iterator[object]:
    from tests.agreement.comparing import first_of
    from tests.agreement.tabled import WAYS, in_rows, printed_differences, table_differences
    from tests.agreement.worlds import table_of

    for seed in range(TABLES):
        case = in_rows(table_of(seed), random.Random(seed))
        for found in (partial(table_differences, way=WAYS[seed % len(WAYS)]), printed_differences):
            difference = first_of(found, case, 20.0)
            if difference is not None:
                yield difference


def _json_apart() -> Iterator[object]:
    from tests.agreement.comparing import differences
    from tests.agreement.engines import REFERENCE, Answers
    from tests.agreement.in_json import HELD, JSON, PROGRAM, as_draft, in_json
    from tests.agreement.worlds import case_of

    for seed in range(USUAL[0]):
        cases = [in_json(case_of(seed, n)) for n in range(2)]
        for engine, asked in ((JSON, cases), (HELD, cases), (PROGRAM, [as_draft(c) for c in cases])):
            wanted = [a for a in REFERENCE.batch(asked) if isinstance(a, Answers)]
            yield from differences(engine, asked, wanted, 5.0)


_OTHERWISE = {"monitor": _monitor_apart, "table": _table_apart}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.agreement.faults")
    parser.add_argument("engine", nargs="*", choices=[*MODULES, []], default=[])
    parser.add_argument(
        "--drawn", type=int, default=0, help="draw so many changes of the source instead of those listed"
    )
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    engines = asked.engine or list(MODULES)
    faults = [f for e in engines for f in drawn(e, asked.drawn, asked.seed)] if asked.drawn else listed(engines)
    escaped = 0
    for fault in faults:
        source = fault.changed()
        found = "stale" if source is None else "caught" if is_caught(fault, source) else "ESCAPED"
        escaped += found != "caught"
        place = f"{fault.module.removeprefix('smartclause/')}{f':{fault.line}' if fault.line else ''}"
        print(f"{found:8} {fault.engine:9} {place}: {fault.old!r} -> {fault.new!r}", flush=True)
    print(f"{len(faults) - escaped} of {len(faults)} caught")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main())

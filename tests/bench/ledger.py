"""A signed ledger audited by each engine: what the text and the report cost, and what it costs to explain every act.

`SMARTCLAUSE_LEDGER=20000 python -m tests.bench ledger` measures a longer one.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from smartclause.engines.audit import AuditResult, Engine
from smartclause.engines.report import html
from smartclause.verbs.answers import as_json, audit_form
from smartclause.verbs.audit import audit
from smartclause.verbs.sources import read_ledger
from tests.bench import stream_ledger
from tests.bench.timing import Skipped, Timed
from tests.verbs.audits import without_engine
from tests.verbs.samples import Setting

ENTRIES = int(os.environ.get("SMARTCLAUSE_LEDGER", "3000"))
BY: tuple[Engine, ...] = ("reference", "duckdb")


def measure() -> Iterator[Timed | Skipped]:
    """The processor's own time; the answers are compared first, and every engine has been used once."""
    with TemporaryDirectory() as folder:
        setting = stream_ledger.recorded(Path(folder), ENTRIES)
        told = [as_json(audit_form(without_engine(_audited(setting, e)))) for e in BY]
        assert told[0] == told[1]
        read = partial(read_ledger, setting.ledger, setting.store, setting.clock.now)
        yield Timed("ledger read and verified", _seconds(read), ENTRIES, "entry")
        for name, work in (("audit with its report", _reported), ("every act explained as JSON", _explained)):
            for engine in BY:
                against = "" if engine == "reference" else f"{name}, reference"
                seconds = _seconds(partial(work, setting, engine))
                yield Timed(f"{name}, {engine}", seconds, ENTRIES, "entry", against)


def _audited(setting: Setting, engine: Engine) -> AuditResult:
    given = {"trust": setting.trust, "closed": True, "clock": setting.clock}
    return audit(setting.path, setting.ledger, **given, engine=engine)  # type: ignore[arg-type]


def _reported(setting: Setting, engine: Engine) -> str:
    return html(_audited(setting, engine), "en")


def _explained(setting: Setting, engine: Engine) -> object:
    return audit_form(_audited(setting, engine))


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start

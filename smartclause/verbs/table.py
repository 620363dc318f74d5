"""`audit` of a table: plain rows in Parquet or in lines of JSON, which nobody signed, judged where they lie.

What the contract leaves to a role counts on the word of the caller, who vouches for the rows; nothing of it is final.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from smartclause.engines.audit import Note
from smartclause.engines.sql.faults import TableFault
from smartclause.engines.sql.sources import Opened, is_parquet
from smartclause.engines.sql.table import TableAudit, TableFigures
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.trust import TrustSource
from smartclause.logic.contract import Duty, Repeated, Sentence, Standing
from smartclause.logic.record import EVERYONE, Event, Signer
from smartclause.logic.world import build
from smartclause.rails.refused import CannotDo
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import open_contract, open_trust
from smartclause.verbs.matter import matter_of
from smartclause.verbs.notes import unsigned_notes
from smartclause.verbs.table_lines import rows_of_lines

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class AuditedTable:
    """`inputs` name what was read, by digest."""

    bundle: Bundle
    source: str
    figures: TableFigures
    notes: tuple[Note, ...]
    inputs: tuple[tuple[str, str], ...]
    written: str = ""


def audit_table(
    contract: Path,
    source: Path,
    *,
    trust: TrustSource | None = None,
    draft: bool = False,
    attested: bool = False,
    out: Path | None = None,
    memory: str = "",
    reasons: bool = False,
    progress: Progress | None = None,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> AuditedTable:
    """`attested`: the caller vouches for the rows, for every fact and role. Raises EvidenceError, VerbError."""
    if not (attested or draft):
        raise VerbError("VB47", source.name)
    bundle = open_contract(contract, folders)
    member = matter_of(bundle, open_trust(trust), None, draft=draft).main
    signed = member.reader.holders.signed()
    with duckdb.connect() as connection, _as_verb_errors(source), _stopping(connection):
        connection.execute("SET enable_progress_bar = false")  # standard output is the caller's
        if memory:
            connection.execute("SET memory_limit = ?", [memory])
        opened = _opened(connection, bundle, source)
        ends = tuple(_terminations(opened))
        world = build(bundle.lookup, ends, clock(), signed=signed, draft=draft)
        audit = TableAudit(world, connection, True, None if progress is None else _told(progress))
        prepared = audit.prepared(opened)
        figures = audit.figures(prepared, reasons)
        if out is not None:
            audit.write(prepared, out)
    notes = [Note("draft")] if draft else unsigned_notes(member)
    notes += [Note("time not attested"), *([Note("attested by the caller", "rows")] if attested else [])]
    owing = [c.number for _, c in bundle.lookup.all_clauses() if any(map(_owes, c.sentences))]
    notes += [Note("duties not followed", ", ".join(owing))] if owing else []
    inputs = (("contract", bundle.document), ("table", opened.digest))
    return AuditedTable(bundle, source.name, figures, tuple(notes), inputs, "" if out is None else out.name)


def _owes(sentence: Sentence) -> bool:
    return isinstance(sentence, Duty | Repeated | Standing)


def _told(progress: Progress) -> Callable[[str, int, int], None]:
    return lambda _what, done, of: progress(done, of)


def _opened(connection: duckdb.DuckDBPyConnection, bundle: Bundle, source: Path) -> Opened:
    if is_parquet(source):
        return Opened.parquet(connection, source)
    return Opened.batches(connection, rows_of_lines(source, bundle.lookup))


def _terminations(opened: Opened) -> Iterator[Event]:
    signers = (Signer(EVERYONE, EVERYONE),)
    for row, at, by, contract in opened.terminations():
        facts = {} if contract is None else {"contract": contract}
        yield Event(f"row {row}", "termination", at, by or "", facts=facts, signers=signers, index=row)


@contextmanager
def _as_verb_errors(source: Path) -> Iterator[None]:
    """Raises VerbError VB54-VB57 for what is wrong with the table, or with what is asked of it."""
    try:
        yield
    except TableFault as fault:
        raise VerbError(_CODES[fault.kind], source.name, **fault.values) from None
    except CannotDo as refused:
        raise VerbError("VB57", refused.where, construct=refused.construct) from None
    except duckdb.Error as error:
        raise VerbError("VB54", source.name, reason=str(error).splitlines()[0]) from None


_CODES = {"unreadable": "VB54", "column missing": "VB55", "wrong type": "VB56"}


@contextmanager
def _stopping(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Ctrl-C ends the statement that runs; what was begun to be written is taken away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        connection.interrupt()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

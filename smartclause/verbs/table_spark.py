"""`audit` of a table on Spark: the same statements as on the embedded database, for rows that outgrow one machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import duckdb

from smartclause.engines.audit import Note
from smartclause.engines.sql.sources import is_parquet, parts_of
from smartclause.engines.sql.spark import Spark
from smartclause.engines.sql.spark_duties import SparkDutyRows
from smartclause.engines.sql.spark_rows import SparkRows, opened
from smartclause.engines.sql.spark_start import SparkFault, session_of
from smartclause.engines.sql.table import TableAudit
from smartclause.engines.sql.table_duties import TableDuties
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.trust import TrustSource
from smartclause.logic.counting import Instant
from smartclause.logic.world import build
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import open_contract, open_trust
from smartclause.verbs.matter import matter_of
from smartclause.verbs.notes import unsigned_notes
from smartclause.verbs.table import (
    AuditedTable,
    _as_verb_errors,
    _opened,
    _stopping,
    _terminations,
    _told,
    duties_beside,
)
from smartclause.verbs.table_progress import Progress


def audit_table_on_spark(
    contract: Path,
    source: Path,
    *,
    master: str = "",
    trust: TrustSource | None = None,
    draft: bool = False,
    attested: bool = False,
    out: Path | None = None,
    reasons: bool = False,
    at: Instant | None = None,
    progress: Progress | None = None,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> AuditedTable:
    """As `audit_table`. `master` empty: what Spark's own settings say, or else this machine.

    The files must be where every machine of the master finds them under the same path. Raises EvidenceError, VerbError.
    """
    if not (attested or draft):
        raise VerbError("VB47", source.name)
    bundle = open_contract(contract, folders)
    member = matter_of(bundle, open_trust(trust), None, draft=draft).main
    asked = clock() if at is None else at
    with duckdb.connect() as files, _as_verb_errors(source), spark_session(master) as session:
        rows = SparkRows(Spark(session), files)
        connection = cast(duckdb.DuckDBPyConnection, rows)  # as much of it as an audit asks
        with _stopping(connection):
            shown = opened(rows, _opened(files, bundle, source), _parts(source), at)
            signed = member.reader.holders.signed()
            world = build(bundle.lookup, tuple(_terminations(shown)), asked, signed=signed, draft=draft)
            told = None if progress is None else _told(progress)
            audit = TableAudit(world, connection, True, told)
            prepared = audit.prepared(shown)
            figures = audit.figures(prepared, reasons)
            kept = None if out is None else SparkDutyRows(connection, rows=rows).begin()
            duties = TableDuties(world, connection, prepared.profile, asked, True, kept).figures()
            if out is not None and kept is not None:
                audit.write(prepared, out)
                if duties.counts:
                    kept.write(duties_beside(out))
    notes = [Note("draft")] if draft else unsigned_notes(member)
    notes += [Note("time not attested"), *([Note("attested by the caller", "rows")] if attested else [])]
    inputs = (("contract", bundle.document), ("table", shown.digest))
    written = ("", "") if out is None else (out.name, duties_beside(out).name if duties.counts else "")
    return AuditedTable(bundle, source.name, figures, duties, asked, tuple(notes), inputs, *written)


def _parts(source: Path) -> list[Path]:
    return parts_of(source) if is_parquet(source) else []


@contextmanager
def spark_session(master: str) -> Iterator[Any]:
    """Raises VerbError VB59, VB60, VB61."""
    try:
        with session_of(master) as session:
            yield session
    except SparkFault as fault:
        code, reason = _CODES[fault.kind]
        raise VerbError(code, reason=reason.format(detail=fault.detail), master=fault.detail) from None


_CODES = {
    "no package": ("VB59", ""),
    "no java": ("VB60", "there is none"),
    "old java": ("VB60", "there is version {detail}"),
    "no master": ("VB61", "nothing answers there"),
    "unknown master": ("VB61", "no such master"),
    "failed": ("VB62", "{detail}"),
}

"""Tables to audit, as Parquet in the order of time: uses with eleven conditions' facts, and histories of subjects.

Every value is a function of the row's number, so that the same version of DuckDB always makes the same rows.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.bench.uses import VALUES

ROWS = 10_000_000
EACH = 10  # rows of a subject
DAYS = 60
START = "TIMESTAMP '2026-01-01'"
PART = 10_000_000  # rows of one file
MISSING = 50  # of each fact one in so many is missing


def write_uses(connection: Any, folder: Path, rows: int = ROWS) -> Path:
    """Uses of `policies/use.clause`, some facts missing, in files of at most PART rows."""
    folder.mkdir(parents=True, exist_ok=True)
    facts = ",\n".join(f"{_fact(name, number)} AS {name}" for number, name in enumerate(VALUES, 1))
    for first in range(0, rows, PART):
        last = min(first + PART, rows)
        _copy(connection, folder / f"uses-{first // PART:03}.parquet", f"""
            SELECT 'use_policy.use' AS type, {_time("i", rows)} AS time, 'B' AS "by", NULL::VARCHAR AS "to",
              'd' AS asset, 'r' || {_random("i", 99, 20_000)} AS accessor, {facts}
            FROM range({first}, {last}) AS numbers(i)""")  # fmt: skip
    return folder


def batches(path: Path, rows: int) -> Iterator[Any]:
    """Tables of Arrow, texts as dictionaries, one after another."""
    arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    for batch in parquet.ParquetFile(path).iter_batches(rows):
        columns = [c.dictionary_encode() if arrow.types.is_string(c.type) else c for c in batch.columns]
        yield arrow.table(columns, names=batch.schema.names)


def write_history(connection: Any, path: Path, rows: int = ROWS) -> Path:
    """Events of `policies/stream.clause`: requests and breaches with their answers, the rest between them."""
    asked, broken = rows // 25, rows // 100
    subject, others = f"'s' || {_random('i', 3, rows // EACH)}", rows - 2 * asked - 2 * broken
    plain = f"""
      SELECT CASE WHEN k < 46 THEN 'use' WHEN k < 82 THEN 'read' ELSE 'consent' END AS kind,
        {_random("i", 2, DAYS * 86_400)} AS seconds,
        CASE WHEN k BETWEEN 46 AND 81 THEN NULL ELSE {subject} END AS subject,
        CASE WHEN k BETWEEN 46 AND 81 THEN {_reader(rows)} END AS accessor,
        NULL AS incident, CASE WHEN k >= 82 THEN CASE WHEN {_random("i", 5, 7)} = 0 THEN 'withdrawn' ELSE 'given' END
        END AS state, i
      FROM (SELECT i, {_random("i", 1, 100)} AS k FROM range({others}) AS numbers(i))"""
    everything = f"""{plain}
      UNION ALL {_asked("deletion_request", "delete", asked, 18 * 86_400, "subject", rows)}
      UNION ALL {_asked("breach", "notify", broken, 80 * 3_600, "incident", 2 * rows)}"""
    _copy(connection, path, f"""
      SELECT 'stream_policy.' || kind AS type, {START} + to_seconds(seconds) AS time,
        CASE WHEN kind IN ('use', 'read', 'delete', 'notify') THEN 'B' END AS "by",
        CASE WHEN kind = 'notify' THEN 'A' END AS "to",
        CASE WHEN kind IN ('use', 'read') THEN 'd' END AS asset,
        subject, accessor, incident, 'stream_policy.' || state AS consent_state
      FROM ({everything}) WHERE seconds < {DAYS * 86_400} ORDER BY seconds, i""")  # fmt: skip
    return path


def _asked(kind: str, answer: str, count: int, within: int, key: str, seed: int) -> str:
    """Triggers, and for nine in ten an answer, some of them late."""
    named = f"'{key[0]}' || {_random('i', seed + 3, count * 25 // EACH)}" if key == "subject" else "'b' || i"
    columns = f"{named if key == 'subject' else 'NULL'}, NULL, {named if key == 'incident' else 'NULL'}, NULL, i"
    at = _random("i", seed + 4, DAYS * 86_400)
    return f"""
      SELECT '{kind}', {at}, {columns} FROM range({count}) AS numbers(i)
      UNION ALL SELECT '{answer}', {at} + 1 + {_random("i", seed + 5, within)}, {columns}
      FROM range({count}) AS numbers(i) WHERE {_random("i", seed + 6, 10)} < 9"""


def _reader(rows: int) -> str:
    """Eight persons in a million rows who read much, two thousand who read little."""
    busy, all_of_them = max(8 * rows // 1_000_000, 1), max(2_000 * rows // 1_000_000, 1)
    chosen = f"CASE WHEN {_random('i', 7, 100)} < 15 THEN {busy} ELSE {all_of_them} END"
    return f"'r' || (hash(i, 8) % {chosen})"


def _fact(name: str, number: int) -> str:
    values = VALUES[name]
    chosen = ", ".join(f"'{v}'" if isinstance(v, str) else str(v).lower() for v in values)
    pick = f"([{chosen}])[{_random('i', 20 + number, len(values))} + 1]"
    return f"CASE WHEN {_random('i', 40 + number, MISSING)} > 0 THEN {pick} END"


def _time(number: str, rows: int) -> str:
    """Spread over the days in whole seconds: many rows share an instant."""
    return f"{START} + to_seconds({number} * {DAYS * 86_400} // {rows})"


def _random(number: str, seed: int, below: int) -> str:
    return f"(hash({number}, {seed}) % {below})::BIGINT"


def _copy(connection: Any, path: Path, select: str) -> None:
    connection.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 122880)")

"""Segments for tests: events of one issuer in a chain, their file, and a ledger to record them in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from smartclause.evidence.event import EventBody, event_id
from smartclause.evidence.forms import Money, Period, canonical, timestamp
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.ledger import create_ledger, open_ledger
from smartclause.evidence.segment import SegmentStatement
from smartclause.evidence.segment_making import make_segment
from smartclause.evidence.segment_recording import Sealed, SegmentReceipt, read_sealed, record_segment
from smartclause.evidence.segment_store import segments_folder
from smartclause.logic.canonical import digest_of_bytes

from .samples import KEY, OTHER, event, trust_of

TRUST = trust_of(KEY, OTHER)
LEDGER_KEY = make_key()
START = 1_770_000_000_000_000
FACTS: dict[str, Any] = {
    "purpose": "voice.training",
    "released": True,
    "count": 7,
    "languages": ("English", "中文"),
    "fee": Money(amount="12.5", currency="CNY"),
    "period": Period(count=3, unit="day"),
}


def chain(
    facts: Iterable[dict[str, Any]],
    *,
    issuer: SigningKey = KEY,
    first: int = 0,
    prev: str | None = None,
    **members: Any,
) -> Iterator[EventBody]:
    """Events that follow each other, a second apart."""
    for seq, stated in enumerate(facts, first):
        here = {"time": timestamp(START + seq * 1_000_000), "facts": stated} | members
        body = event(issuer, seq=seq, prev=prev, id=event_id(), **here)
        prev = digest_of_bytes(canonical(body))
        yield body


def plain(count: int, **members: Any) -> list[EventBody]:
    return list(chain([FACTS | {"count": n} for n in range(count)], **members))


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    sealed: Sealed

    @property
    def statement(self) -> SegmentStatement:
        return self.sealed.statement


def made(path: Path, events: Iterable[EventBody], key: SigningKey = KEY) -> Made:
    return Made(path, read_sealed(make_segment(path, paired(events), key), TRUST))


def paired(events: Iterable[EventBody]) -> Iterator[tuple[bytes, EventBody]]:
    return ((canonical(event), event) for event in events)


def small(folder: Path, count: int = 5, name: str = "a.parquet", **members: Any) -> Made:
    return made(folder / name, plain(count, **members))


def new_ledger(folder: Path, name: str = "a.ledger") -> tuple[Path, str]:
    path = folder / name
    return path, create_ledger(path, LEDGER_KEY.public)


def recorded(ledger: Path, segment: Made) -> SegmentReceipt:
    with open_ledger(ledger, writing=True) as opened:
        return record_segment(opened, segments_folder(ledger), segment.path, segment.sealed, TRUST, LEDGER_KEY)


def rows_of(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return rows


def rewritten(path: Path, rows: Sequence[dict[str, Any]] | pa.Table, **options: Any) -> Path:
    """The file with other rows, written as segments are (unless `options` say otherwise)."""
    old = pq.ParquetFile(path)
    schema = old.schema_arrow
    given: dict[str, Any] = {
        "compression": "zstd",
        "use_dictionary": [n for n in schema.names if n in ("type", "by", "to", "asset") or n.endswith("_text")],
        "write_statistics": False,
        "store_schema": False,
    }
    group = options.pop("row_group_size", 1 << 14)
    wanted = options.pop("schema", schema)
    table = rows.cast(wanted) if isinstance(rows, pa.Table) else pa.Table.from_pylist(list(rows), schema=wanted)
    pq.write_table(table, path, row_group_size=group, **(given | options))
    return path


def changed(path: Path, at: int, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Path:
    rows = rows_of(path)
    rows[at] = change(rows[at])
    return rewritten(path, rows)

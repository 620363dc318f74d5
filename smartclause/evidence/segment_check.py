"""The events of a segment's file against its signed statement: every byte, every column, every place.

What does not fit is named with its row. Only parts that were compared are handed on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import instant, read_form, timestamp
from smartclause.evidence.merkle import leaf_hash
from smartclause.evidence.segment import PART, SegmentStatement, digest_text, joined_root
from smartclause.evidence.segment_bytes import Common, usual_rows
from smartclause.evidence.segment_columns import differing
from smartclause.evidence.segment_file import MAX_BODY, SegmentFile, in_file, open_segment, opened_file, part, unpacking


@dataclass(frozen=True, slots=True)
class Part:
    """Rows from `start` on, all compared. `digests` are those of the bodies, `leaves` their leaf hashes."""

    number: int
    start: int
    rows: pa.RecordBatch
    bodies: tuple[bytes, ...]
    digests: tuple[str, ...]
    leaves: tuple[bytes, ...]
    root: bytes


@dataclass(frozen=True, slots=True)
class Sequel:
    """Where the events of a segment must stand: the first number, and the digest before it."""

    common: Common
    first: int
    prev: str | None


def sequel_of(statement: SegmentStatement) -> Sequel:
    common = Common(statement.issuer, statement.ledger, statement.contract)
    return Sequel(common, statement.first, statement.prev)


def fitting_parts(file: SegmentFile, sequel: Sequel) -> Iterator[Part]:
    """All parts, each of whose rows is an event in its place that says what its columns say.

    Raises EvidenceError EV32, EV33 with the row.
    """
    prev = sequel.prev
    for number in range(file.parts):
        rows, start = part(file, number), number * PART
        with in_file(file.name), unpacking():
            bodies = _bodies(rows, start)
            digests = tuple(f"sha256:{sha256(body).hexdigest()}" for body in bodies)
            prevs = (prev, *digests[:-1])
            _check_rows(file, rows, start, sequel, prevs)
        leaves = tuple(map(leaf_hash, bodies))
        prev = digests[-1]
        yield Part(number, start, rows, bodies, digests, leaves, joined_root(leaves))


def _bodies(rows: pa.RecordBatch, start: int) -> tuple[bytes, ...]:
    longest = pc.max(pc.binary_length(rows.column("body"))).as_py()
    if longest > MAX_BODY:
        at = pc.index(pc.binary_length(rows.column("body")), longest).as_py()
        raise EvidenceError("EV33", _row(start + at), reason=f"the event has more than {MAX_BODY} bytes")
    return tuple(rows.column("body").to_pylist())


def _check_rows(
    file: SegmentFile, rows: pa.RecordBatch, start: int, sequel: Sequel, prevs: Sequence[str | None]
) -> None:
    numbers = pa.array(range(sequel.first + start, sequel.first + start + len(rows)), pa.int64())
    sure = pc.and_(usual_rows(rows, file.facts, sequel.common, prevs), pc.equal(rows.column("seq"), numbers))
    others = pc.indices_nonzero(pc.invert(sure))
    if len(others) == 0:
        return
    for at, row in zip(others.to_pylist(), rows.take(others).to_pylist(), strict=True):
        fault = _fault(rows.schema, row, sequel, sequel.first + start + at, prevs[at])
        if fault:
            raise EvidenceError("EV33", _row(start + at), reason=fault)


def _fault(schema: pa.Schema, row: dict[str, Any], sequel: Sequel, seq: int, prev: str | None) -> str:
    """Why a row cannot stand where it does; empty if it can."""
    try:
        event = read_form(EventBody, row["body"])
    except EvidenceError as error:
        return error.text()
    common = sequel.common
    if (event.issuer, event.ledger, event.contract) != (common.issuer, common.ledger, common.contract):
        return "the event is of another issuer, ledger or contract"
    if event.seq != seq:
        return f"number {event.seq} stands where number {seq} belongs"
    if event.prev != prev:
        return "it does not name the event of the row before it"
    other = differing(schema, row, event)
    return "" if other is None else f"the column `{other.column}` does not say what the event says"


def _row(number: int) -> str:
    return f"row {number}"


# ---- what a file holds


class Survey:
    """What parts hold taken together; told of each part in its order."""

    def __init__(self) -> None:
        self.roots: list[bytes] = []
        self.count = 0
        self.last = ""
        self._times: list[int] = []
        self._ids: list[pa.Array] = []

    def add(self, each: Part) -> None:
        self.roots.append(each.root)
        self.count += len(each.bodies)
        self.last = each.digests[-1]
        times = pc.min_max(each.rows.column("time")).as_py()
        self._times += (times["min"], times["max"])
        self._ids.append(each.rows.column("id"))

    def refuse_twice(self, name: str) -> None:
        """Raises EvidenceError EV33 if an id stands in two rows."""
        ids = pa.chunked_array(self._ids)
        if pc.count_distinct(ids).as_py() == len(ids):
            return
        seen: set[str] = set()
        for row, number in enumerate(ids.to_pylist()):
            if number in seen:
                raise EvidenceError("EV33", f"{name}: {_row(row)}", reason=f"the event number {number} stands twice")
            seen.add(number)

    def stated(self) -> dict[str, Any]:
        """The members of the statement that the rows alone decide."""
        ids = pc.min_max(pa.chunked_array(self._ids)).as_py()
        return {
            "count": self.count,
            "last": self.last,
            "since": timestamp(min(self._times)),
            "until": timestamp(max(self._times)),
            "low": ids["min"],
            "high": ids["max"],
            "root": digest_text(joined_root(self.roots)),
            "parts": tuple(map(digest_text, self.roots)),
        }


def survey(path: Path, sequel: Sequel, name: str = "") -> dict[str, Any]:
    """What there is to sign about a file, which messages call `name`. Raises EvidenceError EV19, EV32, EV33."""
    found = Survey()
    with open_segment(path, name) as file:
        for each in fitting_parts(file, sequel):
            found.add(each)
        found.refuse_twice(file.name)
    digest, size = file_digest(path)
    return found.stated() | {"file": digest, "size": size}


def file_digest(path: Path) -> tuple[str, int]:
    """Raises EvidenceError EV02, EV19."""
    with opened_file(path) as file:
        digest = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]
        return digest_text(digest.digest()), file.tell()


# ---- against the statement


def verified_parts(path: Path, statement: SegmentStatement) -> Iterator[Part]:
    """The parts of the file that was sealed, each after it was compared. To the last one: then all of them fit.

    Raises EvidenceError EV02, EV19, EV32, EV33 with the row, as far as it can be told.
    """
    sealed = file_digest(path) == (statement.file, statement.size)
    if not sealed:  # nothing of it is handed on; where it differs is said
        for _ in _compared(path, statement):
            pass
        raise EvidenceError("EV33", path.name, reason="its events fit, and its bytes are not those that were sealed")
    yield from _compared(path, statement)


def verify_segment(path: Path, statement: SegmentStatement) -> None:
    """Raises EvidenceError as `verified_parts`."""
    for _ in verified_parts(path, statement):
        pass


def _compared(path: Path, statement: SegmentStatement) -> Iterator[Part]:
    found = Survey()
    with open_segment(path) as file:
        for each in fitting_parts(file, sequel_of(statement)):
            found.add(each)
            _compare_part(each, statement, path.name)
            yield each
    if found.count != statement.count:
        reason = f"{statement.count} events were sealed; it holds the first {found.count}"
        raise EvidenceError("EV33", f"{path.name}: {_row(found.count)}", reason=reason)
    found.refuse_twice(path.name)
    for name, value in found.stated().items():
        if value != getattr(statement, name):
            raise EvidenceError("EV33", path.name, reason=f"its events do not have the `{name}` that is stated")


def _compare_part(each: Part, statement: SegmentStatement, name: str) -> None:
    end = each.start + len(each.bodies)
    if end > statement.count:
        reason = f"{statement.count} events were sealed; it holds more"
        raise EvidenceError("EV33", f"{name}: {_row(statement.count)}", reason=reason)
    short = end < statement.count and len(each.bodies) < PART
    if not short and digest_text(each.root) != statement.parts[each.number]:
        reason = "other events stand there than were sealed"
        raise EvidenceError("EV33", f"{name}: rows {each.start} to {end - 1}", reason=reason)


def claimed_span(statement: SegmentStatement) -> int:
    """Microseconds between the first and the last instant that its events claim."""
    return instant(statement.until) - instant(statement.since)

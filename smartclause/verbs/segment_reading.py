"""The events of a ledger's segments, as if each had been signed by itself: by the keys that signed the statement.

A file is compared with its statement before any event of it is handed on; where it is missing, that is handed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from smartclause.evidence.envelope import check_signatures
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import instant, read_form
from smartclause.evidence.keys import KeyId
from smartclause.evidence.segment import SegmentStatement
from smartclause.evidence.segment_check import verified_parts
from smartclause.evidence.segment_store import file_name, segment_path, segments_folder
from smartclause.evidence.trust import TrustStore, ring
from smartclause.evidence.verification import is_segment
from smartclause.logic.counting import Instant
from smartclause.verbs.reading import Absent, Opened, Received, joined, open_each

__all__ = ["open_with_segments", "segments_folder"]


def open_with_segments(
    received: Iterable[Received], trust: TrustStore, now: Instant, folder: Path
) -> tuple[list[Opened], tuple[Absent, ...], int]:
    """All events of a ledger, each in its place: what stands before it in earlier entries, then its row.

    `received` are the entries in their order. The last value is the place of the next event.
    Raises EvidenceError, EV14 for an id that two issuers used.
    """
    keys, absent = ring(trust), []
    opened: list[Opened] = []
    index = 0
    for each in received:
        item = replace(each, index=index, at=each.index)
        if not is_segment(item.envelope):
            opened += open_each((item,), trust, now)
            index += 1
            continue
        stated, found = open_segment_entry(item, keys, now, folder)
        index += stated.count
        if isinstance(found, Absent):
            absent.append(found)
        else:
            opened += found
    _refuse_shared_ids(opened)
    return joined(opened), tuple(absent), index


def _refuse_shared_ids(opened: Iterable[Opened]) -> None:
    """What recording refuses: the later one would put the earlier one in doubt."""
    issuers: dict[str, KeyId] = {}
    for each in opened:
        if issuers.setdefault(each.body.id, each.body.issuer) != each.body.issuer:
            raise EvidenceError("EV14", each.place, id=each.body.id)


def open_segment_entry(
    item: Received, keys: Mapping[KeyId, Any], now: Instant, folder: Path
) -> tuple[SegmentStatement, Iterator[Opened] | Absent]:
    """`item.index` is the place of its first event. Raises EvidenceError EV02, EV08, EV32, EV33 with the row."""
    verified = check_signatures(item.envelope, keys)
    stated = read_form(SegmentStatement, verified.body)
    path = segment_path(folder, stated.file)
    if not path.is_file():
        return stated, _absent(item, stated, verified.signers)
    return stated, _events(item, stated, verified.signers, path, now)


def _absent(item: Received, stated: SegmentStatement, signers: tuple[KeyId, ...]) -> Absent:
    return Absent(
        stated.issuer,
        stated.first,
        stated.end - 1,
        instant(stated.since),
        instant(stated.until),
        item.received,
        item.entry,
        file_name(stated.file),
        signers,
    )


def _events(
    item: Received, stated: SegmentStatement, signers: tuple[KeyId, ...], path: Path, now: Instant
) -> Iterator[Opened]:
    trusted_at = now if item.received is None else item.received
    try:
        for part in verified_parts(path, stated):
            for at, (body, digest) in enumerate(zip(part.bodies, part.digests, strict=True)):
                row = part.start + at
                event = EventBody.model_validate_json(body)  # compared: its form is an event's
                place = f"{item.place} row {row}"
                yield Opened(
                    event, digest, signers, item.received, trusted_at, item.index + row, place,
                    entry=item.entry, row=row,
                )  # fmt: skip
    except EvidenceError as error:
        raise EvidenceError(error.code, f"{item.place}: {error.place}".rstrip(": "), **error.values) from None

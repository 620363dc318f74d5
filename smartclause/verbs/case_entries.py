"""The ledger inside a case: every entry read again from the envelope that was received, and the tree over them.

As strict as the verification of a ledger file, and needs no database.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.entry import Kind, entry_bytes
from smartclause.evidence.envelope import Envelope, base64_text
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical, instant, read_form, timestamp
from smartclause.evidence.ledger import Row
from smartclause.evidence.merkle import Frontier, append, leaf_hash, node_hash, root_of
from smartclause.evidence.recording import MAX_EVENT
from smartclause.evidence.verification import is_segment
from smartclause.logic.canonical import digest_of_bytes
from smartclause.verbs.case_forms import EntryLine
from smartclause.verbs.errors import VerbError

ENTRIES = "ledger/entries.jsonl"
MAX_ENTRIES = 2**29


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One entry. `body` is the digest of what was signed, `leaf` its hash in the tree."""

    index: int
    received: int
    kind: Kind
    earlier: int | None
    raw: bytes
    parts: Envelope
    event: EventBody
    body: str
    leaf: bytes


def entry_line(row: Row) -> bytes:
    line = EntryLine(
        index=row.position,
        received=timestamp(row.received),
        kind=row.kind,
        earlier=row.earlier,
        envelope=base64_text(row.envelope),
    )
    return canonical(line) + b"\n"


def read_entries(content: bytes, ledger: str) -> tuple[CaseEntry, ...]:
    """Raises EvidenceError EV17 with the line of the first entry that is not as a ledger keeps it."""
    if content and not content.endswith(b"\n"):
        raise _damage(content.count(b"\n"), "its last line is cut off")
    found: list[CaseEntry] = []
    by_event: dict[str, list[CaseEntry]] = {}
    for line in content.split(b"\n")[:-1]:
        entry = _entry(line, ledger, found, by_event)
        found.append(entry)
        by_event.setdefault(entry.event.id, []).append(entry)
    return tuple(found)


def _entry(line: bytes, ledger: str, before: list[CaseEntry], by_event: dict[str, list[CaseEntry]]) -> CaseEntry:
    position = len(before)
    try:
        stated = read_form(EntryLine, line)
        raw = base64.b64decode(stated.envelope, validate=True)
        parts = envelopes.read(raw, MAX_EVENT)
        refuse_segment(parts, position)
        event = read_form(EventBody, parts.body)
    except EvidenceError as error:
        raise _damage(position, error.text()) from None
    except binascii.Error:
        raise _damage(position, "it is no base64 text") from None
    if base64_text(raw) != stated.envelope:
        raise _damage(position, "it is no base64 text in its exact spelling")
    if stated.index != position:
        raise _damage(position, "an entry is missing")
    received = instant(stated.received)
    if before and received < before[-1].received:
        raise _damage(position, "its time of receipt is before that of the entry before it")
    if event.ledger != ledger or parts.payload_type != EventBody.PAYLOAD_TYPE:
        raise _damage(position, "it holds an envelope that is not of this ledger")
    body = digest_of_bytes(parts.body)
    same = by_event.get(event.id, [])
    if (stated.kind, stated.earlier) != _expected_kind(same, body):
        raise _damage(position, "its kind does not fit the entries before it")
    earlier = None if stated.earlier is None else (stated.earlier, before[stated.earlier].parts)
    leaf = leaf_hash(entry_bytes(ledger, position, received, stated.kind, parts, earlier))
    return CaseEntry(position, received, stated.kind, stated.earlier, raw, parts, event, body, leaf)


def refuse_segment(parts: Envelope, position: int) -> None:
    """Raises VerbError VB51: the file of a segment is no part of a case."""
    if is_segment(parts):
        raise VerbError("VB51", where=f"entry {position}")


def _expected_kind(same: Sequence[CaseEntry], body: str) -> tuple[Kind, int | None]:
    if not same:
        return "event", None
    alike = [entry for entry in same if entry.body == body]
    return ("cosignature", alike[0].index) if alike else ("equivocation", same[0].index)


def _damage(position: int, reason: str) -> EvidenceError:
    return EvidenceError("EV17", f"{ENTRIES} line {position + 1}", reason=reason)


# ---- the tree


def roots(entries: Iterable[CaseEntry], sizes: Iterable[int]) -> dict[int, bytes]:
    """The root over the first entries, for each of these numbers of entries that there are."""
    wanted, frontier, found = set(sizes), Frontier(), {}
    if 0 in wanted:
        found[0] = root_of(frontier)
    for entry in entries:
        frontier = append(frontier, (entry.leaf,))
        if frontier.size in wanted:
            found[frontier.size] = root_of(frontier)
    return found


class Subtrees:
    """Roots over ranges of leaves; full subtrees are hashed once, so that many proofs cost little."""

    def __init__(self, entries: Iterable[CaseEntry]) -> None:
        self._levels = list(_levels([entry.leaf for entry in entries]))

    def __call__(self, first: int, end: int) -> bytes:
        """`first` is where a tree over all leaves has a subtree begin. RFC 6962, 2.1."""
        count = end - first
        if count & (count - 1) == 0:
            level = count.bit_length() - 1
            return self._levels[level][first >> level]
        middle = first + (1 << (count - 1).bit_length() - 1)
        return node_hash(self(first, middle), self(middle, end))


def _levels(nodes: list[bytes]) -> Iterator[list[bytes]]:
    """The leaves, then the full subtrees of two, of four, and so on."""
    while nodes:
        yield nodes
        nodes = [node_hash(nodes[n], nodes[n + 1]) for n in range(0, len(nodes) - 1, 2)]

"""A segment: many events of one issuer in one file, under one signed statement and one entry of the ledger.

The statement commits to the exact bytes of every event (an RFC 6962 tree), to their numbers, and to the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import Count, Digest, EventId, Instant, LedgerId, SignedForm, instant
from smartclause.logic.canonical import MAX_INTEGER

PART = 1 << 14  # rows of one part of the file, a complete subtree of the segment's tree
MOST_EVENTS = 1_000_000


class SegmentStatement(SignedForm):
    """The events stand in the order of their numbers, `first`, `first + 1`, and so on; each names the one before it
    as its `prev`. `prev` here is that of the first event, `last` the digest of the last one: the next event of the
    issuer names it. `since` and `until` are the least and the greatest of the times that the events claim, `low` and
    `high` the least and the greatest of their ids.

    `root` is the root of the RFC 6962 tree whose leaves are the bodies; `parts` are its subtrees over 16384 events
    each, the last one over the rest. `file` is the digest of the Parquet file, which has `size` bytes.
    """

    PAYLOAD_TYPE: ClassVar[str] = "application/vnd.smartclause.segment+json"
    WHAT: ClassVar[str] = "segment statement"

    edition: Literal["segment 1"] = "segment 1"
    id: EventId
    issuer: Annotated[Digest, Field(description="Key number of the key that keeps this sequence.")]
    ledger: LedgerId
    contract: Annotated[Digest, Field(description="Document digest of the contract that all its events name.")]
    first: Count
    count: Annotated[int, Field(ge=1, le=MOST_EVENTS)]
    prev: Digest | None = None
    last: Digest
    since: Instant
    until: Instant
    low: EventId
    high: EventId
    root: Digest
    parts: Annotated[tuple[Digest, ...], Field(min_length=1, max_length=-(-MOST_EVENTS // PART))]
    file: Digest
    size: Annotated[int, Field(ge=1, le=MAX_INTEGER)]

    @property
    def end(self) -> int:
        """The number after the last event."""
        return self.first + self.count

    @model_validator(mode="after")
    def _first_has_no_predecessor(self) -> SegmentStatement:
        if (self.first == 0) != (self.prev is None):
            raise ValueError("the first event, `seq` 0, has no `prev`; every later one has")
        if self.end - 1 > MAX_INTEGER:
            raise ValueError("a number is outside the range of 53 bits")
        return self

    @model_validator(mode="after")
    def _ranges_are_in_order(self) -> SegmentStatement:
        if instant(self.since) > instant(self.until) or self.low > self.high:
            raise ValueError("a range ends before it begins")
        return self

    @model_validator(mode="after")
    def _parts_make_the_root(self) -> SegmentStatement:
        if len(self.parts) != parts_of(self.count):
            raise ValueError("the parts are not as many as the events need")
        if digest_text(joined_root(map(hash_of, self.parts))) != self.root:
            raise ValueError("the parts do not have the root that is stated")
        return self


PAYLOAD_TYPES = (EventBody.PAYLOAD_TYPE, SegmentStatement.PAYLOAD_TYPE)
"""What a ledger holds."""


def parts_of(count: int) -> int:
    return -(-count // PART)


def joined_root(nodes: Iterable[bytes]) -> bytes:
    """The root over subtrees of equal height, the last of which may be lower: RFC 6962, 2.1, level by level."""
    level = list(nodes)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [sha256(b"\1" + left + right).digest() for left, right in pairs]
        level = above + level[-1:] if len(level) & 1 else above
    return level[0]


def digest_text(digest: bytes) -> str:
    return f"sha256:{digest.hex()}"


def hash_of(digest: str) -> bytes:
    """The hash that a digest spells."""
    return bytes.fromhex(digest.removeprefix("sha256:"))

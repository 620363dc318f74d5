"""Making a segment: events in the order of their numbers are written to a file, and its statement is signed.

Events are kept on the disk while their columns are not known yet, so that memory does not grow with their number.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody, event_id
from smartclause.evidence.files import settle_folder
from smartclause.evidence.forms import canonical
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.segment import MOST_EVENTS, PART, SegmentStatement
from smartclause.evidence.segment_bytes import Common
from smartclause.evidence.segment_check import Sequel, survey
from smartclause.evidence.segment_columns import Fact, facts_in
from smartclause.evidence.segment_file import MAX_BODY, write_segment


def make_segment(path: Path, events: Iterable[tuple[bytes, EventBody]], key: SigningKey) -> bytes:
    """Writes the file, which must not exist, whole or not at all; the envelope with its statement.

    The events must follow each other, each given with its exact bytes. Raises EvidenceError EV19, EV32, EV33.
    """
    spool, draft = (path.with_name(f".{path.name}.{secrets.token_hex(8)}{end}") for end in (".events", ".parquet"))
    try:
        first, facts = _spooled(spool, events)
        with _opened(spool) as file:
            write_segment(draft, _parts(file), facts)
        sequel = Sequel(Common(key.id, first.ledger, first.contract), first.seq, first.prev)
        stated = survey(draft, sequel, path.name)
        path.hardlink_to(draft)  # fails where the name is taken, unlike a rename
        settle_folder(path.parent)
    except FileExistsError:
        raise EvidenceError("EV19", name=path.name, reason="it exists already") from None
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be written") from None
    finally:
        spool.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    return seal_statement(sequel, stated, key)


def seal_statement(sequel: Sequel, stated: dict[str, object], key: SigningKey) -> bytes:
    common = sequel.common
    statement = SegmentStatement(
        id=event_id(),
        issuer=common.issuer,
        ledger=common.ledger,
        contract=common.contract,
        first=sequel.first,
        prev=sequel.prev,
        **stated,  # type: ignore[arg-type]
    )
    return envelopes.seal(canonical(statement), [key], SegmentStatement.PAYLOAD_TYPE)


def _spooled(spool: Path, events: Iterable[tuple[bytes, EventBody]]) -> tuple[EventBody, set[Fact]]:
    """The first event, and the facts of all of them, which are on the disk, one body on each line."""
    first: EventBody | None = None
    facts: set[Fact] = set()
    count = 0
    with spool.open("xb") as file:
        for body, event in events:
            first = first or event
            count += 1
            if len(body) > MAX_BODY:
                raise EvidenceError("EV33", f"row {count - 1}", reason=f"the event has more than {MAX_BODY} bytes")
            if count > MOST_EVENTS:
                raise EvidenceError("EV32", reason=f"it would hold more than {MOST_EVENTS} events")
            facts |= facts_in(event)
            file.write(body + b"\n")
    if first is None:
        raise EvidenceError("EV32", reason="there is no event to seal")
    return first, facts


def _opened(spool: Path) -> BinaryIO:
    return spool.open("rb")


def _parts(spool: BinaryIO) -> Iterator[list[tuple[bytes, EventBody]]]:
    while bodies := [line.removesuffix(b"\n") for line in islice(spool, PART)]:
        yield [(body, EventBody.model_validate_json(body)) for body in bodies]

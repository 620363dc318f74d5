"""Segments: what it takes to seal, to compare with the statement, and to prove one event, beside bare SHA-256.

`SMARTCLAUSE_SEGMENT=1000000 python -m tests.bench segments` measures a full one.
"""

import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from smartclause.evidence.event import EventBody, event_id, nonce
from smartclause.evidence.forms import canonical, timestamp
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.segment import SegmentStatement
from smartclause.evidence.segment_check import verified_parts, verify_segment
from smartclause.evidence.segment_making import make_segment
from smartclause.evidence.segment_recording import read_sealed
from smartclause.evidence.trust import TrustStore, key_record
from smartclause.logic.canonical import digest_of_bytes
from tests.bench.timing import Timed, seconds_in_turn

COUNT = int(os.environ.get("SMARTCLAUSE_SEGMENT", "100000"))
START = 1_790_000_000_000_000  # microseconds
WANTED = 100_000  # events that one core compares in a second


def events(key: SigningKey, count: int) -> Iterator[tuple[bytes, EventBody]]:
    """A day of uses: eight members and six facts, as a platform would record them."""
    prev = None
    for seq in range(count):
        event = EventBody(
            id=event_id(START // 1000 + seq),
            type="voice_data.use_voice",
            time=timestamp(START + seq * 1_000),
            issuer=key.id,
            by="B",
            asset=f"voices-{seq % 40}",
            ledger="1" * 32,
            seq=seq,
            prev=prev,
            contract="sha256:" + "c" * 64,
            nonce=nonce(),
            facts={
                "subject": f"s{seq * 7919 % 100_003:06}",
                "purpose": "voice_data.training",
                "samples": seq % 90 + 1,
                "safe": True,
                "region": "cn",
                "fee": "12.5",
            },
        )
        body = canonical(event)
        prev = digest_of_bytes(body)
        yield body, event


def bare(bodies: Iterable[bytes]) -> None:
    for body in bodies:
        sha256(body).digest()


def measure() -> Iterator[Timed]:
    """The processor's own time, on one core."""
    runs = 3 if COUNT <= 200_000 else 1
    with TemporaryDirectory() as folder:
        path, key = Path(folder) / "a.parquet", make_key()
        sealed = make_segment(path, events(key, COUNT), key)
        record = key_record(key.public, "B", "2020-01-01T00:00:00Z")
        statement = read_sealed(sealed, TrustStore(version=1, keys=(record,))).statement
        bodies = [body for part in verified_parts(path, statement) for body in part.bodies]
        compared, hashed = timed(path, statement, bodies, runs)
        size = path.stat().st_size
    per_second = COUNT / compared
    said = f"{per_second:,.0f} events/s on one core ({WANTED:,} wanted); {size // COUNT} bytes an event in the file"
    yield Timed("SHA-256 of the same bytes", hashed, COUNT, "event")
    yield Timed("segment compared", compared, COUNT, "event", "SHA-256 of the same bytes", note=said)


def timed(path: Path, statement: SegmentStatement, bodies: list[bytes], runs: int) -> tuple[float, float]:
    works = [lambda: verify_segment(path, statement), lambda: bare(bodies)]
    compared, hashed = seconds_in_turn(works, runs, process_time)
    return median(compared), median(hashed)

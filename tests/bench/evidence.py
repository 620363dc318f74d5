"""Signing and recording beside bare signing and verification with `cryptography`, in the same run."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from smartclause.evidence import recording
from smartclause.evidence.envelope import seal, signed_bytes
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical
from smartclause.evidence.keys import SigningKey, make_key, sign, verify
from smartclause.evidence.ledger import Ledger, create_ledger, open_ledger
from smartclause.evidence.proof import prove_entry
from smartclause.evidence.recording import Receipt, record
from smartclause.evidence.verification import verify_ledger
from smartclause.logic.canonical import digest_of_bytes
from tests.bench.timing import Timed, seconds, seconds_in_turn
from tests.evidence.samples import event, trust_of

EVENTS = 1_000  # in a group
RUNS = 9
FACTS = {"purpose": "voice_data.training", "samples": 120, "subject": "s-83ab0912"}


def chain(key: SigningKey, ledger: str, count: int) -> Iterator[bytes]:
    """Bodies of one issuer, each naming the one before."""
    members: dict[str, str] = {}
    for number in range(count):
        body = canonical(event(key, seq=number, ledger=ledger, facts=FACTS, **members))
        members = {"prev": digest_of_bytes(body)}
        yield body


def measure() -> Iterator[Timed]:
    with TemporaryDirectory() as folder:
        yield from _signatures(make_key(), Path(folder) / "first.ledger")


def _signatures(key: SigningKey, path: Path) -> Iterator[Timed]:
    bodies = list(chain(key, create_ledger(path, key.public), 2 * EVENTS * (RUNS + 1)))
    sealed = [seal(b, [key], EventBody.PAYLOAD_TYPE) for b in bodies]
    group = bodies[:EVENTS]
    messages = [signed_bytes(EventBody.PAYLOAD_TYPE, b) for b in group]
    pairs = [(sign(key, m), m) for m in messages]
    with open_ledger(path, writing=True) as ledger, ThreadPoolExecutor(recording._processors()) as pool:
        record_next = _recording(ledger, sealed, key)

        def bare(some: list[tuple[bytes, bytes]]) -> None:
            for signature, message in some:
                key.public.handle.verify(signature, message)  # type: ignore[call-arg]

        def alone() -> None:
            with patch.object(recording, "_processors", lambda: 1):
                record_next()

        works: list[Callable[[], object]] = [
            lambda: [key.handle.sign(m) for m in messages],  # type: ignore[call-arg]
            lambda: [seal(b, [key], EventBody.PAYLOAD_TYPE) for b in group],
            lambda: bare(pairs),
            lambda: list(pool.map(bare, [pairs[n : n + 50] for n in range(0, EVENTS, 50)])),
            lambda: [verify(key.public, m, s) for s, m in pairs],
            alone,
            record_next,
        ]
        bare_sign, sealing, one, threads, strict, recorded_alone, recorded = (
            sorted(t)[RUNS // 2] for t in seconds_in_turn(works, RUNS)
        )
        yield Timed("sign, bare", bare_sign, EVENTS, "event")
        yield Timed("sign an event (DSSE)", sealing, EVENTS, "event", "sign, bare")
        yield Timed("verify, bare", one, EVENTS, "event")
        yield Timed("verify, bare, in threads", threads, EVENTS, "event", "verify, bare")
        yield Timed("verify, small-order points refused", strict, EVENTS, "event", "verify, bare")
        yield Timed("verify, check and record a group", recorded, EVENTS, "event", "verify, bare")
        yield Timed("the same in one thread", recorded_alone, EVENTS, "event", "verify, bare")
        yield Timed(
            "verify a ledger without its signatures", seconds(lambda: verify_ledger(ledger), 1), len(sealed), "entry"
        )
        proving = seconds(lambda: [prove_entry(ledger, n) for n in range(0, len(sealed), len(sealed) // 100)])
        yield Timed(f"prove an entry of {len(sealed):,}", proving, 100, "proof")


def _recording(ledger: Ledger, sealed: list[bytes], key: SigningKey) -> Callable[[], None]:
    """Records the next group at each call; the last one with a checkpoint."""
    trust, groups = trust_of(key), iter(range(0, len(sealed), EVENTS))

    def record_next() -> None:
        first = next(groups)
        signer = key if first + EVENTS == len(sealed) else None
        outcomes = record(ledger, sealed[first : first + EVENTS], trust, signer)
        if not all(isinstance(o, Receipt) for o in outcomes):
            raise SystemExit("an envelope was refused")

    return record_next

"""Signing and recording beside bare signing and verification with `cryptography`, in the same run."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from smartclause.evidence.envelope import seal, signed_bytes
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical
from smartclause.evidence.keys import SigningKey, make_key, sign, verify
from smartclause.evidence.ledger import create_ledger, open_ledger
from smartclause.evidence.recording import Receipt, record
from smartclause.logic.canonical import digest_of_bytes
from tests.bench.timing import Timed, seconds_in_turn
from tests.evidence.samples import event, trust_of

EVENTS = 1_000


def chain(key: SigningKey, ledger: str) -> list[bytes]:
    """Bodies of one issuer, each naming the one before."""
    bodies: list[bytes] = []
    for number in range(EVENTS):
        members = {"prev": digest_of_bytes(bodies[-1])} if bodies else {}
        bodies.append(canonical(event(key, seq=number, ledger=ledger, **members)))
    return bodies


def measure() -> Iterator[Timed]:
    key = make_key()
    with TemporaryDirectory() as folder:
        yield from _measure(key, Path(folder))


def _measure(key: SigningKey, folder: Path) -> Iterator[Timed]:
    path = folder / "first.ledger"
    bodies = chain(key, create_ledger(path, key.public))
    messages = [signed_bytes(EventBody.PAYLOAD_TYPE, b) for b in bodies]
    signatures = [sign(key, m) for m in messages]
    sealed = [seal(b, [key], EventBody.PAYLOAD_TYPE) for b in bodies]
    trust = trust_of(key)
    clean = path.read_bytes()
    rounds = iter(range(1_000))

    def recorded() -> None:
        copy = folder / f"{next(rounds)}.ledger"
        copy.write_bytes(clean)
        with open_ledger(copy, writing=True) as ledger:
            outcomes = record(ledger, sealed, trust)
        if not all(isinstance(o, Receipt) for o in outcomes):
            raise SystemExit("an envelope was refused")

    works = [
        lambda: [key.handle.sign(m) for m in messages],  # type: ignore[call-arg]
        lambda: [seal(b, [key], EventBody.PAYLOAD_TYPE) for b in bodies],
        lambda: [verify(key.public, m, s) for m, s in zip(messages, signatures, strict=True)],
        lambda: [key.public.handle.verify(s, m) for m, s in zip(messages, signatures, strict=True)],  # type: ignore[call-arg]
        recorded,
    ]
    bare_sign, sealing, strict, bare_verify, recording = (sorted(t)[2] for t in seconds_in_turn(works))
    yield Timed("sign, bare", bare_sign, EVENTS, "event")
    yield Timed("sign an event (DSSE)", sealing, EVENTS, "event", "sign, bare")
    yield Timed("verify, bare", bare_verify, EVENTS, "event")
    yield Timed("verify, small-order points refused", strict, EVENTS, "event", "verify, bare")
    yield Timed("verify, check and record in one group", recording, EVENTS, "event", "verify, bare")

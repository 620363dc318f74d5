"""A writer killed at any moment loses nothing that it has acknowledged, and leaves a ledger that fits.

`SMARTCLAUSE_KILLS=1000 python -m pytest tests/evidence/test_never_lost.py` kills as often in a deep run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from smartclause.evidence.envelope import seal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical
from smartclause.evidence.judged import judged_entries
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.ledger import Ledger, create_ledger, entry_of, head, open_ledger, rows
from smartclause.evidence.merkle import Frontier, append, leaf_hash, root_of
from smartclause.evidence.recording import Receipt, record
from smartclause.evidence.sequences import read_sequences
from smartclause.evidence.verification import verify_ledger
from smartclause.logic.canonical import digest_of_bytes

from .apart import Apart, Say, start, wait_a_little
from .samples import KEY, event, trust_of

KILLS = int(os.environ.get("SMARTCLAUSE_KILLS", "50"))
COUNT = 3_000
LEDGER_KEY = make_key()
TRUST = trust_of(KEY)


def chain(ledger: str, count: int, key: SigningKey = KEY) -> Iterator[bytes]:
    prev = None
    for seq in range(count):
        body = canonical(event(key, ledger=ledger, seq=seq, prev=prev))
        prev = digest_of_bytes(body)
        yield seal(body, [key], EventBody.PAYLOAD_TYPE)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "events.ledger"


@pytest.fixture
def sealed(path: Path) -> list[bytes]:
    return list(chain(create_ledger(path, LEDGER_KEY.public), COUNT))


def recording(path: Path, sealed: list[bytes], group: int, merging: int) -> Apart:
    """A writer that goes on where the ledger ends, and says each receipt. `merging`: pages of the log before SQLite
    moves them into the file, so that some kills hit that too."""

    def work(say: Say) -> None:
        with open_ledger(path, writing=True) as ledger:
            ledger.connection.execute(f"PRAGMA wal_autocheckpoint = {merging}")
            say("begun")
            for first in range(head(ledger).size, len(sealed), group):
                for outcome in record(ledger, sealed[first : first + group], TRUST, LEDGER_KEY):
                    assert isinstance(outcome, Receipt)
                    say(f"{outcome.index} {outcome.received} {outcome.leaf.hex()}")
        say("end")

    return start(work)


@contextmanager
def whole(path: Path) -> Iterator[tuple[Ledger, list[str]]]:
    """The ledger, found to fit as it is, and each entry as its receipt names it."""
    with open_ledger(path) as ledger:
        checked = verify_ledger(ledger, LEDGER_KEY.public)
        stored = [f"{r.position} {r.received} {leaf_hash(entry_of(ledger, r)).hex()}" for r in rows(ledger)]
        assert len(stored) == checked.head.size == checked.signed_size
        yield ledger, stored


def test_after_each_kill_every_acknowledged_entry_is_there_and_the_tree_fits(path: Path, sealed: list[bytes]) -> None:
    random, clean = Random(KILLS), path.read_bytes()
    stored: list[str] = []
    middle = 0  # kills that hit a writer that had said something and had more to say
    for _ in range(KILLS):
        if len(stored) > COUNT * 3 // 4:
            for old in path.parent.iterdir():
                old.unlink()
            path.write_bytes(clean)
            stored = []
        writer = recording(path, sealed, random.choice((1, 1, 7, 60, 250)), random.choice((1, 4, 1000)))
        said = [writer.line().rstrip("\n") for _ in range(random.choice((0, 1, 2, 9, 90)))]
        wait_a_little(0.03, random.random)
        said += writer.kill()
        acknowledged = [line for line in said if line not in ("begun", "end", "")]
        middle += bool(acknowledged) and "end" not in said
        with whole(path) as (_, now):
            assert now[: len(stored)] == stored, "what was there before is there still, with the same leaves"
            assert set(acknowledged) <= set(now)
            stored = now
    assert middle > KILLS // 4
    with open_ledger(path, writing=True) as ledger:
        outcomes = record(ledger, sealed, TRUST, LEDGER_KEY)
        assert [o.index for o in outcomes if isinstance(o, Receipt)] == list(range(COUNT))
    with whole(path) as (ledger, now):
        assert now[: len(stored)] == stored
        leaves = [bytes.fromhex(line.split()[2]) for line in now]
        assert head(ledger).root == root_of(append(Frontier(), leaves))
        found = read_sequences(judged_entries(ledger, TRUST))
        assert (found.gaps, found.faults) == ((), ())


def test_writers_at_once_wait_for_each_other_and_share_one_sequence(path: Path) -> None:
    ledger_id = create_ledger(path, LEDGER_KEY.public)
    keys = [make_key() for _ in range(3)]
    trust = trust_of(*keys)
    batches = [list(chain(ledger_id, 40, key)) for key in keys]

    def work(batch: list[bytes]) -> Apart:
        def run(say: Say) -> None:
            with open_ledger(path, writing=True) as ledger:
                for first in range(0, len(batch), 4):
                    for outcome in record(ledger, batch[first : first + 4], trust, LEDGER_KEY):
                        assert isinstance(outcome, Receipt)
                        say(f"{outcome.index} {outcome.received} {outcome.leaf.hex()}")

        return start(run)

    said = [line for writer in [work(batch) for batch in batches] for line in writer.rest()]
    with whole(path) as (ledger, stored):
        assert sorted(said) == sorted(stored)
        assert len(stored) == 120
        found = read_sequences(judged_entries(ledger, trust))
        assert (found.gaps, found.faults) == ((), ())


def test_a_clock_that_runs_backwards_over_restarts_turns_no_receipt_back(path: Path) -> None:
    sealed = list(chain(create_ledger(path, LEDGER_KEY.public), 30))
    random = Random(1)
    for first in range(0, 30, 3):
        with open_ledger(path, writing=True) as ledger:
            at = random.randrange(10**15, 2 * 10**15)
            record(ledger, sealed[first : first + 3], TRUST, LEDGER_KEY, clock=lambda at=at: at)
    with whole(path) as (ledger, _):
        received = [row.received for row in rows(ledger)]
        assert received == sorted(received)
        assert head(ledger).size == 30


def test_a_group_is_on_the_disk_before_any_of_its_receipts(
    path: Path, sealed: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `record` returns is there for another reader at once; what it has not returned may not be."""
    seen: list[int] = []

    def look(*arguments: object) -> bytes:
        with open_ledger(path) as other:
            seen.append(head(other).size)
        return leaf_hash(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("smartclause.evidence.recording.leaf_hash", look)
    with open_ledger(path, writing=True) as ledger:
        record(ledger, sealed[:3], TRUST)
        assert seen == [0, 0, 0]
        with open_ledger(path) as other:
            assert head(other).size == 3


@pytest.mark.parametrize(
    "change", ["DELETE FROM entries WHERE position = 2", "UPDATE tree SET size = 2, roots = zeroblob(32)"]
)
def test_an_entry_without_its_tree_or_a_tree_without_its_entry_takes_nothing_more(
    path: Path, sealed: list[bytes], change: str
) -> None:
    with open_ledger(path, writing=True) as ledger:
        record(ledger, sealed[:3], TRUST)
        ledger.connection.execute(change)
        with pytest.raises(EvidenceError, match="EV17"):
            record(ledger, sealed[3:5], TRUST)

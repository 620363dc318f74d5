"""A writer killed at any moment loses nothing that it has acknowledged."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from smartclause.evidence import key_files
from smartclause.evidence.envelope import seal
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical
from smartclause.evidence.key_files import save_private
from smartclause.evidence.keys import make_key
from smartclause.evidence.ledger import create_ledger, open_ledger, rows
from smartclause.evidence.recording import Receipt, record
from smartclause.evidence.trust import save_trust
from smartclause.evidence.verification import verify_ledger
from smartclause.logic.canonical import digest_of_bytes

from .samples import KEY, event, trust_of

KILLS = int(os.environ.get("SMARTCLAUSE_KILLS", "12"))  # more in a deep run
COUNT = 3000
ROOT = Path(__file__).parents[2]


@pytest.fixture
def envelopes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """A ledger in `tmp_path`, and envelopes, key and trust store for its writer."""
    monkeypatch.setattr(key_files, "_COST", 16)
    ledger_key, trust = make_key(), trust_of(KEY)
    save_private(ledger_key, tmp_path / "ledger.pem", "secret")
    save_trust(trust, tmp_path / "trust.json")
    ledger = create_ledger(tmp_path / "events.ledger", ledger_key.public)
    sealed: list[bytes] = []
    prev = None
    for seq in range(COUNT):
        body = canonical(event(ledger=ledger, seq=seq, prev=prev))
        prev = digest_of_bytes(body)
        sealed.append(seal(body, [KEY], EventBody.PAYLOAD_TYPE))
    (tmp_path / "envelopes.jsonl").write_bytes(b"\n".join(sealed))
    return sealed


def acknowledged_before_kill(folder: Path, group: int, after: float) -> dict[int, str]:
    command = [sys.executable, "-m", "tests.evidence.append_until_killed", folder / "events.ledger", folder, str(group)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline()]  # it has begun
        time.sleep(after)
        os.kill(writer.pid, signal.SIGKILL)
        lines += writer.stdout.read().splitlines(keepends=True)
    complete = [line.split() for line in lines if line.endswith("\n") and line != "end\n"]
    return {int(index): body for index, body in complete}


def test_after_each_kill_every_acknowledged_entry_is_there_and_the_tree_fits(
    envelopes: list[bytes], tmp_path: Path
) -> None:
    path = tmp_path / "events.ledger"
    for attempt in range(KILLS):
        acknowledged = acknowledged_before_kill(tmp_path, (1, 7)[attempt % 2], 0.005 * (attempt % 6))
        with open_ledger(path) as ledger:
            stored = {row.position: row.body for row in rows(ledger)}
            checked = verify_ledger(ledger)
        assert acknowledged
        assert acknowledged.items() <= stored.items()
        assert sorted(stored) == list(range(len(stored)))
        assert checked.head.size == len(stored)
    assert len(stored) < COUNT, "the writer came to its end: nothing was killed"
    with open_ledger(path, writing=True) as ledger:
        outcomes = record(ledger, envelopes, trust_of(KEY))
        assert [o.index for o in outcomes if isinstance(o, Receipt)] == list(range(COUNT))
        assert verify_ledger(ledger).head.size == COUNT

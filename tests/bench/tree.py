"""The tree of a million entries recomputed and compared with all stored hashes, beside bare hashing of the same."""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256
from itertools import repeat
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from smartclause.evidence.entry import entry_bytes
from smartclause.evidence.envelope import Envelope, Signature
from smartclause.evidence.event import EventBody
from smartclause.evidence.ledger import system_clock
from smartclause.evidence.merkle import leaf_hash
from smartclause.evidence.store import TABLES
from smartclause.evidence.tiles import GrowingTree, reading, write_tiles
from smartclause.evidence.verification import _compare_tiles
from tests.bench.timing import Timed, seconds_in_turn
from tests.evidence.samples import KEY, LEDGER

ENTRIES = 1_000_000
STRETCH = 1_000


def measure() -> Iterator[Timed]:
    parts = Envelope(EventBody.PAYLOAD_TYPE, b"", (Signature(KEY.id, bytes(64)),))
    stretch = [entry_bytes(LEDGER, ENTRIES + n, system_clock(), "event", parts) for n in range(STRETCH)]
    with TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "tiles", isolation_level=None)
        for statement in filter(str.strip, TABLES.split(";")):
            connection.execute(statement)
        tree = GrowingTree()
        for entries in repeat(stretch, ENTRIES // STRETCH):
            tree.add(map(leaf_hash, entries))
        connection.execute("BEGIN")
        write_tiles(connection, tree.settle())
        connection.execute("COMMIT")
        root = tree.root

        def bare() -> None:
            if bare_root(stretch) != root:
                raise SystemExit("bare hashing has another root")

        def verified() -> None:
            again, stored = GrowingTree(), reading(connection)
            for entries in repeat(stretch, ENTRIES // STRETCH):
                again.add(map(leaf_hash, entries))
                _compare_tiles(again.changed, stored)
            _compare_tiles(again.settle(), stored)
            if again.root != root:
                raise SystemExit("another root")

        one, other = (median(times) for times in seconds_in_turn([bare, verified], 3))
        yield Timed("hash the tree of a million entries, bare", one, ENTRIES, "entry")
        yield Timed(
            "recompute it, compare all stored hashes",
            other,
            ENTRIES,
            "entry",
            "hash the tree of a million entries, bare",
        )
        connection.close()


def bare_root(stretch: list[bytes]) -> bytes:
    """Level by level, as short as it can be written."""
    level = [sha256(b"\0" + entry).digest() for _ in range(ENTRIES // STRETCH) for entry in stretch]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [sha256(b"\1" + left + right).digest() for left, right in pairs]
        level = above + level[len(level) & ~1 :]
    return level[0]

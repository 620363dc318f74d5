"""A file that was torn, cut or overwritten answers with our own error or with what it still holds, never with less than
a checkpoint kept outside of it without saying so.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import make_key
from smartclause.evidence.ledger import create_ledger, head, open_ledger, rows
from smartclause.evidence.merkle import Frontier, append, root_of
from smartclause.evidence.note import Checkpoint
from smartclause.evidence.proof import root_at
from smartclause.evidence.recording import Receipt, record
from smartclause.evidence.trust import TrustStore
from smartclause.evidence.verification import verify_ledger

from .apart import as_nobody, outcome
from .samples import KEY, trust_of
from .test_never_lost import chain

TRIALS = int(os.environ.get("SMARTCLAUSE_DAMAGES", "60"))  # more in a deep run
COUNT = 300
LEDGER_KEY = make_key()
TRUST: TrustStore = trust_of(KEY)


class Original:
    """A ledger whose last groups stand in its log only, as files; its receipts and the checkpoint its users hold."""

    def __init__(self, folder: Path) -> None:
        path = folder / "whole.ledger"
        self.sealed = list(chain(create_ledger(path, LEDGER_KEY.public), COUNT + 20))
        self.receipts: list[Receipt] = []
        with open_ledger(path, writing=True) as ledger:
            for first in range(0, COUNT, 30):
                done = record(ledger, self.sealed[first : first + 30], TRUST, LEDGER_KEY)
                self.receipts += [one for one in done if isinstance(one, Receipt)]
                if first == 150:
                    ledger.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
                    ledger.connection.execute("PRAGMA wal_autocheckpoint = 0")
            self.kept: Checkpoint = head(ledger)
            self.file, self.log = path.read_bytes(), path.with_name("whole.ledger-wal").read_bytes()
        assert len(self.receipts) == COUNT
        assert len(self.log) > 100_000

    def write(self, folder: Path, file: bytes, log: bytes) -> Path:
        for old in folder.glob("torn.ledger*"):
            old.unlink()
        path = folder / "torn.ledger"
        path.write_bytes(file)
        path.with_name("torn.ledger-wal").write_bytes(log)
        return path


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Original:
    return Original(tmp_path_factory.mktemp("original"))


def cut(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content))]


def overwritten(content: bytes, random: Random) -> bytes:
    """A few bytes, as a bad cable does, or a stretch, as a lost block does."""
    changed = bytearray(content)
    for _ in range(random.choice((1, 1, 3))):
        at = random.randrange(len(content))
        length = random.choice((1, 1, 16, 512, 4096, 8192))
        new = random.choice((random.randbytes(length), bytes(length)))
        changed[at : at + length] = new[: len(content) - at]
    return bytes(changed)


def swapped(content: bytes, random: Random) -> bytes:
    """Two blocks that changed places."""
    blocks = [content[n : n + 8192] for n in range(0, len(content), 8192)]
    one, two = random.sample(range(len(blocks)), 2)
    blocks[one], blocks[two] = blocks[two], blocks[one]
    return b"".join(blocks)


def lost(_content: bytes, _random: Random) -> bytes:
    return b""


def as_it_is(content: bytes, _random: Random) -> bytes:
    return content


Harm = Callable[[bytes, Random], bytes]


def refused(error: EvidenceError, left: int | None = None) -> None:
    """In the words of a ledger; one that fits, with so many entries left, would have been written."""
    assert error.code in ("EV16", "EV17", "EV18", "EV19"), error
    assert left is None


def holds(path: Path, original: Original) -> int | None:
    """How many entries are left, all of them those acknowledged, in order; None if the ledger says it is damaged."""
    try:
        with open_ledger(path) as ledger:
            found = verify_ledger(ledger, LEDGER_KEY.public)
            size = found.head.size
            stored = [(r.position, r.received, r.event, r.body) for r in rows(ledger)]
            assert stored == [(r.index, r.received, r.event, r.body) for r in original.receipts[:size]]
            assert found.head.root == root_of(append(Frontier(), (r.leaf for r in original.receipts[:size])))
            if size < original.kept.size:
                with pytest.raises(EvidenceError, match="EV17"):  # it says that entries are missing
                    root_at(ledger, original.kept.size)
            return size
    except EvidenceError as error:
        refused(error)
        return None


@pytest.mark.parametrize(
    ("file", "log"),
    [(as_it_is, cut), (as_it_is, overwritten), (as_it_is, lost), (as_it_is, swapped), (cut, as_it_is), (cut, lost),
     (overwritten, as_it_is), (overwritten, lost), (swapped, lost), (overwritten, overwritten)],
    ids=lambda harm: harm.__name__,
)  # fmt: skip
def test_what_is_left_is_what_was_acknowledged_or_called_damaged(
    original: Original, tmp_path: Path, file: Harm, log: Harm
) -> None:
    random, sizes = Random(f"{file.__name__} {log.__name__}"), set()
    for _ in range(TRIALS // 10):
        path = original.write(tmp_path, file(original.file, random), log(original.log, random))
        left = holds(path, original)
        sizes.add(left)
        record_again(path, original, left)
    if file is as_it_is:  # what the log lost is whole groups at its end; the file alone has those before
        assert None not in sizes
        assert all(size % 30 == 0 for size in sizes if size is not None)


def record_again(path: Path, original: Original, left: int | None) -> None:
    """A damaged ledger takes nothing that it cannot keep; a shorter one takes up what its users still have."""
    try:
        with open_ledger(path, writing=True) as ledger:
            done = record(ledger, original.sealed, TRUST, LEDGER_KEY)
    except EvidenceError as error:
        refused(error, left)
        return
    if left is not None:
        assert [one.index for one in done if isinstance(one, Receipt)] == list(range(COUNT + 20))
        with open_ledger(path) as ledger:
            assert verify_ledger(ledger, LEDGER_KEY.public).head.size == COUNT + 20


def test_a_log_that_is_not_cut_has_everything(original: Original, tmp_path: Path) -> None:
    assert holds(original.write(tmp_path, original.file, original.log), original) == COUNT
    assert holds(original.write(tmp_path, original.file, b""), original) in range(150, COUNT)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users may look into, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="smartclause-tests-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def written(path: Path, sealed: list[bytes]) -> int:
    with open_ledger(path, writing=True) as ledger:
        return sum(isinstance(one, Receipt) for one in record(ledger, sealed, TRUST, LEDGER_KEY))


def size_of(path: Path) -> int:
    with open_ledger(path) as ledger:
        return verify_ledger(ledger, LEDGER_KEY.public).head.size


@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o555), (0o444, 0o777), (0o666, 0o555)])
def test_without_the_right_to_write_a_ledger_is_read_and_not_written(open_folder: Path, file: int, folder: int) -> None:
    path = open_folder / "events.ledger"
    sealed = list(chain(create_ledger(path, LEDGER_KEY.public), 4))
    written(path, sealed[:2])
    path.chmod(file)
    open_folder.chmod(folder)
    assert outcome(lambda: size_of(path), prepare=as_nobody) == 2
    assert "EV16" in outcome(lambda: written(path, sealed), prepare=as_nobody)
    open_folder.chmod(0o755)
    path.chmod(0o644)
    assert (size_of(path), written(path, sealed), size_of(path)) == (2, 4, 4)


def test_without_the_right_to_write_no_ledger_is_begun(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    found = outcome(lambda: create_ledger(open_folder / "new", LEDGER_KEY.public), prepare=as_nobody)
    assert "EV16" in found
    assert list(open_folder.iterdir()) == []


def test_on_a_disk_that_is_full_at_any_byte_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "events.ledger"
    sealed = list(chain(create_ledger(path, LEDGER_KEY.public), 400))
    clean, random, done, full = path.read_bytes(), Random(7), 0, 0

    def narrow(room: int) -> Callable[[], None]:
        def prepare() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

        return prepare

    for _ in range(TRIALS // 12):
        for old in tmp_path.iterdir():
            old.unlink()
        path.write_bytes(clean)
        room = random.randrange(len(clean), 900_000)
        for first in range(0, 400, 50):
            now = outcome(lambda first=first: written(path, sealed[first : first + 50]), prepare=narrow(room))
            left = size_of(path)
            if isinstance(now, str):
                assert "EV16" in now
                assert left == first, "the group that failed has left no trace, those before are there"
                full += 1
                assert written(path, sealed) == 400
                assert size_of(path) == 400
                break
            assert (now, left) == (50, first + 50)
            done += 1
    assert done
    assert full


OTHER_TABLES = {
    "a view that leaves a row out now and then": """
        DROP INDEX entries_by_event; DROP INDEX entries_by_sequence; PRAGMA legacy_alter_table = 1;
        ALTER TABLE entries RENAME TO kept;
        CREATE VIEW entries AS SELECT * FROM kept WHERE position <> 2 OR random() % 2""",
    "a trigger that keeps rows from the disk": """
        CREATE TRIGGER lost BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END""",
    "a trigger with a name of the store's own": """
        PRAGMA writable_schema = 1;
        INSERT INTO sqlite_master VALUES ('trigger', 'sqlite_lost', 'entries', 0,
            'CREATE TRIGGER sqlite_lost BEFORE INSERT ON entries BEGIN SELECT RAISE(IGNORE); END')""",
    "a further table": "CREATE TABLE more (x INTEGER)",
    "a missing index": "DROP INDEX entries_by_event",
}


@pytest.mark.parametrize("name", OTHER_TABLES)
def test_a_file_with_other_tables_than_those_of_a_ledger_is_neither_read_nor_written(name: str, tmp_path: Path) -> None:
    """Verified in one look, such a file could show something else at the next, or lose what was acknowledged."""
    path = tmp_path / "other.ledger"
    sealed = list(chain(create_ledger(path, LEDGER_KEY.public), 5))
    with open_ledger(path, writing=True) as ledger:
        record(ledger, sealed, TRUST, LEDGER_KEY)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(OTHER_TABLES[name])
        connection.commit()
    for writing in (False, True):
        with pytest.raises(EvidenceError, match="EV17"), open_ledger(path, writing=writing):
            pass

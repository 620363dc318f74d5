"""Every file that a command reads may be anything: it ends with our own error, changes nothing, and does not wait.

The places are those of the examples in the help, and every option that takes a file: a new command is tried unasked.
A run tries some files in each place; `SMARTCLAUSE_DEEP=1` tries all in all.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import Result

from smartclause.cli.options import PASSPHRASE
from smartclause.evidence import key_files
from smartclause.evidence.errors import harmless
from tests.chance import DEEP, chance
from tests.cli.examples import commands
from tests.hostile.files import BIDI, FILES
from tests.hostile.story import APART, WRITTEN, Slot, run, slots, tell

EACH = 1  # files tried in each place where not all are
SECONDS = 60  # of work: a machine that is busy with other things takes no more of them
WAITING = 600  # by the clock: whoever waits for nothing does no work

EMPTY = {"empty", "white space", "a pipe"}
LINES = {
    "audit",
    "decide-many",
    "monitor",
    "record",
    "segment make",
    "sign event",
    "sign also",
    "vault keep",
}  # none is a number of lines too
LINE_OPTIONS = {"--after", "--disclosures"}
MARKED = (".clause", ".key", ".pem", ".zip")  # read from where they begin, whatever stands before
SOUGHT_IN = {"--contracts", "--segments", "--sources"}  # folders in which nothing need be
NOT_ASKED = {("verify", "--ledger")}  # of a contract only: an event says itself when it was received
UNREAD = {("register add", "trust.json")}  # until there is a register that somebody signed
BEGUN = {("monitor", "--state", kind) for kind in ("missing", "empty", "a link to itself")}  # of a first run
NEW = {("keys trust", "missing"), ("keys trust", "a link to itself")}  # a store that is begun


def is_fine(slot: Slot, kind: str) -> bool:
    """What somebody may well mean: such a command may end with 0."""
    command, suffix = slot.told.command, slot.genuine.suffix if slot.genuine else ""
    if kind in EMPTY and (command in LINES or slot.option in LINE_OPTIONS):
        return True
    if kind == "with a byte order mark" and suffix in MARKED:
        return True
    if (command, slot.option, kind) in BEGUN:
        return True
    if slot.option in SOUGHT_IN or (command, slot.option) in NOT_ASKED or (command, kind) in NEW:
        return True
    if slot.genuine and (command, slot.genuine.name) in UNREAD:
        return True
    return slot.option.endswith("passphrase-file") and command == "vault make"  # any text is one


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Slot]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(PASSPHRASE, "a passphrase for the examples")
        patch.setattr(key_files, "_COST", 16)
        folder, kept = tmp_path_factory.mktemp("story"), tmp_path_factory.mktemp("kept")
        yield [slot for told in tell(folder, kept) for slot in slots(told)]


@contextmanager
def in_time(what: str) -> Iterator[None]:
    def over(number: int, _frame: object) -> None:
        raise AssertionError(f"it {'waits' if number == signal.SIGALRM else 'never ends'}: {what}")

    before = [(number, signal.signal(number, over)) for number in (signal.SIGALRM, signal.SIGPROF)]
    signal.setitimer(signal.ITIMER_REAL, WAITING)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        for number, handler in before:
            signal.signal(number, handler)


def digests(folder: Path) -> dict[str, str]:
    """Without the notes that the readers of a database leave each other."""
    found = (p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(("-shm", "-wal", "-journal")))
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in found}


def wrong(slot: Slot, kind: str, result: Result) -> str:
    said = result.output + (result.stderr or "")
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return f"raised {result.exception!r}"
    if "Traceback" in said or "VB25" in said:
        return f"an error that is not ours: {said[:500]}"
    if any(harmless(line) != line for line in said.replace("\t", "").split("\n")):
        return f"a character that steers a screen: {said[:300]!r}"
    if result.exit_code not in (1, 2, 3) and not is_fine(slot, kind):
        return f"ended with {result.exit_code}: {said[:300]}"
    if result.exit_code == 2 and "help:" not in said and "Usage:" not in said:
        return f"an error without a help: {said[:300]}"
    return ""


def tried(slot: Slot, kind: str) -> str:
    """What is wrong with how the command ended; empty if nothing."""
    folder = slot.told.folder
    genuine = slot.genuine.read_bytes() if slot.genuine else b'{"format":"x"}'
    suffix = slot.genuine.suffix if slot.genuine else ".json"
    file = folder / f"hostile{suffix}"
    FILES[kind](file, genuine)
    before = digests(folder) if not kind.startswith("a hundred") else {}
    try:
        with in_time(f"{slot}, {kind}"):
            result = run([*slot.words(file.name), "--lang", "en"], folder)
        found = wrong(slot, kind, result)
        if not found and result.exit_code == 2 and before and digests(folder) != before:
            found = f"refused, and wrote {set(digests(folder).items()) ^ set(before.items())}"
    finally:
        _remove(file)
    return f"{slot}, {kind}: {found}" if found else ""


def _remove(file: Path) -> None:
    for path in file.parent.glob(f"{file.name}*"):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def test_every_command_has_places_that_are_tried(places: list[Slot]) -> None:
    assert {slot.told.command for slot in places} == {name for name, _ in commands()} - APART


def test_no_file_makes_a_command_end_in_an_error_that_is_not_ours(places: list[Slot]) -> None:
    drawn = chance("files")
    kinds = sorted(FILES)
    begun, found = time.monotonic(), []
    for slot in places:
        chosen = kinds if DEEP else drawn.sample([k for k in kinds if "megabytes" not in k], EACH)
        found += [fault for kind in chosen if (fault := tried(slot, kind))]
    print(f"{len(places)} places, {time.monotonic() - begun:.0f} s", file=sys.stderr)
    assert not found, "\n".join(found)


def test_a_name_that_turns_its_direction_is_shown_harmless(places: list[Slot]) -> None:
    for slot in places if DEEP else chance("turned names").sample(places, 30):
        result = run([*slot.words(f"a{BIDI}b.json"), "--lang", "en"], slot.told.folder)
        assert BIDI not in result.output + result.stderr, slot
        assert not wrong(slot, "missing", result), slot


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything: without its rights, where it runs this."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_what_may_not_be_read_or_written_is_told(places: list[Slot]) -> None:
    """Neither the file nor, since it is another's folder, anything to be written there."""
    for slot in places if DEEP else chance("closed files").sample(places, 25):
        folder, file = slot.told.folder, slot.told.folder / f"closed{slot.genuine.suffix if slot.genuine else '.json'}"
        folder.chmod(0o555)
        file.write_bytes(slot.genuine.read_bytes() if slot.genuine else b"{}")
        file.chmod(0)
        with in_time(str(slot)), chdir(folder), as_nobody():
            result = run([*slot.words(file.name), "--lang", "en"])
        folder.chmod(0o755)
        _remove(file)
        assert not wrong(slot, "missing", result), slot


WRITES_TWO = {"audit", "sign event"}  # what goes with the answer is written before it
MADE = {("evidence export", "none/there")}  # a case is a folder, which is made


def files_of(found: dict[str, str]) -> dict[str, str]:
    """Ledgers, witnesses and vaults keep what they did before anybody is told."""
    return {name: digest for name, digest in found.items() if not name.endswith((".db", ".vault"))}


OUTPUTS = ("none/there", ".", "/proc/nothing", "x" * 300)


def test_a_place_that_cannot_be_written_to_is_told_and_nothing_else_is_written(places: list[Slot]) -> None:
    told = {slot.told for slot in places}
    tried_ = [(one, at, out) for one in told for at, word in enumerate(one.words) if word in WRITTEN for out in OUTPUTS]
    assert len(tried_) > 50
    for one, at, out in tried_ if DEEP else chance("outputs").sample(tried_, 25):
        if (one.command, out) in MADE:
            continue
        words = [out if n == at + 1 else word for n, word in enumerate(one.words)]
        before = digests(one.folder)
        result = run([*words, "--lang", "en"], one.folder)
        assert "VB25" not in result.output + result.stderr, (words, result.stderr)
        assert result.exit_code == 2, (words, result.output)
        assert "help:" in result.stderr or "Usage:" in result.stderr
        assert one.command in WRITES_TWO or files_of(digests(one.folder)) == files_of(before), words

"""`record` as a user runs it: killed at any moment, on a full disk, with a file of any length and one bad line.

`SMARTCLAUSE_RECORD_KILLS=100 SMARTCLAUSE_LINES=1000000 python -m pytest tests/cli/test_record_killed.py` is the deep
run; it prints the peak of memory.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import sleep

import pytest

from smartclause.evidence.envelope import seal
from smartclause.evidence.event import EventBody, event_id
from smartclause.evidence.forms import canonical, timestamp
from smartclause.evidence.keys import make_key
from smartclause.evidence.ledger import create_ledger, open_ledger, rows
from smartclause.evidence.trust import save_trust
from smartclause.evidence.verification import verify_ledger
from smartclause.logic.canonical import digest_of_bytes
from tests.evidence.samples import KEY, event, trust_of

KILLS = int(os.environ.get("SMARTCLAUSE_RECORD_KILLS", "3"))
LINES = int(os.environ.get("SMARTCLAUSE_LINES", "3000"))
ROOT = Path(__file__).parents[2]
MEBIBYTE = 2**20


WITH_PEAK = """
import resource, runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_module('smartclause', run_name='__main__')
finally:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


class Case:
    """A ledger, a trust store and a file of lines."""

    def __init__(self, folder: Path) -> None:
        self.ledger, self.trust, self.lines = (folder / name for name in ("ledger.db", "trust.json", "events.jsonl"))
        self.key = make_key()
        self.id = create_ledger(self.ledger, self.key.public)
        save_trust(trust_of(KEY), self.trust)

    def sealed(self, count: int) -> Iterator[bytes]:
        body = canonical(event(ledger=self.id))
        later = canonical(event(ledger=self.id, seq=1, prev="sha256:" + "0" * 64)).decode()
        start, prev, end = re.split('sha256:0{64}|"seq":1', later)
        start = re.sub('"id":"[^"]*"', '"id":"{id}"', start.replace("{", "{{").replace("}", "}}"))
        for seq in range(1, count + 1):
            yield seal(body, [KEY], EventBody.PAYLOAD_TYPE)
            body = f'{start.format(id=event_id())}{digest_of_bytes(body)}{prev}"seq":{seq}{end}'.encode()

    @property
    def command(self) -> list[str]:
        return [
            sys.executable, "-m", "smartclause", "record", str(self.ledger), str(self.lines),
            "--trust", str(self.trust), "--lang", "en",
        ]  # fmt: skip

    def start(self, *options: str, out: int | None = subprocess.PIPE) -> subprocess.Popen[str]:
        return subprocess.Popen([*self.command, *options], cwd=ROOT, stdout=out, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_receipts_that_were_printed_before_a_kill_are_in_the_ledger(case: Case) -> None:
    sealed = list(case.sealed(3_000))
    case.lines.write_bytes(b"\n".join(sealed))
    random = Random(KILLS)
    for _ in range(KILLS):
        with case.start() as process:
            assert process.stdout is not None
            first = process.stdout.readline()
            sleep(0.1 * random.random())
            process.kill()
            printed = first + process.stdout.read()
        receipts = re.findall(
            r"^line (\d+): (?:already there as )?entry (\d+), received (\S+)\n", printed, re.MULTILINE
        )
        assert receipts
        with open_ledger(case.ledger) as ledger:
            size = verify_ledger(ledger).head.size
            stored = {(str(r.position + 1), str(r.position), timestamp(r.received)) for r in rows(ledger)}
        assert set(receipts) <= stored
        assert size % 1_000 == 0, "groups are whole"
    with case.start("--format", "json") as process:
        told = json.loads(process.communicate()[0])
    assert [line["index"] for line in told["lines"]] == list(range(3_000))
    assert told["size"] == 3_000


def test_output_that_nobody_takes_up_loses_no_entry(case: Case) -> None:
    """A receipt that could not be printed was given for what is on the disk; the same bytes get it again."""
    if not Path("/dev/full").exists():
        pytest.skip("the system has no device that is always full")
    case.lines.write_bytes(b"\n".join(case.sealed(1_500)))
    with Path("/dev/full").open("w") as full, case.start(out=full.fileno()) as process:
        _, errors = process.communicate()
    assert process.returncode not in (0, 1)
    assert "Traceback" not in errors
    with open_ledger(case.ledger) as ledger:
        assert verify_ledger(ledger).head.size >= 1_000


def test_a_long_file_with_one_bad_line_is_recorded_but_for_that_line_in_bounded_memory(case: Case) -> None:
    bad = LINES // 2
    with case.lines.open("wb") as file:
        for number, line in enumerate(case.sealed(LINES), 1):
            file.write(line.replace(b'"sig":"', b'"sig":"!', 1) if number == bad else line)
            file.write(b"\n")
    small, large = peak_of(case, 1_000), peak_of(case, LINES)
    print(f"\npeak of memory: {small} MiB for 1,000 lines, {large} MiB for {LINES:,} lines")
    assert large - small < 48


def peak_of(case: Case, lines: int) -> int:
    """In MiB. Records the first lines of the file, which ends after the bad line if it has it."""
    whole, part = case.lines, case.lines.with_name("part.jsonl")
    with whole.open("rb") as file, part.open("wb") as beginning:
        for _ in range(lines):
            beginning.write(file.readline())
    case.lines = part
    command = [sys.executable, "-c", WITH_PEAK, *case.command[2:]]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    case.lines = whole
    refused = int(lines > LINES // 2)
    assert done.returncode == refused
    assert done.stdout.count("line ") == lines
    if refused:
        assert f"line {LINES // 2} signatures[0].sig: EV03" in done.stdout
        assert f"{lines - 1_001} recorded, 1000 already there, 1 refused" in done.stdout
    return int(done.stderr.split()[-1]) * 1024 // MEBIBYTE


def test_a_body_of_a_hundred_megabytes_is_refused_at_once(case: Case) -> None:
    (good,) = case.sealed(1)
    with case.lines.open("wb") as file:
        file.write(b'{"payload":"')
        for _ in range(100):
            file.write(b"A" * MEBIBYTE)
        file.write(b'"}\n' + good)
    with case.start("--format", "json") as process:
        told = json.loads(process.communicate(timeout=600)[0])
    assert [(line["line"], line.get("code")) for line in told["lines"]] == [(1, "EV02"), (2, None)]
    assert told["size"] == 1

"""`python -m tests.fuzz --seconds 600 [--seed N] [--only READER …]`: prints what it found; ends with 1 if anything."""

from __future__ import annotations

import argparse
import base64
import sys
import time
import traceback
from dataclasses import dataclass, field
from random import Random, SystemRandom

from tests.fuzz.changes import changed
from tests.fuzz.run import Subject, tried
from tests.fuzz.subjects import subjects

SLOW = 5.0  # seconds that no sample of this size may take


@dataclass
class Tally:
    tries: int = 0
    refused: int = 0
    slowest: float = 0.0
    found: set[str] = field(default_factory=set)


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--seconds", type=float, default=60.0, help="time budget of the whole run")
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(2**32))
    parser.add_argument("--only", nargs="*", default=[], help="names of readers")
    given = parser.parse_args(words)
    chosen = [s for s in subjects() if not given.only or s.kind in given.only]
    print(f"seed {given.seed}, {len(chosen)} readers, {given.seconds:g} s", flush=True)
    tallies = {subject.name: Tally() for subject in chosen}
    _run(chosen, tallies, Random(given.seed), time.monotonic() + given.seconds)
    for name, tally in tallies.items():
        print(f"{name:52} {tally.tries:8} tried {tally.refused:8} refused  slowest {tally.slowest:.2f} s")
    faults = sum(len(tally.found) for tally in tallies.values())
    print(f"{sum(t.tries for t in tallies.values())} tries, {faults} findings")
    return 1 if faults else 0


def _run(chosen: list[Subject], tallies: dict[str, Tally], chance: Random, until: float) -> None:
    """Each kind of reader has the same share of the time, the files of a case together."""
    samples = [subject.sample for subject in chosen]
    spent = dict.fromkeys((subject.kind for subject in chosen), 0.0)
    while time.monotonic() < until:
        kind = min(spent, key=spent.__getitem__)
        subject = chance.choice([s for s in chosen if s.kind == kind])
        begun = time.monotonic()
        for _ in range(20):
            _one(subject, tallies[subject.name], changed(subject.sample, samples, chance))
        spent[kind] += time.monotonic() - begun


def _one(subject: Subject, tally: Tally, content: bytes) -> None:
    begun = time.monotonic()
    try:
        tally.refused += tried(subject, content) == "refused"
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        _report(subject, tally, content, f"{type(error).__name__} at {frames[-1].name} of {_ours(frames)}: {error}")
    took = time.monotonic() - begun
    tally.tries += 1
    tally.slowest = max(tally.slowest, took)
    if took > SLOW:
        _report(subject, tally, content, "too slow")


def _ours(frames: traceback.StackSummary) -> str:
    inner = [f"{f.filename.rpartition('/')[2]}:{f.lineno}" for f in frames if "smartclause" in f.filename]
    return inner[-1] if inner else "the test"


def _report(subject: Subject, tally: Tally, content: bytes, said: str) -> None:
    """Each kind of finding once, with the bytes that show it."""
    kind = said.partition(":")[0] + said.partition(" of ")[2].partition(" ")[0]
    if kind in tally.found:
        return
    tally.found.add(kind)
    print(
        f"FOUND {subject.name}, {len(content)} bytes: {said[:300]}\n  {base64.b64encode(content[:20_000]).decode()}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

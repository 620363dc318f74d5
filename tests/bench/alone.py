"""A case file of 1,000 entries checked by the one file of plain Python, beside the package with its libraries."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from smartclause.evidence.keys import Algorithm, make_key, sign, verify
from smartclause.standalone import plain_primitives
from smartclause.standalone.build import built
from smartclause.verbs.case_check import check_case
from tests.bench.timing import Timed, seconds
from tests.verbs.case_samples import exported, scope
from tests.verbs.samples import HOUR, Setting, use

ENTRIES = 1_000
SIGNATURES = 200
ALGORITHMS: tuple[Algorithm, ...] = ("ed25519", "ecdsa-p256-sha256")


def recorded(folder: Path) -> Setting:
    """Uses of as many subjects, each signed by two keys, and a mark of completeness of every party."""
    setting = Setting(folder)
    setting.sign("A", "B", "C")
    for group in range(0, ENTRIES - 3, 250):
        numbers = range(group, min(group + 250, ENTRIES - 3))
        setting.record(*(setting.envelope("B", "C", **use(facts={"subject": f"s{n}"})) for n in numbers))
        setting.clock.now += HOUR
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")))
    setting.clock.now += HOUR
    return setting


def measure() -> Iterator[Timed]:
    yield from signatures()
    with TemporaryDirectory() as name:
        folder = Path(name)
        setting = recorded(folder)
        (folder / "verify_case.py").write_bytes(built())
        for what, asked in (("one act", scope(subject="s1")), ("every act", scope(since=0))):
            exported(setting, asked, out=folder / what)
            yield from checks(folder, what)


def checks(folder: Path, what: str) -> Iterator[Timed]:
    command = [sys.executable, "-I", "-S", str(folder / "verify_case.py"), str(folder / what)]
    for name, work in (
        (f"check a case, {what} disputed, by the package", lambda: check_case(folder / what)),
        (f"check a case, {what} disputed, by the one file", lambda: ended(command)),
    ):
        yield Timed(name, seconds(work, 1), ENTRIES, "entry", f"check a case, {what} disputed, by the package")


def ended(command: list[str]) -> None:
    found = subprocess.run(command, capture_output=True, check=False)
    if found.returncode not in (0, 3):
        raise SystemExit(found.stdout.decode() + found.stderr.decode())


def signatures() -> Iterator[Timed]:
    for algorithm in ALGORITHMS:
        key = make_key(algorithm)
        made = [(m, sign(key, m)) for m in (b"%d" % n * 100 for n in range(SIGNATURES))]
        handle = plain_primitives.read_public(key.public.der)
        library, plain = partial(verify, key.public), partial(plain_primitives.verify, handle)
        for name, check in ((f"{algorithm}, the library", library), (f"{algorithm}, plain Python", plain)):
            work = partial(all_hold, check, made)
            yield Timed(f"verify {name}", seconds(work), SIGNATURES, "signature", f"verify {algorithm}, the library")


def all_hold(check: Callable[[bytes, bytes], bool], made: list[tuple[bytes, bytes]]) -> None:
    if not all(check(message, signature) for message, signature in made):
        raise SystemExit("a genuine signature is refused")

"""Time stamps verified by openssl alone: as the package judges them, wherever openssl is installed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from smartclause.evidence.errors import EvidenceError
from smartclause.standalone import plain_stamps
from smartclause.verbs import case_stamps

FIXTURES = Path(__file__).parents[2] / ".." / "shared" / "vectors" / "rfc3161" / "test" / "fixtures"
NAMES = ("sigstage/response-sha256.tsr", "sigstage/response-sha512.tsr", "test_tsa/response.tsr")

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl on this machine")


def published(name: str) -> bytes:
    if not FIXTURES.is_dir():
        pytest.skip("the published vectors are not beside this checkout")
    return (FIXTURES / name).read_bytes()


def time_of(module: object, answer: bytes, message: bytes, roots: bytes) -> int | None:
    try:
        found: int = module.read_stamp(answer, message, roots).time  # type: ignore[attr-defined]
    except EvidenceError:
        return None
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_published_stamp_holds_for_its_message_and_its_root_alone(name: str) -> None:
    answer, folder = published(name), name.partition("/")[0]
    roots, other = published(f"{folder}/ts_chain.pem"), published("identrust/ts_chain.pem")
    for message, known in ((b"hello", roots), (b"hallo", roots), (b"hello", other)):
        own, package = (time_of(m, answer, message, known) for m in (plain_stamps, case_stamps))
        assert own == package
        assert (own is not None) == ((message, known) == (b"hello", roots))


def changes(answer: bytes) -> Iterator[bytes]:
    for place in range(0, len(answer), len(answer) // 12):
        yield answer[:place] + bytes([answer[place] ^ 1]) + answer[place + 1 :]


def test_a_changed_stamp_holds_for_nobody_or_says_the_same() -> None:
    answer, roots = published(NAMES[0]), published("sigstage/ts_chain.pem")
    whole = time_of(plain_stamps, answer, b"hello", roots)
    for changed in changes(answer):
        assert time_of(plain_stamps, changed, b"hello", roots) in (None, whole)


def test_without_openssl_nothing_is_checked_and_nothing_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert plain_stamps._program() is None
    assert time_of(plain_stamps, published(NAMES[0]), b"hello", published("sigstage/ts_chain.pem")) is None


def test_a_program_in_the_folder_of_the_case_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "openssl").write_text("#!/bin/sh\nexit 0\n")
    (tmp_path / "openssl").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert plain_stamps._program() is not None
    monkeypatch.chdir(tmp_path)
    assert plain_stamps._program() is None


def test_the_two_modules_have_the_same_face() -> None:
    assert set(plain_stamps.Stamp.__slots__) == set(case_stamps.Stamp.__slots__)
    assert plain_stamps.CAN_CHECK

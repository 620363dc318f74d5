"""Files are written whole or not at all."""

import errno
import os
from pathlib import Path

import pytest

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import write_whole


def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "contract.json"
    kept.write_bytes(b"old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EvidenceError, match="EV19"):
        write_whole(kept, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["contract.json"]
    assert kept.read_bytes() == b"old"

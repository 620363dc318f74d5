"""Files are opened without waiting, and read no further than asked."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from smartclause.logic.opening import beginning


@pytest.mark.parametrize("size", [0, 9, 10, 11, 100])
def test_a_longer_file_is_known_by_one_byte_more(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * size)
    assert beginning(path, 10) == b"x" * min(size, 11)


def test_of_a_file_of_a_gigabyte_the_beginning_alone_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    os.truncate(path, 2**30)
    assert beginning(path, 10) == bytes(11)


def test_a_pipe_without_a_writer_is_empty_and_one_with_a_writer_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    assert beginning(path, 10) == b""
    reader, writer = os.pipe()
    written = threading.Timer(0.05, lambda: (os.write(writer, b"late"), os.close(writer)))
    written.start()
    assert beginning(Path(f"/dev/fd/{reader}"), 10) == b"late"
    written.join()
    os.close(reader)


def test_what_is_no_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(OSError, match="directory"):
            beginning(path, 10)

"""Files that do harm, or none that anybody meant: each is put in the place of every file that a command reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

BIDI = "\u202e"

Maker = Callable[[Path, bytes], None]


def _content(change: Callable[[bytes], bytes]) -> Maker:
    def make(path: Path, genuine: bytes) -> None:
        path.write_bytes(change(genuine))

    return make


def _sparse(size: int) -> Maker:
    def make(path: Path, _genuine: bytes) -> None:
        path.touch()
        os.truncate(path, size)

    return make


def _as_utf16(genuine: bytes) -> bytes:
    return genuine.decode("utf-8", "replace").encode("utf-16")


FILES: Mapping[str, Maker] = {
    "missing": lambda _path, _genuine: None,
    "a folder": lambda path, _genuine: path.mkdir(),
    "a pipe": lambda path, _genuine: os.mkfifo(path),
    "a link to itself": lambda path, _genuine: path.symlink_to(path.name),
    "empty": _content(lambda _: b""),
    "white space": _content(lambda _: b" \n\r\n\t \n"),
    "cut in the middle": _content(lambda genuine: genuine[: len(genuine) // 2 + 1]),  # of two equal lines not at an end
    "in UTF-16": _content(_as_utf16),
    "with a byte order mark": _content(lambda genuine: b"\xef\xbb\xbf" + genuine),
    "with bytes that are no text": _content(lambda genuine: genuine[:9] + b"\xff\xfe\x00" + genuine[9:]),
    "deep lists": _content(lambda _: b"[" * 200_000),
    "deep objects": _content(lambda _: b'{"payload":' * 100_000),
    "a name given twice": _content(lambda _: b'{"payload":"","payload":"","format":1,"format":2}'),
    "huge numbers": _content(lambda _: b'{"format":' + b"9" * 100_000 + b"}"),
    "a number that is none": _content(lambda _: b'{"type":NaN,"facts":{"a":Infinity,"b":-Infinity,"c":1e999}}'),
    "half of a surrogate pair": _content(lambda _: b'{"type":"\\ud800","facts":{"a":"\\udfff"}}'),
    "text that turns its direction": _content(lambda _: f'{{"type":"{BIDI}x","name":"{BIDI}"}}'.encode()),
    "control characters": _content(lambda _: b'{"type":"\x1b[2J\x07"}\n\x1b]0;x\x07\n'),
    "an array of everything": _content(lambda _: b'[null,true,1,"x",[],{}]'),
    "a database of another kind": _content(lambda _: b"SQLite format 3\x00" + bytes(4096)),
    "a zip file that is none": _content(lambda _: b"PK\x03\x04" + bytes(200) + b"PK\x05\x06" + bytes(18)),
    "four megabytes on one line": _content(lambda _: b'{"payload":"' + b"A" * 2**22 + b'"}'),
    "a hundred megabytes of nothing": _sparse(100 * 2**20),
}

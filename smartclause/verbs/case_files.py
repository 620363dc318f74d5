"""The files of a case, in a folder or a zip file: names that cannot leave it, no links, bounded in number and size.

Nothing is unpacked: a file is read where it lies, up to a limit.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO

from smartclause.logic.canonical import digest_of_bytes
from smartclause.verbs.errors import VerbError

MAX_FILES = 50_000
MAX_FILE = 2**30
MAX_TOTAL = 2**31
MAX_RATIO = 200  # a megabyte of one byte packs a thousand times smaller; signed records, at most about ten times
_CHUNK = 2**20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,149}(/[A-Za-z0-9][A-Za-z0-9._-]{0,149}){0,3}")
_DRIVE = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?")
_ENCRYPTED, _SIZES_FOLLOW = 0x1, 0x8
_LOCAL_HEAD = 30  # bytes before the name of a member
_SIZES_BEHIND = (12, 16, 20, 24)  # bytes of a record behind a member whose sizes were not known before
MAX_LISTING = 400 * MAX_FILES
_TAIL = 2**16 + 64  # the end record with the longest comment, and what may stand before it
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class CaseFiles:
    """`sizes` in bytes, by name. Read from `place`, or from `held`, which keeps the contents in memory."""

    place: str
    sizes: Mapping[str, int]
    folder: Path | None = None
    archive: zipfile.ZipFile | None = None
    held: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, name: str, limit: int = MAX_FILE) -> bytes:
        """Raises VerbError VB31 if it is longer than `limit` or cannot be read."""
        with self._reading(name) as file:
            content = file.read(limit + 1)
        if len(content) > limit:
            raise _unusable(self.place, f"{name} is longer than {limit} bytes")
        return content

    def digest(self, name: str) -> str:
        total, hashed = 0, sha256()
        with self._reading(name) as file:
            while chunk := file.read(_CHUNK):
                total += len(chunk)
                if total > self.sizes[name]:
                    raise _unusable(self.place, f"{name} is longer than it says")
                hashed.update(chunk)
        return f"sha256:{hashed.hexdigest()}"

    @contextmanager
    def _reading(self, name: str) -> Iterator[IO[bytes]]:
        try:
            with self._open(name) as file:
                yield file
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            raise _unusable(self.place, f"{name} cannot be unpacked") from None
        except (OSError, KeyError):
            raise _unusable(self.place, f"{name} cannot be read") from None

    def _open(self, name: str) -> IO[bytes]:
        if self.folder is not None:
            return (self.folder / name).open("rb")
        if self.archive is not None:
            return self.archive.open(name)
        return BytesIO(self.held[name])


def held(contents: Mapping[str, bytes], place: str = "") -> CaseFiles:
    return CaseFiles(place, {name: len(content) for name, content in contents.items()}, held=contents)


@contextmanager
def open_case(path: Path) -> Iterator[CaseFiles]:
    """Raises VerbError VB31: neither a folder nor a zip file, or one that no case file is."""
    if path.is_dir():
        yield CaseFiles(path.name, _bounded(path.name, dict(_in_folder(path))), folder=path)
        return
    if path.exists() and not path.is_file():
        raise _unusable(path.name, "it is neither a folder nor a zip file")  # a pipe would be waited for
    try:
        _refuse_long_listing(path)
        with zipfile.ZipFile(path) as archive:
            sizes = _bounded(path.name, _in_archive(path.name, archive))
            _refuse_hidden(path, archive)
            yield CaseFiles(path.name, sizes, archive=archive)
    except FileNotFoundError:
        raise _unusable(str(path), "there is no such file") from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, UnicodeDecodeError, ValueError):
        raise _unusable(path.name, "it is neither a folder nor a zip file") from None
    except OSError as error:
        raise _unusable(path.name, error.strerror or "it cannot be read") from None


def _refuse_long_listing(path: Path) -> None:
    """Before the list of members is read into memory: its length stands in the last lines of a zip file."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        tail = file.read(_TAIL)
    at = tail.find(_END)
    while at >= 0:
        size = int.from_bytes(tail[at + 12 : at + 16], "little")
        if size > MAX_LISTING or tail[max(0, at - 20) : at].startswith(_END_64):
            raise _unusable(path.name, f"it has more than {MAX_FILES} files")
        at = tail.find(_END, at + 1)


def _in_folder(root: Path) -> Iterator[tuple[str, int]]:
    waiting, seen = [root], 0
    while waiting:
        folder = waiting.pop()
        for path in sorted(folder.iterdir()):
            seen += 1
            name = path.relative_to(root).as_posix()
            _refuse_name(root.name, name)
            mode = path.lstat().st_mode
            if seen > MAX_FILES:
                raise _unusable(root.name, f"it has more than {MAX_FILES} files")
            if stat.S_ISDIR(mode):
                waiting.append(path)
            elif stat.S_ISREG(mode):
                yield name, path.lstat().st_size
            else:
                raise _unusable(root.name, f"{name} is a link or a device")


def _in_archive(place: str, archive: zipfile.ZipFile) -> dict[str, int]:
    members = archive.infolist()
    if len(members) > MAX_FILES:
        raise _unusable(place, f"it has more than {MAX_FILES} files")
    sizes: dict[str, int] = {}
    for member in members:
        name = member.filename
        if name.endswith("/") and not member.file_size:
            _refuse_name(place, name[:-1])
            continue
        _refuse_name(place, name)
        if name in sizes:
            raise _unusable(place, f"{name} is in it twice")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _unusable(place, f"{name} is a link or a device")
        if member.flag_bits & _ENCRYPTED:
            raise _unusable(place, f"{name} is encrypted")
        if member.file_size > _CHUNK and member.file_size > MAX_RATIO * member.compress_size:
            raise _unusable(place, f"{name} would unpack to more than it can hold")
        sizes[name] = member.file_size
    return sizes


def _refuse_hidden(path: Path, archive: zipfile.ZipFile) -> None:
    """Members that the listing does not name: a program that reads from the beginning would unpack other files."""
    at = 0
    spare: tuple[int, ...] = (0,)
    with path.open("rb") as file:
        for member in sorted(archive.infolist(), key=lambda m: m.header_offset):
            file.seek(member.header_offset)
            head = file.read(_LOCAL_HEAD)
            if member.header_offset - at not in spare or len(head) < _LOCAL_HEAD:
                raise _unusable(path.name, "between its files stands what its listing does not name")
            named = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
            at = member.header_offset + _LOCAL_HEAD + named + member.compress_size
            spare = _SIZES_BEHIND if member.flag_bits & _SIZES_FOLLOW else (0,)
    if archive.start_dir - at not in spare or archive.comment:
        raise _unusable(path.name, "between its files stands what its listing does not name")


def _refuse_name(place: str, name: str) -> None:
    if not _NAME.fullmatch(name) or any(_DRIVE.fullmatch(part) for part in name.split("/")):
        raise _unusable(place, f"a file in it has the name `{name[:100]}`")


def _bounded(place: str, sizes: dict[str, int]) -> dict[str, int]:
    too_long = next((name for name, size in sizes.items() if size > MAX_FILE), None)
    if too_long is not None:
        raise _unusable(place, f"{too_long} is longer than {MAX_FILE} bytes")
    if sum(sizes.values()) > MAX_TOTAL:
        raise _unusable(place, f"its files are longer than {MAX_TOTAL} bytes together")
    if MANIFEST not in sizes:
        raise _unusable(place, f"{MANIFEST} is not in it")
    return sizes


def _unusable(place: str, reason: str) -> VerbError:
    return VerbError("VB31", place, reason=reason)


# ---- writing

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same contents give the same zip file
_ZIP_MODE = (stat.S_IFREG | 0o644) << 16


def zipped(contents: Mapping[str, bytes]) -> bytes:
    """Stored, not packed: packers differ from machine to machine."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(contents):
            member = zipfile.ZipInfo(name, _ZIP_TIME)
            member.external_attr, member.create_system = _ZIP_MODE, 3
            archive.writestr(member, contents[name])
    return out.getvalue()


def digest_of_all(digests: Mapping[str, str]) -> str:
    """One digest of several files: of the lines `digest  name`, sorted by name."""
    lines = (f"{digests[name]}  {name}\n" for name in sorted(digests))
    return digest_of_bytes("".join(lines).encode())

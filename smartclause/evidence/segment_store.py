"""The folder of a ledger's segments: files named by their digest, so that one never stands in another's place."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import settle_folder
from smartclause.evidence.segment import digest_text
from smartclause.evidence.segment_file import opened_file

_PIECE = 2**20


def segments_folder(ledger: Path) -> Path:
    """Beside the ledger, unless another one is named."""
    return ledger.with_name(f"{ledger.name}.segments")


def file_name(digest: str) -> str:
    return f"{digest.removeprefix('sha256:')}.parquet"


def segment_path(folder: Path, digest: str) -> Path:
    return folder / file_name(digest)


def need_segment(folder: Path, digest: str, place: str = "") -> Path:
    """Raises EvidenceError EV34 if the file is not there."""
    path = segment_path(folder, digest)
    if not path.is_file():
        raise EvidenceError("EV34", place, name=path.name)
    return path


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole copy on the disk that has no name yet; `taken`: a file of that name was there before."""

    draft: Path
    path: Path

    def settle(self) -> bool:
        """Gives it its name; whether it was new. Raises EvidenceError EV19."""
        try:
            new = not self.path.exists()
            self.draft.replace(self.path)
            settle_folder(self.path.parent)
        except OSError as error:
            raise EvidenceError("EV19", name=self.path.name, reason=error.strerror or "it cannot be written") from None
        return new


@contextmanager
def copied(source: Path, folder: Path, digest: str) -> Iterator[Draft]:
    """A copy of the file in the folder, if it has this digest. Raises EvidenceError EV02, EV19, EV33."""
    path = segment_path(folder, digest)
    draft = folder / f".{path.name}.{secrets.token_hex(8)}"
    try:
        try:
            folder.mkdir(exist_ok=True)
            if _copy(source, draft) != digest:
                raise EvidenceError("EV33", source.name, reason="it was changed while it was read")
        except OSError as error:
            raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be written") from None
        yield Draft(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _copy(source: Path, draft: Path) -> str:
    found = hashlib.sha256()
    with opened_file(source) as file, draft.open("xb") as copy:
        while piece := file.read(_PIECE):
            found.update(piece)
            copy.write(piece)
        copy.flush()
        os.fsync(copy.fileno())
    return digest_text(found.digest())

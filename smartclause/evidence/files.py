"""Files written whole or not at all, and read up to a limit."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from smartclause.evidence.errors import EvidenceError
from smartclause.logic.opening import beginning

PRIVATE = 0o600
SHARED = 0o644


def read_limited(path: Path, limit: int) -> bytes:
    """Raises EvidenceError EV02 if the file is longer than `limit` bytes, EV19 if it cannot be read."""
    try:
        content = beginning(path, limit)
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be read") from None
    if len(content) > limit:
        raise EvidenceError("EV02", str(path.name), what="the file", size=f"more than {limit}", limit=limit)
    return content


def write_whole(path: Path, content: bytes, mode: int = SHARED, *, replace: bool = True) -> None:
    """On the disk before it takes its name. Raises EvidenceError EV19; without `replace` also if taken."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        try:
            _write_draft(draft, content, mode)
            if replace:
                draft.replace(path)
            else:
                path.hardlink_to(draft)  # fails where the name is taken, unlike a rename
            settle_folder(path.parent)
        finally:
            draft.unlink(missing_ok=True)
    except FileExistsError:
        raise EvidenceError("EV19", name=path.name, reason="it exists already") from None
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be written") from None


def _write_draft(draft: Path, content: bytes, mode: int) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(handle, mode)
        file.write(content)
        file.flush()
        os.fsync(handle)


def settle_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

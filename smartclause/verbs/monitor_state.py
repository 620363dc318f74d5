"""The state of the monitor on the disk: whole or not at all, so that a run that was killed goes on where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import write_whole
from smartclause.logic.opening import opened
from smartclause.verbs.errors import VerbError

EDITION = "monitor state 1"


@dataclass(frozen=True, slots=True)
class Saved:
    """`about` names contract, settings and source; of another run nothing is taken."""

    about: dict[str, Any]
    data: dict[str, Any]


def write_state(path: Path, saved: Saved) -> None:
    """Raises EvidenceError EV19."""
    write_whole(path, msgspec.json.encode({"edition": EDITION, "about": saved.about, "data": saved.data}) + b"\n")


def read_state(path: Path, about: dict[str, Any]) -> dict[str, Any] | None:
    """None if there is none yet. Raises EvidenceError EV19, VerbError VB53."""
    if not path.exists():
        return None
    if not path.is_file():  # what is no file may have no end
        raise VerbError("VB53", path.name, reason="it is no state that the monitor wrote")
    try:
        with opened(path) as file:
            found = msgspec.json.decode(file.read())
        if found["edition"] != EDITION:
            raise VerbError("VB53", path.name, reason=f"its edition is not {EDITION}")
        data: dict[str, Any] = found["data"]
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be read") from None
    except (msgspec.DecodeError, KeyError, TypeError, UnicodeDecodeError):
        raise VerbError("VB53", path.name, reason="it is no state that the monitor wrote") from None
    different = [name for name, value in about.items() if found["about"].get(name) != value]
    if different:
        raise VerbError("VB53", path.name, reason=f"it is of a run with another {different[0]}")
    return data

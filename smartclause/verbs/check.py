"""`check`: parse, resolve, type-check and lint clause files. Findings are values; nothing is raised for user text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence.errors import EvidenceError
from smartclause.language.diagnostic import Diagnostic
from smartclause.language.load import Loaded, load


@dataclass(frozen=True, slots=True)
class Checked:
    path: Path
    loaded: Loaded

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        return self.loaded.diagnostics

    @property
    def holds(self) -> bool:
        """No error; warnings and lints may remain."""
        return self.loaded.contract is not None and not self.loaded.has_errors


def check(files: tuple[Path, ...], *, folders: tuple[Path, ...] = ()) -> tuple[Checked, ...]:
    """Raises EvidenceError EV19 for a file that is not there."""
    for path in files:
        if not path.is_file():
            raise EvidenceError("EV19", name=str(path), reason="there is no such file")
    return tuple(Checked(path, load(path, folders)) for path in files)

"""`format`: a clause file in its canonical layout, in its own or the other language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence.errors import EvidenceError, Lang
from smartclause.evidence.files import read_limited
from smartclause.language.format import format as written
from smartclause.language.load import load
from smartclause.logic.canonical import MAX_BYTES
from smartclause.verbs.compile import NotCompiledError


@dataclass(frozen=True, slots=True)
class Formatted:
    path: Path
    before: str
    text: str

    @property
    def changed(self) -> bool:
        return self.before != self.text


def formatted(path: Path, to: Lang | None = None, folders: tuple[Path, ...] = ()) -> Formatted:
    """Only a file that parses is written anew. Raises NotCompiledError (VB03), EvidenceError EV19."""
    if not path.is_file():
        raise EvidenceError("EV19", name=str(path), reason="there is no such file")
    loaded = load(path, folders)
    tree = loaded.trees.get(loaded.root)
    if tree is None or loaded.has_errors:
        raise NotCompiledError(loaded, str(path))
    before = read_limited(path, MAX_BYTES).decode("utf-8", "replace")
    return Formatted(path, before, written(tree, to))

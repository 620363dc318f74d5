"""`compile`: from clause files to the canonical contract that parties sign, with the digest of every source."""

from __future__ import annotations

from pathlib import Path

from smartclause.evidence.statement import SourceFile
from smartclause.language.load import Loaded, load
from smartclause.logic.canonical import digest_of_bytes
from smartclause.verbs.bundle import Bundle, bundle_of
from smartclause.verbs.errors import VerbError


class NotCompiledError(VerbError):
    """The clause file has errors; `loaded` holds them."""

    def __init__(self, loaded: Loaded, place: str) -> None:
        self.loaded = loaded
        super().__init__("VB03", place)


def compiled(path: Path, folders: tuple[Path, ...] = ()) -> Bundle:
    """Unsigned. Raises NotCompiledError (VB03)."""
    loaded = load(path, folders)
    if loaded.contract is None or loaded.has_errors:
        raise NotCompiledError(loaded, str(path))
    return bundle_of(loaded.contract, sources_of(loaded), str(path))


def sources_of(loaded: Loaded) -> tuple[SourceFile, ...]:
    """The hash of the bytes of each file, by the name in its header."""
    found = ((name, digest_of_bytes(content)) for name, content in sorted(loaded.sources.items()))
    return tuple(SourceFile(name=name, digest=digest) for name, digest in found)

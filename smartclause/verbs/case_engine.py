"""Which program judged: the digest of its own modules, and its version."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from smartclause.logic.canonical import digest_of_bytes
from smartclause.verbs.case_files import digest_of_all


@cache
def engine_digest() -> str:
    """Of the lines `digest  name` of all modules, sorted by name; empty where they cannot be read."""
    try:
        return digest_of_all(dict(_modules(files("smartclause"), "smartclause")))
    except (OSError, TypeError, ImportError, AttributeError):
        return ""


def _modules(folder: Traversable, name: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for each in sorted(folder.iterdir(), key=lambda e: e.name):
        path = f"{name}/{each.name}"
        if each.is_dir() and each.name != "__pycache__":
            found += _modules(each, path)
        elif each.name.endswith(".py"):
            found.append((path, digest_of_bytes(each.read_bytes())))
    return found


def engine_version() -> str:
    try:
        return f"smartclause {version('smartclause')}"
    except PackageNotFoundError:  # run from a folder, without having been installed
        return "smartclause 0"

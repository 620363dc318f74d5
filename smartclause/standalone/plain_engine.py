"""Which program judged, as it was enclosed in one file: stands in for `verbs.case_engine`."""

from __future__ import annotations

from smartclause.standalone.enclosed import enclosed


def engine_digest() -> str:
    """Of all modules of the package that the file was made from."""
    return enclosed("engine/digest").decode().strip()


def engine_version() -> str:
    return enclosed("engine/version").decode().strip()

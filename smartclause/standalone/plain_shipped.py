"""The data that counting rests on, as enclosed in one file: stands in for `logic.shipped`."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache

from smartclause.standalone.enclosed import enclosed


def calendar_file(name: str) -> bytes:
    """The data file of a calendar such as `cn` or `eu.FR`."""
    return enclosed(f"calendars/{name}.json")


def zone_edition() -> str:
    """The release of the zone data."""
    return enclosed("zones/edition").decode().strip()


@cache
def zone_names() -> frozenset[str]:
    return frozenset(_zones())


def zone_file(name: str) -> bytes:
    """Of a zone of `zone_names`, in the format of RFC 8536."""
    content = _zones()[name]
    return base64.b64decode(_zones()[content.removeprefix("=")] if content.startswith("=") else content)


@cache
def _zones() -> Mapping[str, str]:
    """For each zone its file in base64, or `=` and the zone whose file it shares."""
    lines = (line.partition(" ") for line in enclosed("zones/files").decode().splitlines())
    return {name: content for name, _, content in lines}

"""The data that counting rests on, as shipped: calendars of working days, and time zones.

From the package and its zone package only: the data of an operating system differ between machines.
"""

from functools import cache
from importlib.metadata import version
from importlib.resources import files


def calendar_file(name: str) -> bytes:
    """The data file of a calendar such as `cn` or `eu.FR`."""
    folder = files("smartclause.logic").joinpath("data", "calendars")
    return folder.joinpath(*f"{name}.json".replace("eu.", "eu/").split("/")).read_bytes()


def zone_edition() -> str:
    """The release of the zone data."""
    return version("tzdata")


@cache
def zone_names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())


def zone_file(name: str) -> bytes:
    """Of a zone of `zone_names`, in the format of RFC 8536."""
    return files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()

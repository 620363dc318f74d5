"""A million events of sixty days over a hundred thousand subjects, as lines of JSON: seeded, always the same."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

EVENTS = 1_000_000
SUBJECTS = 100_000
DAYS = 60
START = datetime(2026, 1, 1, tzinfo=UTC)
CONTRACT = "stream_policy"
BUSY = 8  # persons who read so much that the limit of a day matters
READERS = 2_000

_SHARES = (("use", 42), ("read", 33), ("consent", 16), ("deletion_request", 4), ("breach", 1))


def lines(events: int = EVENTS) -> Iterator[str]:
    """In the order of time; events of one second keep the order of the lines."""
    for seconds, kind, name in _ordered(events, Random(2026)):
        yield _line(seconds, kind, name)


def write(path: Path, events: int = EVENTS) -> Path:
    with path.open("w", encoding="ascii") as file:
        file.writelines(lines(events))
    return path


def _ordered(events: int, chance: Random) -> list[tuple[int, str, str]]:
    span = DAYS * 86_400
    kinds = [kind for kind, share in _SHARES for _ in range(share)]
    found: list[tuple[int, str, str]] = []
    while len(found) < events:
        seconds, kind = int(chance.random() * span), kinds[int(chance.random() * len(kinds))]
        name = _name(kind, chance, len(found))
        found.append((seconds, kind, name))
        answered = _answer(kind, seconds, chance)
        if answered is not None and answered[0] < span:
            found.append((*answered, name))
    return sorted(found[:events], key=lambda each: each[0])


def _name(kind: str, chance: Random, number: int) -> str:
    if kind == "breach":
        return f"b{number}"
    if kind == "read":
        busy = chance.random() < 0.15
        return f"r{int(chance.random() * (BUSY if busy else READERS))}"
    return f"s{int(chance.random() * SUBJECTS)}"


def _answer(kind: str, seconds: int, chance: Random) -> tuple[int, str] | None:
    """Most in time, some late, some never."""
    if kind == "deletion_request":
        return seconds + int(chance.random() * 18 * 86_400) + 1, "delete"
    if kind == "breach" and chance.random() < 0.9:
        return seconds + int(chance.random() * 80 * 3_600) + 1, "notify"
    return None


def _line(seconds: int, kind: str, name: str) -> str:
    event: dict[str, object] = {"type": f"{CONTRACT}.{kind}", "time": _time(seconds)}
    match kind:
        case "use":
            event |= {"by": "B", "asset": "d", "facts": {"subject": name}}
        case "read":
            event |= {"by": "B", "asset": "d", "facts": {"accessor": name}}
        case "consent":
            state = "withdrawn" if int(name[1:]) % 7 == seconds % 7 else "given"
            event |= {"facts": {"subject": name, "consent_state": f"{CONTRACT}.{state}"}}
        case "delete":
            event |= {"by": "B", "facts": {"subject": name}}
        case "notify":
            event |= {"by": "B", "to": "A", "facts": {"incident": name}}
        case "deletion_request":
            event |= {"facts": {"subject": name}}
        case _:
            event |= {"facts": {"incident": name}}
    return json.dumps(event, separators=(",", ":")) + "\n"


def _time(seconds: int) -> str:
    return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

"""A million events of sixty days over a hundred thousand subjects, as lines of JSON: seeded, always the same."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

START = datetime(2026, 1, 1, tzinfo=UTC)
CONTRACT = "stream_policy"


@dataclass(frozen=True)
class Scale:
    """`busy` persons read so much that the limit of a day matters."""

    events: int
    subjects: int
    days: int
    readers: int
    busy: int


FULL = Scale(1_000_000, 100_000, 60, 2_000, 8)
SMALL = (Scale(400, 40, 1, 1, 1), Scale(600, 40, 40, 20, 1))  # the reference reads them in seconds
PART = Scale(100_000, 10_000, 60, 200, 1)  # as dense in time as to each person, for what takes longer
TINY = Scale(60, 10, 10, 5, 1)

_SHARES = (("use", 42), ("read", 33), ("consent", 16), ("deletion_request", 4), ("breach", 1))


def lines(scale: Scale = FULL) -> Iterator[str]:
    """In the order of time; events of one second keep the order of the lines."""
    for seconds, kind, name in _ordered(scale, Random(2026)):
        yield _line(seconds, kind, name)


def write(path: Path, scale: Scale = FULL) -> Path:
    with path.open("w", encoding="ascii") as file:
        file.writelines(lines(scale))
    return path


def write_late(path: Path, scale: Scale, lag: int, share: float) -> Path:
    """Each line comes as much as `lag` seconds late, or in time: a share of them late."""
    chance = Random(30)
    coming = []
    for number, (seconds, kind, name) in enumerate(_ordered(scale, Random(2026))):
        late = chance.random() * lag if chance.random() < share else 0
        coming.append((seconds + late, number, _line(seconds, kind, name)))
    with path.open("w", encoding="ascii") as file:
        file.writelines(line for _, _, line in sorted(coming))
    return path


def _ordered(scale: Scale, chance: Random) -> list[tuple[int, str, str]]:
    span = scale.days * 86_400
    kinds = [kind for kind, share in _SHARES for _ in range(share)]
    found: list[tuple[int, str, str]] = []
    while len(found) < scale.events:
        seconds, kind = int(chance.random() * span), kinds[int(chance.random() * len(kinds))]
        name = _name(kind, chance, len(found), scale)
        found.append((seconds, kind, name))
        answered = _answer(kind, seconds, chance)
        if answered is not None and answered[0] < span:
            found.append((*answered, name))
    return sorted(found[: scale.events], key=lambda each: each[0])


def _name(kind: str, chance: Random, number: int, scale: Scale) -> str:
    if kind == "breach":
        return f"b{number}"
    if kind == "read":
        busy = chance.random() < 0.15
        return f"r{int(chance.random() * (scale.busy if busy else scale.readers))}"
    return f"s{int(chance.random() * scale.subjects)}"


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

"""What the report shows, row by row: words and numbers, nothing left to decide."""

from dataclasses import dataclass

from smartclause.engines.prose_findings import Line
from smartclause.engines.prose_names import Lang
from smartclause.engines.timeline import Timeline
from smartclause.logic.instances import DutyStatus
from smartclause.logic.verdict import ClauseState


@dataclass(frozen=True, slots=True)
class Share:
    """`style` names the colour."""

    style: str
    label: str
    count: int
    percent: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class UseRow:
    name: str
    act: str
    time: str
    event: str
    why: tuple[tuple[str, str], ...]  # what is the matter, and what to bring
    remarks: tuple[str, ...]
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class UseGroup:
    """Uses decided by the same clauses. `left`: how many are not listed; `brief`: listed without explanation."""

    headings: tuple[str, ...]
    texts: tuple[str, ...]
    count: int
    rows: tuple[UseRow, ...]
    left: int
    brief: int = 0


@dataclass(frozen=True, slots=True)
class ConflictRow:
    use: str
    clauses: str
    test: str
    passes: tuple[str, ...]
    fails: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SecondValueRow:
    record: str
    event: str
    fact: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class MissingRow:
    why: str
    bring: str
    settles: int
    uses: int


@dataclass(frozen=True, slots=True)
class ClauseRow:
    heading: str
    text: str
    cites: str
    meaning: tuple[str, ...]
    figures: tuple[str, ...]
    uses: tuple[Share, ...]
    duties: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class DutyRow:
    clause: str
    owed: str
    state: str
    status: Share


@dataclass(frozen=True, slots=True)
class Page:
    lang: Lang
    title: str
    governing: str
    version: str
    asked: str
    zone: str
    source: str
    notes: tuple[str, ...]
    total: int
    shares: tuple[Share, ...]
    finality: tuple[Share, ...]
    groups: dict[str, tuple[UseGroup, ...]]
    conflicts: tuple[ConflictRow, ...]
    conflicts_left: int
    mixed: tuple[ConflictRow, ...]
    mixed_left: int
    second_values: tuple[SecondValueRow, ...]
    second_values_left: int
    missing: tuple[MissingRow, ...]
    missing_left: int
    clauses: tuple[tuple[str, tuple[ClauseRow, ...]], ...]
    duty_counts: tuple[Share, ...]
    duties: tuple[DutyRow, ...]
    duties_left: int
    duties_total: int
    upcoming: tuple[DutyRow, ...]
    timeline: Timeline | None
    inputs: tuple[tuple[str, str], ...]


def style_of(state: ClauseState | DutyStatus) -> str:
    """The name of the colour: a word that may stand in a class attribute."""
    name: str = state.value
    return name.replace(" ", "-")


def percent(count: int, total: int) -> str:
    """Of a whole; never rounded to 100 or 0 where it is not."""
    if not total:
        return "0%"
    shown = f"{100 * count / total:.1f}".removesuffix(".0")
    if shown == "100" and count < total:
        shown = "99.9"
    if shown == "0" and count:
        shown = "0.1"
    return f"{shown}%"

"""Duties over time, as shares of one axis: where each runs, falls due, and was done."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from smartclause.engines.prose_duties import DutyLines
from smartclause.engines.prose_names import Lang, Names, day
from smartclause.engines.prose_states import word
from smartclause.logic.counting import Instant, local_date, start_of_day
from smartclause.logic.force import BEGINNING
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.instants import FIRST, LAST

MOST_LANES = 40
MOST_TICKS = 7
WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of a lane, in thousandths of the axis."""

    style: str
    left: int
    width: int


@dataclass(frozen=True, slots=True)
class Lane:
    """`due` and `done`: the marks, in thousandths."""

    label: str
    status: str
    style: str
    bars: tuple[Bar, ...]
    due: tuple[int, ...]
    done: tuple[int, ...]
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    label: str
    at: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """`left`: how many duties are not drawn."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    now: int
    left: int


Series: TypeAlias = tuple[Instance, ...]


def in_series(duties: Iterable[Instance]) -> list[Series]:
    """A duty that recurs is one series, by due; in the order in which the first of each is given."""
    found: dict[tuple[object, ...], list[Instance]] = {}
    for n, duty in enumerate(duties):
        recurs = not duty.keys
        name = (duty.clause, duty.sentence, duty.party, duty.recipient, duty.status)
        found.setdefault(name if recurs else (n,), []).append(duty)
    return [tuple(sorted(each, key=lambda d: (d.due.earliest, d.start))) for each in found.values()]


def timeline(duties: list[Series], asked: Instant, names: Names) -> Timeline | None:
    """One lane for each series, in the order given."""
    shown = duties[:MOST_LANES]
    if not shown:
        return None
    axis = _axis([d for series in shown for d in series], asked)
    lanes = tuple(_lane(series, asked, axis, names) for series in shown)
    left = sum(len(series) for series in duties[MOST_LANES:])
    return Timeline(lanes, _ticks(axis, names.zone, names.lang), axis.place(asked), left)


@dataclass(frozen=True, slots=True)
class _Axis:
    first: Instant
    last: Instant

    def place(self, at: Instant) -> int:
        inside = min(max(at, self.first), self.last)
        return round(WIDTH * (inside - self.first) / (self.last - self.first))


def _axis(duties: list[Instance], asked: Instant) -> _Axis:
    """From the first start to the last due, with a little room."""
    moments = [asked]
    for duty in _with_otherwise(duties):
        moments += [duty.start, duty.due.earliest, duty.due.latest or asked, duty.answered_at or asked]
    inside = [m for m in moments if BEGINNING < m < LAST]
    first, last = min(inside), max(inside)
    room = max((last - first) // 50, 3_600_000_000)
    return _Axis(max(FIRST, first - room), min(LAST, last + room))


def _with_otherwise(duties: list[Instance]) -> list[Instance]:
    return [*duties, *(d.otherwise for d in duties if d.otherwise is not None)]


def _lane(series: Series, asked: Instant, axis: _Axis, names: Names) -> Lane:
    lines, first = DutyLines(names), series[0]
    clause = names.clause(first.clause, first.sentence)
    times = f" × {len(series)}" if len(series) > 1 else ""
    return Lane(
        f"{clause} · {lines.owed(first)}{times}",
        word(first.status, names.lang),
        _style(first.status),
        tuple(bar for duty in series for bar in _bars(duty, asked, axis)),
        tuple(dict.fromkeys(axis.place(d.due.earliest) for d in series)),
        tuple(dict.fromkeys(axis.place(d.answered_at) for d in series if d.answered_at is not None)),
        lines.state(series[-1]),
    )


def _bars(duty: Instance, asked: Instant, axis: _Axis) -> Iterator[Bar]:
    start, due = axis.place(duty.start), axis.place(duty.due.earliest)
    if due > start:
        yield _bar("running", start, due)
    overdue = _overdue(duty, asked)
    if overdue is not None:
        yield _bar(_style(duty.status), due, axis.place(overdue))
    second = duty.otherwise
    if second is not None:
        yield _bar("running", axis.place(second.start), axis.place(second.due.earliest))


def _overdue(duty: Instance, asked: Instant) -> Instant | None:
    """Up to when it was breached, or could not be told."""
    match duty.status:
        case DutyStatus.VIOLATED | DutyStatus.UNPROVEN | DutyStatus.AWAITING:
            return duty.answered_at or duty.ended or asked
        case DutyStatus.CURED:
            second = duty.otherwise
            return second.answered_at if second is not None else asked
        case _:
            return duty.ended


def _bar(style: str, left: int, right: int) -> Bar:
    return Bar(style, left, max(right - left, 3))


def _style(status: DutyStatus) -> str:
    return status.value.replace(" ", "-")


def _ticks(axis: _Axis, zone: str, lang: Lang) -> tuple[Tick, ...]:
    """Days or first days of months, few enough to be read."""
    first, last = local_date(axis.first, zone), local_date(axis.last, zone)
    days = (last - first).days
    chosen = _months(first, last) if days > 60 else _days(first, days)
    step = -(-len(chosen) // MOST_TICKS) or 1
    moments = [(d, start_of_day(d, zone)) for d in chosen[::step]]
    return tuple(Tick(_short(d, lang), axis.place(m)) for d, m in moments if axis.first <= m <= axis.last)


def _days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(1, count + 1)]


def _months(first: date, last: date) -> list[date]:
    numbers = range(first.year * 12 + first.month, last.year * 12 + last.month)
    return [date(n // 12, n % 12 + 1, 1) for n in numbers]


def _short(value: date, lang: Lang) -> str:
    if lang == "zh":
        return f"{value.year}-{value.month:02d}-{value.day:02d}"
    words = day(value, "en").split(" ")
    return f"{words[0]} {words[1][:3]} {words[2]}"

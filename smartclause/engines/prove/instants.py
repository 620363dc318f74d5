"""Instants before an act at which a record may stand: one for each way in which it lies inside and outside windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from smartclause.engines.prove.moments import DAY, HOUR, Moments
from smartclause.engines.prove.past import Asked, Found
from smartclause.logic.counting import Duration, Instant, valid_until
from smartclause.logic.instants import FIRST, LAST
from smartclause.logic.terms import Const, Parameter
from smartclause.rails.dated import Dated

_BACK = (1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 270, 400, 800, 1200, 2000)
MOST, MOST_OF_DUTIES = 14, 16


@dataclass(frozen=True)
class Menu:
    """`instants` in order; `inside[asked]` are the numbers of those inside the window of a query."""

    at: Instant
    instants: tuple[Instant, ...]
    stretches: tuple[int, ...]
    inside: dict[Asked, tuple[int, ...]]


def menu(at: Instant, founds: Iterable[Found], moments: Moments, wanted_too: Iterable[Instant] = ()) -> Menu:
    """`wanted_too`: where duties begin and are answered."""
    founds = list(founds)
    stays = {f.asked: Dated(f.lookup).stay(f.asked.query, f.asked.module) for f in founds}
    chosen: dict[tuple[object, ...], Instant] = {}
    wanted = sorted(set(_candidates(at, founds)), reverse=True)
    for instant in wanted:
        inside = tuple(at <= stay(instant)[0] for stay in stays.values())
        chosen.setdefault((*inside, moments.stretch(instant)), instant)
    asked_for = sorted({i for i in wanted_too if FIRST < i < at}, reverse=True)[:MOST_OF_DUTIES]
    instants = sorted({*sorted(chosen.values(), reverse=True)[:MOST], *asked_for})
    numbers = {
        asked: tuple(n for n, i in enumerate(instants) if at <= stay(i)[0]) for asked, stay in stays.items()
    }  # fmt: skip
    return Menu(at, tuple(instants), tuple(moments.stretch(i) for i in instants), numbers)


def _length(period: Duration) -> Instant:
    return valid_until(0, period, "plain", "UTC").earliest


def _candidates(at: Instant, founds: list[Found]) -> Iterator[Instant]:
    yield from (at - DAY * days for days in _BACK if FIRST < at - DAY * days < LAST)
    yield at - HOUR
    for period in {p for f in founds for p in _periods(f)}:
        length = _length(period)
        for later in (HOUR // 2, 2 * HOUR, DAY, -HOUR, -2 * DAY):
            if later < length and FIRST + DAY < at - length + later < at:
                yield at - length + later


def _periods(found: Found) -> Iterator[Duration]:
    match found.asked.query.within:
        case Const(value=Duration() as period):
            yield period
        case Parameter(name=name):
            yield from (d.value for d in found.lookup.parameters[name].values if isinstance(d.value, Duration))
        case _:
            return

"""The short way: truth and bounds from running counts, without looking at records again. None: ask the long way.

Each answer is given for both readings at once: on the word of the party judged, and without it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias, cast

from smartclause.logic.counting import Instant
from smartclause.logic.terms import Count, CountDistinct, Every, EveryFollowed, Kind, LatestHas, Some, Total, Value
from smartclause.logic.truth import Truth
from smartclause.rails.past.entries import Entry, Place
from smartclause.rails.past.forms import Amount
from smartclause.rails.past.running import (
    EXACT,
    SCALE,
    RunningEvery,
    RunningFollowed,
    RunningLatest,
    RunningTotal,
    RunningValues,
)
from smartclause.rails.past.terms import Node
from smartclause.rails.rows import Row

T, U, F = Truth.TRUE, Truth.UNKNOWN, Truth.FALSE
Both: TypeAlias = tuple[Truth, Truth]
Bounds: TypeAlias = "tuple[int | Decimal, int | Decimal, int | Decimal | None]"
"""The least on the party's word, the least without it, the most (None: open)."""
Told: TypeAlias = Callable[[Row, Place, Instant], "Both | None"]
Measured: TypeAlias = Callable[[Row, Place, Instant], "Bounds | None"]

BOTH_T, BOTH_U, BOTH_F = (T, T), (U, U), (F, F)


# ---- truths


def told(node: Node) -> Told:
    """Of a term; a row that lacks a key is the caller's to tell."""
    match node.node:
        case Some():
            return _some(node)
        case Every():
            return _every(node)
        case EveryFollowed():
            return _followed(node)
        case LatestHas():
            return _latest_has(node)
        case _:
            raise AssertionError(node.node)


def _some(node: Node) -> Told:
    index, unseen = node.series.index, node.series.unseen

    def read(row: Row, place: Place, now: Instant) -> Both | None:
        runs = index.runs(row, place, now)
        if runs is None:
            return None
        sure = firm = possible = 0
        for run in runs:
            sure += run.sure
            firm += run.firm
            possible += run.possible
        if firm:
            return BOTH_T
        least = U if possible or (unseen.any and unseen.at(place[0], now)) else F
        return (T if sure else least), least

    return read


def _every(node: Node) -> Told:
    index, unseen = node.series.index, node.series.unseen

    def read(row: Row, place: Place, now: Instant) -> Both | None:
        runs = index.runs(row, place, now)
        if runs is None:
            return None
        sure = firm = possible = unmet = lacking_sure = lacking_firm = 0
        for run in cast("tuple[RunningEvery, ...]", runs):
            possible += run.possible
            sure += run.sure
            firm += run.firm
            unmet += run.unmet
            lacking_sure += run.lacking_sure
            lacking_firm += run.lacking_firm
        more = unseen.any and bool(unseen.at(place[0], now))
        if not possible and not more:
            return BOTH_F
        met = not unmet and not more
        return _all_met(sure, lacking_sure, met), _all_met(firm, lacking_firm, met)

    return read


def _all_met(count: int, lacking: int, met: bool) -> Truth:
    if lacking:
        return F
    return T if met and count else U


def _followed(node: Node) -> Told:
    index, unseen = node.series.index, node.series.unseen

    def read(row: Row, place: Place, now: Instant) -> Both | None:
        runs = index.runs(row, place, now)
        if runs is None:
            return None
        more = unseen.any and bool(unseen.at(place[0], now))
        found = [_unfollowed(cast(RunningFollowed, run), node, place, now) for run in runs]
        if not any(run.possible for run in runs) and not more:
            return BOTH_F
        sure, firm = sum(run.sure for run in runs), sum(run.firm for run in runs)
        met = not more and not any(open_ for open_, _, _ in found)
        met_firm = not more and not any(open_firm for _, open_firm, _ in found)
        lacking = max(level for _, _, level in found) if found else 0
        return _all_met(sure, lacking > 0, met), _all_met(firm, lacking > 1, met_firm)

    return read


def _unfollowed(run: RunningFollowed, node: Node, place: Place, now: Instant) -> tuple[bool, bool, int]:
    """Whether some may not be followed, on the party's word and without it; 1: one that surely counts is surely not,
    2: also without the party's word."""
    assert node.answers is not None
    index = node.answers.index
    if run.version != index.version:
        run.again(index.version)
    settles = not index.windowed
    open_ = open_firm = False
    lacking = 0
    done: list[Entry] = []
    for entry in run.pending:
        with_word, without = node.followed(entry, place, now)
        if without is T:
            if settles:
                done.append(entry)
            continue
        open_firm = True
        open_ |= with_word is not T
        if with_word is F and now <= entry.sure_until:
            lacking = max(lacking, 2 if entry.firm else int(entry.sure))
            if lacking == 2:
                break
    for entry in done:
        del run.pending[entry]
    return open_, open_firm, lacking


def _latest_has(node: Node) -> Told:
    last_of = latest(node)

    def read(row: Row, place: Place, now: Instant) -> Both | None:
        found = last_of(row, place, now)
        if found is None:
            return None
        entry, more = found
        if entry is None:
            return BOTH_U if more else BOTH_F
        if more or entry.sure_until < now:
            return BOTH_U
        truth: Truth = entry.load.truth
        return (truth if entry.sure else U), (truth if entry.firm else U)

    return read


def latest(node: Node) -> Callable[[Row, Place, Instant], tuple[Entry | None, bool] | None]:
    """The last record that may count, and whether an unseen one may follow it (or be there at all)."""
    index, unseen = node.series.index, node.series.unseen

    def read(row: Row, place: Place, now: Instant) -> tuple[Entry | None, bool] | None:
        runs = index.runs(row, place, now)
        if runs is None:
            return None
        entry: Entry | None = None
        for run in cast("tuple[RunningLatest, ...]", runs):
            last = run.last()
            if last is not None and (entry is None or entry.at < last.at):
                entry = last
        if not unseen.any:
            return entry, False
        return entry, bool(unseen.at(place[0], now, None if entry is None else entry.at[0]))

    return read


# ---- numbers


def measured(node: Node, judged: bool) -> Measured:
    """Of a number or total."""
    match node.node:
        case Count():
            return _number(node, judged)
        case CountDistinct():
            return _distinct(node, node.node, judged)
        case Total():
            return _total(node, judged)
        case _:
            raise AssertionError(node.node)


def _itself(node: Node, judged: bool) -> Callable[[Row], bool | None]:
    """Whether the act judged surely counts itself; None: it does not."""
    counts, kinds = node.series.weigher.counts_itself, node.series.weigher.kinds
    if not judged:
        return lambda _: None
    return lambda row: counts(row) if row.event.type in kinds else None


def _number(node: Node, judged: bool) -> Measured:
    index, unseen, itself = node.series.index, node.series.unseen, _itself(node, judged)

    def read(row: Row, place: Place, now: Instant) -> Bounds | None:
        runs = index.runs(row, place, now)
        if runs is None:
            return None
        sure = firm = possible = 0
        for run in runs:
            sure += run.sure
            firm += run.firm
            possible += run.possible
        act = itself(row)
        if act is not None:
            possible += 1
            sure += act
            firm += act
        return sure, firm, None if unseen.any and unseen.at(place[0], now) else possible

    return read


def _total(node: Node, judged: bool) -> Measured:
    index, unseen, itself = node.series.index, node.series.unseen, _itself(node, judged)
    load = index.load

    def read(row: Row, place: Place, now: Instant) -> Bounds | None:
        runs = index.runs(row, place, now)
        if runs is None:
            return None
        sure = firm = high = open_ = odd = 0
        for run in cast("tuple[RunningTotal, ...]", runs):
            sure += run.sure_sum
            firm += run.firm_sum
            high += run.high
            open_ += run.open
            odd += run.odd
        act = itself(row)
        if act is not None:
            own: Amount = load(row)
            if own.least_units is None:
                return None
            least = own.least_units if act else 0
            sure, firm, high, open_ = (
                sure + least,
                firm + least,
                high + (own.most_units or 0),
                open_ + (own.most is None),
            )
        if odd or high >= EXACT:
            return None
        more = open_ or (unseen.any and unseen.at(place[0], now))
        return _amount(sure), _amount(firm), None if more else _amount(high)

    return read


def _amount(number: int) -> Decimal:
    return Decimal(number).scaleb(-SCALE)


def _distinct(node: Node, term: CountDistinct, judged: bool) -> Measured:
    index, unseen, itself = node.series.index, node.series.unseen, _itself(node, judged)
    ft = node.side.own.lookup.field(term.query.event, term.field)
    concept = ft is not None and ft.type.kind is Kind.CONCEPT

    def read(row: Row, place: Place, now: Instant) -> Bounds | None:
        runs = index.runs(row, place, now)
        if runs is None:
            return None
        act = itself(row)
        own = None if act is None else row.facts.get(term.field)
        many = cast("tuple[RunningValues, ...]", runs)
        if concept or len(runs) > 1:
            found = _values(many, own, act, lambda value: node.one_value(term, value, now))
        else:
            found = _counted(many[0] if many else _EMPTY, own, act)
        return found if not (unseen.any and unseen.at(place[0], now)) else (found[0], found[1], None)

    return read


_EMPTY = RunningValues([], False)


def _counted(run: RunningValues, own: Value | None, act: bool | None) -> tuple[int, int, int]:
    """From what is counted, and the value of the act judged."""
    sure, firm, possible = run.sure_values, run.firm_values, run.possible_values
    vague, vague_sure, vague_firm = run.values.get(None, _NONE)
    if act is not None and own is None:
        vague, vague_sure, vague_firm = vague + 1, vague_sure + act, vague_firm + act
    elif act is not None:
        cell = run.values.get(own, _NONE)
        possible += not cell[0]
        sure += act and not cell[1]
        firm += act and not cell[2]
    return sure or min(vague_sure, 1), firm or min(vague_firm, 1), possible + vague


_NONE = [0, 0, 0]


def _values(
    runs: tuple[RunningValues, ...], own: Value | None, act: bool | None, one: Callable[[Value | None], bool]
) -> tuple[int, int, int]:
    """Value by value: of several shelves, or of concepts, of which some have narrower ones under them."""
    cells: dict[Value | None, list[int]] = {}
    told = [(v, cell) for run in runs for v, cell in run.values.items()]
    if act is not None:
        told.append((own, [1, int(act), int(act)]))
    for value, cell in told:
        name = value if one(value) else None
        cells[name] = [a + b for a, b in zip(cells.get(name, _NONE), cell, strict=True)]
    vague = cells.pop(None, _NONE)
    sure, firm = (sum(bool(c[n]) for c in cells.values()) for n in (1, 2))
    return sure or min(vague[1], 1), firm or min(vague[2], 1), len(cells) + vague[0]

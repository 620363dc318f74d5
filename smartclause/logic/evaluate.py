"""The meaning of a term: the reference that every other engine must agree with. Short, slow, straight Kleene.

`judge` gives a term its truth in a `View`: the record whose fields are read, the party judged, the place in
history, and whether the truth of this term would favour that party (design 2.6: what the judged party alone
recorded is only possible where it would help).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from smartclause.logic import history
from smartclause.logic.amounts import read_history
from smartclause.logic.contract import ListKind, ParameterValue
from smartclause.logic.counting import Instant, local_date
from smartclause.logic.finding import Finding, Reading, Reason, exactly, in_words, unknown
from smartclause.logic.order import sign
from smartclause.logic.terms import (
    All,
    AnyOf,
    AtLeast,
    ClauseStatus,
    ClauseViolated,
    Compare,
    Const,
    Count,
    CountDistinct,
    Covers,
    Every,
    EveryFollowed,
    Expression,
    Field,
    Holds,
    LatestField,
    LatestHas,
    Not,
    Order,
    Parameter,
    Some,
    Term,
    Total,
    Value,
)
from smartclause.logic.truth import Truth, at_least, between, every, known, negate, some
from smartclause.logic.world import FactKey, Position, Record, World


@dataclass(frozen=True, slots=True)
class View:
    """`module` gives zone and counting rule; `before`: history strictly before; `judged`: the act counts itself.

    `breaches` answers `clause N is violated` (the duties, one floor up in this package).
    """

    world: World
    module: str
    record: Record
    party: str
    before: Position
    now: Instant
    breaches: "Callable[[ClauseViolated, View], Finding]"
    favour: bool = True
    doubt: bool = False
    judged: bool = False

    @property
    def zone(self) -> str:
        return self.world.lookup.modules[self.module].header.zone

    @property
    def rule(self) -> str:
        return self.world.lookup.modules[self.module].header.rule

    def at(self, record: Record) -> "View":
        """The view inside `where` and `has`: the record's own facts, at its own instant."""
        return replace(self, record=record, now=record.instant, judged=False)


def judge(term: Term, view: View) -> Finding:
    """The truth of a term, with the reasons and facts behind it."""
    match term:
        case Not():
            part = judge(term.arg, replace(view, favour=not view.favour))
            return Finding(term, negate(part.truth), (part,))
        case All():
            return _join(term, term.args, view, every)
        case AnyOf():
            return _join(term, term.args, view, some)
        case AtLeast():
            return _join(term, term.args, view, lambda values: at_least(term.count, values))
        case _:
            return _lean(term, view)


def _join(term: Term, args: tuple[Term, ...], view: View, how: "Callable[[list[Truth]], Truth]") -> Finding:
    parts = tuple(judge(arg, view) for arg in args)
    return Finding(term, how([p.truth for p in parts]), parts)


def _lean(term: Term, view: View) -> Finding:
    """A leaf, read so that the judged party's own word never helps it and always binds it."""
    sure = _leaf(term, replace(view, doubt=False) if view.doubt else view)
    against = Truth.FALSE if view.favour else Truth.TRUE
    return sure if sure.truth is against else _leaf(term, replace(view, doubt=True))


def _leaf(term: Term, view: View) -> Finding:
    match term:
        case Holds():
            reading = read(term.value, view)
            truth = known(reading.value) if isinstance(reading.value, bool) else Truth.UNKNOWN
            return Finding(term, truth, (), reading.reasons, reading.reads)
        case Compare():
            return _compare(term, view)
        case Covers():
            return _covers(term, view)
        case Some() | Every() | EveryFollowed() | LatestHas():
            return history.judge_history(term, view, judge)
        case ClauseViolated():
            return view.breaches(term, view)
        case ClauseStatus():
            reason = Reason("only in properties", detail=term.clause)
            return Finding(term, Truth.UNKNOWN, (), (reason,))
        case Not() | All() | AnyOf() | AtLeast():
            return judge(term, view)
        case _:
            assert_never(term)


def read(expression: Expression, view: View) -> Reading:
    """The value of an expression, or what is known of it."""
    match expression:
        case Const():
            return exactly(expression.value)
        case Field():
            return history.field_of(view.record, expression.name, view)
        case Parameter():
            return parameter(expression.name, view)
        case LatestField() | Count() | CountDistinct() | Total():
            return read_history(expression, view, judge)
        case _:
            assert_never(expression)


def parameter(name: str, view: View) -> Reading:
    """The dated value at the view's instant, in days of the zone of the file that declares it."""
    found = view.world.lookup.parameters[name]
    day = local_date(view.now, view.world.lookup.modules[name.rpartition(".")[0]].header.zone)
    for dated in found.values:
        if (dated.since is None or dated.since <= day) and (dated.until is None or day <= dated.until):
            return replace(exactly(dated.value), open_list=found.list_kind is ListKind.OPEN)
    return unknown(_no_value(found, name))


def _no_value(found: ParameterValue, name: str) -> Reason:
    return Reason("no value at this instant" if found.values else "blank parameter", detail=name)


def _compare(term: Compare, view: View) -> Finding:
    left, right = read(term.left, view), read(term.right, view)
    truth = order(term.order, left, right)
    reasons = (*left.reasons, *right.reasons) if truth is Truth.UNKNOWN else ()
    return Finding(term, truth, (), reasons, (*left.reads, *right.reads))


def order(how: Order, left: Reading, right: Reading) -> Truth:
    """A comparison is settled only if it holds throughout both intervals."""
    match how:
        case Order.AT_LEAST:
            return between(_reaches(left.low, right.high), not _below(left.high, right.low))
        case Order.AT_MOST:
            return between(_reaches(right.low, left.high), not _below(right.high, left.low))
        case Order.BELOW:
            return between(_below(left.high, right.low), not _reaches(left.low, right.high))
        case Order.EXCEEDS:
            return between(_below(right.high, left.low), not _reaches(right.low, left.high))
        case Order.EQUAL:
            apart = _below(left.high, right.low) or _below(right.high, left.low) or _differ(left, right)
            same = left.known and right.known and _same(left.value, right.value)
            return between(same, not apart)
        case _:
            assert_never(how)


def _reaches(one: Value | None, other: Value | None) -> bool:
    return sign(one, other) in (0, 1)


def _below(one: Value | None, other: Value | None) -> bool:
    return sign(one, other) == -1


def _same(one: Value | None, other: Value | None) -> bool:
    return type(one) is type(other) and (one == other or sign(one, other) == 0)


def _differ(left: Reading, right: Reading) -> bool:
    """Words and identifiers are compared to the letter."""
    words = isinstance(left.value, str | bool) and isinstance(right.value, str | bool)
    return words and left.value != right.value


def _covers(term: Covers, view: View) -> Finding:
    broad, narrow = read(term.broad, view), read(term.narrow, view)
    reads = (*broad.reads, *narrow.reads)
    if broad.value is None or narrow.value is None:
        return Finding(term, Truth.UNKNOWN, (), (*broad.reasons, *narrow.reasons), reads)
    cells = [_element_covered(broad, item, view) for item in _elements(narrow.value)]
    truths = [truth for truth, _ in cells]
    truth = between(every(truths) is Truth.TRUE, some(truths) is not Truth.FALSE)
    kinds = dict.fromkeys(kind for cell, kind in cells if cell is Truth.UNKNOWN and kind)
    reasons = tuple(_why_uncovered(kind, narrow) for kind in kinds or ("too broad",))
    return Finding(term, truth, (), reasons if truth is Truth.UNKNOWN else (), reads)


def _elements(value: Value) -> list[str]:
    return sorted(value) if isinstance(value, frozenset) else [str(value)]


def _element_covered(broad: Reading, item: str, view: View) -> tuple[Truth, str]:
    """A set covers what one of its elements covers; off an open list nothing is known."""
    concepts = view.world.lookup.concepts(view.now, view.zone)
    cells = [concepts.covers(b, item) for b in _elements(broad.value or "")]
    best = some(truth for truth, _ in cells)
    if best is Truth.FALSE and broad.open_list:
        return Truth.UNKNOWN, "open list"
    return best, next((kind for truth, kind in cells if truth is Truth.UNKNOWN), "")


def _why_uncovered(kind: str, narrow: Reading) -> Reason:
    """Only a narrower value of the covered side can be supplied."""
    told = narrow.reads[-1] if narrow.reads else None
    if told is None:
        return Reason(kind)
    supply = FactKey(told.event, told.field) if kind == "too broad" else None
    return Reason(kind, told.field, told.type, event=told.event, detail=in_words(told.value), supply=supply)

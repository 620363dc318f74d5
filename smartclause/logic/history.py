"""Terms over past records (design 2.6, 2.7): which records count, surely or possibly, and what follows.

One shape serves every form: the candidates in order with the truth that each counts, and the clouds in which
records may stand that nobody has shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias, assert_never

from smartclause.logic.contract import ANYONE
from smartclause.logic.counting import Duration, Instant, valid_until, window_start
from smartclause.logic.finding import Finding, Read, Reading, Reason, exactly, unknown
from smartclause.logic.terms import (
    Const,
    Count,
    CountDistinct,
    Every,
    EveryFollowed,
    Kind,
    LatestField,
    LatestHas,
    Money,
    Parameter,
    Query,
    Some,
    Term,
    Total,
    Value,
)
from smartclause.logic.truth import Truth, between, every, known, negate, some
from smartclause.logic.world import Cloud, FactKey, Record, genuine, may_record, stated

if TYPE_CHECKING:
    from smartclause.logic.evaluate import View

Judge: TypeAlias = "Callable[[Term, View], Finding]"


@dataclass(frozen=True, slots=True)
class Candidate:
    record: Record
    counts: Truth
    reasons: tuple[Reason, ...] = ()
    reads: tuple[Read, ...] = ()


def field_of(record: Record, name: str, view: View) -> Reading:
    """A fact of a record as the judged party may rely on it: shown by whom the contract says, or unknown."""
    event = record.event
    ft = view.world.lookup.field(event.type, name)
    if ft is None:  # asked or recorded as a broader act: the narrower field is not there
        return unknown(Reason("narrower act", name, event.type, event=event.id))
    value, why, teller = stated(view.world, record, ft, view.party)
    told = Read(event.type, name, value, event.id, teller.id)
    if value is None:
        reason = Reason(why, name, event.type, ft.shown_by, event.id, supply=FactKey(event.id, name))
        return unknown(reason, reads=(told,))
    return exactly(value, told)


# ---- which records count


def candidates(query: Query, view: View, judge: Judge) -> list[Candidate] | Reason:
    """Records that may count, in order; or the reason if the judged act lacks a key (design 2.7)."""
    keys: dict[str, Value] = {}
    for name in query.keys:
        reading = field_of(view.record, name, view)
        if reading.value is None:
            return reading.reasons[0]
        keys[name] = reading.value
    first = next(iter(keys.items()), ("", None))
    found = view.world.of_type(query.event, *first)
    earlier = (r for r in found if r.position < view.before and r.event.id != view.record.event.id)
    weighed = (weigh(query, r, keys, view, judge) for r in earlier)
    return [c for c in weighed if c.counts is not Truth.FALSE]


def weigh(query: Query, record: Record, keys: dict[str, Value], view: View, judge: Judge) -> Candidate:
    """Whether one record counts: type, key, party, window, its own facts, and whether it happened."""
    plain = every((_is_type(query, record, view), _same_keys(record, keys, view), _done_by(query, record, view)))
    if plain is Truth.FALSE:
        return Candidate(record, plain)
    inside, late = _in_window(query, record.instant, view)
    where = judge(query.where, view.at(record)) if query.where is not None else None
    exists, why, role = genuine(view.world, record.event, view.party, view.doubt)
    counts = every((plain, inside, where.truth if where else Truth.TRUE, exists))
    reasons = tuple(late) + unknown_leaves(where)
    if exists is Truth.UNKNOWN:
        reasons += (Reason(why, "", record.event.type, role, record.event.id),)
    if plain is Truth.UNKNOWN:
        reasons += (Reason("uncertain record", "", record.event.type, "", record.event.id),)
    reads = (Read(record.event.type, "", None, record.event.id, record.event.id), *all_reads(where))
    return Candidate(record, counts, reasons, reads)


def _is_type(query: Query, record: Record, view: View) -> Truth:
    """A record of a broader act may be this one: possible, not sure (design 2.2)."""
    return between(view.world.lookup.is_under(record.event.type, query.event), True)


def _same_keys(record: Record, keys: dict[str, Value], view: View) -> Truth:
    return every(_same_key(field_of(record, name, view).value, value) for name, value in keys.items())


def _same_key(one: Value | None, other: Value) -> Truth:
    return Truth.UNKNOWN if one is None else known(one == other)


def _done_by(query: Query, record: Record, view: View) -> Truth:
    """Acts are those of the party judged unless the query names another; occurrences are anyone's."""
    wanted = query.by or (view.party if view.world.lookup.is_act(query.event) else ANYONE)
    if wanted == ANYONE:
        return Truth.TRUE
    return known(record.event.by == wanted) if record.event.by else Truth.UNKNOWN


def _in_window(query: Query, instant: Instant, view: View) -> tuple[Truth, tuple[Reason, ...]]:
    match query.within:
        case None:
            return Truth.TRUE, ()
        case "day" | "month" | "year":
            return known(instant >= window_start(view.now, query.within, view.zone)), ()
        case Const() | Parameter():
            return _within(query.within, instant, view)
        case _:
            assert_never(query.within)


def _within(period: Const | Parameter, instant: Instant, view: View) -> tuple[Truth, tuple[Reason, ...]]:
    """The act is not later than the record counted forward; the period's value is that of the record's instant."""
    reading = period_of(period, replace(view, now=instant))
    if not isinstance(reading.value, Duration):
        return Truth.UNKNOWN, reading.reasons
    span = valid_until(instant, reading.value, view.rule, view.zone)
    possible = span.latest is None or view.now <= span.latest
    truth = between(view.now <= span.earliest, possible)
    why = tuple(Reason("no calendar", detail=r) for r in span.reasons) if truth is Truth.UNKNOWN else ()
    return truth, why


def period_of(period: Const | Parameter, view: View) -> Reading:
    from smartclause.logic.evaluate import parameter

    return exactly(period.value) if isinstance(period, Const) else parameter(period.name, view)


def clouds(query: Query, view: View) -> tuple[Reason, ...]:
    """Stretches before this position, inside the window, in which a source may have recorded such a thing."""
    return tuple(
        Reason(cloud.reason, "", query.event, cloud.source.name)
        for cloud in view.world.clouds
        if cloud.since < view.before.instant and _may_record(cloud, query, view) and _reaches(cloud, query, view)
    )


def _may_record(cloud: Cloud, query: Query, view: View) -> bool:
    lookup = view.world.lookup
    return any(may_record(lookup, cloud.source, kind) for kind in lookup.relevant_types(query.event))


def _reaches(cloud: Cloud, query: Query, view: View) -> bool:
    """Whether a record at the end of the cloud could still lie in the window."""
    until = min(cloud.until, view.before.instant)
    return _in_window(query, until, view)[0] is not Truth.FALSE


# ---- terms


def judge_history(term: Some | Every | EveryFollowed | LatestHas, view: View, judge: Judge) -> Finding:
    found = candidates(term.query, view, judge)
    if isinstance(found, Reason):
        return Finding(term, Truth.UNKNOWN, (), (found,))
    unseen = clouds(term.query, view)
    match term:
        case Some():
            truth = some((*(c.counts for c in found), *(Truth.UNKNOWN for _ in unseen)))
            return _settle(term, truth, found, unseen)
        case Every():
            return _every(term, [(c, judge(term.has, view.at(c.record))) for c in found], unseen)
        case EveryFollowed():
            return _every(term, [(c, _followed(term.answer, c.record, view, judge)) for c in found], unseen)
        case LatestHas():
            return _latest_has(term, found, unseen, view, judge)
        case _:
            assert_never(term)


def _settle(term: Term, truth: Truth, found: list[Candidate], unseen: tuple[Reason, ...]) -> Finding:
    """The records behind the answer: the sure ones if it is true, all if unknown, the absence if false."""
    shown_by = [c for c in found if truth is Truth.UNKNOWN or c.counts is Truth.TRUE]
    reads = tuple(r for c in shown_by for r in c.reads)
    if not reads and not isinstance(term, Every | EveryFollowed):
        reads = (Read(_query(term).event),)
    reasons = tuple(r for c in found if c.counts is Truth.UNKNOWN for r in c.reasons) + unseen
    return Finding(term, truth, (), reasons if truth is Truth.UNKNOWN else (), reads)


def _query(term: Term) -> Query:
    assert isinstance(term, Some | Every | EveryFollowed | LatestHas)
    return term.query


def _every(
    term: Every | EveryFollowed,
    pairs: list[tuple[Candidate, Finding]],
    unseen: tuple[Reason, ...],
) -> Finding:
    """FALSE where nothing is recorded; FALSE if one that surely counts fails."""
    exists = some((*(c.counts for c, _ in pairs), *(Truth.UNKNOWN for _ in unseen)))
    each = [some((negate(c.counts), has.truth)) for c, has in pairs] + [Truth.UNKNOWN for _ in unseen]
    truth = every((exists, *each))
    if not pairs and not unseen:
        return Finding(term, truth, (), (), (Read(term.query.event),))
    failing = [(c, h) for (c, h), t in zip(pairs, each, strict=False) if truth is Truth.TRUE or t is truth]
    reads = tuple(r for c, h in failing for r in (*c.reads, *all_reads(h)))
    reasons = tuple(r for c, h in failing for r in (*c.reasons, *unknown_leaves(h))) + unseen
    return Finding(term, truth, (), reasons if truth is Truth.UNKNOWN else (), reads)


def _followed(answer: Query, record: Record, view: View, judge: Judge) -> Finding:
    """Some answer strictly after this record and before the act, with the record's own keys."""
    keys = {name: field_of(record, name, view).value for name in answer.keys}
    if any(v is None for v in keys.values()):
        return Finding(None, Truth.UNKNOWN, (), (Reason("uncertain record", event=record.event.id),))
    wanted = {k: v for k, v in keys.items() if v is not None}
    first = next(iter(wanted.items()), ("", None))
    after = [
        weigh(answer, r, wanted, view, judge)
        for r in view.world.of_type(answer.event, *first)
        if record.position < r.position < view.before
    ]
    unseen = tuple(r for r in clouds(answer, view))
    truth = some((*(c.counts for c in after), *(Truth.UNKNOWN for _ in unseen)))
    reads = tuple(r for c in after if c.counts is Truth.TRUE for r in c.reads) or (Read(answer.event),)
    return Finding(None, truth, (), tuple(r for c in after for r in c.reasons) + unseen, reads)


def _latest_has(
    term: LatestHas, found: list[Candidate], unseen: tuple[Reason, ...], view: View, judge: Judge
) -> Finding:
    if not found and not unseen:
        return Finding(term, Truth.FALSE, (), (), (Read(term.query.event),))
    last = latest(found, unseen)
    if last is None:
        reasons = tuple(r for c in found for r in c.reasons) + unseen
        return Finding(term, Truth.UNKNOWN, (), reasons, tuple(r for c in found for r in c.reads))
    has = judge(term.has, view.at(last.record))
    return Finding(term, has.truth, (), unknown_leaves(has), (*last.reads, *all_reads(has)))


def latest(found: list[Candidate], unseen: tuple[Reason, ...]) -> Candidate | None:
    """The last record, if it surely counts and nothing unseen may follow it."""
    if not found or found[-1].counts is not Truth.TRUE:
        return None
    return found[-1] if not unseen else None


# ---- values


def read_history(node: LatestField | Count | CountDistinct | Total, view: View, judge: Judge) -> Reading:
    found = candidates(node.query, view, judge)
    if isinstance(found, Reason):
        return unknown(found)
    unseen = clouds(node.query, view)
    match node:
        case LatestField():
            return _latest_field(node, found, unseen, view)
        case Count():
            return _interval(node.query, _with_self(node.query, found, view, judge), unseen, _count)
        case CountDistinct():
            return _interval(
                node.query,
                _with_self(node.query, found, view, judge),
                unseen,
                lambda cs: _distinct(node, cs, view),
            )
        case Total():
            return _interval(
                node.query,
                _with_self(node.query, found, view, judge),
                unseen,
                lambda cs: _total(node, cs, view),
            )
        case _:
            assert_never(node)


def _latest_field(node: LatestField, found: list[Candidate], unseen: tuple[Reason, ...], view: View) -> Reading:
    last = latest(found, unseen)
    if last is not None:
        return field_of(last.record, node.name, view)
    if found or unseen:
        return unknown(*(r for c in found for r in c.reasons), *unseen)
    return _no_such_record(node, view)


def _no_such_record(node: LatestField, view: View) -> Reading:
    """Nothing is recorded: unknown. What would fill it is a record of this type with this field."""
    keys = ",".join(f"{k}={field_of(view.record, k, view).value}" for k in node.query.keys)
    key = FactKey(f"a {node.query.event} record with {keys}", node.name)
    told = Read(node.query.event, node.name)
    if key in view.world.supplied:
        return exactly(view.world.supplied[key], told)
    ft = view.world.lookup.field(node.query.event, node.name)
    role = ft.shown_by if ft else ""
    return unknown(Reason("no such record", node.name, node.query.event, role, supply=key), reads=(told,))


def _with_self(query: Query, found: list[Candidate], view: View, judge: Judge) -> list[Candidate]:
    """In counts the judged act counts itself if it is such an act and meets `where` (design 2.6)."""
    act = view.record
    related = act.event.type in view.world.lookup.relevant_types(query.event)
    if not view.judged or not related:
        return found
    keys = {name: v for name in query.keys if (v := field_of(act, name, view).value) is not None}
    self_view = replace(view, doubt=False)
    plain = every((_is_type(query, act, view), _same_keys(act, keys, view), _done_by(query, act, view)))
    where = judge(query.where, self_view.at(act)) if query.where is not None else None
    counts = every((plain, where.truth if where else Truth.TRUE))
    if counts is Truth.FALSE:
        return found
    narrower = Reason("narrower act", "", act.event.type, "", act.event.id)
    reasons = unknown_leaves(where) + ((narrower,) if plain is Truth.UNKNOWN else ())
    reads = (Read(act.event.type, "", None, act.event.id, act.event.id), *all_reads(where))
    return [*found, Candidate(act, counts, reasons, reads)]


Bounds: TypeAlias = "tuple[Value, Value | None, tuple[Reason, ...], tuple[Read, ...]]"


def _interval(
    query: Query,
    found: list[Candidate],
    unseen: tuple[Reason, ...],
    measure: Callable[[list[Candidate]], Bounds],
) -> Reading:
    """[sure, possible]; a cloud makes the upper end unbounded."""
    low, high, reasons, reads = measure(found)
    high = None if unseen else high
    reads = reads or (Read(query.event),)
    if high is not None and low == high:
        return Reading(low, low, high, reads=reads)
    why = tuple(r for c in found if c.counts is Truth.UNKNOWN for r in c.reasons) + reasons + unseen
    return Reading(None, low, high, reasons=why, reads=reads)


def _count(found: list[Candidate]) -> Bounds:
    sure = sum(c.counts is Truth.TRUE for c in found)
    reads = tuple(r for c in found for r in c.reads)
    return Decimal(sure), Decimal(len(found)), (), reads


def _distinct(node: CountDistinct, found: list[Candidate], view: View) -> Bounds:
    """Different values: surely at least, possibly at most. A concept that is no leaf may be any under it."""
    sure: set[Value] = set()
    possible: set[Value] = set()
    vague_sure, vague = 0, 0
    readings = [(c, field_of(c.record, node.field, view)) for c in found]
    for candidate, reading in readings:
        settled = reading.value is not None and _is_settled(node, reading.value, view)
        if settled and reading.value is not None:
            possible.add(reading.value)
            sure |= {reading.value} if candidate.counts is Truth.TRUE else set()
        else:
            vague += 1
            vague_sure += candidate.counts is Truth.TRUE
    low = len(sure) or min(vague_sure, 1)
    reasons = tuple(r for _, reading in readings for r in reading.reasons)
    reads = tuple(r for c, reading in readings for r in (*c.reads, *reading.reads))
    return Decimal(low), Decimal(len(possible) + vague), reasons, reads


def _is_settled(node: CountDistinct, value: Value, view: View) -> bool:
    ft = view.world.lookup.field(node.query.event, node.field)
    if ft is None or ft.type.kind is not Kind.CONCEPT:
        return True
    return isinstance(value, str) and view.world.lookup.concepts(view.now, view.zone).is_leaf(value)


def _total(node: Total, found: list[Candidate], view: View) -> Bounds:
    """An unknown amount counts with its declared bounds, and at least 0."""
    low, high = Decimal(0), Decimal(0)
    unbounded, currency = False, node.type.detail
    reasons: tuple[Reason, ...] = ()
    reads: tuple[Read, ...] = ()
    for candidate in found:
        reading = field_of(candidate.record, node.field, view)
        least, most = _amounts(node, candidate, reading, currency, view)
        low += least if candidate.counts is Truth.TRUE else 0
        high += most or 0
        unbounded |= most is None
        reasons += reading.reasons
        reads += (*candidate.reads, *reading.reads)
    total_low, total_high = _as_amount(low, node), None if unbounded else _as_amount(high, node)
    return total_low, total_high, reasons, reads


def _as_amount(number: Decimal, node: Total) -> Value:
    return Money(number, node.type.detail) if node.type.kind is Kind.MONEY else number


def _amounts(
    node: Total, candidate: Candidate, reading: Reading, currency: str, view: View
) -> tuple[Decimal, Decimal | None]:
    """Least and most that one record adds; most None: no bound."""
    value = reading.value
    if isinstance(value, Money):
        value = value.amount if value.currency == currency else None
    if isinstance(value, Decimal):
        return max(value, Decimal(0)), max(value, Decimal(0))
    ft = view.world.lookup.field(candidate.record.event.type, node.field)
    least = _number(ft.low) if ft else None
    return max(least or Decimal(0), Decimal(0)), _number(ft.high) if ft else None


def _number(bound: Value | None) -> Decimal | None:
    if isinstance(bound, Money):
        return bound.amount
    return bound if isinstance(bound, Decimal) else None


def unknown_leaves(finding: Finding | None) -> tuple[Reason, ...]:
    if finding is None or finding.truth is not Truth.UNKNOWN:
        return ()
    inner = tuple(r for part in finding.parts for r in unknown_leaves(part))
    return finding.reasons + inner


def all_reads(finding: Finding | None) -> tuple[Read, ...]:
    if finding is None:
        return ()
    return finding.reads + tuple(r for part in finding.parts for r in all_reads(part))


def unique(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons))

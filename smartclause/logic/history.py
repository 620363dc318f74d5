"""Terms over past records (design 2.6, 2.7): which records count, surely or possibly, and what follows.

One shape serves every form: the candidates in order with the truth that each counts, and the clouds in which
records may stand that nobody has shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, assert_never

from smartclause.logic.contract import ANYONE
from smartclause.logic.counting import Duration, Instant, end_of_day, start_of_day, valid_until, window_start
from smartclause.logic.finding import Finding, Read, Reading, Reason, all_reads, exactly, unknown, unknown_leaves
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import (
    Const,
    Every,
    EveryFollowed,
    LatestHas,
    Parameter,
    Query,
    Some,
    Term,
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
    plain = every((is_type(query, record, view), same_keys(record, keys, view), done_by(query, record, view)))
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


def is_type(query: Query, record: Record, view: View) -> Truth:
    """A record of a broader act may be this one: possible, not sure (design 2.2)."""
    return between(view.world.lookup.is_under(record.event.type, query.event), True)


def same_keys(record: Record, keys: dict[str, Value], view: View) -> Truth:
    return every(_same_key(field_of(record, name, view).value, value) for name, value in keys.items())


def _same_key(one: Value | None, other: Value) -> Truth:
    return Truth.UNKNOWN if one is None else known(one == other)


def done_by(query: Query, record: Record, view: View) -> Truth:
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


def clouds(query: Query, view: View, after: Instant | None = None) -> tuple[Reason, ...]:
    """Stretches before this position, inside the window, in which a source may have recorded such a thing.

    `after`: only such as may hold a record later than this.
    """
    return tuple(
        Reason(cloud.reason, "", query.event, cloud.source.name)
        for cloud in view.world.clouds
        if cloud.since <= view.before.instant and _may_record(cloud, query, view) and _reaches(cloud, query, view)
        and (after is None or cloud.until >= after)
    )  # fmt: skip


def _may_record(cloud: Cloud, query: Query, view: View) -> bool:
    lookup = view.world.lookup
    return any(may_record(lookup, cloud.source, kind) for kind in lookup.relevant_types(query.event))


def _reaches(cloud: Cloud, query: Query, view: View) -> bool:
    """Whether a record somewhere in the cloud could still lie in the window."""
    until = min(cloud.until, view.before.instant)
    instants = (until, *dated_ends(query, cloud.since, until, view.world.lookup))
    return any(_in_window(query, i, view)[0] is not Truth.FALSE for i in instants)


def dated_ends(query: Query, since: Instant, until: Instant, lookup: Lookup) -> list[Instant]:
    """The last instants between these of each earlier value of a dated period, which may have been longer."""
    if not isinstance(query.within, Parameter):
        return []
    name = query.within.name
    zone = lookup.modules[name.rpartition(".")[0]].header.zone
    dated = lookup.parameters[name].values
    ends = [end_of_day(d.until, zone) for d in dated if d.until is not None]
    ends += [start_of_day(d.since, zone) - 1 for d in dated if d.since is not None]
    return [end for end in ends if since <= end <= until]


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
    """Some answer strictly after this record and before the act, with the record's own keys; never the act itself."""
    keys = {name: field_of(record, name, view).value for name in answer.keys}
    if any(v is None for v in keys.values()):
        return Finding(None, Truth.UNKNOWN, (), (Reason("uncertain record", event=record.event.id),))
    wanted = {k: v for k, v in keys.items() if v is not None}
    first = next(iter(wanted.items()), ("", None))
    after = [
        weigh(answer, r, wanted, view, judge)
        for r in view.world.of_type(answer.event, *first)
        if record.position < r.position < view.before and r.event.id != view.record.event.id
    ]
    unseen = clouds(answer, view, record.instant)
    truth = some((*(c.counts for c in after), *(Truth.UNKNOWN for _ in unseen)))
    reads = tuple(r for c in after if c.counts is Truth.TRUE for r in c.reads) or (Read(answer.event),)
    reasons = tuple(r for c in after if c.counts is Truth.UNKNOWN for r in c.reasons)
    return Finding(None, truth, (), reasons + unseen, reads)


def _latest_has(
    term: LatestHas, found: list[Candidate], unseen: tuple[Reason, ...], view: View, judge: Judge
) -> Finding:
    if not found and not unseen:
        return Finding(term, Truth.FALSE, (), (), (Read(term.query.event),))
    last = latest(term.query, found, view)
    if last is None:
        reasons = tuple(r for c in found for r in c.reasons) + unseen
        return Finding(term, Truth.UNKNOWN, (), reasons, tuple(r for c in found for r in c.reads))
    has = judge(term.has, view.at(last.record))
    return Finding(term, has.truth, (), unknown_leaves(has), (*last.reads, *all_reads(has)))


def latest(query: Query, found: list[Candidate], view: View) -> Candidate | None:
    """The last record, if it surely counts and nothing unseen may follow it."""
    if not found or found[-1].counts is not Truth.TRUE:
        return None
    return None if clouds(query, view, found[-1].record.instant) else found[-1]

"""What of a ledger a case is about: the acts and duties in its scope, judged again, and the records behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from smartclause.engines.audit import AuditResult, Use
from smartclause.engines.prose import find_clause
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import instant, timestamp
from smartclause.logic.canonical import Json
from smartclause.logic.instances import Instance
from smartclause.logic.world import Record
from smartclause.verbs.audit import audited
from smartclause.verbs.case_forms import Scope
from smartclause.verbs.case_materials import Materials
from smartclause.verbs.errors import VerbError
from smartclause.verbs.matter import Changes
from smartclause.verbs.reading import Opened
from smartclause.verbs.values import spelled

MAX_EVENTS = 5_000


@dataclass(frozen=True)
class Disputed:
    """`uses` and `duties` each with the audit (of one version of the contract) in which they were judged.

    `events` are the numbers of all records that have a page, in the order of receipt.
    """

    uses: tuple[tuple[AuditResult, Use], ...]
    duties: tuple[tuple[AuditResult, Instance], ...]
    events: tuple[str, ...]


def disputed(materials: Materials) -> Disputed:
    """Raises EvidenceError, VerbError; VB32 if nothing is in the scope."""
    records, scope = materials.records(), materials.case.scope
    opened = {o.body.id: o for o in records.opened}
    if scope.clause is not None:
        duties = _of_clause(materials, scope)
        chosen = {event for _, each in duties for event in _named(each)}
        judged = _parts(materials, lambda r: r.event.id in chosen)
    else:
        chosen = {o.body.id for o in records.opened if _in_scope(o, scope)}
        judged = _parts(materials, lambda r: r.event.id in chosen)
        duties = [(p, d) for p in judged for d in p.duties if _concerned(d, scope, chosen)]
        chosen |= {event for _, each in duties for event in _named(each)}
    chosen |= {i for i, o in opened.items() if _supplements(o.body, chosen)}
    events = tuple(o.body.id for o in records.opened if o.body.id in chosen)
    if not events and not duties:
        raise VerbError("VB32", reason=_said(scope))
    if len(events) > MAX_EVENTS:
        raise VerbError("VB32", reason=f"it would have {len(events)} pages; at most {MAX_EVENTS} are written")
    uses = tuple((part, use) for part in judged for use in part.uses)
    return Disputed(uses, tuple(duties), events)


def _parts(materials: Materials, only: Callable[[Record], bool]) -> tuple[AuditResult, ...]:
    """The audit of the acts chosen, one part for each version of the contract."""
    case, asked = materials.case, materials.asked
    received = None if case.signed_at is None else instant(case.signed_at)
    result = audited(
        materials.bundle,
        materials.records(),
        materials.store,
        asked,
        materials.register,
        materials.members,
        Changes(materials.amendments, asked, received, materials.records().deposits, materials.now),
        closed=case.closed,
        only=only,
    )
    return (*result.earlier, result)


def _of_clause(materials: Materials, scope: Scope) -> list[tuple[AuditResult, Instance]]:
    assert scope.clause is not None
    found: list[tuple[AuditResult, Instance]] = []
    for part in _parts(materials, lambda _: False):
        clause = find_clause(part.lookup, scope.clause)
        found += [(part, d) for d in part.duties if d.clause == clause and _has_key(d, scope.key)]
    return found


def _has_key(duty: Instance, key: str | None) -> bool:
    return key is None or any(value is not None and spelled(value) == key for _, value in duty.keys)


def _in_scope(opened: Opened, scope: Scope) -> bool:
    body = opened.body
    if scope.act is not None:
        return body.id == scope.act
    if scope.subject is not None:
        return scope.subject in (body.asset, *_texts(body))
    since = None if scope.since is None else instant(scope.since)
    until = None if scope.until is None else instant(scope.until)
    return _between(opened.instant, since, until)


def _texts(body: EventBody) -> Iterator[str]:
    for value in body.facts.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from value


def _between(at: int, since: int | None, until: int | None) -> bool:
    return (since is None or at >= since) and (until is None or at <= until)


def _concerned(duty: Instance, scope: Scope, chosen: set[str]) -> bool:
    """Opened or answered by a record in the scope, owed for the subject, or running at the time."""
    if chosen & set(_named(duty)):
        return True
    if scope.subject is not None:
        return _has_key(duty, scope.subject)
    since = None if scope.since is None else instant(scope.since)
    until = None if scope.until is None else instant(scope.until)
    timed = since is not None or until is not None
    return timed and _between(duty.due.earliest, since, until)


def _named(duty: Instance) -> Iterator[str]:
    yield from (event for event in (duty.trigger, duty.answered) if event)
    if duty.otherwise is not None:
        yield from _named(duty.otherwise)


def _supplements(body: EventBody, chosen: set[str]) -> bool:
    return body.type == "supplement" and body.facts["event"] in chosen


def _said(scope: Scope) -> str:
    told: Json = scope.model_dump(mode="json", exclude_none=True)
    assert isinstance(told, dict)
    return ", ".join(f"{name} {value}" for name, value in told.items())


def scope_of(*, act: str | None, duty: str | None, subject: str | None, since: int | None, until: int | None) -> Scope:
    """From what was asked for; `duty` is a clause, or a clause and a key as `2.1/case-7`. Raises VerbError VB32."""
    clause, _, key = (duty or "").partition("/")
    try:
        return Scope(
            act=act,
            clause=clause or None,
            key=key or None,
            subject=subject,
            since=None if since is None else timestamp(since),
            until=None if until is None else timestamp(until),
        )
    except ValueError as error:
        reason = "a case is about one event, one clause, one subject or one time"
        if act is not None and reason not in str(error):
            reason = f"act {act}"
        raise VerbError("VB32", reason=reason) from None

"""What the monitor tells, as JSON: one object for each thing told, and the count at the end."""

from __future__ import annotations

from typing import Any, Literal, assert_never

from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.told import ActTold, DutyTold, MovedTold
from smartclause.evidence.errors import Lang
from smartclause.evidence.forms import Count, Form, Instant, timestamp
from smartclause.logic.instances import Instance
from smartclause.logic.instants import FIRST, LAST
from smartclause.verbs.answers import DecisionWord, KeyForm, ReasonForm, reason_form
from smartclause.verbs.errors import in_parts
from smartclause.verbs.monitor_settings import RefusedLine, Stands, Tally, Telling
from smartclause.verbs.values import spelled

DutyWord = Literal[
    "open", "due soon", "fulfilled", "waived", "violated", "cured", "awaiting records", "unproven", "no longer owed"
]


class CountedForm(Form):
    name: str
    count: Count


class MonitorLineForm(Form):
    """One thing that the monitor tells, numbered from 1. `told` says of what.

    `act`: a verdict; `was` is the verdict told before, which this one corrects or makes final. `duty`: a new status,
    `was` the one before, `at` when it came to be. `early`: a line that is still agreed to come may make it otherwise;
    `corrects`: what was told before counts no more. `stands`: how a duty stands at the instant asked about. `moved`: a
    record counts at `at`, not as `claimed`. `refused line`: a line that says nothing usable. `end`: what was counted.
    """

    told: Literal["act", "duty", "stands", "moved", "refused line", "end"]
    number: Count
    at: Instant | None = None
    event: str | None = None
    type: str | None = None
    by: str | None = None
    decision: DecisionWord | None = None
    final: bool | None = None
    early: bool | None = None
    corrects: bool | None = None
    was: str | None = None
    was_final: bool | None = None
    clauses: tuple[str, ...] | None = None
    open_facts: tuple[ReasonForm, ...] | None = None
    clause: str | None = None
    sentence: Count | None = None
    party: str | None = None
    recipient: str | None = None
    keys: tuple[KeyForm, ...] | None = None
    status: DutyWord | None = None
    start: Instant | None = None
    due_earliest: Instant | None = None
    due_latest: Instant | None = None
    since: Instant | None = None
    trigger: str | None = None
    answered_by: str | None = None
    answered_at: Instant | None = None
    ended: Instant | None = None
    otherwise: bool | None = None
    claimed: Instant | None = None
    line: Count | None = None
    code: str | None = None
    message: str | None = None
    help: str | None = None
    lines: Count | None = None
    records: Count | None = None
    moved: Count | None = None
    refused_lines: tuple[CountedForm, ...] | None = None
    acts: tuple[CountedForm, ...] | None = None
    duties: tuple[CountedForm, ...] | None = None


class MonitoringForm(Form):
    """All that was told of a source with an end, as one document; the last is the count."""

    edition: Literal["monitor 1"] = "monitor 1"
    told: tuple[MonitorLineForm, ...]


def told_data(telling: Telling, number: int, lang: Lang) -> dict[str, Any]:
    """As `MonitorLineForm` has it, what is not given left out."""
    match telling:
        case ActTold():
            return _act(telling, number)
        case DutyTold():
            status: dict[str, Any] = {"status": telling.status, "was": telling.was} if telling.was else {}
            status = {"status": telling.status, **status, **_provisional(telling)}
            return {"told": "duty", "number": number, "at": _instant(telling.at), **_duty(telling.instance), **status}
        case Stands():
            found = _duty(telling.instance)
            return {"told": "stands", "number": number, **found, "status": telling.instance.status.value}
        case MovedTold():
            times = {"at": _instant(telling.at), "claimed": _instant(telling.claimed)}
            return {"told": "moved", "number": number, "event": telling.event, **times}
        case RefusedLine():
            parts = in_parts(telling.fault, lang)
            told = {"line": telling.line, "code": parts["code"], "message": parts["message"], "help": parts["help"]}
            return {"told": "refused line", "number": number, **told}
        case _:
            assert_never(telling)


def _provisional(told: DutyTold) -> dict[str, bool]:
    """Whether a line that is still agreed to come may change it, and whether one did."""
    return {name: True for name, said in (("early", told.early), ("corrects", told.corrects)) if said}


def _act(told: ActTold, number: int) -> dict[str, Any]:
    data: dict[str, Any] = {
        "told": "act", "number": number, "at": _instant(told.at), "event": told.event, "type": told.type,
        "by": told.by, "decision": told.decision.value, "final": told.final,
    }  # fmt: skip
    if told.was is not None:
        data |= {"was": told.was.value, "was_final": told.was_final, "corrects": told.corrects}
    if told.early:
        data["early"] = True
    if told.clauses:
        data["clauses"] = list(told.clauses)
    if told.reasons:
        data["open_facts"] = [reason_form(r).model_dump() for r in dict.fromkeys(told.reasons)]
    return data


def _duty(instance: Instance) -> dict[str, Any]:
    data: dict[str, Any] = {
        "clause": instance.clause, "sentence": instance.sentence, "party": instance.party,
        "keys": [{"field": n} if v is None else {"field": n, "value": spelled(v)} for n, v in instance.keys],
        "start": _instant(instance.start), "due_earliest": _instant(instance.due.earliest),
    }  # fmt: skip
    times = {
        "due_latest": instance.due.latest, "since": instance.since, "answered_at": instance.answered_at,
        "ended": instance.ended,
    }  # fmt: skip
    words = {"recipient": instance.recipient, "trigger": instance.trigger, "answered_by": instance.answered}
    data |= {name: _instant(at) for name, at in times.items() if at is not None}
    data |= {name: word for name, word in words.items() if word}
    if instance.is_otherwise:
        data["otherwise"] = True
    if instance.reasons:
        data["open_facts"] = [reason_form(r).model_dump() for r in dict.fromkeys(instance.reasons)]
    return data


def _instant(at: int) -> str:
    return timestamp(min(max(at, FIRST), LAST))


def end_data(tally: Tally, number: int) -> dict[str, Any]:
    at = {} if tally.upto == NEVER else {"at": _instant(tally.upto)}
    return {
        "told": "end", "number": number, **at, "lines": tally.lines, "records": tally.records, "moved": tally.moved,
        "refused_lines": _counted(tally.refused_lines), "acts": _counted(tally.acts),
        "duties": _counted(tally.duties),
    }  # fmt: skip


def _counted(counts: dict[str, int]) -> list[dict[str, Any]]:
    return [{"name": name, "count": count} for name, count in sorted(counts.items()) if count]

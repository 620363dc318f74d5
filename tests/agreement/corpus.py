"""The neutral corpus of an edition: contracts, what was recorded and asked, and every answer, as plain JSON.

    python -m tests.agreement.corpus          writes the files of this edition anew

Made from fixed seeds and picked boundaries, then frozen with the edition. The format: docs/reference/corpus.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from smartclause.logic.contract import EDITION
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.finding import Reason
from smartclause.logic.identity import document_data, read_contract
from smartclause.logic.record import Event, Signer, Source, Trust
from smartclause.logic.terms import Money, Value
from smartclause.logic.world import Cloud
from smartclause.logic.written import exact
from tests.agreement.answers import Owes, Told
from tests.agreement.engines import REFERENCE, Answers
from tests.agreement.trimmed import read_only, trimmed
from tests.agreement.worlds import Case, case_of

FOLDER = Path(__file__).with_name("corpus") / EDITION.replace(" ", "-")
SEEDS = range(7000, 7080)
HISTORIES = 3
FORMAT = "smartclause corpus 1"
Json = Any


@dataclass(frozen=True)
class Entry:
    """One file: a contract with several histories."""

    id: str
    comment: str
    cases: tuple[Case, ...]


def entries() -> Iterable[Entry]:
    from tests.agreement.boundaries import boundaries

    yield from boundaries()
    for seed in SEEDS:
        cases = tuple(read_only(case_of(seed, n)) for n in range(HISTORIES))
        yield Entry(f"drawn-{seed}", "drawn at random", cases)


# ---- writing


def entry_data(entry: Entry) -> Json:
    contract = trimmed_together(entry.cases)
    return {
        "format": FORMAT,
        "edition": EDITION,
        "id": entry.id,
        "comment": entry.comment,
        "contract": document_data(contract),
        "histories": [history_data(replace(c, contract=contract)) for c in entry.cases],
    }


def trimmed_together(cases: tuple[Case, ...]) -> Any:
    """One contract with what any of its histories names."""
    every = replace(
        cases[0],
        records=tuple(e for c in cases for e in c.records),
        proposed=tuple(e for c in cases for e in c.proposed),
    )
    return trimmed(every).contract


def history_data(case: Case) -> Json:
    answers = next(iter(REFERENCE.batch([case])))
    assert isinstance(answers, Answers)
    assert answers.acts is not None
    assert answers.proposed is not None
    assert answers.duties is not None
    return {
        "asked": case.asked,
        "draft": case.draft,
        "signed": {name: sorted(who) for name, who in sorted(case.signed.items())},
        "sources": [source_data(s) for s in case.sources],
        "clouds": [
            {"since": c.since, "until": c.until, "reason": c.reason, "source": source_data(c.source)}
            for c in case.clouds
        ],
        "records": [event_data(e) for e in case.records],
        "acts": [told_data(t) for t in answers.acts],
        "proposed": [
            {"act": event_data(e), **told_data(t)} for e, t in zip(case.proposed, answers.proposed, strict=True)
        ],
        "duties": [owes_data(o, case) for o in answers.duties],
    }


def source_data(source: Source) -> Json:
    return {
        "name": source.name, "party": source.party, "roles": sorted(source.roles), "complete": source.complete,
        "gaps": [list(g) for g in source.gaps], "last_heard": source.last_heard,
    }  # fmt: skip


def event_data(event: Event) -> Json:
    facts = {n: value_data(v) for n, v in sorted(event.facts.items())}
    data: dict[str, Json] = {"id": event.id, "type": event.type, "time": event.time, "index": event.index}
    data |= {n: getattr(event, n) for n in ("by", "to", "asset", "source") if getattr(event, n)}
    data |= {"received": event.received} if event.received is not None else {}
    data |= {"facts": facts} if facts else {}
    data["signers"] = [
        {"key": s.key, "party": s.party, "roles": sorted(s.roles), "trust": s.trust.value} for s in event.signers
    ]
    data |= {"attested": sorted(event.caller)} if event.caller else {}
    return data | ({"unreliable": True} if event.unreliable else {})


def value_data(value: Value) -> Json:
    match value:
        case bool() | int() | str():
            return value
        case Decimal():
            return {"number": exact(value)}
        case Money():
            return {"amount": exact(value.amount), "currency": value.currency}
        case date():
            return {"date": value.isoformat()}
        case Duration():
            return {"count": value.count, "unit": value.unit.value}
        case frozenset():
            return {"set": sorted(value)}
        case _:
            raise AssertionError(value)


def told_data(told: Told) -> Json:
    return {
        "event": told.event,
        "verdict": told.truth.value,
        "clauses": {name: state.value for name, state in sorted(told.clauses.items())},
        "leaves": [[*place, truth.value] for place, truth in sorted(told.leaves.items())],
        "reasons": sorted((reason_data(r) for r in told.reasons), key=json.dumps),
    }


def reason_data(reason: Reason) -> Json:
    return {n: v for n in ("kind", "field", "type", "role", "event", "detail") if (v := getattr(reason, n))}


def owes_data(owed: Owes, case: Case) -> Json:
    data: dict[str, Json] = {
        "clause": owed.clause, "sentence": owed.sentence, "party": owed.party, "recipient": owed.recipient,
        "keys": {k: None if v is None else value_data(v) for k, v in owed.keys}, "trigger": owed.trigger,
        "start": owed.start, "due": [owed.earliest, owed.latest], "holds": owed.holds.value,
        "status": owed.status.value, "since": owed.since, "ended": owed.ended, "answered": owed.answered,
        "answered_at": owed.answered_at,
    }  # fmt: skip
    return data | ({} if owed.otherwise is None else {"otherwise": owes_data(owed.otherwise, case)})


# ---- reading


def read_cases(data: Json) -> list[Case]:
    contract = read_contract(data["contract"])
    return [
        Case(
            contract, tuple(_event(e) for e in h["records"]), h["asked"],
            tuple(_event(p["act"]) for p in h["proposed"]),
            tuple(_source(s) for s in h["sources"]),
            tuple(Cloud(c["since"], c["until"], _source(c["source"]), c["reason"]) for c in h["clouds"]),
            {n: frozenset(who) for n, who in h["signed"].items()}, h["draft"], f"{data['id']}/{number}",
        )
        for number, h in enumerate(data["histories"])
    ]  # fmt: skip


def _source(data: Json) -> Source:
    gaps = tuple((a, b) for a, b in data["gaps"])
    return Source(data["name"], data["party"], frozenset(data["roles"]), data["complete"], gaps, data["last_heard"])


def _event(data: Json) -> Event:
    signers = tuple(Signer(s["key"], s["party"], frozenset(s["roles"]), Trust(s["trust"])) for s in data["signers"])
    return Event(
        data["id"], data["type"], data["time"], data.get("by", ""), data.get("to", ""), data.get("asset", ""),
        {n: _value(v) for n, v in data.get("facts", {}).items()}, signers, data.get("source", ""),
        data.get("received"), data["index"], caller=frozenset(data.get("attested", ())),
        unreliable=data.get("unreliable", False),
    )  # fmt: skip


def _value(data: Json) -> Value:
    match data:
        case {"number": number}:
            return Decimal(number)
        case {"amount": amount, "currency": currency}:
            return Money(Decimal(amount), currency)
        case {"date": day}:
            return date.fromisoformat(day)
        case {"count": count, "unit": unit}:
            return Duration(count, Unit(unit))
        case {"set": members}:
            return frozenset(members)
        case bool() | int() | str():
            return data
        case _:
            raise AssertionError(data)


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in files():
        old.unlink()
    size = 0
    for entry in entries():
        text = json.dumps(entry_data(entry), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        size += (FOLDER / f"{entry.id}.json").write_text(text + "\n", "utf-8")
    sys.stdout.write(f"{len(files())} files, {size} bytes\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

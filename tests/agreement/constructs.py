"""What occurs in a case: constructs of the contract, of what was recorded, and of the answers."""

from __future__ import annotations

from collections.abc import Iterator

from smartclause.logic.contract import BreachTrigger, Clause, Contract, Duty, Grant, Module, Norm, Repeated, Standing
from smartclause.logic.counting import Duration
from smartclause.logic.record import Event, Trust
from smartclause.logic.terms import (
    FALSE,
    TRUE,
    AtLeast,
    ClauseViolated,
    Compare,
    Const,
    Count,
    CountDistinct,
    Covers,
    LatestField,
    Money,
    Node,
    Not,
    Parameter,
    Query,
    Total,
    children,
    walk,
)
from smartclause.logic.walking import terms_of
from tests.agreement.engines import Answers
from tests.agreement.worlds import Case


def constructs_of(case: Case, answers: Answers) -> set[str]:
    found = set(_of_contract(case.contract))
    found |= {name for t in terms_of(case.contract) for n in walk(t) for name in _of_node(n)}
    found |= set(_of_history(case))
    return found | set(_of_answers(answers))


# ---- what is agreed


def _of_contract(contract: Contract) -> Iterator[str]:
    main = contract.modules[0]
    yield f"judged: {main.kind.value}"
    yield from ("a contract merged" for t in contract.tracks if len(t.modules) > 1)
    yield from (f"imports {m.kind.value}" for m in contract.modules[1:] if m.clauses)
    yield from ("settings" for m in contract.modules if m.sets)
    yield from ("an unbound party" for _ in contract.unbound)
    for module in contract.modules:
        yield from _of_header(module)
        for clause in module.clauses:
            yield from _of_clause(clause)
    if any(c.number == "32" for m in contract.modules for c in m.clauses):
        yield "priorities in a chain"


def _of_header(module: Module) -> Iterator[str]:
    head = module.header
    yield from (
        f"header: {n}" for n in ("since", "until", "provider", "lag", "news", "records_due", "checkpoint_gap", "enders")
        if getattr(head, n)
    )  # fmt: skip
    yield f"periods counted by {head.rule}"
    yield from ("three parties" for _ in module.parties[2:3])


def _of_clause(clause: Clause) -> Iterator[str]:
    yield from ("applies where" for _ in (1,) if clause.applies != TRUE)
    yield from ("survives" for _ in (1,) if clause.survives)
    for sentence in clause.sentences:
        yield type(sentence).__name__
        match sentence:
            case Norm():
                yield from ("an exception" for _ in (1,) if sentence.exception != FALSE)
                yield from ("several acts" for _ in sentence.acts[1:])
                yield from ("despite" for _ in (1,) if isinstance(sentence, Grant) and sentence.despite)
                yield from (
                    "despite an imported clause" for d in sentence.despite if d.partition(".")[0] not in clause.id
                )
            case Duty():
                yield from _of_duty(sentence)
            case Repeated():
                yield from (
                    "a repeated duty for a dated period" for _ in (1,) if isinstance(sentence.period, Parameter)
                )
            case Standing():
                yield from ("standing for each key" for _ in (1,) if sentence.for_each)
                yield from ("standing from a later start" for _ in (1,) if sentence.after)
            case _:
                pass


def _of_duty(duty: Duty) -> Iterator[str]:
    yield from (f"duty: {n}" for n in ("recipient", "clock", "waived_by", "otherwise") if getattr(duty, n))
    yield from ("duty: no later than" for _ in (1,) if duty.no_later_than is not None)
    yield from ("duty: from force" for _ in (1,) if not duty.triggers)
    yield from ("duty: after a breach" for t in duty.triggers if isinstance(t, BreachTrigger))
    yield from ("duty: several triggers" for _ in duty.triggers[1:])
    yield from ("duty: several answers" for _ in duty.answers[1:])
    yield from ("duty: exception" for _ in (1,) if duty.exception != FALSE)
    yield from ("duty: conditions of an answer" for a in duty.answers if a.where != TRUE)
    reads = (q for a in duty.answers for q in walk(a.where) if isinstance(q, Query))
    yield from ("duty: an answer reads history" for _ in reads)
    yield from ("duty: an exception reads history" for q in walk(duty.exception) if isinstance(q, Query))


def _of_node(node: Node) -> Iterator[str]:
    yield type(node).__name__
    match node:
        case Query():
            yield from _of_query(node)
        case AtLeast() if 1 < node.count < len(node.args):
            yield "at least some of several"
        case Not() if any(children(c) for c in children(node)):
            yield "not of several"
        case ClauseViolated():
            yield from (f"violated: {n}" for n in ("keys", "ever", "sentence") if getattr(node, n))
        case Compare():
            yield f"compare: {node.order.value}"
            for side, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(side, Count | CountDistinct | Total | LatestField):
                    yield f"{type(side).__name__} against {type(other).__name__}"
        case Covers():
            yield f"covers: {type(node.broad).__name__} over {type(node.narrow).__name__}"
        case Total():
            yield f"total of {node.type.kind.value}"
        case CountDistinct():
            yield f"distinct {node.field}"
        case _:
            pass


def _of_query(asked: Query) -> Iterator[str]:
    yield from (f"query: {n}" for n in ("where", "keys", "by") if getattr(asked, n))
    yield from ("query: two keys" for _ in asked.keys[1:])
    yield from ("query: by anyone" for _ in (1,) if asked.by == "anyone")
    match asked.within:
        case str():
            yield f"within the {asked.within}"
        case Const(value=Duration() as period):
            yield f"within {period.unit.value}s"
        case Parameter():
            yield f"within {asked.within.name.rpartition('.')[2].removeprefix('other_')}"
        case _:
            yield "no window"


# ---- what was recorded


def _of_history(case: Case) -> Iterator[str]:
    seen: dict[str, Event] = {}
    for event in case.records:
        yield from _of_event(event)
        if event.id in seen:
            yield "two versions"
        seen.setdefault(event.id, event)
    instants = [e.time for e in case.records if e.type != "heartbeat"]
    yield from ("equal instants" for _ in (1,) if len(set(instants)) < len(instants))
    yield from (f"cloud: {c.reason}" for c in case.clouds)
    yield "draft" if case.draft else "signed"
    parties = {p.name for m in case.contract.modules for p in m.parties}
    yield from ("partly signed" for who in case.signed.values() if not case.draft and not parties <= who)
    yield from ("moved inside a lag" for r in case.world().records if r.instant not in (r.event.time, r.received))
    yield from ("at two places" for r in case.world().records if r.instant != r.received)


def _of_event(event: Event) -> Iterator[str]:
    yield f"recorded {event.type}"
    yield from ("unreliable" for _ in (1,) if event.unreliable)
    yield from ("nobody signed" for _ in (1,) if not event.signers)
    yield from (f"a key that is {s.trust.value}" for s in event.signers if s.trust is not Trust.TRUSTED)
    yield from ("shown by a role" for s in event.signers if s.roles)
    yield from ("attested by the caller" for _ in event.caller)
    yield from ("done by nobody named" for _ in (1,) if not event.by)
    for name, value in event.facts.items():
        yield from ("a value out of bounds" for _ in (1,) if name in ("size", "quota") and not 0 <= value <= 1000)  # type: ignore[operator]
        yield from ("another currency" for _ in (1,) if isinstance(value, Money) and value.currency != "CNY")
        yield from ("an unlisted concept" for _ in (1,) if value == "v.unlisted")
        yield from ("an empty set" for _ in (1,) if value == frozenset())


# ---- what is answered


def _of_answers(answers: Answers) -> Iterator[str]:
    for told in (*(answers.acts or ()), *(answers.proposed or ())):
        yield f"verdict {told.truth.value}"
        yield from (f"clause {s.value}" for s in told.clauses.values())
        yield from (f"leaf {t.value}" for t in told.leaves.values())
        yield from (f"reason: {r.kind}" for r in told.reasons)
    for owed in answers.duties or ():
        yield f"duty {owed.status.value}"
        yield from ("a late answer" for _ in (1,) if owed.answered and owed.status.value == "violated")
        yield from ("a due between two instants" for _ in (1,) if owed.earliest != owed.latest)
        yield from ("a stretch that ended" for _ in (1,) if owed.ended is not None)

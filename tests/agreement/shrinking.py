"""Makes a case on which an engine disagrees as small as it gets: whatever can go while they still disagree, goes.

Drops files, clauses, sentences, parts of terms, acts, records, facts, signatures; makes what is left plainer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from smartclause.logic.contract import (
    Clause,
    Contract,
    Duty,
    EventTrigger,
    Grant,
    Header,
    Limit,
    Module,
    ModuleKind,
    Norm,
    Sentence,
)
from smartclause.logic.record import EVERYONE, Event, Signer
from smartclause.logic.terms import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    AtLeast,
    ClauseViolated,
    Not,
    Query,
    Term,
    walk,
)
from smartclause.logic.walking import terms_of
from tests.agreement.comparing import differences
from tests.agreement.engines import REFERENCE, Answers, Engine
from tests.agreement.worlds import Case

T = TypeVar("T")
Fails = Callable[[Case], bool]
SECONDS = 1.0  # of work on one small case
EVERYBODY = (Signer("all-key", EVERYONE),)


def shrunk(case: Case, engine: Engine, most: int = 4000) -> Case:
    """The smallest case found on which the engine still disagrees with the reference."""
    return smallest(case, lambda smaller: disagree(smaller, engine), most)


def disagree(case: Case, engine: Engine) -> bool:
    try:
        wanted = [a for a in REFERENCE.batch([case]) if isinstance(a, Answers)]
    except Exception:
        return False  # no contract any more
    return next(differences(engine, [case], wanted, SECONDS), None) is not None


def fewest(cases: Sequence[Case], engine: Engine) -> list[Case]:
    """Those that must be asked together for the engine to disagree on one of them."""
    kept = list(cases)
    for case in cases:
        fewer = [c for c in kept if c is not case]
        wanted = [a for a in REFERENCE.batch(fewer) if isinstance(a, Answers)]
        if fewer and next(differences(engine, fewer, wanted, len(fewer) * SECONDS), None) is not None:
            kept = fewer
    return kept


def smallest(case: Case, fails: Fails, most: int = 4000) -> Case:
    """Tries one change after another, from the coarsest on, until none keeps the disagreement."""
    left = most
    again = True
    while again and left > 0:
        again = False
        for changes in (_fewer_records, _fewer_clauses, _plainer_files, _plainer_terms, _plainer_records, _fewer_facts):
            found = True
            while found and left > 0:
                found = False
                for smaller in changes(case):
                    left -= 1
                    if left <= 0:
                        break
                    if smaller != case and fails(smaller):
                        case, found, again = smaller, True, True
                        break
    return case


# ---- what was recorded


def _fewer_records(case: Case) -> Iterator[Case]:
    yield replace(case, proposed=())
    yield from (replace(case, proposed=(p,)) for p in case.proposed if len(case.proposed) > 1)
    half = len(case.records) // 2
    while half > 0:
        for start in range(0, len(case.records), half):
            yield replace(case, records=case.records[:start] + case.records[start + half :])
        half //= 2
    yield replace(case, clouds=())
    yield from (replace(case, clouds=_without(case.clouds, n)) for n in range(len(case.clouds)))
    yield replace(case, draft=True, signed={})
    last = max((e.received or e.time for e in case.records), default=case.asked)
    if not case.proposed:
        yield replace(case, asked=last)


def _plainer_records(case: Case) -> Iterator[Case]:
    for number, event in enumerate(case.records):
        for plainer in _plainer_events(event):
            yield replace(case, records=_with(case.records, number, plainer))
    for number, event in enumerate(case.proposed):
        for plainer in _plainer_events(event):
            yield replace(case, proposed=_with(case.proposed, number, plainer))
    sources = tuple(replace(s, gaps=(), last_heard=None) for s in case.sources)
    yield replace(case, sources=sources)


def _plainer_events(event: Event) -> Iterator[Event]:
    yield replace(event, signers=EVERYBODY, caller=frozenset(), unreliable=False, received=None)
    yield replace(event, received=None)
    yield replace(event, signers=EVERYBODY)
    yield replace(event, signers=event.signers[:1])
    yield replace(event, unreliable=False)
    yield replace(event, caller=frozenset())
    yield replace(event, to="")
    yield replace(event, source="")


def _fewer_facts(case: Case) -> Iterator[Case]:
    for number, event in enumerate(case.records):
        for name in event.facts:
            less = replace(event, facts={n: v for n, v in event.facts.items() if n != name})
            yield replace(case, records=_with(case.records, number, less))
    for number, event in enumerate(case.proposed):
        for name in event.facts:
            less = replace(event, facts={n: v for n, v in event.facts.items() if n != name})
            yield replace(case, proposed=_with(case.proposed, number, less))


# ---- what is agreed


def _fewer_clauses(case: Case) -> Iterator[Case]:
    for number, module in enumerate(case.contract.modules):
        if number and module.kind is not ModuleKind.VOCABULARY:
            yield _contract(case, _without_module(case.contract, module))
        for place in range(len(module.clauses)):
            yield _module(case, number, replace(module, clauses=_without(module.clauses, place)))
        for place, clause in enumerate(module.clauses):
            for index in range(len(clause.sentences)):
                if len(clause.sentences) > 1:
                    less = replace(clause, sentences=_without(clause.sentences, index))
                    yield _module(case, number, replace(module, clauses=_with(module.clauses, place, less)))


def _plainer_files(case: Case) -> Iterator[Case]:
    for number, module in enumerate(case.contract.modules):
        for part in fields(Header):
            if getattr(module.header, part.name) != part.default:
                plainer = replace(module.header, **{part.name: part.default})
                yield _module(case, number, replace(module, header=plainer))
        yield _module(case, number, replace(module, sets=()))
    yield _contract(case, replace(case.contract, unbound=()))


def _plainer_terms(case: Case) -> Iterator[Case]:
    for number, module in enumerate(case.contract.modules):
        for place, clause in enumerate(module.clauses):
            for plainer in _plainer_clauses(clause):
                yield _module(case, number, replace(module, clauses=_with(module.clauses, place, plainer)))


def _plainer_clauses(clause: Clause) -> Iterator[Clause]:
    yield from (replace(clause, applies=t) for t in _plainer(clause.applies, TRUE))
    yield replace(clause, survives=False)
    for index, sentence in enumerate(clause.sentences):
        for plainer in _plainer_sentences(sentence):
            yield replace(clause, sentences=_with(clause.sentences, index, plainer))


def _plainer_sentences(sentence: Sentence) -> Iterator[Sentence]:
    match sentence:
        case Norm():
            neutral = TRUE if not isinstance(sentence, Limit) else FALSE
            yield from (replace(sentence, condition=t) for t in _plainer(sentence.condition, neutral))
            yield from (replace(sentence, exception=t) for t in _plainer(sentence.exception, FALSE))
            yield from (replace(sentence, acts=_without(sentence.acts, n)) for n in _indices(sentence.acts))
            if isinstance(sentence, Grant) and sentence.despite:
                yield replace(sentence, despite=())
        case Duty():
            yield replace(sentence, otherwise=None)
            yield from (replace(sentence, exception=t) for t in _plainer(sentence.exception, FALSE))
            yield replace(sentence, clock="")
            yield replace(sentence, waived_by="")
            yield replace(sentence, recipient="")
            yield from (replace(sentence, triggers=_without(sentence.triggers, n)) for n in _indices(sentence.triggers))
            yield from (replace(sentence, answers=_without(sentence.answers, n)) for n in _indices(sentence.answers))
            for n, trigger in enumerate(sentence.triggers):
                if isinstance(trigger, EventTrigger):
                    for t in _plainer(trigger.where, TRUE):
                        yield replace(sentence, triggers=_with(sentence.triggers, n, replace(trigger, where=t)))
            for n, answer in enumerate(sentence.answers):
                for t in _plainer(answer.where, TRUE):
                    yield replace(sentence, answers=_with(sentence.answers, n, replace(answer, where=t)))
        case _:
            if hasattr(sentence, "condition"):
                yield from (replace(sentence, condition=t) for t in _plainer(sentence.condition, None))  # type: ignore[call-arg]
            if hasattr(sentence, "answers"):
                for n, answer in enumerate(sentence.answers):
                    for t in _plainer(answer.where, TRUE):
                        yield replace(sentence, answers=_with(sentence.answers, n, replace(answer, where=t)))


def _plainer(term: Term, neutral: Term | None) -> Iterator[Any]:
    """The neutral term, then each part in place of the whole, then the whole with one plainer part."""
    if neutral is not None and term != neutral:
        yield neutral
    match term:
        case Not():
            yield term.arg
            yield from (Not(t) for t in _plainer(term.arg, None))
        case All() | AnyOf() | AtLeast():
            yield from term.args
            for n in range(len(term.args)):
                if len(term.args) > 2 or (len(term.args) == 2 and not isinstance(term, AtLeast)):
                    less = _without(term.args, n)
                    count = {"count": min(term.count, len(less))} if isinstance(term, AtLeast) else {}
                    yield replace(term, args=less, **count)  # type: ignore[arg-type]
            for n, arg in enumerate(term.args):
                yield from (replace(term, args=_with(term.args, n, t)) for t in _plainer(arg, None))
        case _:
            yield from _plainer_node(term)


def _plainer_node(node: Any) -> Iterator[Any]:
    """A leaf with a plainer question inside."""
    if isinstance(node, Query):
        for name, nothing in (("where", None), ("keys", ()), ("within", None), ("by", None)):
            if getattr(node, name) != nothing:
                yield replace(node, **{name: nothing})
        if node.where is not None:
            yield from (replace(node, where=t) for t in _plainer(node.where, None))
        return
    if isinstance(node, ClauseViolated) or not is_dataclass(node):
        return
    for part in fields(node):
        value = getattr(node, part.name)
        if is_dataclass(value) and part.name != "type":
            inner = _plainer(value, None) if part.name == "has" else _plainer_node(value)  # type: ignore[arg-type]
            yield from (replace(node, **{part.name: v}) for v in inner)  # type: ignore[type-var]


# ---- putting together


def _module(case: Case, number: int, module: Module) -> Case:
    return _contract(case, replace(case.contract, modules=_with(case.contract.modules, number, module)))


def _without_module(contract: Contract, module: Module) -> Contract:
    modules = tuple(
        replace(m, uses=tuple(u for u in m.uses if u != module.name), sets=())
        for m in contract.modules
        if m is not module
    )
    tracks = tuple(
        replace(t, modules=tuple(n for n in t.modules if n != module.name))
        for t in contract.tracks if t.module != module.name
    )  # fmt: skip
    return replace(contract, modules=modules, tracks=tracks, unbound=())


def _contract(case: Case, contract: Contract) -> Case:
    """Without sentences that name a clause that is gone."""
    known = {c.id for m in contract.modules for c in m.clauses}
    named = {n.clause for t in terms_of(contract) for n in walk(t) if isinstance(n, ClauseViolated)}
    sentences = [s for m in contract.modules for c in m.clauses for s in c.sentences]
    named |= {clause for s in sentences for clause in getattr(s, "despite", ())}
    named |= {t.clause for s in sentences for t in getattr(s, "triggers", ()) if hasattr(t, "clause")}
    return replace(case, contract=contract) if named <= known else case


def _with(items: Sequence[T], place: int, item: T) -> tuple[T, ...]:
    return (*items[:place], item, *items[place + 1 :])


def _without(items: Sequence[T], place: int) -> tuple[T, ...]:
    return (*items[:place], *items[place + 1 :])


def _indices(items: Sequence[object]) -> range:
    return range(len(items) if len(items) > 1 else 0)

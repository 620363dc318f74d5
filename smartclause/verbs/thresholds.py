"""The figures at which a contract turns: every period, every window on history, every comparison with a figure.

Adds no meaning: it lists what stands in the sentences, and puts another term in its place to see what hangs on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from smartclause.logic.contract import Clause, Contract, Duty, Module, Repeated, Sentence
from smartclause.logic.counting import Instant, local_date
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Compare, Const, Expression, Kind, Parameter, Query, Term, Value, walk
from smartclause.logic.walking import terms_of_sentence

MEASURED = (Kind.NUMBER, Kind.PERCENTAGE, Kind.MONEY, Kind.INSTANT, Kind.DATE, Kind.DURATION)


class Of(Enum):
    PERIOD = "period"
    OTHERWISE = "period of what is owed otherwise"
    CYCLE = "cycle"
    WINDOW = "window"
    FIGURE = "figure"


@dataclass(frozen=True, slots=True)
class Threshold:
    """`node` is the query of a window, the comparison with a figure, or the duty of a period.

    Sentence 0: where the clause applies.
    """

    clause: str
    sentence: int
    of: Of
    node: Duty | Repeated | Query | Compare
    number: int = 1  # of several alike in one sentence

    def __str__(self) -> str:
        place = f"{self.clause}({self.sentence}) {self.of.value}"
        return place if self.number == 1 else f"{place} {self.number}"


def thresholds(contract: Contract) -> tuple[Threshold, ...]:
    """In the order of the contract, each once."""
    found = (t for module in contract.modules for clause in module.clauses for t in _of_clause(clause))
    return tuple(found)


def _of_clause(clause: Clause) -> Iterator[Threshold]:
    yield from _in_terms(clause.id, 0, (clause.applies,))
    for sentence in clause.sentences:
        match sentence:
            case Duty():
                yield from _of_duty(clause, sentence)
            case Repeated():
                yield Threshold(clause.id, sentence.number, Of.CYCLE, sentence)
            case _:
                pass
        yield from _in_terms(clause.id, sentence.number, terms_of_sentence(sentence))


def _of_duty(clause: Clause, duty: Duty) -> Iterator[Threshold]:
    yield Threshold(clause.id, duty.number, Of.PERIOD, duty)
    number, second = 1, duty.otherwise
    while second is not None:
        yield Threshold(clause.id, duty.number, Of.OTHERWISE, second, number)
        number, second = number + 1, second.otherwise


def _in_terms(clause: str, sentence: int, terms: Iterator[Term] | tuple[Term, ...]) -> Iterator[Threshold]:
    nodes = dict.fromkeys(node for term in terms for node in walk(term))
    windows = (n for n in nodes if isinstance(n, Query) and isinstance(n.within, Const | Parameter))
    figures = (n for n in nodes if isinstance(n, Compare) and _with_figure(n))
    for number, query in enumerate(windows, 1):
        yield Threshold(clause, sentence, Of.WINDOW, query, number)
    for number, compare in enumerate(figures, 1):
        yield Threshold(clause, sentence, Of.FIGURE, compare, number)


def _with_figure(term: Compare) -> bool:
    sides = (term.left, term.right)
    return any(isinstance(s, Const | Parameter) and s.type.kind in MEASURED for s in sides)


def figure(expression: Expression | None, at: Instant, lookup: Lookup) -> Value | None:
    """The value of a constant or of a parameter at an instant; None where it has none."""
    match expression:
        case Const():
            return expression.value
        case Parameter():
            zone = lookup.modules[expression.name.rpartition(".")[0]].header.zone
            day = local_date(at, zone)
            values = lookup.parameters[expression.name].values
            fitting = (v.value for v in values if (v.since or day) <= day <= (v.until or day))
            return next(fitting, None)
        case _:
            return None


def rewritten(contract: Contract, threshold: Threshold, old: object, new: object) -> Contract:
    """The contract with something else in the place of a part of that one sentence."""
    modules = tuple(_rewritten_module(m, threshold, old, new) for m in contract.modules)
    return replace(contract, modules=modules)


def _rewritten_module(module: Module, threshold: Threshold, old: object, new: object) -> Module:
    if not any(c.id == threshold.clause for c in module.clauses):
        return module
    clauses = (c if c.id != threshold.clause else _rewritten_clause(c, threshold, old, new) for c in module.clauses)
    return replace(module, clauses=tuple(clauses))


def _rewritten_clause(clause: Clause, threshold: Threshold, old: object, new: object) -> Clause:
    if threshold.sentence == 0:
        return replace(clause, applies=put(clause.applies, old, new))
    sentences: tuple[Sentence, ...] = tuple(
        put(s, old, new) if s.number == threshold.sentence else s for s in clause.sentences
    )
    return replace(clause, sentences=sentences)


def put(node: Any, old: object, new: object) -> Any:
    """The same tree with `new` wherever `old` stood."""
    if type(node) is type(old) and node == old:
        return new
    if isinstance(node, tuple):
        return tuple(put(each, old, new) for each in node)
    if is_dataclass(node) and not isinstance(node, type):
        return replace(node, **{f.name: put(getattr(node, f.name), old, new) for f in fields(node)})
    return node

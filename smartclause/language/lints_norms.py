"""Permissions that nothing gives, that clash, or that rest on what nobody recorded."""

from collections.abc import Iterator
from dataclasses import dataclass

from smartclause.language.diagnostic import Span
from smartclause.language.names import Names
from smartclause.language.program import Linked
from smartclause.language.vocabulary import bare
from smartclause.language.wording import Both
from smartclause.logic.contract import (
    Bar,
    Clause,
    Duty,
    EventKind,
    Grant,
    Limit,
    ModuleKind,
    Norm,
    Repeated,
    Sentence,
)
from smartclause.logic.terms import (
    FALSE,
    TRUE,
    All,
    AnyOf,
    AtLeast,
    Every,
    EveryFollowed,
    LatestField,
    LatestHas,
    Not,
    Some,
    Term,
    walk,
)


@dataclass(frozen=True)
class Sentences:
    """The sentences of the closed contract that the file belongs to, with types by name."""

    linked: Linked
    names: Names

    @property
    def module(self) -> str:
        return self.linked.contract.module

    def own(self) -> Iterator[tuple[Clause, Sentence]]:
        return ((c, s) for c, s in self.merged() if c.id.startswith(f"{self.module}."))

    def merged(self) -> Iterator[tuple[Clause, Sentence]]:
        track = self.linked.contract.tracks[0]
        for module in self.linked.contract.modules:
            if module.name in track.modules:
                for clause in module.clauses:
                    yield from ((clause, sentence) for sentence in clause.sentences)

    def span(self, clause: Clause, sentence: Sentence) -> Span:
        return self.linked.index.span(clause.id, sentence.number)

    def above(self, act: str) -> tuple[str, ...]:
        """The act and those it stands under."""
        parents = {t.name: t.parent for t in self.linked.contract.types}
        found = [act]
        while parents.get(found[-1]):
            found.append(parents[found[-1]])
        return tuple(found)

    def is_controlled(self, act: str) -> bool:
        return any(t.name == act and t.kind is EventKind.CONTROLLED for t in self.linked.contract.types)


def lint_norms(linked: Linked, names: Names) -> None:
    sentences = Sentences(linked, names)
    _limits_without_grant(sentences)
    for clause, sentence in sentences.own():
        span = sentences.span(clause, sentence)
        match sentence:
            case Grant():
                _rests_on_absence(sentence, span, names)
                _weakens(sentence, span, names)
                _clashes(clause, sentence, span, sentences)
            case Bar():
                _old_lift(sentence, span, names)
                _unknown_at_first(sentence, span, names)
            case Duty() | Repeated():
                _dilemma(sentence, span, sentences)
            case _:
                pass


def _limits_without_grant(sentences: Sentences) -> None:
    """A controlled act of a contract with limits and no grant: an error, since nobody meant it."""
    kinds = {m.name: m.kind for m in sentences.linked.contract.modules}
    if kinds[sentences.module] is not ModuleKind.CONTRACT:
        return
    granted = {(s.party, a) for _, s in sentences.merged() if isinstance(s, Grant) for a in s.acts}
    granted |= {(s.party, a.act) for _, s in sentences.merged() if isinstance(s, Duty | Repeated) for a in s.answers}
    limits = [(c, s) for c, s in sentences.own() if isinstance(s, Limit)]
    told: set[tuple[str, str]] = set()
    for clause, limit in limits:
        for act in limit.acts:
            known = (limit.party, act)
            if known not in told and sentences.is_controlled(act) and not _granted(known, granted, sentences):
                told.add(known)
                numbers = dict.fromkeys(c.number for c, s in limits if act in s.acts and s.party == limit.party)
                said = {"party": limit.party, "act": bare(act), **_clauses(tuple(numbers))}
                sentences.names.say.add("V03", sentences.span(clause, limit), **said)


def _clauses(numbers: tuple[str, ...]) -> dict[str, Both]:
    """The clauses, and the verb that goes with their number."""
    *others, last = numbers
    listed = f"{', '.join(others)} and {last}" if others else last
    chinese = "和".join(("、".join(f"第{each}条" for each in others), f"第{last}条")) if others else f"第{last}条"
    named = Both(f"clauses {listed}" if others else f"clause {listed}", chinese)
    return {"clauses": named, "limit": Both("limit" if others else "limits", "")}


def _granted(wanted: tuple[str, str], granted: set[tuple[str, str]], sentences: Sentences) -> bool:
    """A grant of a broader act covers it, one of a narrower act is at least something."""
    party, act = wanted
    return any(
        party == who and (given in sentences.above(act) or act in sentences.above(given)) for who, given in granted
    )


def _rests_on_absence(grant: Grant, span: Span, names: Names) -> None:
    for event in dict.fromkeys((*_absent(grant.condition, False), *_absent(grant.exception, True))):
        names.say.add("V04", span, record=bare(event))


def _absent(term: Term, negated: bool) -> Iterator[str]:
    """Types whose absence makes the term true."""
    match term:
        case Not():
            yield from _absent(term.arg, not negated)
        case All() | AnyOf() | AtLeast():
            for arg in term.args:
                yield from _absent(arg, negated)
        case Some() | Every() | EveryFollowed() | LatestHas() if negated:
            yield term.query.event
        case _:
            return


def _weakens(grant: Grant, span: Span, names: Names) -> None:
    for clause in grant.despite:
        module, _, number = clause.partition(".")
        names.say.add("V08", span, clause=number if module == names.module else clause)


def _clashes(clause: Clause, grant: Grant, span: Span, sentences: Sentences) -> None:
    """A bare permission and a bare prohibition of the same act: the first is never of use."""
    if not _bare(clause, grant):
        return
    for other, bar in sentences.merged():
        if isinstance(bar, Bar) and _bare(other, bar) and bar.party == grant.party and other.id not in grant.despite:
            for act in grant.acts:
                if set(sentences.above(act)) & set(bar.acts):
                    sentences.names.say.add("V06", span, party=grant.party, act=bare(act), clause=other.number)


def _bare(clause: Clause, norm: Norm) -> bool:
    return norm.condition == TRUE and norm.exception == FALSE and clause.applies == TRUE


def _dilemma(duty: Duty | Repeated, span: Span, sentences: Sentences) -> None:
    for other, bar in sentences.merged():
        if isinstance(bar, Bar) and _bare(other, bar) and bar.party == duty.party:
            for answer in duty.answers:
                if set(sentences.above(answer.act)) & set(bar.acts):
                    said = {"party": duty.party, "act": bare(answer.act), "clause": other.number}
                    sentences.names.say.add("V07", span, **said)


def _old_lift(bar: Bar, span: Span, names: Names) -> None:
    """`must not A if some X except if some Y`: nothing says which of the two came last."""
    orders = set(_present(bar.condition, False))
    lifts = set(_present(bar.exception, False)) | set(_present(bar.condition, True))
    for order in sorted(orders - lifts):
        for lift in sorted(lifts - orders):
            names.say.add("V02", span, order=bare(order), lift=bare(lift))


def _present(term: Term, negated: bool, inside: bool = False) -> Iterator[str]:
    """Types of which some record is asked for, under a negation or not."""
    match term:
        case Some() if negated is inside:
            yield term.query.event
        case Not():
            yield from _present(term.arg, negated, not inside)
        case All() | AnyOf():
            for arg in term.args:
                yield from _present(arg, negated, inside)
        case _:
            return


def _unknown_at_first(bar: Bar, span: Span, names: Names) -> None:
    """A bar that reads a field of the latest record is unknown as long as there is none."""
    acts = ", ".join(bare(act) for act in bar.acts)
    for term in (bar.condition, bar.exception):
        for node in walk(term):
            if isinstance(node, LatestField):
                names.say.add("V10", span, record=bare(node.query.event), act=acts)

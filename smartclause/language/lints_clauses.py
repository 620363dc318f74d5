"""Clauses that decide nothing, duties that never fall due, declarations that nothing uses."""

from collections.abc import Iterator

from smartclause.language import tree
from smartclause.language.definitions import spelled
from smartclause.language.diagnostic import Span
from smartclause.language.lints_norms import Sentences
from smartclause.language.names import Names
from smartclause.language.program import Linked
from smartclause.language.vocabulary import bare
from smartclause.logic.contract import Clause, Duty, Share
from smartclause.logic.terms import TRUE


def lint_clauses(linked: Linked, names: Names) -> None:
    sentences = Sentences(linked, names)
    module = next(m for m in linked.contract.modules if m.name == linked.contract.module)
    for clause in module.clauses:
        node = linked.index.by_id[clause.id][1]
        if _decides_nothing(clause, node):
            names.say.add("V09", node.name.span, clause=clause.number)
        for sentence in clause.sentences:
            if isinstance(sentence, Duty):
                span = sentences.span(clause, sentence)
                _never_due(sentence, span, names)
                _undescribed(sentence, span, sentences)


def _decides_nothing(clause: Clause, node: tree.Clause) -> bool:
    """No norm, no duty, no judgement, and nothing that says why."""
    norms = [s for s in node.sentences if not isinstance(s, tree.Share)]
    shares = [s for s in clause.sentences if isinstance(s, Share)]
    return not (norms or shares or clause.judgements or clause.not_encoded)


def _never_due(duty: Duty, span: Span, names: Names) -> None:
    if duty.period is None and duty.no_later_than is None:
        names.say.add("V01", span)
    if duty.otherwise:
        _never_due(duty.otherwise, span, names)


def _undescribed(duty: Duty, span: Span, sentences: Sentences) -> None:
    for answer in duty.answers:
        if answer.where == TRUE and sentences.is_controlled(answer.act):
            sentences.names.say.add("V05", span, act=bare(answer.act))
    if duty.otherwise:
        _undescribed(duty.otherwise, span, sentences)


def lint_unused(linked: Linked, names: Names) -> None:
    """Definitions and parameters of the file that no part of it names."""
    file = names.program.files[linked.contract.module]
    used = {name.id for item in file.items for name in _named(item)}
    for item in file.items:
        if isinstance(item, tree.Define | tree.Parameter) and item.name.id not in used:
            names.say.add("V15", item.name.span, name=item.name.id)


def _named(item: tree.Declaration) -> Iterator[tree.Name]:
    """The names inside an item, without the one it declares."""
    own = getattr(item, "name", None)
    return (name for name in spelled(item) if name is not own)

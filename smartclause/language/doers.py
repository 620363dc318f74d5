"""Who does an act: a sentence about a party and an act that only another party does would never apply."""

from collections.abc import Iterator, Mapping

from smartclause.language.names import Names
from smartclause.language.references import ClauseIndex
from smartclause.language.vocabulary import bare
from smartclause.logic.contract import Bar, Clause, Duty, EventType, Grant, Limit, Repeated, Sentence


def check_doers(
    clauses: tuple[Clause, ...],
    types: Mapping[str, EventType],
    roles: Mapping[str, str],
    names: Names,
    index: ClauseIndex,
) -> None:
    """`roles` gives the parties of all files with the role they hold, empty if none."""
    for clause in clauses:
        for sentence in clause.sentences:
            for party, act in _deeds(sentence):
                doer = _doer(act, types)
                if doer and not _may_do(party, doer, roles):
                    span = index.span(clause.id, sentence.number)
                    names.say.add("R41", span, act=bare(act), doer=doer, party=party)


def _may_do(party: str, doer: str, roles: Mapping[str, str]) -> bool:
    """The party itself, or one that holds the role or none that is known."""
    return party == doer or (doer not in roles and roles.get(party, "") in ("", doer))


def _doer(act: str, types: Mapping[str, EventType]) -> str:
    """Who does the act: said at the act itself or at the nearest act above it."""
    kind = types.get(act)
    while kind is not None and not kind.by:
        kind = types.get(kind.parent)
    return kind.by if kind else ""


def _deeds(sentence: Sentence) -> Iterator[tuple[str, str]]:
    match sentence:
        case Grant() | Limit() | Bar():
            yield from ((sentence.party, act) for act in sentence.acts)
        case Duty():
            yield from ((sentence.party, answer.act) for answer in sentence.answers)
            if sentence.otherwise:
                yield from _deeds(sentence.otherwise)
        case Repeated():
            yield from ((sentence.party, answer.act) for answer in sentence.answers)
        case _:
            return

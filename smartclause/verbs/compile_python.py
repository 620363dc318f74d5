"""`compile --to python`: a contract as a program of its own, its sentences as comments."""

from __future__ import annotations

from smartclause.engines.decide.printed import Printing
from smartclause.engines.prose import explain_sentence, explain_term
from smartclause.evidence.errors import Lang
from smartclause.logic.contract import Norm
from smartclause.logic.lookup import Lookup
from smartclause.rails.formula import Leaf
from smartclause.rails.refused import CannotDo
from smartclause.rails.source.module import Source
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError


def as_python(bundle: Bundle, lang: Lang = "en") -> str:
    """The program's text. Raises VerbError VB52."""
    lookup = Lookup(bundle.contract)
    said = {
        (clause.id, sentence.number): explain_sentence(lookup, sentence, lang)
        for _, clause in lookup.all_clauses()
        for sentence in clause.sentences
        if isinstance(sentence, Norm)
    }

    def question(leaf: Leaf) -> str:
        return explain_term(lookup, leaf.term, lang)

    try:
        return Printing(Source(lookup, {}, draft=True, said=said), question, bundle.document).text()
    except CannotDo as found:
        raise VerbError("VB52", bundle.place, construct=found.construct, where=found.where) from None

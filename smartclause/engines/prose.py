"""Text for people, in Chinese and English, from a contract and from what the evaluator found. Adds no meaning."""

from collections.abc import Iterable, Mapping

from smartclause.engines.prose_duties import DutyLines
from smartclause.engines.prose_findings import shown
from smartclause.engines.prose_names import LANGUAGES, Lang, Names, authoritative, part_heading, plain, said
from smartclause.engines.prose_reasons import Reasons
from smartclause.engines.prose_sentences import Sentences
from smartclause.engines.prose_states import word
from smartclause.engines.prose_terms import Phrases
from smartclause.engines.prose_verdicts import Verdicts
from smartclause.logic.contract import Sentence
from smartclause.logic.finding import Reason
from smartclause.logic.instances import Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import Sets
from smartclause.logic.terms import Term
from smartclause.logic.verdict import Verdict
from smartclause.logic.world import Record

__all__ = [
    "LANGUAGES",
    "Lang",
    "explain_clause",
    "explain_contract",
    "explain_duty",
    "explain_reasons",
    "explain_sentence",
    "explain_term",
    "explain_verdict",
    "word",
]


def explain_verdict(
    lookup: Lookup,
    verdict: Verdict,
    lang: Lang,
    *,
    records: Mapping[str, Record] | None = None,
    sets: Sets | None = None,
) -> str:
    """Why an act is allowed, refused or undecided. `records` (by id) date the events read; `sets` would suffice."""
    return shown(Verdicts(Names(lookup, lang), records or {}).explain(verdict, sets))


def explain_clause(lookup: Lookup, clause_id: str, lang: Lang) -> str:
    """Heading, words, citations, and what each sentence means here. `clause_id`: `module.number`, a number, a name."""
    found = find_clause(lookup, clause_id)
    if found is None:
        return Names(lookup, lang).pick(f"there is no clause “{clause_id}”", f"没有条款“{clause_id}”")
    module, clause = lookup.clauses[found]
    return plain(Sentences(Names(lookup, lang)).clause(module, clause))


def find_clause(lookup: Lookup, wanted: str) -> str | None:
    """The id of the clause with this id, number or name; of the file judged before any other."""
    if wanted in lookup.clauses:
        return wanted
    found = [(m, c) for m, c in lookup.all_clauses() if wanted in (c.number, c.name)]
    own = [c.id for m, c in found if m.name == lookup.contract.module]
    return next(iter((*own, *(c.id for _, c in found))), None)


def explain_contract(lookup: Lookup, lang: Lang) -> str:
    """Every file that has clauses, with its parts and clauses."""
    names = Names(lookup, lang)
    pages = []
    for module in lookup.contract.modules:
        if not module.clauses:
            continue
        kind = word(module.kind, lang)
        title = names.module(module.name)
        first = names.pick(f"{title} ({kind}, version {module.version})", f"{title}（{kind}，版本{module.version}）")
        governing = authoritative(module.header.authoritative, lang)
        pages.append("\n".join([first, governing] if governing else [first]))
        parts, current = dict(module.parts), ""
        for clause in module.clauses:
            if clause.part != current:
                current = clause.part
                label = said(parts[current], lang) if current in parts else ""
                pages.append(part_heading(current, label, lang))
            pages.append(Sentences(names).clause(module, clause))
    return plain("\n\n".join(pages))


def explain_sentence(lookup: Lookup, sentence: Sentence, lang: Lang) -> str:
    return plain(Sentences(Names(lookup, lang)).sentence(sentence))


def explain_term(lookup: Lookup, term: Term, lang: Lang, types: tuple[str, ...] = ()) -> str:
    """A condition in words; `types` are those of the record in view."""
    return plain(Phrases(Names(lookup, lang), types).term(term))


def explain_reasons(lookup: Lookup, reasons: Iterable[Reason], lang: Lang) -> list[tuple[str, str]]:
    """For each reason what is the matter, and what to bring from whom."""
    return [(plain(why), plain(bring)) for why, bring in Reasons(Names(lookup, lang)).lines(reasons)]


def explain_duty(lookup: Lookup, instance: Instance, lang: Lang) -> str:
    """One line: who owes what to whom, by when, and how it stands."""
    return plain(DutyLines(Names(lookup, lang)).line(instance))

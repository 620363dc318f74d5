"""Text for people, in Chinese and English, from a contract and from what the evaluator found. Adds no meaning."""

from collections.abc import Mapping

from smartclause.engines.prose_names import Lang, Names, said
from smartclause.engines.prose_states import word
from smartclause.logic.instances import Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import Sets
from smartclause.logic.verdict import Verdict
from smartclause.logic.world import Record


def explain_verdict(
    lookup: Lookup,
    verdict: Verdict,
    lang: Lang,
    *,
    records: Mapping[str, Record] | None = None,
    sets: Sets | None = None,
) -> str:
    """Why an act is allowed, refused or undecided. `records` name the events read; `sets` what would suffice."""
    names = Names(lookup, lang)
    return f"{names.who(verdict.party)} {names.type(verdict.type)}: {word(verdict.decision, lang)}"


def explain_clause(lookup: Lookup, clause_id: str, lang: Lang) -> str:
    """What a clause says and what it means here. `clause_id` is `module.number`."""
    found = lookup.clauses.get(clause_id)
    return said(found[1].text, lang) if found else clause_id


def explain_contract(lookup: Lookup, lang: Lang) -> str:
    """Every clause of the file judged and of the contracts merged into it."""
    return "\n\n".join(explain_clause(lookup, clause_id, lang) for clause_id in lookup.clauses)


def explain_duty(lookup: Lookup, instance: Instance, lang: Lang) -> str:
    """One line: who owes what to whom, by when, and how it stands."""
    names = Names(lookup, lang)
    return f"{names.heading(instance.clause)}: {word(instance.status, lang)}"

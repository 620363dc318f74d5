"""`explain`: a contract or one of its clauses in the words of lawyers, from the meaning alone."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from smartclause.engines.prose import Lang, explain_clause, explain_contract, find_clause
from smartclause.evidence.forms import Form
from smartclause.logic.lookup import Lookup
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import open_contract


class ExplainedClause(Form):
    clause: str
    name: str
    text: str


class ExplanationForm(Form):
    """A contract in words, clause by clause, in one language."""

    edition: Literal["explanation 1"] = "explanation 1"
    contract: str
    version: str
    language: Literal["zh", "en"]
    clauses: tuple[ExplainedClause, ...]


def explain(contract: Path, clause: str = "", *, lang: Lang = "en", folders: tuple[Path, ...] = ()) -> str:
    """Raises EvidenceError, VerbError VB19."""
    lookup = open_contract(contract, folders).lookup
    if not clause:
        return explain_contract(lookup, lang)
    return explain_clause(lookup, _found(lookup, clause, contract), lang)


def explanation(
    contract: Path, clause: str = "", *, lang: Lang = "en", folders: tuple[Path, ...] = ()
) -> ExplanationForm:
    """The same as data. Raises EvidenceError, VerbError VB19."""
    lookup = open_contract(contract, folders).lookup
    asked = [_found(lookup, clause, contract)] if clause else list(lookup.clauses)
    told = tuple(_told(lookup, each, lang) for each in asked)
    module = lookup.modules[lookup.contract.module]
    return ExplanationForm(contract=module.name, version=module.version, language=lang, clauses=told)


def _told(lookup: Lookup, clause: str, lang: Lang) -> ExplainedClause:
    _, found = lookup.clauses[clause]
    return ExplainedClause(clause=clause, name=found.name, text=explain_clause(lookup, clause, lang))


def _found(lookup: Lookup, clause: str, contract: Path) -> str:
    found = find_clause(lookup, clause)
    if found is None:
        known = ", ".join(c.number for _, c in lookup.all_clauses())
        raise VerbError("VB19", str(contract), name=clause, candidates=known)
    return found

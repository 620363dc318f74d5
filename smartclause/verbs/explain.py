"""`explain`: a contract or one of its clauses in the words of lawyers, from the meaning alone."""

from __future__ import annotations

from pathlib import Path

from smartclause.engines.prose import Lang, explain_clause, explain_contract, find_clause
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import open_contract


def explain(contract: Path, clause: str = "", *, lang: Lang = "en", folders: tuple[Path, ...] = ()) -> str:
    """Raises EvidenceError, VerbError VB19."""
    lookup = open_contract(contract, folders).lookup
    if not clause:
        return explain_contract(lookup, lang)
    found = find_clause(lookup, clause)
    if found is None:
        known = ", ".join(c.number for _, c in lookup.all_clauses())
        raise VerbError("VB19", str(contract), name=clause, candidates=known)
    return explain_clause(lookup, found, lang)

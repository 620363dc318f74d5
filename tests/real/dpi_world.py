"""The published records as a case that every engine reads: typed facts, signed by reviewer and trainer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from smartclause.evidence.forms import instant
from smartclause.logic.contract import Contract
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event, Signer
from smartclause.verbs.values import ConceptTree, concept_tree, typed
from tests.agreement.worlds import Case

SIGNERS = {
    "B": Signer("key of B", "B", frozenset({"recipient"})),
    "C": Signer("key of C", "C", frozenset({"auditor"})),
    "R": Signer("key of R", "R", frozenset({"rights_holder"})),
}


def case_of(contract: Contract, plain: Iterable[dict[str, Any]], asked: str) -> Case:
    """Signed by all parties; events in the order given. Raises AssertionError where a fact has not its type."""
    lookup, tree = Lookup(contract), concept_tree(contract)
    events = tuple(_event(number, each, lookup, tree) for number, each in enumerate(plain, 1))
    parties = frozenset(party.name for module in contract.modules for party in module.parties)
    trained = tuple(event for event in events if lookup.is_act(event.type))
    return Case(contract, events, instant(asked), trained, signed={contract.module: parties})


def _event(number: int, plain: dict[str, Any], lookup: Lookup, tree: ConceptTree) -> Event:
    facts = {name: _fact(plain["type"], name, value, lookup, tree) for name, value in plain["facts"].items()}
    signer = SIGNERS[plain["by"]]
    return Event(
        f"event {number}",
        plain["type"],
        instant(plain["time"]),
        plain["by"],
        asset=plain["asset"] or "",
        facts=facts,
        signers=(signer,),
        source=signer.key,
        index=number,
    )


def _fact(kind: str, name: str, value: Any, lookup: Lookup, tree: ConceptTree) -> Any:
    field = lookup.field(kind, name)
    assert field is not None, f"{kind} has no field {name}"
    read = typed(tuple(value) if isinstance(value, list) else value, field.type, tree)
    assert read is not None, f"{name} = {value!r} has not the type that the contract declares"
    return read

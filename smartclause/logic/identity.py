"""What a contract is, as data: its meaning alone, and its meaning with all its words.

Equal meaning gives equal data, however labels, texts, citations and scenarios read and clauses are ordered.
"""

from smartclause.logic.canonical import Json, digest, dumps
from smartclause.logic.contract import (
    Clause,
    Concept,
    Contract,
    EventType,
    Header,
    Module,
    ParameterValue,
    Text,
    Track,
    Vocabulary,
)
from smartclause.logic.written import WrittenError, read, written

FORMAT = "smartclause contract 1"

# Words of people, and marks that decide nothing.
_WORDS = {
    (Contract, "scenarios"),
    (Contract, "roles"),
    (Contract, "units"),
    (Contract, "amends"),
    (Module, "laws"),
    (Module, "parts"),
    (Header, "authoritative"),
    (Clause, "part"),
    (Clause, "cites"),
    (Clause, "not_encoded"),
    (Concept, "matches"),
    (ParameterValue, "interprets"),
    (ParameterValue, "words"),
}
# Lists whose order says nothing.
_UNORDERED = {
    (Contract, "modules"),
    (Contract, "tracks"),
    (Contract, "types"),
    (Contract, "parameters"),
    (Contract, "unbound"),
    (Contract, "properties"),
    (Track, "modules"),
    (Module, "parties"),
    (Module, "clauses"),
    (Module, "uses"),
    (Module, "sets"),
    (Module, "former"),
    (Clause, "judgements"),
    (EventType, "fields"),
    (Vocabulary, "concepts"),
    (Vocabulary, "edges"),
    (Vocabulary, "disjoint"),
    (Vocabulary, "complete"),
    (Header, "lag"),
    (Header, "enders"),
}
_CLASSES = {owner.__name__: owner for owner, _ in _UNORDERED}


def document_data(contract: Contract) -> dict[str, Json]:
    """All that the parties sign. `read_contract` undoes it."""
    return {"format": FORMAT, "contract": written(contract)}


def meaning_data(contract: Contract) -> dict[str, Json]:
    """What verdicts depend on, and nothing else."""
    return {"format": FORMAT, "meaning": _ordered(written(contract, _is_meaning))}


def meaning_of(part: object) -> Json:
    """The same of a part of a contract, or of several."""
    return _ordered(written(part, _is_meaning))


def written_of(part: object) -> Json:
    """A part of a contract with all its words."""
    return written(part)


def document_digest(contract: Contract) -> str:
    return digest(document_data(contract))


def meaning_digest(contract: Contract) -> str:
    return digest(meaning_data(contract))


def read_contract(data: object) -> Contract:
    """The contract that `document_data` wrote. Raises WrittenError."""
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise WrittenError(f"this is no contract of format `{FORMAT}`")
    contract: Contract = read(data.get("contract"), Contract)
    return contract


def _is_meaning(owner: type, name: str, value: object) -> bool:
    return (owner, name) not in _WORDS and not isinstance(value, Text)


def _ordered(data: Json) -> Json:
    """`data` with every list whose order says nothing in the order of its canonical bytes."""
    match data:
        case list():
            return [_ordered(item) for item in data]
        case dict():
            owner = _CLASSES.get(str(data.get("is")))
            return {name: _part(owner, name, _ordered(part)) for name, part in data.items()}
    return data


def _part(owner: type | None, name: str, part: Json) -> Json:
    if (owner, name) in _UNORDERED and isinstance(part, list):
        return sorted(part, key=dumps)
    return part

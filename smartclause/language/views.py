"""Whose facts a name reads, and what all files of a program share while they are read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from smartclause.language import tree
from smartclause.language.names import Names
from smartclause.language.vocabulary import Kinship
from smartclause.logic.contract import EventType, FieldType, ParameterValue

_EXPANSIONS = 2_000  # definitions replaced in one sentence
DEEPEST = 40  # conditions inside conditions once definitions are replaced


@dataclass(frozen=True, slots=True)
class View:
    """Whose facts a bare name reads: every one of `types` must have the field.

    `record` is the type looked at inside `where (…)` and `has (…)`; `outer` are the types outside the brackets.
    `keys`, where given, are the only keys there are. `statuses` allows `clause N is permitted`.
    """

    types: tuple[EventType, ...] = ()
    record: str = ""
    outer: tuple[EventType, ...] = ()
    keys: tuple[str, ...] | None = None
    lasting: bool = False
    statuses: bool = False


@dataclass(slots=True)
class Budget:
    """How much one sentence may still grow: definitions to replace, and conditions inside conditions."""

    left: int = _EXPANSIONS
    depth: int = 0
    told: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """What all files of a program share."""

    names: Mapping[str, Names]
    zones: Mapping[str, str]
    types: Mapping[str, EventType]
    parameters: Mapping[str, ParameterValue]
    kinship: Kinship
    clauses: "Callable[[Names, tree.ClauseRef], str | None]"
    instance_keys: "Callable[[str, int], tuple[tuple[str, ...], ...]]"


def field_of(kind: EventType, name: str) -> FieldType | None:
    return next((f for f in kind.fields if f.name == name), None)

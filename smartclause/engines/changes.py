"""What else changed between two versions of a contract: words, dates, figures, names. Nothing here is a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any, Protocol, TypeVar

from smartclause.logic.contract import Clause, Contract, EventType, Module, ParameterValue, Vocabulary


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_Part = TypeVar("_Part")
_NamedPart = TypeVar("_NamedPart", bound=_Named)


class Topic(Enum):
    VERSION = "version"
    HEADER = "header"
    IMPORT = "import"
    PARTY = "party"
    LAW = "law"
    CONCEPT = "concept"
    EDGE = "concept under another"
    DISJOINT = "disjoint concepts"
    TYPE = "type"
    FIELD = "field"
    PARAMETER = "parameter"
    CLAUSE = "clause"
    SCENARIO = "scenario"
    PROPERTY = "property"


@dataclass(frozen=True, slots=True)
class Change:
    """`name` is what changed, by its name in the new version; `part` which part of it, empty: all of it.

    `old` None: added; `new` None: removed; else the value before and after, as the contract holds it.
    """

    topic: Topic
    name: str
    part: str
    old: Any
    new: Any


def changes(old: Contract, new: Contract, clauses: Iterable[tuple[Clause | None, Clause | None]]) -> Iterator[Change]:
    """`old` is told in the names of `new`; `clauses` says which clause became which.

    What a file brings that only one version imports is told by the import.
    """
    one_sided = {m.name for m in old.modules} ^ {m.name for m in new.modules}
    yield from (c for c in _all(old, new, clauses) if _module(c) not in one_sided)


def _module(change: Change) -> str:
    """The file that declares it, where that need not be the file itself."""
    thing = change.new if change.new is not None else change.old
    match change.topic:
        case Topic.CONCEPT | Topic.TYPE | Topic.PARAMETER | Topic.CLAUSE:
            return change.name.partition(".")[0]
        case Topic.EDGE:
            return str(thing.child).partition(".")[0]
        case Topic.DISJOINT:
            return str(thing.members[0]).partition(".")[0]
        case _:
            return ""


def _all(
    old: Contract, new: Contract, clauses: Iterable[tuple[Clause | None, Clause | None]]
) -> Iterator[Change]:  # fmt: skip
    yield from _root(_own(old), _own(new))
    yield from _imports(old, new)
    yield from _concepts(old.vocabulary, new.vocabulary)
    yield from _listed(Topic.PARAMETER, _by_name(old.parameters), _by_name(new.parameters), _parameter)
    yield from _listed(Topic.TYPE, _by_name(old.types), _by_name(new.types), _type)
    for before, after in clauses:
        yield from _clause(before, after)
    yield from _told(Topic.SCENARIO, old.scenarios, new.scenarios)
    yield from _told(Topic.PROPERTY, old.properties, new.properties)


def _own(contract: Contract) -> Module:
    return next(m for m in contract.modules if m.name == contract.module)


def _root(old: Module, new: Module) -> Iterator[Change]:
    yield from _parts(Topic.VERSION, new.name, old, new, ("version", "label"))
    yield from _parts(Topic.HEADER, new.name, old.header, new.header, [f.name for f in fields(new.header)])
    yield from _listed(Topic.PARTY, _by_name(old.parties), _by_name(new.parties), _all_parts(Topic.PARTY))
    yield from _listed(Topic.LAW, dict(old.laws), dict(new.laws), _whole(Topic.LAW))


def _imports(old: Contract, new: Contract) -> Iterator[Change]:
    before, after = ({m.name: m.version for m in c.modules if m.name != c.module} for c in (old, new))
    yield from _listed(Topic.IMPORT, before, after, _whole(Topic.IMPORT))


def _concepts(old: Vocabulary, new: Vocabulary) -> Iterator[Change]:
    yield from _listed(Topic.CONCEPT, _by_name(old.concepts), _by_name(new.concepts), _all_parts(Topic.CONCEPT))
    for topic, before, after in (
        (Topic.EDGE, old.edges, new.edges), (Topic.DISJOINT, old.disjoint, new.disjoint),
    ):  # fmt: skip
        yield from (Change(topic, "", "", x, None) for x in before if x not in after)
        yield from (Change(topic, "", "", None, x) for x in after if x not in before)


def _parameter(name: str, old: ParameterValue, new: ParameterValue) -> Iterator[Change]:
    if (old.values, old.type, old.list_kind) != (new.values, new.type, new.list_kind):
        yield Change(Topic.PARAMETER, name, "value", old, new)
    yield from _parts(
        Topic.PARAMETER, name, old, new, ("low", "high", "label", "interprets", "words", "reason")
    )  # fmt: skip


def _type(name: str, old: EventType, new: EventType) -> Iterator[Change]:
    yield from _parts(Topic.TYPE, name, old, new, ("kind", "parent", "by", "label", "checkpoint", "end", "run"))
    inner = _listed(Topic.FIELD, _by_name(old.fields), _by_name(new.fields), _all_parts(Topic.FIELD))
    yield from (Change(c.topic, f"{name}.{c.name}", c.part, c.old, c.new) for c in inner)


def _clause(old: Clause | None, new: Clause | None) -> Iterator[Change]:
    if old is None or new is None:
        found = new or old
        if found is not None:
            yield Change(Topic.CLAUSE, found.id, "", old, new)
        return
    parts = ("number", "name", "label", "part", "text", "cites", "not_encoded", "judgements", "survives")
    yield from _parts(Topic.CLAUSE, new.id, old, new, parts)


# ---- comparing


def _by_name(parts: Iterable[_NamedPart]) -> dict[str, _NamedPart]:
    return {part.name: part for part in parts}


def _told(topic: Topic, old: Iterable[Any], new: Iterable[Any]) -> Iterator[Change]:
    yield from _listed(topic, _by_name(old), _by_name(new), _whole(topic))


def _listed(
    topic: Topic, old: Mapping[str, _Part], new: Mapping[str, _Part],
    of_both: Callable[[str, _Part, _Part], Iterator[Change]],
) -> Iterator[Change]:  # fmt: skip
    for name in dict.fromkeys((*old, *new)):
        if name in old and name in new:
            yield from of_both(name, old[name], new[name])
        else:
            yield Change(topic, name, "", old.get(name), new.get(name))


def _whole(topic: Topic) -> Callable[[str, Any, Any], Iterator[Change]]:
    def compared(name: str, old: Any, new: Any) -> Iterator[Change]:
        if old != new:
            yield Change(topic, name, "", old, new)

    return compared


def _all_parts(topic: Topic) -> Callable[[str, Any, Any], Iterator[Change]]:
    return lambda name, old, new: _parts(topic, name, old, new, [f.name for f in fields(new)])


def _parts(topic: Topic, name: str, old: Any, new: Any, parts: Iterable[str]) -> Iterator[Change]:
    for part in parts:
        before, after = getattr(old, part), getattr(new, part)
        if before != after:
            yield Change(topic, name, part, before, after)

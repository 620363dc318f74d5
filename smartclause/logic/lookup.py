"""A contract indexed by name, for reading. Adds no meaning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from smartclause.logic.concepts import Concepts
from smartclause.logic.contract import (
    Clause,
    Contract,
    EventKind,
    EventType,
    FieldType,
    Grant,
    Module,
    ModuleKind,
    ParameterValue,
)
from smartclause.logic.counting import Instant, local_date


@dataclass(frozen=True)
class Lookup:
    contract: Contract

    def reading(self, contract: Contract) -> "Lookup":
        """Of a contract with the same types and words: what was worked out of them need not be worked out again."""
        other = Lookup(contract)
        for name in ("types", "_fields", "_days", "_types_above", "_relevant"):
            other.__dict__[name] = getattr(self, name)
        return other

    @cached_property
    def types(self) -> dict[str, EventType]:
        return {t.name: t for t in self.contract.types}

    @cached_property
    def modules(self) -> dict[str, Module]:
        return {m.name: m for m in self.contract.modules}

    @cached_property
    def parameters(self) -> dict[str, ParameterValue]:
        return {p.name: p for p in self.contract.parameters}

    @cached_property
    def clauses(self) -> dict[str, tuple[Module, Clause]]:
        return {c.id: (m, c) for m in self.contract.modules for c in m.clauses}

    @cached_property
    def setting_aside(self) -> dict[str, list[tuple[Module, Clause, Grant]]]:
        """For each clause the permissions that name it after "despite", in the order of the files."""
        found: dict[str, list[tuple[Module, Clause, Grant]]] = {}
        for module, clause in self.clauses.values():
            for grant in (s for s in clause.sentences if isinstance(s, Grant)):
                for target in dict.fromkeys(grant.despite):
                    found.setdefault(target, []).append((module, clause, grant))
        return found

    @cached_property
    def roles(self) -> dict[str, str]:
        """Party name to the role its file declares for it."""
        return {p.name: p.role for m in self.contract.modules for p in m.parties if p.role}

    @cached_property
    def _days(self) -> dict[date, Concepts]:
        return {}

    @cached_property
    def _types_above(self) -> dict[str, tuple[str, ...]]:
        return {}

    def concepts(self, instant: Instant, zone: str) -> Concepts:
        day = local_date(instant, zone)
        if day not in self._days:
            self._days[day] = Concepts(self.contract.vocabulary, day)
        return self._days[day]

    def types_above(self, name: str) -> tuple[str, ...]:
        """The type itself and everything it stands under."""
        if name not in self._types_above:
            known = self.types.get(name)
            above = self.types_above(known.parent) if known and known.parent else ()
            self._types_above[name] = (name, *above)
        return self._types_above[name]

    def is_under(self, name: str, broader: str) -> bool:
        return broader in self.types_above(name)

    @cached_property
    def _relevant(self) -> dict[str, tuple[str, ...]]:
        return {}

    def relevant_types(self, name: str) -> tuple[str, ...]:
        """Types whose records may count as `name`: itself, narrower ones, and acts it stands under."""
        if name not in self._relevant:
            above = self.types_above(name) if self.is_act(name) else (name,)
            narrower = (t for t in self.types if t != name and self.is_under(t, name))
            self._relevant[name] = tuple(dict.fromkeys((*above, *narrower)))
        return self._relevant[name]

    def is_act(self, name: str) -> bool:
        known = self.types.get(name)
        return known is not None and known.kind is not EventKind.OCCURRENCE

    def is_controlled(self, name: str) -> bool:
        """A type nobody here declares is controlled, and so is whatever stands under a controlled one (2.2)."""
        above = (self.types.get(t) for t in self.types_above(name))
        return any(known is None or known.kind is EventKind.CONTROLLED for known in above)

    @cached_property
    def looked_at(self) -> dict[tuple[str, frozenset[str]], frozenset[str]]:
        """The types of records that the verdict on an act of a type looks at, by the clauses that concern it, as far as
        they were asked for (see `finality`)."""
        return {}

    @cached_property
    def _fields(self) -> dict[str, dict[str, FieldType]]:
        return {t.name: {f.name: f for f in t.fields} for t in self.contract.types}

    def field(self, type_name: str, field_name: str) -> FieldType | None:
        return self._fields.get(type_name, {}).get(field_name)

    def uses(self, module: str) -> frozenset[str]:
        """The module and all it imports, transitively."""
        found: set[str] = set()
        waiting = [module]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.modules[name].uses if name in self.modules else ())
        return frozenset(found)

    def knows(self, module: str, type_name: str) -> bool:
        return type_name in self.types and type_name.rpartition(".")[0] in self.uses(module)

    def vocabulary_versions(self) -> dict[str, str]:
        return {m.name: m.version for m in self.contract.modules if m.kind is ModuleKind.VOCABULARY}

    def all_clauses(self) -> Iterator[tuple[Module, Clause]]:
        return iter(self.clauses.values())

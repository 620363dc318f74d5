"""What becomes of each mutant: noticed by a scenario, not noticed, the same in other words, or refused by `check`.

A mutant is run through the scenarios that its change can touch, those that name its clause first, until one of them
no longer holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property

from smartclause.engines.mutants.edits import Mutant, Slip, mutants
from smartclause.engines.mutants.same import same_clause
from smartclause.engines.mutants.touched import Touching
from smartclause.language import tree as t
from smartclause.language.diagnostic import Diagnostic
from smartclause.language.lints import lint
from smartclause.language.names import Program
from smartclause.language.program import Linked, link, link_again, reread
from smartclause.logic.contract import Clause, Contract, Scenario
from smartclause.logic.identity import meaning_digest
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import holds

Progress = Callable[[int, int], None]
_SEEN_BY_OTHERS = (Slip.MODAL, Slip.PRIORITY)  # may leave another sentence without what it needs


class Fate(Enum):
    NOTICED = "noticed"
    SURVIVED = "survived"
    SAME = "same meaning"
    REFUSED = "refused by check"


@dataclass(frozen=True, slots=True)
class Tried:
    """`by` is the scenario that noticed it; `contract` the changed contract of one that survived."""

    mutant: Mutant
    fate: Fate
    by: str = ""
    contract: Contract | None = None


@dataclass(frozen=True, slots=True)
class Score:
    file: t.File
    tried: tuple[Tried, ...]

    @property
    def name(self) -> str:
        return self.file.header.name.id

    @property
    def told(self) -> tuple[int, int]:
        """Noticed, and of how many that mean something else."""
        noticed = self.count(Fate.NOTICED)
        return noticed, noticed + self.count(Fate.SURVIVED)

    def count(self, fate: Fate) -> int:
        return sum(each.fate is fate for each in self.tried)

    @property
    def survivors(self) -> tuple[Tried, ...]:
        return tuple(each for each in self.tried if each.fate is Fate.SURVIVED)

    @property
    def percentage(self) -> int:
        """Of the mutants that mean something else, how many are noticed, rounded down."""
        noticed, of = self.told
        return 100 * noticed // of if of else 100


@dataclass(frozen=True, slots=True)
class Setting:
    """A contract whose scenarios are run, those that hold as it stands, and the files it was read from."""

    lookup: Lookup
    scenarios: tuple[Scenario, ...]
    program: Program | None = None


@dataclass
class Trial:
    """The mutants of one file of a program, before scenarios of several contracts that hold that file.

    `equal` says of two contracts whether they are proved to mean the same.
    """

    program: Program
    module: str
    settings: tuple[Setting, ...]
    equal: Callable[[Contract, Contract], bool] | None = None
    linked: Linked = field(init=False)
    _elsewhere: dict[str, Linked] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        linked = link(_without_scenarios(self.program, self.file), [])
        assert linked is not None  # it was checked
        self.linked = linked

    @property
    def file(self) -> t.File:
        return self.program.files[self.module]

    @cached_property
    def original(self) -> Lookup:
        return Lookup(self.linked.contract)

    @cached_property
    def touching(self) -> tuple[Touching, ...]:
        return tuple(Touching(s.lookup, s.scenarios) for s in self.settings)

    def score(self, progress: Progress | None = None, only: Callable[[Mutant], bool] | None = None) -> Score:
        every = [m for m in mutants(self.file) if only is None or only(m)]
        tried = []
        for number, mutant in enumerate(every, 1):
            tried.append(self.tried(mutant))
            if progress:
                progress(number, len(every))
        return Score(self.file, tuple(tried))

    def tried(self, mutant: Mutant) -> Tried:
        changed = self.changed(mutant)
        if changed is None:
            return Tried(mutant, Fate.REFUSED)
        if self._same(changed):
            return Tried(mutant, Fate.SAME)
        by = next(self.noticing(changed, file=self.slipped(mutant)), "")
        if by:
            return Tried(mutant, Fate.NOTICED, by)
        whole = self.relinked(mutant)
        if whole is None:
            return Tried(mutant, Fate.REFUSED)
        if meaning_digest(whole) == meaning_digest(self.linked.contract):
            return Tried(mutant, Fate.SAME)
        if self.equal is not None and self.equal(self.linked.contract, whole):
            return Tried(mutant, Fate.SAME)
        return Tried(mutant, Fate.SURVIVED, contract=whole)

    # ---- the changed contract

    def changed(self, mutant: Mutant) -> Contract | None:
        """None where `check` would refuse it."""
        if isinstance(mutant.after, t.Clause) and mutant.slip not in _SEEN_BY_OTHERS:
            sink: list[Diagnostic] = []
            read = reread(self.linked, self.module, mutant.after, sink)
            if any(d.is_error for d in sink):
                return None
            part = self.original.clauses[read.id][1].part
            return _with_clauses(self.linked.contract, {read.id: replace(read, part=part)})
        return self.relinked(mutant)

    def slipped(self, mutant: Mutant) -> t.File:
        items = (*self.file.items[: mutant.place], mutant.after, *self.file.items[mutant.place + 1 :])
        return replace(self.file, items=items)

    def relinked(self, mutant: Mutant) -> Contract | None:
        sink: list[Diagnostic] = []
        linked = link_again(self.linked, _without_scenarios(self.program, self.slipped(mutant)), sink)
        if linked is None or any(d.is_error for d in sink):
            return None
        lint(linked, sink)
        return None if any(d.is_error for d in sink) else linked.contract

    def _same(self, changed: Contract) -> bool:
        clauses = Lookup(changed).clauses
        if changed.parameters != self.linked.contract.parameters:
            return False
        return all(same_clause(self.original, c, clauses[id_][1]) for id_, (_, c) in self.original.clauses.items())

    # ---- its scenarios

    def noticing(self, changed: Contract, every: bool = False, file: t.File | None = None) -> Iterator[str]:
        """Scenarios that no longer hold; `every` also runs those that it should not touch. `file` is the changed file,
        read anew in contracts in which its sentences stand for other parties or figures."""
        for setting, touching in zip(self.settings, self.touching, strict=True):
            lookup = self._in(setting, changed, file)
            scenarios = setting.scenarios if every else touching.of(_different(touching, lookup), lookup)
            yield from (s.name for s in scenarios if not holds(lookup, s))

    def _in(self, setting: Setting, changed: Contract, file: t.File | None) -> Lookup:
        """Another contract that holds the same file, with the changed clauses and figures."""
        lookup = setting.lookup
        if lookup.contract.module == changed.module:
            return lookup.reading(changed)
        own, clauses = self.original, self._changed_clauses(changed)
        if any(_clause(lookup, id_) != _clause(own, id_) for id_ in clauses):
            whole = None if file is None else self._read_in(setting, file)
            return lookup if whole is None else lookup.reading(whole)
        figures = {p.name: p for p in changed.parameters if p != own.parameters.get(p.name)}
        known = lookup.parameters
        parameters = tuple(
            figures[p.name] if p.name in figures and known[p.name] == own.parameters[p.name] else p
            for p in lookup.contract.parameters
        )
        return lookup.reading(replace(_with_clauses(lookup.contract, clauses), parameters=parameters))

    def _changed_clauses(self, changed: Contract) -> dict[str, Clause]:
        theirs = Lookup(changed).clauses
        return {id_: clause for id_, (_, clause) in theirs.items() if clause != _clause(self.original, id_)}

    def _read_in(self, setting: Setting, file: t.File) -> Contract | None:
        """None where `check` would refuse it there."""
        program = setting.program
        if program is None:
            return None
        if program.root not in self._elsewhere:
            linked = link(_without_scenarios(program, program.files[program.root]), [])
            assert linked is not None  # it was checked
            self._elsewhere[program.root] = linked
        sink: list[Diagnostic] = []
        read = link_again(self._elsewhere[program.root], _without_scenarios(program, file), sink)
        return None if read is None or any(d.is_error for d in sink) else read.contract


def _clause(lookup: Lookup, id_: str) -> Clause | None:
    return lookup.clauses[id_][1] if id_ in lookup.clauses else None


def _different(touching: Touching, after: Lookup) -> frozenset[str]:
    before, known = touching.lookup, touching.lookup.clauses
    figures = frozenset(n for n, p in after.parameters.items() if p != before.parameters.get(n))
    own = {id_ for id_, (_, c) in after.clauses.items() if id_ not in known or known[id_][1] != c}
    return frozenset(own | touching.reading(figures)) if figures else frozenset(own)


def _without_scenarios(program: Program, file: t.File) -> Program:
    """With another file in place of one; scenarios and properties change no sentence."""
    files = {**program.files, file.header.name.id: file}
    root = files[program.root]
    items = tuple(item for item in root.items if not isinstance(item, t.Scenario | t.Property))
    return Program(program.root, {**files, program.root: replace(root, items=items)}, program.missing)


def _with_clauses(contract: Contract, clauses: Mapping[str, Clause]) -> Contract:
    modules = tuple(
        replace(m, clauses=tuple(clauses.get(c.id, c) for c in m.clauses))
        if any(c.id in clauses for c in m.clauses)
        else m
        for m in contract.modules
    )
    return replace(contract, modules=modules)

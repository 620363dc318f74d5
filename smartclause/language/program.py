"""A program as one linked contract: every file read in its own names, tracks and settings joined (design 2.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from smartclause.language import tree
from smartclause.language.bindings import Bindings, ParameterSettings, bind_parties, renamed
from smartclause.language.clauses import Clauses
from smartclause.language.conditions import Reader
from smartclause.language.definitions import check_definitions
from smartclause.language.diagnostic import Diagnostic
from smartclause.language.doers import check_doers
from smartclause.language.event_types import read_event_types
from smartclause.language.file_rules import check_files
from smartclause.language.findings import Findings
from smartclause.language.headers import kind_of, read_header, zone_of
from smartclause.language.names import Names, Program, Sort, check_declarations, chinese_labels
from smartclause.language.parameters import Parameters
from smartclause.language.people import check_people
from smartclause.language.priorities import Priorities
from smartclause.language.references import ClauseIndex, check_numbers
from smartclause.language.runs import read_runs
from smartclause.language.scenarios import Scenarios
from smartclause.language.shares import check_shares
from smartclause.language.totals import bound_totals
from smartclause.language.views import World
from smartclause.language.vocabulary import Kinship, label, read_vocabulary
from smartclause.logic.contract import (
    EDITION,
    Clause,
    Contract,
    EventType,
    Module,
    ModuleKind,
    ParameterValue,
    Party,
    Text,
    Track,
    Vocabulary,
)
from smartclause.logic.counting import calendar_digest


@dataclass(frozen=True, slots=True)
class Linked:
    """`contract` is whole only if `findings` has no error."""

    contract: Contract
    names: Mapping[str, Names]
    index: ClauseIndex
    world: World


def link(program: Program, sink: list[Diagnostic]) -> Linked | None:
    """The linked contract; None where files cannot be joined at all."""
    raw = {module: _names(program, module, sink, {}) for module in program.files}
    if not check_files(program, raw):
        return None
    bindings = bind_parties(program, raw)
    files = {m: _names(program, m, sink, renamed(raw[m], bindings)) for m in program.files}
    check_people(program, files, bindings)
    for names in files.values():
        check_declarations(names)
        check_numbers(names)
    return _Linker(program, files, bindings, ClauseIndex(program)).link()


def link_again(linked: Linked, program: Program, sink: list[Diagnostic]) -> Linked | None:
    """As `link`, of a program that differs from one without errors in clauses, definitions and figures only."""
    raw = {module: _names(program, module, sink, {}) for module in program.files}
    if not check_files(program, raw):
        return None
    bindings = bind_parties(program, raw)
    files = {m: _names(program, m, sink, renamed(raw[m], bindings)) for m in program.files}
    for names in files.values():
        check_declarations(names)
        check_numbers(names)
    return _Linker(program, files, bindings, ClauseIndex(program), linked).link()


def reread(linked: Linked, module: str, node: tree.Clause, sink: list[Diagnostic]) -> Clause:
    """A clause of the file as it would read if it said this; what is wrong with it is added to the sink.

    Only the clause is looked at: what it means for others (priorities, gaps) shows when all is linked again.
    """
    names = linked.names[module]
    names = replace(names, say=replace(names.say, sink=sink))
    return Clauses(names, Reader(linked.world, names), linked.index).one(node)


def _names(program: Program, module: str, sink: list[Diagnostic], renames: Mapping[str, str]) -> Names:
    language = program.files[module].language
    names = Names(program, module, Findings(language, sink), renames)
    return replace(names, say=Findings(language, sink, dict(chinese_labels(names)))) if language == "zh" else names


@dataclass(frozen=True, slots=True)
class _Linker:
    program: Program
    files: Mapping[str, Names]
    bindings: Bindings
    index: ClauseIndex
    before: Linked | None = None  # with the same words and types of events

    def link(self) -> Linked:
        zones = {module: zone_of(file) for module, file in self.program.files.items()}
        kinship = self._kinship()
        vocabulary = kinship.vocabulary
        types = self.before.world.types if self.before else read_event_types(tuple(self.files.values()), zones)
        parameters = self._parameters(kinship, zones)
        world = World(self.files, zones, types, parameters, kinship, self.index.find, self.index.instance_keys)
        types = types if self.before else read_runs(world)
        world = replace(world, types=types)
        clauses = {m: tuple(Clauses(n, Reader(world, n), self.index).read()) for m, n in self.files.items()}
        self._check(clauses, types)
        contract = self._contract(vocabulary, types, parameters, clauses)
        return Linked(self._with_scenarios(contract, world), self.files, self.index, world)

    def _kinship(self) -> Kinship:
        return self.before.world.kinship if self.before else Kinship(read_vocabulary(tuple(self.files.values())))

    def _parameters(self, kinship: Kinship, zones: Mapping[str, str]) -> dict[str, ParameterValue]:
        found: dict[str, ParameterValue] = {}
        for module, names in self.files.items():
            for name, each in Parameters(names, kinship, zones[module]).read().items():
                found[name] = self._interpreted(each, names)
        return ParameterSettings(self.files, zones, kinship).apply(self.program, found)

    def _interpreted(self, parameter: ParameterValue, names: Names) -> ParameterValue:
        """The parameter with the words of the clause whose figure it is."""
        node = names.own[parameter.name.rpartition(".")[2]].node
        meant = node.interprets if isinstance(node, tree.Parameter) else None
        if meant is None:
            return parameter
        clause = self.index.find(names, meant.clause) or ""
        return replace(parameter, interprets=clause, words=meant.words, reason=label(meant.because))

    def _check(self, clauses: Mapping[str, tuple[Clause, ...]], types: Mapping[str, EventType]) -> None:
        check_definitions(self.files, types)
        by_id = {clause.id: clause for each in clauses.values() for clause in each}
        Priorities(self.files, by_id, self.index).check()
        roles = self._roles()
        for module, each in clauses.items():
            check_shares(each, self.files[module], self.index)
            check_doers(each, types, roles, self.files[module], self.index)

    def _roles(self) -> dict[str, str]:
        """Every party of the program, as the linked contract calls it, with the role it holds."""
        found: dict[str, str] = {}
        for module, file in self.program.files.items():
            for party in self._parties(file, self.files[module]):
                found[party.name] = found.get(party.name) or party.role
        return found

    def _contract(
        self,
        vocabulary: Vocabulary,
        types: Mapping[str, EventType],
        parameters: Mapping[str, ParameterValue],
        clauses: Mapping[str, tuple[Clause, ...]],
    ) -> Contract:
        modules = tuple(self._module(m, clauses[m]) for m in self.program.reach(self.program.root))
        contract = Contract(
            self.program.root,
            EDITION,
            modules,
            tuple(tracks(self.program)),
            tuple(types.values()),
            vocabulary,
            tuple(parameters.values()),
            self._shared(Sort.ROLE),
            self._shared(Sort.UNIT),
            self.bindings.unbound,
            calendars=tuple(_calendars(modules)),
        )
        return bound_totals(contract, self.files)

    def _with_scenarios(self, contract: Contract, world: World) -> Contract:
        names = self.files[self.program.root]
        read = Scenarios(names, Reader(world, names), self.index)
        return replace(contract, scenarios=tuple(read.scenarios()), properties=tuple(read.properties()))

    def _module(self, module: str, clauses: tuple[Clause, ...]) -> Module:
        file, names = self.program.files[module], self.files[module]
        return Module(
            module,
            file.header.version,
            kind_of(file),
            label(file.header.labels),
            read_header(names),
            tuple(self._parties(file, names)),
            tuple(self._laws(file, names, clauses)),
            tuple((str(i.number), label(i.labels)) for i in file.items if isinstance(i, tree.Part)),
            clauses,
            tuple(dict.fromkeys(target for target, _ in self.program.imports(module))),
            tuple(dict.fromkeys(self._set(module))),
        )

    def _set(self, module: str) -> Iterator[str]:
        """The imported files whose parameters this file sets."""
        for target, item in self.program.imports(module):
            theirs = self.files[target].own
            given = (theirs.get(setting.name.id) for setting in item.settings)
            if any(each and each.sort is Sort.PARAMETER for each in given):
                yield target

    def _parties(self, file: tree.File, names: Names) -> Iterator[Party]:
        for item in file.items:
            if isinstance(item, tree.Party):
                roles = [names.find(role, Sort.ROLE, wanted=Sort.ROLE.value) for role in item.roles]
                named = [role.name for role in roles if role]
                called = self.bindings.calls[names.module].get(item.name.id, item.name.id)
                own = called == item.name.id  # whoever a party is bound to keeps the role of its own file
                yield Party(called, " ".join(named) if own else "", label(item.labels))

    def _laws(self, file: tree.File, names: Names, clauses: tuple[Clause, ...]) -> Iterator[tuple[str, Text]]:
        """Its own laws, and those of its imports that it cites."""
        own = {i.name.id: label(i.labels) for i in file.items if isinstance(i, tree.Law)}
        yield from own.items()
        for law in dict.fromkeys(c.law for clause in clauses for c in clause.cites):
            found = next((d for d in names.meanings(law) if d.sort is Sort.LAW), None)
            if law not in own and found and isinstance(found.node, tree.Law):
                yield law, label(found.node.labels)

    def _shared(self, sort: Sort) -> tuple[tuple[str, Text], ...]:
        found: dict[str, Text] = {}
        for names in self.files.values():
            for declared in names.own.values():
                if declared.sort is sort and isinstance(declared.node, tree.Role | tree.Unit):
                    found.setdefault(declared.name, label(declared.node.labels))
        return tuple(sorted(found.items()))


def _calendars(modules: tuple[Module, ...]) -> Iterator[tuple[str, str]]:
    for rule in sorted({m.header.rule for m in modules}):
        found = calendar_digest(rule)
        if found:
            yield rule, found


def tracks(program: Program) -> Iterator[Track]:
    """The file judged with the contracts merged into it; then each imported pack and agreement by itself."""
    yield _track(program, program.root)
    merged = set(_merged(program, program.root))
    for module in program.reach(program.root):
        kind = kind_of(program.files[module])
        apart = kind in (ModuleKind.PACK, ModuleKind.AGREEMENT)
        if module not in merged and (apart or kind is ModuleKind.CONTRACT):
            yield _track(program, module)


def _track(program: Program, module: str) -> Track:
    return Track(module, kind_of(program.files[module]) is ModuleKind.CONTRACT, tuple(_merged(program, module)))


def _merged(program: Program, module: str) -> Iterator[str]:
    """The file itself; a contract also has all contracts that it reaches through contracts."""
    found: dict[str, None] = {module: None}
    waiting = [module]
    while waiting:
        here = waiting.pop(0)
        yield here
        if kind_of(program.files[here]) is ModuleKind.CONTRACT:
            for target, _ in program.imports(here):
                if kind_of(program.files[target]) is ModuleKind.CONTRACT and target not in found:
                    found[target] = None
                    waiting.append(target)

"""What imports set: who the parties of a rule pack are, and values of parameters (design 2.4)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from smartclause.language import tree
from smartclause.language.bounds import convert, described, inside
from smartclause.language.comparing import CONCEPTUAL
from smartclause.language.event_types import fits
from smartclause.language.headers import kind_of
from smartclause.language.kinds import typed
from smartclause.language.literals import is_literal, literal, shown
from smartclause.language.names import Names, Program, Sort, suggestion
from smartclause.language.vocabulary import Kinship, bare
from smartclause.language.wording import Both
from smartclause.logic.contract import Dated, ModuleKind, ParameterValue
from smartclause.logic.terms import Const, Kind, Type, Value

_BOUND = (ModuleKind.PACK, ModuleKind.AGREEMENT)


@dataclass(slots=True)
class Bindings:
    """`calls[m]` is what the linked contract calls the parties that file m declares."""

    calls: dict[str, dict[str, str]] = field(default_factory=dict)
    unbound: tuple[str, ...] = ()


def importers_first(program: Program) -> tuple[str, ...]:
    """Each file before all it imports. The imports have no circle."""
    done: dict[str, None] = {}
    waiting: list[tuple[str, bool]] = [(program.root, False)]
    while waiting:
        module, left = waiting.pop()
        if left:
            done[module] = None
        elif module not in done:
            waiting.append((module, True))
            waiting.extend((target, False) for target, _ in program.imports(module) if target not in done)
    return tuple(reversed(done))


def bind_parties(program: Program, files: Mapping[str, Names]) -> Bindings:
    bindings = Bindings({module: {} for module in program.files})
    for module in importers_first(program):
        _settle(module, program, files[module], bindings)
        for target, item in program.imports(module):
            _bind(item, target, files[module], files[target], bindings)
    return bindings


def _settle(module: str, program: Program, names: Names, bindings: Bindings) -> None:
    """Parties that nothing binds: acting ones of a rule pack stay unknown, others keep their names.

    An authority of a pack never takes the place of a party of the contract that has the same name.
    """
    calls = bindings.calls[module]
    pack = kind_of(program.files[module]) is ModuleKind.PACK and module != program.root
    acting = _acting(program.files[module]) if pack else frozenset()
    taken = set(_signing(program)) if pack else set()
    for party in _parties(program.files[module]):
        if party not in calls and (party in acting or party in taken):
            calls[party] = f"{module}.{party}"
            bindings.unbound = (*bindings.unbound, calls[party])
            _say_unbound(module, party, program, names)
        calls.setdefault(party, party)


def _signing(program: Program) -> Iterator[str]:
    """The parties of contracts and agreements, and of the file judged."""
    for module, file in program.files.items():
        if module == program.root or kind_of(file) is not ModuleKind.PACK:
            yield from _parties(file)


def _say_unbound(module: str, party: str, program: Program, names: Names) -> None:
    for importer, file in program.files.items():
        for target, item in program.imports(importer):
            if target == module:
                say = names.say.in_language(file.language)
                say.add("R22", item.span, party=party, module=module)


def _parties(file: tree.File) -> Iterator[str]:
    return (item.name.id for item in file.items if isinstance(item, tree.Party))


def _acting(file: tree.File) -> frozenset[str]:
    """The parties that do something in the file: those of its sentences and of its own acts."""
    found = {i.by.id for i in file.items if isinstance(i, tree.EventType) and i.by and i.kind != "occurrence"}
    for clause in file.items:
        if isinstance(clause, tree.Clause):
            found |= {sentence.party.id for sentence in clause.sentences}
            duties = (s for s in clause.sentences if isinstance(s, tree.Duty))
            found |= {duty.otherwise.party.id for duty in duties if duty.otherwise}
    return frozenset(found)


def _bind(item: tree.Import, target: str, names: Names, theirs: Names, bindings: Bindings) -> None:
    for setting in item.settings:
        declared = theirs.own.get(setting.name.id)
        if declared is None or declared.sort is not Sort.PARTY:
            continue
        if kind_of(theirs.program.files[target]) not in _BOUND:
            names.say.add("R25", setting.span, name=setting.name.id, module=target)
            continue
        party = names.party(setting.value) if isinstance(setting.value, tree.Name) else None
        if not isinstance(setting.value, tree.Name):
            what, wanted = Both("this", "此处"), Both("a party", "当事人")
            names.say.add(
                "T24",
                setting.value.span,
                what=what,
                wanted=wanted,
                help=Both("name one of your parties", "写己方当事人"),
            )
        if party is not None:
            called = renamed(names, bindings).get(party, party)
            earlier = bindings.calls[target].setdefault(declared.name, called)
            if earlier != called:
                names.say.add("R19", setting.span, name=setting.name.id)


def renamed(names: Names, bindings: Bindings) -> Mapping[str, str]:
    """What the linked contract calls every party that the file may name.

    Its own come first, then those of contracts merged with it, then those of anything else it imports.
    """
    program = names.program
    reach = program.reach(names.module)
    contracts = [m for m in reach if kind_of(program.files[m]) is ModuleKind.CONTRACT]
    found: dict[str, str] = {}
    for module in (names.module, *contracts, *reach):
        for party in _parties(program.files[module]):
            found.setdefault(party, bindings.calls[module].get(party, party))
    return found


# ---- parameters


@dataclass(frozen=True, slots=True)
class ParameterSettings:
    """Sets the parameters of imported files, inside their bounds."""

    files: Mapping[str, Names]
    zones: Mapping[str, str]
    kinship: Kinship

    def apply(self, program: Program, parameters: Mapping[str, ParameterValue]) -> dict[str, ParameterValue]:
        found = dict(parameters)
        done: dict[str, Value] = {}
        for module in importers_first(program):
            for target, item in program.imports(module):
                for setting in item.settings:
                    self._set(setting, target, self.files[module], found, done)
        return found

    def _set(
        self,
        setting: tree.Setting,
        target: str,
        names: Names,
        found: dict[str, ParameterValue],
        done: dict[str, Value],
    ) -> None:
        theirs = self.files[target].own
        declared = theirs.get(setting.name.id)
        if declared is None:
            settable = [n for n, d in theirs.items() if d.sort in (Sort.PARAMETER, Sort.PARTY)]
            wanted = Both(f"parameter or party of `{target}`", f"“{target}”的参数或者当事人")
            help_ = suggestion(setting.name.id, settable, wanted)
            names.say.add("R01", setting.name.span, name=setting.name.id, wanted=wanted, help=help_)
        elif declared.sort is Sort.PARAMETER and declared.name in found:
            value = self._value(setting, found[declared.name], target, names)
            if value is not None and done.setdefault(declared.name, value) != value:
                names.say.add("R19", setting.span, name=setting.name.id)
            elif value is not None:
                found[declared.name] = replace(found[declared.name], values=(Dated(value),))
        elif declared.sort is not Sort.PARTY:
            kind = declared.sort.value
            names.say.add("R04", setting.name.span, name=setting.name.id, kind=kind, wanted=Sort.PARAMETER.value)

    def _value(self, setting: tree.Setting, parameter: ParameterValue, target: str, names: Names) -> Value | None:
        if parameter.values and parameter.low is None and parameter.high is None:
            names.say.add("R10", setting.span, name=setting.name.id, module=target)
            return None
        const = self._const(setting.value, names)
        if const is None:
            return None
        value, kind = const.value, const.type
        if kind.kind is Kind.CONCEPT and parameter.type.kind is Kind.CONCEPTS:
            value, kind = frozenset({str(value)}), parameter.type
        if not fits(kind, parameter.type) or not self._one_family(value, parameter):
            help_ = Both("write the same kind of value as the parameter has", "写与参数同类的值")
            names.say.add("T05", setting.span, left=typed(kind), right=typed(parameter.type), help=help_)
            return None
        return self._inside(value, parameter, setting, names)

    def _one_family(self, value: Value, parameter: ParameterValue) -> bool:
        bounds = [b for b in (parameter.low, parameter.high) if b is not None]
        return all(convert(value, bound) for bound in bounds)

    def _inside(self, value: Value, parameter: ParameterValue, setting: tree.Setting, names: Names) -> Value | None:
        if not inside(value, parameter.low, parameter.high):
            bounds = described(parameter.low, parameter.high)
            names.say.add("T08", setting.span, value=shown(value), name=bare(parameter.name), bounds=bounds)
            return None
        members = value if isinstance(value, frozenset) else {value} if parameter.type.kind in CONCEPTUAL else ()
        for member in sorted(map(str, members)):
            if parameter.type.detail and not self.kinship.related(parameter.type.detail, member):
                root = (bare(parameter.type.detail),)
                names.say.add("T12", setting.span, narrow=setting.name.id, broad=bare(member), root=root)
                return None
        return value

    def _const(self, node: tree.Value, names: Names) -> Const | None:
        if is_literal(node):
            return literal(node, names, self.zones[names.module])  # type: ignore[arg-type]
        if isinstance(node, tree.Name):
            found = names.find(node, Sort.CONCEPT, wanted=Both("value", "值"))
            return Const(found.name, Type(Kind.CONCEPT, found.name)) if found else None
        return None

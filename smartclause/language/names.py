"""What a bare name means in each file: its own declarations and those of all it imports.

A name means one thing; where it could mean two, both are reported and nothing is chosen.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from functools import cached_property
from types import MappingProxyType

from smartclause.language import tree
from smartclause.language.diagnostic import Span
from smartclause.language.findings import Findings
from smartclause.language.wording import Both
from smartclause.logic.contract import ANYONE, BUILT_IN


class Sort(Enum):
    """What a declaration declares."""

    LAW = Both("law", "法律")
    ROLE = Both("role", "角色")
    UNIT = Both("unit", "计量单位")
    PARTY = Both("party", "当事人")
    CONCEPT = Both("concept", "概念")
    ACT = Both("act", "行为")
    OCCURRENCE = Both("occurrence", "事件")
    PARAMETER = Both("parameter", "参数")
    DEFINITION = Both("definition", "定义")


_LABELLED = (
    tree.Law, tree.Role, tree.Unit, tree.Party, tree.Concept, tree.EventType, tree.Parameter, tree.Define,
)  # fmt: skip
EVENTS = (Sort.ACT, Sort.OCCURRENCE)
SHARED = (Sort.PARTY, Sort.ROLE, Sort.UNIT)  # the same name is the same thing in every file
A_NAME = Both("thing", "事物")
CLAUSE_WORD = Both("clause", "条款")
AN_EVENT = Both("act or occurrence", "行为或者事件")


@dataclass(frozen=True, slots=True)
class Declared:
    """`name` is qualified, except for parties, roles and units."""

    sort: Sort
    name: str
    module: str
    node: tree.Declaration

    @property
    def bare(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Program:
    """The file judged and all it imports, by the name in their headers; `missing` could not be read."""

    root: str
    files: Mapping[str, tree.File]
    missing: frozenset[str] = frozenset()

    def imports(self, module: str) -> Iterator[tuple[str, tree.Import]]:
        """The files a file imports by name, without those that could not be read."""
        for item in self.files[module].items:
            if isinstance(item, tree.Import) and module_of(item.path) in self.files:
                yield module_of(item.path), item

    def reach(self, module: str) -> tuple[str, ...]:
        """The file itself and all it imports, directly or not, nearest first."""
        found: dict[str, None] = {module: None}
        for name in _growing(found):
            found.update({target: None for target, _ in self.imports(name) if target not in found})
        return tuple(found)


def _growing(found: dict[str, None]) -> Iterator[str]:
    done = 0
    while done < len(found):
        yield list(found)[done]
        done += 1


def module_of(path: str) -> str:
    """The name in the header of the file that an import path seeks."""
    return path.rpartition(".")[2]


def declarations(module: str, file: tree.File) -> Iterator[Declared]:
    for item in file.items:
        sort = _sort(item)
        if sort is not None:
            name = item.name.id  # type: ignore[union-attr]
            yield Declared(sort, name if sort in SHARED else f"{module}.{name}", module, item)


def _sort(item: tree.Declaration) -> Sort | None:
    match item:
        case tree.Law():
            return Sort.LAW
        case tree.Role():
            return Sort.ROLE
        case tree.Unit():
            return Sort.UNIT
        case tree.Party():
            return Sort.PARTY
        case tree.Concept():
            return Sort.CONCEPT
        case tree.EventType():
            return Sort.OCCURRENCE if item.kind == "occurrence" else Sort.ACT
        case tree.Parameter():
            return Sort.PARAMETER
        case tree.Define():
            return Sort.DEFINITION
        case _:
            return None


@dataclass(frozen=True)
class Names:
    """The names that one file may use."""

    program: Program
    module: str
    say: Findings
    renames: Mapping[str, str] = field(default_factory=dict)
    """What the linked contract calls the parties that the file may name."""

    @cached_property
    def own(self) -> Mapping[str, Declared]:
        found: dict[str, Declared] = {}
        for declared in declarations(self.module, self.program.files[self.module]):
            found.setdefault(declared.bare, declared)
        return MappingProxyType(found)

    @cached_property
    def visible(self) -> Mapping[str, tuple[Declared, ...]]:
        """For each bare name what it could mean, nearest first; what is the same everywhere is listed once."""
        found: dict[str, dict[tuple[Sort, object], Declared]] = {}
        for module in self.program.reach(self.module):
            for declared in declarations(module, self.program.files[module]):
                found.setdefault(declared.bare, {}).setdefault(_one_thing(declared), declared)
        return MappingProxyType({name: tuple(each.values()) for name, each in found.items()})

    @cached_property
    def qualifiers(self) -> Mapping[str, str]:
        """Short names of imports, and the names of the files themselves."""
        names = {module: module for module in self.program.reach(self.module)}
        for target, item in self.program.imports(self.module):
            if item.alias:
                names[item.alias] = target
        return MappingProxyType(names)

    def meanings(self, name: str) -> tuple[Declared, ...]:
        """All that the name, bare or qualified, could mean."""
        if "." not in name:
            return self.visible.get(name, ())
        prefix, _, bare = name.rpartition(".")
        module = self.qualifiers.get(prefix)
        return () if module is None else self._qualified(module, bare)

    def _qualified(self, module: str, bare: str) -> tuple[Declared, ...]:
        """`x.name` finds what file x declares or, if nothing, what x itself could name so."""
        inside = Names(self.program, module, self.say, self.renames)
        return (inside.own[bare],) if bare in inside.own else inside.visible.get(bare, ())

    def find(self, name: tree.Name, *sorts: Sort, wanted: Both = A_NAME) -> Declared | None:
        """The one thing that the name means, of one of the sorts; otherwise None, and a finding."""
        meanings = self.meanings(name.id)
        if not meanings:
            self.unknown(name, wanted, self._of(sorts))
        elif len(meanings) > 1:
            self.ambiguous(name, meanings)
        elif sorts and meanings[0].sort not in sorts:
            self.say.add("R04", name.span, name=name.id, kind=meanings[0].sort.value, wanted=wanted)
        else:
            return meanings[0]
        return None

    def event(self, name: tree.Name) -> str | None:
        """The qualified name of an act or occurrence, or a type that every contract has."""
        if name.id in BUILT_IN:
            return name.id
        found = self.find(name, *EVENTS, wanted=AN_EVENT)
        return found.name if found else None

    def act(self, name: tree.Name) -> str | None:
        found = self.find(name, Sort.ACT, wanted=Sort.ACT.value)
        return found.name if found else None

    def party(self, name: tree.Name) -> str | None:
        found = self.find(name, Sort.PARTY, wanted=Sort.PARTY.value)
        return self.called(found) if found else None

    def party_or_role(self, name: tree.Name) -> str | None:
        wanted = Both("party or role", "当事人或者角色")
        found = self.find(name, Sort.PARTY, Sort.ROLE, wanted=wanted)
        return self.called(found) if found else None

    def called(self, declared: Declared) -> str:
        """The name in the linked contract."""
        return self.renames.get(declared.name, declared.name) if declared.sort is Sort.PARTY else declared.name

    def unit(self, name: tree.Name) -> str | None:
        """`times`, in which records are counted, needs no declaration."""
        if name.id in ("time", "times") and not self.meanings(name.id):
            return "time"
        found = self.find(name, Sort.UNIT, wanted=Sort.UNIT.value)
        return found.name if found else None

    def _of(self, sorts: Iterable[Sort]) -> tuple[str, ...]:
        wanted = set(sorts)
        return tuple(n for n, all_ in self.visible.items() if not wanted or any(d.sort in wanted for d in all_))

    def unknown(self, name: tree.Name, wanted: Both, candidates: Iterable[str]) -> None:
        help_ = suggestion(name.id, candidates, wanted)
        self.say.add("R01", name.span, name=name.id, wanted=wanted, help=help_)

    def ambiguous(self, name: tree.Name, meanings: tuple[Declared, ...]) -> None:
        listed = tuple(f"{m.module}.{m.bare}" for m in meanings)
        self.say.add("R02", name.span, name=name.id, meanings=listed, example=listed[0])


def _one_thing(declared: Declared) -> tuple[Sort, object]:
    """A law of the same name and title is the same law, whichever file says that it cites it."""
    if isinstance(declared.node, tree.Law):
        return Sort.LAW, declared.node.labels
    return declared.sort, declared.name


def chinese_labels(names: Names) -> Iterator[tuple[str, str]]:
    """What a Chinese file calls the things it may name; fields first, so that whatever is declared goes before."""
    every = [declared for each in names.visible.values() for declared in each]
    for declared in every:
        if isinstance(declared.node, tree.EventType):
            yield from ((f.name.id, yes) for f in declared.node.fields if (yes := f.labels.forms("zh")[0]))
    for declared in every:
        yes = declared.node.labels.forms("zh")[0] if isinstance(declared.node, _LABELLED) else None
        if yes:
            yield declared.bare, yes


def suggestion(name: str, candidates: Iterable[str], wanted: Both) -> Both:
    """What to type instead of an unknown name."""
    near = get_close_matches(name, sorted(set(candidates)), n=1, cutoff=0.6)
    if near:
        return Both(f"did you mean `{near[0]}`?", f"是否指“{near[0]}”？")
    return Both(f"declare the {wanted.en} `{name}` first", f"先声明{wanted.zh}“{name}”")


def check_declarations(names: Names) -> None:
    """No name is declared twice in one file, and none is a type that every contract has."""
    seen: dict[str, Span] = {}
    for declared in declarations(names.module, names.program.files[names.module]):
        span = declared.node.name.span  # type: ignore[union-attr]
        if declared.bare in BUILT_IN or declared.bare == ANYONE:
            names.say.add("R12", span, name=declared.bare)
        if declared.bare in seen:
            names.say.add("R03", span, name=declared.bare, line=seen[declared.bare].line)
        seen.setdefault(declared.bare, span)

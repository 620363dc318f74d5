"""What kinds of files may hold and import; whether files can be joined at all (design 2.4)."""

from collections.abc import Mapping
from types import MappingProxyType

from smartclause.language import tree
from smartclause.language.cycles import circles, printed
from smartclause.language.headers import kind_of
from smartclause.language.kinds import file_kind
from smartclause.language.names import Names, Program
from smartclause.language.wording import Both
from smartclause.logic.contract import ModuleKind

_MAY_IMPORT: Mapping[ModuleKind, tuple[ModuleKind, ...]] = MappingProxyType(
    {
        ModuleKind.VOCABULARY: (ModuleKind.VOCABULARY,),
        ModuleKind.PACK: (ModuleKind.VOCABULARY, ModuleKind.PACK),
    }
)
_ANY = (ModuleKind.VOCABULARY, ModuleKind.PACK, ModuleKind.CONTRACT, ModuleKind.AGREEMENT)
_CLAUSES = Both("a clause", "条款")
_PROPERTY = Both("a property to prove", "证明事项")
_SCENARIO = Both("a scenario", "情景")
_GRANTS_NOTHING = Both(
    "a vocabulary grants and forbids nothing: move it to a contract or a rule pack",
    "词汇表不作规定，移至合同或者规则包",
)
_ONLY_AMENDMENT = Both("only an amendment replaces and strikes clauses", "只有修正案才能替换或者删去条款")
_IMPORT_HELP = Both("import vocabularies only, or change the kind of file", "只引用可以引用的文件，或者改变文件类型")


def check_files(program: Program, files: Mapping[str, Names]) -> bool:
    """Whether the files can be read on: no circle of imports."""
    whole = not _circular(program, files)
    for module, names in files.items():
        _contents(program.files[module], names)
        _imports(module, program, names)
    return whole


def _circular(program: Program, files: Mapping[str, Names]) -> bool:
    edges = {m: tuple(target for target, _ in program.imports(m)) for m in program.files}
    found = list(circles(edges))
    for circle in found:
        item = next(item for target, item in program.imports(circle[0]) if target == circle[1])
        things = Both("imports", "引用")
        files[circle[0]].say.add("R06", item.span, things=things, cycle=printed(circle))
    return bool(found)


def _contents(file: tree.File, names: Names) -> None:
    kind = kind_of(file)
    for item in file.items:
        if kind is ModuleKind.VOCABULARY:
            what = {tree.Clause: _CLAUSES, tree.Property: _PROPERTY, tree.Scenario: _SCENARIO}.get(type(item))
            if what:
                names.say.add("R21", item.span, kind=file_kind(kind), what=what, help=_GRANTS_NOTHING)
        changed = isinstance(item, tree.Clause) and item.change is not None
        if (changed or isinstance(item, tree.Strike | tree.Leave)) and kind is not ModuleKind.AMENDMENT:
            what = Both("a change of a clause", "条款变更")
            names.say.add("R21", item.span, kind=file_kind(kind), what=what, help=_ONLY_AMENDMENT)


def _imports(module: str, program: Program, names: Names) -> None:
    kind = kind_of(program.files[module])
    for target, item in program.imports(module):
        imported = kind_of(program.files[target])
        if imported not in _MAY_IMPORT.get(kind, _ANY):
            said = {"kind": file_kind(kind), "imported": file_kind(imported)}
            names.say.add("R09", item.span, name=item.path, help=_IMPORT_HELP, **said)

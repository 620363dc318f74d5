"""An amendment put into the contract it amends: one file, as the parties then agree it (design 2.11).

Names stay: the amended contract keeps the name of the one before. Its scenarios and properties speak of the old
text and stay behind; the amendment brings its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from smartclause.language import tree
from smartclause.language.findings import Findings
from smartclause.language.headers import kind_of
from smartclause.language.kinds import file_kind
from smartclause.language.names import module_of
from smartclause.language.wording import Both
from smartclause.logic.contract import ModuleKind

_AMENDED = (ModuleKind.CONTRACT, ModuleKind.AGREEMENT)
_LEFT_BEHIND = (tree.Scenario, tree.Property)
_FIRST = (tree.Import, tree.Law, tree.Role, tree.Unit, tree.Party)


def amends_of(file: tree.File) -> tree.Amends | None:
    """What an amendment says it amends."""
    return next((term for term in file.header.terms if isinstance(term, tree.Amends)), None)


def lacking(file: tree.File) -> tuple[Both, ...]:
    """Lines that an amendment needs and this one has not."""
    dated = any(isinstance(term, tree.Force) for term in file.header.terms)
    found = [] if amends_of(file) else [Both("`amends … version … digest “…”`", "“修订……版本……摘要……”")]
    return tuple(found if dated else [*found, Both("`in force from …`", "“自……起生效”")])


def amended(base: tree.File, amendment: tree.File, say: Findings) -> tree.File | None:
    """The contract as amended; None, and findings, where the two do not fit."""
    if kind_of(base) not in _AMENDED:
        said = {"name": base.header.name.id, "kind": file_kind(kind_of(base))}
        term = amends_of(amendment)
        say.add("R35", term.span if term else amendment.span, **said)
        return None
    return _Amending(base, amendment, say).file()


@dataclass(frozen=True, slots=True)
class _Amending:
    base: tree.File
    amendment: tree.File
    say: Findings

    def file(self) -> tree.File | None:
        items = self._items()
        if items is None:
            return None
        header = replace(self.base.header, version=self.amendment.header.version, terms=self._terms())
        return replace(self.amendment, header=replace(header, span=self.amendment.header.span), items=tuple(items))

    # ---- the header

    def _terms(self) -> tuple[tree.Term, ...]:
        """Lines that the amendment restates take the place of the old ones, the others stay."""
        mine = [term for term in self.amendment.header.terms if not isinstance(term, tree.Amends)]
        restated = {_line(term) for term in mine}
        kept = [term for term in self.base.header.terms if _line(term) not in restated]
        return (*kept, *(self._dated(term) for term in mine))

    def _dated(self, term: tree.Term) -> tree.Term:
        """An amendment without a last day leaves the last day of the contract."""
        if not isinstance(term, tree.Force) or term.until is not None:
            return term
        ends = [each.until for each in self.base.header.terms if isinstance(each, tree.Force)]
        return replace(term, until=ends[-1] if ends else None)

    # ---- what stands in the file

    def _items(self) -> list[tree.Declaration] | None:
        items: list[tree.Declaration] | None = list(self._kept())
        seen: dict[str, tree.Item] = {}
        part = False
        for item in self.amendment.items:
            if self._twice(item, seen):
                items = None
            if items is None:
                continue
            match item:
                case tree.Clause():
                    items = self._replaced(items, item) if item.change == "replace" else self._added(items, item, part)
                case tree.Strike():
                    items = self._struck(items, item)
                case tree.Leave():
                    items = self._left(items, item)
                case _:
                    part = part or isinstance(item, tree.Part)
                    items = _declared(items, item)
        return items

    def _kept(self) -> Iterator[tree.Declaration]:
        """An import that the amendment restates, with new settings or a new version, gives way."""
        restated = {module_of(item.path) for item in self.amendment.items if isinstance(item, tree.Import)}
        for item in self.base.items:
            again = isinstance(item, tree.Import) and module_of(item.path) in restated
            if not again and not isinstance(item, _LEFT_BEHIND):
                yield item

    def _twice(self, item: tree.Declaration, seen: dict[str, tree.Item]) -> bool:
        """No clause is changed twice in one amendment."""
        match item:
            case tree.Clause():
                number = item.number
            case tree.Strike():
                number = item.clause.target
            case _:
                return False
        if number in seen:
            self.say.add("R03", item.span, name=number, line=seen[number].span.line)
            return True
        seen[number] = item
        return False

    def _replaced(self, items: list[tree.Declaration], new: tree.Clause) -> list[tree.Declaration] | None:
        at = _place(items, new.number)
        if at is None:
            self._absent(new, Both(f"clause {new.number}", f"第{new.number}条"))
            return None
        return [*items[:at], replace(new, change=None), *items[at + 1 :]]

    def _added(self, items: list[tree.Declaration], new: tree.Clause, last: bool) -> list[tree.Declaration] | None:
        """In the order of numbers; behind a part that the amendment opens, at the end."""
        if _place(items, new.number) is not None:
            self.say.add("R37", new.span, number=new.number, name=self.base.header.name.id)
            return None
        before = [i for i, item in enumerate(items) if isinstance(item, tree.Clause) and _order(item) < _order(new)]
        at = len(items) if last or not before else before[-1] + 1
        return [*items[:at], replace(new, change=None), *items[at:]]

    def _struck(self, items: list[tree.Declaration], strike: tree.Strike) -> list[tree.Declaration] | None:
        at = _place(items, strike.clause.target) if strike.clause.sentence is None else None
        if at is None:
            sentence = f"({strike.clause.sentence})" if strike.clause.sentence is not None else ""
            shown = f"{strike.clause.target}{sentence}"
            self._absent(strike, Both(f"clause {shown}", f"第{shown}条"))
            return None
        return [*items[:at], *items[at + 1 :]]

    def _left(self, items: list[tree.Declaration], leave: tree.Leave) -> list[tree.Declaration] | None:
        rest = [i for i in items if not (isinstance(i, tree.Party) and i.name.id == leave.party.id)]
        if len(rest) == len(items):
            self._absent(leave, Both(f"party {leave.party.id}", f"当事人{leave.party.id}"))
            return None
        return rest

    def _absent(self, node: tree.Item, what: Both) -> None:
        self.say.add("R36", node.span, what=what, name=self.base.header.name.id)


def _line(term: tree.Term) -> tuple[type, str]:
    """Which line of the header it is; a delay is one for each source."""
    return type(term), term.source.id if isinstance(term, tree.Lag) else ""


def _place(items: Iterable[tree.Declaration], target: str) -> int | None:
    """Where the clause of this number or name stands."""
    for at, item in enumerate(items):
        if isinstance(item, tree.Clause) and target in (item.number, item.name.id):
            return at
    return None


def _order(clause: tree.Clause) -> tuple[int, ...]:
    return tuple(int(part) for part in clause.number.split(".") if part.isdigit())


def _declared(items: list[tree.Declaration], item: tree.Declaration) -> list[tree.Declaration]:
    """Words before the first clause, parts, scenarios and properties at the end."""
    if isinstance(item, tree.Part | tree.Scenario | tree.Property):
        return [*items, item]
    kinds = _FIRST if isinstance(item, _FIRST) else None
    ends = [i for i, each in enumerate(items) if kinds is not None and isinstance(each, kinds)]
    first = next((i for i, each in enumerate(items) if isinstance(each, tree.Part | tree.Clause)), len(items))
    at = ends[-1] + 1 if ends else first
    return [*items[:at], item, *items[at:]]

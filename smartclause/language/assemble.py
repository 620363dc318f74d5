"""Puts statements together: terms under the header, provisions under clauses, lines under scenarios."""

from dataclasses import replace
from typing import TypeAlias

from smartclause.language import tree as t
from smartclause.language.diagnostic import Span
from smartclause.language.pieces import Context, Lost

_TERMS = (
    t.Force, t.Zone, t.Counting, t.Authoritative, t.News, t.RecordsDue, t.Lag, t.Provider, t.Survive, t.Gap,
    t.MayEnd, t.Evidence, t.Amends,
)  # fmt: skip
_PROVISIONS = (
    t.Original, t.Cites, t.Applies, t.NotEncoded, t.Judgement, t.Grant, t.Limit, t.Bar, t.Duty, t.Repeated,
    t.Standing, t.Share,
)  # fmt: skip
_NAMED = (
    t.Law, t.Role, t.Unit, t.Party, t.Concept, t.EventType, t.Parameter, t.Define, t.Judgement,
)  # fmt: skip
_HEADER_OPENINGS = {"CONTRACT", "AGREEMENT", "RULES", "VOCABULARY", "AMENDMENT"}
_HEADING_OPENINGS = {"CLAUSE_HEAD", "ADD", "REPLACE", "SCENARIO"}
_LINES = (t.Happens, t.Clock, t.Silent, t.ThenStatus, t.ThenVerdict)

Open: TypeAlias = t.Clause | t.Scenario


def assemble(nodes: list[t.Item], context: Context, file: str) -> t.File | None:
    """None where the file has no header."""
    if nodes and isinstance(nodes[0], Lost) and nodes[0].opening in _HEADER_OPENINGS:
        return None
    if not nodes or not isinstance(nodes[0], t.Header):
        span = nodes[0].span if nodes else Span(file)
        context.report("P14", span)
        return None
    header, *rest = nodes
    assert isinstance(header, t.Header)
    return _Assembly(header, context).file(rest)


class _Assembly:
    def __init__(self, header: t.Header, context: Context) -> None:
        self.header = header
        self.context = context
        self.terms: list[t.Term] = []
        self.items: list[t.Declaration] = []
        self.body: list[t.Item] = []
        self.open: Open | None = None
        self.lost = False
        """The heading that the next sentences belong to could not be read."""

    def file(self, nodes: list[t.Item]) -> t.File:
        for node in nodes:
            self._place(node)
        self._close()
        header = replace(self.header, terms=tuple(self.terms))
        return t.File(header, tuple(self.items), span=self.header.span)

    def _place(self, node: t.Item) -> None:
        if isinstance(node, Lost):
            if node.opening in _HEADING_OPENINGS:
                self._close()
                self.lost = True
        elif isinstance(node, t.Header):
            self._misplaced(node, "the beginning of the file", "文件开头")
        elif isinstance(node, _TERMS):
            self._term(node)
        elif isinstance(node, _PROVISIONS):
            self._inside(node, t.Clause, ("a sentence", "这一句", "a clause", "条款"))
        elif isinstance(node, _LINES):
            self._inside(node, t.Scenario, ("a line of a scenario", "情景的一行", "a scenario", "情景"))
        else:
            self._declaration(node)

    def _term(self, node: t.Term) -> None:
        if self.items or self.open:
            self._misplaced(node, "the lines under the heading of the file", "文件标题之下的各行")
        elif isinstance(node, t.Amends) != (self.header.kind == "amendment") and isinstance(node, t.Amends):
            self._misplaced(node, "an amendment", "修订案")
        else:
            self.terms.append(node)

    def _inside(self, node: t.Item, owner: type, words: tuple[str, str, str, str]) -> None:
        if isinstance(self.open, owner):
            self._check_names(node)
            self.body.append(node)
            return
        if self.lost:
            return
        english, chinese, place, chinese_place = words
        self.context.report(
            "P13", node.span, what=self.context.say(english, chinese), where=self.context.say(place, chinese_place)
        )

    def _declaration(self, node: t.Item) -> None:
        self._close()
        self.lost = False
        self._check_names(node)
        amendment = self.header.kind == "amendment"
        if isinstance(node, (t.Strike, t.Leave)) and not amendment:
            self._misplaced(node, "an amendment", "修订案")
        elif isinstance(node, t.Clause) and (node.change is not None) != amendment:
            place = ("an amendment", "修订案") if node.change else ("a contract", "合同")
            self._misplaced(node, *place)
            self.open = node
        elif isinstance(node, (t.Clause, t.Scenario)):
            self.open = node
        else:
            self.items.append(node)  # type: ignore[arg-type]

    def _check_names(self, node: t.Item) -> None:
        """A single lower-case letter in brackets is a list label."""
        names = [field.name for field in node.fields] if isinstance(node, t.EventType) else []
        if isinstance(node, _NAMED):
            names.append(node.name)
        for name in names:
            if len(name.id) == 1 and name.id.islower():
                self.context.report("P28", name.span, name=name.id)

    def _misplaced(self, node: t.Item, english: str, chinese: str) -> None:
        self.context.report("P24", node.span, where=self.context.say(english, chinese))

    def _close(self) -> None:
        match self.open:
            case t.Clause():
                self.items.append(replace(self.open, body=tuple(self.body)))  # type: ignore[arg-type]
            case t.Scenario():
                self.items.append(replace(self.open, lines=tuple(self.body)))  # type: ignore[arg-type]
            case None:
                pass
        self.open, self.body = None, []

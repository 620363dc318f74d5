"""Who sets whom aside, and whose status depends on whose: allowed targets, no circles (design 2.3, 2.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from smartclause.language import tree
from smartclause.language.cycles import circles, printed
from smartclause.language.diagnostic import Span
from smartclause.language.headers import kind_of
from smartclause.language.names import Names
from smartclause.language.references import ClauseIndex
from smartclause.language.wording import Both
from smartclause.logic.contract import (
    Bar,
    BreachTrigger,
    Clause,
    Duty,
    Grant,
    Limit,
    ModuleKind,
    Repeated,
    Sentence,
    Standing,
)
from smartclause.logic.terms import ClauseViolated, Term, walk

_ONLY_MAY = Both("only a permission (`may`) sets another sentence aside", "只有“可以”才能排除其他规定")
_MAY_HELP = Both("write the exception as `except if …`", "把例外写为“但……的除外”")
_OUTSIDE = Both("it belongs to another track, which stays a verdict of its own", "它所在的文件另行裁断")
_OUTSIDE_HELP = Both("only a rule pack sets its own bars aside", "规则包只能由自身排除")
_NOTHING = Both(
    "no limit or prohibition in it is about the same party and act", "其中没有就同一当事人和同一行为的限制或者禁止"
)
_NOTHING_HELP = Both("name the clause that forbids the act", "写明禁止该行为的条款")


_PART = (
    Both("a clause is set aside as a whole, not by its sentences", "只能排除整条，不能排除其中一句"),
    Both("name the clause alone, or move the sentence to a clause of its own", "只写条款编号，或者把该句移为单独一条"),
)


@dataclass(frozen=True, slots=True)
class Priorities:
    files: Mapping[str, Names]
    clauses: Mapping[str, Clause]
    index: ClauseIndex

    def check(self) -> None:
        for id_, clause in self.clauses.items():
            module, node = self.index.by_id[id_]
            for number, sentence in enumerate(node.sentences, 1):
                self._targets(module, sentence, _sentence(clause, number))
        self._circles(dict(self._set_aside()), Both("priorities", "优先关系"))
        self._circles(dict(self._statuses()), Both("statuses of clauses", "条款状态"))

    def _targets(self, module: str, node: tree.Sentence, read: Sentence | None) -> None:
        refs = () if isinstance(node, tree.Repeated | tree.Standing | tree.Share) else node.despite
        for ref in refs:
            names = self.files[module]
            target = self.index.find(names, ref)
            if target is None:
                continue
            fault = _PART if ref.sentence is not None else self._fault(module, node, read, target)
            if fault:
                names.say.add("R16", ref.span, clause=ref.target, why=fault[0], help=fault[1])

    def _fault(self, module: str, node: tree.Sentence, read: Sentence | None, target: str) -> tuple[Both, Both] | None:
        if not isinstance(node, tree.Grant):
            return _ONLY_MAY, _MAY_HELP
        theirs = self.index.by_id[target][0]
        if theirs != module and kind_of(self.files[module].program.files[theirs]) is not ModuleKind.CONTRACT:
            return _OUTSIDE, _OUTSIDE_HELP
        barred = [s for s in self.clauses[target].sentences if isinstance(s, Limit | Bar)]
        if isinstance(read, Grant) and not any(_same(read, bar) for bar in barred):
            return _NOTHING, _NOTHING_HELP
        return None

    def _set_aside(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for id_, clause in self.clauses.items():
            aside = (t for s in clause.sentences if isinstance(s, Grant) for t in s.despite)
            yield id_, tuple(dict.fromkeys(aside))

    def _statuses(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Each duty, and the duties whose status it reads; a clause is read as each duty in it."""
        for id_, clause in self.clauses.items():
            for sentence in clause.sentences:
                if isinstance(sentence, Duty | Repeated | Standing):
                    read = (*_reads(sentence), *_in(clause.applies))
                    reached = (self._node(c, n) for clause_, s in read for c, n in self._owed(clause_, s))
                    yield self._node(id_, sentence.number), tuple(dict.fromkeys(reached))

    def _owed(self, clause: str, sentence: int) -> Iterator[tuple[str, int]]:
        return ((clause, number) for number, _ in self.index.owed(clause, sentence))

    def _node(self, clause: str, sentence: int) -> str:
        return f"{clause}({sentence})"

    def _circles(self, edges: Mapping[str, tuple[str, ...]], things: Both) -> None:
        for circle in circles(edges):
            id_ = circle[0].partition("(")[0]
            module, node = self.index.by_id[id_]
            cycle = printed(tuple(each.removeprefix(f"{module}.") for each in circle))
            self.files[module].say.add("R06", _place(node, circle[0]), things=things, cycle=cycle)


def _sentence(clause: Clause, number: int) -> Sentence | None:
    return next((s for s in clause.sentences if s.number == number), None)


def _same(grant: Grant, bar: Limit | Bar) -> bool:
    return grant.party == bar.party and bool(set(grant.acts) & set(bar.acts))


def _place(node: tree.Clause, name: str) -> Span:
    number = name.partition("(")[2].rstrip(")")
    return node.sentences[int(number) - 1].span if number else node.name.span


def _reads(sentence: Sentence) -> Iterator[tuple[str, int]]:
    match sentence:
        case Duty():
            for trigger in sentence.triggers:
                if isinstance(trigger, BreachTrigger):
                    yield trigger.clause, trigger.sentence
                else:
                    yield from _in(trigger.where)
            for answer in sentence.answers:
                yield from _in(answer.where)
            yield from _in(sentence.exception)
            if sentence.otherwise:
                yield from _reads(sentence.otherwise)
        case Repeated():
            for answer in sentence.answers:
                yield from _in(answer.where)
        case Standing():
            yield from _in(sentence.condition)
        case _:
            return


def _in(term: Term) -> Iterator[tuple[str, int]]:
    return ((n.clause, n.sentence) for n in walk(term) if isinstance(n, ClauseViolated))

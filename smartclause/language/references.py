"""Clauses by number or stable name: `3.5`, `breach_notice_duty`, `timers.12.1`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from smartclause.language import tree
from smartclause.language.diagnostic import Span
from smartclause.language.names import CLAUSE_WORD, Names, Program, suggestion
from smartclause.language.wording import Both

_OWED = tree.Duty | tree.Repeated | tree.Standing


@dataclass(frozen=True)
class ClauseIndex:
    """The clauses of all files of a program."""

    program: Program

    @cached_property
    def by_id(self) -> Mapping[str, tuple[str, tree.Clause]]:
        return {
            f"{module}.{clause.number}": (module, clause)
            for module in self.program.files
            for clause in reversed(list(self._of(module)))
        }

    def span(self, clause: str, sentence: int) -> Span:
        """Where two clauses bear one number, which is an error, the first stands for both."""
        node = self.by_id[clause][1]
        return node.sentences[sentence - 1].span if sentence <= len(node.sentences) else node.span

    @cached_property
    def _known(self) -> Mapping[str, Mapping[str, str]]:
        return {module: dict(self._spellings(module)) for module in self.program.files}

    def _of(self, module: str) -> Iterator[tree.Clause]:
        return (item for item in self.program.files[module].items if isinstance(item, tree.Clause))

    def _spellings(self, module: str) -> Iterator[tuple[str, str]]:
        for clause in self._of(module):
            yield clause.name.id, f"{module}.{clause.number}"
            yield clause.number, f"{module}.{clause.number}"

    def find(self, names: Names, ref: tree.ClauseRef) -> str | None:
        """The id of the clause; None, with a finding, if there is none, several, or no such sentence."""
        found = self._meanings(names, ref.target)
        if len(found) > 1:
            names.say.add("R02", ref.span, name=ref.target, meanings=tuple(found), example=found[0])
        elif not found:
            near = {s for m in names.program.reach(names.module) for s in self._known[m]}
            help_ = suggestion(ref.target, near, CLAUSE_WORD)
            names.say.add("R05", ref.span, name=ref.target, help=help_)
        elif self._has_sentence(names, found[0], ref):
            return found[0]
        return None

    def _meanings(self, names: Names, target: str) -> list[str]:
        """The file's own clause comes first; otherwise every import that has one."""
        own = self._known[names.module].get(target)
        if own:
            return [own]
        prefix, _, rest = target.partition(".")
        if prefix in names.qualifiers:
            found = self._known[names.qualifiers[prefix]].get(rest)
            return [found] if found else []
        others = (self._known[m].get(target) for m in names.program.reach(names.module)[1:])
        return [found for found in others if found]

    def _has_sentence(self, names: Names, clause: str, ref: tree.ClauseRef) -> bool:
        count = len(self.by_id[clause][1].sentences)
        if ref.sentence is None or 1 <= ref.sentence <= count:
            return True
        said = Both("one sentence" if count == 1 else f"{count} sentences", str(count))
        names.say.add("R26", ref.span, clause=ref.target, sentence=ref.sentence, count=said)
        return False

    def owed(self, clause: str, sentence: int) -> tuple[tuple[int, tree.Duty | tree.Repeated | tree.Standing], ...]:
        """The duties of the clause, or the one sentence if it is a duty, with their numbers."""
        sentences = self.by_id[clause][1].sentences
        return tuple(
            (number, each)
            for number, each in enumerate(sentences, 1)
            if isinstance(each, _OWED) and sentence in (0, number)
        )

    def instance_keys(self, clause: str, sentence: int) -> tuple[tuple[str, ...], ...]:
        """For each duty of the clause the keys that tell its instances apart."""
        return tuple(keys_of(each) for _, each in self.owed(clause, sentence))


def keys_of(sentence: tree.Duty | tree.Repeated | tree.Standing) -> tuple[str, ...]:
    match sentence:
        case tree.Duty():
            return tuple(key.id for key in sentence.keys)
        case tree.Standing():
            return tuple(key.id for key in sentence.each)
        case tree.Repeated():
            return ()


def check_numbers(names: Names) -> None:
    """No two clauses of a file have one number or one stable name."""
    seen: dict[str, int] = {}
    for item in names.program.files[names.module].items:
        if isinstance(item, tree.Clause):
            for spelling in (item.number, item.name.id):
                if spelling in seen:
                    names.say.add("R03", item.name.span, name=spelling, line=seen[spelling])
                seen.setdefault(spelling, item.span.line)

"""Clauses of a file with their texts, marks and sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from smartclause.language import tree
from smartclause.language.conditions import Reader
from smartclause.language.event_types import acts_of
from smartclause.language.names import Names, Sort
from smartclause.language.references import ClauseIndex
from smartclause.language.sentences import Sentences
from smartclause.language.views import View
from smartclause.language.vocabulary import label
from smartclause.logic.contract import Citation, Clause, Judgement, NotEncoded, Sentence, Text
from smartclause.logic.terms import TRUE, Term


@dataclass(frozen=True, slots=True)
class Clauses:
    """Reads the clauses of one file."""

    names: Names
    reader: Reader
    index: ClauseIndex

    def read(self) -> Iterator[Clause]:
        part = ""
        survivors = self._survivors()
        for item in self.names.program.files[self.names.module].items:
            if isinstance(item, tree.Part):
                part = str(item.number)
            elif isinstance(item, tree.Clause):
                yield self._clause(item, part, survivors)

    def one(self, node: tree.Clause) -> Clause:
        """A clause by itself, of no part."""
        return self._clause(node, "", self._survivors())

    def _survivors(self) -> frozenset[str]:
        terms = self.names.program.files[self.names.module].header.terms
        refs = (ref for term in terms if isinstance(term, tree.Survive) for ref in term.clauses)
        return frozenset(found for ref in refs if (found := self.index.find(self.names, ref)))

    def _clause(self, node: tree.Clause, part: str, survivors: frozenset[str]) -> Clause:
        id_ = f"{self.names.module}.{node.number}"
        originals = [item.texts for item in node.body if isinstance(item, tree.Original)]
        return Clause(
            id_,
            node.number,
            node.name.id,
            label(node.labels),
            part,
            _joined(originals),
            tuple(self._citations(node)),
            self._applies(node),
            tuple(self._sentences(node)),
            tuple(self._judgements(node)),
            tuple(NotEncoded(i.words, label(i.because)) for i in node.body if isinstance(i, tree.NotEncoded)),
            id_ in survivors,
        )

    def _citations(self, node: tree.Clause) -> Iterator[Citation]:
        for item in node.body:
            if isinstance(item, tree.Cites):
                for cited in item.citations:
                    law = self.names.find(cited.law, Sort.LAW, wanted=Sort.LAW.value)
                    if law:
                        yield Citation(law.bare, place(cited))

    def _applies(self, node: tree.Clause) -> Term:
        terms = [self._scope(node, item) for item in node.body if isinstance(item, tree.Applies)]
        return terms[0] if terms and terms[0] is not None else TRUE

    def _scope(self, node: tree.Clause, item: tree.Applies) -> Term | None:
        """`applies where` reads the acts of the norms and the triggers of the duties of its clause."""
        known = self.reader.world.types
        names = (*self._acted(node), *self._triggers(node))
        lasting = any(isinstance(s, tree.Standing | tree.Repeated) for s in node.sentences)
        types = () if lasting else tuple(known[name] for name in dict.fromkeys(names) if name in known)
        fresh = Reader(self.reader.world, self.names)
        return fresh.condition(item.condition, View(types, lasting=lasting))

    def _acted(self, node: tree.Clause) -> tuple[str, ...]:
        norms = tuple(s for s in node.body if isinstance(s, tree.Grant | tree.Limit | tree.Bar))
        return acts_of(tree.Clause(node.number, node.name, body=norms), self.names)

    def _triggers(self, node: tree.Clause) -> Iterator[str]:
        for sentence in node.sentences:
            if isinstance(sentence, tree.Duty):
                for trigger in sentence.triggers:
                    event = self.names.event(trigger.event) if isinstance(trigger, tree.Occurs) else None
                    if event:
                        yield event

    def _sentences(self, node: tree.Clause) -> Iterator[Sentence]:
        sentences = Sentences(self.reader, self.index)
        for number, sentence in enumerate(node.sentences, 1):
            read = sentences.read(sentence, number)
            if read is not None:
                yield read

    def _judgements(self, node: tree.Clause) -> Iterator[Judgement]:
        for item in node.body:
            if isinstance(item, tree.Judgement):
                yield Judgement(item.name.id, self.names.party(item.by) or "", label(item.question))


def place(citation: tree.Citation) -> str:
    """`art 38(1)(2)`; empty where the whole law is cited."""
    first, *rest = citation.parts or ("",)
    return f"art {first}" + "".join(f"({part})" for part in rest) if first else ""


def _joined(texts: list[tree.Texts]) -> Text:
    read = [label(each) for each in texts]
    return Text("\n".join(t.zh for t in read if t.zh), "\n".join(t.en for t in read if t.en))

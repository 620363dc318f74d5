"""Answers of `prove --needs` as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from smartclause.engines.prove.answer import NotProven, Proved, Refuted
from smartclause.engines.prove.missing import speaker_of
from smartclause.evidence.forms import Form
from smartclause.logic.contract import BUILT_IN, FieldType, Text
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind
from smartclause.verbs.answers_error import Shown
from smartclause.verbs.answers_prove import ShownAct
from smartclause.verbs.values import concept_tree, spelled

if TYPE_CHECKING:
    from smartclause.engines.prove.needs import ActNeeds, Asked
    from smartclause.engines.prove.recorded import Use
    from smartclause.verbs.needs import Kept, Needed

Need = Literal["always", "sometimes", "never", "key", "no permission"]
Part = Literal[
    "judged", "applies", "condition", "exception", "opens", "answers", "key", "clock", "standing", "ends", "waives"
]
ValueKind = Literal[
    "fact", "text", "number", "percentage", "money", "instant", "date", "duration", "party", "identifier", "concept",
    "set of concept",
]  # fmt: skip
Ending = Literal["never allowed", "still allowed", "not proven"]


class Words(Form):
    """In both languages, as far as the file gives them."""

    zh: Shown = ""
    en: Shown = ""


class UseForm(Form):
    """Where it is read. `part`: judged (the act that the sentence is on), applies, condition or exception; of a duty
    what opens it, what answers it, its key, its clock; standing; what ends the contract or waives a duty."""

    clause: str | None = None
    sentence: int | None = None
    part: Part


class FactForm(Form):
    """A fact. `values`: the list of `terms` from which it is chosen."""

    name: str
    kind: ValueKind
    unit: Annotated[str | None, Field(description="Of a number its unit, of money its currency.")] = None
    values: str | None = None
    least: Annotated[Any, Field(description="As events spell it.")] = None
    most: Annotated[Any, Field(description="As events spell it.")] = None
    words: Words
    words_if_not: Annotated[Words | None, Field(description="Of a yes-and-no pair the second words.")] = None
    question: Annotated[Words | None, Field(description="What the person is asked whose judgement it is.")] = None
    shown_by: Annotated[str | None, Field(description="The party or role that alone can show it.")] = None
    needed: Annotated[
        Need | None,
        Field(
            description="Of a fact of an act. always: none is allowed without it (proved). never: all that is allowed "
            "is allowed without it (proved), it can only count against. sometimes: neither is proved."
        ),
    ] = None
    read_by: tuple[UseForm, ...]


class NeededForm(Form):
    """What is needed of earlier records; `key`: it says which record is meant, every one has it."""

    type: str
    fact: Annotated[str | None, Field(description="Not given: the record itself.")] = None
    needed: Need
    read_by: tuple[UseForm, ...]


class ActForm(Form):
    """An act on which the contract speaks. `asset`: it must be named what the act is about."""

    act: str
    party: str
    words: Words
    controlled: bool
    asset: bool
    allowed: Annotated[Ending, Field(description="Whether any act of the type, named so, is allowed at all.")]
    narrower: Annotated[tuple[str, ...], Field(description="Narrower acts that the contract speaks of.")]
    facts: tuple[FactForm, ...]
    looked_at: tuple[NeededForm, ...]


class RecordForm(Form):
    """A kind of record that some sentence reads. `recorded_by` not given: anyone may record it."""

    type: str
    words: Words
    recorded_by: str | None = None
    looked_at: Annotated[bool, Field(description="Conditions look for it among earlier records.")]
    read_by: tuple[UseForm, ...]
    facts: tuple[FactForm, ...]


class SourceForm(Form):
    """A party or role, and what only it can show or record. `held_by`: the parties of the contract that are it; where
    there is none, keys of the trust store must be."""

    name: str
    held_by: tuple[str, ...]
    words: Words
    shows: tuple[str, ...]
    records: tuple[str, ...]


class WithoutForm(Form):
    """What becomes of an act when these say nothing; an act that is still allowed is shown."""

    without: tuple[str, ...]
    act: str
    party: str
    outcome: Ending
    why: Literal["limit", "history", "undefined", "no act"] | None = None
    bound: int | None = None
    shown: ShownAct | None = None


class TermForm(Form):
    name: str
    words: Words
    under: tuple[str, ...]


class NeededFile(Form):
    file: Shown
    acts: tuple[ActForm, ...]
    records: tuple[RecordForm, ...]
    sources: tuple[SourceForm, ...]
    without: tuple[WithoutForm, ...]
    terms: dict[str, tuple[TermForm, ...]]
    to_be_filled_in: Annotated[tuple[str, ...], Field(description="Figures that the parties still have to agree.")]


class NeedsForm(Form):
    """What contracts ask to be recorded, who shows it, and what is never allowed without it."""

    edition: Literal["needs 1"] = "needs 1"
    files: tuple[NeededFile, ...]


def needs_form(found: Sequence[Needed]) -> NeedsForm:
    return NeedsForm(files=tuple(_file(f) for f in found))


def _file(found: Needed) -> NeededFile:
    acts = tuple(_act(found, a) for a in found.needs.acts)
    records = tuple(_record(found, t) for t in found.needs.recorded.types)
    facts = [f for a in acts for f in a.facts] + [f for r in records for f in r.facts]
    lists = {f.values for f in facts if f.values is not None}
    return NeededFile(
        file=str(found.path), acts=acts, records=records, sources=tuple(_sources(found)),
        without=tuple(_without(k) for k in found.left), terms={n: _terms(found.lookup, n) for n in sorted(lists)},
        to_be_filled_in=tuple(p.name for p in found.lookup.contract.parameters if not p.values),
    )  # fmt: skip


# ---- facts


def _words(text: Text) -> Words:
    return Words(zh=text.zh, en=text.en)


def _uses(uses: Iterable[Use]) -> tuple[UseForm, ...]:
    found = dict.fromkeys((u.clause, u.sentence, u.part) for u in uses)
    return tuple(UseForm(clause=c or None, sentence=s or None, part=p.value) for c, s, p in found)


def _fact(lookup: Lookup, field: FieldType, uses: Iterable[Use], needed: Need | None = None) -> FactForm:
    kind, detail = field.type.kind, field.type.detail
    listed = kind in (Kind.CONCEPT, Kind.CONCEPTS)
    asked = [j.question for _, c in lookup.all_clauses() for j in c.judgements if j.field == field.name]
    return FactForm(
        name=field.name, kind=kind.value, unit=None if listed else detail or None,
        values=detail or "*" if listed else None, least=_bound(field.low), most=_bound(field.high),
        words=_words(field.label), words_if_not=_words(field.no_label) if field.no_label != Text() else None,
        question=_words(asked[0]) if asked else None, shown_by=field.shown_by or None, needed=needed,
        read_by=_uses(uses),
    )  # fmt: skip


def _bound(value: Any) -> Any:
    return None if value is None else spelled(value)


def _terms(lookup: Lookup, root: str) -> tuple[TermForm, ...]:
    """Those that may be told of such a fact; all where no root is named."""
    tree = concept_tree(lookup.contract)
    under = (c for c in lookup.contract.vocabulary.concepts if root == "*" or root in tree.above(c.name))
    return tuple(TermForm(name=c.name, words=_words(c.label), under=tree.parents.get(c.name, ())) for c in under)


# ---- acts and records


def _act(found: Needed, each: ActNeeds) -> ActForm:
    lookup, controlled = found.lookup, found.lookup.is_controlled(each.act)
    spoken = dict.fromkeys(a.act for a in found.needs.acts if a.party == each.party)
    return ActForm(
        act=each.act, party=each.party, words=_words(lookup.types[each.act].label), controlled=controlled,
        asset=controlled, allowed=_ending(each.allowed),
        narrower=tuple(a for a in spoken if a != each.act and lookup.is_under(a, each.act)),
        facts=tuple(_own(lookup, a) for a in each.own),
        looked_at=tuple(
            NeededForm(type=a.type, fact=a.field or None, needed=a.need.value, read_by=_uses(a.uses))
            for a in each.looked_at
        ),
    )  # fmt: skip


def _own(lookup: Lookup, asked: Asked) -> FactForm:
    field = lookup.field(asked.type, asked.field)
    assert field is not None
    return _fact(lookup, field, asked.uses, asked.need.value)


def _record(found: Needed, type_: str) -> RecordForm:
    lookup, kind = found.lookup, found.lookup.types.get(type_)
    uses = found.needs.recorded.of(type_)
    read = [f for f in kind.fields if f.name in found.needs.recorded.fields(type_)] if kind else []
    return RecordForm(
        type=type_, words=_words(kind.label) if kind else Words(), recorded_by=(kind.by if kind else "") or None,
        looked_at=any(u.looked_at for u in uses), read_by=_uses(uses),
        facts=tuple(_fact(lookup, f, found.needs.recorded.of(type_, f.name)) for f in read),
    )  # fmt: skip


# ---- who shows what


def _sources(found: Needed) -> Iterator[SourceForm]:
    lookup, told = found.lookup, found.needs.recorded
    parties = {p.name: p.label for m in lookup.contract.modules for p in m.parties}
    labels = dict(lookup.contract.roles) | parties
    for name in found.needs.sources:
        kinds = [k for k in told.types if k not in BUILT_IN]
        facts = [(k, f) for k in kinds for f in told.fields(k) if _shows(lookup, k, f) == name]
        records = [k for k in kinds if lookup.types[k].by and speaker_of(lookup, lookup.types[k].by) == name]
        held = (name,) if name in parties else tuple(p for p, role in lookup.roles.items() if role == name)
        yield SourceForm(
            name=name, held_by=held, words=_words(labels.get(name, Text())), shows=tuple(f"{k}.{f}" for k, f in facts),
            records=tuple(records),
        )  # fmt: skip


def _shows(lookup: Lookup, kind: str, name: str) -> str:
    field = lookup.field(kind, name)
    return speaker_of(lookup, field.shown_by) if field is not None and field.shown_by else ""


def _ending(answer: object) -> Ending:
    if isinstance(answer, NotProven):
        return "not proven"
    return "never allowed" if isinstance(answer, Proved) else "still allowed"


def _without(kept: Kept) -> WithoutForm:
    left = kept.left
    open_ = left.answer if isinstance(left.answer, NotProven) else None
    return WithoutForm(
        without=left.names, act=left.act, party=left.party, outcome=_ending(left.answer),
        why=None if open_ is None else open_.why, bound=None if open_ is None else open_.bound, shown=_shown(kept),
    )  # fmt: skip


def _shown(kept: Kept) -> ShownAct | None:
    answer = kept.left.answer
    if not isinstance(answer, Refuted) or answer.witness is None:
        return None
    return ShownAct(
        scenario=kept.scenario, verdict=answer.witness.verdict.decision.value, records=len(answer.witness.lines) - 1
    )

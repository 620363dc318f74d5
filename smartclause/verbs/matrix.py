"""`prove --matrix`: what may be done, for each value of some facts of an act, and which sentences decide it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from smartclause.engines.prove.asking import Effort
from smartclause.engines.prove.matrix.filling import TooManyCellsError, table
from smartclause.engines.prove.matrix.page import page
from smartclause.engines.prove.matrix.result import Axis, Example, Matrix, Table
from smartclause.engines.prove.matrix.values import TOLD, axis
from smartclause.engines.prove.prover import Prover
from smartclause.engines.prove.witness import replayed
from smartclause.evidence.errors import Lang
from smartclause.evidence.files import write_whole
from smartclause.logic.contract import Contract, FieldType
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Kind
from smartclause.verbs.check import Checked, check
from smartclause.verbs.compile import NotCompiledError
from smartclause.verbs.errors import VerbError
from smartclause.verbs.prove import Writer

MOST_CELLS = 5_000  # of one act, values that the contract cannot tell apart counted once
Progress = Callable[[int, int], None]

# What people call the roots of the shared vocabulary, beside the names and labels that these have.
COMMON_WORDS = {
    "purposes": ("purpose", "用途", "目的"),
    "data_kinds": ("category", "categories", "data category", "类别"),
    "": ("place", "places", "地点", "地区"),
}


@dataclass(frozen=True, slots=True)
class MatrixTold:
    """`examples`: for each table, where they were asked for."""

    path: Path
    matrix: Matrix
    examples: tuple[tuple[Example, ...], ...] = ()


def prove_matrix(
    files: tuple[Path, ...], facts: Sequence[str], *, acts: Sequence[str] = (), examples: bool = False,
    folders: tuple[Path, ...] = (), effort: Effort | None = None, progress: Progress | None = None,
) -> tuple[MatrixTold, ...]:  # fmt: skip
    """`facts`: by name, by label in either language, or by the concept under which their values stand (or `place`).
    `acts`: only these, else each controlled act of which the contract speaks.

    Raises NotCompiledError (VB03), VerbError VB64, VB67, VB68, VB69, EvidenceError EV19.
    """
    return tuple(_told(c, tuple(facts), acts, examples, effort, progress) for c in check(files, folders=folders))


def _told(
    checked: Checked, facts: tuple[str, ...], acts: Sequence[str], examples: bool, effort: Effort | None,
    progress: Progress | None,
) -> MatrixTold:  # fmt: skip
    contract = checked.loaded.contract
    if contract is None or not checked.holds:
        raise NotCompiledError(checked.loaded, str(checked.path))
    prover = Prover(contract, effort=effort)
    pairs = _acts(prover, acts)
    asked = {pair: tuple(_axes(prover, pair[0], facts)) for pair in pairs}
    _all_told(prover.lookup, [t for t, _ in pairs], facts)
    tables: list[Table] = []
    wanted = [(pair, axes) for pair, axes in asked.items() if axes]
    for number, ((act, party), axes) in enumerate(wanted):
        if progress is not None:
            progress(number, len(wanted))
        tables.append(_table(prover, act, party, axes, examples))
    joined = tuple(_joined(tables))
    without = tuple(dict.fromkeys(act for (act, _), axes in asked.items() if not axes))
    matrix = Matrix(prover.lookup, joined, without)
    shown = tuple(tuple(_examples(t, checked, contract, prover.lookup)) for t in joined) if examples else ()
    return MatrixTold(checked.path, matrix, shown)


def _acts(prover: Prover, wanted: Sequence[str]) -> list[tuple[str, str]]:
    """Controlled acts, or those named."""
    lookup = prover.lookup
    found = [(t, p) for t, p in prover.acts() if wanted or lookup.is_controlled(t)]
    for name in wanted:
        if not any(_is_called(lookup, t, name) for t, _ in found):
            known = ", ".join(sorted({t.rpartition(".")[2] for t, _ in found}))
            raise VerbError("VB64", act=name, contract=lookup.contract.module, known=known)
    return [pair for pair in found if not wanted or any(_is_called(lookup, pair[0], n) for n in wanted)]


def _is_called(lookup: Lookup, act: str, name: str) -> bool:
    label = lookup.types[act].label if act in lookup.types else None
    return name in (act, act.rpartition(".")[2], *((label.zh, label.en) if label else ()))


# ---- which facts


def _axes(prover: Prover, act: str, facts: Iterable[str]) -> Iterator[Axis]:
    """Each fact once, in the order asked."""
    found: dict[str, FieldType] = {}
    for word in facts:
        found.update({f.name: f for f in called(prover.lookup, act, word) if f.type.kind in TOLD})
    yield from (axis(prover.lookup, prover.world.codes, f) for f in found.values())


def called(lookup: Lookup, act: str, word: str) -> list[FieldType]:
    """The facts of an act that a word means: by name or label; where there is none, by the concept of their values."""
    fields = lookup.types[act].fields if act in lookup.types else ()
    named = [f for f in fields if _same(word, f.name, f.label.zh, f.label.en)]
    return named or [f for f in fields if _same(word, *_words_of(lookup, f))]


def _words_of(lookup: Lookup, field: FieldType) -> Iterator[str]:
    if field.type.kind not in (Kind.CONCEPT, Kind.CONCEPTS):
        return
    for root in [field.type.detail] if field.type.detail else lookup.contract.vocabulary.complete:
        yield from (root, root.rpartition(".")[2])
        yield from (w for c in lookup.contract.vocabulary.concepts if c.name == root for w in (c.label.zh, c.label.en))
    yield from COMMON_WORDS.get(field.type.detail.rpartition(".")[2], ())


def _same(word: str, *names: str) -> bool:
    return word.strip().casefold() in {n.casefold() for n in names if n}


def _all_told(lookup: Lookup, acts: list[str], facts: Iterable[str]) -> None:
    """Each word means a fact of some act, and one whose values can be told."""
    for word in facts:
        found = [f for act in acts for f in called(lookup, act, word)]
        if not found:
            raise VerbError("VB67", fact=word, contract=lookup.contract.module, known=_suggested(lookup, acts, word))
        if not any(f.type.kind in TOLD for f in found):
            known = _suggested(lookup, acts, word)
            raise VerbError("VB68", fact=word, kind=found[0].type.kind.value, known=known)


def _suggested(lookup: Lookup, acts: list[str], word: str) -> str:
    """The facts that can be told, those first that look like the word."""
    fields = {f.name: f for a in acts if a in lookup.types for f in lookup.types[a].fields if f.type.kind in TOLD}
    words = {w: f.name for f in fields.values() for w in (f.name, f.label.zh, f.label.en, *_words_of(lookup, f)) if w}
    near = [words[w] for w in get_close_matches(word, words, 3, 0.6)]
    return ", ".join(dict.fromkeys((*near, *sorted(fields))))


def _table(prover: Prover, act: str, party: str, axes: tuple[Axis, ...], examples: bool) -> Table:
    try:
        return table(prover, act, party, axes, examples, MOST_CELLS)
    except TooManyCellsError as error:
        sizes = ", ".join(f"{a.fact.name}: {len(a.values)}" for a in axes)
        name = act.rpartition(".")[2]
        raise VerbError("VB69", act=name, count=error.count, most=MOST_CELLS, sizes=sizes) from None


# ---- what is told


def _joined(tables: Iterable[Table]) -> Iterator[Table]:
    """Acts of which the same is found stand together."""
    found: dict[object, Table] = {}
    for each in tables:
        key = (each.party, each.axes, each.groups, each.contents, tuple(each.cells.items()))
        found[key] = replace(found[key], acts=(*found[key].acts, *each.acts)) if key in found else each
    yield from found.values()


def _examples(found: Table, checked: Checked, contract: Contract, lookup: Lookup) -> Iterator[Example]:
    writer = Writer(checked, contract)
    for (cell, decision), lines in sorted(found.examples.items(), key=lambda e: (e[0][0], e[0][1].value)):
        place = "_".join(str(n + 1) for n in cell)
        name = f"{found.acts[0].rpartition('.')[2]}_{place}_{decision.value}"
        witness = replayed(lookup, lines)
        clauses = dict.fromkeys(d.clause for d in found.content(cell).deciding if d.part != "may stop")
        yield Example(cell, decision, writer.written(_free(name, writer.taken), witness, clauses))


def _free(wanted: str, taken: set[str]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    taken.add(name)
    return name


def write_matrix_pages(found: Sequence[MatrixTold], out: Path, lang: Lang) -> tuple[Path, ...]:
    """One page for each contract; of several all but the first bear their name. Raises EvidenceError EV19."""
    paths = []
    for number, each in enumerate(found):
        name = each.matrix.lookup.contract.module
        path = out if number == 0 else out.with_name(f"{out.stem}-{name}{out.suffix}")
        write_whole(path, page(each.matrix, lang, each.examples).encode())
        paths.append(path)
    return tuple(paths)

"""`test --suggest`: scenarios that would close gaps of coverage or notice mutants, in the words of the file.

Each was run, printed, read again and run again before anyone sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from smartclause.engines.coverage.measured import speaking
from smartclause.engines.mutants.judged import Progress, Score
from smartclause.engines.suggested.search import Search, Suggested
from smartclause.language import tree as t
from smartclause.language.format import item_text
from smartclause.language.load import load
from smartclause.language.telling import scenario_tree
from smartclause.logic.contract import Clause
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run
from smartclause.verbs.coverage import Proving, subjects
from smartclause.verbs.scenarios import Tested

TRIES = 300


@dataclass(frozen=True, slots=True)
class Pasteable:
    """`text` can be added to the file of `contract`; it holds there."""

    contract: str
    clause: str
    closes: int
    text: str


def suggestions(
    tested: Sequence[Tested],
    scores: Sequence[Score] = (),
    *,
    tries: int = TRIES,
    seed: int = 0,
    folders: tuple[Path, ...] = (),
    progress: Progress | None = None,
) -> tuple[Pasteable, ...]:
    """For what is not shown of the contracts tested, and for the survivors of `scores`.

    `tries`: how many changed scenarios are run for each clause, and again for each survivor.
    """
    runs = [r for each in tested for r in each.runs]
    found: list[Pasteable] = []
    for lookup, module in subjects(tested):
        mine = next(each for each in tested if each.lookup is lookup)
        held = tuple(r for r in runs if module in r.world.lookup.modules)
        search = Search(lookup, held, seed, tries, Proving(lookup.contract).never)
        made = list(_found(search, module, [s for s in scores if s.name == module], progress))
        found += _confirmed(mine, module, made, folders)
    return tuple(found)


def _found(search: Search, module: str, scores: Sequence[Score], progress: Progress | None) -> Iterator[Suggested]:
    clauses = [c for _, c in speaking(search.lookup, frozenset({module}))]
    survivors = [s for score in scores for s in score.survivors]
    total = len(clauses) + len(survivors)
    for number, clause in enumerate(clauses, 1):
        yield from search.close(clause.id)
        if progress:
            progress(number, total)
    for number, survivor in enumerate(survivors, len(clauses) + 1):
        if survivor.contract is not None:
            changed = Lookup(survivor.contract)
            concerned = _concerned(search.lookup, changed, survivor.mutant.before)
            noticing = (search.notice(clause, changed) for clause in concerned)
            yield from islice((s for s in noticing if s is not None), 1)
        if progress:
            progress(number, total)


def _concerned(lookup: Lookup, changed: Lookup, item: t.Declaration) -> list[Clause]:
    """The clauses that read otherwise; of a figure those that name it."""
    other = [c for id_, (_, c) in lookup.clauses.items() if changed.clauses[id_][1] != c]
    if other or not isinstance(item, t.Parameter):
        return other
    return [c for _, c in lookup.all_clauses() if f".{item.name.id}'" in repr(c)]


def _confirmed(
    tested: Tested, module: str, made: Sequence[Suggested], folders: tuple[Path, ...]
) -> Iterator[Pasteable]:
    """Printed, read again beside the file, and run again."""
    file = tested.loaded.trees[tested.loaded.root]
    texts = {s.scenario.name: item_text(file, scenario_tree(tested.lookup.contract, s.scenario)) for s in made}
    held = _held(tested, texts, folders)
    for each in made:
        if each.scenario.name in held:
            yield Pasteable(module, each.clause, each.closes, texts[each.scenario.name])


def _held(tested: Tested, texts: dict[str, str], folders: tuple[Path, ...]) -> set[str]:
    if not texts:
        return set()
    source = tested.loaded.sources[tested.loaded.root].decode("utf-8-sig")
    loaded = load("\n".join((source, *texts.values())), folders, name=str(tested.path), beside=tested.path.parent)
    if loaded.contract is None:
        if len(texts) == 1:
            return set()
        return {name for name, text in texts.items() if _held(tested, {name: text}, folders)}
    lookup = Lookup(loaded.contract)
    return {s.name for s in loaded.contract.scenarios if s.name in texts and run(loaded.contract, s, lookup).holds}

"""Fills the matrix of one act: asks about every cell, groups values that differ in none, and tells what is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from smartclause.engines.prove.matrix.apart import classes
from smartclause.engines.prove.matrix.asked import Asked
from smartclause.engines.prove.matrix.confirmed import Confirming
from smartclause.engines.prove.matrix.deciding import Sentences
from smartclause.engines.prove.matrix.grouping import grouped, groups_of
from smartclause.engines.prove.matrix.needs import with_needs
from smartclause.engines.prove.matrix.profiles import profiles
from smartclause.engines.prove.matrix.result import Axis, Content, Group, Index, Table
from smartclause.engines.prove.prover import Prover
from smartclause.logic.contract import Line
from smartclause.logic.verdict import Decision


class TooManyCellsError(Exception):
    """More cells than are asked about."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} cells")
        self.count = count


def table(
    prover: Prover, act: str, party: str, axes: Sequence[Axis], everywhere: bool = False, most: int = 5_000
) -> Table:
    """`everywhere`: with an example in each cell of all that an act can be judged there. Raises TooManyCellsError."""
    asked = Asked(prover, act, party, axes)
    stands = classes(asked)
    values = tuple(tuple(dict.fromkeys(s)) for s in stands)
    if (count := prod(map(len, values))) > most:
        raise TooManyCellsError(count)
    cells = tuple(product(*values))
    spoken = tuple(profiles(asked, values))
    sentences = Sentences(asked, spoken)
    kinds = {c: tuple(p.at(c) for p in spoken) for c in cells}
    confirming = Confirming(asked, kinds, {c: sentences.excluded(c) for c in cells}, everywhere)
    told: dict[Index, Content] = {}
    for cell, cans in confirming.cans().items():
        told[cell] = Content(cans, sentences.deciding(cell, cans, confirming.verdicts.get(cell, ())))
    return _Told(asked, stands, with_needs(asked, told, confirming.shown), confirming).table(act, party)


@dataclass(frozen=True)
class _Told:
    asked: Asked
    stands: tuple[tuple[int, ...], ...]
    told: Mapping[Index, Content]
    confirming: Confirming

    def table(self, act: str, party: str) -> Table:
        contents = tuple(dict.fromkeys(self.told.values()))
        number = {content: n for n, content in enumerate(contents)}
        every = {c: number[self.told[self._asked_for(c)]] for c in product(*(range(len(s)) for s in self.stands))}
        together = grouped(every, len(self.stands))
        groups = tuple(groups_of(a, members) for a, members in zip(self.asked.axes, together, strict=True))
        cells = {c: every[_first(groups, c)] for c in product(*(range(len(g)) for g in groups))}
        return Table(
            (act,), party, self.asked.axes, groups, contents, cells, dict(self._examples(groups)), len(every),
            self.asked.open_file,
        )  # fmt: skip

    def _asked_for(self, cell: Index) -> Index:
        return tuple(s[v] for s, v in zip(self.stands, cell, strict=True))

    def _examples(
        self, groups: tuple[tuple[Group, ...], ...]
    ) -> Iterator[tuple[tuple[Index, Decision], tuple[Line, ...]]]:
        for (cell, decision), lines in self.confirming.shown.items():
            place = tuple(
                next(n for n, g in enumerate(axis) if v in g.members) for axis, v in zip(groups, cell, strict=True)
            )
            yield (place, decision), lines


def _first(groups: tuple[tuple[Group, ...], ...], cell: Index) -> Index:
    return tuple(g[v].members[0] for g, v in zip(groups, cell, strict=True))

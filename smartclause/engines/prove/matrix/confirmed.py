"""Which verdicts a cell can meet: what the solver excludes is proved; what it does not is shown by an act that the
reference judges so, or is told as not proven."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import z3

from smartclause.engines.prove.answer import Refuted, Witness
from smartclause.engines.prove.matrix.asked import Asked
from smartclause.engines.prove.matrix.result import Can, Cans, Index
from smartclause.engines.prove.matrix.values import shown
from smartclause.engines.prove.witness import replayed
from smartclause.logic.contract import Line
from smartclause.logic.terms import Value
from smartclause.logic.verdict import Decision, Verdict

Told = tuple[Line, ...]
Wanted = tuple[Index, Decision]
MOST_TRIED = 4  # acts found for other cells
MOST_FAILED = 24  # searches for an act that found none


@dataclass
class Confirming:
    """`kinds`: cells of which each sentence can be the same: an act found for one is tried in the others. `excluded`:
    what a sentence of the cell excludes. `everywhere`: an act is shown in each cell for all that it can be judged."""

    asked: Asked
    kinds: Mapping[Index, object]
    excluded: Mapping[Index, frozenset[Decision]]
    everywhere: bool = False
    acts: dict[Decision, list[Told]] = field(default_factory=lambda: {d: [] for d in Decision})
    shown: dict[Wanted, Told] = field(default_factory=dict)
    verdicts: dict[Index, list[Verdict]] = field(default_factory=dict)
    tried: set[tuple[Index, int]] = field(default_factory=set)
    sure: set[Wanted] = field(default_factory=set)
    failed: int = 0

    def cans(self) -> dict[Index, Cans]:
        found: dict[Wanted, Can] = {}
        for decision in Decision:
            found |= self._of(decision)
        return {c: Cans(*(found[c, d] for d in Decision)) for c in self.kinds}

    def _of(self, decision: Decision) -> dict[Wanted, Can]:
        """That an act is allowed is shown in every cell in which it is. That one is not is shown in the first cell of
        its kind; in the others it is enough that the solver finds one before which nothing at all was recorded: then
        nothing is left open that a history could deny."""
        open_ = [c for c in self.kinds if decision not in self.excluded[c]]
        may: set[Index] = set()
        for cells in self._alike(open_):
            left: list[Index] = []
            for cell in cells:
                if cell != cells[0] and not self._shows(decision) and self._before_all(cell, decision):
                    self.sure.add((cell, decision))
                elif self._possible(cell, decision):
                    may.add(cell)
                    left.append(cell)
            self._search([c for c in left if not self._served(c, decision)], decision)
        return {(c, decision): self._can((c, decision), c in may) for c in self.kinds}

    def _shows(self, decision: Decision) -> bool:
        return self.everywhere or decision is Decision.ALLOWED

    def _can(self, wanted: Wanted, possible: bool) -> Can:
        if wanted in self.shown or wanted in self.sure:
            return Can.YES
        return Can.OPEN if possible else Can.NO

    def _alike(self, cells: Iterable[Index]) -> Iterable[list[Index]]:
        found: dict[object, list[Index]] = {}
        for cell in cells:
            found.setdefault(self.kinds[cell], []).append(cell)
        return found.values()

    def _possible(self, cell: Index, decision: Decision) -> bool:
        return self.asked.possible(z3.And(self.asked.cell(cell), self.asked.judged(decision))) is not False

    def _before_all(self, cell: Index, decision: Decision) -> bool:
        nothing = self.asked.nothing_before
        if nothing is None:
            return False
        return self.asked.possible(z3.And(self.asked.cell(cell), self.asked.judged(decision), nothing)) is True

    # ---- acts found for other cells

    def _served(self, cell: Index, decision: Decision) -> bool:
        """Whether an act of the cell was shown, or one that served others serves it too."""
        for act in list(self.acts[decision])[:MOST_TRIED]:
            if (cell, decision) in self.shown or self._try(cell, act, decision):
                break
        return (cell, decision) in self.shown

    def _try(self, cell: Index, act: Told, decision: Decision) -> bool:
        if (cell, id(act)) not in self.tried:
            self.tried.add((cell, id(act)))
            self._keep(cell, replayed(self.asked.lookup, self._in_cell(act, cell)))
        if (cell, decision) not in self.shown:
            return False
        acts = self.acts[decision]
        acts.insert(0, acts.pop(next(n for n, a in enumerate(acts) if a is act)))
        return True

    def _keep(self, cell: Index, witness: Witness) -> None:
        self.shown.setdefault((cell, self.asked.found(witness.verdict)), witness.lines)
        self.verdicts.setdefault(cell, []).append(witness.verdict)

    def _in_cell(self, lines: Told, cell: Index) -> Told:
        """The same with the facts of the cell in place of those of the act; a concept that was told of the records
        before as well is exchanged there too."""
        before = dict(lines[-1].facts)
        told = dict(shown(self.asked.axes, cell))
        facts: dict[str, Value] = {n: v for n, v in before.items() if n not in told}
        changes: dict[str, str] = {}
        for axis in self.asked.axes:
            name, value = axis.fact.name, told[axis.fact.name]
            if value is not None:
                facts[name] = frozenset({str(value)}) if axis.is_set else value
            changes |= _change(before.get(name), value)
        past = (replace(x, facts=tuple((n, _changed(v, changes)) for n, v in x.facts)) for x in lines[:-1])
        return (*past, replace(lines[-1], facts=tuple(facts.items())))

    # ---- acts sought

    def _search(self, cells: list[Index], decision: Decision) -> None:
        """Each act found is tried in the other cells too; where none is found, in halves of them."""
        waiting = [cells] if cells else []
        while waiting and self.failed < MOST_FAILED:
            left = [c for c in waiting.pop() if not self._served(c, decision)]
            if not left:
                continue
            witness = self._sought(left, decision)
            if witness is None:
                self.failed += 1
                half = len(left) // 2
                waiting += [left[half:], left[:half]] if half else []
                continue
            self._keep(self._cell_of(witness, left), witness)
            self.acts[decision].insert(0, witness.lines)
            waiting.append(left)

    def _sought(self, cells: list[Index], decision: Decision) -> Witness | None:
        asked = self.asked
        claim = z3.And(asked.force, asked.any_of(cells), asked.judged(decision))
        answer = asked.asking.shown(asked.lookup, claim, lambda w: asked.found(w.verdict) is decision)
        return answer.witness if isinstance(answer, Refuted) else None

    def _cell_of(self, witness: Witness, cells: list[Index]) -> Index:
        told = dict(witness.lines[-1].facts)
        return next(c for c in cells if dict(self._in_cell(witness.lines, c)[-1].facts) == told)


def _change(one: Value | None, other: str | bool | None) -> dict[str, str]:
    """The concepts that change places: that of the act found and that of the cell."""
    known = next(iter(one)) if isinstance(one, frozenset) and len(one) == 1 else one
    if not isinstance(known, str) or not isinstance(other, str):
        return {}
    return {known: other, other: known}


def _changed(value: Value, changes: Mapping[str, str]) -> Value:
    if isinstance(value, str):
        return changes.get(value, value)
    return frozenset(changes.get(v, v) for v in value) if isinstance(value, frozenset) else value

"""One contract, or several read together, and the spaces of their acts. Where every question begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from smartclause.engines.prove.asking import Asking, Effort
from smartclause.engines.prove.seen import Seen
from smartclause.engines.prove.space import Space, World
from smartclause.logic.contract import Contract, Norm
from smartclause.logic.lookup import Lookup
from smartclause.logic.scenario import run


class Prover:
    """`contracts[0]` is the one asked about; those beside it read the same facts, equal names meaning the same."""

    def __init__(self, *contracts: Contract, effort: Effort | None = None) -> None:
        self.lookups = tuple(Lookup(c) for c in contracts)
        self.effort = effort or Effort()
        self.world = World(self.lookups)
        self._asking: dict[tuple[str, str], Asking] = {}
        self._seen: Seen | None = None

    @property
    def lookup(self) -> Lookup:
        return self.lookups[0]

    def asking(self, type_: str, party: str) -> Asking:
        """The questions about acts of a type by a party."""
        if (type_, party) not in self._asking:
            self._asking[type_, party] = Asking(Space(self.world, type_, party), self.effort)
        return self._asking[type_, party]

    # ---- acts

    def acts(self) -> tuple[tuple[str, str], ...]:
        """Types and parties of which a sentence of the contract speaks: as named, then each narrower type."""
        named = ((a, n.party) for n in norms(self.lookup) for a in n.acts)
        return tuple(dict.fromkeys((t, p) for a, p in named for t in self.narrower(a)))

    def of_norm(self, norm: Norm) -> tuple[tuple[str, str], ...]:
        return tuple(dict.fromkeys((t, norm.party) for a in norm.acts for t in self.narrower(a)))

    def narrower(self, act: str) -> list[str]:
        """The act itself, then what is declared under it."""
        return [act, *(t for t in self.lookup.types if t != act and self.lookup.is_under(t, act))]

    # ---- what was judged already

    @property
    def seen(self) -> Seen:
        """Of the scenarios of the file, and of every witness found."""
        if self._seen is None:
            self._seen = Seen()
            for scenario in self.lookup.contract.scenarios:
                verdict = run(self.lookup.contract, scenario, self.lookup).verdict
                if verdict is not None:
                    self._seen.add(verdict)
        return self._seen


def norms(lookup: Lookup) -> Iterator[Norm]:
    for _, clause in lookup.all_clauses():
        yield from (s for s in clause.sentences if isinstance(s, Norm))


__all__ = ["Iterable", "Prover", "norms"]

"""Which sentences decide a cell: each part told is proved of every act of it, whatever else is shown or was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import z3

from smartclause.engines.prove.facts import Yes
from smartclause.engines.prove.matrix.asked import Asked
from smartclause.engines.prove.matrix.profiles import Profile
from smartclause.engines.prove.matrix.result import Cans, Deciding, Index, Kind, Part
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Decision, Verdict

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN


@dataclass
class Sentences:
    """Those that speak of the act."""

    asked: Asked
    profiles: Sequence[Profile]

    @property
    def bars(self) -> list[Profile]:
        return [p for p in self.profiles if not p.norm.grants]

    @property
    def grants(self) -> list[Profile]:
        return [p for p in self.profiles if p.norm.grants]

    def deciding(self, cell: Index, cans: Cans, seen: Sequence[Verdict]) -> tuple[Deciding, ...]:
        """`seen`: verdicts of the reference on acts of the cell, told where no sentence was found that decides all."""
        match cans.kind:
            case Kind.REFUSED:
                found = self._refusing(cell) or self._together(cell, refused=True)
            case Kind.NEVER | Kind.UNSETTLED:
                found = self._stopping(cell) or self._together(cell, refused=False)
            case Kind.NOTHING:
                return ()
            case _:
                return tuple(self._allowing(cell))
        return found or tuple(_seen(seen))

    # ---- never allowed

    def _refusing(self, cell: Index) -> tuple[Deciding, ...]:
        sure = [_told(p, "forbids") for p in self.bars if p.at(cell) == {T}]
        if not sure and self._needs_grant and all(p.at(cell) == {F} for p in self.grants):
            return tuple(_told(p, "does not permit") for p in self.grants)
        return tuple(sure)

    def _stopping(self, cell: Index) -> tuple[Deciding, ...]:
        stops = [(p, p.at(cell)) for p in self.bars if F not in p.at(cell) and p.at(cell)]
        if not stops and self._needs_grant and all(T not in p.at(cell) for p in self.grants):
            return tuple(_told(p, "open" if p.at(cell) == {U} else "does not permit") for p in self.grants)
        return tuple(_told(p, "open" if truths == {U} else "stops") for p, truths in stops)

    def excluded(self, cell: Index) -> frozenset[Decision]:
        """What a bar that always holds there excludes, or one that is never lifted: no act need be looked for."""
        bars = [p.at(cell) for p in self.bars]
        if any(b == {T} for b in bars):
            return frozenset({Decision.ALLOWED, Decision.UNDECIDED})
        return frozenset({Decision.ALLOWED}) if any(F not in b for b in bars) else frozenset()

    @cached_property
    def _needs_grant(self) -> bool:
        """Nothing else can permit, such as an open duty that the act answers."""
        asked = self.asked
        if asked.open_file or not asked.lowered.controlled or not self.grants:
            return False
        none = z3.And([z3.Not(asked.truth(p.norm).yes) for p in self.grants])
        return asked.asking.possible(z3.And(none, asked.verdict.yes)) is False

    def _together(self, cell: Index, refused: bool) -> tuple[Deciding, ...]:
        """A smallest list of sentences that stop every act of the cell between them, each some of it."""
        parts = list(self._parts(refused))
        at = self.asked.cell(cell)
        if not _excluded(self.asked, at, parts):
            return ()
        for part in list(parts):
            rest = [p for p in parts if p is not part]
            if _excluded(self.asked, at, rest):
                parts = rest
        return tuple(_told(p, "together") for mine, _ in parts for p in mine)

    def _parts(self, refused: bool) -> Iterator[tuple[list[Profile], Yes]]:
        """Each with what it lets pass: a bar lifted (or not sure to hold), a permission sure (or not excluded)."""
        for bar in self.bars:
            rails = self.asked.truth(bar.norm)
            yield [bar], z3.Not(rails.yes) if refused else rails.no
        if self.grants:
            rails_of = [self.asked.truth(g.norm) for g in self.grants]
            yield self.grants, z3.Or([z3.Not(r.no) if refused else r.yes for r in rails_of])

    # ---- where it can be allowed

    def _allowing(self, cell: Index) -> Iterator[Deciding]:
        yield from (_told(p, "permits") for p in self.grants if T in p.at(cell))
        yield from (_told(p, "may stop") for p in self.bars if p.at(cell) != {F})


def _excluded(asked: Asked, cell: Yes, parts: Iterable[tuple[list[Profile], Yes]]) -> bool:
    return asked.possible(z3.And(cell, *(passed for _, passed in parts))) is False


def _told(profile: Profile, part: Part) -> Deciding:
    return Deciding(*_place(profile), part, profile.narrower)


def _place(profile: Profile) -> tuple[str, int]:
    return profile.norm.clause, profile.norm.number


def _seen(verdicts: Sequence[Verdict]) -> Iterator[Deciding]:
    """The sentences that stopped the acts that were shown."""
    norms = (n for v in verdicts for c in v.clauses for n in c.norms)
    keys = dict.fromkeys((n.clause, n.norm.number) for n in norms if not n.grants and n.truth is not F)
    yield from (Deciding(*key, "together") for key in keys)

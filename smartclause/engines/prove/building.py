"""The histories that are built for a question: of how many records, at which instants, with which duties."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from typing import Protocol

import z3

from smartclause.engines.prove.codes import nodes
from smartclause.engines.prove.figures import Rails
from smartclause.engines.prove.histories import END, Histories
from smartclause.engines.prove.instants import menu
from smartclause.engines.prove.moments import DAY, HOUR
from smartclause.engines.prove.owed import Owed, first_end, of_open
from smartclause.engines.prove.owing import Owing, beginnings, founds_of, standing_read
from smartclause.engines.prove.past import Found, Open, Pair
from smartclause.engines.prove.space import Space
from smartclause.logic.contract import Standing
from smartclause.logic.counting import Instant
from smartclause.logic.force import BEGINNING, force_start
from smartclause.logic.instants import LAST
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import (
    ClauseViolated,
    Compare,
    Const,
    Count,
    CountDistinct,
    Expression,
    Money,
    Parameter,
    Total,
    Value,
)

MOST_LATER = 4  # instants after what is owed from the start of force
MOST_DIFFERENT = 12  # records of a kind where a figure counts different values
MOST_COUNTED = 1_000  # times that one record stands there where a figure counts records


class Rested(Protocol):
    """What a claim rests on."""

    @property
    def founds(self) -> tuple[Found, ...]: ...
    @property
    def breaches(self) -> tuple[tuple[tuple[ClauseViolated, int], Pair], ...]: ...
    @property
    def open(self) -> tuple[tuple[Open, Rails], ...]: ...
    def owed(self, lookups: tuple[Lookup, ...]) -> list[Owed]: ...


class Building:
    """Of one space. `most`: records of a kind, where no figure asks for more."""

    def __init__(self, space: Space, most: int) -> None:
        self.space, self.most = space, most
        self.lookups = space.world.lookups
        self._times = sorted({n for k in self.lookups for n in _times(k)}) if most else []

    def bounds(self) -> list[int]:
        """Few records first; more where a figure counts different values of them."""
        usual = set(range(self.most + 1))
        counted = {n + more for k in self.lookups for n in counts(k, CountDistinct) for more in (0, 1)}
        return sorted(usual | {n for n in counted if n <= MOST_DIFFERENT}) if self.most else [0]

    def history(self, at: Instant, needed: Rested, bound: int, ending: bool = False) -> Histories:
        """`ending`: some file was ended."""
        every = [o for each in needed.owed(self.lookups) for o in each.whole()]
        standing = [
            standing_read(self.space, o, n) for n, o in enumerate(_once(every)) if isinstance(o.duty, Standing)
        ]  # fmt: skip
        founds = [*needed.founds, *founds_of(standing)]
        chosen = menu(at, founds, self.space.world.moments, beginnings(at, every))
        types = [*(t for o in every for t in o.types()), *([END] if ending else [])]
        to = {a.act: o.recipient for o in every for a in o.answers if o.recipient}
        askers = {id(f): s.asker for s in standing for f in s.past.found.values()}
        history = Histories(
            self.space, chosen, founds, bound, types, [o.duty.party for o in every], to, self._times, askers
        )  # fmt: skip
        history.rules += [r for s in standing for r in (*s.past.rules, *s.facts.rules)]
        self._bind(history, Owing(history, standing), needed)
        return history

    def later(self, needed: Rested) -> list[Instant]:
        """The day after each duty that it rests on can first be past due, if that begins with the force of its file."""
        found: dict[Instant, None] = {}
        for chain in (c for o in needed.owed(self.lookups) for c in o.chains()):
            at = force_start(chain[0].module.header)
            for end in (first_end(o, at) for o in chain if at != BEGINNING):
                if end is not None and end < LAST - 400 * DAY:
                    at = end
                    found.setdefault(end - end % DAY + DAY + 10 * HOUR)
        return list(found)[:MOST_LATER]

    def _bind(self, history: Histories, owing: Owing, needed: Rested) -> None:
        for asked, truth in needed.open:
            owing.bind_open(self.lookups[asked.contract], asked, truth)
        for (term, contract), pair in needed.breaches:
            history.rules += [pair.trusted.yes == pair.sure.yes, pair.trusted.no == pair.sure.no]
            owing.bind_breach(self.lookups[contract], term, pair.sure)
        if not any(s.type == END for s in history.slots):
            return
        for (module, contract), rails in self.space.past.ended.items():
            ended = history.ended(self.lookups[contract].modules[module])
            history.rules += [rails.yes == ended.sure, rails.no == z3.Not(ended.possible)]

    def recipient(self, needed: Rested) -> str:
        """To whom the act is addressed, where it answers a duty."""
        asked = ((of_open(self.lookups[o.contract], o), o.otherwise) for o, _ in needed.open)
        owed = [(o.otherwise or o) if second else o for o, second in asked]
        return next((o.recipient for o in owed if o.recipient and self.space.type in {a.act for a in o.answers}), "")


def _once(owed: Iterable[Owed]) -> list[Owed]:
    return list({(id(o.lookup), o.clause.id, o.duty.number, o.second): o for o in owed}.values())


def _times(lookup: Lookup) -> set[int]:
    """How often one record may stand there: about as often as some figure counts, or as a total takes."""
    found = {n + more for n in counts(lookup, Count) | _of_totals(lookup) for more in (-1, 0, 1)}
    return {n for n in found if 1 < n <= MOST_COUNTED}


def counts(lookup: Lookup, kind: type[Count | CountDistinct]) -> set[int]:
    """The whole numbers with which something so counted is compared."""
    found: set[int] = set()
    for node in nodes(lookup):
        if isinstance(node, Compare):
            for counted, other in ((node.left, node.right), (node.right, node.left)):
                if isinstance(counted, kind):
                    found |= {int(v) for v in _values(lookup, other) if isinstance(v, Decimal)}
    return found


def _of_totals(lookup: Lookup) -> set[int]:
    """How many records of the greatest amount there may be make up a total."""
    found: set[int] = set()
    for node in nodes(lookup):
        if isinstance(node, Compare):
            for total, other in ((node.left, node.right), (node.right, node.left)):
                field = lookup.field(total.query.event, total.field) if isinstance(total, Total) else None
                most = _amount(field.high) if field is not None and field.high is not None else None
                if most:
                    amounts = (_amount(v) for v in _values(lookup, other))
                    found |= {int((a / most).to_integral_value(ROUND_CEILING)) for a in amounts if a}
    return found


def _values(lookup: Lookup, side: Expression) -> list[Value]:
    if isinstance(side, Const):
        return [side.value]
    return [d.value for d in lookup.parameters[side.name].values] if isinstance(side, Parameter) else []


def _amount(value: Value) -> Decimal | None:
    if isinstance(value, Money):
        return value.amount
    return value if isinstance(value, Decimal) else None

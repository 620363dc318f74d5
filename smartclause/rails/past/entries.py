"""Records weighed once: whether each counts for a query, with which keys, and from when on it no longer does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from smartclause.logic.contract import ANYONE
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.terms import Query, Value
from smartclause.logic.truth import Truth
from smartclause.rails.dated import FOREVER, Dated
from smartclause.rails.own_facts import NOTHING, OwnFacts
from smartclause.rails.rows import Row

Place: TypeAlias = tuple[Instant, int]
Load: TypeAlias = Callable[[Row], Any]


class Entry:
    """One record that may count. `sure`: it surely counts while inside; `firm`: also without the word of the party
    judged alone. `why`: what keeps it from being firm; `late`: what keeps its window open after `sure_until`."""

    __slots__ = (
        "at", "faded", "firm", "gone", "id", "inside", "late", "load", "row", "sure", "sure_until", "until", "why",
    )  # fmt: skip

    def __init__(
        self, row: Row, sure: bool, firm: bool, stay: tuple[Instant, Instant, tuple[Reason, ...]],
        why: frozenset[Reason], load: Any,
    ) -> None:  # fmt: skip
        self.at: Place = (row.instant, row.index)
        self.id = row.id
        self.row = row
        self.sure = sure
        self.firm = firm
        self.sure_until, self.until, self.late = stay
        self.why = why
        self.load = load
        self.inside = False  # told to the running counters
        self.faded = False  # told there as possible only
        self.gone = False

    def counts(self, now: Instant, doubt: bool) -> Truth:
        if now <= self.sure_until:
            return Truth.TRUE if (self.firm if doubt else self.sure) else Truth.UNKNOWN
        return Truth.UNKNOWN if now <= self.until else Truth.FALSE

    def reasons(self, now: Instant) -> frozenset[Reason]:
        """Why it is only possible, with doubt."""
        return self.why.union(self.late) if now > self.sure_until else self.why


class Weigher:
    """Weighs records for one query of one module, party judged and set of doubted parties."""

    def __init__(self, query: Query, module: str, party: str, own: OwnFacts, dated: Dated) -> None:
        self.query = query
        self.lookup = own.lookup
        self.kinds = frozenset(self.lookup.relevant_types(query.event))
        self.stay = dated.stay(query, module)
        self._where = None if query.where is None else own.test(query.where, module)
        self._why = None if query.where is None else own.why(query.where, module)
        self._wanted = query.by or (party if self.lookup.is_act(query.event) else ANYONE)
        self._sure_type = {kind: self.lookup.is_under(kind, query.event) for kind in self.kinds}

    def entry(self, row: Row, vague: bool, load: Load) -> Entry | None:
        """None: it cannot count. `vague`: a key of it is not known."""
        plain, where, why = self._static(row, vague)
        if plain is Truth.FALSE or where is Truth.FALSE:
            return None
        known = plain is where is Truth.TRUE
        if row.exists(True) is Truth.TRUE:
            return Entry(row, known, known, self.stay(row.instant), why, load(row))
        sure = known and row.exists(False) is Truth.TRUE
        return Entry(row, sure, False, self.stay(row.instant), why | {row.exists_why(True)}, load(row))

    def counts_itself(self, row: Row) -> bool | None:
        """Whether the act judged surely counts itself in numbers and totals (design 2.6); None: it does not."""
        if row.event.type not in self.kinds:
            return None
        plain, where, _ = self._static(row, False)
        if plain is Truth.FALSE or where is Truth.FALSE:
            return None
        return plain is where is Truth.TRUE

    def itself(self, row: Row, load: Load) -> Entry | None:
        """The act judged as one more entry, with the reasons why it may not count itself."""
        if row.event.type not in self.kinds:
            return None
        plain, where, why = self._static(row, False)
        if plain is Truth.FALSE or where is Truth.FALSE:
            return None
        if plain is Truth.UNKNOWN:
            why -= {_uncertain(row)}
            why |= {Reason("narrower act", "", row.event.type, "", row.id)}
        sure = plain is where is Truth.TRUE
        return Entry(row, sure, sure, (FOREVER, FOREVER, ()), why, load(row))

    def _static(self, row: Row, vague: bool) -> tuple[Truth, Truth, frozenset[Reason]]:
        by = row.event.by
        if self._wanted != ANYONE and by and by != self._wanted:
            return Truth.FALSE, Truth.FALSE, NOTHING
        unsure = vague or not self._sure_type[row.event.type] or (self._wanted != ANYONE and not by)
        where = Truth.TRUE if self._where is None else self._where(row, row.instant)
        why = self._why(row, row.instant) if self._why is not None and where is Truth.UNKNOWN else NOTHING
        if unsure:
            return Truth.UNKNOWN, where, why | {_uncertain(row)}
        return Truth.TRUE, where, why


def _uncertain(row: Row) -> Reason:
    return Reason("uncertain record", "", row.event.type, "", row.id)


Known: TypeAlias = "tuple[Value | None, ...]"


def keys_of(row: Row, names: Iterable[str]) -> tuple[Known, bool] | None:
    """The keys of a record, None where any may be meant, and whether one of them is uncertain; None: none can match.

    Records are sought by the first key as they state it, whoever may have to show it.
    """
    found: list[Value | None] = []
    vague = False
    for number, name in enumerate(names):
        value = row.facts.get(name)
        stated = row.event.facts.get(name) if number == 0 else None
        if value is None:
            vague = True
            found.append(stated)
        elif stated is not None and stated != value:
            return None
        else:
            found.append(value)
    return tuple(found), vague

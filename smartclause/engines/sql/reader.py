"""Leaves that look at one row's own values: of the judged act, or of a record inside `where` and `has`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias

from sqlglot import exp

from smartclause.engines.sql.conditions import Looked, fixed, rails_of, unknown, whys_of
from smartclause.engines.sql.covering import (
    UNLISTED,
    Cover,
    all_among,
    any_among,
    constant_cover,
    cover,
    covered_one,
    covered_set,
    kinds_of_one,
    kinds_of_set,
    pair,
    shared,
    stands,
)
from smartclause.engines.sql.dated import (
    Stretch,
    by_stretch,
    changes_of_parameter,
    changes_of_vocabulary,
    parameter_at,
    stretches,
    why_no_value,
)
from smartclause.engines.sql.needs import is_of_history
from smartclause.engines.sql.pieces import (
    Rails,
    Sql,
    both,
    chosen,
    column,
    compared,
    inverse,
    is_null,
    no,
    nothing,
    one_of,
    settled,
    text,
    texts,
    whole,
    yes,
)
from smartclause.engines.sql.readings import Reading, Why, constant, family, holds, literal, order, unknown_reading
from smartclause.engines.sql.sheet import Sheet
from smartclause.logic.concepts import Concepts
from smartclause.logic.contract import ListKind
from smartclause.logic.instants import Instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.terms import Compare, Const, Covers, Expression, Field, Holds, Kind, Parameter, Term, Value
from smartclause.logic.truth import Truth
from smartclause.rails.formula import Ground, Leaf
from smartclause.rails.lowering import lower_term
from smartclause.rails.refused import CannotDo

Coverings: TypeAlias = Mapping[str, tuple[Truth, str]]
MOST_PAIRS = 20_000  # of concepts, where both sides of `is in` are read from the row


@dataclass(frozen=True)
class Row:
    """A row in view: its alias, the party judged, the instant whose dated values count."""

    lookup: Lookup
    sheet: Sheet
    alias: str
    party: str
    module: str
    now: Sql
    covers_known: dict[tuple[date, Value, bool], Cover] = field(default_factory=dict, compare=False, repr=False)

    @property
    def zone(self) -> str:
        return self.lookup.modules[self.module].header.zone

    def column(self, name: str) -> Sql:
        return column(name, self.alias)

    # ---- values

    def read(self, expression: Expression) -> Reading:
        match expression:
            case Const():
                return constant(expression.value)
            case Field():
                return self.field(expression.name, expression.type.kind)
            case Parameter():
                return self.parameter(expression)
            case _:
                raise CannotDo("history inside a condition on a record", self.module)

    def field(self, name: str, kind: Kind) -> Reading:
        cell = self.sheet.cells[self.party, name, kind]
        value = self.column(cell.value)
        unit = self.column(cell.unit) if cell.unit else None
        if cell.full:
            return Reading(family(kind), value, value.copy(), unit, full=True)
        why = Why(is_null(value.copy()), self.column(cell.why), self.column("type"), name)
        return Reading(family(kind), value, value.copy(), unit, whys=(why,))

    def parameter(self, node: Parameter) -> Reading:
        found = [(s, parameter_at(self.lookup, node.name, s.some_instant)) for s in self._dates(node)]
        values = [value for _, (_, value) in found]
        if all(v == values[0] for v in values) and values[0] is not None:
            return constant(values[0])
        known = next((v for v in values if v is not None), None)
        declared = found[0][1][0]
        blank = Why(yes(), text(why_no_value(declared)), text(""), role="")
        if known is None:
            return unknown_reading(family(node.type.kind), blank)
        kind, _, unit = literal(known)
        low = by_stretch(self.now, [(s, nothing() if v is None else literal(v)[1]) for s, (_, v) in found])
        units = None
        if unit is not None:
            units = by_stretch(
                self.now, [(s, nothing() if v is None else literal(v)[2] or nothing()) for s, (_, v) in found]
            )
        missing = by_stretch(self.now, [(s, yes() if v is None else no()) for s, (_, v) in found])
        full = all(v is not None for v in values)
        return Reading(kind, low, low.copy(), units, full=full, whys=() if full else (replace(blank, holds=missing),))

    def _dates(self, *nodes: Expression) -> list[Stretch]:
        changes = [c for n in nodes if isinstance(n, Parameter) for c in changes_of_parameter(self.lookup, n.name)]
        return stretches(changes)

    # ---- leaves

    def own(self, term: Term) -> Looked:
        match term:
            case Holds():
                reading = self.read(term.value)
                return _open(holds(reading), reading.whys)
            case Compare():
                left, right = self.read(term.left), self.read(term.right)
                return _open(order(term.order, left, right), (*left.whys, *right.whys))
            case Covers():
                return self.covers(term, self.read(term.narrow))
            case _:
                raise CannotDo("history inside a condition on a record", self.module)

    def ground(self, ground: Ground) -> Looked:
        assert isinstance(ground, Leaf)
        if is_of_history(ground.term):
            raise CannotDo("history inside a condition on a record", self.module)
        return self.own(ground.term)

    def condition(self, term: Term | None) -> Looked:
        """A `where` or `has` over the row's own values."""
        if term is None:
            return Looked(fixed(Truth.TRUE))
        formula = lower_term(term, self.module, self.party, True, judged=False)
        return Looked(rails_of(formula, self.ground), tuple(whys_of(formula, self.ground, yes())))

    # ---- concepts

    def covers(self, term: Covers, narrow: Reading) -> Looked:
        """Stretch by stretch: of dated values of the covering side, and of the vocabulary."""
        if not isinstance(term.broad, Const | Parameter):
            return self.covers_from_record(self.read(term.broad), narrow, term.narrow)
        changes = changes_of_vocabulary(self.lookup, self.zone)
        for side in (term.broad, term.narrow):
            changes += changes_of_parameter(self.lookup, side.name) if isinstance(side, Parameter) else []
        turning = _turning(changes, lambda s: self._said(s, term))
        return self._together([(s, self._covered_in(s, term, narrow)) for s in turning])

    def _said(self, at: Stretch, term: Covers) -> object:
        """What a stretch says of the covering, whatever the row: where it says the same, the stretch goes on."""
        broad, open_list, _ = self._value(term.broad, at)
        concepts = self.lookup.concepts(at.some_instant, self.zone)
        if isinstance(term.narrow, Const | Parameter):
            value, _, _ = self._value(term.narrow, at)
            if broad is None or value is None:
                return broad, value
            return broad, value, constant_cover(concepts, broad, value, open_list)
        return broad, None if broad is None else self._cover(concepts, broad, open_list)

    def _cover(self, concepts: Concepts, broad: Value, open_list: bool) -> Cover:
        """Found once for each day, value and kind of list: many leaves ask for the same."""
        key = (concepts.day, broad, open_list)
        if key not in self.covers_known:
            self.covers_known[key] = cover(concepts, broad, open_list)
        return self.covers_known[key]

    def _together(self, found: list[tuple[Stretch, Looked]]) -> Looked:
        rails = Rails(
            by_stretch(self.now, [(s, looked.rails.is_true) for s, looked in found]),
            by_stretch(self.now, [(s, looked.rails.is_false) for s, looked in found]),
        )
        return Looked(rails, tuple(self._whys_by_stretch(found)))

    def _whys_by_stretch(self, found: list[tuple[Stretch, Looked]]) -> Iterator[Why]:
        for stretch, looked in found:
            here = by_stretch(self.now, [(s, yes() if s is stretch else no()) for s, _ in found])
            yield from (replace(why, holds=both(here.copy(), why.holds.copy())) for why in looked.whys)

    def _value(self, side: Expression, at: Stretch) -> tuple[Value | None, bool, str]:
        """Of a constant or parameter: the value, whether its list is open, why there is none."""
        if isinstance(side, Const):
            return side.value, False, ""
        assert isinstance(side, Parameter)
        found, value = parameter_at(self.lookup, side.name, at.some_instant)
        return value, found.list_kind is ListKind.OPEN, why_no_value(found)

    def _covered_in(self, at: Stretch, term: Covers, narrow: Reading) -> Looked:
        broad, open_list, why = self._value(term.broad, at)
        whys: tuple[Why, ...] = () if broad is not None else (Why(yes(), text(why), text(""), role=""),)
        concepts = self.lookup.concepts(at.some_instant, self.zone)
        if isinstance(term.narrow, Const | Parameter):
            value, _, missing = self._value(term.narrow, at)
            whys += () if value is not None else (Why(yes(), text(missing), text(""), role=""),)
            if broad is None or value is None:
                return Looked(fixed(Truth.UNKNOWN), whys)
            truth, kinds = constant_cover(concepts, broad, value, open_list)
            return Looked(fixed(truth), tuple(Why(yes(), text(k), text(""), role="") for k in kinds))
        if broad is None or narrow.low is None:
            return Looked(fixed(Truth.UNKNOWN), (*whys, *narrow.whys))
        return self._of_row(self._cover(concepts, broad, open_list), narrow, term.narrow)

    def _of_row(self, found: Cover, narrow: Reading, side: Expression) -> Looked:
        assert narrow.low is not None
        several = narrow.family == "set"
        rails = (covered_set if several else covered_one)(found, narrow.low, narrow.full)
        kinds = (kinds_of_set if several else kinds_of_one)(found, narrow.low)
        type_, name = self._told(side)
        here = both(narrow.known, unknown(rails))
        whys = tuple(Why(both(here.copy(), settled(c)), text(k), type_.copy(), name, "") for k, c in kinds)
        return Looked(rails, (*narrow.whys, *whys))

    def _told(self, side: Expression) -> tuple[Sql, str]:
        """Type and field of the covered side, as a reason names them."""
        assert isinstance(side, Field)
        return self.column("type"), side.name

    def covers_from_record(self, broad: Reading, narrow: Reading, side: Expression) -> Looked:
        """The covering side is read from a record."""
        if not isinstance(side, Const | Parameter) and broad.family == "set" and narrow.family == "words":
            found = _turning(changes_of_vocabulary(self.lookup, self.zone), lambda s: self._pairs(s, side))
            return self._together([(s, self._set_covers_one(s, broad, narrow, side)) for s in found])
        if not isinstance(side, Const | Parameter):
            return self._covers_pairs(broad, narrow)
        changes = changes_of_vocabulary(self.lookup, self.zone)
        changes += changes_of_parameter(self.lookup, side.name) if isinstance(side, Parameter) else []
        turning = _turning(changes, lambda s: self._covering(s, side))
        return self._together([(s, self._covering_in(s, broad, side)) for s in turning])

    def _covering(self, at: Stretch, side: Const | Parameter) -> tuple[Value | None, Coverings]:
        """The value, and how every concept stands to it."""
        value, _, _ = self._value(side, at)
        concepts = self.lookup.concepts(at.some_instant, self.zone)
        names = sorted(concepts.names) if isinstance(value, str) else []
        return value, {name: concepts.covers(name, str(value)) for name in names}

    def _pairs(self, at: Stretch, side: Expression) -> dict[str, Coverings]:
        """Of each concept that the side may be: how the others stand to it. Raises CannotDo."""
        concepts = self.lookup.concepts(at.some_instant, self.zone)
        root = side.type.detail
        names = sorted(concepts.below(root)) if root in concepts.names else sorted(concepts.names)
        if len(names) ** 2 > MOST_PAIRS:
            raise CannotDo("a large vocabulary where both sides of `is in` are read from records", self.module)
        return {n: {b: concepts.covers(b, n) for b in names} for n in names}

    def _covering_in(self, at: Stretch, broad: Reading, side: Const | Parameter) -> Looked:
        value, _, missing = self._value(side, at)
        if value is None or broad.low is None:
            why = () if value is not None else (Why(yes(), text(missing), text(""), role=""),)
            return Looked(fixed(Truth.UNKNOWN), (*broad.whys, *why))
        if not isinstance(value, str):
            raise CannotDo("a set of concepts that both sides of `is in` read from records", self.module)
        _, found = self._covering(at, side)
        sure = [name for name, (truth, _) in found.items() if truth is Truth.TRUE]
        apart = [name for name, (truth, _) in found.items() if truth is Truth.FALSE]
        if broad.family == "set":
            rails = Rails(any_among(broad.low, sure), all_among(broad.low, apart))
        else:
            rails = Rails(one_of(broad.low.copy(), texts(sure)), one_of(broad.low.copy(), texts(apart)))
        rails = Rails(settled(rails.is_true, broad.full), settled(rails.is_false, broad.full))
        holding = any_among if broad.family == "set" else lambda low, names: one_of(low.copy(), texts(names))
        doubtful = [(n, kind) for n, (truth, kind) in found.items() if truth is Truth.UNKNOWN]
        kind = chosen([(settled(holding(broad.low, [n])), text(k)) for n, k in doubtful], text(UNLISTED))
        return Looked(rails, (*broad.whys, Why(both(broad.known, unknown(rails)), kind, text(""), role="")))

    def _set_covers_one(self, at: Stretch, broad: Reading, narrow: Reading, side: Expression) -> Looked:
        """A set from a record covers what one of its elements covers; where none does, each must be apart."""
        if broad.low is None or narrow.low is None:
            return Looked(fixed(Truth.UNKNOWN), (*broad.whys, *narrow.whys))
        found = self._pairs(at, side)
        names = list(found)

        def lists(wanted: Truth) -> Sql:
            rows = {n: [b for b, (truth, _) in cells.items() if truth is wanted] for n, cells in found.items()}
            branches = [
                (self._is(narrow, n), exp.Array(expressions=texts(listed))) for n, listed in rows.items() if listed
            ]
            return chosen(branches, nothing("VARCHAR[]"))

        size = exp.ArraySize(this=shared(broad.low, lists(Truth.TRUE)))
        apart = exp.ArraySize(this=shared(broad.low, lists(Truth.FALSE)))
        some_cover = exp.GT(this=size, expression=whole(0))
        none_can = both(exp.GT(this=apart, expression=whole(0)), compared(exp.EQ, apart, exp.ArraySize(this=broad.low)))
        rails = Rails(settled(some_cover), settled(none_can))
        held = {b: settled(any_among(broad.low, [b])) for b in names}
        open_ = [
            (both(self._is(narrow, n), held[b].copy()), text(kind))
            for b in names
            for n, cells in found.items()
            for truth, kind in (cells[b],)
            if truth is Truth.UNKNOWN
        ]
        type_, name = self._told(side)
        why = Why(both(broad.known, narrow.known, unknown(rails)), chosen(open_, text(UNLISTED)), type_, name, "")
        return Looked(rails, (*broad.whys, *narrow.whys, why))

    def _is(self, narrow: Reading, name: str) -> Sql:
        assert narrow.low is not None
        return settled(exp.EQ(this=narrow.low.copy(), expression=text(name)))

    def _covers_pairs(self, broad: Reading, narrow: Reading) -> Looked:
        """Both sides are read from the row: pairs of names."""
        if broad.low is None or narrow.low is None or "set" in (broad.family, narrow.family):
            raise CannotDo("a set of concepts that both sides of `is in` read from records", self.module)
        if changes_of_vocabulary(self.lookup, self.zone):
            raise CannotDo("a dated vocabulary where both sides of `is in` are read from records", self.module)
        concepts = self.lookup.concepts(Stretch(None).some_instant, self.zone)
        names = sorted(concepts.names)
        if len(names) ** 2 > MOST_PAIRS:
            raise CannotDo("a large vocabulary where both sides of `is in` are read from records", self.module)
        by_truth: dict[tuple[Truth, str], list[str]] = {}
        for b in names:
            for n in names:
                by_truth.setdefault(stands(concepts, b, n, False), []).append(f"{b} {n}")
        known = pair(broad.low, narrow.low)
        full = broad.full and narrow.full

        def among(found: Truth) -> Sql:
            listed = [p for (t, _), ps in by_truth.items() if t is found for p in ps]
            return settled(one_of(known.copy(), texts(listed)), full)

        rails = Rails(among(Truth.TRUE), among(Truth.FALSE))
        here = both(broad.known, narrow.known, unknown(rails))
        listed = [(k, ps) for (t, k), ps in by_truth.items() if t is Truth.UNKNOWN]
        every = texts([p for ps in by_truth.values() for p in ps])
        kinds = [(k, one_of(known.copy(), texts(ps))) for k, ps in listed]
        kinds.append(("not in the vocabulary", inverse(one_of(known.copy(), every))))
        whys = tuple(
            Why(both(here.copy(), settled(c)), text(k), self.column("type"), _field_of(narrow), "") for k, c in kinds
        )
        return Looked(rails, (*broad.whys, *narrow.whys, *whys))


def _turning(changes: list[Instant], said: Callable[[Stretch], object]) -> list[Stretch]:
    """The stretches that say something else than the one before."""
    found: list[tuple[Stretch, object]] = []
    for stretch in stretches(changes):
        now = said(stretch)
        if not found or found[-1][1] != now:
            found.append((stretch, now))
    return [stretch for stretch, _ in found]


def _field_of(reading: Reading) -> str:
    return next((w.field for w in reading.whys if w.field), "")


def _open(rails: Rails, whys: tuple[Why, ...]) -> Looked:
    """The reasons count where the leaf is unknown."""
    here = unknown(rails)
    return Looked(rails, tuple(replace(w, holds=both(here.copy(), w.holds.copy())) for w in whys))

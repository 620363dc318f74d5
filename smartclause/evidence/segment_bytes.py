"""The bytes of events written again from their typed columns, many at a time.

Canonical JSON has one spelling: where the bytes written from the columns are those of the row, the event is in
canonical form, fits its form, and says what the columns say. Every other row is left to a closer look.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, get_args

import pyarrow as pa
import pyarrow.compute as pc

from smartclause.evidence.event import BUILT_IN
from smartclause.evidence.forms import DECIMAL, EVENT_ID, Period
from smartclause.evidence.segment_columns import Fact, column_of
from smartclause.logic.canonical import MAX_INTEGER

Texts: TypeAlias = pa.Array
"""Text for each row; null where the row has none."""
Marks: TypeAlias = pa.Array
"""Yes or no for each row, never null."""

_NAME = "^[A-Za-z_][A-Za-z0-9_]*$"
_PATTERNS = {
    "type": r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$",
    "by": _NAME,
    "to": _NAME,
    "asset": r"^[!#-\[\]-~]+$",  # two of the characters that an identifier may have would be escaped
}
_LONGEST = {"type": 400, "by": 200, "to": 200, "asset": 200}
_NONCE = "^[0-9a-f]{32}$"
_DIGEST = "^sha256:[0-9a-f]{64}$"
_ESCAPED = r'["\\\x00-\x1f]'
_ESCAPES = (("\\", r"\\"), ('"', r"\""), ("\n", r"\n"), ("\t", r"\t"), ("\r", r"\r"), ("\b", r"\b"), ("\f", r"\f"))
_OTHER_CONTROLS = r"[\x00-\x07\x0b\x0e-\x1f]"
_LONGEST_TEXT = 10_000
_LONGEST_SET = 1_000
_LONGEST_ITEM = 400
_MOST_WITHHELD = 1_000
_UNITS = pa.array(get_args(Period.model_fields["unit"].annotation))


@dataclass(frozen=True, slots=True)
class Common:
    """What all events of a segment say alike."""

    issuer: str
    ledger: str
    contract: str


def usual_rows(rows: pa.RecordBatch, facts: Sequence[Fact], common: Common, prevs: Sequence[str | None]) -> Marks:
    """Which rows surely are events in canonical form that say what their columns say.

    `prevs` is what each row must name as its `prev`. Rows of the built-in types and of rare spellings are never sure.
    """
    pieces = _Pieces(rows, pc.sum(pc.binary_length(rows.column("body"))).as_py() or 0)
    joined = pieces.bodies(facts, common, pa.array(prevs, pa.string()))
    same = pc.equal(joined.cast(pa.binary()), rows.column("body"))
    return pc.and_(pc.fill_null(same, False), pieces.sure)


class _Pieces:
    """The parts of the bodies of some rows. `sure` loses the rows that a piece does not fit."""

    def __init__(self, rows: pa.RecordBatch, room: int) -> None:
        self.rows = rows
        self.room = room  # a text that is repeated in the columns is in the bodies as often
        self.sure = pa.repeat(pa.scalar(True), len(rows))

    def bodies(self, facts: Sequence[Fact], common: Common, prevs: Texts) -> Texts:
        column = self.rows.column
        self._need(_matches(column("id"), EVENT_ID))
        self._need(_matches(column("nonce"), _NONCE))
        pieces = (
            '{"_sd":[',
            self._listed(column("withheld"), _MOST_WITHHELD, _DIGEST),
            "],",
            self._member("asset"),
            self._member("by"),
            f'"contract":"{common.contract}","edition":"event 1","facts":{{',
            self._facts(facts),
            '},"id":"',
            column("id"),
            f'","issuer":"{common.issuer}","ledger":"{common.ledger}","nonce":"',
            column("nonce"),
            '",',
            _joined('"prev":"', prevs, '",'),
            '"seq":',
            self._whole(column("seq")),
            ',"time":"',
            _instants(column("time")),
            'Z",',
            self._member("to"),
            self._member("type", "}"),
        )
        return pc.binary_join_element_wise(*pieces, "", null_handling="skip")

    def _need(self, marks: Marks) -> None:
        """Null counts as yes: what a row must have is not null in the schema."""
        self.sure = pc.and_(self.sure, pc.fill_null(marks, True))

    def _member(self, name: str, end: str = ",") -> Texts:
        """A member that repeats: each of its values is looked at once."""
        values, at = _by_dictionary(self.rows.column(name))
        fits = pc.and_(_matches(values, _PATTERNS[name]), pc.less_equal(pc.binary_length(values), _LONGEST[name]))
        if name == "type":
            fits = pc.and_(fits, pc.invert(pc.is_in(values, pa.array(BUILT_IN))))
        self._need(pc.take(fits, at))
        return self._taken(_joined(f'"{name}":"', values, f'"{end}'), at)

    def _taken(self, values: Texts, at: pa.Array) -> Texts:
        """Values in their places, unless they would take more room than the bodies that they are said to stand in."""
        length = pc.sum(pc.take(pc.binary_length(values), at)).as_py() or 0
        if length > 2 * self.room:
            self.sure = pa.repeat(pa.scalar(False), len(self.rows))
            return pa.nulls(len(self.rows), pa.string())
        return pc.take(values, at)

    def _facts(self, facts: Sequence[Fact]) -> Texts:
        names = [name for name, _ in facts]
        for name in {name for name in names if names.count(name) > 1}:
            self._need(self._once([fact for fact in facts if fact[0] == name]))
        # Rows in which every piece is null would be left out of what is joined, so one piece never is.
        pieces = [pa.repeat(pa.scalar(""), len(self.rows)), *(self._fact(fact) for fact in facts)]
        return pc.ascii_ltrim(pc.binary_join_element_wise(*pieces, ",", null_handling="skip"), ",")

    def _once(self, same: Sequence[Fact]) -> Marks:
        """Whether a fact that has several kinds of value has one in each row."""
        stated = [pc.cast(pc.is_valid(self.rows.column(column_of(fact))), pa.int32()) for fact in same]
        count = stated[0]
        for each in stated[1:]:
            count = pc.add(count, each)
        return pc.less_equal(count, 1)

    def _fact(self, fact: Fact) -> Texts:
        name, kind = fact
        column = self.rows.column(column_of(fact))
        start = f'"{name}":'
        match kind:
            case "yes":
                return _joined(start, pc.if_else(column, "true", "false"))
            case "number":
                return _joined(start, self._whole(column))
            case "text":
                values, at = _by_dictionary(column)
                self._need(pc.take(_plain_text(values, _LONGEST_TEXT), at))
                return self._taken(_joined(f'{start}"', _spelled(values), '"'), at)
            case "set":
                return _joined(f"{start}[", self._listed(column, _LONGEST_SET), "]")
            case "money":
                return self._money(column, start)
            case "period":
                return self._period(column, start)

    def _whole(self, column: pa.Array) -> Texts:
        inside = pc.and_(pc.less_equal(column, MAX_INTEGER), pc.greater_equal(column, -MAX_INTEGER))
        self._need(inside)
        return pc.cast(column, pa.string())

    def _money(self, column: pa.Array, start: str) -> Texts:
        amount, currency = pc.struct_field(column, 0), pc.struct_field(column, 1)
        self._need(pc.and_(_matches(amount, DECIMAL), _matches(currency, "^[A-Z]{3}$")))
        return _joined(f'{start}{{"amount":"', amount, '","currency":"', currency, '"}')

    def _period(self, column: pa.Array, start: str) -> Texts:
        count, unit = pc.struct_field(column, 0), pc.struct_field(column, 1)
        self._need(pc.and_(pc.greater_equal(count, 0), pc.is_in(unit, _UNITS)))
        return _joined(f'{start}{{"count":', self._whole(count), ',"unit":"', unit, '"}')

    def _listed(self, column: pa.Array, most: int, pattern: str = "") -> Texts:
        """The items between quotes, separated; in order and without duplicates, or the row is not sure."""
        items, parents = pc.list_flatten(column), pc.list_parent_indices(column)
        fits = _matches(items, pattern) if pattern else _plain_text(items, _LONGEST_ITEM, least=1)
        self._need(pc.less_equal(pc.list_value_length(column), most))
        if len(items) > 0:
            beside = pc.equal(parents[1:], parents[:-1])
            unordered = pc.and_(beside, pc.less_equal(items[1:], items[:-1]))
            bad = pc.or_(pc.invert(fits), pa.concat_arrays([pa.array([False]), unordered]))
            self._need(pc.invert(pc.is_in(pa.array(range(len(self.rows)), parents.type), parents.filter(bad))))
        lengths = pc.fill_null(pc.list_value_length(column), 0)
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cast(pc.cumulative_sum(lengths), pa.int32())])
        quoted = pa.ListArray.from_arrays(offsets, _joined('"', _spelled(items), '"'), mask=pc.is_null(column))
        return pc.binary_join(quoted, ",")


def _by_dictionary(column: pa.Array) -> tuple[pa.Array, pa.Array]:
    coded = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column)
    return coded.dictionary, coded.indices


def _matches(column: Texts, pattern: str) -> Marks:
    return pc.match_substring_regex(column, pattern)


def _plain_text(values: Texts, longest: int, least: int = 0) -> Marks:
    """Whether they are as long as text may be, and are spelled in JSON with the escapes known here."""
    length = pc.utf8_length(values)
    fits = pc.and_(pc.less_equal(length, longest), pc.greater_equal(length, least))
    return pc.and_(fits, pc.invert(_matches(values, _OTHER_CONTROLS)))


def _spelled(values: Texts) -> Texts:
    """As they stand in JSON between quotes. RFC 8785, 3.2.2.2."""
    if not pc.any(_matches(values, _ESCAPED)).as_py():
        return values
    for character, escape in _ESCAPES:
        values = pc.replace_substring(values, character, escape)
    return values


def _joined(*pieces: Texts | str) -> Texts:
    """Null where a piece is."""
    return pc.binary_join_element_wise(*pieces, "", null_handling="emit_null")


def _instants(column: pa.Array) -> Texts:
    """As events spell them, without the Z; what is no year of four digits fits no body."""
    spelled = pc.cast(pc.cast(column, pa.timestamp("us")), pa.string())  # 2026-11-22 01:02:03.040000
    return pc.ascii_rtrim(pc.ascii_rtrim(pc.binary_replace_slice(spelled, 10, 11, "T"), "0"), ".")

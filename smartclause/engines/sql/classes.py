"""The classes of values in a batch of Arrow, as the key of each row: rows of one key no condition tells apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from smartclause.engines.sql.grouping import ELSEWHERE, Classes
from smartclause.engines.sql.kernels import WHOLE, Unsayable, Value, run

MOST_KNOWN = 100_000  # texts whose class is remembered
FEW = 4_096  # texts that are looked up one by one
Columns = Mapping[str, Any]  # pa.Array by name


@dataclass
class Digit:
    """What the class of one column adds to the key. `cells`: the columns of the relation of records over the rows as
    they come; `same`: what is the same for all rows."""

    classes: Classes
    weight: int
    kind: pa.DataType  # of the key
    cells: Mapping[str, exp.Expression]
    same: Mapping[str, Value]
    _known: dict[str | bool | None, int] = field(default_factory=dict)
    _texts: dict[pa.DataType, _Texts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tree = self.classes.digit(self.weight, "INT")
        figures = [int(str(n.this)) for n in self._tree.find_all(exp.Literal) if not n.is_string and n.is_int]
        self._figures = (*figures, *(-figure for figure in figures))
        cell = self.cells.get(self.classes.name)
        self.reads = (
            tuple(dict.fromkeys(c.name for c in cell.find_all(exp.Column) if c.name not in self.same)) if cell else ()
        )

    def of(self, columns: Columns) -> Value:
        """A number for each row, or one for all. Raises Unsayable."""
        column = columns[self.reads[0]] if len(self.reads) == 1 else None
        if column is not None and pa.types.is_boolean(column.type):
            return self._of_facts(column)
        if column is not None and pa.types.is_dictionary(column.type):
            return self._of_words(column)
        if column is not None and is_text(column.type):
            return self._of_texts(column)
        return self._run(columns)

    def _run(self, columns: Mapping[str, Value]) -> Value:
        seen: dict[str, Value] = dict(self.same)

        def look(name: str) -> Value:
            """Of the act: a cell of the sheet; inside it: a column of the table."""
            if name not in seen:
                if name not in self.cells:
                    raise Unsayable(name)
                seen[name] = run(self.cells[name], lambda n: self.same[n] if n in self.same else columns[n])
            return seen[name]

        if self.classes.name not in seen:
            seen[self.classes.name] = self._levelled(look(self.classes.name))
        found = run(self._tree, look)
        return found.cast(self.kind) if isinstance(found, pa.Array) else found

    def _levelled(self, value: Value) -> Value:
        """One number for all, where none of the figures that they are held against lies among them."""
        if not isinstance(value, pa.Array) or value.type not in WHOLE or value.null_count or not len(value):
            return value
        ends = pc.min_max(value).as_py()
        return value if any(ends["min"] <= f <= ends["max"] for f in self._figures) else ends["min"]

    def one(self, value: str | bool | None) -> int:
        known = self._known.get(value)
        if known is None:
            known = int(self._run({self.reads[0]: value}))
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[value] = known
        return known

    def _of_facts(self, column: pa.BooleanArray) -> Value:
        refused, held, open_ = (self.one(v) for v in (False, True, None))
        if (refused, held, open_) == (0, self.weight, 2 * self.weight):
            digit = pc.multiply(column.cast(self.kind), self._number(self.weight))
            return pc.fill_null(digit, self._number(open_)) if column.null_count else digit
        return pc.fill_null(pc.if_else(column, self._number(held), self._number(refused)), self._number(open_))

    def _of_words(self, column: pa.DictionaryArray) -> Value:
        words, places = column.dictionary, column.indices
        if words.null_count or not is_text(words.type):
            raise Unsayable("a dictionary of another kind")
        digits = self._each(words)
        if places.null_count:
            digits, places = [*digits, self.one(None)], pc.fill_null(places.cast(pa.int64()), len(digits))
        return pc.take(pa.array(digits, self.kind), places)

    def _of_texts(self, column: pa.StringArray) -> Value:
        """Texts that the contract names have their digits, all others the digit of any other."""
        texts = self._texts.get(column.type)
        if texts is None:
            texts = self._texts[column.type] = _Texts.of(self, column.type)
        places = pc.index_in(column, value_set=texts.named)
        if places.null_count:
            places = pc.fill_null(places, len(texts.named))
        return pc.take(texts.digits, places, boundscheck=False)

    def _number(self, value: int) -> pa.Scalar:
        return pa.scalar(value, self.kind)

    def literals(self) -> list[str]:
        """That the trees name."""
        trees = (self._tree, *(self.cells[n] for n in (self.classes.name,) if n in self.cells))
        found = (str(node.this) for tree in trees for node in tree.find_all(exp.Literal) if node.is_string)
        return list(dict.fromkeys(found))

    def _each(self, words: pa.Array) -> list[int]:
        if len(words) <= FEW:
            return [self.one(word) for word in words.to_pylist()]
        found = self._run({self.reads[0]: words})
        return found.to_pylist() if isinstance(found, pa.Array) else [found] * len(words)


@dataclass(frozen=True)
class _Texts:
    """`digits` of the texts named, of none (named last), and of any other."""

    named: Any  # pa.Array
    digits: Any

    @classmethod
    def of(cls, digit: Digit, kind: pa.DataType) -> _Texts:
        named = digit.literals()
        digits = [digit.one(value) for value in (*named, None, ELSEWHERE)]
        return cls(pa.array([*named, None], kind), pa.array(digits, digit.kind))


def is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def key_of(digits: tuple[Digit, ...], columns: Columns) -> Value:
    """The sum of the digits. Raises Unsayable."""
    alike, found = 0, None
    for each in digits:
        digit = each.of(columns)
        if isinstance(digit, int):
            alike += digit
        else:
            found = digit if found is None else pc.add(found, digit)
    if found is None:
        return alike
    return pc.add(found, pa.scalar(alike, found.type)) if alike else found

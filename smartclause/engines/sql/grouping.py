"""Rows that no condition can tell apart are judged once: each value becomes the number of its class, the classes of a
row one key, and sentences are evaluated on the distinct keys. Read off the conditions themselves, so that a class
never joins what some condition tells apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import reduce
from math import prod
from types import MappingProxyType

from sqlglot import exp

from smartclause.engines.sql.pieces import (
    Sql,
    added,
    chosen,
    column,
    decimal,
    is_null,
    named,
    nothing,
    selected,
    source,
    text,
    truth,
    whole,
)

KEYED, DISTINCT = "keyed", "distinct_rows"
MOST = 2**62
SMALL = 2**31
ELSEWHERE = " "  # a text that no contract can name
_ORDERS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


class Use(Enum):
    FACT = "fact"
    WORDS = "words"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Classes:
    """Of one column: the class of its value, as the first condition that holds and its number, else `otherwise`; and
    a value that stands for each class, from the class `first` on. The class left over is no value."""

    name: str
    branches: tuple[tuple[Sql, int], ...]
    otherwise: int
    values: tuple[Sql, ...]
    first: int = 1

    @property
    def count(self) -> int:
        return len(self.values) + 1

    def digit(self, weight: int, kind: str) -> Sql:
        """The number of the class, so many times. Weighed in its branches: engines add faster than they multiply."""
        branches = [(condition.copy(), _of(kind, number * weight)) for condition, number in self.branches]
        return chosen(branches, _of(kind, self.otherwise * weight))

    def value(self, digit: Sql) -> Sql:
        branches = [
            (exp.EQ(this=digit.copy(), expression=whole(n)), v.copy()) for n, v in enumerate(self.values, self.first)
        ]
        return named(chosen(branches, nothing()), self.name)


@dataclass(frozen=True)
class Grouping:
    """Keys, each of several columns; few classes for each of them."""

    keys: tuple[tuple[Classes, ...], ...]

    def keyed(self, rows: str, alias: str, also: Iterable[Sql]) -> exp.Select:
        """The rows with their keys."""
        columns = [named(_packed(classes), f"k{n}") for n, classes in enumerate(self.keys)]
        return selected([*also, *columns], source(rows, alias))

    def weighed(self, key: int) -> Iterator[tuple[Classes, int]]:
        """The columns of a key, and how many times the class of each counts in it."""
        return _weighed(self.keys[key])

    def is_small(self, key: int) -> bool:
        """Whether 32 bits hold it."""
        return prod(c.count for c in self.keys[key]) < SMALL

    def names(self) -> list[str]:
        return [f"k{n}" for n, _ in enumerate(self.keys)]

    def distinct(self) -> exp.Select:
        """Each distinct key with how many rows have it and values that stand for it."""
        names = [column(n) for n in self.names()]
        counted = selected([*names, named(exp.Count(this=exp.Star()), "uses")], source(KEYED))
        counted = counted.group_by(*(n.copy() for n in names), copy=False)
        inner = exp.Subquery(this=counted, alias=exp.TableAlias(this=exp.to_identifier("counted")))
        return self.valued(inner, [column("uses")])

    def valued(self, keys: exp.Expression, also: Iterable[Sql] = ()) -> exp.Select:
        """Keys with values that stand for their classes."""
        values = [v for n, classes in enumerate(self.keys) for v in _unpacked(classes, column(f"k{n}"))]
        return selected([*(column(n) for n in self.names()), *also, *values], keys)


def grouping_of(
    rails: Iterable[Sql], alias: str, ranges: Mapping[str, tuple[int, int]] | None = None
) -> Grouping | None:
    """None where some condition looks at values in another way than by class. `ranges`: columns that are never without
    a value, and never outside these bounds."""
    found: dict[str, list[exp.Column]] = {}
    for rail in rails:
        for each in rail.copy().find_all(exp.Column):
            if each.table != alias:
                return None
            found.setdefault(each.name, []).append(each)
    classes = [_classes(name, nodes, alias, (ranges or {}).get(name)) for name, nodes in found.items()]
    if any(c is None for c in classes):
        return None
    return Grouping(tuple(_keys([c for c in classes if c is not None])))


def _keys(classes: list[Classes]) -> Iterator[tuple[Classes, ...]]:
    """As few whole numbers as hold all classes."""
    mine: list[Classes] = []
    size = 1
    for each in classes:
        if size * each.count > MOST:
            yield tuple(mine)
            mine, size = [], 1
        mine.append(each)
        size *= each.count
    yield tuple(mine)


def _weighed(classes: tuple[Classes, ...]) -> Iterator[tuple[Classes, int]]:
    size = 1
    for each in classes:
        yield each, size
        size *= each.count


def _packed(classes: tuple[Classes, ...]) -> Sql:
    kind = "INT" if prod(c.count for c in classes) < SMALL else "BIGINT"
    digits = [each.digit(weight, kind) for each, weight in _weighed(classes)]
    return reduce(added, digits) if digits else whole(0)


def _of(kind: str, number: int) -> Sql:
    return whole(number) if kind == "INT" else exp.cast(whole(number), kind)


def _unpacked(classes: tuple[Classes, ...], key: Sql) -> Iterator[Sql]:
    for each, weight in _weighed(classes):
        shifted = exp.Paren(this=exp.IntDiv(this=key.copy(), expression=whole(weight)))
        yield each.value(exp.Paren(this=exp.Mod(this=shifted, expression=whole(each.count))))


# ---- classes


def _classes(name: str, nodes: list[exp.Column], alias: str, inside: tuple[int, int] | None) -> Classes | None:
    uses = {use for node in nodes if (use := _use(node)) is not False}
    if len(uses) != 1:
        return None
    value = column(name, alias)
    match next(iter(uses)):
        case Use.FACT:
            return Classes(name, ((value, 1), (is_null(value.copy()), 2)), 0, (truth(False), truth(True)), first=0)
        case Use.WORDS:
            return _words(name, nodes, value)
        case Use.NUMBER:
            return _numbers(name, nodes, value, inside)
        case _:
            return None


def _use(node: exp.Column) -> Use | bool | None:
    """How a condition looks at the column; False: only whether there is a value; None: otherwise."""
    parent = node.parent
    if isinstance(parent, exp.Is) and isinstance(parent.expression, exp.Null):
        return False
    if isinstance(parent, exp.In) and parent.this is node:
        return Use.WORDS if all(_is_text(e) for e in parent.expressions) else None
    if isinstance(parent, _ORDERS):
        other = parent.expression if parent.this is node else parent.this
        if _is_text(other):
            return Use.WORDS if isinstance(parent, exp.EQ | exp.NEQ) else None
        return Use.NUMBER if _figure(other) is not None else None
    return Use.FACT if _is_condition(node) else None


def _is_condition(node: exp.Expression) -> bool:
    """Whether it stands where only yes or no can: a number that is missing may stand in brackets and defaults, too."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    if isinstance(parent, exp.Coalesce):
        return all(isinstance(e, exp.Boolean) for e in parent.expressions)
    return parent is None or isinstance(parent, exp.Not | exp.And | exp.Or)


def _is_text(node: object) -> bool:
    return isinstance(node, exp.Literal) and bool(node.is_string)


def _figure(node: object) -> Decimal | None:
    match node:
        case exp.Literal() if not node.is_string:
            return Decimal(str(node.this))
        case exp.Neg():
            inner = _figure(node.this)
            return None if inner is None else -inner
        case exp.Cast() if _is_text(node.this):
            return Decimal(str(node.this.this))
        case _:
            return None


def _words(name: str, nodes: list[exp.Column], value: Sql) -> Classes:
    """Texts that stand in the same lists are of one class."""
    lists = [_listed(node.parent) for node in nodes if not isinstance(node.parent, exp.Is)]
    lists = list(dict.fromkeys(lists))
    signatures: dict[tuple[bool, ...], list[str]] = {}
    for each in sorted({t for found in lists for t in found}):
        signatures.setdefault(tuple(each in found for found in lists), []).append(each)
    groups = list(signatures.values())
    # One comparison for each text: what engines do once for each distinct text of a column.
    branches = [
        (exp.EQ(this=value.copy(), expression=text(each)), n) for n, group in enumerate(groups, 1) for each in group
    ]
    there = exp.Not(this=exp.Paren(this=is_null(value.copy())))
    values = (*(text(group[0]) for group in groups), text(ELSEWHERE))
    return Classes(name, (*branches, (there, len(groups) + 1)), 0, values)


def _listed(parent: object) -> frozenset[str]:
    assert isinstance(parent, exp.Expression)
    return frozenset(str(e.this) for e in parent.find_all(exp.Literal))


def _numbers(name: str, nodes: list[exp.Column], value: Sql, inside: tuple[int, int] | None) -> Classes:
    """Stretches of numbers in which every comparison comes out alike."""
    tests = [test for node in nodes if (test := _test(node)) is not None]
    merged: list[tuple[Sql, Decimal]] = []
    last: tuple[bool, ...] | None = None
    for condition, sample in _stretches(sorted({figure for _, figure in tests}), value):
        signature = tuple(_comes_out(how, sample, figure) for how, figure in tests)
        if signature == last:
            merged[-1] = (condition, merged[-1][1])
        else:
            merged.append((condition, sample))
        last = signature
    if inside is not None and len({tuple(_comes_out(h, Decimal(i), f) for h, f in tests) for i in inside}) == 1:
        turns = sum(inside[0] <= figure <= inside[1] for _, figure in tests)
        if not turns:
            return Classes(name, (), 1, (decimal(Decimal(inside[0])),))
    branches = tuple((condition, n) for n, (condition, _) in enumerate(merged, 1))
    return Classes(name, branches, 0, tuple(decimal(sample) for _, sample in merged))


def _stretches(figures: list[Decimal], value: Sql) -> Iterator[tuple[Sql, Decimal]]:
    """Below the least figure, each figure itself, between two of them, above the greatest; each with a sample. Asked in
    this order a condition need only say where its stretch ends."""
    before: Decimal | None = None
    for figure in figures:
        sample = figure - 1 if before is None else (before + figure) / 2
        yield exp.LT(this=value.copy(), expression=decimal(figure)), sample
        yield exp.LTE(this=value.copy(), expression=decimal(figure)), figure
        before = figure
    assert before is not None
    yield exp.Not(this=exp.Paren(this=is_null(value.copy()))), before + 1


def _test(node: exp.Column) -> tuple[type[exp.Expression], Decimal] | None:
    """The comparison as if the column stood on the left."""
    parent = node.parent
    if not isinstance(parent, _ORDERS):
        return None
    left = parent.this is node
    figure = _figure(parent.expression if left else parent.this)
    assert figure is not None
    return (type(parent) if left else _MIRRORED.get(type(parent), type(parent))), figure


_MIRRORED: Mapping[type[exp.Expression], type[exp.Expression]] = MappingProxyType(
    {exp.LT: exp.GT, exp.GT: exp.LT, exp.LTE: exp.GTE, exp.GTE: exp.LTE}
)


def _comes_out(how: type[exp.Expression], one: Decimal, other: Decimal) -> bool:
    sign = (one > other) - (one < other)
    fits: dict[type[exp.Expression], tuple[int, ...]] = {
        exp.LT: (-1,), exp.LTE: (-1, 0), exp.EQ: (0,), exp.NEQ: (-1, 1), exp.GTE: (0, 1), exp.GT: (1,),
    }  # fmt: skip
    return sign in fits[how]

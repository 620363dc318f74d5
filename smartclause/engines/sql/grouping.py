"""Rows that no condition can tell apart are judged once: each value becomes the number of its class, the classes of a
row one key, and sentences are evaluated on the distinct keys. Read off the conditions themselves, so that a class
never joins what some condition tells apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

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
    one_of,
    selected,
    source,
    text,
    texts,
    whole,
)

KEYED, DISTINCT = "keyed", "distinct_rows"
MOST = 2**62
ELSEWHERE = " "  # a text that no contract can name
_ORDERS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE)


class Use(Enum):
    FACT = "fact"
    WORDS = "words"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Classes:
    """Of one column: what tells its values apart, and a value that stands for each class. Class 0 is no value."""

    name: str
    conditions: tuple[Sql, ...]
    values: tuple[Sql, ...]

    @property
    def count(self) -> int:
        return len(self.conditions) + 1

    def number(self) -> Sql:
        return chosen([(c.copy(), whole(n)) for n, c in enumerate(self.conditions, 1)], whole(0))

    def value(self, digit: Sql) -> Sql:
        branches = [(exp.EQ(this=digit.copy(), expression=whole(n)), v.copy()) for n, v in enumerate(self.values, 1)]
        return named(chosen(branches, nothing()), self.name)


@dataclass(frozen=True)
class Grouping:
    """Keys, each of several columns; few classes for each of them."""

    keys: tuple[tuple[Classes, ...], ...]

    def keyed(self, rows: str, alias: str, also: Iterable[Sql]) -> exp.Select:
        """The rows with their keys."""
        columns = [named(_packed(classes), f"k{n}") for n, classes in enumerate(self.keys)]
        return selected([*also, *columns], source(rows, alias))

    def names(self) -> list[str]:
        return [f"k{n}" for n, _ in enumerate(self.keys)]

    def distinct(self) -> exp.Select:
        """Each distinct key with how many rows have it and values that stand for it."""
        names = [column(n) for n in self.names()]
        counted = selected([*names, named(exp.Count(this=exp.Star()), "uses")], source(KEYED))
        counted = counted.group_by(*(n.copy() for n in names), copy=False)
        values = [v for n, classes in enumerate(self.keys) for v in _unpacked(classes, column(f"k{n}"))]
        inner = exp.Subquery(this=counted, alias=exp.TableAlias(this=exp.to_identifier("counted")))
        return selected([*(n.copy() for n in names), column("uses"), *values], inner)


def grouping_of(rails: Iterable[Sql], alias: str) -> Grouping | None:
    """None where some condition looks at values in another way than by class."""
    found: dict[str, list[exp.Column]] = {}
    for rail in rails:
        for each in rail.copy().find_all(exp.Column):
            if each.table != alias:
                return None
            found.setdefault(each.name, []).append(each)
    classes = [_classes(name, nodes, alias) for name, nodes in found.items()]
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


def _packed(classes: tuple[Classes, ...]) -> Sql:
    found: Sql = exp.cast(whole(0), "BIGINT")
    size = 1
    for each in classes:
        digit = exp.cast(exp.Paren(this=each.number()), "BIGINT") if size > 1 else exp.Paren(this=each.number())
        found = added(found, exp.Mul(this=digit, expression=whole(size)) if size > 1 else digit)
        size *= each.count
    return found


def _unpacked(classes: tuple[Classes, ...], key: Sql) -> Iterator[Sql]:
    size = 1
    for each in classes:
        shifted = exp.Paren(this=exp.IntDiv(this=key.copy(), expression=whole(size)))
        yield each.value(exp.Paren(this=exp.Mod(this=shifted, expression=whole(each.count))))
        size *= each.count


# ---- classes


def _classes(name: str, nodes: list[exp.Column], alias: str) -> Classes | None:
    uses = {use for node in nodes if (use := _use(node)) is not False}
    if len(uses) != 1:
        return None
    value = column(name, alias)
    match next(iter(uses)):
        case Use.FACT:
            yes = value
            return Classes(name, (yes, exp.Not(this=value.copy())), (exp.Boolean(this=True), exp.Boolean(this=False)))
        case Use.WORDS:
            return _words(name, nodes, value)
        case Use.NUMBER:
            return _numbers(name, nodes, value)
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
    if isinstance(parent, exp.Coalesce | exp.Not | exp.And | exp.Or | exp.Paren) or parent is None:
        return Use.FACT
    return None


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
    conditions = [one_of(value.copy(), texts(group)) for group in groups]
    there = exp.Not(this=exp.Paren(this=is_null(value.copy())))
    return Classes(name, (*conditions, there), (*(text(group[0]) for group in groups), text(ELSEWHERE)))


def _listed(parent: exp.Expression | None) -> frozenset[str]:
    assert parent is not None
    return frozenset(str(e.this) for e in parent.find_all(exp.Literal))


def _numbers(name: str, nodes: list[exp.Column], value: Sql) -> Classes:
    """Below the least figure, each figure itself, between two of them, above the greatest."""
    found: set[Decimal] = set()
    for node in nodes:
        parent = node.parent
        if isinstance(parent, _ORDERS):
            other = parent.expression if parent.this is node else parent.this
            figure = _figure(other)
            assert figure is not None
            found.add(figure)
    figures = sorted(found)
    conditions: list[Sql] = []
    values: list[Sql] = []
    before: Decimal | None = None
    for figure in figures:
        conditions += [
            exp.LT(this=value.copy(), expression=decimal(figure)),
            exp.EQ(this=value.copy(), expression=decimal(figure)),
        ]
        values += [decimal(figure - 1 if before is None else (before + figure) / 2), decimal(figure)]
        before = figure
    assert before is not None
    conditions.append(exp.GT(this=value.copy(), expression=decimal(before)))
    values.append(decimal(before + 1))
    return Classes(name, tuple(conditions), tuple(values))

"""Trees of SQL over columns of Arrow in memory, by its kernels: what a statement would say of each row.

Few kinds of node are known, those that tell classes of values apart. Whatever else raises Unsayable, so that it is
asked of the database instead.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

Column: TypeAlias = Any  # pa.Array
Known: TypeAlias = "str | int | bool | None"  # the same for all rows
Value: TypeAlias = Any  # Column | Known
Look: TypeAlias = Callable[[str], Value]

WHOLE = (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32())
_LEAST, _GREATEST = -(2**63), 2**63 - 1
_COMPARED: Mapping[type[exp.Expression], tuple[str, Callable[[Any, Any], bool]]] = {
    exp.EQ: ("equal", operator.eq),
    exp.NEQ: ("not_equal", operator.ne),
    exp.LT: ("less", operator.lt),
    exp.LTE: ("less_equal", operator.le),
    exp.GT: ("greater", operator.gt),
    exp.GTE: ("greater_equal", operator.ge),
}


class Unsayable(Exception):  # noqa: N818  an answer, not a fault
    """Nothing that the kernels are trusted with."""


def run(node: exp.Expression, look: Look) -> Value:
    """The value of each row, or one value for all; None where SQL says NULL. Raises Unsayable."""
    match node:
        case exp.Paren() | exp.Alias():
            return run(node.this, look)
        case exp.Column():
            return look(node.name)
        case exp.Boolean():
            return bool(node.this)
        case exp.Null():
            return None
        case exp.Literal() | exp.Neg():
            return _literal(node)
        case exp.Cast() if isinstance(node.this, exp.Null):
            return None
        case exp.Cast() if node.to.this in (exp.DataType.Type.INT, exp.DataType.Type.BIGINT):
            return _literal(node.this)
        case exp.EQ() | exp.NEQ() | exp.LT() | exp.LTE() | exp.GT() | exp.GTE():
            return _compared(type(node), run(node.this, look), run(node.expression, look))
        case exp.In():
            value = run(node.this, look)
            return reduce(_or, (_compared(exp.EQ, value, run(e, look)) for e in node.expressions))
        case exp.Is() if isinstance(node.expression, exp.Null):
            value = run(node.this, look)
            return pc.is_null(value) if _is_column(value) else value is None
        case exp.Not():
            return _not(run(node.this, look))
        case exp.And():
            return _not(_or(_not(run(node.this, look)), _not(run(node.expression, look))))
        case exp.Or():
            return _or(run(node.this, look), run(node.expression, look))
        case exp.Coalesce() if all(isinstance(e, exp.Boolean) for e in node.expressions):
            return _settled(run(node.this, look), bool(node.expressions[0].this))
        case exp.Case() if node.this is None:
            return _case(node, look)
        case exp.UnixMicros():
            return _micros(run(node.this, look))
        case _:
            raise Unsayable(type(node).__name__)


def _is_column(value: Value) -> bool:
    return isinstance(value, pa.Array)


def _literal(node: exp.Expression) -> Known:
    if isinstance(node, exp.Neg):
        inner = _literal(node.this)
        if isinstance(inner, int):
            return -inner
    elif isinstance(node, exp.Literal):
        if node.is_string:
            return str(node.this)
        if str(node.this).isdecimal() and _LEAST <= int(node.this) <= _GREATEST:
            return int(node.this)
    raise Unsayable("a literal")


def _compared(how: type[exp.Expression], one: Value, other: Value) -> Value:
    if one is None or other is None:
        return None
    kernel, plain = _COMPARED[how]
    if not (_is_column(one) or _is_column(other)):
        if type(one) is not type(other):
            raise Unsayable("values of two kinds")
        return plain(one, other)
    column, value = (one, other) if _is_column(one) else (other, one)
    if _is_column(value) or not _alike(column.type, value):
        raise Unsayable("columns of two kinds")
    return getattr(pc, kernel)(*(v if _is_column(v) else _scalar(v, column.type) for v in (one, other)))


def _scalar(value: Known, kind: pa.DataType) -> pa.Scalar:
    """Of the column's own type where it fits, so that no column is converted."""
    try:
        return pa.scalar(value, kind)
    except (pa.ArrowInvalid, OverflowError):
        return pa.scalar(value)


def _alike(kind: pa.DataType, value: Known) -> bool:
    match value:
        case bool():
            return bool(pa.types.is_boolean(kind))
        case int():
            return kind in WHOLE
        case _:
            return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _not(value: Value) -> Value:
    if _is_column(value):
        return pc.invert(value)
    return None if value is None else not value


def _or(one: Value, other: Value) -> Value:
    if one is True or other is True:
        return True
    if one is False:
        return other
    if other is False or (one is None and other is None):
        return one
    return pc.or_kleene(*(pa.scalar(v, pa.bool_()) if v is None else v for v in (one, other)))


def _settled(value: Value, instead: bool) -> Value:
    if _is_column(value):
        return pc.fill_null(value, instead)
    return instead if value is None else value


def _case(node: exp.Case, look: Look) -> Value:
    """From the last branch to the first, so that the first that holds is what stays."""
    default = node.args.get("default")
    found = None if default is None else run(default, look)
    for branch in reversed(node.args["ifs"]):
        condition = run(branch.this, look)
        if condition is None or condition is False:
            continue
        value = run(branch.args["true"], look)
        found = value if condition is True else _chosen(condition, value, found)
    return found


def _chosen(condition: Column, value: Value, otherwise: Value) -> Value:
    condition = _settled(condition, False)
    kinds = {v.type for v in (value, otherwise) if _is_column(v)} or {_kind(v) for v in (value, otherwise)} - {None}
    if len(kinds) != 1:
        raise Unsayable("branches of two kinds")
    (kind,) = kinds
    try:
        return pc.if_else(condition, *(v if _is_column(v) else pa.scalar(v, kind) for v in (value, otherwise)))
    except (pa.ArrowInvalid, OverflowError):
        raise Unsayable("branches of two kinds") from None


def _kind(value: Known) -> pa.DataType | None:
    match value:
        case None:
            return None
        case bool():
            return pa.bool_()
        case int():
            return pa.int64()
        case _:
            return pa.string()


def _micros(value: Value) -> Value:
    if value is None:
        return None
    if not (_is_column(value) and pa.types.is_timestamp(value.type) and value.type.unit == "us"):
        raise Unsayable("another measure of time")
    return value.cast(pa.int64())

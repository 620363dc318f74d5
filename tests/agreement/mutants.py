"""Faults that can be planted in a module: one small change of its source for each place where one can be made."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_ORDERS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_NAMES = {
    "every": "some", "some": "every", "any": "all", "all": "any", "min": "max", "max": "min", "Each": "Either",
    "Either": "Each", "TRUE": "FALSE", "FALSE": "TRUE", "T": "F", "F": "T", "U": "T", "UNKNOWN": "TRUE",
    "earliest": "latest", "latest": "earliest", "both": "either", "either": "both",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """`source` of the whole module, changed at one line from `old` to `new`."""

    line: int
    old: str
    new: str
    source: str


Place = tuple[int, int]  # the node in the order of `ast.walk`, the change that is made there


def places_of(source: str) -> list[Place]:
    return [(n, k) for n, node in enumerate(ast.walk(ast.parse(source))) for k, _ in enumerate(_changes(node))]


def mutant_at(source: str, place: Place) -> Mutant | None:
    """None where the change leaves everything as it is."""
    tree = ast.parse(source)
    target = next(n for i, n in enumerate(ast.walk(tree)) if i == place[0])
    line, before = getattr(target, "lineno", 0), ast.unparse(target)
    list(_changes(target))[place[1]](target)
    after = ast.unparse(target)
    if before == after:
        return None
    return Mutant(line, before[:100], after[:100], ast.unparse(ast.fix_missing_locations(tree)))


def mutants_of(source: str) -> Iterator[Mutant]:
    yield from (m for place in places_of(source) if (m := mutant_at(source, place)) is not None)


def _changes(node: ast.AST) -> Iterator[Callable[[Any], object]]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in _ORDERS:
            yield lambda n: n.ops.__setitem__(0, _ORDERS[type(n.ops[0])]())
        case ast.BoolOp():
            yield lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())
            yield lambda n: n.values.pop()
        case ast.IfExp():
            yield lambda n: (lambda a, b: (setattr(n, "body", b), setattr(n, "orelse", a)))(n.body, n.orelse)
        case ast.UnaryOp(op=ast.Not()):
            yield lambda n: setattr(n, "operand", ast.UnaryOp(ast.Not(), n.operand))
        case ast.Name(id=name, ctx=ast.Load()) if name in _NAMES:
            yield lambda n: setattr(n, "id", _NAMES[n.id])
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in _NAMES:
            yield lambda n: setattr(n, "attr", _NAMES[n.attr])
        case ast.Constant(value=bool()):
            yield lambda n: setattr(n, "value", not n.value)
        case ast.Constant(value=int()) if node.value in (0, 1):
            yield lambda n: setattr(n, "value", 1 - n.value)
        case ast.Tuple(ctx=ast.Load(), elts=[_, _, *_]):
            yield lambda n: n.elts.pop()
        case ast.If(test=ast.Compare() | ast.BoolOp() | ast.Name() | ast.Attribute() | ast.Call()):
            yield lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
        case _:
            pass

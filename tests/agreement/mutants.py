"""Faults that can be planted in a module: one small change of its source for each place where one can be made."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass

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


def mutants_of(source: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    for number, node in enumerate(ast.walk(tree)):
        for changed in _changes(node):
            again = deepcopy(tree)
            target = next(n for i, n in enumerate(ast.walk(again)) if i == number)
            before = ast.unparse(target)
            changed(target)
            after = ast.unparse(target)
            if before != after:
                line = getattr(node, "lineno", 0)
                yield Mutant(line, before[:100], after[:100], ast.unparse(ast.fix_missing_locations(again)))


def _changes(node: ast.AST) -> Iterator[object]:
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

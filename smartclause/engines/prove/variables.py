"""The names of the variables that an expression rests on."""

from __future__ import annotations

import z3


class Variables:
    """Of many expressions with parts in common: each part is looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, frozenset[str]] = {}
        self._kept: list[z3.ExprRef] = []  # the numbers of what is let go are given anew

    def of(self, expression: z3.ExprRef) -> frozenset[str]:
        waiting = [(expression, False)]
        while waiting:
            node, ready = waiting.pop()
            number = node.get_id()
            if number in self._known:
                continue
            parts = node.children()
            if parts and not ready:
                waiting.append((node, True))
                waiting += [(p, False) for p in parts]
                continue
            self._kept.append(node)
            self._known[number] = self._joined(node, parts)
        return self._known[expression.get_id()]

    def _joined(self, node: z3.ExprRef, parts: list[z3.ExprRef]) -> frozenset[str]:
        if not parts:
            free = z3.is_const(node) and node.decl().kind() == z3.Z3_OP_UNINTERPRETED
            return frozenset({node.decl().name()}) if free else frozenset()
        found = [self._known[p.get_id()] for p in parts]
        return found[0] if len(found) == 1 else frozenset().union(*found)


def variables(expression: z3.ExprRef) -> frozenset[str]:
    return Variables().of(expression)

"""Conditions of the source as terms: names resolved, definitions replaced, kinds checked.

Every function returns None where something was wrong, and a finding says what.
"""

from dataclasses import dataclass, replace
from typing import assert_never

from smartclause.language import tree
from smartclause.language.comparing import covered, equal, order_of, ordered
from smartclause.language.kinds import typed
from smartclause.language.periods import inconvertible
from smartclause.language.values import Values
from smartclause.language.views import DEEPEST, View
from smartclause.language.vocabulary import bare
from smartclause.language.wording import Both
from smartclause.logic.terms import (
    All,
    AnyOf,
    AtLeast,
    ClauseStatus,
    ClauseViolated,
    Every,
    EveryFollowed,
    Expression,
    Holds,
    Kind,
    LatestHas,
    Not,
    Query,
    Some,
    Term,
)


@dataclass(frozen=True, slots=True)
class Reader(Values):
    """Reads the conditions of one file."""

    def condition(self, node: tree.Condition | tree.Value, view: View) -> Term | None:
        if self.budget.depth >= DEEPEST:
            self._too_large(node, bare(self.opened[-1]) if self.opened else "")
            return None
        self.budget.depth += 1
        term = self._condition(node, view)
        self.budget.depth -= 1
        return term

    def _condition(self, node: tree.Condition | tree.Value, view: View) -> Term | None:
        match node:
            case tree.Name() | tree.FieldOf() | tree.This():
                return self._yes_or_no(node, view)
            case tree.Not():
                inner = self.condition(node.arg, view)
                return None if inner is None else Not(inner)
            case tree.All():
                args = self._each(node.args, view)
                return None if args is None else All(args)
            case tree.AnyOf():
                args = self._each(node.args, view)
                return None if args is None else AnyOf(args)
            case tree.AtLeast():
                return self._at_least(node, view)
            case tree.Compare() | tree.Is() | tree.IsIn() | tree.Covers():
                return self._comparison(node, view)
            case tree.ClauseStatus():
                return self._status(node, view)
            case tree.Some() | tree.Every() | tree.EveryFollowed() | tree.LatestHas():
                return self._history(node, view)
            case _:
                self._not_a_condition(node, view)
                return None

    def _each(self, nodes: tuple[tree.Condition, ...], view: View) -> tuple[Term, ...] | None:
        read = [self.condition(node, view) for node in nodes]
        found = tuple(each for each in read if each is not None)
        return found if len(found) == len(read) else None

    def _at_least(self, node: tree.AtLeast, view: View) -> Term | None:
        args = self._each(node.args, view)
        if not 1 <= node.count <= len(node.args):
            self.names.say.add("T29", node.span, count=node.count, total=len(node.args))
            return None
        return None if args is None else AtLeast(node.count, args)

    def _yes_or_no(self, node: tree.Name | tree.FieldOf | tree.This, view: View) -> Term | None:
        definition = self._definition(node, view)
        if definition is not None:
            opened = self._open(definition, node)
            return None if opened is None else opened[0].condition(opened[1], view)
        value = self.value(node, view)
        if value is None:
            return None
        if value.type.kind is not Kind.FACT:
            self.names.say.add("T15", node.span, name=_spelled(node), kind=typed(value.type))
            return None
        return Holds(value)

    def _not_a_condition(self, node: tree.Value, view: View) -> None:
        value = self.value(node, view)
        if value is not None:
            help_ = Both("compare it with something", "写出与何者比较")
            what, wanted = typed(value.type), Both("a condition", "条件")
            self.names.say.add("T24", node.span, what=what, wanted=wanted, help=help_)

    def _comparison(self, node: tree.Compare | tree.Is | tree.IsIn | tree.Covers, view: View) -> Term | None:
        left, right = self.value(node.left, view), self.value(node.right, view)
        if left is None or right is None or not self._converts(left, right, node, view):
            return None
        match node:
            case tree.Compare():
                return ordered(order_of(node.op), left, right, node, self.names, self.zone)
            case tree.Is():
                return equal(left, right, node, self.names, self.world.kinship)
            case tree.IsIn():
                return covered(right, left, node, self.names, self.world.kinship)
            case tree.Covers():
                return covered(left, right, node, self.names, self.world.kinship)
            case _:
                assert_never(node)

    def _converts(self, left: Expression, right: Expression, at: tree.Node, view: View) -> bool:
        found = inconvertible(left, right, view, self.world, self.names)
        if found:
            self.names.say.add("T03", at.span, left=found[0], right=found[1])
        return found is None

    def _status(self, node: tree.ClauseStatus, view: View) -> Term | None:
        clause = self.world.clauses(self.names, node.clause)
        if view.record:
            self.names.say.add("R08", node.span)
        if clause is None or view.record:
            return None
        sentence = node.clause.sentence or 0
        if node.status == "violated":
            owed = self.world.instance_keys(clause, sentence)
            if not owed:
                self.names.say.add("R30", node.span, clause=node.clause.target)
                return None
            keys = self._instance_keys(node, owed, view)
            return None if keys is None else ClauseViolated(clause, sentence, keys, node.ever)
        if not view.statuses:
            self.names.say.add("R29", node.span, status=node.status.replace("_", " "))
            return None
        if node.clause.sentence is not None:
            what, wanted = (
                Both("one sentence", "单独一句"),
                Both("something with a status for an act", "就行为具有状态的条款"),
            )
            help_ = Both("name the clause without a sentence", "只写条款编号")
            self.names.say.add("T24", node.span, what=what, wanted=wanted, help=help_)
            return None
        return ClauseStatus(clause, node.status.replace("_", " "))

    def _instance_keys(
        self, node: tree.ClauseStatus, owed: tuple[tuple[str, ...], ...], view: View
    ) -> tuple[str, ...] | None:
        for key in node.keys:
            if any(key.id not in keys for keys in owed):
                self.names.say.add("T04", key.span, key=key.id, type=node.clause.target)
                return None
        return self._keys(node.keys, (), view)

    # ---- history

    def _history(self, node: tree.Some | tree.Every | tree.EveryFollowed | tree.LatestHas, view: View) -> Term | None:
        query = self.query(node.query, view)
        if query is None:
            return None
        match node:
            case tree.Some():
                return Some(query)
            case tree.Every():
                has = self.condition(node.has, self._inside(query.event, view))
                return None if has is None else Every(query, has)
            case tree.LatestHas():
                has = self.condition(node.has, self._inside(query.event, view))
                return None if has is None else LatestHas(query, has)
            case tree.EveryFollowed():
                answer = self._followed_by(node.by, query.event, view)
                return None if answer is None else EveryFollowed(query, answer)
            case _:
                assert_never(node)

    def _followed_by(self, node: tree.Query, event: str, view: View) -> Query | None:
        """The keys of the answer are those of the record it follows."""
        kind = self.world.types.get(event)
        outer = replace(view, types=(kind,) if kind else (), keys=None)
        return self.query(node, outer)


def _spelled(node: tree.Name | tree.FieldOf | tree.This) -> str:
    return node.id if isinstance(node, tree.Name) else node.field.id

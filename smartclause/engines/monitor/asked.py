"""Which way of keeping answers a question on the past."""

from __future__ import annotations

from collections.abc import Callable

from smartclause.engines.monitor.counted import Counted
from smartclause.engines.monitor.questions import Question, Reading
from smartclause.engines.monitor.remembered import Happened, Latest
from smartclause.logic.terms import Compare, Const, Count, LatestHas, Parameter, Query, Some
from smartclause.rails.formula import Leaf
from smartclause.rails.refused import CannotDo
from smartclause.rails.source.figures import FLIPPED


def question_of(leaf: Leaf, reading: Callable[[Query, str, str], Reading]) -> Question:
    """Raises CannotDo for a leaf that needs more to be kept than this."""
    match leaf.term:
        case Some():
            return Happened(reading(leaf.term.query, leaf.module, leaf.party))
        case LatestHas():
            return Latest(reading(leaf.term.query, leaf.module, leaf.party), has=leaf.term.has)
        case Compare(order=order, left=Count() as count, right=Const() | Parameter() as figure):
            return Counted(reading(count.query, leaf.module, leaf.party), order, figure, leaf.judged)
        case Compare(order=order, left=Const() | Parameter() as figure, right=Count() as count):
            return Counted(reading(count.query, leaf.module, leaf.party), FLIPPED[order], figure, leaf.judged)
        case _:
            raise CannotDo("a question on the past that needs every record", type(leaf.term).__name__)

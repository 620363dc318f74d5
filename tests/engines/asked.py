"""The reference as what answers a decision's questions on the past, so that decide can be looked at alone."""

from dataclasses import dataclass, replace

from smartclause.engines.decide.answers import Ledger, Question
from smartclause.logic.duties import Duties
from smartclause.logic.evaluate import View, judge
from smartclause.logic.finding import Finding, Reason
from smartclause.logic.needs import open_reasons
from smartclause.logic.owed import owed
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, World
from smartclause.rails.formula import Leaf
from smartclause.rails.rows import Row, Rows


@dataclass(frozen=True)
class Reference:
    world: World

    def truth(self, question: Question, row: Row, before: Position) -> Truth:
        return self._found(question, row, before).truth

    def reasons(self, question: Question, row: Row, before: Position) -> tuple[Reason, ...]:
        found = self._found(question, row, before)
        return found.reasons if isinstance(question, Leaf) else open_reasons(found)

    def _found(self, question: Question, row: Row, before: Position) -> Finding:
        duties = Duties(self.world, before, row.instant)
        if isinstance(question, Leaf):
            view = View(
                self.world, question.module, row.record, question.party, before, row.instant, duties.breaches,
                question.favour, judged=question.judged,
            )  # fmt: skip
            return judge(question.term, view)
        doubting = replace(duties, world=self.world.doubting(row.event.by))
        return owed(doubting, row.record, self.world.lookup.modules[question.module])


def answered_by_reference(world: World) -> Ledger:
    asked = Reference(world)
    return Ledger(world, Rows(world).of, asked.truth, asked.reasons)

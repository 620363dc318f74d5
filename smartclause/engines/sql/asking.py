"""A row that asks the past: what every form of leaf shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from smartclause.engines.sql.clouds import Overcast, overcast
from smartclause.engines.sql.past import Past, PastWhy, Whys
from smartclause.engines.sql.pieces import Rails, Sql, both, inverse, is_yes, no, yes
from smartclause.engines.sql.questions import Exists, Question
from smartclause.engines.sql.reader import Row


@dataclass(frozen=True)
class Asking(Row):
    """A judged act with its past, as far as one reading of doubt goes."""

    past: Past = field(default_factory=lambda: Past(()))
    doubt: bool = False

    def _overcast(self, question: Question) -> Overcast:
        return overcast(self.lookup, self.past.clouds, question.query, self.module, self.now)

    def _exists(self, question: Question, condition: Sql, sure: bool) -> Sql:
        if condition == no():
            return no()
        return question.told(Exists(condition, sure))

    def _sure(self, question: Question) -> Sql:
        return self._exists(question, question.sure(self.doubt), True)

    def _possible(self, question: Question) -> Sql:
        return self._exists(question, question.possible, False)

    def _asked(self, question: Question, rails: Rails, whys: Whys) -> tuple[Rails, Whys]:
        """Unknown where the act lacks a key, whatever the past."""
        ready = question.ready()
        found = Rails(both(ready, rails.is_true), both(ready.copy(), rails.is_false))
        if is_yes(ready):
            return found, whys
        here = tuple(replace(w, holds=both(ready.copy(), w.holds.copy())) for w in whys)
        return found, (*question.key_whys(), *here)

    def _unsure_whys(self, question: Question, holds_: Sql, also: Sql | None = None) -> Iterator[PastWhy]:
        """Reasons of candidates that are possible and not sure; `also` narrows the candidates."""
        surely, _ = question.same_keys()
        doubtful = replace(self, doubt=True)
        sure = both(question.sure(doubtful.doubt), surely.copy(), question.inside(True, self.now))
        for why in question.candidate_whys(self.now, surely.copy()):
            of = replace(why, holds=both(inverse(sure.copy()), also.copy() if also is not None else yes(), why.holds))
            yield PastWhy(question, holds_.copy(), of)

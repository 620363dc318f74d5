"""Whether every record of a query is followed by an answer with its own keys, before the act (design 2.6)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlglot import exp

from smartclause.engines.sql.asking import Asking
from smartclause.engines.sql.joining import PAIR
from smartclause.engines.sql.past import AnswerWhy, PastWhy, Whys
from smartclause.engines.sql.pieces import Rails, Sql, both, column, either, inverse, settled, text, whole, yes
from smartclause.engines.sql.questions import CANDIDATE, Followed
from smartclause.engines.sql.readings import Why
from smartclause.logic.terms import EveryFollowed


@dataclass(frozen=True)
class Following(Asking):
    """Records, each to be followed."""

    def every_followed(self, term: EveryFollowed) -> tuple[Rails, Whys]:
        """An answer follows the record with the record's own keys, and stands before the act."""
        question = self.past.ask(term.query, self)
        followed = self.past.follow(question, term.answer)
        unseen = self._overcast(question)
        name = followed.alias

        def flag(mark: str, doubt: bool) -> Sql:
            return settled(exp.EQ(this=self.column(f"{name}{mark}{int(doubt)}"), expression=whole(1)))

        rails = Rails(
            both(self._sure(question), inverse(flag("o", self.doubt)), inverse(unseen.any())),
            either(both(inverse(self._possible(question)), inverse(unseen.any())), flag("x", self.doubt)),
        )
        whys: list[Why | PastWhy | AnswerWhy] = [*self._followed_whys(followed), *unseen.whys()]
        return self._asked(question, rails, tuple(whys))

    def _followed_whys(self, followed: Followed) -> Iterator[AnswerWhy]:
        """Of pairs that fail to be true: why the record may not count, and why it may not be followed."""
        question, answer, after = followed.question, followed.answer, followed.unseen
        hanging = inverse(column("t1", PAIR))
        surely, _ = question.same_keys()
        sure = both(question.sure(True), surely.copy(), question.inside(True, self.now))
        failing = both(hanging, inverse(both(sure, column("f", PAIR))))
        for why in question.candidate_whys(self.now, surely.copy()):
            holds_ = both(failing.copy(), inverse(sure.copy()), why.holds)
            yield AnswerWhy(followed, yes(), replace(why, holds=holds_))
        open_ = both(failing.copy(), inverse(column("f", PAIR)))
        unknown_key = inverse(column("ready", PAIR))
        yield AnswerWhy(
            followed, yes(), Why(both(open_.copy(), unknown_key), text("uncertain record"), text(""), role="")
        )
        ready = both(open_.copy(), column("ready", PAIR))
        instant = column("instant", CANDIDATE)
        for (cloud, matters), why in zip(after.found, after.whys(), strict=True):
            reaches = exp.GTE(this=whole(cloud.until), expression=instant.copy())
            yield AnswerWhy(followed, yes(), replace(why, holds=both(ready.copy(), matters.copy(), reaches)))
        known, _ = answer.same_keys(CANDIDATE)
        for why in answer.candidate_whys(self.now, known):
            yield AnswerWhy(followed, yes(), replace(why, holds=both(ready.copy(), why.holds)), answered=True)

"""All duties of a contract as one view of the records has them: as they are, or in doubt of what a party alone says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Protocol, TypeAlias

from smartclause.logic.contract import BreachTrigger, Clause, Duty, Module, Repeated, Standing
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.instances import Instance
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, Record, World
from smartclause.rails.book.breaches import Breaches
from smartclause.rails.book.conditions import History, Place
from smartclause.rails.book.ground import Ground
from smartclause.rails.book.matter import Asked
from smartclause.rails.book.repeated import RepeatedSentence
from smartclause.rails.book.sentences import DutySentence, Told
from smartclause.rails.book.standing import StandingSentence
from smartclause.rails.formula import Leaf
from smartclause.rails.refused import CannotDo
from smartclause.rails.rows import Row

Imposing: TypeAlias = "DutySentence | RepeatedSentence | StandingSentence"


INSIDE = "conditions of duties"
OUTSIDE = "acts judged"
"""Who asks: their questions come in their own order."""


NEVER, LATER = -(2**63), 2**62


def _breach_triggers(sentence: Imposing) -> Iterator[BreachTrigger]:
    if isinstance(sentence, DutySentence):
        yield from (t for t in sentence.duty.triggers if isinstance(t, BreachTrigger))


class Keeper(Protocol):
    """What keeps records of some types. `reads_past`: what it made of one depends on earlier ones."""

    reads_past: bool

    def put(self, record: Record) -> object: ...
    def drop(self, record: str) -> object: ...
    def since(self, at: Instant) -> list[Record]: ...
    def records(self) -> Iterable[str]: ...


class Page:
    """`doubted`: parties whose own word alone is only possible, whoever is judged (`World.doubting`). `earlier`: the
    page of the version that the contract amends."""

    def __init__(
        self,
        ground: Ground,
        past: History,
        doubted: frozenset[str],
        family: dict[frozenset[str], Page],
        earlier: Page | None = None,
    ) -> None:
        self.earlier = earlier
        self._ground, self.past, self._doubted, self._family = ground, past, doubted, family
        self._breaches: dict[tuple[ClauseViolated, str], Breaches] = {}
        self._sentences: dict[str, list[Imposing]] = {}
        for module, clause in ground.world.lookup.all_clauses():
            self._sentences[clause.id] = list(self._made(module, clause))
        self._keepers: dict[str, list[Keeper]] = {}
        for kind, keeper in (pair for s in self.sentences() for pair in s.keepers()):
            self._keepers.setdefault(kind, []).append(keeper)
        self._opening = {t.clause for s in self.sentences() for t in _breach_triggers(s)}
        self._watched: list[tuple[Place, int, Keeper, Record]] = []

    def _made(self, module: Module, clause: Clause) -> Iterator[Imposing]:
        for sentence in clause.sentences:
            match sentence:
                case Duty():
                    yield DutySentence(self, module, clause, sentence)
                case Repeated():
                    yield RepeatedSentence(self, module, clause, sentence)
                case Standing():
                    yield StandingSentence(self, module, clause, sentence)
                case _:
                    pass

    # ---- what the sentences look at

    @property
    def world(self) -> World:
        """Without records, but terminations."""
        return self._ground.world

    @property
    def first(self) -> Instant | None:
        return self._ground.first

    @property
    def terminated(self) -> bool:
        return self._ground.terminated

    def in_force(self, module: Module, clause: Clause, at: Instant) -> Truth:
        return self._ground.in_force(module, clause, at)

    def sentences(self) -> Iterator[Imposing]:
        return (s for found in self._sentences.values() for s in found)

    def imposing(self, module: str) -> Iterator[DutySentence | RepeatedSentence]:
        for clause in self.world.lookup.modules[module].clauses:
            yield from (s for s in self._sentences[clause.id] if not isinstance(s, StandingSentence))

    def duty(self, clause: str, number: int) -> DutySentence:
        return next(s for s in self._sentences[clause] if isinstance(s, DutySentence) and s.number == number)

    def of_clause(self, clause: str, sentence: int) -> list[Imposing]:
        """Its sentences, or one of them."""
        return [s for s in self._sentences.get(clause, ()) if sentence in (0, s.number)]

    def of_versions(self, clause: str, sentence: int) -> list[Imposing]:
        """What was opened under a version lives on under it (design 2.11)."""
        before = [] if self.earlier is None else self.earlier.of_versions(clause, sentence)
        return [*before, *self.of_clause(clause, sentence)]

    def told(self, clause: str, sentence: int, before: Place, now: Instant, asked: Asked) -> Iterator[Told]:
        """The instances of a clause, or of one sentence of it, that may be for the keys asked."""
        for each in self.of_versions(clause, sentence):
            yield from each.told(before, now, asked)

    def changes(self, instance: Instance, now: Instant) -> Iterator[Instant]:
        """Instants, some of them past, at which time alone may change how an instance stands."""
        for sentence in self.of_clause(instance.clause, instance.sentence):
            yield from sentence.changes(instance, now)

    # ---- `clause N is violated`

    def violated(self, leaf: Leaf, row: Row, before: Position, now: Instant, asker: str = INSIDE) -> Truth:
        """So that the judged party's own word never helps it and always binds it."""
        place = (before.instant, before.index)
        sure = self._reading(leaf, asker).truth(row, place, now)
        if sure is (Truth.FALSE if leaf.favour else Truth.TRUE):
            return sure
        return self.doubting(leaf.party)._reading(leaf, asker).truth(row, place, now)

    def violated_why(
        self, leaf: Leaf, row: Row, before: Position, now: Instant, asker: str = INSIDE
    ) -> frozenset[Reason]:
        """Nothing where it is not unknown."""
        if self.violated(leaf, row, before, now, asker) is not Truth.UNKNOWN:
            return frozenset()
        reading = self.doubting(leaf.party)._reading(leaf, asker)
        return frozenset(reading.reasons(row, (before.instant, before.index), now))

    def _reading(self, leaf: Leaf, asker: str) -> Breaches:
        assert isinstance(leaf.term, ClauseViolated)
        if (leaf.term, asker) not in self._breaches:
            self._breaches[leaf.term, asker] = Breaches(self, leaf.term, asker)
        return self._breaches[leaf.term, asker]

    def doubting(self, party: str) -> Page:
        page = self._family.get(self._doubted | {party})
        if page is None:
            raise CannotDo("a question in doubt of what a party says that nobody announced", party)
        return page

    # ---- records

    def put(self, record: Record) -> None:
        """A new record, or one as it is known now."""
        place = (record.instant, record.event.index)
        for keeper in self._keepers.get(record.event.type, ()):
            keeper.put(record)
            if keeper.reads_past:
                self._watched_at(place, keeper, record)

    def _watched_at(self, place: Place, keeper: Keeper, record: Record) -> None:
        entry = (place, id(keeper), keeper, record)
        if not self._watched or self._watched[-1][0] < place:
            self._watched.append(entry)
            return
        at = bisect_right(self._watched, (place, id(keeper)), key=lambda e: e[:2])
        if at and self._watched[at - 1][:2] == (place, id(keeper)):
            self._watched[at - 1] = entry
        else:
            self._watched.insert(at, entry)

    def drop(self, record: Record) -> None:
        keepers = self._keepers.get(record.event.type, ())
        for keeper in keepers:
            keeper.drop(record.event.id)
        if any(keeper.reads_past for keeper in keepers):
            self._watched = [e for e in self._watched if e[3].event.id != record.event.id]

    def again(self, after: Place) -> None:
        """What came after a place and reads the past is judged again, in order."""
        for sentence in self.sentences():
            for imposed in sentence.imposed():
                imposed.forget()
            if isinstance(sentence, StandingSentence):
                sentence.cut(after[0])
        for _, _, keeper, record in self._watched[bisect_right(self._watched, after, key=lambda e: e[0]) :]:
            keeper.put(record)

    def came(self, at: Instant) -> None:
        """A record that stands after all that came before it."""
        for sentence in self.sentences():
            for imposed in sentence.imposed():
                imposed.came(at)

    def forget(self, before: Instant, started: Instant | None) -> list[Instance]:
        """Drops what can no longer change, and gives it as it stood."""
        dropped: list[Instance] = []
        for sentence in self.sentences():
            if isinstance(sentence, DutySentence):
                dropped += sentence.forget(before, started, sentence.clause.id in self._opening)
        unsure = {r.event.id for r in self._unsure()}
        self._watched = [e for e in self._watched if e[0][0] >= before or e[3].event.id in unsure]
        return dropped

    def records(self) -> Iterator[str]:
        """Those of which something is kept."""
        keepers = {id(k): k for found in self._keepers.values() for k in found}
        for keeper in keepers.values():
            yield from keeper.records()

    def _unsure(self) -> Iterator[Record]:
        """Records whose condition read the past and was not settled: it may be judged again."""
        for sentence in self.sentences():
            if isinstance(sentence, DutySentence):
                yield from sentence.unsure()
            elif isinstance(sentence, RepeatedSentence):
                yield from sentence.obligation.acts.unsure()

    def held(self, before: Instant) -> Instant:
        """Up to where the past may be forgotten: not beyond what may be judged again."""
        if any(not isinstance(s, DutySentence) or any(True for _ in s.imposed()) for s in self.sentences()):
            return NEVER
        return min((r.instant for r in self._unsure()), default=before)

    def see(self, since: Instant, breaches: Instant) -> None:
        """Silence and force may stand otherwise from an instant on, breaches of clauses from another."""
        for sentence in self.sentences():
            for obligation in sentence.obligations():
                obligation.see(self.world)
            if isinstance(sentence, StandingSentence):
                sentence.see()
            if isinstance(sentence, DutySentence):
                sentence.look_again()
        keepers = {id(k): k for found in self._keepers.values() for k in found}
        kept = [(r.instant, r.event.index, n, r) for n, k in keepers.items() for r in k.since(since)]
        for _, _, n, record in sorted(kept, key=lambda each: each[:3]):
            keepers[n].put(record)
        self.again((breaches - 1, 0))

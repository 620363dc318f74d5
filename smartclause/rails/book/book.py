"""The duties of a contract, kept as records come (design 2.8, 2.9): in agreement with `logic.duties` at every place.

What was judged is kept; a record that comes late, a supplement or a source heard makes only what it may have changed
be judged again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.force import holds_at, in_force
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.record import Source
from smartclause.logic.truth import Truth, negate, some
from smartclause.logic.world import Cloud, Position, Record, World, differ_throughout
from smartclause.rails.book.conditions import History, Place
from smartclause.rails.book.ground import Ground
from smartclause.rails.book.matter import Matter
from smartclause.rails.book.owed import owed
from smartclause.rails.book.page import LATER, NEVER, OUTSIDE, Page
from smartclause.rails.book.reach import types_read, views_needed
from smartclause.rails.book.sentences import TELLING, DutySentence
from smartclause.rails.formula import Force, Leaf, Owed
from smartclause.rails.past.past import Past
from smartclause.rails.refused import CannotDo
from smartclause.rails.rows import Row


class Book:
    """Starts with the records, sources and clouds of a world. `past` holds the same records and shall get no others.

    `judged`: parties of whose acts it is asked whether a clause is violated or a duty allows them; None: those
    of whom the contract asks it. `views`: in doubt of whose word it is asked besides.

    Of a contract that was amended the book of the version before stands under it: what was opened there lives on.
    """

    def __init__(
        self,
        world: World,
        past: History | None = None,
        judged: Iterable[str] | None = None,
        views: Iterable[frozenset[str]] = (),
    ) -> None:
        needed = views_needed(world.lookup, judged) | set(views)
        self._earlier = None if world.earlier is None else Book(world.earlier, judged=judged, views=needed)
        self._ground = Ground(world)
        self.past: History = Past.of(world) if past is None else past
        self._records: dict[str, Record] = {}
        self.closed: Counter[tuple[str, int, DutyStatus]] = Counter()
        self._supplements: dict[str, set[str]] = {}
        self._read = types_read(world.lookup)
        self._last: Place = (-(2**63), 0)
        self._pages: dict[frozenset[str], Page] = {}
        for doubted in sorted(needed, key=len, reverse=True):
            page_past = self.past
            for party in sorted(doubted - world.doubted):
                page_past = page_past.doubting(party)
            whose = world.doubted | doubted
            earlier = None if self._earlier is None else self._earlier._pages[whose]
            self._pages[whose] = Page(self._ground, page_past, whose, self._pages, earlier)
        self._plain = self._pages[world.doubted]
        for record in world.records:
            self._keep(record)

    @classmethod
    def of(cls, world: World) -> Book:
        return cls(world)

    @property
    def size(self) -> int:
        """How many records are kept."""
        return len(self._records)

    # ---- records

    def add(self, record: Record) -> None:
        """In any order. A supplement fills its record; a second version of an event contradicts the first.

        Raises CannotDo where the contract was amended: what was opened under a version before is not judged again.
        """
        if self._earlier is not None:
            raise CannotDo("a record that comes while an amended contract is followed", record.event.id)
        self.past.add(record)
        event = record.event
        if event.type == "supplement":
            self._supplement(record)
        elif event.id in self._records:
            self._second(record)
        elif event.type != "heartbeat":
            self._keep(record)

    def _keep(self, record: Record) -> None:
        place = (record.instant, record.event.index)
        self._records[record.event.id] = record
        late = place < self._last
        self._last = max(self._last, place)
        if self._ground.first is None or record.instant < self._ground.first:
            self._ground.first = record.instant
        if record.event.type in self._ground.ending:
            self._end(record)
        for page in self._pages.values():
            page.put(record)
            if late:
                page.again(place)
            else:
                page.came(record.instant)

    def _end(self, record: Record) -> None:
        self._ground.end(record)
        for page in self._pages.values():
            page.see(record.instant, record.instant)

    def _supplement(self, record: Record) -> None:
        target = str(record.event.facts.get("event", ""))
        touched = self._supplements.setdefault(record.event.id, set())
        touched.add(target)  # another version with the same number makes both unsure
        for name in touched:
            if name in self._records:
                self._revise(self._records[name], self._records[name])

    def _second(self, record: Record) -> None:
        held = self._records[record.event.id]
        first, second = (held, record) if held.event.index <= record.event.index else (record, held)
        if held.event.unreliable or differ_throughout(first.event, second.event):
            first = replace(first, event=replace(first.event, unreliable=True))
        self._revise(held, first)

    def _revise(self, old: Record, new: Record) -> None:
        self._records[new.event.id] = new
        places = [(r.instant, r.event.index) for r in (old, new)]
        if new.event.type in self._ground.ending:
            self._end(new)
        for page in self._pages.values():
            page.drop(old)
            page.put(new)
            page.again(min(places))

    def see(self, sources: Iterable[Source], clouds: Iterable[Cloud]) -> None:
        """From now on sources are complete as far as they say here, and records may stand unseen where these clouds
        are, and nowhere else."""
        sources, clouds = tuple(sources), tuple(clouds)
        changed = set(self._ground.world.clouds) ^ set(clouds)
        heard = set(self._ground.world.sources) ^ set(sources)
        self._ground.see(sources, clouds)
        self.past.see(clouds)
        since = min((c.since for c in changed), default=LATER)
        marks = min((NEVER if s.complete is None else s.complete for s in heard), default=LATER)
        for page in self._pages.values():
            page.see(since, min(since, marks))

    def forget(self, before: Instant, started: Instant | None = None) -> list[Instance]:
        """Drops instances that nothing can change, and gives them as they stood; `closed` counts them.

        From now on no question comes with `now` or a position earlier than this, and nothing earlier is recorded or
        revised; what was not known of it may still be filled. `started`: nor does the clock of a later record start
        before that; then acts older than that are dropped too.
        """
        dropped = {page: page.forget(before, started) for page in self._pages.values()}[self._plain]
        self.closed.update((i.clause, i.sentence, i.status) for i in dropped)
        self._forget_records(before)
        line = min(page.held(before) for page in self._pages.values())
        if line > NEVER:
            self.past.forget(line)
        return dropped

    def _forget_records(self, before: Instant) -> None:
        """But for what may still be filled, and what conditions of duties read."""
        held = {name for page in self._pages.values() for name in page.records()}
        for name, record in list(self._records.items()):
            if record.instant < before and name not in held and record.event.type not in self._read:
                del self._records[name]

    # ---- questions

    def statuses(self, before: Position, now: Instant) -> Iterator[Instance]:
        """Every instance as it stands before a place, at an instant not earlier than that of the place."""
        place = (before.instant, before.index)
        for sentence in self._plain.sentences():
            yield from (instance for instance, _ in sentence.told(place, now))

    def changed(self, before: Position, now: Instant) -> tuple[dict[Matter, Instance | None], list[Instance]]:
        """As `statuses`: of duties that records open those alone that may stand otherwise than when this was last
        asked, None where one is no more; of all others every instance. Neither place nor instant ever goes back."""
        place, found, every = (before.instant, before.index), dict[Matter, Instance | None](), list[Instance]()
        for sentence in self._plain.sentences():
            if isinstance(sentence, DutySentence) and sentence.followed:
                found.update(sentence.changed(place, now))
            else:
                every += (instance for instance, _ in sentence.told(place, now))
        return found, every

    def upcoming(self) -> Instant | None:
        """The next instant at which time alone may change a duty that a record opened, as `changed` told them."""
        found = (
            s.front(TELLING).upcoming for s in self._plain.sentences() if isinstance(s, DutySentence) and s.followed
        )
        return min((at for at in found if at is not None), default=None)

    def next_change(self, instance: Instance, now: Instant) -> Instant | None:
        """The next instant at which an instance, as it stands now, may stand otherwise though nothing is recorded;
        None: never."""
        return min((c for c in self._plain.changes(instance, now) if c > now), default=None)

    @property
    def may_have_ended(self) -> bool:
        """Whether a file may have been ended or replaced; False: `ended` is false throughout."""
        world = self._ground.world
        return bool(world.clouds or world.records or world.effective or world.replaced)

    def ended(self, force: Force, before: Position) -> Truth:
        """Whether it was, of what stands before a place inside the days of its force."""
        module, clause = self._ground.world.lookup.clauses[force.clause]
        inside = in_force if force.grants else holds_at
        return negate(inside(self._ground.world, module, clause, before.instant, before))

    def violated(self, leaf: Leaf, row: Row, before: Position, now: Instant) -> Truth:
        """A leaf `clause N is violated`, for the record in view."""
        return self._plain.violated(leaf, row, before, now, OUTSIDE)

    def violated_why(self, leaf: Leaf, row: Row, before: Position, now: Instant) -> frozenset[Reason]:
        """Why it is unknown; nothing where it is not."""
        return self._plain.violated_why(leaf, row, before, now, OUTSIDE)

    def owed(self, ground: Owed, row: Row, before: Position, now: Instant) -> Truth:
        """Whether the act in view answers what a duty of the file asks of its party."""
        if ground.version:
            return self._before.owed(*self._asked_before(ground, row), before, now)
        page = self._plain.doubting(ground.party)
        return some(truth for truth, _ in owed(page, ground.module, row, (before.instant, before.index), now))

    def owed_why(self, ground: Owed, row: Row, before: Position, now: Instant) -> frozenset[Reason]:
        if ground.version:
            return self._before.owed_why(*self._asked_before(ground, row), before, now)
        page = self._plain.doubting(ground.party)
        found = list(owed(page, ground.module, row, (before.instant, before.index), now))
        if some(truth for truth, _ in found) is not Truth.UNKNOWN:
            return frozenset()
        return frozenset(reason for truth, why in found if truth is Truth.UNKNOWN for reason in why)

    @property
    def _before(self) -> Book:
        assert self._earlier is not None
        return self._earlier

    def _asked_before(self, ground: Owed, row: Row) -> tuple[Owed, Row]:
        """The question as the version before understands it, and the act as that one reads it."""
        return replace(ground, version=ground.version - 1), self._before.past.row(row.record, row.party)

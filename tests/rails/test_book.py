"""The book of duties agrees with the reference at every place, whatever is recorded, however late."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.logic.contract import Duty
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.evaluate import View, judge
from smartclause.logic.finding import unknown_leaves
from smartclause.logic.instances import Instance
from smartclause.logic.needs import open_reasons
from smartclause.logic.owed import owed
from smartclause.logic.record import Event
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from smartclause.logic.world import Position, Record, World, place
from smartclause.rails.book.book import Book
from smartclause.rails.formula import Leaf, Owed
from tests.logic.builders import ALL, DAY, HOUR
from tests.rails.duty_worlds import END, START, DutyCase, DutyMaker


def tries(number: int) -> settings:
    """So many in a plain run, in proportion in a long one."""
    return settings(max_examples=number * max(settings.default.max_examples, 80) // 80)


def seen(instance: Instance | None) -> object:
    """All that an instance says, but for the facts read."""
    if instance is None:
        return None
    plain = replace(instance, reasons=(), reads=(), otherwise=None)
    return plain, frozenset(instance.reasons), seen(instance.otherwise)


def of_reference(world: World, before: Position, now: int) -> list[object]:
    return [seen(i) for i in Duties(world, before, now).all()]


def of_book(book: Book, before: Position, now: int) -> list[object]:
    return [seen(i) for i in book.statuses(before, now)]


def borders(world: World) -> list[int]:
    """One instant before each due, at it, after it; and where the agreed silence is over."""
    found: set[int] = set()
    for instance in Duties(world, Position(END, LAST_INDEX), END).all():
        step: Instance | None = instance
        while step is not None:
            times = (step.due.earliest, step.due.latest, step.start, step.ended)
            for time in (t for t in times if t is not None):
                found |= {time - 1, time, time + 1, time + HOUR - 1, time + HOUR, time + DAY - 1, time + DAY}
            step = step.otherwise
    return sorted(t for t in found if START - DAY <= t <= END)


def places(maker: DutyMaker, world: World, most: int) -> list[tuple[Position, int]]:
    """Borders, records, and the end."""
    instants = borders(world)
    asked = [(Position(t, LAST_INDEX), t) for t in maker.sample(instants, min(most, len(instants)))]
    asked += [(r.position, r.instant) for r in maker.sample(world.records, min(2, len(world.records)))]
    return [*asked, (Position(END, LAST_INDEX), END)]


def makers() -> st.SearchStrategy[DutyMaker]:
    return st.integers(0, 2**40).map(DutyMaker)


@tries(150)
@given(makers())
def test_every_stretch_of_a_standing_duty_is_that_of_the_reference(maker: DutyMaker) -> None:
    case = maker.standing_case()
    world = case.world()
    book, late = Book.of(world), Book.of(case.world(()))
    for event in maker.sample(case.events, len(case.events)):
        late.add(placed(world, event))
    for before, now in places(maker, world, 4):
        expected = of_reference(world, before, now)
        assert of_book(book, before, now) == expected
        assert of_book(late, before, now) == expected


@tries(330)
@given(makers())
def test_every_instance_stands_as_in_the_reference_at_every_border(maker: DutyMaker) -> None:
    case = maker.duty_case()
    world = case.world()
    book = Book.of(world)
    for before, now in places(maker, world, 5):
        assert of_book(book, before, now) == of_reference(world, before, now)


@tries(120)
@given(makers())
def test_records_in_any_order_give_the_same_book(maker: DutyMaker) -> None:
    """The record's own order is its index: what comes late is put where it belongs."""
    case = maker.duty_case()
    world = case.world()
    book = Book.of(case.world(()))
    arriving = list(case.events)
    maker.shuffle(arriving)
    some_asked = maker.one(0, len(arriving))
    for n, event in enumerate(arriving):
        book.add(placed(world, event))
        if n < some_asked:
            known = case.world(in_order(arriving[: n + 1]))
            before, now = maker.choice(places(maker, known, 1))
            assert of_book(book, before, now) == of_reference(known, before, now)
    for before, now in places(maker, world, 2):
        assert of_book(book, before, now) == of_reference(world, before, now)


def placed(world: World, event: Event) -> Record:
    return place(world.lookup, event)


def in_order(events: list[Event]) -> tuple[Event, ...]:
    return tuple(sorted(events, key=lambda e: e.index))


@tries(80)
@given(makers())
def test_sources_heard_later_and_gaps_filled_change_the_book_as_they_change_the_reference(maker: DutyMaker) -> None:
    case = maker.duty_case()
    later = replace(case, sources=maker.sources(), clouds=maker.clouds())
    book = Book.of(case.world())
    for each in (later, case, replace(case, clouds=later.clouds)):
        world = each.world()
        book.see(each.sources, each.clouds)
        for before, now in places(maker, world, 1):
            assert of_book(book, before, now) == of_reference(world, before, now)


# ---- leaves


def leaf_in_reference(world: World, leaf: Leaf, act: Record) -> tuple[Truth, set[object]]:
    duties = Duties(world, act.position, act.instant)
    view = View(world, leaf.module, act, leaf.party, act.position, act.instant, duties.breaches, leaf.favour)
    found = judge(leaf.term, view)
    return found.truth, set(unknown_leaves(found))


def owed_in_reference(world: World, ground: Owed, act: Record) -> tuple[Truth, set[object]]:
    doubting = Duties(world.doubting(ground.party), act.position, act.instant)
    found = owed(doubting, act, world.lookup.modules[ground.module])
    return found.truth, set(open_reasons(found))


def acts(maker: DutyMaker, world: World) -> list[Record]:
    """Acts in order of their places, by either party, of a key or of none."""
    found = []
    for n, instant in enumerate(sorted(maker.sample(borders(world) or [END], 1) + [maker.instant() for _ in range(4)])):
        facts = {"incident": maker.key()} if maker.often(0.9) else {}
        name, by = maker.one("share", "train", "use", "notify"), maker.one("A", "B")
        event = Event(f"act{n}", f"m.{name}", instant, by, maker.one("A", "B", ""), "set-1", facts, ALL, index=500 + n)
        found.append(Record(event, instant, instant))
    return found


def leaves(maker: DutyMaker, world: World, party: str) -> Iterator[Leaf]:
    for clause in world.lookup.clauses:
        keys = maker.one((), ("incident",), ("subject",))
        term = ClauseViolated(clause, maker.one(0, 0, 1, 2), keys, maker.often(0.3))
        yield Leaf(term, "m", party, maker.often(0.5))


@tries(120)
@given(makers())
def test_whether_a_clause_is_violated_and_what_is_owed_agree_with_the_reference(maker: DutyMaker) -> None:
    case = maker.one(maker.duty_case, maker.simple_case)()
    world = case.world()
    book = Book(world, judged="AB")
    terms = {party: list(leaves(maker, world, party)) for party in "AB"}
    asked = acts(maker, world)
    if maker.often(0.2):
        maker.shuffle(asked)
    for act in asked:
        party = act.event.by
        row, at = book.past.row(act, party), act.position
        for leaf in terms[party]:
            told = book.violated(leaf, row, at, act.instant), set(book.violated_why(leaf, row, at, act.instant))
            assert told == leaf_in_reference(world, leaf, act)
        ground = Owed("m", act.event.type, party)
        told = book.owed(ground, row, at, act.instant), set(book.owed_why(ground, row, at, act.instant))
        assert told == owed_in_reference(world, ground, act)


def answers(book: Book, acts_: list[tuple[Record, list[Leaf]]]) -> list[object]:
    """All that may be asked of these acts."""
    found: list[object] = []
    for act, asked in acts_:
        row, at, now = book.past.row(act, act.event.by), act.position, act.instant
        found += [(book.violated(f, row, at, now), book.violated_why(f, row, at, now)) for f in asked]
        ground = Owed("m", act.event.type, act.event.by)
        found.append((book.owed(ground, row, at, now), book.owed_why(ground, row, at, now)))
    return found


@tries(60)
@given(makers())
def test_what_is_forgotten_changes_no_later_answer(maker: DutyMaker) -> None:
    """What is dropped stood for good; all else stands as in a book that forgets nothing."""
    case = maker.one(maker.duty_case, maker.simple_case)()
    empty = case.world(())
    kept, forgetting = Book(empty, judged="AB"), Book(empty, judged="AB")
    records = sorted((placed(empty, e) for e in without_repetition(case.events)), key=lambda r: r.position)
    terms = {party: list(leaves(maker, empty, party)) for party in "AB"}
    dropped: dict[object, object] = {}
    line = -(2**62)
    for n, record in enumerate(records):
        kept.add(record)
        forgetting.add(record)
        now = record.instant
        if maker.often(0.5):
            line = now
            started = first_start(case, records[n:], now)
            for instance in forgetting.forget(line, started):
                dropped[name_of(instance)] = settled(instance)
        end = Position(now, LAST_INDEX)
        asked = [(replace_at(act, now), terms[act.event.by]) for act in acts(maker, empty)]
        assert answers(forgetting, asked) == answers(kept, asked)
        for at, instant in ((end, now), (Position(END, LAST_INDEX), END)):
            whole = {name_of(i): seen(i) for i in kept.statuses(at, instant)}
            found = {name_of(i): seen(i) for i in forgetting.statuses(at, instant)}
            whole |= {name_of(i): settled(i) for i in kept.statuses(at, instant) if name_of(i) in dropped}
            assert found | dropped == whole
    assert sum(forgetting.closed.values()) == len(dropped)


def without_repetition(events: tuple[Event, ...]) -> list[Event]:
    """Second versions and supplements revise what came before: not what is meant here."""
    return [e for e in {e.id: e for e in reversed(events)}.values() if e.type != "supplement"]


def settled(instance: Instance) -> object:
    """Of what is over it no longer matters whether still other acts may have answered."""
    return seen(replace(instance, doubtful=False))


def name_of(instance: Instance) -> object:
    return instance.clause, instance.sentence, instance.trigger, instance.keys, instance.start


def replace_at(act: Record, now: int) -> Record:
    event = replace(act.event, time=now, index=10_000)
    return Record(event, now, now)


def first_start(case: DutyCase, coming: list[Record], now: int) -> int | None:
    """No clock of a later record starts before this; None where a fact not shown may start one at any time."""
    duties = [s for m in case.contract.modules for c in m.clauses for s in c.sentences if isinstance(s, Duty)]
    return None if any(d.clock for d in duties) else min([now, *(r.event.time for r in coming)])


@tries(60)
@given(makers())
def test_nothing_changes_before_the_next_change(maker: DutyMaker) -> None:
    world = maker.duty_case().world()
    book = Book.of(world)
    first = min(
        (r.instant for r in world.records), default=END
    )  # before it repeated duties of undated files begin anew
    instants = [t for t in borders(world) if first <= t and all(r.instant <= t for r in world.records)]
    for now in maker.sample(instants, min(3, len(instants))):
        found = list(book.statuses(Position(now, LAST_INDEX), now))
        later = {t: named(book, t) for t in [t for t in instants if t > now][:8]}
        for instance in found:
            upcoming = book.next_change(instance, now)
            assert upcoming is None or upcoming > now
            for t, stand in later.items():
                if upcoming is None or t < upcoming:
                    assert stand[name_of(instance)] == seen(instance)


def named(book: Book, now: int) -> dict[object, object]:
    return {name_of(i): seen(i) for i in book.statuses(Position(now, LAST_INDEX), now)}

"""Every engine behind one face: what it answers of a world, and what it cannot do.

`offers` names what an engine gives: "acts" (every recorded act), "proposed" (an act that is asked for), "duties".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from smartclause.engines.audit import acts_of
from smartclause.engines.decide.answers import is_amended, of_world, versions_before
from smartclause.engines.decide.decider import LAST, Decider
from smartclause.engines.decide.explanation import Explanation
from smartclause.engines.decide.shown import ASKED
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.instants import format_instant
from smartclause.logic.long_acts import undecided_since
from smartclause.logic.record import Event
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision, state_of
from smartclause.logic.world import Record, World
from smartclause.rails.book.book import Book
from smartclause.rails.formula import Formula, Leaf, Owed, grounds
from smartclause.rails.lowering import Lowered, LoweredNorm, lower_verdict
from smartclause.rails.past.past import Past
from smartclause.rails.refused import CannotDo
from tests.agreement.answers import (
    PLACES,
    Owes,
    Place,
    Told,
    at_end_of,
    in_order,
    owes_of,
    reference_acts,
    reference_duties,
    reference_proposed,
)
from tests.agreement.worlds import Case
from tests.rails.test_lowering import Looked, looking, reasons_of, truth_of

if TYPE_CHECKING:
    from smartclause.engines.sql import duck


@dataclass(frozen=True)
class Answers:
    """What an engine says of a case. None: it does not offer such an answer."""

    acts: list[Told] | None = None
    proposed: list[Told] | None = None
    duties: list[Owes] | None = None
    plain: list[Told] | None = None  # acts asked with facts alone, at the instant of asking


EVERYTHING = frozenset({"clauses", "leaves", "reasons"})


@dataclass(frozen=True)
class Engine:
    """`batch` answers many cases at once; it raises CannotDo, or puts it in the place of a case's answers.

    `coarse`: reasons come without the numbers of events. `tells`: what it says of an act besides the verdict.
    """

    name: str
    batch: Callable[[Sequence[Case]], Iterable[Answers | CannotDo]]
    coarse: bool = False
    tells: frozenset[str] = EVERYTHING


def one_by_one(name: str, answer: Callable[[Case], Answers], coarse: bool = False) -> Engine:
    def batch(cases: Sequence[Case]) -> Iterable[Answers | CannotDo]:
        for case in cases:
            try:
                yield answer(case)
            except CannotDo as refusal:
                yield refusal

    return Engine(name, batch, coarse)


# ---- the reference


def _reference(case: Case) -> Answers:
    world = case.world()
    return Answers(
        reference_acts(world),
        [reference_proposed(world, act) for act in case.acts_asked(world)],
        reference_duties(world, at_end_of(case.asked), case.asked),
        [plain_reference(world, act, case.asked) for act in case.proposed],
    )


def plain_reference(world: World, act: Event, at: Instant) -> Told:
    told = reference_proposed(world, plainly(act, at))
    return replace(told, event=act.id, reasons=frozenset(replace(r, supply=None) for r in told.reasons))


REFERENCE = one_by_one("reference", _reference)


# ---- the formulas, read with the reference's leaves or with the past of the rails

Look = Callable[[Formula], Looked]
LookAt = Callable[[World], Callable[[Record], Look]]


@dataclass(frozen=True)
class _Weighed:
    """What the status of a clause looks at."""

    grants: bool
    applies: Truth
    own: Truth
    truth: Truth


def by_formula(
    look_at: Callable[[World], Callable[[Record], Look]],
) -> Callable[[Case], Answers]:
    def answer(case: Case) -> Answers:
        world = case.world()
        judge_one = _Judge(world, look_at(world))
        return Answers(
            [judge_one.told(act) for act in acts_of(world)], [judge_one.told(act) for act in case.acts_asked(world)]
        )

    return answer


@dataclass(frozen=True)
class _Judge:
    world: World
    looks: Callable[[Record], Look]

    def told(self, act: Record) -> Told:
        """At both places of an act inside the lag; undecided while a long act shows no sign of life (design 2.2)."""
        lowered = lower_verdict(
            self.world.lookup, act.event.type, act.event.by, self.world.signed, self.world.draft,
            versions_before(self.world),
        )  # fmt: skip
        told = self._at_place(lowered, act)
        if act.received != act.instant and lowered.controlled:
            late = self._at_place(lowered, replace(act, instant=act.received))
            if late.truth is not told.truth:
                why = Reason("order within the lag", type=act.event.type, event=act.event.id)
                both = (t.reasons for t in (told, late) if t.truth is Truth.UNKNOWN)
                told = replace(told, truth=Truth.UNKNOWN, reasons=frozenset({why}).union(*both))
        since = undecided_since(self.world, act) if told.truth is Truth.TRUE else None
        if since is not None:
            zone = self.world.lookup.modules[self.world.lookup.contract.module].header.zone
            why = Reason(
                "no checkpoint in time", type=act.event.type, event=act.event.id, detail=format_instant(since, zone)
            )  # fmt: skip
            told = replace(told, truth=Truth.UNKNOWN, reasons=frozenset({why}))
        return told

    def _at_place(self, lowered: Lowered, act: Record) -> Told:
        seen: dict[Formula, Looked] = {}
        asked = self.looks(act)

        def look(ground: Formula) -> Looked:
            if ground not in seen:
                seen[ground] = asked(ground)
            return seen[ground]

        lookup = self.world.lookup
        return Told(
            act.event.id,
            truth_of(lowered.verdict, look),
            {
                c.id: state_of(tuple(_weighed(n, look) for n in lowered.of_clause(c.id)))
                for _, c in lookup.all_clauses()
            },  # type: ignore[arg-type]
            {place: look(g)[0] for n in lowered.norms for place, g in places_of(n)},
            frozenset(reasons_of(lowered.verdict, look, act.event.id)),
        )


def _status(lowered: Lowered, clause: str, look: Look) -> ClauseState:
    return state_of(tuple(_weighed(n, look) for n in lowered.of_clause(clause)))  # type: ignore[arg-type]


def _weighed(norm: LoweredNorm, look: Callable[[Formula], Looked]) -> _Weighed:
    return _Weighed(norm.grants, truth_of(norm.applies, look), truth_of(norm.own, look), truth_of(norm.truth, look))


def places_of(norm: LoweredNorm) -> Iterable[tuple[Place, Formula]]:
    for name, formula in zip(PLACES, (norm.applies, norm.condition, norm.exception), strict=True):
        for number, ground in enumerate(grounds(formula)):
            yield (norm.clause, norm.number, name, number), ground


def _over_the_past(world: World) -> Callable[[Record], Look]:
    whole = Past.of(world)

    def at(act: Record) -> Look:
        past = _past_without(world, act) if _is_asked_later(world, act) else whole
        reference = looking(world, act)

        def look(ground: Formula) -> Looked:
            if isinstance(ground, Leaf) and not isinstance(ground.term, ClauseViolated):
                row = past.row(act, ground.party)
                where = (ground, row, act.position, act.instant)
                return past.truth(*where), tuple(past.reasons(*where))
            return reference(ground)

        return look

    return at


LOWERING = one_by_one("lowering", by_formula(lambda world: lambda act: looking(world, act)))
PAST = one_by_one("past", by_formula(_over_the_past))


# ---- decide


TRUTHS = {Decision.ALLOWED: Truth.TRUE, Decision.REFUSED: Truth.FALSE, Decision.UNDECIDED: Truth.UNKNOWN}


def _decide(case: Case) -> Answers:
    """Acts placed in the past as records are; and asked plainly, with facts alone."""
    world = case.world()
    versions = {"earlier": versions_before(world), "amended": is_amended(world)}
    decider = Decider(world.lookup, world.signed, draft=world.draft, past=of_world(world), **versions)
    blind = Decider(world.lookup, world.signed, draft=world.draft, **versions)
    for act in case.proposed if not world.draft else ():
        guess = blind.verdict(act.type, act.by, act.facts, case.asked, act.caller)
        seeing = decider.verdict(act.type, act.by, act.facts, case.asked, act.caller)
        assert guess in (Decision.UNDECIDED, seeing), (
            "without a ledger nothing is settled that a ledger settles otherwise"
        )
    return Answers(
        proposed=[_decided(decider, act) for act in case.acts_asked(world)],
        plain=[_asked_plainly(decider, act, case.asked) for act in case.proposed],
    )


def _decided(decider: Decider, act: Record) -> Told:
    found = decider.judge(act)
    alone = decider.at_place(act)
    assert alone.verdict() is found.decision, "the bare verdict"
    assert dict(alone.statuses()) == dict(found.statuses), "the statuses alone"
    return _told(act.event.id, found)


def _asked_plainly(decider: Decider, act: Event, at: Instant) -> Told:
    asked = (act.type, act.by, act.facts, at, act.caller)
    found = decider.explain(*asked)
    assert decider.verdict(*asked) is found.decision, "the bare verdict"
    assert dict(decider.statuses(*asked)) == dict(found.statuses), "the statuses alone"
    told = _told(act.id, found)
    return replace(told, reasons=frozenset(replace(r, supply=None) for r in told.reasons))


def _told(name: str, found: Explanation) -> Told:
    states: dict[str, ClauseState] = dict(found.statuses)
    return Told(name, TRUTHS[found.decision], states, dict(found.leaves), frozenset(found.reasons))


def plainly(act: Event, at: Instant) -> Record:
    """An act as one who decides asks it: facts, of which the caller verified some; nobody has signed."""
    event = Event(ASKED, act.type, at, act.by, facts=act.facts, index=LAST, received=at, caller=act.caller)
    return Record(event, at, at)


DECIDE = one_by_one("decide", _decide)

# ---- the book of duties, over the past of the rails


def _over(world: World, book: Book) -> Callable[[Record], Look]:
    def at(act: Record) -> Look:
        reference, past = looking(world, act), book.past
        apart = _past_without(world, act) if _is_asked_later(world, act) else past

        def look(ground: Formula) -> Looked:
            match ground:
                case Leaf(ClauseViolated()):
                    where = (ground, past.row(act, ground.party), act.position, act.instant)
                    return book.violated(*where), tuple(book.violated_why(*where))
                case Leaf():
                    where = (ground, apart.row(act, ground.party), act.position, act.instant)
                    return apart.truth(*where), tuple(apart.reasons(*where))
                case Owed():
                    asked = (ground, past.row(act, ground.party), act.position, act.instant)
                    return book.owed(*asked), tuple(book.owed_why(*asked))
                case _:
                    return reference(ground)

        return look

    return at


def _is_asked_later(world: World, act: Record) -> bool:
    """At its received place an act that is recorded is no part of its own past."""
    own = world.by_id.get(act.event.id)
    return own is not None and own.position < act.position


def _past_without(world: World, act: Record) -> Past:
    return Past.of(replace(world, records=tuple(r for r in world.records if r.event.id != act.event.id)))


def _book(case: Case) -> Answers:
    """The formulas over the past and the book, and the duties: all that the rails know."""
    world = case.world()
    book = Book.of(world)
    judge_one = _Judge(world, _over(world, book))
    return Answers(
        [judge_one.told(act) for act in acts_of(world)],
        [judge_one.told(act) for act in case.acts_asked(world)],
        in_order([owes_of(i) for i in book.statuses(at_end_of(case.asked), case.asked)]),
    )


BOOK = one_by_one("book", _book)


# ---- the audit in SQL


def _duckdb(cases: Sequence[Case]) -> Iterable[Answers | CannotDo]:
    """One connection for all: a statement is planned for every type of act in every contract."""
    import duckdb

    from smartclause.engines.sql import duck

    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        for together in _audited_together(cases):
            worlds = [c.world() for c in together]
            try:
                told = duck.acts_in(worlds, connection)
                owed_at_end = duck.duties_in(worlds, connection, together[0].asked)
            except CannotDo as refusal:
                yield from [refusal for _ in together]
                continue
            for acts, owed in zip(told, owed_at_end, strict=True):
                yield Answers([_plain(t) for t in acts], duties=in_order([owes_of(i) for i in owed]))


def _audited_together(cases: Sequence[Case]) -> Iterator[list[Case]]:
    """One statement for neighbours that share all but their records."""
    for _, group in groupby(cases, _shared):
        yield list(group)


def _shared(case: Case) -> tuple[object, ...]:
    version = getattr(case, "version", 0)  # of an amended contract
    return id(case.contract), version, case.asked, case.sources, case.clouds, case.signed, case.draft


def _plain(told: duck.Told) -> Told:
    reasons = frozenset(Reason(kind, name, type_, role) for kind, name, type_, role in told.reasons)
    return Told(told.event, told.truth, dict(told.clauses), dict(told.leaves), reasons)


DUCKDB = Engine("duckdb", _duckdb, coarse=True)

ENGINES = (BOOK, DECIDE)
EVERY = {e.name: e for e in (LOWERING, PAST, BOOK, DECIDE, DUCKDB)}

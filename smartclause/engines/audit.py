"""The audit: every recorded act judged again at its own place, every duty followed up to one instant.

Adds no meaning: verdicts and duties are the reference's. The result is plain data that faces render.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

from smartclause.logic.contract import BUILT_IN
from smartclause.logic.counting import Instant
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.finding import Reason
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import open_reasons
from smartclause.logic.register import Overall
from smartclause.logic.second_values import SecondValue, second_values
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import ClauseState, Decision, Verdict, decision_of
from smartclause.logic.world import Position, Record, World

Engine: TypeAlias = Literal["reference", "duckdb", "spark"]
Progress = Callable[[int, int], None]  # uses judged, uses in all


@dataclass(frozen=True, slots=True)
class Note:
    """What a reader must know to rely on an answer.

    Kinds: time not attested, segment missing, after the last checkpoint, kept by one who is
    judged, no ledger, no register, read as closed, unsigned, calendar changed, amendment not signed, receipt not
    attested, draft, what if, not signed (the event), attested by the caller, attestation refused, wrong type, not
    declared (a fact), not trusted (the issuer of a record), other contract, withheld (facts of a record that nobody
    opened), second value (for a known fact: it fills nothing), judged by SQL (on which database), judged by the
    reference (in the place of SQL: what that cannot).
    """

    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on an act under all it stands under; without a register the contract named is the only member.

    `final` is false while a source that may record what was read is not complete up to the act's instant.
    """

    overall: Overall
    final: bool = False

    @property
    def truth(self) -> Truth:
        return self.overall.truth

    @property
    def decision(self) -> Decision:
        return self.overall.decision

    @property
    def members(self) -> tuple[tuple[str, Verdict], ...]:
        return self.overall.members

    @property
    def open(self) -> tuple[Reason, ...]:
        """Why it is unknown, each once; nothing where it is settled."""
        return open_reasons(self.overall.finding)

    @property
    def registered(self) -> bool:
        return self.overall.registered

    @property
    def open_kinds(self) -> tuple[Reason, ...]:
        """The same; of an outline they name no single record."""
        return self.open

    @property
    def stated(self) -> tuple[Stated, ...]:
        """How the clauses of every member stand."""
        return tuple(Stated(c.clause, c.state, bool(c.norms)) for _, v in self.members for c in v.clauses)

    @property
    def tests_every(self) -> bool:
        """Whether its explanation may show a test of every record that failed."""
        return True


@dataclass(frozen=True, slots=True)
class Stated:
    """`concerned`: the clause has a sentence on such acts."""

    clause: str
    state: ClauseState
    concerned: bool


@dataclass(frozen=True)
class Outlined:
    """What a fast engine tells of an act. All that is behind it is the reference's, worked out where it is asked for;
    `explain` raises where the two differ."""

    truth: Truth
    final: bool
    stated: tuple[Stated, ...]
    open_kinds: tuple[Reason, ...]
    tests_every: bool
    registered: bool
    explain: Callable[[], Judged]

    @property
    def decision(self) -> Decision:
        return decision_of(self.truth)

    @cached_property
    def _explained(self) -> Judged:
        return self.explain()

    @property
    def overall(self) -> Overall:
        return self._explained.overall

    @property
    def members(self) -> tuple[tuple[str, Verdict], ...]:
        return self._explained.members

    @property
    def open(self) -> tuple[Reason, ...]:
        return self._explained.open if self.truth is Truth.UNKNOWN else ()


@dataclass(frozen=True, slots=True)
class Use:
    """One recorded act with its verdict."""

    record: Record
    judged: Judged | Outlined

    @property
    def decision(self) -> Decision:
        return self.judged.decision

    @property
    def moved(self) -> bool:
        """Its instant is not the one claimed (outside the agreed lag, or before a mark of completeness)."""
        return self.record.instant != self.record.event.time

    def clauses(self, *states: ClauseState) -> tuple[str, ...]:
        """Clauses in one of these states for the act, over all members."""
        found = (each.clause for each in self.judged.stated if each.state in states)
        return tuple(dict.fromkeys(found))

    @property
    def forbidden_by(self) -> tuple[str, ...]:
        return self.clauses(ClauseState.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class MissingFact:
    """A fact that is open under undecided uses. `uses`: in how many; `settles`: in how many it is the only one."""

    kind: str
    type: str
    field: str
    role: str
    uses: int
    settles: int


@dataclass(frozen=True)
class AuditResult:
    """`lookup` is that of the contract named. `asked`: the instant up to which duties are followed.

    `inputs` name what the audit read, by digest or number (contract, ledger, head, register, trust, calendars).
    Of an amended contract it is the last version's part, `version`; `earlier` are the parts of those before.
    `second_values` are the statements that contradict a known fact. `engine` is what judged.
    """

    lookup: Lookup
    world: World
    asked: Instant
    uses: tuple[Use, ...]
    duties: tuple[Instance, ...]
    notes: tuple[Note, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    source: str = ""
    version: str = ""
    earlier: tuple[AuditResult, ...] = ()
    second_values: tuple[SecondValue, ...] = ()
    engine: Engine = "reference"

    def count(self, decision: Decision) -> int:
        return sum(use.decision is decision for use in self.uses)

    def states_of(self, clause: str) -> Counter[ClauseState]:
        """In how many uses the clause has each state."""
        return self._states[clause]

    @cached_property
    def _states(self) -> dict[str, Counter[ClauseState]]:
        found: defaultdict[str, Counter[ClauseState]] = defaultdict(Counter)
        for each in (s for use in self.uses for s in use.judged.stated):
            found[each.clause][each.state] += 1
        return found

    def duties_of(self, clause: str) -> tuple[Instance, ...]:
        return tuple(i for i in self.duties if i.clause == clause)

    @property
    def upcoming(self) -> tuple[Instance, ...]:
        """What is owed next, by due."""
        waiting = [i for i in self.duties if i.status is DutyStatus.OPEN]
        return tuple(sorted(waiting, key=lambda i: i.due.earliest))

    @property
    def is_clean(self) -> bool:
        """No use refused, no duty violated or cured late. Undecided uses and unproven duties are not clean either,
        but no violation: see `is_undecided`."""
        bad = (DutyStatus.VIOLATED, DutyStatus.CURED)
        if not all(each.is_clean for each in self.earlier):
            return False
        return self.count(Decision.REFUSED) == 0 and not any(i.status in bad for i in self.duties)

    @property
    def is_undecided(self) -> bool:
        hanging = (DutyStatus.UNPROVEN, DutyStatus.AWAITING)
        if any(each.is_undecided for each in self.earlier):
            return True
        return self.count(Decision.UNDECIDED) > 0 or any(i.status in hanging for i in self.duties)

    def missing(self) -> tuple[MissingFact, ...]:
        """The open facts of undecided uses, those that settle most uses first."""
        return ranked_missing(use.judged.open_kinds for use in self.uses)


def owed_by_reference(world: World) -> Iterator[Instance]:
    """Every duty as it stands at the end of the instant of asking."""
    return Duties(world, Position(world.asked, LAST_INDEX), world.asked).all()


def audit(
    world: World,
    judge: Callable[[Record], Judged | Outlined],
    acts: Iterable[Record],
    *,
    owed: Callable[[World], Iterable[Instance]] = owed_by_reference,
    notes: tuple[Note, ...] = (),
    inputs: tuple[tuple[str, str], ...] = (),
    source: str = "",
    progress: Progress | None = None,
) -> AuditResult:
    """`judge` gives the verdict on an act of `acts` at its own position, `owed` the duties."""
    waiting = list(acts)
    uses = []
    for number, record in enumerate(waiting, 1):
        uses.append(Use(record, judge(record)))
        if progress:
            progress(number, len(waiting))
    duties = tuple(owed(world))
    second = second_values(world)
    return AuditResult(
        world.lookup, world, world.asked, tuple(uses), duties, notes, inputs, source, second_values=second
    )


def acts_of(world: World, contract: str = "") -> tuple[Record, ...]:
    """The recorded acts: of types declared as acts, and of undeclared types under the contract (its digest),
    since a type that nobody declares is controlled (design 2.2)."""
    lookup = world.lookup

    def concerns(record: Record) -> bool:
        kind = record.event.type
        undeclared = kind not in lookup.types and kind not in BUILT_IN and record.event.contract in ("", contract)
        return lookup.is_act(kind) or undeclared

    return tuple(r for r in world.records if concerns(r))


def ranked_missing(open_facts: Iterable[tuple[Reason, ...]]) -> tuple[MissingFact, ...]:
    """One group of reasons for each use, counted by kind, type, field and role."""
    uses: Counter[tuple[str, str, str, str]] = Counter()
    settles: Counter[tuple[str, str, str, str]] = Counter()
    for reasons in open_facts:
        kinds = {(r.kind, r.type, r.field, r.role) for r in reasons}
        uses.update(kinds)
        if len(kinds) == 1:
            settles.update(kinds)
    found = (MissingFact(*kind, uses=count, settles=settles[kind]) for kind, count in uses.items())
    return tuple(sorted(found, key=lambda f: (-f.settles, -f.uses, f.type, f.field, f.kind, f.role)))

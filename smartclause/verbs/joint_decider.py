"""`open_joint_decider`: all that the register says of an asset, or the versions of an amended contract, held ready.

Each file is decided by itself; the register's expression makes the verdict (design 2.4), as `decide` makes it. Files
that do not concern an asset cost nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from threading import RLock

from smartclause.engines.decide.answers import is_amended, of_world, versions_before
from smartclause.engines.decide.decider import Decider as ActDecider
from smartclause.engines.decide.decider import no_instant
from smartclause.engines.decide.explanation import TRUTHS_OF, Explanation
from smartclause.engines.decide.shown import NOTHING
from smartclause.engines.decide.unit import Facts
from smartclause.evidence.forms import instant
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.recording import MAX_EVENT
from smartclause.evidence.register import Register
from smartclause.evidence.trust import TrustSource
from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.lookup import Lookup
from smartclause.logic.register import Either, Expression, two_versions
from smartclause.logic.register import members as members_of
from smartclause.logic.terms import Kind, Value
from smartclause.logic.truth import Truth, every, some
from smartclause.logic.verdict import Decision, decision_of
from smartclause.rails.refused import CannotDo
from smartclause.rails.source.runtime import names_of
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import need_trust, open_contract, open_register
from smartclause.verbs.matter import Changes, History, Matter, Member, expression_of, matter_of
from smartclause.verbs.opened_from import OpenedFrom, opened_from
from smartclause.verbs.plain import PlainEvent, read_foreign, read_plain
from smartclause.verbs.sources import read_ledger
from smartclause.verbs.values import ConceptTree, concept_tree, spelled

_MOST_DIGITS = 60


@dataclass(frozen=True)
class Jointly:
    """`decision` with those of the files that the asset stands under, each explained by itself.

    Of a file that is open `decision` allowed means only that it does not bar the act.
    """

    decision: Decision
    members: Mapping[str, Explanation]
    reasons: frozenset[Reason]
    registered: bool = True


@dataclass(frozen=True)
class _Act:
    """As the contract named reads it; `spelled` is how other files get to read its facts."""

    type: str
    by: str
    asset: str
    facts: Facts
    spelled: PlainEvent
    at: Instant
    attested: frozenset[str]


@dataclass
class _Found:
    """The value of a part of the expression, why it is unknown, and whether a contract speaks in it."""

    truth: Truth
    closed: bool
    reasons: frozenset[Reason] = frozenset()


@dataclass(frozen=True)
class _Held:
    """One file with its own decider."""

    member: Member
    decider: ActDecider
    tree: ConceptTree

    def controls(self, type_: str) -> bool:
        return self.decider.lookup.is_controlled(type_)


@dataclass(frozen=True)
class _Entries:
    """The register by asset: from which instants on an asset stands under what."""

    by_asset: Mapping[str, tuple[list[Instant], list[Expression | None]]]

    @classmethod
    def of(cls, register: Register) -> _Entries:
        received = instant(register.dated)
        found: dict[str, tuple[list[Instant], list[Expression | None]]] = {}
        for entry in register.entries:  # in order of asset and instant
            since, under = found.setdefault(entry.asset, ([], []))
            since.append(max(instant(entry.since), received))
            under.append(None if entry.under is None else expression_of(entry.under))
        return cls(found)

    def at(self, asset: str, at: Instant) -> Expression | None:
        since, under = self.by_asset.get(asset, ([], []))
        place = bisect_right(since, at)
        return under[place - 1] if place else None


@dataclass
class JointDecider:
    """Asked as a `Decider` is, with the asset of the act. Threads may share one."""

    matter: Matter
    history: History
    clock: Clock
    not_before: Instant
    opened: OpenedFrom = field(default_factory=OpenedFrom)
    _entries: _Entries | None = None
    _held: dict[str, _Held] = field(default_factory=dict)
    _clashes: dict[tuple[str, ...], str] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        register = self.matter.register
        self._entries = None if register is None else _Entries.of(register)

    def is_current(self) -> bool:
        """Whether all files and the ledger still are as they were when it was opened. Takes milliseconds."""
        return self.opened.unchanged()

    def verdict(
        self,
        type_: str,
        by: str,
        asset: str,
        facts: Facts,
        at: Instant | None = None,
        attested: frozenset[str] = NOTHING,
    ) -> Decision:
        """May `by` do the act with the asset now. Another instant is a what-if, which never answers allowed."""
        found = decision_of(self._value(self._typed(type_, by, asset, facts, at, attested)).truth)
        return found if at is None else _at_another_instant(found)

    @property
    def lookup(self) -> Lookup:
        """Of the contract named."""
        return self.matter.main.reader.lookup

    def from_json(self, content: bytes, at: Instant | None = None, attested: frozenset[str] = NOTHING) -> Decision:
        """The verdict on `{"type": …, "by": …, "asset": …, "facts": {…}}`. Raises VerbError VB05-VB08, VB10, VB18."""
        found = decision_of(self._value(self._read(content, at, attested)).truth)
        return found if at is None else _at_another_instant(found)

    def explain(
        self,
        type_: str,
        by: str,
        asset: str,
        facts: Facts,
        at: Instant | None = None,
        attested: frozenset[str] = NOTHING,
    ) -> Jointly:
        """The verdict with each file's own, and why it is undecided. `at`: what it would be; it permits nothing."""
        act = self._typed(type_, by, asset, facts, at, attested)
        told: dict[str, Explanation] = {}
        expression = self._expression(act)
        found = self._value(act, told)
        decision = decision_of(found.truth)
        if at is not None:
            decision = _at_another_instant(decision)
        return Jointly(decision, told, found.reasons, expression is not None)

    # ---- the act

    def _typed(
        self, type_: str, by: str, asset: str, facts: Facts, at: Instant | None, attested: frozenset[str]
    ) -> _Act:
        main = self._of(self.matter.main)
        known = main.decider.functions(type_, by).facts
        told = {n: v for n, v in facts.items() if known.fits(n, v)}
        raw = {n: self._spelled(type_, n, v) for n, v in told.items() if not _is_endless(v)}
        act = PlainEvent.model_construct(type=type_, facts=raw)
        return _Act(type_, by, asset, told, act, self._instant(at), names_of(attested))

    def _spelled(self, type_: str, name: str, value: Value) -> object:
        """As a signed event would: whole numbers as such."""
        declared = self.matter.main.reader.lookup.field(type_, name)
        number = declared is not None and declared.type.kind is Kind.NUMBER
        return int(value) if number and isinstance(value, Decimal) and value == int(value) else spelled(value)

    def _read(self, content: bytes, at: Instant | None, attested: frozenset[str]) -> _Act:
        if len(content) > MAX_EVENT:
            raise VerbError("VB05", reason=f"the text is longer than {MAX_EVENT} bytes")
        lookup = self.matter.main.reader.lookup
        act, facts = read_plain(content, lookup)
        if act.by is None:
            raise VerbError("VB10", field="by")
        if not lookup.is_act(act.type) and not lookup.is_controlled(act.type):
            raise VerbError("VB18", type=act.type)
        return _Act(act.type, act.by, act.asset or "", facts, act, self._instant(at), names_of(attested))

    def _instant(self, at: Instant | None) -> Instant:
        if at is None:
            return max(self.clock(), self.not_before)
        if type(at) is not int:
            raise no_instant(at)
        return at

    # ---- what it stands under

    def _expression(self, act: _Act) -> Expression | None:
        if self._entries is None or not act.asset:
            return self.matter.expression(act.type, act.asset, act.at)
        return self._entries.at(act.asset, act.at)

    def _value(self, act: _Act, told: dict[str, Explanation] | None = None) -> _Found:
        expression = self._expression(act)
        if expression is None:
            return _Found(Truth.UNKNOWN, False, frozenset({Reason("not registered", type=act.type)}))
        held = {name: self._of(self.matter.members.get(name, self.matter.main)) for name in members_of(expression)}
        controlled = any(each.controls(act.type) for each in held.values())
        found = _with_contract(self._part(expression, act, held, controlled, told), controlled, act.type)
        clash = self._clash(held)
        if not clash:
            return found
        why = Reason("two versions of one vocabulary", type=act.type, detail=clash)
        return _Found(Truth.UNKNOWN, found.closed, found.reasons | {why})

    def _part(
        self,
        expression: Expression,
        act: _Act,
        held: Mapping[str, _Held],
        controlled: bool,
        told: dict[str, Explanation] | None,
    ) -> _Found:
        if isinstance(expression, str):
            return self._member(expression, held[expression], act, told)
        parts = [self._part(p, act, held, controlled, told) for p in expression.parts]
        closed = isinstance(expression, Either) or any(p.closed for p in parts)
        if isinstance(expression, Either):
            parts = [_with_contract(p, controlled, act.type) for p in parts]
        truth = (some if isinstance(expression, Either) else every)(p.truth for p in parts)
        open_ = [p.reasons for p in parts if p.truth is Truth.UNKNOWN] if truth is Truth.UNKNOWN else []
        return _Found(truth, closed, frozenset[Reason]().union(*open_))

    def _member(self, name: str, held: _Held, act: _Act, told: dict[str, Explanation] | None) -> _Found:
        facts = self._as_read_by(held, act)
        decider, asked = held.decider, (act.type, act.by, facts, act.at, act.attested)
        lowered = decider.functions(act.type, act.by).lowered
        closed = not lowered.controlled or any(t.closed for t in lowered.tracks)
        reasons: frozenset[Reason] = frozenset()
        if told is None:
            truth = TRUTHS_OF[decider.verdict(*asked)]
        else:
            told[name] = found = decider.explain(*asked)
            truth, reasons = TRUTHS_OF[found.decision], found.reasons
        if held.member.bundle.is_open and act.by not in held.member.parties and truth is not Truth.FALSE:
            # An open file that does not know who acts says nothing about it (design 2.4).
            if told is not None:
                told[name].decision = Decision.UNDECIDED
            why = {Reason("not bound", type=act.type, detail=act.by)}
            if truth is Truth.TRUE and not closed:
                why.add(Reason("no contract", type=act.type))
            return _Found(Truth.UNKNOWN, closed, reasons | why)
        return _Found(truth, closed, reasons)

    def _as_read_by(self, held: _Held, act: _Act) -> Facts:
        if held.member.name == self.matter.main.name:
            return act.facts
        return read_foreign(act.spelled, act.facts, held.decider.lookup, held.tree)

    def _of(self, member: Member) -> _Held:
        with self._lock:
            if member.name not in self._held:
                world = self.history.world(member)
                decider = ActDecider(
                    world.lookup, world.signed, past=of_world(world), clock=self.clock, not_before=self.not_before,
                    earlier=versions_before(world), amended=is_amended(world), barred_only=True,
                )  # fmt: skip
                self._held[member.name] = _Held(member, decider, concept_tree(world.lookup.contract))
            return self._held[member.name]

    def _clash(self, held: Mapping[str, _Held]) -> str:
        names = tuple(held)
        if names not in self._clashes:
            self._clashes[names] = two_versions({n: h.decider.lookup for n, h in held.items()})
        return self._clashes[names]


def _with_contract(found: _Found, controlled: bool, type_: str) -> _Found:
    """An alternative in which no contract speaks is at best undecided."""
    if found.closed or not controlled or found.truth is not Truth.TRUE:
        return found
    return _Found(Truth.UNKNOWN, found.closed, found.reasons | {Reason("no contract", type=type_)})


def _is_endless(value: Value) -> bool:
    """A number that nobody could spell out; other files do not get to read it."""
    return isinstance(value, Decimal) and not -_MOST_DIGITS < value.adjusted() < _MOST_DIGITS


def _at_another_instant(found: Decision) -> Decision:
    return Decision.UNDECIDED if found is Decision.ALLOWED else found


def open_joint_decider(
    contract: Path,
    *,
    trust: TrustSource,
    register: Path | None = None,
    members: tuple[Path, ...] = (),
    amended_by: tuple[Path, ...] = (),
    signed_at: Instant | None = None,
    ledger: Path | None = None,
    nothing_recorded: bool = False,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> JointDecider:
    """A contract with the register that says what each asset stands under, or with its amendments, held ready.

    What is read is what was there when it was opened, as for `open_decider`. `members` are the other files of the
    register, `amended_by` the amendments in their order, `signed_at` your word on when the last of them was signed.
    Raises EvidenceError, VerbError.
    """
    files = opened_from(trust, (contract, register, *members, *amended_by), ledger)
    now, store = clock(), need_trust(trust)
    opened = None if register is None else open_register(register, store, now).register
    records = None if ledger is None else read_ledger(ledger, store, now, None)
    deposits = {} if records is None else records.deposits
    last = now if records is None else max(now, records.last)
    changes = Changes(tuple(open_contract(a, folders) for a in amended_by), last, signed_at, deposits, now)
    bundle = open_contract(contract, folders)
    matter = matter_of(bundle, store, opened, tuple(open_contract(m, folders) for m in members), changes=changes)
    events = records.opened if records is not None else (() if nothing_recorded else None)
    history = History(matter, events, last, absent=() if records is None else records.absent)
    found = JointDecider(matter, history, clock, last, files)
    try:
        for member in matter.every:
            if member.bundle.root.header.news is not None:
                raise CannotDo("a limit on how old news may be", member.name)
            found._of(member)
    except CannotDo as refused:
        raise VerbError("VB52", str(contract), construct=refused.construct, where=refused.where) from None
    return found

"""What an act is judged under: the contract named, or all that the register says the asset stands under.

Each member reads the records with its own types and roles, and is judged by itself; the register's expression
makes the overall verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from smartclause.engines.audit import Judged, Note
from smartclause.evidence import register as registers
from smartclause.evidence.forms import instant
from smartclause.evidence.register import Register, names_in
from smartclause.evidence.trust import TrustStore
from smartclause.logic.counting import Instant
from smartclause.logic.finality import is_final
from smartclause.logic.finding import Finding, Reason
from smartclause.logic.force import BEGINNING, force_start
from smartclause.logic.record import Event, Source
from smartclause.logic.register import Both, Either, Expression, agreeing, members, overall
from smartclause.logic.truth import Truth, every
from smartclause.logic.verdict import Verdict, judge_act
from smartclause.logic.versions import Version, between, in_version, speaking, versions_of
from smartclause.logic.world import Cloud, Record, World, build
from smartclause.verbs.amendments import check_chain, signed_ones
from smartclause.verbs.binding import bound
from smartclause.verbs.bundle import Bundle, envelope_digest
from smartclause.verbs.completeness import (
    gap_clouds,
    nothing_known,
    sequences,
    sources_of,
    stale_clouds,
    unseen_clouds,
)
from smartclause.verbs.errors import VerbError
from smartclause.verbs.holders import Holders, holders_of
from smartclause.verbs.reading import Absent, Opened, Reader
from smartclause.verbs.sources import Records


@dataclass(frozen=True)
class Member:
    """A file judged: its reader knows its types, and whose the keys are under it."""

    name: str
    bundle: Bundle
    reader: Reader

    def amends(self, other: Member) -> bool:
        return self.bundle.contract.amends == other.bundle.document

    @property
    def parties(self) -> frozenset[str]:
        return frozenset(p.name for p in self.reader.lookup.modules[self.reader.lookup.contract.module].parties)


@dataclass(frozen=True)
class Matter:
    """`register` None: the contract named is judged alone. `draft`: as if all had signed and shown (what-if)."""

    main: Member
    members: Mapping[str, Member]
    register: Register | None = None
    draft: bool = False
    versions: tuple[Version, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def every(self) -> tuple[Member, ...]:
        return tuple({m.name: m for m in (self.main, *self.members.values())}.values())

    @property
    def rests_on_word(self) -> bool:
        """Whether a contract counts as signed only because the caller says when it was."""
        return any(m.reader.holders.attested_signers() for m in self.every)

    def vouched(self, records: Records | None) -> bool:
        """The keeper of the ledger signed for all that was read, and judges no use of his own; nothing rests on the
        word of the caller."""
        if records is None or not records.vouched or self.rests_on_word:
            return False
        return not self.doubts(records)

    def doubts(self, records: Records) -> bool:
        return any(m.reader.holders.doubts(records.keeper) for m in self.every)

    def begins(self, amendment: Member) -> Version | None:
        """From when an amendment is in force; None of one that not all have signed or nothing stands under."""
        if self.register is None:
            return next((v for v in self.versions if v.name == amendment.name), None)
        entries = [instant(e.since) for e in self.register.entries if amendment.name in names_in(e.under)]
        if not entries or (amendment.reader.holders.unsigned() and not self.draft):
            return None
        start = max(force_start(amendment.bundle.root.header), instant(self.register.dated), min(entries))
        return Version(amendment.name, start, start)

    def expression(self, kind: str, asset: str, at: Instant) -> Expression | None:
        """What the asset stands under; None: missing, unregistered, or under nothing.

        An unrestricted act need not be about an asset; without one nothing that is registered may bar it.
        """
        if not asset and self.main.reader.lookup.is_controlled(kind):
            return None
        if self.versions:
            return in_version(self.versions, at)
        if self.register is None:
            return self.main.name
        if not asset:
            return Both((self.main.name, *(name for name in self.members if name != self.main.name)))
        entry = registers.entry_for(self.register, asset, at, instant(self.register.dated))
        return None if entry is None or entry.under is None else expression_of(entry.under)


def matter_of(
    bundle: Bundle,
    trust: TrustStore | None,
    register: Register | None = None,
    others: Iterable[Bundle] = (),
    *,
    draft: bool = False,
    changes: Changes | None = None,
) -> Matter:
    """Raises EvidenceError, VerbError VB04, VB14, VB15, VB24, VB29, VB30."""
    known = Known(trust, changes)
    if register is None and changes is not None and changes.amendments:
        return _amended(bundle, known, changes, draft)
    if register is None:
        main = _member(bundle, known, bundle.contract.module, {}, {})
        return Matter(main, {main.name: main}, None, draft)
    given = {b.document: b for b in (bundle, *others, *(changes.amendments if changes else ()))}
    names = {m.document_digest: m.parties for m in register.members}
    found = {m.name: _registered(m, given, known, names) for m in register.members}
    _one_person_for_each_name(found.values())
    named = next((m for m in found.values() if m.bundle.document == bundle.document), None)
    if named is None:  # under a name that no member has, so that it is never taken for another edition of itself
        named = _member(bundle, known, f"{bundle.contract.module} ({bundle.document})", {}, names)
    return _with_terminations(Matter(named, found, register, draft))


@dataclass(frozen=True, slots=True)
class Changes:
    """The amendments of the contract named, in their order, and when the last signature was received, if attested.

    `seen` are the signed contracts that a ledger received, by the digest of their envelope. `now` is the reader's
    clock, where he asks about an earlier instant.
    """

    amendments: tuple[Bundle, ...]
    asked: Instant
    received: Instant | None = None
    seen: Mapping[str, Instant] = field(default_factory=dict)
    now: Instant | None = None

    @property
    def latest(self) -> Instant:
        """The instant up to which anybody could have signed what is judged."""
        return self.asked if self.now is None else max(self.asked, self.now)

    def when_seen(self, bundle: Bundle) -> Instant | None:
        """When a ledger had received a contract with all its signatures; None if none is known to have."""
        return None if bundle.envelope is None else self.seen.get(envelope_digest(bundle.envelope))


@dataclass(frozen=True, slots=True)
class Known:
    """What the signatures of a contract are judged by."""

    trust: TrustStore | None
    changes: Changes | None

    def holders(self, bundle: Bundle) -> Holders:
        if self.changes is None:
            return holders_of(bundle, self.trust)
        return holders_of(
            bundle, self.trust, self.changes.latest, self.changes.when_seen(bundle), self.changes.received
        )


def _amended(bundle: Bundle, known: Known, changes: Changes, draft: bool) -> Matter:
    """The versions as members of their own; the one in force at the instant of asking is the main one."""
    check_chain(bundle, changes.amendments)
    parties: dict[str, Mapping[str, str]] = {each.document: {} for each in (bundle, *changes.amendments)}
    names = [f"{bundle.contract.module} {each.root.version}" for each in (bundle, *changes.amendments)]
    if len(set(names)) < len(names):
        names = [f"{name} ({number})" for number, name in enumerate(names)]
    read = [_member(b, known, n, {}, parties) for b, n in zip((bundle, *changes.amendments), names, strict=True)]
    count, notes = signed_ones([(m.bundle, m.reader.holders) for m in read[1:]], draft)
    found = read[: count + 1]
    received = BEGINNING if draft else _last_received(changes)
    amendments = [(m.name, m.bundle.root.header) for m in found[1:]]
    versions = versions_of(names[0], amendments, received, changes.asked)
    members = {m.name: m for m in found}
    if count and received is None:
        notes = (*notes, Note("receipt not attested", found[-1].name))
    main = members[next(speaking(versions, changes.asked))]
    return _with_terminations(Matter(main, members, None, draft, versions, notes))


def _last_received(changes: Changes) -> Instant | None:
    """When the last amendment had been received, as a ledger shows or the caller attests."""
    found = [seen for each in changes.amendments if (seen := changes.when_seen(each)) is not None]
    return max(found) if len(found) == len(changes.amendments) else changes.received


def _with_terminations(matter: Matter) -> Matter:
    """Each version also reads who ended a version before it, once it is in force itself."""
    found = {m.name: _reading_terminations(matter, m) for m in matter.every}
    return replace(matter, main=found[matter.main.name], members={name: found[name] for name in matter.members})


def _reading_terminations(matter: Matter, member: Member) -> Member:
    begins = matter.begins(member)
    before: dict[str, Instant] = {}
    amended = next((m for m in matter.every if member.amends(m)), None)
    while amended is not None and begins is not None:
        before[amended.bundle.document] = begins.earliest
        amended = next((m for m in matter.every if amended.amends(m)), None)
    return replace(member, reader=replace(member.reader, before=before)) if before else member


def _registered(
    member: registers.Member,
    given: Mapping[str, Bundle],
    known: Known,
    names: Mapping[str, Mapping[str, str]],
) -> Member:
    bundle = given.get(member.document_digest)
    if bundle is None:
        other = next((b for b in given.values() if b.contract.module.rpartition(".")[2] == member.name), None)
        if other is not None:
            raise VerbError("VB14", other.place, name=member.name, wanted=member.document_digest, found=other.document)
        raise VerbError("VB15", name=member.name)
    return _member(bundle, known, member.name, member.parties, names)


def _member(
    bundle: Bundle,
    known: Known,
    name: str,
    parties: Mapping[str, str],
    names: Mapping[str, Mapping[str, str]],
) -> Member:
    here = replace(bundle, contract=bound(bundle.contract, parties))
    holders = replace(known.holders(bundle), lookup=here.lookup, names=parties)
    return Member(name, here, Reader(holders, {bundle.document: parties, **names}))


def _one_person_for_each_name(found: Iterable[Member]) -> None:
    """Equal names must be the same person in law, or the register must tell them apart."""
    persons: dict[str, tuple[str, str]] = {}
    for member in found:
        holders = member.reader.holders
        for party in holders.statement.parties if holders.statement else ():
            name = holders.here(party.party)
            person = (party.identity.scheme, party.identity.value)
            if persons.setdefault(name, person) != person:
                raise VerbError("VB24", member.bundle.place, name=name)


def expression_of(under: registers.Expression) -> Expression:
    match under:
        case str():
            return under
        case registers.AnyOf():
            return Either(tuple(expression_of(part) for part in under.any))
        case registers.AllOf():
            return Both(tuple(expression_of(part) for part in under.all))


# ---- worlds


@dataclass(frozen=True)
class History:
    """The records as each member reads them, up to an instant of asking.

    `opened` None: no ledger was given, so nothing is known. `absent`: segments of it that nobody can read.
    """

    matter: Matter
    opened: tuple[Opened, ...] | None
    asked: Instant
    watermarks: bool = False  # audit: after its last mark of completeness a source may hold back records
    notes: list[Note] = field(default_factory=list)
    absent: tuple[Absent, ...] = ()
    _worlds: dict[str, World] = field(default_factory=dict)

    def world(self, member: Member) -> World:
        if member.name not in self._worlds:
            self._worlds[member.name] = self._build(member)
        return self._worlds[member.name]

    def assume(self, member: Member, world: World) -> None:
        """Judge in this world instead of the one built from the records."""
        self._worlds[member.name] = world

    def _build(self, member: Member) -> World:
        holders = member.reader.holders
        opened = self.opened or ()
        seen: list[Note] = []
        events = member.reader.history(opened, seen)
        if member is self.matter.main:
            self.notes.extend(seen)
        sources = sources_of(holders, sequences(opened, holders, self.absent), self.asked)
        clouds = tuple(self._clouds(member, sources))
        signed = holders.signed()
        world = build(
            holders.lookup,
            events,
            self.asked,
            sources=sources,
            clouds=clouds,
            signed=signed,
            draft=self.matter.draft,
        )
        return self._between(member, world)

    def _between(self, member: Member, world: World) -> World:
        """Where it is one of several versions: from when to when, and what stood before."""
        matter = self.matter
        amendment = next((m for m in matter.every if m.amends(member)), None)
        amended = next((m for m in matter.every if member.amends(m)), None)
        ends = None if amendment is None else matter.begins(amendment)
        begins = None if amended is None else matter.begins(member)
        earlier = None if amended is None or begins is None else self.world(amended)
        return between(world, earlier, begins, ends)

    def _clouds(self, member: Member, known: tuple[Source, ...]) -> Iterable[Cloud]:
        if self.matter.draft:
            return
        if self.opened is None:
            yield from nothing_known(member.reader.lookup)
            return
        yield from gap_clouds(known)
        if self.watermarks:
            yield from unseen_clouds(known)
        else:
            yield from stale_clouds(known, member.bundle.root.header, self.asked)


# ---- the verdict


VerdictOf = Callable[[Member, World, Record], Verdict]


def by_reference(_member: Member, world: World, record: Record) -> Verdict:
    return judge_act(world, record)


def judge(
    history: History,
    act: Event,
    at: Instant,
    record_in: Callable[[Member, World], Record],
    verdict_of: VerdictOf = by_reference,
) -> Judged:
    """The overall verdict, with each member's own. `record_in` finds or places the act in a member's world,
    `verdict_of` judges it there.

    Inside an agreed lag the versions in force at its claimed and at its received place must agree (design 2.2).
    """
    found = _judge_at(history, act, at, record_in, verdict_of)
    main = history.matter.main
    received = record_in(main, history.world(main)).received if history.matter.versions else at
    if received == at or not main.reader.lookup.is_controlled(act.type):
        return found
    later = _judge_at(history, act, received, record_in, verdict_of)
    return replace(found, overall=agreeing(found.overall, later.overall, act.type, act.id))


def _judge_at(
    history: History,
    act: Event,
    at: Instant,
    record_in: Callable[[Member, World], Record],
    verdict_of: VerdictOf,
) -> Judged:
    matter, kind = history.matter, act.type
    expression = matter.expression(kind, act.asset, at)
    names = tuple(dict.fromkeys(members(expression))) if expression is not None else ()
    verdicts: dict[str, Verdict] = {}
    final = bool(names)
    for name in names:
        member = matter.members.get(name, matter.main)
        world = history.world(member)
        record = record_in(member, world)
        verdicts[name] = _of_member(member, record, verdict_of(member, world, record))
        final = final and is_final(world, record, verdicts[name])
    lookups = {n: matter.members.get(n, matter.main).reader.lookup for n in names}
    return Judged(overall(expression, verdicts, lookups, kind), final and not matter.draft)


def _of_member(member: Member, record: Record, verdict: Verdict) -> Verdict:
    if not member.bundle.is_open or record.event.by in member.parties or verdict.truth is Truth.FALSE:
        return verdict
    # An open file that does not know who acts says nothing about it (design 2.4).
    reason = Reason("not bound", type=record.event.type, detail=record.event.by)
    parts = (verdict.finding, Finding(None, Truth.UNKNOWN, (), (reason,)))
    truth = every(p.truth for p in parts)
    return replace(verdict, truth=truth, finding=Finding(None, truth, parts), not_barred=False)

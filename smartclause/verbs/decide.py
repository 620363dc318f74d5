"""`decide`: may this act be done now? Only a true verdict on signed evidence answers allowed.

The head of the ledger is read as closed, so the answer is provisional. A draft, another instant than now, or
both are what-ifs: they say what the verdict would be and never answer allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from smartclause.engines.audit import Judged, Note
from smartclause.evidence import envelope as envelopes
from smartclause.evidence.disclosure import NOTHING, Disclosures
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import read_limited
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.recording import MAX_EVENT
from smartclause.evidence.trust import TrustSource, TrustStore
from smartclause.logic.canonical import CanonicalError, parse
from smartclause.logic.counting import Instant
from smartclause.logic.needs import Sets
from smartclause.logic.record import EVERYONE, Event, Signer, Trust
from smartclause.logic.verdict import Decision
from smartclause.logic.world import Record, World, place
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.digests import inputs_of
from smartclause.verbs.disclosing import disclosed_in, open_disclosures, with_disclosures
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import OpenedRegister, open_contract, open_register, open_trust
from smartclause.verbs.matter import Changes, History, Matter, Member, judge, matter_of
from smartclause.verbs.notes import ledger_notes, second_value_notes, unsigned_notes
from smartclause.verbs.plain import ASKED, Attestation, attested, read_attestation, read_foreign, read_plain
from smartclause.verbs.reading import Opened, Received, open_events
from smartclause.verbs.sets import sets_of
from smartclause.verbs.sources import Records, read_ledger


@dataclass(frozen=True)
class Answer:
    """`decision` is what the asker may act on; `judged` is the verdict as reasoned, which a what-if only reports.

    `attested` are the facts that rest on the caller's word. `inputs` name what was read, by digest.
    """

    bundle: Bundle
    judged: Judged
    event: Event
    asked: Instant
    what_if: bool
    sets: Sets
    attested: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict)  # what was read, by number

    @property
    def decision(self) -> Decision:
        found = self.judged.decision
        return Decision.UNDECIDED if self.what_if and found is Decision.ALLOWED else found

    @property
    def final(self) -> bool:
        return self.judged.final and not self.what_if and not self.attested


@dataclass(frozen=True)
class Asking:
    """Everything `decide` is given beside contract and event."""

    trust: TrustStore | None = None
    records: Records | None = None
    register: OpenedRegister | None = None
    members: tuple[Bundle, ...] = ()
    draft: bool = False
    at: Instant | None = None
    attestation: Attestation | None = None
    amendments: tuple[Bundle, ...] = ()
    signed_at: Instant | None = None
    disclosures: Disclosures = NOTHING


def decide(
    contract: Path,
    event: Path,
    *,
    ledger: Path | None = None,
    trust: TrustSource | None = None,
    register: Path | None = None,
    members: tuple[Path, ...] = (),
    amended_by: tuple[Path, ...] = (),
    signed_at: Instant | None = None,
    draft: bool = False,
    at: Instant | None = None,
    attest: Path | None = None,
    disclosures: Path | None = None,
    folders: tuple[Path, ...] = (),
    segments: Path | None = None,
    clock: Clock = system_clock,
) -> Answer:
    """Raises EvidenceError, VerbError."""
    now = clock()
    store = open_trust(trust)
    if store is None and (ledger is not None or register is not None or attest is not None):
        raise VerbError("VB11", what="trust store", option="--trust FILE")
    shown = open_disclosures(disclosures)
    asking = Asking(
        store,
        None
        if ledger is None or store is None
        else with_disclosures(read_ledger(ledger, store, now, at, segments), shown),
        None if register is None or store is None else open_register(register, store, now),
        tuple(open_contract(m, folders) for m in members),
        draft,
        at,
        None if attest is None else read_attestation(read_limited(attest, MAX_EVENT), str(attest)),
        tuple(open_contract(a, folders) for a in amended_by),
        signed_at,
        shown,
    )
    bundle = open_contract(contract, folders)
    return answer(bundle, read_limited(event, MAX_EVENT), asking, now, str(event))


def answer(bundle: Bundle, content: bytes, asking: Asking, now: Instant, place: str = "") -> Answer:
    """As `decide`, on what was read. `now` is the asker's clock."""
    register = None if asking.register is None else asking.register.register
    records = asking.records
    asked = _instant_of_asking(asking, now)
    changes = Changes(asking.amendments, asked, asking.signed_at, {} if records is None else records.deposits, now)
    matter = matter_of(bundle, asking.trust, register, asking.members, draft=asking.draft, changes=changes)
    bundle = matter.main.bundle if matter.versions else bundle
    history = History(matter, _history(asking), asked, absent=() if records is None else records.absent)
    act = _read_act(matter, content, asking, asked, place)
    judged = judge(history, act.main, asked, act.placed)
    judged = replace(judged, final=judged.final and matter.vouched(records))
    main = history.world(matter.main)
    told = second_value_notes(main, (act.placed(matter.main, main),))
    notes = (*_notes(matter, asking, act), *matter.notes, *dict.fromkeys((*act.notes, *history.notes)), *told)
    return Answer(
        bundle,
        judged,
        act.main,
        asked,
        asking.draft or asking.at is not None,
        sets_of(history, judged, act.main, asked, act.placed),
        act.attested,
        notes,
        inputs_of(bundle, asking.trust, asking.register, records, asking.disclosures.digest),
        _read_records(history, act),
    )


def _read_records(history: History, act: Act) -> dict[str, Record]:
    main = history.matter.main
    world = history.world(main)
    return {**world.by_id, act.main.id: act.placed(main, world)}


def _instant_of_asking(asking: Asking, now: Instant) -> Instant:
    """The asker's clock, never before the last record of the head (design 2.2)."""
    at = now if asking.at is None else asking.at
    return at if asking.records is None else max(at, asking.records.last)


def _history(asking: Asking) -> tuple[Opened, ...] | None:
    if asking.records is not None:
        return asking.records.opened
    return () if asking.draft else None


# ---- the act asked


@dataclass(frozen=True)
class Act:
    """The proposed act as each member reads it, by the member's name; `main` is how the contract named reads it."""

    main: Event
    events: Mapping[str, Event]
    attested: tuple[str, ...]
    notes: tuple[Note, ...]

    def placed(self, member: Member, world: World) -> Record:
        return place(world.lookup, self.events[member.name])


def _read_act(matter: Matter, content: bytes, asking: Asking, asked: Instant, place_: str) -> Act:
    notes: list[Note] = []
    signed = _opened(content, asking, asked, place_) if _is_envelope(content, place_) else None
    read = {m.name: m for m in matter.every}
    index, entry = (0, None) if asking.records is None else (asking.records.next_index, asking.records.next_entry)
    events: dict[str, Event] = {}
    held: dict[str, None] = {}
    for name, member in read.items():
        mine = notes if member is matter.main else []
        if signed is not None:
            _refuse_other_contract(matter, signed)
            event = member.reader.proposed(signed, asked, index, mine)
        else:
            event = _plain_event(member, matter.main, content, asked, index, place_)
        event, fields = _with_attested(event, member, asking, asked, mine)
        held |= dict.fromkeys(fields)
        event = replace(event, entry=entry)  # the place that the act would get
        events[name] = _as_draft(event) if asking.draft else event
    main = events[matter.main.name]
    _refuse_occurrence(matter.main, main)
    if signed is not None and not asking.draft:
        _refuse_foreign_hand(main, place_)
    return Act(main, events, tuple(held), tuple(notes))


def _is_envelope(content: bytes, place_: str) -> bool:
    try:
        data = parse(content)
    except CanonicalError as error:
        raise VerbError("VB05", f"{place_} {error.place}".strip(), reason=error.reason) from None
    return isinstance(data, dict) and "payloadType" in data


def _opened(content: bytes, asking: Asking, asked: Instant, place_: str) -> Opened:
    """Raises EvidenceError, VerbError VB11, VB16."""
    if asking.trust is None:
        raise VerbError("VB11", what="trust store", option="--trust FILE")
    envelope = envelopes.read(content, MAX_EVENT)
    received = Received(envelope, asked, 0, place=place_)
    opened = disclosed_in(open_events([received], asking.trust, asked)[0], asking.disclosures)
    body, records = opened.body, asking.records
    if body.issuer not in opened.keys:
        raise EvidenceError("EV12", place_, issuer=body.issuer)
    if records is not None and records.ledger != body.ledger:
        raise VerbError("VB16", place_, found=body.ledger, wanted=records.ledger)
    numbers = dict(records.numbers) if records is not None else {}
    if numbers.get(body.id, opened.digest) != opened.digest:
        raise VerbError("VB21", place_, id=body.id)
    return opened


def _refuse_other_contract(matter: Matter, opened: Opened) -> None:
    known = {m.bundle.document for m in matter.every}
    if opened.body.contract not in known:
        raise VerbError("VB17", opened.place, found=opened.body.contract, wanted=matter.main.bundle.document)


def _plain_event(member: Member, main: Member, content: bytes, asked: Instant, index: int, place_: str) -> Event:
    """Read by the contract named; other members take from it what they declare."""
    act, facts = read_plain(content, main.reader.lookup, place_)
    if act.by is None:
        raise VerbError("VB10", place_, field="by")
    if member is not main:
        facts = read_foreign(act, facts, member.reader.lookup)
    return Event(ASKED, act.type, asked, act.by, act.to or "", act.asset or "", facts, index=index, received=asked)


def _with_attested(
    event: Event, member: Member, asking: Asking, asked: Instant, notes: list[Note]
) -> tuple[Event, tuple[str, ...]]:
    if asking.attestation is None:
        return event, ()
    found = attested(asking.attestation, event.type, event.by, member.reader.holders, asked)
    notes.extend(Note("attestation refused", name) for name in found.refused)
    return replace(event, caller=found.fields), tuple(sorted(found.fields))


def _as_draft(event: Event) -> Event:
    return replace(event, signers=(Signer("draft", EVERYONE),))


def _refuse_occurrence(member: Member, event: Event) -> None:
    lookup = member.reader.lookup
    if not lookup.is_controlled(event.type) and not lookup.is_act(event.type):
        raise VerbError("VB18", type=event.type)


def _refuse_foreign_hand(event: Event, place_: str) -> None:
    """A signed act is that of a party whose own trusted key signed it (design 2.13)."""
    if not any(s.party == event.by and s.trust is Trust.TRUSTED for s in event.signers):
        raise VerbError("VB27", place_, party=event.by or "-")


# ---- what the reader must know


def _notes(matter: Matter, asking: Asking, act: Act) -> list[Note]:
    main, notes = matter.main, []
    if asking.draft:
        notes.append(Note("draft"))
    if asking.at is not None:
        notes.append(Note("what if"))
    if asking.register is None:
        notes.append(Note("no register"))
    if asking.records is None and not asking.draft:
        notes.append(Note("no ledger"))
    if asking.records is not None:
        notes += ledger_notes(asking.records, matter)
    notes += [] if asking.draft else unsigned_notes(main)
    if not act.main.signers:
        notes.append(Note("not signed", "event"))
    notes += [Note("attested by the caller", name) for name in act.attested]
    notes += [Note("calendar changed", rule) for rule in main.bundle.calendars_changed]
    return notes

"""`audit`: every recorded act judged again at its own place, every duty followed up to an instant.

History after a source's last mark of completeness is unknown, unless the source is read as closed; then every
verdict is provisional.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from smartclause.engines.audit import AuditResult, Judged, Note, Progress, acts_of
from smartclause.engines.audit import audit as audit_records
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.trust import TrustSource, TrustStore
from smartclause.logic.counting import Instant
from smartclause.logic.versions import speaking
from smartclause.logic.world import Record
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.digests import inputs_of
from smartclause.verbs.disclosing import open_disclosures, with_disclosures
from smartclause.verbs.inputs import OpenedRegister, need_trust, open_contract, open_register
from smartclause.verbs.matter import Changes, History, Matter, Member, judge, matter_of
from smartclause.verbs.notes import ledger_notes, unsigned_notes
from smartclause.verbs.sources import Records, read_records


def audit(
    contract: Path,
    source: Path,
    *,
    trust: TrustSource | None = None,
    register: Path | None = None,
    members: tuple[Path, ...] = (),
    amended_by: tuple[Path, ...] = (),
    signed_at: Instant | None = None,
    at: Instant | None = None,
    closed: bool = False,
    disclosures: Path | None = None,
    progress: Progress | None = None,
    folders: tuple[Path, ...] = (),
    segments: Path | None = None,
    clock: Clock = system_clock,
) -> AuditResult:
    """`source` is a ledger, or lines of signed envelopes. `amended_by` are the amendments in their order;
    `signed_at` is when the last signature of them was received, as the caller attests.

    Raises EvidenceError, VerbError.
    """
    now = clock()
    store = need_trust(trust)
    records = with_disclosures(read_records(source, store, now, at, segments), open_disclosures(disclosures))
    opened = None if register is None else open_register(register, store, now)
    others = tuple(open_contract(m, folders) for m in members)
    bundle = open_contract(contract, folders)
    asked = now if at is None else at
    changes = Changes(tuple(open_contract(a, folders) for a in amended_by), asked, signed_at, records.deposits, now)
    result = audited(bundle, records, store, asked, opened, others, changes, closed=closed, progress=progress)
    return replace(result, source=source.name)


def _every(_record: Record) -> bool:
    return True


def audited(
    bundle: Bundle,
    records: Records,
    trust: TrustStore,
    asked: Instant,
    register: OpenedRegister | None = None,
    others: tuple[Bundle, ...] = (),
    changes: Changes | None = None,
    *,
    closed: bool = False,
    progress: Progress | None = None,
    only: Callable[[Record], bool] = _every,
) -> AuditResult:
    """As `audit`, on what was read; `only` picks the acts to judge, and changes nothing of what is read for them."""
    matter = matter_of(bundle, trust, None if register is None else register.register, others, changes=changes)
    history = History(matter, records.opened, asked, watermarks=not closed, absent=records.absent)
    world = history.world(matter.main)

    vouched = matter.vouched(records) and not closed

    def judged(record: Record) -> Judged:
        found = judge(history, record.event, record.instant, lambda member, _: _same(history, member, record))
        return replace(found, final=found.final and vouched)

    if matter.versions:
        notes_before = _notes(matter, records, register, closed)
        return _by_version(history, judged, records, trust, notes_before, progress, only)
    notes = (*_notes(matter, records, register, closed), *dict.fromkeys(history.notes))
    inputs = inputs_of(bundle, trust, register, records)
    acts = filter(only, acts_of(world, bundle.document))
    return audit_records(world, judged, acts, notes=notes, inputs=inputs, progress=progress)


def _by_version(
    history: History,
    judged: Callable[[Record], Judged],
    records: Records,
    trust: TrustStore,
    notes: list[Note],
    progress: Progress | None,
    only: Callable[[Record], bool],
) -> AuditResult:
    """Each version with the acts done under it and the duties that arose under it (design 2.11)."""
    matter = history.matter
    found: list[AuditResult] = []
    every = (*notes, *matter.notes, *dict.fromkeys(history.notes))
    for version in matter.versions:
        member = matter.members[version.name]
        world = history.world(member)
        acts = [
            world.by_id[r.event.id]
            for r in _acts(history)
            if only(r) and next(speaking(matter.versions, r.instant)) == version.name
        ]
        inputs = inputs_of(member.bundle, trust, None, records)
        part = audit_records(world, judged, acts, notes=every, inputs=inputs, progress=progress)
        found.append(replace(part, version=version.name))
    return _told_once(replace(found[-1], earlier=tuple(found[:-1])))


def _told_once(result: AuditResult) -> AuditResult:
    """A second value is reported under the last version that knows its fact."""
    told = {(s.record.event.id, s.field) for s in result.second_values}
    earlier: list[AuditResult] = []
    for part in reversed(result.earlier):
        new = tuple(s for s in part.second_values if (s.record.event.id, s.field) not in told)
        told |= {(s.record.event.id, s.field) for s in new}
        earlier.insert(0, replace(part, second_values=new))
    return replace(result, earlier=tuple(earlier))


def _acts(history: History) -> list[Record]:
    """The acts of all versions, at their instants as the last version reads them."""
    last = history.world(history.matter.members[history.matter.versions[-1].name])
    found = {r.event.id: r for m in history.matter.every for r in acts_of(last, m.bundle.document)}
    return sorted(found.values(), key=lambda r: r.position)


def _same(history: History, member: Member, record: Record) -> Record:
    """The act as the member reads it: with its own types, roles and instant."""
    return history.world(member).by_id[record.event.id]


def _notes(matter: Matter, records: Records, register: OpenedRegister | None, closed: bool) -> list[Note]:
    main, notes = matter.main, ledger_notes(records, matter)
    if register is None:
        notes.append(Note("no register"))
    if closed:
        notes.append(Note("read as closed"))
    notes += unsigned_notes(main)
    return [*notes, *(Note("calendar changed", rule) for rule in main.bundle.calendars_changed)]

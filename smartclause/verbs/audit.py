"""`audit`: every recorded act judged again at its own place, every duty followed up to an instant.

History after a source's last mark of completeness is unknown, unless the source is read as closed; then every
verdict is provisional.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from smartclause.engines.audit import (
    AuditResult,
    Engine,
    Judged,
    Note,
    Outlined,
    Progress,
    acts_of,
    owed_by_reference,
)
from smartclause.engines.audit import audit as audit_records
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.trust import TrustSource, TrustStore
from smartclause.logic.counting import Instant
from smartclause.logic.instances import Instance
from smartclause.logic.versions import speaking
from smartclause.logic.world import Record, World
from smartclause.verbs.audit_engines import database_of, quickest
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.digests import inputs_of
from smartclause.verbs.disclosing import open_disclosures, with_disclosures
from smartclause.verbs.inputs import OpenedRegister, need_trust, open_contract, open_register
from smartclause.verbs.matter import Changes, History, Matter, judge, matter_of
from smartclause.verbs.notes import ledger_notes, unsigned_notes
from smartclause.verbs.sources import Records, read_records

if TYPE_CHECKING:
    from smartclause.engines.sql.database import Database


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
    engine: Engine | None = "reference",
    master: str = "",
    clock: Clock = system_clock,
) -> AuditResult:
    """`source` is a ledger, or lines of signed envelopes. `amended_by` are the amendments in their order;
    `signed_at` is when the last signature of them was received, as the caller attests. `engine` is what judges: the
    answer is the same by each; None: the quickest, unless every act is to be explained. `master` is that of Spark.

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
    judge_by = quickest(len(records.opened)) if engine is None else engine
    with database_of(judge_by, master) as database:
        result = audited(
            bundle, records, store, asked, opened, others, changes, closed=closed, progress=progress, database=database
        )
    return replace(result, source=source.name, engine=judge_by)


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
    database: Database | None = None,
) -> AuditResult:
    """As `audit`, on what was read; `only` picks the acts to judge, and changes nothing of what is read for them.
    `database` tells them, or else the reference."""
    matter = matter_of(bundle, trust, None if register is None else register.register, others, changes=changes)
    history = History(matter, records.opened, asked, watermarks=not closed, absent=records.absent)
    acts = [r for r in _acts(history) if only(r)]
    judging = _judging(history, matter.vouched(records) and not closed, acts, database)
    notes = _notes(matter, records, register, closed)
    if matter.versions:
        found = _by_version(judging, acts, records, trust, notes, progress)
    else:
        every = (*notes, *dict.fromkeys(history.notes))
        inputs = inputs_of(bundle, trust, register, records)
        world = history.world(matter.main)
        found = audit_records(
            world, judging.judged, acts, owed=judging.owed, notes=every, inputs=inputs, progress=progress
        )
    return replace(found, notes=(*found.notes, *judging.notes))


class Judging(Protocol):
    """Who tells of acts and duties, and what a reader must know of it."""

    @property
    def history(self) -> History: ...

    @property
    def notes(self) -> Iterable[Note]: ...

    def judged(self, record: Record) -> Judged | Outlined: ...

    def owed(self, world: World) -> Iterable[Instance]: ...


@dataclass(frozen=True)
class ByReference:
    """`vouched`: what is final here is final."""

    history: History
    vouched: bool
    notes: tuple[Note, ...] = ()

    def judged(self, record: Record) -> Judged:
        found = judge(self.history, record.event, record.instant, lambda _, world: world.by_id[record.event.id])
        return replace(found, final=found.final and self.vouched)

    def owed(self, world: World) -> Iterable[Instance]:
        return owed_by_reference(world)


def _judging(history: History, vouched: bool, acts: list[Record], database: Database | None) -> Judging:
    reference = ByReference(history, vouched)
    if database is None:
        return reference
    from smartclause.verbs.audit_by_sql import Telling

    numbers = tuple(r.event.id for r in acts)
    return Telling(database, history, vouched, numbers, reference.judged, [Note("judged by SQL", database.name)])


def _by_version(
    judging: Judging,
    acts: list[Record],
    records: Records,
    trust: TrustStore,
    notes: list[Note],
    progress: Progress | None,
) -> AuditResult:
    """Each version with the acts done under it and the duties that arose under it (design 2.11)."""
    history = judging.history
    matter = history.matter
    found: list[AuditResult] = []
    every = (*notes, *matter.notes, *dict.fromkeys(history.notes))
    for version in matter.versions:
        member = matter.members[version.name]
        world = history.world(member)
        mine = [world.by_id[r.event.id] for r in acts if next(speaking(matter.versions, r.instant)) == version.name]
        inputs = inputs_of(member.bundle, trust, None, records)
        part = audit_records(
            world, judging.judged, mine, owed=judging.owed, notes=every, inputs=inputs, progress=progress
        )
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
    """Of an amended contract those of all versions, at their instants as the last reads them."""
    matter = history.matter
    if not matter.versions:
        return list(acts_of(history.world(matter.main), matter.main.bundle.document))
    last = history.world(matter.members[matter.versions[-1].name])
    found = {r.event.id: r for m in matter.every for r in acts_of(last, m.bundle.document)}
    return sorted(found.values(), key=lambda r: r.position)


def _notes(matter: Matter, records: Records, register: OpenedRegister | None, closed: bool) -> list[Note]:
    main, notes = matter.main, ledger_notes(records, matter)
    if register is None:
        notes.append(Note("no register"))
    if closed:
        notes.append(Note("read as closed"))
    notes += unsigned_notes(main)
    return [*notes, *(Note("calendar changed", rule) for rule in main.bundle.calendars_changed)]

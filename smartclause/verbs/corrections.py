"""`corrections`: verdicts that were kept, beside those of today on the same ledger, grown since (design 2.5).

A correction names the old and the new verdict and what made the difference, found by judging again with one thing
undone: the head as it was, or a key not compromised. A settled verdict stands where today only facts that nobody
opens any more leave it unknown, withheld or erased. Nothing is rewritten; a final verdict that changed without a
compromised key is a fault of the records, the keeper or this program, and is said to be one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import cached_property
from pathlib import Path

from smartclause.engines.audit import Judged
from smartclause.evidence.disclosure import Disclosures
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.trust import KeyRecord, TrustStore
from smartclause.logic.counting import Instant
from smartclause.logic.truth import Truth
from smartclause.logic.versions import speaking
from smartclause.logic.world import FactKey
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.digests import inputs_of
from smartclause.verbs.disclosing import open_disclosures, with_disclosures
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import OpenedRegister, need_trust, open_contract, open_register
from smartclause.verbs.kept import Kept, KeptVerdict, read_kept, refuse_other
from smartclause.verbs.matter import Changes, History, Member, judge, matter_of
from smartclause.verbs.reading import Opened
from smartclause.verbs.sources import Records, is_ledger, read_ledger

OF_THE_HEAD = ("size", "root")
MOST_SCENES = 30  # kept in memory; each holds every record once more


class Ground(Enum):
    """What a verdict was corrected by."""

    RECORD = "record"  # received after the old head
    KEY = "key"  # compromised, as is known since
    ASKED = "asked"  # the later instant of asking alone
    INPUT = "input"  # another register, trust store, calendar, signature
    NOTHING = "nothing"  # the same inputs give another verdict


@dataclass(frozen=True, slots=True)
class Cause:
    """`record`, at `entry`: with it the verdict turned from the old one. `key`: without its compromise the old verdict
    stands. `name`: the input that is another one."""

    ground: Ground
    record: Opened | None = None
    entry: int | None = None
    key: KeyRecord | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """`new` None: the act is judged no more. `fault`: nothing that may correct the old verdict explains it."""

    old: KeptVerdict
    new: Judged | None
    causes: tuple[Cause, ...]
    fault: bool


@dataclass(frozen=True)
class Corrections:
    kept: Kept
    asked: Instant
    size: int
    root: str
    document: str
    found: tuple[Correction, ...]
    stands: tuple[KeptVerdict, ...] = ()  # as kept, though it cannot be judged again: facts are withheld or erased

    @property
    def faults(self) -> tuple[Correction, ...]:
        return tuple(c for c in self.found if c.fault)


def corrections(
    contract: Path,
    ledger: Path,
    since: Path,
    *,
    trust: Path | None = None,
    register: Path | None = None,
    members: tuple[Path, ...] = (),
    amended_by: tuple[Path, ...] = (),
    signed_at: Instant | None = None,
    closed: bool = False,
    disclosures: Path | None = None,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> Corrections:
    """`since` is the JSON of an audit of the same ledger. Raises EvidenceError, VerbError."""
    now = clock()
    store = need_trust(trust)
    kept = read_kept(since)
    if not is_ledger(ledger):
        raise VerbError("VB35", str(ledger), reason="it is compared on a ledger only")
    opened = open_disclosures(disclosures)
    records = with_disclosures(read_ledger(ledger, store, now), opened)
    given = _Given(
        open_contract(contract, folders),
        None if register is None else open_register(register, store, now),
        tuple(open_contract(m, folders) for m in members),
        tuple(open_contract(a, folders) for a in amended_by),
        signed_at,
        closed,
    )
    today = Scene(given, records, store, now)
    documents = frozenset(m.bundle.document for m in today.history.matter.every)
    refuse_other(kept, ledger, records, documents, closed)
    comparing = _Comparing(kept, today, now, ledger, opened)
    stands = tuple(old for old in kept.verdicts if comparing.stands_unseen(old))
    found = tuple(comparing.all(frozenset(old.event for old in stands)))
    return Corrections(kept, today.asked, records.size, records.root, given.bundle.document, found, stands)


# ---- judging again


@dataclass(frozen=True)
class _Given:
    bundle: Bundle
    register: OpenedRegister | None
    members: tuple[Bundle, ...]
    amendments: tuple[Bundle, ...]
    signed_at: Instant | None
    closed: bool


@dataclass(frozen=True)
class Scene:
    """One state of what is known, under which acts are judged as `audit` judges them."""

    given: _Given
    records: Records
    trust: TrustStore
    asked: Instant

    @cached_property
    def history(self) -> History:
        given = self.given
        register = None if given.register is None else given.register.register
        changes = Changes(given.amendments, self.asked, given.signed_at, self.records.deposits, self.asked)
        matter = matter_of(given.bundle, self.trust, register, given.members, changes=changes)
        records = self.records
        return History(matter, records.opened, self.asked, watermarks=not given.closed, absent=records.absent)

    @cached_property
    def _judged(self) -> dict[str, Judged | None]:
        return {}

    def judged(self, event: str) -> Judged | None:
        if event not in self._judged:
            self._judged[event] = self._judge(event)
        return self._judged[event]

    def truth(self, event: str) -> Truth | None:
        found = self.judged(event)
        return None if found is None else found.truth

    def _judge(self, event: str) -> Judged | None:
        history = self.history
        member = self._member(event)
        record = history.world(member).by_id.get(event)
        if record is None:
            return None
        found = judge(history, record.event, record.instant, lambda each, _: history.world(each).by_id[event])
        vouched = history.matter.vouched(self.records) and not self.given.closed
        return replace(found, final=found.final and vouched)

    def _member(self, event: str) -> Member:
        """Of several versions of the contract the one in force at the act."""
        matter = self.history.matter
        if not matter.versions:
            return matter.main
        record = self.history.world(matter.members[matter.versions[-1].name]).by_id.get(event)
        return matter.main if record is None else matter.members[next(speaking(matter.versions, record.instant))]

    def inputs(self, document: str) -> Mapping[str, str]:
        bundle = next(m.bundle for m in self.history.matter.every if m.bundle.document == document)
        register = None if self.given.amendments else self.given.register
        return dict(inputs_of(bundle, self.trust, register, self.records))

    @property
    def versions(self) -> frozenset[str]:
        """The digests of the contract and its amendments, as far as they are judged by version."""
        matter = self.history.matter
        found = frozenset(matter.members[v.name].bundle.document for v in matter.versions)
        return found or frozenset({self.given.bundle.document})

    @property
    def unsigned(self) -> tuple[str, ...]:
        main = self.history.matter.main
        missing = ", ".join(main.reader.holders.unsigned())
        return (missing,) if missing and not main.bundle.is_pack else ()


def up_to(records: Records, size: int, received: Instant | None = None) -> Records:
    """The first `size` entries, or those of them received up to an instant, without what was signed later."""
    opened = tuple(
        replace(o, later_keys=tuple(k for k in o.later_keys if k[2] < size and _in_time(k[1], received)))
        for o in records.opened
        if o.at_entry < size and _in_time(o.received, received)
    )
    absent = tuple(a for a in records.absent if a.entry < size and _in_time(a.received, received))
    return replace(
        records,
        opened=opened,
        absent=absent,
        size=min(size, records.size),
        checkpointed=min(size, records.checkpointed),
    )


def _in_time(at: Instant | None, until: Instant | None) -> bool:
    return at is None or until is None or at <= until


def never_compromised(trust: TrustStore, keys: Iterable[str]) -> TrustStore:
    """As if nothing had been said against these keys."""
    cleared = {"compromised_since": None, "compromise_declared_by": None, "revoked": None}
    chosen = set(keys)
    kept = tuple(k.model_copy(update=cleared) if k.id in chosen else k for k in trust.keys)
    return trust.model_copy(update={"keys": kept})


# ---- what made the difference


@dataclass(frozen=True)
class _Comparing:
    """Scenes are shared: of one head all acts are judged in one world."""

    kept: Kept
    today: Scene
    now: Instant
    ledger: Path
    disclosures: Disclosures
    _scenes: dict[tuple[frozenset[str], int, bool], Scene] = field(default_factory=dict)

    def stands_unseen(self, old: KeptVerdict) -> bool:
        """It was settled, and today nothing is open but facts whose commitments nobody opens."""
        new = self.today.judged(old.event)
        if not old.settled or new is None or new.truth is not Truth.UNKNOWN or not new.open:
            return False
        return "disclosures" in self._changed(old) and all(self._is_withheld(reason.supply) for reason in new.open)

    def _is_withheld(self, fact: FactKey | None) -> bool:
        return fact is not None and fact.event in self._shut

    @cached_property
    def _shut(self) -> frozenset[str]:
        """Events with commitments that are not opened."""
        return frozenset(o.body.id for o in self.today.records.opened if len(o.body.sd) > len(o.disclosed))

    def all(self, stands: frozenset[str]) -> Iterator[Correction]:
        for old in self.kept.verdicts:
            if old.event in stands:
                continue
            new = self.today.judged(old.event)
            if new is None or new.truth is not old.truth:
                causes = tuple(self._causes(old))
                yield Correction(old, new, causes, _is_fault(old, new, causes, self.kept))

    def _causes(self, old: KeptVerdict) -> Iterator[Cause]:
        """First what brings the old verdict back at the old head, then what turned it since."""
        undone = next((keys for keys in self._undoings(old) if self._stood(old, keys)), None)
        if undone is None:
            names = tuple(self._other_inputs(old))
            yield from (Cause(Ground.INPUT, name=n) for n in names)
            yield from () if names else (Cause(Ground.NOTHING),)
            return
        yield from (Cause(Ground.KEY, key=k) for k in undone)
        size = self.today.records.size
        if not self._holds(old, undone, self.kept.size):
            yield Cause(Ground.ASKED)
        elif not self._holds(old, undone, size):
            entry = self._turned(old, undone, self.kept.size, size)
            yield Cause(Ground.RECORD, _at_entry(self.today.records, entry), entry)

    def _undoings(self, old: KeptVerdict) -> Iterator[tuple[KeyRecord, ...]]:
        """No compromise, each alone, all of them; an unchanged trust store knew them all already."""
        yield ()
        if "trust" in self._changed(old):
            compromised = tuple(k for k in self.today.trust.keys if k.compromised_since is not None)
            yield from ((k,) for k in compromised)
            yield compromised

    def _stood(self, old: KeptVerdict, undone: tuple[KeyRecord, ...]) -> bool:
        return self._scene(undone, self.kept.size, then=True).truth(old.event) is old.truth

    def _holds(self, old: KeptVerdict, undone: tuple[KeyRecord, ...], size: int) -> bool:
        return self._scene(undone, size, then=False).truth(old.event) is old.truth

    def _turned(self, old: KeptVerdict, undone: tuple[KeyRecord, ...], low: int, high: int) -> int:
        """An entry with which the verdict is no longer the old one, and before which it is."""
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._holds(old, undone, middle) else (low, middle)
        return low

    def _scene(self, undone: tuple[KeyRecord, ...], size: int, *, then: bool) -> Scene:
        """`then`: as of the instant at which the kept verdicts were asked."""
        name = frozenset(k.id for k in undone), size, then
        if name not in self._scenes:
            trust = never_compromised(self.today.trust, name[0])
            # The keeper's key may be one of them: then the times of receipt count again.
            records = self._read(trust) if undone else self.today.records
            cut = self._as_kept(records) if then else up_to(records, size)
            if len(self._scenes) >= MOST_SCENES:
                self._scenes.pop(next(iter(self._scenes)))
            asked = self.kept.asked if then else self.today.asked
            self._scenes[name] = replace(self.today, records=cut, trust=trust, asked=asked)
        return self._scenes[name]

    def _read(self, trust: TrustStore) -> Records:
        return with_disclosures(read_ledger(self.ledger, trust, self.now), self.disclosures)

    def _as_kept(self, records: Records) -> Records:
        cut = up_to(records, self.kept.size, self.kept.asked)
        return replace(cut, checkpointed=min(self.kept.checkpointed, cut.checkpointed))

    def _changed(self, old: KeptVerdict) -> frozenset[str]:
        before, now = self.kept.inputs[old.document], self.today.inputs(old.document)
        names = frozenset(n for n in {*before, *now} if before.get(n) != now.get(n))
        return names - set(OF_THE_HEAD)

    def _other_inputs(self, old: KeptVerdict) -> Iterator[str]:
        yield from sorted(self._changed(old))
        if self.kept.unsigned != self.today.unsigned:
            yield "signatures"
        if frozenset(self.kept.inputs) != self.today.versions:
            yield "amendments"


def _is_fault(old: KeptVerdict, new: Judged | None, causes: tuple[Cause, ...], kept: Kept) -> bool:
    """Only a compromised key corrects a final verdict; one that was undecided may be settled by what fills it."""
    if any(c.ground is Ground.NOTHING for c in causes):
        return True
    if not old.final or all(c.ground is Ground.KEY for c in causes):
        return False
    if any(c.name == "disclosures" for c in causes) and (new is None or new.truth is Truth.UNKNOWN):
        return False  # what is not shown any more can settle nothing, and shows no fault either
    filled = all(c.record is not None and _fills(c.record, kept) for c in causes if c.ground is not Ground.KEY)
    return old.settled or new is None or not filled


def _fills(record: Opened, kept: Kept) -> bool:
    """A supplement, or a signature beside an event that was there already."""
    return record.body.type == "supplement" or record.at_entry < kept.size


def _at_entry(records: Records, index: int) -> Opened | None:
    """What was recorded at the entry: an event, or one that others signed there too."""
    return next((o for o in records.opened if o.at_entry == index or any(k[2] == index for k in o.later_keys)), None)

"""`record`: signed events are checked and appended; each act is judged again at the place it got.

One bad line is refused with its place; the rest is recorded. What was done is recorded whether allowed or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from smartclause.engines.audit import Judged
from smartclause.evidence import envelope as envelopes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import read_form
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.ledger import Clock, head, open_ledger, system_clock
from smartclause.evidence.recording import MAX_EVENT, Receipt, Refusal
from smartclause.evidence.recording import record as append
from smartclause.evidence.trust import TrustStore
from smartclause.logic.counting import Instant
from smartclause.logic.verdict import Decision
from smartclause.logic.world import Record, World, place
from smartclause.verbs.admission import refuse_misfit
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import OpenedRegister, need_trust, open_contract, open_register
from smartclause.verbs.matter import History, Matter, Member, judge, matter_of
from smartclause.verbs.reading import Opened
from smartclause.verbs.sources import Records, lines_of, on_line, read_ledger

Fault = EvidenceError | VerbError


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one line. For an act under the contract given: `before`, as `decide` would have answered
    at the head before this group, and `at_place`, at the position it got."""

    line: int
    receipt: Receipt | None = None
    fault: Fault | None = None
    before: Judged | None = None
    at_place: Judged | None = None

    @property
    def already(self) -> bool:
        """The same bytes were in the ledger before: nothing was added, and the receipt is the old one."""
        return self.receipt is not None and self.receipt.place is None

    @property
    def differs(self) -> bool:
        if self.before is None or self.at_place is None:
            return False
        return self.before.decision is not self.at_place.decision


@dataclass(frozen=True, slots=True)
class Recording:
    lines: tuple[Recorded, ...]
    ledger: str
    size: int
    root: str

    @property
    def refused(self) -> tuple[Recorded, ...]:
        return tuple(r for r in self.lines if r.fault is not None)

    @property
    def already(self) -> tuple[Recorded, ...]:
        return tuple(r for r in self.lines if r.already)

    @property
    def added(self) -> tuple[Recorded, ...]:
        return tuple(r for r in self.lines if r.receipt is not None and not r.already)

    @property
    def differing(self) -> tuple[Recorded, ...]:
        return tuple(r for r in self.lines if r.differs)

    @property
    def not_allowed(self) -> tuple[Recorded, ...]:
        judged = ((r, r.at_place) for r in self.lines)
        return tuple(r for r, j in judged if j is not None and j.decision is not Decision.ALLOWED)


def record(
    ledger: Path,
    events: Path,
    *,
    trust: Path | None = None,
    contract: Path | None = None,
    register: Path | None = None,
    members: tuple[Path, ...] = (),
    key: SigningKey | None = None,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> Recording:
    """`key`: the ledger's own, which signs a checkpoint of the new head. Raises EvidenceError, VerbError."""
    store = need_trust(trust)
    opened = None if register is None else open_register(register, store, clock())
    others = tuple(open_contract(m, folders) for m in members)
    bundle = None if contract is None else open_contract(contract, folders)
    return recorded(ledger, lines_of(events), store, bundle, opened, others, key=key, clock=clock)


def recorded(
    ledger: Path,
    lines: Sequence[bytes],
    trust: TrustStore,
    bundle: Bundle | None = None,
    register: OpenedRegister | None = None,
    others: tuple[Bundle, ...] = (),
    *,
    key: SigningKey | None = None,
    clock: Clock = system_clock,
) -> Recording:
    """As `record`, on what was read."""
    now = clock()
    known = {b.document: b for b in (bundle, *others) if b is not None}
    faults = {number: fault for number, line in enumerate(lines, 1) if (fault := _misfit(line, known, number))}
    fit = [number for number in range(1, len(lines) + 1) if number not in faults]
    before = None if bundle is None else read_ledger(ledger, trust, now)
    with open_ledger(ledger, writing=True) as store:
        outcomes = append(store, [lines[number - 1] for number in fit], trust, key, clock)
        number_, new_head = store.id, head(store)
    found = dict(zip(fit, outcomes, strict=True))
    judging = None
    if bundle is not None and before is not None:
        after = read_ledger(ledger, trust, clock())
        judging = _Judging(bundle, register, others, trust, before, after, now)
    result = tuple(_outcome(n, faults.get(n), found.get(n), judging) for n in range(1, len(lines) + 1))
    return Recording(result, number_, new_head.size, f"sha256:{new_head.root.hex()}")


def _misfit(line: bytes, known: Mapping[str, Bundle], number: int) -> Fault | None:
    """What the contract named in the event would never read; an event of another contract is none of ours."""
    try:
        body = read_form(EventBody, envelopes.read(line, MAX_EVENT).body)
        bundle = known.get(body.contract)
        if bundle is not None:
            refuse_misfit(body, bundle.lookup, f"line {number}")
    except EvidenceError as error:
        return EvidenceError(error.code, on_line(number, error.place), **error.values)
    except VerbError as error:
        return error
    return None


def _outcome(number: int, fault: Fault | None, found: Receipt | Refusal | None, judging: _Judging | None) -> Recorded:
    match found:
        case None:
            return Recorded(number, fault=fault)
        case Refusal():
            error = found.error
            return Recorded(number, fault=EvidenceError(error.code, on_line(number, error.place), **error.values))
        case Receipt():
            before, at_place = (None, None) if judging is None or found.place is None else judging.judged(found.event)
            return Recorded(number, found, None, before, at_place)


class _Judging:
    """The acts of one group, before and after it was recorded."""

    def __init__(
        self,
        bundle: Bundle,
        register: OpenedRegister | None,
        others: tuple[Bundle, ...],
        trust: TrustStore,
        before: Records,
        after: Records,
        now: Instant,
    ) -> None:
        self.matter: Matter = matter_of(bundle, trust, None if register is None else register.register, others)
        self.asked = max(now, before.last)
        self.size = before.size
        self.before = History(self.matter, before.opened, self.asked)
        self.after = History(self.matter, after.opened, max(now, after.last))
        self.opened = {o.body.id: o for o in after.opened}

    def judged(self, event: str) -> tuple[Judged | None, Judged | None]:
        """None for what is no act here."""
        record = self.after.world(self.matter.main).by_id.get(event)
        opened = self.opened.get(event)
        if record is None or opened is None or not record.event.by or not self._is_act(record):
            return None, None
        asked = judge(
            self.before, record.event, self.asked, lambda member, world: self._proposed(member, world, opened)
        )
        placed = judge(
            self.after, record.event, record.instant, lambda member, _: self.after.world(member).by_id[event]
        )
        return asked, placed

    def _is_act(self, record: Record) -> bool:
        return self.matter.main.reader.lookup.is_act(record.event.type)

    def _proposed(self, member: Member, world: World, opened: Opened) -> Record:
        return place(world.lookup, member.reader.proposed(opened, self.asked, self.size, []))

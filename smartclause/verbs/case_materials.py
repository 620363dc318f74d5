"""What a case rests on, read from its own files: contract, register, trust list, entries. Nothing is judged yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from smartclause.evidence.disclosure import MAX_DISCLOSURES, NOTHING, Disclosures, disclosures, read_disclosures
from smartclause.evidence.envelope import unseal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import instant, read_form
from smartclause.evidence.keys import KeyId, PublicKey
from smartclause.evidence.ledger import origin
from smartclause.evidence.note import Checkpoint, note_key, read_checkpoint, read_note
from smartclause.evidence.redaction import Redaction
from smartclause.evidence.trust import Standing, TrustStore, record_of, ring, standing
from smartclause.logic.canonical import MAX_BYTES
from smartclause.logic.counting import Instant
from smartclause.verbs.bundle import Bundle, bundle_from
from smartclause.verbs.case_entries import ENTRIES, MAX_ENTRIES, CaseEntry, read_entries, roots
from smartclause.verbs.case_files import CaseFiles
from smartclause.verbs.case_forms import Case, CaseContract
from smartclause.verbs.case_trust import TRUST, CaseTrustList, read_trust
from smartclause.verbs.disclosing import with_disclosures
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import MAX_REGISTER, OpenedRegister, register_from
from smartclause.verbs.reading import Opened, Received, joined, open_each
from smartclause.verbs.sources import Records, keeper_of, while_standing

CASE = "case.json"
REGISTER = "register.json"
CHECKPOINTS = "ledger/checkpoints/"
STAMPS = "ledger/timestamps/"
STAMP_ROOTS = f"{STAMPS}roots.pem"
POLICY = "ledger/policy.txt"
DISCLOSURES = "disclosures.jsonl"
REDACTIONS = "redactions/"
MAX_SMALL = 2**20
MAX_TRUST = 2**28


@dataclass(frozen=True)
class Materials:
    """`signed` are the stored checkpoints whose signature holds, `notes` their texts, by number of entries."""

    case: Case
    trust: CaseTrustList
    bundle: Bundle
    members: tuple[Bundle, ...]
    amendments: tuple[Bundle, ...]
    register: OpenedRegister | None
    entries: tuple[CaseEntry, ...]
    opened: tuple[Opened, ...]  # entry by entry, each with the keys whose signature holds
    notes: Mapping[int, bytes]
    signed: Mapping[int, Checkpoint]
    keeper: PublicKey | None
    disclosures: Disclosures
    redactions: tuple[tuple[str, Redaction], ...]  # signed by the party that erased, with their files

    @property
    def store(self) -> TrustStore:
        return self.trust.store

    @property
    def now(self) -> Instant:
        return instant(self.case.exported)

    @property
    def asked(self) -> Instant:
        return instant(self.case.asked)

    @property
    def contracts(self) -> tuple[tuple[CaseContract, Bundle], ...]:
        stated = (self.case.contract, *self.case.members, *self.case.amendments)
        return tuple(zip(stated, (self.bundle, *self.members, *self.amendments), strict=True))

    @cached_property
    def covered(self) -> int:
        """How many entries a signed checkpoint covers that came while the keeper's key stood."""
        if self.keeper is None:
            return 0
        stood = while_standing(self.store, self.keeper.id, (e.received for e in self.entries))
        return max((size for size in self.signed if size <= stood), default=0)

    def entries_of(self, events: Iterable[str]) -> tuple[CaseEntry, ...]:
        """In the order of receipt."""
        found = (e for event in dict.fromkeys(events) for e in self._by_event.get(event, ()))
        return tuple(sorted(found, key=lambda e: e.index))

    @cached_property
    def _by_event(self) -> Mapping[str, list[CaseEntry]]:
        found: dict[str, list[CaseEntry]] = {}
        for entry in self.entries:
            found.setdefault(entry.event.id, []).append(entry)
        return found

    def records(self) -> Records:
        """As the ledger file itself would be read, up to the instant asked for."""
        return self._records

    @cached_property
    def _records(self) -> Records:
        until = None if self.case.at is None else instant(self.case.at)
        kept = [o for e, o in zip(self.entries, self.opened, strict=True) if until is None or e.received <= until]
        size = len(self.entries)
        root = f"sha256:{roots(self.entries, (size,))[size].hex()}"
        last = max((e.received for e in self.entries if until is None or e.received <= until), default=0)
        opened = tuple(joined(kept))
        numbers = tuple((o.body.id, o.digest) for o in opened)
        attested = self.keeper is not None
        signed = self.covered if attested else 0
        keeper = "" if self.keeper is None else self.keeper.id
        records = Records(opened, self.case.ledger.id, size, root, last, signed, attested, numbers, keeper=keeper)
        try:
            return with_disclosures(records, self.disclosures)
        except EvidenceError as error:
            raise EvidenceError(error.code, f"{DISCLOSURES} {error.place}".strip(), **error.values) from None


def read_case(files: CaseFiles) -> Case:
    """Raises EvidenceError, VerbError."""
    return read_form(Case, files.read(_there(files, CASE), MAX_SMALL).rstrip(b"\n"))


def read_materials(files: CaseFiles) -> Materials:
    """Raises EvidenceError, VerbError with the file in which it found the fault."""
    case = read_case(files)
    trust = read_trust(files.read(_there(files, TRUST), MAX_TRUST))
    now = instant(case.exported)
    content = files.read(_there(files, ENTRIES), MAX_ENTRIES)
    entries = read_entries(content, case.ledger.id)
    keeper = keeper_of(trust.store, case.ledger.key, now)
    notes = {_size_of(name): files.read(name, MAX_SMALL) for name in files.sizes if name.startswith(CHECKPOINTS)}
    given = [Received(e.parts, e.received if keeper else None, e.index, e.kind, f"entry {e.index}") for e in entries]
    materials = Materials(
        case,
        trust,
        _contract(files, case.contract),
        tuple(_contract(files, c) for c in case.members),
        tuple(_contract(files, c) for c in case.amendments),
        _register(files, case, trust.store, now),
        entries,
        tuple(open_each(given, trust.store, now)),
        notes,
        {size: _checkpoint(case, size, note, keeper) for size, note in sorted(notes.items())} if keeper else {},
        keeper,
        _disclosures(files),
        tuple(_redactions(files, trust.store, now)),
    )
    materials.records()  # what does not fit is found now, not while judging
    return materials


def _disclosures(files: CaseFiles) -> Disclosures:
    if DISCLOSURES not in files.sizes:
        return NOTHING
    return disclosures(read_disclosures(files.read(DISCLOSURES, MAX_DISCLOSURES), DISCLOSURES))


def _redactions(files: CaseFiles, trust: TrustStore, now: Instant) -> Iterator[tuple[str, Redaction]]:
    """Each signed by a valid key of the party that says it erased. Raises EvidenceError with the file."""
    for name in sorted(n for n in files.sizes if n.startswith(REDACTIONS)):
        try:
            signed = unseal(files.read(name, MAX_SMALL), ring(trust), Redaction.PAYLOAD_TYPE)
            redaction = read_form(Redaction, signed.body)
            if not any(_stands_for(redaction.by, key, trust, now) for key in signed.signers):
                raise EvidenceError("EV06")
        except EvidenceError as error:
            raise EvidenceError(error.code, f"{name} {error.place}".strip(), **error.values) from None
        yield name, redaction


def _stands_for(party: str, key: KeyId, trust: TrustStore, now: Instant) -> bool:
    record = record_of(trust, key)
    return record is not None and record.party == party and standing(record, now, issuers=trust.issuers) in _VALID


_VALID = (Standing.TRUSTED, Standing.LAPSED)


def _there(files: CaseFiles, name: str) -> str:
    if name not in files.sizes:
        raise VerbError("VB31", files.place, reason=f"{name} is not in it")
    return name


def _contract(files: CaseFiles, stated: CaseContract) -> Bundle:
    bundle = bundle_from(files.read(_there(files, stated.file), MAX_BYTES), stated.file)
    if (bundle.document, bundle.meaning) != (stated.document, stated.meaning):
        raise VerbError("VB02", stated.file)
    return bundle


def _register(files: CaseFiles, case: Case, trust: TrustStore, now: Instant) -> OpenedRegister | None:
    if case.register_digest is None:
        return None
    opened = register_from(files.read(_there(files, REGISTER), MAX_REGISTER), REGISTER, trust, now)
    if opened.digest != case.register_digest:
        raise VerbError("VB02", REGISTER)
    return opened


def note_name(size: int) -> str:
    return f"{CHECKPOINTS}{size:012d}.note"


def _size_of(name: str) -> int:
    number = name.removeprefix(CHECKPOINTS).removesuffix(".note")
    if not number.isdecimal() or note_name(int(number)) != name:
        raise VerbError("VB31", name, reason="it does not have the name of a checkpoint")
    return int(number)


def _checkpoint(case: Case, size: int, note: bytes, keeper: PublicKey) -> Checkpoint:
    name = note_name(size)
    try:
        found = read_checkpoint(read_note(note, [note_key(origin(case.ledger.id), keeper)]).text)
    except EvidenceError as error:
        raise EvidenceError(error.code, f"{name} {error.place}".strip(), **error.values) from None
    if (found.origin, found.size) != (origin(case.ledger.id), size):
        reason = "it is not of this ledger, or stands in the place of another"
        raise EvidenceError("EV18", name, reason=reason)
    return found

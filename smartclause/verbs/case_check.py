"""A case file checked again, from its bytes alone: digests, signatures, tree, trust, and every verdict made anew.

Needs no network, no database and nothing that the case does not hold. What fails is named with its file; what could
not be checked is said, never passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from smartclause.evidence.envelope import check_signatures
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import instant
from smartclause.evidence.ledger import Clock
from smartclause.evidence.trust import Standing, record_of, ring, standing
from smartclause.logic.canonical import digest_of_bytes
from smartclause.verbs.bundle import Bundle, statement_of
from smartclause.verbs.case_check_witnesses import agreement_check, kept_check, stamp_check, witness_check
from smartclause.verbs.case_custody import CUSTODY, MAX_CUSTODY, read_custody, result_digest, split
from smartclause.verbs.case_derived import derived
from smartclause.verbs.case_disputed import Disputed, disputed
from smartclause.verbs.case_engine import engine_digest
from smartclause.verbs.case_entries import ENTRIES, roots
from smartclause.verbs.case_files import MANIFEST, CaseFiles, open_case
from smartclause.verbs.case_findings import CaseCheck, Check, Fault, State, attempted, found_in, sure
from smartclause.verbs.case_manifest import MAX_MANIFEST, OpenedManifest, read_manifest
from smartclause.verbs.case_materials import CASE, Materials, note_name, read_materials
from smartclause.verbs.case_papers import DERIVED, SOURCES, unmade
from smartclause.verbs.case_trust import TRUST
from smartclause.verbs.case_witnesses import CLOCKS_APART
from smartclause.verbs.errors import VerbError
from smartclause.verbs.holders import holders_of

AFTER_READING = (
    "trust", "exporter", "contract", "entries", "tree", "checkpoints", "witnesses", "stamps", "agreed", "custody",
    "verdicts", "papers",
)  # fmt: skip

READERS_CLOCK = 600 * 1_000_000  # microseconds by which it may be slow

Made: TypeAlias = tuple[Disputed, Mapping[str, bytes]]
Remake: TypeAlias = Callable[[Materials, Disputed, Mapping[str, bytes], CaseFiles], Mapping[str, bytes]]


def check_case(
    path: Path,
    root: str | None = None,
    exporter: str | None = None,
    *,
    trust_version: int | None = None,
    policy: bytes | None = None,
    stamp_roots: bytes | None = None,
    kept: Sequence[bytes] = (),
    remake: Remake | None = None,
    clock: Clock | None = None,
) -> CaseCheck:
    """What the reader got elsewhere: `root`, the digest of the trust list's first version; `trust_version`, the newest
    one seen, since an older one does not know what happened to its keys; `exporter`, a key's number; `policy`, which
    witnesses must have cosigned; `stamp_roots`, certificates of time stamp authorities in PEM; `kept`, checkpoints of
    the ledger, from which its entries must have grown.
    `remake` makes reports and papers again, where the program for it is there; `clock` is the reader's own.

    Raises VerbError VB31 if it is no case file at all.
    """
    with open_case(path) as files:
        return check_files(
            files,
            root,
            exporter,
            trust_version=trust_version,
            policy=policy,
            stamp_roots=stamp_roots,
            kept=kept,
            remake=remake,
            clock=clock,
        )


def check_files(
    files: CaseFiles,
    root: str | None = None,
    exporter: str | None = None,
    *,
    trust_version: int | None = None,
    policy: bytes | None = None,
    stamp_roots: bytes | None = None,
    kept: Sequence[bytes] = (),
    remake: Remake | None = None,
    clock: Clock | None = None,
) -> CaseCheck:
    """As `check_case`, on opened files."""
    manifest, first = attempted("manifest", lambda: read_manifest(files.read(MANIFEST, MAX_MANIFEST)))
    checks = [first, _files(files, manifest)]
    materials, reading = attempted("contents", lambda: read_materials(files))
    checks.append(reading)
    if materials is None:
        checks += [Check(name, State.OPEN) for name in AFTER_READING]
        return CaseCheck(files.place, None, tuple(checks), False)
    checks.append(sure("trust", lambda: _trust(materials, root, trust_version)))
    checks.append(sure("exporter", lambda: _exporter(materials, manifest, exporter)))
    checks.append(sure("contract", lambda: _contract(materials, files)))
    checks.append(sure("entries", lambda: _entries(materials)))
    checks.append(sure("tree", lambda: _tree(materials, clock)))
    checks.append(sure("checkpoints", lambda: _checkpoints(materials)))
    if kept:
        checks.append(sure("kept", lambda: kept_check(materials, kept)))
    cosigned = sure("witnesses", lambda: witness_check(materials, files, policy))
    stamped = sure("stamps", lambda: stamp_check(materials, files, stamp_roots))
    checks += [cosigned, stamped, sure("agreed", lambda: agreement_check(materials, cosigned, stamped))]
    checks.append(sure("custody", lambda: _custody(files, manifest)))
    made, verdicts = _verdicts(materials, files)
    checks += [verdicts, sure("papers", lambda: _papers(materials, files, made, remake))]
    pinned = root is not None and materials.trust.signed and root == materials.trust.root
    return CaseCheck(files.place, materials.case, tuple(checks), pinned)


# ---- the files


def _files(files: CaseFiles, opened: OpenedManifest | None) -> Check:
    if opened is None:
        return Check("files", State.OPEN)
    stated = opened.digests
    faults = [Fault(name, "the file is missing") for name in sorted(set(stated) - set(files.sizes))]
    extra = sorted(set(files.sizes) - set(stated) - {MANIFEST})
    faults += [Fault(name, "the manifest does not know the file") for name in extra]
    for name in sorted(set(stated) & set(files.sizes)):
        if _digest(files, name) != stated[name]:
            faults.append(Fault(name, "the file was changed: it does not have the digest of the manifest"))
    if opened.manifest.predicate.files != len(stated):
        faults.append(Fault(MANIFEST, "it does not list as many files as it says"))
    return found_in("files", faults, count=len(stated))


def _digest(files: CaseFiles, name: str) -> str:
    """Of the custody log only what was there when the manifest was signed."""
    if name == CUSTODY:
        return digest_of_bytes(split(files.read(name, MAX_CUSTODY))[0])
    return files.digest(name)


# ---- who vouches


def _trust(materials: Materials, root: str | None, newest: int | None) -> Check:
    trust, stated, faults = materials.trust, materials.case.trust, []
    if (stated.newest, stated.root, stated.signed) != (trust.newest, trust.root, trust.signed):
        faults.append(Fault(TRUST, "it is not the trust list that the case names"))
    issued = trust.store.issued
    if issued is not None and materials.now + CLOCKS_APART < instant(issued):
        faults.append(Fault(CASE, "it says that it was exported before its trust list was issued"))
    if root is not None and root != trust.root:
        faults.append(Fault(TRUST, "its first version is not the one that you know"))
    if newest is not None and trust.store.version < newest:
        faults.append(Fault(TRUST, "it is older than the version that you have seen"))
    check = found_in("trust", faults, root=trust.root, version=trust.store.version, signed=_yes(trust.signed))
    if (root is None or not trust.signed) and not faults:
        return Check("trust", State.OPEN, check.values)
    return check


def _exporter(materials: Materials, opened: OpenedManifest | None, wanted: str | None) -> Check:
    if opened is None:
        return Check("exporter", State.OPEN)
    stated, faults = materials.case.exporter, []
    predicate = opened.manifest.predicate
    if predicate.exporter != stated or (predicate.engine, predicate.exported) != (
        materials.case.engine,
        materials.case.exported,
    ):
        faults.append(Fault(CASE, "the manifest was signed for another case"))
    if wanted is not None and wanted != stated.key:
        faults.append(Fault(MANIFEST, "its signer is not the one that you know"))
    record = record_of(materials.store, stated.key)
    if record is None:
        if stated.party is not None or stated.identity is not None:
            faults.append(Fault(CASE, "the trust list does not know the exporter by this name"))
        state = State.OPEN if wanted is None and not faults else State.FAILS if faults else State.HOLDS
        return Check("exporter", state, {"key": stated.key, "party": ""}, tuple(faults))
    if (record.party, record.identity) != (stated.party, stated.identity):
        faults.append(Fault(CASE, "the trust list does not know the exporter by this name"))
    if standing(record, materials.now, issuers=materials.store.issuers) is not Standing.TRUSTED:
        faults.append(Fault(TRUST, "the exporter's key was not valid when it signed"))
    return found_in("exporter", faults, key=stated.key, party=record.party)


def _contract(materials: Materials, files: CaseFiles) -> Check:
    faults: list[Fault] = []
    signed: list[str] = []
    unsigned: list[str] = []
    for stated, bundle in materials.contracts:
        faults += _signatures(materials, bundle, stated.file)
        if not bundle.is_pack and not faults:
            holders = holders_of(bundle, materials.store)
            signed += sorted(holders.contract_signers())
            unsigned += holders.unsigned()
    faults += _sources(materials, files)
    return found_in(
        "contract",
        faults,
        document=materials.bundle.document,
        signed=", ".join(dict.fromkeys(signed)),
        unsigned=", ".join(dict.fromkeys(unsigned)),
    )


def _signatures(materials: Materials, bundle: Bundle, place: str) -> Iterator[Fault]:
    try:
        stated = None if bundle.is_pack else statement_of(bundle)
    except (EvidenceError, VerbError) as error:
        yield Fault(place, error.text(), error)
        return
    if stated is None:
        return
    for key in check_signatures(stated.envelope, ring(materials.store)).invalid:
        yield Fault(place, f"the signature of key {key} is wrong")


def _sources(materials: Materials, files: CaseFiles) -> Iterator[Fault]:
    """A clause file that lies beside the contract must be one whose digest the parties signed."""
    known = {source.digest for _, bundle in materials.contracts for source in bundle.sources}
    for name in files.sizes:
        if name.startswith(SOURCES) and files.digest(name) not in known:
            yield Fault(name, "no contract of the case was compiled from this file")


# ---- the ledger


def _entries(materials: Materials) -> Check:
    faults = []
    keys, unknown = ring(materials.store), 0
    for number, (entry, opened) in enumerate(zip(materials.entries, materials.opened, strict=True), 1):
        place = f"{ENTRIES} line {number}"
        if entry.event.issuer not in opened.keys:
            known = entry.event.issuer in keys
            reason = "its issuer did not sign it" if known else "the trust list does not know its issuer's key"
            faults.append(Fault(place, reason))
        named = {s.key for s in entry.parts.signatures if s.key}
        faults += [
            Fault(place, f"the signature of key {k} is wrong") for k in sorted(named & set(keys) - set(opened.keys))
        ]
        unknown += len(named - set(keys))
    return found_in("entries", faults, count=len(materials.entries), unknown=unknown)


def _tree(materials: Materials, clock: Clock | None) -> Check:
    records, stated, faults = materials.records(), materials.case.ledger, []
    if records.size != stated.size:
        faults.append(Fault(ENTRIES, f"{stated.size} entries are expected; {records.size} are left"))
    if records.root != stated.root:
        faults.append(Fault(ENTRIES, "the root of its entries is not the root that the case names"))
    faults += _instants(materials, clock)
    return found_in("tree", faults, root=records.root, size=records.size)


def _instants(materials: Materials, clock: Clock | None) -> Iterator[Fault]:
    """Whoever may choose the instant of the reading chooses which keys stand, which sources are waited for, and which
    duties are overdue."""
    case, entries = materials.case, materials.entries
    if entries and materials.now + CLOCKS_APART < entries[-1].received:
        yield Fault(CASE, "it says that the ledger was read before its last entry came")
    if case.asked != (case.exported if case.at is None else case.at):
        yield Fault(CASE, "it is judged at another instant than that of reading or asking")
    if materials.asked > materials.now + CLOCKS_APART:
        yield Fault(CASE, "it is judged at an instant that had not come when it was exported")
    if clock is not None and materials.now > clock() + READERS_CLOCK:
        yield Fault(CASE, "it says an instant of export that has not come yet by your clock")


def _checkpoints(materials: Materials) -> Check:
    """Each checkpoint over the very entries of the case: then each tree only appended to the one before."""
    if materials.keeper is None:
        return Check("checkpoints", State.OPEN, {"key": materials.case.ledger.key})
    computed = roots(materials.entries, materials.signed)
    faults = []
    for size, checkpoint in materials.signed.items():
        if size not in computed:
            reason = f"a checkpoint counts {size} entries; {len(materials.entries)} are left"
            faults.append(Fault(note_name(size), reason))
        elif computed[size] != checkpoint.root:
            reason = f"the first {size} entries do not have the root of their checkpoint"
            faults.append(Fault(note_name(size), reason))
    record = record_of(materials.store, materials.case.ledger.key)
    covered = materials.covered
    party = "" if record is None else record.party
    check = found_in(
        "checkpoints", faults, count=len(computed), covered=covered, size=len(materials.entries), party=party
    )
    whole = covered == len(materials.entries)
    return check if faults or whole else Check("checkpoints", State.OPEN, check.values)


# ---- custody and verdicts


def _custody(files: CaseFiles, opened: OpenedManifest | None) -> Check:
    if opened is None or CUSTODY not in files.sizes:
        return Check("custody", State.OPEN)
    custody, check = attempted("custody", lambda: read_custody(files.read(CUSTODY, MAX_CUSTODY), opened.content))
    if custody is None:
        return check
    faults = []
    if custody.extraction.result != result_digest(opened.digests):
        faults.append(Fault(CUSTODY, "it names other files than the manifest"))
    if custody.extraction.by != opened.manifest.predicate.exporter:
        faults.append(Fault(CUSTODY, "it names another exporter than the manifest"))
    return found_in("custody", faults, count=1 + len(custody.handovers))


def _verdicts(materials: Materials, files: CaseFiles) -> tuple[Made | None, Check]:
    """Everything that follows from the records is made again, and compared byte by byte."""
    found, check = attempted("verdicts", lambda: _made(materials))
    if found is None:
        return None, check
    faults = list(_compared(found[1], files))
    for name in sorted(set(found[1]) - set(files.sizes)):
        faults.append(Fault(name, "the file is missing"))
    there = (name for name in sorted(files.sizes) if name.startswith(DERIVED))
    faults += [Fault(n, "it does not follow from the records of the case") for n in there if n not in found[1]]
    made = sum(name.startswith("verdicts/") and name.endswith(".json") for name in found[1])
    return found, found_in("verdicts", faults, count=made, same_engine=_same_engine(materials))


def _made(materials: Materials) -> Made:
    found = disputed(materials)
    return found, derived(materials, found)


def _compared(made: Mapping[str, bytes], files: CaseFiles) -> Iterator[Fault]:
    for name, content in made.items():
        same = name not in files.sizes or files.sizes[name] == len(content)
        if not same or (name in files.sizes and files.read(name, len(content)) != content):
            yield Fault(name, "it is not what the records of the case give")


def _same_engine(materials: Materials) -> str:
    own = engine_digest()
    return _yes(own == materials.case.engine) if own else ""


def _papers(materials: Materials, files: CaseFiles, made: Made | None, remake: Remake | None) -> Check:
    """What nothing here makes again is named: it bears the exporter's signature, and no more. Another program lays
    pages out otherwise, so only the one that exported makes them again."""
    left = unmade(materials, files)
    again: Mapping[str, bytes] = {}
    if remake is not None and made is not None and _same_engine(materials) == "yes":
        again = remake(materials, *made, files)
    faults = tuple(_compared(again, files))
    names = ", ".join(name for name in left if name not in again)
    state = State.FAILS if faults else State.OPEN if names else State.HOLDS
    return Check("papers", state, {"names": names} if names else {}, faults)


def _yes(value: bool) -> str:
    return "yes" if value else "no"

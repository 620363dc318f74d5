"""`evidence export`: everything that a stranger needs to check a dispute again, in one folder or zip file.

What is written is checked before, as `evidence verify` does; a case that would not hold is not written.
"""

from __future__ import annotations

import base64
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence.disclosure import MAX_DISCLOSURES
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.files import read_limited, write_whole
from smartclause.evidence.forms import canonical, timestamp
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.ledger import Clock, open_ledger, rows, system_clock
from smartclause.evidence.policy import MAX_POLICY, read_policy
from smartclause.evidence.segment_table import holdings
from smartclause.evidence.served import kept_timestamps, served_checkpoints
from smartclause.evidence.timestamp_chain import read_roots
from smartclause.evidence.trust import Pinned, TrustSource, TrustStore, load_trust, record_of
from smartclause.evidence.verification import verify_ledger
from smartclause.logic.canonical import MAX_BYTES, digest_of_bytes
from smartclause.logic.counting import Instant
from smartclause.logic.opening import beginning
from smartclause.verbs.bundle import Bundle, bundle_bytes
from smartclause.verbs.case_check import check_files
from smartclause.verbs.case_custody import CUSTODY, result_digest
from smartclause.verbs.case_derived import derived
from smartclause.verbs.case_disputed import disputed
from smartclause.verbs.case_engine import engine_digest, engine_version
from smartclause.verbs.case_entries import ENTRIES, entry_line
from smartclause.verbs.case_files import MANIFEST, MAX_FILES, held, zipped
from smartclause.verbs.case_findings import CaseCheck
from smartclause.verbs.case_forms import (
    Case,
    CaseContract,
    CaseLedger,
    CaseTrust,
    Exporter,
    Extraction,
    ManifestPredicate,
    Scope,
)
from smartclause.verbs.case_manifest import write_manifest
from smartclause.verbs.case_materials import (
    CASE,
    DISCLOSURES,
    MAX_SMALL,
    POLICY,
    REDACTIONS,
    REGISTER,
    STAMP_ROOTS,
    note_name,
    read_materials,
)
from smartclause.verbs.case_reports import reports
from smartclause.verbs.case_system import system_of
from smartclause.verbs.case_trust import TRUST, CaseTrustList, read_trust
from smartclause.verbs.case_witnesses import stamp_name
from smartclause.verbs.cases import CaseExportForm, check_form
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import MAX_REGISTER, open_contract, register_from

MAX_TRUST_FILE = 2**28


@dataclass(frozen=True)
class Asked:
    """What a case is made from, beside the contract and the ledger."""

    scope: Scope
    register: Path | None = None
    members: tuple[Path, ...] = ()
    amended_by: tuple[Path, ...] = ()
    signed_at: Instant | None = None
    at: Instant | None = None
    closed: bool = False
    sources: Path | None = None
    policy: Path | None = None
    stamp_roots: Path | None = None
    disclosures: Path | None = None
    redactions: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Exported:
    """`contents` are the files by name; `check` is what their verification found."""

    contents: Mapping[str, bytes]
    check: CaseCheck
    case: Case
    uses: int
    duties: int
    events: int

    @property
    def manifest(self) -> str:
        return digest_of_bytes(self.contents[MANIFEST])


def export(
    contract: Path,
    ledger: Path,
    asked: Asked,
    *,
    trust: TrustSource | None,
    key: SigningKey,
    out: Path | None = None,
    clock: Clock = system_clock,
) -> Exported:
    """`out` is a zip file by its name, else a new folder. Raises EvidenceError, VerbError VB11, VB32, VB33."""
    if trust is None:
        raise VerbError("VB11", what="trust store", option="--trust FILE")
    contents, case = _given(contract, ledger, asked, trust, key, clock())
    materials = read_materials(held(contents))
    found = disputed(materials)
    follows = derived(materials, found)
    contents |= follows
    contents |= reports(materials, found, follows, held(contents))
    contents["system.json"] = canonical(system_of(case)) + b"\n"
    contents |= _sealed(contents, case, key)
    if len(contents) > MAX_FILES:
        raise VerbError("VB33", reason=f"it would have {len(contents)} files; at most {MAX_FILES} are read")
    check = check_files(held(contents), case.trust.root, key.id, remake=reports)
    if not check.holds:
        raise VerbError("VB33", reason=check.faults[0].text())
    if out is not None:
        write_case(contents, out)
    return Exported(contents, check, case, len(found.uses), len(found.duties), len(found.events))


def export_form(made: Exported, out: Path) -> CaseExportForm:
    return CaseExportForm(
        case=str(out),
        manifest=made.manifest,
        root=made.case.trust.root,
        exporter=made.case.exporter.key,
        files=len(made.contents),
        events=made.events,
        acts=made.uses,
        duties=made.duties,
        check=check_form(made.check),
    )


# ---- what is given


def _given(
    contract: Path, ledger: Path, asked: Asked, trust: TrustSource, key: SigningKey, now: Instant
) -> tuple[dict[str, bytes], Case]:
    """The files that nothing else gives, and the case that names them."""
    load_trust(trust)  # as the exporter knows it: its root, its newest version
    list_bytes = read_limited(trust.path if isinstance(trust, Pinned) else trust, MAX_TRUST_FILE)
    trusted = read_trust(list_bytes)
    files: dict[str, bytes] = {TRUST: list_bytes}
    main = open_contract(contract, asked.folders)
    main_stated = _contract(files, "contract/contract", main)
    members = [_numbered(files, "members", n, open_contract(m, asked.folders)) for n, m in enumerate(asked.members, 1)]
    amended = [open_contract(a, asked.folders) for a in asked.amended_by]
    amendments = [_numbered(files, "amendments", n, a) for n, a in enumerate(amended, 1)]
    register = None
    if asked.register is not None:
        files[REGISTER] = read_limited(asked.register, MAX_REGISTER)
        register = register_from(files[REGISTER], asked.register.name, trusted.store, now).digest
    files |= _sources(asked.sources, [main, *amended])
    kept, read = _ledger(ledger)
    files |= read
    if asked.policy is not None:
        files[POLICY] = read_limited(asked.policy, MAX_POLICY)
        read_policy(files[POLICY])  # a stranger must be able to read what goes into a case
    if asked.disclosures is not None:
        files[DISCLOSURES] = read_limited(asked.disclosures, MAX_DISCLOSURES)
    for number, path in enumerate(asked.redactions, 1):
        files[f"{REDACTIONS}{number:04d}.dsse.json"] = read_limited(path, MAX_SMALL)
    if asked.stamp_roots is not None:
        files[STAMP_ROOTS] = read_limited(asked.stamp_roots, MAX_SMALL)
        read_roots(files[STAMP_ROOTS])
    exporter = _exporter(key, trusted.store)
    at = asked.at
    case = Case(
        scope=asked.scope,
        asked=timestamp(now if at is None else at),
        at=None if at is None else timestamp(at),
        exported=timestamp(now),
        closed=asked.closed,
        exporter=exporter,
        engine=engine_digest(),
        version=engine_version(),
        contract=main_stated,
        members=tuple(members),
        amendments=tuple(amendments),
        signed_at=None if asked.signed_at is None else timestamp(asked.signed_at),
        register_digest=register,
        ledger=kept,
        trust=_stated(trusted),
    )
    files[CASE] = canonical(case) + b"\n"
    return files, case


def _contract(files: dict[str, bytes], stem: str, bundle: Bundle) -> CaseContract:
    files[f"{stem}.json"] = bundle_bytes(bundle) + b"\n"
    return CaseContract(file=f"{stem}.json", document=bundle.document, meaning=bundle.meaning)


def _numbered(files: dict[str, bytes], folder: str, number: int, bundle: Bundle) -> CaseContract:
    name = bundle.contract.module.rpartition(".")[2]
    return _contract(files, f"contract/{folder}/{number:02d}-{name}", bundle)


def _sources(folder: Path | None, bundles: list[Bundle]) -> dict[str, bytes]:
    """The clause files whose digests the parties signed, as far as the folder has them."""
    if folder is None:
        return {}
    wanted = {source.digest for bundle in bundles for source in bundle.sources}
    found: dict[str, bytes] = {}
    for path in sorted(p for p in folder.rglob("*.clause") if p.is_file()):
        content = beginning(path, MAX_BYTES)
        if digest_of_bytes(content) in wanted and path.name.isascii():
            found[f"contract/sources/{path.name}"] = content
    return found


def _ledger(path: Path) -> tuple[CaseLedger, dict[str, bytes]]:
    """Verified as a whole before it is copied."""
    with open_ledger(path) as ledger:
        verified = verify_ledger(ledger)
        kept = list(rows(ledger, 0, verified.head.size))
        for segment in holdings(ledger.connection):
            raise VerbError("VB51", path.name, where=f"entry {segment.position}")
        size = verified.head.size
        notes = {note_name(n): note.encode() for n, note in served_checkpoints(ledger) if n <= size}
        for n, answer in kept_timestamps(ledger):
            number = sum(name.startswith(stamp_name(n, 0)[:-5]) for name in notes)
            notes[stamp_name(n, number)] = answer
        stated = CaseLedger(
            id=ledger.id, key=ledger.key_id, size=verified.head.size, root=f"sha256:{verified.head.root.hex()}"
        )
    return stated, {ENTRIES: b"".join(map(entry_line, kept)), **notes}


def _exporter(key: SigningKey, store: TrustStore) -> Exporter:
    record = record_of(store, key.id)
    return Exporter(
        key=key.id,
        algorithm=key.public.algorithm,
        public_key=base64.b64encode(key.public.der).decode(),
        party=None if record is None else record.party,
        identity=None if record is None else record.identity,
    )


def _stated(trusted: CaseTrustList) -> CaseTrust:
    return CaseTrust(newest=trusted.newest, root=trusted.root, signed=trusted.signed)


# ---- what seals it


def _sealed(contents: Mapping[str, bytes], case: Case, key: SigningKey) -> dict[str, bytes]:
    """The custody log's first line, and the manifest over everything."""
    digests = {name: digest_of_bytes(content) for name, content in contents.items()}
    extraction = Extraction(
        by=case.exporter,
        at=case.exported,
        tool=case.version,
        engine=case.engine,
        machine=f"{platform.system()} {platform.machine()}",
        source=case.ledger.root,
        result=result_digest(digests),
    )
    custody = canonical(extraction) + b"\n"
    digests[CUSTODY] = digest_of_bytes(custody)
    predicate = ManifestPredicate(
        exporter=case.exporter,
        exported=case.exported,
        engine=case.engine,
        version=case.version,
        files=len(digests),
        custody_lines=1,
    )
    return {CUSTODY: custody, MANIFEST: write_manifest(digests, predicate, key)}


# ---- writing


def write_case(contents: Mapping[str, bytes], out: Path) -> None:
    """A zip file whole or not at all; a folder must be new or empty. Raises EvidenceError EV19."""
    if out.suffix == ".zip":
        write_whole(out, zipped(contents), replace=False)
        return
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise EvidenceError("EV19", name=out.name, reason="it exists already")
    try:
        for name in _manifest_last(contents):
            path = out / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(contents[name])
    except OSError as error:
        raise EvidenceError("EV19", name=out.name, reason=error.strerror or "it cannot be written") from None


def _manifest_last(contents: Mapping[str, bytes]) -> Iterator[str]:
    """A folder that was cut off has no manifest, and is no case."""
    yield from (name for name in sorted(contents) if name != MANIFEST)
    yield MANIFEST

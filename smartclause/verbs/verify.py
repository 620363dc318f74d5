"""`verify`: who signed a contract, an event or a register, what is missing, and whether the digests fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.event import EventBody
from smartclause.evidence.files import read_limited
from smartclause.evidence.forms import SignedForm, read_form
from smartclause.evidence.keys import KeyId
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.register import Register
from smartclause.evidence.statement import ContractStatement, signatures_missing
from smartclause.evidence.trust import Standing, TrustSource, TrustStore, record_of, ring, standing
from smartclause.logic.canonical import MAX_BYTES, CanonicalError, digest_of_bytes, parse
from smartclause.logic.counting import Instant
from smartclause.logic.opening import beginning
from smartclause.verbs.bundle import FORMAT, Bundle, envelope_digest, read_bundle, statement_of
from smartclause.verbs.errors import VerbError
from smartclause.verbs.holders import holders_of
from smartclause.verbs.inputs import need_trust
from smartclause.verbs.sources import read_ledger


@dataclass(frozen=True, slots=True)
class SignerFound:
    """A key that signed. `party` empty: not in the trust store, so the signature is not checked."""

    key: KeyId
    party: str
    roles: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class SourceCheck:
    """A source file of a contract: `fits` None where the file is not there to compare."""

    name: str
    digest: str
    fits: bool | None


@dataclass(frozen=True, slots=True)
class Verification:
    """`kind` is contract, event or register. `missing`: parties whose signature does not count (yet).

    `holds`: the signatures are valid, the keys trusted now, and nobody is missing.
    """

    kind: str
    digest: str
    signers: tuple[SignerFound, ...]
    missing: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    sources: tuple[SourceCheck, ...] = ()
    meaning: str = ""
    recompiles: bool | None = None  # the sources give the document that was signed; None: not all are there

    @property
    def holds(self) -> bool:
        trusted = any(s.standing is Standing.TRUSTED for s in self.signers)
        fits = all(s.fits is not False for s in self.sources) and self.recompiles is not False
        return trusted and not self.missing and fits


def verify(
    file: Path,
    *,
    trust: TrustSource | None = None,
    sources: Path | None = None,
    ledger: Path | None = None,
    clock: Clock = system_clock,
) -> Verification:
    """`sources`: the folder with the clause files, to compare them too; `ledger`: one that may hold a deposit of the
    contract. Raises EvidenceError, VerbError.
    """
    store, now = need_trust(trust), clock()
    content = read_limited(file, MAX_BYTES)
    if _is_bundle(content, file):
        deposits = {} if ledger is None else read_ledger(ledger, store, now).deposits
        return _contract(read_bundle(file), store, now, sources, deposits)
    return _envelope(content, store, now)


def _is_bundle(content: bytes, file: Path) -> bool:
    try:
        data = parse(content.rstrip(b"\n"))
    except CanonicalError as error:
        raise VerbError("VB05", f"{file} {error.place}".strip(), reason=error.reason) from None
    return isinstance(data, dict) and data.get("format") == FORMAT


def _contract(
    bundle: Bundle, trust: TrustStore, now: Instant, sources: Path | None, deposits: Mapping[str, Instant]
) -> Verification:
    stated = statement_of(bundle)
    needed = tuple(p.name for p in bundle.root.parties)
    checks = tuple(_source(s.name, s.digest, sources) for s in bundle.sources)
    again = _recompiles(bundle, sources)
    if stated is None:
        return Verification("contract", bundle.document, (), needed, (), checks, bundle.meaning, again)
    seen = None if bundle.envelope is None else deposits.get(envelope_digest(bundle.envelope))
    signed = holders_of(bundle, trust, now, seen).contract_signers()
    missing = tuple(p for p in dict.fromkeys((*stated.statement.signers, *needed)) if p not in signed)
    found = _signers(stated.envelope, trust, now)
    return Verification(
        "contract", bundle.document, found, missing, tuple(sorted(signed)), checks, bundle.meaning, again
    )


def _source(name: str, digest: str, folder: Path | None) -> SourceCheck:
    """A file by the name in its header, in either spelling, beside its like or in a folder of its own."""
    if folder is None:
        return SourceCheck(name, digest, None)
    found = _files(name, folder)
    if not found:
        return SourceCheck(name, digest, None)
    return SourceCheck(name, digest, any(digest_of_bytes(beginning(p, MAX_BYTES)) == digest for p in found))


def _files(name: str, folder: Path) -> list[Path]:
    bare = name.rpartition(".")[2]
    named = (p for p in sorted(folder.rglob("*.clause")) if p.name in (f"{bare}.clause", f"{bare}.zh.clause"))
    return [p for p in named if p.is_file()]


def _recompiles(bundle: Bundle, folder: Path | None) -> bool | None:
    """Whether the file whose bytes were signed still says what was signed, together with what it imports."""
    root = next((s for s in bundle.sources if s.name.rpartition(".")[2] == bundle.contract.module), None)
    if folder is None or root is None:
        return None
    from smartclause.verbs.compile import compiled

    for path in _files(root.name, folder):
        if digest_of_bytes(beginning(path, MAX_BYTES)) == root.digest:
            try:
                return compiled(path, (folder,)).document == bundle.document
            except VerbError:
                return False
    return None


def _envelope(content: bytes, trust: TrustStore, now: Instant) -> Verification:
    envelope = envelopes.read(content)
    verified = envelopes.check(envelope, ring(trust))
    forms: dict[str, type[SignedForm]] = {f.PAYLOAD_TYPE: f for f in (EventBody, Register, ContractStatement)}
    if envelope.payload_type not in forms:
        raise VerbError("VB05", reason=f"its content is `{envelope.payload_type}`")
    form = read_form(forms[envelope.payload_type], verified.body)
    found = _signers(envelope, trust, now)
    missing: tuple[str, ...] = ()
    match form:
        case EventBody():
            missing = () if form.issuer in verified.signers else (form.issuer,)
        case Register():
            keepers = {s.party for s in found if s.standing is Standing.TRUSTED}
            missing = () if form.keeper in keepers else (form.keeper,)
        case ContractStatement():
            missing = signatures_missing(form, _standing_keys(found))
    return Verification(form.WHAT, digest_of_bytes(verified.body), found, missing)


def _standing_keys(found: tuple[SignerFound, ...]) -> tuple[KeyId, ...]:
    return tuple(s.key for s in found if s.standing in (Standing.TRUSTED, Standing.LAPSED))


def _signers(envelope: envelopes.Envelope, trust: TrustStore, now: Instant) -> tuple[SignerFound, ...]:
    """By party, so that the same signatures read the same; keys that are not in the trust store come last."""
    verified = envelopes.check_signatures(envelope, ring(trust))
    found = []
    for key in verified.signers:
        record = record_of(trust, key)
        if record is not None:
            found.append(SignerFound(key, record.party, record.roles, standing(record, now, issuers=trust.issuers)))
    found.sort(key=lambda s: (s.party, s.key))
    return (*found, *(SignerFound(key, "", (), Standing.UNKNOWN) for key in verified.unknown if key))

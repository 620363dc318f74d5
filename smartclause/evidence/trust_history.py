"""The signed history of a trust store: every version, signed by the root of the one before and by its own.

One line each, oldest first, bound together by hashes. Whoever knows the digest of version 1 knows the rest by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import instant
from smartclause.evidence.keys import KeyId, SigningKey
from smartclause.evidence.trust import (
    MAX_TRUST_STORE,
    Standing,
    TrustStore,
    key_of,
    read_store,
    record_of,
    standing_by_record,
)
from smartclause.evidence.trust_changes import check_change
from smartclause.logic.canonical import Json, digest_of_bytes, dumps

MAX_VERSIONS = 10_000
_MAX_LINE = 2 * MAX_TRUST_STORE


@dataclass(frozen=True, slots=True)
class Version:
    """`signed_by` are the root keys whose signatures count, of this version's root and of the one before."""

    store: TrustStore
    digest: str
    signed_by: tuple[KeyId, ...]


@dataclass(frozen=True, slots=True)
class TrustHistory:
    """Verified, from version 1 on."""

    versions: tuple[Version, ...]

    @property
    def newest(self) -> TrustStore:
        return self.versions[-1].store

    @property
    def founded(self) -> str:
        return self.versions[0].digest

    def version(self, digest: str) -> TrustStore | None:
        return next((v.store for v in self.versions if v.digest == digest), None)


def is_history(content: bytes) -> bool:
    """Lines of envelopes; a list that nobody signed has no payload."""
    return content.startswith(b'{"payload":')


def read_history(content: bytes, name: str = "", root: str | None = None, version: int | None = None) -> TrustHistory:
    """`root`: the digest that version 1 must have; `version`: the newest one seen so far.

    Raises EvidenceError EV01-EV09, and EV25 for too few signatures, EV26 for another root, EV27 for an older history,
    EV28 for a change that is not allowed, with the line.
    """
    lines = content.removesuffix(b"\n").split(b"\n")
    if len(lines) > MAX_VERSIONS:
        raise EvidenceError("EV09", name, reason=f"it has more than {MAX_VERSIONS} versions")
    versions: list[Version] = []
    for number, line in enumerate(lines, 1):
        before = versions[-1] if versions else None
        versions.append(read_version(line, before, f"{name} line {number}".strip(), root))
    history = TrustHistory(tuple(versions))
    if version is not None and history.newest.version < version:
        raise EvidenceError("EV27", name, found=history.newest.version, wanted=version)
    return history


def read_version(line: bytes, before: Version | None, place: str, root: str | None = None) -> Version:
    """Raises EvidenceError with the place."""
    signed, store = open_version(line, place)
    digest = digest_of_bytes(signed.body)
    if before is None and root is not None and digest != root:
        raise EvidenceError("EV26", place, found=digest, wanted=root)
    _check_link(store, before, place)
    missing = signatures_missing(signed, store, None if before is None else before.store, place)
    if missing:
        found, wanted = missing
        raise EvidenceError("EV25", place, number=store.version, found=found, wanted=wanted)
    if before is not None:
        check_change(before.store, store, place)
    return Version(store, digest, tuple(sorted(s.key for s in signed.signatures)))


def open_version(line: bytes, place: str) -> tuple[envelopes.Envelope, TrustStore]:
    """As stated: signatures are not looked at. Raises EvidenceError EV01-EV04, EV09."""
    try:
        signed = envelopes.read(line, _MAX_LINE)
    except EvidenceError as error:
        raise EvidenceError(error.code, f"{place} {error.place}".strip(), **error.values) from None
    if signed.payload_type != TrustStore.PAYLOAD_TYPE:
        raise EvidenceError("EV04", place, found=signed.payload_type, wanted=TrustStore.PAYLOAD_TYPE)
    if _written(signed) != line:
        raise EvidenceError("EV09", place, reason="the envelope is not in its one spelling")
    store = read_store(signed.body, place)
    if store.root is None:
        raise EvidenceError("EV09", place, reason="a version of a signed history names its root")
    return signed, store


def _written(signed: envelopes.Envelope) -> bytes:
    signatures: list[Json] = [{"keyid": s.key, "sig": envelopes.base64_text(s.sig)} for s in sorted(signed.signatures)]
    payload = envelopes.base64_text(signed.body)
    return dumps({"payload": payload, "payloadType": signed.payload_type, "signatures": signatures})


def _check_link(store: TrustStore, before: Version | None, place: str) -> None:
    if before is None:
        if store.version != 1:
            raise EvidenceError("EV28", place, reason="the first line is not version 1")
        return
    if store.version != before.store.version + 1 or store.previous != before.digest:
        raise EvidenceError("EV28", place, reason="it does not follow the version before it")
    if store.founded != (before.store.founded or before.digest):
        raise EvidenceError("EV28", place, reason="it names another version 1")


def signatures_missing(
    signed: envelopes.Envelope, store: TrustStore, before: TrustStore | None, place: str
) -> tuple[int, int] | None:
    """How many signatures there are and must be, for the root that lacks some; None if both are content.

    A root key counts as it stands when the version was issued, by what this version says of it. Any other signature
    is refused, so that a version has one spelling. Raises EvidenceError EV05, EV07, EV09.
    """
    roots = [r for r in (store.root, None if before is None else before.root) if r is not None]
    keys = {key for root in roots for key in root.keys}
    standing = {key for key in keys if _stands(store, key)}
    ring = {key: key_of(record) for key in standing if (record := record_of(store, key)) is not None}
    checked = envelopes.check_signatures(signed, ring)
    if checked.invalid:
        raise EvidenceError("EV05", place, key=checked.invalid[0])
    if checked.unknown or len(checked.signatures) != len(signed.signatures):
        raise EvidenceError("EV09", place, reason="a signature is none of a root key that stands")
    for root in roots:
        found = len(set(root.keys).intersection(checked.signers))
        if found < root.threshold:
            return found, root.threshold
    return None


def _stands(store: TrustStore, key: KeyId) -> bool:
    record = record_of(store, key)
    at = None if store.issued is None else instant(store.issued)
    return record is not None and at is not None and standing_by_record(record, at) is Standing.TRUSTED


def signed_version(draft: bytes, key: SigningKey) -> bytes:
    """The envelope with one more signature; `draft` is a version as stated, or an envelope signed by some."""
    if is_history(draft):
        return envelopes.countersign(draft.rstrip(b"\n"), [key])
    return envelopes.seal(draft.rstrip(b"\n"), [key], TrustStore.PAYLOAD_TYPE)


def next_version(history: TrustHistory | None, members: Mapping[str, object], issued: str) -> TrustStore:
    """A store with these members, in its place behind the newest version. Raises pydantic's ValidationError."""
    linked: dict[str, object] = {"issued": issued, "version": 1}
    if history is not None:
        newest = history.versions[-1]
        linked |= {"version": newest.store.version + 1, "previous": newest.digest, "founded": history.founded}
    return TrustStore.model_validate({**members, **linked})


def history_bytes(lines: Sequence[bytes]) -> bytes:
    return b"".join(line.rstrip(b"\n") + b"\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Compared:
    """What one history is beside another that was seen before. `forked_at`: the first version that differs."""

    newer_by: int = 0
    forked_at: int | None = None

    @property
    def is_rolled_back(self) -> bool:
        return self.forked_at is None and self.newer_by < 0


def compared(given: TrustHistory, seen: TrustHistory) -> Compared:
    for mine, other in zip(given.versions, seen.versions, strict=False):
        if mine.digest != other.digest:
            return Compared(forked_at=mine.store.version)
    return Compared(len(given.versions) - len(seen.versions))


def changes(history: TrustHistory) -> tuple[tuple[TrustStore, tuple[KeyId, ...], tuple[KeyId, ...]], ...]:
    """For each version: the keys that are new in it, and those whose record it changes."""
    first = history.versions[0].store
    found: list[tuple[TrustStore, tuple[KeyId, ...], tuple[KeyId, ...]]]
    found = [(first, tuple(k.id for k in first.keys), ())]
    for before, after in pairwise(v.store for v in history.versions):
        old = {k.id: k for k in before.keys}
        new = tuple(k.id for k in after.keys if k.id not in old)
        changed = tuple(k.id for k in after.keys if k.id in old and old[k.id] != k)
        found.append((after, new, changed))
    return tuple(found)

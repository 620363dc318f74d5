"""DSSE v1.0.2 envelopes: what was signed is exactly the bytes that are read afterwards."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import KeyId, KeyRing, PublicKey, SigningKey, sign, verify
from smartclause.logic.canonical import CanonicalError, dumps, parse

MAX_ENVELOPE = 16 * 2**20
MAX_SIGNATURES = 32
_MAX_SIGNATURE = 8192  # room for the signatures of later algorithms


@dataclass(frozen=True, slots=True, order=True)
class Signature:
    key: KeyId  # empty if the envelope does not say whose it is
    sig: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """Read, not verified: nothing here may be believed yet."""

    payload_type: str
    body: bytes
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """`signatures` holds one valid signature of each key of `signers`, sorted by key.

    `unknown` are keys that the envelope names and the ring does not hold: their signatures are not checked.
    `invalid` are keys of the ring in whose name there is a wrong signature; only `check_signatures` lets them pass.
    """

    payload_type: str
    body: bytes
    signers: tuple[KeyId, ...]
    signatures: tuple[Signature, ...]
    unknown: tuple[KeyId, ...] = ()
    invalid: tuple[KeyId, ...] = ()


def signed_bytes(payload_type: str, body: bytes) -> bytes:
    """The pre-authentication encoding, PAE, of the DSSE protocol."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(body), body)


def seal(body: bytes, keys: Sequence[SigningKey], payload_type: str) -> bytes:
    """A new envelope with one signature of each key."""
    return _write(Envelope(payload_type, body, _sign_all(body, keys, payload_type)))


def countersign(envelope: bytes, keys: Sequence[SigningKey]) -> bytes:
    """The envelope with further signatures; a key that signed before signs anew. Raises EvidenceError."""
    old = read(envelope)
    new = _sign_all(old.body, keys, old.payload_type)
    kept = tuple(s for s in old.signatures if s.key not in {n.key for n in new})
    return _write(Envelope(old.payload_type, old.body, kept + new))


def unseal(envelope: bytes, ring: KeyRing, payload_type: str | None = None) -> Verified:
    """What the keys of the ring signed. `payload_type` None takes any.

    Raises EvidenceError: EV01-EV03 if unreadable, EV04 if of another type, EV05 if a signature in the
    name of a key of the ring is not valid, EV06 if no key of the ring signed.
    """
    return check(read(envelope), ring, payload_type)


def check(envelope: Envelope, ring: KeyRing, payload_type: str | None = None) -> Verified:
    """As `unseal`, for an envelope already read."""
    if payload_type is not None and envelope.payload_type != payload_type:
        raise EvidenceError("EV04", found=envelope.payload_type, wanted=payload_type)
    verified = check_signatures(envelope, ring)
    if verified.invalid:
        raise EvidenceError("EV05", key=verified.invalid[0])
    if not verified.signers:
        raise EvidenceError("EV06")
    return verified


def check_signatures(envelope: Envelope, ring: KeyRing) -> Verified:
    """As `check`, of any type, and whatever the signatures are worth."""
    message = signed_bytes(envelope.payload_type, envelope.body)
    if len(envelope.signatures) == 1 and (sole := _sole(envelope, message, ring)) is not None:
        return sole
    valid: dict[KeyId, Signature] = {}
    unknown: set[KeyId] = set()
    invalid: set[KeyId] = set()
    for signature in envelope.signatures:
        candidates = _candidates(signature, ring)
        signer = next((key.id for key in candidates if verify(key, message, signature.sig)), None)
        if signer is not None:
            valid.setdefault(signer, Signature(signer, signature.sig))
        elif signature.key in ring:
            invalid.add(signature.key)
        else:
            unknown.add(signature.key)
    signers = tuple(sorted(valid))
    in_order = tuple(valid[key] for key in signers)
    found = (tuple(sorted(unknown)), tuple(sorted(invalid)))
    return Verified(envelope.payload_type, envelope.body, signers, in_order, *found)


def _sole(envelope: Envelope, message: bytes, ring: KeyRing) -> Verified | None:
    """The usual case: one signature, valid, by the key of the ring that it names."""
    (signature,) = envelope.signatures
    key = ring.get(signature.key)
    if key is None or not verify(key, message, signature.sig):
        return None
    return Verified(envelope.payload_type, envelope.body, (key.id,), envelope.signatures)


def _candidates(signature: Signature, ring: KeyRing) -> Iterable[PublicKey]:
    if not signature.key:
        return ring.values()
    return (ring[signature.key],) if signature.key in ring else ()


def read(envelope: bytes, limit: int = MAX_ENVELOPE) -> Envelope:
    """The parts of an envelope, unverified. Raises EvidenceError EV01, EV02, EV03."""
    if len(envelope) > limit:
        raise EvidenceError("EV02", what="the envelope", size=len(envelope), limit=limit)
    return _as_written_here(envelope) or _as_any_writes(envelope)


# The spelling of `_write` with one signature. Whatever else is an envelope is read as JSON, with the same result.
_BEGINNING = b'{"payload":"'
_REST = re.compile(
    rb'","payloadType":"([!#-\[\]-~]{1,200})",'
    rb'"signatures":\[\{"keyid":"([!#-\[\]-~]{0,200})","sig":"([A-Za-z0-9+/]+={0,2})"\}\]\}'
)


def _as_written_here(envelope: bytes) -> Envelope | None:
    end = envelope.find(b'"', len(_BEGINNING))
    found = _REST.fullmatch(envelope, end) if end > 0 and envelope.startswith(_BEGINNING) else None
    if found is None:
        return None
    payload_type, key, sig = found.groups()
    content, signature = _exact(envelope[len(_BEGINNING) : end]), _exact(sig)
    if content is None or signature is None or not 0 < len(signature) <= _MAX_SIGNATURE:
        return None
    return Envelope(payload_type.decode(), content, (Signature(key.decode(), signature),))


def _exact(spelled: bytes) -> bytes | None:
    """What is spelled in standard base64; None unless this is its one spelling."""
    try:
        content = binascii.a2b_base64(spelled)
    except binascii.Error:
        return None
    return content if binascii.b2a_base64(content, newline=False) == spelled else None


def _as_any_writes(envelope: bytes) -> Envelope:
    try:
        data = parse(envelope)
    except CanonicalError as error:
        raise EvidenceError("EV01", error.place, reason=error.reason) from None
    if not isinstance(data, dict):
        raise EvidenceError("EV03", reason="it is no object")
    payload_type, payload, signatures = (data.get(n) for n in ("payloadType", "payload", "signatures"))
    if not isinstance(payload_type, str) or not payload_type or len(payload_type) > 200:
        raise EvidenceError("EV03", "payloadType", reason="the type of the content is missing")
    if not isinstance(signatures, list) or not 1 <= len(signatures) <= MAX_SIGNATURES:
        raise EvidenceError("EV03", "signatures", reason=f"there must be 1 to {MAX_SIGNATURES} signatures")
    read_signatures = (_read_signature(s, f"signatures[{n}]") for n, s in enumerate(signatures))
    return Envelope(payload_type, _decode(payload, "payload"), tuple(read_signatures))


def _read_signature(data: object, place: str) -> Signature:
    if not isinstance(data, dict):
        raise EvidenceError("EV03", place, reason="it is no object")
    key = data.get("keyid", "")
    if not isinstance(key, str) or len(key) > 200:
        raise EvidenceError("EV03", f"{place}.keyid", reason="it is no key number")
    sig = _decode(data.get("sig"), f"{place}.sig")
    if not 0 < len(sig) <= _MAX_SIGNATURE:
        raise EvidenceError("EV03", f"{place}.sig", reason="it is empty or too long for a signature")
    return Signature(key, sig)


def _decode(text: object, place: str) -> bytes:
    """Standard or URL-safe base64, as DSSE allows, in its one exact spelling."""
    if not isinstance(text, str) or not text.isascii():
        raise EvidenceError("EV03", place, reason="base64 text is missing")
    standard = text.translate(_URL_SAFE) if "-" in text or "_" in text else text
    try:
        content = base64.b64decode(standard, validate=True)
    except binascii.Error:
        raise EvidenceError("EV03", place, reason="it is no base64 text") from None
    if base64.b64encode(content).decode() != standard:
        raise EvidenceError("EV03", place, reason="it is no base64 text in its exact spelling")
    return content


def _sign_all(body: bytes, keys: Sequence[SigningKey], payload_type: str) -> tuple[Signature, ...]:
    message = signed_bytes(payload_type, body)
    by_id = {key.id: key for key in keys}
    return tuple(Signature(id, sign(key, message)) for id, key in by_id.items())


def _write(envelope: Envelope) -> bytes:
    signatures = [{"keyid": s.key, "sig": base64_text(s.sig)} for s in sorted(envelope.signatures)]
    payload = base64_text(envelope.body)
    return dumps({"payload": payload, "payloadType": envelope.payload_type, "signatures": signatures})


def base64_text(content: bytes) -> str:
    return base64.b64encode(content).decode()


_URL_SAFE = str.maketrans("-_", "+/")

"""Another implementation of DSSE agrees with ours: it reads our envelopes, we read its, and both refuse damage."""

from __future__ import annotations

import base64
import json
from typing import Any, TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.evidence.envelope import countersign, read, seal, signed_bytes, unseal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import Algorithm, SigningKey, make_key

pytest.importorskip("securesystemslib", reason="securesystemslib is not installed")

from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

Their: TypeAlias = Any  # the library's types say little

KINDS: tuple[Algorithm, ...] = ("ed25519", "ecdsa-p256-sha256")
KEYS: dict[Algorithm, SigningKey] = {kind: make_key(kind) for kind in KINDS}
RING = {key.id: key.public for key in KEYS.values()}
SIGNERS: dict[Algorithm, Their] = {
    kind: CryptoSigner(key.handle, SSlibKey.from_crypto(key.handle.public_key(), key.id)) for kind, key in KEYS.items()
}

kinds = st.sampled_from(KINDS)
bodies = st.binary(max_size=2000)
places = st.integers(0, 100_000)  # beyond the end counts from the beginning: signatures differ in length
types = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


def theirs_reads(envelope: bytes) -> Their:
    return Envelope.from_dict(json.loads(envelope))


def theirs_accepts(envelope: bytes) -> bool:
    try:
        theirs_reads(envelope).verify([signer.public_key for signer in SIGNERS.values()], 1)
    except (VerificationError, ValueError, KeyError, TypeError, AttributeError):
        return False
    return True


def ours_accepts(envelope: bytes) -> bool:
    try:
        unseal(envelope, RING)
    except EvidenceError:
        return False
    return True


@given(kinds, bodies, types)
def test_what_we_seal_is_read_and_verified_there(kind: Algorithm, body: bytes, payload_type: str) -> None:
    found = theirs_reads(seal(body, [KEYS[kind]], payload_type))
    assert (found.payload, found.payload_type, found.pae()) == (body, payload_type, signed_bytes(payload_type, body))
    assert list(found.verify([SIGNERS[kind].public_key], 1)) == [KEYS[kind].id]


@given(kinds, bodies, types)
def test_what_is_sealed_there_is_read_and_verified_here(kind: Algorithm, body: bytes, payload_type: str) -> None:
    made = Envelope(body, payload_type, {})
    made.sign(SIGNERS[kind])
    verified = unseal(json.dumps(made.to_dict()).encode(), RING)
    assert (verified.body, verified.payload_type, verified.signers) == (body, payload_type, (KEYS[kind].id,))


@given(bodies, types)
@settings(max_examples=20)
def test_signatures_of_both_stand_side_by_side(body: bytes, payload_type: str) -> None:
    made = Envelope(body, payload_type, {})
    made.sign(SIGNERS["ed25519"])
    both = countersign(json.dumps(made.to_dict()).encode(), [KEYS["ecdsa-p256-sha256"]])
    assert set(unseal(both, RING).signers) == set(RING)
    found = theirs_reads(both).verify([signer.public_key for signer in SIGNERS.values()], 2)
    assert set(found) == set(RING)


@given(kinds, bodies, st.data())
def test_a_damaged_signature_body_or_type_is_refused_by_both(kind: Algorithm, body: bytes, data: st.DataObject) -> None:
    """The one byte is changed in what was signed or in the signature, then spelled as an envelope again."""
    whole = read(seal(body, [KEYS[kind]], "application/x"))
    parts = {"sig": bytearray(whole.signatures[0].sig), "payload": bytearray(body), "type": bytearray(b"application/x")}
    chosen = parts[data.draw(st.sampled_from([name for name, part in parts.items() if part]))]
    chosen[data.draw(places) % len(chosen)] ^= data.draw(st.integers(1, 127))
    sig, payload = (base64.b64encode(bytes(parts[name])).decode() for name in ("sig", "payload"))
    signature = {"keyid": KEYS[kind].id, "sig": sig}
    kind_text = parts["type"].decode()
    damaged = json.dumps({"payload": payload, "payloadType": kind_text, "signatures": [signature]}).encode()
    assert not ours_accepts(damaged)
    assert not theirs_accepts(damaged)


@given(kinds, st.binary(max_size=300), st.data())
def test_no_changed_byte_makes_either_accept_other_content(kind: Algorithm, body: bytes, data: st.DataObject) -> None:
    envelope = bytearray(seal(body, [KEYS[kind]], "application/x"))
    envelope[data.draw(places) % len(envelope)] ^= data.draw(st.integers(1, 255))
    for accepts, content in ((ours_accepts, _ours), (theirs_accepts, _theirs)):
        if accepts(bytes(envelope)):
            assert content(bytes(envelope)) == ("application/x", body)


@given(kinds, bodies)
@settings(max_examples=20)
def test_a_signature_under_the_name_of_another_key_is_refused_by_both(kind: Algorithm, body: bytes) -> None:
    other = next(key for name, key in KEYS.items() if name != kind)
    taken = seal(body, [KEYS[kind]], "application/x").replace(KEYS[kind].id.encode(), other.id.encode())
    assert not ours_accepts(taken)
    assert not theirs_accepts(taken)


def _ours(envelope: bytes) -> tuple[str, bytes]:
    found = unseal(envelope, RING)
    return found.payload_type, found.body


def _theirs(envelope: bytes) -> tuple[str, bytes]:
    found = theirs_reads(envelope)
    return found.payload_type, found.payload

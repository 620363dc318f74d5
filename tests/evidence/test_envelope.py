"""Envelopes: the exact bytes of DSSE, and nothing believed that was not signed."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.evidence.envelope import (
    MAX_ENVELOPE,
    MAX_SIGNATURES,
    countersign,
    read,
    seal,
    signed_bytes,
    unseal,
)
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import make_key, sign, signing_key

VECTOR = Path(__file__).parents[2] / ".." / "shared" / "vectors" / "dsse" / "vector.json"

ALICE, BOB, CAROL = make_key(), make_key("ecdsa-p256-sha256"), make_key()
RING = {key.id: key.public for key in (ALICE, BOB)}
BODY = b'{"a":1}'
TYPE = "application/vnd.smartclause.event+json"
SEALED = seal(BODY, [ALICE, BOB], TYPE)


def edited(envelope: bytes = SEALED, **members: Any) -> bytes:
    return json.dumps(json.loads(envelope) | members).encode()


def refusal(envelope: bytes, **options: Any) -> str:
    with pytest.raises(EvidenceError) as refused:
        unseal(envelope, RING, **options)
    return refused.value.code


def test_the_published_vector_verifies() -> None:
    if not VECTOR.is_file():
        pytest.skip("the published vectors are not beside this checkout")
    vector = json.loads(VECTOR.read_text())
    body, kind = vector["payload_utf8"].encode(), vector["payloadType"]
    assert signed_bytes(kind, body) == vector["pae_utf8"].encode()
    private = ec.derive_private_key(int(vector["key"]["d"]), ec.SECP256R1())
    assert private.public_key().public_numbers().x == int(vector["key"]["x"])
    key = signing_key(private, "ecdsa-p256-sha256-p1363")
    verified = unseal(json.dumps(vector["envelope"]).encode(), {key.id: key.public})
    assert (verified.body, verified.payload_type, verified.signers) == (body, kind, (key.id,))


def test_the_length_of_the_type_counts_bytes() -> None:
    assert signed_bytes("é", b"") == b"DSSEv1 2 \xc3\xa9 0 "


@given(st.binary(max_size=100), st.text(st.characters(codec="utf-8"), min_size=1, max_size=20))
@settings(max_examples=30)
def test_what_was_sealed_is_unsealed_byte_for_byte(body: bytes, kind: str) -> None:
    verified = unseal(seal(body, [BOB, ALICE, ALICE], kind), RING, kind)
    assert (verified.body, verified.payload_type) == (body, kind)
    assert verified.signers == tuple(sorted([ALICE.id, BOB.id]))
    assert verified.unknown == ()


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80])
def test_each_flipped_byte_is_refused_or_leaves_the_signed_content_as_it_was(mask: int) -> None:
    """A flip may turn a key number into an unknown one; then fewer have signed the same bytes."""
    whole = unseal(SEALED, RING)
    for at in range(len(SEALED)):
        flipped = SEALED[:at] + bytes([SEALED[at] ^ mask]) + SEALED[at + 1 :]
        try:
            verified = unseal(flipped, RING)
        except EvidenceError:
            continue
        assert (verified.body, verified.payload_type) == (whole.body, whole.payload_type)
        assert set(verified.signers) <= set(whole.signers)


@given(st.binary(max_size=200))
def test_hostile_bytes_end_in_our_error(envelope: bytes) -> None:
    with pytest.raises(EvidenceError):
        unseal(envelope, RING)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(["payload", "payloadType", "signatures"]), json_values)
def test_hostile_members_end_in_our_error(name: str, value: object) -> None:
    with pytest.raises(EvidenceError):
        unseal(edited(**{name: value}), RING)


@pytest.mark.parametrize("cut", range(0, len(SEALED), 7))
def test_a_truncated_envelope_is_refused(cut: int) -> None:
    assert refusal(SEALED[:cut]) == "EV01"


def test_each_refusal_has_its_code() -> None:
    signature = json.loads(SEALED)["signatures"][0]
    wrong_key = {"keyid": ALICE.id, "sig": base64.b64encode(sign(CAROL, signed_bytes(TYPE, BODY))).decode()}
    assert refusal(b"{") == "EV01"
    assert refusal(b'{"payload":1,"payload":1}') == "EV01"
    assert refusal(b'{"payload":1.5}') == "EV01"
    assert refusal(b"[]") == "EV03"
    assert refusal(b" " * (MAX_ENVELOPE + 1)) == "EV02"
    assert refusal(SEALED, payload_type="other") == "EV04"
    assert refusal(edited(payload="AA=")) == "EV03"
    assert refusal(edited(payload="AB==")) == "EV03"
    assert refusal(edited(payload="AA==\n")) == "EV03"
    assert refusal(edited(payloadType="")) == "EV03"
    assert refusal(edited(signatures=[])) == "EV03"
    assert refusal(edited(signatures=[signature] * (MAX_SIGNATURES + 1))) == "EV03"
    assert refusal(edited(signatures=["x"])) == "EV03"
    assert refusal(edited(signatures=[{"keyid": 1, "sig": "AA=="}])) == "EV03"
    assert refusal(edited(signatures=[{"sig": "A" * 12_000}])) == "EV03"
    assert refusal(edited(signatures=[wrong_key])) == "EV05"
    assert refusal(edited(signatures=[signature, wrong_key])) == "EV05"
    assert refusal(edited(payload=base64.b64encode(b'{"a":2}').decode())) == "EV05"
    assert refusal(edited(payloadType=TYPE + "x")) == "EV05"
    assert refusal(seal(BODY, [CAROL], TYPE)) == "EV06"


def test_unknown_keys_are_reported_and_prove_nothing() -> None:
    verified = unseal(seal(BODY, [ALICE, CAROL], TYPE), RING)
    assert (verified.signers, verified.unknown) == ((ALICE.id,), (CAROL.id,))


def test_the_same_signature_twice_counts_once() -> None:
    signature = json.loads(seal(BODY, [ALICE], TYPE))["signatures"][0]
    unnamed = {"sig": signature["sig"]}
    verified = unseal(edited(signatures=[signature, signature, unnamed]), RING)
    assert verified.signers == (ALICE.id,)
    assert len(verified.signatures) == 1


def test_a_signature_without_key_number_is_tried_with_all_keys_of_the_ring() -> None:
    sealed = json.loads(SEALED)
    verified = unseal(edited(signatures=[{"sig": s["sig"]} for s in sealed["signatures"]]), RING)
    assert verified.signers == tuple(sorted([ALICE.id, BOB.id]))


def test_url_safe_base64_and_further_members_are_read_as_the_protocol_says() -> None:
    body = b"\xfb\xff\xfe"
    sealed = seal(body, [ALICE], TYPE)
    payload = base64.urlsafe_b64encode(body).decode()
    assert "-" in payload or "_" in payload
    assert unseal(edited(sealed, payload=payload, further=[None]), RING).body == body


def test_a_second_party_countersigns_the_same_bytes_and_may_sign_anew() -> None:
    both = countersign(countersign(seal(BODY, [ALICE], TYPE), [BOB]), [BOB, ALICE])
    assert unseal(both, RING).signers == tuple(sorted([ALICE.id, BOB.id]))
    assert len(read(both).signatures) == 2


def test_the_order_of_signatures_does_not_matter() -> None:
    reversed_order = edited(signatures=json.loads(SEALED)["signatures"][::-1])
    assert unseal(reversed_order, RING) == unseal(SEALED, RING)

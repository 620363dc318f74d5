"""Signatures checked in plain Python: one body of tests, run with both arithmetics, and the two compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from smartclause.evidence import envelope, keys, note, primitives
from smartclause.evidence.ed25519_points import ORDER, PRIME
from smartclause.evidence.envelope import seal, unseal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.keys import Algorithm, PublicKey, make_key, public_key, sign, verify
from smartclause.evidence.note import read_note, read_verifier, verifier_text
from smartclause.standalone import plain_primitives as plain

VECTORS = Path(__file__).parents[2] / ".." / "shared" / "vectors"
ALGORITHMS: tuple[Algorithm, ...] = ("ed25519", "ecdsa-p256-sha256", "ecdsa-p256-sha256-p1363")
P256_ORDER = plain._N


@pytest.fixture(params=["library", "plain"])
def arithmetic(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Keys, envelopes and notes do their arithmetic in this way."""
    if request.param == "plain":
        monkeypatch.setattr(keys, "primitives", plain)
    name: str = request.param
    return name


def published(*path: str) -> Any:
    file = VECTORS.joinpath(*path)
    if not file.is_file():
        pytest.skip("the published vectors are not beside this checkout")
    return json.loads(file.read_text())


# ---- published vectors


def key_or_none(der: bytes, algorithm: Algorithm) -> PublicKey | None:
    try:
        return public_key(der, algorithm)
    except EvidenceError:
        return None


@pytest.mark.usefixtures("arithmetic")
@pytest.mark.parametrize(
    ("name", "algorithm", "cases"),
    [
        ("ed25519_test.json", "ed25519", 151),
        ("ecdsa_secp256r1_sha256_test.json", "ecdsa-p256-sha256", 484),
        ("ecdsa_secp256r1_sha256_p1363_test.json", "ecdsa-p256-sha256-p1363", 262),
    ],
)
def test_the_published_signatures_are_judged_as_published(name: str, algorithm: Algorithm, cases: int) -> None:
    count, found = 0, []
    for group in published("wycheproof", "testvectors_v1", name)["testGroups"]:
        key = key_or_none(bytes.fromhex(group["publicKeyDer"]), algorithm)
        for case in group["tests"]:
            count += 1
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            if (key is not None and verify(key, message, signature)) != (case["result"] == "valid"):
                found.append(case["tcId"])
    assert (count, found) == (cases, [])


def test_the_published_envelope_verifies(arithmetic: str) -> None:
    vector = published("dsse", "vector.json")
    private = ec.derive_private_key(int(vector["key"]["d"]), ec.SECP256R1())
    key = public_key(primitives.spelled(private.public_key()), "ecdsa-p256-sha256-p1363")
    assert type(key.handle).__module__.startswith("smartclause") == (arithmetic == "plain")
    verified = unseal(json.dumps(vector["envelope"]).encode(), {key.id: key})
    assert (verified.body, verified.signers) == (vector["payload_utf8"].encode(), (key.id,))


@pytest.mark.usefixtures("arithmetic")
def test_the_published_notes_are_judged_as_published() -> None:
    data = published("signed-note", "vectors.json")
    known = {name: read_verifier(text) for name, text in data["vkeys"].items()}
    for case in data["cases"]:
        text = bytes.fromhex(case["note_hex"]) if "note_hex" in case else case["note"].encode()
        ring = [known[name] for name in case["keys"]]
        if case["want"] == "ok":
            assert {verifier_text(k) for k in read_note(text, ring).signers} == {
                data["vkeys"][name] for name in case["verified"]
            }
        else:
            with pytest.raises(EvidenceError):
                read_note(text, ring)


# ---- the two compared


@cache
def signed(algorithm: Algorithm, message: bytes) -> tuple[bytes, bytes]:
    key = make_key(algorithm)
    return key.public.der, sign(key, message)


def both(der: bytes, message: bytes, signature: bytes) -> tuple[bool, bool]:
    return (
        primitives.verify(primitives.read_public(der), message, signature),
        plain.verify(plain.read_public(der), message, signature),
    )


@pytest.mark.parametrize("algorithm", ALGORITHMS[:2])
@given(message=st.binary(max_size=300))
def test_what_the_library_signs_is_verified_and_nothing_else(algorithm: Algorithm, message: bytes) -> None:
    der, signature = signed(algorithm, message)
    assert both(der, message, signature) == (True, True)
    assert both(der, message + b"x", signature) == (False, False)
    assert both(signed(algorithm, b"other key")[0], message, signature) == (False, False)


@pytest.mark.parametrize("algorithm", ALGORITHMS[:2])
@given(data=st.data())
def test_a_damaged_signature_is_judged_alike(algorithm: Algorithm, data: st.DataObject) -> None:
    der, genuine = signed(algorithm, b"message")
    damaged = bytearray(genuine)
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(0, 255))
    damaged = damaged[: data.draw(st.sampled_from([len(damaged), len(damaged) - 1]))]
    library, own = both(der, b"message", bytes(damaged))
    assert library == own


@given(st.integers(0, 2**256), st.integers(0, 2**256))
@example(0, 1)
@example(1, P256_ORDER)
@example(P256_ORDER - 1, P256_ORDER - 1)
@example(2**255, 2**256)
def test_made_up_numbers_are_spelled_and_judged_alike(r: int, s: int) -> None:
    signature = primitives.der_of(r, s)
    assert plain.der_of(r, s) == signature
    assert plain.numbers_of(signature) == (r, s)
    der, _ = signed("ecdsa-p256-sha256", b"message")
    library, own = both(der, b"message", signature)
    assert library == own


@given(st.binary(max_size=90) | st.binary(max_size=40).map(lambda b: b"\x30" + bytes([len(b)]) + b))
def test_whatever_is_no_signature_in_der_is_refused(content: bytes) -> None:
    der, _ = signed("ecdsa-p256-sha256", b"message")
    assert both(der, b"message", content) == (False, False)


def elements(*numbers: bytes) -> bytes:
    body = b"".join(b"\x02" + bytes([len(n)]) + n for n in numbers)
    return b"\x30" + bytes([len(body)]) + body


def spellings(r: bytes, s: bytes) -> Iterator[bytes]:
    """Signatures that a lenient reader takes for the genuine one."""
    good = elements(r, s)
    yield elements(b"\0" + r, s)
    yield elements(r, b"\0" + s)
    yield elements(r, s) + b"\0"
    yield elements(r, s, b"\x01")
    yield elements(r, b"")
    yield elements(r)
    yield b"\x30\x81" + good[1:]
    yield b"\x30\x80" + good[2:] + b"\0\0"
    yield b"\x31" + good[1:]


def test_a_second_spelling_of_a_genuine_signature_is_refused() -> None:
    der, genuine = signed("ecdsa-p256-sha256", b"message")
    size = genuine[3]
    r, s = genuine[4 : 4 + size], genuine[6 + size :]
    assert elements(r, s) == genuine
    for spelled in spellings(r, s):
        assert both(der, b"message", spelled) == (False, False), spelled.hex()


def test_the_number_of_an_ed25519_signature_counts_only_below_the_order() -> None:
    der, genuine = signed("ed25519", b"message")
    again = int.from_bytes(genuine[32:], "little") + ORDER
    assert both(der, b"message", genuine[:32] + again.to_bytes(32, "little")) == (False, False)


def test_an_ed25519_signature_has_64_bytes() -> None:
    der, genuine = signed("ed25519", b"message")
    for other in (genuine + b"\0", genuine[:-1], b""):
        assert both(der, b"message", other) == (False, False)


@pytest.mark.parametrize("spelled", [1 | 1 << 255, PRIME + 1, PRIME + 1 | 1 << 255])
def test_under_a_second_spelling_of_the_identity_nobody_signs(spelled: int) -> None:
    der = plain._ED25519_HEAD + spelled.to_bytes(32, "little")
    assert not plain.verify(plain.read_public(der), b"anything", (1).to_bytes(32, "little") + bytes(32))


def test_a_coordinate_of_a_key_is_less_than_the_prime() -> None:
    x = next(
        x for x in range(1, 100) if plain._is_on_p256(x, pow(x**3 - 3 * x + plain._B, (plain._P + 1) // 4, plain._P))
    )
    y = pow(x**3 - 3 * x + plain._B, (plain._P + 1) // 4, plain._P)
    for spelled, accepted in ((x, True), (x + plain._P, False)):
        der = plain._P256_HEAD + spelled.to_bytes(32) + y.to_bytes(32)
        assert (key_or_none(der, "ecdsa-p256-sha256") is not None) == accepted
        assert (own_key_or_none(der, "ecdsa-p256-sha256") is not None) == accepted


@given(st.integers(0, 2**256 - 1).map(lambda n: n.to_bytes(32, "little")))
@example(PRIME.to_bytes(32, "little"))
@example((PRIME + 1).to_bytes(32, "little"))
@example((1 | 1 << 255).to_bytes(32, "little"))
def test_under_any_32_bytes_as_key_a_signature_is_judged_alike_or_refused(encoded: bytes) -> None:
    """The key itself is judged before, alike for both; here only that no arithmetic lets it pass."""
    der = plain._ED25519_HEAD + encoded
    assert plain.verify(plain.read_public(der), b"message", signed("ed25519", b"message")[1]) is False
    assert (key_or_none(der, "ed25519") is None) == (own_key_or_none(der, "ed25519") is None)


def own_key_or_none(der: bytes, algorithm: Algorithm) -> PublicKey | None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "primitives", plain)
        return key_or_none(der, algorithm)


@given(st.data())
def test_a_damaged_key_is_refused_by_both(data: st.DataObject) -> None:
    algorithm = data.draw(st.sampled_from(ALGORITHMS[:2]))
    der = bytearray(signed(algorithm, b"message")[0])
    der[data.draw(st.integers(0, len(der) - 1))] ^= data.draw(st.integers(1, 255))
    found = key_or_none(bytes(der), algorithm)
    own = own_key_or_none(bytes(der), algorithm)
    assert (found and found.id) == (own and own.id)


def test_a_key_on_another_curve_or_at_infinity_is_refused() -> None:
    good = signed("ecdsa-p256-sha256", b"message")[0]
    others = [
        primitives.spelled(ec.generate_private_key(ec.SECP384R1()).public_key()),
        good[:-1] + bytes([good[-1] ^ 1]),
        good[:26] + plain._P.to_bytes(32) + good[-32:],
        good[:-65] + b"\x02" + good[-64:-32],
        good[:-64] + bytes(64),
        good + b"\0",
        b"",
    ]
    for der in others:
        with pytest.raises(ValueError, match="no public key"):
            plain.read_public(der)


# ---- the arithmetic itself


@settings(max_examples=40)
@given(st.integers(1, ORDER - 1), st.integers(1, ORDER - 1))
def test_two_factors_in_one_pass_are_the_sum_of_each(left: int, right: int) -> None:
    """Over multiples of the base point itself: left·B + right·(3·B) is (left + 3·right)·B."""
    base = plain._base_multiples()
    triple = plain._sum((0, 1, 1, 0), base, 3)
    inverse = pow(triple[2], -1, PRIME)
    multiples = plain._odd_multiples(triple[0] * inverse % PRIME, triple[1] * inverse % PRIME, 8)
    together = plain._encoded(plain._combined(left, right, multiples))
    assert together == plain._encoded(plain._combined((left + 3 * right) % ORDER, 0, base))


def test_the_order_times_the_base_point_is_nothing() -> None:
    assert plain._encoded(plain._combined(ORDER, 0, plain._base_multiples())) == (1).to_bytes(32, "little")
    assert plain._combined_p256(P256_ORDER, 0, plain._p256_multiples(*plain._BASE, 8))[2] == 0
    opposite = plain._combined_p256(P256_ORDER - 1, 1, plain._p256_multiples(*plain._BASE, 8))
    assert opposite[2] == 0
    doubled = plain._combined_p256(1, 1, plain._p256_multiples(*plain._BASE, 8))
    assert plain._affine(doubled) == plain._affine(plain._doubled_p256((*plain._BASE, 1)))


@given(st.integers(0, 2**256), st.integers(2, 9))
def test_digits_are_odd_or_nothing_and_give_the_number_back(number: int, width: int) -> None:
    digits = plain._digits(number, width)
    assert sum(digit << place for place, digit in enumerate(digits)) == number
    assert all(d == 0 or (d % 2 and abs(d) < 2 ** (width - 1)) for d in digits)


def test_nothing_is_signed_in_plain_python() -> None:
    for function, arguments in ((plain.make_private, ("p256",)), (plain.sign, (None, b"")), (plain.public_of, (None,))):
        with pytest.raises(NotImplementedError):
            function(*arguments)


def test_the_two_modules_have_the_same_face() -> None:
    """What other modules may use of one, the other has too."""
    names = {n for n, v in vars(primitives).items() if getattr(v, "__module__", "") == primitives.__name__}
    assert {"read_public", "verify", "sign", "spelled"} <= names
    assert names | {"PublicHandle", "PrivateHandle", "Family"} <= set(vars(plain))


def test_envelopes_and_notes_reach_signatures_through_keys_only() -> None:
    """So that exchanging the arithmetic of `keys` exchanges it everywhere."""
    for module in (envelope, note):
        assert not [n for n, v in vars(module).items() if getattr(v, "__module__", "") == primitives.__name__]
    sealed = seal(b"{}", [make_key()], "t")
    assert sealed

"""Keys: published vectors, refused points, private keys at rest."""

from __future__ import annotations

import base64
import json
import stat
import subprocess
from hashlib import sha512
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from smartclause.evidence import ed25519_points, key_files
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.key_files import load_private, save_private
from smartclause.evidence.keys import Algorithm, PublicKey, make_key, public_key, sign, signing_key, verify

VECTORS = Path(__file__).parents[2] / ".." / "shared" / "vectors" / "wycheproof" / "testvectors_v1"
ALGORITHMS: tuple[Algorithm, ...] = ("ed25519", "ecdsa-p256-sha256", "ecdsa-p256-sha256-p1363")

ED25519_PREFIX = bytes.fromhex("302a300506032b6570032100")
ORDER = 2**252 + 27742317777372353535851937790883648493
BELOW_PRIME = 2**255 - 19
SMALL_ORDER = sorted(ed25519_points._SMALL_ORDER)
SIGNED = {a: (key := make_key(a), sign(key, b"message")) for a in ALGORITHMS}


def groups(name: str) -> list[dict[str, Any]]:
    if not VECTORS.is_dir():
        pytest.skip("the published vectors are not beside this checkout")
    loaded: list[dict[str, Any]] = json.loads((VECTORS / name).read_text())["testGroups"]
    return loaded


def disagreements(name: str, algorithm: Algorithm, key_member: str) -> tuple[int, list[tuple[int, str]]]:
    """How many cases ran, and those whose result is not ours."""
    count, found = 0, []
    for group in groups(name):
        der = bytes.fromhex(group[key_member])
        key: PublicKey | None
        try:
            key = public_key(der, algorithm)
        except EvidenceError:
            key = None
        for case in group["tests"]:
            count += 1
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            valid = key is not None and verify(key, message, signature)
            if valid != (case["result"] == "valid"):
                found.append((case["tcId"], case["result"]))
    return count, found


@pytest.mark.parametrize(
    ("name", "algorithm", "cases"),
    [
        ("ed25519_test.json", "ed25519", 151),
        ("ecdsa_secp256r1_sha256_test.json", "ecdsa-p256-sha256", 484),
        ("ecdsa_secp256r1_sha256_p1363_test.json", "ecdsa-p256-sha256-p1363", 262),
    ],
)
def test_the_published_signatures_are_judged_as_published(name: str, algorithm: Algorithm, cases: int) -> None:
    assert disagreements(name, algorithm, "publicKeyDer") == (cases, [])


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(message=st.binary(max_size=200))
@settings(max_examples=20)
def test_what_a_key_signs_it_verifies_and_nothing_else(algorithm: Algorithm, message: bytes) -> None:
    key = make_key(algorithm)
    signature = sign(key, message)
    assert verify(key.public, message, signature)
    assert not verify(key.public, message + b"x", signature)
    assert not verify(make_key(algorithm).public, message, signature)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@given(data=st.data())
@settings(max_examples=60)
def test_a_changed_or_made_up_signature_is_false_and_never_an_exception(
    algorithm: Algorithm, data: st.DataObject
) -> None:
    key, genuine = SIGNED[algorithm]
    signature = bytearray(genuine)
    signature[data.draw(st.integers(0, len(signature) - 1))] ^= data.draw(st.integers(1, 255))
    assert not verify(key.public, b"message", bytes(signature))
    assert not verify(key.public, b"message", data.draw(st.binary(max_size=80)))


def spelled(y: int, sign_bit: int = 0) -> bytes:
    return (y | sign_bit << 255).to_bytes(32, "little")


def test_the_eight_points_of_small_order_have_five_different_y() -> None:
    assert len(SMALL_ORDER) == 5
    assert {0, 1, BELOW_PRIME - 1} < set(SMALL_ORDER)


@pytest.mark.parametrize("y", SMALL_ORDER)
@pytest.mark.parametrize("sign_bit", [0, 1])
def test_a_key_of_small_order_is_refused(y: int, sign_bit: int) -> None:
    with pytest.raises(EvidenceError, match="EV07"):
        public_key(ED25519_PREFIX + spelled(y, sign_bit), "ed25519")


def test_under_the_identity_the_library_accepts_a_forged_signature_and_we_do_not() -> None:
    identity = spelled(1)
    forged = identity + bytes(32)
    Ed25519PublicKey.from_public_bytes(identity).verify(forged, b"anything")  # raises nothing
    assert ed25519_points.fault_of_key(identity) == "its point has small order"
    assert ed25519_points.fault_of_signature(forged) == "its point has small order"


def test_a_signature_with_r_of_small_order_is_refused_though_the_library_accepts_it() -> None:
    """Its maker knows the private key: R is the identity, S is the challenge times the private scalar."""
    seed, message = bytes(range(32)), b"message"
    key = signing_key(Ed25519PrivateKey.from_private_bytes(seed), "ed25519")
    scalar = int.from_bytes(sha512(seed).digest()[:32], "little") & ~7 & (2**254 - 1) | 2**254
    r = spelled(1)
    challenge = int.from_bytes(sha512(r + key.public.der[-32:] + message).digest(), "little")
    made = r + (challenge * scalar % ORDER).to_bytes(32, "little")
    assert isinstance(key.public.handle, Ed25519PublicKey)
    key.public.handle.verify(made, message)  # raises nothing
    assert not verify(key.public, message, made)


@pytest.mark.parametrize("y", [BELOW_PRIME, BELOW_PRIME + 1, 2**255 - 1])
def test_a_key_or_r_in_a_second_spelling_is_refused(y: int) -> None:
    assert ed25519_points.fault_of_key(spelled(y)) == "its point is not spelled canonically"
    assert ed25519_points.fault_of_signature(spelled(y) + bytes(32)) == "its point is not spelled canonically"


def test_the_number_of_a_signature_is_refused_from_the_order_of_the_group_on() -> None:
    point = make_key().public.der[-32:]
    assert ed25519_points.fault_of_signature(point + (ORDER - 1).to_bytes(32, "little")) is None
    assert ed25519_points.fault_of_signature(point + ORDER.to_bytes(32, "little")) is not None


def test_a_key_off_the_curve_or_outside_the_prime_order_group_is_refused() -> None:
    found = set()
    for y in range(2, 40):
        found.add(ed25519_points.fault_of_key(spelled(y)))
    assert found == {"its point is not on the curve", "its point is outside the group of prime order", None}


def test_a_key_of_another_kind_or_spelling_is_refused() -> None:
    p256, ed25519 = make_key("ecdsa-p256-sha256").public.der, make_key().public.der
    compressed = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + b"\x02" + p256[27:59]
    for der, algorithm in (
        (p256, "ed25519"),
        (ed25519, "ecdsa-p256-sha256"),
        (compressed, "ecdsa-p256-sha256"),
        (p256[:-1], "ecdsa-p256-sha256"),
        (ed25519 + b"\0", "ed25519"),
        (b"", "ed25519"),
    ):
        with pytest.raises(EvidenceError, match="EV07"):
            public_key(der, algorithm)  # type: ignore[arg-type]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_files, "_COST", 16)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_private_key_comes_back_from_its_file_with_its_passphrase_only(algorithm: Algorithm, tmp_path: Path) -> None:
    key, path = make_key(algorithm), tmp_path / "key.pem"
    save_private(key, path, "口令 one")
    assert load_private(path, "口令 one", algorithm).id == key.id
    with pytest.raises(EvidenceError, match="EV10"):
        load_private(path, "口令 two", algorithm)
    with pytest.raises(EvidenceError, match="EV10"):
        load_private(path, "口令 one", "ed25519" if algorithm != "ed25519" else "ecdsa-p256-sha256")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["key.pem"]


@pytest.mark.usefixtures("quick")
def test_a_private_key_is_never_written_over_another_nor_without_a_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    save_private(make_key(), path, "secret")
    before = path.read_bytes()
    with pytest.raises(EvidenceError, match="EV19"):
        save_private(make_key(), path, "secret")
    with pytest.raises(EvidenceError, match="EV10"):
        save_private(make_key(), tmp_path / "other.pem", "")
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["key.pem"]


def test_openssl_reads_a_private_key_at_its_real_cost(tmp_path: Path) -> None:
    key, path = make_key(), tmp_path / "key.pem"
    save_private(key, path, "secret")
    shown = subprocess.run(
        ["openssl", "pkey", "-in", path, "-passin", "pass:secret", "-pubout", "-outform", "DER"],
        capture_output=True,
        check=True,
    )
    assert shown.stdout == key.public.der


def test_a_plain_damaged_missing_or_huge_key_file_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    plain = tmp_path / "plain.pem"
    private = Ed25519PrivateKey.generate()
    plain.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    damaged = tmp_path / "damaged.pem"
    damaged.write_bytes(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n")
    huge = tmp_path / "huge.pem"
    huge.write_bytes(bytes(key_files.MAX_KEY_FILE + 1))
    for path, code in ((plain, "EV10"), (damaged, "EV10"), (tmp_path / "none", "EV19"), (huge, "EV02")):
        with pytest.raises(EvidenceError, match=code):
            load_private(path, "secret")


def test_the_number_of_a_key_is_the_hash_that_openssl_and_sha256sum_give(tmp_path: Path) -> None:
    key = signing_key(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), "ed25519")
    pem = tmp_path / "key.pub.pem"
    body = base64.encodebytes(key.public.der).decode()
    pem.write_text(f"-----BEGIN PUBLIC KEY-----\n{body}-----END PUBLIC KEY-----\n")
    der = subprocess.run(
        ["openssl", "pkey", "-pubin", "-in", pem, "-outform", "DER"], capture_output=True, check=True
    ).stdout
    hashed = subprocess.run(["sha256sum"], input=der, capture_output=True, check=True).stdout
    assert key.id == "sha256:" + hashed.decode().split()[0]

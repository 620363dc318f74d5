"""Certificates read in plain Python: the same facts as the library's, the same signatures, the same chains."""

from __future__ import annotations

import dataclasses
import hashlib
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA224, SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given
from hypothesis import strategies as st

from smartclause.evidence import certificates, identity_chains
from smartclause.evidence.der import elements, one, spell, spell_integer
from smartclause.standalone import plain_certificates as plain
from smartclause.standalone import plain_signatures
from tests.evidence import test_identity_chains as chains
from tests.evidence.trust_samples import END, START, is_deep, name_of

RSA = rsa.generate_private_key(65537, 2048)
KEYS: dict[str, Any] = {
    "p256": ec.generate_private_key(ec.SECP256R1()),
    "p384": ec.generate_private_key(ec.SECP384R1()),
    "p521": ec.generate_private_key(ec.SECP521R1()),
    "ed25519": Ed25519PrivateKey.generate(),
    "rsa": RSA,
}
HASHES = {"sha256": SHA256(), "sha384": SHA384(), "sha512": SHA512()}


def made(
    key: Any = KEYS["p256"], hash_: Any = HASHES["sha256"], subject: x509.Name | None = None,
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (), start: datetime = START, end: datetime = END,
    pss: int | None = None,
) -> bytes:  # fmt: skip
    """A certificate that its own key signed."""
    name = subject or name_of("CA")
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(random.Random(1).getrandbits(100)).not_valid_before(start).not_valid_after(end)
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    chosen = None if isinstance(key, Ed25519PrivateKey) else hash_
    how = None if pss is None else padding.PSS(padding.MGF1(hash_), pss)
    return builder.sign(key, chosen, rsa_padding=how).public_bytes(Encoding.DER)


def facts(module: Any, der: bytes) -> Any:
    try:
        return dataclasses.asdict(module.read_certificate(der))
    except ValueError:
        return None


def signed(module: Any, der: bytes) -> bool:
    """Whether it is a certificate that its own key signed."""
    try:
        found = module.read_certificate(der)
    except ValueError:
        return False
    answer: bool = module.is_signed_by(found, found)
    return answer


# ---- the chains of the trust list, with certificates read here


@pytest.fixture
def _read_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(identity_chains, "certificates", plain)
    identity_chains.windows.cache_clear()
    yield
    identity_chains.windows.cache_clear()


LAWS = {
    name: law
    for name, law in vars(chains).items()
    if name.startswith("test_") and "files" not in name and not getattr(law, "pytestmark", None)
}


@pytest.mark.usefixtures("_read_here")
@pytest.mark.parametrize("law", sorted(LAWS))
def test_what_holds_of_chains_holds_of_those_read_here(law: str) -> None:
    LAWS[law]()


@pytest.mark.usefixtures("_read_here")
@pytest.mark.parametrize("case", sorted(chains.NOT_FOR_SIGNING))
def test_what_shows_nobody_shows_nobody_here(case: str) -> None:
    chains.test_a_certificate_that_does_not_show_the_person_of_the_record_shows_nobody(case)


@pytest.mark.usefixtures("_read_here")
@pytest.mark.parametrize("case", sorted(chains.BAD_ISSUERS))
@pytest.mark.parametrize("itself", [True, False])
def test_who_may_not_issue_may_not_here(case: str, itself: bool) -> None:
    chains.test_who_may_not_issue_makes_nobody_known(case, itself)


@pytest.mark.usefixtures("_read_here")
@pytest.mark.parametrize(("allowed", "between", "expected"), [(0, 0, True), (0, 1, False), (1, 1, True), (1, 2, False)])
def test_a_path_is_as_long_here(allowed: int, between: int, expected: bool) -> None:
    chains.test_a_path_is_no_longer_than_its_issuer_allows(allowed, between, expected)


# ---- facts

USAGE = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign")  # fmt: skip
EXTENSIONS: dict[str, tuple[x509.ExtensionType, bool]] = {
    "authority": (x509.BasicConstraints(True, 3), True),
    "authority of any length": (x509.BasicConstraints(True, None), False),
    "no authority": (x509.BasicConstraints(False, None), True),
    "purposes": (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.OCSP_SIGNING]), True),
    "names": (
        x509.SubjectAlternativeName([x509.DNSName("a.example"), x509.UniformResourceIdentifier("did:web:a")]),
        False,
    ),
    "key number": (x509.SubjectKeyIdentifier(bytes(20)), False),
    "critical and unknown": (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"\x05\0"), True),
    "unknown": (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3"), b"x"), False),
    "narrowed": (x509.NameConstraints([x509.DNSName("a.example")], None), False),
    "legal entity": (
        x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.52266.1"), b"\x13\x03ABC"),
        False,
    ),
}


PLENTY = made(extensions=tuple(EXTENSIONS[n] for n in ("authority", "names", "legal entity")))


def assert_same_facts(der: bytes) -> Any:
    found = facts(plain, der)
    assert found == facts(certificates, der)
    return found


@pytest.mark.parametrize("name", sorted(EXTENSIONS))
def test_the_facts_of_each_extension_are_the_librarys(name: str) -> None:
    found = assert_same_facts(made(extensions=(EXTENSIONS[name],)))
    assert (found is None) == (name in ("critical and unknown", "narrowed"))


@given(st.sets(st.sampled_from(USAGE), min_size=1))
def test_the_uses_of_a_key_are_the_librarys(uses: set[str]) -> None:
    usage = x509.KeyUsage(**{n: n in uses for n in USAGE}, encipher_only=False, decipher_only=False)
    assert_same_facts(made(extensions=((usage, True),)))


@pytest.mark.parametrize(
    "year", [1951, 1999, 2000, 2049, 2050, 9999],
)  # fmt: skip
def test_times_before_and_after_2050_are_the_librarys(year: int) -> None:
    start, end = datetime(1950, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert assert_same_facts(made(start=start, end=end)) is not None


@pytest.mark.parametrize("kind", [None, "UTF8String", "PrintableString", "BMPString", "UniversalString", "T61String"])
def test_names_in_every_kind_of_text_are_the_librarys(kind: str | None) -> None:
    types = x509.name._ASN1Type
    given_ = {} if kind is None else {"_type": getattr(types, kind)}
    parts = [
        x509.NameAttribute(oid, text, **given_)
        for oid, text in ((NameOID.SERIAL_NUMBER, "S1"), (NameOID.ORGANIZATION_IDENTIFIER, "NTRCN-1"))
    ]
    name = x509.Name([x509.RelativeDistinguishedName(parts), x509.RelativeDistinguishedName([parts[0]])])
    found = assert_same_facts(made(subject=name))
    assert found["serials"] == {"S1"}
    assert found["organizations"] == {"NTRCN-1"}


@pytest.mark.parametrize("bits", [1024, 2047, 2048])
def test_a_short_rsa_key_is_refused(bits: int) -> None:
    key = rsa.generate_private_key(65537, bits)
    assert (assert_same_facts(made(key)) is None) == (bits < 2048)


def test_another_curve_is_refused() -> None:
    assert assert_same_facts(made(ec.generate_private_key(ec.SECP256K1()))) is None


# ---- signatures


@pytest.mark.parametrize("hash_", sorted(HASHES))
@pytest.mark.parametrize("key", sorted(KEYS))
def test_signatures_of_every_key_and_hash_verify(key: str, hash_: str) -> None:
    der = made(KEYS[key], HASHES[hash_])
    assert assert_same_facts(der) is not None
    assert signed(plain, der)
    assert signed(certificates, der)


@pytest.mark.parametrize("hash_", sorted(HASHES))
@pytest.mark.parametrize("salt", [0, 20, 32, 64])
def test_signatures_of_rsa_with_salt_verify(hash_: str, salt: int) -> None:
    der = made(RSA, HASHES[hash_], pss=salt)
    assert signed(plain, der) == signed(certificates, der)
    assert signed(plain, der)


@pytest.mark.parametrize("other", sorted(KEYS))
@pytest.mark.parametrize("key", sorted(KEYS))
def test_another_key_of_the_same_name_signed_nothing(key: str, other: str) -> None:
    der, above = (made(KEYS[k]) for k in (key, other))
    for module in (plain, certificates):
        found = module.is_signed_by(module.read_certificate(der), module.read_certificate(above))
        assert found is (key == other)


@pytest.mark.parametrize(("key", "pss"), [*((k, None) for k in KEYS), ("rsa", 32)])
def test_each_flipped_byte_ends_the_signature(key: str, pss: int | None) -> None:
    der = made(KEYS[key], pss=pss, extensions=tuple(EXTENSIONS[n] for n in ("authority", "purposes", "names")))
    assert signed(plain, der)
    for place in range(0, len(der), 1 if is_deep() else 5):
        flipped = der[:place] + bytes([der[place] ^ (1 << place % 8)]) + der[place + 1 :]
        assert not signed(plain, flipped), place


@given(st.data())
def test_a_damaged_certificate_has_the_same_facts_or_none(data: st.DataObject) -> None:
    """The library looks into more extensions than chains need, and may refuse what is damaged there."""
    der = bytearray(PLENTY)
    der[data.draw(st.integers(0, len(der) - 1))] ^= data.draw(st.integers(1, 255))
    own, library = facts(plain, bytes(der)), facts(certificates, bytes(der))
    assert own is None or library is None or own == library


@given(st.binary(max_size=60))
def test_whatever_is_no_certificate_is_refused(content: bytes) -> None:
    assert facts(plain, content) is None


def test_the_curves_are_those_of_the_standard() -> None:
    for curve in plain_signatures.CURVES.values():
        assert plain_signatures._times(curve, curve.order, curve.base)[2] == 0
        x, y = curve.base
        assert (y * y - x**3 + 3 * x - curve.b) % curve.p == 0


def test_a_signature_with_numbers_out_of_range_is_refused() -> None:
    found = plain.read_certificate(made())
    key = plain_signatures.key_of(found.key)
    assert isinstance(key, plain_signatures.EcKey)
    for r, s in ((0, 1), (1, 0), (-1, 1), (key.curve.order, 1), (1, key.curve.order)):
        signature = spell(0x30, spell_integer(r), spell_integer(s))
        assert not plain_signatures._is_ecdsa(key, "sha256", b"", signature)


def test_only_the_whole_encoding_of_an_rsa_signature_counts() -> None:
    """A shorter padding with room for made-up bytes after the digest is how signatures under e = 3 are forged."""
    numbers = RSA.private_numbers()
    key = plain_signatures.RsaKey(numbers.public_numbers.n, numbers.public_numbers.e)

    stated = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(b"m").digest()
    whole = b"\0\x01" + b"\xff" * (key.size - len(stated) - 3) + b"\0" + stated
    assert plain_signatures._is_pkcs1(key, "sha256", b"m", raw(whole))
    short = b"\0\x01" + b"\xff" * 8 + b"\0" + stated
    for other in (short + bytes(key.size - len(short)), whole[:-1] + b"\0", b"\0\x02" + whole[2:]):
        assert not plain_signatures._is_pkcs1(key, "sha256", b"m", raw(other))
    assert not plain_signatures._is_pkcs1(key, "sha256", b"m", b"\0" + raw(whole))
    assert not plain_signatures._is_pkcs1(key, "sha256", b"m", (int.from_bytes(raw(whole)) + key.modulus).to_bytes(257))


def raw(encoded: bytes) -> bytes:
    """What the RSA key makes of an encoding, whatever it is."""
    numbers = RSA.private_numbers()
    return pow(int.from_bytes(encoded), numbers.d, numbers.public_numbers.n).to_bytes(256)


def test_a_second_number_of_the_same_rsa_signature_is_refused() -> None:
    modulus = RSA.public_key().public_numbers().n
    key = plain_signatures.RsaKey(modulus, 65537)
    for number in range(200):
        message = b"%d" % number
        genuine = RSA.sign(message, padding.PKCS1v15(), SHA256())
        second = int.from_bytes(genuine) + modulus
        assert plain_signatures._is_pkcs1(key, "sha256", message, genuine)
        if second < 2**2048:
            assert not plain_signatures._is_pkcs1(key, "sha256", message, second.to_bytes(256))
            return
    pytest.skip("no signature of this key has a second number")


def salted(message: bytes, *, end: int = 0xBC, start: bytes = b"\x01", top: int = 0) -> bytes:
    """An encoding of RFC 8017, 9.1.1, with parts to change."""
    salt = b"s" * 32
    h = hashlib.sha256(bytes(8) + hashlib.sha256(message).digest() + salt).digest()
    db = bytes(256 - 32 - 1 - 32 - len(start)) + start + salt
    masked = int.from_bytes(db) ^ int.from_bytes(plain_signatures._mask(h, len(db), "sha256"))
    masked &= (1 << (8 * len(db) - 1)) - 1
    return (masked | top << (8 * len(db) - 1)).to_bytes(len(db)) + h + bytes([end])


def test_each_part_of_a_salted_encoding_counts() -> None:
    key = plain_signatures.RsaKey(RSA.public_key().public_numbers().n, 65537)
    assert plain_signatures._is_pss(key, "sha256", 32, b"m", raw(salted(b"m")))
    for bad in (salted(b"n"), salted(b"m", end=0xBD), salted(b"m", start=b"\x02"), salted(b"m", start=b"\x01\x01")):
        assert not plain_signatures._is_pss(key, "sha256", 32, b"m", raw(bad))
    assert not plain_signatures._is_pss(key, "sha256", 31, b"m", raw(salted(b"m")))
    topped = salted(b"m", top=1)
    if int.from_bytes(topped) < key.modulus:
        assert not plain_signatures._is_pss(key, "sha256", 32, b"m", raw(topped))


def test_the_name_of_the_issuer_counts_beside_its_key() -> None:
    der, other = made(), made(subject=name_of("Other"))
    for module in (plain, certificates):
        assert not module.is_signed_by(module.read_certificate(der), module.read_certificate(other))


def test_a_weak_hash_is_refused() -> None:
    assert assert_same_facts(made(hash_=SHA224())) is None


CONSTRAINTS = x509.ObjectIdentifier("2.5.29.19")


@pytest.mark.parametrize(
    ("content", "accepted"),
    [
        ("3000", True),
        ("30030101ff", True),
        ("30060101ff020100", True),
        ("3003010100", False),  # what is false is left out
        ("3003020100", False),  # a length without an authority
        ("30060101ff0201ff", False),  # a length below nothing
        ("30060101ff02020001", False),  # a number in a second spelling
        ("3003010101", False),
        ("300300", False),
        ("", False),
    ],
)
def test_what_limits_an_authority_has_one_spelling(content: str, accepted: bool) -> None:
    extension = x509.UnrecognizedExtension(CONSTRAINTS, bytes.fromhex(content))
    assert (assert_same_facts(made(extensions=((extension, True),))) is not None) == accepted


def signed_anew(der: bytes, old: bytes, new: bytes) -> bytes:
    """With a part of what was signed exchanged, and signed again by the key of `made`."""
    signed_part, algorithm, _ = elements(one(der, 0x30).content)
    assert signed_part.content.count(old) == 1
    changed = spell(0x30, signed_part.content.replace(old, new))
    signature = KEYS["p256"].sign(changed, ec.ECDSA(SHA256()))
    return spell(0x30, changed, algorithm.whole, spell(0x03, b"\0" + signature))


def test_an_extension_stands_once_and_the_version_is_the_third() -> None:
    der = made(extensions=(EXTENSIONS["unknown"],))
    extension = bytes.fromhex("300706022a0304" + "0178")
    one_of_them = spell(0xA3, spell(0x30, extension))
    assert assert_same_facts(signed_anew(der, one_of_them, one_of_them)) is not None
    assert assert_same_facts(signed_anew(der, one_of_them, spell(0xA3, spell(0x30, extension, extension)))) is None
    assert assert_same_facts(signed_anew(der, bytes.fromhex("a003020102"), bytes.fromhex("a003020101"))) is None


def test_certificates_are_found_in_files_as_the_library_finds_them() -> None:
    der = made()
    pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    for content in (der, pem, pem + pem, b"text\n" + pem):
        assert plain.certificates_in(content) == certificates.certificates_in(content)
    for content in (b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"):
        for module in (plain, certificates):
            with pytest.raises(ValueError):  # noqa: PT011
                module.certificates_in(content)

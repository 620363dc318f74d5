"""A certificate chain makes a key its owner's for as long as every certificate of it is valid, and never longer."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.x509.oid import ExtendedKeyUsageOID
from pydantic import ValidationError

from smartclause.evidence import identity_chains
from smartclause.evidence.forms import Identity, instant
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.trust import Accepted, KeyRecord, Standing, key_record, standing

from .trust_samples import (
    ACME,
    DAY,
    END,
    START,
    Authority,
    authority,
    is_deep,
    issue,
    name_of,
    p256_key,
    person,
    text_of,
)

KEY = make_key()
CA = authority()
MIDDLE = instant("2026-06-01T00:00:00Z")
FIRST_INSTANT = instant("2026-01-01T00:00:00Z")
LAST_INSTANT = instant("2026-12-31T23:59:59Z")


def record(*chain: x509.Certificate, key: SigningKey = KEY, identity: Identity | None = ACME) -> KeyRecord:
    texts = tuple(text_of(c) for c in chain)
    return key_record(key.public, "B", "2020-01-01T00:00:00Z", identity=identity, chain=texts)


def accepted(*authorities: Authority, since: str = "2020-01-01T00:00:00Z", until: str | None = None) -> Any:
    return tuple(Accepted(certificate=a.text, since=since, until=until) for a in authorities)


def at(found: KeyRecord, when: int = MIDDLE, issuers: Any = None) -> Standing:
    return standing(found, when, None, accepted(CA) if issuers is None else issuers)


def test_a_chain_holds_from_its_first_to_its_last_instant_and_not_one_beyond() -> None:
    held = record(person(CA, KEY))
    expected = {
        FIRST_INSTANT - 1: Standing.UNKNOWN,
        FIRST_INSTANT: Standing.TRUSTED,
        LAST_INSTANT: Standing.TRUSTED,
        LAST_INSTANT + 1: Standing.LAPSED,
    }
    assert {when: at(held, when) for when in expected} == expected


@pytest.mark.parametrize("key", [make_key(), p256_key()], ids=["ed25519", "p256"])
@pytest.mark.parametrize(
    "handle",
    [None, Ed25519PrivateKey.generate(), rsa.generate_private_key(65537, 2048)],
    ids=["p256", "ed25519", "rsa"],
)
def test_keys_and_issuers_of_every_kind_that_is_in_use_hold(key: SigningKey, handle: Any) -> None:
    ca = authority(handle=handle)
    assert at(record(person(ca, key), key=key), issuers=accepted(ca)) is Standing.TRUSTED


def test_an_issuer_between_must_be_there_and_be_valid() -> None:
    between = authority("Between", CA, start=START + DAY, end=END - DAY)
    own = person(between, KEY)
    assert at(record(own)) is Standing.UNKNOWN
    held = record(own, between.certificate)
    assert at(held) is Standing.TRUSTED
    assert at(held, FIRST_INSTANT) is Standing.UNKNOWN
    day = 86_400_000_000
    assert at(held, LAST_INSTANT - day) is Standing.TRUSTED
    assert at(held, LAST_INSTANT - day + 1) is Standing.LAPSED
    assert at(record(between.certificate, own)) is Standing.TRUSTED  # in any order


def test_acceptance_of_an_issuer_begins_and_ends_at_its_instants() -> None:
    held = record(person(CA, KEY))
    issuers = accepted(CA, since="2026-06-01T00:00:00Z", until="2026-07-01T00:00:00Z")
    ended = instant("2026-07-01T00:00:00Z")
    found = [at(held, when, issuers) for when in (MIDDLE - 1, MIDDLE, ended - 1, ended)]
    assert found == [Standing.UNKNOWN, Standing.TRUSTED, Standing.TRUSTED, Standing.LAPSED]


def test_without_the_issuers_of_the_store_no_chain_holds() -> None:
    assert standing(record(person(CA, KEY)), MIDDLE) is Standing.UNKNOWN
    assert at(record(person(CA, KEY)), issuers=accepted(authority("CA"))) is Standing.UNKNOWN  # same name, other key


def test_a_renewed_certificate_joins_the_chain_and_the_old_one_still_speaks_of_its_time() -> None:
    new = person(CA, KEY, start=END + timedelta(seconds=11), end=END + 100 * DAY)
    ca = authority("CA", handle=CA.handle, end=END + 1000 * DAY)
    held = record(person(CA, KEY), new)
    found = [at(held, LAST_INSTANT + n * 1_000_000, accepted(ca)) for n in (0, 5, 11)]
    assert found == [Standing.TRUSTED, Standing.LAPSED, Standing.TRUSTED]


def usage(**given: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
             "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
    return x509.KeyUsage(**{name: given.get(name, False) for name in names})


UNKNOWN_OID = x509.ObjectIdentifier("1.3.6.1.4.1.55555.1")
NOT_FOR_SIGNING = {
    "another key": lambda: person(CA, make_key()),
    "another person": lambda: person(CA, KEY, "LEIXG-549300000000000000XX"),
    "the number without its scheme": lambda: person(CA, KEY, ACME.value),
    "nobody": lambda: person(CA, KEY, subject=name_of("Acme Ltd")),
    "an issuer": lambda: person(CA, KEY, extensions=[(x509.BasicConstraints(True, None), True)]),
    "only for encryption": lambda: person(CA, KEY, extensions=[(usage(key_encipherment=True), True)]),
    "a web server": lambda: person(
        CA, KEY, extensions=[(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)]
    ),
    "a critical extension nobody knows": lambda: person(
        CA, KEY, extensions=[(x509.UnrecognizedExtension(UNKNOWN_OID, b"\x05\x00"), True)]
    ),
}


@pytest.mark.parametrize("case", NOT_FOR_SIGNING)
def test_a_certificate_that_does_not_show_the_person_of_the_record_shows_nobody(case: str) -> None:
    assert at(record(NOT_FOR_SIGNING[case]())) is Standing.UNKNOWN


@pytest.mark.parametrize(
    "extensions",
    [
        [(usage(digital_signature=True), True)],
        [(usage(content_commitment=True), True)],
        [(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), True)],
        [(x509.UnrecognizedExtension(UNKNOWN_OID, b"\x05\x00"), False)],
    ],
)
def test_a_certificate_meant_for_signatures_holds(extensions: Any) -> None:
    assert at(record(person(CA, KEY, extensions=extensions))) is Standing.TRUSTED


BAD_ISSUERS = {
    "no issuer at all": {"ca": False},
    "may not sign certificates": {"may_sign": False},
    "narrowed to names that are not looked at": {
        "extensions": [(x509.NameConstraints([x509.DNSName("example.org")], None), False)]
    },
}


@pytest.mark.parametrize("case", BAD_ISSUERS)
@pytest.mark.parametrize("accepted_itself", [True, False])
def test_who_may_not_issue_makes_nobody_known(case: str, accepted_itself: bool) -> None:
    bad = authority("Bad", CA, **BAD_ISSUERS[case])
    issuers = accepted(bad) if accepted_itself else accepted(CA)
    assert at(record(person(bad, KEY), bad.certificate), issuers=issuers) is Standing.UNKNOWN


@pytest.mark.parametrize(("allowed", "between", "expected"), [(0, 0, True), (0, 1, False), (1, 1, True), (1, 2, False)])
def test_a_path_is_no_longer_than_its_issuer_allows(allowed: int, between: int, expected: bool) -> None:
    here = root = authority("Root", path_length=allowed)
    steps = []
    for number in range(between):
        here = authority(f"Step {number}", here)
        steps.append(here.certificate)
    found = at(record(person(here, KEY), *steps), issuers=accepted(root))
    assert (found is Standing.TRUSTED) is expected


def test_a_path_has_at_most_six_steps_and_a_maze_is_left_in_time() -> None:
    here = authority("Root")
    root, steps = here, []
    for number in range(identity_chains.MAX_STEPS - 1):
        here = authority(f"Step {number}", here)
        steps.append(here.certificate)
    assert at(record(person(here, KEY), *steps), issuers=accepted(root)) is Standing.TRUSTED
    last = authority("Last", here)
    assert at(record(person(last, KEY), *steps, last.certificate), issuers=accepted(root)) is Standing.UNKNOWN
    handle = CA.handle
    maze = [authority("CA", Authority("CA", handle, CA.certificate), handle=handle).certificate for _ in range(19)]
    assert at(record(person(CA, KEY), *maze), issuers=accepted(authority("Else"))) is Standing.UNKNOWN


def test_a_signature_by_another_key_of_the_same_name_does_not_hold() -> None:
    forged = Authority("CA", authority("CA").handle, CA.certificate)
    assert at(record(person(forged, KEY))) is Standing.UNKNOWN


def test_other_hashes_hold_and_a_short_key_does_not() -> None:
    assert at(record(person(CA, KEY, hash_=SHA384()))) is Standing.TRUSTED
    weak = authority("Weak", handle=rsa.generate_private_key(65537, 1024))
    assert at(record(person(weak, KEY)), issuers=accepted(weak)) is Standing.UNKNOWN


@pytest.mark.parametrize(
    ("scheme", "value", "subject", "names"),
    [
        ("uscc", "91310000MA1K00000X", {"ORGANIZATION_IDENTIFIER": "NTRCN-91310000MA1K00000X"}, ()),
        ("uscc", "91310000MA1K00000X", {"SERIAL_NUMBER": "91310000MA1K00000X"}, ()),
        ("did", "did:web:acme.example", {}, ("did:web:acme.example",)),
        ("other", "P-1", {"SERIAL_NUMBER": "P-1"}, ()),
        ("lei", ACME.value, {"ORGANIZATION_IDENTIFIER": "LEIXG-" + ACME.value}, ()),
    ],
)
def test_each_scheme_has_its_place_in_a_certificate(
    scheme: Any, value: str, subject: dict[str, str], names: tuple[str, ...]
) -> None:
    extensions = [(x509.SubjectAlternativeName([x509.UniformResourceIdentifier(n) for n in names]), False)]
    own = person(CA, KEY, subject=name_of("X", **subject), extensions=extensions if names else ())
    assert at(record(own, identity=Identity(name="X", scheme=scheme, value=value))) is Standing.TRUSTED
    assert at(record(own, identity=Identity(name="X", scheme=scheme, value=value + "1"))) is Standing.UNKNOWN


def test_the_number_of_a_legal_entity_may_stand_in_its_own_extension() -> None:
    oid = x509.ObjectIdentifier("1.3.6.1.4.1.52266.1")
    content = b"\x13" + bytes([len(ACME.value)]) + ACME.value.encode()
    for extension, expected in ((content, Standing.TRUSTED), (content[:-1], Standing.UNKNOWN), (b"", Standing.UNKNOWN)):
        own = person(CA, KEY, subject=name_of("A"), extensions=[(x509.UnrecognizedExtension(oid, extension), False)])
        assert at(record(own)) is expected


def test_a_compromise_and_an_end_count_beside_a_chain_that_holds() -> None:
    held = record(person(CA, KEY))
    stolen = held.model_copy(update={"compromised_since": "2026-06-01T00:00:00Z", "compromise_declared_by": "B"})
    assert [at(stolen, when) for when in (MIDDLE - 1, MIDDLE)] == [Standing.TRUSTED, Standing.COMPROMISED]
    ended = held.model_copy(update={"revoked": "2026-06-01T00:00:00Z"})
    assert [at(ended, when) for when in (MIDDLE - 1, MIDDLE)] == [Standing.TRUSTED, Standing.LAPSED]
    strange = record(person(CA, make_key())).model_copy(update={"revoked": "2026-06-01T00:00:00Z"})
    assert at(strange, MIDDLE) is Standing.UNKNOWN


def test_a_chain_without_an_identity_is_refused() -> None:
    with pytest.raises(ValidationError):
        record(person(CA, KEY), identity=None)


def test_each_changed_byte_of_a_certificate_ends_its_power() -> None:
    own = person(CA, KEY)
    der = base64.b64decode(text_of(own))
    step = 1 if is_deep() else 7
    for place in range(0, len(der), step):
        for bit in (1, 0x80):
            broken = der[:place] + bytes([der[place] ^ bit]) + der[place + 1 :]
            held = record(own).model_copy(update={"chain": (base64.b64encode(broken).decode(),)})
            assert at(held) is Standing.UNKNOWN, place


@pytest.mark.parametrize("content", [b"", b"\x30", b"\x30\x84\xff\xff\xff\xff", b"x" * 1000])
def test_what_is_no_certificate_shows_nobody(content: bytes) -> None:
    held = record(person(CA, KEY)).model_copy(update={"chain": (base64.b64encode(content).decode() or "AA==",)})
    assert at(held) is Standing.UNKNOWN


def test_certificates_are_read_from_both_kinds_of_file() -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    pem = CA.certificate.public_bytes(Encoding.PEM)
    der = CA.certificate.public_bytes(Encoding.DER)
    assert identity_chains.certificates_in(pem + pem) == (der, der)
    assert identity_chains.certificates_in(der) == (der,)
    with pytest.raises(ValueError):  # noqa: PT011
        identity_chains.certificates_in(b"no certificate")


def test_an_unrelated_self_signed_certificate_of_the_key_shows_nobody() -> None:
    own = issue(KEY.handle.public_key(), name_of("CA"), Authority("CA", KEY.handle, CA.certificate))
    assert at(record(own)) is Standing.UNKNOWN

"""Time stamps: the published answers are judged as published, openssl agrees, and no byte can be changed."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from smartclause.evidence.der import Fields, elements, integer, oid, one, spell, spell_integer, spell_oid
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.timestamp_chain import Roots, check_signer, read_roots
from smartclause.evidence.timestamp_token import read_token
from smartclause.evidence.timestamps import TimeStamp, read_request, verify_timestamp, write_request

from .authority import DAY, Changes, Wanted, answer_requests, authority, chain_of, plain_authority, with_validity

VECTORS = Path(__file__).parents[2] / ".." / "shared" / "vectors" / "rfc3161" / "test" / "fixtures"
HELLO = b"hello"
DEEP = bool(os.environ.get("SMARTCLAUSE_DEEP"))

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="there is no openssl on this machine")


def published(name: str) -> bytes:
    if not VECTORS.is_dir():
        pytest.skip("the published vectors are not beside this checkout")
    return (VECTORS / name).read_bytes()


def chain(name: str) -> Roots:
    return read_roots(published(f"{name}/{'ts_chain.pem'}"))


def stamped(name: str, message: bytes = HELLO, roots: str = "") -> TimeStamp:
    return verify_timestamp(published(name), message, chain(roots or name.partition("/")[0]))


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_published_answers_verify_under_each_hash(name: str) -> None:
    found = stamped(f"sigstage/response-{name}.tsr")
    assert (found.hash, found.accuracy, found.policy) == (name, 1_000_000, "1.3.6.1.4.1.57264.2")
    assert found.authority == "CN=sigstore-tsa,O=sigstore.dev"


def test_a_published_answer_says_when_and_by_whom() -> None:
    found = stamped("test_tsa/response.tsr")
    assert found.time == 1_728_402_032 * 1_000_000  # 2024-10-08T15:40:32Z
    assert found.nonce == 0x36A44F9F4A391FD3
    assert found.serial == 0x797035501F358571FED54952BEBBD000497461DC


def test_an_answer_whose_signer_is_not_its_first_certificate_verifies() -> None:
    assert stamped("identrust/issue-104.tsr").accuracy is None


def test_an_answer_without_its_certificate_verifies_only_with_it_from_the_file_of_roots() -> None:
    whole = chain("sigstage")
    answer = published("sigstage/response-no-embedded-cert.tsr")
    assert verify_timestamp(answer, HELLO, whole).hash == "sha256"
    with pytest.raises(EvidenceError, match=r"EV21 .*neither in it nor"):
        verify_timestamp(answer, HELLO, Roots(whole.anchors))


def test_injected_certificates_change_nothing() -> None:
    assert stamped("test_tsa/response-injected-certs.tsr") == stamped("test_tsa/response.tsr")


def test_an_answer_with_a_wrong_signature_is_refused() -> None:
    with pytest.raises(EvidenceError, match=r"EV21 .*its signature is wrong"):
        stamped("sigstage/response-invalid-signature.tsr")


def test_an_answer_of_an_authority_that_leads_to_another_root_is_refused() -> None:
    with pytest.raises(EvidenceError, match=r"EV21 .*no chain"):
        stamped("test_tsa/other_response.tsr")
    with pytest.raises(EvidenceError, match=r"EV21 .*no chain"):
        stamped("test_tsa/response.tsr", roots="sigstage")


def test_certificates_count_at_the_time_of_the_stamp() -> None:
    answer, payload = published("sigstore.mock/response-expired.tsr"), published("sigstore.mock/payload")
    assert verify_timestamp(answer, payload, chain("sigstore.mock")).time == 1_675_209_600 * 1_000_000


def test_an_answer_is_for_these_bytes_and_this_request() -> None:
    answer, roots = published("test_tsa/response.tsr"), chain("test_tsa")
    asked, other = (read_request(published(f"test_tsa/{name}")) for name in ("request.der", "other_request.der"))
    assert verify_timestamp(answer, HELLO, roots, asked).nonce == asked.nonce
    with pytest.raises(EvidenceError, match=r"EV21 .*another request"):
        verify_timestamp(answer, HELLO, roots, other)
    with pytest.raises(EvidenceError, match=r"EV21 .*other bytes"):
        verify_timestamp(answer, HELLO + b"\n", roots)


ANSWERS = [
    ("sigstage/response-sha256.tsr", "sigstage"),
    ("sigstage/response-sha384.tsr", "sigstage"),
    ("sigstage/response-sha512.tsr", "sigstage"),
    ("sigstage/response-invalid-signature.tsr", "sigstage"),
    ("sigstage/response-no-embedded-cert.tsr", "sigstage"),
    ("test_tsa/response.tsr", "test_tsa"),
    ("test_tsa/response-injected-certs.tsr", "test_tsa"),
    ("test_tsa/other_response.tsr", "test_tsa"),
    ("test_tsa/response.tsr", "sigstage"),
]


def by_openssl(answer: Path, message: Path, roots: Path, at: int | None = None) -> bool:
    command = ["openssl", "ts", "-verify", "-in", answer, "-data", message, "-CAfile", roots, "-untrusted", roots]
    command += ["-attime", str(at)] if at is not None else []
    return subprocess.run(command, capture_output=True).returncode == 0


@needs_openssl
@pytest.mark.parametrize(("name", "roots"), ANSWERS)
def test_openssl_judges_the_published_answers_as_we_do(name: str, roots: str, tmp_path: Path) -> None:
    message = tmp_path / "message"
    message.write_bytes(HELLO)
    at = read_token(published(name)).info.time // 1_000_000
    try:
        stamped(name, roots=roots)
        ours = True
    except EvidenceError:
        ours = False
    assert by_openssl(VECTORS / name, message, VECTORS / roots / "ts_chain.pem", at) is ours


@needs_openssl
@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512"])
def test_a_request_of_ours_is_answered_by_openssl_and_the_answer_verifies(algorithm: str, tmp_path: Path) -> None:
    ours = authority(tmp_path / "tsa")
    request = write_request(b"a checkpoint\n", algorithm)
    answer = ours.answer(request)
    found = verify_timestamp(answer, b"a checkpoint\n", read_roots(ours.roots), read_request(request))
    assert (found.hash, found.accuracy, found.authority) == (algorithm, 1_500_000, "CN=Test Authority")
    with pytest.raises(EvidenceError, match="another request"):
        verify_timestamp(
            answer, b"a checkpoint\n", read_roots(ours.roots), read_request(write_request(b"a checkpoint\n"))
        )


@needs_openssl
def test_a_token_verifies_without_the_answer_around_it(tmp_path: Path) -> None:
    ours = authority(tmp_path / "tsa")
    answer = ours.answer(write_request(HELLO))
    token = elements(one(answer, 0x30).content)[1].whole
    roots = read_roots(ours.roots)
    assert verify_timestamp(token, HELLO, roots) == verify_timestamp(answer, HELLO, roots)


@needs_openssl
def test_the_page_on_time_stamps_shows_a_command_of_openssl_that_agrees_with_us(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "time-stamps.md"
    (command,) = re.findall("```sh\n(.*?)```", page.read_text("utf-8"), re.S)
    (tmp_path / "checkpoint.note").write_bytes(HELLO)
    (tmp_path / "checkpoint.tsq").write_bytes(write_request(HELLO))
    answer_requests(tmp_path)
    for content, code in ((HELLO, 0), (HELLO + b"!", 1)):
        (tmp_path / "checkpoint.note").write_bytes(content)
        assert subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True).returncode == code


SOUND = Wanted()
CASES: dict[str, tuple[Wanted, str]] = {
    "sound": (SOUND, ""),
    "rsa": (Wanted(key="rsa"), ""),
    "P-384": (Wanted(key="ec384"), ""),
    "path length 0": (Wanted(between_path_length=0), ""),
    "no authority between": (Wanted(between_is_authority=False), "no chain"),
    "authority between expired": (Wanted(between_until=SOUND.signer_from), "not valid at its time"),
    "signer expired": (with_validity(SOUND, -30 * DAY, timedelta(seconds=-2)), "not valid at its time"),
    "signer not yet valid": (with_validity(SOUND, DAY, 2 * DAY), "not valid at its time"),
    "unknown critical extension": (Wanted(unknown_critical=True), "critical extension"),
}


@needs_openssl
@pytest.mark.parametrize("case", CASES)
def test_chains_are_judged_as_openssl_judges_them(case: str, tmp_path: Path) -> None:
    wanted, fault = CASES[case]
    ours = authority(tmp_path / "tsa", wanted)
    message = tmp_path / "message"
    message.write_bytes(HELLO)
    answer = ours.answer(write_request(HELLO))
    assert by_openssl(ours.folder / "answer.tsr", message, ours.folder / "root.pem") is (fault == "")
    if fault:
        with pytest.raises(EvidenceError, match=rf"EV21 .*{fault}"):
            verify_timestamp(answer, HELLO, read_roots(ours.roots))
    else:
        assert verify_timestamp(answer, HELLO, read_roots(ours.roots)).authority == "CN=Test Authority"


@needs_openssl
@pytest.mark.parametrize("ess", ["sha1", "sha256", "sha512"])
def test_both_ways_to_name_the_certificate_are_read(ess: str, tmp_path: Path) -> None:
    ours = authority(tmp_path / "tsa", ess=ess)
    assert verify_timestamp(ours.answer(write_request(HELLO)), HELLO, read_roots(ours.roots)).serial == 2


@needs_openssl
@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(purposes=()),
        Wanted(critical=False),
        Wanted(purposes=(ExtendedKeyUsageOID.CODE_SIGNING,)),
        Wanted(purposes=(ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING)),
    ],
)
def test_a_certificate_that_is_not_for_time_stamps_alone_is_refused(wanted: Wanted, tmp_path: Path) -> None:
    """Openssl makes no such answer: it is signed under a sound certificate of the same key and name."""
    ours = authority(tmp_path / "tsa")
    answer = ours.answer(write_request(HELLO))
    other = authority(tmp_path / "other", wanted)
    roots = read_roots(ours.roots + (other.folder / "signer.pem").read_bytes())
    token = read_token(answer)
    assert verify_timestamp(answer, HELLO, roots).time == token.info.time
    unfit = next(one for one in roots.others if one.subject.rfc4514_string() == "CN=Test Authority")
    with pytest.raises(EvidenceError, match=r"EV21 .*not for time stamps alone"):
        check_signer(unfit, read_roots(other.roots), (), token.info.time)


@needs_openssl
def test_a_refusal_of_the_authority_is_no_time_stamp(tmp_path: Path) -> None:
    ours = authority(tmp_path / "tsa")
    sha1 = spell(0x30, spell(0x30, spell_oid("1.3.14.3.2.26"), spell(5)), spell(4, bytes(20)))
    refused = ours.answer(spell(0x30, spell_integer(1), sha1))
    with pytest.raises(EvidenceError, match=r"EV21 .*did not grant"):
        verify_timestamp(refused, HELLO, read_roots(ours.roots))


WRONG: dict[str, tuple[Changes, str]] = {
    "other bytes": (Changes(imprint=bytes(32)), "stamps other bytes"),
    "a shorter imprint": (Changes(imprint=sha256(HELLO).digest()[:20]), "stamps other bytes"),
    "another nonce": (Changes(nonce=5), "another request"),
    "other content": (Changes(digest=bytes(32)), "covers other content"),
    "another kind of content": (Changes(content_type="1.2.840.113549.1.7.1"), "no time stamp"),
    "another certificate": (Changes(certificate_hash=bytes(32)), "not the certificate that it names"),
    "no certificate named": (Changes(without_certificate_hash=True), "does not name the certificate"),
    "another authority": (Changes(name=x509.Name([]).public_bytes()), "another authority"),
    "refused": (Changes(status=2), "did not grant"),
    "no signer": (Changes(signers=0), "one signer"),
    "two signers": (Changes(signers=2), "one signer"),
    "a critical extension": (Changes(critical=True), "critical extension"),
    "an attribute twice": (Changes(attribute_twice=True), "does not have one value"),
    "an attribute with two values": (Changes(two_values=True), "does not have one value"),
    "another hash under the signature": (Changes(other_signature_hash=True), "signature is wrong"),
}


# We hold to RFC 3161, 2.4.2 and RFC 5652, 5.3 and 11 where openssl 3.0 does not.
STRICTER = {
    "a critical extension",
    "another hash under the signature",
    "another kind of content",
    "an attribute twice",
    "an attribute with two values",
}


@pytest.mark.parametrize("case", WRONG)
def test_an_answer_that_is_signed_and_yet_wrong_is_refused(case: str) -> None:
    changes, fault = WRONG[case]
    ours, request = plain_authority(), write_request(HELLO)
    roots = read_roots(ours.roots)
    sound = verify_timestamp(ours.answer(request), HELLO, roots, read_request(request))
    assert (sound.accuracy, sound.authority, sound.serial) == (1_000_000, "CN=Test Authority", 7)
    with pytest.raises(EvidenceError, match=rf"EV21 .*{fault}"):
        verify_timestamp(ours.answer(request, changes), HELLO, roots, read_request(request))


@needs_openssl
@pytest.mark.parametrize("case", ["sound", *WRONG])
def test_openssl_refuses_what_we_refuse_and_accepts_what_we_accept(case: str, tmp_path: Path) -> None:
    ours, request = plain_authority(), write_request(HELLO)
    changes = WRONG[case][0] if case in WRONG else Changes()
    for name, content in (("a.tsr", ours.answer(request, changes)), ("q.tsq", request), ("r.pem", ours.roots)):
        (tmp_path / name).write_bytes(content)
    command = ["openssl", "ts", "-verify", "-in", "a.tsr", "-queryfile", "q.tsq", "-CAfile", "r.pem"]
    accepted = subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 0
    assert accepted is (case == "sound" or case in STRICTER), case


def now() -> int:
    return int(datetime.now(UTC).timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("lengths", "holds"),
    [((), True), ((None, None), True), ((1, 0), True), ((0, None), False), ((1, None, None), False), ((2, 1, 0), True)],
)
def test_an_authority_has_no_more_others_under_it_than_it_may(lengths: tuple[int | None, ...], holds: bool) -> None:
    root, *between, signer = chain_of(*lengths)
    if holds:
        check_signer(signer, Roots((root,)), between, now())
        check_signer(signer, Roots((root,), tuple(between)), (), now())
        return
    with pytest.raises(EvidenceError, match=r"EV21 .*no chain"):
        check_signer(signer, Roots((root,)), between, now())


def test_a_chain_that_is_too_long_or_a_key_that_is_too_short_is_refused() -> None:
    root, *between, signer = chain_of(*[None] * 6)
    check_signer(signer, Roots((root,)), between, now())
    root, *between, signer = chain_of(*[None] * 7)
    with pytest.raises(EvidenceError, match=r"EV21 .*no chain"):
        check_signer(signer, Roots((root,)), between, now())
    root, signer = chain_of(bits=1024)
    with pytest.raises(EvidenceError, match=r"EV21 .*too short"):
        check_signer(signer, Roots((root,)), (), now())


def test_many_certificates_of_one_name_cost_a_bounded_search() -> None:
    """Each could have issued each, and none did: without a bound the search would never end."""
    others = [chain_of(None, None)[1:3] for _ in range(9)]
    _, *between, signer = chain_of(None, None)
    root = chain_of()[0]
    with pytest.raises(EvidenceError, match=r"EV21 .*no chain"):
        check_signer(signer, Roots((root,)), [*between, *(one for pair in others for one in pair)], now())


def flips(size: int) -> list[tuple[int, int]]:
    """Every byte with every mask in the deep profile (`SMARTCLAUSE_DEEP=1`); otherwise a thousand of them."""
    if DEEP:
        return [(at, mask) for at in range(size) for mask in range(1, 256)]
    chance = random.Random(3161)
    return [(chance.randrange(size), chance.randrange(1, 256)) for _ in range(1000)]


@pytest.mark.parametrize("name", ["test_tsa/response.tsr", "sigstage/response-sha384.tsr", "identrust/issue-104.tsr"])
def test_each_flipped_byte_of_an_answer_is_refused_or_changes_nothing_that_is_said(name: str) -> None:
    content, roots = published(name), chain(name.partition("/")[0])
    whole = verify_timestamp(content, HELLO, roots)
    accepted = 0
    for at, mask in flips(len(content)):
        flipped = content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :]
        try:
            assert verify_timestamp(flipped, HELLO, roots) == whole
            accepted += 1
        except EvidenceError as error:
            assert error.code == "EV21"  # noqa: PT017
    assert accepted < len(flips(len(content))) / 2


@given(st.binary(max_size=60), st.integers(0, 1300))
def test_hostile_answers_requests_and_roots_end_in_our_error(content: bytes, at: int) -> None:
    whole = published("test_tsa/response.tsr")
    for hostile in (content, whole[:at] + content, whole[:at] + content + whole[at + len(content) :]):
        for read in (read_request, read_roots, lambda c: verify_timestamp(c, HELLO, chain("test_tsa"))):
            try:
                read(hostile)
            except EvidenceError as error:
                assert error.code == "EV21"  # noqa: PT017


def test_deep_nesting_costs_nothing() -> None:
    nested = b""
    for _ in range(20_000):
        nested = spell(0x30, nested)
    with pytest.raises(EvidenceError, match="EV21"):
        read_token(nested)


@given(st.integers(-(2**200), 2**200))
def test_integers_come_back_from_their_spelling(number: int) -> None:
    spelled = one(spell_integer(number), 2).content
    assert integer(spelled) == number
    with pytest.raises(ValueError, match="DER"):
        integer((b"\xff" if number < 0 else b"\0") + spelled)


@given(st.integers(0, 2), st.integers(0, 39), st.lists(st.integers(0, 2**70), max_size=6))
def test_object_identifiers_come_back_from_their_spelling(first: int, second: int, rest: list[int]) -> None:
    dotted = ".".join(map(str, (first, second, *rest)))
    if len(spell_oid(dotted)) > 66:
        return
    assert oid(one(spell_oid(dotted), 6).content) == dotted


@pytest.mark.parametrize("wrong", ["30", "3080", "308100", "30820001", "3081", "1f0100", "3003", "30857f", "020100ff"])
def test_what_has_two_spellings_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"DER|cut off|shape"):
        one(bytes.fromhex(wrong), 0x30)


def test_fields_are_taken_in_order_and_nothing_is_left() -> None:
    fields = Fields(spell_integer(1) + spell_integer(2))
    assert fields.take_if(4) is None
    assert integer(fields.take(2).content) == 1
    with pytest.raises(ValueError, match="shape"):
        fields.end()
    with pytest.raises(ValueError, match="shape"):
        fields.take(4)


def test_a_file_of_roots_needs_a_root() -> None:
    with pytest.raises(EvidenceError, match="EV21"):
        read_roots(b"")
    with pytest.raises(EvidenceError, match="EV21"):
        read_roots(b"-----BEGIN CERTIFICATE-----\n")


def test_a_certificate_under_a_hash_that_is_too_weak_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """As openssl has it; whoever finds two contents with one hash would be an authority. None is signed so here."""
    root, between, signer = chain_of(None)
    check_signer(signer, Roots((root,)), (between,), now())
    monkeypatch.setattr("smartclause.evidence.timestamp_chain._STRONG", (SHA512,))
    with pytest.raises(EvidenceError, match=r"EV21 .*too weak"):
        check_signer(signer, Roots((root,)), (between,), now())

"""A role certificate is worth something only whole, signed by its authority, and for the key whose record holds it."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from pydantic import ValidationError

from smartclause.evidence.envelope import countersign, seal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import canonical, instant
from smartclause.evidence.keys import make_key
from smartclause.evidence.role_certificates import (
    MAX_ROLE_CERTIFICATE,
    RoleCertificate,
    certified,
    certify,
    holds_role,
    read_role_certificate,
)
from smartclause.evidence.trust import Accepted, KeyRecord, TrustStore, key_record

from .samples import CONTRACT
from .trust_samples import FIRST, SECOND, is_deep

AUTHORITY, HOLDER, OTHER = make_key(), make_key("ecdsa-p256-sha256"), make_key()


def certificate(**members: Any) -> RoleCertificate:
    stated = {"authority": AUTHORITY.id, "key": HOLDER.id, "roles": ("auditor",), "valid_from": FIRST}
    return RoleCertificate.model_validate(stated | members)


def held(*sealed: bytes, since: str = FIRST) -> tuple[KeyRecord, TrustStore]:
    texts = sorted(base64.b64encode(s).decode() for s in sealed)
    accepted = tuple(Accepted(certificate=t, since=since) for t in texts)
    record = key_record(HOLDER.public, "C", FIRST).model_copy(update={"certificates": accepted})
    authority = key_record(AUTHORITY.public, "authority", FIRST)
    return record, TrustStore(version=1, keys=tuple(sorted((record, authority), key=lambda r: r.id)))


def worth(*sealed: bytes, role: str = "auditor", at: str = SECOND, contract: str = CONTRACT) -> bool:
    record, store = held(*sealed)
    return holds_role(certified(record, store), role, {AUTHORITY.id}, instant(at), contract, store)


def test_a_whole_certificate_gives_its_roles_and_no_other() -> None:
    sealed = certify(certificate(contracts=(CONTRACT,)), AUTHORITY)
    assert worth(sealed)
    assert not worth(sealed, role="reviewer")
    assert not worth(sealed, contract="sha256:" + "d" * 64)
    assert not worth()
    assert read_role_certificate(sealed) == certificate(contracts=(CONTRACT,))


def test_each_changed_byte_of_a_certificate_leaves_it_worth_nothing_or_the_same() -> None:
    sealed = certify(certificate(), AUTHORITY)
    whole = certified(*held(sealed))
    assert len(whole) == 1
    for place in range(0, len(sealed), 1 if is_deep() else 5):
        for bit in (1, 0x20, 0x80):
            broken = sealed[:place] + bytes([sealed[place] ^ bit]) + sealed[place + 1 :]
            assert [c.roles for c in certified(*held(broken))] in ([], [("auditor",)]), place


@pytest.mark.parametrize(
    "sealed",
    [
        certify(certificate(), OTHER),
        certify(certificate(authority=OTHER.id), OTHER),
        certify(certificate(key=OTHER.id), AUTHORITY),
        certify(certificate(authority=HOLDER.id), HOLDER),
        seal(canonical(certificate()), [AUTHORITY], "text/plain"),
        seal(b"{}", [AUTHORITY], RoleCertificate.PAYLOAD_TYPE),
        b"",
        b"{}",
        b"[" * 1000,
    ],
)
def test_what_is_no_certificate_of_this_key_gives_nothing_and_leaves_the_rest(sealed: bytes) -> None:
    good = certify(certificate(roles=("reviewer",)), AUTHORITY)
    if sealed:
        assert certified(*held(sealed)) == ()
        assert [c.roles for c in certified(*held(sealed, good))] == [("reviewer",)]
    with pytest.raises(EvidenceError):
        read_role_certificate(b"x" * (MAX_ROLE_CERTIFICATE + 1))


def test_a_further_signature_takes_nothing_away() -> None:
    assert worth(countersign(certify(certificate(), AUTHORITY), [OTHER]))


def test_a_certificate_without_a_role_is_none() -> None:
    with pytest.raises(ValidationError):
        certificate(roles=())

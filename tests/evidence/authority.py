"""A time stamp authority of the tests' own: certificates made here, answers by `openssl ts -reply` or in Python."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from smartclause.evidence.der import (
    BOOLEAN,
    GENERALIZED_TIME,
    OCTETS,
    SEQUENCE,
    SET,
    spell,
    spell_integer,
    spell_oid,
)
from smartclause.evidence.timestamp_token import TST_INFO
from smartclause.evidence.timestamps import read_request

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
DAY = timedelta(days=1)
CONFIG = """\
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
crypto_device = builtin
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = {accuracy}
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = {ess}
"""


@dataclass(frozen=True)
class Wanted:
    """What the certificates of an authority say; each field is a way in which one can be wrong."""

    purposes: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.TIME_STAMPING,)
    critical: bool = True
    signer_from: datetime = datetime.now(UTC) - 30 * DAY
    signer_until: datetime = datetime.now(UTC) + 30 * DAY
    between_is_authority: bool = True
    between_path_length: int | None = None
    between_until: datetime = datetime.now(UTC) + 60 * DAY
    key: str = "ec"
    unknown_critical: bool = False


@dataclass(frozen=True)
class Authority:
    folder: Path

    @property
    def roots(self) -> bytes:
        return (self.folder / "root.pem").read_bytes()

    def answer(self, request: bytes) -> bytes:
        query, answer = self.folder / "query.tsq", self.folder / "answer.tsr"
        query.write_bytes(request)
        command = ["openssl", "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "answer.tsr",
                   "-signer", "signer.pem", "-inkey", "signer.key", "-chain", "between.pem", "-sha256"]  # fmt: skip
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True)
        return answer.read_bytes()


def authority(folder: Path, wanted: Wanted | None = None, *, accuracy: str = "secs:1, millisecs:500",
              ess: str = "sha256") -> Authority:  # fmt: skip
    wanted = wanted or Wanted()
    folder.mkdir(parents=True, exist_ok=True)
    root_key, between_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    signer_key: Key = rsa.generate_private_key(65537, 2048) if wanted.key == "rsa" else _curve(wanted.key)
    root = _certificate("Test Root", root_key, "Test Root", root_key, until=datetime.now(UTC) + 90 * DAY, ca=True)
    between = _certificate("Test Between", between_key, "Test Root", root_key, until=wanted.between_until,
                           ca=wanted.between_is_authority, path_length=wanted.between_path_length)  # fmt: skip
    signer = _signer(wanted, signer_key, between_key)
    for name, certificate in (("root", root), ("between", between), ("signer", signer)):
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    private = signer_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "signer.key").write_bytes(private)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder, accuracy=accuracy, ess=ess))
    return Authority(folder)


def _curve(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key({"ec": ec.SECP256R1(), "ec384": ec.SECP384R1()}[name])


def _builder(subject: str, issuer: str, key: Key, after: datetime, until: datetime) -> x509.CertificateBuilder:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    return (
        x509.CertificateBuilder(named(issuer), named(subject), key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(after)
        .not_valid_after(until)
    )


def _certificate(subject: str, key: Key, issuer: str, signer: Key, *, until: datetime, ca: bool,
                 path_length: int | None = None) -> x509.Certificate:  # fmt: skip
    constraints = x509.BasicConstraints(ca, path_length if ca else None)
    builder = _builder(subject, issuer, key, datetime.now(UTC) - 60 * DAY, until)
    return builder.add_extension(constraints, critical=True).sign(signer, hashes.SHA256())


def _signer(wanted: Wanted, key: Key, issuer: Key, name: str = "Test Between") -> x509.Certificate:
    builder = _builder("Test Authority", name, key, wanted.signer_from, wanted.signer_until)
    if wanted.purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(wanted.purposes), critical=wanted.critical)
    if wanted.unknown_critical:
        odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.7"), b"\x05\x00")
        builder = builder.add_extension(odd, critical=True)
    return builder.sign(issuer, hashes.SHA256())


def with_validity(wanted: Wanted, after: timedelta, until: timedelta) -> Wanted:
    """The signer's validity from and until this long from now."""
    now = datetime.now(UTC)
    return replace(wanted, signer_from=now + after, signer_until=now + until)


# ---- answers without openssl


@dataclass(frozen=True)
class Changes:
    """Ways in which an answer can be wrong; nothing by default."""

    imprint: bytes | None = None
    nonce: int | None = None
    digest: bytes | None = None
    content_type: str = TST_INFO
    certificate_hash: bytes | None = None
    without_certificate_hash: bool = False
    name: bytes | None = None
    status: int = 0
    signers: int = 1
    critical: bool = False
    other_signature_hash: bool = False
    attribute_twice: bool = False
    two_values: bool = False


@dataclass(frozen=True)
class PlainAuthority:
    """As `Authority`, in Python alone, so that pages and examples run where there is no openssl."""

    root: x509.Certificate
    signer: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def roots(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def answer(self, request: bytes, changes: Changes | None = None, at: datetime | None = None) -> bytes:
        changes = changes or Changes()
        if changes.status:
            return spell(SEQUENCE, spell(SEQUENCE, spell_integer(changes.status)))
        info = self._info(request, changes, at or datetime.now(UTC))
        content = spell(SEQUENCE, spell_oid(TST_INFO), spell(0xA0, spell(OCTETS, info)))
        certificate = self.signer.public_bytes(Encoding.DER)
        signers = spell(SET, *[self._signer(info, changes)] * changes.signers)
        data = spell(SEQUENCE, spell_integer(3), spell(SET, _SHA256), content, spell(0xA0, certificate), signers)
        token = spell(SEQUENCE, spell_oid("1.2.840.113549.1.7.2"), spell(0xA0, data))
        return spell(SEQUENCE, spell(SEQUENCE, spell_integer(0)), token)

    def _info(self, request: bytes, changes: Changes, at: datetime) -> bytes:
        asked = read_request(request)
        imprint = spell(SEQUENCE, _SHA256, spell(OCTETS, changes.imprint or asked.imprint))
        nonce = asked.nonce if changes.nonce is None else changes.nonce
        extension = spell(SEQUENCE, spell_oid("1.3.6.1.4.1.99999.9"), spell(BOOLEAN, b"\xff"), spell(OCTETS))
        return spell(
            SEQUENCE, spell_integer(1), spell_oid("1.3.6.1.4.1.99999.1"), imprint, spell_integer(7),
            spell(GENERALIZED_TIME, at.strftime("%Y%m%d%H%M%SZ").encode()), spell(SEQUENCE, spell_integer(1)),
            spell_integer(nonce or 0), spell(0xA0, spell(0xA4, changes.name or self.signer.subject.public_bytes())),
            spell(0xA1, extension) if changes.critical else b"",
        )  # fmt: skip

    def _signer(self, info: bytes, changes: Changes) -> bytes:
        named = changes.certificate_hash or sha256(self.signer.public_bytes(Encoding.DER)).digest()
        stated = spell(SEQUENCE, spell(SEQUENCE, spell(SEQUENCE, spell(OCTETS, named))))
        attributes = [
            _attribute("1.2.840.113549.1.9.3", spell_oid(changes.content_type)),
            _attribute("1.2.840.113549.1.9.4", spell(OCTETS, changes.digest or sha256(info).digest())),
        ]
        if not changes.without_certificate_hash:
            attributes.append(_attribute("1.2.840.113549.1.9.16.2.47", stated))
        if changes.attribute_twice:
            attributes.append(attributes[1])
        if changes.two_values:
            digest = spell(OCTETS, sha256(info).digest())
            attributes[1] = spell(SEQUENCE, spell_oid("1.2.840.113549.1.9.4"), spell(SET, digest, digest))
        signature = self.key.sign(spell(SET, *attributes), ec.ECDSA(hashes.SHA256()))
        issuer = spell(SEQUENCE, self.signer.issuer.public_bytes(), spell_integer(self.signer.serial_number))
        stated_hash = "1.2.840.10045.4.3.3" if changes.other_signature_hash else "1.2.840.10045.4.3.2"
        algorithm = spell(SEQUENCE, spell_oid(stated_hash))
        parts = (spell_integer(1), issuer, _SHA256, spell(0xA0, *attributes), algorithm, spell(OCTETS, signature))
        return spell(SEQUENCE, *parts)


_SHA256 = spell(SEQUENCE, spell_oid("2.16.840.1.101.3.4.2.1"))


def _attribute(name: str, value: bytes) -> bytes:
    return spell(SEQUENCE, spell_oid(name), spell(SET, value))


def chain_of(*path_lengths: int | None, bits: int = 0) -> list[x509.Certificate]:
    """Root, one authority for each path length, signer; each signed by the one before."""
    keys: list[Key] = [ec.generate_private_key(ec.SECP256R1()) for _ in range(len(path_lengths) + 2)]
    if bits:
        keys[-1] = rsa.generate_private_key(65537, bits)
    until = datetime.now(UTC) + 30 * DAY
    found = [_certificate("Root", keys[0], "Root", keys[0], until=until, ca=True)]
    for number, length in enumerate(path_lengths, 1):
        issuer = "Root" if number == 1 else f"Between {number - 1}"
        found.append(_certificate(f"Between {number}", keys[number], issuer, keys[number - 1], until=until, ca=True,
                                  path_length=length))  # fmt: skip
    issuer = f"Between {len(path_lengths)}" if path_lengths else "Root"
    return [*found, _signer(Wanted(), keys[-1], keys[-2], issuer)]


@cache
def plain_authority() -> PlainAuthority:
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _certificate("Test Root", root_key, "Test Root", root_key, until=datetime.now(UTC) + 90 * DAY, ca=True)
    return PlainAuthority(root, _signer(Wanted(), key, root_key, "Test Root"), key)


def answer_requests(folder: Path) -> None:
    """What an authority does where pages and examples ask one: answers beside requests, its root in `roots.pem`."""
    for request in folder.glob("*.tsq"):
        answer = request.with_suffix(".tsr")
        if not answer.exists():
            answer.write_bytes(plain_authority().answer(request.read_bytes()))
            (folder / "roots.pem").write_bytes(plain_authority().roots)

"""A time stamp authority of the tests' own: certificates made here, answers made by `openssl ts -reply`."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

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


def _signer(wanted: Wanted, key: Key, issuer: Key) -> x509.Certificate:
    builder = _builder("Test Authority", "Test Between", key, wanted.signer_from, wanted.signer_until)
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

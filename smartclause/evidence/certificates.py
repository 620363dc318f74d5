"""X.509 certificates as facts in plain data, and who signed them: a narrow face over the library that reads them.

What no careful reader would accept is refused here: other versions, weak or unknown algorithms, what is demanded and
not understood.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtensionOID, NameOID

from smartclause.evidence.certificate import Certificate

E = TypeVar("E", bound=x509.ExtensionType)

# What the library raises beside ValueError, TypeError and UnsupportedAlgorithm where a certificate is out of form.
_REFUSALS = (x509.DuplicateExtension, x509.InvalidVersion, x509.UnsupportedGeneralNameType)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEI = x509.ObjectIdentifier("1.3.6.1.4.1.52266.1")  # ISO 17442-2
_UNDERSTOOD = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
}


def read_certificate(der: bytes) -> Certificate:
    """Raises ValueError."""
    with _own_words():
        found = x509.load_der_x509_certificate(der)
        if not _is_usable(found):
            raise ValueError
        return _facts(found, der)


def is_signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the issuer bears the name that is stated, and its key signed."""
    try:
        with _own_words():
            below, above = (x509.load_der_x509_certificate(c.der) for c in (certificate, issuer))
            below.verify_directly_issued_by(above)
    except (InvalidSignature, ValueError):
        return False
    return True


def certificates_in(content: bytes) -> tuple[bytes, ...]:
    """The certificates of a file in DER; the file is PEM, or one in DER. Raises ValueError."""
    with _own_words():
        if b"-----BEGIN" in content:
            return tuple(c.public_bytes(Encoding.DER) for c in x509.load_pem_x509_certificates(content))
        return (x509.load_der_x509_certificate(content).public_bytes(Encoding.DER),)


@contextmanager
def _own_words() -> Iterator[None]:
    """The library's remarks on hostile certificates are not shown; all its refusals are ValueError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (TypeError, UnsupportedAlgorithm, *_REFUSALS):
        raise ValueError from None


def _is_usable(certificate: x509.Certificate) -> bool:
    extensions = list(certificate.extensions)
    unknown = [e for e in extensions if e.critical and e.oid not in _UNDERSTOOD]
    narrowed = [e for e in extensions if e.oid == ExtensionOID.NAME_CONSTRAINTS]
    strong = isinstance(certificate.signature_hash_algorithm, SHA256 | SHA384 | SHA512 | None)
    return certificate.version is x509.Version.v3 and strong and _has_strong_key(certificate) and not unknown + narrowed


def _has_strong_key(certificate: x509.Certificate) -> bool:
    key = certificate.public_key()
    match key:
        case RSAPublicKey():
            return 2048 <= key.key_size <= 8192
        case EllipticCurvePublicKey():
            return key.curve.name in ("secp256r1", "secp384r1", "secp521r1")
        case _:
            return isinstance(key, Ed25519PublicKey)


def _facts(found: x509.Certificate, der: bytes) -> Certificate:
    constraints = _extension(found, x509.BasicConstraints)
    usage = _extension(found, x509.KeyUsage)
    purposes = _extension(found, x509.ExtendedKeyUsage)
    names = _extension(found, x509.SubjectAlternativeName)
    return Certificate(
        der=der,
        issuer=found.issuer.public_bytes(),
        subject=found.subject.public_bytes(),
        key=found.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        since=_instant(found.not_valid_before_utc),
        until=_instant(found.not_valid_after_utc),
        is_authority=constraints is not None and constraints.ca,
        path_length=None if constraints is None else constraints.path_length,
        signs=usage is None or usage.digital_signature or usage.content_commitment,
        issues=usage is None or usage.key_cert_sign,
        purposes=None if purposes is None else frozenset(p.dotted_string for p in purposes),
        serials=_attributes(found, NameOID.SERIAL_NUMBER),
        organizations=_attributes(found, NameOID.ORGANIZATION_IDENTIFIER),
        uris=frozenset() if names is None else frozenset(names.get_values_for_type(x509.UniformResourceIdentifier)),
        leis=_leis(found),
    )


def _instant(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _attributes(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> frozenset[str]:
    return frozenset(str(a.value) for a in certificate.subject.get_attributes_for_oid(oid))


def _leis(certificate: x509.Certificate) -> frozenset[str]:
    found = [e.value for e in certificate.extensions if e.oid == _LEI]
    return frozenset(t for v in found if isinstance(v, x509.UnrecognizedExtension) and (t := short_text(v.value)))


def short_text(content: bytes) -> str:
    """One text in UTF-8 or printable letters: tag, length, letters; empty if it is something else."""
    if content[:1] in (b"\x0c", b"\x13") and content[1:2] == bytes([len(content) - 2]):
        return content[2:].decode("ascii", "replace")
    return ""


def _extension(certificate: x509.Certificate, kind: type[E]) -> E | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None

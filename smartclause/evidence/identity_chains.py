"""X.509 chains of keys: in which spans of time they show a key to be a person's (RFC 5280, section 6).

The library's own path checker admits no Ed25519 key, so the path is checked here; the library checks the names and
signatures of each step. What is not understood does not hold.
"""

from __future__ import annotations

import base64
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeAlias, TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID

MAX_STEPS = 6  # certificates between a key and the issuer that the store accepts
MAX_CHECKS = 64  # signatures looked at for one chain, whatever it holds

Window: TypeAlias = tuple[int, int]
"""First and last instant, both included, in microseconds since 1970."""

E = TypeVar("E", bound=x509.ExtensionType)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEI = x509.ObjectIdentifier("1.3.6.1.4.1.52266.1")  # ISO 17442-2
_DOCUMENT_SIGNING = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
_SIGNING = {
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
    ExtendedKeyUsageOID.CLIENT_AUTH,
    ExtendedKeyUsageOID.EMAIL_PROTECTION,
    _DOCUMENT_SIGNING,
}
_UNDERSTOOD = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An issuer's certificate, in DER as base64, accepted from `since` (included) to `until` (excluded)."""

    certificate: str
    since: int
    until: int | None = None


@lru_cache(maxsize=1024)
def windows(
    chain: tuple[str, ...], key: bytes, scheme: str, value: str, accepted: tuple[Acceptance, ...]
) -> tuple[Window, ...]:
    """When a certificate of `chain` shows the SubjectPublicKeyInfo `key` to be that of the identity named."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's remarks on hostile certificates
        given = [c for text in chain if (c := _read(text)) is not None]
        ends = [(c, a) for a in accepted if (c := _read(a.certificate)) is not None]
        search = _Search(given, ends)
        own = [c for c in given if _key(c) == key and _signs(c) and value in _identities(c, scheme)]
        return tuple(dict.fromkeys(window for c in own for window in search.upwards(c, (), _validity(c))))


def certificates_in(content: bytes) -> tuple[bytes, ...]:
    """The certificates of a file in DER; the file is PEM, or one in DER. Raises ValueError."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if b"-----BEGIN" in content:
            return tuple(c.public_bytes(Encoding.DER) for c in x509.load_pem_x509_certificates(content))
        return (x509.load_der_x509_certificate(content).public_bytes(Encoding.DER),)


@dataclass
class _Search:
    """All paths from a certificate to an accepted issuer, within a bounded number of looks."""

    given: list[x509.Certificate]
    accepted: list[tuple[x509.Certificate, Acceptance]]
    left: int = field(default=MAX_CHECKS)

    def upwards(self, here: x509.Certificate, below: tuple[x509.Certificate, ...], span: Window) -> Iterator[Window]:
        if span[0] > span[1] or len(below) >= MAX_STEPS:
            return
        for issuer, acceptance in self.accepted:
            if self._issued(here, issuer, len(below)):
                until = span[1] if acceptance.until is None else acceptance.until - 1
                found = _common(span, _validity(issuer), (acceptance.since, until))
                if found[0] <= found[1]:
                    yield found
        for issuer in self.given:
            if issuer not in (here, *below) and self._issued(here, issuer, len(below)):
                yield from self.upwards(issuer, (*below, here), _common(span, _validity(issuer)))

    def _issued(self, subject: x509.Certificate, issuer: x509.Certificate, authorities_below: int) -> bool:
        """`authorities_below`: issuers between the key's own certificate and this one."""
        if subject.issuer != issuer.subject or not _issues(issuer, authorities_below) or self.left <= 0:
            return False
        self.left -= 1
        with suppress(InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
            subject.verify_directly_issued_by(issuer)
            return True
        return False


def _common(*spans: Window) -> Window:
    return max(s for s, _ in spans), min(u for _, u in spans)


def _read(text: str) -> x509.Certificate | None:
    """None for what no careful reader would accept: other versions, weak or unknown algorithms, odd extensions."""
    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
        return certificate if _is_usable(certificate) else None
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None


def _is_usable(certificate: x509.Certificate) -> bool:
    """Raises ValueError if a part that is looked at later cannot be read: the library reads parts when asked."""
    _identities(certificate, "other"), certificate.issuer, _validity(certificate)
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


def _key(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _validity(certificate: x509.Certificate) -> Window:
    """RFC 5280, 4.1.2.5: both ends are included."""
    return _instant(certificate.not_valid_before_utc), _instant(certificate.not_valid_after_utc)


def _instant(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _issues(certificate: x509.Certificate, authorities_below: int) -> bool:
    """RFC 5280, 6.1.4 (k) to (n)."""
    constraints = _extension(certificate, x509.BasicConstraints)
    usage = _extension(certificate, x509.KeyUsage)
    if constraints is None or not constraints.ca or (usage is not None and not usage.key_cert_sign):
        return False
    return constraints.path_length is None or authorities_below <= constraints.path_length


def _signs(certificate: x509.Certificate) -> bool:
    """The key's own certificate: of no issuer, and meant for signatures."""
    constraints = _extension(certificate, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        return False
    usage = _extension(certificate, x509.KeyUsage)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        return False
    purposes = _extension(certificate, x509.ExtendedKeyUsage)
    return purposes is None or not _SIGNING.isdisjoint(purposes)


def _identities(certificate: x509.Certificate, scheme: str) -> set[str]:
    """The numbers of the person named, in the places where its scheme is written."""
    serials = _attributes(certificate, NameOID.SERIAL_NUMBER)
    numbers = _attributes(certificate, NameOID.ORGANIZATION_IDENTIFIER)
    match scheme:
        case "uscc":
            return serials | _after(numbers, "NTRCN-")  # ETSI EN 319 412-1, 5.1.4
        case "lei":
            return _after(numbers, "LEIXG-") | _lei(certificate)
        case "did":
            names = _extension(certificate, x509.SubjectAlternativeName)
            return set() if names is None else set(names.get_values_for_type(x509.UniformResourceIdentifier))
        case _:
            return serials | numbers


def _after(texts: Iterable[str], opening: str) -> set[str]:
    return {text.removeprefix(opening) for text in texts if text.startswith(opening)}


def _attributes(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> set[str]:
    return {str(a.value) for a in certificate.subject.get_attributes_for_oid(oid)}


def _lei(certificate: x509.Certificate) -> set[str]:
    """The extension holds one text, in UTF-8 or printable letters: tag, length, letters."""
    found = set()
    for extension in certificate.extensions:
        if extension.oid == _LEI and isinstance(extension.value, x509.UnrecognizedExtension):
            content = extension.value.value
            if content[:1] in (b"\x0c", b"\x13") and content[1:2] == bytes([len(content) - 2]):
                found.add(content[2:].decode("ascii", "replace"))
    return found


def _extension(certificate: x509.Certificate, kind: type[E]) -> E | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None

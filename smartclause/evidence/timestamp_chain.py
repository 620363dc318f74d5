"""The chain of certificates from the signer of a time stamp to a root that the reader trusts, at one instant.

Fails closed: what a certificate demands and is not known here refuses the chain.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from smartclause.evidence.errors import EvidenceError

E = TypeVar("E", bound=x509.ExtensionType)

MAX_CERTIFICATES = 100
MAX_CERTIFICATE_FILE = 10_000_000
_MAX_PATH = 8
_MAX_STEPS = 200
_RSA_BITS = 2048
_STRONG = (SHA256, SHA384, SHA512, type(None))  # none: the hash belongs to the kind of key
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_KNOWN = frozenset({
    x509.BasicConstraints.oid, x509.KeyUsage.oid, x509.ExtendedKeyUsage.oid, x509.CertificatePolicies.oid,
    x509.SubjectKeyIdentifier.oid, x509.AuthorityKeyIdentifier.oid, x509.SubjectAlternativeName.oid,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Roots:
    """From a file that the reader trusts: its self-signed certificates are roots, the others lead to them."""

    anchors: tuple[x509.Certificate, ...]
    others: tuple[x509.Certificate, ...] = ()


def read_roots(content: bytes) -> Roots:
    """PEM, or one certificate in DER. Raises EvidenceError EV02, EV21."""
    if len(content) > MAX_CERTIFICATE_FILE:
        raise EvidenceError("EV02", what="the file", size=len(content), limit=MAX_CERTIFICATE_FILE)
    with own_words("the file of root certificates cannot be read"):
        if b"-----BEGIN" in content:
            found = x509.load_pem_x509_certificates(content)
        else:
            found = [x509.load_der_x509_certificate(content)]
        own = [one.subject == one.issuer for one in found]  # names are read only here
    if len(found) > MAX_CERTIFICATES:
        raise EvidenceError("EV21", reason="the file of root certificates has too many of them")
    anchors = tuple(one for one, is_own in zip(found, own, strict=True) if is_own)
    if not anchors:
        raise EvidenceError("EV21", reason="the file of root certificates has no self-signed one")
    return Roots(anchors, tuple(one for one, is_own in zip(found, own, strict=True) if not is_own))


def read_certificate(der: bytes) -> x509.Certificate:
    """Raises EvidenceError EV21."""
    with own_words("a certificate in it cannot be read"):
        return x509.load_der_x509_certificate(der)


def check_signer(signer: x509.Certificate, roots: Roots, between: Iterable[x509.Certificate], at: int) -> None:
    """That `signer` may sign time stamps and leads to a root, all valid `at` (microseconds since 1970).

    Raises EvidenceError EV21.
    """
    moment = _EPOCH + timedelta(microseconds=at)
    with own_words("a certificate in it cannot be read"):
        _need_time_stamping(signer)
        _need_sound(signer, moment)
        search = _Search(roots, (*between, *roots.others), moment)
        if not search.leads_to_root((signer,)):
            raise EvidenceError("EV21", reason=search.reason)


def _need_time_stamping(signer: x509.Certificate) -> None:
    """RFC 3161, 2.3: this purpose alone, and critical."""
    purpose = _extension(signer, x509.ExtendedKeyUsage)
    if purpose is None or not purpose.critical or list(purpose.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise EvidenceError("EV21", reason="the certificate of its signer is not for time stamps alone")
    usage = _extension(signer, x509.KeyUsage)
    if usage is not None and (
        usage.value.key_cert_sign or not (usage.value.digital_signature or usage.value.content_commitment)
    ):
        raise EvidenceError("EV21", reason="the certificate of its signer is not for signatures")


def _need_sound(one: x509.Certificate, moment: datetime) -> None:
    if not one.not_valid_before_utc <= moment <= one.not_valid_after_utc:
        raise EvidenceError("EV21", reason="a certificate was not valid at its time")
    if any(extension.critical and extension.oid not in _KNOWN for extension in one.extensions):
        raise EvidenceError("EV21", reason="a certificate has a critical extension that is not known here")
    key = one.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _RSA_BITS:
        raise EvidenceError("EV21", reason="a certificate has a key that is too short")


class _Search:
    """Depth first, within a fixed number of signature checks."""

    def __init__(self, roots: Roots, between: tuple[x509.Certificate, ...], moment: datetime) -> None:
        self._roots, self._between, self._moment = roots, between, moment
        self._steps = _MAX_STEPS
        self.reason = "no chain of certificates leads to a root that you trust"

    def leads_to_root(self, path: tuple[x509.Certificate, ...]) -> bool:
        last = path[-1]
        if last in self._roots.anchors:
            return True
        if len(path) >= _MAX_PATH:
            return False
        for issuer in (*self._roots.anchors, *self._between):
            if issuer in path or issuer.subject != last.issuer:
                continue
            if self._may_issue(issuer, last, len(path) - 1) and self.leads_to_root((*path, issuer)):
                return True
        return False

    def _may_issue(self, issuer: x509.Certificate, last: x509.Certificate, below: int) -> bool:
        """`below` authorities stand under `issuer` in this path already."""
        self._steps -= 1
        if self._steps < 0 or not _is_authority(issuer, below):
            return False
        try:
            if not isinstance(last.signature_hash_algorithm, _STRONG):
                self.reason = "a certificate was signed with a hash that is too weak"
                return False
            last.verify_directly_issued_by(issuer)
            _need_sound(issuer, self._moment)
        except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
            return False
        except EvidenceError as error:
            self.reason = error.values["reason"]
            return False
        return True


def _is_authority(one: x509.Certificate, below: int) -> bool:
    constraints = _extension(one, x509.BasicConstraints)
    usage = _extension(one, x509.KeyUsage)
    if constraints is None or not constraints.value.ca or (usage is not None and not usage.value.key_cert_sign):
        return False
    return constraints.value.path_length is None or below <= constraints.value.path_length


def _extension(one: x509.Certificate, kind: type[E]) -> x509.Extension[E] | None:
    try:
        return one.extensions.get_extension_for_class(kind)
    except x509.ExtensionNotFound:
        return None


def der_of(one: x509.Certificate) -> bytes:
    return one.public_bytes(Encoding.DER)


# What the library raises on hostile certificates; not all of it is a ValueError.
_FOREIGN = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)


@contextmanager
def own_words(reason: str) -> Iterator[None]:
    """What the library says of a hostile certificate becomes EvidenceError EV21; its remarks are not shown."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except _FOREIGN:
        raise EvidenceError("EV21", reason=reason) from None

"""RFC 3161 time stamps: an authority states that certain bytes existed at a time.

A time stamp that verifies was signed by a certificate for this purpose alone, which led to a root of the reader's
choice when it was made. Whether it was revoked later is not asked: nothing here uses the network.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from smartclause.evidence.der import (
    BOOLEAN,
    INTEGER,
    NULL,
    OCTETS,
    OID,
    SEQUENCE,
    DerError,
    Element,
    Fields,
    boolean,
    elements,
    integer,
    oid,
    one,
    spell,
    spell_integer,
    spell_oid,
)
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.timestamp_chain import Roots, check_signer, der_of, own_words, read_certificate
from smartclause.evidence.timestamp_token import HASHES, MAX_TOKEN, TST_INFO, Signer, Token, hash_of, read_token

_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.12"
_SIGNING_CERTIFICATE_2 = "1.2.840.113549.1.9.16.2.47"
_HASH_CLASSES: dict[str, type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}
_PSS = "1.2.840.113549.1.1.10"
_SIGNATURE_HASHES = {
    "1.2.840.113549.1.1.11": "sha256",
    "1.2.840.113549.1.1.12": "sha384",
    "1.2.840.113549.1.1.13": "sha512",
    "1.2.840.10045.4.3.2": "sha256",
    "1.2.840.10045.4.3.3": "sha384",
    "1.2.840.10045.4.3.4": "sha512",
}


@dataclass(frozen=True, slots=True)
class TimeStamp:
    """A verified one: the stamped bytes existed at `time`, give or take `accuracy`.

    Microseconds since 1970, and microseconds; `accuracy` None: the authority states none. `authority` is the name in
    the certificate, `serial` the number that the authority gave this stamp.
    """

    time: int
    accuracy: int | None
    authority: str
    policy: str
    serial: int
    hash: str
    nonce: int | None


@dataclass(frozen=True, slots=True)
class Request:
    hash: str
    imprint: bytes
    nonce: int | None


def write_request(message: bytes, algorithm: str = "sha256", nonce: int | None = None) -> bytes:
    """A TimeStampReq for `message`, which asks for the certificate too. Without `nonce`, one is drawn."""
    number = secrets.randbits(64) if nonce is None else nonce
    dotted = next(key for key, name in HASHES.items() if name == algorithm)
    imprint = spell(
        SEQUENCE, spell(SEQUENCE, spell_oid(dotted), spell(NULL)), spell(OCTETS, _digest(algorithm, message))
    )
    return spell(SEQUENCE, spell_integer(1), imprint, spell_integer(number), spell(BOOLEAN, b"\xff"))


def read_request(content: bytes) -> Request:
    """Raises EvidenceError EV02, EV21."""
    if len(content) > MAX_TOKEN:
        raise EvidenceError("EV02", what="the time stamp", size=len(content), limit=MAX_TOKEN)
    try:
        fields = Fields(one(content, SEQUENCE).content)
        integer(fields.take(INTEGER).content)
        imprint = Fields(fields.take(SEQUENCE).content)
        algorithm, digest = hash_of(imprint.take(SEQUENCE)), imprint.take(OCTETS).content
        fields.take_if(OID)
        nonce = fields.take_if(INTEGER)
        wanted = fields.take_if(BOOLEAN)
        if wanted is not None:
            boolean(wanted.content)
        number = integer(nonce.content) if nonce is not None else None
    except DerError as error:
        raise EvidenceError("EV21", reason=str(error)) from None
    return Request(algorithm, digest, number)


def verify_timestamp(answer: bytes, message: bytes, roots: Roots, request: Request | None = None) -> TimeStamp:
    """`answer`: what the authority sent. With `request`, the answer must be to it.

    Raises EvidenceError EV02, EV21.
    """
    token = read_token(answer)
    info = token.info
    if not hmac.compare_digest(info.imprint, _digest(info.hash, message)):
        raise EvidenceError("EV21", reason="it stamps other bytes")
    if request is not None and (request.hash, request.imprint, request.nonce) != (info.hash, info.imprint, info.nonce):
        raise EvidenceError("EV21", reason="it answers another request")
    with own_words("a certificate in it cannot be read"):
        signer = _verified_signer(token, roots)
        name = signer.subject.rfc4514_string()
    return TimeStamp(info.time, info.accuracy, name, info.policy, info.serial, info.hash, info.nonce)


def _verified_signer(token: Token, roots: Roots) -> x509.Certificate:
    embedded = tuple(read_certificate(der) for der in token.certificates)
    try:
        signer = _certificate_of(token.signer, (*embedded, *roots.others, *roots.anchors))
        _check_attributes(token)
        _check_authority(token.info.authority, signer)
    except DerError as error:
        raise EvidenceError("EV21", reason=str(error)) from None
    if not _signed_by(token.signer, signer):
        raise EvidenceError("EV21", reason="its signature is wrong")
    check_signer(signer, roots, embedded, token.info.time)
    return signer


def _certificate_of(signer: Signer, candidates: tuple[x509.Certificate, ...]) -> x509.Certificate:
    """The one that the signed attributes name by its hash; others in its name are passed over."""
    stated = _stated_certificates(signer)
    named = False
    for one_of_them in candidates:
        if not _is_named(one_of_them, signer):
            continue
        named = True
        if all(_fits(one_of_them, element, algorithm) for element, algorithm in stated):
            return one_of_them
    if named:
        raise DerError("its signer is not the certificate that it names by its hash")
    raise DerError("the certificate of its signer is neither in it nor in the file of roots")


def _is_named(certificate: x509.Certificate, signer: Signer) -> bool:
    if signer.key_identifier is None:
        return (_name(certificate.issuer), certificate.serial_number) == (signer.issuer, signer.serial)
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return False
    return found.value.digest == signer.key_identifier


def _stated_certificates(signer: Signer) -> list[tuple[Element, bool]]:
    """The first ESSCertID of each signing-certificate attribute (RFC 5035); True for those of the second version."""
    found: list[tuple[Element, bool]] = []
    for name, second in ((_SIGNING_CERTIFICATE, False), (_SIGNING_CERTIFICATE_2, True)):
        attribute = signer.attributes.get(name)
        if attribute is not None:
            if attribute.tag != SEQUENCE:
                raise DerError("it has another shape")
            certificates = elements(Fields(attribute.content).take(SEQUENCE).content)
            if not certificates or certificates[0].tag != SEQUENCE:
                raise DerError("it has another shape")
            found.append((certificates[0], second))
    if not found:
        raise DerError("it does not name the certificate of its signer by its hash")
    return found


def _fits(certificate: x509.Certificate, stated: Element, second: bool) -> bool:
    fields = Fields(stated.content)
    algorithm = fields.take_if(SEQUENCE) if second else None
    name = hash_of(algorithm) if algorithm is not None else ("sha256" if second else "sha1")
    if not hmac.compare_digest(fields.take(OCTETS).content, _digest(name, der_of(certificate))):
        return False
    issued = fields.take_if(SEQUENCE)
    fields.end()
    return issued is None or _issued(certificate, issued)


def _issued(certificate: x509.Certificate, stated: Element) -> bool:
    fields = Fields(stated.content)
    names = elements(fields.take(SEQUENCE).content)
    serial = integer(fields.take(INTEGER).content)
    issuer = spell(0xA4, _name(certificate.issuer))
    return serial == certificate.serial_number and issuer in [name.whole for name in names]


def _check_attributes(token: Token) -> None:
    attributes = token.signer.attributes
    kind, digest = attributes.get(_CONTENT_TYPE), attributes.get(_MESSAGE_DIGEST)
    if kind is None or kind.tag != OID or oid(kind.content) != TST_INFO:
        raise DerError("it is no time stamp")
    if digest is None or digest.tag != OCTETS or digest.content != _digest(token.signer.hash, token.content):
        raise DerError("its signature covers other content")


def _check_authority(stated: Element | None, signer: x509.Certificate) -> None:
    """RFC 3161, 2.4.2: the name that it states is one of its certificate. Other kinds of names are not compared."""
    if stated is None:
        return
    for name in elements(stated.content):
        if name.tag == 0xA4 and _words(name.content) != _words(_name(signer.subject)):
            raise DerError("it names another authority than its certificate")


def _words(name: bytes) -> list[frozenset[tuple[bytes, str]]]:
    """A distinguished name whatever kind of text it is spelled in."""
    found = []
    for relative in elements(one(name, SEQUENCE).content):
        parts = set()
        for element in elements(relative.content):
            fields = Fields(element.content)
            kind = fields.take(OID).content
            value = elements(element.content)[-1]
            text = value.content.decode("utf-16-be" if value.tag == 0x1E else "utf-8", "replace")
            parts.add((kind, text))
        found.append(frozenset(parts))
    return found


def _signed_by(signer: Signer, certificate: x509.Certificate) -> bool:
    """The kind of signature comes from the certificate's key, its hash from the signer's own statement."""
    if _SIGNATURE_HASHES.get(signer.algorithm, signer.hash) != signer.hash:
        return False
    chosen = _HASH_CLASSES[signer.hash]()
    try:
        key = certificate.public_key()
        match key:
            case rsa.RSAPublicKey():
                key.verify(signer.signature, signer.signed, _padding(signer.algorithm, chosen), chosen)
            case ec.EllipticCurvePublicKey():
                key.verify(signer.signature, signer.signed, ec.ECDSA(chosen))
            case ed25519.Ed25519PublicKey():
                key.verify(signer.signature, signer.signed)
            case _:
                return False
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def _padding(algorithm: str, chosen: hashes.HashAlgorithm) -> padding.AsymmetricPadding:
    if algorithm == _PSS:
        return padding.PSS(padding.MGF1(chosen), padding.PSS.AUTO)
    return padding.PKCS1v15()


def _name(name: x509.Name) -> bytes:
    return name.public_bytes()


def _digest(algorithm: str, message: bytes) -> bytes:
    # SHA-1 names a certificate in attributes of the first version only; it is never what is stamped or signed.
    return hashlib.new(algorithm, message, usedforsecurity=False).digest()

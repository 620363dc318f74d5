"""An RFC 3161 time stamp as it is read: the answer of an authority taken apart, nothing in it checked yet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from smartclause.evidence.der import (
    BOOLEAN,
    GENERALIZED_TIME,
    INTEGER,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    DerError,
    Element,
    Fields,
    boolean,
    elements,
    integer,
    oid,
    one,
)
from smartclause.evidence.errors import EvidenceError

MAX_TOKEN = 1_000_000
MAX_EMBEDDED = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SIGNED_DATA = "1.2.840.113549.1.7.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"

HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


@dataclass(frozen=True, slots=True)
class Info:
    """What the authority states. Times in microseconds since 1970, `accuracy` in microseconds, None if not stated."""

    policy: str
    hash: str
    imprint: bytes
    serial: int
    time: int
    accuracy: int | None
    nonce: int | None
    authority: Element | None


@dataclass(frozen=True, slots=True)
class Signer:
    """`issuer` and `serial`, or `key_identifier`, say whose certificate it is. `attributes` are the signed ones."""

    issuer: bytes
    serial: int
    key_identifier: bytes | None
    hash: str
    attributes: dict[str, Element]
    signed: bytes
    algorithm: str
    signature: bytes


@dataclass(frozen=True, slots=True)
class Token:
    info: Info
    content: bytes
    certificates: tuple[bytes, ...]
    signer: Signer


def read_token(answer: bytes) -> Token:
    """From the whole answer of an authority, or its token alone. Raises EvidenceError EV02, EV21."""
    if len(answer) > MAX_TOKEN:
        raise EvidenceError("EV02", what="the time stamp", size=len(answer), limit=MAX_TOKEN)
    try:
        return _signed_data(_token_in(answer))
    except DerError as error:
        raise EvidenceError("EV21", reason=str(error)) from None


def _token_in(answer: bytes) -> bytes:
    fields = Fields(one(answer, SEQUENCE).content)
    status = fields.take_if(SEQUENCE)
    if status is None:
        return answer
    first = Fields(status.content)
    if integer(first.take(INTEGER).content) not in (0, 1):  # granted, perhaps with changes
        raise DerError("the authority did not grant it")
    token = fields.take(SEQUENCE)
    fields.end()
    return token.whole


def _signed_data(token: bytes) -> Token:
    outer = Fields(one(token, SEQUENCE).content)
    if oid(outer.take(OID).content) != _SIGNED_DATA:
        raise DerError("it is no signed data")
    data = Fields(one(outer.take(0xA0).content, SEQUENCE).content)
    outer.end()
    integer(data.take(INTEGER).content)
    data.take(SET)
    inner = Fields(data.take(SEQUENCE).content)
    if oid(inner.take(OID).content) != TST_INFO:
        raise DerError("it is no time stamp")
    content = one(inner.take(0xA0).content, OCTETS).content
    inner.end()
    embedded = data.take_if(0xA0)
    data.take_if(0xA1)
    signers = elements(data.take(SET).content)
    data.end()
    if len(signers) != 1 or signers[0].tag != SEQUENCE:
        raise DerError("it does not have one signer")
    return Token(_info(content), content, _certificates(embedded), _signer(signers[0].content))


def _certificates(embedded: Element | None) -> tuple[bytes, ...]:
    found = elements(embedded.content) if embedded is not None else ()
    if len(found) > MAX_EMBEDDED:
        raise DerError("it has too many certificates")
    return tuple(element.whole for element in found if element.tag == SEQUENCE)


def _signer(content: bytes) -> Signer:
    fields = Fields(content)
    integer(fields.take(INTEGER).content)
    key_identifier = fields.take_if(0x80)
    issuer, serial = b"", 0
    if key_identifier is None:
        named = Fields(fields.take(SEQUENCE).content)
        issuer, serial = named.take(SEQUENCE).whole, integer(named.take(INTEGER).content)
        named.end()
    digest = hash_of(fields.take(SEQUENCE))
    attributes = fields.take(0xA0)
    algorithm = oid(Fields(fields.take(SEQUENCE).content).take(OID).content)
    signature = fields.take(OCTETS).content
    fields.take_if(0xA1)
    fields.end()
    signed = bytes([SET]) + attributes.whole[1:]  # RFC 5652, 5.4: signed as the set that it is
    named_by = key_identifier.content if key_identifier is not None else None
    return Signer(issuer, serial, named_by, digest, _attributes(attributes.content), signed, algorithm, signature)


def _attributes(content: bytes) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for element in elements(content):
        fields = Fields(element.content)
        name = oid(fields.take(OID).content)
        values = elements(fields.take(SET).content)
        fields.end()
        if name in found or len(values) != 1:
            raise DerError("a signed attribute does not have one value")
        found[name] = values[0]
    return found


def hash_of(algorithm: Element) -> str:
    """Of an AlgorithmIdentifier. Raises DerError."""
    found = HASHES.get(oid(Fields(algorithm.content).take(OID).content))
    if found is None:
        raise DerError("its hash is none of SHA-256, SHA-384 and SHA-512")
    return found


def _info(content: bytes) -> Info:
    fields = Fields(one(content, SEQUENCE).content)
    if integer(fields.take(INTEGER).content) != 1:
        raise DerError("it has another version")
    policy = oid(fields.take(OID).content)
    imprint = Fields(fields.take(SEQUENCE).content)
    algorithm, digest = hash_of(imprint.take(SEQUENCE)), imprint.take(OCTETS).content
    imprint.end()
    serial = integer(fields.take(INTEGER).content)
    time = _time(fields.take(GENERALIZED_TIME).content)
    accuracy = fields.take_if(SEQUENCE)
    ordering = fields.take_if(BOOLEAN)
    if ordering is not None:
        boolean(ordering.content)
    nonce = fields.take_if(INTEGER)
    authority, extensions = fields.take_if(0xA0), fields.take_if(0xA1)
    fields.end()
    _need_no_critical(extensions)
    return Info(
        policy,
        algorithm,
        digest,
        serial,
        time,
        _accuracy(accuracy) if accuracy is not None else None,
        integer(nonce.content) if nonce is not None else None,
        authority,
    )


def _time(content: bytes) -> int:
    """RFC 3161, 2.4.2: in UTC, a fraction without trailing zeros; what is finer than a microsecond is dropped."""
    found = re.fullmatch(rb"([0-9]{14})(?:\.([0-9]{0,11}[1-9]))?Z", content)
    if found is None:
        raise DerError("its time is not spelled as it must be")
    try:
        whole = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        raise DerError("its time is not spelled as it must be") from None
    seconds = (whole - _EPOCH).days * 86_400 + (whole - _EPOCH).seconds
    return seconds * 1_000_000 + int((found[2] or b"0").ljust(6, b"0")[:6])


def _accuracy(element: Element) -> int:
    fields = Fields(element.content)
    total = 0
    for tag, unit in ((INTEGER, 1_000_000), (0x80, 1_000), (0x81, 1)):
        part = fields.take_if(tag)
        value = integer(part.content) if part is not None else 0
        if value < 0 or (unit < 1_000_000 and value > 999):
            raise DerError("its accuracy is out of range")
        total += value * unit
    fields.end()
    return total


def _need_no_critical(extensions: Element | None) -> None:
    for element in elements(extensions.content) if extensions is not None else ():
        fields = Fields(element.content)
        fields.take(OID)
        critical = fields.take_if(BOOLEAN)
        if critical is not None and boolean(critical.content):
            raise DerError("it has a critical extension that is not known here")

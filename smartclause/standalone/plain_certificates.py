"""X.509 certificates in plain Python: stands in for `evidence.certificates`.

Reads no more than chains of keys need; what it does not understand is refused, as is whatever is not DER.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from smartclause.evidence.certificate import Certificate
from smartclause.evidence.der import (
    BOOLEAN,
    INTEGER,
    OCTETS,
    OID,
    SEQUENCE,
    SET,
    Element,
    Fields,
    boolean,
    elements,
    integer,
    oid,
    one,
)
from smartclause.standalone.plain_signatures import has_strong_hash, is_signature, key_of

_BITS, _UTC_TIME, _GENERALIZED_TIME = 0x03, 0x17, 0x18
_VERSION, _ISSUER_UNIQUE, _SUBJECT_UNIQUE, _EXTENSIONS, _URI = 0xA0, 0x81, 0x82, 0xA3, 0x86

_CONSTRAINTS, _USAGE, _PURPOSES, _NAMES = "2.5.29.19", "2.5.29.15", "2.5.29.37", "2.5.29.17"
_NARROWED = "2.5.29.30"
_LEI = "1.3.6.1.4.1.52266.1"  # ISO 17442-2
_SERIAL, _ORGANIZATION = "2.5.4.5", "2.5.4.97"
_UNDERSTOOD = {_CONSTRAINTS, _USAGE, _PURPOSES, _NAMES}

_TEXTS: Mapping[int, str] = {0x0C: "utf-8", 0x13: "utf-8", 0x14: "utf-8", 0x16: "utf-8", 0x1C: "utf-32-be",
                             0x1E: "utf-16-be"}  # fmt: skip

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was signed, how, and the signature."""

    signed: Element
    algorithm: Element
    signature: bytes


def read_certificate(der: bytes) -> Certificate:
    """Raises ValueError."""
    parts = _parts(der)
    fields = Fields(parts.signed.content)
    if integer(one(fields.take(_VERSION).content, INTEGER).content) != 2:
        raise ValueError
    integer(fields.take(INTEGER).content)
    if fields.take(SEQUENCE) != parts.algorithm or not has_strong_hash(parts.algorithm):
        raise ValueError
    issuer, validity, subject, key = (fields.take(SEQUENCE) for _ in range(4))
    fields.take_if(_ISSUER_UNIQUE)
    fields.take_if(_SUBJECT_UNIQUE)
    extensions = _extensions(fields.take_if(_EXTENSIONS))
    fields.end()
    key_of(key.whole)
    since, until = _validity(validity)
    is_authority, path_length = _constraints(extensions.get(_CONSTRAINTS))
    usage = _bits(extensions[_USAGE]) if _USAGE in extensions else {*range(9)}
    list(_attributes(issuer, ""))
    return Certificate(
        der=der, issuer=issuer.whole, subject=subject.whole, key=key.whole, since=since, until=until,
        is_authority=is_authority, path_length=path_length, signs=bool(usage & {0, 1}), issues=5 in usage,
        purposes=_purposes(extensions[_PURPOSES]) if _PURPOSES in extensions else None,
        serials=frozenset(_attributes(subject, _SERIAL)),
        organizations=frozenset(_attributes(subject, _ORGANIZATION)),
        uris=frozenset(_uris(extensions)),
        leis=frozenset(filter(None, (short_text(extensions[_LEI]),) if _LEI in extensions else ())),
    )  # fmt: skip


def is_signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the issuer bears the name that is stated, and its key signed."""
    if certificate.issuer != issuer.subject:
        return False
    try:
        parts = _parts(certificate.der)
        return is_signature(issuer.key, parts.algorithm, parts.signed.whole, parts.signature)
    except ValueError:
        return False


def certificates_in(content: bytes) -> tuple[bytes, ...]:
    """The certificates of a file in DER; the file is PEM, or one in DER. Raises ValueError."""
    if b"-----BEGIN" not in content:
        _parts(content)
        return (content,)
    found = re.findall(rb"-----BEGIN CERTIFICATE-----\s(.*?)-----END CERTIFICATE-----", content, re.DOTALL)
    try:
        ders = tuple(base64.b64decode(b"".join(text.split()), validate=True) for text in found)
    except binascii.Error:
        raise ValueError from None
    if not ders:
        raise ValueError
    for der in ders:
        _parts(der)
    return ders


def _parts(der: bytes) -> _Parts:
    fields = Fields(one(der, SEQUENCE).content)
    signed, algorithm, signature = fields.take(SEQUENCE), fields.take(SEQUENCE), fields.take(_BITS)
    fields.end()
    return _Parts(signed, algorithm, _whole_bytes(signature.content))


def _whole_bytes(bits: bytes) -> bytes:
    if not bits or bits[0] != 0:
        raise ValueError
    return bits[1:]


def _validity(element: Element) -> tuple[int, int]:
    found = elements(element.content)
    if len(found) != 2:
        raise ValueError
    since, until = map(_time, found)
    return since, until


def _time(element: Element) -> int:
    """RFC 5280, 4.1.2.5: to the second, in UTC."""
    text = element.content.decode("ascii")
    if element.tag == _UTC_TIME and re.fullmatch(r"[0-9]{12}Z", text):
        text = ("19" if text >= "5" else "20") + text
    elif element.tag != _GENERALIZED_TIME or not re.fullmatch(r"[0-9]{14}Z", text):
        raise ValueError
    return (datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def _attributes(name: Element, wanted: str) -> Iterator[str]:
    """The texts of one kind in a distinguished name."""
    for relative in elements(name.content):
        if relative.tag != SET or not relative.content:
            raise ValueError
        for attribute in elements(relative.content):
            kind, value = _pair(attribute)
            text = _text(value)
            if kind == wanted:
                yield text


def _pair(attribute: Element) -> tuple[str, Element]:
    found = elements(attribute.content)
    if attribute.tag != SEQUENCE or len(found) != 2 or found[0].tag != OID:
        raise ValueError
    return oid(found[0].content), found[1]


def _text(value: Element) -> str:
    if value.tag == _BITS:
        return ""
    if value.tag not in _TEXTS:
        raise ValueError
    return value.content.decode(_TEXTS[value.tag])


# ---- extensions


def _extensions(element: Element | None) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for each in elements(one(element.content, SEQUENCE).content) if element is not None else ():
        name, critical, content = _extension(each)
        if name in found or name == _NARROWED or (critical and name not in _UNDERSTOOD):
            raise ValueError
        found[name] = content
    return found


def _extension(element: Element) -> tuple[str, bool, bytes]:
    if element.tag != SEQUENCE:
        raise ValueError
    fields = Fields(element.content)
    name, critical, content = fields.take(OID), fields.take_if(BOOLEAN), fields.take(OCTETS)
    fields.end()
    return oid(name.content), _stated(critical), content.content


def _stated(flag: Element | None) -> bool:
    """DER leaves out what is false."""
    if flag is not None and not boolean(flag.content):
        raise ValueError
    return flag is not None


def _constraints(content: bytes | None) -> tuple[bool, int | None]:
    if content is None:
        return False, None
    fields = Fields(one(content, SEQUENCE).content)
    is_authority, path_length = _stated(fields.take_if(BOOLEAN)), fields.take_if(INTEGER)
    fields.end()
    length = None if path_length is None else integer(path_length.content)
    if length is not None and (length < 0 or not is_authority):
        raise ValueError
    return is_authority, length


def _bits(content: bytes) -> set[int]:
    """The numbers of the bits that are set; DER leaves out zeros at the end."""
    bits = one(content, _BITS).content
    if not 2 <= len(bits) <= 3 or bits[0] > 7 or bits[-1] & ((1 << bits[0]) - 1) or not bits[-1] >> bits[0] & 1:
        raise ValueError
    return {n for n in range(8 * (len(bits) - 1)) if bits[1 + n // 8] >> (7 - n % 8) & 1}


def _purposes(content: bytes) -> frozenset[str]:
    found = elements(one(content, SEQUENCE).content)
    if not found or any(each.tag != OID for each in found):
        raise ValueError
    return frozenset(oid(each.content) for each in found)


def _uris(extensions: Mapping[str, bytes]) -> Iterator[str]:
    if _NAMES in extensions:
        for name in elements(one(extensions[_NAMES], SEQUENCE).content):
            if name.tag == _URI:
                yield name.content.decode("ascii")


def short_text(content: bytes) -> str:
    """One text in UTF-8 or printable letters: tag, length, letters; empty if it is something else."""
    if content[:1] in (b"\x0c", b"\x13") and content[1:2] == bytes([len(content) - 2]):
        return content[2:].decode("ascii", "replace")
    return ""

"""DER, as much of it as time stamps need: one spelling for each value, everything else is refused.

Nothing here calls itself: a caller opens one level at a time, so that nesting costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BOOLEAN, INTEGER, OCTETS, NULL, OID, GENERALIZED_TIME = 0x01, 0x02, 0x04, 0x05, 0x06, 0x18
SEQUENCE, SET = 0x30, 0x31

MAX_ELEMENTS = 10_000


class DerError(ValueError):
    """The content is not what it should be; its text is a reason for the reader."""


@dataclass(frozen=True, slots=True)
class Element:
    """`whole` is the element with its tag and length."""

    tag: int
    content: bytes
    whole: bytes


def elements(content: bytes) -> tuple[Element, ...]:
    """Those that stand side by side in `content`. Raises DerError."""
    found: list[Element] = []
    at = 0
    while at < len(content):
        element = _element(content, at)
        found.append(element)
        at += len(element.whole)
        if len(found) > MAX_ELEMENTS:
            raise DerError("it has too many elements")
    return tuple(found)


def one(content: bytes, tag: int) -> Element:
    """The only element in `content`. Raises DerError."""
    found = elements(content)
    if len(found) != 1 or found[0].tag != tag:
        raise DerError("it has another shape")
    return found[0]


class Fields:
    """The elements of a sequence, taken in their order."""

    def __init__(self, content: bytes) -> None:
        self._rest = list(reversed(elements(content)))

    def take(self, tag: int) -> Element:
        """Raises DerError if the next one is another."""
        found = self.take_if(tag)
        if found is None:
            raise DerError("it has another shape")
        return found

    def take_if(self, tag: int) -> Element | None:
        return self._rest.pop() if self._rest and self._rest[-1].tag == tag else None

    def end(self) -> None:
        """Raises DerError if something is left."""
        if self._rest:
            raise DerError("it has another shape")


def _element(content: bytes, at: int) -> Element:
    header = content[at : at + 2]
    if len(header) < 2 or header[0] & 0x1F == 0x1F:
        raise DerError("it is not DER")
    start, size = at + 2, header[1]
    if size >= 0x80:
        count = size & 0x7F
        start, spelled = start + count, content[start : start + count]
        size = int.from_bytes(spelled)
        if not 1 <= count <= 4 or len(spelled) != count or spelled[0] == 0 or size < 0x80:
            raise DerError("it is not DER")
    if start + size > len(content):
        raise DerError("it is cut off")
    return Element(header[0], content[start : start + size], content[at : start + size])


def integer(content: bytes) -> int:
    """Raises DerError."""
    if not content or (len(content) > 1 and content[0] in (0x00, 0xFF) and content[0] >> 7 == content[1] >> 7):
        raise DerError("it is not DER")
    return int.from_bytes(content, signed=True)


def boolean(content: bytes) -> bool:
    """Raises DerError."""
    if content not in (b"\x00", b"\xff"):
        raise DerError("it is not DER")
    return content == b"\xff"


def oid(content: bytes) -> str:
    """In its dotted form. Raises DerError."""
    numbers: list[int] = []
    value, fresh = 0, True
    for byte in content:
        if fresh and byte == 0x80:
            raise DerError("it is not DER")
        value, fresh = value << 7 | byte & 0x7F, byte < 0x80
        if fresh:
            numbers.append(value)
            value = 0
    if not fresh or not numbers or len(content) > 64:
        raise DerError("it is not DER")
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, (first, numbers[0] - 40 * first, *numbers[1:])))


def spell(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + content


def spell_integer(number: int) -> bytes:
    return spell(INTEGER, number.to_bytes((number + (number < 0)).bit_length() // 8 + 1, signed=True))


def spell_oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    return spell(OID, *map(_base_128, (first * 40 + second, *rest)))


def _base_128(number: int) -> bytes:
    digits: Sequence[int] = [number >> shift & 0x7F for shift in range(0, max(number.bit_length(), 1), 7)]
    return bytes([*(digit | 0x80 for digit in reversed(digits[1:])), digits[0]])

"""Ways to change a genuine sample: bytes, tokens of text, the tree of a JSON value, parts of another sample."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

LONGEST = 2**20  # what is longer is for the tests of sizes
ODD_TEXTS = (
    "", " ", "\x00", "\n", "\u202e", "\ufeff", "\ud800", "\U0010ffff", "é", "a" * 300, "a" * 20_000, "-", "null", "B",
    "sha256:" + "0" * 64, "2026-13-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z", "1e9", "-0",
    "voice_data.training", "AAAA", "====", "-_", "0" * 32, "../../x", "%s%n", "[ ]",
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**53, 2**53 - 1, -(2**53), 2**63, 10**30, 1.5, 1e300, float("nan"), float("inf"), [],
    {}, [[]], [{}], {"": 0}, {"any": []}, {"amount": "1", "currency": "CNY"}, {"count": 1, "unit": "hour"},
)  # fmt: skip
ODD_BYTES = (
    b"", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\r\n", b"\n\n", b"{", b"[" * 5000, b'"', b"\\u0000", b"\\ud800", b"NaN",
    b"1e999", b"-0", b"9" * 400, b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x1f\x8b", b"PK\x03\x04", b"\xe2\x80\x94 ",
)  # fmt: skip


def changed(sample: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """One to four changes, one after another."""
    content = sample
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        content = chance.choice(_CHANGES)(content, others, chance)[:LONGEST]
    return content


def _place(content: bytes, chance: Random) -> int:
    return chance.randrange(len(content)) if content else 0


def _flip(content: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    if not content:
        return b"\x01"
    at = _place(content, chance)
    return content[:at] + bytes([content[at] ^ chance.randrange(1, 256)]) + content[at + 1 :]


def _cut(content: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    at = _place(content, chance)
    return content[:at] + content[at + chance.choice((1, 1, 2, 8, 40, 10**6)) :]


def _put(content: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    at = _place(content, chance)
    return content[:at] + chance.choice(ODD_BYTES) + content[at:]


def _again(content: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    """A part of it stands there twice, or a thousand times."""
    at, size = _place(content, chance), chance.choice((1, 4, 30, 200))
    return content[:at] + content[at : at + size] * chance.choice((2, 2, 3, 1000)) + content[at + size :]


def _spliced(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    other = chance.choice(others)
    return content[: _place(content, chance)] + other[_place(other, chance) :]


_TOKEN = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*|[0-9]+|[^\sA-Za-z0-9_]")


def _token(content: bytes, _others: Sequence[bytes], chance: Random) -> bytes:
    """A word, number or mark is replaced by another one of the same text."""
    found = list(_TOKEN.finditer(content[:100_000]))
    if not found:
        return content + b"0"
    one, other = chance.choice(found), chance.choice(found)
    put = chance.choice((other[0], b"0", b"99999999999999999999", b"-1", chance.choice(ODD_BYTES)))
    return content[: one.start()] + put + content[one.end() :]


def _tree(content: bytes, others: Sequence[bytes], chance: Random) -> bytes:
    """A JSON value, or one line of JSON, with something in it replaced, dropped, doubled or moved."""
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    try:
        value = json.loads(lines[at])
    except (ValueError, RecursionError):
        return _token(content, others, chance)
    lines[at] = _spelled(_in(value, chance), chance)
    return b"\n".join(lines)


def _spelled(value: Any, chance: Random) -> bytes:
    """As canonical JSON where that can be, and now and then in some other way."""
    tidy = chance.random() < 0.9
    text = json.dumps(value, ensure_ascii=not tidy, sort_keys=tidy, separators=(",", ":") if tidy else None)
    return text.encode("utf-8", "surrogatepass")


def _in(value: Any, chance: Random) -> Any:
    """The value with a change at some place in it."""
    if isinstance(value, dict) and value and chance.random() < 0.8:
        return _in_object(dict(value), chance)
    if isinstance(value, list) and value and chance.random() < 0.8:
        return _in_list(list(value), chance)
    return _odd(value, chance)


def _in_object(members: dict[str, Any], chance: Random) -> dict[str, Any]:
    name = chance.choice(list(members))
    match chance.randrange(6):
        case 0:
            del members[name]
        case 1:
            members[chance.choice((*ODD_TEXTS, *members))] = members[name]
        case 2:
            members[name] = members[chance.choice(list(members))]
        case _:
            members[name] = _in(members[name], chance)
    return members


def _in_list(items: list[Any], chance: Random) -> list[Any]:
    at = chance.randrange(len(items))
    match chance.randrange(6):
        case 0:
            del items[at]
        case 1:
            items.insert(at, items[at])
        case 2:
            chance.shuffle(items)
        case 3:
            items = items * chance.choice((2, 50))
        case _:
            items[at] = _in(items[at], chance)
    return items


def _odd(value: Any, chance: Random) -> Any:
    if isinstance(value, str) and value and chance.random() < 0.5:
        at = chance.randrange(len(value))
        return value[:at] + chance.choice((*ODD_TEXTS, chr(chance.randrange(0x250)))) + value[at + 1 :]
    if isinstance(value, int) and not isinstance(value, bool) and chance.random() < 0.5:
        return value + chance.choice((-1, 1, 2**31, -(2**60)))
    if chance.random() < 0.02:
        deep: Any = value
        for _ in range(chance.choice((5, 150, 198, 250))):
            deep = [deep] if chance.random() < 0.5 else {"any": deep}
        return deep
    return chance.choice((*ODD_TEXTS, *ODD_VALUES))


_CHANGES: tuple[Callable[[bytes, Sequence[bytes], Random], bytes], ...] = (
    _flip, _cut, _put, _again, _spliced, _token, _tree, _tree, _tree, _tree,
)  # fmt: skip

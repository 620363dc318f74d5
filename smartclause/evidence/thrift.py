"""Thrift's compact protocol, as far as Parquet writes it: structs as their members by number. Bytes may be hostile."""

from __future__ import annotations

from typing import TypeAlias

Member: TypeAlias = "int | bool | bytes | list[Member] | Struct"
Struct: TypeAlias = "dict[int, Member]"

_DEEPEST = 16


class ThriftError(Exception):
    """These bytes are no struct."""


def read_struct(content: bytes, at: int = 0) -> tuple[Struct, int]:
    """The struct that begins at `at`, and where it ends. Raises ThriftError."""
    try:
        return _struct(content, at, 0)
    except IndexError:
        raise ThriftError from None


def _struct(content: bytes, at: int, depth: int) -> tuple[Struct, int]:
    if depth > _DEEPEST:
        raise ThriftError("too deep")
    members: Struct = {}
    number = 0
    while content[at] != 0:
        delta, kind = content[at] >> 4, content[at] & 0xF
        at += 1
        if delta:
            number += delta
        else:
            number, at = _integer(content, at)
        if number in members or number <= 0:
            raise ThriftError("a member stands twice")
        members[number], at = _value(content, at, kind, depth)
    return members, at + 1


def _value(content: bytes, at: int, kind: int, depth: int) -> tuple[Member, int]:
    match kind:
        case 1 | 2:
            return kind == 1, at
        case 3:
            return content[at], at + 1
        case 4 | 5 | 6:
            return _integer(content, at)
        case 8:
            length, at = _varint(content, at)
            if at + length > len(content):
                raise ThriftError("cut off")
            return content[at : at + length], at + length
        case 9:
            return _list(content, at, depth)
        case 12:
            return _struct(content, at, depth + 1)
        case _:
            raise ThriftError("no kind that Parquet writes")


def _list(content: bytes, at: int, depth: int) -> tuple[list[Member], int]:
    if depth > _DEEPEST:
        raise ThriftError("too deep")
    count, kind = content[at] >> 4, content[at] & 0xF
    at += 1
    if count == 15:
        count, at = _varint(content, at)
    if count > len(content) - at:  # each item takes a byte at least
        raise ThriftError("cut off")
    items: list[Member] = []
    for _ in range(count):
        if kind in (1, 2):  # in a list a Boolean has a byte of its own
            items.append(content[at] == 1)
            at += 1
        else:
            item, at = _value(content, at, kind, depth + 1)
            items.append(item)
    return items, at


def _integer(content: bytes, at: int) -> tuple[int, int]:
    number, at = _varint(content, at)
    return (number >> 1) ^ -(number & 1), at


def _varint(content: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = content[at]
        number |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return number, at
        shift += 7
        if shift > 63:
            raise ThriftError("too long a number")

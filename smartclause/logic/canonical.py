"""Canonical JSON: one value has one spelling in bytes, so that a digest names a value.

RFC 8785 restricted to what every reader understands alike: no floats, integers within 2^53,
no lone surrogates, no duplicate keys, bounded nesting. Any other input raises CanonicalError.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import NoReturn, TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

MAX_DEPTH = 200
MAX_BYTES = 64 * 2**20
MAX_VALUES = 4_000_000  # about half a gigabyte in memory, whatever they are
MAX_INTEGER = 2**53 - 1  # RFC 8785, 3.2.2.3: beyond it a reader with binary floats loses digits


class CanonicalError(ValueError):
    """Data or bytes that have no canonical form; `place` is a path such as `facts.purposes[2]`."""

    def __init__(self, reason: str, place: str = "") -> None:
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason = reason
        self.place = place


def dumps(data: object) -> bytes:
    """The canonical bytes of `data`. Raises CanonicalError."""
    try:
        return _ENCODER.encode(_ordered(data, MAX_DEPTH)).encode()
    except UnicodeEncodeError:  # unreachable by contract of _ordered, kept so that none escapes
        raise CanonicalError("the text has half of a surrogate pair") from None


def spelled_text(text: str) -> str:
    """One text as it stands in canonical JSON. Raises CanonicalError."""
    _refuse_surrogates(text)
    return json.encoder.encode_basestring(text)


def parse(body: bytes) -> Json:
    """The data in `body`, which may be spelled in any way JSON allows. Raises CanonicalError."""
    data = _decode(body)
    if not _is_plain(body):
        _ordered(data, MAX_DEPTH)
    return data


def admit(body: bytes) -> Json:
    """The data in `body`, only if `body` is its canonical spelling. Raises CanonicalError."""
    plain = _admit_plain(body)
    if plain is not None:
        return plain
    data = _decode(body)
    canonical = dumps(data)
    if canonical != body:
        raise CanonicalError("the text is not in canonical form", f"byte {_first_difference(canonical, body)}")
    return data


def _admit_plain(body: bytes) -> Json:
    """The data in a plain body in canonical form; None for all that needs a closer look.

    A member given twice is lost while decoding, so that what is written again is not `body`.
    """
    if len(body) > MAX_BYTES or not _is_plain(body) or _has_too_many(body):
        return None
    text = body.decode("ascii")
    try:
        data: Json = _PLAIN_DECODER.decode(text)
    except (ValueError, _TooLargeError):
        return None
    return data if _SORTING_ENCODER.encode(data) == text else None


def digest(data: object) -> str:
    """`sha256:` and the hash of the canonical bytes of `data`. Raises CanonicalError."""
    return digest_of_bytes(dumps(data))


def digest_of_bytes(content: bytes) -> str:
    return f"sha256:{sha256(content).hexdigest()}"


_TOO_DEEP = f"lists and objects are nested deeper than {MAX_DEPTH}"
_TOO_LARGE = "the number is outside the range of 53 bits; write it as text"


def _decode(body: bytes) -> Json:
    if len(body) > MAX_BYTES:
        raise CanonicalError(f"the text is longer than {MAX_BYTES} bytes")
    if _has_too_many(body):
        raise CanonicalError(f"the text may hold more than {MAX_VALUES} values")
    try:
        return _decode_text(body.decode())
    except RecursionError:
        raise CanonicalError(_TOO_DEEP) from None
    except UnicodeDecodeError as error:
        raise CanonicalError("the text is not UTF-8", f"byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise CanonicalError("the text is not JSON", f"line {error.lineno} column {error.colno}") from None
    except CanonicalError:
        raise
    except ValueError:  # int() refuses thousands of digits
        raise CanonicalError(_TOO_LARGE) from None


def _decode_text(text: str) -> Json:
    try:
        return _DECODER.decode(text)  # type: ignore[no-any-return]
    except _TooLargeError:  # once more, to find its place
        return _ordered(_LENIENT_DECODER.decode(text), MAX_DEPTH)  # type: ignore[return-value]


def _has_too_many(body: bytes) -> bool:
    """Counted by the marks before values, also where such a mark stands in a text."""
    return len(body) > MAX_VALUES and sum(map(body.count, (b",", b"[", b"{"))) > MAX_VALUES


def _is_plain(body: bytes) -> bool:
    """Whether what was decoded from `body` needs no further look: numbers were looked at while decoding, no text
    can hold a surrogate, no nesting can be too deep, and code points order as UTF-16 does."""
    return body.isascii() and b"\\u" not in body and body.count(b"[") + body.count(b"{") <= MAX_DEPTH


def _ordered(value: object, depth: int) -> object:
    """`value` with the members of each object in canonical order; refuses what has no canonical form."""
    kind = type(value)  # exact types: a bool is no integer here, and no subclass brings its own spelling
    if kind is str:
        _refuse_surrogates(value)  # type: ignore[arg-type]
    elif kind is dict:
        return _ordered_object(value, depth)  # type: ignore[arg-type]
    elif kind is list or kind is tuple:
        return _ordered_list(value, depth)  # type: ignore[arg-type]
    elif kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:  # type: ignore[operator]
            raise CanonicalError(_TOO_LARGE)
    elif value is not None and kind is not bool:
        raise CanonicalError(f"a value of kind {kind.__name__} has no exact form; write it as text")
    return value


def _ordered_object(members: dict[object, object], depth: int) -> dict[str, object]:
    if depth == 0:
        raise CanonicalError(_TOO_DEEP)
    ordered: dict[str, object] = {}
    for name in _in_order(members):
        try:
            ordered[name] = _ordered(members[name], depth - 1)
        except CanonicalError as error:
            raise CanonicalError(error.reason, _join(name, error.place)) from None
    return ordered


def _ordered_list(items: list[object], depth: int) -> list[object]:
    if depth == 0:
        raise CanonicalError(_TOO_DEEP)
    ordered: list[object] = []
    for number, item in enumerate(items):
        try:
            ordered.append(_ordered(item, depth - 1))
        except CanonicalError as error:
            raise CanonicalError(error.reason, _join(f"[{number}]", error.place)) from None
    return ordered


def _in_order(members: dict[object, object]) -> list[str]:
    names: list[str] = []
    for name in members:
        if type(name) is not str:
            raise CanonicalError("a member has a name that is not text")
        _refuse_surrogates(name)
        names.append(name)
    if all(map(str.isascii, names)):
        return sorted(names)
    return sorted(names, key=lambda name: name.encode("utf-16-be"))  # RFC 8785, 3.2.3


def _refuse_surrogates(text: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise CanonicalError("the text has half of a surrogate pair") from None


def _join(outer: str, inner: str) -> str:
    if not inner or inner.startswith("["):
        return outer + inner
    return f"{outer}.{inner}"


def _first_difference(left: bytes, right: bytes) -> int:
    pairs = zip(left, right, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def _refuse_float(spelling: str) -> NoReturn:
    raise CanonicalError(f"the number `{spelling[:40]}` is not whole; write it as text")


class _TooLargeError(Exception):
    pass


def _exact_integer(spelling: str) -> int:
    if len(spelling) > _MOST_DIGITS or not -MAX_INTEGER <= (number := int(spelling)) <= MAX_INTEGER:
        raise _TooLargeError
    return number


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise CanonicalError(f"the member `{ascii(name)[1:-1][:40]}` is given twice")
        seen.add(name)
    raise AssertionError(pairs)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, allow_nan=False)
_SORTING_ENCODER = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), check_circular=False, allow_nan=False, sort_keys=True
)
_MOST_DIGITS = len(str(-MAX_INTEGER))
_DECODER = json.JSONDecoder(
    parse_int=_exact_integer,
    parse_float=_refuse_float,
    parse_constant=_refuse_float,
    object_pairs_hook=_once_each,
)
_PLAIN_DECODER = json.JSONDecoder(parse_int=_exact_integer, parse_float=_refuse_float, parse_constant=_refuse_float)
_LENIENT_DECODER = json.JSONDecoder(
    parse_float=_refuse_float, parse_constant=_refuse_float, object_pairs_hook=_once_each
)

"""The contract's data as JSON values, and back: `read(written(x), type(x)) == x`.

Parts that have their default are not written, so a part added later changes no digest of what
was agreed before. Data that does not fit raises WrittenError, never anything else.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any

from smartclause.logic.canonical import Json

TAG = "is"


class WrittenError(ValueError):
    """Data that is no contract of ours; the message says where."""


Keep = Callable[[type, str, object], bool]


def everything(_owner: type, _name: str, _value: object) -> bool:
    return True


def written(value: object, keep: Keep = everything) -> Json:
    """`keep` decides which parts of a node are written: its class, the part's name and value."""
    match value:
        case None | bool() | str():
            return value
        case Enum():
            return typing.cast(str, value.value)
        case int():
            return value
        case Decimal():
            return {TAG: "decimal", "value": exact(value)}
        case date():
            return {TAG: "date", "value": value.isoformat()}
        case frozenset():
            return {TAG: "set", "members": sorted(value)}
        case tuple():
            return [written(item, keep) for item in value]
    return _written_node(value, keep)


def exact(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros: one value, one spelling."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _written_node(node: Any, keep: Keep) -> dict[str, Json]:
    parts: dict[str, Json] = {TAG: type(node).__name__}
    for part in dataclasses.fields(node):
        value = getattr(node, part.name)
        if part.compare and value != part.default and keep(type(node), part.name, value):
            form = written(value, keep)
            if part.default is dataclasses.MISSING or form != written(part.default, keep):
                parts[part.name] = form
    return parts


def read(data: object, kind: Any) -> Any:
    """The value of `kind` (a class or a type hint) that `data` writes. Raises WrittenError."""
    try:
        return _read(data, kind, "")
    except RecursionError:
        raise WrittenError("the data is nested too deeply") from None


def _read(data: object, kind: Any, place: str) -> Any:
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _read_choice(data, typing.get_args(kind), place)
    if origin is tuple:
        return _read_tuple(data, typing.get_args(kind), place)
    if origin is typing.Literal:
        return _checked(data, data in typing.get_args(kind) and isinstance(data, str), place)
    if dataclasses.is_dataclass(kind):
        return _read_node(data, kind, place)
    return _read_plain(data, kind, place)


def _read_plain(data: object, kind: Any, place: str) -> object:
    if kind is Decimal or kind is date or _is_set(kind):
        return _read_tagged(data, kind, place)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _checked_call(lambda: kind(data), place)
    if kind is type(None):
        return _checked(data, data is None, place)
    return _checked(data, type(data) is kind, place)


def _is_set(kind: Any) -> bool:
    return typing.get_origin(kind) is frozenset


def _read_tagged(data: object, kind: Any, place: str) -> object:
    parts = _object(data, place)
    if kind is Decimal and parts.get(TAG) == "decimal":
        return _checked_call(lambda: _finite(str(parts.get("value"))), place)
    if kind is date and parts.get(TAG) == "date":
        return _checked_call(lambda: date.fromisoformat(str(parts.get("value"))), place)
    if _is_set(kind) and parts.get(TAG) == "set":
        return frozenset(_read_tuple(parts.get("members"), (str, ...), place))
    raise WrittenError(f"{place}: this value has another kind")


def _finite(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or exact(number) != text:
        raise ValueError(text)
    return number


def _read_choice(data: object, choices: tuple[Any, ...], place: str) -> object:
    """The tag, or the JSON kind, names the choice; no choice is tried after one that was named."""
    tag = data.get(TAG) if isinstance(data, Mapping) else None
    for choice in choices:
        if _answers_to(choice, data, tag):
            return _read(data, choice, place)
    raise WrittenError(f"{place}: this is none of the things that may stand here")


def _answers_to(choice: Any, data: object, tag: object) -> bool:
    if typing.get_origin(choice) in (typing.Union, types.UnionType):
        return any(_answers_to(each, data, tag) for each in typing.get_args(choice))
    if tag is not None:
        return tag == _tag_of(choice)
    if typing.get_origin(choice) is typing.Literal:
        return isinstance(data, str) and data in typing.get_args(choice)
    if typing.get_origin(choice) is tuple:
        return isinstance(data, list)
    if isinstance(choice, type) and issubclass(choice, Enum):
        return isinstance(data, str)
    return type(data) is choice


def _tag_of(choice: Any) -> str:
    if _is_set(choice):
        return "set"
    named = {Decimal: "decimal", date: "date"}.get(choice)
    return named if named is not None else str(getattr(choice, "__name__", ""))


def _read_tuple(data: object, kinds: tuple[Any, ...], place: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise WrittenError(f"{place}: a list is expected here")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_read(item, kinds[0], f"{place}[{n}]") for n, item in enumerate(data))
    if len(kinds) != len(data):
        raise WrittenError(f"{place}: {len(kinds)} items are expected here")
    return tuple(_read(item, kind, f"{place}[{n}]") for n, (item, kind) in enumerate(zip(data, kinds, strict=True)))


def _read_node(data: object, kind: Any, place: str) -> object:
    parts = _object(data, place)
    if parts.get(TAG) != kind.__name__:
        raise WrittenError(f"{place or 'the data'}: a {kind.__name__} is expected here")
    hints = _hints(kind)
    unknown = [name for name in parts if name != TAG and name not in hints]
    if unknown:
        raise WrittenError(f"{place}: `{unknown[0]}` is no part of a {kind.__name__}")
    missing = [name for name in _required(kind) if name not in parts]
    if missing:
        raise WrittenError(f"{place}: `{missing[0]}` is missing")
    return kind(**{n: _read(v, hints[n], f"{place}.{n}".lstrip(".")) for n, v in parts.items() if n != TAG})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    resolved = typing.get_type_hints(kind)
    return {part.name: resolved[part.name] for part in dataclasses.fields(kind) if part.compare}


@cache
def _required(kind: Any) -> tuple[str, ...]:
    return tuple(
        part.name
        for part in dataclasses.fields(kind)
        if part.default is dataclasses.MISSING and part.default_factory is dataclasses.MISSING
    )


def _object(data: object, place: str) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise WrittenError(f"{place or 'the data'}: an object is expected here")
    return data


def _checked(data: object, fits: bool, place: str) -> object:
    if not fits:
        raise WrittenError(f"{place}: this value has another kind")
    return data


def _checked_call(make: Callable[[], Any], place: str) -> Any:
    try:
        return make()
    except (ValueError, InvalidOperation):
        raise WrittenError(f"{place}: this value cannot be read") from None

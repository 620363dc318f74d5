"""Forms in plain Python: stands in for pydantic in the part that our forms use, and refuses any other part.

What it accepts, and what it writes, is what pydantic accepts and writes for the same form; a form that it does not
know how to read is refused when it is first used (`require_readable`), never read in part.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Literal,
    NoReturn,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

Step: TypeAlias = int | str
Reader: TypeAlias = Callable[[Any], Any]
M = TypeVar("M", bound="BaseModel")
T = TypeVar("T", bound=Callable[..., Any])


class ConfigDict(dict[str, Any]):
    """Only the one configuration that our forms have."""

    def __init__(self, **settings: Any) -> None:
        settings.pop("title", None)
        wanted = {"frozen": True, "extra": "forbid", "strict": True, "populate_by_name": True}
        if settings != wanted:
            raise TypeError(f"a form has the settings {wanted}, not {settings}")
        super().__init__(settings)


# ---- faults


@dataclass(frozen=True, slots=True)
class _Fault:
    type: str
    loc: tuple[Step, ...] = ()
    error: Exception | None = None

    def under(self, step: Step) -> _Fault:
        return replace(self, loc=(step, *self.loc))

    def as_data(self) -> dict[str, Any]:
        data: dict[str, Any] = {"type": self.type, "loc": self.loc, "msg": self.type.replace("_", " ")}
        return data if self.error is None else data | {"ctx": {"error": self.error}}


class _Misfit(Exception):  # noqa: N818
    """Never leaves this module."""

    def __init__(self, *faults: _Fault) -> None:
        super().__init__(faults)
        self.faults = faults


class ValidationError(ValueError):
    def __init__(self, title: str, faults: Sequence[_Fault]) -> None:
        super().__init__(f"{title}: {', '.join(f.type for f in faults)}")
        self.title = title
        self._faults = faults

    def errors(self, *, include_url: bool = True) -> list[dict[str, Any]]:  # noqa: ARG002
        return [fault.as_data() for fault in self._faults]


def _refuse(kind: str) -> NoReturn:
    raise _Misfit(_Fault(kind))


# ---- what annotations carry


@dataclass(frozen=True, slots=True)
class FieldInfo:
    pattern: str | None = None
    ge: int | None = None
    le: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    alias: str | None = None
    default_factory: Callable[[], Any] | None = None


def Field(  # noqa: N802
    *,
    description: str | None = None,  # noqa: ARG001
    json_schema_extra: Mapping[str, Any] | None = None,  # noqa: ARG001
    **limits: Any,
) -> FieldInfo:
    return FieldInfo(**limits)


@dataclass(frozen=True, slots=True)
class AfterValidator:
    func: Callable[[Any], Any]


def model_validator(*, mode: Literal["after"]) -> Callable[[T], T]:
    if mode != "after":
        raise TypeError(f"a validator runs after the members, not `{mode}`")

    def marked(function: T) -> T:
        function.runs_after_members = True  # type: ignore[attr-defined]
        return function

    return marked


# ---- forms

_NOTHING: Final = object()


@dataclass(frozen=True, slots=True)
class _Member:
    """`written` is the name in JSON."""

    name: str
    written: str
    read: Reader
    default: Any = _NOTHING
    factory: Callable[[], Any] | None = None

    def given(self, data: Mapping[str, Any]) -> str | None:
        """The name under which it stands in `data`."""
        return next((n for n in (self.written, self.name) if n in data), None)

    @property
    def is_required(self) -> bool:
        return self.default is _NOTHING and self.factory is None

    def left_out(self) -> Any:
        return self.default if self.factory is None else self.factory()


class BaseModel:
    model_config: ClassVar[ConfigDict]
    members_as_read: ClassVar[tuple[_Member, ...]]
    validators_in_order: ClassVar[tuple[str, ...]]

    def __init__(self, /, **data: Any) -> None:
        try:
            self.__dict__.update(_read_members(type(self), data))
            _run_validators(self)
        except _Misfit as misfit:
            raise ValidationError(type(self).__name__, misfit.faults) from None

    @classmethod
    def model_validate(cls: type[M], data: object) -> M:
        try:
            return _read_form(cls, data)
        except _Misfit as misfit:
            raise ValidationError(cls.__name__, misfit.faults) from None

    @classmethod
    def model_validate_json(cls: type[M], content: bytes) -> M:
        try:
            data = json.loads(content.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError, _Misfit):
            raise ValidationError(cls.__name__, [_Fault("json_invalid")]) from None
        return cls.model_validate(data)

    def model_dump(self, *, mode: str, by_alias: bool = False, exclude_none: bool = False) -> dict[str, Any]:
        if mode != "json":
            raise TypeError(f"a form is written as JSON, not as `{mode}`")
        found = {}
        for member in _members(type(self)):
            value = getattr(self, member.name)
            if value is not None or not exclude_none:
                found[member.written if by_alias else member.name] = _written(value, by_alias, exclude_none)
        return found

    def model_dump_json(self, *, by_alias: bool = False, exclude_none: bool = False) -> str:
        data = self.model_dump(mode="json", by_alias=by_alias, exclude_none=exclude_none)
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    def model_copy(self: M, *, update: Mapping[str, Any]) -> M:
        """With some members changed, unchecked."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__ | dict(update))
        return copy

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise ValidationError(type(self).__name__, [_Fault("frozen_instance", (name,))])

    def __delattr__(self, name: str) -> NoReturn:
        raise ValidationError(type(self).__name__, [_Fault("frozen_instance", (name,))])

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *(getattr(self, m.name) for m in _members(type(self)))))

    def __repr__(self) -> str:
        stated = ", ".join(f"{m.name}={getattr(self, m.name)!r}" for m in _members(type(self)))
        return f"{type(self).__name__}({stated})"


def require_readable(kind: type[BaseModel] = BaseModel) -> int:
    """How many forms there are from `kind` on. Raises TypeError if one of them cannot be read here."""
    _members(kind)
    return 1 + sum(map(require_readable, kind.__subclasses__()))


def _members(kind: type[BaseModel]) -> tuple[_Member, ...]:
    """Resolved at first use: a form may name one that stands below it."""
    if "members_as_read" not in vars(kind):
        hints = get_type_hints(kind, include_extras=True)
        found = (_member(kind, name, hint) for name, hint in hints.items() if get_origin(hint) is not ClassVar)
        kind.members_as_read = tuple(found)
    return kind.members_as_read


def _member(kind: type[BaseModel], name: str, hint: Any) -> _Member:
    infos = [m for m in (get_args(hint)[1:] if get_origin(hint) is Annotated else ()) if isinstance(m, FieldInfo)]
    alias = next((i.alias for i in infos if i.alias), name)
    factory = next((i.default_factory for i in infos if i.default_factory), None)
    default = getattr(kind, name, _NOTHING)
    if isinstance(default, FieldInfo):
        raise TypeError(f"{kind.__name__}.{name}: a field is described inside Annotated")
    if default is not _NOTHING:
        hash(default)  # a value that can change would be shared by all forms
    return _Member(name, alias, _reader(hint), default, factory)


def _read_form(kind: type[M], data: object) -> M:
    if isinstance(data, kind):
        return data
    if not isinstance(data, dict):
        _refuse("model_type")
    form = object.__new__(kind)
    form.__dict__.update(_read_members(kind, data))
    return _run_validators(form)


def _read_members(kind: type[BaseModel], data: dict[str, Any]) -> dict[str, Any]:
    found, faults, used = {}, [], set()
    for member in _members(kind):
        name = member.given(data)
        if name is not None:
            used.add(name)
            try:
                found[member.name] = member.read(data[name])
            except _Misfit as misfit:
                faults += [fault.under(name) for fault in misfit.faults]
        elif member.is_required:
            faults.append(_Fault("missing", (member.written,)))
        else:
            found[member.name] = member.left_out()
    faults += [_Fault("extra_forbidden", (name,)) for name in data if name not in used]
    if faults:
        raise _Misfit(*faults)
    return found


def _run_validators(form: M) -> M:
    for name in _validators(type(form)):
        form = _own_words(getattr(form, name))
    return form


def _validators(kind: type[BaseModel]) -> tuple[str, ...]:
    if "validators_in_order" not in vars(kind):
        found = {n: f for base in reversed(kind.__mro__) for n, f in vars(base).items()}
        kind.validators_in_order = tuple(n for n, f in found.items() if getattr(f, "runs_after_members", False))
    return kind.validators_in_order


def _own_words(check: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return check(*arguments)
    except ValueError as error:
        raise _Misfit(_Fault("value_error", error=error)) from None
    except AssertionError as error:
        raise _Misfit(_Fault("assertion_error", error=error)) from None


def _written(value: Any, by_alias: bool, exclude_none: bool) -> Any:
    match value:
        case BaseModel():
            return value.model_dump(mode="json", by_alias=by_alias, exclude_none=exclude_none)
        case dict():
            return {name: _written(item, by_alias, exclude_none) for name, item in value.items()}
        case tuple() | list():
            return [_written(item, by_alias, exclude_none) for item in value]
        case None | bool() | int() | str():
            return value
        case _:
            raise TypeError(f"no JSON is known for a {type(value).__name__}")


# ---- readers: each takes a value and gives it as the form holds it, or raises _Misfit


def _reader(hint: Any) -> Reader:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _narrowed(arguments[0], arguments[1:])
    if origin is Literal:
        return _one_of(arguments)
    if origin in (Union, UnionType):
        return _choice(arguments)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _sequence(_reader(arguments[0]))
    if origin is dict:
        return _mapping(*map(_reader, arguments))
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return lambda value: _read_form(hint, value)
    if hint in _PLAIN:
        return _PLAIN[hint]
    raise TypeError(f"no plain form of the annotation {hint!r} is known")


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        _refuse("string_type")
    try:
        value.encode()
    except UnicodeEncodeError:
        _refuse("string_unicode")
    return value


def _whole(value: Any) -> Any:
    return value if isinstance(value, int) and not isinstance(value, bool) else _refuse("int_type")


def _truth(value: Any) -> Any:
    return value if isinstance(value, bool) else _refuse("bool_type")


def _none(value: Any) -> Any:
    return None if value is None else _refuse("none_required")


def _anything(value: Any) -> Any:
    return value


_PLAIN: Final[Mapping[Any, Reader]] = {str: _text, int: _whole, bool: _truth, NoneType: _none, Any: _anything}


def _one_of(words: tuple[Any, ...]) -> Reader:
    if not all(isinstance(word, str) for word in words):
        raise TypeError(f"a literal is text, not {words!r}")
    return lambda value: value if isinstance(value, str) and value in words else _refuse("literal_error")


def _choice(hints: tuple[Any, ...]) -> Reader:
    """The first that fits. Nothing may stand for none, whatever the others are."""
    readers = [_reader(hint) for hint in hints if hint is not NoneType]
    nullable = NoneType in hints

    def read(value: Any) -> Any:
        if nullable and value is None:
            return None
        faults: list[_Fault] = []
        for reader in readers:
            try:
                return reader(value)
            except _Misfit as misfit:
                faults += misfit.faults
        raise _Misfit(*faults)

    return read


def _mapping(read_name: Reader, read_value: Reader) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            _refuse("dict_type")
        return dict(_collected(value.items(), lambda name: (name, "[key]"), read_name, read_value))

    return read


def _collected(
    items: Any, place: Callable[[Any], tuple[Step, ...]], read_name: Reader, read_value: Reader
) -> Iterator[tuple[Any, Any]]:
    faults: list[_Fault] = []
    found = []
    for name, value in items:
        pair: list[Any] = []
        for reader, part, steps in ((read_name, name, place(name)), (read_value, value, (name,))):
            try:
                pair.append(reader(part))
            except _Misfit as misfit:
                faults += [replace(fault, loc=(*steps, *fault.loc)) for fault in misfit.faults]
        found.append(pair)
    if faults:
        raise _Misfit(*faults)
    return ((name, value) for name, value in found)


def _sequence(read_item: Reader) -> Reader:
    """Lists come from JSON only: a form is made in the program of tuples."""

    def read(value: Any) -> Any:
        if not isinstance(value, list | tuple):
            _refuse("tuple_type")
        found, faults = [], []
        for number, item in enumerate(value):
            try:
                found.append(read_item(item))
            except _Misfit as misfit:
                faults += [fault.under(number) for fault in misfit.faults]
        if faults:
            raise _Misfit(*faults)
        return tuple(found)

    return read


# ---- what narrows a value


def _narrowed(hint: Any, rules: tuple[Any, ...]) -> Reader:
    reader = _reader(hint)
    for rule in rules:
        match rule:
            case FieldInfo():
                reader = _limited(reader, rule, hint)
            case AfterValidator():
                reader = _then(reader, rule.func)
            case _:
                raise TypeError(f"no plain form of the rule {rule!r} is known")
    return reader


def _then(reader: Reader, check: Callable[[Any], Any]) -> Reader:
    return lambda value: _own_words(check, reader(value))


def _limited(reader: Reader, rule: FieldInfo, hint: Any) -> Reader:
    checks = list(_checks(rule, _has_text(hint)))
    if not checks:
        return reader
    if get_origin(hint) in (Union, UnionType) and not _is_optional(hint):
        raise TypeError("the alternatives are limited one by one")

    def read(value: Any) -> Any:
        found = reader(value)
        if found is not None:
            for holds, fault in checks:
                if not holds(found):
                    _refuse(fault)
        return found

    return read


def _is_optional(hint: Any) -> bool:
    return len(get_args(hint)) == 2 and NoneType in get_args(hint)


def _has_text(hint: Any) -> bool:
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    return hint is str


def _checks(rule: FieldInfo, is_text: bool) -> Iterator[tuple[Callable[[Any], bool], str]]:
    kind = "string_" if is_text else ""
    if (most := rule.max_length) is not None:
        yield (lambda value: len(value) <= most), f"{kind}too_long"
    if (least := rule.min_length) is not None:
        yield (lambda value: len(value) >= least), f"{kind}too_short"
    if rule.pattern is not None:
        yield _matches(rule.pattern), "string_pattern_mismatch"
    if (top := rule.le) is not None:
        yield (lambda value: value <= top), "less_than_equal"
    if (bottom := rule.ge) is not None:
        yield (lambda value: value >= bottom), "greater_than_equal"


def _matches(pattern: str) -> Callable[[str], bool]:
    """Only patterns that mean the same in both languages of patterns: whole texts, without classes of letters."""
    inside = pattern[1:-1]
    if not (pattern.startswith("^") and pattern.endswith("$")) or re.search(r"\$|\^(?<!\[\^)|\\[A-Za-z]", inside):
        raise TypeError(f"no plain form of the pattern {pattern!r} is known")
    whole = re.compile(f"^{inside}\\Z")
    return lambda text: whole.search(text) is not None

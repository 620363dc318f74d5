"""The forms shared by all signed statements: names, digests, instants, values of facts.

Each value has one spelling, so that two programs that agree on a value agree on its digest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from smartclause.evidence.errors import EvidenceError
from smartclause.logic.canonical import CanonicalError, Json, admit, dumps

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{0,5}[1-9])?Z$"
EVENT_ID = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
FACT_NAME = r"^[a-z][a-z0-9_]*$"
DECIMAL = r"^(0|-?[1-9][0-9]{0,30}|-?(0|[1-9][0-9]{0,30})\.[0-9]{0,17}[1-9])$"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@lru_cache(maxsize=4096)
def instant(text: str) -> int:
    """Microseconds since 1970 in UTC. Raises ValueError unless `text` is the one spelling of an instant."""
    if re.fullmatch(INSTANT[1:-1], text):
        with suppress(ValueError):
            return (datetime.fromisoformat(text) - _EPOCH) // _MICROSECOND
    raise ValueError("an instant is written 2026-11-21T09:30:00Z, a fraction without trailing zeros")


def timestamp(microseconds: int) -> str:
    """The spelling of an instant. Raises OverflowError outside the years 1 to 9999."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return f"{_second(seconds)}{f'.{rest:06}'.rstrip('0') if rest else ''}Z"


@lru_cache(maxsize=256)
def _second(seconds: int) -> str:
    return (_EPOCH + timedelta(seconds=seconds)).isoformat().removesuffix("+00:00")


def calendar_date(text: str) -> date:
    """Raises ValueError unless `text` is written 2026-11-21."""
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise ValueError("a date is written 2026-11-21")


def _instant_text(text: str) -> str:
    instant(text)
    return text


def in_order(items: tuple[str, ...]) -> tuple[str, ...]:
    if list(items) != sorted(set(items)):
        raise ValueError("the items must be sorted and without duplicates")
    return items


def each_once(names: Iterable[str], what: str) -> None:
    """Raises ValueError unless `names` are sorted and without duplicates."""
    listed = list(names)
    if listed != sorted(set(listed)):
        raise ValueError(f"the {what} must be sorted by name and without duplicates")


_UNIQUE = {"uniqueItems": True}

Digest: TypeAlias = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Instant: TypeAlias = Annotated[str, Field(pattern=INSTANT), AfterValidator(_instant_text)]
Name: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=200)]
Qualified: TypeAlias = Annotated[
    str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+$", max_length=400)
]
Identifier: TypeAlias = Annotated[
    str, Field(pattern=r"^[!-~]{1,200}$", description="Byte-exact ASCII without white space.")
]
EventId: TypeAlias = Annotated[str, Field(pattern=EVENT_ID)]
LedgerId: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Nonce: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
FactName: TypeAlias = Annotated[str, Field(pattern=FACT_NAME, max_length=200)]
Text: TypeAlias = Annotated[str, Field(max_length=10_000)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=2**53 - 1)]
Base64: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=20_000)]

Digests: TypeAlias = Annotated[
    tuple[Digest, ...], Field(max_length=1000, json_schema_extra=_UNIQUE), AfterValidator(in_order)
]
Names: TypeAlias = Annotated[
    tuple[Name, ...], Field(max_length=1000, json_schema_extra=_UNIQUE), AfterValidator(in_order)
]


class Form(BaseModel):
    """What all forms promise: nothing unknown inside, no value converted, nothing changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True, title=None)


class SignedForm(Form):
    """A form that travels in an envelope, under its own payload type."""

    PAYLOAD_TYPE: ClassVar[str]
    WHAT: ClassVar[str]


class Money(Form):
    amount: Annotated[str, Field(pattern=DECIMAL)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Period(Form):
    """A length of time in its own unit; units do not convert into each other."""

    count: Count
    unit: Literal["minute", "hour", "day", "working_day", "month", "year"]


TextSet: TypeAlias = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=400)], ...],
    Field(max_length=10_000, json_schema_extra=_UNIQUE),
    AfterValidator(in_order),
]
Whole: TypeAlias = Annotated[int, Field(ge=-(2**53 - 1), le=2**53 - 1)]
Value: TypeAlias = bool | Whole | Text | TextSet | Money | Period
"""The value of a fact: yes or no as a Boolean; a whole number as an integer, any other number and every
percentage as decimal text (`12.5` per cent is `"12.5"`); instants, dates and names as text; a set as a
sorted list; money and periods as objects."""


class Identity(Form):
    """Who a party is in law."""

    name: Annotated[str, Field(min_length=1, max_length=400)]
    scheme: Annotated[
        Literal["uscc", "lei", "did", "other"],
        Field(description="Unified social credit code, legal entity identifier, decentralised identifier."),
    ]
    value: Identifier


F = TypeVar("F", bound=Form)


def canonical(form: Form) -> bytes:
    """The bytes to sign or to digest; members that are not given are left out."""
    return dumps(form.model_dump(mode="json", by_alias=True, exclude_none=True))


def read_form(kind: type[F], body: bytes) -> F:
    """Only from canonical bytes. Raises EvidenceError EV01 or EV08."""
    try:
        admit(body)
        form = kind.model_validate_json(body)
    except CanonicalError as error:
        raise EvidenceError("EV01", error.place, reason=error.reason) from None
    except ValidationError as error:
        raise misfit(kind, error.errors(include_url=False), admit(body)) from None
    if not _is_spelled_out(form, body):
        raise EvidenceError("EV08", what=what(kind), reason="a member is null or missing")
    return form


_IN_THE_PROGRAM = (b'"sd":', b'"type_":', b'"predicate_type":')


def _is_spelled_out(form: Form, body: bytes) -> bool:
    """No member is given as null, and none is left out that is always written."""
    # Without a null, writing the form can only add members to `body`: then equal length is equality. A member under
    # the name that it has in the program would be written under another one, which may be as long.
    plain = b":null" not in body and not any(name in body for name in _IN_THE_PROGRAM)
    if plain and len(form.model_dump_json(by_alias=True, exclude_none=True).encode()) == len(body):
        return True
    return canonical(form) == body


def misfit(kind: type[Form], faults: list[ErrorDetails], data: Json) -> EvidenceError:
    """The most telling fault, with its place in `data`: of several alternatives the one followed furthest."""
    telling = [fault for fault in faults if fault["type"] not in ("missing", "extra_forbidden")] or faults
    paths = [_path(fault, data) for fault in telling]
    path = max(paths, key=len)
    deepest = [fault for fault, at in zip(telling, paths, strict=True) if at == path]
    reason = _reason(deepest[0]) if len(deepest) == 1 else "this is none of the values that may stand here"
    place = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
    return EvidenceError("EV08", place[:200], what=what(kind), reason=reason)


def _path(fault: ErrorDetails, data: Json) -> tuple[int | str, ...]:
    """The members that lead to the fault, without the names of alternatives that stand between them."""
    path: list[int | str] = []
    here = data
    for step in fault["loc"]:
        match here, step:
            case dict(), str() if step in here:
                here = here[step]
            case list(), int() if step < len(here):
                here = here[step]
            case _:
                continue
        path.append(step)
    return (*path, fault["loc"][-1]) if fault["type"] == "missing" else tuple(path)


def _reason(fault: ErrorDetails) -> str:
    match fault["type"]:
        case "value_error":
            return str(fault["ctx"]["error"])
        case "missing":
            return "this member is missing"
        case "extra_forbidden":
            return "this member is not known here"
        case "string_pattern_mismatch":
            return "this text does not have its form"
        case "literal_error":
            return "this is none of the values that may stand here"
        case "too_long" | "too_short" | "string_too_long" | "string_too_short":
            return "this value is too long, too short or out of range"
        case "greater_than_equal" | "less_than_equal":
            return "this value is too long, too short or out of range"
        case kind if kind.endswith(("_type", "_parsing")):
            return "this value has another kind"
        case _:
            return "this value does not fit"


def what(kind: type[Form]) -> str:
    return getattr(kind, "WHAT", kind.__name__.lower())

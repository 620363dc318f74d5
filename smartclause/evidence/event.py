"""The event that a party signs: what was done or happened, by whom, to what, in which ledger and contract."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from smartclause.evidence.forms import (
    EVENT_ID,
    FACT_NAME,
    Count,
    Digest,
    Digests,
    EventId,
    FactName,
    Identifier,
    Instant,
    LedgerId,
    Name,
    Nonce,
    Qualified,
    SignedForm,
    Value,
)

BuiltIn = Literal["supplement", "void", "heartbeat", "termination", "waiver", "deposit"]
BUILT_IN: tuple[BuiltIn, ...] = ("supplement", "void", "heartbeat", "termination", "waiver", "deposit")


class EventBody(SignedForm):
    """`prev` is the digest of the body that the issuer signed before, and absent for the first, `seq` 0.

    The built-in types: a `supplement` fills one fact (`event`, `field`, `value`); a `void` says that the
    numbers `first` to `last` were never used; a `heartbeat` says that the issuer has sent everything up to
    its `time`; a `waiver` names a `clause` and the key of the duty; a `termination` ends `contract`;
    a `deposit` shows that the signed contract with the digest `envelope` existed when it was received.
    """

    PAYLOAD_TYPE: ClassVar[str] = "application/vnd.smartclause.event+json"
    WHAT: ClassVar[str] = "event"

    edition: Literal["event 1"] = "event 1"
    id: EventId
    type: BuiltIn | Qualified
    time: Instant
    issuer: Annotated[Digest, Field(description="Key number of the key that keeps this sequence.")]
    by: Name | None = None
    to: Name | None = None
    asset: Identifier | None = None
    ledger: LedgerId
    seq: Count
    prev: Digest | None = None
    contract: Annotated[Digest, Field(description="Document digest of the contract.")]
    nonce: Nonce
    facts: Annotated[dict[FactName, Value], Field(max_length=500)]
    sd: Annotated[Digests, Field(alias="_sd", description="Salted commitments of withheld facts.")] = ()

    @model_validator(mode="after")
    def _first_has_no_predecessor(self) -> EventBody:
        if (self.seq == 0) != (self.prev is None):
            raise ValueError("the first event, `seq` 0, has no `prev`; every later one has")
        return self

    @model_validator(mode="after")
    def _built_in_types_carry_what_they_mean(self) -> EventBody:
        match self.type:
            case "supplement":
                _require(self.facts, event=_is_event_id, field=_is_fact_name, value=_is_anything)
            case "void":
                _require(self.facts, first=_is_count, last=_is_count)
            case "heartbeat" | "termination":
                _require(self.facts)
            case "deposit":
                _require(self.facts, envelope=_is_digest)
            case "waiver" if not isinstance(self.facts.get("clause"), str):
                raise ValueError("a waiver names its clause in the fact `clause`")
        return self


def _require(facts: dict[str, Value], **checks: Callable[[Value], bool]) -> None:
    if set(facts) != set(checks):
        raise ValueError(f"this type carries exactly the facts: {', '.join(checks) or 'none'}")
    for name, is_fit in checks.items():
        if not is_fit(facts[name]):
            raise ValueError(f"the fact `{name}` does not have its form")


def _is_event_id(value: Value) -> bool:
    return isinstance(value, str) and re.fullmatch(EVENT_ID[1:-1], value) is not None


def _is_fact_name(value: Value) -> bool:
    return isinstance(value, str) and re.fullmatch(FACT_NAME[1:-1], value) is not None


def _is_digest(value: Value) -> bool:
    return isinstance(value, str) and re.fullmatch("sha256:[0-9a-f]{64}", value) is not None


def _is_count(value: Value) -> bool:
    return type(value) is int and value >= 0


def _is_anything(_value: Value) -> bool:
    return True


def event_id(milliseconds: int | None = None) -> str:
    """A new number in order of time. RFC 9562, 5.7."""
    now = time.time_ns() // 1_000_000 if milliseconds is None else milliseconds
    number = now << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def nonce() -> str:
    return secrets.token_hex(16)

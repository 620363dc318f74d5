"""Facts withheld from an event: the event carries salted commitments, whoever knows the salt can open them later.

A commitment binds its signer to one value and tells a stranger nothing; what is not opened is not known.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import EventId, FactName, Form, Nonce, Value, canonical, read_form
from smartclause.logic.canonical import digest_of_bytes, dumps

MAX_DISCLOSURES = 64 * 2**20


class Disclosure(Form):
    """Opens one commitment of `event`: the hash of the canonical JSON `[salt, name, value]`."""

    WHAT: ClassVar[str] = "disclosure"

    edition: Literal["disclosure 1"] = "disclosure 1"
    event: EventId
    salt: Nonce
    name: FactName
    value: Value


def commitment(disclosure: Disclosure) -> str:
    """The digest that stands in `_sd`."""
    value = disclosure.model_dump(mode="json")["value"]
    return digest_of_bytes(dumps([disclosure.salt, disclosure.name, value]))


def withhold(event: str, facts: Mapping[str, Value]) -> tuple[Disclosure, ...]:
    """A disclosure of each fact, under a fresh salt of 128 bits."""
    return tuple(
        Disclosure(event=event, salt=secrets.token_hex(16), name=name, value=value) for name, value in facts.items()
    )


@dataclass(frozen=True, slots=True)
class Disclosures:
    """All that was given, by event. `digest` names them in the inputs of a verdict; empty if nothing was given."""

    by_event: Mapping[str, tuple[Disclosure, ...]]
    digest: str = ""


NOTHING = Disclosures({})


def disclosures(given: Iterable[Disclosure]) -> Disclosures:
    by_event: dict[str, dict[str, Disclosure]] = {}
    for one in given:
        by_event.setdefault(one.event, {})[commitment(one)] = one
    every = sorted(number for event in by_event.values() for number in event)
    digest = digest_of_bytes(dumps(list(every))) if every else ""
    return Disclosures({event: tuple(found.values()) for event, found in by_event.items()}, digest)


def read_disclosures(content: bytes, place: str = "") -> tuple[Disclosure, ...]:
    """One on each line. Raises EvidenceError EV01, EV08 with the line."""
    found = []
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(read_form(Disclosure, line))
        except EvidenceError as error:
            where = f"{place}:{number} {error.place.removeprefix('line 1 ')}".strip()
            raise EvidenceError(error.code, where, **error.values) from None
    return tuple(found)


def disclosure_lines(given: Iterable[Disclosure]) -> bytes:
    return b"".join(canonical(one) + b"\n" for one in given)


def opened_facts(body: EventBody, given: Collection[Disclosure]) -> Mapping[str, Value]:
    """The facts of the event that `given` open. Raises EvidenceError EV30 for what it did not commit to."""
    found: dict[str, Value] = {}
    for one in given:
        if one.event != body.id or commitment(one) not in body.sd:
            raise EvidenceError("EV30", body.id, name=one.name, reason="the event did not commit to it")
        if one.name in body.facts:
            raise EvidenceError("EV30", body.id, name=one.name, reason="the event states this fact openly too")
        if one.name in found:
            # Whoever signs two values for one fact has shown neither.
            raise EvidenceError("EV30", body.id, name=one.name, reason="the event committed to two values of it")
        found[one.name] = one.value
    return found

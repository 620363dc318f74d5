"""What recording needs of an event: its number, its issuer and its place in the issuer's sequence.

The usual spelling is read by one pattern, any other through the form: both admit exactly the same bytes.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import read_form
from smartclause.evidence.segment import SegmentStatement
from smartclause.logic.canonical import MAX_INTEGER


class Heading(NamedTuple):
    """Members of an event that fits its form."""

    id: str
    issuer: str
    seq: int
    prev: str | None
    ledger: str
    contract: str


def read_heading(body: bytes) -> Heading:
    """Raises EvidenceError EV01 or EV08, as reading the form does."""
    return _usual(body) or _of_form(read_form(EventBody, body))


def segment_heading(stated: SegmentStatement) -> Heading:
    """A segment stands in its issuer's sequence under the number of its last event, behind what is before its first."""
    return Heading(stated.id, stated.issuer, stated.end - 1, stated.prev, stated.ledger, stated.contract)


def _of_form(event: EventBody) -> Heading:
    return Heading(event.id, event.issuer, event.seq, event.prev, event.ledger, event.contract)


_MOST_FACTS = 500
_LONGEST_TEXT = 10_000
_LONGEST_TYPE = 400

# Canonical JSON has one order of members and one spelling of each, so a pattern can hold the whole body but for the
# facts. No text in it has an escape. Built-in types and rare spellings are left to the form.
_DIGEST = b"sha256:[0-9a-f]{64}"
_NAME = b"[A-Za-z_][A-Za-z0-9_]{0,199}"
_USUAL = re.compile(
    rb'\{"_sd":\[\],(?:"asset":"[!#-\[\]-~]{1,200}",)?(?:"by":"%(name)b",)?"contract":"(?P<contract>%(digest)b)",'
    rb'"edition":"event 1","facts":(?P<facts>\{.*\}),'
    rb'"id":"(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})",'
    rb'"issuer":"(?P<issuer>%(digest)b)","ledger":"(?P<ledger>[0-9a-f]{32})","nonce":"[0-9a-f]{32}",'
    rb'(?:"prev":"(?P<prev>%(digest)b)",)?"seq":(?P<seq>0|[1-9][0-9]{0,15}),'
    rb'"time":"(?P<time>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{0,5}[1-9])?Z)",'
    rb'(?:"to":"%(name)b",)?"type":"(?P<type>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+)"\}'
    % {b"name": _NAME, b"digest": _DIGEST},
    re.DOTALL,
)
_FACT = rb'"[a-z][a-z0-9_]{0,199}":(?:"[^"\\\x00-\x1f\x7f-\xff]*"|true|false|0|-?[1-9][0-9]{0,14})'
_FACTS = re.compile(rb"\{(?:%(fact)b(?:,%(fact)b)*)?\}" % {b"fact": _FACT})
_FACT_NAME = re.compile(rb'[{,]"([a-z0-9_]+)":')


def _usual(body: bytes) -> Heading | None:
    """None: not in the usual spelling, or no event at all."""
    found = _USUAL.fullmatch(body)
    if found is None:
        return None
    contract, facts, number, issuer, ledger, prev, seq, time, kind = found.groups()
    count = int(seq)
    if count > MAX_INTEGER or (count == 0) is not (prev is None) or len(kind) > _LONGEST_TYPE:
        return None
    if not _is_instant(time) or not _are_plain_facts(facts):
        return None
    before = None if prev is None else prev.decode()
    return Heading(number.decode(), issuer.decode(), count, before, ledger.decode(), contract.decode())


def _is_instant(time: bytes) -> bool:
    """The pattern has been matched; this is the calendar's part."""
    try:
        datetime.fromisoformat(time.decode())
    except ValueError:
        return False
    return True


def _are_plain_facts(spelled: bytes) -> bool:
    """Whether they are canonical by themselves, and surely values that the form takes: short text, yes or no, whole
    numbers that every reader keeps exactly, under names in order."""
    if len(spelled) > _LONGEST_TEXT or _FACTS.fullmatch(spelled) is None:
        return False
    names = _FACT_NAME.findall(spelled)
    return len(names) <= _MOST_FACTS and names == sorted(set(names))

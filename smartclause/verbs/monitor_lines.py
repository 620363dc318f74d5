"""Lines of plain JSON as records for the monitor. They attest nothing: what they say counts because the caller vouches.

A line that does not fit the contract is refused with its place and code; nothing is guessed, nothing left out unsaid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, ValidationError

from smartclause.evidence import forms
from smartclause.evidence.event import BUILT_IN
from smartclause.evidence.forms import Identifier
from smartclause.logic.canonical import CanonicalError, Json, parse
from smartclause.logic.contract import EventKind
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer
from smartclause.logic.terms import Kind, Value
from smartclause.verbs.admission import inside
from smartclause.verbs.errors import VerbError
from smartclause.verbs.fitting import reason_of
from smartclause.verbs.plain import PlainEvent, qualified, read_facts
from smartclause.verbs.sources import on_line

VOUCHED = (Signer("the caller", EVERYONE),)
ONLY_SIGNED = ("supplement", "void", "deposit")  # they speak of signed records
HEARTBEAT = "heartbeat"
NUMBERS = 100_000  # so many numbers at least are remembered, to find those given twice


class PlainLine(PlainEvent):
    """`source` is who sends the line: its heartbeats say how far it is complete. Without `id` the line's own number
    names the record."""

    id: Annotated[Identifier | None, Field(default=None)] = None
    source: Annotated[str, Field(max_length=200)] | None = None


@dataclass
class Numbers:
    """The numbers of the last records: at least the last NUMBERS, at most twice as many."""

    recent: set[str] = field(default_factory=set)
    older: set[str] = field(default_factory=set)

    def is_new(self, number: str) -> bool:
        if number in self.recent or number in self.older:
            return False
        if len(self.recent) >= NUMBERS:
            self.recent, self.older = set(), self.recent
        self.recent.add(number)
        return True


@dataclass(frozen=True)
class LineReader:
    """Reads with all checks; every line that another way of reading will not take comes here."""

    lookup: Lookup
    numbers: Numbers = field(default_factory=Numbers)

    def read(self, content: bytes, number: int) -> Event:
        """Raises VerbError VB05-VB10, VB48, VB49."""
        place = f"line {number}"
        line = self._line(content, number)
        kind = qualified(line.type, (*self.lookup.types, *BUILT_IN), place, may_be_foreign=True)
        if kind in ONLY_SIGNED:
            raise VerbError("VB48", place, type=kind)
        at = self._instant(line, place)
        if kind == HEARTBEAT:
            return self._heartbeat(line, at, number, place)
        facts = self._facts(line, kind, place)
        self._refuse_incomplete(line, kind, facts, place)
        if line.id is not None and not self.numbers.is_new(line.id):
            raise VerbError("VB49", place, id=line.id)
        return Event(
            line.id or place, kind, at, line.by or "", line.to or "", line.asset or "", facts, VOUCHED,
            line.source or "", index=number,
        )  # fmt: skip

    def _line(self, content: bytes, number: int) -> PlainLine:
        data: Json = None
        place = f"line {number}"
        try:
            data = parse(content)
            if not isinstance(data, dict):
                raise VerbError("VB05", place, reason="it is no object")
            return PlainLine.model_validate({k: v for k, v in data.items() if v is not None})
        except CanonicalError as error:
            raise VerbError("VB05", on_line(number, error.place), reason=error.reason) from None
        except ValidationError as error:
            member, reason = reason_of(error, PlainLine, data)
            raise VerbError("VB05", f"{place} {member}".strip(), reason=reason) from None

    def _instant(self, line: PlainLine, place: str) -> int:
        if line.time is None:
            raise VerbError("VB10", place, field="time")
        try:
            return forms.instant(line.time)
        except (ValueError, OverflowError):
            raise VerbError("VB08", place, field="time", kind="instant", form="2026-03-01T09:00:00Z") from None

    def _heartbeat(self, line: PlainLine, at: int, number: int, place: str) -> Event:
        source = line.source or line.by or ""
        if not source:
            raise VerbError("VB10", place, field="source")
        return Event(line.id or place, HEARTBEAT, at, source=source, index=number)

    def _facts(self, line: PlainLine, kind: str, place: str) -> Mapping[str, Value]:
        if kind not in self.lookup.types:
            return _plain_facts(line.facts) if kind in BUILT_IN else {}
        return read_facts(line, kind, self.lookup, place)

    def _refuse_incomplete(self, line: PlainLine, kind: str, facts: Mapping[str, Value], place: str) -> None:
        """As `record` refuses it: keys are in every record, and values inside their bounds."""
        declared = self.lookup.types.get(kind)
        if declared is None:
            return
        if declared.kind is EventKind.CONTROLLED and not line.asset:
            raise VerbError("VB10", place, field="asset")
        if declared.kind is not EventKind.OCCURRENCE and not line.by:
            raise VerbError("VB10", place, field="by")
        for each in declared.fields:
            if each.name in facts:
                if not inside(facts[each.name], each):
                    raise VerbError("VB09", place, field=each.name)
            elif each.type.kind is Kind.IDENTIFIER and not each.shown_by:
                raise VerbError("VB10", place, field=each.name)


def _plain_facts(facts: Mapping[str, Any]) -> dict[str, Value]:
    """Of a waiver or termination: words and numbers as they are."""
    return {n: str(v) for n, v in facts.items() if isinstance(v, str | int) and not isinstance(v, bool)}

"""What the report of a case shows, ready to be laid out: words only, nothing left to decide."""

from dataclasses import dataclass

from smartclause.engines.prose_findings import Line
from smartclause.engines.prose_names import Lang

Rows = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SignerView:
    """`style` names the colour of how far the key can be relied on."""

    who: str
    legal: str
    key: str
    standing: str
    style: str


@dataclass(frozen=True, slots=True)
class VerdictView:
    """One act or duty: what was decided, why line by line, and what is missing with who must show it."""

    style: str
    label: str
    title: str
    remarks: tuple[str, ...]
    lines: tuple[Line, ...]
    missing: tuple[tuple[str, str], ...]
    file: str


@dataclass(frozen=True, slots=True)
class EventView:
    anchor: str
    title: str
    rows: Rows
    facts: Rows
    signers: tuple[SignerView, ...]
    proof: tuple[str, ...]
    verdicts: tuple[VerdictView, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryRow:
    style: str
    label: str
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """`mark` stands on every printed page: it identifies what the case is about and rests on."""

    lang: Lang
    title: str
    scope: str
    rows: Rows
    parties: tuple[SignerView, ...]
    summary: tuple[SummaryRow, ...]
    notes: tuple[str, ...]
    duties: tuple[VerdictView, ...]
    events: tuple[EventView, ...]
    completeness: tuple[tuple[str, ...], ...]
    inputs: Rows
    mark: str

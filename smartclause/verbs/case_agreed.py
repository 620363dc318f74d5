"""What the parties agreed on the keeping of evidence, in the header of their contract."""

from __future__ import annotations

import re
from dataclasses import dataclass

from smartclause.logic.contract import Text
from smartclause.verbs.bundle import Bundle

_LINE = re.compile(
    r"evidence is kept in this ledger(, time-stamped by (?P<stamps>[^,]+))?(, witnessed by (?P<witness>[^,]+))?"
)


@dataclass(frozen=True, slots=True)
class Agreed:
    """`text` is the line of the header; the names in it are empty where it has none."""

    text: Text
    stamped_by: str
    witnessed_by: str


def agreed_evidence(versions: tuple[Bundle, ...]) -> Agreed | None:
    """Of the last version of a contract that says it; None: the parties agreed on nothing."""
    for bundle in reversed(versions):
        text = bundle.root.header.evidence
        found = _LINE.fullmatch(text.en)
        if found is not None:
            return Agreed(text, found["stamps"] or "", found["witness"] or "")
    return None

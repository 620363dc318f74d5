"""What the demonstration made, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from smartclause.evidence.forms import Count, Form
from smartclause.logic.verdict import Decision
from smartclause.verbs.answers_error import Shown

if TYPE_CHECKING:
    from smartclause.verbs.demo import Demonstrated


class Asked(Form):
    event: str
    asset: str
    decision: Decision


class DemoForm(Form):
    """What the demonstration made. `detected`: the error by which the changed byte in `tampered` was found."""

    edition: Literal["demo 1"] = "demo 1"
    folder: Shown
    asked: tuple[Asked, ...]
    allowed: Count
    refused: Count
    undecided: Count
    reports: tuple[Shown, ...]
    tampered: Shown
    detected: str


def demo_form(made: Demonstrated) -> DemoForm:
    return DemoForm(
        folder=str(made.folder),
        asked=tuple(Asked(event=a.event.id, asset=a.event.asset, decision=a.decision) for a in made.answers),
        allowed=made.audit.count(Decision.ALLOWED),
        refused=made.audit.count(Decision.REFUSED),
        undecided=made.audit.count(Decision.UNDECIDED),
        reports=tuple(str(path) for path in made.reports.values()),
        tampered=str(made.tampered),
        detected=made.detected.code,
    )

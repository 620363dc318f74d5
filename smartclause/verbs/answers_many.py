"""What `decide-many` tells, as JSON: one object for each line, and the count at the end."""

from __future__ import annotations

from typing import Any, Literal

from smartclause.evidence.errors import Lang
from smartclause.evidence.forms import Count, Form
from smartclause.verbs.answers import DecisionWord
from smartclause.verbs.answers_monitor import CountedForm
from smartclause.verbs.decide_many import Decided, DecidedLine
from smartclause.verbs.errors import in_parts


class DecidedLineForm(Form):
    """The answer on one line, in the order of the lines; or, of a line that is no act, why. `told` says which.

    `end`: what was counted; `unusable` by code.
    """

    told: Literal["decision", "unusable line", "end"]
    line: Count | None = None
    decision: DecisionWord | None = None
    code: str | None = None
    message: str | None = None
    help: str | None = None
    lines: Count | None = None
    decisions: tuple[CountedForm, ...] | None = None
    unusable: tuple[CountedForm, ...] | None = None


class DecidedForm(Form):
    """All lines as one document; the last is the count. Each answer rests on the caller's word and is not final."""

    edition: Literal["decisions 1"] = "decisions 1"
    told: tuple[DecidedLineForm, ...]


def line_data(line: DecidedLine, lang: Lang) -> dict[str, Any]:
    """As `DecidedLineForm` has it, what is not given left out."""
    if line.decision is not None:
        return {"told": "decision", "line": line.line, "decision": line.decision.value}
    assert line.fault is not None
    parts = in_parts(line.fault, lang)
    told = {n: parts[n] for n in ("code", "message", "help")}
    return {"told": "unusable line", "line": line.line, **told}


def end_data(found: Decided) -> dict[str, Any]:
    decisions = [{"name": d.value, "count": n} for d, n in found.decisions.items()]
    unusable = [{"name": code, "count": n} for code, n in sorted(found.unusable.items())]
    return {"told": "end", "lines": found.lines, "decisions": decisions, "unusable": unusable}

"""Corrections as JSON: the published form, and the lines that are appended to a file of corrections."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from smartclause.engines.audit import Judged
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import Count, Form, Instant, canonical, timestamp
from smartclause.verbs.answers import DecisionWord, TruthWord
from smartclause.verbs.corrections import Cause, Correction, Corrections
from smartclause.verbs.kept import KeptVerdict


class HeadForm(Form):
    """The state of the ledger that was judged, and when."""

    size: Count
    root: str
    asked: Instant


class SettledForm(Form):
    decision: DecisionWord
    truth: TruthWord
    final: bool


class CauseForm(Form):
    """`record`: one received since, with which the verdict turned. `key`: declared compromised since. `asked`: the
    later instant of asking alone. `input`: it is another one than then. `nothing`: the same inputs give another
    verdict today."""

    ground: Literal["record", "key", "asked", "input", "nothing"]
    entry: Count | None = None
    event: str = ""
    type: str = ""
    received: Instant | None = None
    key: str = ""
    party: str = ""
    compromised_since: Instant | None = None
    declared_by: str = ""
    input: str = ""


class CorrectionForm(Form):
    """Without `new` the act is judged no more. `fault`: nothing that may correct the old verdict explains the new."""

    event: str
    type: str
    by: str = ""
    old: SettledForm
    new: SettledForm | None = None
    causes: tuple[CauseForm, ...]
    fault: bool


class StandingForm(Form):
    """A settled verdict that stands as it was kept: facts it rested on are withheld or erased by now."""

    event: str
    type: str
    by: str = ""
    old: SettledForm


class CorrectionsForm(Form):
    """What is different today from verdicts that were kept; every other of the `compared` ones stands."""

    edition: Literal["corrections 1"] = "corrections 1"
    ledger: str
    document: str
    old_head: HeadForm
    new_head: HeadForm
    compared: Count
    corrections: tuple[CorrectionForm, ...]
    stands: tuple[StandingForm, ...] = ()


def corrections_form(found: Corrections) -> CorrectionsForm:
    kept = found.kept
    return CorrectionsForm(
        ledger=kept.ledger,
        document=found.document,
        old_head=HeadForm(size=kept.size, root=kept.root, asked=timestamp(kept.asked)),
        new_head=HeadForm(size=found.size, root=found.root, asked=timestamp(found.asked)),
        compared=len(kept.verdicts),
        corrections=tuple(map(_correction, found.found)),
        stands=tuple(StandingForm(event=v.event, type=v.type, by=v.by, old=_settled(v)) for v in found.stands),
    )


def append_line(found: Corrections, path: Path) -> None:
    """One line more, on the disk; what stands in the file is not touched. Raises EvidenceError EV19."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        with os.fdopen(handle, "rb+") as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - 1))
            torn = file.read(1) not in (b"", b"\n")  # a line that was cut short stays as it is, on a line of its own
            file.write((b"\n" if torn else b"") + canonical(corrections_form(found)) + b"\n")
            file.flush()
            os.fsync(handle)
    except OSError as error:
        raise EvidenceError("EV19", name=path.name, reason=error.strerror or "it cannot be written") from None


def _correction(found: Correction) -> CorrectionForm:
    old = found.old
    return CorrectionForm(
        event=old.event,
        type=old.type,
        by=old.by,
        old=SettledForm(decision=old.decision.value, truth=old.truth.value, final=old.final),
        new=None if found.new is None else _settled(found.new),
        causes=tuple(map(_cause, found.causes)),
        fault=found.fault,
    )


def _settled(found: Judged | KeptVerdict) -> SettledForm:
    return SettledForm(decision=found.decision.value, truth=found.truth.value, final=found.final)


def _cause(found: Cause) -> CauseForm:
    form = CauseForm(ground=found.ground.value, input=found.name)
    if found.record is not None:
        record, at = found.record, found.record.received
        stated = {"entry": found.entry, "event": record.body.id, "type": record.body.type}
        return form.model_copy(update=stated | {"received": None if at is None else timestamp(at)})
    if found.key is not None:
        key = found.key
        stated = {"key": key.id, "party": key.party, "declared_by": key.compromise_declared_by or ""}
        return form.model_copy(update=stated | {"compromised_since": key.compromised_since})
    return form

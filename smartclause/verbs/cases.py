"""Case files after their export: what a check found as data, and the hand-over of a case as a signed line."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Literal

from smartclause.evidence import envelope as envelopes
from smartclause.evidence.files import write_whole
from smartclause.evidence.forms import Count, Digest, Form, canonical, timestamp
from smartclause.evidence.keys import SigningKey
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.logic.canonical import Json, digest_of_bytes
from smartclause.verbs.case_custody import CUSTODY, MAX_CUSTODY, read_custody
from smartclause.verbs.case_engine import engine_version
from smartclause.verbs.case_files import MANIFEST, open_case, zipped
from smartclause.verbs.case_findings import CaseCheck
from smartclause.verbs.case_forms import Handover
from smartclause.verbs.case_manifest import MAX_MANIFEST


class FaultForm(Form):
    """What does not hold, in which file of the case, with the code of the error where it has one."""

    place: str
    reason: str
    code: str = ""


class CheckForm(Form):
    check: str
    state: Literal["holds", "fails", "not checked"]
    values: dict[str, str]
    faults: tuple[FaultForm, ...]


class CaseCheckForm(Form):
    """`pinned`: the reader named the first version of the trust list, and it is the one of the case."""

    edition: Literal["case check 1"] = "case check 1"
    holds: bool
    pinned: bool
    checks: tuple[CheckForm, ...]


class CaseExportForm(Form):
    """A case that was written. `root`: first version of the trust list; tell it to the reader by another way."""

    edition: Literal["case export 1"] = "case export 1"
    case: str
    manifest: Digest
    root: Digest
    exporter: Digest
    files: Count
    events: Count
    acts: Count
    duties: Count
    check: CaseCheckForm


class CustodyForm(Form):
    """How many lines the custody log has now, and the hash of the last."""

    edition: Literal["custody log 1"] = "custody log 1"
    lines: Count
    last: Digest


def check_form(found: CaseCheck) -> CaseCheckForm:
    checks = (
        CheckForm(
            check=check.name,
            state=check.state.value,
            values=dict(check.values),
            faults=tuple(
                FaultForm(place=f.place, reason=f.reason, code=f.error.code if f.error else "") for f in check.faults
            ),
        )
        for check in found.checks
    )
    return CaseCheckForm(holds=found.holds, pinned=found.pinned, checks=tuple(checks))


def check_data(found: CaseCheck) -> Json:
    data: Json = check_form(found).model_dump(mode="json")
    return data


def handover(path: Path, by: str, to: str, note: str, key: SigningKey, clock: Clock = system_clock) -> CustodyForm:
    """Adds a line to the custody log. Raises EvidenceError, VerbError VB31."""
    with open_case(path) as files:
        manifest = files.read(MANIFEST, MAX_MANIFEST)
        log = files.read(CUSTODY, MAX_CUSTODY)
        contents = {} if path.is_dir() else {name: files.read(name) for name in files.sizes}
    read_custody(log, manifest)
    lines = log.split(b"\n")[:-1]
    stated = Handover(
        case=digest_of_bytes(manifest),
        previous=digest_of_bytes(lines[-1]),
        by=by,
        to=to,
        note=note,
        at=timestamp(clock()),
        key=key.id,
        algorithm=key.public.algorithm,
        public_key=base64.b64encode(key.public.der).decode(),
        tool=engine_version(),
    )
    line = envelopes.seal(canonical(stated), [key], Handover.PAYLOAD_TYPE)
    grown = log + line + b"\n"
    if path.is_dir():
        write_whole(path / CUSTODY, grown)
    else:
        write_whole(path, zipped({**contents, CUSTODY: grown}))
    return CustodyForm(lines=len(lines) + 1, last=digest_of_bytes(line))

"""Answers about witnesses, views of a ledger and time stamps as JSON."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from smartclause.evidence.cosignature import Cosignature
from smartclause.evidence.forms import Base64, Count, Digest, Form, Instant, timestamp
from smartclause.evidence.note import NoteKey, verifier_text
from smartclause.evidence.timestamps import read_request
from smartclause.verbs.answers_error import Shown
from smartclause.verbs.compare import Comparison, View
from smartclause.verbs.stamps import Stamped
from smartclause.verbs.witness import Quorum, WitnessState


class CosignedForm(Form):
    """One witness's statement. `time`: by its own clock."""

    witness: str
    verifier: str
    time: Instant


class CosignaturesForm(Form):
    """The cosignatures that are kept with the ledger now."""

    edition: Literal["cosignatures 1"] = "cosignatures 1"
    cosignatures: tuple[CosignedForm, ...]


class QuorumForm(Form):
    """`size`: entries under the largest checkpoint that enough witnesses cosigned. The names are of the last one."""

    size: Count
    cosigned: tuple[str, ...]
    missing: tuple[str, ...]


class ViewForm(Form):
    """What one side shows. `note`: the checkpoint that its keeper signed; empty if none covers it."""

    name: Shown
    size: Count
    root: Digest
    note: str


class ViewsForm(Form):
    """Two views of a ledger. `size`: entries that both have alike; of a split, the fewest for which they differ."""

    agreement: Literal["same", "beginning", "split", "behind", "unproven"]
    origin: str
    size: Count
    first: ViewForm
    second: ViewForm


class ComparisonForm(ViewsForm):
    edition: Literal["comparison 1"] = "comparison 1"


class StampForm(Form):
    """A time stamp on the checkpoint of the first `size` entries, or why it does not count.

    The stamped bytes existed at `time`, give or take `accuracy` microseconds. `late`: entries under it say that they
    were received after that.
    """

    size: Count
    holds: bool
    late: bool
    time: Instant | None = None
    accuracy: Count | None = None
    authority: str | None = None
    policy: str | None = None
    serial: Annotated[str, Field(description="In decimal.")] | None = None
    hash: str | None = None
    fault: str | None = None


class TimeStampForm(StampForm):
    edition: Literal["time stamp 1"] = "time stamp 1"


class StampRequestForm(Form):
    """What an authority is asked: the hash of the checkpoint, and a number that its answer must repeat."""

    edition: Literal["time stamp request 1"] = "time stamp request 1"
    hash: str
    imprint: Annotated[str, Field(description="In hexadecimal.")]
    nonce: Annotated[str, Field(description="In decimal.")]
    request: Base64
    file: Shown = ""


class FollowedForm(Form):
    """`size` 0 and no `note`: nothing was cosigned yet."""

    origin: str
    verifier: str
    size: Count
    note: str
    cosigned: Instant | None = None


class FollowsForm(Form):
    edition: Literal["witness follows 1"] = "witness follows 1"
    origin: str
    verifier: str


class RefusedForm(Form):
    """Two notes that the ledger signed: the one cosigned before, and the one offered and refused."""

    origin: str
    seen: Instant
    reason: str
    held: str
    offered: str


class WitnessForm(Form):
    """The state of a witness."""

    edition: Literal["witness 1"] = "witness 1"
    name: str
    followed: tuple[FollowedForm, ...]
    refused: tuple[RefusedForm, ...]


# ---- writing


def cosignatures_form(found: Sequence[Cosignature]) -> CosignaturesForm:
    return CosignaturesForm(
        cosignatures=tuple(
            CosignedForm(witness=c.witness.name, verifier=verifier_text(c.witness), time=seconds(c.time)) for c in found
        )
    )


def seconds(time: int) -> str:
    """Of seconds since 1970; what no calendar here can write is shown as its last instant."""
    return timestamp(min(time, 253_402_300_799) * 1_000_000)


def quorum_form(found: Quorum) -> QuorumForm:
    last = found.last
    return QuorumForm(
        size=found.size,
        cosigned=tuple(map(shown, last.cosignatures)) if last else (),
        missing=tuple(map(shown, last.missing)) if last else (),
    )


def shown(name: str) -> str:
    """A name of a policy may hold octets that are no text."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def views_form(found: Comparison) -> ViewsForm:
    return ViewsForm.model_validate(_views(found))


def comparison_form(found: Comparison) -> ComparisonForm:
    return ComparisonForm.model_validate(_views(found))


def _views(found: Comparison) -> dict[str, object]:
    return {
        "agreement": found.agreement.value,
        "origin": found.origin,
        "size": found.size,
        "first": _view(found.first),
        "second": _view(found.second),
    }


def _view(view: View) -> ViewForm:
    return ViewForm(name=view.name, size=view.point.size, root=f"sha256:{view.point.root.hex()}", note=view.note)


def stamp_form(found: Stamped) -> StampForm:
    return StampForm.model_validate(_stamp(found))


def time_stamp_form(found: Stamped) -> TimeStampForm:
    return TimeStampForm.model_validate(_stamp(found))


def _stamp(found: Stamped) -> dict[str, object]:
    data: dict[str, object] = {"size": found.size, "holds": found.holds, "late": found.late}
    if found.stamp is not None:
        stamp = found.stamp
        data |= {"time": timestamp(stamp.time), "accuracy": stamp.accuracy, "authority": stamp.authority}
        data |= {"policy": stamp.policy, "serial": str(stamp.serial), "hash": stamp.hash}
    if found.fault is not None:
        data["fault"] = found.fault.text()
    return data


def stamp_request_form(request: bytes, out: Path | None) -> StampRequestForm:
    asked = read_request(request)
    return StampRequestForm(
        hash=asked.hash,
        imprint=asked.imprint.hex(),
        nonce=str(asked.nonce),
        request=base64.b64encode(request).decode(),
        file=str(out or ""),
    )


def follows_form(key: NoteKey) -> FollowsForm:
    return FollowsForm(origin=key.name, verifier=verifier_text(key))


def witness_form(state: WitnessState) -> WitnessForm:
    return WitnessForm(
        name=state.name,
        followed=tuple(
            FollowedForm(
                origin=f.key.name,
                verifier=verifier_text(f.key),
                size=f.size,
                note=f.note,
                cosigned=seconds(f.cosigned) if f.note else None,
            )
            for f in state.followed
        ),
        refused=tuple(
            RefusedForm(origin=r.origin, seen=seconds(r.seen), reason=r.reason, held=r.held, offered=r.offered)
            for r in state.refused
        ),
    )

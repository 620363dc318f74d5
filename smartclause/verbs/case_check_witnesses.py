"""The checks of who else saw the ledger of a case: witnesses, time stamps, and what the contract agrees on them."""

from __future__ import annotations

from collections.abc import Sequence

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import timestamp
from smartclause.evidence.note import read_checkpoint, read_note
from smartclause.evidence.policy import knows
from smartclause.verbs.case_agreed import agreed_evidence
from smartclause.verbs.case_entries import ENTRIES, roots
from smartclause.verbs.case_files import CaseFiles
from smartclause.verbs.case_findings import Check, Fault, State, attempted, found_in
from smartclause.verbs.case_materials import POLICY, Materials, note_name
from smartclause.verbs.case_witnesses import (
    has_cosignatures,
    has_stamps,
    last_witnessed,
    ledger_key,
    policy_of,
    stamps,
)


def witness_check(materials: Materials, files: CaseFiles, given: bytes | None) -> Check:
    """Whether as many witnesses as the policy demands cosigned the newest checkpoint; by the policy of the case alone
    that is the exporter's own word."""
    policy, check = attempted("witnesses", lambda: policy_of(files, given))
    if check.state is State.FAILS or policy is None:
        unread = policy is None and has_cosignatures(materials)
        return Check("witnesses", State.OPEN, {"quorum": "no policy"}) if unread else check
    found, check = attempted("witnesses", lambda: last_witnessed(materials, policy))
    if check.state is State.FAILS:
        return check
    names = () if found is None else tuple(found.cosignatures)
    faults = []
    if found is None or not found.holds:
        faults.append(Fault(note_name(materials.covered), "fewer witnesses cosigned it than the policy demands"))
    if (
        found is not None
        and materials.keeper is not None
        and not knows(policy, ledger_key(materials, materials.keeper))
    ):
        faults.append(Fault(POLICY, "the policy does not know this ledger"))
    check = found_in("witnesses", faults, names=", ".join(names), size=materials.covered)
    return check if given is not None or faults else Check("witnesses", State.OPEN, check.values)


def kept_check(materials: Materials, kept: Sequence[bytes]) -> Check:
    """Whether the entries grew from each checkpoint that the reader kept: a case that ends before it was cut.

    Raises EvidenceError EV18 for a note that this ledger did not sign.
    """
    if materials.keeper is None:
        return Check("kept", State.OPEN)
    key = ledger_key(materials, materials.keeper)
    points = [read_checkpoint(read_note(note, [key]).text) for note in kept]
    if any(point.origin != key.name for point in points):
        raise EvidenceError("EV18", reason="it is of another ledger")
    computed, left = roots(materials.entries, [point.size for point in points]), len(materials.entries)
    faults = []
    for point in points:
        if point.size not in computed:
            faults.append(Fault(ENTRIES, f"the checkpoint you kept counts {point.size} entries; {left} are left"))
        elif computed[point.size] != point.root:
            faults.append(Fault(ENTRIES, f"the first {point.size} entries do not have the root of the one you kept"))
    return found_in("kept", faults, count=len(points), size=max((point.size for point in points), default=0))


def stamp_check(materials: Materials, files: CaseFiles, roots: bytes | None) -> Check:
    """Down to roots that the reader knows; with those of the case alone it is the exporter's own word."""
    if not has_stamps(files):
        return Check("stamps", State.HOLDS)
    found, check = attempted("stamps", lambda: tuple(stamps(materials, files, roots)))
    if found is None:
        return check
    if not found:  # nothing here can verify them: no certificates, or no program for it
        return Check("stamps", State.OPEN)
    faults = [Fault(s.name, s.fault.text(), s.fault) for s in found if s.fault is not None]
    faults += [
        Fault(s.name, "the entries under it say that they were received after its time") for s in found if s.late
    ]
    newest = max((s for s in found if s.stamp), key=lambda s: s.size, default=None)
    values: dict[str, object] = {"count": len(found), "size": 0, "time": "", "authority": ""}
    if newest is not None and newest.stamp is not None:
        values |= {"size": newest.size, "time": timestamp(newest.stamp.time), "authority": newest.stamp.authority}
    check = found_in("stamps", faults, **values)
    return Check("stamps", State.OPEN, check.values) if roots is None and not faults else check


def agreement_check(materials: Materials, witnesses: Check, stamped: Check) -> Check:
    """What the contract says of the keeping of evidence, beside what is there and does not rest on the case alone.
    Less than was agreed is no change of the case, but whoever relies on the agreement must know."""
    agreed = agreed_evidence((materials.bundle, *materials.amendments))
    if agreed is None:
        return Check("agreed", State.HOLDS)
    missing = []
    if agreed.stamped_by and (stamped.state is not State.HOLDS or not stamped.values):
        missing.append("stamps")
    names = witnesses.values.get("names", "").split(", ") if witnesses.state is State.HOLDS else []
    if agreed.witnessed_by and agreed.witnessed_by not in names:
        missing.append(agreed.witnessed_by)
    values = {
        "stamped_by": agreed.stamped_by,
        "witnessed_by": agreed.witnessed_by,
        "missing": ", ".join(missing),
    }
    return Check("agreed", State.OPEN if missing else State.HOLDS, values)

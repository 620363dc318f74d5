"""What one version of a trust store may change of the version before: what was true of the past stays.

Only a compromise reaches back. No key disappears, stands for another, or gains anything for the time gone by.
"""

from __future__ import annotations

from collections.abc import Iterator

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import instant
from smartclause.evidence.trust import Accepted, KeyRecord, TrustStore, chain_windows

FIXED = ("algorithm", "public_key", "party", "identity", "roles", "contracts", "valid_from", "replaces")


def check_change(before: TrustStore, after: TrustStore, place: str = "") -> None:
    """Raises EvidenceError EV28 with the key."""
    for key, reason in faults(before, after):
        raise EvidenceError("EV28", f"{place} {key}".strip(), reason=reason)


def faults(before: TrustStore, after: TrustStore) -> Iterator[tuple[str, str]]:
    """Key number (or nothing) and reason."""
    if before.issued is None or after.issued is None or after.root is None:
        yield "", "a version of a signed history names its root"
        return
    issued = instant(after.issued)
    if issued < instant(before.issued):
        yield "", "it was issued before the version before it"
    now = {record.id: record for record in after.keys}
    for old in before.keys:
        new = now.pop(old.id, None)
        found = "the key is gone" if new is None else _of_key(old, new, issued) or _of_chain(old, new, before, after)
        if found:
            yield old.id, found
    for record in now.values():
        if instant(record.valid_from) < issued or _begins_early(record.certificates, issued):
            yield record.id, "it would count before the version was issued"
    found = _of_accepted(before.issuers, after.issuers, issued)
    if found:
        yield "", found


def _of_key(old: KeyRecord, new: KeyRecord, issued: int) -> str:
    if any(getattr(old, name) != getattr(new, name) for name in FIXED):
        return "what a key stands for never changes; make a new key"
    if old.chain is not None and not set(old.chain) <= set(new.chain or ()):
        return "a certificate of its chain is gone"
    if old.chain is None and new.chain is not None:
        return "what a key stands for never changes; make a new key"
    return (
        _of_end(old.valid_until, new.valid_until, issued, may_be_moved=True)
        or _of_end(old.revoked, new.revoked, issued)
        or _of_compromise(old, new)
        or _of_accepted(old.certificates, new.certificates, issued)
    )


def _of_chain(old: KeyRecord, new: KeyRecord, before: TrustStore, after: TrustStore) -> str:
    """A certificate that joins the chain may state any beginning: for the time gone by it shows nothing new."""
    if old.chain == new.chain or after.issued is None:
        return ""
    last, known = instant(after.issued) - 1, sorted(chain_windows(old, before.issuers))
    for since, until in chain_windows(new, after.issuers):
        reached = since - 1
        for begins, ends in known:
            reached = max(reached, ends) if begins <= reached + 1 else reached
        if reached < min(until, last):
            return "a certificate would show the key for a time gone by"
    return ""


def _of_end(old: str | None, new: str | None, issued: int, *, may_be_moved: bool = False) -> str:
    """An end lies ahead when it is set; once it has passed it stays. A revocation is not taken back."""
    if old == new:
        return ""
    if old is not None and instant(old) < issued:
        return "an end that has passed stays"
    if new is not None and instant(new) < issued:
        return "an end before the version was issued; declare a compromise if it must reach back"
    if may_be_moved or old is None or (new is not None and instant(new) <= instant(old)):
        return ""
    return "a revocation is not taken back or put off"


def _of_compromise(old: KeyRecord, new: KeyRecord) -> str:
    if old.compromised_since is None:
        return ""
    if new.compromised_since is None or instant(new.compromised_since) > instant(old.compromised_since):
        return "a compromise is not taken back or put off"
    return "" if new.compromise_declared_by == old.compromise_declared_by else "who declared a compromise stays"


def _of_accepted(old: tuple[Accepted, ...], new: tuple[Accepted, ...], issued: int) -> str:
    left = {a.certificate: a for a in new}
    for known in old:
        now = left.pop(known.certificate, None)
        if now is None or now.since != known.since:
            return "an accepted certificate is gone or counts from another instant"
        found = _of_end(known.until, now.until, issued)
        if found:
            return found
    return "a certificate would count before the version was issued" if _begins_early((*left.values(),), issued) else ""


def _begins_early(accepted: tuple[Accepted, ...], issued: int) -> bool:
    return any(instant(a.since) < issued for a in accepted)

"""A contract and its amendments before the evidence (design 2.11).

An amendment counts only if all its parties, and those who left by it, have signed.
"""

from __future__ import annotations

from collections.abc import Sequence

from smartclause.engines.audit import Note
from smartclause.verbs.bundle import Bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.holders import Holders


def check_chain(base: Bundle, amendments: Sequence[Bundle]) -> None:
    """Each amends the one before. Raises VerbError VB29, VB30."""
    before = base
    for each in amendments:
        if each.contract.amends != before.document:
            raise VerbError("VB29", each.place, found=each.contract.amends or "-", wanted=before.document)
        left = {p.name for p in before.root.parties} - {p.name for p in each.root.parties}
        if left - set(each.root.former):
            raise VerbError("VB30", each.place, party=sorted(left - set(each.root.former))[0])
        before = each


def signed_ones(amendments: Sequence[tuple[Bundle, Holders]], draft: bool) -> tuple[int, tuple[Note, ...]]:
    """How many of the amendments all have signed, from the first; why the next does not count."""
    for number, (bundle, holders) in enumerate(amendments):
        missing = holders.unsigned()
        if missing and not draft:
            return number, (Note("amendment not signed", f"{bundle.root.version}: {', '.join(missing)}"),)
    return len(amendments), ()

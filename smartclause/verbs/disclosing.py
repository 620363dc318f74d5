"""Withheld facts that somebody opens: what was committed to joins the event, what stays withheld is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from smartclause.evidence.disclosure import (
    MAX_DISCLOSURES,
    NOTHING,
    Disclosures,
    commitment,
    disclosures,
    opened_facts,
    read_disclosures,
)
from smartclause.evidence.files import read_limited
from smartclause.verbs.reading import Opened
from smartclause.verbs.sources import Records


def open_disclosures(path: Path | None) -> Disclosures:
    """One disclosure on each line. Raises EvidenceError EV01, EV02, EV08, EV19."""
    if path is None:
        return NOTHING
    return disclosures(read_disclosures(read_limited(path, MAX_DISCLOSURES), path.name))


def disclosed(opened: Iterable[Opened], given: Disclosures) -> tuple[Opened, ...]:
    """Raises EvidenceError EV30. A disclosure for an event that is not there opens nothing; of several versions of an
    event it opens those that committed to it, so that whoever signs a second one keeps nothing shut.
    """
    items = tuple(opened)
    numbers: dict[str, set[str]] = {}
    for item in items:
        numbers.setdefault(item.body.id, set()).update(item.body.sd)
    return tuple(disclosed_in(item, _fitting(item, given, numbers[item.body.id])) for item in items)


def _fitting(item: Opened, given: Disclosures, committed: Collection[str]) -> Disclosures:
    """Without what only another version of the event committed to."""
    mine = given.by_event.get(item.body.id, ())
    if not mine or len(committed) == len(item.body.sd):
        return given
    others = {number for number in committed if number not in item.body.sd}
    return replace(given, by_event={item.body.id: tuple(one for one in mine if commitment(one) not in others)})


def disclosed_in(item: Opened, given: Disclosures) -> Opened:
    mine = given.by_event.get(item.body.id, ())
    return replace(item, disclosed=opened_facts(item.body, mine)) if mine else item


def with_disclosures(records: Records, given: Disclosures) -> Records:
    """Raises EvidenceError EV30."""
    return replace(records, opened=disclosed(records.opened, given), disclosures=given.digest)

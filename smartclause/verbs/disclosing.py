"""Withheld facts that somebody opens: what was committed to joins the event, what stays withheld is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from smartclause.evidence.disclosure import (
    MAX_DISCLOSURES,
    NOTHING,
    Disclosures,
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
    """Raises EvidenceError EV30. A disclosure for an event that is not there opens nothing."""
    return tuple(disclosed_in(item, given) for item in opened)


def disclosed_in(item: Opened, given: Disclosures) -> Opened:
    mine = given.by_event.get(item.body.id, ())
    return replace(item, disclosed=opened_facts(item.body, mine)) if mine else item


def with_disclosures(records: Records, given: Disclosures) -> Records:
    """Raises EvidenceError EV30."""
    return replace(records, opened=disclosed(records.opened, given), disclosures=given.digest)

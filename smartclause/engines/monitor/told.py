"""What the monitor tells: of acts, of duties, and of records that did not stay where they claimed to be. Data only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from smartclause.logic.counting import Instant
from smartclause.logic.finding import Reason
from smartclause.logic.instances import Instance
from smartclause.logic.verdict import Decision

DUE_SOON = "due soon"
_OVER = ("fulfilled", "waived", "violated", "cured")
NO_LONGER = "no longer owed"  # a record that came late, or a fact shown since, takes the ground away


@dataclass(slots=True)
class DutyTold:
    """A duty has another status than before; `was` empty: it was not known. `at`: when it came to be so. `early`: a
    line that is still agreed to come may make it otherwise."""

    at: Instant
    status: str
    was: str
    instance: Instance
    early: bool = False

    @property
    def corrects(self) -> bool:
        """What was told as settled is so no more: time alone never makes one of these another, but for a cure."""
        over = self.was in _OVER and self.status not in (self.was, DUE_SOON)
        return over and (self.was, self.status) != ("violated", "cured")


@dataclass(slots=True)
class ActTold:
    """The verdict on an act; `was` and `was_final` are those of a verdict told before, which this one corrects or
    makes final. `clauses` are those that forbid it or, of an undecided act, that are unknown. `early`: a line that is
    still agreed to come may make it otherwise."""

    at: Instant
    event: str
    type: str
    by: str
    decision: Decision
    final: bool
    clauses: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    was: Decision | None = None
    was_final: bool = False
    early: bool = False

    @property
    def corrects(self) -> bool:
        return self.was is not None and self.was is not self.decision


@dataclass(slots=True)
class MovedTold:
    """A record counts at another instant than it claims: it came later than agreed, or before a mark of its source."""

    at: Instant
    event: str
    claimed: Instant


Told: TypeAlias = DutyTold | ActTold | MovedTold

"""What the monitor is asked for, whom it tells, and what it counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from smartclause.engines.monitor.placing import NEVER
from smartclause.engines.monitor.told import ActTold, DutyTold, MovedTold, Told
from smartclause.evidence.errors import EvidenceError
from smartclause.logic.counting import Instant
from smartclause.logic.instances import DutyStatus, Instance
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import Decision
from smartclause.verbs.errors import VerbError
from smartclause.verbs.monitor_feed import PIECE


@dataclass(slots=True)
class RefusedLine:
    """A line that says nothing that can be used, and why."""

    line: int
    fault: VerbError | EvidenceError


@dataclass(slots=True)
class Stands:
    """How a duty stands at the instant asked about: told of each that is not over, and of each that was
    missed, also where it was made good late."""

    instance: Instance


Telling: TypeAlias = Told | RefusedLine | Stands


class Teller(Protocol):
    """Who is told. `number` counts what was told."""

    number: int

    def ready(self, lookup: Lookup) -> None:
        """Before anything is told: the contract was read."""
        ...

    def tell(self, telling: Telling) -> None: ...

    def settle(self) -> int:
        """What was told is on the disk; how long it is there."""
        ...

    def resume(self, length: int, number: int) -> None:
        """What was told after so much will be told again."""
        ...


@dataclass
class Tally:
    """What was read and found. `upto`: the instant to which time has come; NEVER if nothing was read."""

    lines: int = 0
    records: int = 0
    refused_lines: Counter[str] = field(default_factory=Counter)
    moved: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    duties: Counter[str] = field(default_factory=Counter)
    upto: Instant = NEVER

    @property
    def is_clean(self) -> bool:
        """No act refused and no duty missed, as far as time has come."""
        missed = self.duties[DutyStatus.VIOLATED.value] + self.duties[DutyStatus.CURED.value]
        return not self.acts[Decision.REFUSED.value] and not missed

    @property
    def is_undecided(self) -> bool:
        hanging = self.duties[DutyStatus.UNPROVEN.value] + self.duties[DutyStatus.AWAITING.value]
        return bool(self.acts[Decision.UNDECIDED.value] or hanging or self.refused_lines.total())


@dataclass(frozen=True)
class Settings:
    """`soon`: how long before its due a duty is told as due soon. `lag`: by how much a line may come late; `settled`:
    what is told waits until no line can change it, otherwise it is told at once and corrected. `wanted`: statuses and
    decisions that are told, all if None. `follow`: wait for more at the end of the file, looking again after `poll`
    seconds; `state` is written every `every` seconds. `slow`: by the reference."""

    attested: bool = False
    draft: bool = False
    lag: Instant = 0
    soon: Instant | None = None
    at: Instant | None = None
    tells_all: bool = True
    wanted: frozenset[str] | None = None
    follow: bool = False
    poll: float = 0.5
    state: Path | None = None
    every: float = 10.0
    piece: int = PIECE
    slow: bool = False
    settled: bool = False

    @property
    def is_early(self) -> bool:
        """Whether what is told inside the lag may be corrected. What stands at an instant is told at the end."""
        return self.lag > 0 and not self.settled and self.at is None

    def about(self) -> dict[str, Any]:
        """What a run that goes on must have in common with the one before."""
        wanted = None if self.wanted is None else sorted(self.wanted)
        return {
            "attestation": [self.attested, self.draft], "lag": [self.lag, self.settled],
            "notice before a due": self.soon, "instant": self.at, "choice of what is told": [self.tells_all, wanted],
        }  # fmt: skip


PLAIN = Settings()


def is_wanted(told: Told, settings: Settings) -> bool:
    """A correction is told wherever what it corrects was."""
    wanted = settings.wanted
    match told:
        case ActTold():
            words = {told.decision.value} | ({told.was.value} if told.corrects and told.was is not None else set())
            chosen = wanted is None or bool(wanted & words)
            return chosen and (settings.tells_all or told.corrects or told.decision is not Decision.ALLOWED)
        case DutyTold():
            return wanted is None or told.status in wanted or (told.corrects and told.was in wanted)
        case MovedTold():
            return True

"""`decide_many`: many acts, one on each line or row, each answered in its place; what is no act is counted and told.

As with a held decider what counts as shown is the caller's word, and no answer is final.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.trust import TrustSource
from smartclause.logic.counting import Instant
from smartclause.logic.verdict import Decision
from smartclause.verbs.csv_acts import Row, each_row
from smartclause.verbs.decider import Decider, open_decider
from smartclause.verbs.errors import VerbError
from smartclause.verbs.joint_decider import JointDecider, open_joint_decider
from smartclause.verbs.lines import Line, each_line, lines_in


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """`line` as an editor counts. `decision` None: the line is no act, and `fault` says why."""

    line: int
    decision: Decision | None
    fault: VerbError | EvidenceError | None = None


@dataclass(slots=True)
class Decided:
    """How many lines were answered how; `unusable` by the code of the fault."""

    decisions: dict[Decision, int] = field(default_factory=lambda: dict.fromkeys(Decision, 0))
    unusable: dict[str, int] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        return sum(self.decisions.values()) + sum(self.unusable.values())

    def count(self, line: DecidedLine) -> None:
        if line.decision is not None:
            self.decisions[line.decision] += 1
        elif line.fault is not None:
            self.unusable[line.fault.code] = self.unusable.get(line.fault.code, 0) + 1


def decide_many(
    contract: Path,
    acts: Path,
    told: Callable[[DecidedLine], object],
    *,
    trust: TrustSource | None,
    ledger: Path | None = None,
    nothing_recorded: bool = False,
    register: Path | None = None,
    members: tuple[Path, ...] = (),
    amended_by: tuple[Path, ...] = (),
    signed_at: Instant | None = None,
    attested: frozenset[str] = frozenset(),
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> Decided:
    """Each line is told before the next one is read; `-` is standard input. Raises EvidenceError, VerbError where
    nothing can be asked at all."""
    decider: Decider | JointDecider
    if trust is None:
        raise VerbError("VB11", what="trust store", option="--trust FILE")
    if register is not None or amended_by:
        decider = open_joint_decider(
            contract, trust=trust, register=register, members=members, amended_by=amended_by, signed_at=signed_at,
            ledger=ledger, nothing_recorded=nothing_recorded, folders=folders, clock=clock,
        )  # fmt: skip
    else:
        decider = open_decider(
            contract, trust=trust, ledger=ledger, nothing_recorded=nothing_recorded, folders=folders, clock=clock
        )
    found = Decided()
    with nullcontext(sys.stdin.buffer) if str(acts) == "-" else nullcontext() as given:
        for line in _acts(acts, decider) if given is None else lines_in(given):
            answer = _answered(decider, line.number, line.needed, attested)
            found.count(answer)
            told(answer)
    return found


def _acts(path: Path, decider: Decider | JointDecider) -> Iterator[Line] | Iterator[Row]:
    """Lines of JSON, or the rows of a form that was filled in."""
    return each_row(path, decider.lookup) if path.suffix.lower() == ".csv" else each_line(path)


def _answered(
    decider: Decider | JointDecider, number: int, content: Callable[[], bytes], attested: frozenset[str]
) -> DecidedLine:
    try:
        return DecidedLine(number, decider.from_json(content(), attested=attested))
    except (VerbError, EvidenceError) as fault:
        return DecidedLine(number, None, fault)

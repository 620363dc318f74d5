"""What a question over all acts comes back with: proved, refuted by an act that shows it, or not proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from smartclause.logic.contract import Line
from smartclause.logic.verdict import Verdict
from smartclause.logic.world import Record, World


@dataclass(frozen=True, slots=True)
class Witness:
    """An act with the history before it, as lines of a scenario; judged by the reference, as a draft.

    The act is the last line. `world` and `act` are what the reference judged.
    """

    lines: tuple[Line, ...]
    verdict: Verdict
    world: World
    act: Record


@dataclass(frozen=True, slots=True)
class Proved:
    """No act shows the contrary, whatever its history and of any length.

    `example`: where the claim is that something is possible, an act that shows it.
    """

    example: Witness | None = None


@dataclass(frozen=True, slots=True)
class Refuted:
    """`witness` None: the solver alone found the act; enough where nothing is wrong with what it shows."""

    witness: Witness | None = None


@dataclass(frozen=True, slots=True)
class NotProven:
    """`why`: "limit" (the effort allowed was spent), "history" (an abstract act was found, but no history that the
    reference confirms, among those of at most `bound` records of a kind), "undefined" (the reference confirms no such
    act), "no act" (there is nothing that the question could be asked of)."""

    why: Literal["limit", "history", "undefined", "no act"]
    bound: int | None = None


Answer: TypeAlias = Proved | Refuted | NotProven

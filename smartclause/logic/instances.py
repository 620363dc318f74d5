"""One duty towards one recipient for one key: what opened it, its status, since when (design 2.8)."""

from dataclasses import dataclass
from enum import Enum

from smartclause.logic.counting import Instant, Span
from smartclause.logic.finding import Read, Reason
from smartclause.logic.record import Event
from smartclause.logic.terms import Value
from smartclause.logic.truth import Truth, known
from smartclause.logic.world import Record

AFTER_ALL = 2**62  # an index after every record of an instant


class DutyStatus(Enum):
    OPEN = "open"
    FULFILLED = "fulfilled"
    WAIVED = "waived"
    VIOLATED = "violated"
    CURED = "cured"
    AWAITING = "awaiting records"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Instance:
    """One duty towards one recipient for one key. `since`: the due, where it is breached; `answered`: by which
    event and when; `holds`: whether the trigger surely occurred and no exception surely applies."""

    clause: str
    sentence: int
    party: str
    recipient: str
    keys: tuple[tuple[str, Value | None], ...]
    trigger: str
    start: Instant
    due: Span
    holds: Truth
    status: DutyStatus
    since: Instant | None = None
    answered: str = ""
    answered_at: Instant | None = None
    reasons: tuple[Reason, ...] = ()
    reads: tuple[Read, ...] = ()
    otherwise: "Instance | None" = None
    is_otherwise: bool = False
    doubtful: bool = False  # an answer or a waiver that may exist
    ended: Instant | None = None  # of a standing breach: when the condition held again; of a repeated: the next act
    relieved: bool = False  # waived after due: the breach stays, nothing more is owed
    latest_start: Instant | None = None  # None beside `unsure_start`: any time
    unsure_start: bool = False
    repeated: bool = False  # violated only until the next act

    def started_by(self, at: Instant) -> bool:
        """Whether the clock had surely started then."""
        if not self.unsure_start:
            return at >= self.start
        return self.latest_start is not None and at >= self.latest_start


@dataclass(frozen=True, slots=True)
class Opening:
    """What starts a duty: the record in view, when the clock starts, and the truth that it started."""

    record: Record
    start: Instant
    latest_start: Instant | None
    holds: Truth
    reasons: tuple[Reason, ...]
    reads: tuple[Read, ...]
    keys: tuple[tuple[str, Value | None], ...]
    dated: Instant | None = None  # the instant whose dated values count: the trigger's; None: the start


def nobody(party: str, at: Instant) -> Record:
    """A record in view that states nothing: the start of force, a due."""
    return Record(Event("", "", at, party), at, at)


def equal(one: Value | None, other: Value | None) -> Truth:
    if one is None or other is None:
        return Truth.UNKNOWN
    return known(one == other)


def violated(instance: Instance, ever: bool) -> Truth:
    match instance.status:
        case DutyStatus.VIOLATED:
            if instance.ended is not None and not ever:
                return Truth.FALSE
            return _not_surely_cured(instance, ever)
        case DutyStatus.CURED:
            return known(ever)
        case DutyStatus.AWAITING | DutyStatus.UNPROVEN:
            # A standing duty is violated while its condition is false (design 2.9): once it surely holds again, what
            # it was in an unproven stretch is no matter.
            return Truth.FALSE if instance.ended is not None and not ever else Truth.UNKNOWN
        case _:
            return Truth.FALSE


def _not_surely_cured(instance: Instance, ever: bool) -> Truth:
    """Violated, unless the `otherwise` may have been done in time."""
    second = instance.otherwise
    unsettled = second is not None and second.status in (DutyStatus.UNPROVEN, DutyStatus.AWAITING)
    doubtful = unsettled or (second is not None and second.doubtful) or (instance.repeated and instance.doubtful)
    return Truth.UNKNOWN if doubtful and not ever else Truth.TRUE

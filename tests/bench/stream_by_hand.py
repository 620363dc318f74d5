"""The four properties of `policies/stream.clause` as a programmer writes them: one loop over the lines of a file."""

import json
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

DAY = 86_400
HOUR = 3_600
WINDOW = 24 * HOUR
NOTICE = 72 * HOUR
RECORDS_DUE = 24 * HOUR
MOST = 100


@dataclass
class Found:
    """What is refused, missed or still owed at the end."""

    without_consent: int = 0
    deletions: tuple[int, int, int] = (0, 0, 0)  # violated, awaiting records, open
    notices: tuple[int, int, int] = (0, 0, 0)
    accesses_refused: int = 0


@dataclass
class Owed:
    """Dues by key, until they are answered."""

    dues: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    late: list[float] = field(default_factory=list)

    def answer(self, key: str, at: float) -> None:
        self.late += [due for due in self.dues.pop(key, ()) if at > due]

    def left(self, now: float) -> tuple[int, int, int]:
        """What was done in time may still be recorded for a day."""
        missed = [due for dues in self.dues.values() for due in dues] + self.late
        violated = sum(due <= now - RECORDS_DUE for due in missed)
        still_open = sum(due >= now for due in missed)
        return violated, len(missed) - violated - still_open, still_open


def follow(lines: Iterable[str | bytes]) -> Found:
    found = Found()
    consents: dict[str, bool] = {}
    reads: dict[str, deque[float]] = defaultdict(deque)
    deletions, notices = Owed(), Owed()
    at = 0.0
    for line in lines:
        event = json.loads(line)
        kind, facts = event["type"], event["facts"]
        at = datetime.fromisoformat(event["time"]).timestamp()
        if kind == "stream_policy.use":
            if not consents.get(facts["subject"]):
                found.without_consent += 1
        elif kind == "stream_policy.read":
            recent = reads[facts["accessor"]]
            oldest = at - WINDOW
            while recent and recent[0] < oldest:
                recent.popleft()
            recent.append(at)
            if len(recent) > MOST:
                found.accesses_refused += 1
        elif kind == "stream_policy.consent":
            consents[facts["subject"]] = facts["consent_state"] == "stream_policy.given"
        elif kind == "stream_policy.deletion_request":
            # the day of the request is not counted, and the period ends with its last day
            deletions.dues[facts["subject"]].append((at // DAY + 16) * DAY - 1e-6)
        elif kind == "stream_policy.delete":
            deletions.answer(facts["subject"], at)
        elif kind == "stream_policy.breach":
            notices.dues[facts["incident"]].append(at + NOTICE)
        elif kind == "stream_policy.notify" and event.get("to") == "A":
            notices.answer(facts["incident"], at)
    found.deletions, found.notices = deletions.left(at), notices.left(at)
    return found

"""`monitor`: follows records as they come, and tells what becomes open, due soon, fulfilled, violated, refused.

Lines of plain JSON have no attested times: what is told of them is never final. Time is that of the records; a wall
clock is read only to look for more of a file that grows, and to write the state now and then.
"""

from __future__ import annotations

from pathlib import Path

from smartclause.evidence.ledger import Clock, system_clock
from smartclause.evidence.trust import TrustSource
from smartclause.logic.counting import Instant
from smartclause.logic.opening import beginning
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import need_trust, open_contract, open_register, open_trust
from smartclause.verbs.matter import matter_of
from smartclause.verbs.monitor_following import Following
from smartclause.verbs.monitor_reference import Under
from smartclause.verbs.monitor_settings import PLAIN, RefusedLine, Settings, Stands, Tally, Teller, Telling
from smartclause.verbs.monitor_signed import follow_signed
from smartclause.verbs.monitor_source import opened_source
from smartclause.verbs.sources import is_ledger

__all__ = ["RefusedLine", "Settings", "Stands", "Tally", "Teller", "Telling", "monitor"]


def monitor(
    contract: Path,
    source: Path,
    teller: Teller,
    *,
    trust: TrustSource | None = None,
    register: Path | None = None,
    members: tuple[Path, ...] = (),
    amended_by: tuple[Path, ...] = (),
    signed_at: Instant | None = None,
    segments: Path | None = None,
    settings: Settings = PLAIN,
    folders: tuple[Path, ...] = (),
    clock: Clock = system_clock,
) -> Tally:
    """`source` is a ledger, lines of envelopes, or lines of plain JSON. `register`, `members`, `amended_by` and
    `signed_at` are those of `audit`, for signed records only. `clock` is the wall clock, read only while a ledger is
    followed as it grows. Raises EvidenceError, VerbError.
    """
    bundle = open_contract(contract, folders)
    if is_ledger(source) or _is_signed(source):
        store = need_trust(trust)
        opened = None if register is None else open_register(register, store, clock())
        others = tuple(open_contract(m, folders) for m in members)
        under = Under(bundle, store, opened, others, tuple(open_contract(a, folders) for a in amended_by), signed_at)
        return follow_signed(under, source, teller, settings, segments, clock)
    if register is not None or amended_by:
        raise VerbError("VB63")
    matter = matter_of(bundle, open_trust(trust), draft=settings.draft)
    if not (settings.attested or settings.draft):
        raise VerbError("VB47")
    following = Following(matter, settings, teller, source)
    with opened_source(source) as file:
        following.resume(file)
        teller.ready(matter.main.reader.lookup)
        try:
            following.follow(file)
        except KeyboardInterrupt:
            following.leave(file)
            return following.tally_now()
        except VerbError:
            following.leave(file)
            raise
        following.checkpoint(file)
    return following.end()


def _is_signed(source: Path) -> bool:
    """Whether the first line is an envelope; of a pipe nothing is taken."""
    try:
        return source.is_file() and b'"payloadType"' in beginning(source, 4096).split(b"\n")[0]
    except OSError:
        return False

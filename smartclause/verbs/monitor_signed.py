"""Signed records followed by the monitor: what is told of them, and the state from which a run that ended goes on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from smartclause.engines.monitor.told import MovedTold, Told
from smartclause.evidence.ledger import Clock
from smartclause.verbs.errors import VerbError
from smartclause.verbs.monitor_entries import EntryReader
from smartclause.verbs.monitor_ledger import LedgerFollowing, judging_of
from smartclause.verbs.monitor_reference import Under
from smartclause.verbs.monitor_settings import Settings, Stands, Tally, Teller, is_wanted
from smartclause.verbs.monitor_state import Saved, read_state, write_state


def follow_signed(
    under: Under, source: Path, teller: Teller, settings: Settings, segments: Path | None, clock: Clock
) -> Tally:
    """Raises EvidenceError, VerbError."""
    about = {"contract": under.bundle.document, "source": source.name, "judged under": under.about, **settings.about()}
    quiet, tally = settings.at is not None, Tally()

    def tell(told: Told) -> None:
        tally.moved += isinstance(told, MovedTold)
        if not quiet and is_wanted(told, settings):
            teller.tell(told)

    judging = judging_of(under, settings.soon, settings.slow)
    following = LedgerFollowing(judging, EntryReader(source, under.trust, segments), tell)

    def kept() -> None:
        if settings.state is not None:
            data = {
                "count": judging.count, "now": judging.now, "checkpointed": following.checkpointed,
                "told": teller.number, "length": teller.settle(), "read": following.digest(),
            }  # fmt: skip
            write_state(settings.state, Saved(about, data))

    before = None if settings.state is None else read_state(settings.state, about)
    if before is not None and settings.state is not None:
        _resume(following, before, settings.state, clock)
    teller.resume(0 if before is None else before["length"], 0 if before is None else before["told"])
    teller.ready(under.bundle.lookup)
    with suppress(KeyboardInterrupt):
        following.follow(settings.at, settings.follow, settings.poll, kept, clock)
    for instance in judging.standing() if quiet else ():
        teller.tell(Stands(instance))
    tally.lines = tally.records = judging.count
    tally.upto, tally.acts, tally.duties = judging.now, judging.acts(), judging.duties()
    return tally


def _resume(following: LedgerFollowing, before: dict[str, Any], state: Path, clock: Clock) -> None:
    names = ("count", "now", "checkpointed", "told", "length")
    if any(type(before.get(name)) is not int for name in names):
        raise VerbError("VB53", state.name, reason="it is no state that the monitor wrote")
    count, now, checkpointed = (before[name] for name in names[:3])
    following.resume(count, now, checkpointed, clock)
    if following.judging.count < count:
        raise VerbError("VB53", state.name, reason="the source is shorter than what was read of it")
    if before.get("read") != following.digest():
        raise VerbError("VB53", state.name, reason="the source is another than the one that was read")

"""Who judges for the monitor: the first core that can follow the contract, and the reference for the rest."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from smartclause.engines.audit import Judged
from smartclause.engines.monitor.booked import BookedCore
from smartclause.engines.monitor.core import Core
from smartclause.engines.monitor.fast import FastCore
from smartclause.engines.monitor.placing import Placing
from smartclause.engines.monitor.shell import EarlyMonitor, Monitor
from smartclause.engines.monitor.stored import StoredCore
from smartclause.logic.answers import DEFAULT_RECORDS_DUE
from smartclause.logic.counting import Instant
from smartclause.logic.record import Event, Source
from smartclause.logic.world import Record, World, build, length
from smartclause.rails.refused import CannotDo
from smartclause.verbs.matter import History, Matter, judge
from smartclause.verbs.monitor_settings import Settings


def monitor_of(matter: Matter, settings: Settings) -> Monitor:
    shell = EarlyMonitor if settings.is_early else Monitor
    return shell(core_of(matter, settings), Placing(settings.lag))


def core_of(matter: Matter, settings: Settings) -> Core:
    """The fast core takes records in their order only."""
    if settings.slow:
        return slow_core(matter, settings.soon)
    main, keeps = matter.main, settings.at is not None
    lookup, signed, document = main.reader.lookup, main.reader.holders.signed(), main.bundle.document

    def party_of(name: str) -> str:
        return name if name in main.parties else ""

    if not (settings.is_early or main.bundle.is_open):
        with suppress(CannotDo):
            return FastCore(
                lookup, signed, matter.draft, document, settings.soon, settings.tells_all, settings.wanted, party_of,
                keeps,
            )  # fmt: skip
    with suppress(CannotDo):
        return BookedCore(
            lookup, signed, matter.draft, document, settings.soon, party_of, keeps, not settings.is_early,
            main.parties if main.bundle.is_open else None,
        )  # fmt: skip
    return slow_core(matter, settings.soon)


def slow_core(matter: Matter, soon: Instant | None) -> StoredCore:
    main = matter.main
    lookup, signed = main.reader.lookup, main.reader.holders.signed()

    def builds(events: list[Event], sources: tuple[Source, ...], asked: Instant) -> World:
        return build(lookup, events, asked, sources=sources, signed=signed, draft=matter.draft)

    def judges(world: World, record: Record) -> Judged:
        return judged_in(matter, world, record)

    def party_of(name: str) -> str:
        return name if name in main.parties else ""

    grace = length(main.bundle.root.header.records_due or DEFAULT_RECORDS_DUE)
    return StoredCore(builds, judges, main.bundle.document, soon, grace, party_of)


def judged_in(matter: Matter, world: World, record: Record) -> Judged:
    """Never final: nobody attests the times."""
    history = History(matter, (), world.asked)
    history.assume(matter.main, world)
    found = judge(history, record.event, record.instant, lambda _member, _world: record)
    return replace(found, final=False)

"""Random contracts and streams for the monitor, and the two cores over them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from smartclause.engines.audit import Judged
from smartclause.engines.monitor.booked import BookedCore
from smartclause.engines.monitor.fast import FastCore
from smartclause.engines.monitor.stored import StoredCore
from smartclause.logic.contract import Contract, Header
from smartclause.logic.counting import local_date
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer, Source
from smartclause.logic.register import overall
from smartclause.logic.terms import LatestHas, Order, Some, Term
from smartclause.logic.verdict import judge_act
from smartclause.logic.world import Record, World, build
from tests.logic.builders import (
    HOUR,
    NOON,
    TIMES,
    clause,
    compare,
    contract,
    count,
    days,
    either,
    ensure,
    hours,
    must,
    number,
    repeatedly,
)
from tests.strategies import FACTS, LISTS, PAST, Maker

SHOWN = (Signer("the caller", EVERYONE),)


@dataclass(frozen=True)
class Stream:
    """A contract and its records, in the order of their times."""

    contract: Contract
    events: tuple[Event, ...]

    @property
    def lookup(self) -> Lookup:
        return Lookup(self.contract)


def wide_stream(seed: int, size: int = 12) -> Stream:
    """Every construct: duties on controlled acts, clocks, breaches that open duties, repeated and standing duties."""
    make = Maker(seed)
    clauses = [clause(str(n), make.norm(), applies=make.one(clause("0").applies, made_applies(make))) for n in (1, 2)]
    clauses.append(clause("50", make.duty()))
    clauses += make.one([], [clause("51", must("B", "erase", hours(24), breached="50", key="incident"))])
    clauses += make.one([], [clause("52", repeatedly(make.one("A", "B"), "notify", make.one(hours(30), days(2))))])
    clauses += make.one([], [clause("53", ensure(make.one("A", "B"), make.history_term()))])
    header = make.one(Header(), Header(since=local_date(NOON - 4 * 24 * HOUR, "UTC")))
    given = contract(*clauses, parameters=LISTS, header=header)
    return Stream(given, tuple(events(make, size)))


class Asker(Maker):
    """Asks the past only what the fast core keeps little for."""

    def history_term(self) -> Term:
        asked = self.query()
        name = asked.event.removeprefix("m.")
        figure = number(self.randint(0, 3), TIMES)
        counted = replace(count(name), query=asked)
        return self.one(
            Some(asked), LatestHas(asked, self.field_term(name)), compare(self.one(*Order), counted, figure),
            compare(self.one(*Order), figure, counted),
        )  # fmt: skip

    def breach_term(self) -> Term:
        return self.history_term()


def stream(seed: int, size: int = 14, maker: type[Maker] = Asker) -> Stream:
    make = maker(seed)
    clauses = [clause(str(n), make.norm(), applies=make.one(either(), made_applies(make))) for n in range(1, 4)]
    clauses = [replace(c, applies=c.applies if c.applies != either() else clause("0").applies) for c in clauses]
    clauses.append(clause("50", duty(make)))
    if make.often(0.5):
        clauses.append(clause("51", duty(make)))
    given = contract(*clauses, parameters=LISTS, header=Header())
    return Stream(given, tuple(events(make, size)))


def made_applies(make: Maker):
    return make.one(make.history_term(), make.field_term("share"))


def duty(make: Maker):
    party = make.one("A", "B")
    where = make.one(either(), either(), make.field_term("breach"))
    where = clause("0").applies if where == either() else where
    lifted = make.one(either(), either(), make.field_term("breach"), make.history_term())
    second = must(party, make.one("notify", "erase"), hours(24), when="")
    if second.answers[0].act == "m.notify":
        second = replace(second, keys=("incident",))
    return must(
        party, make.one("notify", "erase", "notify erase"), make.one(hours(1), hours(24), hours(30)),
        make.one("breach", "loss", "breach loss"), where, make.one("", "AB".replace(party, "")), except_=lifted,
        otherwise=make.one(None, second), answer=make.one(clause("0").applies, make.history_term()),
    )  # fmt: skip


def events(make: Maker, size: int) -> Iterator[Event]:
    at = NOON - 3 * 24 * HOUR
    for n in range(size):
        at += make.one(0, 0, HOUR, HOUR, 10 * HOUR, 14 * HOUR, 26 * HOUR, 24 * HOUR, HOUR - 1, HOUR + 1)
        if make.often(0.1):
            yield Event(f"h{n}", "heartbeat", at, source=make.one("A", "B"), index=n)
            continue
        if make.often(0.1):
            facts = {"clause": make.one("50", "51", "m.50"), "incident": make.one("s1", "s2")}
            yield Event(f"w{n}", "waiver", at, make.one("A", "B"), facts=facts, signers=SHOWN, index=n)
            continue
        if make.often(0.02):
            yield Event(f"t{n}", "termination", at, make.one("A", "B"), facts={"contract": "m"}, signers=SHOWN, index=n)
            continue
        name = make.one(*PAST, "notify", "erase", "breach", "notify", "erase", "breach", "use")
        facts = make.facts(name, True, 0.8) if name in FACTS else {"incident": make.one("s1", "s2"), "subject": "s1"}
        if name == "notify":
            facts.pop("subject")
        yield Event(
            f"r{n}", f"m.{name}", at, make.one("A", "B", "B"), make.one("A", "B"), "set-1", facts, SHOWN, "", index=n
        )


def slow(given: Stream, soon: int | None = None, draft: bool = True) -> StoredCore:
    lookup = given.lookup

    def builds(found: list[Event], sources: tuple[Source, ...], asked: int) -> World:
        return build(lookup, found, asked, sources=sources, draft=draft)

    def judges(world: World, record: Record) -> Judged:
        verdict = judge_act(world, record)
        event = record.event
        name = None if lookup.is_controlled(event.type) and not event.asset else lookup.contract.module
        return Judged(overall(name, {lookup.contract.module: verdict}, {lookup.contract.module: lookup}, event.type))

    return StoredCore(builds, judges, "", soon)


def booked(
    given: Stream, soon: int | None = None, draft: bool = True, keeps: bool = False, settles: bool = True
) -> BookedCore:
    return BookedCore(given.lookup, {}, draft, "", soon, keeps_breaches=keeps, settles=settles)


def fast(given: Stream, soon: int | None = None, draft: bool = True, keeps: bool = False) -> FastCore:
    return FastCore(given.lookup, {}, draft, "", soon, keeps_breaches=keeps)

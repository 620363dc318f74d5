"""Random histories for a contract: records in their order of arrival, how far sources are complete, acts to judge.

A case is made again from its seed. Histories are of two kinds: a ledger, whose entries have received times in
order, and lines, which have none and may come in any order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from smartclause.logic.completeness import END, when_auditing, when_deciding
from smartclause.logic.contract import Contract, Duty, EventTrigger, EventType, FieldType, Module, Repeated
from smartclause.logic.counting import Duration, Instant, Unit, due, start_of_day
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import EVERYONE, Event, Signer, Source, Trust
from smartclause.logic.terms import Const, Kind, Money, Query, Value, walk
from smartclause.logic.walking import terms_of
from smartclause.logic.world import EXISTENCE, Cloud, Record, World, build, place
from tests.agreement import setting as s
from tests.agreement.contracts import Drafter, contract_of, owed_by

LONG = 40  # records at most, in a history that is read as a table


@dataclass(frozen=True)
class Case:
    """A contract and a history: what is recorded, and acts that are only asked for."""

    contract: Contract
    records: tuple[Event, ...]
    asked: Instant
    proposed: tuple[Event, ...] = ()
    sources: tuple[Source, ...] = ()
    clouds: tuple[Cloud, ...] = ()
    signed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    draft: bool = False
    seed: str = ""

    def world(self) -> World:
        return build(
            Lookup(self.contract), self.records, self.asked, sources=self.sources, clouds=self.clouds,
            signed=self.signed, draft=self.draft,
        )  # fmt: skip

    def acts_asked(self, world: World) -> list[Record]:
        return [place(world.lookup, act) for act in self.proposed]


def case_of(seed: int, number: int) -> Case:
    """The same contract for every `number`, another history."""
    return Historian(contract_of(seed), f"{seed}/{number}").case()


def table_of(seed: int) -> Case:
    """One long history: every act in it is judged at its own place."""
    return Historian(contract_of(seed), f"{seed}/table").case(LONG)


def ledgers_of(seed: int, count: int, most: int = 12) -> list[Case]:
    """Many histories under one contract that can be audited together."""
    return Historian(contract_of(seed), f"{seed}/ledgers").cases(count, most)


def signed_of(seed: int) -> Case:
    """A history that a ledger takes: most facts are shown, entries are received in order."""
    historian = Historian(contract_of(seed), f"{seed}/signed")
    historian.whole, historian.attested, historian.signing = seed % 3 > 0, True, "mixed"
    return historian.case(16)


AUDITOR = Signer("x-key", "X", frozenset({"auditor"}))
EVERYBODY = (Signer("all-key", EVERYONE),)


def key_of(party: str, trust: Trust = Trust.TRUSTED) -> Signer:
    return Signer(f"{party.lower()}-key", party, frozenset(), trust)


class Historian(Drafter):
    """Makes what happened under one contract; most of it is what the contract looks at."""

    def __init__(self, contract: Contract, seed: str) -> None:
        super().__init__(f"history {seed}")
        self.contract_read = contract
        self.seed_text = seed
        self.parties = tuple(p.name for p in contract.modules[0].parties)
        self.middle = self.one(*[s.NOON] * 12, s.LATE, s.AFTER)
        named = [n.event for t in terms_of(contract) for n in walk(t) if isinstance(n, Query)]
        spoken = [a for m in contract.modules for c in m.clauses for x in c.sentences for a in getattr(x, "acts", ())]
        owed = [
            a.act for m in contract.modules for c in m.clauses for x in c.sentences for a in getattr(x, "answers", ())
        ]
        opened = [
            t.event for m in contract.modules for c in m.clauses for x in c.sentences
            for t in getattr(x, "triggers", ()) if hasattr(t, "event")
        ]  # fmt: skip
        usual = ["v.use", "v.share", "m.train", "v.consent", "v.breach", "v.notify", "v.job"]
        self.kinds = [k for k in (*named, *named, *spoken, *spoken, *owed, *opened, *opened, *usual) if k in s.BY_NAME]
        self.owing = [c for m in contract.modules for c in owed_by(m.clauses)]
        self.duties = [
            (m, c, _answerable(x)) for m in contract.modules for c in m.clauses for x in c.sentences
            if isinstance(x, Duty | Repeated)
        ]  # fmt: skip
        twofold = [d for d in self.duties if d[2].otherwise is not None]
        self.late = self.choice(twofold) if twofold and self.often(0.4) else None  # its first step is seldom done
        self.attested = self.often(0.45)  # a ledger with received times
        self.signing = self.one("everyone", "mixed", "mixed")
        self.whole = self.often(0.35)  # all facts are shown

    # ---- instants

    def moment(self, before: Sequence[Event]) -> Instant:
        """Often a boundary of some period, counted from another record; often equal to one."""
        if before and self.often(0.5):
            start = self.choice(before).time
            step = self.one(
                0, 0, s.HOUR, 90 * s.MINUTE, s.DAY, s.DAY, 2 * s.DAY, 3 * s.DAY, 30 * s.DAY, 31 * s.DAY, 5 * s.MINUTE,
                2 * s.HOUR, 36 * s.HOUR,
            )  # fmt: skip
            return start + step + self.one(0, 0, -1, 1)
        if self.often(0.2):
            day = date.fromisoformat(self.one("2026-06-01", "2026-06-14", "2026-06-15", "2026-06-15", "2026-06-16"))
            shift = self.middle - s.NOON
            return start_of_day(day, self.one("UTC", "Asia/Shanghai", "Europe/Berlin")) + shift + self.one(0, -1, 0)
        return self.middle + self.one(
            -40 * s.DAY, -3 * s.DAY, -2 * s.DAY, -s.DAY, -s.DAY, -25 * s.HOUR, -s.HOUR, -s.HOUR, -2, 0, s.HOUR,
        )  # fmt: skip

    # ---- facts

    def value(self, kind: FieldType) -> Value:
        match kind.type.kind:
            case Kind.FACT:
                return self.often(0.65)
            case Kind.CONCEPT:
                if self.often(0.03):
                    return "v.unlisted"
                near = ("training", "pretraining", "finetuning", "research", "resale", "leasing", "aims", "stray")
                return f"v.{self.one(*s.PLACES) if kind.type == s.PLACE else self.one(*near)}"
            case Kind.CONCEPTS:
                count = self.one(0, 1, 1, 1, 2, 2)
                return frozenset(f"v.{self.one(*s.NAMES)}" for _ in range(count))
            case Kind.NUMBER:
                top = (0, 1, 2, 3) if kind.type == s.TIMES else (0, 3, 5, 8)
                return Decimal(self.one(*top, *top, *top, 5000)) if self.often(0.97) else Decimal(-1)
            case Kind.MONEY:
                return Money(Decimal(self.one(0, 3, 5, 8)), self.one("CNY", "CNY", "CNY", "CNY", "CNY", "USD"))
            case Kind.PERCENTAGE:
                return Decimal(self.one(4, 5, 50, 51))
            case Kind.INSTANT:
                return self.middle + self.one(-3 * s.DAY, -s.DAY, -s.HOUR, 0, s.HOUR, s.DAY, 4 * s.DAY)
            case Kind.DATE:
                return date(2026, 6, self.one(13, 14, 15, 16))
            case Kind.DURATION:
                return Duration(self.one(1, 2), self.one(Unit.HOUR, Unit.DAY, Unit.MONTH))
            case Kind.PARTY:
                return self.one("A", "B")
            case Kind.TEXT:
                return self.one("s1", "s2", "x")
            case _:
                return self.one("s1", "s1", "s1", "s2")

    def facts(self, kind: EventType, shown: float, keyed: float) -> dict[str, Value]:
        told: dict[str, Value] = {}
        for f in kind.fields:
            share = keyed if f.type.kind is Kind.IDENTIFIER else shown
            if self.often(share):
                told[f.name] = self.value(f)
        return told

    # ---- records

    def signers(self, by: str) -> tuple[Signer, ...]:
        if self.signing == "everyone":
            return EVERYBODY
        mine = key_of(by or "B")
        other = key_of(self.choice([p for p in self.parties if p != by] or ["A"]))
        doubtful = [(replace(mine, trust=Trust.UNCERTAIN),), (replace(mine, trust=Trust.DISOWNED),), ()]
        several = [(mine, other), (mine, other), (mine, AUDITOR), (other, AUDITOR), (AUDITOR,), (other,), EVERYBODY]
        return self.one(*[(mine,)] * 5, *several, *doubtful, (mine, replace(AUDITOR, trust=Trust.UNCERTAIN)))

    def event(self, number: int, kind: str, before: Sequence[Event], shown: float, keyed: float) -> Event:
        declared = s.BY_NAME[kind]
        by = self.one("B", "B", "B", *self.parties, "") if kind in s.ACTS else self.one("A", "B", "", "")
        to = self.one(*self.parties, *self.parties, "")
        signers = self.signers(by)
        told = self.facts(declared, shown, keyed)
        if kind in ("v.job", "v.mark", "v.stop"):
            told["run"] = self.one("s1", "s2")
        caller = frozenset(f.name for f in declared.fields if f.shown_by and self.often(0.05))
        if declared.by and self.often(0.05):
            caller |= {EXISTENCE}
        return Event(
            f"e{number}", kind, self.moment(before), by, to, "set-1", told, signers, signers[0].key if signers else "",
            index=number, caller=caller, unreliable=self.often(0.06),
        )  # fmt: skip

    def records(self, most: int) -> list[Event]:
        made: list[Event] = []
        shown = 1.0 if self.whole else self.one(0.6, 0.85, 0.95)
        keyed = 1.0 if self.often(0.85) else 0.9
        for number in range(1, self.randint(1, most) + 1):
            form = self.random()
            if self.duties and self.often(0.3):
                made.append(self._story(number, made))
            elif form < 0.05 and made:
                made.append(self._supplement(number, made))
            elif form < 0.09 and self.owing:
                made.append(self._waiver(number, made))
            elif form < 0.11:
                made.append(self._termination(number, made))
            elif form < 0.12:
                made.append(
                    Event(
                        f"e{number}",
                        "heartbeat",
                        self.moment(made),
                        "B",
                        signers=(key_of("B"),),
                        source="b-key",
                        index=number,
                    )
                )
            elif form < 0.14 and made:
                made.append(self._second_version(number, made))
            elif form < 0.145:
                made.append(
                    Event(
                        f"e{number}",
                        "x.mystery",
                        self.moment(made),
                        "B",
                        facts={"subject": "s1"},
                        signers=EVERYBODY,
                        index=number,
                    )
                )
            elif form < 0.19 and any(e.type == "v.job" for e in made):
                made.append(self.event(number, self.one("v.mark", "v.stop"), made, shown, keyed))
            else:
                made.append(self.event(number, self.choice(self.kinds), made, shown, keyed))
        return self._received(made) if self.attested else made

    def _received(self, made: list[Event]) -> list[Event]:
        """Entries of a ledger arrive in order; most at once, some late."""
        now, found = -(2**60), []
        for each in sorted(made, key=lambda e: e.time):
            late = self.one(0, 0, 0, 0, 0, 1, s.HOUR, 90 * s.MINUTE, 90 * s.MINUTE + 1, 3 * s.HOUR)
            ahead = 0 if self.often(0.97) else s.HOUR
            now = max(now, each.time - ahead, each.time + late if self.often(0.4) else now)
            found.append(replace(each, received=now, index=len(found) + 1))
        return found

    def _supplement(self, number: int, made: Sequence[Event]) -> Event:
        """Fills a fact, by the issuer, the role or somebody else; or states a second value."""
        target = self.choice(made)
        declared = s.BY_NAME.get(target.type)
        if declared is None or not declared.fields:
            return self._termination(number, made)
        lacking = [f for f in declared.fields if f.name not in target.facts and f.type.kind is not Kind.IDENTIFIER]
        kind = self.choice(lacking if lacking and self.often(0.8) else list(declared.fields))
        same = self.often(0.6)
        signers = (
            target.signers
            if same
            else self.one((AUDITOR,), (AUDITOR,), (key_of("A"),), (key_of("B", Trust.UNCERTAIN),))
        )
        return Event(
            f"e{number}", "supplement", max(target.time, self.moment(made)), "",
            facts={"event": target.id, "field": kind.name, "value": self.value(kind)}, signers=signers,
            source=target.source if same else signers[0].key, index=number, unreliable=self.often(0.1),
        )  # fmt: skip

    def _second_version(self, number: int, made: Sequence[Event]) -> Event:
        """The same number again, with another fact or another head."""
        target = self.choice(made)
        if target.type not in s.BY_NAME:
            return self._termination(number, made)
        if self.often(0.3):
            return replace(target, to="B" if target.to != "B" else "A", index=number)
        kind = self.choice(s.BY_NAME[target.type].fields)
        return replace(target, facts={**target.facts, kind.name: self.value(kind)}, index=number)

    # ---- what opens, answers and waives a duty

    def _story(self, number: int, made: Sequence[Event]) -> Event:
        """What opens one of the duties; if that was recorded, what answers it, around its due."""
        module, clause, duty = self.choice(self.duties if self.late is None else [self.late])
        opened = [e for e in made for t in duty.triggers if isinstance(t, EventTrigger) and e.type == t.event]
        if duty.triggers and (not opened or self.often(0.2)):
            events = [t.event for t in duty.triggers if isinstance(t, EventTrigger)]
            return self._carrying(number, self.choice(events or ["v.breach"]), made, duty, {})
        start = self.choice(opened).time if opened else self.moment(made)
        keys = {k: v for e in opened if e.time == start for k in duty.keys if (v := e.facts.get(k)) is not None}
        first = self._due(module, duty, start)
        if self.often(0.2):
            waiver = self._waiver(number, made)
            facts = {**waiver.facts, **keys, "clause": clause.id}
            facts.pop("sentence", None)
            entitled = duty.waived_by or duty.recipient or self.one(*(p for p in self.parties if p != duty.party))
            at = self.one(start, first, first + 1, (start + first) // 2)
            return replace(waiver, time=at, facts=facts, signers=(key_of(entitled),), source=key_of(entitled).key)
        if duty.otherwise is not None and self.often(0.35 if self.late is None else 0.9):
            duty, start = duty.otherwise, first
            first = self._due(module, duty, start)
        answer = self.choice(duty.answers).act
        done = self._carrying(number, answer, made, duty, keys)
        at = self.one(first, first, first - 1, first + 1, start, (start + first) // 2, first + s.HOUR)
        by = duty.party if self.often(0.93) else "A"
        told = {**done.facts, "complete": True} if "complete" in done.facts and self.often(0.7) else done.facts
        return replace(done, time=at, by=by, to=duty.recipient or done.to, facts=told)

    def _carrying(self, number: int, kind: str, made: Sequence[Event], duty: Duty, keys: Mapping[str, Value]) -> Event:
        event = self.event(number, kind, made, 1.0 if self.often(0.7) else 0.8, 1.0)
        wanted = {k: keys.get(k, "s1") for k in duty.keys}
        return replace(event, facts={**event.facts, **wanted})

    def _due(self, module: Module, duty: Duty, start: Instant) -> Instant:
        if isinstance(duty.period, Const) and isinstance(duty.period.value, Duration):
            return due(start, duty.period.value, module.header.rule, module.header.zone).earliest
        return start + self.one(2 * s.HOUR, s.DAY, 2 * s.DAY)

    def _waiver(self, number: int, made: Sequence[Event]) -> Event:
        clause, sentence, keys = self.choice(self.owing)
        facts: dict[str, Value] = {"clause": self.one(clause, clause, clause.partition(".")[2])}
        facts |= {k: self.one("s1", "s1", "s1", "s2") for k in keys if self.often(0.9)}
        if self.often(0.2):
            facts["sentence"] = Decimal(self.one(sentence, sentence, 2))
        entitled = [d.waived_by or d.recipient for _, c, d in self.duties if c.id == clause]
        likely = (key_of(self.choice([p for p in entitled if p] or ["A"])),)
        signer = self.one(
            likely, likely, *[(key_of(p),) for p in self.parties], EVERYBODY, (key_of("A", Trust.UNCERTAIN),)
        )
        return Event(
            f"e{number}", "waiver", self.moment(made), self.one("A", "B"), facts=facts, signers=signer,
            source=signer[0].key, index=number, unreliable=self.often(0.2),
        )  # fmt: skip

    def _termination(self, number: int, made: Sequence[Event]) -> Event:
        party = self.one("A", "B")
        facts: dict[str, Value] = {"contract": self.one("m", "o")} if self.often(0.5) else {}
        signers = self.one((key_of(party),), EVERYBODY, (key_of("B"),), ())
        return Event(
            f"e{number}", "termination", self.moment(made), party, facts=facts, signers=signers,
            source=signers[0].key if signers else "", index=number, unreliable=self.often(0.2),
        )  # fmt: skip

    def asked_for(self, number: int, made: Sequence[Event], asked: Instant) -> Event:
        """A proposed act: at the instant of asking, or (a what-if) at another."""
        spoken = [k for k in self.kinds if k in s.ACTS]
        kind = self.choice(spoken or ["v.use"])
        act = self.event(900 + number, kind, made, self.one(0.6, 0.95, 1.0), self.one(1.0, 1.0, 0.9))
        others = () if kind == "v.job" else tuple(e.time for e in made if e.time <= asked)
        moment = self.one(asked, asked, asked, *others)
        return replace(
            act, id=f"asked{number}", index=10_000, time=moment, received=self.one(None, moment), unreliable=False
        )

    # ---- sources

    def sources(self, made: Sequence[Event], asked: Instant) -> tuple[Source, ...]:
        def source(party: str, roles: frozenset[str] = frozenset()) -> Source:
            name = "x-key" if party == "X" else f"{party.lower()}-key"
            complete = self.one(END, END, END, asked, self.moment(made), None)
            gaps: tuple[tuple[Instant, Instant], ...] = ()
            if self.often(0.12):
                since = self.moment(made)
                gaps = ((since, since + self.one(s.HOUR, 2 * s.DAY)),)
            return Source(
                name, party, roles, complete, gaps, self.one(asked, asked - s.HOUR, asked - 2 * s.HOUR - 1, None)
            )

        return (*(source(p) for p in self.parties), *([source("X", frozenset({"auditor"}))] if self.often(0.7) else []))

    def _signatures(self) -> dict[str, frozenset[str]]:
        """Mostly everybody signed everything; else each file its own parties, or only some."""
        files = self.contract_read.modules
        every = frozenset(p.name for m in files for p in m.parties)
        if self.often(0.65):
            return {m.name: every for m in files}
        if self.often(0.15):
            return {m.name: frozenset({EVERYONE}) for m in files}
        if self.often(0.5):
            return {m.name: frozenset(p.name for p in m.parties) for m in files}
        return {m.name: self.one(every, every, frozenset({"A"}), frozenset()) for m in files}

    def case(self, most: int = 12) -> Case:
        (found,) = self.cases(1, most)
        return found

    def cases(self, count: int, most: int = 12) -> list[Case]:
        """Several histories that are asked at one instant, with the same sources and signatures."""
        several = [self.records(most) for _ in range(count)]
        every = [e for made in several for e in made]
        # No question comes before what it is about.
        last = max(e.received if e.received is not None else e.time for e in every)
        asked = self.one(last, last, last + 1, last + s.HOUR, last + s.DAY, last + 3 * s.DAY, max(last, self.middle))
        sources = self.sources(every, asked)
        lookup = Lookup(self.contract_read)
        form = self.random()
        if form < 0.6:
            closed = tuple(replace(x, complete=END, gaps=()) for x in sources)
            sources, clouds = closed, ()
        elif form < 0.85:
            clouds = when_deciding(lookup, sources, asked)
        else:
            clouds = when_auditing(sources)
        signed = self._signatures()
        proposals = [tuple(self.asked_for(n, made, asked) for n in range(1, 4)) for made in several]
        shared = Case(self.contract_read, (), asked, (), sources, clouds, signed, self.often(0.12), self.seed_text)
        return [replace(shared, records=tuple(m), proposed=p) for m, p in zip(several, proposals, strict=True)]


def _answerable(sentence: Duty | Repeated) -> Duty:
    if isinstance(sentence, Duty):
        return sentence
    return Duty(sentence.number, sentence.party, (), sentence.answers, sentence.recipient, sentence.period)

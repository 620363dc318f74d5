"""Random contracts of duties with everything a duty can say, and histories that meet their borders.

One seed makes one case, and makes it again.
"""

from dataclasses import dataclass, replace
from datetime import date

from hypothesis import strategies as st

from smartclause.logic.contract import Answer, Clause, Contract, Dated, Duty, EventTrigger, Header, Repeated, Standing
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.lookup import Lookup
from smartclause.logic.record import Event, Signer, Source, Trust
from smartclause.logic.terms import ClauseViolated, Const, Field, Holds, Kind, Not, Order, Parameter, Some, Term, Type
from smartclause.logic.world import Cloud, World, build
from tests.logic.builders import (
    ALL,
    DAY,
    DURATION,
    FACT,
    HOUR,
    INSTANT,
    NOON,
    TIMES,
    TYPES,
    both,
    clause,
    compare,
    contract,
    count,
    days,
    either,
    fact,
    figure,
    file,
    hours,
    latest,
    must,
    number,
    parameter,
    query,
    signed,
    some_,
    working_days,
)
from tests.strategies import AUDITOR, LISTS, Maker

START = NOON - 40 * DAY
GRID = (*(START + n * 6 * HOUR for n in range(16)), START + 1, START + 24 * HOUR - 1, START + 24 * HOUR + 1)
END = START + 6 * DAY
FIGURES = (
    *LISTS,
    figure("period", DURATION, Dated(Duration(12, Unit.HOUR), until=date(2026, 5, 7)), Dated(Duration(36, Unit.HOUR))),
    figure("later", DURATION, Dated(Duration(6, Unit.HOUR), since=date(2026, 5, 8))),
    figure("unset", DURATION),
)
UNCERTAIN = (Signer("B-key", "B", trust=Trust.UNCERTAIN),)
DISOWNED = (Signer("B-key", "B", trust=Trust.DISOWNED),)
SIGNERS = (
    ALL, ALL, signed("A"), signed("A"), signed("B"), signed("A", "B"), (*signed("A"), AUDITOR), (AUDITOR,), UNCERTAIN,
    DISOWNED, (),
)  # fmt: skip


@dataclass(frozen=True)
class DutyCase:
    contract: Contract
    events: tuple[Event, ...]
    sources: tuple[Source, ...]
    clouds: tuple[Cloud, ...]

    def world(self, events: tuple[Event, ...] | None = None) -> World:
        chosen = self.events if events is None else events
        return build(
            Lookup(self.contract), chosen, NOON, sources=self.sources, clouds=self.clouds, draft=True
        )  # fmt: skip


class DutyMaker(Maker):
    """Chooses contracts of duties and what happens under them."""

    def duty_case(self) -> DutyCase:
        given = self.duty_contract()
        if self.often(0.5):
            whole = tuple(Source(f"{p}-key", p, complete=2**60) for p in "ABX")
            return DutyCase(given, self.events(given), whole, ())
        return DutyCase(given, self.events(given), self.sources(), self.clouds())

    def simple_case(self) -> DutyCase:
        """One duty on what is recorded, each source complete: most of it is sure, but for who says it."""
        party = self.one("A", "B")
        act = self.one("notify", "share", "share")
        second = self.one(None, None, must(party, "erase", hours(12), when="", key=""))
        duty = must(party, act, hours(12), "breach", otherwise=second)
        given = contract(clause("50", duty), parameters=FIGURES)
        events = []
        for n in range(1, self.randint(2, 9) + 1):
            name, at = self.one("breach", "breach", act, act, "erase"), self.instant()
            facts = {"incident": self.key(), **({"subject": "s1"} if name == "erase" else {})}
            signers = self.one(ALL, signed("A"), signed("B"), signed("A", "B"))
            by = "" if name == "breach" else party
            events.append(Event(f"e{n}", f"m.{name}", at, by, "", "set-1", facts, signers, "k1", index=n))
        whole = tuple(Source(f"{p}-key", p, complete=2**60) for p in "ABX")
        return DutyCase(given, tuple(events), whole, ())

    def standing_case(self) -> DutyCase:
        """One standing duty, and what it looks at."""
        applies = self.one(both(), both(), self.past_term(""))
        one = clause("50", self.standing(()), applies=applies, survives=self.often(0.2))
        given = contract(one, header=self.header(), parameters=FIGURES)
        names = ("consent", "consent", "consent", "audit", "breach", "termination", "notify")
        events = tuple(self.some_event(n, given, *names) for n in range(1, self.randint(0, 7) + 1))
        return DutyCase(given, events, self.sources(), self.clouds())

    # ---- contracts

    def duty_contract(self) -> Contract:
        clauses: list[Clause] = []
        for n in range(self.one(1, 2, 2, 3)):
            name = str(50 + n)
            earlier = tuple(c.id for c in clauses)
            sentences = [self.imposing(earlier) for _ in range(self.one(1, 1, 2))]
            applies = self.one(both(), both(), both(), self.condition("breach", earlier))
            clauses.append(clause(name, *sentences, applies=applies, survives=self.often(0.2)))
        others = ()
        if self.often(0.15):
            others = (file(clause("50", self.imposing(()), module="o"), name="o", header=self.header()),)
        return contract(
            *clauses, header=self.header(), parameters=FIGURES, others=others, merged=("o",) if others else ()
        )

    def header(self) -> Header:
        since, until = self.one(None, date(2026, 5, 6), date(2026, 5, 7)), self.one(None, None, None, date(2026, 5, 8))
        rule = self.one("plain", "plain", "cn.civil_code")
        return Header(
            since=since, until=until, rule=rule, zone=self.one("UTC", "UTC", "Asia/Shanghai"),
            records_due=self.one(None, Duration(1, Unit.HOUR)), enders=self.one((), ("A",), ("A", "B")),
        )  # fmt: skip

    def imposing(self, earlier: tuple[str, ...]) -> Duty | Repeated | Standing:
        form = self.random()
        if form < 0.76:
            return self.any_duty(earlier)
        return self.repeated(earlier) if form < 0.86 else self.standing(earlier)

    def any_duty(self, earlier: tuple[str, ...]) -> Duty:
        party = self.one("A", "B", "B")
        other = "AB".replace(party, "")
        acts = self.one("notify", "notify", "erase", "share", "train", "notify erase", "share train", "train use")
        second = must(
            party, self.one("erase", "share"), self.period(), when="", key="", to=self.one("", "", other),
            answer=self.answer_where("share"),
        )  # fmt: skip
        made = must(
            party, acts, self.period(), self.one("breach", "breach", "loss", "breach loss", "notify"),
            self.one(*[both()] * 3, self.condition("breach", earlier)), self.one("", other),
            except_=self.one(either(), either(), either(), self.condition("breach", earlier)),
            waived_by=self.one("", "", "", "C", other), clock=self.one("", "", "", "aware_at", "found_at"),
            otherwise=self.one(None, second, second),
            no_later_than=self.one(None, None, None, None, self.end()),
        )  # fmt: skip
        answers = tuple(Answer(a.act, self.answer_where(a.act.removeprefix("m."), earlier)) for a in made.answers)
        made = replace(made, answers=answers)
        shape = self.random()
        if shape < 0.1:
            return replace(made, triggers=(), keys=())
        if shape < 0.3 and earlier:
            return replace(made, triggers=must("B", "notify", breached=self.choice(earlier)[2:]).triggers)
        if shape < 0.35:
            return replace(made, keys=())
        return made

    def end(self) -> Const | Field | Parameter:
        return self.one(
            Const(START + 30 * HOUR, INSTANT), Const(date(2026, 5, 8), Type(Kind.DATE)), Field("found_at", INSTANT),
            Field("aware_at", INSTANT),
        )  # fmt: skip

    def period(self) -> Const | Parameter:
        return self.one(
            hours(6), hours(12), hours(12), *[hours(24)] * 3, days(1), days(1), days(2), working_days(1), hours(0),
            parameter("period", DURATION), parameter("later", DURATION), parameter("unset", DURATION),
        )  # fmt: skip

    def answer_where(self, act: str, earlier: tuple[str, ...] = ()) -> Term:
        if act in ("notify", "erase"):
            own: Term = fact("complete") if act == "notify" else both()
        else:
            own = fact(self.one("paid", "approved") if act == "share" else "paid")
        return self.one(both(), both(), own, own, self.condition("", earlier))

    def condition(self, name: str, earlier: tuple[str, ...]) -> Term:
        """On the record's own facts, on its past, on breaches of earlier clauses."""
        forms = [lambda: self.past_term(name)]
        if name:
            forms += [lambda: fact(self.one("severe", "grave")), lambda: Not(fact("severe"))]
        if earlier:
            asked = ClauseViolated(
                self.choice(earlier), self.one(0, 0, 1), self.one((), ("incident",)), self.often(0.3)
            )
            forms += [lambda: asked, lambda: Not(asked)]
        term = self.choice(forms)()
        return self.one(term, term, both(term, self.past_term(name)), Not(term))

    def past_term(self, name: str) -> Term:
        keys = ("incident",) if name and self.often(0.4) else ()
        kind = "loss" if keys else self.one("consent", "breach", "notify", "loss")
        within = self.one(None, None, hours(12), days(1), "day")
        by = self.one(None, "anyone", "A")
        most = number(self.one(0, 1, 2), TIMES)
        return self.one(
            some_(kind, None, *keys, within=within, by=by),
            compare(self.one(*ORDERS), count(kind, None, *keys, within=within, by=by), most),
        )

    def repeated(self, earlier: tuple[str, ...]) -> Repeated:
        acts = self.one(("notify",), ("notify", "erase"), ("share",), ("train",))
        answers = tuple(Answer(f"m.{a}", self.answer_where(a, earlier)) for a in acts)
        return Repeated(1, self.one("A", "B"), answers, self.one(hours(12), hours(24), hours(24), days(1), days(2)), "")

    def standing(self, earlier: tuple[str, ...]) -> Standing:
        del earlier
        each = self.one("", "subject", "subject")
        keys = (each,) if each else ()
        within = self.one(None, hours(12), days(1), parameter("period", DURATION), "day", "month")
        where = self.one(None, fact("given"), fact("checked"))
        asked = query("consent", where, *keys, within=within, by=self.one(None, "anyone", "A"))
        forms = [
            Some(asked),
            Not(Some(asked)),
            compare(self.one(*ORDERS), replace(count("consent"), query=asked), number(self.one(1, 2), TIMES)),
            either(Some(asked), Some(query("audit", None, *keys))),
            both(some_("breach"), Not(Some(asked))),
        ]
        forms += [] if within is not None else [latest_holds(each)]
        after = self.one(None, None, hours(6), days(1), parameter("period", DURATION))
        return Standing(1, self.one("A", "B"), self.choice(forms), each, after)

    # ---- histories

    def instant(self) -> int:
        return self.choice(GRID)

    def events(self, given: Contract) -> tuple[Event, ...]:
        found: list[Event] = []
        duties = [s for m in given.modules for c in m.clauses for s in c.sentences if isinstance(s, Duty | Repeated)]
        quiet = self.often(0.5)
        for n in range(1, self.randint(0, 10) + 1):
            meant = bool(duties) and self.often(0.85 if quiet else 0.6)
            found.append(self.meant_event(n, self.choice(duties), quiet, found) if meant else self.some_event(n, given))
        if found and self.often(0.2):
            old = self.choice(found)
            found.append(self.again(old, len(found) + 1))
        for _ in range(self.one(0, 0, 0, 1, 2)):
            if found:
                found.append(self.supplement(self.choice(found), len(found) + 1))
        return tuple(found)

    def meant_event(self, n: int, duty: Duty | Repeated, quiet: bool, found: list[Event]) -> Event:
        """Such as opens or answers the duty. `quiet`: signed by all, with every fact that helps."""
        triggers = [t.event for t in duty.triggers if isinstance(t, EventTrigger)] if isinstance(duty, Duty) else []
        step = duty
        if isinstance(duty, Duty) and duty.otherwise is not None and self.often(0.4):
            step = duty.otherwise
        opens = bool(triggers) and self.often(0.45)
        name = self.choice(triggers) if opens else self.choice(step.answers).act
        facts = self.stated(name.removeprefix("m."))
        if quiet:
            facts |= {"incident": self.key()} if "incident" in FIELDS[name.removeprefix("m.")] else {}
            facts |= {f: True for f in ("paid", "complete", "severe") if f in facts}
        signers = self.one(ALL, signed("A", "B")) if quiet else self.one(*SIGNERS)
        soon = bool(found) and not opens and self.often(0.8)
        at = self.choice(found).time + self.one(0, 1, 6 * HOUR, 12 * HOUR, DAY, DAY + 1) if soon else self.instant()
        by, to = ("", "") if opens and name != "m.notify" else (step.party, step.recipient or self.one("", "A"))
        return Event(
            f"e{n}", name, at, by, to, "set-1", facts, signers, "k1", None, n, unreliable=not quiet and self.often(0.1),
        )  # fmt: skip

    def some_event(self, n: int, given: Contract, *names: str) -> Event:
        name = self.choice(names or ANY)
        at, signers = self.instant(), self.one(*SIGNERS)
        by = self.one("B", "B", "A", "")
        doubtful = self.often(0.1)
        if name == "waiver":
            named = self.choice([c.number for m in given.modules for c in m.clauses])
            facts = {"clause": self.one(named, f"m.{named}"), **({"incident": self.key()} if self.often(0.7) else {})}
            return Event(
                f"e{n}", "waiver", at, "", facts=facts, signers=signers, source="w", index=n, unreliable=doubtful
            )
        if name == "termination":
            return Event(f"e{n}", name, at, by, facts={"contract": "m"}, signers=signers, index=n, unreliable=doubtful)
        received = self.one(None, None, None, at, at + self.one(1, 6 * HOUR, DAY))
        return Event(
            f"e{n}", f"m.{name}", at, by, self.one("A", "A", "B", ""), "set-1", self.stated(name), signers,
            self.one("k1", "k2"), received, n, unreliable=doubtful,
        )  # fmt: skip

    def key(self) -> str:
        return self.one("i", "i", "i", "j")

    def stated(self, name: str) -> dict[str, object]:
        facts: dict[str, object] = {}
        if name in ("breach", "loss", "notify", "erase", "share", "train", "use") and self.often(0.95):
            facts["incident"] = self.key()
        if name in ("consent", "audit", "erase", "use"):
            facts["subject"] = self.one("s1", "s1", "s2")
        for one in ("severe", "grave", "given", "checked", "complete", "paid", "approved", "fresh"):
            if self.often(0.6) and one in FIELDS[name]:
                facts[one] = self.often(0.75)
        for one in ("aware_at", "found_at"):
            if self.often(0.6) and one in FIELDS[name]:
                facts[one] = self.instant()
        return facts

    def again(self, old: Event, n: int) -> Event:
        """Another version under the same number."""
        facts = dict(old.facts)
        if "incident" in facts and self.often(0.5):
            facts["incident"] = self.key()
        for name in [f for f in facts if isinstance(facts[f], bool)][:1]:
            facts[name] = not facts[name]
        return replace(old, facts=facts, index=n, time=self.one(old.time, old.time, self.instant()))

    def supplement(self, old: Event, n: int) -> Event:
        name = self.one("severe", "incident", "aware_at", "found_at", "given", "complete", "paid")
        value = self.key() if name == "incident" else self.instant() if name.endswith("_at") else self.often(0.7)
        facts = {"event": old.id, "field": name, "value": value}
        number_ = self.one(f"s{n}", f"s{n}", "s")
        return Event(
            number_, "supplement", old.time, facts=facts, signers=self.one(*SIGNERS), source=old.source, index=n
        )

    # ---- sources

    def sources(self) -> tuple[Source, ...]:
        found = [Source(f"{p}-key", p, complete=self.one(None, *[2**60] * 5, self.instant())) for p in "AB"]
        found.append(Source("X-key", "X", frozenset({"auditor"}), complete=self.one(2**60, self.instant())))
        return tuple(s for s in found if self.often(0.9))

    def clouds(self) -> tuple[Cloud, ...]:
        found = []
        for _ in range(self.one(0, 0, 0, 0, 1, 1, 2)):
            since = self.instant()
            source = self.one(Source("A-key", "A"), Source("B-key", "B"), Source("X-key", "X", frozenset({"auditor"})))
            reason, until = self.one(("gap", since + self.one(0, 6 * HOUR, DAY)), ("incomplete", 2**61))
            found.append(Cloud(since, until, source, reason))
        return tuple(found)


ANY = (
    *["breach"] * 3, "loss", *["notify"] * 3, "erase", "share", "train", "use", "consent", "consent", "audit", "waiver",
    "termination",
)  # fmt: skip


def latest_holds(key: str) -> Term:
    keys = (key,) if key else ()
    return Holds(latest("consent", "given", *keys, kind=FACT))


def _fields() -> dict[str, set[str]]:
    return {t.name.removeprefix("m."): {f.name for f in t.fields} for t in TYPES}


ORDERS = tuple(Order)
FIELDS = _fields()


def duty_cases() -> st.SearchStrategy[DutyCase]:
    return st.integers(0, 2**40).map(lambda seed: DutyMaker(seed).duty_case())

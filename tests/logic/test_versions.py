"""Amendments (design 2.11): which version speaks when, what lives on under the old one, who must have signed."""

from dataclasses import dataclass, replace

import pytest

from smartclause.logic.contract import Contract, ModuleKind, Sentence
from smartclause.logic.counting import Duration, Unit
from smartclause.logic.duties import LAST_INDEX, Duties
from smartclause.logic.record import Event
from smartclause.logic.register import Overall, agreeing, members, overall
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import judge_act
from smartclause.logic.versions import Version, between, in_version, versions_of
from smartclause.logic.world import Position, Record, World, place
from tests.logic.builders import (
    DAY,
    HOUR,
    at,
    clause,
    complete,
    contract,
    event,
    hours,
    in_force,
    may,
    must,
    must_not,
    use,
    world_of,
)
from tests.logic.builders import (
    signed as signed_by,
)

OLD_START, CHANGE = at("2026-01-01"), at("2026-06-01")
BEFORE, FIRST = CHANGE - 1, CHANGE
ALL = frozenset({"A", "B"})
SOURCES = tuple(complete(party, 2**60) for party in "AB")


def version(since: str, *sentences: Sentence, parties: str = "A B", former: tuple[str, ...] = ()) -> Contract:
    numbered = [clause(str(n), s) for n, s in enumerate(sentences, 1)]
    given = contract(*numbered, header=in_force(since), parties=parties)
    return replace(given, modules=(replace(given.modules[0], former=former), *given.modules[1:]))


def old(*sentences: Sentence, **more: object) -> Contract:
    return version("2026-01-01", *sentences, **more)  # type: ignore[arg-type]


def new(*sentences: Sentence, **more: object) -> Contract:
    return version("2026-06-01", *sentences, **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Chain:
    """A contract and its amendments, each with its own world."""

    versions: tuple[Version, ...]
    worlds: dict[str, World]

    def judge(self, act: Event) -> Overall:
        """As the verbs do: the version in force at the claimed and, where it differs, at the received place."""
        read = {name: place(world.lookup, act) for name, world in self.worlds.items()}
        record = read[self.versions[0].name]
        first, later = (self._at(read, moment, act) for moment in (record.instant, record.received))
        return agreeing(first, later, act.type, act.id)

    def _at(self, read: dict[str, Record], moment: int, act: Event) -> Overall:
        under = in_version(self.versions, moment)
        verdicts = {name: judge_act(self.worlds[name], read[name]) for name in members(under)}
        return overall(under, verdicts, {name: self.worlds[name].lookup for name in verdicts}, act.type)


def chain(
    *contracts: Contract,
    records: tuple[Event, ...] = (),
    signed: frozenset[str] = ALL,
    received: int | None = OLD_START,
    asked: int = CHANGE + 400 * DAY,
) -> Chain:
    names = [str(number) for number in range(len(contracts))]
    headers = [(name, c.modules[0].header) for name, c in zip(names[1:], contracts[1:], strict=True)]
    found = versions_of("0", headers, received, asked)
    worlds: dict[str, World] = {}
    for number, each in enumerate(contracts):
        signers = {"m": ALL if number == 0 else signed}
        world = world_of(each, records, asked, draft=False, sources=SOURCES, signed=signers)
        ends = found[number + 1] if number + 1 < len(found) else None
        worlds[names[number]] = between(world, worlds.get(str(number - 1)), found[number], ends)
    return Chain(found, worlds)


def verdict(given: Chain, act: Event) -> Overall:
    return given.judge(act)


def judged(given: Chain, time: int, **more: object) -> Truth:
    return verdict(given, use({"incident": "i1"}, time, **more)).truth  # type: ignore[arg-type]


def test_a_right_that_is_struck_ends_with_the_last_instant_before_the_amendment() -> None:
    given = chain(old(may("B", "use")), new(may("B", "share")))
    assert judged(given, BEFORE) is Truth.TRUE
    assert judged(given, FIRST) is Truth.FALSE


def test_a_right_that_is_added_begins_with_the_first_instant_of_the_amendment() -> None:
    given = chain(old(may("B", "share")), new(may("B", "use")))
    assert judged(given, BEFORE) is Truth.FALSE
    assert judged(given, FIRST) is Truth.TRUE


def test_a_backdated_amendment_takes_effect_when_the_last_signature_is_received() -> None:
    late = CHANGE + 30 * DAY
    given = chain(old(may("B", "share")), new(may("B", "use")), received=late)
    assert judged(given, CHANGE) is Truth.FALSE
    assert judged(given, late - 1) is Truth.FALSE
    assert judged(given, late) is Truth.TRUE


def test_an_amendment_that_not_all_parties_signed_permits_nothing() -> None:
    given = chain(old(may("B", "share")), new(may("B", "use")), signed=frozenset({"B"}))
    assert judged(given, FIRST) is Truth.UNKNOWN


def test_a_party_that_left_must_have_signed() -> None:
    left = new(may("B", "use"), former=("C",))
    assert judged(chain(old(parties="A B C"), left), FIRST) is Truth.UNKNOWN
    assert judged(chain(old(parties="A B C"), left, signed=frozenset("ABC")), FIRST) is Truth.TRUE


def test_a_party_that_joins_must_have_signed() -> None:
    joined = new(may("B", "use"), parties="A B C")
    assert judged(chain(old(), joined), FIRST) is Truth.UNKNOWN
    assert judged(chain(old(), joined, signed=frozenset("ABC")), FIRST) is Truth.TRUE


def test_a_clause_that_survives_the_end_grants_nothing_once_its_version_is_replaced() -> None:
    base = old()
    kept = replace(base.modules[0], clauses=(clause("1", may("B", "use"), survives=True),))
    base = replace(base, modules=(kept, *base.modules[1:]))
    given = chain(base, new(may("B", "share")))
    assert judged(given, BEFORE) is Truth.TRUE
    assert judged(given, FIRST) is Truth.FALSE


# ---- duties


NOTICE = must("B", "notify", hours(24))
BREACH_BEFORE = event("breach", BEFORE, facts={"incident": "i1"})
BREACH_AFTER = event("breach", FIRST, facts={"incident": "i1"})


def opened(given: Chain, number: int) -> list[tuple[str, str]]:
    world = given.worlds[str(number)]
    duties = Duties(world, Position(world.asked, LAST_INDEX), world.asked)
    return [(i.clause, i.trigger) for i in duties.all()]


def test_a_trigger_opens_a_duty_under_the_version_in_force_at_its_instant_only() -> None:
    before, after = (
        chain(old(NOTICE), new(NOTICE), records=(BREACH_BEFORE,)),
        chain(old(NOTICE), new(NOTICE), records=(BREACH_AFTER,)),
    )
    assert (opened(before, 0), opened(before, 1)) == ([("m.1", BREACH_BEFORE.id)], [])
    assert (opened(after, 0), opened(after, 1)) == ([], [("m.1", BREACH_AFTER.id)])


def test_between_its_date_and_the_last_signature_a_trigger_opens_nothing_under_the_amendment() -> None:
    given = chain(old(NOTICE), new(NOTICE), records=(BREACH_AFTER,), received=CHANGE + HOUR)
    assert (opened(given, 0), opened(given, 1)) == ([("m.1", BREACH_AFTER.id)], [])


def test_an_open_duty_lives_on_and_counts_as_breached_after_the_amendment() -> None:
    bar = must_not("B", "use", ClauseViolated("m.1"))
    given = chain(old(NOTICE, may("B", "use")), new(NOTICE, may("B", "use"), bar), records=(BREACH_BEFORE,))
    assert judged(given, FIRST) is Truth.TRUE
    assert judged(given, CHANGE + 2 * DAY) is Truth.FALSE


def test_what_was_owed_under_the_old_version_stays_allowed() -> None:
    duty = must("B", "share", hours(24))
    given = chain(old(duty), new(may("B", "use")), records=(BREACH_BEFORE,))
    act = use({"incident": "i1"}, CHANGE + HOUR, act="share")
    assert verdict(given, act).truth is Truth.TRUE
    assert verdict(chain(old(duty), new(may("B", "use"))), act).truth is Truth.FALSE


# ---- open files, chains, delays


def test_the_bars_of_a_replaced_agreement_hold_in_its_own_world() -> None:
    base = replace(
        contract(clause("1", must_not("B", "use")), kind=ModuleKind.AGREEMENT, header=in_force("2026-01-01"))
    )
    world = chain(base, base).worlds["0"]
    assert judge_act(world, place(world.lookup, use({"incident": "i1"}, FIRST))).truth is Truth.FALSE


def test_an_amendment_of_an_amendment_replaces_it_in_turn() -> None:
    given = chain(old(may("B", "use")), new(may("B", "share")), version("2026-09-01", may("B", "use")))
    assert judged(given, BEFORE) is Truth.TRUE
    assert judged(given, FIRST) is Truth.FALSE
    assert judged(given, at("2026-09-01") - 1) is Truth.FALSE
    assert judged(given, at("2026-09-01")) is Truth.TRUE


def test_a_later_amendment_is_not_in_force_before_the_one_that_it_amends() -> None:
    given = chain(
        old(may("B", "use")), version("2026-09-01", may("B", "share")), version("2026-06-01", may("B", "use"))
    )
    assert judged(given, at("2026-09-01") - 1) is Truth.TRUE
    assert given.worlds["2"].effective == {"m": at("2026-09-01")}


# ---- where the version is not certain


def test_where_nobody_attests_the_receipt_both_versions_must_allow_from_the_date_on() -> None:
    asked = CHANGE + 30 * DAY
    stricter = chain(old(may("B", "use")), new(may("B", "share")), received=None, asked=asked)
    wider = chain(old(may("B", "share")), new(may("B", "use")), received=None, asked=asked)
    alike = chain(old(may("B", "use")), new(may("B", "use")), received=None, asked=asked)
    assert [judged(each, BEFORE) for each in (stricter, wider, alike)] == [Truth.TRUE, Truth.FALSE, Truth.TRUE]
    assert [judged(each, FIRST) for each in (stricter, wider, alike)] == [Truth.FALSE, Truth.FALSE, Truth.TRUE]
    assert [judged(each, asked) for each in (stricter, wider, alike)] == [Truth.FALSE, Truth.TRUE, Truth.TRUE]


@pytest.mark.parametrize(("first", "then"), [("use", "share"), ("share", "use")])
def test_inside_the_lag_the_versions_at_both_places_must_agree(first: str, then: str) -> None:
    late = {"lag": (("B", Duration(1, Unit.HOUR)),)}
    contracts = [
        contract(clause("1", may("B", act)), header=in_force(day, **late))
        for day, act in (("2026-01-01", first), ("2026-06-01", then))
    ]
    given = chain(*contracts)
    act = use({"incident": "i1"}, BEFORE, received=FIRST + HOUR // 2, signers=signed_by("B"))
    assert given.judge(act).truth is Truth.UNKNOWN


def test_an_amended_contract_read_without_the_version_before_does_not_know_what_was_missed_under_it() -> None:
    bar = must_not("B", "use", ClauseViolated("m.1"))
    amended = replace(new(NOTICE, may("B", "use"), bar), amends="sha256:0")
    act = use({"incident": "i1"}, CHANGE + 2 * DAY)
    worlds = [world_of(each, (), act.time, draft=False, sources=SOURCES, signed={"m": ALL}) for each in (amended,)]
    assert judge_act(worlds[0], place(worlds[0].lookup, act)).truth is Truth.UNKNOWN
    assert judged(chain(old(NOTICE, may("B", "use")), amended), act.time) is Truth.TRUE

"""What is missing from a sequence may exist, until it is shown or surely never did."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smartclause.evidence.envelope import read, seal
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical, read_form, timestamp
from smartclause.evidence.trust import save_trust
from smartclause.logic.record import Source
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import Decision
from smartclause.verbs.audit import audit
from smartclause.verbs.completeness import Sequence, sequences, unseen_clouds
from smartclause.verbs.keys import revoke
from smartclause.verbs.ledger import entries, owed
from smartclause.verbs.reading import Opened, Received, open_events
from smartclause.verbs.sign import Place
from tests.logic import builders
from tests.logic.builders import clause, contract, judged, may, must_not, some_
from tests.verbs.asking import ask
from tests.verbs.samples import CONTRACT, HOUR, NOW, Setting, identity, use


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    return made


def incident(setting: Setting, **members: Any) -> bytes:
    return setting.envelope("A", type="incident", facts={"case_number": "c"}, **members)


def void(setting: Setting, first: int, last: int) -> bytes:
    return setting.envelope("A", type="void", facts={"first": first, "last": last})


def sequence(setting: Setting, *envelopes: bytes) -> Sequence:
    received = [Received(read(e), setting.clock.now + n * HOUR, n) for n, e in enumerate(envelopes)]
    found: list[Opened] = open_events(received, setting.store, setting.clock.now)
    return sequences(found)[setting.keys["A"].id]


def skip(setting: Setting, count: int) -> None:
    """The next numbers are never used: the sequence goes on from the record before them."""
    where = setting.places["A"]
    setting.places["A"] = replace(where, seq=where.seq + count)


def test_an_unbroken_sequence_has_no_gap(setting: Setting) -> None:
    assert sequence(setting, *(incident(setting) for _ in range(3))).gaps == ()


@pytest.mark.rule("2.7")
def test_a_held_back_record_is_a_gap_between_its_neighbours(setting: Setting) -> None:
    first = incident(setting, at=setting.clock.now)
    incident(setting)
    last = incident(setting, at=setting.clock.now + HOUR)
    assert sequence(setting, first, last).gaps == ((setting.clock.now, setting.clock.now + HOUR),)


@pytest.mark.rule("2.7")
def test_a_held_back_beginning_is_a_gap_from_the_first_instant(setting: Setting) -> None:
    incident(setting)
    assert len(sequence(setting, incident(setting)).gaps) == 1


@pytest.mark.rule("2.7")
def test_a_number_is_void_if_its_issuer_says_so_and_goes_on_from_the_record_before(setting: Setting) -> None:
    first = incident(setting)
    skip(setting, 2)
    after = incident(setting)
    assert sequence(setting, first, after).gaps != ()
    assert sequence(setting, first, after, void(setting, 1, 2)).gaps == ()


@pytest.mark.rule("2.7")
@pytest.mark.parametrize(("low", "high"), [(1, 1), (2, 2), (0, 1)])
def test_a_void_of_some_numbers_leaves_the_others_owed(setting: Setting, low: int, high: int) -> None:
    first = incident(setting)
    skip(setting, 2)
    assert sequence(setting, first, incident(setting), void(setting, low, high)).gaps != ()


@pytest.mark.rule("2.7")
def test_what_was_signed_is_never_void(setting: Setting) -> None:
    """The next record names the one held back, so it exists and is owed."""
    first = incident(setting)
    incident(setting)
    assert sequence(setting, first, incident(setting), void(setting, 1, 1)).gaps != ()


@pytest.mark.rule("2.7")
def test_a_void_in_two_versions_leaves_its_numbers_owed(setting: Setting) -> None:
    first = incident(setting)
    skip(setting, 2)
    after, one = incident(setting), void(setting, 1, 2)
    body = read_form(EventBody, read(one).body)
    other = body.model_copy(update={"facts": {"first": 1, "last": 3}})
    again = seal(canonical(other), [setting.keys["A"]], EventBody.PAYLOAD_TYPE)
    assert sequence(setting, first, after, one).gaps == ()
    assert sequence(setting, first, after, one, again).gaps != ()
    setting.record(first, after, one)
    assert not listed_as_owed(setting)
    setting.record(again)
    assert listed_as_owed(setting)


def listed_as_owed(setting: Setting) -> bool:
    return any(not gap.void for gap in owed(entries(setting.ledger, trust=setting.trust)).gaps)


@pytest.mark.rule("2.7")
@pytest.mark.parametrize(
    ("held_back", "voids", "decision"),
    [
        (False, ((1, 2),), Decision.ALLOWED),
        (False, ((1, 1), (2, 2)), Decision.ALLOWED),
        (False, ((1, 1),), Decision.UNDECIDED),
        (False, (), Decision.UNDECIDED),
        (True, ((1, 2),), Decision.UNDECIDED),
    ],
)
def test_decide_audit_and_the_list_of_what_is_owed_agree_on_void_numbers(
    setting: Setting, held_back: bool, voids: tuple[tuple[int, int], ...], decision: Decision
) -> None:
    """A withdrawal of A may stand under the numbers 1 and 2, or nothing ever did."""
    setting.record(incident(setting))
    if held_back:
        incident(setting)
        incident(setting)
    else:
        skip(setting, 2)
    setting.clock.now += HOUR
    setting.record(incident(setting), *(void(setting, low, high) for low, high in voids))
    setting.clock.now += HOUR
    assert ask(setting, setting.envelope("B", "C", **use())).decision is decision
    setting.places.pop("B")
    setting.record(setting.envelope("B", "C", **use()))
    [judged] = audit(setting.path, setting.ledger, trust=setting.trust, closed=True, clock=setting.clock).uses
    assert judged.decision is decision
    assert listed_as_owed(setting) is (decision is Decision.UNDECIDED)


@pytest.mark.rule("2.7")
def test_nobody_voids_the_numbers_of_another(setting: Setting) -> None:
    first = incident(setting)
    skip(setting, 1)
    after = incident(setting)
    other = setting.envelope("B", type="void", facts={"first": 1, "last": 1})
    assert sequence(setting, first, after, other).gaps != ()


@pytest.mark.rule("2.7")
def test_a_record_that_names_another_predecessor_is_a_gap(setting: Setting) -> None:
    first = incident(setting)
    setting.places["A"] = Place(setting.ledger_id, 1, "sha256:" + "0" * 64)
    assert sequence(setting, first, incident(setting)).gaps != ()


def test_two_records_of_one_number_are_both_read(setting: Setting) -> None:
    place = setting.places.get("A", Place(setting.ledger_id))
    first = incident(setting)
    setting.places["A"] = place
    again = incident(setting)
    assert sequence(setting, first, again, incident(setting)).gaps == ()


def test_the_last_mark_counts_and_no_further_than_the_first_gap(setting: Setting) -> None:
    mark = setting.envelope("A", type="heartbeat", at=setting.clock.now)
    setting.clock.now += HOUR
    incident(setting)
    late = setting.envelope("A", type="heartbeat", at=setting.clock.now)
    assert sequence(setting, mark).complete == setting.clock.now - HOUR
    assert sequence(setting, mark, late).complete == setting.clock.now - HOUR


def test_a_mark_that_claims_the_future_reaches_to_its_receipt(setting: Setting) -> None:
    mark = setting.envelope("A", type="heartbeat", at=setting.clock.now + 100 * HOUR)
    assert sequence(setting, mark).complete == setting.clock.now


def test_a_record_in_the_name_of_another_issuer_is_not_of_its_sequence(setting: Setting) -> None:
    """The body names A's key as issuer, and only B signed."""
    body = read(incident(setting)).body
    forged = seal(body, [setting.keys["B"]], EventBody.PAYLOAD_TYPE)
    received = [Received(read(forged), setting.clock.now, 0)]
    assert sequences(open_events(received, setting.store, setting.clock.now)) == {}
    source = setting.write("events.jsonl", forged)
    result = audit(setting.path, source, trust=setting.trust, clock=setting.clock)
    assert (len(result.duties), "not trusted" in {n.kind for n in result.notes}) == (0, True)


@pytest.mark.rule("2.7")
@pytest.mark.parametrize(("hours", "complete"), [(0, False), (1, False), (2, True)])
def test_a_key_completes_nothing_from_its_compromise_on(setting: Setting, hours: int, complete: bool) -> None:
    """The mark of A is received an hour after the act; whoever had the key could have sent it."""
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    marked = setting.clock.now
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")))
    setting.clock.now += 5 * HOUR
    since = timestamp(marked + (hours - 1) * HOUR)
    revoke(setting.trust, setting.keys["A"].id, setting.clock.now, compromised_since=since)
    world = audit(setting.path, setting.ledger, trust=setting.trust, clock=setting.clock).world
    [source] = [s for s in world.sources if s.party == "A"]
    assert (source.complete, source.last_heard) == ((marked, marked) if complete else (None, None))


@pytest.mark.rule("2.7")
@pytest.mark.parametrize(("hours", "owed_still"), [(0, True), (1, True), (2, False)])
def test_a_key_voids_nothing_from_its_compromise_on(setting: Setting, hours: int, owed_still: bool) -> None:
    setting.record(incident(setting))
    skip(setting, 1)
    setting.record(incident(setting))
    setting.clock.now += HOUR
    voided = setting.clock.now
    setting.record(void(setting, 1, 1))
    setting.clock.now += 5 * HOUR
    since = timestamp(voided + (hours - 1) * HOUR)
    revoke(setting.trust, setting.keys["A"].id, setting.clock.now, compromised_since=since)
    world = audit(setting.path, setting.ledger, trust=setting.trust, closed=True, clock=setting.clock).world
    assert any(cloud.reason == "gap" for cloud in world.clouds) is owed_still


def test_what_a_ledger_received_after_the_end_of_its_key_is_vouched_for_by_nobody(setting: Setting) -> None:
    """Whoever kept the key could go on, with times of his choice."""
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")))
    setting.clock.now += HOUR
    revoke(setting.trust, setting.keys["ledger"].id, setting.clock.now)

    def final() -> bool:
        [judged] = audit(setting.path, setting.ledger, trust=setting.trust, clock=setting.clock).uses
        return judged.judged.final

    assert final()
    setting.record(incident(setting))  # at the very instant of the end
    assert not final()


def test_no_verdict_is_final_on_a_ledger_that_a_platform_of_the_contract_keeps(tmp_path: Path) -> None:
    """The trust store knows two keys of one person, the contract what that person does."""
    setting = Setting(tmp_path, CONTRACT.replace("recipient", "platform"))
    setting.sign("A", "B", "C")
    setting.record(setting.envelope("B", "C", **use()))
    setting.clock.now += HOUR
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")))

    def audited() -> tuple[bool, bool]:
        found = audit(setting.path, setting.ledger, trust=setting.trust, clock=setting.clock)
        return found.uses[0].judged.final, "kept by one who is judged" in {n.kind for n in found.notes}

    assert audited() == (True, False)
    records = [
        r.model_copy(update={"identity": identity("B")}) if r.party == "ledger" else r for r in setting.store.keys
    ]
    save_trust(setting.store.model_copy(update={"keys": tuple(records)}), setting.trust)
    assert audited() == (False, True)


# ---- news


RECENT = CONTRACT.replace('time zone "UTC".', 'time zone "UTC".\n  news at most 2 hours old.')


def test_where_news_must_be_recent_a_silent_source_leaves_it_undecided(tmp_path: Path) -> None:
    setting = Setting(tmp_path, RECENT)
    setting.sign("A", "B", "C")
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")))
    act = setting.envelope("B", "C", **use())
    for hours, expected in ((1, Decision.ALLOWED), (1, Decision.ALLOWED), (1, Decision.UNDECIDED)):
        setting.clock.now += hours * HOUR
        assert ask(setting, act).decision is expected


def test_a_source_never_heard_of_is_as_old_as_can_be(tmp_path: Path) -> None:
    setting = Setting(tmp_path, RECENT)
    setting.sign("A", "B", "C")
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("B", "C")))
    answer = ask(setting, setting.envelope("B", "C", **use()))
    assert answer.decision is Decision.UNDECIDED
    assert "news too old" in {r.kind for r in answer.judged.open}


@pytest.mark.rule("2.5")
def test_what_did_not_arrive_stands_after_the_mark_of_its_source_and_not_at_it() -> None:
    """A mark says that nothing is missing up to and with its instant: an act exactly then is judged finally."""
    heard, never = Source("a", "A", complete=NOW), Source("b", "B")
    first, whole = unseen_clouds((heard, never))
    assert (first.since, first.source, first.reason) == (NOW + 1, heard, "incomplete")
    assert whole.since < 0 < NOW < whole.until == first.until


@pytest.mark.rule("2.5")
@pytest.mark.parametrize(("later", "truth"), [(-1, Truth.TRUE), (0, Truth.TRUE), (1, Truth.UNKNOWN)])
def test_an_act_at_the_mark_of_every_source_is_decided_and_one_after_it_is_not(later: int, truth: Truth) -> None:
    given = contract(clause("1", may("B", "use"), must_not("B", "use", some_("consent"))))
    clouds = tuple(unseen_clouds(Source(p, p, complete=NOW) for p in "AB"))
    assert judged(given, builders.use(time=NOW + later), clouds=clouds) is truth

"""Whose a key is, by trust store and contract together: rotation, roles that authorities certify, certificate chains,
signatures of keys that have ended, persons who may not be two things at once. Judged by the ledger's time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smartclause.evidence.forms import instant, timestamp
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.role_certificates import RoleCertificate, certify
from smartclause.evidence.statement import StatedParty, StatedRole
from smartclause.evidence.trust import Accepted, KeyRecord, TrustStore, key_record, record_of, save_trust
from smartclause.logic.duties import DutyStatus
from smartclause.logic.verdict import Decision
from smartclause.verbs.audit import audit
from smartclause.verbs.bundle import envelope_digest, write_bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.sign import SigningFile, sign_contract
from smartclause.verbs.verify import verify
from tests.evidence.trust_samples import authority, name_of, person
from tests.evidence.trust_samples import text_of as certificate_text
from tests.verbs.asking import ask
from tests.verbs.samples import CONTRACT, HOUR, NOW, SINCE, Setting, identity, use

MICROSECOND = 1


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    return made


def keep(setting: Setting, *records: KeyRecord, **members: Any) -> None:
    """These records in the place of those of their number."""
    kept = {r.id: r for r in setting.store.keys} | {r.id: r for r in records}
    setting.store = TrustStore(version=1, keys=tuple(sorted(kept.values(), key=lambda r: r.id)), **members)
    save_trust(setting.store, setting.trust)


def changed(setting: Setting, name: str, **members: Any) -> KeyRecord:
    record = record_of(setting.store, setting.keys[name].id)
    assert record is not None
    return record.model_copy(update=members)


def complete(setting: Setting, who: str = "B", **members: Any) -> bytes:
    return setting.envelope(who, "C", **use(**members))


# ---- rotation


def rotate(setting: Setting, party: str, at: int) -> str:
    """A new key of the party from `at` on, under the name of the party with a 2; the old one ends there."""
    new = f"{party}2"
    setting.keys[new] = make_key()
    record = key_record(
        setting.keys[new].public, party, timestamp(at), identity=identity(party), replaces=setting.keys[party].id
    )
    keep(setting, record, changed(setting, party, revoked=timestamp(at)))
    return new


def test_a_new_key_stands_for_its_party_from_its_first_instant_and_the_old_one_no_longer(setting: Setting) -> None:
    deposit(setting)
    setting.clock.now += HOUR
    new = rotate(setting, "B", setting.clock.now)
    old_act, new_act = complete(setting), complete(setting, new)
    assert ask(setting, new_act).decision is Decision.ALLOWED
    with pytest.raises(VerbError, match="VB27"):
        ask(setting, old_act)
    setting.clock.now -= MICROSECOND
    assert ask(setting, old_act, at=setting.clock.now).judged.decision is Decision.ALLOWED


def test_a_key_that_replaces_none_of_the_contract_is_its_partys_only_perhaps(setting: Setting) -> None:
    new = rotate(setting, "B", NOW - HOUR)
    stranger = record_of(setting.store, setting.keys[new].id)
    assert stranger is not None
    keep(setting, stranger.model_copy(update={"replaces": None}))
    with pytest.raises(VerbError, match="VB27"):
        ask(setting, complete(setting, new))


def test_what_an_old_key_recorded_in_its_time_stays(setting: Setting) -> None:
    deposit(setting)
    setting.record(setting.envelope("A", type="incident", facts={"case_number": "c"}))
    notice = {"type": "voice_data.notify", "by": "B", "to": "A", "facts": {"case_number": "c"}}
    setting.record(setting.envelope("B", **notice))
    setting.clock.now += HOUR
    rotate(setting, "B", setting.clock.now)
    setting.clock.now += 100 * HOUR
    found = audit(setting.path, setting.ledger, trust=setting.trust, closed=True, clock=setting.clock)
    assert [d.status for d in found.duties] == [DutyStatus.FULFILLED]


# ---- signatures of keys that have ended


def deposit(setting: Setting) -> None:
    """The contract as it is signed now, shown to the ledger."""
    assert setting.bundle.envelope is not None
    event = {"type": "deposit", "facts": {"envelope": envelope_digest(setting.bundle.envelope)}}
    setting.record(setting.envelope("A", **event))


ENDINGS: dict[str, dict[str, str]] = {
    "valid_until": {"valid_until": timestamp(NOW)},
    "revoked": {"revoked": timestamp(NOW)},
    "compromised": {"compromised_since": timestamp(NOW), "compromise_declared_by": "C"},
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("seen", "expected"), [(None, Decision.UNDECIDED), (-1, Decision.ALLOWED), (0, Decision.UNDECIDED)]
)
def test_the_signature_of_an_ended_key_counts_only_if_a_ledger_had_received_it(
    setting: Setting, ending: str, seen: int | None, expected: Decision
) -> None:
    if seen is not None:
        setting.clock.now = NOW + seen
        deposit(setting)
    setting.clock.now = NOW + HOUR
    keep(setting, changed(setting, "A", **ENDINGS[ending]))
    assert ask(setting, complete(setting)).decision is expected


@pytest.mark.parametrize(("ahead", "expected"), [(0, Decision.UNDECIDED), (1, Decision.ALLOWED)])
def test_a_signature_counts_until_the_last_instant_of_its_key(setting: Setting, ahead: int, expected: Decision) -> None:
    keep(setting, changed(setting, "A", valid_until=timestamp(NOW + ahead)))
    assert ask(setting, complete(setting)).decision is expected
    assert verify(setting.path, trust=setting.trust, clock=setting.clock).holds is (expected is Decision.ALLOWED)


def test_the_caller_may_say_when_the_signatures_had_been_given(setting: Setting) -> None:
    keep(setting, changed(setting, "A", valid_until=timestamp(NOW - HOUR)))
    act = complete(setting)
    assert ask(setting, act).decision is Decision.UNDECIDED
    assert ask(setting, act, signed_at=NOW - HOUR).decision is Decision.UNDECIDED
    answer = ask(setting, act, signed_at=NOW - HOUR - MICROSECOND)
    assert answer.decision is Decision.ALLOWED
    assert ("signature attested", "A") in {(n.kind, n.detail) for n in answer.notes}
    assert not answer.final


def test_a_compromise_that_begins_later_leaves_no_signature_whose_time_nobody_attests(setting: Setting) -> None:
    later = {"compromised_since": timestamp(NOW + HOUR), "compromise_declared_by": "A"}
    keep(setting, changed(setting, "A", **later))
    assert ask(setting, complete(setting)).decision is Decision.UNDECIDED


def test_a_deposit_that_no_checkpoint_covers_shows_nothing(setting: Setting) -> None:
    from smartclause.evidence.ledger import open_ledger
    from smartclause.evidence.recording import record

    assert setting.bundle.envelope is not None
    event = {"type": "deposit", "facts": {"envelope": envelope_digest(setting.bundle.envelope)}}
    with open_ledger(setting.ledger, writing=True) as ledger:
        record(ledger, [setting.envelope("A", **event)], setting.store, None, setting.clock)
    setting.clock.now += HOUR
    keep(setting, changed(setting, "A", revoked=timestamp(setting.clock.now)))
    assert ask(setting, complete(setting)).decision is Decision.UNDECIDED
    setting.record(setting.envelope("C", type="incident", facts={"case_number": "c"}))
    assert ask(setting, complete(setting)).decision is Decision.ALLOWED


def test_a_deposit_of_another_envelope_shows_nothing(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B")
    deposit(setting)
    setting.sign("C")
    setting.clock.now += HOUR
    keep(setting, changed(setting, "A", revoked=timestamp(setting.clock.now)))
    assert ask(setting, complete(setting)).decision is Decision.UNDECIDED


def test_a_ledger_that_nobody_knows_attests_no_deposit(setting: Setting) -> None:
    deposit(setting)
    setting.clock.now += HOUR
    keep(setting, changed(setting, "A", revoked=timestamp(setting.clock.now)), changed(setting, "ledger", party="X"))
    assert ask(setting, complete(setting)).decision is Decision.UNDECIDED


def test_verify_counts_what_a_ledger_had_received(setting: Setting) -> None:
    deposit(setting)
    setting.clock.now += HOUR
    keep(setting, changed(setting, "A", revoked=timestamp(setting.clock.now)))
    assert not verify(setting.path, trust=setting.trust, clock=setting.clock).holds
    assert verify(setting.path, trust=setting.trust, ledger=setting.ledger, clock=setting.clock).holds


def test_a_party_may_sign_again_with_the_key_that_replaces_its_own(setting: Setting) -> None:
    new = rotate(setting, "A", NOW)
    assert ask(setting, complete(setting)).decision is Decision.UNDECIDED
    with pytest.raises(VerbError, match="VB22"):
        sign_contract(setting.bundle, setting.keys[new])
    again = sign_contract(setting.bundle, setting.keys[new], trust=setting.store)
    write_bundle(again, setting.path)
    assert ask(setting, complete(setting)).decision is Decision.ALLOWED


# ---- roles that an authority certifies

OUTSIDE = CONTRACT.replace('party C en "Auditor" as auditor.\n', "")


def certifying(tmp_path: Path, **members: Any) -> Setting:
    """The auditor is no party: the contract names the authority that certifies auditors."""
    setting = Setting(tmp_path, OUTSIDE)
    parties = tuple(StatedParty(party=n, identity=identity(n), keys=(setting.keys[n].id,)) for n in ("A", "B"))
    setting.keys["authority"] = make_key()
    keep(setting, key_record(setting.keys["authority"].public, "authority", SINCE, identity=identity("authority")))
    role = StatedRole(role="auditor", authorities=(setting.keys["authority"].id,))
    who = SigningFile(parties=parties, roles=(role,))
    for name in ("A", "B"):
        setting.bundle = sign_contract(setting.bundle, setting.keys[name], who)
    write_bundle(setting.bundle, setting.path)
    if members:
        certified(setting, **members)
    return setting


def certified(
    setting: Setting,
    by: str = "authority",
    key: SigningKey | None = None,
    since: str = SINCE,
    until: str | None = None,
    key_named: str = "",
    **members: Any,
) -> None:
    """The key of C gets a certificate for the role."""
    stated = {
        "authority": setting.keys["authority"].id,
        "key": key_named or setting.keys["C"].id,
        "roles": ("auditor",),
    }
    certificate = RoleCertificate.model_validate(stated | {"valid_from": SINCE} | members)
    text = certificate_of(certify(certificate, key or setting.keys[by]))
    accepted = Accepted(certificate=text, since=since, until=until)
    keep(setting, changed(setting, "C", certificates=(accepted,)))


def certificate_of(envelope: bytes) -> str:
    import base64

    return base64.b64encode(envelope).decode()


def test_a_certified_key_shows_the_facts_of_its_role(tmp_path: Path) -> None:
    setting = certifying(tmp_path)
    act = complete(setting)
    assert ask(setting, act).decision is Decision.UNDECIDED
    certified(setting)
    assert ask(setting, act).decision is Decision.ALLOWED


REFUSED: dict[str, dict[str, Any]] = {
    "another role": {"roles": ("reviewer",)},
    "another contract": {"contracts": ("sha256:" + "d" * 64,)},
    "not begun": {"valid_from": timestamp(NOW + MICROSECOND)},
    "ended": {"valid_until": timestamp(NOW)},
    "not accepted yet": {"since": timestamp(NOW + MICROSECOND)},
    "no longer accepted": {"until": timestamp(NOW)},
    "signed by another": {"by": "keeper"},
    "signed by the key itself": {"by": "C"},
    "of a key that the store does not hold": {"key": make_key()},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_certificate_that_does_not_fit_gives_no_role(tmp_path: Path, case: str) -> None:
    setting = certifying(tmp_path)
    certified(setting, **REFUSED[case])
    assert ask(setting, complete(setting)).decision is Decision.UNDECIDED


@pytest.mark.parametrize(
    "fitting",
    [
        {"valid_from": timestamp(NOW)},
        {"valid_until": timestamp(NOW + MICROSECOND)},
        {"since": timestamp(NOW)},
        {"until": timestamp(NOW + MICROSECOND)},
        {"roles": ("auditor", "reviewer")},
    ],
)
def test_a_certificate_holds_from_its_first_instant_to_its_last(tmp_path: Path, fitting: dict[str, Any]) -> None:
    setting = certifying(tmp_path)
    certified(setting, **fitting)
    assert ask(setting, complete(setting)).decision is Decision.ALLOWED


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_authority_that_has_ended_certifies_nobody_from_then_on(tmp_path: Path, ending: str) -> None:
    setting = certifying(tmp_path, roles=("auditor",))
    keep(setting, changed(setting, "authority", **ENDINGS[ending]))
    act = complete(setting)
    assert ask(setting, act).decision is Decision.UNDECIDED
    setting.clock.now -= MICROSECOND
    assert ask(setting, act).decision is Decision.ALLOWED


def test_a_certificate_of_another_key_gives_no_role(tmp_path: Path) -> None:
    setting = certifying(tmp_path)
    certified(setting, key_named=setting.keys["keeper"].id)
    assert ask(setting, complete(setting)).decision is Decision.UNDECIDED


def test_an_authority_that_the_contract_does_not_name_certifies_nobody(tmp_path: Path) -> None:
    setting = certifying(tmp_path)
    certified(setting, authority=setting.keys["keeper"].id, by="keeper")
    assert ask(setting, complete(setting)).decision is Decision.UNDECIDED


# ---- certificate chains


def test_a_key_is_a_persons_while_its_certificates_hold_at_the_time_of_receipt(setting: Setting) -> None:
    ca = authority()
    own = person(ca, setting.keys["B"], subject=name_of("B Ltd", ORGANIZATION_IDENTIFIER="LEIXG-LEI-B"))
    record = changed(setting, "B", chain=(certificate_text(own),))
    accepted = (Accepted(certificate=ca.text, since=SINCE),)
    keep(setting, record, issuers=accepted)
    act = complete(setting)
    assert ask(setting, act).decision is Decision.ALLOWED
    last = instant("2026-12-31T23:59:59Z")
    deposit(setting)
    setting.clock.now = last
    assert ask(setting, act).decision is Decision.ALLOWED
    setting.clock.now = last + MICROSECOND
    with pytest.raises(VerbError, match="VB27"):
        ask(setting, act)
    setting.clock.now = NOW + HOUR
    keep(setting, record)  # without the issuers
    with pytest.raises(VerbError, match="VB27"):
        ask(setting, act)


# ---- who may not be two things


@pytest.mark.parametrize("other", ["auditor", "ledger"])
def test_a_platform_that_is_also_something_that_watches_it_is_never_sure(tmp_path: Path, other: str) -> None:
    contract = CONTRACT.replace("role recipient en", "role platform en").replace("as recipient", "as platform")
    contract = contract.replace('"recipient"', '"platform"')
    setting = Setting(tmp_path, contract)
    setting.sign("A", "B", "C")
    act = complete(setting)
    assert ask(setting, act).decision is Decision.ALLOWED
    setting.keys["second"] = make_key()
    keep(setting, key_record(setting.keys["second"].public, "X", SINCE, identity=identity("B"), roles=(other,)))
    with pytest.raises(VerbError, match="VB27"):
        ask(setting, act)


def test_only_a_key_known_as_a_ledgers_attests_times(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="incident", facts={"case_number": "c"}))
    act = complete(setting)
    assert "time not attested" not in {n.kind for n in ask(setting, act).notes}
    keep(setting, changed(setting, "ledger", party="keeper_of_B"))
    assert "time not attested" in {n.kind for n in ask(setting, act).notes}
    keep(setting, changed(setting, "ledger", roles=("ledger",)))
    assert "time not attested" not in {n.kind for n in ask(setting, act).notes}


# ---- acts of two parties

HANDED_OVER = """act hand_over en "handing over" by A has
  subject en "subject" is identifier;
  accepted en "accepted|not accepted" is fact shown by recipient.
part 1 en "Use"
"""
ONCE_ACCEPTED = "and safe\n    and some hand_over by anyone where (accepted) with the same subject."
HANDOVER = CONTRACT.replace('part 1 en "Use"\n', HANDED_OVER).replace("and safe.", ONCE_ACCEPTED)
GIVEN = {"type": "voice_data.hand_over", "by": "A", "to": "B", "asset": "voices",
         "facts": {"subject": "s1", "accepted": True}}  # fmt: skip


@pytest.mark.parametrize(
    ("signers", "decision"),
    [(("A",), Decision.UNDECIDED), (("A", "C"), Decision.UNDECIDED), (("A", "B"), Decision.ALLOWED)],
)
def test_what_two_parties_must_show_needs_the_signatures_of_both(
    tmp_path: Path, signers: tuple[str, ...], decision: Decision
) -> None:
    setting = two_sided(tmp_path)
    setting.record(setting.envelope(*signers, **GIVEN))
    assert ask(setting, complete(setting)).decision is decision


def two_sided(tmp_path: Path) -> Setting:
    setting = Setting(tmp_path, HANDOVER)
    setting.sign("A", "B", "C")
    return setting


def test_a_signature_that_comes_later_joins_the_record_from_its_own_receipt(tmp_path: Path) -> None:
    from smartclause.evidence.envelope import countersign

    setting = two_sided(tmp_path)
    one = setting.envelope("A", **GIVEN)
    setting.record(one)
    act = complete(setting)
    assert ask(setting, act).decision is Decision.UNDECIDED
    setting.clock.now += HOUR
    [receipt] = setting.record(countersign(one, [setting.keys["B"]]))
    assert receipt.kind == "cosignature"  # type: ignore[union-attr]
    assert ask(setting, act).decision is Decision.ALLOWED


def test_a_later_signature_by_a_key_that_had_ended_shows_nothing(tmp_path: Path) -> None:
    from smartclause.evidence.envelope import countersign

    setting = two_sided(tmp_path)
    deposit(setting)
    one = setting.envelope("A", **GIVEN)
    setting.record(one)
    setting.clock.now += HOUR
    new = rotate(setting, "B", setting.clock.now)
    setting.record(countersign(one, [setting.keys["B"]]))
    assert ask(setting, complete(setting, new)).decision is Decision.UNDECIDED
    setting.record(countersign(one, [setting.keys[new]]))
    assert ask(setting, complete(setting, new)).decision is Decision.ALLOWED

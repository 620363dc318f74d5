"""Every way in which a use could pass without evidence ends undecided, refused, or as an error; never allowed."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smartclause.evidence.envelope import countersign, read, seal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody, event_id
from smartclause.evidence.forms import canonical, read_form
from smartclause.evidence.keys import make_key
from smartclause.evidence.ledger import create_ledger
from smartclause.evidence.statement import ContractStatement
from smartclause.evidence.trust import load_trust, save_trust
from smartclause.logic.verdict import Decision
from smartclause.verbs import keys
from smartclause.verbs.bundle import read_bundle, statement_of, write_bundle
from smartclause.verbs.compile import compiled
from smartclause.verbs.decide import Answer
from smartclause.verbs.errors import VerbError
from smartclause.verbs.holders import holders_of
from smartclause.verbs.sign import SigningFile, sign_contract
from tests.verbs.asking import ask
from tests.verbs.samples import CONTRACT, HOUR, SINCE, Setting, identity, use

SIGNED = ("A", "B", "C")


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign(*SIGNED)
    return made


def kinds(answer: Answer) -> set[str]:
    return {reason.kind for reason in answer.judged.open}


def noted(answer: Answer) -> set[str]:
    return {note.kind for note in answer.notes}


def complete(setting: Setting, **members: Any) -> bytes:
    """The act, signed by its issuer and by the auditor who shows `safe`."""
    return setting.envelope("B", "C", **use(**members))


# ---- the contract


def test_the_complete_act_is_allowed(setting: Setting) -> None:
    assert ask(setting, complete(setting)).decision is Decision.ALLOWED


def test_an_unsigned_contract_allows_nothing(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign()
    answer = ask(setting, complete(setting))
    assert answer.decision is Decision.UNDECIDED
    assert "not signed" in kinds(answer)
    assert "unsigned" in noted(answer)


def test_a_clause_file_is_unsigned(setting: Setting) -> None:
    act = complete(setting)
    answer = ask(setting, act, contract=setting.folder / "voice_data.clause")
    assert answer.decision is Decision.UNDECIDED


@pytest.mark.parametrize("absent", SIGNED)
def test_one_missing_signature_leaves_every_grant_unknown(tmp_path: Path, absent: str) -> None:
    setting = Setting(tmp_path)
    setting.sign(*(p for p in SIGNED if p != absent))
    assert ask(setting, complete(setting)).decision is Decision.UNDECIDED


def test_a_signature_by_an_unknown_key_counts_for_nobody(setting: Setting) -> None:
    act = complete(setting)
    store = load_trust(setting.trust)
    kept = tuple(k for k in store.keys if k.id != setting.keys["A"].id)
    save_trust(replace_keys(store, kept), setting.trust)
    assert ask(setting, act).decision is Decision.UNDECIDED


def replace_keys(store: Any, kept: tuple[Any, ...]) -> Any:
    return store.model_copy(update={"keys": kept})


def test_a_key_of_another_person_does_not_sign_for_the_party(setting: Setting) -> None:
    act = complete(setting)
    store = load_trust(setting.trust)
    other = identity("Somebody")
    changed = tuple(k.model_copy(update={"identity": other}) if k.id == setting.keys["A"].id else k for k in store.keys)
    save_trust(replace_keys(store, changed), setting.trust)
    assert ask(setting, act).decision is Decision.UNDECIDED


def test_a_compromised_key_has_signed_no_contract(setting: Setting) -> None:
    act = complete(setting)
    keys.revoke(setting.trust, setting.keys["A"].id, setting.clock.now, compromised_since="2026-02-28T00:00:00Z")
    assert ask(setting, act).decision is Decision.UNDECIDED


def test_a_party_that_only_the_statement_names_is_nobody(tmp_path: Path) -> None:
    """Whoever makes the statement may write any key beside the name of a party."""
    setting = Setting(tmp_path)
    forged = make_key()
    setting.keys["A"], kept = forged, setting.keys["A"]
    setting.sign(*SIGNED)
    setting.keys["A"] = kept
    assert ask(setting, complete(setting)).decision is Decision.UNDECIDED


def test_a_changed_contract_is_refused(setting: Setting) -> None:
    content = setting.path.read_text().replace("found safe", "found well")
    setting.path.write_text(content)
    with pytest.raises(VerbError, match="VB02"):
        ask(setting, use())


def test_the_statement_of_another_contract_is_refused(setting: Setting) -> None:
    stated = statement_of(setting.bundle)
    assert stated is not None
    other = stated.statement.model_copy(update={"document_digest": "sha256:" + "0" * 64})
    sealed = seal(canonical(other), [setting.keys[p] for p in SIGNED], ContractStatement.PAYLOAD_TYPE)
    write_bundle(replace(setting.bundle, envelope=sealed), setting.path)
    with pytest.raises(VerbError, match="VB04"):
        ask(setting, use())


def test_another_edition_of_the_meaning_is_refused(setting: Setting) -> None:
    write_bundle(replace(setting.bundle, contract=replace(setting.bundle.contract, edition="meaning 2")), setting.path)
    with pytest.raises(VerbError, match="VB28"):
        read_bundle(setting.path)


# ---- the event


def test_plain_json_attests_nothing(setting: Setting) -> None:
    answer = ask(setting, use())
    assert answer.decision is Decision.UNDECIDED
    assert {(r.field, r.role) for r in answer.judged.open} >= {("safe", "auditor")}


def test_a_fact_is_not_shown_by_the_issuer_alone(setting: Setting) -> None:
    answer = ask(setting, setting.envelope("B", **use()))
    assert answer.decision is Decision.UNDECIDED
    assert [[k.field for k in s] for s in answer.sets.sets] == [["safe"]]


@pytest.mark.parametrize("name", ["purpose", "safe", "subject", "samples"])
def test_one_missing_fact_leaves_the_act_undecided(setting: Setting, name: str) -> None:
    facts = {n: v for n, v in use()["facts"].items() if n != name}
    act = use() | {"facts": facts}
    content = act if name == "subject" else setting.envelope("B", "C", **act)
    if name == "subject":  # a key: it cannot be signed without, but it can be asked
        with pytest.raises(VerbError, match="VB10"):
            setting.envelope("B", "C", **act)
    answer = ask(setting, content)
    assert answer.decision is Decision.UNDECIDED


def test_without_an_asset_it_is_undecided(setting: Setting) -> None:
    act = {k: v for k, v in use().items() if k != "asset"}
    answer = ask(setting, act)
    assert answer.decision is Decision.UNDECIDED
    assert kinds(answer) == {"not registered"}


def test_the_judged_party_never_holds_a_role_of_another(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    who = setting.who(auditor="B")
    setting.who = lambda **_: who  # type: ignore[method-assign]
    setting.sign(*SIGNED)
    assert ask(setting, setting.envelope("B", **use())).decision is Decision.UNDECIDED


def test_a_key_that_the_contract_names_for_a_role_shows_its_facts(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.keys["lab"] = make_key()
    setting.trusting()
    who = setting.who(auditor="lab")
    setting.who = lambda **_: who  # type: ignore[method-assign]
    setting.sign(*SIGNED)
    assert ask(setting, setting.envelope("B", "lab", **use())).decision is Decision.ALLOWED


def test_a_role_of_the_trust_store_alone_shows_nothing_under_a_signed_contract(setting: Setting) -> None:
    setting.keys["lab"] = make_key()
    setting.trusting(roles=("auditor",))
    assert ask(setting, setting.envelope("B", "lab", **use())).decision is Decision.UNDECIDED


def test_a_second_key_of_a_party_that_its_statement_does_not_list_is_nobody(setting: Setting) -> None:
    setting.keys["second"] = make_key()
    record = keys.Person("C", SINCE, identity("C"))
    keys.write_public(setting.keys["second"].public, setting.folder / "second.pub")
    setting.store = keys.trust(setting.trust, setting.folder / "second.pub", record)
    assert ask(setting, setting.envelope("B", "second", **use())).decision is Decision.UNDECIDED


def test_a_type_that_nobody_declares_is_refused(setting: Setting) -> None:
    assert ask(setting, use(type="other.act", facts={}) | {"facts": {}}).decision is Decision.REFUSED


def test_an_act_in_the_name_of_another_is_no_act(setting: Setting) -> None:
    with pytest.raises(VerbError, match="VB27"):
        ask(setting, setting.envelope("A", "C", **use()))


@pytest.mark.parametrize(
    ("field", "value"),
    [("purpose", "voice_data.advertising"), ("purpose", "voice_data.training"), ("safe", False), ("samples", 1001)],
)
def test_only_the_right_values_pass(setting: Setting, field: str, value: object) -> None:
    answer = ask(setting, use(facts={field: value}))
    assert answer.decision is not Decision.ALLOWED


@pytest.mark.parametrize(
    ("field", "value"),
    [("safe", "yes"), ("safe", 1), ("samples", "10"), ("samples", True), ("purpose", 5), ("purpose", ["x"]),
     ("subject", "with space"), ("subject", 7), ("samples", {"amount": "1", "currency": "CNY"})],
)  # fmt: skip
def test_a_value_of_another_type_is_refused(setting: Setting, field: str, value: object) -> None:
    with pytest.raises(VerbError, match=r"VB0[78]"):
        ask(setting, use(facts={field: value}))


def test_a_signed_value_of_another_type_is_no_value(setting: Setting) -> None:
    """Signed without regard to the contract: read as not stated."""
    answer = ask(setting, raw(setting, facts={"subject": "s1", "purpose": "voice_data.training", "safe": "yes"}))
    assert answer.decision is Decision.UNDECIDED
    assert "wrong type" in noted(answer)


def test_a_signed_value_outside_its_bounds_is_no_value(setting: Setting) -> None:
    facts = {"subject": "s1", "purpose": "voice_data.training", "safe": True, "samples": 5001}
    assert ask(setting, raw(setting, facts=facts)).decision is Decision.UNDECIDED


def test_a_signed_short_name_is_not_expanded(setting: Setting) -> None:
    facts = {"subject": "s1", "purpose": "training", "safe": True, "samples": 1}
    assert ask(setting, raw(setting, facts=facts)).decision is Decision.UNDECIDED


def raw(setting: Setting, **members: Any) -> bytes:
    """An event signed by B and C that `sign` would have refused."""
    good = read_form(EventBody, read(setting.envelope("B", **use())).body)
    bad = EventBody.model_validate(good.model_dump(by_alias=True, exclude_none=True) | members)
    sealed = seal(canonical(bad), [setting.keys["B"]], EventBody.PAYLOAD_TYPE)
    return countersign(sealed, [setting.keys["C"]])


def test_occurrences_are_not_decided(setting: Setting) -> None:
    with pytest.raises(VerbError, match="VB18"):
        ask(setting, {"type": "withdrawal", "by": "A", "facts": {"subject": "s1"}})


def test_an_event_signed_for_another_contract_is_refused(setting: Setting) -> None:
    with pytest.raises(VerbError, match="VB17"):
        ask(setting, raw(setting, contract="sha256:" + "1" * 64))


def test_a_number_of_a_recorded_event_cannot_be_asked_with(setting: Setting) -> None:
    """Otherwise an act could hide the record whose number it takes."""
    taken = event_id()
    setting.record(raw_withdrawal(setting, taken))
    with pytest.raises(VerbError, match="VB21"):
        ask(setting, raw(setting, id=taken, seq=0))


def raw_withdrawal(setting: Setting, number: str) -> bytes:
    good = read_form(EventBody, read(setting.envelope("A", type="withdrawal", facts={"subject": "s1"})).body)
    body = good.model_copy(update={"id": number})
    return seal(canonical(body), [setting.keys["A"]], EventBody.PAYLOAD_TYPE)


def test_a_lapsed_key_asks_nothing(setting: Setting) -> None:
    act = complete(setting)
    keys.revoke(setting.trust, setting.keys["B"].id, setting.clock.now - HOUR)
    with pytest.raises(VerbError, match="VB27"):
        ask(setting, act)


# ---- history


def test_without_a_ledger_history_is_unknown(setting: Setting) -> None:
    answer = ask(setting, complete(setting), ledger=None)
    assert answer.decision is Decision.UNDECIDED
    assert "no ledger" in noted(answer)


def test_the_wrong_ledger_is_refused(setting: Setting) -> None:
    other = setting.folder / "other.db"
    create_ledger(other, setting.keys["ledger"].public, setting.clock)
    with pytest.raises(VerbError, match="VB16"):
        ask(setting, complete(setting), ledger=other)


def test_a_changed_ledger_is_refused(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s1"}))
    connection = sqlite3.connect(setting.ledger)
    connection.execute("DELETE FROM entries")
    connection.commit()
    connection.close()
    with pytest.raises(EvidenceError, match="EV17"):
        ask(setting, complete(setting))


def test_a_gap_may_hide_a_withdrawal(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="incident", facts={"case_number": "c1"}))
    setting.clock.now += HOUR
    setting.envelope("A", type="withdrawal", facts={"subject": "s1"})  # signed, and held back
    setting.record(setting.envelope("A", type="incident", facts={"case_number": "c2"}))
    setting.clock.now += HOUR
    answer = ask(setting, complete(setting))
    assert answer.decision is Decision.UNDECIDED
    assert "gap" in kinds(answer)


def test_a_withdrawal_by_a_compromised_key_is_neither_believed_nor_forgotten(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s1"}))
    setting.clock.now += HOUR
    act = complete(setting)
    store = load_trust(setting.trust)
    changed = tuple(
        k.model_copy(update={"compromised_since": "2026-02-28T00:00:00Z", "compromise_declared_by": "A"})
        if k.id == setting.keys["A"].id
        else k
        for k in store.keys
    )
    save_trust(replace_keys(store, changed), setting.trust)
    assert ask(setting, act).decision is Decision.UNDECIDED


def test_a_withdrawal_counts_from_its_receipt_whatever_it_claims(setting: Setting) -> None:
    late = setting.envelope("A", type="withdrawal", facts={"subject": "s1"}, at=setting.clock.now + 5 * HOUR)
    setting.record(late)
    setting.clock.now += HOUR
    assert ask(setting, complete(setting)).decision is Decision.REFUSED


def test_an_act_is_never_asked_before_the_last_record(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s1"}))
    act = complete(setting)
    setting.clock.now -= 10 * HOUR
    assert ask(setting, act).decision is Decision.REFUSED


def test_a_ledger_whose_keeper_nobody_knows_attests_no_time(setting: Setting) -> None:
    act = complete(setting)
    store = load_trust(setting.trust)
    kept = tuple(k for k in store.keys if k.id != setting.keys["ledger"].id)
    save_trust(replace_keys(store, kept), setting.trust)
    assert "time not attested" in noted(ask(setting, act))


def test_a_ledger_whose_key_is_compromised_attests_no_time(setting: Setting) -> None:
    act = complete(setting)
    keys.revoke(setting.trust, setting.keys["ledger"].id, setting.clock.now, compromised_since="2026-02-28T00:00:00Z")
    assert "time not attested" in noted(ask(setting, act))


def test_the_count_includes_the_act_itself(setting: Setting) -> None:
    setting.record(*(complete(setting, facts={"samples": 500}) for _ in range(2)))
    setting.clock.now += HOUR
    assert ask(setting, complete(setting, facts={"samples": 1})).decision is Decision.REFUSED


def test_a_record_by_a_key_that_the_contract_does_not_name_is_neither_believed_nor_left_out(tmp_path: Path) -> None:
    text = CONTRACT.replace('occurrence withdrawal en "withdrawal" by A', 'occurrence withdrawal en "withdrawal"')
    setting = Setting(tmp_path, text)
    setting.sign(*SIGNED)
    setting.record(setting.envelope("keeper", type="withdrawal", facts={"subject": "s1"}))
    setting.clock.now += HOUR
    answer = ask(setting, complete(setting))
    assert answer.decision is Decision.UNDECIDED
    assert "uncertain record" in kinds(answer)


def test_a_key_known_as_another_person_shows_nothing_for_the_party(tmp_path: Path) -> None:
    """The statement lists a second key for C; the trust store knows it as somebody else's."""
    setting = Setting(tmp_path)
    setting.keys["second"] = make_key()
    setting.trusting()
    who = setting.who()
    both = tuple(sorted((setting.keys["C"].id, setting.keys["second"].id)))
    third = who.parties[2].model_copy(update={"keys": both})
    changed = who.model_copy(update={"parties": (*who.parties[:2], third)})
    setting.who = lambda **_: changed  # type: ignore[method-assign]
    setting.sign(*SIGNED)
    assert ask(setting, setting.envelope("B", "C", **use())).decision is Decision.ALLOWED
    assert ask(setting, setting.envelope("B", "second", **use())).decision is Decision.UNDECIDED


def test_a_key_that_was_compromised_and_not_revoked_has_signed_no_contract(setting: Setting) -> None:
    act = complete(setting)
    store = load_trust(setting.trust)
    late = {"compromised_since": "2026-12-01T00:00:00Z", "compromise_declared_by": "A"}
    changed = tuple(k.model_copy(update=late) if k.id == setting.keys["A"].id else k for k in store.keys)
    save_trust(replace_keys(store, changed), setting.trust)
    assert ask(setting, act).decision is Decision.UNDECIDED


@pytest.mark.parametrize(("ahead", "expected"), [(0, Decision.UNDECIDED), (1, Decision.ALLOWED)])
def test_a_revoked_key_has_signed_no_contract_from_its_end_on(setting: Setting, ahead: int, expected: Decision) -> None:
    act = complete(setting)
    keys.revoke(setting.trust, setting.keys["A"].id, setting.clock.now + ahead)
    assert ask(setting, act).decision is expected


LATE = CONTRACT.replace('time zone "UTC".', 'time zone "UTC".\n  records of B may arrive up to 2 hours late.')


def test_an_act_is_asked_now_whatever_time_it_claims(tmp_path: Path) -> None:
    """Inside the agreed lag the claim would put it before the withdrawal."""
    setting = Setting(tmp_path, LATE)
    setting.sign(*SIGNED)
    claimed = setting.clock.now - HOUR // 2
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s1"}))
    setting.clock.now += HOUR
    assert ask(setting, setting.envelope("B", "C", at=claimed, **use())).decision is Decision.REFUSED


@pytest.mark.parametrize(("own", "expected"), [(False, Decision.ALLOWED), (True, Decision.REFUSED)])
def test_only_a_termination_of_this_contract_ends_it(setting: Setting, own: bool, expected: Decision) -> None:
    other = {} if own else {"contract": "sha256:" + "2" * 64}
    for who in SIGNED:
        sealed = setting.envelope(who, type="termination", by=who, facts={})
        body = read_form(EventBody, read(sealed).body).model_copy(update=other)
        setting.record(seal(canonical(body), [setting.keys[who]], EventBody.PAYLOAD_TYPE))
    setting.clock.now += HOUR
    assert ask(setting, complete(setting)).decision is expected


# ---- what-ifs and attestation


@pytest.mark.parametrize("options", [{"draft": True}, {"at": 1772368800000000}])
def test_a_what_if_is_never_allowed(setting: Setting, options: dict[str, Any]) -> None:
    answer = ask(setting, use() if "draft" in options else complete(setting), **options)
    assert answer.judged.decision is Decision.ALLOWED
    assert answer.decision is Decision.UNDECIDED
    assert answer.what_if
    assert not answer.final


def attestation(setting: Setting, role: str, who: str) -> Path:
    fact = {"field": "safe", "role": role, "key": setting.keys[who].id}
    return setting.write("attest.json", {"facts": [fact]})


def test_what_the_caller_verified_counts_and_is_said(setting: Setting) -> None:
    answer = ask(setting, setting.envelope("B", **use()), attest=attestation(setting, "auditor", "C"))
    assert answer.decision is Decision.ALLOWED
    assert answer.attested == ("safe",)
    assert not answer.final


@pytest.mark.parametrize(("role", "who"), [("auditor", "B"), ("auditor", "A"), ("recipient", "C"), ("", "C")])
def test_the_caller_cannot_attest_for_a_key_without_the_role(setting: Setting, role: str, who: str) -> None:
    if not role:
        with pytest.raises(VerbError, match="VB12"):
            ask(setting, use(), attest=attestation(setting, role, who))
        return
    answer = ask(setting, setting.envelope("B", **use()), attest=attestation(setting, role, who))
    assert answer.decision is Decision.UNDECIDED
    assert "attestation refused" in noted(answer)


def test_records_and_registers_mean_nothing_without_a_trust_store(setting: Setting) -> None:
    with pytest.raises(VerbError, match="VB11"):
        ask(setting, use(), trust=None)
    with pytest.raises(VerbError, match="VB11"):
        ask(setting, complete(setting), trust=None, ledger=None)
    assert ask(setting, use(), trust=None, ledger=None).decision is Decision.UNDECIDED


# ---- who the statement says the parties are


def test_nobody_takes_the_place_of_a_party_whom_the_trust_store_knows_as_another(tmp_path: Path) -> None:
    """The statement is written by whoever signs first: B names the keeper, its friend, as party A."""
    setting = Setting(tmp_path)
    friend = identity("keeper")
    who = setting.who()
    parties = tuple(
        p.model_copy(update={"identity": friend, "keys": (setting.keys["keeper"].id,)}) if p.party == "A" else p
        for p in who.parties
    )
    bundle = setting.bundle
    for key in ("B", "C", "keeper"):
        bundle = sign_contract(bundle, setting.keys[key], SigningFile(parties=parties))
    write_bundle(bundle, setting.path)
    answer = ask(setting, complete(setting))
    assert answer.decision is Decision.UNDECIDED
    assert "unsigned" in noted(answer)


def test_one_person_is_not_two_parties(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    parties = tuple(p.model_copy(update={"identity": identity("B")}) for p in setting.who().parties)
    with pytest.raises(VerbError, match="same person"):
        sign_contract(setting.bundle, setting.keys["B"], SigningFile(parties=parties))
    with pytest.raises(VerbError, match=r"the file who\.json is not the signing file it should be: two parties"):
        sign_contract(setting.bundle, setting.keys["B"], SigningFile(parties=parties), "who.json")
    with pytest.raises(VerbError, match=r"who\.json: VB11"):
        sign_contract(setting.bundle, setting.keys["B"], SigningFile(parties=parties[:1]), "who.json")


def test_a_statement_that_not_all_signed_hands_out_no_roles(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    bundle = setting.bundle
    for key in ("B", "C"):
        bundle = sign_contract(bundle, setting.keys[key], setting.who(auditor="keeper"))
    holders = holders_of(bundle, setting.store)
    keeper = holders.signer(setting.keys["keeper"].id, setting.clock.now)
    assert keeper is not None
    assert not keeper.roles
    complete_ = holders_of(sign_contract(bundle, setting.keys["A"]), setting.store)
    keeper = complete_.signer(setting.keys["keeper"].id, setting.clock.now)
    assert keeper is not None
    assert keeper.roles == {"auditor"}


def test_a_statement_beside_a_rule_pack_names_no_keys(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    (tmp_path / "law_of_use.clause").write_text(
        'rule pack law_of_use version 1.0.0\n  en "Law"\n  authoritative text en.\n  in force from 2026-01-01.\n'
        '  time zone "UTC".\nrole auditor en "auditor".\n',
        encoding="utf-8",
    )
    pack = compiled(tmp_path / "law_of_use.clause", ())
    who = setting.who(auditor="keeper").model_copy(update={"signers": ("A", "B", "C")})
    signed = sign_contract(pack, setting.keys["B"], who)
    keeper = holders_of(signed, setting.store).signer(setting.keys["keeper"].id, setting.clock.now)
    assert keeper is not None
    assert not keeper.roles


def test_a_key_that_is_not_valid_yet_has_signed_no_contract(setting: Setting) -> None:
    act = complete(setting)
    store = load_trust(setting.trust)
    later = {"valid_from": "2030-01-01T00:00:00Z"}
    changed = tuple(k.model_copy(update=later) if k.id == setting.keys["A"].id else k for k in store.keys)
    save_trust(replace_keys(store, changed), setting.trust)
    answer = ask(setting, act)
    assert answer.decision is Decision.UNDECIDED
    assert "not signed" in kinds(answer)

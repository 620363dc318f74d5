"""Amendments before the evidence (design 2.11): who must sign, which version an act and a duty stand under."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smartclause.engines.audit import AuditResult
from smartclause.evidence.envelope import seal
from smartclause.evidence.forms import canonical, instant, timestamp
from smartclause.evidence.statement import ContractStatement, StatedParty
from smartclause.logic.verdict import Decision
from smartclause.verbs.bundle import bundle_of, read_bundle, statement_of, write_bundle
from smartclause.verbs.compile import compiled
from smartclause.verbs.decide import Answer
from smartclause.verbs.errors import VerbError
from smartclause.verbs.register import Addition, add
from smartclause.verbs.sign import SigningFile, sign_contract, signing_file_of, statement_for
from tests.verbs.asking import ask
from tests.verbs.audits import audit
from tests.verbs.samples import HOUR, NOW, SINCE, Setting, identity, use

CHANGE = instant("2026-03-02T00:00:00Z")
STRICTER = "replace clause 1.1 allowed_use\n  B may use_voice if purpose is in advertising and safe.\n"
WIDER = "replace clause 1.1 allowed_use\n  B may use_voice if purpose is in purposes and safe.\n"


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    return made


def amend(setting: Setting, body: str, *signers: str, day: str = "2026-03-02", name: str = "second") -> Path:
    """The amendment compiled, signed by these parties, and written."""
    digest = setting.bundle.document
    head = f'amendment {name} version 1.1.0\n  amends voice_data version 1.0.0 digest "{digest}".\n'
    text = f"{head}  in force from {day}.\n"
    source = setting.folder / f"{name}.clause"
    source.write_text(text + body, encoding="utf-8")
    bundle = compiled(source)
    for party in signers:
        bundle = sign_contract(bundle, setting.keys[party], setting.who())
    path = setting.folder / f"{name}.json"
    write_bundle(bundle, path)
    return path


def decided(setting: Setting, at: int, *amendments: Path, **act: Any) -> Answer:
    setting.clock.now = at
    return ask(setting, setting.envelope("B", "C", **use(**act)), amended_by=amendments)


def test_the_old_version_speaks_to_its_last_instant_and_the_amended_one_from_its_first(setting: Setting) -> None:
    path = amend(setting, STRICTER, "A", "B", "C")
    assert decided(setting, CHANGE - 1, path).decision is Decision.ALLOWED
    assert decided(setting, CHANGE, path).decision is Decision.REFUSED


def test_what_the_amendment_permits_is_permitted_from_its_first_instant(setting: Setting) -> None:
    path = amend(setting, WIDER, "A", "B", "C")
    facts = {"purpose": "voice_data.advertising"}
    assert decided(setting, CHANGE - 1, path, facts=facts).decision is Decision.REFUSED
    assert decided(setting, CHANGE, path, facts=facts).decision is Decision.ALLOWED


@pytest.mark.parametrize("signers", [(), ("B",), ("A", "B")])
def test_an_amendment_that_not_all_signed_opens_nothing(setting: Setting, signers: tuple[str, ...]) -> None:
    path = amend(setting, WIDER, *signers)
    answer = decided(setting, CHANGE, path, facts={"purpose": "voice_data.advertising"})
    assert answer.decision is Decision.REFUSED
    assert "amendment not signed" in {note.kind for note in answer.notes}


def test_the_amended_text_alone_grants_nothing_until_all_have_signed(setting: Setting) -> None:
    path = amend(setting, WIDER, "B")
    setting.clock.now = CHANGE
    bundle = read_bundle(path)
    setting.bundle = bundle
    answer = ask(setting, setting.envelope("B", "C", **use()), contract=path)
    assert answer.decision is Decision.UNDECIDED


LEAVING = "strike party C.\n"


def test_a_party_that_leaves_must_have_signed(setting: Setting) -> None:
    body = LEAVING + WIDER.replace(" and safe", "")
    facts = {"purpose": "voice_data.advertising"}
    without = amend(setting, body, "A", "B")
    assert decided(setting, CHANGE, without, facts=facts).decision is Decision.REFUSED
    everyone = amend(setting, body, "A", "B", "C")
    assert decided(setting, CHANGE, everyone, facts=facts).decision is Decision.ALLOWED


def test_the_statement_names_what_is_amended_from_when_and_all_who_sign(setting: Setting) -> None:
    stated = statement_of(read_bundle(amend(setting, LEAVING, "A")))
    assert stated is not None
    assert stated.statement.amends == setting.bundle.document
    assert stated.statement.effective == timestamp(CHANGE)
    assert stated.statement.signers == ("A", "B", "C")


def test_the_statement_cannot_be_made_without_the_party_that_left(setting: Setting) -> None:
    bundle = read_bundle(amend(setting, LEAVING))
    two = tuple(StatedParty(party=n, identity=identity(n), keys=(setting.keys[n].id,)) for n in "AB")
    with pytest.raises(VerbError, match="VB11"):
        sign_contract(bundle, setting.keys["A"], SigningFile(parties=two))
    assert [p.party for p in signing_file_of(bundle, setting.store).parties] == ["A", "B", "C"]


def test_amendments_are_given_in_their_order(setting: Setting) -> None:
    path = amend(setting, STRICTER, "A", "B", "C")
    with pytest.raises(VerbError, match="VB29"):
        decided(setting, CHANGE, path, path)


def recorded(setting: Setting, at: int, who: str = "B", *also: str, **event: Any) -> None:
    setting.clock.now = at
    setting.record(setting.envelope(who, *also, **event))


# ---- the register


def registered(setting: Setting, path: Path, at: int) -> Answer:
    """The contract from the beginning, the amended one from its date, as the keeper enters it."""
    register = setting.folder / "register.json"
    for since, under in ((SINCE, "voice_data"), (timestamp(CHANGE), "voice_data_1_1_0")):
        entry = Addition("voices", since, under, {})
        files = (setting.path, path)
        add(register, entry, files, setting.keys["keeper"], keeper="keeper", trust=setting.trust, clock=setting.clock)
    setting.clock.now = at
    return ask(setting, setting.envelope("B", "C", **use()), register=register, members=(path,))


def test_the_register_moves_an_asset_from_one_version_to_the_next(setting: Setting) -> None:
    path = amend(setting, STRICTER, "A", "B", "C")
    assert registered(setting, path, CHANGE - 1).decision is Decision.ALLOWED
    assert registered(setting, path, CHANGE).decision is Decision.REFUSED


def test_an_unsigned_amendment_in_the_register_grants_nothing(setting: Setting) -> None:
    path = amend(setting, WIDER, "A", "B")
    assert registered(setting, path, CHANGE).decision is Decision.UNDECIDED


BARRED = "add clause 1.9 barred\n  B must not use_voice if clause 2.1 is violated.\n"


@pytest.mark.parametrize("missed", [False, True])
def test_a_duty_missed_under_the_old_version_bars_under_the_amended_one(setting: Setting, missed: bool) -> None:
    path = amend(setting, BARRED, "A", "B", "C")
    expected = Decision.ALLOWED
    if missed:
        recorded(setting, CHANGE - HOUR, "A", type="incident", facts={"case_number": "n1"})
        expected = Decision.UNDECIDED  # nobody has said that B's records, with the notice, are complete
    assert decided(setting, CHANGE + 30 * HOUR, path).decision is expected
    assert registered(setting, path, CHANGE + 31 * HOUR).decision is expected


# ---- audit


def audited(setting: Setting, *amendments: Path, **options: Any) -> AuditResult:
    options.setdefault("closed", True)
    return audit(
        setting.path, setting.ledger, trust=setting.trust, clock=setting.clock, amended_by=amendments, **options
    )


def decisions(result: AuditResult) -> list[tuple[str, list[Decision]]]:
    return [(part.version, [u.decision for u in part.uses]) for part in (*result.earlier, result)]


def test_each_act_is_audited_under_the_version_in_force_at_its_instant(setting: Setting) -> None:
    path = amend(setting, STRICTER, "A", "B", "C")
    recorded(setting, CHANGE - HOUR, "B", "C", **use())
    recorded(setting, CHANGE + HOUR, "B", "C", **use())
    setting.clock.now = CHANGE + 2 * HOUR
    result = audited(setting, path, signed_at=NOW)
    assert decisions(result) == [
        ("voice_data 1.0.0", [Decision.ALLOWED]),
        ("voice_data 1.1.0", [Decision.REFUSED]),
    ]
    assert not result.is_clean


def test_a_backdated_amendment_takes_effect_when_its_last_signature_was_received(setting: Setting) -> None:
    path = amend(setting, STRICTER, "A", "B", "C")
    received = CHANGE + 10 * HOUR
    recorded(setting, received - 1, "B", "C", **use())
    recorded(setting, received, "B", "C", **use())
    setting.clock.now = received + HOUR
    result = audited(setting, path, signed_at=received)
    assert [d for _, d in decisions(result)] == [[Decision.ALLOWED], [Decision.REFUSED]]


@pytest.mark.parametrize("body", [STRICTER, WIDER])
def test_where_nobody_attests_the_receipt_both_versions_must_allow_from_its_date_on(
    setting: Setting, body: str
) -> None:
    path = amend(setting, body, "A", "B", "C")
    facts = {"purpose": "voice_data.advertising"} if body == WIDER else {}
    recorded(setting, CHANGE + HOUR, "B", "C", **use(facts=facts))
    setting.clock.now = CHANGE + 2 * HOUR
    result = audited(setting, path)
    assert [d for _, found in decisions(result) for d in found] == [Decision.REFUSED]
    assert "receipt not attested" in {note.kind for note in result.notes}


def test_a_duty_is_followed_under_the_version_in_force_at_its_trigger(setting: Setting) -> None:
    longer = (
        "replace clause 2.1 report\n  When incident occurs, B must notify A within 48 hours for the same case_number.\n"
    )
    path = amend(setting, longer, "A", "B", "C")
    recorded(setting, CHANGE - HOUR, "A", type="incident", facts={"case_number": "n1"})
    recorded(setting, CHANGE + HOUR, "A", type="incident", facts={"case_number": "n2"})
    setting.clock.now = CHANGE + 30 * HOUR
    result = audited(setting, path, signed_at=NOW)
    dues = [[(dict(i.keys)["case_number"], i.due.latest) for i in part.duties] for part in (*result.earlier, result)]
    assert dues == [[("n1", CHANGE + 23 * HOUR)], [("n2", CHANGE + 49 * HOUR)]]


def test_an_audit_of_an_unsigned_amendment_is_that_of_the_contract(setting: Setting) -> None:
    path = amend(setting, STRICTER, "A", "B")
    recorded(setting, CHANGE + HOUR, "B", "C", **use())
    setting.clock.now = CHANGE + 2 * HOUR
    result = audited(setting, path)
    assert decisions(result) == [("voice_data 1.0.0", [Decision.ALLOWED])]
    assert "amendment not signed" in {note.kind for note in result.notes}


@pytest.mark.parametrize(("ended", "expected"), [(CHANGE - HOUR, Decision.ALLOWED), (CHANGE, Decision.REFUSED)])
def test_who_ends_the_old_version_after_the_amendment_ends_the_contract(
    setting: Setting, ended: int, expected: Decision
) -> None:
    """What was ended before, the amendment that all signed has revived."""
    harmless = BARRED.replace("clause 2.1 is violated", "samples exceeds 999")
    path = amend(setting, harmless, "A", "B", "C")
    for who in ("A", "B", "C"):
        recorded(setting, ended, who, type="termination")
    assert decided(setting, CHANGE + HOUR, path).decision is expected


def test_an_amendment_that_forgets_who_left_is_refused(setting: Setting) -> None:
    path = amend(setting, LEAVING)
    bundle = read_bundle(path)
    modules = tuple(replace(m, former=()) for m in bundle.contract.modules)
    write_bundle(bundle_of(replace(bundle.contract, modules=modules)), path)
    with pytest.raises(VerbError, match="VB30"):
        decided(setting, CHANGE, path)


def test_a_statement_that_names_another_base_or_day_is_refused(setting: Setting) -> None:
    bundle = read_bundle(amend(setting, STRICTER))
    stated = statement_for(bundle, setting.who())
    for changed in ({"amends": None}, {"effective": None}, {"effective": timestamp(CHANGE - 1)}):
        sealed = seal(canonical(stated.model_copy(update=changed)), [setting.keys["A"]], ContractStatement.PAYLOAD_TYPE)
        with pytest.raises(VerbError, match="VB04"):
            statement_of(replace(bundle, envelope=sealed))

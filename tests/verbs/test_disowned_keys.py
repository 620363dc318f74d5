"""A key that its own party says is compromised helps that party no more and still binds it (2.7)."""

from pathlib import Path

import pytest

from smartclause.engines.audit import AuditResult
from smartclause.evidence.keys import make_key
from smartclause.evidence.trust import load_trust, save_trust
from smartclause.logic.instances import DutyStatus
from smartclause.logic.record import Trust
from smartclause.logic.verdict import Decision
from smartclause.verbs import keys
from smartclause.verbs.audit import audit
from smartclause.verbs.bundle import write_bundle
from smartclause.verbs.errors import VerbError
from smartclause.verbs.holders import holders_of
from smartclause.verbs.sign import sign_contract
from tests.verbs.asking import ask
from tests.verbs.samples import CONTRACT, HOUR, Setting, identity, use


@pytest.mark.rule("2.7")
@pytest.mark.parametrize(
    ("declared_by", "trust"), [("A", Trust.DISOWNED), ("B", Trust.UNCERTAIN), (None, Trust.TRUSTED)]
)
def test_who_declares_a_compromise_says_whom_the_key_still_binds(tmp_path: Path, declared_by, trust: Trust) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    since = None if declared_by is None else "2026-02-28T00:00:00Z"
    changed = {"compromised_since": since, "compromise_declared_by": declared_by}
    keys = setting.store.keys
    mine = setting.keys["A"].id
    store = setting.store.model_copy(
        update={"keys": tuple(k.model_copy(update=changed) if k.id == mine else k for k in keys)}
    )
    signer = holders_of(setting.bundle, store).signer(mine, setting.clock.now)
    assert signer is not None
    assert signer.trust is trust


# ---- through ledger, audit and decide


OF_B = {"party": "B", "identity": identity("B")}
HELPED = CONTRACT.replace(
    "  B may use_voice if purpose is in training and safe.",
    "  B may use_voice if some incident.",
)


def signed_by_another_key_of_b(folder: Path, contract: str = CONTRACT) -> Setting:
    """B signs the contract and asks with a second key; what the first signed is on record."""
    setting = Setting(folder, contract, keys={"B2": make_key()})
    who = setting.who()
    records = [k if k.party != "B2" else k.model_copy(update=OF_B) for k in setting.store.keys]
    setting.store = setting.store.model_copy(update={"keys": tuple(records)})
    save_trust(setting.store, setting.trust)
    both = tuple(sorted(setting.keys[k].id for k in ("B", "B2")))
    parties = tuple(p if p.party != "B" else p.model_copy(update={"keys": both}) for p in who.parties)
    for party in ("A", "B2", "C"):
        setting.bundle = sign_contract(setting.bundle, setting.keys[party], who.model_copy(update={"parties": parties}))
    write_bundle(setting.bundle, setting.path)
    return setting


def compromised(setting: Setting, declared_by: str) -> None:
    since = "2026-02-28T00:00:00Z"
    key = setting.keys["B"].id
    keys.revoke(setting.trust, key, setting.clock.now, compromised_since=since, declared_by=declared_by)
    setting.store = load_trust(setting.trust)


def audited(setting: Setting) -> AuditResult:
    return audit(setting.path, setting.ledger, trust=setting.trust, closed=True, clock=setting.clock)


@pytest.mark.rule("2.7")
@pytest.mark.parametrize(("declared_by", "decision"), [("B", Decision.REFUSED), ("A", Decision.UNDECIDED)])
def test_an_act_by_a_key_that_its_party_disowns_still_counts_against_the_party(
    tmp_path: Path, declared_by: str, decision: Decision
) -> None:
    """995 samples are used up by the first key, 10 more are asked by the second; at most 1,000 are agreed."""
    setting = signed_by_another_key_of_b(tmp_path)
    setting.record(setting.envelope("B", "C", **use(facts={"samples": 995})))
    asked = setting.envelope("B2", "C", **use())
    assert ask(setting, asked).decision is Decision.REFUSED
    compromised(setting, declared_by)
    setting.clock.now += HOUR
    assert ask(setting, asked).decision is decision
    setting.record(asked)
    assert [u.decision for u in audited(setting).uses][1] is decision


@pytest.mark.rule("2.7")
@pytest.mark.parametrize(("declared_by", "status"), [("B", DutyStatus.VIOLATED), ("A", DutyStatus.UNPROVEN)])
def test_a_trigger_recorded_by_a_key_that_the_debtor_disowns_still_binds_it(
    tmp_path: Path, declared_by: str, status: DutyStatus
) -> None:
    setting = signed_by_another_key_of_b(tmp_path)
    setting.record(setting.envelope("B", type="incident", facts={"case_number": "c"}))
    compromised(setting, declared_by)
    setting.clock.now += 100 * HOUR
    [duty] = audited(setting).duties
    assert duty.status is status


@pytest.mark.rule("2.7")
def test_an_answer_by_a_key_that_the_debtor_disowns_proves_nothing(tmp_path: Path) -> None:
    setting = signed_by_another_key_of_b(tmp_path)
    notice = {"type": "voice_data.notify", "by": "B", "to": "A", "facts": {"case_number": "c"}}
    setting.record(setting.envelope("A", type="incident", facts={"case_number": "c"}))
    setting.record(setting.envelope("B", **notice))
    setting.clock.now += 100 * HOUR
    assert [d.status for d in audited(setting).duties] == [DutyStatus.FULFILLED]
    compromised(setting, "B")
    assert [d.status for d in audited(setting).duties] == [DutyStatus.UNPROVEN]


@pytest.mark.rule("2.7")
@pytest.mark.parametrize(("signer", "decision"), [("A", Decision.ALLOWED), ("B", Decision.UNDECIDED)])
def test_a_record_by_a_key_that_its_party_disowns_opens_nothing_to_it(
    tmp_path: Path, signer: str, decision: Decision
) -> None:
    setting = signed_by_another_key_of_b(tmp_path, HELPED)
    setting.record(setting.envelope(signer, type="incident", facts={"case_number": "c"}))
    compromised(setting, "B")
    setting.clock.now += HOUR
    assert ask(setting, setting.envelope("B2", "C", **use())).decision is decision


@pytest.mark.rule("2.7")
def test_nobody_asks_with_a_key_that_its_party_disowns(tmp_path: Path) -> None:
    setting = signed_by_another_key_of_b(tmp_path)
    compromised(setting, "B")
    with pytest.raises(VerbError, match="VB27"):
        ask(setting, setting.envelope("B", "C", **use()))

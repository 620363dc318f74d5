"""Withheld facts: unknown until they are opened, never guessed; erased ones leave the ledger whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from smartclause.evidence.disclosure import Disclosure, commitment, disclosure_lines, disclosures, read_disclosures
from smartclause.evidence.envelope import read, seal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import timestamp
from smartclause.evidence.recording import Receipt
from smartclause.logic.canonical import digest_of_bytes, dumps
from smartclause.logic.verdict import Decision
from smartclause.verbs import ledger as ledgers
from smartclause.verbs import vault as vaults
from smartclause.verbs.audit import audit
from smartclause.verbs.errors import VerbError
from smartclause.verbs.sign import Place, sign_also, sign_withholding
from tests.verbs.asking import ask
from tests.verbs.samples import HOUR, Setting, use

SECRET = "correct horse"


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    return made


def withheld(setting: Setting, *names: str, **event: object) -> tuple[bytes, tuple[Disclosure, ...]]:
    """An act of B in which these facts are withheld, shown by the auditor too."""
    from smartclause.evidence.envelope import countersign
    from smartclause.evidence.envelope import read as read_envelope

    where = setting.places.get("B", Place(setting.ledger_id))
    content = json.dumps(use(**event) | {"time": timestamp(setting.clock.now)}).encode()
    [sealed], opening = sign_withholding(setting.bundle, [content], setting.keys["B"], where, setting.clock.now, names)
    setting.places["B"] = Place(setting.ledger_id, where.seq + 1, digest_of_bytes(read_envelope(sealed).body))
    return countersign(sealed, [setting.keys["C"]]), opening


@pytest.mark.parametrize("name", ["purpose", "safe", "samples"])
def test_an_act_is_undecided_until_the_withheld_fact_is_opened(setting: Setting, name: str) -> None:
    act, opening = withheld(setting, name)
    shut = ask(setting, act)
    assert shut.decision is Decision.UNDECIDED
    assert "withheld" in {n.kind for n in shut.notes}
    shown = setting.write("shown", disclosure_lines(opening))
    opened = ask(setting, act, disclosures=shown)
    assert opened.decision is Decision.ALLOWED
    assert "withheld" not in {n.kind for n in opened.notes}
    assert dict(opened.inputs)["disclosures"].startswith("sha256:")


def test_one_of_two_withheld_facts_opened_is_not_enough(setting: Setting) -> None:
    act, opening = withheld(setting, "purpose", "safe")
    for one in opening:
        found = ask(setting, act, disclosures=setting.write("shown", disclosure_lines([one])))
        assert found.decision is Decision.UNDECIDED
    assert ask(setting, act, disclosures=setting.write("shown", disclosure_lines(opening))).decision is Decision.ALLOWED


def test_a_withheld_fact_that_speaks_against_the_act_refuses_it_once_opened(setting: Setting) -> None:
    act, opening = withheld(setting, "purpose", facts={"purpose": "voice_data.advertising"})
    shown = setting.write("shown", disclosure_lines(opening))
    assert ask(setting, act).decision is Decision.UNDECIDED
    assert ask(setting, act, disclosures=shown).decision is Decision.REFUSED


def test_a_better_value_than_was_committed_to_is_refused_with_its_event(setting: Setting) -> None:
    act, [opening] = withheld(setting, "purpose", facts={"purpose": "voice_data.advertising"})
    better = opening.model_copy(update={"value": "voice_data.training"})
    with pytest.raises(EvidenceError, match="EV30") as raised:
        ask(setting, act, disclosures=setting.write("shown", disclosure_lines([better])))
    assert raised.value.place == opening.event


def test_a_withheld_amount_of_the_past_leaves_a_limit_undecided(setting: Setting) -> None:
    done, opening = withheld(setting, "samples", facts={"samples": 995})
    [receipt] = setting.record(done)
    assert isinstance(receipt, Receipt)
    asked = setting.envelope("B", "C", **use())
    shown = setting.write("shown", disclosure_lines(opening))
    assert ask(setting, asked).decision is Decision.UNDECIDED
    assert ask(setting, asked, disclosures=shown).decision is Decision.REFUSED


def test_nobody_signs_also_what_an_event_commits_to_and_he_has_not_seen(setting: Setting) -> None:
    """His signature would show it: whoever hides a fact in an event could let an auditor vouch for anything."""
    act, opening = withheld(setting, "purpose", "safe")
    auditor = setting.keys["C"]
    for shown in ((), opening[:1]):
        with pytest.raises(VerbError, match="VB46"):
            sign_also([act], auditor, disclosures(shown))
    assert len(sign_also([act], auditor, disclosures(opening))) == 1
    assert len(sign_also([setting.envelope("B", **use())], auditor)) == 1


def test_an_act_that_commits_to_two_values_of_a_fact_is_never_final_by_the_one_that_is_opened(setting: Setting) -> None:
    """Who did it could open the other one to another reader."""
    act, opening = withheld(setting, "purpose")
    other = opening[0].model_copy(update={"value": "voice_data.advertising", "salt": "0" * 32})
    body = json.loads(read(act).body) | {"_sd": sorted(commitment(o) for o in (*opening, other))}
    both = seal(dumps(body), [setting.keys["B"], setting.keys["C"]], EventBody.PAYLOAD_TYPE)
    setting.record(both)
    setting.clock.now += HOUR
    setting.places["B"] = Place(setting.ledger_id, 1, digest_of_bytes(dumps(body)))
    setting.record(*(setting.envelope(who, type="heartbeat") for who in ("A", "B", "C")))
    setting.clock.now += HOUR

    def judged(*shown: Disclosure) -> tuple[Decision, bool]:
        lines = setting.write("shown", disclosure_lines(shown))
        [found] = audit(setting.path, setting.ledger, trust=setting.trust, disclosures=lines, clock=setting.clock).uses
        return found.judged.decision, found.judged.final

    assert judged(*opening) == (Decision.ALLOWED, False)
    assert judged(other) == (Decision.REFUSED, False)
    with pytest.raises(EvidenceError, match="EV30"):
        judged(*opening, other)


def test_a_second_version_of_an_event_keeps_nothing_shut(setting: Setting) -> None:
    """Its issuer could otherwise make every disclosure of it an error."""
    act, opening = withheld(setting, "purpose")
    body = json.loads(read(act).body)
    second = seal(dumps(body | {"_sd": ["sha256:" + "0" * 64]}), [setting.keys["B"]], EventBody.PAYLOAD_TYPE)
    setting.record(act, second)
    assert audited(setting, setting.write("shown", disclosure_lines(opening))) is Decision.UNDECIDED  # contradicted
    neither = opening[0].model_copy(update={"value": "voice_data.advertising"})
    with pytest.raises(EvidenceError, match="EV30"):
        audited(setting, setting.write("shown", disclosure_lines([neither])))


@pytest.mark.parametrize("name", ["subject"])
def test_a_key_is_never_withheld(setting: Setting, name: str) -> None:
    with pytest.raises(VerbError, match="VB40"):
        withheld(setting, name)


def test_after_an_erasure_the_ledger_verifies_and_the_fact_is_unknown_for_ever(setting: Setting) -> None:
    act, opening = withheld(setting, "purpose")
    setting.record(act)
    vault, lines = setting.folder / "b.vault", setting.write("shown", disclosure_lines(opening))
    vaults.make(vault, SECRET)
    assert vaults.keep(vault, SECRET, lines, "s1") == 1
    lines.write_bytes(disclosure_lines(vaults.disclose(vault, SECRET, subject="s1")))
    allowed = audited(setting, lines)
    before = ledgers.verify(setting.ledger, trust=setting.trust)

    erased = vaults.erase(
        vault, SECRET, "s1", ground="request of the subject", by="B", key=setting.keys["B"], clock=setting.clock
    )
    assert [(f.event, f.name) for f in erased.redaction.facts] == [(opening[0].event, "purpose")]
    assert [f.erased for f in vaults.held(vault, SECRET)] == [True]
    with pytest.raises(VerbError, match="VB41"):
        vaults.disclose(vault, SECRET, subject="s1")
    with pytest.raises(VerbError, match="VB41"):
        vaults.erase(vault, SECRET, "s1", ground="again", by="B", key=setting.keys["B"])
    assert vaults.redactions(vault, SECRET) == (erased.envelope,)

    assert ledgers.verify(setting.ledger, trust=setting.trust) == before
    assert (allowed, audited(setting)) == (Decision.ALLOWED, Decision.UNDECIDED)


def audited(setting: Setting, disclosures: Path | None = None) -> Decision:
    result = audit(
        setting.path, setting.ledger, trust=setting.trust, closed=True, disclosures=disclosures, clock=setting.clock
    )
    [found] = result.uses
    return found.judged.decision


def test_what_is_erased_is_written_down_before_it_is_gone(setting: Setting) -> None:
    _, opening = withheld(setting, "purpose")
    vault = setting.folder / "b.vault"
    vaults.make(vault, SECRET)
    vaults.keep(vault, SECRET, setting.write("shown", disclosure_lines(opening)), "s1")
    with pytest.raises(VerbError, match="VB12"):
        vaults.erase(vault, SECRET, "s1", ground="", by="B", key=setting.keys["B"])
    assert vaults.disclose(vault, SECRET) == read_disclosures(disclosure_lines(opening))


def test_a_line_that_cannot_be_signed_is_named(setting: Setting) -> None:
    good = setting.envelope("B", **use())
    with pytest.raises(EvidenceError) as raised:
        sign_also([good, b"{}"], setting.keys["C"])
    assert raised.value.place.startswith("line 2")

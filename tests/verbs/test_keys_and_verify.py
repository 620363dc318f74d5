"""Keys are made, trusted, revoked; `verify` says who signed and what is missing; the ledger shows what was flipped."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.trust import Standing, load_trust
from smartclause.verbs import keys, ledger
from smartclause.verbs.errors import VerbError
from smartclause.verbs.plain import read_event
from smartclause.verbs.sign import read_signing_file, sign_contract, signing_file_of
from smartclause.verbs.verify import verify
from tests.verbs.samples import HOUR, NOW, SINCE, Setting, identity, use

PASSPHRASE = "a passphrase for tests"


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def test_a_key_is_made_encrypted_and_opens_with_its_passphrase(tmp_path: Path) -> None:
    public = keys.make(tmp_path / "a.key", PASSPHRASE)
    assert b"ENCRYPTED PRIVATE KEY" in (tmp_path / "a.key").read_bytes()
    assert keys.open_key(tmp_path / "a.key", PASSPHRASE).id == public.id
    assert keys.read_public(tmp_path / "a.key.pub").id == public.id
    with pytest.raises(EvidenceError, match="EV10"):
        keys.open_key(tmp_path / "a.key", "another")
    with pytest.raises(EvidenceError, match="EV19"):
        keys.make(tmp_path / "a.key", PASSPHRASE)


def test_a_public_key_with_another_number_is_refused(tmp_path: Path) -> None:
    keys.make(tmp_path / "a.key", PASSPHRASE)
    path = tmp_path / "a.key.pub"
    path.write_text(path.read_text().replace('"id":"sha256:', '"id":"sha256:0').replace("0", "1", 1))
    with pytest.raises(EvidenceError):
        keys.read_public(path)


def test_a_file_that_is_no_public_key_is_named_in_words_of_both_languages(tmp_path: Path) -> None:
    path = tmp_path / "a.key.pub"
    path.write_text('{"edition":"public key 1"}')
    with pytest.raises(EvidenceError) as caught:
        keys.read_public(path)
    assert "the content is no proper public key file" in caught.value.text()
    assert "公钥文件" in caught.value.text("zh")


def test_a_text_that_is_no_json_is_refused_with_its_place_in_both_languages() -> None:
    with pytest.raises(VerbError) as caught:
        read_event(b"no json", "event.json")
    assert caught.value.text().startswith("event.json line 1 column 1: VB05")
    assert caught.value.text().endswith("envelope: the text is not JSON")
    assert caught.value.text("zh").endswith("文本不是JSON")


def test_trust_begins_grows_and_ends(tmp_path: Path) -> None:
    store = tmp_path / "trust.json"
    public = keys.make(tmp_path / "a.key", PASSPHRASE)
    first = keys.trust(store, tmp_path / "a.key.pub", keys.Person("A", SINCE, identity("A"), ("auditor",)))
    assert (first.version, load_trust(store).keys[0].party) == (1, "A")
    second = keys.revoke(store, public.id, NOW)
    assert second.version == 2
    assert [s for _, s in keys.listed(second, NOW - 1)] == [Standing.TRUSTED]
    assert [s for _, s in keys.listed(second, NOW)] == [Standing.LAPSED]
    with pytest.raises(VerbError, match="VB07"):
        keys.revoke(store, "sha256:" + "0" * 64, NOW)


def test_a_key_record_that_does_not_fit_is_refused_in_our_own_words(tmp_path: Path) -> None:
    keys.make(tmp_path / "a.key", PASSPHRASE)
    with pytest.raises(VerbError, match="VB12"):
        keys.trust(tmp_path / "trust.json", tmp_path / "a.key.pub", keys.Person("A b", SINCE))
    with pytest.raises(VerbError, match="VB12"):
        keys.trust(tmp_path / "trust.json", tmp_path / "a.key.pub", keys.Person("A", "yesterday"))


# ---- contracts


def test_verify_says_who_has_signed_and_who_is_missing(setting: Setting) -> None:
    setting.sign()
    found = verify(setting.path, trust=setting.trust, clock=setting.clock)
    assert (found.holds, found.missing) == (False, ("A", "B", "C"))
    setting.sign("A", "C")
    found = verify(setting.path, trust=setting.trust, clock=setting.clock)
    assert (found.holds, found.signed_by, found.missing) == (False, ("A", "C"), ("B",))
    setting.sign("B")
    assert verify(setting.path, trust=setting.trust, clock=setting.clock).holds


def test_verify_compares_the_sources(setting: Setting) -> None:
    setting.sign("A", "B", "C")
    found = verify(setting.path, trust=setting.trust, sources=setting.folder, clock=setting.clock)
    assert ([s.fits for s in found.sources], found.recompiles, found.holds) == ([True], True, True)
    source = setting.folder / "voice_data.clause"
    source.write_text(source.read_text() + "# another comment\n")
    found = verify(setting.path, trust=setting.trust, sources=setting.folder, clock=setting.clock)
    assert ([s.fits for s in found.sources], found.holds) == ([False], False)


def test_only_a_party_of_the_statement_signs(setting: Setting) -> None:
    setting.sign("A")
    with pytest.raises(VerbError, match="VB22"):
        sign_contract(setting.bundle, setting.keys["keeper"])


def test_the_first_signature_needs_the_parties(setting: Setting) -> None:
    with pytest.raises(VerbError, match="VB11"):
        sign_contract(setting.bundle, setting.keys["A"])


def test_a_statement_without_a_party_of_the_contract_is_not_made(setting: Setting) -> None:
    who = setting.who()
    with pytest.raises(VerbError, match="VB11"):
        sign_contract(setting.bundle, setting.keys["A"], who.model_copy(update={"parties": who.parties[:2]}))


def test_the_trust_store_can_say_who_the_parties_are(setting: Setting) -> None:
    who = signing_file_of(setting.bundle, setting.store)
    assert [p.party for p in who.parties] == ["A", "B", "C"]
    assert sign_contract(setting.bundle, setting.keys["A"], who).envelope is not None


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"parties":[]}', b'{"parties":[{"party":"A"}]}', b"\xff"])
def test_a_signing_file_that_does_not_fit_is_refused(content: bytes) -> None:
    with pytest.raises(VerbError, match="VB12"):
        read_signing_file(content, "file")


# ---- events and ledger


def test_verify_reads_an_event(setting: Setting) -> None:
    event = setting.write("event", setting.envelope("B", "C", **use()))
    found = verify(event, trust=setting.trust, clock=setting.clock)
    assert (found.kind, found.holds, sorted(s.party for s in found.signers)) == ("event", True, ["B", "C"])


def test_a_flipped_byte_is_found(setting: Setting) -> None:
    setting.record(setting.envelope("B", "C", **use()))
    assert ledger.verify(setting.ledger, trust=setting.trust, clock=setting.clock).holds
    connection = sqlite3.connect(setting.ledger)
    [content] = connection.execute("SELECT envelope FROM entries").fetchone()
    connection.execute("UPDATE entries SET envelope = ?", (content[:40] + bytes([content[40] ^ 1]) + content[41:],))
    connection.commit()
    connection.close()
    with pytest.raises(EvidenceError, match="EV17"):
        ledger.verify(setting.ledger, trust=setting.trust, clock=setting.clock)
    with pytest.raises(EvidenceError, match="EV17"):
        ledger.checkpoint(setting.ledger, setting.keys["ledger"])


def test_entries_behind_the_last_checkpoint_are_not_vouched_for(setting: Setting) -> None:
    from smartclause.evidence.ledger import open_ledger
    from smartclause.evidence.recording import record

    with open_ledger(setting.ledger, writing=True) as opened:
        record(opened, [setting.envelope("B", "C", **use())], setting.store, None, setting.clock)
    assert not ledger.verify(setting.ledger, trust=setting.trust, clock=setting.clock).holds
    ledger.checkpoint(setting.ledger, setting.keys["ledger"])
    assert ledger.verify(setting.ledger, trust=setting.trust, clock=setting.clock).holds
    assert ledger.prove(setting.ledger, 0).startswith("c2sp.org/tlog-proof@v1")


def test_what_an_issuer_holds_back_is_listed(setting: Setting) -> None:
    setting.record(setting.envelope("B", **use()))
    setting.envelope("B", **use())
    setting.clock.now += HOUR
    setting.record(setting.envelope("B", **use()))
    found = ledger.owed(ledger.entries(setting.ledger, trust=setting.trust))
    assert [(g.first, g.last, g.void) for g in found.gaps] == [(1, 1, False)]

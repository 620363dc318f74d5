"""A trust store that a root signs, through the verbs: drafted, signed by enough, rotated, compared, pinned."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import timestamp
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.trust import Accepted, Pinned, Standing, load_trust, record_of, root_of
from smartclause.logic.verdict import Decision
from smartclause.verbs import keys
from smartclause.verbs.answers_keys import trust_history_form, trust_signing_form
from smartclause.verbs.errors import VerbError
from smartclause.verbs.sign import signing_file_of
from smartclause.verbs.trust_drafts import draft_of, draft_path, found, history_of, read, sign_draft
from tests.evidence.trust_samples import authority
from tests.verbs.asking import ask
from tests.verbs.samples import HOUR, NOW, SINCE, Clock, Setting, identity, use


@dataclass
class Keeping:
    """A signed trust store with two of three root keys, and the public key files of some parties."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    roots: tuple[SigningKey, ...] = field(default_factory=lambda: tuple(make_key() for _ in range(3)))
    files: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store = self.folder / "signed.jsonl"
        self.list = self.folder / "list.json"
        self.public("A")
        keys.trust(self.list, self.files["A"], keys.Person("A", SINCE, identity("A")), self.clock)
        found(self.store, tuple(k.public for k in self.roots), 2, self.clock.now, self.list)

    def public(self, name: str) -> Path:
        self.files[name] = self.folder / f"{name}.pub"
        keys.write_public(make_key().public, self.files[name])
        return self.files[name]

    def sign(self, *numbers: int) -> None:
        for number in numbers or (0, 1):
            sign_draft(self.store, self.roots[number])

    def person(self, party: str, **members: Any) -> keys.Person:
        return keys.Person(party, identity=identity(party), **members)


@pytest.fixture
def keeping(tmp_path: Path) -> Keeping:
    return Keeping(tmp_path)


def test_a_version_waits_beside_the_store_until_enough_have_signed(keeping: Keeping) -> None:
    assert not keeping.store.exists()
    with pytest.raises(EvidenceError, match="EV25"):
        load_trust(draft_path(keeping.store))
    once = sign_draft(keeping.store, keeping.roots[0])
    assert (once.there, once.needed, once.is_whole) == (1, 2, False)
    again = sign_draft(keeping.store, keeping.roots[0])
    assert again.there == 1
    assert not keeping.store.exists()
    assert sign_draft(keeping.store, keeping.roots[2]).is_whole
    assert not draft_path(keeping.store).exists()
    assert [k.party for k in load_trust(keeping.store).keys if not k.roles] == ["A"]
    with pytest.raises(VerbError, match="VB11"):
        sign_draft(keeping.store, keeping.roots[0])


def test_only_root_keys_sign(keeping: Keeping) -> None:
    with pytest.raises(VerbError, match="VB45"):
        sign_draft(keeping.store, make_key())


def test_changes_gather_in_one_draft_and_count_only_when_it_is_signed(keeping: Keeping) -> None:
    keeping.sign()
    keys.trust(keeping.store, keeping.public("B"), keeping.person("B"), keeping.clock)
    keeping.clock.now += HOUR
    keys.trust(keeping.store, keeping.public("C"), keeping.person("C"), keeping.clock)
    assert {k.party for k in load_trust(keeping.store).keys} == {"A", "root"}
    sign_draft(keeping.store, keeping.roots[0])
    keys.revoke(keeping.store, str(keeping.files["A"]), clock=keeping.clock)  # the signature is gone with the change
    assert sign_draft(keeping.store, keeping.roots[1]).there == 1
    keeping.sign(0)
    store = load_trust(keeping.store)
    assert (store.version, {k.party for k in store.keys}) == (2, {"A", "B", "C", "root"})
    assert draft_of(keeping.store) is None


@pytest.mark.parametrize(("shift", "holds"), [(-1, False), (0, True)])
def test_a_key_is_never_added_for_the_time_gone_by(keeping: Keeping, shift: int, holds: bool) -> None:
    keeping.sign()
    person = keeping.person("B", valid_from=timestamp(keeping.clock.now + shift))
    if holds:
        assert keys.trust(keeping.store, keeping.public("B"), person, keeping.clock).version == 2
        return
    with pytest.raises(EvidenceError, match="EV28"):
        keys.trust(keeping.store, keeping.public("B"), person, keeping.clock)
    assert draft_of(keeping.store) is None


def test_a_stolen_key_is_declared_from_when_it_was_stolen_and_replaced(keeping: Keeping) -> None:
    keeping.sign()
    keeping.clock.now += 10 * HOUR
    stolen = keeping.clock.now - HOUR
    old = keys.key_number(str(keeping.files["A"]))
    keys.rotate(keeping.store, str(keeping.files["A"]), keeping.public("A2"), clock=keeping.clock)
    keys.revoke(keeping.store, old, compromised_since=timestamp(stolen), clock=keeping.clock)
    keeping.sign()
    store = load_trust(keeping.store)
    standing = {r.id: s for r, s in keys.listed(store, keeping.clock.now)}
    new = record_of(store, keys.key_number(str(keeping.files["A2"])))
    assert new is not None
    assert (standing[old], standing[new.id]) == (Standing.COMPROMISED, Standing.TRUSTED)
    assert (new.party, new.identity, new.replaces) == ("A", identity("A"), old)
    assert {r.id: s for r, s in keys.listed(store, stolen - 1)}[old] is Standing.TRUSTED


def test_a_root_key_is_replaced_by_the_old_root_and_the_new(keeping: Keeping) -> None:
    keeping.sign()
    keeping.clock.now += HOUR
    new = make_key()
    path = keeping.folder / "root.pub"
    keys.write_public(new.public, path)
    keys.rotate(keeping.store, keeping.roots[0].id, path, clock=keeping.clock)
    assert not sign_draft(keeping.store, keeping.roots[1]).is_whole
    with pytest.raises(EvidenceError, match="EV09"):
        sign_draft(keeping.store, keeping.roots[0])  # it has ended by what it would sign
    assert sign_draft(keeping.store, keeping.roots[2]).is_whole
    root = load_trust(keeping.store).root
    assert root is not None
    assert (new.id in root.keys, keeping.roots[0].id in root.keys) == (True, False)


def test_another_root_is_drafted_with_the_same_command(keeping: Keeping) -> None:
    keeping.sign()
    keeping.clock.now += HOUR
    new = tuple(make_key() for _ in range(2))
    found(keeping.store, tuple(k.public for k in new), 1, keeping.clock.now)
    assert not sign_draft(keeping.store, new[0]).is_whole
    assert not sign_draft(keeping.store, keeping.roots[0]).is_whole
    assert sign_draft(keeping.store, keeping.roots[1]).is_whole
    keys.trust(keeping.store, keeping.public("B"), keeping.person("B"), keeping.clock)
    assert sign_draft(keeping.store, new[1]).is_whole


def test_a_list_is_not_made_into_a_history_under_its_own_name(keeping: Keeping) -> None:
    with pytest.raises(EvidenceError, match="EV19"):
        found(keeping.list, (keeping.roots[0].public,), 1, NOW)
    with pytest.raises(VerbError, match="VB12"):
        found(keeping.folder / "other.jsonl", (keeping.roots[0].public,), 2, NOW)


def test_an_older_and_another_store_are_told_from_the_one_seen(keeping: Keeping) -> None:
    keeping.sign()
    one = keeping.folder / "one.jsonl"
    one.write_bytes(keeping.store.read_bytes())
    keys.trust(keeping.store, keeping.public("B"), keeping.person("B"), keeping.clock)
    keeping.sign()
    assert read(keeping.store, seen=one).holds
    back = read(one, seen=keeping.store)
    assert (back.holds, trust_history_form(back).newer_by) == (False, -1)
    (keeping.folder / "fork").mkdir()
    fork = Keeping(keeping.folder / "fork", roots=keeping.roots)
    fork.sign()
    other = read(fork.store, seen=keeping.store)
    assert (other.holds, trust_history_form(other).forked_at) == (False, 1)
    with pytest.raises(EvidenceError, match="EV24"):
        read(keeping.list)
    history = history_of(keeping.store)
    assert history is not None
    assert read(keeping.store, root=history.founded, version=2).holds
    with pytest.raises(EvidenceError, match="EV27"):
        read(keeping.store, version=3)
    with pytest.raises(EvidenceError, match="EV26"):
        read(keeping.store, root="sha256:" + "0" * 64)


def test_the_forms_of_the_answers_are_whole(keeping: Keeping) -> None:
    signed = sign_draft(keeping.store, keeping.roots[0])
    assert trust_signing_form(signed, keeping.roots[0].id, keeping.store).whole is False
    keeping.sign(1)
    assert [v.version for v in trust_history_form(read(keeping.store)).versions] == [1]


def test_root_keys_have_no_role_in_a_contract(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    setting = Setting(tmp_path / "case")
    store, root = tmp_path / "contract.jsonl", make_key()
    found(store, (root.public,), 1, setting.clock.now, setting.trust)
    sign_draft(store, root)
    assert [r.role for r in signing_file_of(setting.bundle, load_trust(store)).roles] == []


# ---- certificates


def test_a_certificate_is_accepted_for_the_key_it_names_if_its_authority_is_known(keeping: Keeping) -> None:
    keeping.sign()
    signer = make_key()
    keys.write_public(signer.public, keeping.folder / "authority.pub")
    sealed = keys.certify(keeping.files["A"], signer, ("auditor",), clock=keeping.clock)
    file = keeping.folder / "a.cert"
    file.write_bytes(sealed + b"\n")
    with pytest.raises(EvidenceError, match="EV06"):
        keys.accept(keeping.store, file, clock=keeping.clock)
    keys.trust(keeping.store, keeping.folder / "authority.pub", keeping.person("authority"), keeping.clock)
    keys.accept(keeping.store, file, clock=keeping.clock)
    keys.accept(keeping.store, file, clock=keeping.clock)  # twice is once
    keeping.sign()
    record = record_of(load_trust(keeping.store), keys.key_number(str(keeping.files["A"])))
    assert record is not None
    assert [type(c) for c in record.certificates] == [Accepted]
    other = keys.certify(keeping.public("X"), signer, ("auditor",), clock=keeping.clock)
    file.write_bytes(other)
    with pytest.raises(VerbError, match="VB07"):
        keys.accept(keeping.store, file, clock=keeping.clock)
    with pytest.raises(VerbError, match="VB12"):
        keys.certify(keeping.files["A"], signer, ("no role",), clock=keeping.clock)


def test_issuers_of_certificate_chains_are_accepted_from_a_file(keeping: Keeping) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    keeping.sign()
    file = keeping.folder / "ca.pem"
    file.write_bytes(authority().certificate.public_bytes(Encoding.PEM))
    assert len(keys.accept(keeping.store, file, clock=keeping.clock).issuers) == 1
    file.write_bytes(b"nothing")
    with pytest.raises(EvidenceError, match="EV19"):
        keys.accept(keeping.store, file, clock=keeping.clock)


# ---- answers


def test_an_answer_names_the_version_of_the_trust_store_and_its_root(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    act = setting.envelope("B", "C", **use())
    plain = dict(ask(setting, act).inputs)
    assert (plain["trust root"], plain["trust version"]) == ("unsigned", "1")
    store = tmp_path / "signed.jsonl"
    root = make_key()
    found(store, (root.public,), 1, setting.clock.now, setting.trust)
    sign_draft(store, root)
    answer = ask(setting, act, trust=store)
    assert answer.decision is Decision.ALLOWED
    digest = root_of(load_trust(store))
    named = dict(answer.inputs)
    assert (named["trust root"], named["trust version"], named["trust"]) == (digest, "1", digest)
    assert ask(setting, act, trust=Pinned(store, digest, 1)).decision is Decision.ALLOWED
    with pytest.raises(EvidenceError, match="EV27"):
        ask(setting, act, trust=Pinned(store, digest, 2))
    with pytest.raises(EvidenceError, match="EV24"):
        ask(setting, act, trust=Pinned(setting.trust, digest))


@pytest.mark.parametrize(("option", "value", "code"), [("--trust-root", "sha256:" + "0" * 64, "EV26"),
                                                       ("--trust-version", "2", "EV27")])  # fmt: skip
def test_a_command_refuses_a_store_that_is_not_the_one_known(
    tmp_path: Path, option: str, value: str, code: str
) -> None:
    from click.testing import CliRunner

    from smartclause.cli.main import cli

    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    store, root = tmp_path / "signed.jsonl", make_key()
    found(store, (root.public,), 1, setting.clock.now, setting.trust)
    sign_draft(store, root)
    good = CliRunner().invoke(cli, ["verify", str(setting.path), "--trust", str(store), "--format", "json"])
    assert json.loads(good.stdout)["kind"] == "contract"
    bad = CliRunner().invoke(cli, ["verify", str(setting.path), option, value, "--trust", str(store)])
    assert (bad.exit_code, code in bad.stderr) == (2, True)
    without = CliRunner().invoke(cli, ["verify", str(setting.path), option, value])
    assert (without.exit_code, "VB11" in without.stderr) == (2, True)

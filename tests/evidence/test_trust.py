"""The trust store, contract statements and registers: who is bound, and what stands where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from smartclause.evidence.envelope import seal, unseal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import Identity, canonical, instant, read_form
from smartclause.evidence.keys import make_key
from smartclause.evidence.register import Entry, Member, Register, entry_for, names_in
from smartclause.evidence.statement import (
    ContractStatement,
    SourceFile,
    StatedParty,
    StatedRole,
    parties_signed,
    signatures_missing,
)
from smartclause.evidence.trust import (
    KeyRecord,
    Standing,
    TrustStore,
    key_record,
    load_trust,
    record_of,
    ring,
    save_trust,
    standing,
    trusting,
)
from smartclause.logic.canonical import digest_of_bytes, dumps

from .samples import CONTRACT, KEY, OTHER, trust_of

A1, A2, B1 = (make_key() for _ in range(3))
SINCE = "2026-01-01T00:00:00Z"


def record_for(**members: Any) -> KeyRecord:
    plain = trust_of(KEY).keys[0].model_dump(mode="json", exclude_none=True)
    return read_form(KeyRecord, dumps(plain | members))


def test_a_trust_store_comes_back_and_each_version_names_the_one_before(tmp_path: Path) -> None:
    first = trusting(None, record_for())
    second = trusting(first, trust_of(OTHER).keys[0])
    save_trust(second, tmp_path / "trust.json")
    assert load_trust(tmp_path / "trust.json") == second
    assert (second.version, second.previous) == (2, digest_of_bytes(canonical(first)))
    assert set(ring(second)) == {KEY.id, OTHER.id}
    again = trusting(second, record_for(valid_until="2027-01-01T00:00:00Z"))
    assert len(again.keys) == 2
    kept = record_of(again, KEY.id)
    assert kept is not None
    assert kept.valid_until == "2027-01-01T00:00:00Z"
    assert record_of(again, "sha256:none") is None


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"\xff", b'{"edition":"trust 1","keys":[],"version":0}', b'{ "a": 1}', b"[" * 10_000],
)
def test_a_damaged_trust_store_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    path.write_bytes(content)
    with pytest.raises(EvidenceError, match="EV09"):
        load_trust(path)


def test_each_flipped_byte_of_a_trust_store_is_refused_or_another_store(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    whole = canonical(trust_of(KEY))
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        try:
            store = load_trust(path)
        except EvidenceError:
            continue
        assert canonical(store) == path.read_bytes().rstrip(b"\n")
        assert ring(store) == ring(trust_of(KEY))  # a key cannot change under its number


def test_a_key_record_with_the_wrong_number_or_an_unsound_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="EV08"):
        record_for(id="sha256:" + "0" * 64)
    with pytest.raises(EvidenceError, match="EV08"):
        record_for(public_key="!!!!")
    identity = bytes.fromhex("302a300506032b6570032100") + b"\1" + bytes(31)
    from base64 import b64encode

    unsound = record_for(id=digest_of_bytes(identity), public_key=b64encode(identity).decode())
    store = TrustStore(version=1, keys=(unsound,))
    with pytest.raises(EvidenceError, match="EV07"):
        save_trust(store, tmp_path / "trust.json")
    (tmp_path / "trust.json").write_bytes(canonical(store))
    with pytest.raises(EvidenceError, match="EV07"):
        load_trust(tmp_path / "trust.json")


def test_a_compromise_is_stated_with_who_declared_it() -> None:
    for member in ({"compromised_since": SINCE}, {"compromise_declared_by": "A"}):
        with pytest.raises(EvidenceError, match="EV08"):
            record_for(**member)


def test_a_compromise_outweighs_a_lapse_and_neither_reaches_back() -> None:
    record = record_for(
        valid_until="2026-03-01T00:00:00Z",
        compromised_since="2026-02-01T00:00:00Z",
        compromise_declared_by="A",
    )
    expected = {
        "2019-12-31T23:59:59Z": Standing.UNKNOWN,
        "2026-01-31T23:59:59.999999Z": Standing.TRUSTED,
        "2026-02-01T00:00:00Z": Standing.COMPROMISED,
        "2026-04-01T00:00:00Z": Standing.COMPROMISED,
    }
    assert {text: standing(record, instant(text)) for text in expected} == expected
    assert standing(None, 0) is Standing.UNKNOWN


def statement(**members: Any) -> ContractStatement:
    def party(name: str, *keys: Any) -> StatedParty:
        identity = Identity(name=f"Party {name}", scheme="did", value=f"did:example:{name.lower()}")
        return StatedParty(party=name, identity=identity, keys=tuple(sorted(k.id for k in keys)))

    given: dict[str, Any] = {
        "name": "cn.voice",
        "version": "1.0.0",
        "meaning": "meaning 1",
        "document_digest": CONTRACT,
        "meaning_digest": CONTRACT,
        "sources": (SourceFile(name="voice.clause", digest=CONTRACT),),
        "parties": (party("A", A1, A2), party("B", B1)),
        "roles": (StatedRole(role="auditor", keys=(OTHER.id,)),),
        "signers": ("A", "B"),
    }
    return ContractStatement(**(given | members))


def test_signatures_on_a_contract_are_counted_by_party() -> None:
    stated = statement()
    assert signatures_missing(stated, ()) == ("A", "B")
    assert signatures_missing(stated, (A1.id, A2.id, KEY.id)) == ("B",)
    assert signatures_missing(stated, (A2.id, B1.id)) == ()
    assert parties_signed(stated, (A1.id, A2.id, KEY.id)) == ("A",)


def test_a_signed_statement_is_read_from_its_envelope() -> None:
    keys = {k.id: k.public for k in (A1, B1)}
    envelope = seal(canonical(statement()), [A1, B1], ContractStatement.PAYLOAD_TYPE)
    verified = unseal(envelope, keys, ContractStatement.PAYLOAD_TYPE)
    stated = read_form(ContractStatement, verified.body)
    assert stated == statement()
    assert signatures_missing(stated, verified.signers) == ()


def test_a_statement_out_of_form_is_refused() -> None:
    both = statement().parties
    shared = both[1].model_copy(update={"keys": both[0].keys})
    wrong: list[dict[str, Any]] = [
        {"signers": ("A", "C")},
        {"signers": ()},
        {"signers": ("B", "A")},
        {"parties": (both[1], both[0])},
        {"parties": (both[0], shared)},
        {"sources": ()},
        {"version": "v1"},
        {"meaning": "1"},
    ]
    for members in wrong:
        with pytest.raises(ValidationError):
            statement(**members)
    with pytest.raises(ValidationError):
        StatedRole(role="auditor")


def register(*entries: Entry) -> Register:
    members = tuple(Member(name=n, document_digest=CONTRACT, parties={"C": "B"}) for n in ("a", "b", "c"))
    return Register(keeper="B", dated=SINCE, members=members, entries=entries)


EXPRESSION = {"any": [{"all": ["a", "b"]}, "c"]}


def test_an_expression_comes_back_as_written() -> None:
    body = json.loads(canonical(register(Entry(asset="x", since=SINCE, under="a"))))
    body["entries"][0]["under"] = EXPRESSION
    read = read_form(Register, dumps(body))
    assert json.loads(canonical(read))["entries"][0]["under"] == EXPRESSION
    assert sorted(names_in(read.entries[0].under)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "under",
    [
        "d",
        {"any": []},
        {"any": ["a"], "all": ["b"]},
        {"not": "a"},
        {"any": "a"},
        ["a"],
        None,
        json.loads('{"all":[' * 8 + '"a"' + "]}" * 8),
        json.loads('{"all":[' * 90 + '"a"' + "]}" * 90),
    ],
)
def test_an_expression_out_of_form_or_beyond_the_members_is_refused(under: Any) -> None:
    body = json.loads(canonical(register(Entry(asset="x", since=SINCE, under="a"))))
    body["entries"][0]["under"] = under
    with pytest.raises(EvidenceError) as refused:
        read_form(Register, dumps(body))
    assert refused.value.code in ("EV01", "EV08")


def test_entries_are_sorted_and_each_stands_once() -> None:
    one, two = Entry(asset="x", since=SINCE, under="a"), Entry(asset="x", since="2026-01-01T00:00:00.5Z")
    assert register(one, two).entries == (one, two)
    for wrong in ((two, one), (one, one)):
        with pytest.raises(ValidationError):
            register(*wrong)


@pytest.mark.parametrize(
    ("at", "received", "expected"),
    [
        ("2025-12-31T23:59:59.999999Z", "2025-01-01T00:00:00Z", None),
        ("2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z", "a"),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000001Z", None),
        ("2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", None),
        ("2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z", "b"),
    ],
)
def test_an_entry_takes_effect_at_its_date_or_at_receipt_whichever_is_later(
    at: str, received: str, expected: str | None
) -> None:
    dated = register(
        Entry(asset="x", since=SINCE, under="a"), Entry(asset="x", since="2026-02-01T00:00:00Z", under="b")
    )
    entry = entry_for(dated, "x", instant(at), instant(received))
    assert (entry and entry.under) == expected
    assert entry_for(dated, "y", instant(at), instant(received)) is None


def test_a_key_record_is_made_from_a_key() -> None:
    record = key_record(KEY.public, "B", SINCE, roles=("platform", "auditor", "platform"), contracts=(CONTRACT,))
    assert record.roles == ("auditor", "platform")
    assert record.contracts == (CONTRACT,)

"""Published files that no other test judges: kinds of keys that are not offered, subtrees, spellings, checkpoints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha512
from typing import Any, get_args

import pytest

from smartclause.evidence.envelope import signed_bytes
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import canonical
from smartclause.evidence.keys import Algorithm, public_key
from smartclause.evidence.merkle import is_consistent, is_included
from smartclause.evidence.note import checkpoint_text, note_parts, read_checkpoint, read_note, read_verifier
from smartclause.evidence.timestamp_chain import read_roots
from smartclause.evidence.timestamps import read_request, verify_timestamp
from smartclause.evidence.trust import read_store
from smartclause.logic.canonical import CanonicalError, admit, dumps, parse
from tests.evidence.samples import KEY, trust_of
from tests.evidence.test_merkle import hashes, plain
from tests.vectors.opened import VECTORS

pytestmark = pytest.mark.skipif(not VECTORS.is_dir(), reason="the published vectors are not beside this checkout")

MERKLE = VECTORS / "rfc6962-merkle" / "testdata"
JCS = VECTORS / "jcs" / "testdata"


def groups(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((VECTORS / "wycheproof" / "testvectors_v1" / name).read_text())[
        "testGroups"
    ]
    return loaded


@pytest.mark.parametrize(
    ("name", "cases"),
    [("ecdsa_secp384r1_sha384_test", 504), ("mldsa_44_verify_test", 180), ("mldsa_65_verify_test", 210)],
)
def test_keys_of_a_kind_that_is_not_offered_are_refused_whatever_they_are_said_to_be(name: str, cases: int) -> None:
    """P-384 and ML-DSA may follow; until then no signature of theirs can be taken for one of another kind."""
    found = groups(f"{name}.json")
    assert sum(len(group["tests"]) for group in found) == cases
    for group in found:
        spellings = {bytes.fromhex(group[member]) for member in ("publicKeyDer",) if member in group}
        spellings |= {bytes.fromhex(group["publicKey"])} if isinstance(group["publicKey"], str) else set()
        assert spellings
        for der in spellings:
            for algorithm in get_args(Algorithm):
                with pytest.raises(EvidenceError, match="EV07"):
                    public_key(der, algorithm)


@pytest.mark.parametrize("algorithm", ["ecdsa-p384-sha384", "ml-dsa-44", "ml-dsa-65", "sm2-sm3", "ED25519", "", "none"])
def test_a_key_record_of_a_kind_that_is_not_offered_is_refused(algorithm: str) -> None:
    stated = json.loads(canonical(trust_of(KEY)))
    assert read_store(dumps(stated), "").keys[0].algorithm == "ed25519"
    stated["keys"][0]["algorithm"] = algorithm
    with pytest.raises(EvidenceError, match=r"EV0[89]"):
        read_store(dumps(stated), "")


def probes(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((MERKLE / folder).rglob("*.json")):
        yield f"{path.parent.name}/{path.name}", json.loads(path.read_text())


def test_an_entry_is_proved_in_a_subtree_as_in_a_tree_of_its_own() -> None:
    """A subtree is the tree of its entries, counted from its first one."""
    wrong = []
    all_probes = list(probes("subtreeinclusion"))
    for name, p in all_probes:
        at, size = p["leafIdx"] - p["start"], p["end"] - p["start"]
        fits = is_included(plain(p["leafHash"]), at, size, hashes(p["proof"]), plain(p["root"]))
        wrong += [name] if fits == p["wantErr"] else []
    assert (len(all_probes), wrong) == (204, [])


def test_a_subtree_at_the_beginning_is_a_beginning_of_the_ledger() -> None:
    """Not judged: subtrees that begin elsewhere, of which no proof is made or read here (16 probes).

    Judged otherwise: that the empty tree stands at the beginning of the empty tree (2 probes): it proves nothing.
    """
    beginnings = [(name, p) for name, p in probes("subtreeconsistency") if p["start"] == 0]
    wrong = []
    for name, p in beginnings:
        fits = is_consistent(p["end"], p["size"], hashes(p["proof"]), plain(p["root1"]), plain(p["root2"]))
        if p["end"] == 0:
            assert not fits
        elif fits == p["wantErr"]:
            wrong.append(name)
    assert (len(beginnings), wrong) == (102, [])
    assert len(list(probes("subtreeconsistency"))) == 118


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_published_spellings_are_admitted_as_they_are_unless_they_hold_a_float(name: str) -> None:
    given = (JCS / "input" / f"{name}.json").read_bytes()
    wanted = (JCS / "output" / f"{name}.json").read_bytes()
    assert wanted.hex() == "".join((JCS / "outhex" / f"{name}.txt").read_text().split())
    if name == "values":  # numbers that are not whole, in the output too
        with pytest.raises(CanonicalError, match="not whole"):
            admit(wanted)
        return
    assert dumps(admit(wanted)) == wanted
    if name == "structures":  # 56.0, which the published output spells 56
        with pytest.raises(CanonicalError, match="not whole"):
            parse(given)
        return
    assert dumps(parse(given)) == wanted


def test_the_published_checkpoint_is_read_and_written_as_published() -> None:
    """The key that signed it is not published: under any other the note is refused."""
    example = (VECTORS / "c2sp-specs" / "tlog-checkpoint.md").read_text("utf-8").split("```\n")[1]
    text, [line] = note_parts(example.encode())
    point = read_checkpoint(text)
    assert (point.origin, point.size, point.root.hex()[:8]) == ("example.com/behind-the-sofa", 20852163, "0ac5186a")
    assert checkpoint_text(point) == text
    assert (line.name, len(line.signature)) == (point.origin, 64)
    keys = json.loads((VECTORS / "signed-note" / "vectors.json").read_text())["vkeys"]
    with pytest.raises(EvidenceError, match="EV18"):
        read_note(example.encode(), [read_verifier(text) for text in keys.values()])


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512", "no-embedded-cert"])
def test_a_published_request_whose_answer_is_not_published_is_answered_by_no_other(name: str) -> None:
    folder = VECTORS / "rfc3161" / "test" / "fixtures" / "sigstage"
    request, roots = (folder / "request.der").read_bytes(), read_roots((folder / "ts_chain.pem").read_bytes())
    asked = read_request(request)
    assert (asked.hash, asked.imprint) == ("sha512", sha512(b"hello").digest())
    answer = (folder / f"response-{name}.tsr").read_bytes()
    assert verify_timestamp(answer, b"hello", roots).nonce != asked.nonce
    with pytest.raises(EvidenceError, match="EV21"):
        verify_timestamp(answer, b"hello", roots, asked)


def test_a_signature_over_the_bare_body_is_none_over_the_envelope() -> None:
    vector = json.loads((VECTORS / "dsse" / "vector.json").read_text())
    body = vector["payload_utf8"].encode()
    assert signed_bytes(vector["payloadType"], body) not in (body, vector["payloadType"].encode() + body)

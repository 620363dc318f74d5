"""A signed history grows only as its root allows, and what it said of the past stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509 import Certificate
from pydantic import ValidationError

from smartclause.evidence.envelope import countersign, seal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.forms import Identity, canonical, instant
from smartclause.evidence.keys import SigningKey, make_key
from smartclause.evidence.trust import (
    Accepted,
    KeyRecord,
    Pinned,
    Standing,
    TrustStore,
    digest_of,
    key_record,
    load_trust,
    record_of,
    replaced,
    root_of,
    save_trust,
    standing,
)
from smartclause.evidence.trust_history import (
    TrustHistory,
    changes,
    compared,
    next_version,
    read_history,
    signed_version,
)

from .trust_samples import ACME as PERSON
from .trust_samples import (
    DAY,
    END,
    FIRST,
    ROOTS,
    SECOND,
    THIRD,
    authority,
    first_version,
    following,
    is_deep,
    line,
    lines,
    members_of,
    person,
    root_record,
    root_role,
    text_of,
)

KEY, OTHER = make_key(), make_key()
ACME = Identity(name="Acme Ltd", scheme="lei", value="LEI-1")


def held(key: SigningKey = KEY, since: str = FIRST, party: str = "A", **members: Any) -> KeyRecord:
    return key_record(key.public, party, since, identity=ACME if party == "A" else None, **members)


ONE = first_version(held(), held(OTHER, party="B"))
TWO = following(ONE, SECOND, [held().model_copy(update={"revoked": THIRD})])
THREE = following(TWO, THIRD)


def refused(content: bytes, **known: Any) -> str:
    with pytest.raises(EvidenceError) as caught:
        read_history(content, "trust.jsonl", **known)
    assert caught.value.place.startswith("trust.jsonl")
    return caught.value.code


def test_a_history_comes_back_with_all_its_versions_and_its_newest_is_the_store(tmp_path: Path) -> None:
    path = tmp_path / "trust.jsonl"
    path.write_bytes(lines(ONE, TWO, THREE))
    found = read_history(path.read_bytes(), path.name)
    assert [v.store for v in found.versions] == [ONE, TWO, THREE]
    assert load_trust(path) == THREE
    assert (root_of(THREE), root_of(ONE), found.founded) == (digest_of(ONE),) * 3
    assert found.version(digest_of(TWO)) == TWO
    assert found.version("sha256:none") is None
    assert found.versions[0].signed_by == tuple(sorted(k.id for k in ROOTS[:2]))


def test_a_list_that_nobody_signed_has_no_root_and_is_refused_where_one_is_known(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    store = TrustStore(version=1, keys=(held(),))
    save_trust(store, path)
    assert (load_trust(path), root_of(store)) == (store, None)
    for pin in (Pinned(path, digest_of(store)), Pinned(path, version=1)):
        with pytest.raises(EvidenceError, match="EV24"):
            load_trust(pin)
    with pytest.raises(EvidenceError, match="EV24"):
        load_trust(path, digest_of(ONE))


def test_a_version_with_a_root_that_nobody_signed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trust.json"
    save_trust(ONE, path)
    with pytest.raises(EvidenceError, match="EV25"):
        load_trust(path)


def test_the_root_is_known_by_version_1_and_the_newest_version_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "trust.jsonl"
    path.write_bytes(lines(ONE, TWO))
    for number in (1, 2):
        assert load_trust(Pinned(path, digest_of(ONE), number)) == TWO
    with pytest.raises(EvidenceError, match="EV27"):
        load_trust(Pinned(path, digest_of(ONE), 3))
    for wrong in (digest_of(TWO), "sha256:" + "0" * 64):
        with pytest.raises(EvidenceError, match="EV26"):
            load_trust(path, wrong)


# ---- signatures


@pytest.mark.parametrize(("threshold", "signing", "holds"), [(1, 0, None), (1, 1, True), (2, 1, False), (2, 2, True),
                                                            (2, 3, True), (3, 2, False), (3, 3, True)])  # fmt: skip
def test_a_version_holds_from_its_threshold_of_signatures_on(threshold: int, signing: int, holds: bool | None) -> None:
    store = first_version(threshold=threshold)
    if holds is None:
        sealed = seal(canonical(store), [KEY], TrustStore.PAYLOAD_TYPE)  # nobody of the root
        assert refused(sealed) == "EV09"
    elif holds:
        assert read_history(line(store, *ROOTS[:signing])).newest == store
    else:
        assert refused(line(store, *ROOTS[:signing])) == "EV25"


def test_one_key_twice_is_one_signature() -> None:
    envelope = json.loads(line(ONE, ROOTS[0]))
    envelope["signatures"] *= 2
    assert refused(json.dumps(envelope, separators=(",", ":")).encode()) == "EV09"


def test_a_version_has_one_spelling() -> None:
    whole = json.loads(line(ONE))
    turned = {"signatures": whole["signatures"], "payloadType": whole["payloadType"], "payload": whole["payload"]}
    backwards = whole | {"signatures": whole["signatures"][::-1]}
    more = whole | {"signatures": [s | {"note": "x"} for s in whole["signatures"]]}
    assert read_history(json.dumps(whole, separators=(",", ":")).encode()).newest == ONE
    for other in (turned, backwards, more, whole | {"note": "x"}):
        with pytest.raises(EvidenceError):
            read_history(json.dumps(other, separators=(",", ":")).encode())
    assert refused(json.dumps(whole).encode()) == "EV09"


def test_a_signature_of_somebody_else_beside_enough_of_the_root_is_refused() -> None:
    assert refused(countersign(line(ONE), [KEY])) == "EV09"
    assert refused(countersign(line(ONE), [ROOTS[3]])) == "EV09"


NEW_ROOT = ROOTS[2:]


def rotated(*signers: SigningKey) -> bytes:
    records = [root_record(k, SECOND) for k in ROOTS[3:]]
    return lines(ONE) + line(following(ONE, SECOND, records, root=root_role(2, *NEW_ROOT)), *signers) + b"\n"


@pytest.mark.parametrize(
    ("signers", "holds"),
    [
        ((ROOTS[0], ROOTS[1]), False),  # the old root alone
        ((ROOTS[2], ROOTS[3]), False),  # the new root alone
        ((ROOTS[0], ROOTS[2]), False),
        ((ROOTS[0], ROOTS[2], ROOTS[3]), True),
        (ROOTS, True),
    ],
)
def test_a_new_root_needs_the_threshold_of_the_old_and_of_the_new(signers: Any, holds: bool) -> None:
    if not holds:
        assert refused(rotated(*signers)) == "EV25"
        return
    history = read_history(rotated(*signers))
    after = following(history.newest, THIRD)
    assert read_history(rotated(*signers) + line(after, ROOTS[2], ROOTS[3])).newest == after
    assert refused(rotated(*signers) + line(after, ROOTS[0], ROOTS[1])) == "EV09"  # the old root is over


@pytest.mark.parametrize("ending", ["revoked", "valid_until", "compromised_since"])
def test_a_root_key_counts_until_before_its_end(ending: str) -> None:
    update = {ending: SECOND} | ({"compromise_declared_by": "registrar"} if ending == "compromised_since" else {})
    ended = root_record(ROOTS[0]).model_copy(update=update)
    early = following(ONE, "2026-01-31T23:59:59.999999Z", [ended])
    at_the_end = following(ONE, SECOND, [ended])
    assert read_history(lines(ONE) + line(early, ROOTS[0], ROOTS[1])).newest == early
    assert refused(lines(ONE) + line(at_the_end, ROOTS[0], ROOTS[1])) == "EV09"
    assert read_history(lines(ONE) + line(at_the_end, ROOTS[1], ROOTS[2])).newest == at_the_end


def test_a_root_key_says_nothing_beside_versions() -> None:
    record = record_of(ONE, ROOTS[0].id)
    assert standing(record, instant(SECOND)) is Standing.UNKNOWN
    for roles in (("auditor", "root"), ("platform", "root")):
        with pytest.raises(ValidationError):
            key_record(KEY.public, "A", FIRST, roles=roles)


# ---- order


def test_versions_stand_in_order_and_each_names_the_one_before() -> None:
    assert refused(lines(TWO)) == "EV28"
    assert refused(lines(ONE, THREE)) == "EV28"
    assert refused(lines(TWO, ONE)) == "EV28"
    assert refused(lines(ONE, ONE)) == "EV28"
    fork = following(ONE, SECOND, [held().model_copy(update={"revoked": "2026-04-01T00:00:00Z"})])
    assert refused(lines(ONE, fork, THREE)) == "EV28"
    stranger = following(ONE, SECOND, founded="sha256:" + "0" * 64)
    assert refused(lines(ONE, stranger)) == "EV28"
    assert refused(b"") == "EV01"
    assert refused(lines(ONE) + b"\n") == "EV01"


def test_a_fork_a_rollback_and_growth_are_told_apart() -> None:
    def history(*stores: TrustStore) -> TrustHistory:
        return read_history(lines(*stores))

    fork = following(ONE, SECOND)
    assert compared(history(ONE, TWO), history(ONE)).newer_by == 1
    back = compared(history(ONE), history(ONE, TWO))
    assert (back.newer_by, back.is_rolled_back) == (-1, True)
    forked = compared(history(ONE, fork), history(ONE, TWO))
    assert (forked.forked_at, forked.is_rolled_back) == (2, False)
    assert compared(history(ONE, TWO), history(ONE, TWO)).newer_by == 0
    assert compared(history(first_version(held())), history(ONE)).forked_at == 1


# ---- what may change

LATER = "2026-06-01T00:00:00Z"
BEFORE = "2026-01-31T23:59:59.999999Z"
CA = authority()
ACCEPTED = Accepted(certificate=CA.text, since=FIRST)
CHAIN = (authority("Own").text,)
STOLEN = {"compromised_since": "2026-01-10T00:00:00Z", "compromise_declared_by": "A"}

ALLOWED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({}, {}),
    "an end is set from the issue on": ({}, {"valid_until": SECOND}),
    "an end ahead is put off": ({"valid_until": SECOND}, {"valid_until": LATER}),
    "an end ahead is taken away": ({"valid_until": SECOND}, {"valid_until": None}),
    "a revocation from the issue on": ({}, {"revoked": SECOND}),
    "a revocation comes sooner": ({"revoked": LATER}, {"revoked": SECOND}),
    "a compromise reaches back": ({}, STOLEN),
    "a compromise reaches further back": (STOLEN, {"compromised_since": FIRST}),
    "a certificate joins the chain": ({"chain": CHAIN}, {"chain": (*CHAIN, CA.text)}),
    "a certificate of an authority joins": ({}, {"certificates": (Accepted(certificate="AA==", since=SECOND),)}),
}
FORBIDDEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "another party": ({}, {"party": "B"}),
    "another identity": ({}, {"identity": ACME.model_copy(update={"value": "LEI-2"})}),
    "no identity": ({}, {"identity": None}),
    "a further role": ({}, {"roles": ("auditor",)}),
    "a role less": ({"roles": ("auditor",)}, {"roles": ()}),
    "another algorithm": ({}, {"algorithm": "ecdsa-p256-sha256"}),
    "for all contracts": ({"contracts": ("sha256:" + "c" * 64,)}, {"contracts": None}),
    "earlier": ({"valid_from": "2026-01-02T00:00:00Z"}, {"valid_from": FIRST}),
    "later": ({}, {"valid_from": SECOND}),
    "an end before the issue": ({}, {"valid_until": BEFORE}),
    "a revocation before the issue": ({}, {"revoked": BEFORE}),
    "an end that has passed is put off": ({"valid_until": BEFORE}, {"valid_until": LATER}),
    "a revocation is taken back": ({"revoked": LATER}, {"revoked": None}),
    "a revocation is put off": ({"revoked": SECOND}, {"revoked": LATER}),
    "a compromise is taken back": (STOLEN, {"compromised_since": None, "compromise_declared_by": None}),
    "a compromise is put off": (STOLEN, {"compromised_since": "2026-01-10T00:00:00.000001Z"}),
    "a compromise is declared by another": (STOLEN, {"compromise_declared_by": "B"}),
    "a chain is given up": ({"chain": CHAIN}, {"chain": None}),
    "a certificate of the chain is gone": ({"chain": (*CHAIN, CA.text)}, {"chain": CHAIN}),
    "a chain is added": ({}, {"chain": CHAIN}),
    "a certificate counts from before the issue": (
        {}, {"certificates": (Accepted(certificate="AA==", since=BEFORE),)},
    ),
}  # fmt: skip


def changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[TrustStore, TrustStore]:
    old = held().model_copy(update=before)
    one = first_version(old)
    return one, following(one, SECOND, [old.model_copy(update=after)])


@pytest.mark.parametrize("case", ALLOWED)
def test_a_record_may_change_for_the_time_to_come(case: str) -> None:
    one, two = changed(*ALLOWED[case])
    assert read_history(lines(one, two)).newest == two


@pytest.mark.parametrize("case", FORBIDDEN)
def test_a_record_never_changes_for_the_time_gone_by(case: str) -> None:
    assert refused(lines(*changed(*FORBIDDEN[case]))) == "EV28"


def test_a_certificate_that_joins_a_chain_shows_nothing_of_the_time_gone_by() -> None:
    """Its own beginning is for whoever issued it to write."""
    key, issuers = make_key(), (ACCEPTED,)
    short = person(CA, key, end=datetime(2026, 1, 10, tzinfo=UTC))
    one = first_version(chained(key, short), issuers=issuers)
    back, onward = person(CA, key), person(CA, key, start=datetime(2026, 2, 1, tzinfo=UTC))
    assert refused(lines(one, following(one, SECOND, [chained(key, short, back)]))) == "EV28"
    assert refused(lines(one, following(one, SECOND, [chained(key, short, onward, back)]))) == "EV28"
    two = following(one, SECOND, [chained(key, short, onward)])
    assert read_history(lines(one, two)).newest == two
    long = first_version(chained(key, back), issuers=issuers)  # renewed while the old one still holds
    renewed = following(long, SECOND, [chained(key, back, person(CA, key, end=END + DAY))])
    assert read_history(lines(long, renewed)).newest == renewed


def chained(key: SigningKey, *chain: Certificate) -> KeyRecord:
    return key_record(key.public, "A", FIRST, identity=PERSON, chain=tuple(map(text_of, chain)))


def test_no_key_disappears() -> None:
    gone = following(ONE, SECOND)
    gone = gone.model_copy(update={"keys": tuple(k for k in gone.keys if k.id != KEY.id)})
    assert refused(lines(ONE, gone)) == "EV28"


@pytest.mark.parametrize(("since", "holds"), [(BEFORE, False), (SECOND, True), (LATER, True)])
def test_a_new_key_counts_from_the_issue_of_its_version_at_the_earliest(since: str, holds: bool) -> None:
    two = following(ONE, SECOND, [held(make_key(), since)])
    if holds:
        assert read_history(lines(ONE, two)).newest == two
    else:
        assert refused(lines(ONE, two)) == "EV28"


def test_no_version_is_issued_before_the_one_before() -> None:
    two = following(ONE, SECOND)
    same = following(two, SECOND)
    assert read_history(lines(ONE, two, same)).newest == same
    assert refused(lines(ONE, two, following(two, BEFORE))) == "EV28"


@pytest.mark.parametrize(
    ("issuers", "holds"),
    [
        ((ACCEPTED,), True),
        ((ACCEPTED.model_copy(update={"until": SECOND}),), True),
        ((ACCEPTED.model_copy(update={"until": BEFORE}),), False),
        ((ACCEPTED.model_copy(update={"since": SECOND}),), False),
        ((), False),
    ],
)
def test_an_accepted_issuer_stays_and_ends_only_ahead(issuers: Any, holds: bool) -> None:
    one = first_version(issuers=(ACCEPTED,))
    two = following(one, SECOND, issuers=issuers)
    if holds:
        assert read_history(lines(one, two)).newest == two
    else:
        assert refused(lines(one, two)) == "EV28"


def test_a_root_is_never_given_up() -> None:
    bare = TrustStore(version=2, previous=digest_of(ONE), keys=ONE.keys)
    assert refused(lines(ONE, bare)) == "EV09"


def test_what_changed_is_told_version_by_version() -> None:
    history = read_history(lines(ONE, TWO, following(TWO, THIRD, [held(make_key(), THIRD)])))
    assert [(len(new), len(changed)) for _, new, changed in changes(history)] == [(5, 0), (0, 1), (1, 0)]


def test_the_next_version_is_linked_to_the_newest_and_signed_one_by_one() -> None:
    history = read_history(lines(ONE))
    draft = next_version(history, {"root": ONE.root, "keys": ONE.keys}, SECOND)
    assert (draft.version, draft.previous, draft.founded) == (2, digest_of(ONE), digest_of(ONE))
    once = signed_version(canonical(draft) + b"\n", ROOTS[0])
    assert refused(lines(ONE) + once) == "EV25"
    assert read_history(lines(ONE) + signed_version(once, ROOTS[1])).newest == draft
    again = next_version(None, {"root": ONE.root, "keys": ONE.keys}, FIRST)
    assert (again.version, again.previous, again.founded) == (1, None, None)


@pytest.mark.parametrize(
    "members",
    [
        {"party": "B"},
        {"identity": Identity(name="Acme Ltd", scheme="lei", value="LEI-2")},
        {"roles": ("auditor",)},
        {"since": FIRST},
        {"replaces": "sha256:" + "0" * 64},
    ],
)
def test_a_key_replaces_only_an_earlier_one_of_its_own_person(members: dict[str, Any]) -> None:
    def with_new(**given: Any) -> TrustStore:
        stated = {"party": "A", "since": SECOND, "identity": ACME, "roles": (), "replaces": KEY.id} | given
        since, party = stated.pop("since"), stated.pop("party")
        new = key_record(OTHER.public, party, since, **stated)
        return TrustStore(version=1, keys=tuple(sorted((held(), new), key=lambda r: r.id)))

    assert replaced(with_new(), OTHER.id) == (OTHER.id, KEY.id)
    with pytest.raises(ValidationError):
        with_new(**members)


# ---- persons


@pytest.mark.parametrize("other", ["ledger", "auditor"])
def test_nobody_is_the_platform_and_its_own_keeper_or_auditor(other: str) -> None:
    def store(*records: KeyRecord) -> TrustStore:
        return TrustStore(version=1, keys=tuple(sorted(records, key=lambda r: r.id)))

    one_key = [key_record(KEY.public, "A", FIRST, roles=(other, "platform"))]
    one_party = [held(roles=("platform",), party="X"), held(OTHER, roles=(other,), party="X")]
    one_person = [held(roles=("platform",)), held(OTHER, roles=(other,))]
    by_name = [held(party="platform", roles=(other,))]
    half_named = [held(roles=("platform",)), key_record(OTHER.public, "A", FIRST, roles=(other,))]
    number = Identity(name="Acme Limited", scheme="lei", value="lei-1")  # the same number in other letters
    spelled = [held(roles=("platform",)), key_record(OTHER.public, "B", FIRST, roles=(other,), identity=number)]
    scheme = Identity(name="ＡＣＭＥ  LTD", scheme="uscc", value="91-1")  # the same name under another scheme
    renamed = [held(roles=("platform",)), key_record(OTHER.public, "B", FIRST, roles=(other,), identity=scheme)]
    for records in (one_key, one_party, one_person, by_name, half_named, spelled, renamed):
        with pytest.raises(ValidationError, match="would be both"):
            store(*records)
    beta = Identity(name="Beta Ltd", scheme="lei", value="LEI-2")
    other_person = key_record(OTHER.public, "A", FIRST, roles=(other,), identity=beta)
    assert store(held(roles=("platform",)), other_person)
    assert store(held(roles=("auditor", "ledger")), held(OTHER, party="B", roles=("platform",)))


# ---- hostile bytes


def test_each_changed_byte_of_a_history_is_refused_or_says_the_same(tmp_path: Path) -> None:
    whole = lines(first_version(held()), following(first_version(held()), SECOND))
    expected = read_history(whole).newest
    for place in range(0, len(whole), 1 if is_deep() else 29):
        for bit in (1, 0x20, 0x80):
            broken = whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]
            path = tmp_path / "trust.jsonl"
            path.write_bytes(broken)
            try:
                found = load_trust(path)
            except EvidenceError:
                continue
            assert found == expected


@pytest.mark.parametrize("cut", [1, 10, 200, -1, -2, -100])
def test_a_torn_history_is_refused_or_whole(cut: int) -> None:
    whole = lines(ONE, TWO)
    if cut == -1:
        assert read_history(whole[:cut]).newest == TWO
    else:
        with pytest.raises(EvidenceError):
            read_history(whole[:cut])


@pytest.mark.parametrize(
    "content",
    [
        b'{"payload":',
        b'{"payload":"","payloadType":"x","signatures":[]}',
        b'{"payload":{}}',
        b'{"payload":' + b"[" * 5000,
    ],
)
def test_a_hostile_file_ends_in_our_error(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "trust.jsonl"
    path.write_bytes(content)
    with pytest.raises(EvidenceError):
        load_trust(path)


def test_another_statement_in_the_envelope_is_refused() -> None:
    assert refused(seal(canonical(ONE), ROOTS[:2], "text/plain")) == "EV04"
    assert refused(seal(b"{}", ROOTS[:2], TrustStore.PAYLOAD_TYPE)) == "EV09"


@pytest.mark.parametrize(
    "members",
    [
        {"root": None},
        {"issued": None},
        {"founded": "sha256:" + "0" * 64},
        {"version": 2},
        {"version": 2, "previous": "sha256:" + "0" * 64},
        {"root": {"threshold": 3, "keys": (KEY.id,)}},
        {"root": {"threshold": 0, "keys": (KEY.id,)}},
        {"root": {"threshold": 1, "keys": ()}},
        {"root": {"threshold": 1, "keys": (KEY.id,)}},
        {"issuers": (ACCEPTED, ACCEPTED)},
    ],
)
def test_a_version_out_of_form_is_refused(members: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TrustStore.model_validate(members_of(ONE) | members)

"""The short ways of reading agree with the long ones: what they take, the forms take, with the same content."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.evidence import envelope as envelopes
from smartclause.evidence import heading as headings
from smartclause.evidence.entry import EarlierEntry, EntrySignature, LedgerEntry, entry_bytes
from smartclause.evidence.envelope import Envelope, Signature, seal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical, read_form, timestamp
from smartclause.evidence.heading import Heading, read_heading
from smartclause.logic import canonical as canonicals
from smartclause.logic.canonical import CanonicalError, admit, digest_of_bytes, dumps

from .samples import KEY, OTHER, event

DIGEST = "sha256:" + "0" * 64


def by_form(body: bytes) -> Heading | str:
    try:
        e = read_form(EventBody, body)
    except EvidenceError as error:
        return error.text()
    return Heading(e.id, e.issuer, e.seq, e.prev, e.ledger, e.contract)


def by_heading(body: bytes) -> Heading | str:
    try:
        return read_heading(body)
    except EvidenceError as error:
        return error.text()


texts = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["s-1", '"', "\\", "},{", '},"id":"', "\x1f", "\x7f", "汉", "", "a" * 10_001, "12.50"]),
)
values = st.one_of(
    texts,
    st.booleans(),
    st.integers(-(2**54), 2**54),
    st.none(),
    st.floats(),
    st.lists(texts, max_size=3),
    st.fixed_dictionaries({"amount": st.sampled_from(["1", "01", "1.5"]), "currency": st.just("CNY")}),
    st.fixed_dictionaries({"count": st.integers(-1, 3), "unit": st.sampled_from(["day", "week"])}),
)
facts = st.dictionaries(st.sampled_from(["a", "b_1", "subject", "A", "1", "a-b", "", "a" * 200, "a" * 201]), values)
MEMBERS: dict[str, st.SearchStrategy[Any]] = {
    "id": st.sampled_from(["01a20019-7422-4a98-b672-3da12977bbbb", "x", "01A20019-7422-7a98-b672-3da12977bbbb"]),
    "type": st.sampled_from(["a.b", "a.b.c", "a", "a..b", "void", "heartbeat", "supplement", "a." + "b" * 399, "1.a"]),
    "time": st.sampled_from([
        "2026-02-30T08:00:00Z", "2026-02-01T24:00:00Z", "2026-02-01T08:00:60Z", "2026-02-01T08:00:00.10Z",
        "2026-02-01T08:00:00.000001Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "2026-02-01T08:00:00+00:00",
    ]),
    "by": st.one_of(st.none(), texts, st.just("a" * 200), st.just("a" * 201)),
    "to": st.one_of(st.none(), texts),
    "asset": st.one_of(st.none(), texts, st.just("!" * 201)),
    "ledger": st.sampled_from(["1" * 31, "A" * 32, "1" * 32]),
    "seq": st.one_of(st.sampled_from([-1, 0, 1, 2**53 - 1, 2**53, 10**16, "1", True, 1.0]), st.integers(0, 9)),
    "prev": st.sampled_from([None, DIGEST, DIGEST.upper(), ""]),
    "contract": st.sampled_from([DIGEST, "sha256:", 1]),
    "issuer": st.sampled_from([DIGEST, ""]),
    "nonce": st.sampled_from(["1" * 33, "1" * 32]),
    "edition": st.sampled_from(["event 2", None]),
    "facts": facts,
    "_sd": st.lists(st.sampled_from([DIGEST, "sha256:" + "1" * 64, "x"]), max_size=3),
    "more": st.integers(),
}  # fmt: skip


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Events, most of them spoilt in some members, then perhaps in some bytes."""
    data = json.loads(canonical(event(seq=1, prev=DIGEST)))
    data["facts"] = draw(facts)
    for name in draw(st.lists(st.sampled_from(sorted(MEMBERS)), max_size=3)):
        data[name] = draw(MEMBERS[name])
    for name in draw(st.lists(st.sampled_from(sorted(data)), max_size=1)):
        del data[name]
    body = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=draw(st.booleans()))
    spelled = body.encode(errors="surrogatepass")
    if draw(st.booleans()):
        return spelled
    at, end = sorted((draw(st.integers(0, len(spelled))), draw(st.integers(0, len(spelled)))))
    return spelled[:at] + draw(st.binary(max_size=3)) + (spelled[at:] if draw(st.booleans()) else spelled[end:])


@given(bodies())
def test_an_event_is_read_alike_by_pattern_and_by_form(body: bytes) -> None:
    assert by_heading(body) == by_form(body)


@given(facts)
def test_facts_taken_by_the_short_way_are_taken_by_the_form(given_facts: dict[str, Any]) -> None:
    data = json.loads(canonical(event())) | {"facts": given_facts}
    body = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass")
    assert by_heading(body) == by_form(body)


def test_usual_events_take_the_short_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headings, "read_form", None)
    full = event(OTHER, seq=3, prev=DIGEST, to="C", time="2026-02-01T08:00:00.5Z", facts={"n": -1, "a": "b", "c": True})
    for usual in (event(), full, event(asset=None, by=None)):
        assert read_heading(canonical(usual)).id == usual.id


def test_a_member_given_twice_takes_no_short_way() -> None:
    body = canonical(event(facts={"a": 1}))
    for old, new in (
        (b'"by":"B"', b'"by":"B","by":"B"'),
        (b'"a":1', b'"a":1,"a":1'),
        (b'"facts":{"a":1}', b'"facts":{"a":1},"facts":{"a":1}'),
        (b'"seq":0', b'"seq":0,"seq":0'),
    ):
        with pytest.raises(EvidenceError, match="EV01"):
            read_heading(body.replace(old, new))


@pytest.mark.parametrize("count", [499, 500, 501])
def test_the_number_of_facts_has_the_same_bound(count: int) -> None:
    data = json.loads(canonical(event())) | {"facts": {f"f{n}": n for n in range(count)}}
    assert by_heading(dumps(data)) == by_form(dumps(data))
    assert isinstance(by_heading(dumps(data)), Heading) is (count <= 500)


def by_both(raw: bytes) -> tuple[object, object]:
    def outcome(read: Any) -> object:
        try:
            return read(raw)
        except EvidenceError as error:
            return error.text()

    return outcome(envelopes._as_written_here) or "left", outcome(envelopes._as_any_writes)


@given(
    payload=st.binary(max_size=9),
    keys=st.sampled_from([[KEY], [OTHER], [KEY, OTHER]]),
    payload_type=st.sampled_from([EventBody.PAYLOAD_TYPE, "a", "汉", 'a"b', "a b", "x" * 200, "x" * 201]),
    data=st.data(),
)
def test_an_envelope_is_read_alike_by_pattern_and_as_json(
    payload: bytes, keys: list[Any], payload_type: str, data: st.DataObject
) -> None:
    raw = seal(payload, keys, payload_type)
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, 999)) % len(raw)  # an ECDSA signature has no fixed length
        raw = raw[:at] + data.draw(st.sampled_from([b"", b"=", b"A", b"-", b'"', b" ", b"\\", b"}"])) + raw[at + 1 :]
    short, full = by_both(raw)
    assert short in ("left", full)


@pytest.mark.parametrize("spelled", ["QQ==", "QR==", "QQ=", "Q", "QUI=", "QUJ=", "QUJD", "QQ==QQ==", "====", "=A=="])
def test_base64_has_one_spelling_on_both_ways(spelled: str) -> None:
    raw = dumps({"payload": spelled, "payloadType": "t", "signatures": [{"keyid": "k", "sig": spelled}]})
    short, full = by_both(raw)
    exact = re.fullmatch("QQ==|QUI=|QUJD", spelled) is not None
    assert (short != "left", isinstance(full, Envelope)) == (exact, exact)
    assert short in ("left", full)


@given(st.binary(max_size=30) | st.sampled_from([b"-0", b"1.0", b"1e2", b"NaN", b'{"a":1,"a":1}', b'"\\u0041"', b" 1"]))
def test_plain_bytes_are_admitted_as_all_others(body: bytes) -> None:
    quick = canonicals._admit_plain(body)
    if quick is not None:
        assert dumps(quick) == body
        assert quick == canonicals.parse(body)


@given(st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3), lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)), max_leaves=9))  # fmt: skip
def test_what_is_written_is_admitted_and_any_other_order_is_not(data: Any) -> None:
    body = dumps(data)
    assert admit(body) == data
    other = json.dumps(data, separators=(",", ": ")).encode()
    if other != body:
        with pytest.raises(CanonicalError):
            admit(other)


@given(
    payload_type=st.text(max_size=5),
    keys=st.lists(st.text(max_size=5), min_size=1, max_size=3),
    received=st.integers(0, 253_402_300_799_999_999),
    earlier=st.booleans(),
)
def test_the_entry_is_the_canonical_form_of_its_members(
    payload_type: str, keys: list[str], received: int, earlier: bool
) -> None:
    envelope = Envelope(payload_type, b"body", tuple(Signature(key, b"sig") for key in keys))
    signatures = tuple(
        EntrySignature(keyid=s.key, sig=base64.b64encode(s.sig).decode()) for s in sorted(set(envelope.signatures))
    )
    form = LedgerEntry.model_construct(
        ledger="1" * 32,
        index=7,
        received=timestamp(received),
        kind="equivocation" if earlier else "event",
        payload_type=payload_type,
        body=digest_of_bytes(b"body"),
        signatures=signatures,
        earlier=EarlierEntry(index=3, body=digest_of_bytes(b"body"), signatures=signatures) if earlier else None,
    )
    before = (3, envelope) if earlier else None
    assert entry_bytes("1" * 32, 7, received, form.kind, envelope, before) == canonical(form)

"""A contract held ready: the answers of `decide`, from signed evidence down to the text of one act."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.evidence.errors import EvidenceError
from smartclause.logic.lookup import Lookup
from smartclause.logic.verdict import Decision
from smartclause.verbs.act_json import ActReader
from smartclause.verbs.decider import Decider, open_decider
from smartclause.verbs.errors import VerbError
from smartclause.verbs.plain import read_plain
from tests.logic.builders import TYPES, contract
from tests.verbs.asking import ask
from tests.verbs.samples import CONTRACT, HOUR, Setting

SHOWN = frozenset({"safe"})


def act(**facts: Any) -> bytes:
    given = {"subject": "s1", "purpose": "fine_tuning", "safe": True, "samples": 10} | facts
    return json.dumps({"type": "use_voice", "by": "B", "asset": "d", "facts": given}).encode()


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    found = Setting(tmp_path)
    found.sign("A", "B", "C")
    return found


def held(setting: Setting) -> Decider:
    return open_decider(setting.path, trust=setting.trust, ledger=setting.ledger, clock=setting.clock)


def test_a_signed_contract_with_its_ledger_allows_what_the_caller_verified(setting: Setting) -> None:
    decider = held(setting)
    assert decider.from_json(act(), attested=SHOWN) is Decision.ALLOWED
    assert decider.from_json(act()) is Decision.UNDECIDED
    assert decider.from_json(act(purpose="advertising"), attested=SHOWN) is Decision.REFUSED
    assert decider.from_json(act(samples=1_001), attested=SHOWN) is Decision.REFUSED


def test_what_the_ledger_holds_counts(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="voice_data.withdrawal", facts={"subject": "s1"}))
    setting.clock.now += HOUR
    decider = held(setting)
    assert decider.from_json(act(), attested=SHOWN) is Decision.REFUSED
    assert decider.from_json(act(subject="s2"), attested=SHOWN) is Decision.ALLOWED


def test_it_answers_like_decide_with_the_same_ledger(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="voice_data.withdrawal", facts={"subject": "s1"}))
    setting.clock.now += HOUR
    decider = held(setting)
    for facts in ({}, {"subject": "s2"}, {"purpose": "training"}, {"samples": 1_001}, {"purpose": "purposes"}):
        theirs = ask(setting, act(**facts)).decision
        assert decider.from_json(act(**facts)) is theirs


def test_without_a_ledger_nothing_is_allowed_unless_the_caller_says_that_nothing_is_recorded(setting: Setting) -> None:
    assert (
        open_decider(setting.path, trust=setting.trust, clock=setting.clock).from_json(act(), attested=SHOWN)
        is Decision.UNDECIDED
    )
    said = open_decider(setting.path, trust=setting.trust, nothing_recorded=True, clock=setting.clock)
    assert said.from_json(act(), attested=SHOWN) is Decision.ALLOWED


def test_an_act_about_nothing_is_undecided_as_decide_has_it(setting: Setting) -> None:
    decider = held(setting)
    for without in ({"asset": ...}, {"asset": None}, {"asset": ..., "to": "A"}, {"asset": ..., "to": None}):
        content = changed(**without)
        assert decider.from_json(content, attested=SHOWN) is ask(setting, content).decision is Decision.UNDECIDED


def test_a_clock_that_is_behind_the_ledger_hides_no_record_of_it(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="voice_data.withdrawal", facts={"subject": "s1"}))
    setting.clock.now -= 12 * HOUR
    for decider in (held(setting), held(setting)):
        assert decider.from_json(act(), attested=SHOWN) is Decision.REFUSED
        assert decider.from_json(act(subject="s2"), attested=SHOWN) is Decision.ALLOWED
        setting.clock.now -= 400 * 24 * HOUR  # before the contract is in force
        assert decider.from_json(act(subject="s2"), attested=SHOWN) is Decision.ALLOWED


def test_a_decider_says_that_what_it_was_opened_from_has_changed(setting: Setting) -> None:
    decider = held(setting)
    assert decider.is_current()
    setting.record(setting.envelope("A", type="voice_data.withdrawal", facts={"subject": "s1"}))
    assert not decider.is_current()
    assert decider.from_json(act(), attested=SHOWN) is Decision.ALLOWED  # as the ledger was
    setting.clock.now += HOUR
    again = held(setting)
    assert again.is_current()
    assert again.from_json(act(), attested=SHOWN) is Decision.REFUSED
    for path in (setting.path, setting.trust):
        kept = path.read_bytes()
        path.write_bytes(kept + b" ")
        assert not again.is_current()
        path.unlink()
        assert not again.is_current()
        path.write_bytes(kept)
        assert again.is_current()
    setting.ledger.unlink()
    assert not again.is_current()


@pytest.mark.parametrize("missing", ["path", "trust", "ledger"])
def test_what_is_not_there_is_named_when_it_is_opened(setting: Setting, missing: str) -> None:
    getattr(setting, missing).unlink()
    with pytest.raises((EvidenceError, VerbError)) as found:
        held(setting)
    assert getattr(setting, missing).name in str(found.value)


def test_an_unsigned_contract_allows_nothing(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B")
    assert held(setting).from_json(act(), attested=SHOWN) is Decision.UNDECIDED


def test_a_contract_that_limits_the_age_of_news_is_not_held_ready(tmp_path: Path) -> None:
    dated = CONTRACT.replace('  time zone "UTC".', '  time zone "UTC".\n  news at most 24 hours old.')
    setting = Setting(tmp_path, dated)
    setting.sign("A", "B", "C")
    with pytest.raises(VerbError) as refused:
        held(setting)
    assert refused.value.code == "VB52"


# ---- the text of one act

GOOD = json.loads(act())


def changed(**members: Any) -> bytes:
    return json.dumps({n: v for n, v in (GOOD | members).items() if v is not ...}).encode()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "VB05"),
        (b"[]", "VB05"),
        (b"{", "VB05"),
        (act() + b" x", "VB05"),
        (act() + act(), "VB05"),
        (act().replace(b'"samples": 10', b'"samples": 10, "samples": 11'), "VB05"),
        (act().replace(b'"by": "B"', b'"by": "A", "by": "B"'), "VB05"),
        *(
            (act().replace(b'"safe": true', b'"safe"' + space + b': false, "safe": true').replace(b'"d"', name), "VB05")
            for space in (b"", b" ", b"  ", b"\n", b"\t", b"\r\n ")
            for name in (b'"d"', b'"d:"', b'":"', b'"a:b:c"')
        ),
        (act().replace(b'"by": "B"', b'"b\\u0079": "A", "by": "B"'), "VB05"),
        (act(samples=10.0), "VB05"),
        (act().replace(b"10}", b"NaN}"), "VB05"),
        (act(samples=2**53), "VB05"),
        (act().replace(b"10}", b"1" * 5_000 + b"}"), "VB05"),
        (b"[" * 100_000, "VB05"),
        (b'{"facts":' * 100_000, "VB05"),
        (b" " * (2**20 + 1), "VB05"),
        (b"\xff" + act(), "VB05"),
        (changed(type="use"), "VB07"),
        (changed(type="other.use"), "VB07"),
        (changed(type=1), "VB05"),
        (changed(type="incident", facts={}), "VB18"),
        (changed(by=...), "VB10"),
        (changed(by="B C"), "VB05"),
        (changed(by=["B"]), "VB05"),
        (changed(to=7), "VB05"),
        (changed(asset="a b"), "VB05"),
        (changed(other=1), "VB05"),
        (changed(facts=[]), "VB05"),
        (act(other=1), "VB07"),
        (act(safe=1), "VB08"),
        (act(safe="yes"), "VB08"),
        (act(samples=True), "VB08"),
        (act(samples="10"), "VB08"),
        (act(samples=[10]), "VB08"),
        (act(subject=5), "VB08"),
        (act(subject="a b"), "VB08"),
        (act(purpose=5), "VB08"),
        (act(purpose=["training"]), "VB08"),
        (act(purpose="flying"), "VB07"),
    ],
)
def test_an_act_that_is_none_is_refused_with_its_code(reader: ActReader, content: bytes, code: str) -> None:
    with pytest.raises(VerbError) as refused:
        reader.read(content)
    assert refused.value.code == code


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> ActReader:
    return ActReader(Lookup(Setting(tmp_path_factory.mktemp("act")).bundle.contract))


def test_spellings_that_differ_only_in_form_are_read_alike(reader: ActReader) -> None:
    plain = reader.read(act())
    spaced = json.dumps(GOOD, indent=2).encode()
    escaped = act().replace(b"B", b"\\u0042")
    full = act(purpose="voice_data.fine_tuning")
    assert all(reader.read(text) == plain for text in (spaced, escaped, full, b"\n" + act(), act() + b"\n"))
    assert reader.quickly(act()) == plain
    assert reader.quickly(escaped) is None


SMALL = contract(types=TYPES)
WORDS = st.sampled_from(
    ["v.training", "training", "v.stray", "v.nothing", "purpose", "s1", "a b", "", "5", "2.5", "x" * 300]
)
VALUES = st.one_of(
    st.booleans(), st.none(), WORDS, st.integers(-3, 3), st.sampled_from([2**53, 1.5]), st.lists(WORDS, max_size=3),
    st.fixed_dictionaries({"amount": st.sampled_from(["5", 5, "x"]), "currency": st.sampled_from(["CNY", "USD"])}),
)  # fmt: skip
NAMES = st.sampled_from([*(f.name for f in TYPES[0].fields), "nothing"])
ACTS = st.fixed_dictionaries(
    {"type": st.sampled_from(["use", "m.use", "notify", "consent", "waiver", "x.use"]), "by": st.sampled_from("Ab")},
    optional={
        "facts": st.dictionaries(NAMES, VALUES, max_size=6), "to": st.sampled_from(["A", None, 1]),
        "asset": st.sampled_from(["d", "a b", None]), "id": st.just("x"), "more": st.just(1),
    },
)  # fmt: skip


@given(ACTS, st.booleans())
def test_what_is_read_quickly_is_what_the_careful_reader_reads(told: dict[str, Any], spaced: bool) -> None:
    text = json.dumps(told, indent=1 if spaced else None).encode()
    found = ActReader(Lookup(SMALL)).quickly(text)
    if found is not None:
        careful, facts = read_plain(text, Lookup(SMALL))
        assert found == (careful.type, careful.by, facts)
        assert all(type(found[2][name]) is type(value) for name, value in facts.items())

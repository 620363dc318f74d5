"""`record`: one bad line is refused with its place, the rest is recorded, and acts are judged at their place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smartclause.evidence.envelope import read, seal
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical, read_form
from smartclause.evidence.keys import make_key
from smartclause.logic.verdict import Decision
from smartclause.verbs.errors import VerbError
from smartclause.verbs.record import Recording, record
from tests.verbs.samples import HOUR, Setting, use


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    return made


def recorded(setting: Setting, *envelopes: bytes, contract: bool = True, **options: Any) -> Recording:
    lines = setting.write("events", b"\n".join(envelopes))
    given = {"contract": setting.path if contract else None, "key": setting.keys["ledger"]} | options
    return record(setting.ledger, lines, trust=setting.trust, clock=setting.clock, **given)


def changed(setting: Setting, envelope: bytes, **members: Any) -> bytes:
    """Signed by B, as no verb of ours would have signed it."""
    good = read_form(EventBody, read(envelope).body)
    bad = EventBody.model_validate(good.model_dump(by_alias=True, exclude_none=True) | members)
    return seal(canonical(bad), [setting.keys["B"]], EventBody.PAYLOAD_TYPE)


def test_what_was_signed_is_recorded_and_judged(setting: Setting) -> None:
    found = recorded(
        setting, setting.envelope("B", "C", **use()), setting.envelope("A", type="incident", facts={"case_number": "c"})
    )
    assert [line.receipt is not None for line in found.lines] == [True, True]
    assert found.lines[0].at_place is not None
    assert found.lines[0].at_place.decision is Decision.ALLOWED
    assert found.lines[1].at_place is None
    assert (found.size, found.refused, found.differing, found.not_allowed) == (2, (), (), ())


def test_one_bad_line_is_refused_with_its_place_and_the_rest_recorded(setting: Setting) -> None:
    bad = setting.envelope("B", "C", **use()).replace(b'"sig":"', b'"sig":"A', 1)
    found = recorded(setting, b"no json", setting.envelope("A", type="incident", facts={"case_number": "c"}), bad)
    assert [line.fault.code if line.fault else "" for line in found.lines] == ["EV01", "", "EV03"]
    assert found.lines[0].fault is not None
    assert found.lines[0].fault.place == "line 1 column 1"
    assert found.size == 1


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"type": "voice_data.nothing"}, "VB07"),
        ({"facts": {"subject": "s", "unheard_of": 1}}, "VB07"),
        ({"facts": {"subject": "s", "samples": "ten"}}, "VB08"),
        ({"facts": {"subject": "s", "samples": 5001}}, "VB09"),
        ({"facts": {"subject": "s", "samples": 0}}, "VB09"),
        ({"facts": {"samples": 1}}, "VB10"),
        ({"ledger": "f" * 32}, "EV11"),
    ],
)
def test_what_does_not_fit_the_contract_is_not_admitted(setting: Setting, members: dict[str, Any], code: str) -> None:
    found = recorded(setting, changed(setting, setting.envelope("B", **use()), **members))
    assert [line.fault.code for line in found.lines if line.fault] == [code]
    assert found.size == 0


def test_a_controlled_act_without_an_asset_is_not_admitted(setting: Setting) -> None:
    good = read_form(EventBody, read(setting.envelope("B", **use())).body)
    data = good.model_dump(by_alias=True, exclude_none=True)
    data.pop("asset")
    sealed = seal(canonical(EventBody.model_validate(data)), [setting.keys["B"]], EventBody.PAYLOAD_TYPE)
    found = recorded(setting, sealed)
    assert [line.fault.code for line in found.lines if line.fault] == ["VB10"]


def test_a_key_never_trusted_records_nothing(setting: Setting) -> None:
    setting.keys["stranger"] = make_key()
    found = recorded(setting, setting.envelope("stranger", type="incident", facts={"case_number": "c"}))
    assert [line.fault.code for line in found.lines if line.fault] == ["EV06"]


def test_an_act_judged_otherwise_at_its_place_is_reported(setting: Setting) -> None:
    """The second act alone would have been allowed; both together exceed the limit."""
    acts = [setting.envelope("B", "C", **use(facts={"samples": 600})) for _ in range(2)]
    found = recorded(setting, *acts)
    assert [line.differs for line in found.lines] == [False, True]
    assert found.lines[1].at_place is not None
    assert found.lines[1].at_place.decision is Decision.REFUSED


def test_the_same_bytes_get_the_old_receipt_and_are_not_counted_twice(setting: Setting) -> None:
    act = setting.envelope("B", "C", **use(facts={"samples": 600}))
    first = recorded(setting, act)
    again = recorded(setting, act)
    assert first.lines[0].receipt is not None
    assert again.lines[0].receipt is not None
    assert first.lines[0].receipt.index == again.lines[0].receipt.index
    assert again.size == 1
    assert (len(first.added), len(first.already)) == (1, 0)
    assert (len(again.added), len(again.already)) == (0, 1)


def test_the_same_bytes_twice_in_one_group_are_added_once(setting: Setting) -> None:
    act = setting.envelope("B", "C", **use(facts={"samples": 600}))
    found = recorded(setting, act, act)
    assert ([line.already for line in found.lines], found.size) == ([False, True], 1)


def test_a_refused_line_is_not_said_to_be_there_already(setting: Setting) -> None:
    found = recorded(setting, b"no json")
    assert (found.added, found.already, len(found.refused)) == ((), (), 1)


def test_without_a_contract_the_form_alone_is_checked(setting: Setting) -> None:
    found = recorded(setting, setting.envelope("B", **use()), contract=False)
    assert (found.size, found.lines[0].at_place) == (1, None)


def test_recording_needs_a_trust_store(setting: Setting) -> None:
    lines = setting.write("events", b"")
    with pytest.raises(VerbError, match="VB11"):
        record(setting.ledger, lines)


def test_a_supplement_of_the_role_fills_what_was_missing(setting: Setting) -> None:
    from smartclause.verbs.audit import audit

    act = setting.envelope("B", **use(facts={"safe": True}))
    number = read_form(EventBody, read(act).body).id
    fill = {"event": number, "field": "safe", "value": True}
    recorded(setting, act)
    setting.clock.now += HOUR
    for who, expected in (("A", Decision.UNDECIDED), ("B", Decision.UNDECIDED), ("C", Decision.ALLOWED)):
        recorded(setting, setting.envelope(who, type="supplement", facts=fill))
        result = audit(setting.path, setting.ledger, trust=setting.trust, closed=True, clock=setting.clock)
        assert [use_.decision for use_ in result.uses] == [expected], who


def test_refused_lines_wait_only_behind_what_is_still_to_be_judged(setting: Setting) -> None:
    good = setting.envelope("B", "C", **use())
    lines = setting.write("lines", b"{}\n" * 1_500 + good + b"\n{}\n")
    told: list[list[int]] = []
    record(
        setting.ledger, lines, trust=setting.trust, contract=setting.path, clock=setting.clock,
        told=lambda done: told.append([line.line for line in done]),
    )  # fmt: skip
    assert told == [list(range(1, 1_001)), list(range(1_001, 1_501)), [1_501, 1_502]]

"""A file of lines is read line by line, numbered as an editor does, whatever stands in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.evidence.envelope import seal
from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.event import EventBody
from smartclause.evidence.forms import canonical
from smartclause.evidence.recording import MAX_EVENT
from smartclause.verbs.lines import Line, each_line
from smartclause.verbs.record import Recorded, Recording, record
from tests.evidence.samples import event
from tests.verbs.samples import Setting


def found(path: Path, content: bytes) -> list[Line]:
    path.write_bytes(content)
    return list(each_line(path))


pieces = st.lists(st.sampled_from([b"", b" ", b"a", b"{", b"}", b'{"a":', b"1}", b"\r", b"x" * 70_000]), max_size=8)


@given(pieces, st.booleans())
def test_the_lines_are_those_between_line_feeds(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], ended: bool
) -> None:
    content = b"\n".join(lines) + (b"\n" if ended else b"")
    try:
        one_value = content.lstrip(b"\n").startswith(b"{") and content.startswith(b"{") and bool(json.loads(content))
    except ValueError:
        one_value = False
    read = found(tmp_path_factory.mktemp("lines") / "file", content)
    expected = [(n, line, len(line)) for n, line in enumerate(content.split(b"\n"), 1) if line.strip()]
    if one_value and len(expected) > 1:
        expected = [(1, content.strip(), len(content.strip()))]
    assert [(line.number, line.content, line.size) for line in read] == expected


def test_one_value_over_several_lines_is_one_line(tmp_path: Path) -> None:
    value = json.dumps({"a": [1, 2]}, indent=2).encode()
    assert [line.content for line in found(tmp_path / "f", value + b"\n")] == [value]
    assert [line.number for line in found(tmp_path / "f", value + b"\n{}\n")] == [1, 2, 3, 4, 5, 6, 7]
    assert [line.content for line in found(tmp_path / "f", b"{\n" + b"x" * 9)] == [b"{", b"x" * 9]


@pytest.mark.parametrize("size", [MAX_EVENT - 1, MAX_EVENT, MAX_EVENT + 1, 5 * MAX_EVENT])
def test_a_line_that_is_too_long_is_counted_and_not_kept(tmp_path: Path, size: int) -> None:
    one, two = found(tmp_path / "f", b"x" * size + b"\n{}")
    assert (one.size, two) == (size, Line(2, b"{}", 2))
    if size <= MAX_EVENT:
        assert one.needed() == b"x" * size
    else:
        assert len(one.content) < 2**17
        with pytest.raises(EvidenceError, match="line 1: EV02") as refused:
            one.needed()
        assert refused.value.values["size"] == str(size)


@pytest.mark.parametrize("name", ["none", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(EvidenceError, match="EV19"):
        list(each_line(tmp_path / name))


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    return Setting(tmp_path)


def recording(setting: Setting, content: bytes, told: list[int]) -> Recording:
    def tell(lines: object) -> None:
        assert isinstance(lines, list)
        told.append(len(lines))

    path = setting.write("events", content)
    return record(setting.ledger, path, trust=setting.trust, key=setting.keys["ledger"], clock=setting.clock, told=tell)


def sealed(setting: Setting, count: int) -> list[bytes]:
    """Each of its own: their sequence is of no interest here."""
    key = setting.keys["B"]
    members = {"ledger": setting.ledger_id, "prev": "sha256:" + "0" * 64}
    bodies = (canonical(event(key, seq=n + 1, **members)) for n in range(count))
    return [seal(body, [key], EventBody.PAYLOAD_TYPE) for body in bodies]


def test_lines_are_told_group_by_group_and_counted_in_all(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartclause.verbs.record._MOST_LINES", 4)
    events = sealed(setting, 10)
    lines = [*events[:5], b"bad", b"", *events[5:], events[0]]
    told: list[int] = []
    result = recording(setting, b"\n".join(lines), told)
    assert told == [4, 4, 4]
    assert (result.counts.added, result.counts.already, result.counts.refused) == (10, 1, 1)
    assert (result.lines, result.size) == ((), 10)


def test_a_group_is_bounded_in_bytes_too(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartclause.verbs.record._MOST_BYTES", 2_000)
    told: list[int] = []
    recording(setting, b"\n".join(sealed(setting, 6)), told)
    assert sum(told) == 6
    assert max(told) <= 3


def test_the_place_of_a_bad_line_is_its_line_in_the_file(setting: Setting) -> None:
    content = b"\n".join([b"", *sealed(setting, 1), b"\r", b"[", b"x" * (MAX_EVENT + 1)])
    refused: list[Recorded] = []
    record(setting.ledger, setting.write("e", content), trust=setting.trust, clock=setting.clock, told=refused.extend)
    assert [(r.line, r.fault.code, r.fault.place) for r in refused if r.fault] == [
        (4, "EV01", "line 4 column 2"),
        (5, "EV02", "line 5"),
    ]


def test_a_file_without_lines_still_gets_its_checkpoint(setting: Setting) -> None:
    result = recording(setting, b"\n\n", [])
    assert (result.size, result.counts.added) == (0, 0)


def test_what_was_recorded_before_the_disk_was_full_is_told(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    setting.sign("A", "B", "C")
    monkeypatch.setattr("smartclause.verbs.record._MOST_LINES", 2)
    events, written = sealed(setting, 5), iter(range(2))

    def full(*_: object) -> str:
        if next(written, None) is None:
            raise EvidenceError("EV16", reason="the disk is full")
        return ""

    monkeypatch.setattr("smartclause.evidence.recording.write_checkpoint", full)
    for contract in (None, setting.path):
        told: list[Recorded] = []
        written = iter(range(2))
        with pytest.raises(EvidenceError, match="EV16"):
            record(
                setting.ledger, setting.write("e", b"\n".join(events)), trust=setting.trust, contract=contract,
                key=setting.keys["ledger"], clock=setting.clock, told=told.extend,
            )  # fmt: skip
        assert len(told) == 4


def test_what_is_on_the_disk_is_told_where_it_cannot_be_judged(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting.sign("A", "B", "C")

    def fails(*_: object) -> None:
        raise EvidenceError("EV17", reason="an entry is missing")

    monkeypatch.setattr("smartclause.verbs.record._Judging", fails)
    told: list[Recorded] = []
    with pytest.raises(EvidenceError, match="EV17"):
        record(
            setting.ledger, setting.write("e", b"\n".join(sealed(setting, 3))), trust=setting.trust,
            contract=setting.path, clock=setting.clock, told=told.extend,
        )  # fmt: skip
    assert [line.receipt.index for line in told if line.receipt] == [0, 1, 2]

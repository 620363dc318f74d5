"""Lines of plain JSON that the monitor cannot use: each is told with its place and code, and the rest goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from smartclause.evidence.recording import MAX_EVENT
from smartclause.verbs.errors import VerbError
from smartclause.verbs.monitor import RefusedLine, Settings, Tally, Telling, monitor
from tests.cli.examples import VOICE
from tests.verbs.tellers import Told

USE = {"type": "use_voice", "time": "2026-03-01T10:00:00Z", "by": "B", "asset": "v", "facts": {"purpose": "training"}}
INCIDENT = {"type": "incident", "time": "2026-03-01T09:00:00Z", "facts": {"case_number": "c1"}}


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("monitor") / "voice.clause"
    path.write_text(VOICE, encoding="utf-8")
    return path


def followed(contract: Path, content: bytes, **settings: Any) -> tuple[Tally, list[Telling]]:
    source = contract.with_name("events.jsonl")
    source.write_bytes(content)
    teller = Told()
    return monitor(contract, source, teller, settings=Settings(**{"draft": True, **settings})), teller.told


def line(**members: Any) -> bytes:
    return json.dumps({k: v for k, v in members.items() if v is not None}).encode()


BAD = {
    "no JSON": (b'{"type"', "VB05"),
    "a list": (b"[1]", "VB05"),
    "an unknown member": (line(**INCIDENT, colour="red"), "VB05"),
    "a member given twice": (b'{"type":"incident","type":"use_voice","time":"2026-03-01T09:00:00Z"}', "VB05"),
    "a number that is no integer": (line(**USE | {"facts": {"purpose": 1.5}}), "VB05"),
    "not UTF-8": (b'{"type":"\xff"}', "VB05"),
    "an unknown type": (line(**INCIDENT | {"type": "accident"}), "VB07"),
    "an unknown fact": (line(**USE | {"facts": {"purpos": "training"}}), "VB07"),
    "a fact of another type": (line(**USE | {"facts": {"released": "yes"}}), "VB08"),
    "no time": (line(**INCIDENT | {"time": None}), "VB10"),
    "a time that is none": (line(**INCIDENT | {"time": "yesterday"}), "VB08"),
    "a day that does not exist": (line(**INCIDENT | {"time": "2026-02-30T09:00:00Z"}), "VB08"),
    "no key": (line(**INCIDENT | {"facts": {}}), "VB10"),
    "no asset": (line(**USE | {"asset": None}), "VB10"),
    "nobody who did it": (line(**USE | {"by": None}), "VB10"),
    "a heartbeat of nobody": (line(type="heartbeat", time="2026-03-01T09:00:00Z"), "VB10"),
    "a supplement": (line(type="supplement", time="2026-03-01T09:00:00Z"), "VB48"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_line_that_cannot_be_used_is_told_and_the_rest_goes_on(contract: Path, what: str) -> None:
    content, code = BAD[what]
    tally, told = followed(contract, b"\n".join((line(**INCIDENT), content, line(**USE))))
    [refused] = [t for t in told if isinstance(t, RefusedLine)]
    assert (refused.line, refused.fault.code) == (2, code)
    assert refused.fault.text().startswith("line 2")
    assert (tally.lines, tally.records, dict(tally.refused_lines)) == (3, 2, {code: 1})
    assert tally.is_undecided


def test_a_number_given_twice_is_told_with_its_line(contract: Path) -> None:
    tally, told = followed(contract, b"\n".join((line(**INCIDENT, id="i1"), line(**USE, id="i1"))))
    assert [(t.line, t.fault.code) for t in told if isinstance(t, RefusedLine)] == [(2, "VB49")]
    assert tally.records == 1


def test_a_line_of_a_gigabyte_would_be_told_by_its_beginning(contract: Path) -> None:
    tally, told = followed(contract, b"x" * (MAX_EVENT + 1) + b"\n" + line(**INCIDENT))
    assert [(t.line, t.fault.code) for t in told if isinstance(t, RefusedLine)] == [(1, "EV02")]
    assert tally.records == 1


def test_a_last_line_that_was_cut_short_is_told(contract: Path) -> None:
    tally, told = followed(contract, line(**INCIDENT) + b"\n" + line(**USE)[:-5])
    assert [(t.line, t.fault.code) for t in told if isinstance(t, RefusedLine)] == [(2, "VB05")]
    assert tally.records == 1


def test_plain_lines_without_anybody_who_vouches_are_not_followed(contract: Path) -> None:
    with pytest.raises(VerbError) as caught:
        followed(contract, line(**INCIDENT), draft=False)
    assert caught.value.code == "VB47"

"""Acts as lines: each is answered in its place; what is no act is named and counted, and allows nothing."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from smartclause.cli.main import cli
from smartclause.logic.verdict import Decision
from smartclause.verbs.decide_many import Decided, DecidedLine, decide_many
from smartclause.verbs.errors import VerbError
from tests.verbs.samples import Setting, use

SHOWN = frozenset({"safe"})
GOOD = json.dumps(use()).encode()
REFUSED = json.dumps(use(facts={"purpose": "voice_data.advertising"})).encode()
OPEN = json.dumps(use(facts={"purpose": "voice_data.purposes"})).encode()
BAD = {
    b"{": "VB05",
    b"nonsense": "VB05",
    b"[]": "VB05",
    b"\xff\xfe": "VB05",
    b'{"type":"use_voice","by":"B","by":"A","facts":{}}': "VB05",
    b'{"type":"use_voice","facts":{}}': "VB10",
    b'{"type":"incident","by":"A","facts":{"case_number":"c"}}': "VB18",
    b'{"type":"no_such_act","by":"B","facts":{}}': "VB07",
    GOOD.replace(b"true", b'"yes"'): "VB08",
    GOOD.replace(b"10}", b"10.0}"): "VB05",
    b'{"a":' * 50_000: "VB05",
    b'"' + b"x" * 2**21 + b'"': "EV02",
}


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    return made


def decided(setting: Setting, *lines: bytes, **options: Any) -> tuple[list[DecidedLine], Decided]:
    acts, told = setting.write("acts.jsonl", b"\n".join(lines)), []
    given = {"trust": setting.trust, "ledger": setting.ledger, "clock": setting.clock, "attested": SHOWN} | options
    return told, decide_many(setting.path, acts, told.append, **given)


def test_every_line_is_answered_in_its_place(setting: Setting) -> None:
    told, found = decided(setting, GOOD, REFUSED, b"", OPEN, GOOD)
    A, R, U = Decision.ALLOWED, Decision.REFUSED, Decision.UNDECIDED  # noqa: N806
    assert [(t.line, t.decision) for t in told] == [(1, A), (2, R), (4, U), (5, A)]
    assert (found.decisions, found.unusable, found.lines) == ({A: 2, R: 1, U: 1}, {}, 4)


def test_the_rows_of_a_form_are_answered_as_the_same_acts_in_json(setting: Setting) -> None:
    facts = use()["facts"]
    cells = ["yes" if v is True else str(v) for v in facts.values()]
    head, row = ",".join(("type", "by", "asset", *facts)), ",".join((use()["type"], "B", use()["asset"], *cells))
    form = setting.write("form.csv", f"\ufeff{head}\r\n# a note\r\n{row}\r\n{row},over\r\n".encode())
    told: list[DecidedLine] = []
    found = decide_many(
        setting.path, form, told.append, trust=setting.trust, ledger=setting.ledger, clock=setting.clock, attested=SHOWN
    )
    assert [(t.line, t.decision) for t in told] == [(3, Decision.ALLOWED), (4, None)]
    assert found.unusable == {"VB05": 1}


@pytest.mark.parametrize("number", range(len(BAD)))
def test_a_line_that_is_no_act_is_named_counted_and_stops_nothing(setting: Setting, number: int) -> None:
    line, code = list(BAD.items())[number]
    told, found = decided(setting, GOOD, line, GOOD)
    assert [t.decision for t in told] == [Decision.ALLOWED, None, Decision.ALLOWED]
    assert told[1].fault is not None
    assert (told[1].fault.code, found.unusable) == (code, {code: 1})


def test_nothing_is_attested_and_no_record_is_denied_unless_the_caller_says_so(setting: Setting) -> None:
    assert [t.decision for t in decided(setting, GOOD, attested=frozenset())[0]] == [Decision.UNDECIDED]
    assert [t.decision for t in decided(setting, GOOD, ledger=None)[0]] == [Decision.UNDECIDED]
    assert [t.decision for t in decided(setting, GOOD, ledger=None, nothing_recorded=True)[0]] == [Decision.ALLOWED]
    with pytest.raises(VerbError) as refused:
        decided(setting, GOOD, trust=None)
    assert refused.value.code == "VB11"


def test_a_line_is_answered_before_the_next_one_is_read(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks over a pipe waits for each answer."""
    told: list[DecidedLine] = []

    class Pipe(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:
            assert len(told) >= self.tell() // (len(GOOD) + 1) - 1
            return super().readline(size)

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Pipe((GOOD + b"\n") * 3)))
    decide_many(
        setting.path, Path("-"), told.append, trust=setting.trust, ledger=setting.ledger, clock=setting.clock,
        attested=SHOWN,
    )  # fmt: skip
    assert [t.decision for t in told] == [Decision.ALLOWED] * 3


@pytest.mark.parametrize(("lines", "code"), [
    ((GOOD,), 0), ((GOOD, OPEN), 3), ((GOOD, REFUSED, OPEN), 1), ((GOOD, b"{"), 1), ((), 0),
])  # fmt: skip
def test_the_command_prints_lines_in_order_and_ends_as_the_worst_of_them(
    setting: Setting, lines: tuple[bytes, ...], code: int
) -> None:
    acts = setting.write("acts.jsonl", b"\n".join(lines))
    words = [
        "decide-many",
        setting.path,
        acts,
        "--trust",
        setting.trust,
        "--ledger",
        setting.ledger,
        "--attested",
        "safe",
    ]
    texts = [CliRunner().invoke(cli, [*map(str, words), "--format", form]) for form in ("jsonl", "json", "text")]
    assert [t.exit_code for t in texts] == [code] * 3
    told = [json.loads(line) for line in texts[0].stdout.splitlines()]
    assert told == json.loads(texts[1].stdout)["told"]
    assert [t.get("decision") for t in told[:-1]] == [
        {GOOD: "allowed", REFUSED: "refused", OPEN: "undecided"}.get(line) for line in lines
    ]
    assert (told[-1]["told"], told[-1]["lines"]) == ("end", len(lines))
    assert all(f"line {n}" in texts[2].stdout for n in range(1, len(lines) + 1))

"""What `record` prints says how many lines were added, and which had been there before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartclause.cli.main import cli
from tests.verbs.samples import Setting, use


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    return made


def told(setting: Setting, events: Path, *options: str) -> Result:
    return CliRunner().invoke(
        cli, ["record", str(setting.ledger), str(events), "--trust", str(setting.trust), *options]
    )


def test_the_first_time_a_line_is_recorded(setting: Setting) -> None:
    events = setting.write("events", setting.envelope("B", "C", **use()))
    output = told(setting, events, "--lang", "en").output
    assert "1 recorded, 0 refused; 1 entry" in output
    assert "already" not in output


def test_the_same_bytes_again_are_said_to_be_there_already(setting: Setting) -> None:
    events = setting.write("events", setting.envelope("B", "C", **use()))
    told(setting, events)
    english, chinese = (told(setting, events, "--lang", lang).output for lang in ("en", "zh"))
    assert "line 1: already there as entry 0, received" in english
    assert "0 recorded, 1 already there, 0 refused; 1 entry" in english
    assert "第1行：已在账本，为第0号记录，收到于" in chinese
    assert "记入0条，已在账本1条，拒绝0条；共1条" in chinese


def test_what_is_new_what_is_old_and_what_is_refused_are_counted_apart(setting: Setting) -> None:
    old, new = (setting.envelope("B", "C", **use()) for _ in range(2))
    told(setting, setting.write("old", old))
    result = told(setting, setting.write("all", b"\n".join((old, new, b"no json"))), "--lang", "en")
    assert "1 recorded, 1 already there, 1 refused; 2 entries" in result.output
    assert result.exit_code == 1


def test_json_tells_it_for_each_line(setting: Setting) -> None:
    old, new = (setting.envelope("B", "C", **use()) for _ in range(2))
    told(setting, setting.write("old", old))
    result = told(setting, setting.write("both", b"\n".join((old, new))), "--format", "json")
    lines = json.loads(result.output)["lines"]
    assert [(line["recorded"], line["already"], line["index"]) for line in lines] == [(True, True, 0), (True, False, 1)]

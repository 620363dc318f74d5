"""The examples in the help run, in the order in which a reader would try them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartclause.cli.main import cli
from smartclause.cli.options import PASSPHRASE
from tests.cli.examples import ENDS, ORDER, commands, examples, folder_for_examples
from tests.evidence.authority import answer_requests


def test_every_command_has_an_example_and_its_place_in_the_story() -> None:
    found = dict(commands())
    assert set(found) == set(ORDER)
    assert [name for name, command in found.items() if not examples(command)] == []


def test_the_examples_of_the_help_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_for_examples(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PASSPHRASE, "a passphrase for the examples")
    told: list[Path | None] = []
    monkeypatch.setattr("smartclause.verbs.demo.demo", lambda folder, **_: told.append(folder))  # has tests of its own
    found = dict(commands())
    runner = CliRunner()
    for name in ORDER:
        answer_requests(tmp_path)
        for arguments in examples(found[name]):
            result = runner.invoke(cli, ["--help"] if not arguments else _here(arguments, tmp_path))
            assert result.exit_code in ENDS.get(name, {0}), _told(arguments, result)
    assert told == [Path("tour")]


def _here(arguments: list[str], folder: Path) -> list[str]:
    """`KEY` stands for the number of a key in the trust store."""
    if "KEY" not in arguments:
        return arguments
    key = (folder / "trust.json").read_text(encoding="utf-8").split('"id":"')[1].split('"')[0]
    return [key if a == "KEY" else a for a in arguments]


def _told(arguments: list[str], result: Result) -> str:
    return f"smartclause {' '.join(arguments)}\n{result.output}\n{result.stderr}\n{result.exception}"

"""Every command answers in JSON by its published schema: asked with the examples of the help, with what is refused,
and with what cannot be used at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from smartclause.cli.main import cli
from smartclause.cli.options import PASSPHRASE
from smartclause.evidence import schemas as evidence_schemas
from smartclause.evidence.errors import EvidenceError
from smartclause.resources import folder
from smartclause.verbs.audit import audit
from smartclause.verbs.demo import Demonstrated
from smartclause.verbs.schemas import ANSWER_OF, PUBLISHED
from tests.cli.examples import ENDS, ORDER, commands, examples, folder_for_examples
from tests.cli.test_ends import HOSTILE
from tests.cli.test_examples import _here
from tests.evidence.authority import answer_requests
from tests.verbs.samples import HOUR, Setting, use

SCHEMAS = folder("grammar") / "schemas"
OTHER_FORMS = {"table audit 2": "table-audit", "matrix 1": "matrix", "needs 1": "needs"}
COMMANDS = dict(commands())


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], env={"LANG": "C"}, prog_name="smartclause")


def in_json(*arguments: object) -> Any:
    """What the command prints; by the schema of the command, or of errors where it ends with 2."""
    result = run(*arguments, "--format", "json")
    assert result.stderr == ""
    data = json.loads(result.stdout)
    words = " ".join(str(a) for a in arguments)
    name = next(name for name in sorted(ANSWER_OF, key=len, reverse=True) if words.startswith(name))
    validator("error" if result.exit_code == 2 else _schema(name, data)).validate(data)
    return data


def _schema(name: str, data: Any) -> str:
    """Some commands answer in a form of its own where something else is asked."""
    return OTHER_FORMS.get(data.get("edition", ""), ANSWER_OF[name])


def test_every_command_gives_json_and_names_its_schema() -> None:
    with_json = {name for name, command in COMMANDS.items() if _gives_json(command)}
    assert with_json == set(COMMANDS)
    assert set(ANSWER_OF) == with_json
    assert set(ANSWER_OF.values()) <= {*PUBLISHED, *evidence_schemas.PUBLISHED}


def _gives_json(command: click.Command) -> bool:
    forms = [p.type for p in command.params if "--format" in p.opts]
    return len(forms) == 1 and isinstance(forms[0], click.Choice) and "json" in forms[0].choices


def test_every_schema_is_published_and_no_file_is_left_over() -> None:
    known = {f"{name}.schema.json" for name in (*PUBLISHED, *evidence_schemas.PUBLISHED)}
    assert {p.name for p in SCHEMAS.iterdir()} == known


def test_the_answers_to_the_examples_of_the_help_follow_their_schemas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: Demonstrated
) -> None:
    folder_for_examples(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PASSPHRASE, "a passphrase for the examples")
    monkeypatch.setattr("smartclause.verbs.demo.demo", lambda *_, **__: made)
    asked = []
    for name in ORDER:
        answer_requests(tmp_path)
        for arguments in examples(COMMANDS[name]):
            result = run(*_here(arguments, tmp_path), "--format", "json")
            assert result.exit_code in ENDS.get(name, {0}), result.output
            data = json.loads(result.stdout)
            found = list(validator(_schema(name, data)).iter_errors(data))
            assert found == [], f"smartclause {' '.join(arguments)}"
            asked.append(name)
    assert set(asked) == set(COMMANDS)


@pytest.fixture
def made(kept: Setting) -> Demonstrated:
    """As the demonstration gives it; the real one has a test beside its own."""
    result = audit(kept.path, kept.ledger, trust=kept.trust, closed=True)
    broken = EvidenceError("EV17", reason="the root of its entries is not the stored root")
    return Demonstrated(kept.folder, (), result, {"en": kept.folder / "report.en.html"}, kept.ledger, broken)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    """With the real clock, since the commands use it."""
    import time

    made = Setting(tmp_path_factory.mktemp("kept"))
    made.clock.now = time.time_ns() // 1000 - 10 * HOUR
    made.sign("A", "B", "C")
    return made


def test_a_refused_line_and_an_owed_number_are_told_by_the_schema(kept: Setting) -> None:
    missing, later = kept.envelope("B", "C", **use()), kept.envelope("B", "C", **use())
    lines = kept.write("lines", b"\n".join((later, b"{}", missing[:-2])) + b"\n")
    recorded = in_json("record", kept.ledger, lines, "--trust", kept.trust, "--contract", kept.path)
    assert [line["recorded"] for line in recorded["lines"]] == [True, False, False]
    assert recorded["lines"][0]["at_place"] == "undecided"
    assert all(line["code"] and line["message"].isascii() and line["help"] for line in recorded["lines"][1:])
    chinese = in_json("record", kept.ledger, lines, "--trust", kept.trust, "--lang", "zh")
    assert [line["already"] for line in chinese["lines"]] == [True, False, False]
    assert not any(line["message"].isascii() for line in chinese["lines"][1:])
    shown = in_json("ledger", "show", kept.ledger, "--trust", kept.trust)
    assert [(g["first"], g["last"], g["void"]) for g in shown["gaps"]] == [(0, 0, False)]
    assert shown["entries"][0]["event"]["seq"] == 1
    assert in_json("ledger", "verify", kept.ledger, "--trust", kept.trust)["signed_size"] == 0


def test_what_does_not_hold_is_told_by_the_schema(tmp_path: Path) -> None:
    bad = tmp_path / "bad.clause"
    bad.write_text('contract bad version 1.0.0\n  en "Bad".\nB may use.\n')
    checked = in_json("check", bad)
    assert checked["holds"] is False
    assert checked["files"][0]["findings"][0]["line"] == 1 or checked["files"][0]["findings"]
    refused = in_json("compile", bad, "-o", tmp_path / "bad.json")
    assert refused["code"] == "VB03"
    assert refused["findings"] == checked["files"][0]["findings"]


def test_a_scenario_that_fails_and_its_thresholds_are_told_by_the_schema(kept: Setting) -> None:
    path = kept.folder / "failing.clause"
    text = kept.contract.replace("contract voice_data", "contract failing")
    line = 'at 2026-03-01T09:00 B use_voice with subject = "s".'
    path.write_text(f'{text}\nscenario refused_one en "refused one"\n  {line}\n  then allowed.\n')
    found = in_json("test", "--boundaries", path)
    [outcome] = found["files"][0]["scenarios"][0]["outcomes"]
    assert (found["holds"], outcome["found"]) == (False, "undecided")
    assert found["thresholds"]


def test_a_missing_signature_is_told_by_the_schema(tmp_path: Path) -> None:
    half = Setting(tmp_path)
    half.sign("A")
    assert in_json("verify", half.path, "--trust", half.trust)["missing"] == ["B", "C"]


def test_envelopes_that_go_to_no_file_stand_in_the_answer(kept: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    from smartclause.evidence.key_files import save_private

    monkeypatch.setenv(PASSPHRASE, "a passphrase")
    key = kept.folder / "b.key"
    save_private(kept.keys["B"], key, "a passphrase")
    event = kept.write("plain.json", use())
    found = in_json("sign", "event", kept.path, event, "--key", key, "--ledger", kept.ledger)
    assert len(found["envelopes"]) == len(found["digests"]) == 1
    signed = kept.write("signed.json", json.dumps(found["envelopes"][0], separators=(",", ":")).encode())
    assert in_json("verify", signed, "--trust", kept.trust)["digest"] == found["digests"][0]


def test_another_language_is_in_the_answer_and_nothing_is_written(kept: Setting) -> None:
    path = kept.folder / "voice_data.clause"
    before = path.read_text(encoding="utf-8")
    [found] = in_json("format", "--to", "zh", path)["files"]
    assert "合同" in found["text"]
    assert (found["written"], path.read_text(encoding="utf-8")) == (False, before)


@pytest.mark.parametrize("content", HOSTILE)
@pytest.mark.parametrize("verb", ["decide", "record", "verify", "explain", "register show", "ledger verify"])
def test_unusable_input_is_one_error_in_json(kept: Setting, verb: str, content: bytes) -> None:
    bad = kept.write("bad", content)
    event = kept.write("good", kept.envelope("B", **use()))
    trust = () if verb == "explain" else ("--trust", kept.trust)
    more = (event,) if verb in ("decide", "record") else ()
    data = in_json(*verb.split(), bad, *more, *trust)
    assert data["edition"] == "error 1"
    assert data["message"]
    assert data["help"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("arguments", [("decide",), ("decide", "--closd"), ("audit", "a", "b", "--at", "noon")])
def test_wrong_arguments_are_an_error_in_json_too(arguments: tuple[str, ...], lang: str) -> None:
    data = in_json(*arguments, "--lang", lang)
    assert data["code"] == "usage"
    assert "smartclause" in data["help"]
    assert data["message"].isascii() is (lang == "en")


def test_an_error_is_json_in_the_language_asked_for(kept: Setting) -> None:
    english, chinese = (in_json("check", kept.folder / "none.clause", "--lang", lang) for lang in ("en", "zh"))
    assert (english["code"], chinese["code"]) == ("EV19", "EV19")
    assert not chinese["message"].isascii()
    assert english["message"].isascii()

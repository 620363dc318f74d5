"""How commands end: four exit codes, our own errors in the language asked for, and never a stack trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from smartclause.cli.main import cli
from smartclause.cli.options import PASSPHRASE, default_lang
from smartclause.cli.output import counted
from tests.verbs.samples import HOUR, Setting, use


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    """With the real clock, since the commands use it."""
    import time

    made = Setting(tmp_path)
    made.clock.now = time.time_ns() // 1000 - 10 * HOUR
    made.sign("A", "B", "C")
    return made


def decide(setting: Setting, content: bytes | dict[str, object], *options: object) -> Result:
    event = setting.write("event.json", content)
    return run("decide", setting.path, event, "--trust", setting.trust, "--ledger", setting.ledger, *options)


def test_decide_ends_with_the_decision(setting: Setting) -> None:
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s2"}))
    assert decide(setting, setting.envelope("B", "C", **use())).exit_code == 0
    assert decide(setting, setting.envelope("B", "C", **use(facts={"subject": "s2"}))).exit_code == 1
    undecided = decide(setting, setting.envelope("B", **use()), "--lang", "en")
    assert undecided.exit_code == 3
    assert "found safe" in undecided.stdout


def test_json_is_json(setting: Setting) -> None:
    result = decide(setting, setting.envelope("B", "C", **use()), "--format", "json")
    data = json.loads(result.stdout)
    assert (data["decision"], data["edition"], data["final"]) == ("allowed", "verdict 1", False)


def test_a_what_if_ends_undecided(setting: Setting) -> None:
    assert decide(setting, use(), "--draft").exit_code == 3
    assert decide(setting, setting.envelope("B", "C", **use()), "--at", "2026-05-01T00:00:00Z").exit_code == 3


def test_audit_ends_with_what_it_found(setting: Setting) -> None:
    audit = ("audit", setting.path, setting.ledger, "--trust", setting.trust)
    setting.record(setting.envelope("B", "C", **use()))
    assert run(*audit).exit_code == 3
    assert run(*audit, "--closed").exit_code == 0
    setting.record(setting.envelope("A", type="withdrawal", facts={"subject": "s1"}))
    setting.clock.now += HOUR
    setting.record(setting.envelope("B", "C", **use()))
    report = setting.folder / "report.html"
    assert run(*audit, "--closed", "--html", report, "--lang", "zh").exit_code == 1
    assert "<html" in report.read_text(encoding="utf-8")
    data = json.loads(run(*audit, "--closed", "--format", "json").stdout)
    assert (data["allowed"], data["refused"]) == (1, 1)


def test_check_and_test_end_with_1_where_something_is_wrong(tmp_path: Path) -> None:
    bad = tmp_path / "bad.clause"
    bad.write_text('contract bad version 1.0.0\n  en "Bad".\nB may use.\n')
    assert run("check", bad).exit_code == 1
    assert json.loads(run("check", bad, "--format", "json").stdout)["holds"] is False
    assert run("test", bad).exit_code == 2
    assert run("compile", bad, "-o", tmp_path / "bad.json").exit_code == 2
    assert not (tmp_path / "bad.json").exists()


def test_a_failing_scenario_ends_with_1(setting: Setting) -> None:
    path = setting.folder / "failing.clause"
    text = setting.contract.replace("contract voice_data", "contract failing")
    line = 'at 2026-03-01T09:00 B use_voice with subject = "s".'
    path.write_text(f'{text}\nscenario refused_one en "refused one"\n  {line}\n  then allowed.\n')
    result = run("test", path, "--lang", "en")
    assert result.exit_code == 1
    assert "expected allowed, found undecided" in result.stdout
    assert json.loads(run("test", path, "--format", "json").stdout)["files"][0]["holds"] is False


def test_format_check_ends_with_1_where_the_layout_would_change(setting: Setting) -> None:
    path = setting.folder / "voice_data.clause"
    before = path.read_text()
    assert run("format", "--check", path).exit_code == 1
    assert path.read_text() == before
    assert run("format", path).exit_code == 0
    assert run("format", "--check", path).exit_code == 0
    chinese = run("format", "--to", "zh", path)
    assert chinese.exit_code == 0
    assert "合同" in chinese.stdout


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Setting:
    """Only read from."""
    made = Setting(tmp_path_factory.mktemp("kept"))
    made.sign("A", "B", "C")
    return made


HOSTILE = (
    b"",
    b"\x00",
    b"{",
    b"[]",
    b"[" * 5000,
    b'{"format":"smartclause compiled 1"}',
    b"\xff\xfe",
    b'{"a":1.5}',
    b"null",
)


@pytest.mark.parametrize("content", HOSTILE)
@pytest.mark.parametrize(
    "verb", ["decide", "decide event", "audit", "record", "verify", "compile", "show", "ledger", "trust"]
)
def test_unusable_input_ends_with_2_and_a_help(kept: Setting, verb: str, content: bytes) -> None:
    setting = kept
    bad = setting.write("bad", content)
    good = setting.write("good", setting.envelope("B", **use()))
    trust = ("--trust", setting.trust)
    arguments = {
        "decide": ("decide", bad, good, *trust),
        "decide event": ("decide", setting.path, bad, *trust),
        "audit": ("audit", setting.path, bad, *trust),
        "record": ("record", bad, good, *trust),
        "verify": ("verify", bad, *trust),
        "compile": ("explain", bad),
        "show": ("register", "show", bad, *trust),
        "ledger": ("ledger", "verify", bad, *trust),
        "trust": ("decide", setting.path, good, "--trust", bad),
    }[verb]
    result = run(*arguments, "--lang", "zh")
    if verb == "audit" and content == b"":
        return  # a source without a line is an empty source
    assert result.exit_code == 2, result.output
    assert "办法：" in result.stderr
    assert "Traceback" not in result.output
    assert "VB25" not in result.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("nonsense",), ("decide",), ("decide", "--lang", "fr"), ("ledger", "proof", "x", "y")]
)
def test_wrong_arguments_end_with_2(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("verb", ["check", "test", "explain", "format", "decide", "audit", "verify"])
def test_a_file_that_is_not_there_ends_with_2(kept: Setting, verb: str) -> None:
    setting = kept
    missing = setting.folder / "missing.clause"
    more = {
        "decide": (missing,),
        "audit": (setting.ledger, "--trust", setting.trust),
        "verify": ("--trust", setting.trust),
    }
    result = run(verb, missing, *more.get(verb, ()))
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output


def test_a_passphrase_is_asked_for_and_never_assumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSPHRASE, raising=False)
    result = run("keys", "make", tmp_path / "a.key", "--lang", "en")
    assert result.exit_code == 2
    assert "VB23" in result.stderr
    (tmp_path / "pass").write_text("from a file\n")
    assert run("keys", "make", tmp_path / "a.key", "--passphrase-file", tmp_path / "pass").exit_code == 0


@pytest.mark.parametrize(
    ("environment", "lang"),
    [({"LANG": "zh_CN.UTF-8"}, "zh"), ({"LANG": "de_DE.UTF-8"}, "en"), ({}, "en"),
     ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN"}, "en"), ({"LC_MESSAGES": "zh_TW.UTF-8", "LANG": "en_US"}, "zh")],
)  # fmt: skip
def test_the_language_is_that_of_the_locale(environment: dict[str, str], lang: str) -> None:
    assert default_lang(environment) == lang


def test_signers_are_listed_by_party(setting: Setting) -> None:
    shown = run("verify", setting.path, "--trust", setting.trust, "--lang", "en").stdout
    signers = [line.split()[2] for line in shown.splitlines() if line.startswith("  signed by")]
    assert signers == ["A", "B", "C"]


@pytest.mark.parametrize(("number", "said"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries")])
def test_one_is_singular_and_any_other_number_plural(number: int, said: str) -> None:
    assert counted(number, "entry", "entries") == said
    assert counted(number, "key") == ("1 key" if number == 1 else f"{number} keys")


def test_a_draft_says_that_it_is_one_and_nothing_about_signatures(tmp_path: Path) -> None:
    half = Setting(tmp_path)
    half.sign("A")
    event = half.write("event.json", use())
    plain = run("decide", half.path, event, "--trust", half.trust, "--lang", "en").stdout
    draft = run("decide", half.path, event, "--trust", half.trust, "--draft", "--lang", "en").stdout
    assert "Not all parties have signed" in plain
    assert "Judged as a draft" in draft
    assert "Not all parties have signed" not in draft


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "utf-8:strict"])
def test_a_letter_that_the_screen_lacks_ends_nothing(tmp_path: Path, encoding: str) -> None:
    odd = tmp_path / "\udcff\U0001f600.clause"
    odd.write_text("")
    for form in ("text", "json"):
        done = subprocess.run(
            [sys.executable, "-m", "smartclause", "check", odd, "--lang", "zh", "--format", form],
            env={**os.environ, "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 1
        assert b"VB25" not in done.stderr
        if form == "json":
            [found] = json.loads(done.stdout.decode(encoding.partition(":")[0]))["files"]
            assert found


def test_an_instant_at_the_end_of_the_calendar_is_answered(setting: Setting) -> None:
    found = decide(setting, setting.envelope("B", "C", **use()), "--at", "9999-12-31T23:59:59Z", "--lang", "en")
    assert found.exit_code == 3
    assert "VB25" not in found.output


@pytest.mark.parametrize(("lang", "said"), [("en", "Aborted!"), ("zh", "已中止。")])
def test_who_breaks_off_gets_no_answer(monkeypatch: pytest.MonkeyPatch, lang: str, said: str) -> None:
    def broken_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("smartclause.verbs.check.check", broken_off)
    found = run("check", "any.clause", "--lang", lang)
    assert found.exit_code == 2
    assert found.stderr.strip() == said
    assert found.stdout.strip() == ""


@pytest.mark.parametrize(
    ("lang", "why"), [("en", "the file none.clause cannot be used: there is no such file"), ("zh", "没有该文件")]
)
@pytest.mark.parametrize(
    "verb", [("decide", "e.json"), ("monitor", "e.jsonl", "--draft"), ("compile", "-o", "x"), ("explain",)]
)
def test_a_contract_that_is_not_there_is_named(tmp_path: Path, verb: tuple[str, ...], lang: str, why: str) -> None:
    name, *rest = verb
    done = subprocess.run(
        [sys.executable, "-m", "smartclause", name, str(tmp_path / "none.clause"), *rest, "--lang", lang],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, why in done.stderr, "none.clause" in done.stderr) == (2, True, True), done.stderr

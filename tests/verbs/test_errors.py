"""Every error of the verbs has a case that raises it, wording in two languages, and a line on its page."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from smartclause.cli.main import cli
from smartclause.cli.options import PASSPHRASE
from smartclause.evidence.keys import make_key
from smartclause.logic.record import Event
from smartclause.verbs.bundle import read_bundle, write_bundle
from smartclause.verbs.compile import compiled
from smartclause.verbs.errors import WORDINGS, VerbError, page
from smartclause.verbs.explain import explain
from smartclause.verbs.inputs import read_instant
from smartclause.verbs.matter import Member, _one_person_for_each_name
from smartclause.verbs.plain import qualified, read_plain
from smartclause.verbs.sign import read_signing_file, sign_contract
from tests.verbs.asking import ask
from tests.verbs.samples import Setting, identity, use

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "verb-errors.md"
Case = Callable[[Setting], object]


def _bad_statement(setting: Setting) -> object:
    from tests.verbs.test_fails_closed import test_the_statement_of_another_contract_is_refused as case

    case(setting)
    return ask(setting, use())


def _other_edition(setting: Setting) -> object:
    contract = replace(setting.bundle.contract, edition="meaning 2")
    write_bundle(replace(setting.bundle, contract=contract), setting.path)
    return read_bundle(setting.path)


CASES: dict[str, Case] = {
    "VB01": lambda s: read_bundle(s.write("x", b"{}")),
    "VB02": lambda s: read_bundle(s.write("x", s.path.read_bytes().replace(b"found safe", b"found well"))),
    "VB03": lambda s: compiled(s.write("x.clause", b"contract")),
    "VB04": _bad_statement,
    "VB05": lambda s: ask(s, b"[]"),
    "VB06": lambda _: qualified("use", ("a.use", "b.use"), "type"),
    "VB07": lambda s: ask(s, use(facts={"unheard_of": 1})),
    "VB08": lambda s: ask(s, use(facts={"safe": "yes"})),
    "VB09": lambda s: s.envelope("B", **use(facts={"samples": 0})),
    "VB10": lambda s: ask(s, {k: v for k, v in use().items() if k != "by"}),
    "VB11": lambda s: ask(s, use(), trust=None),
    "VB12": lambda _: read_signing_file(b"{}", "x"),
    "VB16": lambda s: ask(Setting(_folder(s)), s.envelope("B", **use()), contract=s.path, trust=s.trust),
    "VB18": lambda s: ask(s, {"type": "withdrawal", "by": "A", "facts": {"subject": "s1"}}),
    "VB19": lambda s: explain(s.path, "9.9"),
    "VB20": lambda _: read_instant("yesterday"),
    "VB22": lambda s: sign_contract(s.bundle, make_key()),
    "VB27": lambda s: ask(s, s.envelope("A", **use())),
    "VB28": _other_edition,
}
# Raised in the tests of what they guard: corrections,
# registers, other contracts, taken numbers, passphrases, faults of our own.
ELSEWHERE = {
    "VB45",
    "VB13",
    "VB14",
    "VB15",
    "VB17",
    "VB21",
    "VB23",
    "VB24",
    "VB25",
    "VB26",
    "VB29",
    "VB30",
    "VB31",
    "VB32",
    "VB33",
    "VB34",
    "VB35",
    "VB40",
    "VB41",
    "VB46",
    "VB47",  # tests/verbs/test_monitor_lines.py
    "VB48",
    "VB49",
    "VB53",  # tests/verbs/test_monitor.py
    "VB58",
    "VB63",
    "VB50",  # tests/verbs/test_segments.py
    "VB51",
    "VB52",  # tests/verbs/test_decider.py
    "VB54",  # tests/verbs/test_table.py
    "VB55",
    "VB56",
    "VB57",
    "VB59",  # tests/verbs/test_table_spark.py
    "VB60",
    "VB61",
    "VB62",
    "VB64",  # tests/verbs/test_refines.py
    "VB65",
    "VB66",  # tests/cli/test_table_stopped.py
    "VB75",  # tests/verbs/test_audit_engines.py
    "VB67",  # tests/verbs/test_matrix.py
    "VB68",
    "VB69",
    "VB70",  # tests/verbs/test_needs.py
    "VB71",  # tests/verbs/test_csv_acts.py
    "VB72",
}


def _folder(setting: Setting) -> Path:
    made = setting.folder / "other"
    made.mkdir()
    return made


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    return made


@pytest.mark.parametrize("code", sorted(CASES))
def test_each_error_has_a_case(setting: Setting, code: str) -> None:
    with pytest.raises(VerbError) as caught:
        CASES[code](setting)
    assert caught.value.code == code
    assert caught.value.help("zh")


def test_no_code_is_without_a_case() -> None:
    assert set(CASES) | ELSEWHERE == set(WORDINGS)
    assert set(CASES) & ELSEWHERE == set()


def test_one_name_for_two_persons_is_refused(tmp_path: Path) -> None:
    """A key of the other A must not sign or act for this A."""
    first, second = Setting(_made(tmp_path, "1")), Setting(_made(tmp_path, "2"))
    first.sign("A", "B", "C")
    who = second.who()
    other = who.parties[0].model_copy(update={"identity": identity("Another")})
    changed = who.model_copy(update={"parties": (other, *who.parties[1:])})
    bundle = sign_contract(second.bundle, second.keys["A"], changed)

    def member(name: str, setting: Setting, signed: object) -> Member:
        from smartclause.verbs.matter import Known, _member

        return _member(signed, Known(setting.store, None), name, {}, {})  # type: ignore[arg-type]

    with pytest.raises(VerbError, match="VB24"):
        _one_person_for_each_name([member("one", first, first.bundle), member("two", second, bundle)])


def _made(folder: Path, name: str) -> Path:
    (folder / name).mkdir()
    return folder / name


def test_a_fault_of_our_own_ends_without_a_stack_trace(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object, **_options: object) -> Event:
        raise ZeroDivisionError("not foreseen")

    monkeypatch.setattr("smartclause.verbs.explain.explain", broken)
    result = CliRunner().invoke(cli, ["explain", str(setting.path), "--lang", "en"])
    assert result.exit_code == 2
    assert "VB25" in result.stderr
    assert "Traceback" not in result.output


def test_a_folder_in_the_place_of_a_file_ends_with_our_own_error(setting: Setting) -> None:
    result = CliRunner(env={PASSPHRASE: "x"}).invoke(
        cli, ["verify", str(setting.folder), "--trust", str(setting.trust)]
    )
    assert result.exit_code == 2
    assert "Traceback" not in result.output


@pytest.mark.parametrize("code", sorted(WORDINGS))
def test_both_languages_name_the_same_things(code: str) -> None:
    wording = WORDINGS[code]
    names = [{n for _, n, _, _ in string.Formatter().parse(t) if n} for t in (wording.en, wording.zh)]
    assert names[0] == names[1]
    helps = [{n for _, n, _, _ in string.Formatter().parse(t) if n} for t in (wording.help_en, wording.help_zh)]
    assert helps[0] == helps[1]


def test_the_page_lists_every_code() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_a_message_cannot_steer_a_terminal() -> None:
    error = VerbError("VB20", "a\x1b[2Jb", text="c\u202ed")
    assert "\x1b" not in error.text()
    assert "\u202e" not in error.text("zh")


def test_a_short_name_is_expanded_only_where_there_is_one(setting: Setting) -> None:
    act, facts = read_plain(b'{"type":"use_voice","by":"B","facts":{"purpose":"training"}}', setting.bundle.lookup)
    assert (act.type, facts["purpose"]) == ("voice_data.use_voice", "voice_data.training")


def test_a_member_that_does_not_fit_is_named(tmp_path: Path) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    with pytest.raises(VerbError, match="asset: VB05"):
        ask(setting, b'{"type": "use_voice", "by": "B", "asset": "x y", "facts": {}}')

"""The audit of signed records by each engine: the same answer, what it says of who judged, and what it does where an
engine cannot, breaks, or differs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner, Result

from smartclause.cli.main import cli
from smartclause.engines.audit import AuditResult, Outlined
from smartclause.engines.report import html
from smartclause.engines.sql import acts as sql_acts
from smartclause.engines.sql import duty_rows
from smartclause.logic.instances import DutyStatus
from smartclause.logic.truth import Truth
from smartclause.rails.refused import CannotDo
from smartclause.verbs import audit_by_sql, audit_engines
from smartclause.verbs.answers import audit_form
from smartclause.verbs.audit import audit as audit_by
from smartclause.verbs.bundle import read_bundle
from smartclause.verbs.errors import VerbError
from tests.verbs import audits
from tests.verbs.samples import HOUR, Setting, use
from tests.verbs.test_register import BOUND, TRAINING, Licences


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    """Uses of which one is refused and one undecided, an incident answered and two that are not."""
    made = Setting(tmp_path)
    made.sign("A", "B", "C")
    made.record(*(made.envelope(who, type="heartbeat") for who in "ABC"))
    for number, facts in enumerate(({}, {"purpose": "voice_data.advertising"}, {"samples": 900}, {"samples": 900})):
        made.clock.now += HOUR
        made.record(made.envelope("B", "C", **use(facts=facts)))
        made.record(made.envelope("A", type="voice_data.incident", facts={"case_number": f"c{number}"}))
    made.record(made.envelope("B", **use(facts={"subject": "s2"})))
    made.record(made.envelope("B", type="voice_data.notify", by="B", to="A", facts={"case_number": "c0"}))
    return made


def audited(setting: Setting, engine: Any = "duckdb", **options: Any) -> AuditResult:
    given = {"trust": setting.trust, "clock": setting.clock, "engine": engine, "closed": True}
    return audit_by(setting.path, setting.ledger, **given | options)


@pytest.mark.parametrize("later", [0, 30])
@pytest.mark.parametrize("closed", [True, False])
def test_duckdb_tells_what_the_reference_tells(setting: Setting, later: int, closed: bool) -> None:
    at = setting.clock.now + later * HOUR
    found = audits.audit(setting.path, setting.ledger, trust=setting.trust, at=at, closed=closed, clock=setting.clock)
    assert len(found.uses) == 6
    assert len(found.duties) == 4


def test_what_is_asked_of_every_act_needs_no_reference(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = audited(setting, "reference")

    def never(*_: object) -> Any:
        raise AssertionError("explained")

    monkeypatch.setattr("smartclause.verbs.audit.ByReference.judged", never)
    found = audited(setting)
    assert [u.decision for u in found.uses] == [u.decision for u in wanted.uses]
    assert found.missing() == wanted.missing()
    assert [found.states_of(c.id) for _, c in found.lookup.all_clauses()] == [
        wanted.states_of(c.id) for _, c in found.lookup.all_clauses()
    ]
    assert (found.is_clean, found.is_undecided) == (wanted.is_clean, wanted.is_undecided)


def test_under_a_register_each_file_is_told(tmp_path: Path) -> None:
    licences = Licences(tmp_path)
    licences.under("(first or second) and voice_law", voice_law=BOUND)
    for facts in (TRAINING, {**TRAINING, "samples": 101}):
        licences.record(licences.act(facts=facts))
    licences.record(licences.act(asset="others"))
    found = audits.audit(
        licences.first, licences.ledger, trust=licences.trust, register=licences.file,
        members=(licences.second, licences.law), closed=True, clock=licences.clock,
    )  # fmt: skip
    assert [u.decision.value for u in found.uses] == ["allowed", "refused", "undecided"]


def test_files_that_call_the_doer_by_different_names_are_told_each(tmp_path: Path) -> None:
    """The act names a contract that is not in the register: whose it is, each file knows by the key."""
    licences = Licences(tmp_path)
    licences.under("first or second", second={"B": "T"})
    licences.bundle = read_bundle(licences._signed("third", "purpose is in training", "A", "B", "C"))
    licences.record(licences.act(facts=TRAINING))
    found = audits.audit(
        licences.first, licences.ledger, trust=licences.trust, register=licences.file,
        members=(licences.second, licences.law), closed=True, clock=licences.clock,
    )  # fmt: skip
    (use_,) = found.uses
    doers = {name: verdict.party for name, verdict in use_.judged.members}
    assert doers == {"first": "B", "second": "T"}


def _marks(setting: Setting) -> None:
    setting.record(*(setting.envelope(who, type="heartbeat") for who in "ABC"))


def _odd_words(setting: Setting) -> None:
    for word in ("s'1", 's"1', "s\\1", "s;DROP", "NaN"):
        setting.record(setting.envelope("B", "C", **use(facts={"subject": word})))


def _ended(setting: Setting) -> None:
    for what in ("termination", "act"):
        for who in "ABC" if what == "termination" else ("B",):
            setting.record(setting.envelope(who, **({"type": what} if what == "termination" else use())))
        setting.clock.now += HOUR


def _by_others(setting: Setting) -> None:
    setting.record(setting.envelope("C", "B", **use(by="A")), setting.envelope("B", **use(to="A")))


@pytest.mark.parametrize(
    ("fill", "acts"), [(lambda _: None, 0), (_marks, 0), (_odd_words, 5), (_ended, 1), (_by_others, 2)]
)
def test_odd_ledgers_are_told_alike(tmp_path: Path, fill: Any, acts: int) -> None:
    setting = Setting(tmp_path)
    setting.sign("A", "B", "C")
    fill(setting)
    found = audits.audit(setting.path, setting.ledger, trust=setting.trust, closed=True, clock=setting.clock)
    assert len(found.uses) == acts


# ---- what an engine cannot


def test_what_sql_cannot_judge_the_reference_judges_and_it_is_said(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> Any:
        raise CannotDo("a thing", "clause 1")

    wanted = audited(setting, "reference")
    monkeypatch.setattr(audit_by_sql, "acts_in_ledgers", refuses)
    monkeypatch.setattr(audit_by_sql, "duties_by_sql", refuses)
    found = audited(setting)
    assert audits.taken_over(found) == ["voice_data: a thing"]
    audits.same(found, wanted)
    assert "judged by the reference: voice_data: a thing" in html(found, "en")  # words of the note
    assert "a thing" in html(found, "zh")


@pytest.mark.parametrize("fault", [duckdb.OutOfMemoryException("no memory"), OverflowError("too great")])
def test_where_the_database_breaks_the_reference_judges(
    setting: Setting, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def breaks(*_: object, **__: object) -> Any:
        raise fault

    wanted = audited(setting, "reference")
    monkeypatch.setattr(audit_by_sql, "acts_in_ledgers", breaks)
    monkeypatch.setattr(audit_by_sql, "duties_by_sql", breaks)
    found = audited(setting)
    assert audits.taken_over(found) == [f"voice_data: {fault}"]
    audits.same(found, wanted)


# ---- where engines differ nothing is told


def test_a_verdict_that_the_reference_does_not_share_is_never_explained(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def allowing(*given: Any) -> Any:
        return replace(told(*given), truth=Truth.TRUE)

    told = sql_acts._one
    monkeypatch.setattr(sql_acts, "_one", allowing)
    found = audited(setting)
    with pytest.raises(VerbError, match="VB75"):
        audit_form(found)


@pytest.mark.parametrize("name", ["clauses", "reasons"])
def test_states_and_reasons_are_compared_too(setting: Setting, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    empty: Any = {"clauses": {}, "reasons": frozenset()}[name]
    told = sql_acts._one
    monkeypatch.setattr(sql_acts, "_one", lambda *given: replace(told(*given), **{name: empty}))
    with pytest.raises(VerbError, match="VB75"):
        audit_form(audited(setting))


def test_duties_that_hang_are_compared(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    told = duty_rows._Run._told
    monkeypatch.setattr(duty_rows._Run, "_told", lambda *given: replace(told(*given), status=DutyStatus.WAIVED))
    with pytest.raises(VerbError, match="VB75"):
        audited(setting)


def test_an_allowed_act_is_told_without_explanation(setting: Setting) -> None:
    found = audited(setting)
    assert isinstance(found.uses[0].judged, Outlined)
    assert found.uses[0].judged.decision is found.uses[0].judged.overall.decision


# ---- the command


def run(setting: Setting, *options: str) -> Result:
    arguments = ["audit", str(setting.path), str(setting.ledger), "--trust", str(setting.trust), "--closed"]
    return CliRunner().invoke(cli, [*arguments, "--at", "2026-03-04T00:00:00Z", *options])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_prints_the_same_and_who_judged(setting: Setting, lang: str) -> None:
    plain, fast = run(setting, "--lang", lang), run(setting, "--lang", lang, "--engine", "duckdb")
    assert fast.exit_code == plain.exit_code == 1
    told = [line for line in fast.stdout.splitlines() if "DuckDB" in line]
    assert len(told) == 1
    assert [line for line in fast.stdout.splitlines() if line not in told] == plain.stdout.splitlines()


@pytest.mark.parametrize(("many", "engine"), [(13, "duckdb"), (14, "reference")])
def test_where_no_engine_is_named_many_events_are_judged_by_sql(
    setting: Setting, monkeypatch: pytest.MonkeyPatch, many: int, engine: str
) -> None:
    monkeypatch.setattr(audit_engines, "MANY", many)
    result = audited(setting, None)
    assert len(result.uses) + len(result.duties) == 10  # beside three marks
    assert result.engine == engine
    assert ("DuckDB" in run(setting).stdout) is (engine == "duckdb")
    assert json.loads(run(setting, "--format", "json").stdout)["engine"] == "reference"


def test_json_names_the_engine_and_differs_in_nothing_else(setting: Setting) -> None:
    plain, fast = (json.loads(run(setting, "--format", "json", *o).stdout) for o in ((), ("--engine", "duckdb")))
    assert fast["notes"].pop() == {"kind": "judged by SQL", "detail": "DuckDB"}
    assert (plain.pop("engine"), fast.pop("engine")) == ("reference", "duckdb")
    assert plain == fast


def test_the_report_and_what_is_kept_are_the_same(setting: Setting) -> None:
    for name, options in (("a", ()), ("b", ("--engine", "duckdb"))):
        folder = setting.folder / name
        folder.mkdir()
        run(setting, "--html", str(folder / "r.html"), "--keep", str(folder / "kept.json"), *options)
    kept = [json.loads((setting.folder / n / "kept.json").read_bytes()) for n in "ab"]
    assert [k.pop("engine") for k in kept] == ["reference", "duckdb"]
    kept[1]["notes"].pop()
    assert kept[0] == kept[1]


def test_a_ledger_that_is_not_whole_is_refused_before_anything_is_judged(setting: Setting) -> None:
    setting.ledger.write_bytes(setting.ledger.read_bytes()[:20_000])
    plain, fast = run(setting), run(setting, "--engine", "duckdb")
    assert fast.exit_code == plain.exit_code == 2
    assert fast.stderr == plain.stderr

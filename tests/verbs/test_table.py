"""`audit` of tables and `compile --to sql`: what people type, what they get, and what they are told of bad input."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from smartclause.cli.main import cli
from smartclause.verbs.compile_sql import as_sql
from smartclause.verbs.errors import VerbError
from smartclause.verbs.inputs import open_contract
from smartclause.verbs.table import audit_table
from smartclause.verbs.table_lines import is_table
from tests.cli.examples import VOICE

USE = {"type": "use_voice", "by": "B", "asset": "v"}
ROWS: tuple[dict[str, object], ...] = (
    USE | {"time": "2026-03-01T10:00:00Z", "facts": {"purpose": "training", "released": True}},
    USE | {"time": "2026-03-01T11:00:00Z", "facts": {"purpose": "advertising", "released": True}},
    USE | {"time": "2026-03-01T12:00:00Z", "facts": {"released": True}},
    {"type": "incident", "time": "2026-03-01T09:00:00Z", "facts": {"case_number": "c1"}},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "voice.clause").write_text(VOICE, encoding="utf-8")
    (tmp_path / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in ROWS), encoding="utf-8")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], env={"LANG": "C"}, prog_name="smartclause")


def test_lines_of_rows_are_judged_and_counted(folder: Path) -> None:
    result = run("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft", "-o", folder / "told.jsonl")
    assert result.exit_code == 1
    assert "allowed 1 (33.3%)  refused 1 (33.3%)  undecided 1 (33.3%)     3 recorded acts in 4 rows" in result.stdout
    told = [json.loads(line) for line in (folder / "told.jsonl").read_text().splitlines()]
    assert [(t["row"], t["decision"]) for t in told] == [(1, "allowed"), (2, "refused"), (3, "undecided")]
    assert not list(folder.glob(".*.part"))


def test_parquet_says_what_the_same_lines_say(folder: Path) -> None:
    table = {
        "type": ["voice.use_voice"] * 3,
        "time": pa.array([f"2026-03-01T1{n}:00:00" for n in range(3)]).cast(pa.timestamp("us")),
        "by": ["B"] * 3,
        "purpose": ["voice.training", "voice.advertising", None],
        "released": [True] * 3,
    }
    pq.write_table(pa.table(table), folder / "rows.parquet")
    lines = audit_table(folder / "voice.clause", folder / "rows.jsonl", draft=True).figures
    rows = audit_table(folder / "voice.clause", folder / "rows.parquet", draft=True).figures
    assert lines.decisions == rows.decisions
    assert lines.clauses == rows.clauses


def test_the_reasons_and_the_page_are_there_when_asked_for(folder: Path) -> None:
    page = folder / "page.html"
    result = run("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft", "--reasons", "--html", page)
    assert "What is missing" in result.stdout
    assert "nobody has shown “purpose of" in result.stdout
    shown = page.read_text(encoding="utf-8")
    assert "Clause 1.1, allowed use" in shown
    assert '<span class="chip violated">violated <b>1</b></span>' in shown


ALLOWED = ROWS[0]
INCIDENT = ROWS[3]
ANSWER: dict[str, object] = {
    "type": "notify",
    "time": "2026-03-01T20:00:00Z",
    "by": "B",
    "to": "A",
    "facts": {"case_number": "c1"},
}
STANDING = VOICE.replace("clause 2.1 r", "clause 2.2 some_use\n  B must ensure that some use_voice.\nclause 2.1 r")


@pytest.mark.parametrize(
    ("rows", "contract", "at", "end", "told"),
    [
        ((ALLOWED,), VOICE, "2026-04-01T00:00:00Z", 0, "allowed 1"),
        ((ALLOWED, INCIDENT, ANSWER), VOICE, "2026-04-01T00:00:00Z", 0, "fulfilled 1"),
        ((ALLOWED, INCIDENT), VOICE, "2026-03-02T09:00:00Z", 0, "open 1"),
        ((ALLOWED, INCIDENT), VOICE, "2026-03-02T09:00:00.000001Z", 3, "awaiting records 1"),
        ((ALLOWED, INCIDENT), VOICE, "2026-04-01T00:00:00Z", 1, "violated 1"),
        ((ALLOWED, INCIDENT | {"facts": {}}, ANSWER), VOICE, "2026-04-01T00:00:00Z", 3, "unproven 1"),
        ((ALLOWED,), STANDING, "2026-04-01T00:00:00Z", 1, "fulfilled 1  violated 1"),
    ],
)
def test_the_end_says_how_acts_and_duties_stand(
    tmp_path: Path, rows: tuple[dict[str, object], ...], contract: str, at: str, end: int, told: str
) -> None:
    (tmp_path / "voice.clause").write_text(contract, encoding="utf-8")
    (tmp_path / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    result = run("audit", tmp_path / "voice.clause", tmp_path / "rows.jsonl", "--draft", "--at", at)
    assert told in result.stdout
    assert result.exit_code == end


def test_rows_that_nobody_can_judge_are_never_clean(folder: Path) -> None:
    table = {"type": ["voice.use_voice", None], "time": pa.array([1772359200000000] * 2, pa.int64()), "by": ["B", "B"]}
    facts = {"purpose": ["voice.training"] * 2, "released": [True, True]}
    pq.write_table(pa.table(table | facts), folder / "rows.parquet")
    result = run("audit", folder / "voice.clause", folder / "rows.parquet", "--draft")
    assert "! Not judged: 1 row without a type" in result.stdout
    assert result.exit_code == 3


def test_a_source_that_is_not_there_is_named(folder: Path) -> None:
    result = run("audit", folder / "voice.clause", folder / "nowhere", "--draft")
    assert result.exit_code == 2
    assert "nowhere" in result.stderr
    assert "--draft" not in result.stderr


def test_the_duties_stand_in_a_file_beside_the_uses(folder: Path) -> None:
    result = run("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft", "-o", folder / "told.jsonl")
    assert "one row for each duty in told.duties.jsonl" in result.stdout
    (duty,) = [json.loads(line) for line in (folder / "told.duties.jsonl").read_text().splitlines()]
    assert duty == {
        "clause": "voice.2.1", "sentence": 1, "party": "B", "recipient": "A", "keys": {"case_number": "c1"}, "row": 4,
        "start": "2026-03-01T09:00:00Z", "due": "2026-03-02T09:00:00Z", "due_latest": "2026-03-02T09:00:00Z",
        "status": "violated", "since": "2026-03-02T09:00:00Z", "answered_row": None, "answered_at": None,
    }  # fmt: skip


def test_as_of_an_instant_later_rows_are_not_there(folder: Path) -> None:
    then = ("--at", "2026-03-01T10:30:00Z", "--format", "json")
    result = run("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft", *then)
    answer = json.loads(result.stdout)
    assert (answer["rows"], answer["uses"], answer["asked"]) == (2, 1, "2026-03-01T10:30:00Z")
    assert result.exit_code == 0


def test_in_chinese_no_english_sentence_is_left(folder: Path) -> None:
    result = run("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft", "--lang", "zh")
    assert "4行中有3项记录的行为" in result.stdout
    assert not re.search("[a-z]{4}", result.stdout.replace("smartclause", ""))


def test_rows_for_which_nobody_vouches_are_not_judged(folder: Path) -> None:
    result = run("audit", folder / "voice.clause", folder / "rows.jsonl")
    assert result.exit_code == 2
    assert "VB47" in result.stderr


def test_rows_of_an_unsigned_contract_are_undecided_where_only_a_grant_would_allow(folder: Path) -> None:
    figures = audit_table(folder / "voice.clause", folder / "rows.jsonl", attested=True).figures
    assert {d.value: n for d, n in figures.decisions.items()} == {"refused": 1, "undecided": 2}


@pytest.mark.parametrize("option", [("--closed",), ("--keep", "kept.json")])
def test_what_only_a_ledger_has_is_refused(folder: Path, option: tuple[str, ...]) -> None:
    result = run("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft", *option)
    assert result.exit_code == 2
    assert option[0] in result.stderr


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"type": "use_voice"', "VB05"),
        ('{"type": "use_voice", "by": "B", "facts": {}}', "VB10"),
        ('{"type": "use_voice", "time": "noon", "by": "B", "facts": {}}', "VB20"),
        ('{"type": "use_voice", "time": "2026-03-01T10:00:00Z", "by": "B", "facts": {"released": "yes"}}', "VB08"),
        ('{"type": "use_voice", "time": "2026-03-01T10:00:00Z", "by": "B", "facts": {"other": true}}', "VB07"),
    ],
)
def test_a_bad_line_is_told_with_its_number(folder: Path, line: str, code: str) -> None:
    with (folder / "rows.jsonl").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    with pytest.raises(VerbError, match=f"line 5.*{code}"):
        audit_table(folder / "voice.clause", folder / "rows.jsonl", draft=True)


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ({"kind": ["a"]}, "VB55"),
        ({"type": ["voice.use_voice"], "time": ["noon"], "by": ["B"]}, "VB56"),
        ({"type": ["voice.use_voice"], "time": [1], "by": ["B"], "released": ["yes"]}, "VB56"),
    ],
)
def test_a_table_of_another_form_is_told_by_its_column(folder: Path, table: dict[str, list[object]], code: str) -> None:
    pq.write_table(pa.table(table), folder / "bad.parquet")
    with pytest.raises(VerbError, match=code):
        audit_table(folder / "voice.clause", folder / "bad.parquet", draft=True)


def test_a_file_cut_short_is_told(folder: Path) -> None:
    (folder / "bad.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(VerbError, match="VB54"):
        audit_table(folder / "voice.clause", folder / "bad.parquet", draft=True)


def test_signed_envelopes_are_no_table(folder: Path) -> None:
    (folder / "signed.jsonl").write_text('{"payloadType": "x"}\n')
    assert not is_table(folder / "signed.jsonl")
    assert is_table(folder / "rows.jsonl")


def test_the_printed_sql_runs_as_it_stands(folder: Path) -> None:
    text = as_sql(open_contract(folder / "voice.clause"), "duckdb", "uses")
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE uses AS SELECT 0::BIGINT AS row, 'voice.use_voice' AS type, 1772359200000000 AS time,"
            " 'B' AS by, 'voice.training' AS purpose, true AS released, NULL::VARCHAR AS case_number"
        )
        found = connection.execute(next(p for p in text.split(";") if "voice.use_voice" in p)).fetchall()
    assert found[0][:4] == (1, "voice.use_voice", "B", "allowed")


def test_a_name_cannot_leave_its_place_in_the_sql(folder: Path) -> None:
    text = as_sql(open_contract(folder / "voice.clause"), "duckdb", 'uses"; DROP TABLE uses; --')
    assert '"uses""; DROP TABLE uses; --"' in text
    broken = as_sql(open_contract(folder / "voice.clause"), "duckdb", "uses\nDROP TABLE uses")
    assert all(line.startswith("--") for line in broken.splitlines()[:4] if line)


def test_calendar_windows_are_refused_by_name_where_no_table_is_read(folder: Path) -> None:
    windowed = VOICE.replace("and released.", "and some incident within 3 days.")
    (folder / "voice.clause").write_text(windowed, encoding="utf-8")
    with pytest.raises(VerbError, match="VB57"):
        as_sql(open_contract(folder / "voice.clause"))


def test_long_work_tells_how_far_it_has_come(folder: Path) -> None:
    told: list[tuple[int, int]] = []
    table = {
        "type": ["voice.use_voice"] * 200_000,
        "time": pa.array(range(1772359200000000, 1772359200200000), pa.int64()),
        "by": ["B"] * 200_000,
        "purpose": ["voice.training"] * 200_000,
        "released": [True] * 200_000,
    }
    pq.write_table(pa.table(table), folder / "many.parquet")
    words = {"draft": True, "out": folder / "told.jsonl"}
    audit_table(folder / "voice.clause", folder / "many.parquet", progress=lambda *n: told.append(n), **words)  # type: ignore[arg-type]
    assert told == sorted(told)
    assert (0, 300) in told
    assert (200, 300) in told
    told.clear()
    audit_table(folder / "voice.clause", folder / "rows.jsonl", draft=True, progress=lambda *n: told.append(n))
    assert told[0][0] == told[0][1]  # all of its lines are read


def test_an_empty_set_of_concepts_counts_as_not_shown(folder: Path) -> None:
    """Design 2.12: no element could speak against it, and none speaks for it."""
    text = VOICE.replace('purpose of use" is purposes;', 'purpose of use" is set of purposes;')
    (folder / "voice.clause").write_text(text.partition("scenario release")[0], encoding="utf-8")
    cells = [["voice.training"], [], ["voice.advertising"], None]
    table = {
        "type": ["voice.use_voice"] * 4,
        "time": pa.array([f"2026-03-01T1{n}:00:00" for n in range(4)]).cast(pa.timestamp("us")),
        "by": ["B"] * 4,
        "purpose": pa.array(cells, pa.list_(pa.string())),
        "released": [True] * 4,
    }
    pq.write_table(pa.table(table), folder / "rows.parquet")
    result = run("audit", folder / "voice.clause", folder / "rows.parquet", "--draft", "-o", folder / "told.jsonl")
    told = [json.loads(line)["decision"] for line in (folder / "told.jsonl").read_text().splitlines()]
    assert told == ["allowed", "undecided", "refused", "undecided"], result.output


def test_a_set_with_a_member_that_nobody_states_counts_as_not_shown(folder: Path) -> None:
    text = VOICE.replace('purpose of use" is purposes;', 'purpose of use" is set of purposes;')
    (folder / "voice.clause").write_text(text.partition("scenario release")[0], encoding="utf-8")
    cells = [["voice.training"], ["voice.training", None], [None], ["voice.advertising", None]]
    table = {
        "type": ["voice.use_voice"] * 4,
        "time": pa.array([1772359200000000] * 4, pa.int64()),
        "by": ["B"] * 4,
        "purpose": pa.array(cells, pa.list_(pa.string())),
        "released": [True] * 4,
    }
    pq.write_table(pa.table(table), folder / "rows.parquet")
    found = audit_table(folder / "voice.clause", folder / "rows.parquet", draft=True).figures
    assert {d.value: n for d, n in found.decisions.items() if n} == {"allowed": 1, "undecided": 3}


def test_a_row_that_says_not_when_it_was_received_is_listed_and_never_judged(folder: Path) -> None:
    at = [1772359200000000 + n for n in range(3)]
    table = {
        "type": ["voice.incident", "voice.use_voice", "voice.use_voice"],
        "time": pa.array(at, pa.int64()),
        "received": pa.array([None, at[1], None], pa.int64()),
        "by": [None, "B", "B"],
        "purpose": [None, *["voice.training"] * 2],
        "released": [None, True, True],
        "case_number": ["c1", None, None],
    }
    pq.write_table(pa.table(table), folder / "rows.parquet")
    result = run("audit", folder / "voice.clause", folder / "rows.parquet", "--draft")
    assert "! Not judged: 2 rows without a time" in result.stdout
    assert "allowed 1 (100%)" in result.stdout
    assert result.exit_code == 3


def waiver(by: str, **facts: object) -> dict[str, object]:
    return {"type": "waiver", "time": "2026-03-01T12:00:00Z", "by": by, "facts": facts}


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (waiver("A", clause="2.1", case_number="c1"), "waived"),
        (waiver("A", clause="voice.2.1", sentence=1, case_number="c1"), "waived"),
        (waiver("B", clause="2.1", case_number="c1"), "violated"),
        (waiver("A", clause="2.1", case_number="c2"), "violated"),
        (waiver("A", clause="2.1", sentence=2, case_number="c1"), "violated"),
        (waiver("A", clause="2.1"), "unproven"),
        (waiver("A", case_number="c1"), "violated"),
    ],
)
def test_a_line_waives_the_duty_that_it_names_for_its_key(folder: Path, row: dict[str, object], status: str) -> None:
    (folder / "rows.jsonl").write_text("".join(f"{json.dumps(r)}\n" for r in (INCIDENT, row)), encoding="utf-8")
    at = ("--at", "2026-04-01T00:00:00Z", "--format", "json")
    answer = json.loads(run("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft", *at).stdout)
    assert [(s["status"], s["duties"]) for d in answer["duties"] for s in d["statuses"]] == [(status, 1)]
    assert answer["unread"] == []


def test_a_line_of_a_built_in_type_says_nothing_else(folder: Path) -> None:
    row = waiver("A", clause="2.1", reason="none")
    (folder / "rows.jsonl").write_text(json.dumps(row), encoding="utf-8")
    result = run("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft")
    assert result.exit_code == 2
    assert "VB07" in result.stderr


def incidents(folder: Path, *cells: tuple[str, str | None]) -> None:
    """Rows of incidents: at which hour, and the key."""
    table = {
        "type": ["voice.incident"] * len(cells),
        "time": pa.array([f"2026-03-01T{hour}" for hour, _ in cells]).cast(pa.timestamp("us")),
        "by": pa.nulls(len(cells), pa.string()),
        "case_number": pa.array([key for _, key in cells], pa.string()),
    }
    pq.write_table(pa.table(table), folder / "rows.parquet")


def owed(folder: Path, at: str) -> list[tuple[object, object]]:
    out = folder / f"told{at[-4:-1]}.jsonl"
    run("audit", folder / "voice.clause", folder / "rows.parquet", "--draft", "--at", at, "-o", out)
    duties = out.with_name(f"{out.stem}.duties.jsonl").read_text().splitlines()
    return [(d["keys"]["case_number"], d["status"]) for d in map(json.loads, duties)]


def test_a_row_opens_its_duty_at_its_own_instant_and_not_before(folder: Path) -> None:
    incidents(folder, ("09:00:00", "c1"), ("10:00:00", "c2"))
    assert owed(folder, "2026-03-01T10:00:00Z") == [("c1", "open"), ("c2", "open")]
    assert owed(folder, "2026-03-01T09:59:59.999999Z") == [("c1", "open")]


def test_a_duty_whose_key_is_missing_is_never_lost(folder: Path) -> None:
    """Nobody can show that it was answered: it is told, or the row is named as no record; never clean."""
    incidents(folder, ("09:00:00", None))
    result = run("audit", folder / "voice.clause", folder / "rows.parquet", "--draft", "--at", "2026-03-05T00:00:00Z")
    assert result.exit_code != 0, result.output

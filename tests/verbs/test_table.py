"""`audit` of tables and `compile --to sql`: what people type, what they get, and what they are told of bad input."""

from __future__ import annotations

import json
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
    assert "3 uses in 4 rows: allowed 1, refused 1, undecided 1" in result.stdout
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
    assert "open under 1 uses: missing voice.use_voice purpose" in result.stdout
    assert "<td>voice.1.1</td>" in page.read_text(encoding="utf-8")


def test_in_chinese_no_english_sentence_is_left(folder: Path) -> None:
    result = run("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft", "--lang", "zh")
    assert "4行中有3次使用" in result.stdout
    assert "uses" not in result.stdout


def test_rows_for_which_nobody_vouches_are_not_judged(folder: Path) -> None:
    result = run("audit", folder / "voice.clause", folder / "rows.jsonl")
    assert result.exit_code == 2
    assert "VB47" in result.stderr


def test_rows_of_an_unsigned_contract_are_undecided_where_only_a_grant_would_allow(folder: Path) -> None:
    figures = audit_table(folder / "voice.clause", folder / "rows.jsonl", attested=True).figures
    assert {d.value: n for d, n in figures.decisions.items()} == {"refused": 1, "undecided": 2}


@pytest.mark.parametrize("option", [("--closed",), ("--at", "2026-03-01T00:00:00Z")])
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

"""`audit --engine spark`: the same answers as of the embedded database, and what is said where Spark cannot be had."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from smartclause.cli.main import cli
from smartclause.engines.sql.printed import printed
from smartclause.verbs.inputs import open_contract
from smartclause.verbs.table import audit_table
from tests.cli.examples import VOICE
from tests.engines import spark_setting

ROOT = Path(__file__).resolve().parents[2]
POLICY = """\
contract shop version 1.0.0
  zh "店铺" en "Shop"
  authoritative text en.
  in force from 2026-01-01.
  time zone "Asia/Shanghai".
  periods counted by plain.

role provider zh "提供方" en "provider".
role recipient zh "接收方" en "recipient".
party A zh "甲方" en "Provider" as provider.
party B zh "乙方" en "Trainer" as recipient.

concept purposes zh "用途类" en "purposes".
concept training zh "训练用途" en "training purpose" under purposes.
concept tuning zh "微调用途" en "tuning purpose" under training.
concept advertising zh "广告用途" en "advertising purpose" under purposes.
disjoint training, advertising.

occurrence consent zh "同意" en "consent" has
  subject zh "主体编号" en "subject" is identifier;
  fresh zh "有效|无效" en "fresh|not fresh" is fact.
occurrence incident zh "安全事件" en "incident" has
  case_number zh "案号" en "case number" is identifier.
act use zh "使用" en "use" by B has
  subject zh "主体编号" en "subject" is identifier;
  purposes_named zh "所称用途" en "purposes named" is set of purposes;
  share zh "占比" en "share" is percentage;
  price zh "价格" en "price" is money at least CNY 0;
  ends_on zh "截止日" en "last day" is date.
unrestricted act notify zh "通知" en "notify" by B has
  case_number zh "案号" en "case number" is identifier.

clause 1 after_consent zh "同意后使用" en "after consent"
  B may use if latest consent with the same subject has (fresh).
clause 2 purpose zh "用途" en "purpose"
  B may use only if purposes_named is in training.
clause 3 share zh "占比" en "share"
  B must not use if share exceeds 12.5%.
clause 4 count zh "次数" en "count"
  B must not use if number of use with the same subject in the current month exceeds 5 times.
clause 5 spent zh "支出" en "spent"
  B must not use if total of price of use with the same subject within 20 days exceeds CNY 60.
clause 6 last_day zh "截止" en "last day"
  B must not use if ends_on is before 2026-03-05.
clause 7 report zh "报告" en "report"
  When incident occurs, B must notify A within 3 days for the same case_number.
"""
ROWS = 400


def rows(seed: int) -> pa.Table:
    """Few subjects, many uses of one instant, facts missing here and there."""
    chance = random.Random(seed)

    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.85 else None

    start = datetime(2026, 2, 20, tzinfo=UTC)
    kinds = chance.choices(["use", "consent", "incident", "notify"], [6, 2, 1, 1], k=ROWS)
    wide = [("training", "tuning"), ("tuning",), ("training", "advertising"), ("purposes",), ()]
    named = [[*(f"shop.{p}" for p in chance.choice(wide)), *chance.choices([[], [None]], [4, 1])[0]] for _ in kinds]
    return pa.table(
        {
            "type": [f"shop.{k}" for k in kinds],
            "time": pa.array(
                sorted(start + timedelta(minutes=chance.randrange(40_000)) for _ in kinds), pa.timestamp("us", "UTC")
            ),
            "by": ["B" if k in ("use", "notify") else None for k in kinds],
            "to": ["A" if k == "notify" else None for k in kinds],
            "subject": [f"s{chance.randrange(40)}" if k in ("use", "consent") else None for k in kinds],
            "fresh": [maybe(chance.random() < 0.7) if k == "consent" else None for k in kinds],
            "case_number": [f"c{chance.randrange(60)}" if k in ("incident", "notify") else None for k in kinds],
            "purposes_named": pa.array(
                [maybe(n) if k == "use" else None for k, n in zip(kinds, named, strict=True)], pa.list_(pa.string())
            ),
            "share": pa.array(
                [maybe(Decimal(chance.randrange(0, 150)) / 10) if k == "use" else None for k in kinds],
                pa.decimal128(9, 2),
            ),
            "price": pa.array(
                [
                    {"amount": Decimal(chance.randrange(0, 3000)) / 100, "currency": "CNY"} if k == "use" else None
                    for k in kinds
                ],
                pa.struct([("amount", pa.decimal128(12, 2)), ("currency", pa.string())]),
            ),
            "ends_on": pa.array(
                [maybe(datetime(2026, 3, chance.randrange(3, 19)).date()) if k == "use" else None for k in kinds],
                pa.date32(),
            ),
        }
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop.clause").write_text(POLICY, encoding="utf-8")
    (tmp_path / "voice.clause").write_text(VOICE, encoding="utf-8")
    parts = tmp_path / "rows"
    parts.mkdir()
    table = rows(1)
    pq.write_table(table.slice(0, 150), parts / "a.parquet", row_group_size=64)
    pq.write_table(table.slice(150), parts / "b.parquet")
    return tmp_path


def run(*arguments: object, **env: str) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], env={"LANG": "C", **env}, prog_name="smartclause")


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


# ---- the same answers


@pytest.fixture
def spark() -> Any:
    spark_setting.needed()
    return spark_setting.session()


def test_every_use_and_every_duty_is_told_as_by_the_embedded_database(folder: Path, spark: Any) -> None:
    asked = ("audit", folder / "shop.clause", folder / "rows", "--draft", "--format", "json")
    asked = (*asked, "--at", "2026-03-25T00:00:00Z")
    here = run(*asked, "-o", folder / "here.jsonl")
    there = run(*asked, "--engine", "spark", "-o", folder / "there.jsonl")
    assert there.exit_code == here.exit_code == 1, there.output
    assert _but_files(there) == _but_files(here)
    assert lines(folder / "there.jsonl") == lines(folder / "here.jsonl")
    assert lines(folder / "there.duties.jsonl") == lines(folder / "here.duties.jsonl")
    figures = json.loads(here.stdout)
    assert all(figures["decisions"].values())
    assert len({s["status"] for d in figures["duties"] for s in d["statuses"]}) > 1
    assert spark.range(1).count() == 1  # the session of the caller is still his


NEXT = """\
  When incident occurs, B must notify A within 3 days for the same case_number, otherwise B must notify A within 2 days.
clause 8 often zh "经常" en "often"
  B must notify A at least once every 5 days.
clause 9 no_breach zh "未违反" en "no breach"
  B must not use if clause 8 is violated.
"""


def test_duties_of_every_kind_are_followed_on_spark_too(folder: Path, spark: Any) -> None:  # noqa: ARG001
    kept = POLICY.partition("clause 1 after")[0] + 'clause 1 free zh "自由" en "free"\n  B may use.\n'
    text = kept + 'clause 7 report zh "报告" en "report"\n' + NEXT
    (folder / "shop.clause").write_text(text, encoding="utf-8")
    asked = ("audit", folder / "shop.clause", folder / "rows", "--draft", "--reasons", "--format", "json")
    asked = (*asked, "--at", "2026-03-25T00:00:00Z")
    here = run(*asked, "-o", folder / "here.jsonl")
    there = run(*asked, "--engine", "spark", "-o", folder / "there.jsonl")
    assert there.exit_code == here.exit_code == 1, there.output
    assert _but_files(there) == _but_files(here)
    assert lines(folder / "there.jsonl") == lines(folder / "here.jsonl")
    assert lines(folder / "there.duties.jsonl") == lines(folder / "here.duties.jsonl")
    assert len({(d["clause"], d["sentence"]) for d in json.loads(here.stdout)["duties"]}) == 2


def _but_files(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    found["reasons"].sort(key=str)
    return found | {"written": None, "written_duties": None}


def test_lines_of_rows_go_to_spark_too_and_parquet_comes_out(folder: Path, spark: Any) -> None:  # noqa: ARG001
    rows = (
        {
            "type": "use_voice",
            "by": "B",
            "asset": "v",
            "time": "2026-03-01T10:00:00Z",
            "facts": {"purpose": purpose} if purpose else {},
        }
        for purpose in ("training", "advertising", "")
    )
    (folder / "rows.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    asked = ("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft", "--reasons", "--format", "json")
    asked = (*asked, "--at", "2026-03-25T00:00:00Z")
    there = run(*asked, "--engine", "spark", "-o", folder / "there.parquet")
    here = run(*asked, "-o", folder / "here.parquet")
    assert there.exit_code == 1, there.output
    assert _but_files(there) == _but_files(here)
    assert json.loads(there.stdout)["reasons"]
    assert pq.read_table(folder / "there.parquet").to_pylist() == pq.read_table(folder / "here.parquet").to_pylist()
    assert not list(folder.glob(".*.part"))


def test_times_in_nanoseconds_are_refused_by_name(folder: Path, spark: Any) -> None:  # noqa: ARG001
    table = {"type": ["voice.use_voice"], "time": pa.array([1], pa.timestamp("ns")), "by": ["B"]}
    pq.write_table(pa.table(table), folder / "nano.parquet", version="2.6")
    result = run("audit", folder / "voice.clause", folder / "nano.parquet", "--draft", "--engine", "spark")
    assert result.exit_code == 2
    assert "VB56 the column `time` is of type TIMESTAMP_NS" in result.stderr


def test_the_printed_text_runs_in_spark_as_it_stands(folder: Path, spark: Any) -> None:
    """Every statement, on rows in the form that its head asks for."""
    text = VOICE.replace("is fact shown by provider", "is fact")
    (folder / "plain.clause").write_text(text, encoding="utf-8")
    lookup = open_contract(folder / "plain.clause").lookup
    events = {
        "row": pa.array(range(6), pa.int64()),
        "type": ["voice.use_voice"] * 6,
        "time": pa.array([1_772_000_000_000_000 + n for n in range(6)], pa.int64()),
        "by": ["B", "B", "B", "B", "A", None],
        "purpose": ["voice.training", "voice.advertising", None, "voice.training", "voice.training", "elsewhere"],
        "released": [True, True, True, None, True, False],
        "case_number": pa.array([None] * 6, pa.string()),
    }
    table = pa.table(events)
    spark.createDataFrame(table).createOrReplaceTempView("events")
    with duckdb.connect() as connection:
        connection.register("events", table)
        pairs = zip(printed(lookup, "duckdb", "events"), printed(lookup, "spark", "events"), strict=True)
        found = [
            (sorted(connection.execute(d.text).fetchall()), sorted(tuple(r) for r in spark.sql(s.text).collect()))
            for d, s in pairs
        ]
    assert found
    assert any(here for here, _ in found)
    assert all(here == there for here, there in found)


# ---- what is said where it cannot be had


def test_a_machine_without_the_package_is_told_what_to_type(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smartclause.engines.sql.spark_start.find_spec", lambda _: None)
    result = run("audit", folder / "voice.clause", folder / "rows", "--draft", "--engine", "spark")
    assert result.exit_code == 2
    assert "VB59" in result.stderr
    assert "pip install 'smartclause[spark]'" in result.stderr


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the package were there: what is asked next does not need it."""
    monkeypatch.setattr("smartclause.engines.sql.spark_start.find_spec", lambda _: object())


def fake_java(folder: Path, says: str) -> dict[str, str]:
    java = folder / "jre" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho '{says}' >&2\n", encoding="utf-8")
    java.chmod(0o755)
    return {"JAVA_HOME": str(folder / "jre")}


@pytest.mark.usefixtures("packaged")
@pytest.mark.parametrize(
    ("says", "told"),
    [
        ('openjdk version "11.0.2" 2019-01-15', "there is version 11"),
        ('java version "1.8.0_392"', "there is version 8"),
        ("something else", "there is none"),
    ],
)
def test_a_java_that_is_too_old_is_named(folder: Path, says: str, told: str) -> None:
    asked = ("audit", folder / "voice.clause", folder / "rows", "--draft", "--engine", "spark")
    result = run(*asked, **fake_java(folder, says))
    assert result.exit_code == 2
    assert f"VB60 Spark needs Java 17 or newer, and {told}" in result.stderr


@pytest.mark.usefixtures("packaged")
def test_a_machine_without_java_is_told_so_in_chinese(folder: Path) -> None:
    asked = ("audit", folder / "voice.clause", folder / "rows", "--draft", "--engine", "spark", "--lang", "zh")
    result = run(*asked, JAVA_HOME=str(folder))
    assert result.exit_code == 2
    assert "VB60 Spark需要Java 17或更新版本，而未找到Java" in result.stderr


@pytest.mark.usefixtures("packaged")
@pytest.mark.parametrize(
    ("master", "told"), [("foo", "no such master"), ("spark://127.0.0.1:1,127.0.0.1:x", "nothing answers there")]
)
def test_a_master_that_cannot_be_used_is_named_at_once(folder: Path, master: str, told: str) -> None:
    asked = ("audit", folder / "voice.clause", folder / "rows", "--draft", "--engine", "spark")
    java = fake_java(folder, 'openjdk version "21.0.1"')
    for result in (run(*asked, "--master", master, **java), run(*asked, SPARK_MASTER=master, **java)):
        assert result.exit_code == 2
        assert f"VB61 the Spark master `{master}` cannot be used: {told}" in result.stderr


def test_a_java_that_ends_is_told_by_its_last_line_alone(folder: Path) -> None:
    """In a process of its own, as somebody types it: nothing of the log of Spark reaches the terminal."""
    pytest.importorskip("pyspark")
    typed = ["audit", "voice.clause", "rows", "--draft", "--engine", "spark", "--master", "local[1]"]
    program = "from smartclause.cli.main import main; main()"
    env = {**os.environ, "LANG": "C", "PYTHONPATH": str(ROOT), **fake_java(folder, 'openjdk version "17.0.1"')}
    ended = subprocess.run(
        [sys.executable, "-c", program, *typed],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stdout == ""
    first, help_, *rest = ended.stderr.strip().splitlines()
    assert first == 'VB62 Spark ended without an answer: openjdk version "17.0.1"'
    assert help_.startswith("  = help: ")
    assert not rest


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--master", "local[2]"), "--master is for --engine spark"),
        (("--engine", "spark", "--memory", "2GB"), "--memory is for --engine duckdb"),
        (("--engine", "spark", "--state", "kept"), "--state is for --engine duckdb"),
        (("--engine", "flink"), "flink"),
    ],
)
def test_options_that_do_not_go_together_are_refused(folder: Path, options: tuple[str, ...], told: str) -> None:
    result = run("audit", folder / "voice.clause", folder / "rows", "--draft", *options)
    assert result.exit_code == 2
    assert told in result.stderr


def test_a_ledger_is_no_table(folder: Path) -> None:
    (folder / "ledger.db").write_bytes(b"")
    result = run("audit", folder / "voice.clause", folder / "ledger.db", "--master", "local[2]")
    assert result.exit_code == 2
    assert "--master is for --engine spark" in result.stderr


def test_a_table_is_judged_by_no_engine_but_sql(folder: Path) -> None:
    result = run("audit", folder / "voice.clause", folder / "rows", "--draft", "--engine", "reference")
    assert result.exit_code == 2
    assert "a table is judged by SQL" in result.stderr


def test_the_embedded_database_needs_no_spark(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    assert audit_table(folder / "shop.clause", folder / "rows", draft=True).figures.uses

"""Bad tables given to the audit: our own error with its code, or rows rejected, counted and listed. No row of it is
allowed by its fault, none is dropped in silence."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smartclause.engines.sql.table import TableFigures
from smartclause.evidence.errors import EvidenceError
from smartclause.verbs.errors import VerbError
from smartclause.verbs.table import audit_table
from tests.bench import uses
from tests.hostile.test_engines import GOOD

START = datetime(2026, 3, 1, 9, tzinfo=UTC)
COUNT = 5


def table(**changed: Any) -> pa.Table:
    """Five good uses; a value of `changed` is a column, None takes it away."""
    columns: dict[str, Any] = {
        "type": pa.array(["use_policy.use"] * COUNT),
        "time": pa.array([START + timedelta(hours=n) for n in range(COUNT)], pa.timestamp("us", "UTC")),
        "by": pa.array(["B"] * COUNT),
        "asset": pa.array(["d"] * COUNT),
        **{name: pa.array([value] * COUNT) for name, value in GOOD.items()},
    }
    return pa.table({name: value for name, value in {**columns, **changed}.items() if value is not None})


def written(folder: Path, rows: pa.Table, name: str = "rows.parquet") -> Path:
    pq.write_table(rows, folder / name)
    return folder / name


def audited(source: Path, contract: str = "use") -> TableFigures:
    return audit_table(uses.FOLDER / f"{contract}.clause", source, draft=True).figures


def decisions(figures: TableFigures) -> dict[str, int]:
    return {decision.value: count for decision, count in figures.decisions.items() if count}


def test_the_good_table_is_allowed_so_that_what_follows_is_the_fault_of_the_input(tmp_path):
    figures = audited(written(tmp_path, table()))
    assert (figures.rows, figures.uses, decisions(figures), figures.rejected) == (COUNT, COUNT, {"allowed": COUNT}, ())


# ---- columns

WRONG: dict[str, tuple[str, Any]] = {
    "a number as text": ("volume", pa.array(["200"] * COUNT)),
    "a binary number": ("volume", pa.array([200.0] * COUNT)),
    "a number that is none": ("volume", pa.array([float("nan")] * COUNT)),
    "a number without end": ("volume", pa.array([float("-inf")] * COUNT)),
    "a truth as number": ("volume", pa.array([True] * COUNT)),
    "yes as a number": ("consent", pa.array([1] * COUNT)),
    "yes as text": ("consent", pa.array(["yes"] * COUNT)),
    "a concept as a number": ("purpose", pa.array([7] * COUNT)),
    "a concept as a list": ("purpose", pa.array([["use_policy.fine_tuning"]] * COUNT)),
    "a concept as bytes": ("purpose", pa.array([b"use_policy.fine_tuning"] * COUNT)),
    "a fact as a structure": ("consent", pa.array([{"value": True}] * COUNT)),
    "a type as a number": ("type", pa.array([1] * COUNT)),
    "a party as a number": ("by", pa.array([1] * COUNT)),
    "a time as text": ("time", pa.array(["2026-03-01T09:00:00Z"] * COUNT)),
    "a time as a date": ("time", pa.array([START.date()] * COUNT)),
    "a time as a binary number": ("time", pa.array([1.7e15] * COUNT)),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_column_of_another_type_is_refused_by_name_and_never_converted(case, tmp_path):
    name, column = WRONG[case]
    with pytest.raises(VerbError) as found:
        audited(written(tmp_path, table(**{name: column})))
    assert found.value.code == "VB56"
    assert f"`{name}`" in str(found.value)


@pytest.mark.parametrize("name", ["type", "time"])
def test_a_table_without_types_or_times_is_refused(name, tmp_path):
    with pytest.raises(VerbError) as found:
        audited(written(tmp_path, table(**{name: None})))
    assert found.value.code == "VB55"


@pytest.mark.parametrize("name", ["purpose", "licence", "consent", "opted_out", "volume"])
def test_a_fact_without_a_column_is_unknown_in_every_row_and_said(name, tmp_path):
    figures = audited(written(tmp_path, table(**{name: None})))
    assert decisions(figures) == {"undecided": COUNT}
    assert figures.absent == (name,)


def test_a_table_without_doers_allows_nothing(tmp_path):
    figures = audited(written(tmp_path, table(by=None)))
    assert figures.rows == figures.uses == COUNT
    assert "allowed" not in decisions(figures)


def test_a_column_that_is_no_fact_of_the_contract_is_said_and_changes_nothing(tmp_path):
    strange = {"colour": pa.array(["red"] * COUNT), "p0f0": pa.array([1] * COUNT), "verdict": pa.array([2] * COUNT)}
    figures = audited(written(tmp_path, table(**strange)))
    assert decisions(figures) == {"allowed": COUNT}
    assert figures.unread == ("colour", "p0f0", "verdict")


@pytest.mark.parametrize("name", ['a"b', "a;b", "'; DROP VIEW records; --", "用途", " ", "a" * 5_000])
def test_the_name_of_a_column_is_never_read_as_a_command(name, tmp_path):
    figures = audited(written(tmp_path, table(**{name: pa.array([1] * COUNT)})))
    assert decisions(figures) == {"allowed": COUNT}
    assert figures.unread == (name,)


def test_words_of_a_row_are_never_read_as_a_command(tmp_path):
    bad = pa.array(["' OR true --", "use_policy.fine_tuning' --", '"', "\\", "use_policy.fine_tuning"])
    assert decisions(audited(written(tmp_path, table(purpose=bad)))) == {"undecided": 4, "allowed": 1}


# ---- rows


def nulls(kind: pa.DataType) -> pa.Array:
    return pa.nulls(COUNT, kind)


def test_nulls_in_every_fact_leave_every_use_undecided(tmp_path):
    kinds = {name: table().column(name).type for name in GOOD}
    figures = audited(written(tmp_path, table(**{name: nulls(kind) for name, kind in kinds.items()})))
    assert decisions(figures) == {"undecided": COUNT}


def test_rows_of_nothing_but_nulls_are_rejected_counted_and_listed(tmp_path):
    rows = table()
    empty = pa.table({name: nulls(rows.column(name).type) for name in rows.column_names})
    figures = audited(written(tmp_path, pa.concat_tables([rows, empty])))
    assert (figures.rows, decisions(figures)) == (2 * COUNT, {"allowed": COUNT})
    assert figures.uses + sum(each.rows for each in figures.rejected if each.reason == "no type") == figures.rows


@pytest.mark.parametrize("name", ["type", "time"])
def test_a_row_without_type_or_time_is_rejected_counted_and_listed(name, tmp_path):
    rows = table()
    some = pa.array([None if n in (1, 3) else v for n, v in enumerate(rows.column(name).to_pylist())], rows[name].type)
    figures = audited(written(tmp_path, table(**{name: some})))
    assert decisions(figures) == {"allowed": COUNT - 2}
    assert [(each.reason, each.rows) for each in figures.rejected] == [(f"no {name}", 2)]
    assert figures.uses + 2 == figures.rows


def test_a_row_without_a_doer_is_judged_and_not_allowed(tmp_path):
    figures = audited(written(tmp_path, table(by=pa.array(["B", None, "", "X", "B"]))))
    assert figures.uses == COUNT
    assert decisions(figures)["allowed"] == 2


def test_a_type_that_nobody_declares_is_judged_listed_and_not_allowed(tmp_path):
    kinds = pa.array(["use_policy.use", "other.fly", "use", "", "use_policy.use"])
    figures = audited(written(tmp_path, table(type=kinds)))
    assert decisions(figures)["allowed"] == 2
    assert figures.uses + sum(each.rows for each in figures.rejected) == COUNT
    assert "other.fly" in figures.undeclared


@pytest.mark.parametrize("kind", ["supplement", "void", "heartbeat"])
def test_what_only_a_ledger_can_say_is_rejected_counted_and_listed(kind, tmp_path):
    figures = audited(written(tmp_path, table(type=pa.array(["use_policy.use"] * 4 + [kind]))))
    assert decisions(figures) == {"allowed": 4}
    assert [(each.detail, each.rows) for each in figures.rejected] == [(kind, 1)]


@pytest.mark.parametrize("value", [-1, -(2**62), 10_001, 2**62])
def test_an_amount_outside_its_bounds_or_beyond_the_limit_is_not_allowed(value, tmp_path):
    figures = audited(written(tmp_path, table(volume=pa.array([value] * COUNT))))
    assert decisions(figures) == {"undecided" if value < 0 else "refused": COUNT}


def test_decimals_are_exact_at_the_limit(tmp_path):
    amounts = [Decimal("10000"), Decimal("10000.000000001"), Decimal("9999.999999999"), None, Decimal("-0.000000001")]
    figures = audited(written(tmp_path, table(volume=pa.array(amounts, pa.decimal128(20, 9)))))
    assert decisions(figures) == {"allowed": 2, "refused": 1, "undecided": 2}


# ---- time


def test_a_clock_that_runs_backwards_gives_the_answers_of_the_sorted_table(tmp_path):
    back = table().take(list(reversed(range(COUNT))))
    kinds = ["stream_policy.consent", "stream_policy.use"]
    rows = pa.table({
        "type": pa.array([kinds[1], kinds[0], kinds[1]]), "by": pa.array(["B", None, "B"]),
        "time": pa.array([START + timedelta(hours=n) for n in (2, 1, 0)], pa.timestamp("us", "UTC")),
        "asset": pa.array(["d", None, "d"]), "subject": pa.array(["s"] * 3),
        "consent_state": pa.array([None, "stream_policy.given", None]),
    })  # fmt: skip
    assert decisions(audited(written(tmp_path, back))) == {"allowed": COUNT}
    assert decisions(audited(written(tmp_path, rows), "stream")) == {"allowed": 1, "refused": 1}


def test_a_contract_that_is_not_in_force_allows_nothing(tmp_path):
    times = [datetime(2025, 12, 31, 23, 59, 59, 999_999, UTC), datetime(1, 1, 1, tzinfo=UTC), START, START, START]
    figures = audited(written(tmp_path, table(time=pa.array(times, pa.timestamp("us", "UTC")))))
    assert decisions(figures) == {"refused": 2, "allowed": 3}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Shanghai"])
def test_times_of_any_precision_are_instants_of_utc(unit, zone, tmp_path):
    midnight = datetime(2026, 1, 1, tzinfo=UTC)
    times = [midnight - timedelta(seconds=1), midnight, *[START] * 3]
    column = pa.array(times, pa.timestamp("us", "UTC")).cast(pa.timestamp(unit, "UTC")).cast(pa.timestamp(unit, zone))
    assert decisions(audited(written(tmp_path, table(time=column)))) == {"refused": 1, "allowed": 4}


def test_times_beyond_what_a_calendar_holds_are_refused_or_allow_nothing(tmp_path):
    column = pa.array([2**62, -(2**62), 2**55, 0, 1], pa.timestamp("us", "UTC"))
    not_allowed(lambda: audited(written(tmp_path, table(time=column))), but=2)


def not_allowed(audit: Callable[[], TableFigures], but: int) -> None:
    """Our own error, or no more than so many allowed and every row told of."""
    try:
        figures = audit()
    except (VerbError, EvidenceError):
        return
    assert decisions(figures).get("allowed", 0) <= but
    assert figures.uses + sum(each.rows for each in figures.rejected) == figures.rows


# ---- files


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.99])
def test_parquet_that_was_cut_short_is_refused(share, tmp_path):
    path = written(tmp_path, table())
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(VerbError) as found:
        audited(path)
    assert found.value.code == "VB54"


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1PAR1", b"\0" * 1_000, b'{"type":"use_policy.use"}\n'])
def test_what_is_no_parquet_is_refused(content, tmp_path):
    (tmp_path / "rows.parquet").write_bytes(content)
    with pytest.raises(VerbError) as found:
        audited(tmp_path / "rows.parquet")
    assert found.value.code == "VB54"


def test_bytes_changed_within_parquet_end_in_our_error_or_in_a_whole_answer(tmp_path):
    path = written(tmp_path, table())
    content = path.read_bytes()
    for place in range(4, len(content), len(content) // 20):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        not_allowed(lambda: audited(path), but=COUNT)


def test_a_table_without_rows_is_told_as_none(tmp_path):
    figures = audited(written(tmp_path, table().slice(0, 0)))
    assert (figures.rows, figures.uses, decisions(figures)) == (0, 0, {})


def test_a_folder_without_parts_and_parts_of_other_columns_are_refused(tmp_path):
    with pytest.raises(VerbError) as nothing:
        audited(tmp_path)
    written(tmp_path, table(), "a.parquet")
    written(tmp_path, table(volume=pa.array(["200"] * COUNT)), "b.parquet")
    with pytest.raises(VerbError) as other:
        audited(tmp_path)
    assert nothing.value.code == "VB54"
    assert other.value.code in ("VB54", "VB56")


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises((VerbError, EvidenceError)) as found:
        audited(tmp_path / "nowhere.parquet")
    assert found.value.code in ("VB54", "EV19")


# ---- lines of JSON

LINE = {"type": "use_policy.use", "time": "2026-03-01T09:00:00Z", "by": "B", "asset": "d", "facts": GOOD}


def lines(folder: Path, *content: bytes) -> Path:
    (folder / "rows.jsonl").write_bytes(b"".join(each + b"\n" for each in content))
    return folder / "rows.jsonl"


def line(**changed: object) -> bytes:
    return json.dumps({k: v for k, v in {**LINE, **changed}.items() if v != "absent"}).encode()


BAD = {
    "cut off": (line()[:-9], "VB05"),
    "a list": (b"[]", "VB05"),
    "a fact of another type": (line(facts={**GOOD, "consent": "yes"}), "VB08"),
    "a fact of nobody": (line(facts={**GOOD, "colour": "red"}), "VB07"),
    "no time": (line(time="absent"), "VB10"),
    "no type": (line(type="absent"), "VB05"),
    "a time that is none": (line(time="2026-02-30T00:00:00Z"), "VB20"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_line_is_refused_with_its_number(case, tmp_path):
    content, code = BAD[case]
    with pytest.raises(VerbError) as found:
        audited(lines(tmp_path, line(), content, line()))
    assert found.value.code == code
    assert "line 2" in str(found.value)


def test_good_lines_and_a_good_table_have_the_same_answer(tmp_path):
    assert decisions(audited(lines(tmp_path, line(), line(facts={}), line(by="X")))) == {
        "allowed": 1, "undecided": 1, "refused": 1,
    }  # fmt: skip


def test_a_line_of_a_gigabyte_is_refused_in_the_memory_of_a_short_one(tmp_path):
    source = lines(tmp_path, line())
    with source.open("ab") as file:
        file.truncate(2**30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises((EvidenceError, VerbError)):
        audited(source)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024  # KiB

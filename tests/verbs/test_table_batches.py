"""`open_table_audit`: what a platform asks of a contract held ready, and what it is told of bad input."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

import smartclause
from smartclause.verbs.errors import VerbError
from smartclause.verbs.table import audit_table
from tests.cli.examples import VOICE

TIMES = [datetime(2026, 3, 1, hour, tzinfo=UTC) for hour in range(4)]
ROWS = pa.table(
    {
        "type": ["voice.use_voice"] * 3 + ["voice.incident"],
        "time": pa.array(TIMES, pa.timestamp("us", tz="UTC")),
        "by": ["B", "B", "B", None],
        "purpose": ["voice.training", "voice.advertising", None, None],
        "released": [True, True, True, None],
    }
)


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    path = tmp_path / "voice.clause"
    path.write_text(VOICE, encoding="utf-8")
    return path


@pytest.fixture
def held(contract: Path) -> Iterator[smartclause.BatchTableAudit]:
    with smartclause.open_table_audit(contract, draft=True) as found:
        yield found


def test_every_row_of_a_batch_has_its_verdict(held: smartclause.BatchTableAudit) -> None:
    assert held.verdicts(ROWS).to_pylist() == ["allowed", "refused", "undecided", None]
    assert held.verdicts(ROWS.to_batches()[0]).to_pylist() == ["allowed", "refused", "undecided", None]


def test_a_batch_counts_what_the_audit_of_the_same_table_counts(
    held: smartclause.BatchTableAudit, contract: Path, tmp_path: Path
) -> None:
    import pyarrow.parquet as pq

    pq.write_table(ROWS, tmp_path / "rows.parquet")
    found = held.figures(ROWS)
    expected = audit_table(contract, tmp_path / "rows.parquet", draft=True).figures
    assert found.decisions == {d: n for d, n in expected.decisions.items() if n}
    assert {c: dict(states) for c, states in found.clauses.items()} == {
        c: {s: n for s, n in states.items() if n} for c, states in expected.clauses.items()
    }
    assert (found.rows, found.uses) == (expected.rows, expected.uses)


def test_rows_are_judged_only_on_the_word_of_somebody(contract: Path) -> None:
    with pytest.raises(VerbError, match="VB47"):
        smartclause.open_table_audit(contract)


@pytest.mark.parametrize(
    ("batch", "code"),
    [
        (ROWS.drop_columns(["time"]), "VB55"),
        (ROWS.set_column(4, "released", pa.array([1, 1, 1, 1])), "VB56"),
        (ROWS.set_column(0, "type", pa.array(["termination"] * 4)), "VB57"),
        ("no table", "VB54"),
    ],
)
def test_a_batch_that_cannot_be_judged_is_refused(held: smartclause.BatchTableAudit, batch: object, code: str) -> None:
    with pytest.raises(VerbError) as error:
        held.figures(batch)
    assert error.value.code == code

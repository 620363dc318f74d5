"""`audit TABLE --state`: what was found counts only for the same rows, contract and options; else it says why not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from smartclause.logic.counting import Instant, parse_instant
from smartclause.verbs.table import AuditedTable, audit_table
from tests.cli.examples import VOICE
from tests.verbs.test_table import ANSWER, INCIDENT, ROWS, run

NOW = parse_instant("2026-03-01T22:00:00Z")
MORE: tuple[dict[str, object], ...] = (
    ROWS[0] | {"time": "2026-03-01T14:00:00Z"},
    {"type": "notify", "time": "2026-03-01T20:00:00Z", "by": "B", "to": "A", "facts": {"case_number": "c1"}},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "voice.clause").write_text(VOICE, encoding="utf-8")
    lines(tmp_path, ROWS)
    (tmp_path / "parts").mkdir()
    part(tmp_path, "a", ("2026-03-01T10:00:00", "2026-03-01T11:00:00"), (True, False))
    return tmp_path


def lines(folder: Path, rows: Sequence[dict[str, object]], mode: str = "w") -> None:
    with (folder / "rows.jsonl").open(mode, encoding="utf-8") as file:
        file.write("".join(f"{json.dumps(row)}\n" for row in rows))


def part(folder: Path, name: str, times: Sequence[str], released: Sequence[bool]) -> None:
    table = {
        "type": ["voice.use_voice"] * len(times),
        "time": pa.array(list(times)).cast(pa.timestamp("us")),
        "by": ["B"] * len(times),
        "purpose": ["voice.training"] * len(times),
        "released": list(released),
    }
    pq.write_table(pa.table(table), folder / "parts" / f"{name}.parquet")


def audited(folder: Path, source: str, now: Instant = NOW, **more: object) -> AuditedTable:
    asked: dict[str, object] = {"draft": True, "state": folder / "kept", **more}
    return audit_table(folder / "voice.clause", folder / source, clock=lambda: now, **asked)  # type: ignore[arg-type]


def why(found: AuditedTable) -> tuple[str, str, int]:
    assert found.repeated is not None
    return found.repeated.why, found.repeated.detail, found.repeated.judged


def same(found: AuditedTable, other: AuditedTable) -> bool:
    mine, theirs = (
        (
            a.figures.rows, a.figures.uses, {d: n for d, n in a.figures.decisions.items() if n},
            {c: {s: n for s, n in states.items() if n} for c, states in a.figures.clauses.items()},
            {p: {s: n for s, n in counts.items() if n} for p, counts in a.duties.counts.items()},
            sorted(map(repr, a.figures.reasons)), a.figures.rejected, a.figures.absent, a.inputs,
        )
        for a in (found, other)
    )  # fmt: skip
    return mine == theirs


def test_lines_that_were_appended_are_all_that_is_judged(folder: Path) -> None:
    assert why(audited(folder, "rows.jsonl", reasons=True)) == ("first", "", 3)
    lines(folder, MORE, "a")
    found = audited(folder, "rows.jsonl", reasons=True)
    assert why(found) == ("", "", 2)
    assert same(found, audited(folder, "rows.jsonl", reasons=True, state=None))
    assert why(audited(folder, "rows.jsonl", reasons=True)) == ("", "", 0)


def test_a_part_that_came_is_all_that_is_judged_wherever_its_name_stands(folder: Path) -> None:
    out = folder / "told.jsonl"
    audited(folder, "parts", out=out)
    part(folder, "A first", ("2026-03-01T12:00:00",), (True,))
    part(folder, "b", ("2026-03-01T13:00:00", "2026-03-01T09:00:00"), (False, True))
    found = audited(folder, "parts", out=out)
    assert why(found) == ("", "", 3)
    again = out.read_text()
    assert same(found, audited(folder, "parts", out=out, state=None))
    assert out.read_text() == again
    assert [json.loads(line)["row"] for line in again.splitlines()] == [1, 2, 3, 4, 5]


def test_time_that_passes_turns_duties_though_no_row_came(folder: Path) -> None:
    lines(folder, (INCIDENT,))
    found = [audited(folder, "rows.jsonl", parse_instant(f"2026-03-{day:02}T10:00:00Z")) for day in (1, 2, 3, 4)]
    told = [{s.value: n for s, n in f.duties.totals.items() if n} for f in found]
    assert told == [{"open": 1}, {"awaiting records": 1}, {"violated": 1}, {"violated": 1}]
    lines(folder, (ANSWER,), "a")
    late = audited(folder, "rows.jsonl", parse_instant("2026-03-05T10:00:00Z"))
    assert {s.value: n for s, n in late.duties.totals.items() if n} == {"fulfilled": 1}


def test_a_line_that_changed_makes_every_row_be_judged(folder: Path) -> None:
    audited(folder, "rows.jsonl")
    lines(folder, (ROWS[1], *ROWS[1:], *MORE))
    found = audited(folder, "rows.jsonl")
    assert why(found) == ("changed", "rows.jsonl", 5)
    assert same(found, audited(folder, "rows.jsonl", state=None))


def test_a_last_line_that_was_not_at_its_end_is_read_again(folder: Path) -> None:
    (folder / "rows.jsonl").write_text(json.dumps(ROWS[0]))
    audited(folder, "rows.jsonl")
    (folder / "rows.jsonl").write_text(json.dumps(ROWS[0]) + "\n" + json.dumps(ROWS[1]) + "\n")
    found = audited(folder, "rows.jsonl")
    assert found.figures.uses == 2
    assert same(found, audited(folder, "rows.jsonl", state=None))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("contract", "contract"),
        ("option", "settings"),
        ("part changed", "changed"),
        ("part gone", "gone"),
        ("results changed", "results"),
        ("results gone", "results"),
        ("earlier", "earlier"),
        ("damaged", "unreadable"),
        ("of another edition", "unreadable"),
        ("at", "settings"),
    ],
)
def test_what_is_not_as_it_was_makes_every_row_be_judged(folder: Path, change: str, expected: str) -> None:
    out = folder / "told.parquet"
    part(folder, "b", ("2026-03-01T12:00:00",), (True,))
    audited(folder, "parts", out=out)
    now = NOW
    more: dict[str, object] = {}
    state = folder / "kept" / "state.json"
    match change:
        case "contract":
            (folder / "voice.clause").write_text(VOICE.replace("within 24 hours", "within 25 hours"), "utf-8")
        case "option":
            more = {"attested": True}
        case "part changed":
            part(folder, "b", ("2026-03-01T12:00:00",), (False,))
        case "part gone":
            (folder / "parts" / "b.parquet").unlink()
        case "results changed":
            out.write_bytes(out.read_bytes() + b" ")
        case "results gone":
            out.unlink()
        case "earlier":
            now = NOW - 1
        case "damaged":
            state.write_bytes(state.read_bytes()[:-9])
        case "of another edition":
            state.write_text(state.read_text().replace("table state 2", "table state 1"))
        case "at":
            more = {"at": NOW}
    found = audited(folder, "parts", now, out=out, **more)
    assert found.repeated is not None
    assert found.repeated.why == expected
    assert found.repeated.judged == found.figures.uses
    assert same(found, audited(folder, "parts", now, state=None, **more))
    assert audited(folder, "parts", now, out=out, **more).repeated == type(found.repeated)(0)


def test_rows_kept_by_a_run_that_was_killed_go_with_the_next(folder: Path) -> None:
    audited(folder, "rows.jsonl")
    (folder / "kept" / "kept-rows-000009-deadbeef.parquet").write_bytes(b"half")
    (folder / "kept" / "mine.txt").write_text("not of the state")
    (folder / "kept" / "rows-of-mine.parquet").write_bytes(b"not of the state")
    audited(folder, "rows.jsonl")
    kept = sorted(p.name.partition("-0")[0] for p in (folder / "kept").iterdir())
    assert kept == ["kept-rows", "mine.txt", "rows-of-mine.parquet", "state.json"]


@pytest.mark.parametrize("content", ["{\n", "{}\n", '{"type": "use_voice"}\n'])
def test_an_audit_that_is_refused_leaves_no_state(folder: Path, content: str) -> None:
    (folder / "bad.jsonl").write_text(content)
    words = ("audit", folder / "voice.clause", folder / "bad.jsonl", "--draft", "--state", folder / "kept")
    assert run(*words).exit_code == 2
    assert not (folder / "kept").exists()
    audited(folder, "rows.jsonl")
    kept = sorted((folder / "kept").iterdir())
    assert run(*words).exit_code == 2
    assert sorted((folder / "kept").iterdir()) == kept


def test_duties_that_keys_do_not_tell_apart_are_judged_over_all_rows(folder: Path) -> None:
    chained = "for the same case_number, otherwise B must notify A within 9 hours."
    text = VOICE.partition("scenario release")[0].replace("for the same case_number.", chained)
    (folder / "voice.clause").write_text(f"{text}clause 2.2 some_use\n  B must ensure that some use_voice.\n", "utf-8")
    out = folder / "told.jsonl"
    later = parse_instant("2026-03-09T10:00:00Z")
    audited(folder, "rows.jsonl", out=out)
    lines(folder, (*MORE, INCIDENT | {"facts": {"case_number": "c2"}}), "a")
    found = audited(folder, "rows.jsonl", later, out=out)
    assert why(found)[0] == ""
    again = out.with_name("told.duties.jsonl").read_text()
    assert same(found, audited(folder, "rows.jsonl", later, out=out, state=None))
    assert out.with_name("told.duties.jsonl").read_text() == again
    assert {s.value for s in found.duties.totals} >= {"fulfilled", "violated"}


@pytest.mark.parametrize("name", ["told.jsonl", "told.parquet"])
def test_the_first_acts_may_come_after_the_first_audit(folder: Path, name: str) -> None:
    lines(folder, (INCIDENT,))
    assert audited(folder, "rows.jsonl", out=folder / name).figures.uses == 0
    lines(folder, MORE, "a")
    found = audited(folder, "rows.jsonl", out=folder / name)
    assert why(found) == ("", "", 2)
    assert same(found, audited(folder, "rows.jsonl", state=None))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_answer_says_what_was_judged(folder: Path, lang: str) -> None:
    said = {"en": ("for the first time", "judged again: 2 acts"), "zh": ("首次保存状态", "2项行为")}[lang]
    words = ("audit", folder / "voice.clause", folder / "rows.jsonl", "--draft", "--state", folder / "kept")
    assert said[0] in run(*words, "--lang", lang).stdout
    lines(folder, MORE, "a")
    answer = json.loads(run(*words, "--format", "json", "--reasons").stdout)
    assert answer["repeated"] == {"judged": 5, "why": "settings", "detail": ""}
    lines(folder, (ROWS[0] | {"time": "2026-03-01T15:00:00Z"}, ROWS[1]), "a")
    assert said[1] in run(*words, "--reasons", "--lang", lang).stdout


def test_the_state_is_for_tables_only(folder: Path) -> None:
    (folder / "signed.jsonl").write_text('{"payloadType": "x"}\n')
    result = run("audit", folder / "voice.clause", folder / "signed.jsonl", "--state", folder / "kept")
    assert result.exit_code == 2
    assert "--state is for tables of plain rows" in result.stderr

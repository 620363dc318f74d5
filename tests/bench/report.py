"""What was measured, as a table for a terminal, as JSON, and written into the page on performance."""

import json
import platform
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from os import cpu_count
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.timing import Skipped, Timed

Rows = list[Timed | Skipped]

LIBRARIES = (
    "duckdb", "sqlglot", "pyarrow", "polars", "pyspark", "cryptography",
    "cedarpy", "zen-engine", "common-expression-language", "cel-python", "regopy",
)  # fmt: skip
_SHARED = re.compile(r"<!-- measured: (\w+) -->.*?<!-- end -->", re.DOTALL)


def ratio_of(row: Timed, rows: Iterable[Timed | Skipped]) -> float | None:
    """Of one item of this row to one of the row that it is compared with."""
    for other in rows:
        if isinstance(other, Timed) and other.name == row.against:
            return row.each / other.each
    return None


def kept(row: Timed, rows: Iterable[Timed | Skipped]) -> bool | None:
    """Whether the limit is kept; None where there is none."""
    ratio = ratio_of(row, rows)
    return None if not row.limit or ratio is None else ratio <= row.limit


def machine() -> dict[str, Any]:
    return {"processors": cpu_count(), "architecture": platform.machine(), "python": platform.python_version()}


def versions() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


# ---- a terminal


def printed(parts: Mapping[str, Rows]) -> None:
    console = Console(width=190)
    for name, rows in parts.items():
        table = Table(title=f"{name}: Python {platform.python_version()}, medians; ratios inside this run")
        for heading in ("measured", "in all, s", "each, µs", "of one", "ratio", "limit", "kept", "to", "found"):
            left = heading in ("measured", "of one", "to", "found")
            table.add_column(heading, justify="left" if left else "right", overflow="fold")
        for row in rows:
            table.add_row(*_cells(row, rows))
        console.print(table)


def _cells(row: Timed | Skipped, rows: Rows) -> tuple[str, ...]:
    if isinstance(row, Skipped):
        return (row.name, "", "", "", "", "", "", "", f"not measured: {row.reason}")
    ratio, is_kept = ratio_of(row, rows), kept(row, rows)
    return (
        row.name,
        f"{row.seconds:.3f}",
        f"{row.each:.2f}" if row.items > 1 else "",
        row.unit,
        "" if ratio is None else f"{ratio:.2f}",
        f"{row.limit:g}" if row.limit else "",
        {True: "yes", False: "NO", None: ""}[is_kept],
        row.against,
        row.note,
    )


# ---- JSON


def document(parts: Mapping[str, Rows]) -> dict[str, Any]:
    told = {name: [_told(row, rows) for row in rows] for name, rows in parts.items()}
    return {"edition": "measured 1", "machine": machine(), "versions": versions(), "parts": told}


def _told(row: Timed | Skipped, rows: Rows) -> dict[str, Any]:
    if isinstance(row, Skipped):
        return {"name": row.name, "not_measured": row.reason}
    ratio = ratio_of(row, rows)
    told = {
        "name": row.name, "seconds": round(row.seconds, 6), "microseconds_each": round(row.each, 3), "items": row.items,
        "of_one": row.unit, "against": row.against, "ratio": None if ratio is None else round(ratio, 3),
        "limit": row.limit or None, "kept": kept(row, rows), "found": row.note,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in (None, "")}


def as_json(parts: Mapping[str, Rows]) -> str:
    return json.dumps(document(parts), indent=2, ensure_ascii=False)


# ---- the page


def write_into(page: Path, parts: Mapping[str, Rows]) -> None:
    """Tables of the parts measured take the place of those that the page shows; the others stay."""

    def shown(found: re.Match[str]) -> str:
        name = found[1]
        body = _markdown(parts[name]) if name in parts else None
        return found[0] if body is None else f"<!-- measured: {name} -->\n\n{body}\n\n<!-- end -->"

    page.write_text(_SHARED.sub(shown, page.read_text("utf-8")), "utf-8")


def _markdown(rows: Rows) -> str:
    host = machine()
    used = ", ".join(f"{name} {number}" for name, number in versions().items())
    lines = ["| measured | time | ratio | limit | found |", "|---|---|---|---|---|"]
    lines += [_line(row, rows) for row in rows]
    about = f"{host['processors']} processors ({host['architecture']}), Python {host['python']}; {used}."
    return "\n".join([*lines, "", about])


def _line(row: Timed | Skipped, rows: Rows) -> str:
    if isinstance(row, Skipped):
        return f"| {row.name} | | | | not measured: {row.reason} |"
    ratio, is_kept = ratio_of(row, rows), kept(row, rows)
    beside = "" if ratio is None else f"{ratio:.2f} × {row.against}"
    limit = "" if is_kept is None else f"{row.limit:g}, {'kept' if is_kept else '**not kept**'}"
    return f"| {row.name} | {_time(row)} | {beside} | {limit} | {row.note} |"


def _time(row: Timed) -> str:
    if row.items > 1 and row.each < 1_000:
        return f"{row.each:.3g} µs per {row.unit}"
    if row.items > 1:
        return f"{row.each / 1_000:.3g} ms per {row.unit}"
    return f"{row.seconds:.2f} s" if row.seconds >= 1 else f"{row.seconds * 1_000:.0f} ms"

"""What is open under the undecided uses of a table, counted; of duties each reason that the book of duties gave."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from smartclause.engines.sql.gated import GateRows
from smartclause.engines.sql.gates import OF_GATE
from smartclause.engines.sql.profile import DIALECT
from smartclause.engines.sql.reasons import BOTH, reasons_statement, split
from smartclause.engines.sql.statement import Group

GATE_WHYS = "why gates are unknown"
Why = tuple[str, str, str, str]  # kind, type, field, role
_COLUMNS = ("n", "gate", "kind", "type", "field", "role")


def counted_reasons(
    connection: duckdb.DuckDBPyConnection, group: Group, gates: GateRows, here: str = "true"
) -> Iterator[tuple[Why, int]]:
    """In how many uses of a group each is open. `here`: a condition on the number `n` of the use."""
    query = reasons_statement(group)
    if query is None:
        return
    told = f"SELECT n, kind, type, field, role FROM ({query.sql(DIALECT)}) AS open WHERE {here}"
    if gates.whys:
        connection.register(GATE_WHYS, _whys(gates))
        told = _with_gates(told)
    counted = f"SELECT kind, type, field, role, count(*) FROM ({told}) GROUP BY ALL"
    for kind, type_, name, role, count in connection.execute(counted).fetchall():
        said, shown_by = split(kind, role)
        yield (said, type_, name, shown_by), count


def _whys(gates: GateRows) -> pa.Table:
    rows = [
        (n, f"{OF_GATE}{name}", r.kind, r.type, r.field, r.role)
        for (name, (n, _)), why in gates.whys.items()
        for r in why
    ]
    types = [pa.int64(), *[pa.string()] * (len(_COLUMNS) - 1)]
    return pa.table({c: pa.array([row[i] for row in rows], types[i]) for i, c in enumerate(_COLUMNS)})


def _with_gates(told: str) -> str:
    """Each reason once for a use, wherever it came from."""
    role = f"coalesce(nullif(o.role, ''), split_part(o.kind, '{BOTH}', 2))"
    plain = f"SELECT n, split_part(o.kind, '{BOTH}', 1) AS kind, type, field, {role} AS role FROM told o"
    of_gates = (
        f'SELECT o.n, w.kind, w.type, w.field, w.role FROM told o JOIN "{GATE_WHYS}" w ON o.kind = w.gate AND o.n = w.n'
    )
    return f"WITH told AS ({told}) {plain} WHERE NOT starts_with(o.kind, '{OF_GATE}') UNION {of_gates}"

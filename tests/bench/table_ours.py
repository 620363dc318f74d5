"""The audit engine over Parquet: the counts of verdicts and of duties by status that SQL written by hand gives too."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from smartclause.engines.sql.table import Opened, Prepared, TableAudit
from smartclause.engines.sql.table_duties import TableDuties, sketched
from smartclause.language.load import load
from smartclause.logic.contract import Contract
from smartclause.logic.counting import parse_instant
from smartclause.logic.lookup import Lookup
from smartclause.logic.world import build
from tests.bench.uses import FOLDER

AFTER_ALL = parse_instant("2026-12-31T00:00:00Z")
_ACT = re.compile(r"^(?:unrestricted )?act (\w+) (.*) by B has$", re.MULTILINE)
PROPERTIES = {
    "consent": ("clause 1 ", ("use",)),
    "deletion": ("clause 2 ", ("delete",)),
    "notice": ("clause 3 ", ("notify",)),
    "count": ("clause 4 ", ("read",)),
}  # by name: the clause, and the acts that it needs; all others are only recorded


def alone(name: str) -> Contract:
    """The stream's contract with one clause only."""
    clause, acts = PROPERTIES[name]
    text = (FOLDER / "stream.clause").read_text("utf-8")
    head, *clauses = re.split(r"(?m)^(?=clause )", text)
    body = next(each for each in clauses if each.startswith(clause))
    kept = _ACT.sub(lambda act: act[0] if act[1] in acts else f"occurrence {act[1]} {act[2]} has", head)
    loaded = load(kept + body, name=name)
    if loaded.contract is None:
        raise SystemExit(f"the clause {name} alone has errors: {[d.message for d in loaded.diagnostics]}")
    return loaded.contract


def prepared(contract: Contract, path: Path, connection: Any) -> tuple[TableAudit, Prepared]:
    """What the table holds is read, and the contract lowered over it."""
    opened = Opened.parquet(connection, path)
    world = build(Lookup(contract), (), AFTER_ALL, draft=True)
    audit = TableAudit(world, connection, attested=True)
    return audit, audit.prepared(opened)


def verdicts(contract: Contract, path: Path, connection: Any) -> Counter[str]:
    """The whole audit: the digest of the file, what it holds, every act with the state of every clause, counted."""
    audit, ready = prepared(contract, path, connection)
    figures = audit.figures(ready)
    return Counter({decision.value: count for decision, count in figures.decisions.items() if count})


def statuses(contract: Contract, path: Path, connection: Any) -> Counter[str]:
    """How many duties stand how at the last instant of the table."""
    opened = Opened.parquet(connection, path)
    world = build(Lookup(contract), (), AFTER_ALL, draft=True)
    profile = sketched(connection, world.lookup, opened)
    duties = TableDuties(world, connection, profile, AFTER_ALL, attested=True)
    _, last = duties.reach()
    figures = replace(duties, now=last).figures()
    found: Counter[str] = Counter()
    for counts in figures.counts.values():
        found.update({status.value: count for status, count in counts.items() if count})
    return found

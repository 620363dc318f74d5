"""The SQL engine tells of every recorded act what the reference tells: verdict, clauses, leaves and reasons."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given

from smartclause.engines.audit import acts_of
from smartclause.engines.sql.duck import GateRows, Told, acts
from smartclause.engines.sql.gates import Gates
from smartclause.engines.sql.needs import formulas_of
from smartclause.logic.duties import Duties
from smartclause.logic.evaluate import View, judge
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import open_reasons
from smartclause.logic.owed import owed
from smartclause.logic.record import Event
from smartclause.logic.terms import ClauseViolated
from smartclause.logic.truth import Truth
from smartclause.logic.verdict import judge_act
from smartclause.logic.world import Record, World, build
from smartclause.rails.formula import Ground, Leaf, Owed, grounds
from smartclause.rails.lowering import lower_verdict
from tests.logic.builders import NOON
from tests.strategies import Case, Maker, seeds


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        yield found


def world_of(case: Case, signers: str = "A B C") -> World:
    lookup = Lookup(case.contract)
    signed = {m: frozenset(signers.split()) for m in lookup.modules}
    return build(lookup, (*case.records, case.act), NOON, signed=signed)


def reference(world: World, act: Record) -> Told:
    verdict = judge_act(world, act)
    leaves = {
        (n.clause, n.norm.number, part, i): leaf.truth
        for c in verdict.clauses
        for n in c.norms
        for part, found in zip(("applies", "condition", "exception"), n.finding.parts, strict=False)
        for i, leaf in enumerate(found.leaves())
    }
    reasons = frozenset((r.kind, r.field, r.type, r.role) for r in open_reasons(verdict.finding))
    return Told(act.event.id, verdict.truth, {c.clause: c.state for c in verdict.clauses}, leaves, reasons)


def duties_of(world: World) -> GateRows:
    """What the reference says of duties, as the relation that the engine reads it from."""
    lowered = {
        (r.event.type, r.event.by): lower_verdict(world.lookup, r.event.type, r.event.by, world.signed)
        for r in acts_of(world)
    }
    asked = [g for low in lowered.values() for f in formulas_of(low) for g in grounds(f) if _is_gate(g)]
    columns = {g: f"d{n}" for n, g in enumerate(dict.fromkeys(asked))}
    rows: dict[str, list[int | bool]] = {name: [] for name in ("n", "place")}
    for number, record in enumerate(world.records):
        rows["n"].append(number)
        rows["place"].append(1)
        for ground, name in columns.items():
            found = _told(world, record, ground)
            rows.setdefault(f"{name}t", []).append(found is Truth.TRUE)
            rows.setdefault(f"{name}f", []).append(found is Truth.FALSE)
    return GateRows(Gates(columns), pa.table(rows))


def _is_gate(ground: Ground) -> bool:
    return isinstance(ground, Owed) or (isinstance(ground, Leaf) and isinstance(ground.term, ClauseViolated))


def _told(world: World, act: Record, ground: Ground) -> Truth:
    duties = Duties(world, act.position, act.instant)
    if isinstance(ground, Owed):
        doubting = replace(duties, world=world.doubting(act.event.by))
        return owed(doubting, act, world.lookup.modules[ground.module]).truth
    assert isinstance(ground, Leaf)
    view = View(
        world, ground.module, act, ground.party, act.position, act.instant, duties.breaches, ground.favour,
        judged=ground.judged,
    )  # fmt: skip
    return judge(ground.term, view).truth


def agree(world: World, connection: duckdb.DuckDBPyConnection) -> int:
    """How many acts were compared. Reasons of duties come with the duties, and are not compared here."""
    gates = duties_of(world)
    told = {t.event: t for t in acts(world, connection, gates)}
    for act in acts_of(world):
        expected, found = reference(world, act), told.pop(act.event.id)
        assert found.truth is expected.truth
        assert dict(found.leaves) == dict(expected.leaves)
        assert dict(found.clauses) == dict(expected.clauses)
        if not gates.gates.columns:
            assert found.reasons == expected.reasons
    assert not told
    return len(acts_of(world))


def cases(maker: Maker) -> Case:
    if maker.often(0.5):
        return maker.focused_case()
    return maker.case(maker.merged_contract() if maker.often(0.3) else maker.contract())


@given(seeds())
def test_every_recorded_act_is_told_as_the_reference_tells_it(
    connection: duckdb.DuckDBPyConnection, maker: Maker
) -> None:
    agree(world_of(cases(maker)), connection)


@given(seeds())
def test_unsigned_contracts_too(connection: duckdb.DuckDBPyConnection, maker: Maker) -> None:
    agree(world_of(cases(maker), maker.one("", "A", "B")), connection)


def longer(maker: Maker) -> Case:
    """More records of few subjects, so that counts and orders matter, and several at one instant."""
    case = cases(maker)
    more: list[Event] = []
    for n in range(1, 25):
        told = maker.record(n)
        more.append(replace(told, id=f"x{n}", index=100 + n))
    return replace(case, records=(*case.records, *more))


@given(seeds())
def test_longer_histories(connection: duckdb.DuckDBPyConnection, maker: Maker) -> None:
    agree(world_of(longer(maker)), connection)

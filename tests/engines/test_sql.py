"""The SQL engine tells of every recorded act what the reference tells: verdict, clauses, leaves and reasons."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest
from hypothesis import given, settings

from smartclause.engines.audit import acts_of
from smartclause.engines.sql.duck import Told, acts
from smartclause.logic.lookup import Lookup
from smartclause.logic.needs import open_reasons
from smartclause.logic.verdict import judge_act
from smartclause.logic.world import Record, World, build
from tests.logic.builders import NOON
from tests.strategies import Case, Maker, seeds

MODEST = settings(max_examples=max(settings().max_examples // 4, 5))  # a statement takes longer than a judgement


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        found.execute("SET threads = 1")
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


def agree(world: World, connection: duckdb.DuckDBPyConnection) -> None:
    told = {t.event: t for t in acts(world, connection)}
    for act in acts_of(world):
        expected, found = reference(world, act), told.pop(act.event.id)
        assert found.truth is expected.truth
        assert dict(found.leaves) == dict(expected.leaves)
        assert dict(found.clauses) == dict(expected.clauses)
        assert found.reasons == expected.reasons
    assert not told


def cases(maker: Maker) -> Case:
    if maker.often(0.5):
        return maker.focused_case()
    return maker.case(maker.merged_contract() if maker.often(0.3) else maker.contract())


@MODEST
@given(seeds())
def test_every_recorded_act_is_told_as_the_reference_tells_it(
    connection: duckdb.DuckDBPyConnection, maker: Maker
) -> None:
    agree(world_of(cases(maker)), connection)


@MODEST
@given(seeds())
def test_unsigned_contracts_too(connection: duckdb.DuckDBPyConnection, maker: Maker) -> None:
    agree(world_of(cases(maker), maker.one("", "A", "B")), connection)


def longer(maker: Maker) -> Case:
    """More records of few subjects, so that counts and orders matter, and several at one instant."""
    case = cases(maker)
    more = [replace(maker.record(n), id=f"x{n}", index=100 + n) for n in range(1, 25)]
    return replace(case, records=(*case.records, *more))


@MODEST
@given(seeds())
def test_longer_histories(connection: duckdb.DuckDBPyConnection, maker: Maker) -> None:
    agree(world_of(longer(maker)), connection)

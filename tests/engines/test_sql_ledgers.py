"""Several ledgers of one contract in one statement: each is told what it is told alone."""

from collections.abc import Iterator
from dataclasses import replace

import duckdb
import pytest

from smartclause.engines.sql.duck import acts, acts_in, duties, duties_in
from tests.agreement.answers import in_order, owes_of
from tests.agreement.worlds import Case, ledgers_of

SEEDS = (0, 3, 7, 11)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as found:
        found.execute("SET threads = 1")
        yield found


def together(seed: int) -> list[Case]:
    return ledgers_of(seed, 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_ledger_is_told_the_same_beside_others_as_alone(connection: duckdb.DuckDBPyConnection, seed: int) -> None:
    worlds = [c.world() for c in together(seed)]
    assert acts_in(worlds, connection) == [acts(w, connection) for w in worlds]
    at = worlds[0].asked
    beside = [in_order([owes_of(i) for i in owed]) for owed in duties_in(worlds, connection, at)]
    assert beside == [in_order([owes_of(i) for i in duties(w, connection, at)]) for w in worlds]


def test_the_same_ledger_twice_counts_nothing_twice(connection: duckdb.DuckDBPyConnection) -> None:
    world = together(0)[0].world()
    one, other = acts_in([world, world], connection)
    assert one == other == acts(world, connection)


def test_ledgers_with_other_signatures_or_contracts_are_not_read_together(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    world = together(0)[0].world()
    with pytest.raises(ValueError, match="draft"):
        acts_in([world, replace(world, draft=not world.draft)], connection)
    with pytest.raises(ValueError, match="contracts"):
        acts_in([world, replace(together(3)[0].world(), asked=world.asked)], connection)


def test_ledgers_under_different_versions_are_not_read_together(connection: duckdb.DuckDBPyConnection) -> None:
    world = together(0)[0].world()
    with pytest.raises(ValueError, match="versions before"):
        acts_in([world, replace(world, earlier=world)], connection)
    with pytest.raises(ValueError, match="replaced"):
        acts_in([world, replace(world, replaced={"m": 0})], connection)

"""The stored tree: proofs from tiles are those of the definition, wherever the tree ends and however it grew."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.merkle import (
    Frontier,
    append,
    is_consistent,
    is_included,
    over,
    prove_consistency,
    prove_inclusion,
    root_of,
)
from smartclause.evidence.store import TABLES
from smartclause.evidence.tiles import (
    WIDTH,
    GrowingTree,
    ReadTile,
    TileAt,
    reading,
    stored_tree,
    subtrees,
    tile_count,
    tiles_of,
    write_tiles,
)

MOST = WIDTH * WIDTH + 2 * WIDTH + 3
LEAVES = [sha256(n.to_bytes(4)).digest() for n in range(MOST)]
SIZES = st.one_of(
    st.integers(1, 2000), st.sampled_from([WIDTH - 1, WIDTH, WIDTH + 1, WIDTH**2 - 1, WIDTH**2, WIDTH**2 + 1, MOST])
)


def tiles(leaves: Iterable[bytes]) -> dict[TileAt, bytes]:
    tree = GrowingTree()
    tree.add(leaves)
    return tree.settle()


WHOLE = tiles(LEAVES)


def of(stored: dict[TileAt, bytes]) -> ReadTile:
    def read(level: int, number: int) -> bytes:
        if (level, number) not in stored:
            raise EvidenceError("EV17", reason="a part of its tree is missing")
        return stored[level, number]

    return read


@given(SIZES)
def test_tiles_are_cut_as_published_and_counted(size: int) -> None:
    """C2SP tlog-tiles: hash n of level L is the root over the 256^L leaves from n * 256^L."""
    found = tiles(LEAVES[:size])
    assert len(found) == tiles_of(size)
    assert sum(len(t) for (level, _), t in found.items() if level == 0) == 32 * size
    for (level, number), hashes in found.items():
        span = WIDTH**level
        first = number * WIDTH * span
        assert hashes[:32] == root_of(append(Frontier(), LEAVES[first : first + span]))
        assert len(hashes) // 32 == min(WIDTH, (size - first) // span)


@given(SIZES, st.data())
def test_proofs_from_tiles_are_those_of_the_definition(size: int, data: st.DataObject) -> None:
    """Also of a tree that has grown on since: its tiles serve every size before."""
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root = subtrees(of(WHOLE))
    path, growth = prove_inclusion(index, size, root), prove_consistency(old, size, root)
    assert is_included(LEAVES[index], index, size, path, root(0, size))
    assert is_consistent(old, size, growth, root(0, old), root(0, size))
    if size <= 2000:
        assert path == prove_inclusion(index, size, over(LEAVES[:size]))
        assert growth == prove_consistency(old, size, over(LEAVES[:size]))


@given(st.lists(st.integers(0, 700), max_size=4))
def test_a_tree_that_is_stored_and_opened_again_grows_as_if_it_had_never_been_closed(steps: list[int]) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in filter(str.strip, TABLES.split(";")):
        connection.execute(statement)
    frontier, size = Frontier(), 0
    for step in steps:
        tree = stored_tree(frontier, reading(connection))
        tree.add(LEAVES[size : size + step])
        size += step
        write_tiles(connection, tree.settle())
        frontier = tree.frontier
    assert frontier == append(Frontier(), LEAVES[:size])
    stored = {(level, number): h for level, number, h in connection.execute("SELECT level, number, hashes FROM tiles")}
    assert stored == tiles(LEAVES[:size])
    assert tile_count(connection) == tiles_of(size)


def test_a_proof_reads_a_few_tiles_of_each_level_only() -> None:
    read: list[TileAt] = []

    def tile(level: int, number: int) -> bytes:
        read.append((level, number))
        return WHOLE[level, number]

    prove_inclusion(12_345, MOST, subtrees(tile))
    prove_consistency(12_345, MOST, subtrees(tile))
    assert len(read) <= 3 * MOST.bit_length()
    assert len(set(read)) <= 8


def ask_all(stored: dict[TileAt, bytes], sizes: range) -> None:
    root = subtrees(of(stored))
    for size in sizes:
        prove_inclusion(0, size, root)
        prove_consistency(2 * WIDTH - 1, size, root)
        root(WIDTH, size)


@pytest.mark.parametrize("lost", [(0, 1), (1, 0)])
def test_a_missing_or_short_tile_is_named_and_never_read_as_something_else(lost: TileAt) -> None:
    stored, sizes = tiles(LEAVES[: 3 * WIDTH + 5]), range(2 * WIDTH, 3 * WIDTH + 5)
    ask_all(stored, sizes)
    for damaged in (stored | {lost: stored[lost][:-1]}, {at: stored[at] for at in stored if at != lost}):
        with pytest.raises(EvidenceError, match="EV17"):
            ask_all(damaged, sizes)

"""The hashes of a ledger's tree as they are stored: tiles of 256, the layout of C2SP tlog-tiles, beside the frontier.

A hash of tile level L covers 256^L entries, so that a proof reads a few tiles, whatever the size of the ledger.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from functools import lru_cache
from hashlib import sha256

from smartclause.evidence.errors import EvidenceError
from smartclause.evidence.merkle import HASH_SIZE, Frontier, Subtree, append, node_hash, root_of
from smartclause.evidence.store import own_words

HEIGHT = 8  # levels of the binary tree in one tile
WIDTH = 1 << HEIGHT  # hashes in a full tile
_FULL = WIDTH * HASH_SIZE  # bytes

TileAt = tuple[int, int]
"""Level and number of a tile: its first hash is the `number * 256`th of its level."""


class GrowingTree:
    """A tree that is appended to. `changed` holds the tiles that differ from when it was opened or last emptied."""

    def __init__(self, frontier: Frontier | None = None, edge: Iterable[bytes] = ()) -> None:
        """`edge`: the hashes of the last tile of each level that is not full, the lowest level first."""
        start = frontier or Frontier()
        self.size = start.size
        self._roots = list(start.roots)
        self._edge = [bytearray(hashes) for hashes in edge]
        self.changed: dict[TileAt, bytes] = {}

    @property
    def frontier(self) -> Frontier:
        return Frontier(self.size, tuple(self._roots))

    @property
    def root(self) -> bytes:
        return root_of(self.frontier)

    def add(self, leaves: Iterable[bytes]) -> None:
        """Further leaf hashes. As `merkle.append`, with the roots that end a tile kept on the way."""
        roots, size, hashed = self._roots, self.size, sha256
        for leaf in leaves:
            self._store(0, leaf, size)
            node, carry, height = leaf, size, 0
            while carry & 1:
                node = hashed(b"\1" + roots.pop() + node).digest()
                carry >>= 1
                height += 1
                if height & 7 == 0:
                    self._store(height >> 3, node, size >> height)
            roots.append(node)
            size += 1
        self.size = size

    def _store(self, level: int, node: bytes, index: int) -> None:
        """`node` is the `index`th hash of the level. A tile that is full leaves the edge."""
        if level == len(self._edge):
            self._edge.append(bytearray())
        tile = self._edge[level]
        tile += node
        if len(tile) == _FULL:
            self.changed[level, index >> HEIGHT] = bytes(tile)
            tile.clear()

    def settle(self) -> dict[TileAt, bytes]:
        """All tiles that changed, those of the edge included; none counts as changed afterwards."""
        for level, tile in enumerate(self._edge):
            if tile:
                self.changed[level, self.size >> HEIGHT * (level + 1)] = bytes(tile)
        changed, self.changed = self.changed, {}
        return changed


def tiles_of(size: int) -> int:
    """How many tiles a tree of this size has."""
    count = 0
    while size:
        count += -(-size // WIDTH)
        size //= WIDTH
    return count


def edge_of(size: int) -> Iterable[tuple[TileAt, int]]:
    """The last tile of each level with the number of its hashes, 0 where the level ends with a full tile."""
    level = 0
    while size:
        yield (level, size // WIDTH), size % WIDTH
        size //= WIDTH
        level += 1


ReadTile = Callable[[int, int], bytes]
"""The stored hashes of a tile by level and number. Raises EvidenceError EV17 if it is missing."""


def reading(connection: sqlite3.Connection) -> ReadTile:
    @lru_cache(maxsize=64)
    def read(level: int, number: int) -> bytes:
        with own_words():
            query = "SELECT hashes FROM tiles WHERE level = ? AND number = ?"
            found = connection.execute(query, (level, number)).fetchone()
        if found is None or not isinstance(found[0], bytes):
            raise EvidenceError("EV17", reason="a part of its tree is missing")
        return found[0]

    return read


def tile_count(connection: sqlite3.Connection) -> int:
    with own_words():
        return int(connection.execute("SELECT count(*) FROM tiles").fetchone()[0])


def stored_tree(frontier: Frontier, tile: ReadTile) -> GrowingTree:
    """The tree to append to. Raises EvidenceError EV17."""
    return GrowingTree(frontier, [_hashes(tile, at, 0, count) for at, count in edge_of(frontier.size)])


def write_tiles(connection: sqlite3.Connection, tiles: dict[TileAt, bytes]) -> None:
    rows = ((level, number, hashes) for (level, number), hashes in tiles.items())
    connection.executemany("INSERT OR REPLACE INTO tiles VALUES (?, ?, ?)", rows)


def subtrees(tile: ReadTile) -> Subtree:
    """Subtree roots from stored tiles; each reads one tile for each of its complete parts."""

    def root(first: int, end: int) -> bytes:
        parts = []
        while first < end:
            height = min((end - first).bit_length() - 1, _alignment(first))
            parts.append(_complete(tile, height, first >> height))
            first += 1 << height
        joined = parts.pop()
        while parts:
            joined = node_hash(parts.pop(), joined)
        return joined

    return root


def _complete(tile: ReadTile, height: int, index: int) -> bytes:
    """The root over the `index`th run of 2^height leaves."""
    level, within = divmod(height, HEIGHT)
    first = index << within
    hashes = _hashes(tile, (level, first >> HEIGHT), first % WIDTH, 1 << within)
    each = (hashes[n : n + HASH_SIZE] for n in range(0, len(hashes), HASH_SIZE))
    return root_of(append(Frontier(), each))


def _hashes(tile: ReadTile, at: TileAt, first: int, count: int) -> bytes:
    if not count:
        return b""
    stored = tile(*at)[first * HASH_SIZE : (first + count) * HASH_SIZE]
    if len(stored) != count * HASH_SIZE:
        raise EvidenceError("EV17", reason="a part of its tree is missing")
    return stored


def _alignment(first: int) -> int:
    """The height of the largest complete subtree that can begin at this leaf."""
    return (first & -first).bit_length() - 1 if first else 63

"""The tree: published vectors, and the compact form equal to the definition."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartclause.evidence.merkle import (
    EMPTY_ROOT,
    Frontier,
    append,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    over,
    prove_consistency,
    prove_inclusion,
    root_of,
)

VECTORS = Path(__file__).parents[2] / ".." / "shared" / "vectors" / "rfc6962-merkle"


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(by_definition(leaves[:half]), by_definition(leaves[half:]))


def numbered(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % n) for n in range(count)]


def probes(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((VECTORS / "testdata" / folder).rglob("*.json")):
        yield f"{path.parent.name}/{path.name}", json.loads(path.read_text())


def plain(text: str | None) -> bytes:
    return base64.b64decode(text or "")


def hashes(texts: list[str] | None) -> tuple[bytes, ...]:
    return tuple(map(plain, texts or ()))


@pytest.fixture
def published() -> None:
    if not VECTORS.is_dir():
        pytest.skip("the published vectors are not beside this checkout")


@pytest.mark.usefixtures("published")
def test_the_published_hashes_are_ours() -> None:
    wanted = json.loads((VECTORS / "hasher.json").read_text())
    assert EMPTY_ROOT.hex() == wanted["empty_root"]
    assert leaf_hash(b"").hex() == wanted["leaf_of_empty"]
    assert leaf_hash(b"L123456").hex() == wanted["leaf_of_L123456"]
    assert node_hash(b"N123", b"N456").hex() == wanted["node_of_N123_N456"]


@pytest.mark.usefixtures("published")
def test_the_published_inclusion_proofs_are_judged_as_published() -> None:
    wrong = []
    all_probes = list(probes("inclusion"))
    for name, p in all_probes:
        fits = is_included(plain(p["leafHash"]), p["leafIdx"], p["treeSize"], hashes(p["proof"]), plain(p["root"]))
        wrong += [name] if fits == p["wantErr"] else []
    assert (len(all_probes), wrong) == (98, [])


@pytest.mark.usefixtures("published")
def test_the_published_consistency_proofs_are_judged_as_published() -> None:
    wrong = []
    all_probes = list(probes("consistency"))
    for name, p in all_probes:
        fits = is_consistent(p["size1"], p["size2"], hashes(p["proof"]), plain(p["root1"]), plain(p["root2"]))
        wrong += [name] if fits == p["wantErr"] else []
    assert (len(all_probes), wrong) == (98, [])


@given(st.lists(st.binary(max_size=3), max_size=70), st.data())
def test_a_tree_grown_in_groups_has_the_root_of_the_definition(entries: list[bytes], data: st.DataObject) -> None:
    leaves = [leaf_hash(entry) for entry in entries]
    cut = data.draw(st.integers(0, len(leaves)))
    frontier = append(append(Frontier(), leaves[:cut]), leaves[cut:])
    assert (frontier.size, root_of(frontier)) == (len(leaves), by_definition(leaves))


@pytest.mark.parametrize("size", [*range(1, 20), 31, 32, 33])
def test_every_entry_of_small_trees_is_proved_and_no_other(size: int) -> None:
    leaves = numbered(size)
    root = by_definition(leaves)
    for index in range(size):
        proof = prove_inclusion(index, size, over(leaves))
        assert is_included(leaves[index], index, size, proof, root)
        assert not is_included(leaf_hash(b"x"), index, size, proof, root)
        assert not is_included(leaves[index], index, size, (*proof, root), root)
        if proof:
            assert not is_included(leaves[index], index, size, proof[:-1], root)
        for other in set(range(size)) - {index}:
            assert not is_included(leaves[index], other, size, proof, root)


@pytest.mark.parametrize("size", [*range(1, 20), 31, 32, 33])
def test_every_beginning_of_small_trees_is_proved_and_no_other(size: int) -> None:
    leaves = numbered(size)
    root = by_definition(leaves)
    for old in range(1, size + 1):
        proof = prove_consistency(old, size, over(leaves))
        old_root = by_definition(leaves[:old])
        assert is_consistent(old, size, proof, old_root, root)
        assert not is_consistent(old, size, proof, leaf_hash(b"x"), root)
        assert not is_consistent(old, size, (*proof, root), old_root, root)
        if old < size:
            assert not is_consistent(old, size, proof, old_root, leaf_hash(b"x"))
            assert not is_consistent(old, size, proof[:-1], old_root, root)


def test_the_empty_tree_proves_nothing_and_hashes_have_their_size() -> None:
    root = by_definition(numbered(3))
    assert not is_consistent(0, 3, (), EMPTY_ROOT, root)
    assert not is_consistent(0, 0, (), EMPTY_ROOT, EMPTY_ROOT)
    assert not is_included(b"short", 0, 1, (), b"short")
    assert not is_consistent(1, 2, (b"short",), root, root)


def test_impossible_questions_are_refused() -> None:
    leaves = numbered(3)
    for index in (-1, 3):
        with pytest.raises(ValueError, match="not in the tree"):
            prove_inclusion(index, 3, over(leaves))
    for old in (0, 4):
        with pytest.raises(ValueError, match="not a beginning"):
            prove_consistency(old, 3, over(leaves))
    for size, roots in ((1, ()), (-1, ()), (3, (b"x" * 32,)), (1, (b"short",))):
        with pytest.raises(ValueError, match="frontier"):
            Frontier(size, roots)

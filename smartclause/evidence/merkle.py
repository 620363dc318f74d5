"""The RFC 6962 tree: a root for any number of entries, grown one entry at a time, and proofs about it.

A proof that verifies shows that an entry is in a tree, or that one tree only appended to another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256

EMPTY_ROOT = sha256().digest()
HASH_SIZE = 32


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry).digest()  # RFC 6962, 2.1: leaves and nodes cannot stand for each other


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed to append: the roots of the full subtrees, the largest first.

    INVARIANT: there are as many as `size` has binary ones, each for one of them.
    """

    size: int = 0
    roots: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.roots) != self.size.bit_count():
            raise ValueError("the frontier does not fit its size")
        if any(len(root) != HASH_SIZE for root in self.roots):
            raise ValueError("a hash in the frontier does not have 32 bytes")


def append(frontier: Frontier, leaves: Iterable[bytes]) -> Frontier:
    """The frontier after further leaf hashes."""
    roots, size = list(frontier.roots), frontier.size
    for leaf in leaves:
        node, carry = leaf, size
        while carry & 1:
            node = node_hash(roots.pop(), node)
            carry >>= 1
        roots.append(node)
        size += 1
    return Frontier(size, tuple(roots))


def root_of(frontier: Frontier) -> bytes:
    if not frontier.roots:
        return EMPTY_ROOT
    root = frontier.roots[-1]
    for left in reversed(frontier.roots[:-1]):
        root = node_hash(left, root)
    return root


Subtree = Callable[[int, int], bytes]
"""The root over the leaves from a first (included) to an end (excluded)."""


def over(leaves: list[bytes]) -> Subtree:
    """Subtree roots computed from leaf hashes held in memory."""
    return lambda first, end: root_of(append(Frontier(), leaves[first:end]))


def prove_inclusion(index: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """RFC 6962, 2.1.1. Raises ValueError unless 0 <= index < size."""
    if not 0 <= index < size:
        raise ValueError("the entry is not in the tree")
    proof: list[bytes] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _split(end - first)
        if index < middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(first, middle))
            first = middle
    return tuple(reversed(proof))


def prove_consistency(old: int, size: int, subtree: Subtree) -> tuple[bytes, ...]:
    """RFC 6962, 2.1.2. Raises ValueError unless 0 < old <= size."""
    if not 0 < old <= size:
        raise ValueError("the old tree is not a beginning of the tree")
    proof: list[bytes] = []
    first, end = 0, size
    while old != end:
        middle = first + _split(end - first)
        if old <= middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(first, middle))
            first = middle
    if first > 0:  # otherwise the verifier holds this very root
        proof.append(subtree(first, end))
    return tuple(reversed(proof))


def is_included(leaf: bytes, index: int, size: int, proof: tuple[bytes, ...], root: bytes) -> bool:
    """RFC 9162, 2.1.3.2. `leaf` is a leaf hash."""
    if not 0 <= index < size or not _hashes(leaf, root, *proof):
        return False
    at, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = node_hash(sibling, node)
            at, last = _skip(at, last)
        else:
            node = node_hash(node, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def is_consistent(old: int, size: int, proof: tuple[bytes, ...], old_root: bytes, root: bytes) -> bool:
    """RFC 9162, 2.1.4.2. There is no proof from the empty tree: it says nothing about any other."""
    if not 0 < old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    if not _hashes(old_root, root, *proof):
        return False
    path = (old_root, *proof) if old & (old - 1) == 0 else proof
    return bool(path) and _leads_to_both(old, size, path, old_root, root)


def _leads_to_both(old: int, size: int, path: tuple[bytes, ...], old_root: bytes, root: bytes) -> bool:
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            at, last = _skip(at, last)
        else:
            after = node_hash(after, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _skip(at: int, last: int) -> tuple[int, int]:
    """Up through levels where the node has no sibling on its right."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_SIZE for value in values)

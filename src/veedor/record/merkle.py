"""The tree of RFC 6962: roots, inclusion and consistency proofs, made and checked.

A tree of n leaves splits at the largest power of two below n. `Node` is how the makers of proofs ask for the hash of a
whole (perfect) subtree: level 0 is a leaf, level h the subtree of 2^h leaves, number i the i-th of its level.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from veedor.record.verify import NotVerifiedError, leaf_hash, node_hash, root_from_path

__all__ = [
    "EMPTY_ROOT",
    "Node",
    "consistency_proof",
    "inclusion_path",
    "leaf_hash",
    "node_hash",
    "parents",
    "perfect_subtrees",
    "root_from_path",
    "root_of_hashes",
    "root_of_tree",
    "verify_consistency",
]

EMPTY_ROOT = sha256(b"").digest()
Node = Callable[[int, int], bytes]


def parents(level: Sequence[bytes]) -> list[bytes]:
    """The level above: hashes of neighbouring pairs; a last one without neighbour rises unchanged."""
    joined = b"".join(level)
    paired = len(joined) // 64 * 64
    above = [sha256(b"\1" + joined[at : at + 64]).digest() for at in range(0, paired, 64)]
    if paired < len(joined):
        above.append(joined[paired:])
    return above


def root_of_hashes(level: Sequence[bytes]) -> bytes:
    """The root over these hashes as leaves; also over the hashes of equal perfect subtrees."""
    if not level:
        return EMPTY_ROOT
    while len(level) > 1:
        level = parents(level)
    return level[0]


def perfect_subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """The perfect subtrees (level, number) that leaves start to end - 1 of a tree fall into, from left to right.

    start is a multiple of the largest power of two below end - start, as it is for every subtree of RFC 6962.
    """
    parts = []
    while start < end:
        level = (end - start).bit_length() - 1
        parts.append((level, start >> level))
        start += 1 << level
    return parts


def range_hash(start: int, end: int, node: Node) -> bytes:
    """Hash of the subtree over leaves start to end - 1."""
    *left, (level, number) = perfect_subtrees(start, end)
    here = node(level, number)
    for level, number in reversed(left):
        here = node_hash(node(level, number), here)
    return here


def root_of_tree(size: int, node: Node) -> bytes:
    """Root of the tree of this size."""
    return range_hash(0, size, node) if size else EMPTY_ROOT


def inclusion_path(index: int, size: int, node: Node) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962, section 2.1.1: the hashes beside the way up, the leaf's sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"entry {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if index < middle:
            path.append(range_hash(middle, end, node))
            end = middle
        else:
            path.append(range_hash(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 6962, section 2.1.2: that the tree of size old is how the tree of size new began."""
    if not 0 <= old <= new:
        raise ValueError(f"no proof from {old} to {new} entries: a log only grows")
    if old in (0, new):
        return []
    proof: list[bytes] = []
    start, end = 0, new
    while old != end:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if old <= middle:
            proof.append(range_hash(middle, end, node))
            end = middle
        else:
            proof.append(range_hash(start, middle, node))
            start = middle
    if start:
        proof.append(range_hash(start, end, node))
    return proof[::-1]


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Iterable[bytes]) -> None:
    """RFC 9162, section 2.1.4.2: raise NotVerifiedError unless the tree of old_root is how the tree of new_root began.

    From size 0 and between equal sizes the proof is empty.
    """
    hashes = list(proof)
    if not 0 <= old <= new or len(old_root) != 32 or len(new_root) != 32 or any(len(item) != 32 for item in hashes):
        raise NotVerifiedError(f"no proof can lead from {old} to {new} entries, or a hash is not 32 bytes")
    if old in (0, new):
        expected = EMPTY_ROOT if old == 0 else new_root
        if hashes or old_root != expected or (new == 0 and new_root != EMPTY_ROOT):
            raise NotVerifiedError(
                f"from {old} to {new} entries the proof is empty and the older root follows: not so here"
            )
        return
    if old & (old - 1) == 0:  # an old tree that is perfect stands whole in the new one: its root opens the proof
        hashes.insert(0, old_root)
    if not hashes:
        raise NotVerifiedError("the proof is empty")
    node, last = old - 1, new - 1
    while node % 2:
        node, last = node // 2, last // 2
    before = after = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            raise NotVerifiedError("the proof has more hashes than the tree has levels")
        if node % 2 or node == last:
            before, after = node_hash(beside, before), node_hash(beside, after)
            while node and node % 2 == 0:
                node, last = node // 2, last // 2
        else:
            after = node_hash(after, beside)
        node, last = node // 2, last // 2
    if last != 0:
        raise NotVerifiedError("the proof has fewer hashes than the tree has levels")
    if before != old_root:
        raise NotVerifiedError(f"the tree of {old} entries was another one: the proof does not give its root")
    if after != new_root:
        raise NotVerifiedError(f"the tree of {new} entries is another one: the proof does not give its root")

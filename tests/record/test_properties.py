"""What holds for every tree, proof, note, tile and policy; and that no bytes from elsewhere crash anything."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.record.world import (
    LOG_KEY,
    LOG_KEY_PQ,
    ORIGIN,
    WITNESSES,
    entries,
    log_at,
    node_of,
    policy_text,
    receipt_of,
    request,
    signed,
)
from veedor.ledger.ledger import Ledger
from veedor.record.keys import SigningKey, format_private_key, load_key, new_key, parse_private_key
from veedor.record.merkle import (
    consistency_proof,
    inclusion_path,
    leaf_hash,
    root_from_path,
    root_of_tree,
    verify_consistency,
)
from veedor.record.reader import node_reader
from veedor.record.service.witness import format_request, parse_request
from veedor.record.source import Folder
from veedor.record.tiles import ENTRIES, Tile, pack_entries, parse_tile_path, unpack_entries, unpack_hashes
from veedor.record.verify import (
    COSIGNATURE,
    ED25519,
    ML_DSA_44,
    Checkpoint,
    Key,
    Note,
    Receipt,
    RecordError,
    Signature,
    parse_checkpoint,
    parse_key,
    parse_note,
    parse_policy,
    parse_receipt,
    parse_signatures,
    verify_note,
    verify_receipt,
)

MADE = entries(600)
NODE = node_of(MADE)


def tree_hash(part: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, word for word."""
    if len(part) <= 1:
        return sha256(b"\0" + part[0]).digest() if part else sha256(b"").digest()
    split = 1
    while split * 2 < len(part):
        split *= 2
    return sha256(b"\1" + tree_hash(part[:split]) + tree_hash(part[split:])).digest()


def path_by_the_rfc(index: int, part: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 6962, section 2.1.1, word for word."""
    if len(part) == 1:
        return []
    split = 1
    while split * 2 < len(part):
        split *= 2
    if index < split:
        return [*path_by_the_rfc(index, part[:split]), tree_hash(part[split:])]
    return [*path_by_the_rfc(index - split, part[split:]), tree_hash(part[:split])]


def proof_by_the_rfc(old: int, part: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, section 2.1.2, word for word."""
    if old == len(part):
        return [] if whole else [tree_hash(part)]
    split = 1
    while split * 2 < len(part):
        split *= 2
    if old <= split:
        return [*proof_by_the_rfc(old, part[:split], whole), tree_hash(part[split:])]
    return [*proof_by_the_rfc(old - split, part[split:], False), tree_hash(part[:split])]


@pytest.mark.slow
@given(st.integers(0, 600))
def test_roots_are_those_of_the_rfc(size: int) -> None:
    assert root_of_tree(size, NODE) == tree_hash(MADE[:size])


def leads_to(root: bytes, index: int, size: int, entry: bytes, path: list[bytes]) -> bool:
    try:
        return root_from_path(index, size, leaf_hash(entry), path) == root
    except RecordError:
        return False


@pytest.mark.slow
@given(st.data())
def test_inclusion(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 600))
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_path(index, size, NODE)
    assert path == path_by_the_rfc(index, MADE[:size])
    root = tree_hash(MADE[:size])
    assert root_from_path(index, size, leaf_hash(MADE[index]), path) == root
    other = data.draw(st.integers(0, size - 1).filter(lambda number: number != index)) if size > 1 else size
    assert not leads_to(root, other, size, MADE[index], path)


@pytest.mark.slow
@given(st.data())
def test_consistency(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 600))
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, NODE)
    assert proof == proof_by_the_rfc(old, MADE[:new])
    roots = tree_hash(MADE[:old]), tree_hash(MADE[:new])
    verify_consistency(old, new, *roots, proof)
    forged = [*MADE[: old - 1], b"forged", *MADE[old:]]
    with pytest.raises(RecordError):
        verify_consistency(old, new, roots[0], tree_hash(forged[:new]), consistency_proof(old, new, node_of(forged)))
    for wrong in ([*proof, bytes(32)], proof[:-1] if proof else [bytes(32)]):
        with pytest.raises(RecordError):
            verify_consistency(old, new, *roots, wrong)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return log_at(tmp_path_factory.mktemp("log") / "log", MADE)


@pytest.mark.slow
@given(st.integers(0, 599), st.integers(1, 600))
def test_proofs_from_tiles_are_those_from_the_entries(log: Path, index: int, old: int) -> None:
    node = node_reader(Folder(log), 600)
    assert inclusion_path(index, 600, node) == inclusion_path(index, 600, NODE)
    assert consistency_proof(old, 600, node) == consistency_proof(old, 600, NODE)


# Every flipped bit fails.


def flipped(data: bytes, bit: int) -> bytes:
    return data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :]


@pytest.mark.slow
def test_every_flipped_bit_of_a_receipt_fails() -> None:
    policy = parse_policy(f"log {LOG_KEY.public}\nwitness oea {WITNESSES['oea'].public}\nquorum oea\n".encode())
    note = str(signed(MADE[:13], LOG_KEY, WITNESSES["oea"])).encode()
    path = tuple(inclusion_path(9, 13, NODE))
    receipt = bytes(Receipt(index=9, path=path, checkpoint=note, extra=MADE[9]))
    assert verify_receipt(receipt, policy).entry == MADE[9]
    for bit in range(8 * len(receipt)):
        with pytest.raises(RecordError):
            verify_receipt(flipped(receipt, bit), policy)


@pytest.mark.slow
@given(st.data())
@settings(max_examples=150)
def test_every_flipped_bit_of_a_receipt_with_post_quantum_cosignatures_fails(data: st.DataObject) -> None:
    policy = parse_policy(policy_text())
    receipt = receipt_of(MADE[:13], 4)
    verify_receipt(receipt, policy)
    with pytest.raises(RecordError):
        verify_receipt(flipped(receipt, data.draw(st.integers(0, 8 * len(receipt) - 1))), policy)


@pytest.mark.slow
@pytest.mark.parametrize("key", [LOG_KEY, LOG_KEY_PQ, *WITNESSES.values()], ids=lambda key: f"{key.name}-{key.type}")
def test_flipped_bits_of_a_note_fail(key: Any) -> None:
    note = str(signed(MADE[:5], key)).encode()
    verify_note(parse_note(note), [key.public])
    for bit in range(0, 8 * len(note), 1 if len(note) < 1000 else 37):
        with pytest.raises(RecordError):
            verify_note(parse_note(flipped(note, bit)), [key.public])


@pytest.mark.slow
@given(st.data())
@settings(max_examples=60)
def test_every_flipped_bit_of_a_tile_fails(log: Path, data: st.DataObject) -> None:
    """A proof made from an altered tile does not lead to the root; which file was altered is in test_log."""
    tile = data.draw(st.sampled_from(["tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"]))
    sound = (log / tile).read_bytes()
    try:
        (log / tile).write_bytes(flipped(sound, data.draw(st.integers(0, 8 * len(sound) - 1))))
        node = node_reader(Folder(log), 600)
        used = range(600) if tile.startswith("tile/0") else (0,)
        first = {"tile/0/001": 256, "tile/0/002.p/88": 512}.get(tile, 0)
        roots = [
            root_from_path(index, 600, leaf_hash(MADE[index]), inclusion_path(index, 600, node))
            for index in used
            if first <= index < first + 4
        ]
        if tile.startswith("tile/1"):
            roots.append(root_from_path(599, 600, leaf_hash(MADE[599]), inclusion_path(599, 600, node)))
    finally:
        (log / tile).write_bytes(sound)
    assert any(root != root_of_tree(600, NODE) for root in roots)


# Parsing and formatting are inverses.

hashes = st.binary(min_size=32, max_size=32)
sizes = st.integers(0, 2**63 - 1)
line = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1)
names = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], blacklist_characters="+"), min_size=1
)
signatures = st.builds(
    Signature, name=names, key_id=st.binary(min_size=4, max_size=4), value=st.binary(min_size=1, max_size=90)
)
checkpoints = st.builds(
    Checkpoint, origin=line, size=sizes, root=hashes, extensions=st.lists(line, max_size=2).map(tuple)
)
notes = st.builds(
    Note,
    text=st.lists(st.one_of(line, st.just("")), min_size=1).map(lambda lines: "".join(part + "\n" for part in lines)),
    signatures=st.lists(signatures, min_size=1, max_size=4).map(tuple),
)
keys = st.one_of(
    st.builds(
        lambda name, key_type, seed: SigningKey(name=name, type=key_type, seed=seed).public,
        names,
        st.sampled_from([ED25519, COSIGNATURE]),
        hashes,
    ),
    st.builds(Key, name=names, type=st.just(ML_DSA_44), public=st.binary(min_size=1312, max_size=1312)),
)


@pytest.mark.slow
@given(notes)
def test_notes(note: Note) -> None:
    assert parse_note(str(note).encode()) == note


@given(checkpoints)
def test_checkpoints(checkpoint: Checkpoint) -> None:
    assert parse_checkpoint(str(checkpoint)) == checkpoint


@given(keys)
def test_keys(key: Key) -> None:
    assert parse_key(str(key)) == key


@given(sizes, st.lists(hashes, max_size=63), st.binary(max_size=200), st.one_of(st.none(), st.binary(max_size=99)))
def test_receipts(index: int, path: list[bytes], checkpoint: bytes, extra: bytes | None) -> None:
    receipt = Receipt(index=index, path=tuple(path), checkpoint=checkpoint, extra=extra)
    assert parse_receipt(bytes(receipt)) == receipt


@given(st.integers(-1, 63), st.integers(0, 10**18 - 1), st.integers(1, 256))
def test_tile_paths(level: int, number: int, width: int) -> None:
    tile = Tile(level=level, number=number, width=width)
    assert parse_tile_path(tile.path) == tile


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_bundles(bundle: list[bytes]) -> None:
    tile = Tile(level=ENTRIES, number=0, width=len(bundle))
    assert unpack_entries(pack_entries(bundle), tile) == bundle


@pytest.mark.slow
@given(st.integers(0, 99), st.lists(hashes, max_size=63), checkpoints, st.lists(signatures, min_size=1, max_size=3))
def test_requests(old: int, proof: list[bytes], checkpoint: Checkpoint, lines: list[Signature]) -> None:
    note = Note(text=str(checkpoint), signatures=tuple(lines))
    parsed = parse_request(format_request(old, proof, str(note).encode()))
    assert (parsed.old, parsed.proof, parsed.checkpoint) == (old, tuple(proof), checkpoint)
    assert Note(text=parsed.text, signatures=parse_signatures(parsed.signatures)) == note


@given(names.filter(lambda name: len(name.encode()) < 200), st.sampled_from([ED25519, COSIGNATURE, ML_DSA_44]))
@settings(max_examples=30)
def test_private_keys(name: str, key_type: int) -> None:
    key = new_key(name, key_type)
    assert parse_private_key(format_private_key(key)) == key
    assert format_private_key(key).split("+", 4)[4] not in repr(key)


# Bytes from elsewhere crash nothing.

POLICY = parse_policy(policy_text())
TILE = Tile(level=0, number=0, width=3)
PARSERS: dict[str, Callable[[bytes], Any]] = {
    "note": parse_note,
    "signatures": lambda data: parse_signatures(data.decode("utf-8", "replace")),
    "checkpoint": lambda data: parse_checkpoint(data.decode("utf-8", "replace")),
    "key": lambda data: parse_key(data.decode("utf-8", "replace")),
    "private key": lambda data: parse_private_key(data.decode("utf-8", "replace")),
    "policy": parse_policy,
    "receipt": parse_receipt,
    "verified receipt": lambda data: verify_receipt(data, POLICY),
    "request": parse_request,
    "tile path": lambda data: parse_tile_path(data.decode("utf-8", "replace")),
    "tile": lambda data: unpack_hashes(data, TILE),
    "bundle": lambda data: unpack_entries(data, TILE),
    "ledger": lambda data: Ledger().take(data),
}
SOUND = (
    str(signed(MADE[:5], LOG_KEY, *WITNESSES.values())).encode(),
    receipt_of(MADE[:5], 2),
    request(2, MADE[:5]),
    policy_text(),
    str(LOG_KEY.public).encode(),
    format_private_key(LOG_KEY).encode(),
    b"tile/0/x001/x234/067.p/89",
    pack_entries(MADE[:3]),
    b'{"type":"sheet","election":"e","contest":"c","count":"n","station":"1","votes":{"A":1}}',
)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """Sound texts cut, repeated, spliced and sprinkled with whatever is likely to hurt."""
    data = draw(st.sampled_from(SOUND))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        odd = (b"", b"\n", b"\n\n", b"+", b"=", b"\0", b"\xff", b"9" * 30, b"-1", "\u0660\u2028—".encode(), b"[" * 5000)
        piece = draw(st.one_of(st.binary(max_size=20), st.sampled_from(odd)))
        data = data[:start] + piece + data[end:]
    return data


@pytest.mark.slow
@pytest.mark.parametrize("name", PARSERS)
@given(st.one_of(st.binary(max_size=500), mangled()))
@settings(max_examples=150)
def test_no_bytes_crash_a_parser(name: str, data: bytes) -> None:
    try:
        PARSERS[name](data)
    except RecordError as error:
        said = str(error)
        assert said


@pytest.mark.slow
@given(st.one_of(st.binary(max_size=300), st.text(max_size=100).map(str.encode)))
@settings(max_examples=60)
def test_no_bytes_crash_the_reader_of_key_files(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "some.key"
    path.write_bytes(data)
    with pytest.raises(RecordError):
        load_key(path, "a passphrase")


def test_the_origin_of_the_world_is_a_key_name() -> None:
    assert parse_key(str(LOG_KEY.public)).name == ORIGIN

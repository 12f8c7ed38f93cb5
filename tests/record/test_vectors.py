"""Every vector of tests/vectors/record; each file names the project and commit that its values are from."""

from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from tests.vectors import vectors_of
from veedor.record.keys import SigningKey
from veedor.record.log import append_entries, create_log
from veedor.record.merkle import EMPTY_ROOT, leaf_hash, root_from_path, root_of_hashes, verify_consistency
from veedor.record.reader import faults
from veedor.record.service.witness import Reply, Store, WatchedLog, Witness
from veedor.record.source import Folder
from veedor.record.tiles import ENTRIES, WIDTH, Tile, parse_tile_path, partial_tiles, tiles_of_level
from veedor.record.verify import (
    COSIGNATURE,
    ED25519,
    ML_DSA_44,
    Key,
    RecordError,
    Signature,
    parse_checkpoint,
    parse_key,
    parse_note,
    parse_receipt,
    parse_signatures,
    signed_message,
    verify_note,
    verify_signature,
)


def holds(check: Any, *arguments: Any) -> bool:
    try:
        check(*arguments)
    except RecordError:
        return False
    return True


def test_roots() -> None:
    data = vectors_of("record/rfc6962-roots")
    leaves = [leaf_hash(bytes.fromhex(entry)) for entry in data["leaf_inputs_hex"]]
    assert [leaf.hex() for leaf in leaves] == data["leaf_hashes"]
    for case in data["roots"]:
        assert root_of_hashes(leaves[: case["tree_size"]]).hex() == case["root"]
    rules = [case["hash"] for case in data["hash_rules"]]
    assert rules == [EMPTY_ROOT.hex(), leaf_hash(b"").hex()]


def test_inclusion_proofs() -> None:
    cases = vectors_of("record/rfc6962-inclusion-proofs")["cases"]
    assert len(cases) >= 49

    def check(case: dict[str, Any]) -> None:
        path = [b64decode(item) for item in case["proof"] or []]
        root = root_from_path(case["leafIdx"], case["treeSize"], b64decode(case["leafHash"]), path)
        if root != b64decode(case["root"]):
            raise RecordError("another root")

    assert [holds(check, case) for case in cases] == [not case["wantErr"] for case in cases]


def test_consistency_proofs() -> None:
    cases = vectors_of("record/rfc6962-consistency-proofs")["cases"]
    assert len(cases) >= 50

    def check(case: dict[str, Any]) -> None:
        proof = [b64decode(item) for item in case["proof"] or []]
        roots = b64decode(case["root1"]), b64decode(case["root2"])
        verify_consistency(case["size1"], case["size2"], *roots, proof)

    assert [holds(check, case) for case in cases] == [not case["wantErr"] for case in cases]


def test_signed_notes() -> None:
    cases = vectors_of("record/signed-notes")["notes"]

    def check(case: dict[str, Any]) -> None:
        note = parse_note(case["note"].encode())
        assert str(note) == case["note"]
        verify_note(note, [parse_key(case["vkey"])])

    assert [holds(check, case) for case in cases] == [case["valid"] for case in cases]


def test_verifier_keys() -> None:
    for case in vectors_of("record/signed-notes")["vkeys"]:
        assert holds(parse_key, case["vkey"]) == case["valid"]
        if case["valid"]:
            key = parse_key(case["vkey"])
            assert (str(key), key.type) == (case["vkey"], case["type"])


def test_a_witness_answers_under_the_hash_of_the_origin(tmp_path: Path) -> None:
    key = SigningKey(name="w", type=COSIGNATURE, seed=bytes(32))
    for number, case in enumerate(vectors_of("record/signed-notes")["origin_hash"]):
        log = SigningKey(name="l", type=ED25519, seed=bytes(32))
        store = Store(tmp_path / f"{number}.sqlite")
        witness = Witness(store, {case["origin"]: WatchedLog(keys=(log.public,))}, [key], lambda: 1.0)
        text = f"{case['origin']}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
        assert witness.add_checkpoint(f"old 0\n\n{text}\n{log.sign(text)}".encode()).status == 200
        assert witness.latest(case["tlog_witness_origin_hash"]).status == 200
        assert witness.latest(case["formats_log_id"]) == Reply(
            status=404, body="no checkpoint of such a log was cosigned here\n"
        )
        store.close()


def test_a_real_witness_on_a_real_log() -> None:
    for case in vectors_of("record/cosignatures")["real"]:
        note, key = parse_note(case["note"].encode()), parse_key(case["cosignature_vkey"])
        assert verify_note(note, [key]) == {key: case["timestamp"]}
        assert key.id.hex() == case["key_id"]
        # the trap: it publishes the same key as type 0x01, and cosigns as type 0x04
        published = parse_key(case["published_vkey"])
        assert Key(name=published.name, type=COSIGNATURE, public=published.public) == key
        assert not holds(verify_note, note, [published])


def test_cosignatures_of_both_types() -> None:
    made = vectors_of("record/cosignatures")["generated"]
    text = made["checkpoint_body"]
    leaves = [leaf_hash(b"acta %d" % number) for number in range(1000)]
    assert root_of_hashes(leaves) == parse_checkpoint(text).root
    log = parse_key(made["log_vkey"])
    assert verify_note(parse_note(f"{text}\n{made['log_signature_line']}".encode()), [log]) == {log: 0}
    for case, key_type in zip(made["cosignatures"], (COSIGNATURE, ML_DSA_44), strict=True):
        key = parse_key(case["vkey"])
        (line,) = parse_signatures(case["line"])
        assert verify_signature(key, text, line) == case["timestamp"]
        message = signed_message(key_type, key.name, text, case["timestamp"])
        expected = case.get("signed_message", "").encode() or bytes.fromhex(case["signed_message_hex"])
        assert message == expected
        signer = SigningKey(name=key.name, type=key_type, seed=bytes.fromhex(case["seed_hex"]))
        assert signer.public == key
        ours = signer.sign(text, case["timestamp"])
        assert verify_signature(key, text, ours) == case["timestamp"]
        if key_type == COSIGNATURE:  # Ed25519 signs the same text always the same way; ML-DSA does not
            assert str(ours) == case["line"]
        wrong = Signature(name=line.name, key_id=line.key_id, value=line.value[:-1] + bytes([line.value[-1] ^ 1]))
        assert not holds(verify_signature, key, text, wrong)


@pytest.mark.slow
def test_tiles_of_another_log(tmp_path: Path) -> None:
    """The log of transparency-dev/tessera: its tiles are what its checkpoints sign, and ours are the same bytes."""
    data = vectors_of("record/tlog-tiles")
    key = parse_key(data["vkey"])
    ours = tmp_path / "ours"
    mine = SigningKey(name="example.com/log/testdata", type=ED25519, seed=bytes(32))
    create_log(ours, "example.com/log/testdata", [mine])
    for size, files in sorted(data["log_by_size"].items(), key=lambda item: int(item[0])):
        note = parse_note(files["checkpoint"].encode())
        checkpoint = parse_checkpoint(note.text)
        assert verify_note(note, [key])
        assert str(checkpoint) == note.text
        theirs = tmp_path / size
        tiles = {path: b64decode(content) for path, content in files.items() if path.startswith("tile/")}
        for path, content in tiles.items():
            (theirs / path).parent.mkdir(parents=True, exist_ok=True)
            (theirs / path).write_bytes(content)
        assert faults(Folder(theirs), checkpoint) == []
        (last,) = [path for path in tiles if "entries" in path]
        entry = tiles[last]
        while (length := int.from_bytes(entry[:2], "big")) + 2 < len(entry):
            entry = entry[2 + length :]
        assert append_entries(ours, [entry[2:]], [mine]) == checkpoint
        assert {path: (ours / path).read_bytes() for path in tiles} == tiles


def test_tile_paths() -> None:
    data = vectors_of("record/tlog-tiles")
    for case in data["paths"]:
        level = ENTRIES if case["kind"] == "entries" else case["level"]
        tile = Tile(level=level, number=case["index"], width=case["width"] or WIDTH)
        assert tile.path == case["path"]
        assert parse_tile_path(case["path"]) == tile
    for level, path, wanted_level, number, width in data["parse_level_index"]["valid"]:
        assert parse_tile_path(f"tile/{level}/{path}") == Tile(level=wanted_level, number=number, width=width or WIDTH)
    for level, path in data["parse_level_index"]["invalid"]:
        assert not holds(parse_tile_path, f"tile/{level}/{path}")


def test_widths_of_partial_tiles() -> None:
    for case in vectors_of("record/tlog-tiles")["spec_arithmetic"]:
        size = case["tree_size"]
        widths = {f"partial_l{tile.level}": tile.width for tile in partial_tiles(size)}
        assert widths == {name: value for name, value in case.items() if name.startswith("partial")}
        for level in (0, 1):
            assert sum(tile.width == WIDTH for tile in tiles_of_level(size, level)) == case[f"full_l{level}"]


def test_receipts() -> None:
    data = vectors_of("record/tlog-proof")
    for case in data["valid"]:
        receipt = parse_receipt(case["text"].encode())
        assert receipt.index == case["index"]
        assert list(receipt.path) == [b64decode(item) for item in case["hashes"]]
        assert receipt.checkpoint.decode() == case["checkpoint"]
        assert bytes(receipt).decode() == case["text"]
    for case in data["invalid"]:
        assert not holds(parse_receipt, case["text"].encode()), case["why"]


def test_the_empty_root_is_the_hash_of_nothing() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

"""A small log in memory and on disk, with keys that are the same in every run."""

from collections.abc import Sequence
from pathlib import Path

from veedor.record.keys import SigningKey
from veedor.record.log import append_entries, create_log
from veedor.record.merkle import Node, consistency_proof, inclusion_path, leaf_hash, root_of_hashes, root_of_tree
from veedor.record.service.witness import MOST_ENTRIES, WatchedLog, format_request
from veedor.record.verify import COSIGNATURE, ED25519, ML_DSA_44, Checkpoint, Note, Receipt

ORIGIN = "valle.example/log"


def key(name: str, key_type: int, byte: int) -> SigningKey:
    return SigningKey(name=name, type=key_type, seed=bytes([byte]) * 32)


LOG_KEY = key(ORIGIN, ED25519, 1)
LOG_KEY_PQ = key(ORIGIN, ML_DSA_44, 2)
WITNESSES = {
    "oea": key("oea.example/testigo", COSIGNATURE, 11),
    "onu": key("onu.example/testigo", COSIGNATURE, 12),
    "partido": key("partido.example/testigo", ML_DSA_44, 13),
}


def policy_text(quorum: str = "all", urls: dict[str, str] | None = None) -> bytes:
    lines = [f"log {LOG_KEY.public}"]
    lines += [f"witness {name} {one.public} {(urls or {}).get(name, '')}" for name, one in WITNESSES.items()]
    lines += [f"group everybody {quorum} {' '.join(WITNESSES)}", "quorum everybody"]
    return "\n".join(lines).encode() + b"\n"


def entries(count: int, start: int = 0) -> list[bytes]:
    return [b'{"station":"%d","votes":{"A":%d}}' % (number, number * 7 % 300) for number in range(start, start + count)]


def node_of(made: Sequence[bytes]) -> Node:
    """Hash of a perfect subtree, straight from the definition."""
    leaves = [leaf_hash(entry) for entry in made]

    def node(level: int, number: int) -> bytes:
        return root_of_hashes(leaves[number << level : (number + 1) << level])

    return node


def checkpoint_of(made: Sequence[bytes]) -> Checkpoint:
    return Checkpoint(origin=ORIGIN, size=len(made), root=root_of_tree(len(made), node_of(made)))


def signed(made: Sequence[bytes], *keys: SigningKey, time: int = 1_740_000_000) -> Note:
    text = str(checkpoint_of(made))
    return Note(text=text, signatures=tuple(one.sign(text, time) for one in (keys or (LOG_KEY,))))


def receipt_of(made: Sequence[bytes], index: int, *, cosigned: bool = True) -> bytes:
    keys = (LOG_KEY, *WITNESSES.values()) if cosigned else (LOG_KEY,)
    path = tuple(inclusion_path(index, len(made), node_of(made)))
    note = str(signed(made, *keys)).encode()
    return bytes(Receipt(index=index, path=path, checkpoint=note, extra=made[index]))


def request(old: int, made: Sequence[bytes], *keys: SigningKey) -> bytes:
    """What a log that holds these entries sends to a witness that knows `old` of them."""
    proof = consistency_proof(old, len(made), node_of(made))
    return format_request(old, proof, str(signed(made, *keys)).encode())


def watched(*keys: SigningKey, most: int = MOST_ENTRIES, first: int = MOST_ENTRIES) -> dict[str, WatchedLog]:
    """What a witness is told: the log of this world, which signs with these keys."""
    public = tuple(one.public for one in keys or (LOG_KEY,))
    return {ORIGIN: WatchedLog(keys=public, most=most, first=first)}


def log_at(folder: Path, made: Sequence[bytes] = ()) -> Path:
    create_log(folder, ORIGIN, [LOG_KEY])
    if made:
        append_entries(folder, made, [LOG_KEY])
    return folder

"""The record's texts: notes, checkpoints, keys, policies, receipts, tiles, bundles, requests to a witness."""

import json
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from tests.fuzz.mutate import one_of, raw, signed, toml, tree
from tests.fuzz.overlay import cuts, folder_with, scratch
from tests.fuzz.target import Mutator, Target, require

if TYPE_CHECKING:
    from veedor.record.keys import SigningKey
    from veedor.record.verify import Policy

NOW = 1_740_000_100


@cache
def signers() -> "list[SigningKey]":
    """The log's key and its witnesses', but for those of ML-DSA-44, whose signatures differ from run to run."""
    from tests.record.world import LOG_KEY, WITNESSES
    from veedor.record.verify import ML_DSA_44

    return [LOG_KEY, *(key for key in WITNESSES.values() if key.type != ML_DSA_44)]


@cache
def notes() -> list[bytes]:
    """Signed checkpoints: by one key, by all, and by one whose signature is as long as ML-DSA-44's and is none."""
    from tests.record.world import WITNESSES, entries, signed
    from veedor.record.verify import Signature

    made = entries(5)
    cosigned = str(signed(made, *signers())).encode()
    other = WITNESSES["partido"].public
    line = Signature(name=other.name, key_id=other.id, value=bytes(8 + 2420))
    return [str(signed(made)).encode(), cosigned, cosigned + str(line).encode()]


def _run_note(data: bytes) -> object:
    from tests.record.world import LOG_KEY, WITNESSES
    from veedor.record.verify import parse_note, verify_note

    note = parse_note(data)
    require(parse_note(str(note).encode()) == note, "a note written and read again is the same note")
    return verify_note(note, [LOG_KEY.public, *(one.public for one in WITNESSES.values())])


def _run_checkpoint(data: bytes) -> object:
    from veedor.record.verify import parse_checkpoint, parse_note, verify_checkpoint

    checkpoint = parse_checkpoint(parse_note(data).text)
    require(parse_checkpoint(str(checkpoint)) == checkpoint, "a checkpoint written and read again is the same")
    return verify_checkpoint(data, _policy())


@cache
def _policy() -> "Policy":
    from tests.record.world import policy_text
    from veedor.record.verify import parse_policy

    return parse_policy(policy_text("any"))


def signatures(text: str) -> bytes:
    """What the log and its witnesses write under a text."""
    return "".join(str(one.sign(text, 1_740_000_000)) for one in signers()).encode()


def note_mutator(seeds: Sequence[bytes]) -> Mutator:
    """Notes with any change, and notes that say something else under good signatures."""
    return one_of((2.0, signed.lines((), seeds)), (1.0, signed.signed_again(signatures)))


@cache
def _policies() -> list[bytes]:
    from tests.record.world import policy_text

    return [policy_text(), policy_text("2", {"oea": "https://oea.example/w"}), b"# nothing\nquorum none\n"]


def _run_policy(data: bytes) -> object:
    from veedor.record.verify import parse_policy, verify_checkpoint

    policy = parse_policy(data)
    again = parse_policy(_as_text(policy))
    require(again == policy, "a policy written and read again is the same policy")
    require(policy.met_by(policy.witnesses) or policy.quorum != "none", "a quorum of none is always met")
    return verify_checkpoint(notes()[1], policy)


def _as_text(policy: "Policy") -> bytes:
    """The policy as a file; groups and witnesses in an order in which each member stands above its group."""
    lines = [f"log {key} {policy.urls.get(key.name, '')}" for key in policy.logs]
    lines += [f"witness {name} {key} {policy.urls.get(name, '')}" for name, key in policy.witnesses.items()]
    lines += [f"group {name} {one.wanted} {' '.join(one.members)}" for name, one in policy.groups.items()]
    return "\n".join([*lines, f"quorum {policy.quorum}"]).encode("utf-8", "surrogateescape")


@cache
def _receipts() -> list[bytes]:
    from tests.record.world import entries, node_of, receipt_of, signed
    from veedor.record.merkle import inclusion_path
    from veedor.record.verify import Receipt

    made = entries(7)
    path = tuple(inclusion_path(3, len(made), node_of(made)))
    note = str(signed(made, *signers())).encode()
    cosigned = bytes(Receipt(index=3, path=path, checkpoint=note, extra=made[3]))
    return [cosigned, receipt_of(entries(1), 0, cosigned=False), receipt_of(entries(300), 299, cosigned=False)]


def _run_receipt(data: bytes) -> object:
    from veedor.record.paper import printed_receipt
    from veedor.record.receipts import smaller_for_print
    from veedor.record.verify import parse_receipt, verify_receipt

    receipt = parse_receipt(data)
    require(parse_receipt(bytes(receipt)) == receipt, "a receipt written and read again is the same receipt")
    smaller_for_print(receipt, _policy())
    printed_receipt(data, _policy())
    shown = verify_receipt(data, _policy())
    require(shown.entry in _entries(), "only an entry of the log is verified, whatever was signed")
    return shown


@cache
def _entries() -> frozenset[bytes]:
    from tests.record.world import entries

    return frozenset(entries(300))


def _run_alone(data: bytes) -> object:
    """The file that verifies a receipt without the rest of the program, run as a command."""
    import io
    from contextlib import redirect_stderr, redirect_stdout

    from tests.record.world import policy_text
    from veedor.record.verify import main

    with folder_with({"r": data, "p": policy_text("any")}) as folder:
        said, told = io.StringIO(), io.StringIO()
        with redirect_stdout(said), redirect_stderr(told):
            status = main([str(folder / "r"), str(folder / "p")])
    require(status in (0, 1, 2), "the file alone ends with status 0, 1 or 2")
    for text in (said.getvalue(), told.getvalue()):
        require("Traceback" not in text, "the file alone writes no traceback")
        require(
            not any(char in text for char in "\x1b\u202e\u200b\x9b\x7f\r"), "the file alone writes nothing that steers"
        )
    return status


def _receipt_mutator(seeds: Sequence[bytes]) -> Mutator:
    return one_of((2.0, signed.lines((b"index ", b"extra ", b"c2sp.org/tlog-proof@v1\n"), seeds)), (1.0, _resigned))


def _resigned(data: bytes, rng: Random) -> bytes:
    """A receipt whose checkpoint was changed and signed again."""
    head, blank, checkpoint = data.partition(b"\n\n")
    return head + blank + signed.signed_again(signatures)(checkpoint, rng)


@cache
def _keys() -> list[bytes]:
    from tests.record.world import LOG_KEY, LOG_KEY_PQ, WITNESSES
    from veedor.record.keys import format_private_key

    keys = [LOG_KEY, LOG_KEY_PQ, *WITNESSES.values()]
    return [*(str(one.public).encode() for one in keys), *(format_private_key(one).encode() for one in keys)]


def _run_key(data: bytes) -> object:
    from veedor.record.keys import format_private_key, parse_private_key
    from veedor.record.verify import parse_key

    text = data.decode("utf-8", "surrogateescape")
    if text.startswith("PRIVATE"):
        private = parse_private_key(text)
        require(parse_private_key(format_private_key(private)) == private, "a private key written and read is the same")
        return private
    key = parse_key(text)
    require(parse_key(str(key)) == key, "a key written and read again is the same key")
    return key


def _run_key_file(data: bytes) -> object:
    from veedor.record.keys import load_key

    with folder_with({"key": data}) as folder:
        return load_key(folder / "key", "correct horse battery")


@cache
def _key_files() -> list[bytes]:
    """A key's file with the least of work, and with more than any has."""
    from unittest.mock import patch

    from tests.record.world import LOG_KEY
    from veedor.record import keys

    path = scratch() / "key"
    if not path.exists():
        with patch.dict(keys.SCRYPT, {"n": 2, "r": 1}), patch("secrets.token_bytes", bytes):
            keys.save_key(LOG_KEY, path, "correct horse battery")
    cheap = json.loads(path.read_bytes())
    return [path.read_bytes(), json.dumps(cheap | {"scrypt": {"n": 1 << 30, "r": 8, "p": 1}}).encode()]


def _run_tile(data: bytes) -> object:
    """A path and, after a newline, the bytes that lie there."""
    from veedor.record.tiles import ENTRIES, pack_entries, parse_tile_path, unpack_entries, unpack_hashes

    path, _, content = data.partition(b"\n")
    tile = parse_tile_path(path.decode("utf-8", "surrogateescape"))
    require(parse_tile_path(tile.path) == tile, "a tile's path read and written is the same")
    if tile.level != ENTRIES:
        return unpack_hashes(content, tile)
    entries = unpack_entries(content, tile)
    require(pack_entries(entries) == content, "a bundle unpacked and packed is the same")
    return entries


def _tiles() -> list[bytes]:
    from tests.record.world import entries
    from veedor.record.tiles import pack_entries

    bundle = pack_entries(entries(3))
    return [
        b"tile/entries/000.p/3\n" + bundle,
        b"tile/0/x001/x234/067.p/2\n" + bytes(64),
        b"tile/1/000.p/1\n" + bytes(32),
    ]


def _run_request(data: bytes) -> object:
    """A witness that knows a tree of five entries is asked; whatever it answers, it never cosigns another history."""
    from tests.record.world import ORIGIN, WITNESSES, entries, request, watched
    from veedor.record.service.witness import Store, Witness, parse_request
    from veedor.record.verify import parse_note

    with folder_with({}) as folder:
        store = Store(folder / "state.sqlite")
        try:
            witness = Witness(store, watched(), [WITNESSES["oea"]], lambda: NOW)
            first = witness.add_checkpoint(request(0, entries(5)))
            require(first.status == 200, "a witness cosigns a log's first checkpoint")
            reply = witness.add_checkpoint(data)
            require(reply.status in (200, 400, 403, 404, 409, 422, 503), "a witness answers as the specification says")
            if reply.status == 200:
                require(parse_request(data).old == 5, "a witness cosigns only what continues what it knows")
                note = data.partition(b"\n\n")[2]
                require(parse_note(note).text.startswith(f"{ORIGIN}\n"), "a witness cosigns a log that it watches")
            return reply.status
        finally:
            store.close()


def _requests() -> list[bytes]:
    from tests.record.world import entries, request

    return [request(5, entries(9)), request(5, entries(5)), request(0, entries(5)), request(5, entries(256))]


def _request_mutator(seeds: Sequence[bytes]) -> Mutator:
    return one_of((2.0, signed.lines((b"old 5", b"old "), seeds)), (1.0, _resigned_request))


def _resigned_request(data: bytes, rng: Random) -> bytes:
    head, blank, checkpoint = data.partition(b"\n\n")
    return head + blank + signed.signed_again(signatures)(checkpoint, rng)


def _run_logs(data: bytes) -> object:
    from veedor.record.service.witness import read_logs

    with folder_with({"logs.toml": data}) as folder:
        return read_logs(folder / "logs.toml")


def _logs() -> list[bytes]:
    from tests.record.world import LOG_KEY, LOG_KEY_PQ, ORIGIN

    keys = json.dumps([str(LOG_KEY.public), str(LOG_KEY_PQ.public)])
    return [f'[[log]]\norigin = "{ORIGIN}"\nkeys = {keys}\n'.encode()]


def _run_answer(data: bytes) -> object:
    """What a log does with a witness's answer: it is told of the fault, whatever the answer is."""
    from unittest.mock import patch

    from tests.record.world import ORIGIN
    from veedor.record import cosign
    from veedor.record.source import Folder
    from veedor.record.verify import parse_policy
    from veedor.record.web import Answer

    first, _, body = data.partition(b"\n")
    status, _, content_type = first.decode("latin-1").partition(" ")
    answer = Answer(status=int(status) if status.isdecimal() and len(status) < 4 else 200,
                           content_type=content_type, body=body)  # fmt: skip
    with patch.object(cosign, "ask", lambda *given, **more: answer), folder_with(_log_files()) as folder:
        policy = parse_policy(_policy_with_address())
        gathered = cosign.gather_cosignatures(Folder(folder), policy, pause=0, clock=lambda: NOW)
    require(gathered.checkpoint.origin == ORIGIN, "cosignatures are of the log's own checkpoint")
    return [one.message for one in gathered.asked]


@cache
def _policy_with_address() -> bytes:
    from tests.record.world import policy_text

    return policy_text("any", {"oea": "https://oea.example/w"})


@cache
def _log_files() -> Any:
    from tests.fuzz.targets.log import log_files

    return log_files()


def _answers() -> list[bytes]:
    from tests.record.world import WITNESSES
    from veedor.record.verify import parse_note

    text = parse_note(_log_files()["checkpoint"]).text
    good = str(WITNESSES["oea"].sign(text, NOW)).encode()
    return [b"200 text/plain\n" + good, b"409 text/x.tlog.size\n3\n", b"422 text/plain\nno", b"503 text/plain\nlater"]


def _run_source(data: bytes) -> object:
    """What the address of a log may answer to the request for its checkpoint, through a real connection."""
    from tests.fuzz.loopback import answering_with
    from veedor.record.source import Address, read_checkpoint

    with answering_with(data) as url:
        return read_checkpoint(Address(url, seconds=2))


HTTP = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    b"HTTP/1.0 404 Not Found\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n",
)
HTTP_WORDS = (b"HTTP/1.1 ", b"\r\n", b"Content-Length: ", b"Transfer-Encoding: chunked", b"Content-Encoding: gzip",
              b"Content-Type: ", b"100 Continue", b"ffffffffffffffff\r\n", b"-1", b"Location: ")  # fmt: skip


def _lines(*words: bytes) -> Any:
    return lambda seeds: signed.lines(words, seeds)


TARGETS = (
    Target(name="note", run=_run_note, seeds=notes, mutator=note_mutator, share=150),
    Target(name="checkpoint", run=_run_checkpoint, seeds=notes, mutator=note_mutator, share=150),
    Target(
        name="policy",
        run=_run_policy,
        seeds=_policies,
        mutator=_lines(b"log ", b"witness ", b"group ", b"quorum ", b"any", b"all", b"none"),
        share=150,
    ),
    Target(name="receipt", run=_run_receipt, seeds=_receipts, mutator=_receipt_mutator, most_bytes=16_000, share=60),
    Target(name="verify-alone", run=_run_alone, seeds=_receipts, mutator=_receipt_mutator, most_bytes=16_000, share=60),
    Target(name="key", run=_run_key, seeds=_keys, mutator=_lines(b"+", b"PRIVATE+KEY+", b"PUBLIC"), share=150),
    Target(name="key-file", run=_run_key_file, seeds=_key_files, mutator=lambda seeds: tree.json_tree(), share=40),
    Target(
        name="tile",
        run=_run_tile,
        seeds=_tiles,
        mutator=lambda seeds: raw.raw((b"tile/", b"entries/", b"x001/", b".p/", b"000", b"\xff\xff"), seeds),
        share=150,
    ),
    Target(name="witness-request", run=_run_request, seeds=_requests, mutator=_request_mutator, weight=2, share=50),
    Target(name="witness-logs", run=_run_logs, seeds=_logs, mutator=lambda seeds: toml.toml_tree()),
    Target(
        name="witness-answer", run=_run_answer, seeds=_answers, mutator=_lines(b"200 ", b"409 ", b"text/x.tlog.size")
    ),
    Target(
        name="http-answer",
        run=_run_source,
        seeds=lambda: list(HTTP),
        mutator=lambda seeds: raw.raw(HTTP_WORDS, HTTP),
        smaller=cuts,
        share=30,
    ),
)

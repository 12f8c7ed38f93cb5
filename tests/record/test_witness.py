"""A witness's answers, sentence by sentence of C2SP tlog-witness; then over HTTP, with hostile clients."""

import http.client
import socket
import sqlite3
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.record.serving import running
from tests.record.world import LOG_KEY, LOG_KEY_PQ, ORIGIN, WITNESSES, entries, key, node_of, request, signed, watched
from veedor.record.errors import LogError, MalformedError
from veedor.record.merkle import consistency_proof, node_hash, root_of_tree
from veedor.record.service.clients import Rate
from veedor.record.service.server import MAX_BODY, witness_app
from veedor.record.service.witness import MOST_ENTRIES, SIZE, Store, WatchedLog, Witness, format_request, read_logs
from veedor.record.verify import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    Note,
    parse_note,
    parse_signatures,
    verify_note,
    verify_signature,
)
from veedor.record.web import ask

MADE = entries(40)
FORGED = [b"forged", *MADE[1:]]
OEA = WITNESSES["oea"]
NOW = 1_740_000_000


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def witness(tmp_path: Path, clock: Clock) -> Iterator[Witness]:
    store = Store(tmp_path / "state.sqlite")
    yield Witness(store, watched(LOG_KEY, LOG_KEY_PQ), [OEA], clock)
    store.close()


def test_it_cosigns_a_log_that_grows(witness: Witness) -> None:
    for old, new in ((0, 5), (5, 5), (5, 17), (17, 40)):
        reply = witness.add_checkpoint(request(old, MADE[:new]))
        assert reply.status == 200
        (line,) = parse_signatures(reply.body)
        assert verify_signature(OEA.public, signed(MADE[:new]).text, line) == NOW
        latest = witness.latest(sha256(ORIGIN.encode()).hexdigest())
        note = parse_note(latest.body.encode())
        assert set(verify_note(note, [LOG_KEY.public, OEA.public])) == {LOG_KEY.public, OEA.public}


def test_any_key_bound_to_the_origin_will_do_and_unknown_ones_are_ignored(witness: Witness) -> None:
    stranger = key("stranger", ED25519, 77)
    assert witness.add_checkpoint(request(0, MADE[:3], stranger, LOG_KEY_PQ)).status == 200


def test_400_malformed_or_an_old_size_beyond_the_checkpoint(witness: Witness) -> None:
    for body in (b"", b"old 0", b"old 00\n\nx", b"old -1\n\n" + str(signed(MADE[:2])).encode(), b"new 0\n\n"):
        assert witness.add_checkpoint(body).status == 400
    note = str(signed(MADE[:2])).encode()
    assert witness.add_checkpoint(format_request(3, [], note)).status == 400
    assert witness.add_checkpoint(format_request(0, [bytes(32)] * 64, note)).status == 400
    assert witness.add_checkpoint(format_request(0, [bytes(31)], note)).status == 400


def test_403_without_a_valid_signature_of_a_trusted_key(witness: Witness) -> None:
    assert witness.add_checkpoint(request(0, MADE[:2], key(ORIGIN, ED25519, 66))).status == 403
    note = signed(MADE[:2])
    other = Note(text=signed(MADE[:3]).text, signatures=note.signatures)
    assert witness.add_checkpoint(format_request(0, [], str(other).encode())).status == 403


def test_403_for_signature_lines_that_are_none(witness: Witness) -> None:
    """tlog-witness: "If none of the signatures verify against a trusted public key, 403 Forbidden"."""
    body = request(0, MADE[:2]).decode()
    head, _, line = body.rpartition("\n\n")
    name, _, encoded = line.rstrip("\n").rpartition(" ")
    sound = encoded.rstrip("=")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare = sound[:-1] + letters[letters.index(sound[-1]) + 1] + encoded[len(sound) :]  # a bit that says nothing is set
    assert (spare != encoded, b64decode(spare)) == (True, b64decode(encoded))
    for lines in (
        f"{name} {spare}",
        f"{name} {sound}",
        f"{name} {encoded[:40]} {encoded[40:]}",
        f"{name} {encoded}\n{name}",
        f"{name} AAAA",
        f"{name} ",
        "no signature",
        line + "\n".join(f"— x{number} AAAAAAAAAA==" for number in range(200)),
    ):
        reply = witness.add_checkpoint(f"{head}\n\n{lines}\n".encode())
        assert (reply.status, "—" in reply.body.split("\n")[-1]) == (403, False), lines
    unknown = body.replace(ORIGIN, "elsewhere.example").replace(encoded, spare)
    assert witness.add_checkpoint(unknown.encode()).status == 404
    assert witness.add_checkpoint(body.encode()).status == 200


def huge(size: int) -> Note:
    text = str(Checkpoint(origin=ORIGIN, size=size, root=bytes(32)))
    return Note(text=text, signatures=(LOG_KEY.sign(text),))


def test_403_for_a_tree_that_is_larger_than_a_log_may_be(tmp_path: Path, clock: Clock) -> None:
    """At first sight no proof stands between a witness and 2^62 entries; later a proof of made-up hashes does not."""
    store = Store(tmp_path / "s")
    witness = Witness(store, watched(), [OEA], clock)
    for size in (2**62, 2**63 - 1, MOST_ENTRIES + 1):
        reply = witness.add_checkpoint(format_request(0, [], str(huge(size)).encode()))
        assert (reply.status, reply.body) == (
            403,
            "this witness cosigns no tree of more than 10000000 entries of this log\n",
        )
    assert witness.add_checkpoint(request(0, MADE[:4])).status == 200
    proof = made_up_proof(4, 2**62)
    assert witness.add_checkpoint(format_request(4, proof[0], str(proof[1]).encode())).status == 403
    assert witness.add_checkpoint(request(4, MADE[:6])).status == 200
    store.close()


def made_up_proof(old: int, new: int) -> tuple[list[bytes], Note]:
    """A proof that holds, from the world's first entries to a tree of which nothing else exists."""
    before = node_of(MADE)

    def node(level: int, number: int) -> bytes:
        if (number + 1) << level <= old:
            return before(level, number)
        if number << level >= old:
            return bytes([level]) * 32
        return node_hash(node(level - 1, 2 * number), node(level - 1, 2 * number + 1))

    text = str(Checkpoint(origin=ORIGIN, size=new, root=root_of_tree(new, node)))
    return consistency_proof(old, new, node), Note(text=text, signatures=(LOG_KEY.sign(text),))


def test_the_list_of_logs_may_say_how_many_entries(tmp_path: Path, clock: Clock) -> None:
    file = tmp_path / "logs.toml"
    start = f'[[log]]\norigin = "{ORIGIN}"\nkeys = ["{LOG_KEY.public}"]\n'
    file.write_text(start + "most = 30\nfirst = 4\n")
    assert read_logs(file) == watched(most=30, first=4)
    store = Store(tmp_path / "s")
    witness = Witness(store, read_logs(file), [OEA], clock)
    reply = witness.add_checkpoint(request(0, MADE[:5]))
    assert (reply.status, "for the first time, and then cosigns at most 4 entries" in reply.body) == (403, True)
    assert witness.add_checkpoint(request(0, MADE[:4])).status == 200
    assert witness.add_checkpoint(request(4, MADE[:30])).status == 200
    assert witness.add_checkpoint(request(30, MADE[:31])).status == 403
    store.close()
    file.write_text(start + "most = 30\n")
    assert read_logs(file) == watched(most=30, first=30)
    for line in ("most = -1", "most = true", 'first = "4"', "first = 1.5", "mist = 3", "most = 9223372036854775808"):
        file.write_text(f"{start}{line}\n")
        with pytest.raises(MalformedError, match=r"logs\.toml: (most and first are whole numbers|no key 'mist')"):
            read_logs(file)


def test_404_for_an_unknown_origin(witness: Witness) -> None:
    text = str(Checkpoint(origin="elsewhere.example", size=0, root=bytes(32)))
    note = Note(text=text, signatures=(LOG_KEY.sign(text),))
    assert witness.add_checkpoint(format_request(0, [], str(note).encode())).status == 404
    assert witness.latest("00" * 32).status == 404


def test_409_says_the_size_on_record(witness: Witness) -> None:
    witness.add_checkpoint(request(0, MADE[:5]))
    for old in (0, 3, 6):
        reply = witness.add_checkpoint(request(old, MADE[:9]))
        assert (reply.status, reply.body, reply.content_type) == (409, "5\n", SIZE)
    assert SIZE == "text/x.tlog.size"


def test_422_where_the_proof_fails_with_the_tree_and_since_when(witness: Witness) -> None:
    witness.add_checkpoint(request(0, MADE[:5]))
    reply = witness.add_checkpoint(request(5, FORGED[:9]))
    assert reply.status == 422
    assert "cosigned the tree of 5 entries at 2025-02-19T21:20:00+00:00" in reply.body
    assert witness.add_checkpoint(request(5, FORGED[:5])).status == 422
    note = str(signed(MADE[:9])).encode()
    assert witness.add_checkpoint(format_request(5, [bytes(32)] * 3, note)).status == 422
    assert witness.add_checkpoint(request(5, MADE[:9])).status == 200


def test_422_for_a_proof_from_nothing_or_an_empty_tree_with_another_root(witness: Witness) -> None:
    note = str(signed(MADE[:2])).encode()
    assert witness.add_checkpoint(format_request(0, [bytes(32)], note)).status == 422
    text = str(Checkpoint(origin=ORIGIN, size=0, root=bytes(32)))
    empty = Note(text=text, signatures=(LOG_KEY.sign(text),))
    assert witness.add_checkpoint(format_request(0, [], str(empty).encode())).status == 422
    assert witness.add_checkpoint(request(0, [])).status == 200


def test_it_remembers_over_a_restart(witness: Witness, tmp_path: Path) -> None:
    witness.add_checkpoint(request(0, MADE[:5]))
    again = Witness(Store(tmp_path / "state.sqlite"), witness.logs, witness.keys, witness.clock)
    assert again.add_checkpoint(request(0, FORGED[:5])).status == 409
    again.store.close()


def test_logs_do_not_mix(tmp_path: Path, clock: Clock) -> None:
    other = key("other.example/log", ED25519, 5)
    witness = Witness(Store(tmp_path / "s"), {**watched(), other.name: WatchedLog(keys=(other.public,))}, [OEA], clock)
    witness.add_checkpoint(request(0, MADE[:5]))
    text = str(Checkpoint(origin=other.name, size=3, root=bytes(32)))
    for signer, status in ((other, 200), (LOG_KEY, 403)):
        note = Note(text=text, signatures=(signer.sign(text),))
        assert witness.add_checkpoint(format_request(0, [], str(note).encode())).status == status
    witness.store.close()


def test_its_clock_going_backwards_stops_it(witness: Witness, clock: Clock) -> None:
    witness.add_checkpoint(request(0, MADE[:5]))
    clock.now = NOW - 3600
    reply = witness.add_checkpoint(request(5, MADE[:6]))
    assert (reply.status, "clock went backwards" in reply.body) == (503, True)
    clock.now = NOW - 30  # a step of a time server: it goes on, but never states an earlier time
    (line,) = parse_signatures(witness.add_checkpoint(request(5, MADE[:6])).body)
    assert int.from_bytes(line.value[:8], "big") == NOW


def test_what_cannot_be_kept_is_not_signed(tmp_path: Path, clock: Clock) -> None:
    store = Store(tmp_path / "state.sqlite")
    with sqlite3.connect(tmp_path / "state.sqlite") as other:
        other.execute("DROP TABLE known")
    witness = Witness(store, watched(), [OEA], clock)
    reply = witness.add_checkpoint(request(0, MADE[:5]))
    assert (reply.status, "—" in reply.body, "nothing was signed" in reply.body) == (503, False, True)
    store.close()


HARMS = [
    "DROP TABLE known",
    "ALTER TABLE known RENAME COLUMN note TO noted",
    "DROP TABLE known; CREATE TABLE known (origin, size, root, note, time)",
    "UPDATE known SET time = 9223372036854775807",
    "UPDATE known SET size = -5",
    "UPDATE known SET root = x'00'",
    "UPDATE known SET note = x'ff'",
]


@pytest.mark.parametrize("harm", HARMS)
def test_a_broken_state_is_an_answer_and_no_crash(harm: str, witness: Witness, tmp_path: Path) -> None:
    witness.add_checkpoint(request(0, MADE[:5]))
    with sqlite3.connect(tmp_path / "state.sqlite") as other:
        try:
            other.executescript(harm)
        except sqlite3.Error:
            pytest.skip("the database itself refuses it")
    with running(witness_app(witness, Rate(100))) as address:
        path = f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
        answers = [
            ask("GET", address + path, seconds=10, limit=1 << 20),
            ask("POST", f"{address}/add-checkpoint", body=request(5, MADE[:6]), seconds=10, limit=1 << 20),
            ask("POST", f"{address}/add-checkpoint", body=request(5, FORGED[:6]), seconds=10, limit=1 << 20),
        ]
    for answer in answers:
        assert answer.status in (200, 404, 409, 422, 503), answer
        assert b"Traceback" not in answer.body
    assert answers[2].status != 200
    if "TABLE" in harm:
        assert answers[0].status in (404, 503)


def test_state_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"not a database, but long enough to be looked at" * 100)
    with pytest.raises(LogError, match="cannot hold the witness's state"):
        Store(tmp_path / "state")
    with pytest.raises(LogError, match="cannot hold the witness's state"):
        Store(tmp_path / "no folder" / "state")


def test_a_log_key_does_not_make_a_witness(tmp_path: Path, clock: Clock) -> None:
    with pytest.raises(MalformedError, match="cosignature keys"):
        Witness(Store(tmp_path / "s"), {}, [LOG_KEY], clock)


def test_logs_are_read_from_toml(tmp_path: Path) -> None:
    file = tmp_path / "logs.toml"
    file.write_text(f'[[log]]\norigin = "{ORIGIN}"\nkeys = ["{LOG_KEY.public}"]\n')
    assert read_logs(file) == watched()
    for text in (
        "",
        "log = 3",
        "[[log]]\norigin = 'x'",
        "[[log]]\norigin='x'\nkeys=[]",
        "[[log]]\norigin='x'\nkeys=['y']",
    ):
        file.write_text(text)
        with pytest.raises(MalformedError, match=r"logs\.toml"):
            read_logs(file)
    with pytest.raises(LogError):
        read_logs(tmp_path / "absent.toml")


def test_of_many_at_once_one_wins_and_no_two_contradict(tmp_path: Path, clock: Clock) -> None:
    """Two processes' worth of stores on one file; half of the requests show a forged tree."""
    stores = [Store(tmp_path / "state.sqlite") for _ in range(2)]
    both = [Witness(store, watched(), [OEA], clock) for store in stores]
    bodies = [request(0, made[: 5 + number]) for number in range(6) for made in (MADE, FORGED)]
    statuses: list[int] = []
    threads = [
        threading.Thread(target=lambda one=one, body=body: statuses.append(one.add_checkpoint(body).status))
        for body in bodies
        for one in both
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(200) == 1
    assert statuses.count(409) == len(threads) - 1
    for store in stores:
        store.close()


# Over HTTP.


@pytest.fixture
def address(witness: Witness) -> Iterator[str]:
    with running(witness_app(witness, Rate(100_000))) as url:
        yield url


def post(address: str, body: bytes) -> tuple[int, str, bytes]:
    answer = ask("POST", f"{address}/add-checkpoint", body=body, seconds=10, limit=1 << 20)
    return answer.status, answer.content_type, answer.body


def test_it_speaks_http(address: str) -> None:
    status, content_type, body = post(address, request(0, MADE[:5]))
    assert (status, content_type) == (200, "text/plain")
    assert body.startswith("— oea.example/testigo ".encode())
    assert post(address, request(0, MADE[:7])) == (409, SIZE, b"5\n")
    assert post(address, request(5, FORGED[:7]))[0] == 422
    path = f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    latest = ask("GET", address + path, seconds=10, limit=1 << 20)
    assert (latest.status, latest.body.startswith(f"{ORIGIN}\n5\n".encode())) == (200, True)
    assert ask("GET", f"{address}/add-checkpoint", seconds=10, limit=100).status == 405
    assert ask("GET", f"{address}/{'0' * 64}/checkpoint", seconds=10, limit=100).status == 404


def test_it_takes_no_more_than_it_needs(address: str) -> None:
    assert post(address, b"x" * (MAX_BODY + 1))[0] == 413
    assert post(address, b"x" * MAX_BODY)[0] == 400


def test_a_client_that_asks_too_often_is_put_off(witness: Witness) -> None:
    with running(witness_app(witness, Rate(5))) as address:
        statuses = [post(address, b"")[0] for _ in range(8)]
    assert statuses == [400] * 5 + [429] * 3


def test_the_rate_recovers_and_forgets() -> None:
    now = [0.0]
    rate = Rate(2, lambda: now[0])
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    now[0] = 30
    assert [rate.allows("a") for _ in range(2)] == [True, False]
    for number in range(10_001):
        rate.allows(str(number))
    assert rate.allows("a")


def exchange(address: str, data: bytes) -> bytes:
    """Raw bytes to the server; whatever it answers."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while chunk := connection.recv(65536):
                answer += chunk
        except ConnectionResetError:
            pass
        return answer


HEAD = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n"
SOUND = request(0, MADE[:5])


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Bytes that are an HTTP request, or nearly, or not at all; bodies sound, cut, spliced, or noise."""
    body = draw(st.one_of(st.binary(max_size=300), st.just(SOUND)))
    at = draw(st.integers(0, len(body)))
    body = body[:at] + draw(st.sampled_from([b"", b"\n", b"\xff\xfe", b"\0", b"old 0\n\n", b"9" * 400])) + body[at:]
    length = draw(st.sampled_from([len(body), len(body) + 5, 0, max(0, len(body) - 3)]))
    heads = [
        HEAD + b"Content-Length: %d\r\n\r\n" % length,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % len(body),
        HEAD + b"Content-Length: -5\r\n\r\n",
        b"GET /" + draw(st.binary(max_size=60)) + b"/checkpoint HTTP/1.1\r\nHost: x\r\n\r\n",
        b"",
    ]
    return draw(st.sampled_from(heads)) + body


@pytest.mark.slow
@given(requests())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_no_bytes_crash_the_running_witness(address: str, data: bytes) -> None:
    answer = exchange(address, data)
    statuses = {int(line[9:12]) for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")}
    assert statuses <= {200, 400, 403, 404, 405, 408, 409, 411, 413, 422, 431}, answer
    assert b"Traceback" not in answer
    assert post(address, b"")[0] == 400


@pytest.mark.slow
def test_a_request_that_never_ends_is_put_an_end_to(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("veedor.record.service.server.BODY_SECONDS", 0.2)
    with running(witness_app(witness, Rate(100))) as address:
        parts = urlsplit(address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
        connection.putrequest("POST", "/add-checkpoint")
        connection.putheader("Content-Length", "1000")
        connection.endheaders(b"old 0\n")
        assert connection.getresponse().status == 408
        connection.close()


def test_the_cosignature_of_a_key_is_over_the_whole_text(witness: Witness) -> None:
    reply = witness.add_checkpoint(request(0, MADE[:5]))
    (line,) = parse_signatures(reply.body)
    assert OEA.type == COSIGNATURE
    assert b64encode(line.key_id + line.value).decode() in reply.body

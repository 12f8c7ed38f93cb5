"""Gathering cosignatures from witnesses that work, hang, drip, lie, contradict themselves, or refuse."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.record.serving import answering, hanging, witnesses
from tests.record.world import LOG_KEY, ORIGIN, WITNESSES, entries, key, log_at, policy_text, request, signed
from veedor.record.cosign import Gathered, gather_cosignatures
from veedor.record.errors import NotVerifiedError
from veedor.record.log import add_signatures, append_entries
from veedor.record.service.witness import SIZE
from veedor.record.source import Folder
from veedor.record.verify import COSIGNATURE, parse_policy, verify_checkpoint
from veedor.record.web import ask

MADE = entries(300)
OEA = {"oea": WITNESSES["oea"]}


def gather(log: Path, urls: dict[str, str], quorum: str = "all", seconds: float = 5) -> Gathered:
    return gather_cosignatures(
        Folder(log), parse_policy(policy_text(quorum, urls)), seconds=seconds, tries=2, pause=0.01
    )


def message_of(log: Path, url: str, seconds: float = 5) -> str:
    """What is said of the one witness at this address, while the other two are well and have no address."""
    gathered = gather(log, {"oea": url}, seconds=seconds)
    assert not gathered.met
    one = gathered.asked[0]
    assert (one.witness, one.signature) == ("oea", None)
    assert [other.message for other in gathered.asked[1:]] == ["the policy gives no address for it"] * 2
    return one.message


@pytest.mark.slow
def test_three_witnesses_cosign_as_the_log_grows(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", MADE[:5])
    policy = parse_policy(policy_text())
    with witnesses(tmp_path, WITNESSES, time.time) as urls:
        for start, size in ((5, 5), (5, 5), (5, 9), (9, 300)):
            append_entries(log, MADE[start:size], [LOG_KEY])
            gathered = gather(log, urls)
            assert gathered.met
            assert [one.witness for one in gathered.asked if one.signature] == list(WITNESSES)
            add_signatures(log, gathered.note)
            shown = verify_checkpoint((log / "checkpoint").read_bytes(), policy)
            assert (shown.checkpoint.size, set(shown.witnesses)) == (size, set(WITNESSES))
        # one of them has fallen behind: another copy of the log went to it with fewer entries, and is told so
        behind = log_at(tmp_path / "behind", MADE[:7])
        assert all("rolled back, or there are two of it" in one.message for one in gather(behind, urls).asked)
        # and a log that says something else is refused by each
        forged = log_at(tmp_path / "forged", [b"forged", *MADE[1:300], b"more"])
        refused = gather(forged, urls)
        assert not refused.met
        assert all("does not continue the one that it cosigned (status 422" in one.message for one in refused.asked)
        assert all("cosigned the tree of 300 entries at 20" in one.message for one in refused.asked)


@pytest.mark.slow
def test_two_of_three_are_enough_if_the_policy_says_so(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", MADE[:5])
    two = {name: WITNESSES[name] for name in ("oea", "partido")}
    with witnesses(tmp_path, two, time.time) as urls, hanging(drip=False) as nobody:
        gathered = gather(log, {**urls, "onu": nobody}, quorum="2", seconds=2)
    assert gathered.met
    assert "did not answer within 2 seconds" in gathered.asked[1].message


@pytest.mark.slow
@pytest.mark.parametrize("drip", [False, True])
def test_a_witness_that_hangs_is_given_up_in_time(tmp_path: Path, drip: bool) -> None:
    log = log_at(tmp_path / "log", MADE[:5])
    with hanging(drip=drip) as url:
        start = time.monotonic()
        assert "did not answer within 0.3 seconds" in message_of(log, url, seconds=0.3)
        assert time.monotonic() - start < 10  # it would hang for ever: two tries of 0.3 s, and a slow machine


def test_a_witness_that_is_not_there(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", MADE[:5])
    assert "cannot be reached" in message_of(log, "http://127.0.0.1:9")
    assert "not an http or https address" in message_of(log, "ftp://127.0.0.1/")


def lines(*keys: str, made: list[bytes] = MADE[:5], moment: int | None = None) -> bytes:
    note = signed(made, *(WITNESSES[name] for name in keys), time=int(time.time()) if moment is None else moment)
    return "".join(map(str, note.signatures)).encode()


@pytest.mark.parametrize(
    ("status", "body", "content_type", "said"),
    [
        (200, lines("oea", made=MADE[:6]), "text/plain", "answers with a cosignature that does not verify"),
        (200, lines("onu"), "text/plain", "without a cosignature of the key that the policy has for it"),
        (200, b"", "text/plain", "does not end in a newline"),
        (200, b"\xff\xfe\n", "text/plain", "not a signature line"),
        (200, lines("oea", moment=1_000_000_000), "text/plain", "seconds before ours"),
        (200, lines("oea", moment=2**63), "text/plain", "does not verify"),
        (200, lines("oea") * 40_000, "text/plain", "sends more than 1048576 bytes"),
        (409, b"0\n", SIZE, "contradicts itself"),
        (409, b"7\n", SIZE, "the log was rolled back, or there are two of it"),
        (409, b"03\n", SIZE, "without leading zeros"),
        (409, b"-1\n", SIZE, "without leading zeros"),
        (409, b"another root", "text/plain", "this tree contradicts the one it knows (status 409: another root)"),
        (422, b"no", "text/plain", "does not continue the one that it cosigned (status 422: no)"),
        (404, b"", "text/plain", "does not watch this log"),
        (403, b"who?", "text/plain", "does not accept the log's signature, or a tree of this size (status 403: who?)"),
        (429, b"", "text/plain", "too many requests"),
        (500, b"\x1b[31mred", "text/plain", "it fails (status 500"),
        (302, b"", "text/plain", "it fails (status 302)"),
    ],
)
def test_a_witness_that_lies_or_refuses(tmp_path: Path, status: int, body: bytes, content_type: str, said: str) -> None:
    log = log_at(tmp_path / "log", MADE[:5])
    with answering(status, body, content_type) as url:
        assert said in message_of(log, url)


def test_a_witness_that_leads_on_for_ever_is_left(tmp_path: Path) -> None:
    """409 with 2, then 409 with 2 to old size 2: no third proof is made for it."""
    log = log_at(tmp_path / "log", MADE[:5])
    with answering(409, b"2\n", SIZE) as url:
        assert "it answers 409 with size 2 to old size 2: it contradicts itself" in message_of(log, url)


def test_lines_of_keys_that_the_policy_does_not_know_are_not_taken_over(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", MADE[:5])
    stranger = key("stranger.example", COSIGNATURE, 50)
    text = signed(MADE[:5]).text
    body = str(stranger.sign(text, int(time.time()))).encode() + lines("oea")
    with answering(200, body) as url:
        gathered = gather(log, {"oea": url}, quorum="any")
    assert gathered.met
    assert [line.name for line in gathered.note.signatures] == [ORIGIN, WITNESSES["oea"].name]


def test_a_log_that_the_policy_does_not_name_is_not_cosigned(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", MADE[:5])
    other = parse_policy(policy_text().replace(str(LOG_KEY.public).encode(), str(key("x", 1, 9).public).encode()))
    with pytest.raises(NotVerifiedError, match="names no log"):
        gather_cosignatures(Folder(log), other)


def test_one_witness_asked_by_hand(tmp_path: Path) -> None:
    with ExitStack() as stack:
        urls = stack.enter_context(witnesses(tmp_path, OEA, time.time))
        answer = ask("POST", f"{urls['oea']}/add-checkpoint", body=request(0, MADE[:3]), seconds=5, limit=10_000)
    assert answer.status == 200

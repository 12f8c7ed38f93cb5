"""Keys, checkpoints and policies that are nearly right: the file that stands alone refuses each with a sentence."""

import base64
import hashlib

import pytest

from veedor.record.errors import MalformedError
from veedor.record.keys import new_key
from veedor.record.verify import COSIGNATURE, ED25519, parse_checkpoint, parse_key, parse_policy

ROOT = base64.b64encode(bytes(range(32))).decode()


def vkey(name: str, value: bytes) -> str:
    """A vkey as C2SP's signed-note has it: the id is SHA-256(name || 0x0A || type || key)[:4]."""
    known = hashlib.sha256(name.encode() + b"\n" + value).digest()[:4].hex()
    return f"{name}+{known}+{base64.b64encode(value).decode()}"


@pytest.mark.parametrize("kind", [0x00, 0x02, 0x03, 0x05, 0x07, 0xFF])
def test_a_key_of_an_unknown_type_is_named_with_those_that_are_known(kind: int) -> None:
    with pytest.raises(MalformedError, match=f"the key of log.example has type 0x{kind:02x}; known are 0x01"):
        parse_key(vkey("log.example", bytes([kind]) + bytes(range(32))))


def test_a_key_of_no_bytes_is_refused() -> None:
    with pytest.raises(MalformedError):
        parse_key("log.example+00000000+")
    with pytest.raises(MalformedError):
        parse_key(vkey("log.example", b""))


def test_a_key_of_a_known_type_is_read() -> None:
    public = new_key("log.example", ED25519).public
    assert parse_key(vkey("log.example", bytes([ED25519]) + public.public)) == public


def test_a_checkpoint_has_an_origin_a_size_a_root_and_lines_that_mean_nothing_here() -> None:
    found = parse_checkpoint(f"log.example\n7\n{ROOT}\nextra\nmore\n")
    assert (found.origin, found.size, found.root) == ("log.example", 7, bytes(range(32)))
    assert found.extensions == ("extra", "more")


@pytest.mark.parametrize(
    "lines",
    [
        ("", "7", ROOT),
        ("log.example", "", ROOT),
        ("log.example", "7", ""),
        ("log.example", "7", ROOT, ""),
        ("log.example", "7", ROOT, "", "extra"),
        ("log.example", "7", ROOT, "extra", ""),
        ("", "", ""),
        ("log.example", "7"),
    ],
)
def test_a_checkpoint_has_no_empty_line(lines: tuple[str, ...]) -> None:
    """An empty origin would be anybody's log; an empty line at the end would give one head two spellings."""
    with pytest.raises(MalformedError):
        parse_checkpoint("".join(line + "\n" for line in lines))


def test_a_checkpoint_ends_with_its_last_line() -> None:
    with pytest.raises(MalformedError):
        parse_checkpoint(f"log.example\n7\n{ROOT}")


LOG, WITNESS = new_key("log.example", ED25519).public, new_key("witness.example", COSIGNATURE).public
URL = "https://log.example/"


def test_a_policy_names_a_log_with_at_most_one_address() -> None:
    assert parse_policy(f"log {LOG}\nquorum none\n".encode()).urls == {}
    assert parse_policy(f"log {LOG} {URL}\nquorum none\n".encode()).urls == {"log.example": URL}


@pytest.mark.parametrize(
    "line",
    [
        f"log {LOG} {URL} https://elsewhere.example/",
        f"log {LOG} {URL} {URL} {URL}",
        "log",
        f"witness w {WITNESS} {URL} https://elsewhere.example/",
        "witness w",
        f"witness none {WITNESS}",
        "group g 1",
        "quorum",
        "quorum nobody",
        "quorum none none",
    ],
    ids=lambda line: line.split()[0],  # not the keys, which are others in each process
)
def test_a_line_of_too_many_or_too_few_words_is_not_understood(line: str) -> None:
    """A second address that is not looked at would let two readers of one policy look in two places."""
    with pytest.raises(MalformedError, match="policy line 2: not understood"):
        parse_policy(f"# a comment\n{line}\nquorum none\n".encode())

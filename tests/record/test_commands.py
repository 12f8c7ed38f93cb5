"""The commands as a person or a program calls them: statuses, messages, JSON, and what must never be printed."""

import json
import os
import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.record.world import LOG_KEY, ORIGIN, WITNESSES, policy_text, signed
from veedor.cli import application
from veedor.errors import VeedorError
from veedor.record.keys import format_private_key
from veedor.record.log import add_signatures
from veedor.record.reader import read_entries
from veedor.record.source import Folder
from veedor.rim.terminal import printable

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "record"
PASSPHRASE = "four words nobody knows"
SECRET = format_private_key(LOG_KEY)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("VEEDOR_RECORD_KEY", SECRET)
    monkeypatch.delenv("VEEDOR_RECORD_PASSPHRASE", raising=False)
    return tmp_path / "here"


def run(*arguments: str, **environment: str) -> Result:
    result = CliRunner().invoke(application(), ["record", *arguments], env=environment)
    for secret in (SECRET.split("+", 4)[4], LOG_KEY.seed.hex(), PASSPHRASE):
        assert secret not in result.output + str(result.exception)
    return result


def answer(*arguments: str, status: int = 0) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == status, (result.output, result.exception)
    return json.loads(result.stdout)


def fault(*arguments: str, **environment: str) -> str:
    """What a command that ends with status 2 says."""
    result = run(*arguments, **environment)
    assert isinstance(result.exception, VeedorError), (result.output, result.exception)
    return str(result.exception)


@pytest.fixture
def log(folder: Path) -> Path:
    assert run("init", "log", "--origin", ORIGIN).exit_code == 0
    added = answer("append", ".", "--log", "log", "--snapshot", "all")
    assert [(one["added"], one["checkpoint"]["size"]) for one in added] == [(2, 2), (2, 4), (2, 6)]
    Path("policy").write_bytes(policy_text())
    return folder / "log"


def cosigned(log: Path) -> None:
    made = list(read_entries(Folder(log), 6))
    note = signed(made, *WITNESSES.values())
    add_signatures(log, note)


def test_a_published_series_becomes_a_log_whose_checkpoints_are_the_publications(log: Path) -> None:
    assert sorted(os.listdir(log / "checkpoints")) == ["0", "2", "4", "6"]
    again = answer("append", ".", "--log", "log")
    assert [(one["added"], one["checkpoint"]["size"]) for one in again] == [(0, 6)]
    shown = answer("checkpoint", "log")
    assert (shown["size"], shown["faults"], shown["signers"]) == (6, [], [ORIGIN])


def test_receipts_from_log_to_verification(log: Path, folder: Path) -> None:
    cosigned(log)
    assert answer("prove", "log", "--station", "202", "--out", "202.tlog-proof")["receipts"] == 1
    shown = answer("verify", "202.tlog-proof", "--policy", "policy")
    assert (shown["verified"], shown["index"], [one["name"] for one in shown["witnesses"]]) == (
        True,
        3,
        list(WITNESSES),
    )
    assert json.loads(shown["entry"])["votes"] == {"A": 88, "B": 71}
    assert answer("prove", "log", "--all", "--out", "receipts")["receipts"] == 6
    names = sorted(os.listdir(folder / "receipts"))
    assert names == [f"{station}.tlog-proof" for station in (101, 102, 201, 202, 301, 302)]
    assert run("verify", "receipts/301.tlog-proof", "--policy", "policy").exit_code == 0
    proof = answer("prove", "log", "--since", "4")
    assert (proof["since"], proof["checkpoint"]["size"], len(proof["proof"])) == (4, 6, 1)


def test_a_receipt_that_does_not_verify_ends_with_1_and_a_text_that_is_none_with_2(log: Path) -> None:
    run("prove", "log", "--index", "0", "--out", "r")
    said = answer("verify", "r", "--policy", "policy", status=1)
    assert said["verified"] is False
    assert "quorum" in said["reason"]
    Path("entry").write_text("another")
    result = run("verify", "r", "--policy", "policy", "--entry", "entry")
    assert (result.exit_code, "NOT VERIFIED: the entry given is not the one" in result.output) == (1, True)
    Path("broken").write_text("not a receipt")
    assert "not a receipt" in fault("verify", "broken", "--policy", "policy")
    assert "policy line 1" in fault("verify", "r", "--policy", "broken")


def test_what_is_altered_is_named_with_status_1(log: Path) -> None:
    bundle = log / "tile" / "entries" / "000.p" / "6"
    bundle.write_bytes(bundle.read_bytes().replace(b'"A":80', b'"A":81'))
    assert answer("checkpoint", "log", status=1)["faults"] == ["log: tile/entries/000.p/6 was altered: entry 0"]
    assert "was altered: entry 0" in fault("prove", "log", "--all", "--out", "x")
    assert not Path("x").exists()


def test_images_are_hashed(folder: Path) -> None:
    Path("images").mkdir()
    Path("images/101.jpg").write_bytes(b"a picture")
    run("init", "log", "--origin", ORIGIN)
    answer("append", ".", "--log", "log", "--snapshot", "2025-03-02T19:30:00", "--images", "images")
    first = json.loads(next(iter(read_entries(Folder(Path("log")), 2))))
    assert first["image_sha256"] == sha256(b"a picture").hexdigest()
    Path("images/101.png").write_bytes(b"another")
    assert "more than one image for station 101" in fault("append", ".", "--log", "log", "--images", "images")


@pytest.mark.slow
def test_keys_come_from_file_environment_or_descriptor(folder: Path) -> None:
    made = run("key", "w.key", "--name", "w.example", "--for", "witness", VEEDOR_RECORD_PASSPHRASE=PASSPHRASE)
    assert made.exit_code == 0
    assert re.fullmatch(r"w\.example\+[0-9a-f]{8}\+B\S+\n", made.stdout)
    pq = run("key", "pq.key", "--name", "w.example", "--post-quantum", VEEDOR_RECORD_PASSPHRASE=PASSPHRASE)
    assert len(pq.stdout) > 1700
    assert "never overwritten" in fault("key", "w.key", "--name", "w", VEEDOR_RECORD_PASSPHRASE=PASSPHRASE)
    assert "needs an Ed25519 key" in fault(
        "init", "log", "--origin", "x", "--key", "w.key", VEEDOR_RECORD_PASSPHRASE=PASSPHRASE
    )
    assert "passphrase is not the right one" in fault(
        "init", "log", "--origin", "x", "--key", "w.key", VEEDOR_RECORD_PASSPHRASE="wrong words here"
    )
    assert "no passphrase for the key: set VEEDOR_RECORD_PASSPHRASE" in fault("key", "x.key", "--name", "x")
    reading, writing = os.pipe()
    os.write(writing, SECRET.encode())
    os.close(writing)
    assert run("init", "log", "--origin", ORIGIN, "--key-fd", str(reading), VEEDOR_RECORD_KEY="").exit_code == 0
    assert "no key to sign with" in fault("append", ".", "--log", "log", VEEDOR_RECORD_KEY="")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["append", ".", "--log", "nothing"], "log.json is missing"),
        (["append", ".", "--log", "log", "--snapshot", "yesterday"], "not a time"),
        (["append", ".", "--log", "log", "--snapshot", "2024-01-01"], "2024-01-01"),
        (["prove", "log", "--station", "999", "--out", "x"], "no sheet of station '999'"),
        (["prove", "log", "--index", "6", "--out", "x"], "there is no entry 6"),
        (["prove", "log", "--index", "6", "--all", "--out", "x"], "exactly one of"),
        (["prove", "log", "--index", "1"], "give --out"),
        (["prove", "log", "--since", "7"], "cannot continue a tree of 7"),
        (["prove", "nothing", "--index", "1", "--out", "x"], "checkpoint is missing"),
        (["checkpoint", "http://127.0.0.1:9"], "cannot be reached"),
        (["cosign", "log", "--policy", "election.toml"], "policy line"),
        (["watch", "log", "--policy", "election.toml", "--copy", "copy", "--once"], "policy line"),
        (["init", "log", "--origin", "again"], "already holds a log"),
        (["page", "--policy", "election.toml", "--out", "x"], "policy line"),
        (["page", "--out", "policy"], "exists already"),
        (["witness", "--logs", "election.toml", "--state", "s"], "[[log]]"),
    ],
)
def test_what_cannot_be_done_is_said_with_status_2(log: Path, arguments: list[str], said: str) -> None:
    assert said in fault(*arguments)
    assert not Path("x").exists()


def test_watching_says_what_it_sees(log: Path) -> None:
    Path("alone").write_text(f"log {LOG_KEY.public}\nquorum none\n")
    command = ["watch", "log", "--policy", "alone", "--copy", "copy", "--once", "--election", "."]
    first = answer(*command)
    assert (first["alarms"], first["published_totals_equal"], first["now"]["size"]) == ([], True, 6)
    assert first["totals"][0]["votes"] == {"A": 410, "B": 439}
    table = Path("published/acta-20250303-193500.csv")
    table.write_text(table.read_text().replace("201,Valle,Colegio Norte,198,90", "201,Valle,Colegio Norte,198,91"))
    second = answer(*command, status=1)
    assert second["published_totals_equal"] is False
    assert second["growth"]["en"] == (
        "The record did not grow: 6 entries; the published totals are not the record's (A 411 ≠ 410)."
    )


def test_a_terminal_is_not_steered_by_what_a_log_says(log: Path) -> None:
    assert printable("a\x1b[31mb\u202ec\n") == "a\\u001b[31mb\\u202ec\n"

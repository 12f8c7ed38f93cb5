"""Files of unknown making in the places that the record reads: a sentence each, no traceback, no waiting."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.record.world import LOG_KEY, ORIGIN, entries, key, log_at, policy_text, receipt_of
from veedor.cli import application
from veedor.errors import VeedorError
from veedor.record.errors import DamagedError, LogError, MalformedError, RecordError
from veedor.record.files import write_atomically
from veedor.record.keys import load_key, new_key, save_key
from veedor.record.log import append_entries, checkpoints_of, create_log, read_head
from veedor.record.receipts import make_receipts, write_receipts
from veedor.record.service.witness import read_logs
from veedor.record.source import Folder
from veedor.record.verify import ED25519, Key, parse_policy

PASSPHRASE = "four words nobody knows"
NO_JSON = {
    "nested deep": b"[" * 60_000,
    "an object nested deep": b'{"a":' * 12_000,
    "a key twice": b'{"vkey": "a", "vkey": "b"}',
    "not a number": b'{"scrypt": NaN}',
    "a number of many digits": b"9" * 5_000,
    "not UTF-8": b'{"vkey": "\xff"}',
    "another kind": b"[]",
    "null": b"null",
    "nothing": b"",
}


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("key") / "key"
    save_key(new_key("w.example", ED25519), file, PASSPHRASE)
    content: dict[str, Any] = json.loads(file.read_text())
    return content


COSTS = [-4, 0, 1 << 20, 3, 2.0, "4", None, True, 1 << 15 | 1, 10**400]
"""What scrypt's n cannot be, or must not; True is a number to Python."""


@pytest.mark.parametrize("n", COSTS, ids=lambda value: str(value)[:20])
@pytest.mark.parametrize("name", ["n", "r", "p"])
def test_a_key_file_with_impossible_costs(key_file: dict[str, Any], name: str, n: object, tmp_path: Path) -> None:
    file = tmp_path / "key"
    if (name, n) in (("r", 3), ("p", 3)):
        n = 30
    file.write_text(json.dumps({**key_file, "scrypt": {**key_file["scrypt"], name: n}}))
    with pytest.raises(MalformedError, match=re.escape(str(file))):
        load_key(file, PASSPHRASE)


@pytest.mark.parametrize("how", NO_JSON)
def test_json_that_is_none_is_said_with_its_file(how: str, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(NO_JSON[how])
    with pytest.raises(MalformedError, match="key is not a key file"):
        load_key(tmp_path / "key", PASSPHRASE)
    log = log_at(tmp_path / "log")
    (log / "log.json").write_bytes(NO_JSON[how])
    with pytest.raises(DamagedError, match=r"log\.json is not the description of a log"):
        read_head(log)


@pytest.mark.slow
@pytest.mark.parametrize("member", ["vkey", "salt", "nonce", "encrypted_seed", "scrypt"])
@pytest.mark.parametrize("value", [None, 5, [], {}, "", "a", "é", "AA=="])
def test_a_key_file_whose_members_are_of_another_kind(
    key_file: dict[str, Any], member: str, value: object, tmp_path: Path
) -> None:
    (tmp_path / "key").write_text(json.dumps({**key_file, member: value}))
    with pytest.raises(RecordError, match="key"):
        load_key(tmp_path / "key", PASSPHRASE)


def test_a_log_s_description_may_be_anything(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log")
    contents: list[dict[str, object]] = [{"origin": ORIGIN, "keys": 5}, {"origin": ORIGIN, "keys": [5]}, {"keys": []}]
    for content in contents:
        (log / "log.json").write_text(json.dumps(content))
        with pytest.raises(DamagedError, match="not the description"):
            read_head(log)


DEEP_TOML = ["x = " + "[" * 100_000, "a." * 50_000 + "b = 1", "# " + "x" * 400_000]


@pytest.mark.parametrize("text", DEEP_TOML, ids=["nested", "dotted", "long"])
def test_a_list_of_logs_that_cannot_be(text: str, tmp_path: Path) -> None:
    (tmp_path / "logs.toml").write_text(text)
    start = time.monotonic()
    with pytest.raises(RecordError, match=r"logs\.toml"):
        read_logs(tmp_path / "logs.toml")
    assert time.monotonic() - start < 5


@pytest.mark.slow
def test_a_policy_of_many_lines_is_read_at_once() -> None:
    """Sixty thousand lines: what is asked of each line does not grow with the lines before it."""
    lines = [f"group g{number} any w{number}" for number in range(12_000)]
    keys = [Key(name=f"w{number}", type=ED25519, public=number.to_bytes(32, "big")) for number in range(2, 12_000)]
    text = "\n".join([*(f"witness w{at} {one}" for at, one in enumerate(keys)), *lines[:9_000], "quorum none"])
    start = time.monotonic()
    for data in (text.encode()[: 1 << 20], b"group\n" * 100_000, b"x" * (1 << 21)):
        with pytest.raises(MalformedError):
            parse_policy(data)
    assert time.monotonic() - start < 5


# Names that are no regular files. A pipe that nobody writes to would hold whoever opens it for ever.


def replace(path: Path, what: str) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if what == "pipe":
        os.mkfifo(path)
    elif what == "device":
        path.symlink_to("/dev/zero")
    elif what == "folder":
        path.mkdir()
    else:
        path.symlink_to(path.name)


KINDS = ["pipe", "device", "folder", "circle"]


@pytest.mark.slow
@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize(
    "name", ["checkpoint", "log.json", "tile/0/000.p/3", "tile/entries/000.p/3", "checkpoints/3", "checkpoints/0"]
)
def test_what_is_no_file_in_a_log_s_folder_is_named(name: str, what: str, tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", entries(3))
    replace(log / name, what)
    (tmp_path / "policy").write_bytes(f"log {LOG_KEY.public}\nquorum none\n".encode())
    commands = [
        ["checkpoint", str(log)],
        ["prove", str(log), "--index", "1", "--out", str(tmp_path / "receipt")],
        ["prove", str(log), "--all", "--out", str(tmp_path / "receipts")],
        ["watch", str(log), "--policy", str(tmp_path / "policy"), "--copy", str(tmp_path / "copy"), "--once"],
    ]
    for command in commands:
        result = in_a_process(*command)
        if name.startswith(("log.json", "checkpoints")) or ("--all" in command and name.startswith("tile/0")):
            continue  # these commands do not read it
        assert result.returncode in (1, 2), (command, result)
        assert name in result.stdout + result.stderr, (command, result)
        assert "Traceback" not in result.stderr
    if name.startswith("checkpoints"):
        with pytest.raises(DamagedError, match=name):
            checkpoints_of(log)
    else:
        with pytest.raises(DamagedError, match=name):
            append_entries(log, entries(1, 3), [LOG_KEY])


def in_a_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in this process would hold the test for ever where it waits: an alarm ends it."""

    def over(*_: object) -> None:
        raise AssertionError(f"{arguments} waits")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(20)
    try:
        result = CliRunner().invoke(application(), ["record", *arguments])
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    error = "" if result.exception is None or isinstance(result.exception, SystemExit) else str(result.exception)
    known = isinstance(result.exception, (VeedorError, SystemExit, type(None)))
    status = result.exit_code if not isinstance(result.exception, VeedorError) else 2
    return subprocess.CompletedProcess(arguments, status, result.stdout, error if known else f"Traceback {error}")


@pytest.mark.slow
@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("option", ["receipt", "--policy", "--entry", "--key", "--logs"])
def test_what_the_user_names_is_a_file_too(option: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "receipt").write_bytes(receipt_of(entries(3), 1))
    (tmp_path / "policy").write_bytes(policy_text())
    replace(tmp_path / "it", what)
    it = str(tmp_path / "it")
    receipt, policy = str(tmp_path / "receipt"), str(tmp_path / "policy")
    command = {
        "receipt": ["verify", it, "--policy", policy],
        "--policy": ["verify", receipt, "--policy", it],
        "--entry": ["verify", receipt, "--policy", policy, "--entry", it],
        "--key": ["init", str(tmp_path / "log"), "--origin", "x", "--key", it],
        "--logs": ["witness", "--logs", it, "--state", str(tmp_path / "s"), "--key-fd", "0"],
    }[option]
    if option == "--logs":
        with pytest.raises(RecordError, match="it"):
            read_logs(tmp_path / "it")
        return
    os.environ["VEEDOR_RECORD_PASSPHRASE"] = PASSPHRASE
    try:
        result = in_a_process(*command)
    finally:
        del os.environ["VEEDOR_RECORD_PASSPHRASE"]
    assert (result.returncode, it in result.stderr) == (2, True), result
    assert "Traceback" not in result.stderr


def test_a_pipe_among_the_images_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from veedor.ledger.publish import image_hashes

    (tmp_path / "images").mkdir()
    os.mkfifo(tmp_path / "images" / "101.jpg")
    with pytest.raises(VeedorError, match=r"101\.jpg is a pipe"):
        image_hashes(tmp_path / "images")


# What a writer that was killed leaves behind goes away with the next that writes the same.

WRITERS = {
    "a file": "from veedor.record.files import write_atomically as w; w({Path(sys.argv[1]): b'x'})",
    "a key": "from veedor.record.keys import *; save_key(new_key('a', 1), Path(sys.argv[1]), 'x' * 20)",
    "receipts": "from veedor.record.receipts import *; write_receipts(Path(sys.argv[1]), [(0, b'x')], {0: 'a'})",
}


def killed(code: str, target: Path, before: str) -> None:
    """A process that writes the target and is ended by SIGKILL just before that call."""
    body = f"""
import os, signal, sys
from pathlib import Path
def end(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
os.{before} = end
{code}
"""
    done = subprocess.run([sys.executable, "-c", body, str(target)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.slow
@pytest.mark.parametrize("writer", WRITERS)
def test_what_a_killed_writer_left_is_cleared_by_the_next(writer: str, tmp_path: Path) -> None:
    target = tmp_path / "it[1].x"
    for _ in range(3):
        killed(WRITERS[writer], target, "rename" if writer == "receipts" else "replace")
        assert len(list(tmp_path.iterdir())) == 1  # the one before is cleared, its own is left
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".it[1].x.")
    (tmp_path / ".it[1].x.notes.part").write_text("not ours")
    (tmp_path / ".other.0123456789abcdef.part").write_text("another's")
    subprocess.run(
        [sys.executable, "-c", f"import sys; from pathlib import Path; {WRITERS[writer]}", str(target)], check=True
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".it[1].x.notes.part",
        ".other.0123456789abcdef.part",
        "it[1].x",
    ]


def test_a_writer_at_work_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "receipts"
    log = log_at(tmp_path / "log", entries(3))
    names = {0: "a", 1: "b", 2: "c"}

    def slow() -> Any:
        for index, data in make_receipts(Folder(log)):
            if index == 1:  # another writes the same target meanwhile
                write_receipts(tmp_path / "other", [(0, b"x")], {0: "a"})
                write_atomically({target.with_name("receipts.txt"): b"x"})
                from veedor.record.files import clear_parts

                clear_parts(target)
            yield index, data

    assert write_receipts(target, slow(), names) == 3


def test_a_log_whose_founding_was_killed_can_be_founded(tmp_path: Path) -> None:
    log = tmp_path / "log"
    create_log(log, ORIGIN, [LOG_KEY])
    (log / "checkpoint").unlink()
    shutil.rmtree(log / "checkpoints")
    with pytest.raises(LogError, match="already holds a log"):
        create_log(log, "another.example", [LOG_KEY])
    with pytest.raises(LogError, match="already holds a log"):
        create_log(log, ORIGIN, [key(ORIGIN, ED25519, 9)])
    create_log(log, ORIGIN, [LOG_KEY])
    append_entries(log, entries(3), [LOG_KEY])
    (log / "checkpoint").unlink()  # a log that lost its checkpoint is not begun anew over its tiles
    with pytest.raises(LogError, match="already holds a log"):
        create_log(log, ORIGIN, [LOG_KEY])

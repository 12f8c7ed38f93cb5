"""The log on disk: it grows, survives what happens to disks and processes, and names every file that was altered."""

import fcntl
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.record.world import LOG_KEY, LOG_KEY_PQ, ORIGIN, WITNESSES, checkpoint_of, entries, key, log_at, signed
from veedor.record.errors import BusyError, DamagedError, LogError, MalformedError
from veedor.record.log import add_signatures, append_entries, checkpoints_of, create_log, mirror_entries, read_head
from veedor.record.reader import faults, read_entries, read_entry
from veedor.record.source import Folder
from veedor.record.verify import ED25519, MAX_ENTRY, parse_checkpoint, verify_note


@pytest.mark.parametrize("batches", [[1], [255, 1, 1], [256], [257, 300], [100, 156, 256, 1], [3, 0, 70]])
def test_it_holds_what_was_appended_whatever_the_batches(tmp_path: Path, batches: list[int]) -> None:
    log, size = log_at(tmp_path / "log"), 0
    for batch in batches:
        checkpoint = append_entries(log, entries(batch, size), [LOG_KEY])
        size += batch
        assert checkpoint == checkpoint_of(entries(size))
        assert list(read_entries(Folder(log), size)) == entries(size)
        assert faults(Folder(log), checkpoint) == []
    sizes = [parse_checkpoint(note.text).size for note in checkpoints_of(log)]
    assert sizes == sorted({0, *(sum(batches[: at + 1]) for at in range(len(batches)))})


def test_a_log_may_sign_with_two_keys(tmp_path: Path) -> None:
    head = create_log(tmp_path / "log", ORIGIN, [LOG_KEY, LOG_KEY_PQ])
    assert set(verify_note(head.note, head.keys)) == {LOG_KEY.public, LOG_KEY_PQ.public}
    with pytest.raises(MalformedError, match="not the log's own"):
        append_entries(tmp_path / "log", entries(1), [LOG_KEY])


def test_a_log_needs_an_ed25519_key_and_a_proper_origin(tmp_path: Path) -> None:
    with pytest.raises(MalformedError, match="Ed25519"):
        create_log(tmp_path / "log", ORIGIN, [LOG_KEY_PQ])
    for origin in ("", "two\nlines", " padded "):
        with pytest.raises(MalformedError, match="not an origin"):
            create_log(tmp_path / "log", origin, [LOG_KEY])


def test_a_log_is_not_founded_over_another(tmp_path: Path) -> None:
    log_at(tmp_path / "log")
    with pytest.raises(LogError, match="already holds a log"):
        log_at(tmp_path / "log")


def test_another_key_cannot_continue_it(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", entries(3))
    with pytest.raises(MalformedError, match="not the log's own"):
        append_entries(log, entries(1), [key(ORIGIN, ED25519, 99)])


def test_an_entry_too_long_is_refused_and_nothing_is_added(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", entries(3))
    append_entries(log, [bytes(MAX_ENTRY)], [LOG_KEY])
    with pytest.raises(MalformedError, match="at most 65535"):
        append_entries(log, [b"fine", bytes(MAX_ENTRY + 1)], [LOG_KEY])
    assert read_head(log).checkpoint.size == 4
    assert read_entry(Folder(log), 4, 3) == bytes(MAX_ENTRY)


def test_cosignatures_are_put_on_the_checkpoint_they_sign(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", entries(3))
    merged = add_signatures(log, signed(entries(3), *WITNESSES.values()))
    assert [line.name for line in merged.signatures] == [ORIGIN, *(one.name for one in WITNESSES.values())]
    assert read_head(log).note == checkpoints_of(log)[-1] == merged
    again = add_signatures(log, signed(entries(3), WITNESSES["oea"], time=1_750_000_000))
    assert len(again.signatures) == len(merged.signatures)
    append_entries(log, entries(1, 3), [LOG_KEY])
    with pytest.raises(LogError, match="grew meanwhile"):
        add_signatures(log, merged)


def test_a_second_writer_is_refused(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", entries(3))
    with (log / ".lock").open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(BusyError, match="another process writes this log now"):
            append_entries(log, entries(1, 3), [LOG_KEY])
    assert append_entries(log, entries(1, 3), [LOG_KEY]).size == 4


def mounted(folder: Path, options: str) -> Iterator[Path]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    yield from mounted(tmp_path / "disk", "size=200k")


def test_a_full_disk_leaves_the_log_as_it_was(small_disk: Path) -> None:
    log = log_at(small_disk / "log", entries(10))
    with pytest.raises(LogError, match="No space left on device"):
        append_entries(log, [b"x" * 500] * 3000, [LOG_KEY])
    head = read_head(log).checkpoint
    assert head == checkpoint_of(entries(10))
    assert faults(Folder(log), head) == []
    assert [path.name for path in log.glob(".checkpoint*")] == []


@pytest.mark.slow
def test_a_limit_on_files_leaves_the_log_as_it_was(tmp_path: Path) -> None:
    """Where nothing can be mounted: a process that may write no file beyond 20 kB."""
    log = log_at(tmp_path / "log", entries(10))
    code = (
        "import sys; from pathlib import Path; from tests.record.world import LOG_KEY\n"
        "from veedor.record.log import append_entries; from veedor.record.errors import LogError\n"
        "try: append_entries(Path(sys.argv[1]), [b'x' * 500] * 300, [LOG_KEY])\n"
        "except LogError as error: sys.exit(str(error))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(log)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).resolve().parents[2],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )
    assert (done.returncode, "File too large. The log still ends at entry 10" in done.stderr) == (1, True), done.stderr
    assert append_entries(log, entries(1, 10), [LOG_KEY]) == checkpoint_of(entries(11))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log")
    (log / "tile").write_bytes(b"a file where a folder should be")
    with pytest.raises(LogError, match=r"could not be written: .*The log still ends at entry 0"):
        append_entries(log, entries(1), [LOG_KEY])
    assert read_head(log).checkpoint.size == 0


def test_a_read_only_disk(tmp_path: Path) -> None:
    for disk in mounted(tmp_path / "disk", "size=1m"):
        log = log_at(disk / "log", entries(3))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(LogError, match=r"cannot be written: Read-only file system"):
            append_entries(log, entries(1, 3), [LOG_KEY])
        assert read_head(log).checkpoint.size == 3


def test_no_log_there(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="cannot be written: No such file or directory"):
        append_entries(tmp_path / "nothing", entries(1), [LOG_KEY])
    with pytest.raises(DamagedError, match=r"log.json is missing"):
        read_head(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["append", "witness", "steps"])
def test_killed_at_any_moment_it_loses_nothing_and_forks_nothing(tmp_path: Path, what: str) -> None:
    """SIGKILL at 200 random moments; for `steps` just before each call to the disk. See crashes.py."""
    memory = Path("/dev/shm")  # noqa: S108 - a disk in memory is quicker, and SIGKILL does not reach it either
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else tmp_path) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "tests.record.crashes", what, f"{folder}/log", "200", "2019"],
            capture_output=True,
            text=True,
            check=False,
            cwd=Path(__file__).resolve().parents[2],
        )
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)
    assert (counts["lost"], counts["forked"]) == (0, 0)
    assert counts["acknowledged"] >= 1
    assert counts["rounds"] == 200 or (what == "steps" and counts["rounds"] > 20)


SIZE = 65_850
"""257 full tiles at level 0 and a partial one; at level 1 a full and a partial one; a partial one at level 2."""


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return log_at(tmp_path_factory.mktemp("large") / "log", entries(SIZE))


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "tile/2/000.p/1",
        "tile/1/001.p/1",
        "tile/1/000",
        "tile/0/257.p/58",
        "tile/0/000",
        "tile/0/130",
        "tile/entries/257.p/58",
        "tile/entries/130",
    ],
)
@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_the_file_that_was_harmed_is_named(large: Path, path: str, harm: str) -> None:
    checkpoint = parse_checkpoint(checkpoints_of(large)[-1].text)
    file = large / path
    sound = file.read_bytes()
    try:
        if harm == "flip":
            at = len(sound) // 2
            file.write_bytes(sound[:at] + bytes([sound[at] ^ 4]) + sound[at + 1 :])
        elif harm == "cut":
            file.write_bytes(sound[:-1])
        else:
            file.unlink()
        (message,) = faults(Folder(large), checkpoint)
    finally:
        file.write_bytes(sound)
    assert path in message
    if harm != "flip":
        assert ("missing" if harm == "remove" else "wanted" if path[5] != "e" else "cut short") in message
    elif "entries" in path:
        assert "was altered: entry" in message


def test_an_altered_edge_is_seen_before_anything_is_added(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", entries(300))
    for path in ("tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"):
        sound = (log / path).read_bytes()
        (log / path).write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
        with pytest.raises(DamagedError, match=path):
            append_entries(log, entries(1, 300), [LOG_KEY])
        (log / path).write_bytes(sound)
    assert append_entries(log, entries(1, 300), [LOG_KEY]) == checkpoint_of(entries(301))


def test_a_checkpoint_of_another_log_or_key_is_not_taken_for_ours(tmp_path: Path) -> None:
    log = log_at(tmp_path / "log", entries(3))
    sound = (log / "checkpoint").read_bytes()
    (log / "checkpoint").write_bytes(sound.replace(b"valle", b"walle", 1))
    with pytest.raises(DamagedError, match="checkpoint is of 'walle"):
        read_head(log)


def test_a_copy_takes_only_entries_that_give_the_root(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    mirror_entries(copy, [LOG_KEY.public], entries(5), signed(entries(5)))
    with pytest.raises(DamagedError, match="do not give the root"):
        mirror_entries(copy, [LOG_KEY.public], [b"other"], signed(entries(6)))
    mirror_entries(copy, [LOG_KEY.public], entries(1, 5), signed(entries(6)))
    assert read_head(copy).checkpoint == checkpoint_of(entries(6))

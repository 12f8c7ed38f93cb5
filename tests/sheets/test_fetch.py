"""Downloads from a server of our own: once, checked, whole or not at all."""

import contextlib
import hashlib
import io
import os
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.sheets.small import CSV, election
from veedor.cli.common import ask_to_download
from veedor.election import Election
from veedor.errors import MissingDataError, VeedorError
from veedor.sheets import fetch
from veedor.sheets.cache import documents_folder
from veedor.sheets.fetch import cache_folder, downloads, fetch_election, folder_of_data
from veedor.sheets.read import read_sheets


@dataclass
class Site:
    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    def __init__(self, site: Site, *arguments: Any) -> None:
        self.site = site
        super().__init__(*arguments)

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        data = self.site.files.get(self.path)
        if data is None:
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(data) * (2 if "cut" in self.path else 1)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site(files={"/sheets.csv": CSV.encode(), "/cut.csv": CSV.encode()[:50]})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, made))
    made.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def named(site: Site, path: str = "/sheets.csv", *, sha256: str | None = None, file: str = "sheets.csv") -> Election:
    source = {"file": file, "layout": "sheets", "url": site.address + path, "sha256": sha256}
    return election(sources=[source])


RIGHT = hashlib.sha256(CSV.encode()).hexdigest()


def test_a_file_is_downloaded_once(site: Site, tmp_path: Path) -> None:
    elected = named(site, sha256=RIGHT.upper(), file="deep/sheets.csv")
    assert fetch_election(elected, tmp_path) == [tmp_path / "deep" / "sheets.csv"]
    assert fetch_election(elected, tmp_path) == [tmp_path / "deep" / "sheets.csv"]
    assert site.asked == ["/sheets.csv"]
    assert read_sheets(elected, elected.contests[0], elected.counts[0], tmp_path).table.height == 3


def packed(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("inner.csv", content)
    return made.getvalue()


def test_a_file_published_in_a_zip_of_its_own_is_unpacked_and_checked(site: Site, tmp_path: Path) -> None:
    site.files["/sheets.zip"] = packed(CSV.encode())
    assert fetch_election(named(site, "/sheets.zip", sha256=RIGHT), tmp_path) == [tmp_path / "sheets.csv"]
    assert (tmp_path / "sheets.csv").read_bytes() == CSV.encode()
    site.files["/other.zip"] = packed(b"something else")
    with pytest.raises(MissingDataError, match=hashlib.sha256(b"something else").hexdigest()):
        fetch_election(named(site, "/other.zip", sha256=RIGHT, file="second.csv"), tmp_path)
    site.files["/broken.zip"] = packed(CSV.encode())[:60]
    with pytest.raises(MissingDataError, match="could not be downloaded"):
        fetch_election(named(site, "/broken.zip", sha256=RIGHT, file="second.csv"), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sheets.csv"]


def test_a_file_with_another_hash_is_not_kept(site: Site, tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"sheets\.csv: could not be downloaded from http"):
        fetch_election(named(site, sha256="0" * 64), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_never_replaced(site: Site, tmp_path: Path) -> None:
    (tmp_path / "sheets.csv").write_text("mine")
    with pytest.raises(MissingDataError, match=hashlib.sha256(b"mine").hexdigest()):
        fetch_election(named(site, sha256=RIGHT), tmp_path)
    assert (tmp_path / "sheets.csv").read_text() == "mine"
    assert site.asked == []


@pytest.mark.parametrize("path", ["/none.csv", "/cut.csv"])
def test_what_the_server_does_not_have_or_breaks_off(site: Site, tmp_path: Path, path: str) -> None:
    with pytest.raises(MissingDataError, match=f"could not be downloaded from {site.address}{path}"):
        fetch_election(named(site, path), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    """Where there is no network, the message says which file to get, from where, and where to put it."""
    with pytest.raises(MissingDataError) as refused:
        fetch_election(named(Site(address="http://127.0.0.1:9")), tmp_path)
    assert str(refused.value).splitlines() == [
        "sheets.csv: could not be downloaded from http://127.0.0.1:9/sheets.csv "
        "(no answer from 127.0.0.1:9, [Errno 111] Connection refused: is there a network, a proxy, a firewall?)",
        "what to do: get each file above from its address, on a machine that reaches it, and put it under the name "
        f"given first into {tmp_path}; or into a folder with all files of the election, named with --data DIR",
    ]


def test_a_zip_of_its_own_is_to_be_unpacked_by_hand(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"the address of sheets\.csv holds a \.zip: unpack the file in it"):
        fetch_election(named(Site(address="http://127.0.0.1:9"), "/sheets.zip"), tmp_path)


def test_a_server_that_sends_without_end(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "FILE_LIMIT", 20)
    with pytest.raises(VeedorError, match="more than 20 bytes"):
        fetch_election(named(site), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/x", "sheets.csv"])
def test_other_addresses_than_of_the_web_are_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(MissingDataError, match="no address that begins with https"):
        fetch_election(election(sources=[{"file": "sheets.csv", "layout": "sheets", "url": url}]), tmp_path)


def test_files_without_an_address_are_all_named(tmp_path: Path) -> None:
    sources = [{"file": name, "layout": "sheets"} for name in ("a.csv", "b.csv", "a.csv")]
    elected = election(sources=sources)
    assert [download.name for download in downloads(elected)] == ["a.csv", "b.csv"]
    with pytest.raises(MissingDataError, match=r"(?s)a\.csv: the definition gives no address.*b\.csv: "):
        fetch_election(elected, tmp_path)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VEEDOR_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """The folder of a definition that its author wrote, without the files."""
    folder = tmp_path / "definition"
    folder.mkdir()
    (folder / "election.toml").touch()
    return folder


def comes_along(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "known_elections", lambda: {"small": folder / "election.toml"})


def test_where_the_data_is(
    site: Site, tmp_path: Path, cache: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elected = named(site, sha256=RIGHT)
    given = tmp_path / "given"
    with pytest.raises(MissingDataError, match="is not a folder"):
        folder_of_data(elected, definition=beside, data=given)
    given.mkdir()
    assert folder_of_data(elected, definition=beside, data=given) == given
    assert site.asked == []
    comes_along(beside, monkeypatch)
    assert folder_of_data(elected, definition=beside, data=None) == cache_folder(elected)
    assert cache_folder(elected).parent == cache / "data"
    assert site.asked == ["/sheets.csv"]
    (beside / "sheets.csv").write_text(CSV)
    assert folder_of_data(elected, definition=beside, data=None) == beside


def test_a_definition_of_somebody_else_downloads_nothing_unasked(
    site: Site, cache: Path, beside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elected = named(site, sha256=RIGHT)
    with pytest.raises(
        MissingDataError, match=r"veedor fetch .*definition.* downloads 1 file from 127\.0\.0\.1; or say"
    ):
        folder_of_data(elected, definition=beside, data=None)
    with pytest.raises(MissingDataError, match="veedor fetch"):
        folder_of_data(
            elected, definition=str(beside), data=None, accept=ask_to_download
        )  # as every command asks, with nobody at a terminal
    assert (site.asked, cache.exists()) == ([], False)
    folder = folder_of_data(elected, definition=beside, data=None, accept=lambda offer: offer.hosts == ("127.0.0.1",))
    assert (folder / "sheets.csv").read_text() == CSV
    assert folder_of_data(elected, definition=beside, data=None) == folder


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "asked"), [("n\n", []), ("\n", []), ("", []), ("maybe\ny\n", ["/sheets.csv"]), ("y\n", ["/sheets.csv"])]
)
def test_at_a_terminal_the_question_is_asked(
    site: Site, cache: Path, beside: Path, monkeypatch: pytest.MonkeyPatch, answer: str, asked: list[str]
) -> None:
    shown = Terminal()
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    monkeypatch.setattr("sys.stderr", shown)
    with contextlib.nullcontext() if asked else pytest.raises(MissingDataError, match="veedor fetch"):
        folder_of_data(named(site, sha256=RIGHT), definition=str(beside), data=None, accept=ask_to_download)
    assert "Download 1 file from 127.0.0.1? [y/N]" in shown.getvalue()
    assert site.asked == asked


def test_files_without_a_hash_wait_until_they_are_asked_for(
    site: Site, cache: Path, beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elected = named(site)
    comes_along(beside, monkeypatch)
    with pytest.raises(MissingDataError, match="veedor fetch"):
        folder_of_data(elected, definition=beside, data=None)
    assert site.asked == []
    fetch_election(elected)
    assert folder_of_data(elected, definition=beside, data=None) == cache_folder(elected)


def test_no_definition_reaches_the_files_of_another_one_or_the_kept_documents(site: Site, cache: Path) -> None:
    """Same identifier, same names, other addresses: as a foreign definition called bolivia-2019 would have it."""
    site.files["/forged.csv"] = b"forged"
    ours, theirs = named(site, sha256=RIGHT), named(site, "/forged.csv")
    fetch_election(theirs)
    assert cache_folder(ours) != cache_folder(theirs)
    fetch_election(ours)
    assert (cache_folder(ours) / "sheets.csv").read_text() == CSV
    for identifier in ("report", "data", "documents", "a.b-c_d"):
        elected = named(site).model_copy(update={"id": identifier})
        assert cache_folder(elected).parent == cache / "data"
        assert not documents_folder().is_relative_to(cache_folder(elected))


def test_of_a_file_without_a_hash_only_the_very_same_definition_takes_what_was_downloaded(site: Site) -> None:
    one = named(site)
    other = one.model_copy(update={"date": one.date.replace(year=1999)})
    assert cache_folder(one) != cache_folder(other)
    hashed = named(site, sha256=RIGHT)
    assert cache_folder(hashed) == cache_folder(hashed.model_copy(update={"date": other.date}))


def test_nothing_is_downloaded_through_a_link_or_under_a_hidden_name(site: Site, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "sub").symlink_to(tmp_path / "home")
    for name in ("sub/sheets.csv", ".profile", ".ssh/authorized_keys", "deep/.hidden/sheets.csv"):
        with pytest.raises(MissingDataError, match="nothing is downloaded"):
            fetch_election(named(site, file=name), out)
    assert (site.asked, list((tmp_path / "home").iterdir())) == ([], [])
    os.mkfifo(out / "pipe")
    with pytest.raises(MissingDataError, match="a pipe, no regular file"):
        fetch_election(named(site, file="pipe"), out)

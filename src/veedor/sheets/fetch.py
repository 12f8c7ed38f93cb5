"""Published files downloaded once, checked against their SHA-256, and kept; and where an election's files are."""

import shlex
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from veedor.election import Election, PlainTable
from veedor.election.read import find_definition, known_elections
from veedor.errors import MissingDataError, VeedorError
from veedor.files import atomic
from veedor.rim import fetch
from veedor.rim.foreign import ForeignError, hash_of, open_file
from veedor.saying import joined
from veedor.sheets.cache import data_folder
from veedor.sheets.formats.unpack import FILE_LIMIT, read_bytes
from veedor.sheets.publications import inside, publications
from veedor.sheets.texts import SAID


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file that the definition names: its name in the data folder, its address and what its bytes must be."""

    name: str
    url: str | None
    sha256: str | None


def downloads(election: Election) -> tuple[Download, ...]:
    """Every single file that the definition names, once; not those that only a pattern names."""
    found = {download.name: download for download in (*_of_counts(election), *_of_tables(election))}
    return tuple(found.values())


HOSTS = 5
"""Servers that an offer names; the rest are counted."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A download that nobody asked for yet. definition: the path of the election.toml that names the addresses."""

    election: str
    definition: Path
    files: tuple[Download, ...]

    @property
    def hosts(self) -> tuple[str, ...]:
        """The servers that would be asked, each once."""
        return tuple(dict.fromkeys(urlsplit(one.url).hostname or "?" for one in self.files if one.url is not None))

    def __str__(self) -> str:
        return str(self.said)

    @property
    def said(self) -> str:
        """How many files, and from where."""
        number, hosts = sum(one.url is not None for one in self.files), ", ".join(self.hosts[:HOSTS])
        if (more := len(self.hosts) - HOSTS) > 0:
            hosts = SAID.say("fetch.and_more", hosts=hosts, more=more)
        return SAID.plural("fetch.offer", number, hosts=hosts)


def folder_of_data(
    election: Election,
    *,
    definition: str | Path,
    data: Path | None,
    accept: Callable[[Offer], bool] = lambda offer: False,
) -> Path:
    """Folder of the election's files: `data` if given, else beside the definition, else the cache.

    Where the definition gives addresses and a file of a count is missing from the cache, the cache is filled: without
    asking only for a definition that comes along with veedor, whose files all have their SHA-256. For another one
    `accept` is asked; if it refuses, MissingDataError says which command downloads them.
    Where there is no address the files can only be beside the definition, whether they are there or not.
    """
    if data is not None:
        if not data.is_dir():
            raise MissingDataError(SAID.say("fetch.no_folder", folder=str(data), election=election.id))
        return data
    found = find_definition(definition)
    beside = found.parent
    wanted = tuple(dict.fromkeys(_of_counts(election)))
    if _complete(election, beside) or not any(one.url for one in wanted):
        return beside
    cache = cache_folder(election)
    if _complete(election, cache):
        return cache
    offer = Offer(election=election.id, definition=found, files=wanted)
    if not _trusted(found, wanted) and not accept(offer):
        raise MissingDataError(
            SAID.say(
                "fetch.not_here",
                election=election.id,
                definition=str(found),
                name=shlex.quote(str(definition)),
                offer=offer.said,
            )
        )
    _fetch_all(wanted, cache)
    return cache


def _trusted(definition: Path, wanted: Iterable[Download]) -> bool:
    """True if its addresses may be asked without a word from the user: ours, and every file with its hash."""
    ours = {path.resolve() for path in known_elections().values()}
    return definition.resolve() in ours and all(one.sha256 is not None for one in wanted if one.url is not None)


def cache_folder(election: Election) -> Path:
    """Folder of the election's downloaded files: for definitions that name the same files alone.

    Where one of them has no SHA-256 to be known by, the folder is for the very same definition.
    """
    named = downloads(election)
    parts = [part for one in named for part in (one.name, one.url, one.sha256 and one.sha256.lower())]
    whole = None if all(one.sha256 for one in named) else election.model_dump_json()
    return data_folder(election.id, [*parts, whole])


def fetch_election(election: Election, folder: Path | None = None) -> list[Path]:
    """Download what the definition names and the folder (the cache if None) lacks; paths of all that is there now.

    A file appears in the folder whole and with the right hash, or not at all; one that is there already is never
    replaced. Raises MissingDataError with every file that could not be had.
    """
    return _fetch_all(downloads(election), cache_folder(election) if folder is None else folder)


def _fetch_all(wanted: Iterable[Download], folder: Path) -> list[Path]:
    paths: list[Path] = []
    missing: list[str] = []
    absent: list[Download] = []
    for download in wanted:
        path = None
        try:
            path = _place(folder, download.name)
            if path.exists():
                _check(path, download)
            else:
                _fetch(path, download)
            paths.append(path)
        except MissingDataError as problem:
            missing.append(problem.said)
            absent += [download] if path is not None and not path.exists() else []
    if missing:
        raise MissingDataError(joined("\n", [*missing, *_remedy(absent, folder)]))
    return paths


def _remedy(absent: list[Download], folder: Path) -> Iterator[str]:
    """What to do about files that could not be downloaded here."""
    if not absent:
        return
    yield SAID.say("fetch.what_to_do", folder=str(folder))
    packed = [one.name for one in absent if _packed(one)]
    if packed:
        yield SAID.say("fetch.packed", files=", ".join(packed))


def _packed(download: Download) -> bool:
    """True if the address holds the file inside a zip of its own."""
    address, name = (download.url or "").lower(), download.name.lower()
    return address.endswith(".zip") and not name.endswith(".zip")


def _place(folder: Path, name: str) -> Path:
    """Where a file of the definition goes: inside the folder, whatever links lie there, and never hidden."""
    path = folder / name
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        raise MissingDataError(SAID.say("fetch.link_out", name=name, folder=str(folder)))
    if any(part.startswith(".") for part in Path(name).parts):
        raise MissingDataError(SAID.say("fetch.hidden", name=name))
    return path


def _of_counts(election: Election) -> Iterator[Download]:
    for source in (source for count in election.counts for source in count.sources):
        if source.file is not None:
            yield Download(name=inside(source.file), url=source.url, sha256=source.sha256)


def _of_tables(election: Election) -> Iterator[Download]:
    logs = [table for clock in election.clocks for table in (*clock.of_sheets, *clock.of_publications)]
    tables: list[PlainTable] = [*logs, *election.groupings, *election.earlier_votes]
    for table in tables:
        yield Download(name=inside(table.file), url=table.url, sha256=table.sha256)


def _complete(election: Election, folder: Path) -> bool:
    """True if the folder holds a file for each source of each count."""
    try:
        return all(publications(election, count, folder) for count in election.counts)
    except MissingDataError:
        return False


def _check(path: Path, download: Download) -> None:
    try:
        with open_file(path) as stream:
            if download.sha256 is None:
                return
            digest = hash_of(stream)
    except ForeignError as problem:
        raise MissingDataError(problem.said) from None
    if digest != download.sha256.lower():
        raise MissingDataError(
            SAID.say("fetch.other_file", path=str(path), digest=digest, wanted=download.sha256.lower())
        )


def _fetch(path: Path, download: Download) -> None:
    if download.url is None:
        raise MissingDataError(SAID.say("fetch.without_address", name=download.name, folder=str(path.parent)))
    if not download.url.lower().startswith(("http://", "https://")):
        raise MissingDataError(SAID.say("fetch.no_address", name=download.name, url=download.url))
    packed = _packed(download)
    try:
        with tempfile.TemporaryDirectory() as folder:
            got = Path(folder) / ("packed.zip" if packed else "file")
            fetch.download(download.url, got, most=FILE_LIMIT)
            if packed:
                got = _unpacked(got, download)
            _keep(got, path, download)
    except (VeedorError, OSError, ValueError) as problem:
        raise MissingDataError(
            SAID.say(
                "fetch.not_downloaded",
                name=download.name,
                url=download.url,
                why=problem.said if isinstance(problem, VeedorError) else str(problem),
            )
        ) from problem


def _unpacked(archive: Path, download: Download) -> Path:
    """The one file in a zip of its own."""
    content = read_bytes(archive, download.name, lines=False)
    unpacked = archive.with_name("file")
    unpacked.write_bytes(content)
    return unpacked


def _keep(got: Path, path: Path, download: Download) -> None:
    """Put the file in its place, once its hash is the one wanted."""
    with got.open("rb") as stream:
        digest = hash_of(stream)
    if download.sha256 is not None and digest != download.sha256.lower():
        raise ValueError(SAID.say("fetch.other_hash", digest=digest, wanted=download.sha256.lower()))
    with atomic(path) as temporary:
        shutil.copyfile(got, temporary)

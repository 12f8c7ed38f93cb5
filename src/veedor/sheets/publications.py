"""Where the files of a count lie: what each snapshot is made of, found in the data folder."""

import datetime as dt
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from veedor.election import Count, Election, Layout, Source
from veedor.election.patterns import Pattern, PatternError, pattern_of
from veedor.errors import DefinitionError, Fault, InputError, MissingDataError

TIME_LIKE = re.compile(r"(?=(?:\D*\d){3})[\d._:TZ +-]+")
"""What stands in the place of a time in a name, for the file to be taken for a misnamed one: digits and marks."""


@dataclass(frozen=True, kw_only=True)
class PublishedFile:
    """One file of a snapshot: where it lies, what faults call it, and how it is read.

    folder: the data folder, out of which no link may lead.
    """

    path: Path
    folder: Path
    name: str
    source: Source
    layout: Layout


@dataclass(frozen=True, kw_only=True)
class Publication:
    """One snapshot of a count: its time, and the files that together hold it."""

    when: dt.datetime
    files: tuple[PublishedFile, ...]


def publications(election: Election, count: Count, data: Path) -> tuple[Publication, ...]:
    """The count's snapshots found in the folder `data`, oldest first. Files of the same time are one state.

    A source without a time is taken as published at the end of election day. Raises MissingDataError naming every
    file that is not there, InputError for files whose names nearly fit a pattern: they would be missed in silence.
    """
    if faults := _misnamed(election, count, data):
        raise InputError(faults)
    found: dict[dt.datetime, list[PublishedFile]] = {}
    missing: list[str] = []
    for source in count.sources:
        layout = _layout_of(election, source)
        files = list(_files_of(election, source, data))
        if not files:
            missing.append(_absent(source, data))
        for when, path, name in files:
            found.setdefault(when, []).append(
                PublishedFile(path=path, folder=data, name=name, source=source, layout=layout)
            )
    if missing:
        addresses = any(source.url for source in count.sources)
        remedy = f"fetch it with `veedor fetch {election.id}` or say where it is" if addresses else "say where it is"
        raise MissingDataError("\n".join([*missing, f"{remedy} with --data DIR"]))
    return tuple(Publication(when=when, files=tuple(found[when])) for when in sorted(found))


def check_hash(file: PublishedFile, sha256: str) -> None:
    """Raise MissingDataError if the definition gives the file's SHA-256 and the bytes read have another."""
    if file.source.sha256 is not None and sha256 != file.source.sha256.lower():
        raise MissingDataError(
            f"{file.name} is not the file that the definition names: its SHA-256 is {sha256}, "
            f"wanted {file.source.sha256.lower()} (fetch it again, or correct the definition)"
        )


def _layout_of(election: Election, source: Source) -> Layout:
    if source.layout not in election.layouts:
        known = ", ".join(election.layouts) or "none"
        raise DefinitionError(
            [Fault(file="election.toml", column="layout", found=f"'{source.layout}'", wanted=f"one of {known}")]
        )
    return election.layouts[source.layout]


def _files_of(election: Election, source: Source, data: Path) -> Iterator[tuple[dt.datetime, Path, str]]:
    if source.file is not None:
        name = inside(source.file)
        path = data / name
        if path.is_file():
            yield _time_of(election, source), path, name
    if source.files is not None:
        for path, name, text in _matches(data, _pattern(source.files)):
            yield _time_in_name(election, source, name, text), path, name


def inside(name: str) -> str:
    """The name itself, if it cannot lead out of the data folder."""
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or re.match(r"[A-Za-z]:", name):
        raise DefinitionError(
            [Fault(file="election.toml", column="sources", found=f"'{name}'", wanted="a name inside the data folder")]
        )
    return name


def _time_of(election: Election, source: Source) -> dt.datetime:
    if source.time is None:
        return dt.datetime.combine(election.date + dt.timedelta(days=1), dt.time(), election.zone)
    return in_zone(source.time, election)


def assumed_time(election: Election, count: Count) -> dt.datetime | None:
    """The time that stands in for that of a source which states none, in `time` or in its files' names."""
    for source in count.sources:
        if source.time is None and (source.files is None or not _pattern(source.files).time_format):
            return _time_of(election, source)
    return None


def in_zone(when: dt.datetime, election: Election) -> dt.datetime:
    """The time in the election's zone; a time without an offset is meant there."""
    return when.replace(tzinfo=election.zone) if when.tzinfo is None else when.astimezone(election.zone)


def _pattern(text: str) -> Pattern:
    try:
        return pattern_of(inside(text))
    except PatternError as problem:
        fault = Fault(file="election.toml", column="sources.files", found=f"'{text[:100]}'", wanted=str(problem))
        raise DefinitionError([fault]) from None


def _matches(data: Path, pattern: Pattern) -> Iterator[tuple[Path, str, str | None]]:
    """Files that the pattern names, sorted: path, name relative to the folder, and the text of the time.

    Folders that are links are not looked into: a file would be found again under another name, or without end.
    """
    folders: list[tuple[Path, list[tuple[str, ...]]]] = [(data, [])]
    for step in pattern.steps[:-1]:
        folders = [
            (folder / entry.name, [*found, here])
            for folder, found in folders
            for entry in _entries(folder)
            if (here := step.match(entry.name)) is not None and entry.is_dir(follow_symlinks=False)
        ]
    for folder, found in folders:
        for entry in _entries(folder):
            here = pattern.steps[-1].match(entry.name)
            if here is not None and not entry.is_dir():
                path = folder / entry.name
                yield path, path.relative_to(data).as_posix(), pattern.time_in([*found, here])


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    """What is in a folder, sorted by name; nothing is in what is none."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _misnamed(election: Election, count: Count, data: Path) -> list[Fault]:
    """Files that a pattern would name but for how the time in their name is written, and that nothing else names."""
    patterns = [pattern for source in count.sources if source.files and (pattern := _pattern(source.files)).time_format]
    near = {
        name: (pattern.text, text)
        for pattern in patterns
        for _, name, text in _matches(data, pattern.loosely)
        if text and TIME_LIKE.fullmatch(text)
    }
    if not near:
        return []
    for other in (source for each in election.counts for source in each.sources):
        named = [name for _, name, _ in _matches(data, _pattern(other.files))] if other.files else [other.file]
        for name in named:
            near.pop(_plain(name or ""), None)
    for table in election.plain_tables:
        near.pop(_plain(table.file), None)
    return [
        Fault(
            file=name,
            found=f"'{text}' in its name",
            wanted=f"a name as {pattern}",
            remedy="rename it, or move it out of the folder",
        )
        for name, (pattern, text) in near.items()
    ]


def _plain(name: str) -> str:
    """A file's name without `.` and doubled marks."""
    return PurePosixPath(name).as_posix()


def _time_in_name(election: Election, source: Source, name: str, text: str | None) -> dt.datetime:
    time_format = _pattern(source.files or "").time_format
    if text is None or time_format is None:
        return _time_of(election, source)
    try:
        return in_zone(dt.datetime.strptime(text, time_format), election)
    except ValueError as problem:
        wanted = f"a time written as {time_format} in the file's name"
        raise InputError([Fault(file=name, found=f"'{text}'", wanted=wanted)]) from problem


def _absent(source: Source, data: Path) -> str:
    what = f"the file {source.file}" if source.file is not None else f"any file named {source.files}"
    url = f"; it is published at {source.url}" if source.url else ""
    path = data / source.file if source.file is not None else data
    if source.file is not None and path.exists():
        return f"{path} is {'a folder' if path.is_dir() else 'no regular file'}, wanted {what}{url}"
    return f"{data} does not hold {what}{url}"


def names_of(files: Sequence[PublishedFile]) -> str:
    """The files' names as one text for people."""
    return " and ".join(file.name for file in files)

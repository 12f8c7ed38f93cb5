"""The documents of results/ that no command prints: the election, its timeline, its map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from veedor.count.as_json import SeriesDocument
from veedor.document import LEFT_OUT
from veedor.dossier.input import ListedFile
from veedor.election import Reference


@dataclass(frozen=True, kw_only=True)
class LevelShown:
    """A level of geography."""

    id: str
    name: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ChoiceShown:
    """A choice of the contest; party: where the definition names one."""

    id: str
    name: Mapping[str, str]
    party: str | None


@dataclass(frozen=True, kw_only=True)
class CountShown:
    """A count: whose it is, how many sheets it should have, its snapshots as ISO 8601 in the election's time zone."""

    id: str
    kind: str
    name: Mapping[str, str]
    authority: str | None
    expected_sheets: int | None
    snapshots: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class RowLeftOut:
    """A row that could not be read and is in no figure."""

    file: str | None
    row: int | None
    column: str | None
    found: str
    wanted: str


@dataclass(frozen=True, kw_only=True)
class PageSkipped:
    """A page that the dossier does without, and why."""

    page: str
    title: Mapping[str, str]
    reason: str


@dataclass(frozen=True, kw_only=True)
class DocumentShown:
    """Where a fact can be checked; title in `language`, where that is known."""

    title: str
    publisher: str | None
    date: str | None
    url: str | None
    language: str | None
    note: Mapping[str, str] | None


@dataclass(frozen=True, kw_only=True)
class AftermathShown:
    """What became of the election. headline: shown under the headline."""

    date: str
    what: Mapping[str, str]
    source: DocumentShown
    headline: bool


@dataclass(frozen=True, kw_only=True)
class ElectionDocument:
    """`results/election.json`: the facts on which every page rests.

    cut: a moment after which nothing is shown, where one was given. notes: what was said of the files when they were
    read. first_level: the broadest level with more than one place. raw: the files that were read.
    """

    election: str
    contest: str
    name: Mapping[str, str]
    date: str
    timezone: str
    levels: Sequence[LevelShown]
    choices: Sequence[ChoiceShown]
    counts: Sequence[CountShown]
    aftermath: Sequence[AftermathShown] | None = field(default=None, metadata=LEFT_OUT)
    cut: str | None = field(default=None, metadata=LEFT_OUT)
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    notes: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)
    stations: int
    first_level: str | None
    raw: Sequence[ListedFile]
    left_out: Sequence[RowLeftOut]
    sources: Sequence[Reference]
    skipped: Sequence[PageSkipped] | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class Stop:
    """An interruption that the definition names, from `start` to `end` (ISO 8601)."""

    id: str
    count: str
    start: str
    end: str
    name: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class TimelineDocument:
    """`results/timeline.json`: every count, snapshot by snapshot, and the known stops."""

    election: str
    contest: str
    counts: Sequence[SeriesDocument]
    interruptions: Sequence[Stop]


@dataclass(frozen=True, kw_only=True)
class PlaceWithout:
    """A place with stations that have no coordinates; path: its name after those around it, broadest first."""

    path: Sequence[str | None]
    stations: int


@dataclass(frozen=True, kw_only=True)
class PublicationShown:
    """A snapshot by its number among all of them, and how many of all stations it lacks."""

    publication: int
    count: str
    snapshot: str
    missing: int


@dataclass(frozen=True, kw_only=True)
class MapDocument:
    """`results/map.json`: stations with coordinates and without. places_without: the first of places_without_total."""

    election: str
    stations_with_coordinates: int
    stations_without: int
    places_without_total: int
    places_without: Sequence[PlaceWithout]
    publications: Sequence[PublicationShown]

"""The gallery of elections: each definition against the totals that are known of its files.

The files are not in the project: where they are not at hand these tests skip (tests/conftest.py). Known totals are from
the list of the files (data/README.md beside them) unless another source stands beside a figure.
"""

import csv
import lzma
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pytest

from veedor.count import tally
from veedor.election import Election
from veedor.election.read import known_elections, read_election
from veedor.errors import InputError
from veedor.sheets import in_totals
from veedor.sheets.read import Sheets, read_series, read_sheets


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a count. sheets: in the totals; of_valid: of the first choice, in hundredths of a per cent."""

    folder: str
    count: str
    sheets: int
    votes: dict[str, int]
    annulled: int = 0
    valid: int | None = None
    of_valid: int | None = None
    other: dict[str, int] = field(default_factory=dict)


KNOWN = {
    "peru-2021": Known(
        folder="world/peru-2021",
        count="official",
        sheets=86_262,
        votes={"PL": 8_835_653, "FP": 8_791_696},
        annulled=220 + 6,
    ),
    # 86,488 rows, 9,335 of them NA; 73,689 + 2,522 counted, 753 annulled, 189 never set up (the file's words).
    "peru-2021-first": Known(
        folder="world/peru-2021",
        count="official",
        sheets=73_689 + 2_522,
        votes={"PL": 2_618_100, "FP": 1_731_932},
        annulled=753 + 189,
        valid=12_997_239,
    ),
    # 67.18 % of valid votes by the transcription whose `Otros` is a sum (65.58 % if it is taken for a choice).
    "venezuela-2024 other": Known(
        folder="world/venezuela-2024",
        count="other-transcription",
        sheets=21_952,
        votes={"EG": 6_392_350},
        of_valid=6718,
    ),
    # VOTOS_VALIDOS, as the file prints it, adds up to 10,887,262.
    "venezuela-2024": Known(
        folder="world/venezuela-2024", count="published", sheets=25_073, votes={"EG": 7_303_480}, valid=10_887_262
    ),
    "georgia-2024": Known(folder="world/georgia-2024", count="volunteers", sheets=3_110, votes={}, of_valid=5393),
    "cordoba-2019": Known(
        folder="world/cordoba-2019", count="provisional", sheets=8_545, votes={}, valid=1_891_285, of_valid=5729
    ),
    "paraguay-2023": Known(
        folder="world/paraguay-2023",
        count="results",
        sheets=12_252,
        votes={"ANR": 1_292_079, "CN2023": 830_842, "PCN": 692_663},
    ),
    "kentucky-2024": Known(folder="world/kentucky-2024", count="results", sheets=3_170 + 1, votes={}),
    # Federal Electoral Institute, count by districts: 15,000,284, 14,756,350; null 904,604, unregistered 297,989.
    "mexico-2006": Known(
        folder="quickcount",
        count="final",
        sheets=130_777,
        votes={"PAN": 15_000_284, "PRD-PT-CONV": 14_756_350},
        other={"others": 904_604 + 297_989},
    ),
    "mexico-2012": Known(folder="quickcount", count="final", sheets=143_132, votes={}),
    "guanajuato-2012": Known(folder="quickcount", count="final", sheets=6_746, votes={}),
    "coahuila-2017": Known(folder="quickcount", count="final", sheets=3_389 - 61, votes={}, annulled=61),
}


@pytest.fixture(scope="session")
def published(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files as their publishers have them: those that were packed for keeping are unpacked."""
    folder = tmp_path_factory.mktemp("published")
    for path in sorted((shared / "data").glob("world/*/*")):
        there = folder / path.relative_to(shared / "data").with_suffix("" if path.suffix == ".xz" else path.suffix)
        there.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".xz":
            there.write_bytes(lzma.decompress(path.read_bytes()))
        else:
            shutil.copyfile(path, there)
    (folder / "quickcount").symlink_to(shared / "data/quickcount")
    return folder


def sheets_of(name: str, count: str, folder: Path) -> tuple[Election, Sheets]:
    election = read_election(name)
    [chosen] = [one for one in election.counts if one.id == count]
    return election, read_sheets(election, election.contests[0], chosen, folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", KNOWN)
def test_known_totals(published: Path, name: str) -> None:
    known = KNOWN[name]
    election, read = sheets_of(name.split()[0], known.count, published / known.folder)
    table = read.table.filter(in_totals())
    assert table.height == known.sheets
    assert read.table["status"].is_in(["annulled"]).sum() == known.annulled
    totals = tally(table, election.contests[0])
    votes = totals.votes
    assert {choice: votes[choice] for choice in known.votes} == known.votes
    assert known.valid in (None, totals.valid)
    if known.of_valid is not None:
        assert round(10_000 * max(votes.values()) / totals.valid) == known.of_valid
    assert {other: table[f"other.{other}"].sum() for other in known.other} == known.other


def test_every_definition_of_the_gallery_is_tried_against_what_is_known() -> None:
    older = {"bolivia-2019", "bolivia-2020", "russia-2011", "russia-2018"}
    assert {name.split()[0] for name in KNOWN} | older == set(known_elections())


def test_every_definition_has_both_languages_and_its_sources() -> None:
    for name in known_elections():
        election = read_election(name)
        assert "es" in election.name.model_fields_set, name
        assert election.sources, name
        assert not election.questions, name
        for download in (source for count in election.counts for source in count.sources):
            assert download.url is None or download.sha256 is not None, name


@pytest.mark.slow
def test_the_first_state_of_peru_names_its_tables_as_the_later_one(published: Path) -> None:
    """83,467 counted, 8,649,164 and 8,563,590; of 13 words for a sheet's state, 16 + 3 sheets are out for good."""
    election = read_election("peru-2021")
    contest, count = election.contests[0], election.counts[0]
    series = read_series(election, contest, count, published / "world/peru-2021")
    first, last = (series.at(when) for when in series.snapshots)
    assert set(first["station"]) == set(last["station"])
    assert first.filter(in_totals()).height == 83_467
    assert tally(first.filter(in_totals()), contest).votes == {"PL": 8_649_164, "FP": 8_563_590}
    assert Counter(first["status"])["annulled"] == 16 + 3
    assert Counter(first["status"])["pending"] == 1_645 + 3


@pytest.mark.slow
def test_the_transcriptions_of_venezuela_are_of_the_same_tables(published: Path) -> None:
    folder = published / "world/venezuela-2024"
    one, other = (sheets_of("venezuela-2024", count, folder)[1].table for count in ("published", "other-transcription"))
    both = one.join(other, on="station", suffix=" other")
    assert both.height == 21_937
    same = both.filter(
        pl.all_horizontal(pl.col(f"votes.{id_}") == pl.col(f"votes.{id_} other") for id_ in ("EG", "NM"))
    )
    assert same.height >= 21_930
    assert both.filter(pl.col("state") != pl.col("state other")).is_empty()


@pytest.mark.slow
def test_112_sheets_of_georgia_changed_between_states(published: Path) -> None:
    election = read_election("georgia-2024")
    folder = published / "world/georgia-2024"
    with pytest.raises(InputError, match="24 / 23 again, the same row"):
        read_series(election, election.contests[0], election.counts[0], folder)
    series = read_series(election, election.contests[0], election.counts[0], folder, skip_bad_rows=True)
    first, second, third = (series.at(when) for when in series.snapshots)
    assert (first.height, second.height, third.height) == (3_109, 3_110, 3_110)
    assert changed(first, second) + changed(second, third) == 112


def changed(before: pl.DataFrame, after: pl.DataFrame) -> int:
    """Stations of both whose figures differ."""
    figures = [name for name in before.columns if before[name].dtype == pl.Int64]
    both = before.join(after, on="station", suffix=" after")
    return both.filter(pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name} after")) for name in figures)).height


@pytest.mark.slow
def test_a_county_with_totals_only_is_a_sheet_of_its_own_and_named(published: Path) -> None:
    folder = published / "world/kentucky-2024"
    election, read = sheets_of("kentucky-2024", "results", folder)
    assert [note for note in read.notes if "1 sheet is the total of a whole place" in note]
    [scott] = read.table.filter(pl.col("county") == "Scott").to_dicts()
    assert (scott["station"], scott["votes.TRUMP"], scott["votes.HARRIS"]) == (
        "Scott / the county's total",
        18_747,
        10_501,
    )
    sums: Counter[str] = Counter()
    with (folder / "20241105__ky__general__precinct.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            sums[row["candidate"]] += int(row["votes"]) if row["office"] == "President" else 0
    votes = tally(read.table, election.contests[0]).votes
    assert votes["TRUMP"] == sums["Donald J. TRUMP"]
    assert votes["HARRIS"] == sums["Kamala D. HARRIS"]
    assert votes["KENNEDY"] == sums["Robert F. KENNEDY JR."] + sums["Robert F. KENNEDY JR. / Nicole S. SHANAHAN"]


@pytest.mark.slow
def test_mexico_2006_was_decided_by_58_hundredths_of_a_point(published: Path) -> None:
    election, read = sheets_of("mexico-2006", "final", published / "quickcount")
    totals = tally(read.table, election.contests[0])
    first, second = sorted(totals.votes.values(), reverse=True)[:2]
    assert round(10_000 * (first - second) / totals.cast) == 58


@pytest.mark.slow
def test_the_coalitions_of_coahuila_are_the_sums_of_their_columns(published: Path) -> None:
    """Added up here from the 15 and 127 columns of parties and combinations, annulled stations left out."""
    coalitions = {
        "PAN-UDC-PPC-ES": {"PAN", "UDC", "PPC", "ES"},
        "PRI-COALITION": {"PRI", "PVEM", "NVA-ALIANZA", "SI", "PJ", "PRC", "PCP"},
    }
    sums: Counter[str] = Counter()
    with (published / "quickcount/coahuila-2017-final.csv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        parts = {
            column: set(column.replace("NVA_ALIANZA", "NVA-ALIANZA").split("_")) for column in rows.fieldnames or ()
        }
        own = {name: [one for one in parts if parts[one] <= parties] for name, parties in coalitions.items()}
        assert {name: len(columns) for name, columns in own.items()} == {"PAN-UDC-PPC-ES": 15, "PRI-COALITION": 127}
        for row in rows:
            for name, columns in own.items() if row["TEPJF"] == "NA" else ():
                sums[name] += sum(int(row[column]) for column in columns)
    election, read = sheets_of("coahuila-2017", "final", published / "quickcount")
    votes = tally(read.table.filter(in_totals()), election.contests[0]).votes
    assert {name: votes[name] for name in coalitions} == sums
    assert votes["PRI-COALITION"] > votes["PAN-UDC-PPC-ES"]  # whom the quick count of 385 stations had put first

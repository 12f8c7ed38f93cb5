"""Definitions and claims, and a whole election as a folder: definition, sheets, claims."""

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from tests.fuzz.judge import ROOT
from tests.fuzz.mutate import folder, one_of, raw, table, toml, tree
from tests.fuzz.overlay import Files, bytes_of, content, files_in, folder_with, scratch, smaller
from tests.fuzz.target import Mutator, Target, require

if TYPE_CHECKING:
    from veedor.election import Contest, Count, Election

KEYS = (
    b'"plurality"', b'"two_round"', b'"supermajority"', b'"highest_averages"', b'"largest_remainder"', b"seats",
    b"threshold", b"majority", b"alternative", b"lead", b"at_least", b"more_than", b'"40 %"', b'"10 points"', b"quorum",
    b'"hare"', b'"droop"', b"layout", b"layouts", b"file", b"files", b'"*a*a*a*b.csv"', b'"{time:%B%B}.csv"',
    b"time", b"member", b"sha256", b"url", b"columns", b"levels", b"votes", b"sum", b"join", b"labels", b"drop",
    b"is", b"status", b"clocks", b"groupings", b"earlier_votes", b"interruptions", b"expected_sheets", b"publishes",
    b'"additions"', b"timezone", b'"UTC"', b'"Asia/Kathmandu"', b"contests", b"choices", b"counts", b"tie",
)  # fmt: skip


def _text(data: bytes) -> str:
    """As the reader of the file decodes it; what it refuses there is not tried here."""
    return data.decode("utf-8-sig", "replace")


def _run_election(data: bytes) -> object:
    from veedor.election.read import election_from

    return election_from(_text(data))


@cache
def definitions() -> list[bytes]:
    """Definitions with every kind of rule, layout and file beside the sheets that the reference shows."""
    from tests.audit.town import TOML as TOWN
    from tests.dossier.conftest import BOMB
    from tests.dossier.conftest import TOML as HOSTILE
    from tests.sheets.export.tables import SMALL
    from tests.sheets.export.test_nist_read import US

    texts = [TOWN, HOSTILE.format(bomb=BOMB), SMALL, US]
    texts += [path.read_text("utf-8") for path in sorted((ROOT / "elections").glob("*/election.toml"))]
    rules = (
        'kind = "highest_averages", seats = 5, divisors = "dhondt", threshold = { at_least = "3 %" }',
        'kind = "largest_remainder", seats = 7, quota = "droop"',
        'kind = "supermajority", proposal = "ana", line = { more_than = "2/3" }, quorum = { at_least = "50 %" }',
        'kind = "two_round", majority = { more_than = "1/2" }',
    )
    texts += [TOWN.replace('kind = "plurality", seats = 1', rule) for rule in rules]
    return [text.encode() for text in texts]


def _run_claims(data: bytes) -> object:
    from veedor.claims.as_json import claims_as_json
    from veedor.claims.bind import bind
    from veedor.claims.read import claims_from

    election = _town()
    claims = claims_from(_text(data), election)
    document = claims_as_json(election, claims, bind(claims, _results(), file="claims.toml"))
    return json.dumps(document, allow_nan=False)


@cache
def _town() -> "Election":
    from tests.audit.town import TOML
    from veedor.election.read import election_from

    return election_from(TOML)


def _results() -> Any:
    """What a room found, such as a claim is bound to."""
    effect = {"changed_sheets": 3, "votes": None, "share": 0.25, "list": [1, 2]}
    finding = {"check": "reconciliation", "verdict": "holds", "looked_at": 7, "effect": effect, "title": "x"}
    return {"checks": [finding, {**finding, "verdict": "undecided", "level": "region"}], "count": []}


@cache
def claims() -> list[bytes]:
    """Claims and events."""
    from tests.claims.test_claims import CLAIM, EVENT

    demo = (ROOT / "src/veedor/simulation/demo-claims.toml").read_text("utf-8")
    return [
        (CLAIM + EVENT).replace("department", "region").encode(),
        CLAIM.encode(),
        demo.replace("department", "region").encode(),
    ]


CLAIM_KEYS = (
    b"claims", b"events", b"conditions", b"room", b'"count"', b'"checks"', b"finding", b"field", b'"effect.votes"',
    b"at_least", b"at_most", b"more_than", b"less_than", b"answers", b"contradicts", b"withdraws", b"kind",
    b'"testable"', b'"not_testable"', b'"needs_data"', b'"procedural"', b"needs", b"accounts", b"corrects", b"places",
    b"path", b"numbers", b"precision", b'"minute"', b"words", b"source", b"when",
)  # fmt: skip


@cache
def election_files() -> Files:
    """A small election as files: two counts, three published states, claims."""
    from tests.dossier.conftest import write_hostile

    home = scratch() / "election"
    if not home.is_dir():
        write_hostile(home)
    return files_in(home) | {"claims.toml": claims()[0]}


def read_whole(home: Path) -> Any:
    """Everything that commands show of the folder: every contest and count, the states, the checks, the claims."""
    from veedor.checks import CheckInputs, run_checks
    from veedor.claims.as_json import claims_as_json
    from veedor.claims.bind import bind
    from veedor.claims.read import read_claims
    from veedor.election.read import read_election
    from veedor.finding import finding_as_json
    from veedor.sheets.dataset import in_memory

    election = read_election(home)
    found: list[Any] = []
    for contest in election.contests[:2]:
        series = {}
        for count in election.counts[:3]:
            document, series[count.id] = _count(election, contest, count, home)
            found.append(document)
        inputs = CheckInputs(dataset=in_memory(election, series.values(), contest=contest, name="x"))
        found += [finding_as_json(finding) for finding in run_checks(inputs)]
    claims_told = read_claims(home, election)
    found.append(claims_as_json(election, claims_told, bind(claims_told, {}, file="claims.toml")))
    return found


def _count(election: "Election", contest: "Contest", count: "Count", home: Path) -> tuple[Any, Any]:
    from veedor.count import count_as_json, open_part, series_document, states_of, statuses_of, tally
    from veedor.document import as_json
    from veedor.sheets.read import read_series, read_sheets

    sheets = read_sheets(election, contest, count, home, skip_bad_rows=True)
    total = tally(sheets.table, contest)
    part = open_part(contest, total, statuses=statuses_of(sheets.table), expected=count.expected_sheets)
    series = read_series(election, contest, count, home, skip_bad_rows=True)
    states = states_of(series)
    require(states[-1].tally == total, "the last state of a series is what reading the last state alone gives")
    one = count_as_json(election, contest, count, sheets.when, total, part, expected=count.expected_sheets)
    return [one, as_json(series_document(election, contest, count, states, count.expected_sheets))], series


def _run_folder(data: bytes) -> object:
    with folder_with(election_files(), data) as home:
        first = json.dumps(read_whole(home), allow_nan=False)
        require(json.dumps(read_whole(home), allow_nan=False) == first, "counting the same table twice gives the same")
    return first


def _folder_seeds() -> list[bytes]:
    """The folder as it is, and with other rules."""
    plain = election_files()["election.toml"].decode()
    found = [b"{}"]
    for rule in (
        'kind = "highest_averages"\nseats = 5',
        'kind = "largest_remainder"\nseats = 7',
        'kind = "plurality"\nseats = 1',
        'kind = "supermajority"\nproposal = "A"\nline = { more_than = "2/3" }',
    ):
        other = re.sub(r"(?s)\[contests\.rule\].*?\n\n", f"[contests.rule]\n{rule}\n\n", plain, count=1)
        found.append(bytes_of({"election.toml": content(other.encode())}))
    return found


def _folder_mutator(seeds: Sequence[bytes]) -> Mutator:
    ways = {
        "election.toml": toml.toml_tree(KEYS, definitions()),
        "claims.toml": toml.toml_tree(CLAIM_KEYS, claims()),
        ".csv": table.table(b",", (b"station", b"region", b"A", b"B")),
    }
    return folder.folder(election_files(), ways, names=("three.csv", "claims.toml", "sub/one.csv"))


def _run_pattern(data: bytes) -> object:
    """A pattern, and names of files in the folder, a line each."""
    from tests.sheets.small import CSV, election
    from veedor.sheets.publications import publications

    pattern, *names = data.decode("utf-8", "replace").split("\n")
    elected = election(sources=[{"files": pattern, "layout": "sheets"}])
    files = {name: CSV.encode() for name in names[:40] if _is_file_name(name)}
    with folder_with({}, bytes_of({name: content(each) for name, each in files.items()})) as home:
        return publications(elected, elected.counts[0], home)


def _is_file_name(name: str) -> bool:
    return 0 < len(name.encode("utf-8", "replace")) <= 200 and "\0" not in name and ".." not in name.split("/")


PATTERNS = (
    b"acta.{time:%Y.%m.%d.%H.%M.%S}.csv\nacta.2019.10.20.19.40.57.csv\nacta.2019.10.21.18.29.53.csv\nother.csv",
    b"*.csv\na.csv\nb.csv",
    b"a*b*.csv\nab.csv\naxxb.csv\n" + b"a" * 150 + b".csv",
    b"sub/{time:%d-%b-%Y %I%p}*.csv\nsub/01-Mar-2024 10PM.csv",
    b"{time:%Y%m%d_%H%M%S%z}.csv\n20240101_101010+0100.csv\n2024-01-01 101010.csv",
)
PATTERN_WORDS = (b"*", b"*a", b"{time:", b"}", b"%Y", b"%m", b"%d", b"%H", b"%j", b"%f", b"%B", b"%b", b"%p", b"%z",
                 b"%Q", b"%", b"**", b"?", b"[", b"(", b"a*" * 12, b"%B" * 12, b"a" * 60)  # fmt: skip


def _run_table(data: bytes) -> object:
    """A sheet table with any names, written as CSV and as Parquet and read back."""
    import polars as pl
    from polars.testing import assert_frame_equal

    from tests.sheets.export.tables import small, table_of
    from veedor.sheets.export.csv import read_table_csv, write_csv

    election, contest, _ = small()
    try:
        rows = [row for row in json.loads(data) if isinstance(row, dict)][:20]
        made = table_of(election, contest, rows)
    except (ValueError, TypeError, OverflowError, AttributeError, RecursionError, pl.exceptions.PolarsError):
        return None
    with folder_with({}) as home:
        write_csv(home / "x.csv", made)
        read = read_table_csv(home / "x.csv", election, contest)
    try:
        assert_frame_equal(read, made, categorical_as_str=True)
    except AssertionError as error:
        if '""' not in str(error):
            require(False, "a table written as CSV is read back as it was")
    return read


def _table_seeds() -> list[bytes]:
    row = {"station": "=1", "state": "-x", "precinct": "'a", "votes.A": 1, "votes.B.2": 2, "blank": 0, "null": 3}
    other = {
        "station": "é\u202e",
        "state": "a,b",
        "precinct": 'q"\n',
        "votes.A": 0,
        "latitude": -16.5,
        "status": "counted",
    }
    return [json.dumps([row, other]).encode()]


def _tree_of(keys: Sequence[bytes], seeds: Callable[[], list[bytes]]) -> Callable[[Sequence[bytes]], Mutator]:
    def made(given: Sequence[bytes]) -> Mutator:
        return toml.toml_tree(keys, seeds())

    return made


def _pattern_mutator(seeds: Sequence[bytes]) -> Mutator:
    return one_of((1.0, raw.raw(PATTERN_WORDS, seeds)), (1.0, _first_line))


def _first_line(data: bytes, rng: Random) -> bytes:
    first, mark, rest = data.partition(b"\n")
    return raw.raw(PATTERN_WORDS)(first, rng).replace(b"\n", b"") + mark + rest


TARGETS = (
    Target(
        name="election-toml",
        run=_run_election,
        seeds=definitions,
        mutator=_tree_of(KEYS, definitions),
        most_bytes=16_000,
        weight=3,
        share=100,
    ),
    Target(name="claims-toml", run=_run_claims, seeds=claims, mutator=_tree_of(CLAIM_KEYS, claims), weight=2),
    Target(
        name="election-folder",
        run=_run_folder,
        seeds=_folder_seeds,
        mutator=_folder_mutator,
        smaller=smaller,
        most_bytes=20_000,
        weight=4,
        share=12,
    ),
    Target(name="file-patterns", run=_run_pattern, seeds=lambda: list(PATTERNS), mutator=_pattern_mutator),
    Target(name="sheet-table", run=_run_table, seeds=_table_seeds, mutator=lambda seeds: tree.json_tree()),
)

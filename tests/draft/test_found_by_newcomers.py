"""What drafts of real files got wrong or asked nothing about, in small. Expected values: made up beside each case."""

from itertools import combinations
from pathlib import Path

import pytest

from veedor.draft.draft import Draft, draft_of
from veedor.sheets import in_totals
from veedor.sheets.read import read_sheets


def drafted(folder: Path, **files: list[str]) -> Draft:
    """The draft of files with these lines. Names: a double underscore stands for a hyphen."""
    paths = [folder / f"{name.replace('__', '-')}.csv" for name in files]
    for path, lines in zip(paths, files.values(), strict=True):
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return draft_of("my", paths)


def asked(draft: Draft, about: str) -> list[str]:
    return [one.text for one in draft.questions if one.about == about]


def votes_of(draft: Draft) -> tuple[int, int]:
    """Sheets and votes of all choices."""
    election = draft.election
    contest = election.contests[0]
    table = read_sheets(election, contest, election.counts[0], draft.folder).table.filter(in_totals())
    return table.height, sum(int(table[f"votes.{choice}"].sum()) for choice in contest.choice_ids)


HEAD = "district,precinct,Ana,Blas,Null"


def rows_of(districts: int, precincts: int, more: int = 0) -> list[str]:
    return [
        f"{district},{number},{40 + (district * number) % 17 + more},{30 + (7 * number) % 13},{number % 3}"
        for district in range(1, districts + 1)
        for number in range(1, precincts + 1)
    ]


@pytest.mark.slow
def test_a_sheet_that_is_there_twice_does_not_hide_what_tells_stations_apart(tmp_path: Path) -> None:
    rows = rows_of(11, 100)
    draft = drafted(tmp_path, results=[HEAD, *rows, rows[40]])
    assert draft.election.layouts["file"].columns.station.join == ("district", "precinct")
    assert any("'district' and 'precinct' together are unique but for 1 of 1,101 rows" in todo for todo in draft.todo)


def test_files_of_the_same_stations_with_days_in_their_names_are_states(tmp_path: Path) -> None:
    first, second = rows_of(3, 6), rows_of(3, 6, more=1)
    draft = drafted(tmp_path, sheets_2024__11__13=[HEAD, *first], sheets_2024__11__14=[HEAD, *second])
    [source] = draft.election.counts[0].sources
    assert source.files == "sheets_{time:%Y-%m-%d}.csv"
    assert not [one for one in draft.questions if "two states" in one.text]


def test_files_of_other_stations_with_days_in_their_names_are_one_state(tmp_path: Path) -> None:
    rows = rows_of(4, 6)
    draft = drafted(tmp_path, a_2024__11__13=[HEAD, *rows[:12]], a_2024__11__14=[HEAD, *rows[12:]])
    assert len(draft.election.counts[0].sources) == 2
    assert votes_of(draft)[0] == 24


@pytest.mark.parametrize(
    ("name", "more", "asks"),
    [("otros", "", 1), ("Others", "", 1), ("otros", ",nulos", 0), ("Otros Partidos", "", 0)],
)
def test_the_rest_of_the_ballots_may_be_null_votes(tmp_path: Path, name: str, more: str, asks: int) -> None:
    spare = ",2" if more else ""
    rows = [f"{n},{50 + n},{40 - n},{n % 5},{90 + n % 5 + (2 if more else 0)}{spare}" for n in range(1, 13)]
    draft = drafted(tmp_path, results=[f"mesa,lista_a,lista_b,{name},total{more}", *rows])
    assert len(asked(draft, name)) == asks


def test_a_party_whose_name_holds_the_mark_between_parties(tmp_path: Path) -> None:
    rows = [f"{n},{50 + n},{20 + n},{10 + n % 4},{n % 3},{30 + n % 7}" for n in range(1, 13)]
    draft = drafted(tmp_path, results=["casilla,PRI,NVA_ALIANZA,PVEM,PRI_PVEM_NVA_ALIANZA,MORENA", *rows])
    votes = draft.election.layouts["file"].columns.votes
    assert sorted(len(one.sum or one.names) for one in votes.values()) == [1, 4]


@pytest.mark.slow
def test_a_coalition_of_many_columns_is_asked_about_in_few_words(tmp_path: Path) -> None:
    parties = [f"PARTIDO{letter}" for letter in "ABCDEFG"]
    names = ["_".join(some) for size in range(1, 8) for some in combinations(parties, size)]
    rows = [
        ",".join(map(str, [n, *((n * (place + 3)) % 41 for place in range(len(names))), 70 + n])) for n in range(12)
    ]
    draft = drafted(tmp_path, results=[f"casilla,{','.join(names)},OTRA", *rows])
    [text] = asked(draft, " + ".join(parties))
    assert "+ 111 more columns = " in text


def test_annulled_sheets_are_asked_about_under_whatever_name(tmp_path: Path) -> None:
    rows = [f"{n},{50 + n},{40 - n},{'Anulada' if n == 7 else 'NA'}" for n in range(1, 13)]
    draft = drafted(tmp_path, results=["casilla,lista_a,lista_b,TRIBUNAL", *rows])
    [text] = asked(draft, "TRIBUNAL")
    assert "'Anulada' 1 of 12 rows" in text


LONG = "county,precinct,candidate,votes"


def long_rows(county: str, precincts: list[str], each: int) -> list[str]:
    return [f"{county},{one},{who},{each + len(who)}" for one in precincts for who in ("Ann Poe", "Ben Roe", "Cy Doe")]


def test_a_county_without_precincts_is_a_sheet_and_a_question(tmp_path: Path) -> None:
    many = [f"P{number}" for number in range(1, 16)]
    rows = [*long_rows("Ash", many, 40), *long_rows("Bay", many, 60), *long_rows("Cove", [""], 500)]
    draft = drafted(tmp_path, results=[LONG, *rows])
    assert draft.election.layouts["file"].columns.station.if_empty == "(no precinct)"
    [text] = asked(draft, "precinct")
    assert "in 3 rows 'precinct' is empty" in text
    sheets, votes = votes_of(draft)
    letters = len("Ann Poe" + "Ben Roe" + "Cy Doe")
    assert (sheets, votes) == (31, 15 * (3 * 40 + letters) + 15 * (3 * 60 + letters) + 3 * 500 + letters)


def test_a_county_with_precincts_and_a_row_without_is_not_counted_twice(tmp_path: Path) -> None:
    many = [f"P{number}" for number in range(1, 16)]
    rows = [*long_rows("Ash", many, 40), *long_rows("Bay", many, 60), *long_rows("Bay", [""], 77)]
    draft = drafted(tmp_path, results=[LONG, *rows])
    assert draft.election.layouts["file"].columns.station.if_empty is None
    assert any("totals of a place" in todo for todo in draft.todo)

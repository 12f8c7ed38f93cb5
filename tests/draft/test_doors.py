"""No figure enters, is left out or is guessed without a word: awkward files are read right, asked about, or refused."""

from pathlib import Path

import pytest

from tests.draft import stranger_doors
from tests.draft.doors import CASES, Case
from veedor.draft.draft import Draft, draft_of
from veedor.errors import InputError, VeedorError
from veedor.sheets import in_totals
from veedor.sheets.read import read_sheets

ORDER = ("refused", "asked", "right")


def faults_of(draft: Draft, case: Case) -> list[str]:
    """What of the right values the count of a draft does not give."""
    election = draft.election
    contest = election.contests[0]
    table = read_sheets(election, contest, election.counts[-1], draft.folder).table.filter(in_totals())
    votes = {f"{one.id} {one.name.en}".lower(): int(table[f"votes.{one.id}"].sum()) for one in contest.choices}
    found = []
    for name, number in case.votes.items():
        hits = [votes_of for words, votes_of in votes.items() if name in words]
        if hits != [number]:
            found.append(f"{name}: {hits}, right {number}")
    if case.valid is not None and sum(votes.values()) != case.valid:
        found.append(f"valid {sum(votes.values())}, right {case.valid}")
    if case.sheets is not None and table.height != case.sheets:
        found.append(f"sheets {table.height}, right {case.sheets}")
    return found


def ended(case: Case, folder: Path) -> tuple[str, str]:
    """How the case ended, and why it is not right."""
    for name, data in case.files.items():
        (folder / name).write_bytes(data)
    try:
        draft = draft_of("my", [folder / name for name in case.files])
    except InputError as problem:
        told = case.ask.lower() in str(problem).lower()
        return ("refused" if told else "SILENT"), str(problem)
    asked = " ".join([*draft.todo, *(f"{one.about} {one.text}" for one in draft.questions), *map(str, draft.not_read)])
    asked += " ".join(draft.notes)
    try:
        faults = faults_of(draft, case)
    except VeedorError as problem:
        told = case.ask.lower() in f"{asked} {problem}".lower()
        return ("refused" if told else "SILENT"), str(problem)
    told = bool(case.ask) and case.ask.lower() in asked.lower()
    if not faults and (told or case.must != "asked"):
        return "right", ""
    return ("asked" if told else "SILENT"), f"{faults} | {asked}"


@pytest.mark.parametrize("name", CASES)
def test_an_awkward_file_is_read_right_or_asked_about_or_refused(tmp_path: Path, name: str) -> None:
    case = CASES[name](tmp_path)
    how, why = ended(case, tmp_path)
    assert how != "SILENT", why
    assert ORDER.index(how) >= ORDER.index(case.must), why


@pytest.mark.parametrize("name", stranger_doors.CASES)
def test_a_file_of_another_kind_is_read_right_or_asked_about_or_refused(tmp_path: Path, name: str) -> None:
    case = stranger_doors.CASES[name]()
    how, why = ended(case, tmp_path)
    assert how != "SILENT", why
    assert ORDER.index(how) >= ORDER.index(case.must), why


def test_contested_ballots_are_drafted_where_the_sums_settle_what_they_are(tmp_path: Path) -> None:
    for name, others in (("impugned within the total", ["Impugnados"]), ("not counted, no total", [])):
        (tmp_path / "r.csv").write_bytes(stranger_doors.CASES[name]().files["r.csv"])
        draft = draft_of("my", [tmp_path / "r.csv"])
        assert [(one.id, one.of_cast) for one in draft.election.contests[0].other] == [(one, True) for one in others]
        assert any("No computados" in one.text for one in draft.questions) == (not others)


@pytest.mark.parametrize(
    ("names", "sheets", "said"),
    [
        (("results_20300505_200000.csv", "results_20300506_200000.csv"), 8, "8 stations written otherwise than in"),
        (("north.csv", "south.csv"), 16, "differ only in case, blanks or zeros, and are read as two"),
    ],
    ids=["two states", "two parts of one state"],
)
def test_a_draft_of_two_files_says_that_they_write_stations_otherwise(
    tmp_path: Path, names: tuple[str, str], sheets: int, said: str
) -> None:
    head = "mesa,departamento,votos_uno,votos_dos,votos_blanco,votos_nulos\n"
    rows = "".join(f"{{}}{n},LIMA,{40 + 3 * n},{90 - 2 * n},{n % 3},{n % 2}\n" for n in range(1, 9))
    for name, zeros in zip(names, ("", "00000"), strict=True):
        (tmp_path / name).write_text(head + rows.replace("{}", zeros))
    draft = draft_of("two", [tmp_path / name for name in names])
    assert [one.sheets for one in draft.tried] == [sheets]
    assert any(said in note and "'1'" in note and "'000001'" in note for note in draft.notes)

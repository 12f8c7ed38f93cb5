"""`veedor new` on files in the layouts of other countries, and the count of what it drafted: nobody edits anything."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.draft.countries import more_publishers, publishers
from tests.draft.countries.ballots import added
from tests.draft.countries.program import Program
from tests.draft.countries.publishers import Published
from veedor.election.read import read_election

# Figures that the draft of a file is not held to, since the file does not hold them or does not say what they are.
ABSENT = {"united_states": {"registered"}, "nowhere": {"registered", "null", "cast"}}


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        publishers.brazil,
        publishers.kenya,
        publishers.peru,
        publishers.ecuador,
        publishers.spain,
        publishers.poland,
        publishers.turkey,
        publishers.ukraine,
        publishers.georgia,
        publishers.philippines,
        publishers.indonesia,
        publishers.united_states,
        publishers.nowhere,
        more_publishers.chile,
        more_publishers.switzerland,
        more_publishers.honduras,
        more_publishers.south_africa,
        more_publishers.hungary,
        more_publishers.costa_rica,
        more_publishers.turkey_in_utf16,
        more_publishers.nigeria,
    ],
    ids=lambda make: make.__name__,
)
def test_a_draft_counts_to_what_the_sheets_add_up_to(
    tmp_path: Path, veedor: Program, make: Callable[[Path], Published]
) -> None:
    path, sheets, names = make(tmp_path)
    answer = veedor("new", tmp_path / "election", "--from", path)
    assert answer.status == 0, answer.err
    count = veedor.count(tmp_path / "election", "--data", tmp_path)
    truth = added(sheets)
    wanted: dict[str, Any] = {key: getattr(truth, key) for key in ("registered", "cast", "valid", "blank", "null")}
    for key in ABSENT.get(make.__name__, ()):
        del wanted[key]
    assert {key: count[key] for key in wanted} == wanted
    assert count["sheets"]["counted"] == truth.sheets
    contest = read_election(str(tmp_path / "election")).contests[0]
    ids = {choice.name.en: choice.id for choice in contest.choices}
    assert set(ids) == set(names)
    votes = {choice["id"]: choice["votes"] for choice in count["choices"]}
    assert votes == {ids[name]: found for name, found in zip(names, truth.votes, strict=True)}


def test_where_no_column_sums_the_votes_the_draft_asks(tmp_path: Path, veedor: Program) -> None:
    path = tmp_path / "results.csv"
    path.write_text("Mesa,x,y,z\n" + "".join(f"{n},{n},{n * n},7\n" for n in range(1, 30)))
    answer = veedor("new", tmp_path / "election", "--from", path)
    assert "TODO results.csv: no column is the sum of votes" in answer.out


def test_words_among_figures_and_a_flag_that_says_counted(tmp_path: Path, veedor: Program) -> None:
    # Mexico: N/A and Ilegible among the figures, and the sheets with them have CONTABILIZADA 0.
    lines = ["CÓMPUTOS", "08/06/2024", "", "SECCION|ID_CASILLA|TIPO_CASILLA|PAN|PRI|PAN_PRI|MORENA|NULOS|CONTABILIZADA"]
    lines += [f"{1000 + n}|1|B|{n}|2|1|{40 + n}|3|1" for n in range(60)]
    lines += ["2000|1|B|N/A|N/A|N/A|N/A|N/A|0", "2001|1|B|Ilegible|4|0|9|1|0"]
    (tmp_path / "computos.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    assert veedor("new", tmp_path / "election", "--from", tmp_path / "computos.csv").status == 0
    count = veedor.count(tmp_path / "election", "--data", tmp_path)
    votes = sorted(choice["votes"] for choice in count["choices"])
    assert votes == [sum(n + 3 for n in range(60)), sum(40 + n for n in range(60))]
    assert (count["sheets"]["counted"], count["open"]["by_status"]["withheld"]) == (60, 2)


@pytest.mark.slow
@pytest.mark.parametrize("make", [more_publishers.chile, more_publishers.honduras, more_publishers.south_africa])
def test_from_a_draft_to_a_dossier_that_is_verified(
    tmp_path: Path, veedor: Program, make: Callable[[Path], Published]
) -> None:
    path, _, _ = make(tmp_path)
    folder, site = tmp_path / "election", tmp_path / "site"
    assert veedor("new", folder, "--from", path).status == 0
    assert veedor("check", folder, "--data", tmp_path).status == 0
    assert veedor("report", folder, "--data", tmp_path, "--out", site).status == 0
    answer = veedor("verify", site)
    assert (answer.status, "all the same" in answer.out) == (0, True), answer.err


def test_a_total_of_unknown_name_is_no_choice(tmp_path: Path, veedor: Program) -> None:
    """A column that is the sum of all the others and of the null votes, in every row, is what was cast."""
    rows = [(n, 500, 3 * n + 2 * n + n % 7 + n % 3, 3 * n, 2 * n, n % 7, n % 3) for n in range(1, 41)]
    lines = ["Mesa,Inscritos,xyz,Ana,Blas,Cora,Nulos", *(",".join(map(str, row)) for row in rows)]
    (tmp_path / "results.csv").write_text("\n".join(lines) + "\n")
    assert veedor("new", tmp_path / "election", "--from", tmp_path / "results.csv").status == 0
    count = veedor.count(tmp_path / "election", "--data", tmp_path)
    assert {choice["id"]: choice["votes"] for choice in count["choices"]} == {
        name: sum(row[place] for row in rows) for place, name in ((3, "Ana"), (4, "Blas"), (5, "Cora"))
    }


def test_figures_that_may_be_the_roll_are_asked_for(tmp_path: Path, veedor: Program) -> None:
    lines = ["Mesa,Ana,Blas,Emitidos,lista_xyz", *(f"{n},{n},{2 * n},{3 * n},{9 * n + 1}" for n in range(1, 41))]
    (tmp_path / "results.csv").write_text("\n".join(lines) + "\n")
    todo = veedor("new", tmp_path / "election", "--from", tmp_path / "results.csv", "--json").json["todo"]
    assert [("registered voters" in one, "lista_xyz" in one) for one in todo] == [(True, True)]


def test_two_papers_of_a_column_without_a_known_name_are_asked_about(tmp_path: Path, veedor: Program) -> None:
    lines = ["Mesa,Inscritos,Clase,Partido,Votos"]
    lines += [f"{n},500,{kind},{party},{n}" for n in range(1, 31) for kind in ("uno", "dos") for party in ("A", "B")]
    (tmp_path / "results.csv").write_text("\n".join(lines) + "\n")
    todo = veedor("new", tmp_path / "election", "--from", tmp_path / "results.csv", "--json").json["todo"]
    assert ["each station has rows for each of the 2 texts of 'Clase'" in one for one in todo] == [True]

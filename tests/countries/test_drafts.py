"""`veedor new` on files in the layouts of other countries, and the count of what it drafted: nobody edits anything."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.countries import publishers
from tests.countries.ballots import added
from tests.countries.program import Program
from tests.countries.publishers import Published
from veedor.election.read import read_election

# Figures that the draft of a file is not held to, since the file does not hold them or does not say what they are.
ABSENT = {"united_states": {"registered"}, "nowhere": {"registered", "null", "cast"}}


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

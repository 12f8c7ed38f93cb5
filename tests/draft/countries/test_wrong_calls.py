"""What a person types wrong is answered in words, with status 2, and nothing is overwritten."""

import os
import stat
from pathlib import Path

import pytest

from tests.draft.countries.program import Program
from tests.draft.countries.test_wide_files import PLAIN

HEADER = "Commune;Bureau;Inscrits;Blancs;Nuls;a;b\n"
DEFINITION = PLAIN.replace("VOTES_A", "a").replace("VOTES_B", "b")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small election."""
    (tmp_path / "votes.csv").write_text(HEADER + "X;1;100;0;0;30;20\nX;2;90;1;0;20;10\n")
    (tmp_path / "election.toml").write_text(DEFINITION)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--snapshot", "nonsense"), "2030-05-06T00:00:00"),
        (("--by", "town"), "no level 'town'"),
        (("--contest", "q"), "known: c"),
        (("--count", "q"), "known: official"),
        (("--turnout", "180 %"), "between 0 and 1"),
        (("--data", "/nope"), "--data"),
    ],
)
def test_options_that_name_nothing(folder: Path, veedor: Program, options: tuple[str, str], told: str) -> None:
    answer = veedor("count", folder, *options)
    assert (answer.status, answer.out) == (2, "")
    assert told in answer.err


def test_an_export_replaces_no_folder_and_no_device(folder: Path, veedor: Program) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    for path, what in ((folder, "a folder"), (pipe, "no plain file")):
        answer = veedor("export", folder, "--format", "csv", "--out", path)
        assert answer.status == 2
        assert what in answer.err
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('file = "votes.csv"', 'file = "../votes.csv"', "inside the data folder"),
        ('file = "votes.csv"', 'file = "/etc/passwd"', "inside the data folder"),
        ('file = "votes.csv"', 'file = "vo\\u0000tes.csv"', "without control or zero-width marks"),
        ("Europe/Paris", "Europe/Pariss", "Europe/Paris"),
        ("two_round", "two_rounds", "two_round"),
        ('registered = "Inscrits"', 'registred = "Inscrits"', "registered"),
        ('delimiter = ";"', 'delimiter = ";;"', "delimiter"),
        ('delimiter = ";"', 'delimiter = "é"', "delimiter"),
        ('delimiter = ";"', 'delimiter = "\\""', "delimiter"),
        ('delimiter = ";"', 'delimiter = "\\n"', "delimiter"),
        ('delimiter = ";"', 'delimiter = ";"\nencoding = "utf-9"', "utf-9"),
        ('delimiter = ";"', 'delimiter = ";"\nencoding = "rot13"', "rot13"),
        ('delimiter = ";"', 'delimiter = ";"\nencoding = "zip"', "zip"),
        ('delimiter = ";"', 'delimiter = ";"\nheader_row = 99999999999999999999', "header"),
        ('delimiter = ";"', 'delimiter = ";"\nthousands = "."\ndecimal = "."', "thousands"),
        ("date = 2030-05-05", "date = 0001-01-01", "date"),
        ("date = 2030-05-05", "date = 9999-12-31", "date"),
        ('delimiter = ";"', 'delimiter = ","', "`delimiter`"),
    ],
)
def test_definitions_that_cannot_be(folder: Path, veedor: Program, before: str, after: str, told: str) -> None:
    (folder / "election.toml").write_text(DEFINITION.replace(before, after), encoding="utf-8")
    answer = veedor("count", folder)
    assert answer.status == 2
    assert told in answer.err


@pytest.mark.slow
@pytest.mark.parametrize(
    "row",
    [
        "X;1;100;0;0;30;2\0",
        "X;1;100;0;0;30;" + "9" * 400_000,
        "X" * 900_000 + ";1;100;0;0;30;a",
        "X;1;100;0;0;30;+5",
        "X;1;100;0;0;30;5５",
        "X;1;100;0;0;30;1,5",
        "X;1;100;0;0;30",
        "Source: the ministry",
        'X;"1;100;0;0;30;2',
    ],
)
def test_rows_that_cannot_be(folder: Path, veedor: Program, row: str) -> None:
    (folder / "votes.csv").write_text(f"{HEADER}{row}\nX;2;90;1;0;20;10\n", encoding="utf-8")
    answer = veedor("count", folder)
    assert (answer.status, answer.out) == (2, "")
    assert "votes.csv, row 2" in answer.err
    assert len(answer.err) < 2_000
    assert veedor.count(folder, "--skip-bad-rows")["valid"] == 30


@pytest.mark.slow
def test_names_are_shown_as_they_are(folder: Path, veedor: Program) -> None:
    hostile = "<script>alert(1)</script>"
    definition = DEFINITION.replace('{ en = "Ana" }', f'{{ en = "{hostile}" }}').replace(
        'en = "Plain"', f'en = "{hostile}"'
    )
    (folder / "election.toml").write_text(definition)
    assert hostile in veedor("count", folder).out
    answer = veedor("report", folder, "--out", folder / "dossier")
    assert answer.status == 0, answer.err
    pages = [page.read_text(encoding="utf-8") for page in (folder / "dossier").rglob("*.html")]
    assert pages
    assert not any(hostile in page for page in pages)
    assert veedor("verify", folder / "dossier", "--data", folder).status == 0
    figures = next((folder / "dossier" / "results").glob("count*.json"))
    figures.write_text(figures.read_text(encoding="utf-8").replace("50", "51", 1), encoding="utf-8")
    assert veedor("verify", folder / "dossier", "--data", folder).status == 1


@pytest.mark.slow
def test_a_tie_one_choice_and_sixty(folder: Path, veedor: Program) -> None:
    (folder / "votes.csv").write_text(HEADER + "X;1;100;0;0;30;30\n")
    plurality = DEFINITION.replace("two_round", "plurality")
    (folder / "election.toml").write_text(plurality)
    assert veedor.count(folder)["outcome"]["result"] == "tie"
    one = plurality.replace(', { id = "B", name = { en = "Blas" } }', "").replace(', B = "b"', "")
    (folder / "election.toml").write_text(one)
    count = veedor.count(folder)
    assert (count["outcome"]["choices"], count["valid"]) == (["A"], 30)
    names = [f"L{number}" for number in range(60)]
    choices = ", ".join(f'{{ id = "{name}", name = {{ en = "List {name}" }} }}' for name in names)
    many = (
        plurality[: plurality.index("choices")]
        + f"choices = [{choices}]\n"
        + plurality[plurality.index("[[counts]]") :]
    )
    columns = ", ".join(f'{name} = "{name}"' for name in names)
    many = many.replace('votes = { A = "a", B = "b" }', f"votes = {{ {columns} }}")
    (folder / "election.toml").write_text(many)
    header = ";".join(["Commune", "Bureau", "Inscrits", "Blancs", "Nuls", *(f"x{n}" for n in range(240)), *names])
    rows = [";".join(["X", str(n), "9000", "0", "0", *["junk"] * 240, *map(str, range(n, n + 60))]) for n in range(3)]
    (folder / "votes.csv").write_text("\n".join([header, *rows]))
    count = veedor.count(folder)
    assert count["valid"] == sum(sum(range(n, n + 60)) for n in range(3))
    assert count["outcome"]["choices"] == ["L59"]


def test_an_unreadable_file_is_told(folder: Path, veedor: Program) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (folder / "votes.csv").chmod(0)
    answer = veedor("count", folder)
    assert (answer.status, "votes.csv" in answer.err) == (2, True)

"""Choices of one contest in several files of the same stations: joined where sums say so, else asked about.

Ana 10 + 11 + 12 = 33, Blas 20 + 21 + 22 = 63, Cy 5 + 6 + 7 = 18; valid votes 35, 38 and 41 are Ana's, Blas's and Cy's.
"""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from veedor.cli import application
from veedor.draft.draft import write_draft

ANA = "mesa,distrito,Ana\n1,X,10\n2,X,11\n3,Y,12\n"
BLAS = "mesa,distrito,Blas\n1,X,20\n2,X,21\n3,Y,22\n"
BLAS_CY = "mesa,distrito,Blas,Cy\n1,X,20,5\n2,X,21,6\n3,Y,22,7\n"
BLAS_CY_VALID = "mesa,distrito,Blas,Cy,validos\n1,X,20,5,35\n2,X,21,6,38\n3,Y,22,7,41\n"
ONE = "mesa,distrito,votos\n1,X,10\n2,X,11\n3,Y,12\n"
OTHER = "mesa,distrito,votos\n1,X,20\n2,X,21\n3,Y,22\n"


@pytest.mark.parametrize(
    ("files", "votes", "asked"),
    [
        ({"ana.csv": ANA, "blas.csv": BLAS}, {"Ana": 33, "Blas": 63}, "the choices of one contest?"),
        ({"pan.csv": ONE, "pri.csv": OTHER}, {"pan": 33, "pri": 63}, "the choices of one contest?"),
        ({"ana.csv": ANA, "others.csv": BLAS_CY_VALID}, {"Ana": 33, "Blas": 63, "Cy": 18}, ""),
        ({"ana.csv": ANA, "others.csv": BLAS_CY}, {"Blas": 63, "Cy": 18}, "is it the votes of one more choice?"),
    ],
    ids=["a file a choice", "called as the file", "settled by the sum", "no sum"],
)
def test_choices_in_several_files(tmp_path: Path, files: dict[str, str], votes: dict[str, int], asked: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    draft = write_draft(tmp_path / "d", [tmp_path / name for name in files])
    found = CliRunner().invoke(application(), ["count", str(tmp_path / "d"), "--data", str(tmp_path), "--json"])
    assert found.exit_code == 0, found.output
    assert {one["id"]: one["votes"] for one in json.loads(found.stdout)["choices"]} == votes
    questions = [question.text for question in draft.election.questions]
    assert [asked in text for text in questions] == ([True] if asked else [])

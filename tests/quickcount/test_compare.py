"""Published intervals and the results that followed: inside or outside as they were read (tests/vectors/quickcount)."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.vectors import vectors_of
from veedor.cli import application
from veedor.errors import VeedorError

CASES = vectors_of("quickcount/published")["cases"]


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(application("quickcount"), ["quickcount", "compare", str(path), *options])


def table(folder: Path, *rows: str) -> Path:
    path = folder / "intervals.csv"
    path.write_text("\n".join(["choice,low,high,official", *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("case", CASES, ids=[case["election"] for case in CASES])
def test_inside_and_outside_are_as_published(tmp_path: Path, case: Any) -> None:
    rows = [f"{name},{one['low']},{one['high']},{one['official']}" for name, one in case["intervals"].items()]
    found = json.loads(run(table(tmp_path, *rows), "--json").stdout)["compared"]
    wanted = {name: "inside" if one["inside"] else "outside" for name, one in case["intervals"].items()}
    assert {one["choice"]: one["answer"] for one in found} == wanted


def test_the_order_that_malawi_could_not_say(tmp_path: Path) -> None:
    """MESN 2019: 36.4 to 40.8 and 32.8 to 37.4 meet; 18.8 to 21.4 is apart."""
    path = table(tmp_path, "Mutharika,36.4,40.8,38.57", "Chakwera,32.8,37.4,35.41", "Chilima,18.8,21.4,")
    found = json.loads(run(path, "--json").stdout)
    assert [(one["first"], one["second"], one["answer"]) for one in found["order"]] == [
        ("Mutharika", "Chakwera", "undecided"),
        ("Chakwera", "Chilima", "apart"),
    ]
    assert found["compared"][2]["answer"] == "undecided"
    assert "Mutharika, Chakwera: the intervals meet: order undecided" in run(path).output


def test_a_limit_is_inside_to_the_last_digit(tmp_path: Path) -> None:
    path = table(tmp_path, "a,10.1,20.3,20.3", "b,10.1,20.3,20.30000000000000001")
    assert [one["answer"] for one in json.loads(run(path, "--json").stdout)["compared"]] == ["inside", "outside"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,x,2,1", "row 2, column low: found 'x', wanted a number of per cent"),
        ("a,1,101,1", "row 2, column high: found '101'"),
        ("a,1,2,NaN", "row 2, column official: found 'NaN'"),
        ("a,,2,1", "row 2, column low: found an empty cell"),
        ("a,3,2,1", "row 2, column low: found 3, which is above the high limit 2"),
        ("a,1,2,1\na,1,2,1", "row 3, column choice: found 'a' again"),
        ("a,1,2", "row 2: found 3 cells"),
    ],
)
def test_a_table_that_cannot_be_used_is_named(tmp_path: Path, row: str, said: str) -> None:
    ran = run(table(tmp_path, row))
    assert isinstance(ran.exception, VeedorError), ran.output
    assert said in str(ran.exception)


def test_other_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "intervals.csv"
    path.write_text("choice,from,to\na,1,2\n", encoding="utf-8")
    assert "wanted choice, low, high, official" in str(run(path).exception)
    path.write_text("choice,low,high,official\n", encoding="utf-8")
    assert "found no row" in str(run(path).exception)

"""The command on several elections: side by side in a table, in JSON and in a chart that reads without colour."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from veedor.cli import application
from veedor.errors import VeedorError
from veedor.finding import Verdict
from veedor.forensics.comparison import chart, deviation
from veedor.forensics.findings import ForensicsDocument, MethodShown

pytestmark = pytest.mark.slow


def row(**changed: object) -> MethodShown:
    values: dict[str, Any] = {
        **dict.fromkeys(field.name for field in fields(MethodShown)),
        "method": "second_digit",
        "applies": True,
        "statistic": 4.0,
        "placebo_mean": 3.0,
        "placebo_sd": 0.5,
        "verdict": Verdict.DOES_NOT_HOLD,
    }
    return MethodShown(**(values | changed))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("elections")
    for name, seed in (("one", "1"), ("two", "2")):
        arguments = ["simulate", "--stations", "400", "--seed", seed, "--out", str(made / name)]
        assert CliRunner().invoke(application(), arguments).exit_code == 0
    return made


def test_a_deviation_is_in_standard_deviations_of_the_placebo() -> None:
    assert deviation(row()) == 2.0
    assert deviation(row(ranked=2.5)) == -1.0
    assert deviation(row(statistic=None)) is None
    assert deviation(row(placebo_mean=None, placebo_sd=None)) is None
    assert deviation(row(placebo_sd=0.0, placebo_mean=4.0)) == 0.0
    assert deviation(row(placebo_sd=0.0)) == 20.0


@pytest.mark.slow
def test_two_elections_side_by_side(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "chart.svg"
    names = [str(folder / "one"), str(folder / "two")]
    arguments = ["forensics", *names, "second_digit", "local_outliers", "--placebo", "3"]
    done = CliRunner().invoke(application(), [*arguments, "--json", "--out", str(out), "--language", "es"])
    assert done.exit_code == 0, done.output
    documents = json.loads(done.stdout)["elections"]
    assert [[each["method"] for each in document["methods"]] for document in documents] == [
        ["second_digit", "local_outliers"]
    ] * 2
    drawn = ElementTree.fromstring(out.read_text(encoding="utf-8"))  # noqa: S314 - our own file
    said = "".join(drawn.itertext())
    for document in documents:
        assert document["election"] in said
    assert "Segundos dígitos" in said
    shown = CliRunner().invoke(application(), arguments)
    assert "placebo alarms" in shown.output


def test_verdicts_are_told_apart_by_shape() -> None:
    documents = [
        ForensicsDocument(
            election=verdict.value,
            contest="y",
            count="z",
            leader="A",
            stations=1,
            stations_left_out=0,
            tests=1,
            placebo_draws=2,
            seed=1,
            methods=(row(verdict=verdict),),
            findings=(),
        )
        for verdict in Verdict
    ]
    drawn = chart(documents)
    assert drawn.count("<circle") == 2
    assert drawn.count('fill="#fffefb" stroke') == 1
    assert drawn.count("m0 -8") == 1


def test_an_unknown_language_is_an_error(folder: Path) -> None:
    done = CliRunner().invoke(application(), ["forensics", str(folder / "one"), "--language", "fr"])
    assert isinstance(done.exception, VeedorError)
    assert "--language must be one of en, es" in str(done.exception)

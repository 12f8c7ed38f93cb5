"""A small election as files, and the command line run on it."""

import csv
from pathlib import Path
from typing import NamedTuple

import numpy as np
from typer.testing import CliRunner

from veedor.cli import application
from veedor.errors import VeedorError

TOML = """
id = "town"
name = { en = "Town" }
date = 2026-03-01
timezone = "America/La_Paz"
levels = [{ id = "region", name = { en = "Region" } }, { id = "place", name = { en = "Place" } }]

[[contests]]
id = "mayor"
name = { en = "Mayor" }
rule = { kind = "plurality", seats = 1 }
choices = [{ id = "ana", name = { en = "Ana" } }, { id = "bea", name = { en = "Bea" } }]

[[counts]]
id = "official"
kind = "official"
name = { en = "Official" }
sources = [{ file = "sheets.csv", time = 2026-03-01T20:00:00, layout = "table" }]

[layouts.table]
format = "csv"
[layouts.table.columns]
station = "station"
registered = "registered"
blank = "blank"
null = "null"
levels = { region = "region", place = "place" }
votes = { ana = "ana", bea = "bea" }
"""
SHEETS = 40


class Done(NamedTuple):
    """What a command printed, and its exit status."""

    exit_code: int
    output: str


def veedor(*arguments: object) -> Done:
    """Run a command as `veedor` does: a refusal is printed, and the exit status is 2."""
    result = CliRunner().invoke(application(), [str(one) for one in arguments])
    if isinstance(result.exception, VeedorError):
        return Done(2, str(result.exception))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.output)


def ballots(number: int) -> list[str]:
    """Votes on the ballots in the box of a station, as its sheet reports them; Ana leads by 12 points."""
    rng = np.random.default_rng(number)
    return [str(one) for one in rng.choice(["ana", "bea", "blank", "null"], 120, p=[0.53, 0.41, 0.04, 0.02])]


def write_town(folder: Path) -> Path:
    """The election: 40 sheets in three regions; its cast vote records lie beside the folder."""
    folder.mkdir()
    (folder / "election.toml").write_text(TOML, encoding="utf-8")
    header = ["station", "region", "place", "registered", "ana", "bea", "blank", "null"]
    records = ["1", "Contest,mayor,2,ana,bea"]
    with (folder / "sheets.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        for number in range(1, SHEETS + 1):
            box = ballots(number)
            figures = [box.count(vote) for vote in header[4:]]
            writer.writerow([f"s{number:02d}", f"region {number % 3}", f"place {number % 7}", 150, *figures])
            for place, vote in enumerate(box, start=1):
                records.append(f"mayor,r{number:02d}-{place}" + (f",{vote}" if vote in ("ana", "bea") else ""))
    (folder.parent / "records.raire").write_text("\n".join(records) + "\n", encoding="utf-8")
    return folder

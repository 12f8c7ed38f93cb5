"""A small invented election, described as a newcomer would, and files of its sheets."""

import json
from pathlib import Path
from typing import Any

import pytest

from veedor.election import Election
from veedor.errors import Fault, InputError
from veedor.sheets.read import Sheets, read_sheets

COLUMNS: dict[str, Any] = {
    "station": "Mesa",
    "levels": {"province": "Provincia", "precinct": "Recinto"},
    "registered": "Inscritos",
    "votes": {"red": "Rojo", "blue": "Azul"},
    "blank": "Blancos",
    "null": "Nulos",
}

HEADER = "Mesa,Provincia,Recinto,Inscritos,Rojo,Azul,Blancos,Nulos"
ROWS = ("1,Norte,Escuela,200,50,40,3,2", "2,Norte,Escuela,210,60,30,1,4", "3,Sur,Plaza,190,20,90,0,0")
CSV = "\n".join((HEADER, *ROWS)) + "\n"


def election(
    *, columns: dict[str, Any] | None = None, sources: list[dict[str, Any]] | None = None, **layout: Any
) -> Election:
    """The election; keyword arguments are keys of its one layout."""
    return Election.model_validate_json(
        json.dumps(
            {
                "id": "small",
                "name": {"en": "Small"},
                "date": "2024-03-03",
                "timezone": "America/La_Paz",
                "levels": [{"id": name, "name": {"en": name}} for name in ("province", "precinct")],
                "contests": [
                    {
                        "id": "mayor",
                        "name": {"en": "Mayor"},
                        "rule": {"kind": "plurality"},
                        "choices": [{"id": name, "name": {"en": name}} for name in ("red", "blue")],
                    }
                ],
                "counts": [
                    {
                        "id": "official",
                        "kind": "official",
                        "name": {"en": "Official"},
                        "sources": sources or [{"file": "sheets.csv", "layout": "sheets"}],
                    }
                ],
                "layouts": {"sheets": {"columns": columns or COLUMNS, **layout}},
            }
        )
    )


def named(file: str, **layout: Any) -> Election:
    """The election with its sheets in that file."""
    return election(sources=[{"file": file, "layout": "sheets"}], **layout)


def read(elected: Election, folder: Path, *, skip_bad_rows: bool = False) -> Sheets:
    """The last state of the one count."""
    return read_sheets(elected, elected.contests[0], elected.counts[0], folder, skip_bad_rows=skip_bad_rows)


def read_text(folder: Path, text: str | bytes, *, skip_bad_rows: bool = False, **layout: Any) -> Sheets:
    """The sheets of a CSV file with that content."""
    data = text.encode() if isinstance(text, str) else text
    (folder / "sheets.csv").write_bytes(data)
    return read(election(**layout), folder, skip_bad_rows=skip_bad_rows)


def faults_of(folder: Path, text: str | bytes, **layout: Any) -> tuple[Fault, ...]:
    """The faults that reading such a CSV file raises."""
    with pytest.raises(InputError) as caught:
        read_text(folder, text, **layout)
    return caught.value.faults


def with_cell(column: str, cell: str, row: int = 3) -> str:
    """The CSV with one cell replaced, in the row (counted from 1, the header is row 1)."""
    lines = [line.split(",") for line in CSV.splitlines()]
    lines[row - 1][HEADER.split(",").index(column)] = cell
    return "\n".join(",".join(line) for line in lines) + "\n"

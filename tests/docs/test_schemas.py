"""The schemas in the reference: as the types give them, of the dialect they name, and refusing what is no document."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import ROOT
from tests.schemas import script, validator
from veedor.cli.report import make_dossier
from veedor.dossier.target_folder import MANIFEST
from veedor.simulation import simulate, write_demo_claims, write_simulated

FOLDER = ROOT / "docs/reference/schemas"
NAMES = sorted(script().DOCUMENTS)


@pytest.mark.slow
def test_the_files_are_what_the_types_give() -> None:
    written = {path.name: path.read_bytes() for path in FOLDER.iterdir()}
    assert written == {f"{name}.json": script().bytes_of(name) for name in NAMES}, "run: python docs/schemas.py"


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_schema_that_refuses_another_document(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(script().schema_of(name))
    others: tuple[object, ...] = ({}, {"elections": 1}, [{}], None)
    for other in others:
        with pytest.raises(jsonschema.ValidationError):
            validator(name)(other)


@pytest.mark.slow
def test_files_of_a_dossier_are_what_their_schemas_say(tmp_path: Path) -> None:
    source, out = tmp_path / "election", tmp_path / "dossier"
    write_simulated(simulate(400, "late_alteration", 1), source)
    write_demo_claims(source)
    make_dossier(str(source), out, data=source)
    validator("manifest")(json.loads((out / MANIFEST).read_bytes()))
    there = {name: kind for name, kind in script().RESULTS.items() if (out / "results" / name).is_file()}
    assert there.keys() == script().RESULTS.keys() - {"record.json"}  # no log was given
    for name, kind in there.items():
        validator(kind)(json.loads((out / "results" / name).read_bytes()))

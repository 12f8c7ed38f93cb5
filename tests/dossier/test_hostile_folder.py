"""In a folder full of modules that somebody else wrote no command runs one, here or in a program that it starts."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.audit import builders
from tests.dossier.conftest import opened_from
from tests.record.world import entries, policy_text, receipt_of
from veedor.audit.units import units_from
from veedor.forensics.mixture import backend
from veedor.simulation import write_demo_claims

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
MODULES = """
    arviz babel base64 calendar cryptography csv dask distributed encodings hashlib html importlib jax jinja2 json
    matplotlib multiprocessing numpy numpyro pickle polars pooch pydantic python_calamine random re requests rich
    runpy scipy secrets select segno sitecustomize socket starlette statistics subprocess tempfile threading tomllib
    typer typing usercustomize uvicorn warnings xml zipfile zoneinfo
""".split()  # noqa: SIM905 - a column of fifty would say no more
RAN = "open({ran!r}, 'a').write({name!r} + ' ')\nraise SystemExit(9)\n"

DRIVER = """
import json, os, pathlib, sys
commands, report = json.loads(sys.argv[1]), pathlib.Path(sys.argv[2])
from veedor.cli import main
from veedor.dossier.derive import worker as beside, worker_process as process
process.LARGE = beside.MANY = 1  # a small election is worth a program of its own
process.processors = beside.processors = lambda: 2
asked, ended = beside.Beside._asked, []
beside.Beside._asked = lambda self, *given: ended.append(asked(self, *given)) or ended[-1]
said = []
for folder, words in commands:
    os.chdir(folder)
    sys.argv = ["veedor", *words]
    ended.clear()
    try:
        main()
        status = 0
    except SystemExit as ending:
        status = ending.code or 0
    said.append([status, len(ended)])
report.write_text(json.dumps(said))
"""


def lay_traps(folder: Path, ran: Path) -> None:
    """A module of every name that a program may look for, and this program's own."""
    for name in MODULES:
        (folder / f"{name}.py").write_text(RAN.format(ran=str(ran), name=name), encoding="utf-8")
    (folder / "veedor").mkdir()
    (folder / "veedor/__init__.py").write_text(RAN.format(ran=str(ran), name="veedor"), encoding="utf-8")
    (folder / "matplotlibrc").write_text("backend: module://evil\n", encoding="utf-8")
    (folder / "arvizrc").write_text("plot.backend: evil\n", encoding="utf-8")


@pytest.fixture
def trapped(simulated: Path, dossier: Path, tmp_path: Path) -> Path:
    """A folder with an election, its audit, a receipt and a dossier; traps lie in it and in the dossier."""
    folder = Path(shutil.copytree(simulated, tmp_path / "here"))
    write_demo_claims(folder)
    opened = opened_from(folder, "here")
    units = units_from(opened.table(opened.count.id), opened.contest, opened.election.level_ids)
    who = builders.signatories(builders.keys())
    builders.make(folder / "audit", builders.terms(who), units, election=opened.election.id, count=opened.count.id)
    (folder / "one.tlog-proof").write_bytes(receipt_of(entries(5), 2))
    (folder / "policy").write_bytes(policy_text())
    shutil.copytree(dossier, folder / "site")
    for place in (folder, folder / "site"):
        lay_traps(place, tmp_path / "ran")
    return folder


def test_no_command_runs_a_module_of_the_folder_it_is_called_in(trapped: Path, tmp_path: Path) -> None:
    here, site = str(trapped), str(trapped / "site")
    commands = [
        (here, ["count", "."], 0),
        (here, ["check", "."], None),
        (here, ["claims", "."], None),
        (here, ["interruption", ".", "--draws", "20"], 0),
        (here, ["forensics", ".", "last_digit", "--placebo", "2"], 0),
        (here, ["audit", "verify", "audit"], None),
        (here, ["record", "verify", "one.tlog-proof", "--policy", "policy"], 0),
        (here, ["new", "draft", "--from", "official-*.csv"], None),
        (here, ["report", ".", "--out", "../made"], 0),
        (site, ["verify", ".", "--data", here], 1),
    ]
    report, wanted = tmp_path / "report", [status for *_, status in commands]
    done = subprocess.run(
        # -P: the command `veedor` has no current folder among its places either
        [sys.executable, "-P", "-c", DRIVER, json.dumps([command[:2] for command in commands]), str(report)],
        cwd=trapped,
        env={**os.environ, "VEEDOR_CACHE": str(tmp_path / "cache")},
        capture_output=True,
    )
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()
    assert report.exists(), done.stderr
    said = json.loads(report.read_bytes())
    assert [status for status, _ in said if status not in (0, 1, 2)] == [], done.stderr
    assert [one if want is not None else None for (one, _), want in zip(said, wanted, strict=True)] == wanted
    assert min(said[-2][1], said[-1][1]) > 0  # report and verify were answered by the program beside them


@pytest.mark.parametrize("start", ["-m", "-c"])
def test_nothing_more_is_imported_from_the_folder_once_the_program_runs(
    start: str, simulated: Path, tmp_path: Path
) -> None:
    """Its own name `python -m` looks up there before it runs: `python -P -m veedor` is the safe form."""
    folder = Path(shutil.copytree(simulated, tmp_path / "here"))
    lay_traps(folder, tmp_path / "ran")
    shutil.rmtree(folder / "veedor")
    for name in ("importlib", "runpy", "warnings", "encodings"):  # the interpreter's own start
        (folder / f"{name}.py").unlink()
    words = ["veedor"] if start == "-m" else ["from veedor.__main__ import main; main()"]
    done = subprocess.run([sys.executable, start, *words, "count", "."], cwd=folder, capture_output=True)
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()
    assert done.returncode == 0, done.stderr


def test_settings_of_libraries_are_not_taken_from_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ArviZ and Matplotlib read `arvizrc` and `matplotlibrc` of the current folder while they are loaded."""
    places = tmp_path / "places"
    places.mkdir()
    (places / "library_that_reads_settings.py").write_text("import os\nseen = os.getcwd()\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(places))
    monkeypatch.setattr(backend, "NEEDED", ("library_that_reads_settings",))
    monkeypatch.chdir(tmp_path)
    backend.require()
    seen = sys.modules.pop("library_that_reads_settings").seen
    assert Path(seen) == Path(backend.__file__).parent
    assert Path.cwd() == tmp_path

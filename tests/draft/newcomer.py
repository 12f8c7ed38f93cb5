"""A newcomer's run: `veedor new` and `veedor count` on real files, without a definition and without an edit.

`python -m tests.draft.newcomer [NAME...]` runs them and prints how each ended, what was asked, and how long it took:

- right: the known totals; with the number of questions that were asked nevertheless.
- asked: other totals, and a question names what makes them differ.
- refused: no totals, and the refusal or a question names why.
- SILENT: other totals without a word. Never acceptable.

The files are those of the gallery (elections/), in the folder `data` of ../shared or of VEEDOR_SHARED; none is here.
"""

import json
import lzma
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from veedor.election.read import read_election


@dataclass(frozen=True, kw_only=True)
class Run:
    """Files under data/, and what is known: votes by part of a choice's id or name, valid votes, sheets in the totals.

    ask: what a question or a refusal must name where the totals are other ones.
    """

    files: tuple[str, ...]
    votes: dict[str, int]
    valid: int
    sheets: int
    ask: tuple[str, ...] = ()


PERU = "world/peru-2021/actas_electorales"
VENEZUELA = "world/venezuela-2024/"

# Known totals: as in tests/count/test_gallery.py, where their sources are named.
RUNS = {
    "cordoba": Run(
        files=("world/cordoba-2019/gobernador-cordoba-2019-provisorio-por-mesas.csv.xz",),
        votes={"hacemos": 1_083_435},
        valid=1_891_285,
        sheets=8_545,
    ),
    "paraguay": Run(
        files=("world/paraguay-2023/presidencia-py-2023.xlsx",),
        votes={"anr": 1_292_079, "cn2023": 830_842, "pcn": 692_663},
        valid=2_940_851,
        sheets=12_252,
    ),
    "venezuela V2": Run(
        files=(VENEZUELA + "RESULTADOS_2024_CSV_V2.csv.xz",),
        votes={"eg": 7_303_480, "nm": 3_316_142},
        valid=10_887_262,
        sheets=25_073,
    ),
    "venezuela V1": Run(
        files=(VENEZUELA + "RESULTADOS_2024_CSV_V1.csv.xz",),
        votes={"egu": 7_156_462, "nm": 3_241_461},
        valid=10_659_128,
        sheets=24_532,
        ask=("parroquia' repeats",),
    ),
    "venezuela, the other": Run(
        files=(VENEZUELA + "2024_vzla_presidential.csv.xz",),
        votes={"gonzalez": 6_392_350, "maduro": 2_891_553},
        valid=9_515_322,
        sheets=21_952,
    ),
    "kentucky": Run(
        files=("world/kentucky-2024/20241105__ky__general__precinct.csv.xz",),
        votes={"trump": 1_309_000, "harris": 692_226},
        valid=2_035_946,
        sheets=3_171,
        ask=("totals of a place",),
    ),
    "georgia": Run(
        files=tuple(f"world/georgia-2024/georgia_2024-11-{day}.xlsx" for day in (13, 14, 15)),
        votes={"p_41": 1_120_016, "p_4 ": 229_160},
        valid=2_076_734,
        sheets=3_110,
        ask=("f_06",),
    ),
    "peru, decided": Run(
        files=(PERU + "_ronderos.pe.csv.gz",),
        votes={"perulibre": 8_835_653, "fp": 8_791_696},
        valid=17_627_349,
        sheets=86_262,
        ask=("v2_observacion' says something of sheets",),
    ),
    "peru, 15 June": Run(
        files=(PERU + ".csv.gz",),
        votes={"perulibre": 8_649_164, "fuerzapopular": 8_563_590},
        valid=17_212_754,
        sheets=83_467,
        ask=("observacion' says something of sheets",),
    ),
    "russia 2018": Run(files=("russia/2018.csv.zip",), votes={"путин": 56_430_712}, valid=72_787_734, sheets=97_699),
    "mexico 2006": Run(
        files=("quickcount/mexico-2006-final.parquet",),
        votes={"pan ": 15_000_284, "prd_pt_conv": 14_756_350},
        valid=40_588_729,
        sheets=130_777,
        ask=("otros",),
    ),
    "guanajuato 2012": Run(
        files=("quickcount/guanajuato-2012-final.parquet",),
        votes={"pan_na": 1_111_379},
        valid=2_229_255,
        sheets=6_746,
        ask=("otros",),
    ),
    "coahuila 2017": Run(
        files=("quickcount/coahuila-2017-final.csv",),
        votes={"pan + udc": 413_543, "pri + pvem": 441_672},
        valid=1_135_098,
        sheets=3_328,
        ask=("nva_alianza", "says something of sheets"),
    ),
}


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run ended, why, what was asked, and the seconds that `new` and `count` took."""

    how: str
    why: tuple[str, ...]
    asked: tuple[str, ...]
    seconds: tuple[float, float]


def copied(files: Sequence[str], data: Path, folder: Path) -> list[Path]:
    """The files alone in a folder, those that were packed for keeping (.xz) unpacked."""
    paths = []
    for name in files:
        path = folder / Path(name).name.removesuffix(".xz")
        if name.endswith(".xz"):
            path.write_bytes(lzma.decompress((data / name).read_bytes()))
        else:
            shutil.copyfile(data / name, path)
        paths.append(path)
    return paths


def _veedor(*words: str) -> tuple[subprocess.CompletedProcess[str], float]:
    begun = time.monotonic()
    command = [sys.executable, "-m", "veedor", *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, stdin=subprocess.DEVNULL)
    return done, time.monotonic() - begun


def tried(run: Run, data: Path, folder: Path) -> Ended:
    """Draft, count, compare."""
    paths = copied(run.files, data, folder)
    new, drafting = _veedor("new", str(folder / "my"), "--json", "--from", *map(str, paths))
    if new.returncode:
        return Ended(how=_refused(run, new.stderr), why=(new.stderr,), asked=(), seconds=(drafting, 0))
    document = json.loads(new.stdout)
    asked = tuple(one["text"] for one in document["questions"])
    said = " ".join([*asked, *document["todo"]])
    count, counting = _veedor("count", str(folder / "my"), "--json", "--data", str(folder))
    if count.returncode:
        how = _refused(run, f"{said} {count.stderr}")
        why = tuple(count.stderr.splitlines()[:1])
    else:
        why = _faults(run, json.loads(count.stdout), folder / "my")
        how = "right" if not why else "asked" if run.ask and _names(run, said) else "SILENT"
    return Ended(how=how, why=why, asked=asked, seconds=(drafting, counting))


def _faults(run: Run, document: dict[str, Any], definition: Path) -> tuple[str, ...]:
    """What of the known totals the count does not give."""
    names = {one.id: one.name.en for one in read_election(definition).contests[0].choices}
    votes = {f"{one['id']} {names[one['id']]} ".lower(): one["votes"] for one in document["choices"]}
    found = []
    for name, right in run.votes.items():
        hits = [number for words, number in votes.items() if words.startswith(name) or name in words]
        hits = [number for words, number in votes.items() if words.startswith(name)] or hits
        if hits != [right]:
            found.append(f"{name.strip()}: {hits}, right {right:,}")
    for what, got, right in (
        ("valid", document["valid"], run.valid),
        ("sheets", document["sheets"]["counted"], run.sheets),
    ):
        if got != right:
            found.append(f"{what}: {got:,}, right {right:,}")
    return tuple(found)


def _names(run: Run, said: str) -> bool:
    return all(word in said.lower() for word in run.ask)


def _refused(run: Run, said: str) -> str:
    return "refused" if run.ask and _names(run, said) else "SILENT"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run those that are named, or all; exit status 1 if any ends SILENT."""
    data = Path(os.environ.get("VEEDOR_SHARED", ROOT.parent / "shared")) / "data"
    named = sys.argv[1:] or list(RUNS)
    silent = 0
    for name in named:
        run = RUNS[name]
        if missing := [file for file in run.files if not (data / file).is_file()]:
            _say(f"{name:22} not run: {missing[0]} is not in {data}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            ended = tried(run, data, Path(folder))
        silent += ended.how == "SILENT"
        new, count = ended.seconds
        _say(f"{name:22} {ended.how:8} {len(ended.asked)} asked  new {new:4.1f} s  count {count:4.1f} s")
        for line in (*ended.why, *(f"? {question}" for question in ended.asked)):
            _say(f"    {line[:200]}")
    return 1 if silent else 0


if __name__ == "__main__":
    raise SystemExit(main())

"""A simulated election as a folder: its definition, a file for each snapshot of each count, and the truth."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import polars as pl

from veedor.errors import VeedorError
from veedor.leftovers import NEW, half_made_folder, put_in_place
from veedor.sheets import VOTES, Series
from veedor.simulation.definition import CLOCK_FILE, FileFormat, file_name, in_format
from veedor.simulation.toml import election_toml
from veedor.simulation.truth import truth_as_json

if TYPE_CHECKING:
    from veedor.simulation import Simulated

DEFINITION = "election.toml"
TRUTH = "truth.json"
CLAIMS = "claims.toml"
"""What `veedor demo` lays beside the definition; a simulation of its own has none."""

_HEADING = """A simulated election: places, parties and votes are invented.
How people voted, and what was planted in the counts, stands in truth.json."""

_TIME = "%Y-%m-%dT%H:%M:%S%:z"


def write_simulated(
    simulated: "Simulated",
    out: Path,
    file_format: FileFormat = "csv",
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """Write election.toml, the files of all snapshots, and truth.json into the folder; all of it or nothing.

    out: a folder that is not there yet, or empty, or holds an earlier simulated election, which is replaced.
    """
    if file_format not in get_args(FileFormat):
        raise VeedorError(f"no format {file_format!r}; there are {', '.join(get_args(FileFormat))}")
    check_replaceable(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with half_made_folder(out) as home:
            new = home / NEW
            _write_all(simulated, new, file_format, progress)
            new.chmod(0o755)
            put_in_place(home, out)
    except OSError as error:
        raise VeedorError(f"cannot write {out}: {error.strerror or error}") from error
    return out


def write_demo_claims(folder: Path) -> None:
    """Lay the invented claims and events of the demo's election beside its definition."""
    try:
        shutil.copyfile(Path(__file__).with_name("demo-claims.toml"), folder / CLAIMS)
    except OSError as error:
        raise VeedorError(f"cannot write {folder / CLAIMS}: {error.strerror or error}") from error


def check_replaceable(out: Path) -> None:
    """Raise unless the folder may be written: we never delete what we have not made."""
    if not out.exists() and not out.is_symlink():
        return
    if not out.is_dir() or out.is_symlink():
        raise VeedorError(f"{out} is there and is no folder; name another one")
    names = {path.name for path in out.iterdir()}
    if names and not _is_simulated(names):
        raise VeedorError(f"{out} holds other files than a simulated election; name an empty folder or a new one")


def _is_simulated(names: set[str]) -> bool:
    data = tuple(f".{kind}" for kind in get_args(FileFormat))
    others = names - {DEFINITION, TRUTH, CLAIMS, CLOCK_FILE}
    return {DEFINITION, TRUTH} <= names and all(
        name.startswith(("preliminary-", "official-")) and name.endswith(data) for name in others
    )


def _write_all(
    simulated: "Simulated", folder: Path, file_format: FileFormat, progress: Callable[[int, int], None]
) -> None:
    total = sum(len(series.snapshots) for series in simulated.series.values())
    done = 0
    for count, series in simulated.series.items():
        for when in series.snapshots:
            _write_state(series.at(when), series, folder / file_name(count, when, file_format), file_format)
            done += 1
            progress(done, total)
    if simulated.election.clocks:
        _write_clock(simulated.series["preliminary"], folder / CLOCK_FILE)
    definition = election_toml(in_format(simulated.election, file_format), _HEADING)
    (folder / DEFINITION).write_text(definition, encoding="utf-8")
    with (folder / TRUTH).open("w", encoding="utf-8") as file:
        json.dump(truth_as_json(simulated.truth), file, ensure_ascii=False, indent=1)
        file.write("\n")


def _write_clock(series: Series, path: Path) -> None:
    """One row for each sheet that ever arrived, in the election's local time."""
    first = series.changes.unique("station", keep="first", maintain_order=True).sort("station")
    first.select("station", pl.col("arrived").dt.to_string("%Y-%m-%dT%H:%M:%S").alias("time")).write_csv(path)


def _write_state(state: pl.DataFrame, series: Series, path: Path, file_format: FileFormat) -> None:
    """One snapshot as the authority would publish it: columns by plain names, stations in order."""
    columns = state.drop("count", "snapshot").sort("station")
    columns = columns.rename({VOTES + choice: choice for choice in series.contest.choice_ids})
    columns = columns.with_columns(pl.col(pl.Categorical).cast(pl.String))
    if file_format == "csv":
        columns.with_columns(pl.col("arrived").dt.to_string(_TIME)).write_csv(path)
    else:
        columns.write_parquet(path)

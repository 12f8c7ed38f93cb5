"""The design and the draw: known sizes, allocations worked out by hand, and a sample that anybody draws again."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from tests.quickcount.small import DEFINITION, FRAME, write
from veedor.cli import application
from veedor.errors import VeedorError
from veedor.quickcount.sample.allocation import allocated, size_for

SALT = "correct-horse-battery-staple-0001"
SEED = "31415926535897932384"
DESIGN = DEFINITION + "[design]\nsize = 12\n"


def run(*words: str) -> Result:
    return CliRunner().invoke(application("quickcount"), ["quickcount", *words])


def shown(*words: str) -> Any:
    ran = run(*words, "--json")
    assert ran.exit_code == 0, ran.exception
    return json.loads(ran.stdout)


def refused(*words: str) -> str:
    ran = run(*words)
    assert isinstance(ran.exception, VeedorError), ran.output
    return str(ran.exception)


@pytest.mark.parametrize(("z", "voters", "stations"), [(2.58, 160_717, 1_004), (2.5758, 160_200, 1_001)])
def test_the_size_of_peru_2001(z: float, voters: int, stations: int) -> None:
    """E = 0.0032, N = 14,570,774, 160 a station: the printed formula, not the 163,185 and 1,020 of the handbook."""
    found = size_for(0.0032, z, 14_570_774, 160)
    assert found.voters == pytest.approx(voters, abs=10)
    assert found.stations == stations


def test_a_design_effect_multiplies_the_voters() -> None:
    assert size_for(0.0032, 2.58, 14_570_774, 160, 2.0).voters == pytest.approx(2 * 160_717, abs=2)
    assert size_for(0.0001, 2.58, 1_000, 100, 50.0).stations == 10  # all there are


@pytest.mark.parametrize(
    ("stations", "weights", "size", "minimum", "drawn"),
    [
        ([100, 200, 300], [100, 200, 300], 60, 2, [10, 20, 30]),
        ([100, 200, 300], [100, 200, 300], 61, 2, [10, 20, 31]),  # 10.17, 20.33, 30.5
        ([10, 500, 490], [10, 500, 490], 100, 6, [6, 47, 47]),  # 94 of 990 by 500 and 490: 47.47 and 46.53
        ([3, 50], [30, 10], 20, 0, [3, 17]),  # all of the first, which would be 15
        ([4, 4], [0, 0], 4, 0, [2, 2]),
        ([5, 5, 5], [5, 5, 5], 4, 0, [2, 1, 1]),  # ties in order
        ([3, 3], [1, 0], 6, 0, [3, 3]),
    ],
)
def test_allocation(stations: list[int], weights: list[float], size: int, minimum: int, drawn: list[int]) -> None:
    assert allocated(stations, np.array(weights, dtype=np.float64), size, minimum) == drawn


@pytest.mark.parametrize("size", [5, 21])
def test_a_size_that_cannot_be_is_refused(size: int) -> None:
    with pytest.raises(VeedorError, match="wanted 6 to 20"):
        allocated([10, 5, 5], np.ones(3), size, 2)


def test_allocations_keep_their_bounds() -> None:
    rng = np.random.default_rng(3)
    for _ in range(200):
        stations = rng.integers(1, 60, 12)
        minimum = int(rng.integers(0, 6))
        size = int(rng.integers(np.minimum(stations, minimum).sum(), stations.sum() + 1))
        drawn = allocated([int(each) for each in stations], rng.random(12) * stations, size, minimum)
        assert sum(drawn) == size
        assert all(min(minimum, most) <= each <= most for each, most in zip(drawn, stations, strict=True))


def test_neyman_draws_more_where_more_varies(tmp_path: Path) -> None:
    """Standard deviation 20 in A, 10 in B and C, 0 in D and E (their minimum, 1): 10 - 2 by 80, 40, 40 is 4, 2, 2."""
    spreads = {"A": (30, 70), "B": (40, 60), "C": (40, 60), "D": (50, 50), "E": (50, 50)}
    rows = FRAME.splitlines()
    frame = [f"{rows[0]},before"]
    frame += [f"{row},{spreads[row[0]][at % 2]}" for at, row in enumerate(rows[1:])]
    definition = DEFINITION + '[design]\nsize = 10\nallocation = "neyman"\nspread = "before"\nminimum = 1\n'
    folder = write(tmp_path, definition=definition)
    (folder / "frame.csv").write_text("\n".join(frame), encoding="utf-8")
    found = shown("design", str(folder))
    assert [one["drawn"] for one in found["strata"]] == [4, 2, 2, 1, 1]
    assert [one["spread"] for one in found["strata"]] == [20, 10, 10, 0, 0]


@pytest.fixture
def land(tmp_path: Path) -> Path:
    folder = write(tmp_path / "land", definition=DESIGN)
    (folder / "salt").write_text(SALT + "\n", encoding="utf-8")
    return folder


def test_the_sample_is_what_a_few_lines_draw(land: Path) -> None:
    """Tickets by hashlib alone, as veedor/quickcount/sample/ceremony.py and veedor/draw/sampling.py say in words."""
    found = shown("draw", str(land), "--seed", SEED, "--salt", str(land / "salt"), "--out", str(land / "drawn.csv"))
    tickets = sha256(b"veedor/quickcount/1\0" + SEED.encode() + b"\0" + SALT.encode()).hexdigest()
    wanted = ["station,stratum,roll"]
    for stratum, size in zip("ABCDE", (3, 3, 2, 2, 2), strict=True):
        stations = [f"{stratum}{number}" for number in range(1, 5)]
        stations.sort(key=lambda one: sha256(f"veedor/ticket/1\0{tickets}\0{one}".encode()).hexdigest())
        wanted += [f"{one},{stratum},100" for one in stations[:size]]
    written = (land / "drawn.csv").read_bytes()
    assert written.decode().splitlines() == wanted
    assert found["sample"] == sha256(b"veedor/sample/1\0" + SALT.encode() + b"\0" + written).hexdigest()
    about = f"veedor/commit/1\0{found['plan']}\0mission\0{SALT}"
    assert found["commitment"] == sha256(about.encode()).hexdigest()
    assert found["commitment"] == shown("design", str(land), "--salt", str(land / "salt"))["commitment"]
    assert "is there already" in refused(
        "draw", str(land), "--seed", SEED, "--salt", str(land / "salt"), "--out", str(land / "drawn.csv")
    )


def test_an_opened_sample_is_verified(land: Path) -> None:
    drawn, salt = land / "drawn.csv", str(land / "salt")
    found = shown("draw", str(land), "--seed", SEED, "--salt", salt, "--out", str(drawn))
    words = ["open", str(land), "--seed", SEED, "--salt", salt, "--commitment", found["commitment"]]
    words += ["--sample", found["sample"], "--file", str(drawn)]
    opened = shown(*words)
    assert (opened["commitment_holds"], opened["sample_holds"], opened["drawn_again"]) == (True, True, True)
    other = [*words[:3], SEED[::-1], *words[4:]]
    assert (run(*other).exit_code, run(*other).output.count("does not hold")) == (1, 1)
    drawn.write_bytes(drawn.read_bytes().replace(b"A", b"B", 1))
    assert (run(*words).exit_code, run(*words).output.count("does not hold")) == (1, 2)
    (land / "salt").write_text(SALT[::-1], encoding="utf-8")
    assert (run(*words).exit_code, run(*words).output.count("does not hold")) == (1, 3)


def test_a_change_of_the_frame_or_of_the_sizes_is_another_plan(land: Path) -> None:
    plan = shown("design", str(land))["plan"]
    (land / "frame.csv").write_text(FRAME.replace("A1,A", "A1,B"), encoding="utf-8")
    assert shown("design", str(land))["plan"] != plan
    lines = FRAME.splitlines()
    (land / "frame.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]), encoding="utf-8")
    assert shown("design", str(land))["plan"] == plan
    (land / "quickcount.toml").write_text(DESIGN.replace("size = 12", "size = 13"), encoding="utf-8")
    assert shown("design", str(land))["plan"] != plan


def test_what_cannot_be_drawn_is_refused(land: Path) -> None:
    (land / "short").write_text("short", encoding="utf-8")
    assert "a secret is 32 to 1000" in refused("design", str(land), "--salt", str(land / "short"))
    salt, out = str(land / "salt"), str(land / "drawn.csv")
    assert "the seed is empty" in refused("draw", str(land), "--seed", " ", "--salt", salt, "--out", out)
    write(land, definition=DEFINITION)
    assert "has no [design]" in refused("design", str(land))
    write(land, definition=DEFINITION + '[design]\nsize = 12\nallocation = "neyman"\n')
    assert "`spread`, a column of the frame" in refused("design", str(land))
    write(land, definition=DEFINITION + '[design]\nsize = 12\nallocation = "neyman"\nspread = "group"\n')
    assert "frame.csv, row 2, column group: found 'north', wanted a number" in refused("design", str(land))


def test_what_a_person_reads(land: Path) -> None:
    ran = run("design", str(land), "--margin", "2", "--level", "99", "--salt", str(land / "salt"))
    assert "12 of 20 stations; plan " in ran.output
    assert (
        "margin 2.0 points: 1,349 voters, 13 stations" in ran.output
    )  # 0.25 / ((0.02 / 2.5758)² + 0.25 / 2000) = 1349.3
    assert "commitment" in ran.output

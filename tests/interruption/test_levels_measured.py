"""The table of levels in short: its page is what its figures give, and a few elections of some kinds agree with it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import NormalDist
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
KINDS = ("demo, geography", "places-late", "remote-late", "remote-tail", "strongholds")
FIRST_SEED, ELECTIONS = 9_001, 8
"""Seeds that no table uses."""


@pytest.fixture
def levels(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """docs/tables/levels.py, which is no package, with smaller elections."""
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "tables"))
    import levels  # type: ignore[import-not-found]

    monkeypatch.setattr(levels, "STATIONS", 600)
    yield levels
    for name in ("levels", "levels_page", "levels_summary", "random_kinds"):
        sys.modules.pop(name, None)


def test_the_page_is_what_the_figures_give(levels: ModuleType) -> None:
    assert levels.page(json.loads(levels.LEVELS.read_text())) == levels.TABLE.read_text()


@pytest.mark.slow
def test_intervals_and_verdicts_keep_their_levels_on_elections_of_no_table(levels: ModuleType) -> None:
    """40 elections: at most four binomial errors from what is stated, in the direction that matters."""
    seeds = range(FIRST_SEED, FIRST_SEED + ELECTIONS)
    found = [levels.coverage_of(levels.Task(kind=kind, seed=seed)) for seed in seeds for kind in KINDS]
    for clock in ("sheets", "snapshots"):
        z = np.array([abs(row[clock]["error"]) / row[clock]["sd"] for row in found])
        for level in (0.5, 0.8, 0.95):
            held = float(np.mean(z <= NormalDist().inv_cdf((1 + level) / 2)))
            assert held >= level - 4 * (level * (1 - level) / len(found)) ** 0.5, (clock, level, held)
        alarms = float(np.mean([row[clock]["fails"] for row in found]))
        assert alarms <= 0.05 + 4 * (0.05 * 0.95 / len(found)) ** 0.5, (clock, alarms)


@pytest.mark.slow
def test_moved_votes_are_seen_where_sheets_come_in_any_order(levels: ModuleType) -> None:
    for seed in range(FIRST_SEED, FIRST_SEED + 3):
        row = levels.coverage_of(levels.Task(kind="demo, any order", seed=seed, altered=0.02))
        assert row["sheets"]["fails"]

"""Does a projection's interval hold what it says? Three yardsticks, all of sheets published before the stop.

Two ways to hide counted sheets, project them, and compare with what they held: `random`, any counted sheet as likely as
another; and `late_like`, in the pattern of the missing ones: in each place of the level two above the finest, the same
share of sheets, and of whole finest places, as is missing there. And `cuts`: the sheets that passed between earlier
cuts of the count's own clocks and the stop (`rolling`).

Each gives z = (held - projected) / projected standard deviation of the lead in votes. The widening is the root of the
mean of z squared, the three ways weighing alike, where that exceeds 1; coverage is counted for each z with the widening
that all the others give.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.missing_sheets import precinct_membership
from veedor.interruption.projection.hierarchical import project
from veedor.interruption.split import Split
from veedor.interruption.workers import side_by_side

Floats = NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.95)


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Coverage of hidden values by intervals: share of `hidings` inside the intervals of LEVELS."""

    hidden: str
    hidings: int
    mean_z: float
    coverage: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class Validation:
    """The factor by which the projection's standard deviation is widened, and its coverage with it."""

    widening: float
    coverage: tuple[Coverage, ...]


def validate(
    split: Split, covariates: Floats, *, hidings: int, rng: np.random.Generator, cuts: Sequence[float] = ()
) -> Validation:
    """Hide and project `hidings` times in each of the two ways. covariates: float[k, station].

    cuts: z at earlier cuts.
    """
    hidden = {
        "random": [_random(split, rng) for _ in range(hidings)],
        "late_like": [late_like(split, rng) for _ in range(hidings)],
    }
    with side_by_side(len(split.counted)) as threads:
        z = {name: np.array(list(threads.map(partial(_z, split, covariates), each))) for name, each in hidden.items()}
    known = {name: values[np.isfinite(values)] for name, values in {**z, "cuts": np.array(cuts)}.items()}
    square = {name: float(np.mean(values**2)) for name, values in known.items() if len(values)}
    return Validation(
        widening=float(_widening(np.array(list(square.values())))),
        coverage=tuple(
            _coverage(name, values, square) for name, values in known.items() if name in hidden or len(values)
        ),
    )


def _widening(squares: Floats) -> Floats:
    """From mean squares [way, ...]: the ways weigh alike; never below 1."""
    return np.sqrt(np.maximum(squares.mean(axis=0), 1.0)) if len(squares) else np.ones(squares.shape[1:])


def _coverage(name: str, z: Floats, squares: dict[str, float]) -> Coverage:
    without = (len(z) * squares.get(name, 0.0) - z**2) / max(len(z) - 1, 1)
    others = [np.full(len(z), square) for way, square in squares.items() if way != name]
    scaled = np.abs(z) / _widening(np.array([*others, without]))
    return Coverage(
        hidden=name,
        hidings=len(z),
        coverage={
            str(level): float(np.mean(scaled <= NormalDist().inv_cdf((1 + level) / 2))) if len(z) else float("nan")
            for level in LEVELS
        },
        mean_z=float(np.mean(z)) if len(z) else float("nan"),
    )


def _z(split: Split, covariates: Floats, hidden: NDArray[np.bool_]) -> float:
    votes, registered = split.rows_at_cut, split.registered_at_cut.astype(np.float64)
    kept = split.counted & ~hidden
    hidden = hidden & (registered > 0)
    if not hidden.any() or kept.sum() < 10:
        return float("nan")
    total = project(
        split.places,
        counted=kept,
        missing=hidden,
        votes=votes,
        registered=registered,
        registered_missing=registered,
        covariates=covariates,
    )
    spread = total.lead_sd
    held = float((votes[0, hidden] - votes[1, hidden]).sum())
    return (held - total.lead) / spread if spread > 0 else float("nan")


def _random(split: Split, rng: np.random.Generator) -> NDArray[np.bool_]:
    hidden = np.zeros(len(split.counted), dtype=np.bool_)
    counted = np.flatnonzero(split.counted)
    share = min(float(split.missing.mean()), 0.5)
    hidden[rng.choice(counted, int(len(counted) * share), replace=False)] = True
    return hidden


def late_like(split: Split, rng: np.random.Generator) -> NDArray[np.bool_]:
    """bool[station], counted sheets hidden in the pattern of the missing ones (see the module)."""
    region = split.places.codes[max(len(split.places.levels) - 3, 0)]
    finest, size = split.places.codes[-1], split.places.sizes[-1]
    groups = precinct_membership(split)
    sheets = np.bincount(region)
    whole = (np.bincount(region, groups["all_late"]) / np.maximum(sheets, 1))[region]
    split_sheets = groups["split_late"] | groups["split_early"] | groups["all_early"]
    part = (np.bincount(region, groups["split_late"]) / np.maximum(np.bincount(region, split_sheets), 1))[region]
    hidden = (rng.random(size)[finest] < whole) | (rng.random(len(finest)) < part)
    return np.asarray(hidden & split.counted)

"""Does a projection's interval hold what it says? Hide counted sheets, project them, and compare with what they held.

Two ways to hide: `random`, any counted sheet as likely as another; and `late_like`, in the pattern of the missing ones:
in each place of the level two above the finest, the same share of sheets, and of whole finest places, as is missing
there. Each hiding gives z = (held - projected) / projected standard deviation of the lead in votes. The widening is
the root mean square of z where that exceeds 1; coverage is counted with the widening that the *other* hidings give.
"""

import os
from concurrent.futures.thread import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.hierarchical import project
from veedor.interruption.missing import precinct_membership
from veedor.interruption.split import Split

Floats = NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.95)
LEAD = np.array([1.0, -1.0, 0.0])


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How often intervals held what was hidden: share of `hidings` inside the intervals of LEVELS."""

    hidden: str
    hidings: int
    coverage: dict[str, float]
    mean_z: float


@dataclass(frozen=True, kw_only=True)
class Validation:
    """The factor by which the projection's standard deviation is widened, and its coverage with it."""

    widening: float
    coverage: tuple[Coverage, ...]


def validate(split: Split, covariates: Floats, *, hidings: int, rng: np.random.Generator) -> Validation:
    """Hide and project `hidings` times in each of the two ways. covariates: float[station, k]."""
    hidden = {
        "random": [_random(split, rng) for _ in range(hidings)],
        "late_like": [_late_like(split, rng) for _ in range(hidings)],
    }
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        z = {name: np.array(list(threads.map(partial(_z, split, covariates), each))) for name, each in hidden.items()}
    every = np.concatenate(list(z.values()))
    every = every[np.isfinite(every)]
    return Validation(
        widening=_widening(every),
        coverage=tuple(_coverage(name, values[np.isfinite(values)], every) for name, values in z.items()),
    )


def _widening(z: Floats) -> float:
    return max(1.0, float(np.sqrt(np.mean(z**2)))) if len(z) else 1.0


def _coverage(name: str, z: Floats, every: Floats) -> Coverage:
    square, count = float(np.sum(every**2)), len(every)
    others = np.sqrt(np.maximum((square - z**2) / max(count - 1, 1), 1.0))
    return Coverage(
        hidden=name,
        hidings=len(z),
        coverage={
            str(level): float(np.mean(np.abs(z / others) <= NormalDist().inv_cdf((1 + level) / 2)))
            if len(z)
            else float("nan")
            for level in LEVELS
        },
        mean_z=float(np.mean(z)) if len(z) else float("nan"),
    )


def _z(split: Split, covariates: Floats, hidden: NDArray[np.bool_]) -> float:
    votes, registered = split.at_cut.astype(np.float64), split.registered_at_cut.astype(np.float64)
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
    spread = float(np.sqrt(LEAD @ total.covariance @ LEAD))
    held = float(votes[hidden].sum(axis=0) @ LEAD)
    return (held - float(LEAD @ total.mean)) / spread if spread > 0 else float("nan")


def _random(split: Split, rng: np.random.Generator) -> NDArray[np.bool_]:
    hidden = np.zeros(len(split.counted), dtype=np.bool_)
    counted = np.flatnonzero(split.counted)
    share = min(float(split.missing.mean()), 0.5)
    hidden[rng.choice(counted, int(len(counted) * share), replace=False)] = True
    return hidden


def _late_like(split: Split, rng: np.random.Generator) -> NDArray[np.bool_]:
    region = split.places.codes[max(len(split.places.levels) - 3, 0)]
    finest, size = split.places.codes[-1], split.places.sizes[-1]
    groups = precinct_membership(split)
    sheets = np.bincount(region)
    whole = (np.bincount(region, groups["all_late"]) / np.maximum(sheets, 1))[region]
    split_sheets = groups["split_late"] | groups["split_early"] | groups["all_early"]
    part = (np.bincount(region, groups["split_late"]) / np.maximum(np.bincount(region, split_sheets), 1))[region]
    hidden = (rng.random(size)[finest] < whole) | (rng.random(len(finest)) < part)
    return np.asarray(hidden & split.counted)

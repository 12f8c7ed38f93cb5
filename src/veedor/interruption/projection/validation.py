"""Does the hierarchical rule's interval hold what it says on this election? On sheets published before the stop only.

Two ways to hide counted sheets, project them, and compare with what they held: `random`, any counted sheet as likely as
another; and `late_like`, in the pattern of the missing ones: in each place of the level two above the finest, the same
share of sheets, and of whole finest places, as is missing there. And `cuts`: the sheets that passed between earlier
cuts of the count's own clock and the stop.

Each gives z = (held - projected) / calibrated standard deviation of the lead in votes. How wide the interval is was
learned on other elections; these only show whether it fits here. Where the root mean square at the cuts is larger than
`learned.CUTS_MAY_ERR`, this election is unlike those, and the interval is widened by what is above it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.outstanding.missing_sheets import precinct_membership
from veedor.interruption.projection.hierarchy import Hierarchy
from veedor.interruption.projection.lateness.forecast import Forecast
from veedor.interruption.projection.lateness.learned import CUTS_MAY_ERR
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
    """The factor by which the model's own standard deviation is widened, and the coverage of hidden values with it."""

    widening: float
    coverage: tuple[Coverage, ...]


def validate(
    hierarchy: Hierarchy, *, found: Forecast, hidings: int, rng: np.random.Generator, cuts: Sequence[float] = ()
) -> Validation:
    """Hide and project `hidings` times in each of the two ways. found: at the stop; cuts: z at earlier cuts."""
    split = hierarchy.split
    late = hierarchy.late(split.counted, split.missing)
    held = split.rows_at_cut[0] - split.rows_at_cut[1]
    hidden = {
        "random": [_random(split, rng) for _ in range(hidings)],
        "late_like": [late_like(split, rng) for _ in range(hidings)],
    }

    def error(part: NDArray[np.bool_]) -> float:
        return hierarchy.error(split.counted & ~part, part, held, late)

    with side_by_side(len(split.counted)) as threads:
        z = {name: np.array(list(threads.map(error, parts))) for name, parts in hidden.items()}
    widening = unlike_others(cuts)
    known = {name: values[np.isfinite(values)] / widening for name, values in {**z, "cuts": np.array(cuts)}.items()}
    return Validation(
        widening=widening * found.calibrated_sd / found.sd if found.sd > 0 else widening,
        coverage=tuple(_coverage(name, values) for name, values in known.items() if name in hidden or len(values)),
    )


def unlike_others(cuts: Sequence[float]) -> float:
    """By how much more the rule errs at this election's own earlier cuts than at those of others; never below 1."""
    square = float(np.mean(np.square(cuts))) if len(cuts) else 0.0
    return max(1.0, float(np.sqrt(square)) / CUTS_MAY_ERR)


def _coverage(name: str, z: Floats) -> Coverage:
    return Coverage(
        hidden=name,
        hidings=len(z),
        coverage={
            str(level): float(np.mean(np.abs(z) <= NormalDist().inv_cdf((1 + level) / 2))) if len(z) else float("nan")
            for level in LEVELS
        },
        mean_z=float(np.mean(z)) if len(z) else float("nan"),
    )


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

"""Placebos by permutation: shuffle which sheets of a place are late, and see how often each test rejects.

Within the places of a level a shuffled "late" has no effect by construction. The share of shuffles with |t| > 1.96 is
the test's rate of false alarms on this very election (5 % if its standard error is right); the share of shuffles whose
estimate is at least as far from 0 as the observed one is a p-value that rests on no standard error.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.places import Codes
from veedor.interruption.within import demeaned

Floats = NDArray[np.float64]

CRITICAL = 1.96


@dataclass(frozen=True, kw_only=True)
class Shuffled:
    """What the shuffles of one level did to one outcome's test."""

    level: str
    of: str
    shuffles: int
    false_alarms: float
    p_value: float


def shuffled(
    outcomes: dict[str, Floats], late: Floats, place: Codes, *, level: str, shuffles: int, rng: np.random.Generator
) -> list[Shuffled]:
    """Every outcome's test under shuffles within the places of a level. outcomes: name -> float[sheet]."""
    size = int(place.max(initial=-1)) + 1
    y = np.stack([demeaned(values, place, size) for values in outcomes.values()])
    observed_x = demeaned(late, place, size)
    spread = float(observed_x @ observed_x)
    if spread < 1e-9:
        return []
    observed = np.abs(y @ observed_x) / spread
    order = np.argsort(place, kind="stable")
    sorted_late, mean_late = late[order], late - observed_x
    n, freedom = len(late), len(late) - int(np.count_nonzero(np.bincount(place, minlength=size))) - 1
    rejected, further = np.zeros(len(y)), np.zeros(len(y))
    for _ in range(shuffles):
        # Sorted by place, then at random: each place keeps its number of late sheets and deals them out anew.
        dealt = np.empty(n)
        dealt[np.argsort(place + rng.random(n))] = sorted_late
        x = dealt - mean_late
        estimate = (y @ x) / spread
        square = x * x
        # sum of x^2 (y - b x)^2, expanded, so that all outcomes need three products.
        scores = (y * y) @ square - 2 * estimate * (y @ (square * x)) + estimate**2 * float(square @ square)
        se = np.sqrt(np.maximum(scores, 0.0) * n / max(freedom, 1)) / spread
        rejected += np.abs(estimate) > CRITICAL * se
        further += np.abs(estimate) >= observed - 1e-12
    return [
        Shuffled(
            level=level,
            of=name,
            shuffles=shuffles,
            false_alarms=float(rejected[index] / shuffles),
            p_value=float((further[index] + 1) / (shuffles + 1)),
        )
        for index, name in enumerate(outcomes)
    ]

"""The error by the rescaling bootstrap, a second way that must agree with the first.

Rao and Wu (1988), *Resampling inference with complex survey data*, in the form for weights of Rao, Wu and Yue (1992):
of the n reports of a stratum n - 1 are drawn with replacement, and each weight becomes

    w (1 - a + a n r / (n - 1)),  a = sqrt(1 - f)

with r the times that the report was drawn. A stratum with one report keeps its weight. Replicates are drawn in blocks.
"""

import numpy as np
import numpy.typing as npt

from veedor.quickcount.ratio import Separate
from veedor.quickcount.weights import Weighting

Floats = npt.NDArray[np.float64]
BLOCK = 50
"""Replicates at a time: 50 × 7,787 numbers are 3 MB."""


def replicates(
    values: Floats, weighting: Weighting, *, number: int, seed: int, separate: Separate | None = None
) -> Floats:
    """Totals of the election, float[replicate, column], for values float[report, column]. seed: any whole number."""
    order = np.lexsort((weighting.cell, weighting.group))
    group, cell = weighting.group[order], weighting.cell[order]
    held = np.bincount(group, minlength=len(weighting.fraction))
    start = np.concatenate(([0], np.cumsum(held)[:-1]))
    # One slot for each draw: n - 1 of each stratum.
    drawn = np.repeat(np.arange(len(held)), np.maximum(held - 1, 0))
    scale = np.sqrt(1.0 - weighting.fraction)
    scale[held < 2] = 0.0
    kept, added = (1.0 - scale)[group], (scale * held / np.maximum(held - 1, 1))[group]
    ordered, weight = values[order], weighting.weight[order]
    rng = np.random.default_rng(seed)
    found = np.empty((number, values.shape[1]))
    for first in range(0, number, BLOCK):
        size = min(BLOCK, number - first)
        at = start[drawn] + (rng.random((size, len(drawn))) * held[drawn]).astype(np.int64)
        at += len(order) * np.arange(size)[:, None]
        times = np.bincount(at.ravel(), minlength=size * len(order)).reshape(size, len(order))
        factor = kept + added * times
        if separate is None:
            found[first : first + size] = (factor * weight) @ ordered
        else:
            found[first : first + size] = _separate_totals(factor, ordered, cell, order, separate)
    return found


def _separate_totals(
    factor: Floats, values: Floats, cell: npt.NDArray[np.int64], order: npt.NDArray[np.int64], separate: Separate
) -> Floats:
    """Totals by the separate estimator: each replicate has ratios of its own to voters. float[block, column]."""
    starts = np.flatnonzero(np.concatenate(([True], cell[1:] != cell[:-1])))
    roll = np.add.reduceat(factor * separate.roll[order], starts, axis=1)
    known = separate.totals[cell[starts]]
    grown = np.where(roll > 0, known / np.where(roll > 0, roll, 1.0), 0.0)
    columns = [
        (grown * np.add.reduceat(factor * values[:, column], starts, axis=1)).sum(axis=1)
        for column in range(values.shape[1])
    ]
    return np.stack(columns, axis=1)

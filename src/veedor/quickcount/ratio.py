"""The ratio estimator over strata, and its error by linearisation.

Combined (Cochran 1977, *Sampling Techniques*, section 6.11), for a choice's votes y and the sheet's total t:

    p = sum_i w_i y_i / sum_i w_i t_i,  w_i = N_h / n_h

    V = sum_h (1 - f_h) n_h / (n_h - 1) sum_i (u_i - mean u)^2,  u_i = w_i (y_i - p t_i) / sum_i w_i t_i

which is sum_h N_h^2 (1 - f_h) s_h^2 / n_h over the squared total, the way it is mostly printed. Separate: the
registered voters of each stratum are known, so that w_i = R_h / sum_i r_i, and u_i has the residual of (y - p t) on r
in its stratum (Särndal, Swensson and Wretman 1992, section 7.3).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from veedor.quickcount.weights import Weighting

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Separate:
    """What the separate estimator needs. roll: float[report]; totals: float[cell], registered voters of the frame."""

    roll: Floats
    totals: Floats

    def weights(self, cell: npt.NDArray[np.int64]) -> Floats:
        """float[report], voters of the stratum for each voter in its reports."""
        there = np.bincount(cell, weights=self.roll, minlength=len(self.totals))
        return (self.totals / np.where(there > 0, there, 1.0))[cell]

    def residual(self, values: Floats, cell: npt.NDArray[np.int64]) -> Floats:
        """float[report], values minus what the stratum's ratio to registered voters gives."""
        there = np.bincount(cell, weights=self.roll, minlength=len(self.totals))
        sums = np.bincount(cell, weights=values, minlength=len(self.totals))
        rest: Floats = values - (sums / np.where(there > 0, there, 1.0))[cell] * self.roll
        return rest


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A ratio and its error. influence: float[report], what each report adds to the estimate's deviation."""

    value: float
    error: float
    influence: Floats


def ratio(top: Floats, below: Floats, weighting: Weighting, separate: Separate | None = None) -> Ratio:
    """The ratio of two totals of the election. top, below: float[report]."""
    weights = weighting.weight if separate is None else separate.weights(weighting.cell)
    total = float(weights @ below)
    value = float(weights @ top) / total if total > 0 else float("nan")
    rest = top - value * below
    rest = rest if separate is None else separate.residual(rest, weighting.cell)
    influence: Floats = weights * rest / total
    return Ratio(value=value, error=error_of(influence, weighting), influence=influence)


def error_of(influence: Floats, weighting: Weighting) -> float:
    """The standard error of a sum of influences: between the reports of a stratum, with finite correction."""
    group, groups = weighting.group, len(weighting.fraction)
    number = np.bincount(group, minlength=groups)
    mean = np.bincount(group, weights=influence, minlength=groups) / np.maximum(number, 1)
    squares = np.bincount(group, weights=(influence - mean[group]) ** 2, minlength=groups)
    factor = np.where(number > 1, (1.0 - weighting.fraction) * number / np.maximum(number - 1, 1), 0.0)
    return float(np.sqrt(factor @ squares))

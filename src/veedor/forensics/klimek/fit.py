"""Klimek's model by maximum likelihood on the fingerprint's cells: scoring, intervals, and when it gives no fractions.

Stations fall into cells of turnout by share as a multinomial; Fisher's scoring with Levenberg's damping climbs from
several starts. Intervals are by profile likelihood, widened by the cells' dispersion (Pearson's chi-square by its
degrees of freedom), so that they hold for an electorate a little other than the model's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from veedor.forensics.klimek.model import Shape, cells, components
from veedor.forensics.stations import Flags, Floats, Ints, Stations

FEWEST = 500
NAMES = ("f_i", "f_e", "tau", "spread_turnout", "nu", "spread_share", "theta", "alpha")
LOW: Floats = np.array([0.0, 0.0, 0.02, 0.02, 0.02, 0.02, 0.1, 0.3])
HIGH: Floats = np.array([0.98, 0.98, 0.99, 0.6, 0.98, 0.6, 1.2, 6.0])
"""Bounds of the parameters. theta below 0.1 would make an incremental station an honest one."""
BEYOND = 3.841458820694124
"""Chi-square with 1 degree of freedom: its 95 per cent quantile."""
GAIN = 0.005
"""A step that gains less log-likelihood is the last."""
COARSE = 3
"""Cells a side joined for the misfit."""
STEPS = 25
SCREEN = 8
"""Steps of each start before the two best go on."""


@dataclass(frozen=True, kw_only=True)
class Climb:
    """The end of one climb. x: by NAMES; loglik: of the cells, a constant apart; information: float[8, 8]."""

    x: Floats
    loglik: float
    information: Floats


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Profile-likelihood interval of 95 per cent."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """The best climb and its diagnostics.

    dispersion: Pearson's chi-square by degrees of freedom, at least 1. misfit: share of the stations that would have
    to move to another coarse cell for the model to hold, beyond what chance moves. ratio: twice the gain in
    log-likelihood over the honest election, by dispersion; p_value: of it, chi-square with 4 degrees of freedom.
    condition: of the correlation matrix of the parameters not at a bound; edges: parameters at one. standard_errors:
    by NAMES, 0 at a bound. apart: f_i of other climbs that reach the same likelihood, less the best's, at most.
    """

    stations: int
    best: Climb
    starts: int
    dispersion: float
    misfit: float
    ratio: float
    p_value: float
    condition: float
    edges: tuple[str, ...]
    standard_errors: Floats
    correlation: float
    apart: float

    @property
    def shape(self) -> Shape:
        """The parameters but the fractions."""
        return shape_of(self.best.x)


def shape_of(x: Floats) -> Shape:
    """Parameters by NAMES as a Shape."""
    tau, spread_turnout, nu, spread_share, theta, alpha = (float(value) for value in x[2:])
    return Shape(tau=tau, spread_turnout=spread_turnout, nu=nu, spread_share=spread_share, theta=theta, alpha=alpha)


def fit(stations: Stations, start: Floats | None = None) -> Fitted | None:
    """None with fewer than FEWEST usable stations or all in one cell. start: where to climb from, else several."""
    counts = cells(stations)
    if counts.sum() < FEWEST or (counts > 0).sum() < 10:
        return None
    starts = [start] if start is not None else _starts(counts)
    short = sorted((climb(counts, each, steps=SCREEN) for each in starts), key=lambda found: -found.loglik)
    climbs = sorted((climb(counts, each.x) for each in short[:2]), key=lambda found: -found.loglik)
    return _judged(counts, climbs)


def climb(counts: Ints, start: Floats, free: Flags | None = None, steps: int = STEPS) -> Climb:
    """Scoring from a start, within the bounds; parameters that are not free stay as they are."""
    free = np.ones(len(NAMES), dtype=np.bool_) if free is None else free
    x, damping = np.clip(start, LOW, HIGH), 1e-3
    parts = components(shape_of(x), len(counts))
    loglik = _loglik(counts, x, parts)
    information = np.eye(len(NAMES))
    for _ in range(steps):
        score, information = _derivatives(counts, x, parts, free)
        moving = free & ~((x <= LOW) & (score < 0)) & ~((x >= HIGH) & (score > 0))
        if not moving.any():
            break
        gained, x, parts, loglik, damping = _step(counts, (x, parts, loglik), score, information, moving, damping)
        if gained < GAIN:
            break
    return Climb(x=x, loglik=loglik, information=information)


State = tuple[Floats, Floats, float]


def _step(
    counts: Ints, state: State, score: Floats, information: Floats, moving: Flags, damping: float
) -> tuple[float, Floats, Floats, float, float]:
    """One accepted step: gain, then x, parts, loglik and the damping to go on with; gain 0 where none is found."""
    x, parts, loglik = state
    which = np.flatnonzero(moving)
    inner = information[np.ix_(which, which)]
    while damping < 1e8:
        damped = inner + damping * np.diag(np.diag(inner) + 1e-6)
        trial = x.copy()
        trial[which] += np.linalg.solve(damped, score[which])
        trial = _within(trial)
        fresh = components(shape_of(trial), len(counts))
        reached = _loglik(counts, trial, fresh)
        if reached > loglik:
            return reached - loglik, trial, fresh, reached, max(damping / 10, 1e-9)
        damping *= 10
    return 0.0, x, parts, loglik, damping


def _within(x: Floats) -> Floats:
    x = np.clip(x, LOW, HIGH)
    total = x[0] + x[1]
    if total > HIGH[0]:
        x[:2] *= HIGH[0] / total
    return x


def chances(x: Floats, parts: Floats) -> Floats:
    """float[bins, bins]: chance of each cell; no less than 1e-12, so that one odd station cannot rule a fit out."""
    mixed: Floats = np.maximum((1 - x[0] - x[1]) * parts[0] + x[0] * parts[1] + x[1] * parts[2], 1e-12)
    return mixed


def _loglik(counts: Ints, x: Floats, parts: Floats) -> float:
    some = counts > 0
    return float(counts[some] @ np.log(np.maximum(chances(x, parts)[some], 1e-7)))


def _derivatives(counts: Ints, x: Floats, parts: Floats, free: Flags) -> tuple[Floats, Floats]:
    """Score and expected information of the cells; shapes by forward differences, fractions exactly."""
    at = np.maximum(chances(x, parts), 1e-7)
    slopes = np.zeros((len(x), at.size))
    slopes[0], slopes[1] = (parts[1] - parts[0]).ravel(), (parts[2] - parts[0]).ravel()
    for number in np.flatnonzero(free[2:]) + 2:
        nudge = 1e-4 if x[number] + 1e-4 <= HIGH[number] else -1e-4
        moved = x.copy()
        moved[number] += nudge
        slopes[number] = ((chances(x, components(shape_of(moved), len(counts))) - chances(x, parts)) / nudge).ravel()
    weighted = slopes / at.ravel()
    return weighted @ counts.ravel(), counts.sum() * (weighted @ slopes.T)


def _starts(counts: Ints) -> list[Floats]:
    """Three: honest voters where the marginals' middle is, where the lower half is, and hardly anything changed."""
    middles = (np.arange(len(counts)) + 0.5) / len(counts)
    found = []
    marginals = [np.repeat(middles, counts.sum(axis=1)), np.repeat(middles, counts.sum(axis=0))]
    for quantile, f_i, theta in ((0.5, 0.02, 0.3), (0.25, 0.4, 0.4), (0.1, 0.8, 0.4)):
        tau, nu = (float(np.quantile(each, quantile)) for each in marginals)
        spreads = [max(float(np.quantile(each, 0.5) - np.quantile(each, 0.16)), 0.03) for each in marginals]
        found.append(np.array([f_i, 0.02, tau, spreads[0], nu, spreads[1], theta, 2.0]))
    return found


def honest(counts: Ints, start: Floats) -> Climb:
    """The best honest election: f_i = f_e = 0."""
    free = np.array([False, False, True, True, True, True, False, False])
    x = start.copy()
    x[:2] = 0.0
    middles = (np.arange(len(counts)) + 0.5) / len(counts)
    for mean, axis in ((2, 1), (4, 0)):
        marginal = counts.sum(axis=axis) / counts.sum()
        x[mean] = float(marginal @ middles)
        x[mean + 1] = float(np.sqrt(marginal @ (middles - x[mean]) ** 2))
    return climb(counts, x, free)


def _judged(counts: Ints, climbs: Sequence[Climb]) -> Fitted:
    best = climbs[0]
    expected = chances(best.x, components(shape_of(best.x), len(counts)))
    dispersion = _dispersion(counts, expected)
    ratio = max(0.0, 2 * (best.loglik - honest(counts, best.x).loglik)) / dispersion
    inside = (best.x > LOW + 1e-6) & (best.x < HIGH - 1e-6)
    if best.x[0] <= 1e-3:
        inside[6:] = False  # theta and alpha mean nothing where no station is incremental
    errors, condition, correlation = _errors(best.information, inside, dispersion)
    near = [each.x[0] for each in climbs if 2 * (best.loglik - each.loglik) / dispersion < BEYOND]
    at = [name for name, at_low in zip(NAMES, best.x <= LOW + 1e-6, strict=True) if at_low and name not in NAMES[:2]]
    at += [name for name, at_high in zip(NAMES, best.x >= HIGH - 1e-3, strict=True) if at_high]
    return Fitted(
        stations=int(counts.sum()),
        best=best,
        starts=len(climbs),
        dispersion=dispersion,
        misfit=_misfit(counts, expected),
        ratio=ratio,
        p_value=float(chdtrc(4, ratio)),
        condition=condition,
        edges=tuple(name for name in at if best.x[0] > 1e-3 or name not in ("theta", "alpha")),
        standard_errors=errors,
        correlation=correlation,
        apart=float(max(abs(value - best.x[0]) for value in near)),
    )


def _errors(information: Floats, inside: Flags, dispersion: float) -> tuple[Floats, float, float]:
    """Standard errors, condition number of the scaled information, correlation of f_i and alpha."""
    which = np.flatnonzero(inside)
    errors = np.zeros(len(inside))
    inner = information[np.ix_(which, which)]
    scale = np.sqrt(np.maximum(np.diag(inner), 1e-12))
    scaled = inner / np.outer(scale, scale)
    condition = float(np.linalg.cond(scaled)) if len(which) else 1.0
    if not np.isfinite(condition) or condition > 1e12:
        return errors, float("inf"), 0.0
    covariance = np.linalg.inv(scaled) / np.outer(scale, scale) * dispersion
    errors[which] = np.sqrt(np.maximum(np.diag(covariance), 0))
    if not (inside[0] and inside[7]):
        return errors, condition, 0.0
    a, b = int(np.searchsorted(which, 0)), int(np.searchsorted(which, 7))
    return errors, condition, float(covariance[a, b] / max(errors[0] * errors[7], 1e-300))


def _dispersion(counts: Ints, expected: Floats) -> float:
    """Pearson's chi-square by degrees of freedom, over cells that expect 5 stations or more; at least 1."""
    total = counts.sum()
    fair = expected * total >= 5
    if fair.sum() <= len(NAMES) + 5:
        return 1.0
    mean = expected[fair] * total
    return max(1.0, float(((counts[fair] - mean) ** 2 / mean).sum() / (fair.sum() - len(NAMES))))


def _misfit(counts: Ints, expected: Floats) -> float:
    """Half the sum of absolute differences of coarse cells, less what chance gives on average; at least 0."""
    side = len(counts) // COARSE
    joined = counts.reshape(side, COARSE, side, COARSE).sum(axis=(1, 3)) / counts.sum()
    wanted = expected.reshape(side, COARSE, side, COARSE).sum(axis=(1, 3))
    chance = float(np.sqrt(wanted * np.clip(1 - wanted, 0, 1) / counts.sum()).sum() * np.sqrt(2 / np.pi) / 2)
    return max(0.0, float(np.abs(joined - wanted).sum() / 2) - chance)


def profile(counts: Ints, fitted: Fitted, number: int) -> Interval:
    """95 per cent interval of parameter `number`: where twice the loss in log-likelihood, by dispersion, is 3.84."""
    return Interval(low=_end(counts, fitted, number, -1), high=_end(counts, fitted, number, 1))


def _end(counts: Ints, fitted: Fitted, number: int, side: int) -> float:
    """One end, by regula falsi on the signed root of the loss; a bound where the loss never gets so far."""
    best, limit = fitted.best, float(np.sqrt(BEYOND))
    bound = float(LOW[number] if side < 0 else HIGH[number])
    free = np.ones(len(NAMES), dtype=np.bool_)
    free[number] = False
    inner, inner_root, x = float(best.x[number]), 0.0, best.x
    width = max(2 * float(fitted.standard_errors[number]), 0.01)
    outer, outer_root = inner, 0.0
    for _ in range(8):
        outer = bound if abs(bound - inner) <= width else inner + side * width
        x, outer_root = _loss(counts, fitted, x, number, outer, free)
        if outer_root >= limit:
            break
        if outer == bound:
            return bound
        inner, inner_root = outer, outer_root
    # The loss is near a parabola around its least point, and its root near a line: a few climbs find the end.
    for _ in range(6):
        at = inner + (limit - inner_root) / max(outer_root - inner_root, 1e-9) * (outer - inner)
        x, root = _loss(counts, fitted, x, number, at, free)
        if abs(root - limit) < 0.02:
            return at
        if root < limit:
            inner, inner_root = at, root
        else:
            outer, outer_root = at, root
    return outer


def _loss(counts: Ints, fitted: Fitted, start: Floats, number: int, value: float, free: Flags) -> tuple[Floats, float]:
    x = start.copy()
    x[number] = value
    found = climb(counts, _within(x), free, steps=12)
    return found.x, float(np.sqrt(max(0.0, 2 * (fitted.best.loglik - found.loglik) / fitted.dispersion)))

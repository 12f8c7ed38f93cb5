"""Stations drawn from the model itself, and clean ones: for tests, calibration and predictive checks."""

from collections.abc import Mapping

import numpy as np

from veedor.forensics.mixture.data import Counts, counts_of
from veedor.forensics.mixture.parameters import THRESHOLD
from veedor.forensics.stations import Flags, Floats, Ints

TRIES = 50
LARGEST_SHARE = 0.999
SIGMA_CHI = 0.075


def simulate(
    variant: str, parameters: Mapping[str, Floats], counts: Counts, rng: np.random.Generator
) -> tuple[Counts, Ints]:
    """Stations with the rolls and groups of `counts`, and each one's state (0, 1, 2).

    Where the model has no probability to draw from (p above 1 where A > 1 - m), the station is drawn again.
    As in the model, w ~ Bin(N, .) may exceed the valid votes.
    """
    registered = counts.registered.astype(np.int64)
    states = rng.choice(3, size=len(registered), p=np.asarray(parameters["pi"]))
    draw = _normal if variant == "rn" else _logistic
    abstained = np.zeros_like(registered)
    leading = np.zeros_like(registered)
    left = np.arange(len(registered))
    # The state stays when a station is drawn again: anew each time, states that often fail would fall short of pi.
    for _ in range(TRIES):
        a, w, possible = draw(parameters, registered[left], states[left], counts.group[left], counts.design, rng)
        done = left[possible]
        abstained[done], leading[done] = a[possible], w[possible]
        left = left[~possible]
        if len(left) == 0:
            break
    fresh = counts_of(registered, abstained, leading)
    made = Counts(
        registered=fresh.registered,
        abstained=fresh.abstained,
        leading=fresh.leading,
        weight=fresh.weight,
        group=counts.group,
        design=counts.design,
        covariates=counts.covariates,
    )
    return made, states.astype(np.int64)


def _sigmoid(x: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(x, -700, 700)))
    return found


def _logistic(
    parameters: Mapping[str, Floats], n: Ints, state: Ints, group: Ints, design: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints, Flags]:
    """qbl where there are variances b, else bl with its latent counts."""
    centre = np.asarray(parameters["alpha"])[:, None] + np.zeros((6, len(design)))
    if "beta" in parameters:
        centre = centre + np.asarray(parameters["beta"]) @ design.T
    h = centre[:, group]
    if "b" in parameters:
        h = h + np.sqrt(np.asarray(parameters["b"]))[:, None] * rng.normal(size=h.shape)
    share = _sigmoid(h)
    m = np.where(state == 1, THRESHOLD * share[2], THRESHOLD + (1 - THRESHOLD) * share[4])
    s = np.where(state == 1, THRESHOLD * share[3], THRESHOLD + (1 - THRESHOLD) * share[5])
    if "b" not in parameters:
        m, s = np.minimum(rng.binomial(n, m) / n, LARGEST_SHARE), rng.binomial(n, s) / n
    m, s = np.where(state == 0, 0.0, m), np.where(state == 0, 0.0, s)
    a = rng.binomial(n, (1 - share[0]) * (1 - m))
    away = a / n / (1 - m)
    p = (1 - away) * (share[1] + s * (1 - share[1])) + m * away
    possible = (p >= 0) & (p <= 1)
    return a, rng.binomial(n, np.clip(p, 0, 1)), possible


def _normal(
    parameters: Mapping[str, Floats], n: Ints, state: Ints, group: Ints, design: Floats, rng: np.random.Generator
) -> tuple[Ints, Ints, Flags]:
    slope = np.asarray(parameters["beta"]) @ design.T if "beta" in parameters else np.zeros((2, len(design)))
    tau = rng.normal(float(parameters["mu_tau"]) + slope[0, group], float(parameters["sigma_tau"]))
    nu = rng.normal(float(parameters["mu_nu"]) + slope[1, group], float(parameters["sigma_nu"]))
    iota = rng.normal(float(parameters["mu_iota"]), float(parameters["sigma_iota"]), len(n))
    chi = rng.normal(float(parameters["mu_chi"]), SIGMA_CHI, len(n))
    m = np.where(state == 0, 0.0, np.where(state == 1, iota, chi))
    possible = (tau >= 0) & (tau <= 1) & (nu >= 0) & (nu <= 1) & (m >= 0) & (m <= 0.9999)
    m = np.clip(m, 0, 0.9999)
    s = np.where(state == 0, 0.0, m ** float(parameters["exponent"]))
    a = (1 - tau) * (1 - m)
    w = tau * (nu + s * (1 - nu)) + m * (1 - tau)
    rounded = np.clip(np.rint(n * a), 0, n).astype(np.int64)
    leading = np.minimum(np.clip(np.rint(n * w), 0, n).astype(np.int64), n - rounded)
    return rounded, leading, possible

"""Simulated ballot-polling audits, many at once: how many ballots an audit takes if the report is right, or wrong.

Ballots are drawn without replacement in blocks: how many of each kind a block holds is hypergeometric, their order
within it a random one. Audits that have met the limit leave; so do those that are through with all ballots.
"""

from collections.abc import Sequence

import numpy as np

from veedor.audit.statistics.martingale import Floats, Null
from veedor.audit.statistics.sample_sizes import Simulated, Whole, summary

BLOCK = 2048
"""Draws of each audit that are computed at a time: small enough for the processor's cache."""


def simulate_polling(
    kinds: Sequence[float],
    counts: Sequence[int],
    null: Null,
    risk_limit: float,
    audits: int,
    rng: np.random.Generator,
    *,
    eta: float,
    d: float = 100.0,
    c: float | None = None,
) -> Simulated:
    """ALPHA with the truncated shrinkage estimate on a population of ballots with these values and counts.

    kinds: h of each kind of ballot; counts: how many there are of each. null.size must be the sum of counts.
    """
    size = int(sum(counts))
    if null.size != size:
        raise ValueError(f"the null is of {null.size} ballots, the population of {size}")
    stay = (eta - null.mean) / 2 if c is None else c
    values = np.asarray(kinds, dtype=np.float64)
    left = np.tile(np.asarray(counts, dtype=np.int64), (audits, 1))
    alive, needed = np.arange(audits), np.zeros(audits, dtype=np.int64)
    sums, growth, done = np.zeros((audits, 1)), np.zeros((audits, 1)), 0
    while len(alive) and done < size:
        block = min(BLOCK, size - done)
        x = _block(values, left, block, rng)
        # A bet may know earlier draws only, S_{i-1}: with x_i in it the test would no longer hold its risk limit.
        before = sums + np.cumsum(x, axis=1) - x
        drawn = np.arange(done, done + block)
        means = (size * null.mean - before) / (size - drawn)
        weight = d + drawn
        estimate = np.maximum((d * eta + before) / weight, means + stay / np.sqrt(weight))
        estimate = np.minimum(estimate, null.upper * (1 - np.finfo(float).eps))
        after = _grow(x, means, estimate, null, growth)
        met = after >= -np.log(risk_limit)
        stopped = met.any(axis=1)
        needed[alive[stopped]] = done + met[stopped].argmax(axis=1) + 1
        keep = ~stopped
        alive, left = alive[keep], left[keep]
        sums, growth = sums[keep] + x[keep].sum(axis=1, keepdims=True), after[keep, -1:]
        done += block
    return summary(needed, size)


def _grow(x: Floats, means: Floats, estimate: Floats, null: Null, growth: Floats) -> Floats:
    """ln M after each draw; infinite once the null is impossible, minus infinity once it is certain."""
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = 1 + (estimate / means - 1) / (null.upper - means) * (x - means)
        logs = np.log(factor)
    impossible, certain = means < 0, means > null.upper
    if impossible.any() or certain.any():
        logs[impossible], logs[certain] = np.inf, -np.inf
    after: Floats = growth + np.cumsum(np.nan_to_num(logs, nan=0.0, posinf=1e9, neginf=-1e9), axis=1)
    return after


def _block(values: Floats, left: Whole, block: int, rng: np.random.Generator) -> Floats:
    """The next `block` draws of each audit; `left` is brought up to date."""
    taken = rng.multivariate_hypergeometric(left[0], block, size=1) if len(left) == 1 else _taken(left, block, rng)
    left -= taken
    kinds = np.repeat(np.tile(np.arange(len(values), dtype=np.uint8), len(left)), taken.ravel()).reshape(
        len(left), block
    )
    draws: Floats = values[rng.permuted(kinds, axis=1, out=kinds)]
    return draws


def _taken(left: Whole, block: int, rng: np.random.Generator) -> Whole:
    """How many of each kind a block of each audit holds: one kind after the other, each hypergeometric."""
    taken = np.zeros_like(left)
    room = np.full(len(left), block)
    others = left.sum(axis=1)
    for kind in range(left.shape[1] - 1):
        others = others - left[:, kind]
        taken[:, kind] = rng.hypergeometric(left[:, kind], others, room)
        room = room - taken[:, kind]
    taken[:, -1] = room
    return taken

"""Kinds of election drawn at random: what the projection learns from, and is held against beside the named kinds.

400 to 4,000 sheets; 2 to 5 levels, 2 to 12 choices; remoteness of any strength, or none; towns and time zones late or
not; stops at 25 to 95 % of the sheets.
"""

import numpy as np

from veedor.simulation import Kind, draw_kind
from veedor.simulation.drawing import Drawn

SHAPES = ("none", "normal", "exponential", "threshold", "uniform")
"""Of remoteness; none: there is no such thing."""

STREAM = 79


def draw_random(shape: str, seed: int) -> Drawn:
    """A clean election of a kind that the seed draws, remoteness being of that shape."""
    rng = np.random.default_rng((STREAM, SHAPES.index(shape), seed))
    kind = random_kind(rng, shape)
    return draw_kind(round(_between(rng, 400, 4_000)), kind, seed)


def random_kind(rng: np.random.Generator, shape: str) -> Kind:
    """A kind whose dials are drawn."""
    depth, remote = int(rng.choice((2, 3, 3, 3, 4, 5))), shape != "none"
    return Kind(
        about={"en": "Drawn at random.", "es": "Sacada al azar."},
        regions=int(rng.integers(4, 18)),
        stations_per=_stations(rng, depth),
        unequal=float(rng.uniform(1.05, 2.2)),
        rolls=float(rng.uniform(1.2, 2.5)) if rng.random() < 0.3 else None,
        shares=_shares(rng, int(rng.choice((2, 2, 3, 3, 4, 6, 8, 12)))),
        concentration=tuple(_between(rng, 20, 120) for _ in range(depth)),
        sheet_concentration=_between(rng, 25, 800) if rng.random() < 0.8 else None,
        remote_votes=float(rng.choice((-1, 1)) * rng.uniform(0.05, 0.5)) if remote else 0.0,
        remote_late=float(rng.uniform(0.3, 1.5)) if remote else 0.0,
        remote_levels=tuple(float(one) for one in rng.dirichlet(np.ones(depth))),
        remote_shape=shape if remote else "normal",  # type: ignore[arg-type]
        place_late=tuple(float(one) for one in rng.uniform(0, 0.8, depth) * rng.choice((0.3, 1.0, 1.0))),
        sheet_late=float(rng.uniform(0.3, 1.0)),
        urban_late=float(rng.uniform(0, 0.9)) if rng.random() < 0.2 else 0.0,
        urban_votes=float(rng.uniform(-0.25, 0.25)) if rng.random() < 0.3 else 0.0,
        zones=int(rng.choice((1, 1, 1, 1, 3, 4))),
        zone_late=float(rng.uniform(0, 0.9)),
        turnout=float(rng.uniform(0.5, 0.85)),
        turnout_support=float(rng.choice((0.0, 0.0, 0.0, 1.5, -1.5))),
        stop_after=float(rng.uniform(0.25, 0.95) if rng.random() < 0.5 else rng.uniform(0.75, 0.92)),
    )


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    """Any number between, each factor as likely as another."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _stations(rng: np.random.Generator, depth: int) -> tuple[float, ...]:
    """Mean stations of a place, for each level below the region."""
    found = [float(rng.uniform(4, 10))]
    while len(found) < depth - 1:
        found.append(found[-1] * float(rng.uniform(3, 8)))
    return tuple(reversed(found))


def _shares(rng: np.random.Generator, choices: int) -> tuple[float, ...]:
    """Of the choices, the largest first."""
    first = rng.uniform(0.3, 0.6) if choices > 2 else rng.uniform(0.5, 0.58)
    others = np.sort(rng.dirichlet(np.full(choices - 1, 1.2)))[::-1]
    found = np.concatenate([[first], (1 - first) * others])
    return tuple(float(one) for one in found / found.sum())

"""Votes of a kind of election: Dirichlet shares from level to level, and what remoteness and towns add to them."""

import numpy as np

from veedor.simulation.geography import Geography
from veedor.simulation.kinds.kind import Kind
from veedor.simulation.types import Floats, Ints
from veedor.simulation.voters import Voters

BLANK, NULL = 0.02, 0.03
"""Shares of ballots cast."""

TINY = 1e-9


def kind_voters(rng: np.random.Generator, geography: Geography, kind: Kind, remote: Floats, urban: Floats) -> Voters:
    """Rolls and true votes. remote, urban: float[precinct]."""
    registered = _rolls(rng, kind, geography.stations)
    shares = _shares(rng, geography, kind, remote, urban)
    leaning = shares[:, 0] - float(shares[:, 0].mean())
    logit = np.log(kind.turnout / (1 - kind.turnout)) + kind.turnout_support * leaning
    logit = logit + rng.normal(0, 0.25, len(shares))
    turnout = 1 / (1 + np.exp(-(logit[geography.precinct] + rng.normal(0, 0.12, geography.stations))))
    own = shares[geography.precinct]
    if kind.sheet_concentration is not None:
        own = _dirichlet(rng, own, kind.sheet_concentration)
    ballots = np.column_stack([own * (1 - BLANK - NULL), np.full((len(own), 2), (BLANK, NULL))])
    cast = rng.binomial(registered, turnout)
    return Voters(registered=registered, votes=rng.multinomial(cast, ballots / ballots.sum(axis=1, keepdims=True)))


def _rolls(rng: np.random.Generator, kind: Kind, stations: int) -> Ints:
    if kind.rolls is None:
        return rng.integers(200, 241, stations)
    return np.minimum(60 * (1 + rng.pareto(kind.rolls, stations)), 2_000).astype(np.int64)


def _shares(rng: np.random.Generator, geography: Geography, kind: Kind, remote: Floats, urban: Floats) -> Floats:
    """float[precinct, choice]."""
    shares = np.array(kind.shares)[None]
    for level, concentration in enumerate(kind.concentration):
        shares = _dirichlet(rng, shares[geography.above[level]], concentration)
    tilt = kind.remote_votes * remote + kind.urban_votes * urban
    if kind.strongholds:
        towns = len(geography.names[-2])
        side = np.where(rng.random(towns) < 0.5, 1.0, -1.0) * (rng.random(towns) < kind.strongholds)
        tilt = tilt + kind.stronghold_votes * side[geography.above[-1]]
    first = shares[:, 0] * np.exp(np.clip(tilt, -6, 6))
    shares = np.column_stack([first, shares[:, 1:]])
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _dirichlet(rng: np.random.Generator, mean: Floats, concentration: float) -> Floats:
    """One Dirichlet draw around each row of float[unit, choice]."""
    drawn = rng.standard_gamma(mean * concentration) + TINY
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))

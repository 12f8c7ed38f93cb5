"""The electorate: who is registered where, who votes, and for whom. Votes here are the truth, before any fault."""

from dataclasses import dataclass

import numpy as np

from veedor.simulation.geography import Geography
from veedor.simulation.parameters import Parameters
from veedor.simulation.types import Floats, Ints

STATION_CAPACITY = 240
"""Maximum registered voters of a station; a precinct's last station has those who remain."""

PLACE_EFFECTS = (0.30, 0.20, 0.25, 0.22, 0.20)
"""Standard deviations, on the logit scale, of the effects of region, province, municipality, locality, precinct."""

STATION_EFFECT = 0.06


@dataclass(frozen=True, kw_only=True)
class Voters:
    """registered: int[station]. votes: int[station, choices + 2], the choices in ballot order, then blank, null."""

    registered: Ints
    votes: Ints


def draw_voters(rng: np.random.Generator, geography: Geography, parameters: Parameters) -> Voters:
    """Registered voters and their true votes."""
    registered = _draw_registered(rng, geography)
    urban = _standardised(geography.urban, _by_precinct(geography, registered.astype(np.float64)))
    turnout = _turnout(rng, geography, parameters, urban)
    empty = _empty_ballots(rng, parameters, urban)
    weight = _by_precinct(geography, registered * turnout) * (1 - empty.sum(axis=1))
    preferences = _preferences(rng, geography, parameters, urban, weight)
    ballots = _ballots(rng, geography, empty, preferences)
    return Voters(registered=registered, votes=rng.multinomial(rng.binomial(registered, turnout), ballots))


def _by_precinct(geography: Geography, amounts: Floats) -> Floats:
    """Sums of float[station], float[precinct]."""
    return np.bincount(geography.precinct, weights=amounts, minlength=len(geography.urban)).astype(np.float64)


def _draw_registered(rng: np.random.Generator, geography: Geography) -> Ints:
    """Full stations but for each precinct's last, which has anything from 15 voters to a full list."""
    last = np.append(geography.rank[1:] == 0, True)
    full = STATION_CAPACITY - rng.integers(0, 12, geography.stations)
    return np.where(last, rng.integers(15, STATION_CAPACITY + 1, geography.stations), full)


def _standardised(values: Floats, weight: Floats) -> Floats:
    """Mean 0 and standard deviation 1 over voters."""
    centred = values - np.average(values, weights=weight)
    deviation = np.sqrt(np.average(centred**2, weights=weight))
    return centred / max(float(deviation), 1e-9)


def _preferences(
    rng: np.random.Generator, geography: Geography, parameters: Parameters, urban: Floats, weight: Floats
) -> Floats:
    """Logits of the choices, float[precinct, choice]; over all expected valid votes the shares are those asked for.

    weight: float[precinct], expected valid votes.
    """
    shares = np.array(parameters.shares)
    effects = np.zeros((len(urban), len(shares)))
    for level, spread in enumerate(PLACE_EFFECTS):
        places = len(geography.names[level])
        effects += rng.normal(0, spread * parameters.place_spread, (places, len(shares)))[geography.places(level)]
    gradient = np.full(len(shares), 0.06)
    gradient[:2] = -0.22, 0.18
    effects += parameters.urban_gradient * urban[:, np.newaxis] * gradient
    base = np.log(shares)
    for _ in range(50):
        mean = weight @ _softmax(base + effects) / weight.sum()
        if np.abs(mean - shares).max() < 1e-6:
            break
        base += np.log(shares / mean)
    logits: Floats = base + effects
    return logits


def _turnout(rng: np.random.Generator, geography: Geography, parameters: Parameters, urban: Floats) -> Floats:
    """Probability that a registered voter votes, float[station]."""
    municipality = rng.normal(0, 0.15, len(geography.names[2]))[geography.places(2)]
    place = municipality + rng.normal(0, 0.2, len(urban)) + 0.1 * urban
    return _logistic(_logit(parameters.turnout) + place[geography.precinct] + rng.normal(0, 0.12, geography.stations))


def _empty_ballots(rng: np.random.Generator, parameters: Parameters, urban: Floats) -> Floats:
    """Probabilities that a ballot cast is blank, and that it is null, float[precinct, 2]."""
    empty = np.empty((len(urban), 2))
    for column, share in enumerate((parameters.blank, parameters.null)):
        empty[:, column] = _logistic(_logit(share) - 0.2 * urban + rng.normal(0, 0.25, len(urban)))
    empty *= np.minimum(1, 0.9 / np.maximum(empty.sum(axis=1, keepdims=True), 1e-9))
    return empty


def _ballots(rng: np.random.Generator, geography: Geography, empty: Floats, preferences: Floats) -> Floats:
    """Probabilities of a ballot cast, float[station, choices + 2]; rows add up to 1."""
    choices = preferences.shape[1]
    logits = preferences[geography.precinct]
    logits += rng.normal(0, STATION_EFFECT, logits.shape)
    ballots = np.empty((geography.stations, choices + 2))
    ballots[:, choices:] = empty[geography.precinct]
    ballots[:, :choices] = _softmax(logits) * (1 - ballots[:, choices:].sum(axis=1, keepdims=True))
    return ballots


def _softmax(logits: Floats) -> Floats:
    weights: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    return weights


def _logit(share: float) -> float:
    bounded = min(max(share, 1e-9), 1 - 1e-9)
    return float(np.log(bounded / (1 - bounded)))


def _logistic(value: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-value))
    return result

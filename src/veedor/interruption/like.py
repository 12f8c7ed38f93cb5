"""Does the projection hold on elections like this one? The check that is made on request, on simulated ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from veedor.document import Json
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.order import Order, orders_of
from veedor.interruption.projection.lateness.passing import finest_order
from veedor.interruption.projection.projection import hierarchies_of, missing_margin
from veedor.interruption.split import Split

LEVELS = (0.5, 0.8, 0.95)


@dataclass(frozen=True, kw_only=True)
class Like:
    """The hierarchical projection on simulated elections like this one, in which nothing was altered.

    elections: how many; sheets: of each; inside: share of them whose final lead the calibrated intervals hold, by
    level; beyond: share whose lead lies outside even the widest interval; dials: those of the simulation.
    """

    elections: int
    sheets: int
    seed: int
    inside: Mapping[str, float]
    beyond: float
    dials: Mapping[str, Json]


def order_of(split: Split, clocks: Sequence[Ticks]) -> Order | None:
    """The order in which the interrupted count's sheets came, by its clock that tells most apart."""
    own = [order for ticks in clocks if ticks.count == split.count and (order := orders_of(ticks, split)) is not None]
    return finest_order(own, split.counted)


def distances(split: Split, order: Order | None) -> tuple[float, float]:
    """How far the missing sheets' lead lies from the hierarchical forecast.

    In calibrated deviations, and in half widths of the widest interval (above 1: outside).
    """
    hierarchy = hierarchies_of(split, order, {})["hierarchical"]
    found = hierarchy.forecast(split.counted, split.missing)
    if found is None:
        return float("nan"), float("nan")
    error = missing_margin(split) - found.lead
    return error / found.calibrated_sd, error / found.widest_reach


def summed_up(found: Sequence[tuple[float, float]], *, sheets: int, seed: int, dials: Mapping[str, Json]) -> Like:
    """The check of so many elections. found: `distances` of each."""
    z = np.abs(np.array(found)).reshape(-1, 2)
    reach = {level: NormalDist().inv_cdf((1 + level) / 2) for level in LEVELS}
    return Like(
        elections=len(z),
        sheets=sheets,
        seed=seed,
        inside={str(level): float(np.mean(z[:, 0] <= reach[level])) for level in LEVELS},
        beyond=float(np.mean(z[:, 1] > 1.0)),
        dials=dials,
    )

"""Simulated counts of known truth for the mixture's tests."""

import numpy as np

from veedor.forensics.mixture.data import Counts, counts_of
from veedor.forensics.mixture.simulate import simulate
from veedor.forensics.stations import Ints, Stations

QBL = {
    "pi": np.array([0.7, 0.2, 0.1]),
    "alpha": np.array([0.6, -0.6, 0.2, -0.2, 0.3, 0.4]),
    "b": np.array([0.08, 0.1, 0.1, 0.15, 0.1, 0.1]),
}
BL = {"pi": np.array([0.7, 0.2, 0.1]), "alpha": QBL["alpha"]}
RN = {
    "pi": np.array([0.7, 0.2, 0.1]),
    "mu_tau": np.array(0.65),
    "mu_nu": np.array(0.35),
    "mu_iota": np.array(0.35),
    "mu_chi": np.array(0.85),
    "sigma_tau": np.array(0.06),
    "sigma_nu": np.array(0.06),
    "sigma_iota": np.array(0.06),
    "exponent": np.array(1.5),
}
TRUTH = {"qbl": QBL, "bl": BL, "rn": RN}


def rolls(stations: int, size: int = 200) -> Counts:
    """Rolls only: nobody has voted."""
    registered = np.full(stations, size, dtype=np.int64)
    return counts_of(registered, registered, np.zeros_like(registered))


def election(variant: str, stations: int, seed: int = 1, size: int = 200) -> tuple[Counts, Ints]:
    """Counts drawn from the variant's own model with the fractions 0.7, 0.2, 0.1, and each station's state."""
    return simulate(variant, TRUTH[variant], rolls(stations, size), np.random.default_rng(seed))


def as_stations(counts: Counts) -> Stations:
    """The same counts as a sheet table's stations: two choices, one level of two places."""
    registered = counts.registered.astype(np.int64)
    valid = registered - counts.abstained.astype(np.int64)
    leading = np.minimum(counts.leading.astype(np.int64), valid)
    return Stations(
        names=tuple(str(number) for number in range(len(registered))),
        choices=("a", "b"),
        registered=registered,
        votes=np.column_stack([leading, valid - leading]),
        empty=np.zeros_like(registered),
        turned_out=valid,
        leader=0,
        levels=("province",),
        places=((np.arange(len(registered)) % 2).astype(np.int64),),
    )

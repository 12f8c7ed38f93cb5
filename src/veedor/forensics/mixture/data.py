"""What the mixture looks at: counts by station, groups of equal covariates, and their thinning to a lattice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from veedor.errors import VeedorError
from veedor.forensics.stations import Floats, Ints, Stations

MOST_GROUPS = 40
FEWEST_IN_LEVEL = 20
"""Stations below which a place is pooled with the other small ones."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """registered, abstained (not a valid vote), leading: float[station]; weight: how many stations each stands for.

    group: int[station], row of `design` (float[group, covariate], indicators); covariates: their names.
    """

    registered: Floats
    abstained: Floats
    leading: Floats
    weight: Floats
    group: Ints
    design: Floats
    covariates: tuple[str, ...] = ()

    @property
    def stations(self) -> int:
        """Rows."""
        return len(self.registered)


def counts_of(registered: Ints, abstained: Ints, leading: Ints) -> Counts:
    """Counts without covariates."""
    return Counts(
        registered=registered.astype(np.float64),
        abstained=abstained.astype(np.float64),
        leading=leading.astype(np.float64),
        weight=np.ones(len(registered)),
        group=np.zeros(len(registered), dtype=np.int64),
        design=np.zeros((1, 0)),
    )


def rows_of(stations: Stations, most: int | None, seed: int) -> Ints:
    """Rows with registered >= valid > 0 and valid >= leading, or `most` of them drawn by the seed, in order."""
    valid, leading = stations.valid, stations.leading
    rows = np.flatnonzero((stations.registered >= valid) & (valid > 0) & (valid >= leading))
    if most is not None and most < len(rows):
        rows = np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
    if len(rows) < 2:
        raise VeedorError("the mixture needs stations with a roll and valid votes; there are fewer than 2")
    return rows.astype(np.int64)


def counts_at(stations: Stations, rows: Ints, covariates: Sequence[str] = ()) -> Counts:
    """Counts of these rows. covariates: ids of levels; each place is compared with the most frequent one."""
    registered, valid = stations.registered[rows], stations.valid[rows]
    plain = counts_of(registered, registered - valid, stations.leading[rows])
    if not covariates:
        return plain
    columns: list[Floats] = []
    names: list[str] = []
    for covariate in covariates:
        if covariate not in stations.levels:
            raise VeedorError(f"no covariate {covariate!r}; there are {', '.join(stations.levels) or 'none'}")
        codes = stations.places[stations.levels.index(covariate)][rows]
        for place, column in _indicators(codes):
            columns.append(column)
            names.append(f"{covariate} of {stations.names[rows[place]]}" if place >= 0 else f"{covariate}, others")
    if not columns:
        raise VeedorError(
            f"the covariates {', '.join(covariates)} do not split these stations: name a level with two places or more "
            f"of {FEWEST_IN_LEVEL} stations"
        )
    # The model tabulates its densities once for each set of equal covariates: the work grows with their number.
    design, group = np.unique(np.column_stack(columns), axis=0, return_inverse=True)
    if len(design) > MOST_GROUPS:
        raise VeedorError(
            f"the covariates make {len(design)} groups, at most {MOST_GROUPS} are taken: name fewer levels"
        )
    return replace(plain, group=group.reshape(-1).astype(np.int64), design=design, covariates=tuple(names))


def _indicators(codes: Ints) -> list[tuple[int, Floats]]:
    """(a row of the place, its indicator); small places share one, with row -1; the most frequent has none."""
    values, first, sizes = np.unique(codes, return_index=True, return_counts=True)
    large = [at for at in np.argsort(-sizes, kind="stable") if sizes[at] >= FEWEST_IN_LEVEL]
    found = [(int(first[at]), (codes == values[at]).astype(np.float64)) for at in large[1:]]
    small = np.isin(codes, values[sizes < FEWEST_IN_LEVEL])
    if small.any() and not small.all():
        found.append((-1, small.astype(np.float64)))
    return found

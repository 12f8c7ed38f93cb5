"""Dirichlet-multinomial imputation of missing sheets (after Rosnick and Wu 2022), places drawn as in `rules.sheet`.

A missing sheet with N registered voters: its place is its own or, without donors, a sibling's, drawn once per place and
draw. Its four parts (first, second, other valid, none of these) are multinomial with N trials and shares that are
themselves Dirichlet around the donors' pooled shares, with one concentration for all places, estimated from how much
the sheets of a place differ (method of moments).

The sum over thousands of sheets that are independent given their places is drawn as normal with its exact mean and
covariance: N * (1 + (N - 1) / (1 + concentration)) * (diag(p) - p p') for each sheet.
"""

import numpy as np

from veedor.interruption.algebra import roots
from veedor.interruption.projection.donor_rules import replaced_places
from veedor.interruption.projection.donors import Donors, Floats


def dirichlet_multinomial(donors: Donors, rng: np.random.Generator, draws: int) -> Floats:
    """float[draw, group] of all missing sheets together. Needs `donors.pooled` and `donors.concentration`."""
    groups = donors.rates.shape[1]
    mean = np.zeros((draws, groups))
    covariance = np.zeros((groups, groups, draws))
    for sheets, places in replaced_places(donors, rng, draws):
        voters = donors.registered[sheets]
        factor = voters * (1.0 + np.maximum(voters - 1.0, 0.0) / (1.0 + donors.concentration))
        chosen = [np.take(row, places) for row in donors.pooled_rows]
        for one in range(groups):
            mean[:, one] += np.einsum("ds,s->d", chosen[one], voters)
            covariance[one, one] += np.einsum("ds,s->d", chosen[one], factor)
            for other in range(one + 1):
                covariance[one, other] -= np.einsum("ds,s->d", chosen[one] * chosen[other], factor)
    lower = np.tril_indices(groups, -1)
    covariance[lower[::-1]] = covariance[lower]
    root = roots(covariance + 1e-9 * np.eye(groups)[:, :, None])
    normal = rng.standard_normal((draws, groups))
    return np.asarray(np.maximum(mean + np.einsum("ijd,dj->di", root, normal), 0.0))

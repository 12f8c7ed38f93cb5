"""p-values of many tests, adjusted for their number."""

import numpy as np

from veedor.forensics.stations import Floats


def benjamini_hochberg(p: Floats) -> Floats:
    """Least false discovery rate at which each test would be listed: p n / rank, made monotone (1995)."""
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted

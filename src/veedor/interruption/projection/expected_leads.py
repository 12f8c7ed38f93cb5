"""What each donor rule expects of the missing sheets' lead, without drawing: for yardsticks, where many are needed.

A missing sheet with N registered voters is expected to bring N times the mean of what the rule would draw for it, in
the finest of its places that has a donor (`rules` and `dirichlet` say what that is):

- pooled: the donors' votes per registered voter, taken together;
- uniform: the mean over its donors;
- nested and sheet: the mean over places below that have donors, each of them the mean over places below, and so on;
- Dirichlet-multinomial: the same, of the finest places' pooled votes.
"""

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.algebra import added_up, sums
from veedor.interruption.places import Codes, Places

Floats = NDArray[np.float64]

RULES = ("pooled", "uniform", "nested", "sheet", "dirichlet_multinomial")


def expected_leads(places: Places, *, counted: Codes, missing: Codes, lead: Floats, registered: Floats) -> Floats:
    """float[rule], the expected lead in votes of all missing sheets, for each of RULES.

    counted, missing: indices of stations; lead: float[station], first less second, of the counted ones; registered:
    float[station]. Counted sheets without registered voters are no donors.
    """
    donors = counted[registered[counted] > 0]
    own, voters = lead[donors], registered[donors]
    found = np.zeros((4, len(missing)))
    waiting = np.ones(len(missing), dtype=np.bool_)
    walked, known = np.zeros((2, 0)), np.zeros(0, dtype=np.bool_)
    for depth in range(places.finest, -1, -1):
        code, size = places.codes[depth][donors], places.sizes[depth]
        number = np.bincount(code, minlength=size)
        uniform = sums(code, own / voters, size) / np.maximum(number, 1)
        pooled = sums(code, own, size) / np.maximum(sums(code, voters, size), 1.0)
        finest = depth == places.finest
        walked = np.stack([uniform, pooled]) if finest else _up(places, depth + 1, walked, known)
        known = number > 0
        here = places.codes[depth][missing]
        first = np.flatnonzero(waiting & known[here])
        found[:, first] = np.vstack([pooled, uniform, walked])[:, here[first]]
        waiting[first] = False
    total = np.einsum("rs,s->r", found, registered[missing])
    return np.asarray(total[[0, 1, 2, 2, 3]])


def _up(places: Places, depth: int, tables: Floats, known: NDArray[np.bool_]) -> Floats:
    """Means over the places of a level that have donors, for those one level up. tables: float[table, place]."""
    children = np.flatnonzero(known)
    parent, size = places.parents[depth][children], places.sizes[depth - 1]
    return added_up(parent, tables[:, children], size) / np.maximum(np.bincount(parent, minlength=size), 1)

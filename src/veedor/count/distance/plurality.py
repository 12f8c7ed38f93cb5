"""The fewest votes that elect a given set of choices by plurality. Closed forms and one convex search, exact.

A set is elected when some number of votes c separates it from the others: all in it have at least c, all others fewer.
"""

from collections.abc import Sequence

from veedor.count.distance.change import Change, How, change_to, fitted
from veedor.count.distance.search import least_point


def nearest_set(votes: Sequence[int], elected: frozenset[int], how: How) -> Change | None:
    """The least change after which exactly the choices of `elected` are elected; some choices are left out."""
    inside = [votes[j] for j in elected]
    outside = [v for j, v in enumerate(votes) if j not in elected]
    total = sum(votes)
    if how == "add":
        line = max(max(outside) + 1, 1)
        return change_to(votes, (max(v, line) if j in elected else v for j, v in enumerate(votes)))
    if how == "remove":
        line = min(inside)
        if line == 0:
            return None
        return change_to(votes, (v if j in elected else min(v, line - 1) for j, v in enumerate(votes)))
    highest = total // len(elected)
    if highest == 0:
        return None

    def cost(line: int) -> int:
        return max(sum(max(0, line - v) for v in inside), sum(max(0, v - line + 1) for v in outside))

    line = least_point(cost, 1, highest)
    low = [line if j in elected else 0 for j in range(len(votes))]
    high = [total if j in elected else line - 1 for j in range(len(votes))]
    return change_to(votes, fitted(votes, low, high, total))

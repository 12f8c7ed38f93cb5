"""The fewest votes that bring a given allocation by largest remainders with a threshold, exact.

Which choices pass the threshold is not given: those with seats must, each of the others may or may not. For one set of
choices that pass (remainder_search) the least number of votes is found; sets are taken up one crossing of the threshold
after another, and left out if the crossings alone cost as much as what was found.
"""

from dataclasses import dataclass, field

from veedor.count.distance.change import Change, How
from veedor.count.distance.remainder_region import region_of
from veedor.count.distance.remainder_search import least_into, lower_bound
from veedor.count.distance.remainder_target import Found, Wanted
from veedor.count.distance.search import first_true
from veedor.count.seats import SeatRule
from veedor.election import LargestRemainder

SETS = 64
"""Sets of choices that pass the threshold looked at for one allocation; if that cuts the search off, Found says so."""
Crossing = tuple[int, int]
"""(the fewest votes with which a choice crosses the threshold, the choice's place)."""


def nearest_remainders(rule: SeatRule, votes: tuple[int, ...], seats: tuple[int, ...], extra: int, how: How) -> Found:
    """The least change after which exactly the seats sought are given, without a tie."""
    assert isinstance(rule, LargestRemainder)
    wanted = Wanted(rule, votes, seats, extra, how)
    if how != "add" and not wanted.total:
        return Found(None)
    return _Sets(wanted).search()


@dataclass
class _Sets:
    """The search through sets of choices that pass the threshold."""

    wanted: Wanted
    best: Change | None = None
    exact: bool = True
    seen: int = 0
    floor: int | None = 0
    now: list[bool] = field(default_factory=list)
    free: list[Crossing] = field(default_factory=list)

    def search(self) -> Found:
        wanted, line = self.wanted, self.wanted.line(self.wanted.total)
        self.now = [v >= line for v in wanted.votes]
        costs = [_crossing(wanted, i, rises=not here) for i, here in enumerate(self.now)]
        forced: list[Crossing] = []
        for i, (cost, here, seats) in enumerate(zip(costs, self.now, wanted.seats, strict=True)):
            if not seats and cost is not None:
                self.free.append((cost, i))
            if seats and not here:
                if cost is None:
                    return Found(None)
                forced.append((cost, i))
        self.free.sort()
        seated = [s > 0 for s in wanted.seats]
        self.floor = lower_bound(region_of(wanted, seated, loose=True), 0, wanted.most)
        if self.floor is not None:
            self._look(forced, 0)
        return Found(self.best, self.exact)

    def _look(self, crossed: list[Crossing], start: int) -> None:
        """The set after these crossings, then each with one of the crossings from `start` more."""
        bound = max(self._bound(crossed), self.floor or 0)
        most = self.wanted.most if self.best is None else self.best.votes - 1
        if bound > most:
            return
        if self.seen >= SETS:
            self.exact = False
            return
        self.seen += 1
        over = {i for _, i in crossed}
        inside = [here != (i in over) for i, here in enumerate(self.now)]
        found = least_into(region_of(self.wanted, inside), bound, most)
        self.exact &= found.exact
        self.best = found.change or self.best
        for place in range(start, len(self.free)):
            self._look([*crossed, self.free[place]], place + 1)

    def _bound(self, crossed: list[Crossing]) -> int:
        """Moved votes are gained by those who rise and lost by those who fall; else each crossing needs its own."""
        if self.wanted.how != "move":
            return max((cost for cost, _ in crossed), default=0)
        return max(sum(cost for cost, i in crossed if self.now[i] == side) for side in (False, True))


def _crossing(wanted: Wanted, place: int, *, rises: bool) -> int | None:
    """The fewest votes with which a choice can come to pass the threshold, or to fall below it."""
    votes, idle = wanted.votes[place], {"add": not rises, "remove": rises, "move": False}[wanted.how]

    def across(number: int) -> bool:
        own = votes if idle else votes + number if rises else votes - number
        return (own >= wanted.line(wanted.whole(number))) == rises

    return first_true(across, 0, wanted.most)

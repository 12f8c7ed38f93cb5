"""The fewest votes that bring a first-round win or a runoff of a given pair. Closed forms and searches, exact.

Notation: v votes before, T their sum, E blank and null votes where shares are of ballots cast (else 0), f the first,
s the second of the outcome sought, x and y their votes afterwards. A line with share p/q is met by `part` of `whole`
when q part >= p whole (or >), so every condition is linear in whole numbers:

  f wins:        x >= share line, and x - v'_j >= lead line (at least 1) for every other j
  f meets s:     x >= y, y - 1 >= v'_j for every other j, x fails the majority line, and
                 x fails the alternative line or x - y fails the lead line

Moving leaves T as it is: lines are constants, and the cost max(votes gained, votes lost) is convex in the one free
variable left. Adding to f (for a win) and removing from the others is never worse than another way; for a runoff the
least total that fails the lines follows from x and y. The tests compare every form with brute force.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from veedor.count.distance.change import Change, How, change_to, fitted, least
from veedor.count.distance.search import first_true, last_not_negative, least_point
from veedor.election import Threshold, TwoRound

FAR = 1 << 200
"""More votes than there can be."""


@dataclass(frozen=True, kw_only=True)
class Winning:
    """One way to win the first round: a share line, and a lead line over every other choice."""

    share: Threshold
    lead: Threshold | None = None


@dataclass(frozen=True, kw_only=True)
class Failing:
    """One way to go on to a runoff: the share lines that the first fails, and the lead line that it fails."""

    shares: tuple[Threshold, ...]
    lead: Threshold | None = None


def ways_to_win(rule: TwoRound) -> tuple[Winning, ...]:
    """By the majority line; or by the alternative line and its lead."""
    majority = Winning(share=rule.majority)
    if rule.alternative is None:
        return (majority,)
    return majority, Winning(share=rule.alternative, lead=rule.lead)


def ways_to_runoff(rule: TwoRound) -> tuple[Failing, ...]:
    """The majority line failed, and (where there is an alternative) that line or its lead failed."""
    if rule.alternative is None:
        return (Failing(shares=(rule.majority,)),)
    return (
        Failing(shares=(rule.majority,), lead=rule.lead),
        Failing(shares=(rule.majority, rule.alternative)),
    )


def nearest_win(rule: TwoRound, votes: Sequence[int], extra: int, first: int, how: How) -> Change | None:
    """The least change after which `first` alone wins in the first round. extra: blank and null if they count."""
    if how == "move" and sum(votes) == 0:
        return None
    form = {"move": _win_by_moving, "add": _win_by_adding, "remove": _win_by_removing}[how]
    return least(form(way, votes, extra, first) for way in ways_to_win(rule))


def nearest_runoff(rule: TwoRound, votes: Sequence[int], extra: int, pair: tuple[int, int], how: How) -> Change | None:
    """The least change after which the pair meets in a runoff, whichever of the two is ahead."""
    if len(votes) < 2 or (how == "move" and sum(votes) == 0):
        return None
    form = {"move": _runoff_by_moving, "add": _runoff_by_adding, "remove": _runoff_by_removing}[how]
    orders = (pair, pair[::-1])
    return least(
        form(_Pair.of(votes, extra, first, second), way) for first, second in orders for way in ways_to_runoff(rule)
    )


def at_least(line: Threshold, whole: int) -> int:
    """The fewest votes that meet the line of whole."""
    exact = line.share.numerator * whole
    return exact // line.share.denominator + 1 if line.strict else -(-exact // line.share.denominator)


def _gap(way: Winning, whole: int) -> int:
    return 1 if way.lead is None else max(1, at_least(way.lead, whole))


# --- winning ---------------------------------------------------------------------------------------------------------


def _win_by_moving(way: Winning, votes: Sequence[int], extra: int, first: int) -> Change | None:
    total, others = sum(votes), [v for j, v in enumerate(votes) if j != first]
    gap = _gap(way, total + extra) if others else 0
    # The others must be able to hold the rest: (n - 1)(x - gap) >= T - x.
    room = -(-(total + len(others) * gap) // len(votes))
    low = max(votes[first], at_least(way.share, total + extra), room, gap)
    if low > total:
        return None

    def losses(x: int) -> int:
        return sum(max(0, v - (x - gap)) for v in others)

    crossing = first_true(lambda x: x - votes[first] >= losses(x), low, total)
    assert crossing is not None
    x = min((x for x in (crossing - 1, crossing) if x >= low), key=lambda x: max(x - votes[first], losses(x)))
    bounds = [(x, x) if j == first else (0, x - gap) for j in range(len(votes))]
    return change_to(votes, fitted(votes, [b[0] for b in bounds], [b[1] for b in bounds], total))


def _win_by_adding(way: Winning, votes: Sequence[int], extra: int, first: int) -> Change | None:
    whole, rival = sum(votes) + extra, max((v for j, v in enumerate(votes) if j != first), default=0)
    need = max(1 if sum(votes) == 0 else 0, least_added(way.share, votes[first], whole))
    if len(votes) > 1:
        need = max(need, rival + 1 - votes[first])
        if way.lead is not None:
            need = max(need, least_added(way.lead, votes[first] - rival, whole))
    if need >= FAR:
        return None
    return change_to(votes, (v + need if j == first else v for j, v in enumerate(votes)))


def least_added(line: Threshold, part: int, whole: int) -> int:
    """The fewest votes that, added to part and whole alike, meet the line; FAR if none do."""
    p, q = line.share.numerator, line.share.denominator
    short = p * whole + line.strict - q * part
    if short <= 0:
        return 0
    return -(-short // (q - p)) if q > p else FAR


def _win_by_removing(way: Winning, votes: Sequence[int], extra: int, first: int) -> Change | None:
    whole, others = sum(votes) + extra, [v for j, v in enumerate(votes) if j != first]
    if votes[first] == 0:
        return None

    def cap(removed: int) -> int:
        return votes[first] - _gap(way, whole - removed)

    def wins(removed: int) -> bool:
        if not way.share.met(votes[first], whole - removed):
            return False
        top = cap(removed)
        return not others or (top >= 0 and sum(max(0, v - top) for v in others) <= removed)

    removed = first_true(wins, 0, sum(others))
    if removed is None:
        return None
    top = cap(removed)
    high = [v if j == first else min(v, top) for j, v in enumerate(votes)]
    low = [v if j == first else 0 for j, v in enumerate(votes)]
    return change_to(votes, fitted(votes, low, high, sum(votes) - removed))


# --- a runoff --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class _Pair:
    """Votes before, seen from the pair sought: the first f, the second s, and the others."""

    votes: Sequence[int]
    extra: int
    first: int
    second: int
    others: tuple[int, ...] = field(default=())

    @classmethod
    def of(cls, votes: Sequence[int], extra: int, first: int, second: int) -> "_Pair":
        others = tuple(sorted((v for j, v in enumerate(votes) if j not in (first, second)), reverse=True))
        return cls(votes=votes, extra=extra, first=first, second=second, others=others)

    @property
    def f(self) -> int:
        return self.votes[self.first]

    @property
    def s(self) -> int:
        return self.votes[self.second]

    def over(self, y: int) -> int:
        """Votes of the others above y - 1."""
        total = 0
        for number in self.others:
            if number < y:
                break
            total += number - y + 1
        return total

    def change(self, x: int, y: int, total: int, low: Sequence[int], high: Sequence[int]) -> Change:
        """The change to x and y and a total, the others within low..high and under y."""
        bottom, top = list(low), [min(limit, y - 1) for limit in high]
        for index, number in ((self.first, x), (self.second, y)):
            bottom[index] = top[index] = number
        return change_to(self.votes, fitted(self.votes, bottom, top, total))


def _runoff_by_moving(pair: _Pair, way: Failing) -> Change | None:
    total, rest = sum(pair.votes), len(pair.others)
    most = min(at_least(line, total + pair.extra) - 1 for line in way.shares)
    lead = total if way.lead is None else at_least(way.lead, total + pair.extra) - 1

    def low(y: int) -> int:
        return max(y, total - y - rest * (y - 1))

    def high(y: int) -> int:
        return min(most, total - y, y + lead)

    def cost(y: int) -> int:
        gained, lost = max(0, y - pair.s), max(0, pair.s - y) + pair.over(y)
        moved = max(gained, lost, gained + low(y) - pair.f, lost + pair.f - high(y))
        # Outside of low <= x <= high each step costs more than any votes can save.
        return moved + 4 * (rest + 4) * max(0, low(y) - high(y))

    bottom = 1 if rest else 0
    if total // 2 < bottom:
        return None
    y = least_point(cost, bottom, total // 2)
    if low(y) > high(y):
        return None
    x = min(max(pair.f, low(y)), high(y))
    return pair.change(x, y, total, [0] * len(pair.votes), [total] * len(pair.votes))


def _fails_from(line: Threshold, part: int, extra: int) -> int:
    """The least valid votes of which `part` fails the line."""
    p, q = line.share.numerator, line.share.denominator
    short = q * part + (not line.strict)
    if p == 0:
        return 0 if short <= 0 else FAR
    return -(-short // p) - extra


def _runoff_by_adding(pair: _Pair, way: Failing) -> Change | None:
    if sum(pair.votes) == 0:
        # Where there is no vote at all, the first needs one in any case.
        one = [int(j == pair.first) for j in range(len(pair.votes))]
        found = _runoff_by_adding(_Pair.of(one, pair.extra, pair.first, pair.second), way)
        return None if found is None else change_to(pair.votes, found.after)
    rest, others = len(pair.others), sum(pair.others)
    second = max(pair.s, pair.others[0] + 1 if rest else 0)

    def least_total(x: int, y: int) -> int:
        lines = [_fails_from(line, x, pair.extra) for line in way.shares]
        if way.lead is not None:
            lines.append(_fails_from(way.lead, x - y, pair.extra))
        return max(x + y + others, *lines)

    def holds(x: int, y: int) -> bool:
        return least_total(x, y) <= x + y + rest * (y - 1)

    # y up to f's votes: x stays as it is. Beyond, x = y: both go up.
    candidates = [(pair.f, y) for y in _below_first(pair, way, second, least_total, holds)]
    level = _level(pair, way, max(second, pair.f))
    if level is not None:
        candidates.append((level, level))
    held = [(least_total(x, y), x, y) for x, y in candidates if holds(x, y)]
    if not held:
        return None
    total, x, y = min(held)
    return pair.change(x, y, total, pair.votes, [total] * len(pair.votes))


def _below_first(pair: _Pair, way: Failing, second: int, least_total, holds) -> list[int]:  # type: ignore[no-untyped-def]
    start = first_true(lambda y: holds(pair.f, y), second, pair.f)
    if start is None:
        return []
    if way.lead is None:
        return [start]
    others, lead = sum(pair.others), way.lead
    fixed = max(_fails_from(line, pair.f, pair.extra) for line in way.shares)
    crossing = first_true(
        lambda y: _fails_from(lead, pair.f - y, pair.extra) <= max(pair.f + y + others, fixed), start, pair.f
    )
    if crossing is None:
        return [pair.f]
    return [y for y in (crossing - 1, crossing) if y >= start]


def _level(pair: _Pair, way: Failing, start: int) -> int | None:
    """The least y from start for which x = y fails the lines of the largest total, n y - (n - 2) + E."""
    n, rest = len(pair.votes), len(pair.others)
    conditions = [(line, line.share.denominator) for line in way.shares]
    if way.lead is not None:
        conditions.append((way.lead, 0))
    y = start
    for line, weight in conditions:
        p = line.share.numerator
        slope, wanted = p * n - weight, (not line.strict) + p * (rest - pair.extra)
        if slope > 0:
            y = max(y, -(-wanted // slope))
        elif slope * start < wanted:
            return None
    return y


def _runoff_by_removing(pair: _Pair, way: Failing) -> Change | None:
    rest, others = len(pair.others), sum(pair.others)

    def kept(y: int) -> int:
        return y + others - pair.over(y) + pair.extra

    def slack(y: int) -> int:
        """Distance by which x = y fails the thresholds; negative: it meets one."""
        whole = kept(y) + y
        values = [line.share.numerator * whole - line.share.denominator * y - (not line.strict) for line in way.shares]
        if way.lead is not None:
            values.append(way.lead.share.numerator * whole - (not way.lead.strict))
        return min(values)

    y = last_not_negative(slack, 1 if rest else 0, min(pair.f, pair.s))
    if y is None:
        return None
    x = pair.f
    for line, weight in [*((line, 0) for line in way.shares), *([(way.lead, 1)] if way.lead else [])]:
        p, q = line.share.numerator, line.share.denominator
        if q > p:
            x = min(x, (p * kept(y) + weight * q * y - (not line.strict)) // (q - p))
    total = x + kept(y) - pair.extra
    if total < 1:
        return None
    return pair.change(x, y, total, [0] * len(pair.votes), pair.votes)

"""Distances: for each other outcome that matters, the fewest votes moved, removed or added that bring it.

Votes move among the choices, are removed from choices or added to choices; blank and null ballots stay as they are.
A distance is exact (one vote fewer brings that outcome in no way at all), unless it says otherwise: for largest
remainders with a threshold the search is bounded, and fewer may do where that cuts it off.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, islice

from veedor.count.decision import Decision, decision_of, whole_of
from veedor.count.distance.change import HOWS, Change, How
from veedor.count.distance.plurality import nearest_set
from veedor.count.distance.referendum import Referendum, nearest_adoption, nearest_rejection
from veedor.count.distance.remainder_target import Found
from veedor.count.distance.remainders import nearest_remainders
from veedor.count.distance.seats import Sought, nearest_seats
from veedor.count.distance.threshold_crossings import crossing_allocations
from veedor.count.distance.two_round import at_least, nearest_runoff, nearest_win
from veedor.count.seats import SeatRule, claims_of, qualified_choices
from veedor.count.totals import Tally
from veedor.election import Contest, LargestRemainder, Plurality, Supermajority, TwoRound

LEADING = 4
"""How many of the leading choices are considered as winners and in runoffs."""
CLOSEST = 5
"""For how many choices on either side of a seat or place distances are worked out, nearest first."""


@dataclass(frozen=True, kw_only=True)
class Distance:
    """Distance to another outcome.

    votes: the fewest that bring it, None where no number does; how: moved, removed or added.
    taken, given: votes that each choice loses and gains in one way of doing it.
    binds: the condition that needs the last of these votes: majority, alternative, lead, first_place, second_place,
      most_votes, line, quorum, last_seat or threshold.
    exact: False where a search was cut off (largest remainders with a threshold), so that fewer votes may do.
    """

    to: Decision
    how: How
    votes: int | None
    taken: Mapping[str, int]
    given: Mapping[str, int]
    binds: str | None
    exact: bool = True


Nearest = Callable[[How], Change | Found | None]


def distances(contest: Contest, tally: Tally) -> tuple[Distance, ...]:
    """Distances to the outcomes that matter, nearest first, those out of reach last; ties are no aims."""
    now = decision_of(contest, tally)
    found = [
        _distance(contest, tally, to, how, nearest(how))
        for to, nearest in _aims(contest, tally, now)
        if to.key != now.key
        for how in HOWS
    ]
    return tuple(sorted(found, key=lambda d: (d.votes is None, d.votes or 0, HOWS.index(d.how))))


def _distance(contest: Contest, tally: Tally, to: Decision, how: How, found: Change | Found | None) -> Distance:
    change, exact = (found.change, found.exact) if isinstance(found, Found) else (found, True)
    if change is None:
        return Distance(to=to, how=how, votes=None, taken={}, given={}, binds=None, exact=exact)
    steps = {c: new - tally.votes[c] for c, new in zip(contest.choice_ids, change.after, strict=True)}
    after = replace(tally, votes=dict(zip(contest.choice_ids, change.after, strict=True)))
    return Distance(
        to=replace(to, choices=tuple(c for c in after.ranking if c in to.choices)),
        how=how,
        votes=change.votes,
        taken={c: -step for c, step in steps.items() if step < 0},
        given={c: step for c, step in steps.items() if step > 0},
        binds=_binding(contest, tally, after, to),
        exact=exact,
    )


def _aims(contest: Contest, tally: Tally, now: Decision) -> Iterator[tuple[Decision, Nearest]]:
    rule = contest.rule
    if isinstance(rule, Plurality):
        return _plurality(contest, rule, tally)
    if isinstance(rule, TwoRound):
        return _rounds(contest, rule, tally)
    if isinstance(rule, Supermajority):
        return _proposal(contest, rule, tally)
    return _seats(contest, rule, tally, now)


def _plurality(contest: Contest, rule: Plurality, tally: Tally) -> Iterator[tuple[Decision, Nearest]]:
    """The elected set, and it with one choice changed for one outside."""
    ids, votes, order = contest.choice_ids, tuple(tally.votes.values()), tally.ranking
    if rule.seats >= len(ids):
        return
    inside, outside = order[: rule.seats], order[rule.seats :]
    sets = [inside]
    reach = len(outside) if rule.seats == 1 else CLOSEST
    sets += [(*(c for c in inside if c != a), b) for a in inside[-CLOSEST:] for b in outside[:reach]]
    for chosen in sets:
        places = frozenset(ids.index(c) for c in chosen)
        yield Decision(result="elected", choices=chosen), partial(nearest_set, votes, places)


def _rounds(contest: Contest, rule: TwoRound, tally: Tally) -> Iterator[tuple[Decision, Nearest]]:
    """Each of the leading choices elected in the first round; each pair of them in a runoff."""
    ids, votes = contest.choice_ids, tuple(tally.votes.values())
    extra = whole_of(rule.of, tally) - tally.valid
    leading = tally.ranking[:LEADING]
    for c in leading:
        yield (
            Decision(result="elected", choices=(c,)),
            partial(nearest_win, rule, votes, extra, ids.index(c)),
        )
    for a, b in combinations(leading, 2):
        pair = (ids.index(a), ids.index(b))
        yield (
            Decision(result="runoff", choices=(a, b)),
            partial(nearest_runoff, rule, votes, extra, pair),
        )


def _proposal(contest: Contest, rule: Supermajority, tally: Tally) -> Iterator[tuple[Decision, Nearest]]:
    if rule.quorum is not None and tally.registered is None:
        return
    votes, place = tuple(tally.votes.values()), contest.choice_ids.index(rule.proposal)
    case = Referendum(rule, votes, place, tally.cast - tally.valid, tally.registered)
    others = tuple(c for c in contest.choice_ids if c != rule.proposal)
    yield Decision(result="elected", choices=(rule.proposal,)), partial(nearest_adoption, case)
    rejected = Decision(result="elected", choices=others if len(others) == 1 else ())
    yield rejected, partial(nearest_rejection, case)


def _seats(contest: Contest, rule: SeatRule, tally: Tally, now: Decision) -> Iterator[tuple[Decision, Nearest]]:
    """One seat passes, or several as a choice crosses the threshold; in a tie, each way of giving the seats left."""
    if now.seats is None or now.result == "undecided":
        return
    extra = whole_of(rule.of, tally) - tally.valid
    listed = list(_allocations(rule, tally, now))
    if now.result != "tie":
        across = crossing_allocations(rule, tally.votes, extra)
        listed += [seats for seats in across if seats not in listed]
    for seats in listed:
        to = Decision(result="elected", choices=tuple(c for c in tally.ranking if seats[c]), seats=seats)
        votes, given = tuple(tally.votes.values()), tuple(seats.values())
        if isinstance(rule, LargestRemainder) and rule.threshold is not None:
            yield to, partial(nearest_remainders, rule, votes, given, extra)
        else:
            yield to, partial(nearest_seats, Sought(rule, votes, given, extra))


def _allocations(rule: SeatRule, tally: Tally, now: Decision) -> Iterator[dict[str, int]]:
    assert now.seats is not None
    if now.result == "tie":
        for lucky in islice(combinations(now.choices, now.places), CLOSEST**2):
            yield {c: s + (c in lucky) for c, s in now.seats.items()}
        return
    seats = now.seats
    qualified = qualified_choices(rule, tally.votes, whole_of(rule.of, tally))
    claim = claims_of(rule, sum(tally.votes[c] for c in qualified))
    givers = sorted((c for c in seats if seats[c]), key=lambda c: claim(tally.votes[c], seats[c]))[:CLOSEST]
    takers = sorted(seats, key=lambda c: (c not in qualified, -claim(tally.votes[c], seats[c] + 1)))
    takers = [c for c in takers if c in qualified][: CLOSEST + 1] + [c for c in takers if c not in qualified][:2]
    for a in givers:
        for b in takers:
            if a != b:
                yield {c: s - (c == a) + (c == b) for c, s in seats.items()}


# --- what binds ------------------------------------------------------------------------------------------------------


def _binding(contest: Contest, before: Tally, after: Tally, to: Decision) -> str:
    """Of the conditions that did not hold before, the one that holds with the least to spare after."""
    rule = contest.rule
    if isinstance(rule, Plurality):
        return "most_votes"
    if isinstance(rule, Supermajority):
        now_met, then_met = (rule.line.met(t.votes[rule.proposal], whole_of(rule.of, t)) for t in (before, after))
        return "line" if now_met != then_met else "quorum"
    if not isinstance(rule, TwoRound):
        sets = [frozenset(qualified_choices(rule, t.votes, whole_of(rule.of, t))) for t in (before, after)]
        return "last_seat" if sets[0] == sets[1] else "threshold"
    spare = _spare_to_win if to.result == "elected" else _spare_to_runoff
    then, now = spare(rule, after, after, to), spare(rule, before, after, to)
    missing = [name for name in then if now[name] < 0]
    # Where nothing is counted yet every condition may hold of zero votes: then the tightest one binds.
    return min(missing or then, key=lambda name: then[name])


def _spare_to_win(rule: TwoRound, tally: Tally, after: Tally, to: Decision) -> dict[str, int]:
    """Votes to spare for each condition of the way by which the change wins."""
    winner = to.choices[0]
    votes, whole = tally.votes[winner], whole_of(rule.of, tally)
    rival = max((v for c, v in tally.votes.items() if c != winner), default=-1)
    spare = {"first_place": votes - rival - 1}
    if (
        rule.alternative is None
        or rule.lead is None
        or rule.majority.met(after.votes[winner], whole_of(rule.of, after))
    ):
        return {"majority": votes - at_least(rule.majority, whole), **spare}
    return {
        "lead": votes - rival - at_least(rule.lead, whole),
        "alternative": votes - at_least(rule.alternative, whole),
        **spare,
    }


def _spare_to_runoff(rule: TwoRound, tally: Tally, after: Tally, to: Decision) -> dict[str, int]:
    """Votes to spare for each condition of the runoff that the change brings."""
    first = max(tally.votes[c] for c in to.choices)
    second = min(tally.votes[c] for c in to.choices)
    third = max((v for c, v in tally.votes.items() if c not in to.choices), default=-1)
    whole = whole_of(rule.of, tally)
    spare = {"second_place": second - third - 1, "majority": at_least(rule.majority, whole) - 1 - first}
    if rule.alternative is None or rule.lead is None:
        return spare
    tops = sorted(after.votes.values(), reverse=True)
    if not rule.lead.met(tops[0] - tops[1], whole_of(rule.of, after)):
        return {"lead": at_least(rule.lead, whole) - 1 - (first - second), **spare}
    return {"alternative": at_least(rule.alternative, whole) - 1 - first, **spare}

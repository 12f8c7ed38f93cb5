"""The fewest votes that, added in the worst way, change an outcome at all: whether what is open could still change it.

Any other result counts as a change, a tie too. Adding to a single choice is never worse than spreading: to the second
against a winner, to the next in line for a place or seat.
"""

from collections.abc import Mapping
from dataclasses import replace

from veedor.count.absent import NOTHING
from veedor.count.decision import Decision, decision_of, first_round_line, whole_of
from veedor.count.distance.referendum import Referendum, nearest_adoption, nearest_rejection
from veedor.count.distance.search import first_true
from veedor.count.distance.two_round import FAR, least_added, nearest_win
from veedor.count.seats import SeatRule, divisor, qualified_choices, quota
from veedor.count.totals import Tally
from veedor.election import Contest, HighestAverages, LargestRemainder, Plurality, Supermajority, TwoRound


def least_to_change(contest: Contest, tally: Tally) -> int | None:
    """The fewest added votes after which the outcome is another one; None where no number changes it.

    For largest remainders with a threshold it is a lower bound: a choice that passes the threshold, or falls below it,
    is taken as a change. A referendum with a quorum needs tally.registered.
    """
    rule, now = contest.rule, decision_of(contest, tally)
    if tally.valid == 0 and not isinstance(rule, TwoRound):
        return 1
    if now.result == "tie":
        return 1
    if isinstance(rule, Plurality):
        order = tally.ranking
        if rule.seats >= len(order):
            return None
        return tally.votes[order[rule.seats - 1]] - tally.votes[order[rule.seats]]
    if isinstance(rule, TwoRound):
        return _rounds(rule, tally, now)
    if isinstance(rule, Supermajority):
        return _proposal(contest, rule, tally, now)
    return _seats(rule, tally, now)


def _rounds(rule: TwoRound, tally: Tally, now: Decision) -> int | None:
    votes = list(tally.votes.values())
    if now.result == "elected":
        if len(votes) == 1:
            return None
        first, second = tally.ranking[:2]

        def lost(added: int) -> bool:
            raised = {**tally.votes, second: tally.votes[second] + added}
            then = replace(tally, registered=None, votes=raised, absent=NOTHING)
            return raised[second] >= raised[first] or first_round_line(rule, then) is None

        return first_true(lost, 1, tally.votes[first] - tally.votes[second])
    if tally.valid == 0 and len(votes) > 1:
        return 1
    extra = whole_of(rule.of, tally) - tally.valid
    wins = [nearest_win(rule, votes, extra, i, "add") for i in range(len(votes))]
    found = [change.votes for change in wins if change is not None]
    if len(votes) > 2:
        order = tally.ranking
        found.append(tally.votes[order[1]] - tally.votes[order[2]])
    return min(found, default=None)


def _proposal(contest: Contest, rule: Supermajority, tally: Tally, now: Decision) -> int | None:
    votes, place = tuple(tally.votes.values()), contest.choice_ids.index(rule.proposal)
    case = Referendum(rule, votes, place, tally.cast - tally.valid, tally.registered)
    nearest = nearest_rejection if now.choices == (rule.proposal,) else nearest_adoption
    change = nearest(case, "add")
    return None if change is None else change.votes


def _seats(rule: SeatRule, tally: Tally, now: Decision) -> int | None:
    seats = now.seats or {}
    whole = whole_of(rule.of, tally)
    qualified = qualified_choices(rule, tally.votes, whole)
    found = [
        _until_below(rule, tally.votes[i], whole)
        for i in qualified
        if rule.threshold is not None and len(seats) > 1 and (seats[i] or isinstance(rule, LargestRemainder))
    ]
    for j, votes in tally.votes.items():
        enters = 0 if rule.threshold is None else least_added(rule.threshold, votes, whole)
        if j not in qualified and rule.threshold is not None and (isinstance(rule, LargestRemainder) or not qualified):
            found.append(max(1, enters))
            continue
        overtakes = [_until_equal(rule, tally, qualified, i, j, seats) for i in qualified if seats[i] and i != j]
        if overtakes:
            found.append(max(enters, min(overtakes)))
    return min((number for number in found if number < FAR), default=None)


def _until_below(rule: SeatRule, votes: int, whole: int) -> int:
    """Votes added elsewhere after which `votes` no longer meets the threshold."""
    assert rule.threshold is not None
    p, q = rule.threshold.share.numerator, rule.threshold.share.denominator
    if p == 0:
        return FAR
    return max(1, -(-(q * votes + (not rule.threshold.strict)) // p) - whole)


def _until_equal(
    rule: SeatRule, tally: Tally, qualified: tuple[str, ...], i: str, j: str, seats: Mapping[str, int]
) -> int:
    """Votes added to j after which its claim to a next seat equals i's to its last, or is above it."""
    mine, theirs, won, next_ = tally.votes[j], tally.votes[i], seats[i], seats[j] + 1
    if isinstance(rule, HighestAverages):
        return max(1, -(-theirs * divisor(rule, next_) // divisor(rule, won)) - mine)
    total = sum(tally.votes[c] for c in qualified)

    def lack(added: int) -> bool:
        price = quota(rule, total + added)
        return mine + added - (next_ - 1) * price >= theirs - (won - 1) * price

    if rule.quota == "hare" or won >= next_:
        found = first_true(lack, 1, _furthest(rule, total))
        return FAR if found is None else found
    # The Droop quota rises by one every seats + 1 votes; the ends of these steps rise steadily, then one step is left.
    step, offset = rule.seats + 1, rule.seats - total % (rule.seats + 1)
    block = first_true(lambda b: lack(offset + b * step), 0, _furthest(rule, total))
    if block is None:
        return FAR
    start = max(1, offset + (block - 1) * step + 1)
    found = first_true(lack, start, offset + block * step)
    return FAR if found is None else found


def _furthest(rule: LargestRemainder, total: int) -> int:
    return 4 * (total + 1) * (rule.seats + 1)

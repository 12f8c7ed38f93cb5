"""Whether an outcome is the same whatever absent figures hold, within their bounds.

The bounds are those of `Absent`: the absent figures of one sheet share what is left there. Differences of two choices
and lines of shares are at their worst where each sheet's rest goes to one choice as a whole, so the worst case of each
is a sum, and exact. Where a rule joins several conditions, each is asked for on its own: `certain_within` may then call
an outcome open that is not, and never the other way round.
"""

from itertools import product

from veedor.count.decision import Decision, whole_of
from veedor.count.seats import SeatRule, divisor, qualified_choices, quota
from veedor.count.totals import Tally
from veedor.election import Contest, HighestAverages, Plurality, Quorum, Supermajority, Threshold, TwoRound


def certain_within(contest: Contest, tally: Tally, decision: Decision) -> bool:
    """Whether every number of votes that absent figures can hold gives this outcome, that of the figures stated."""
    rule = contest.rule
    if not absent_matters(contest, tally):
        return True
    if isinstance(rule, Supermajority) and rule.quorum is not None and tally.registered is None:
        return True
    if tally.valid == 0:
        return False
    if isinstance(rule, Plurality):
        return _plurality(rule, tally, decision)
    if isinstance(rule, TwoRound):
        return _two_round(rule, tally, decision)
    if isinstance(rule, Supermajority):
        return _supermajority(rule, tally, decision)
    return decision.result == "elected" and _seats(rule, tally, decision)


def absent_matters(contest: Contest, tally: Tally) -> bool:
    """Whether absent figures can hold anything that the rule counts."""
    return tally.absent.high != 0 or (tally.absent.extra != 0 and counts_cast(contest))


def counts_cast(contest: Contest) -> bool:
    """Whether the rule counts blank and null votes: a share or a quorum of ballots cast."""
    rule = contest.rule
    if isinstance(rule, Plurality):
        return False
    quorum = rule.quorum if isinstance(rule, Supermajority) else None
    return rule.of == "cast" or (quorum is not None and quorum.counts == "cast")


# --- rules -----------------------------------------------------------------------------------------------------------


def _plurality(rule: Plurality, tally: Tally, decision: Decision) -> bool:
    if rule.seats >= len(tally.votes):
        return True
    settled = decision.choices if decision.result == "elected" else decision.settled
    tied = decision.choices if decision.result == "tie" else ()
    others = [c for c in tally.votes if c not in settled and c not in tied]
    if any(tally.absent.of(c).figures for c in tied):
        return False
    return _all_ahead(tally, settled, (*tied, *others)) and _all_ahead(tally, tied, others)


def _two_round(rule: TwoRound, tally: Tally, decision: Decision) -> bool:
    if decision.result == "elected":
        first = decision.choices[0]
        others = [c for c in tally.votes if c != first]
        return _all_ahead(tally, (first,), others) and _always_wins(rule, tally, first, others)
    if decision.result == "runoff":
        first, second = decision.choices
        others = [c for c in tally.votes if c not in (first, second)]
        return (
            _all_ahead(tally, (first, second), others)
            and _never_wins(rule, tally, first, second)
            and _never_wins(rule, tally, second, first)
        )
    return False


def _always_wins(rule: TwoRound, tally: Tally, first: str, others: list[str]) -> bool:
    if _always(rule.majority, tally, first, rule.of):
        return True
    if rule.alternative is None or rule.lead is None:
        return False
    lead = rule.lead
    return _always(rule.alternative, tally, first, rule.of) and all(
        _always(lead, tally, first, rule.of, over=other) for other in others
    )


def _never_wins(rule: TwoRound, tally: Tally, one: str, other: str) -> bool:
    if not _never(rule.majority, tally, one, rule.of):
        return False
    if rule.alternative is None or rule.lead is None:
        return True
    return _never(rule.alternative, tally, one, rule.of) or _never(rule.lead, tally, one, rule.of, over=other)


def _supermajority(rule: Supermajority, tally: Tally, decision: Decision) -> bool:
    if decision.choices == (rule.proposal,):
        return _always(rule.line, tally, rule.proposal, rule.of) and (
            rule.quorum is None or _quorum(rule.quorum, rule.proposal, tally, least=True)
        )
    if _never(rule.line, tally, rule.proposal, rule.of):
        return True
    return rule.quorum is not None and not _quorum(rule.quorum, rule.proposal, tally, least=False)


def _quorum(quorum: Quorum, proposal: str, tally: Tally, *, least: bool) -> bool:
    """Whether the quorum is met with the least, or with the most, that absent figures can hold."""
    assert tally.registered is not None
    absent, own = tally.absent, tally.absent.of(proposal)
    stated = {"cast": tally.cast, "valid": tally.valid, "proposal": tally.votes[proposal]}[quorum.counts]
    if least:
        return quorum.threshold.met(stated + (own.low if quorum.counts == "proposal" else absent.low), tally.registered)
    parts = {"cast": (absent.high, absent.extra), "valid": (absent.high,), "proposal": (own.high,)}[quorum.counts]
    added = _sum(*parts)
    return added is None or quorum.threshold.met(stated + added, tally.registered)


def _seats(rule: SeatRule, tally: Tally, decision: Decision) -> bool:
    """Who qualifies stays as it is, and each last seat's claim stays above each next one's."""
    seats = decision.seats or {}
    qualified = qualified_choices(rule, tally.votes, whole_of(rule.of, tally))
    for c in tally.votes:
        if rule.threshold is None:
            continue
        if c in qualified and not _always(rule.threshold, tally, c, rule.of):
            return False
        if c not in qualified and not _never(rule.threshold, tally, c, rule.of):
            return False
    takers = [c for c in tally.votes if c in qualified or rule.threshold is None]
    pairs = [(i, j) for i, j in product(qualified, takers) if seats[i] and i != j]
    if isinstance(rule, HighestAverages):
        return all(_ahead(tally, i, j, divisor(rule, seats[j] + 1), divisor(rule, seats[i])) for i, j in pairs)
    least = sum(tally.votes[c] for c in qualified)
    added = _sum(*(tally.absent.of(c).high for c in takers))
    if added is None:
        return False
    prices = [quota(rule, least), quota(rule, least + added)]
    for i, j in pairs:
        high = tally.absent.of(j).high
        assert high is not None
        gap = tally.votes[i] + tally.absent.of(i).low - tally.votes[j] - high
        if any(gap <= (seats[i] - 1 - seats[j]) * price for price in prices):
            return False
    return True


# --- worst cases -----------------------------------------------------------------------------------------------------


def _all_ahead(tally: Tally, ahead: tuple[str, ...], behind: tuple[str, ...] | list[str]) -> bool:
    return all(_ahead(tally, a, b) for a, b in product(ahead, behind))


def _ahead(tally: Tally, a: str, b: str, x: int = 1, y: int = 1) -> bool:
    """Whether x times a's votes are always more than y times b's."""
    high = tally.absent.of(b).high
    return high is not None and x * (tally.votes[a] + tally.absent.of(a).low) > y * (tally.votes[b] + high)


def _always(line: Threshold, tally: Tally, choice: str, of: str, *, over: str | None = None) -> bool:
    """Whether the choice's votes (its lead over another) always meet the line."""
    p, q = line.share.numerator, line.share.denominator
    absent, own = tally.absent, tally.absent.of(choice)
    value = q * _part(tally, choice, over) - p * whole_of(of, tally) + (q - p) * own.low
    if p:
        added = _sum(own.others, absent.extra if of == "cast" else 0)
        if added is None:
            return False
        value -= p * added
    if over is not None:
        rival = absent.of(over).high
        if rival is None:
            return False
        value -= q * rival
    return value > 0 if line.strict else value >= 0


def _never(line: Threshold, tally: Tally, choice: str, of: str, *, over: str | None = None) -> bool:
    """Whether the choice's votes (its lead over another) never meet the line."""
    p, q = line.share.numerator, line.share.denominator
    absent, own = tally.absent, tally.absent.of(choice)
    if own.high is None:
        return False
    value = q * _part(tally, choice, over) - p * whole_of(of, tally)
    value += (q - p) * own.high - p * (absent.low - own.exact)
    if over is not None:
        value -= q * absent.of(over).low
    return value <= 0 if line.strict else value < 0


def _part(tally: Tally, choice: str, over: str | None) -> int:
    return tally.votes[choice] - (0 if over is None else tally.votes[over])


def _sum(*parts: int | None) -> int | None:
    return None if any(part is None for part in parts) else sum(part for part in parts if part is not None)

"""BRAVO: ballot polling of one winner against one loser, with sample sizes in closed form.

Lindeman, Stark, Yates (2012), *BRAVO: Ballot-polling risk-limiting audits to verify outcomes*. The test is Wald's
sequential one for the reported share of the two; `martingale.alternative` is the same test ballot by ballot. P here is
that of the tallied sample: one over the wealth now, not over the greatest wealth on the way.
"""

from math import ceil, exp, floor, log, sqrt

from scipy.stats import binom, norm


def risk(winner_share: float, winner_votes: int, loser_votes: int) -> float:
    """P after a sample with these votes. winner_share: reported votes of the winner over those of the two."""
    if winner_share >= 1:
        return 1.0 if loser_votes else min(1.0, 0.5**winner_votes)
    growth = winner_votes * log(2 * winner_share) + loser_votes * log(2 * (1 - winner_share))
    return min(1.0, exp(-min(growth, 700.0)))


def average_sample(
    winner: float, loser: float, risk_limit: float, *, winner_votes: int = 0, loser_votes: int = 0
) -> int:
    """Average number of ballots if the report is right (BRAVO, section 4); shares are of all ballots.

    winner_votes, loser_votes: what an earlier sample held; the answer is how many more are needed.
    """
    if winner >= 1:
        return 1
    of_two = winner / (winner + loser)
    up, down = log(2 * of_two), log(2 * (1 - of_two))
    needed = log(1 / risk_limit) - winner_votes * up - loser_votes * down
    return ceil((needed + up / 2) / (winner * up + loser * down))


def sample_for_chance(
    winner: float, loser: float, risk_limit: float, chance: float, *, winner_votes: int = 0, loser_votes: int = 0
) -> int:
    """Ballots of a round that ends the audit with this chance if the report is right; shares are of all ballots.

    The binomial count of the winner's votes at its quantile must reach the limit: first by its normal approximation,
    then upwards ballot by ballot until the exact quantile does.
    """
    both = winner + loser
    share = winner / both
    up, down = log(2 * share), log(2 * (1 - share))
    needed = log(1 / risk_limit) - winner_votes * up - loser_votes * down
    if needed <= 0:
        return 0
    z = float(norm.ppf(chance))
    spread, slope = share * (1 - share), down / (up - down) + share
    intercept = needed / (up - down)
    half = z * z * spread / 2 + intercept * slope
    root = sqrt(max(half * half - (slope * intercept) ** 2, 0.0))
    size = floor((half + (root if chance > 0.5 else -root)) / slope**2)
    while True:
        votes = float(binom.ppf(1 - chance, size, share))
        if votes * up + (size - votes) * down > needed:
            return ceil(size / both)
        size += 1


def chance_with(
    winner: float, loser: float, risk_limit: float, ballots: int, *, winner_votes: int = 0, loser_votes: int = 0
) -> float:
    """Chance that a round of this many ballots ends the audit if the report is right (normal approximation)."""
    both = winner + loser
    share = winner / both
    up, down = log(2 * share), log(2 * (1 - share))
    needed = log(1 / risk_limit) - winner_votes * up - loser_votes * down
    size = ballots * both
    votes = (needed - down * size) / (up - down)
    return float(norm.sf((votes - size * share) / sqrt(size * share * (1 - share))))

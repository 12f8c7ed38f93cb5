"""From an outcome rule and the outcome it gave to the certificate: what must be true for that outcome to be right.

Every set is exact: it holds if and only if the rule gives the outcome and no tie has to be broken (a tie at the line
between two outcomes is never certified; only a full count settles it).
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from veedor.audit.assertions.assertion import Assertion, Certificate
from veedor.audit.assertions.statements import Statements
from veedor.count.decision import Decision, decision_of
from veedor.count.seats import qualified_choices
from veedor.count.totals import Tally
from veedor.election import Contest, HighestAverages, LargestRemainder, Plurality, Supermajority, Threshold, TwoRound
from veedor.errors import VeedorError

HALF = Fraction(1, 2)
MOST_SCORES = 1_500_000
"""Scores of all assertions of a plan together, at most."""


def certificate(contest: Contest, decision: Decision, tally: Tally) -> Certificate:
    """The assertions that imply the outcome of this tally under the rule; VeedorError where a draw of lots decides."""
    rule = contest.rule
    if decision.result not in ("elected", "runoff"):
        raise VeedorError(
            f"{contest.id}: the reported votes give {decision.result}, which no sample can confirm; count all ballots"
        )
    if isinstance(rule, Plurality):
        return plurality(contest, decision.choices)
    if isinstance(rule, TwoRound):
        if decision.result == "runoff":
            return runoff(contest, rule, (decision.choices[0], decision.choices[1]))
        return first_round(contest, rule, decision.choices[0])
    if isinstance(rule, Supermajority):
        return supermajority(contest, rule, passed=decision.choices == (rule.proposal,))
    seats = decision.seats or {}
    if isinstance(rule, HighestAverages):
        return highest_averages(contest, rule, seats)
    whole = tally.valid if rule.of == "valid" else tally.cast
    barred = rule.threshold is not None and _bars(rule.threshold)
    eligible = qualified_choices(rule, tally.votes, whole) if barred else contest.choice_ids
    return largest_remainder(contest, rule, seats, eligible)


def assertions_for(contest: Contest, tally: Tally, reported: Decision | None = None) -> tuple[Assertion, ...]:
    """The assertions to audit for the reported outcome; refused if the reported votes do not give that outcome."""
    _check_size(contest)
    decided = decision_of(contest, tally)
    if reported is not None and reported.key != decided.key:
        raise VeedorError(
            f"{contest.id}: the reported outcome ({_words(reported)}) is not what the reported votes give"
            f" ({_words(decided)}); correct one of the two before any audit"
        )
    return certificate(contest, decided, tally).chosen(tally)


def _check_size(contest: Contest) -> None:
    """Refuse contests of which a plan would never end: each assertion gives every choice a score."""
    rule, choices = contest.rule, len(contest.choice_ids)
    if isinstance(rule, Plurality):
        most = rule.seats * max(choices - rule.seats, 0)
    elif isinstance(rule, HighestAverages):
        most = choices * (min(rule.seats, choices) + 1)
    else:
        most = choices * choices if isinstance(rule, LargestRemainder) else 4 * choices
    if most * choices > MOST_SCORES:
        raise VeedorError(
            f"{contest.id}: {choices:,} choices and their seats take up to {most:,} assertions, more than a plan can"
            " state; count all ballots"
        )


def _words(decision: Decision) -> str:
    seats = "" if decision.seats is None else " seats " + ", ".join(f"{c} {n}" for c, n in decision.seats.items() if n)
    return f"{decision.result} {', '.join(decision.choices)}{seats}"


def plurality(contest: Contest, elected: Sequence[str]) -> Certificate:
    """P(W, X) for every elected W and every other X."""
    says = Statements(contest)
    losers = [choice for choice in contest.choice_ids if choice not in elected]
    return Certificate(always=tuple(says.pairwise(winner, loser) for winner in elected for loser in losers))


def first_round(contest: Contest, rule: TwoRound, winner: str) -> Certificate:
    """Elected in the first round: by M(W), or by F(W) and D(X) for every other X."""
    says = Statements(contest)
    others = [choice for choice in contest.choice_ids if choice != winner]
    ahead = tuple(says.pairwise(winner, other) for other in others)
    by_majority = _line(says, winner, rule.majority, rule, "M")
    if not _only_one_can_reach(rule.majority):
        by_majority += ahead
    if rule.alternative is None or rule.lead is None:
        return Certificate(always=by_majority)
    by_lead = _line(says, winner, rule.alternative, rule, "F")
    by_lead += tuple(says.leads(winner, other, rule.lead, rule.of) for other in others)
    if rule.lead.share == 0 and not rule.lead.strict:
        by_lead += ahead
    if not by_majority or not by_lead:
        # A choice that stands alone meets a line of 'at least 0' whatever was voted: nothing can make it wrong.
        return Certificate(always=())
    return Certificate(always=(), either=((by_majority, by_lead),))


def runoff(contest: Contest, rule: TwoRound, pair: tuple[str, str]) -> Certificate:
    """A second round of two: both ahead of every other, and neither elected now.

    w of the two is not elected: notM(w), and notF(w) or notD(w, z) with z the other of the two. notM is left out where
    notF says more.
    """
    says = Statements(contest)
    others = [choice for choice in contest.choice_ids if choice not in pair]
    always = [says.pairwise(one, other) for one in pair for other in others]
    either = []
    for one, other in (pair, pair[::-1]):
        no_majority = says.misses(one, rule.majority, rule.of, "M")
        if rule.alternative is None or rule.lead is None:
            always.append(no_majority)
            continue
        below = says.misses(one, rule.alternative, rule.of, "F")
        option = (below,) if _says_more(rule.alternative, rule.majority) else (below, no_majority)
        either.append((option, (no_majority, says.lacks_lead(one, other, rule.lead, rule.of))))
    return Certificate(always=tuple(always), either=tuple(either))


def supermajority(contest: Contest, rule: Supermajority, *, passed: bool) -> Certificate:
    """Passed: the line and the quorum are met. Not passed: one of them is not."""
    says = Statements(contest)
    line = says.reaches if passed else says.misses
    parts = [line(rule.proposal, rule.line, rule.of, "S")]
    if rule.quorum is not None:
        parts.append(says.turnout(rule.quorum.threshold, rule.quorum.counts, rule.proposal, met=passed))
    if passed or len(parts) == 1:
        return Certificate(always=tuple(parts))
    return Certificate(always=(), either=(tuple((part,) for part in parts),))


def highest_averages(contest: Contest, rule: HighestAverages, seats: Mapping[str, int]) -> Certificate:
    """D'Hondt and Sainte-Laguë (Blom et al. 2021): each last seat won beats each next seat not won.

    A choice without a seat is below the threshold, or its first quotient loses to every last seat won.
    """
    says = Statements(contest)
    seated = [choice for choice in contest.choice_ids if seats.get(choice, 0) > 0]
    always = [] if rule.threshold is None else _lines(says, seated, rule.threshold, rule)
    either = []
    for loser in contest.choice_ids:
        held = seats.get(loser, 0)
        beaten = tuple(
            says.quotients(winner, _divisor(rule, seats[winner]), loser, _divisor(rule, held + 1))
            for winner in seated
            if winner != loser
        )
        if held or not _bars(rule.threshold):
            always += beaten
        elif rule.threshold is not None and beaten:
            either.append((beaten, (says.misses(loser, rule.threshold, rule.of, "T"),)))
    return Certificate(always=tuple(always), either=tuple(either))


def largest_remainder(
    contest: Contest, rule: LargestRemainder, seats: Mapping[str, int], eligible: Sequence[str]
) -> Certificate:
    """Hare quotas: among those that meet the threshold, no two differ by a whole quota more than their seats do.

    eligible: the choices that meet the threshold; who meets it and who does not is asserted too, because the quota
    depends on it.
    """
    if rule.quota != "hare":
        raise VeedorError(
            f"{contest.id}: no assertions are known for quotas that are rounded to whole votes ({rule.quota});"
            " audit this contest by a full count of the sample's places or of all sheets"
        )
    says = Statements(contest)
    always: list[Assertion] = []
    if rule.threshold is not None and _bars(rule.threshold):
        for choice in contest.choice_ids:
            line = says.reaches if choice in eligible else says.misses
            always.append(line(choice, rule.threshold, rule.of, "T"))
    held = {choice: seats.get(choice, 0) for choice in eligible}
    always += [
        says.remainders(held, first, second, rule.seats) for first in eligible for second in eligible if first != second
    ]
    return Certificate(always=tuple(always))


def _line(says: Statements, choice: str, line: Threshold, rule: TwoRound, letter: str) -> tuple[Assertion, ...]:
    """The assertion that the choice meets the line; none where no votes could miss it."""
    return (says.reaches(choice, line, rule.of, letter),) if _bars(line) else ()


def _lines(says: Statements, choices: Sequence[str], line: Threshold, rule: HighestAverages) -> list[Assertion]:
    return [says.reaches(choice, line, rule.of, "T") for choice in choices] if _bars(line) else []


def _bars(line: Threshold | None) -> bool:
    """True if the line can be missed: 'at least 0' cannot."""
    return line is not None and (line.strict or line.share > 0)


def _only_one_can_reach(line: Threshold) -> bool:
    """True if two choices can never both meet the line."""
    return line.share > HALF or (line.share == HALF and line.strict)


def _says_more(lower: Threshold, higher: Threshold) -> bool:
    """True if missing the lower line means missing the higher one."""
    return lower.share < higher.share or (lower.share == higher.share and (higher.strict or not lower.strict))


def _divisor(rule: HighestAverages, seat: int) -> int:
    """The divisor of the votes for the choice's n-th seat: 1, 2, 3 ... or 1, 3, 5 ..."""
    return seat if rule.divisors == "dhondt" else 2 * seat - 1

"""What is open: sheets and votes that are not in the totals yet, and whether they could still change the outcome.

Votes of absent figures are open too, though their sheets are counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import polars as pl

from veedor.count.certainty import least_to_change
from veedor.count.decision import decision_of, whole_of
from veedor.count.totals import Tally
from veedor.count.within import certain_within, counts_cast
from veedor.election import IN_TOTALS, STATUSES, Contest, Plurality, Supermajority, TwoRound

Basis = Literal["universe", "turnout", "registered", "absent", "nothing_open"]
OUT_OF_TOTALS: tuple[str, ...] = tuple(status for status in STATUSES if status not in IN_TOTALS)


@dataclass(frozen=True, kw_only=True)
class Open:
    """The outstanding part at one snapshot of a count.

    sheets: not counted and not annulled, None where the expected number is unknown; by_status: sheets received that
      are not in the totals; not_received: expected sheets of which there is no row.
    registered: voters on the rolls of open sheets; None where unknown.
    valid: the most valid votes they can bring; basis says from what this is known (see `open_part`). Where no sheet is
      open and figures are absent, the basis is `absent` and these are the most valid votes that they hold.
    outcome_can_change: whether some allocation of 0 to `valid` votes, and of those of absent figures, gives another
      outcome; None if that is unknown.
    votes_to_change: the fewest added votes that could change the outcome, whatever is open.
    lead_needed: the lead of the first over the second among the open valid votes, as a share of these, at which the
      line is met exactly (see docs/reference/outcome-rules.md); share_needed: the same for the first's share.
    """

    sheets: int | None
    not_received: int | None
    by_status: Mapping[str, int]
    registered: int | None
    valid: int | None
    basis: Basis | None
    outcome_can_change: bool | None
    votes_to_change: int | None
    lead_needed: Fraction | None
    share_needed: Fraction | None


def statuses_of(table: pl.DataFrame) -> dict[str, int]:
    """Number of sheets of a table with each status that keeps them out of the totals."""
    counted = table["status"].cast(pl.String).value_counts()
    known = dict(zip(counted["status"], counted["count"], strict=True))
    return {status: int(known.get(status, 0)) for status in OUT_OF_TOTALS}


def open_part(
    contest: Contest,
    tally: Tally,
    *,
    statuses: Mapping[str, int] | None = None,
    expected: int | None = None,
    universe: Tally | None = None,
    turnout: Fraction | None = None,
) -> Open:
    """The outstanding part, given what else is known.

    statuses: sheets out of the totals, by status. expected: sheets of the whole count.
    universe: another count's tally of all the sheets; its valid votes less those counted are open (basis universe).
    turnout: share of the open sheets' registered voters who voted; their valid share is taken as that of the counted
      ballots (basis turnout). With neither, each registered voter of an open sheet may bring a valid vote (basis
      registered). Registered voters of open sheets are the universe's less those counted; without a universe the open
      sheets are taken to have the mean roll of the counted ones.
    """
    by_status = {status: (statuses or {}).get(status, 0) for status in OUT_OF_TOTALS}
    total = expected if expected is not None else (universe.sheets if universe else None)
    received = tally.sheets + sum(by_status.values())
    not_received = None if total is None else max(0, total - received)
    held = sum(by_status.values()) - by_status["annulled"]
    sheets = held + not_received if not_received is not None else None
    registered = _registered(tally, sheets, universe)
    valid, basis = _valid(tally, sheets, registered, universe, turnout)
    change = _votes_to_change(contest, tally, registered)
    lead, share = _needed(contest, tally, valid) if basis in ("universe", "turnout") else (None, None)
    if basis == "nothing_open" and tally.absent.figures:
        valid, basis = tally.absent.high, "absent"
    return Open(
        sheets=sheets,
        not_received=not_received,
        by_status=by_status,
        registered=registered,
        valid=valid,
        basis=basis,
        outcome_can_change=_can_change(contest, tally, valid, basis, change, universe),
        votes_to_change=change,
        lead_needed=lead,
        share_needed=share,
    )


def _can_change(
    contest: Contest, tally: Tally, valid: int | None, basis: Basis | None, change: int | None, universe: Tally | None
) -> bool | None:
    """change: the fewest added votes that change the outcome, which absent figures hold as open sheets do.

    Those of the universe count too: where it lacks figures, its valid votes are not all that can be open.
    """
    rule, absent = contest.rule, tally.absent
    if isinstance(rule, Supermajority) and rule.quorum is not None and tally.registered is None:
        return None
    if basis == "absent":
        return not certain_within(contest, tally, decision_of(contest, tally))
    if valid is None:
        return None
    if change is not None and change <= valid:
        return True
    lacking = [absent] if universe is None or basis != "universe" else [absent, universe.absent]
    more = [one.high for one in lacking]
    if None in more or (counts_cast(contest) and any(one.extra != 0 for one in lacking)):
        return None
    return change is not None and change <= valid + sum(number or 0 for number in more)


def _registered(tally: Tally, sheets: int | None, universe: Tally | None) -> int | None:
    if sheets == 0 and universe is None:
        return 0
    if universe is not None and universe.registered is not None and tally.registered is not None:
        return max(0, universe.registered - tally.registered)
    if sheets is None or tally.registered is None or tally.sheets == 0:
        return None
    return -(-tally.registered * sheets // tally.sheets)


def _valid(
    tally: Tally, sheets: int | None, registered: int | None, universe: Tally | None, turnout: Fraction | None
) -> tuple[int | None, Basis | None]:
    if turnout is not None and registered is not None:
        share = Fraction(tally.valid, tally.cast) if tally.cast else Fraction(1)
        return int(registered * turnout * share), "turnout"
    if universe is not None:
        return max(0, universe.valid - tally.valid), "universe"
    if sheets == 0:
        return 0, "nothing_open"
    return (registered, "registered") if registered is not None else (None, None)


def _votes_to_change(contest: Contest, tally: Tally, registered: int | None) -> int | None:
    """A quorum is of all the rolls, so those of open sheets may raise it: the worse of both is taken."""
    rule = contest.rule
    if not (isinstance(rule, Supermajority) and rule.quorum is not None):
        return least_to_change(contest, tally)
    if tally.registered is None:
        return None
    whole = replace(tally, registered=tally.registered + (registered or 0))
    if decision_of(contest, whole).key != decision_of(contest, tally).key:
        return 0
    found = [least_to_change(contest, state) for state in (tally, whole)]
    return min((number for number in found if number is not None), default=None)


def _needed(contest: Contest, tally: Tally, valid: int | None) -> tuple[Fraction | None, Fraction | None]:
    """(lead, share) of the first, or the proposal, among the open valid votes for the line to be met exactly."""
    rule = contest.rule
    if not valid or tally.valid == 0:
        return None, None
    order = tally.ranking
    lead = tally.votes[order[0]] - tally.votes[order[1]] if len(order) > 1 else None
    if isinstance(rule, Plurality):
        return (Fraction(-lead, valid) if lead is not None and rule.seats == 1 else None), None
    if isinstance(rule, TwoRound):
        whole = whole_of(rule.of, tally) + valid
        share = (rule.majority.share * whole - tally.votes[order[0]]) / valid
        if rule.lead is None or lead is None:
            return None, share
        return (rule.lead.share * whole - lead) / valid, share
    if isinstance(rule, Supermajority):
        whole = whole_of(rule.of, tally) + valid
        return None, (rule.line.share * whole - tally.votes[rule.proposal]) / valid
    return None, None

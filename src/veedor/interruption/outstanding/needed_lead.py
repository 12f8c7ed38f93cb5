"""What was needed at the stop: the lead among the sheets still missing that makes each outcome, and what was possible.

The missing sheets' valid votes are taken as known from the universe: these were still to come. What share of them each
choice could have had is left open; a person sees how far the needed lead is from anything observed. Counted sheets that
were corrected later are apart: they are in the difference of the totals, and not in the missing sheets.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from veedor.election import TwoRound
from veedor.interruption.split import Split


@dataclass(frozen=True, kw_only=True)
class Needed:
    """At the stop, all as fractions: lead among counted sheets, and lead needed among the missing ones.

    line: the lead that the rule asks of all valid votes (0 where it asks for none).
    missing_valid: what the missing sheets held; totals_valid: by how much the universe's total is larger than the
      counted one, with corrections of counted sheets in it; negative where these took more than the missing ones held.
    lead_needed: by which first must lead second in the missing valid votes to end on the line exactly.
    lead_needed_of_totals: the same for the difference of the totals; None where that is not positive.
    observed: the lead that the missing sheets finally held.
    reachable_below, reachable_above: whether the final lead could end below, or on or above the line, whatever the
      missing sheets held: the worst cases in both directions.
    """

    line: float
    counted_valid: int
    missing_valid: int
    totals_valid: int
    missing_registered: int
    lead_counted: float
    lead_needed: float | None
    lead_needed_of_totals: float | None
    observed: float | None
    reachable_below: bool
    reachable_above: bool


def needed_at(split: Split) -> Needed:
    """The lead needed among the missing sheets. Exact in whole votes until shown."""
    rule = split.contest.rule
    line = rule.lead.share if isinstance(rule, TwoRound) and rule.lead is not None else Fraction(0)
    base = [int(votes) for votes in split.base]
    counted, final = sum(base), int(split.final.sum()) + int(split.outside.sum())
    margin, rest = base[0] - base[1], final - counted
    missing = split.final[split.missing].sum(axis=0)
    held = int(missing.sum())
    whole = counted + held
    needed = (line * whole - margin) / held if held else None
    of_totals = (line * final - margin) / rest if rest > 0 else None
    return Needed(
        line=float(line),
        counted_valid=counted,
        missing_valid=held,
        totals_valid=rest,
        missing_registered=int(np.sum(split.registered[split.missing])),
        lead_counted=float(Fraction(margin, counted)) if counted else float("nan"),
        lead_needed=float(needed) if needed is not None else None,
        lead_needed_of_totals=float(of_totals) if of_totals is not None else None,
        observed=float(Fraction(int(missing[0] - missing[1]), held)) if held else None,
        reachable_below=margin - held < line * whole,
        reachable_above=margin + held >= line * whole,
    )

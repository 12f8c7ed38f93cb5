"""Was the outcome settled at the stop? The lead that the missing sheets needed, as a finding and as JSON."""

from dataclasses import dataclass

from veedor.command import Command
from veedor.finding import Finding, Text, Verdict
from veedor.interruption.outstanding.needed_lead import Needed
from veedor.interruption.sentences import GEOGRAPHY, SHEETS
from veedor.interruption.split import Split
from veedor.interruption.texts import TEXTS
from veedor.wording import number, points, signed


@dataclass(frozen=True, kw_only=True)
class NeededShown:
    """Votes counted and missing at the stop, and the lead needed: see `Needed` and `veedor.count.outstanding`."""

    line: float
    counted_valid: int
    missing_valid: int
    totals_valid: int
    lead_needed: float | None
    missing_registered: int
    missing_sheets: int
    counted_sheets: int
    sheets_outside_universe: int
    lead_counted: float | None
    lead_observed: float | None
    reachable_below: bool
    reachable_above: bool
    outcome_can_change: bool | None
    votes_to_change: int | None
    share_needed: float | None
    registered_unknown: int
    figures_absent: int


def needed_shown(split: Split, needed: Needed) -> NeededShown:
    """The lead needed, with what was open."""
    return NeededShown(
        line=needed.line,
        counted_valid=needed.counted_valid,
        missing_valid=needed.missing_valid,
        totals_valid=needed.totals_valid,
        lead_needed=needed.lead_needed,
        missing_registered=needed.missing_registered,
        missing_sheets=int(split.missing.sum()),
        counted_sheets=int(split.counted.sum()),
        sheets_outside_universe=split.sheets_outside,
        lead_counted=needed.lead_counted,
        lead_observed=needed.observed,
        reachable_below=needed.reachable_below,
        reachable_above=needed.reachable_above,
        outcome_can_change=split.open.outcome_can_change,
        votes_to_change=split.open.votes_to_change,
        share_needed=None if split.open.share_needed is None else float(split.open.share_needed),
        registered_unknown=split.registered_unknown,
        figures_absent=split.figures_absent,
    )


def needed_finding(split: Split, needed: Needed, command: Command) -> Finding:
    """`outcome_settled_at_stop`: holds where no valid votes of the missing sheets could have changed the outcome."""
    can_change = split.open.outcome_can_change
    return Finding(
        check="outcome_settled_at_stop",
        title=TEXTS.say("needed_lead.needed_finding.title"),
        verdict=Verdict.UNDECIDED if can_change is None else Verdict.DOES_NOT_HOLD if can_change else Verdict.HOLDS,
        looked_at=len(split.station),
        unit=SHEETS,
        expected=TEXTS.say("needed_lead.needed_finding.expected"),
        found=int(split.missing.sum()),
        summary=_summary(split, needed),
        cannot_show=TEXTS.say("needed_lead.needed_finding.cannot_show"),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={
            "lead_counted": needed.lead_counted,
            "lead_needed": needed.lead_needed,
            "lead_observed": needed.observed,
            "missing_valid": needed.missing_valid,
            "totals_valid": needed.totals_valid,
            "votes_to_change": split.open.votes_to_change,
        },
        source=TEXTS.say("needed_lead.needed_finding.source", universe=split.universe),
    )


def _summary(split: Split, needed: Needed) -> Text:
    if needed.lead_needed is None or needed.observed is None:
        return TEXTS.say("needed_lead.no_votes") + _corrections(needed)
    said = TEXTS.say(
        "needed_lead.needed",
        valid=number(needed.missing_valid),
        first=split.first,
        second=split.second,
        lead=points(needed.lead_counted),
        line=points(needed.line),
        needed=points(needed.lead_needed),
        observed=points(needed.observed),
    )
    return said + _corrections(needed)


def _corrections(needed: Needed) -> Text:
    """By how much the totals differ from what was counted and missing, where counted sheets were corrected."""
    by = needed.totals_valid - needed.missing_valid
    return TEXTS.say("needed_lead.corrections", by=signed(by)) if by else Text.same("")

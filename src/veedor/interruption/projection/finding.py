"""Is the final lead what the counted places announced? The projections as a finding."""

import math
from collections.abc import Sequence
from fractions import Fraction

from veedor.finding import Finding, Text, Verdict
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.finding import clock_name
from veedor.interruption.needed_lead import Needed
from veedor.interruption.projection.placebo_cuts import PlaceboCuts
from veedor.interruption.projection.projection import Projection, missing_margin
from veedor.interruption.projection.rule_names import rule_name
from veedor.interruption.sentences import GEOGRAPHY, SIGNIFICANT
from veedor.interruption.split import Split
from veedor.interruption.texts import TEXTS
from veedor.wording import decimal, number, per_cent, points, signed

UNCERTAINTY = TEXTS.say("projection.uncertainty")


def projections_finding(
    split: Split,
    needed: Needed,
    clocks: Sequence[Ticks],
    projections: Sequence[Projection],
    cuts: Sequence[PlaceboCuts],
    command: str,
) -> Finding:
    """`lead_as_projected`: holds where the lead lies in a hierarchical projection's calibrated 95 % interval.

    Or where it errs no more at the stop than at cuts where nothing happened; undecided where it lies outside and no
    clock gives such cuts.
    """
    drawn = [each for each in projections if each.sd is not None and each.values == "cut"]
    pooling = [each.calibrated for each in drawn if each.validation is not None and each.calibrated is not None]
    low = min(each.quantiles["0.025"] for each in pooling)
    high = max(each.quantiles["0.975"] for each in pooling)
    observed, alike = drawn[0].observed, drawn[0].observed_alike
    inside = any(each.quantiles["0.025"] <= alike <= each.quantiles["0.975"] for each in pooling)
    ranks = [each.rank for each in cuts]
    stands_out = bool(ranks) and max(ranks) <= SIGNIFICANT
    verdict = Verdict.DOES_NOT_HOLD if stands_out else Verdict.HOLDS if ranks else Verdict.UNDECIDED
    return Finding(
        check="lead_as_projected",
        title=TEXTS.say("projection.projections_finding.title"),
        verdict=Verdict.HOLDS if inside else verdict,
        looked_at=len(projections),
        unit=TEXTS.say("projection.projections_finding.unit"),
        expected=_expected(low, high),
        found=sum(not each.quantiles["0.025"] <= each.observed_alike <= each.quantiles["0.975"] for each in drawn),
        summary=_summary(split, needed, projections, drawn, _placebo_sentence(clocks, cuts)),
        uncertainty=UNCERTAINTY,
        cannot_show=TEXTS.say("projection.projections_finding.cannot_show"),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={
            "observed": observed,
            "observed_alike": alike,
            "interval_low": low,
            "interval_high": high,
            "unexplained_votes": {f"{each.rule}@{each.values}": each.unexplained_votes for each in projections},
            "missing_margin_votes": missing_margin(split),
            "margin_over_line_votes": _margin_over_line(split, needed),
        },
        source=TEXTS.say("projection.projections_finding.source", universe=split.universe),
    )


def _expected(low: float, high: float) -> Text:
    return TEXTS.say("projection.expected", low=points(low, 3), high=points(high, 3))


def _summary(
    split: Split, needed: Needed, projections: Sequence[Projection], drawn: Sequence[Projection], placebos: Text
) -> Text:
    """What was observed and projected. drawn: the projections with draws, at the cut's values."""
    best = min(drawn, key=lambda each: abs(each.unexplained_votes))
    worst = max(projections, key=lambda each: abs(each.unexplained_votes))
    line = needed.line
    named = [
        TEXTS.say(
            "projection.summary.named",
            name=rule_name(each.rule, each.values, split.election),
            mean=decimal(100 * each.mean, 3),
        )
        for each in projections
    ]
    return TEXTS.say(
        "projection.summary_text",
        observed=points(drawn[0].observed, 3),
        rules=Text.join("; ", named),
        least=signed(round(best.unexplained_votes)),
        most=signed(round(worst.unexplained_votes)),
        line=points(line, 0),
        margin=signed(_margin_over_line(split, needed)),
        placebos=placebos,
    )


def _margin_over_line(split: Split, needed: Needed) -> int:
    """Whole votes of lead beyond the fewest that stand on the line; below zero where the lead falls short of them."""
    final = split.final.sum(axis=0)
    line = Fraction(needed.line).limit_denominator(1_000_000)
    return int(final[0] - final[1]) - math.ceil(line * int(final.sum()))


def _placebo_sentence(clocks: Sequence[Ticks], cuts: Sequence[PlaceboCuts]) -> Text:
    """How the error at the stop compares with those at placebo cuts, for the clock where it stands out least."""
    if not cuts:
        return TEXTS.say("projection.no_cuts")
    each = max(cuts, key=lambda found: found.rank)
    return TEXTS.say(
        "projection.cuts",
        z=decimal(each.z_at_stop, 1),
        cuts=number(len(each.z)),
        rank=per_cent(each.rank, 0),
        clock=clock_name(clocks, each.clock),
    )

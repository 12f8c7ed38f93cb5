"""Is the final lead what the counted places announced? The projections as a finding."""

import math
from collections.abc import Sequence
from fractions import Fraction

from veedor.command import Command
from veedor.finding import Finding, Text, Verdict
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.finding import clock_name
from veedor.interruption.outstanding.missing_sheets import hidden_places
from veedor.interruption.outstanding.needed_lead import Needed
from veedor.interruption.projection.late_places import LatenessTold
from veedor.interruption.projection.lateness.learned import HIDDEN_PLACES, LEAST_SHARE
from veedor.interruption.projection.placebo_cuts import PlaceboCuts
from veedor.interruption.projection.projection import Projection, missing_margin
from veedor.interruption.projection.rule_names import rule_name
from veedor.interruption.sentences import GEOGRAPHY
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
    command: Command,
) -> Finding:
    """`lead_as_projected`: holds where the lead lies in a hierarchical projection's calibrated 95 % interval.

    Does not hold where it lies outside the widest interval, and the projection errs more at the stop than at earlier
    cuts, where nothing happened, unless something keeps it from speaking against the count (`_limits`); else undecided,
    and so wherever the count stopped earlier than any that was learned from.
    """
    drawn = [each for each in projections if each.sd is not None and each.values == "cut"]
    pooling = [each.calibrated for each in drawn if each.validation is not None and each.calibrated is not None]
    low = min((each.quantiles["0.025"] for each in pooling), default=float("nan"))
    high = max((each.quantiles["0.975"] for each in pooling), default=float("nan"))
    observed, alike = drawn[0].observed, drawn[0].observed_alike
    inside = any(each.quantiles["0.025"] <= alike <= each.quantiles["0.975"] for each in pooling)
    told = [each.lateness for each in drawn if each.lateness is not None]
    beyond = bool(told) and not any(each.widest_low <= alike <= each.widest_high for each in told)
    stands_out = bool(cuts) and all(each.stands_out for each in cuts)
    limits, early = _limits(split), float(split.counted.mean()) < LEAST_SHARE
    against = beyond and stands_out and not limits
    said = [*_kind_sentence(clocks, told), _placebo_sentence(clocks, cuts), *limits]
    if not inside and not against and not limits:
        said.append(_why_undecided(told, alike, beyond=beyond))
    outside = Verdict.DOES_NOT_HOLD if against else Verdict.UNDECIDED
    return Finding(
        check="lead_as_projected",
        title=TEXTS.say("projection.projections_finding.title"),
        verdict=Verdict.UNDECIDED if early else Verdict.HOLDS if inside else outside,
        looked_at=len(projections),
        unit=TEXTS.say("projection.projections_finding.unit"),
        expected=_expected(low, high),
        found=sum(not each.quantiles["0.025"] <= each.observed_alike <= each.quantiles["0.975"] for each in drawn),
        summary=_summary(split, needed, projections, drawn, Text.join(" ", said)),
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


def _kind_sentence(clocks: Sequence[Ticks], told: Sequence[LatenessTold]) -> list[Text]:
    """What kind of election the projection takes this one for, and why."""
    if not told:
        return []
    each = told[0]
    clock = TEXTS.say("projection.no_order") if each.clock is None else clock_name(clocks, each.clock)
    return [
        TEXTS.say(
            f"projection.kinds.{each.kind}",
            tied=per_cent(each.tied, 0),
            bend=decimal(abs(each.bend), 1),
            votes=signed(round(each.votes)),
            clock=clock,
        )
    ]


def _limits(split: Split) -> list[Text]:
    """What keeps an unexpected lead from speaking against this count, whatever the projection says."""
    share, hidden = float(split.counted.mean()), hidden_places(split)
    if share < LEAST_SHARE:
        return [TEXTS.say("projection.undecided_early", share=per_cent(share, 1), least=per_cent(LEAST_SHARE, 0))]
    return [TEXTS.say("projection.hidden_places", share=per_cent(hidden, 0))] if hidden > HIDDEN_PLACES else []


def _why_undecided(told: Sequence[LatenessTold], alike: float, *, beyond: bool) -> Text:
    """Why an unexpected lead is no verdict against the count."""
    if not told:
        return TEXTS.say("projection.undecided_none")
    if beyond:
        return TEXTS.say("projection.undecided_cuts", alike=points(alike, 3))
    low, high = min(each.widest_low for each in told), max(each.widest_high for each in told)
    return TEXTS.say("projection.undecided_form", alike=points(alike, 3), low=points(low, 3), high=points(high, 3))


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

"""The study as one JSON object: shares, leads and estimates as fractions, votes as whole numbers, times as ISO 8601."""

import datetime as dt
import math
from collections.abc import Sequence

from veedor.finding import Finding, Json, finding_as_json
from veedor.interruption.clock.gaps import LEAST_SECONDS, TIMES, Gap
from veedor.interruption.clock.timeline import Line
from veedor.interruption.missing_sheets import Group
from veedor.interruption.projection.projection import Projection
from veedor.interruption.study import Study


def study_as_json(study: Study, findings: Sequence[Finding], *, draws: int, seed: int) -> dict[str, Json]:
    """Every figure of the study; `findings` are those of `findings_of`."""
    document: dict[str, Json] = _finite(_document(study, findings, draws=draws, seed=seed))
    return document


def _finite(value: Json) -> Json:
    """The value with null for what is not a number: JSON has no NaN."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _document(study: Study, findings: Sequence[Finding], *, draws: int, seed: int) -> dict[str, Json]:
    split, needed = study.split, study.needed
    names = {ticks.id: ticks.name for ticks in study.clocks}
    return {
        "election": split.election.id,
        "contest": split.contest.id,
        "count": split.count,
        "cut": split.cut.isoformat(),
        "stop": _gap(study.stop),
        "universe": split.universe,
        "first": split.first,
        "second": split.second,
        "draws": draws,
        "seed": seed,
        "clocks": [
            {
                "id": ticks.id,
                "count": ticks.count,
                "name": ticks.name.en,
                "translations": {"es": {"name": names[ticks.id].es}},
            }
            for ticks in study.clocks
        ],
        "gap_rule": {"times_median": TIMES, "least_seconds": LEAST_SECONDS},
        "gaps": [_gap(gap) for gap in study.gaps],
        "timeline": [_line(line) for line in study.lines],
        "unpublished": [
            {
                "clock": each.clock,
                "last": each.last,
                "passed": each.passed,
                "sheets": each.sheets,
                "before_stop": each.before_stop,
                "after_stop": each.after_stop,
                "lead": each.lead,
                "lead_before_stop": each.lead_before_stop,
                "lead_after_stop": each.lead_after_stop,
                "lead_if_published": each.lead_if_published,
                "sheets_if_published": each.sheets_if_published,
                "published_not_passed": list(each.not_passed),
            }
            for each in study.unpublished
        ],
        "needed_lead": needed.lead_needed,
        "needed": {
            "line": needed.line,
            "counted_valid": needed.counted_valid,
            "missing_valid": needed.missing_valid,
            "missing_registered": needed.missing_registered,
            "missing_sheets": int(split.missing.sum()),
            "counted_sheets": int(split.counted.sum()),
            "sheets_outside_universe": split.sheets_outside,
            "lead_counted": needed.lead_counted,
            "lead_observed": needed.observed,
            "reachable_below": needed.reachable_below,
            "reachable_above": needed.reachable_above,
            "outcome_can_change": split.open.outcome_can_change,
            "votes_to_change": split.open.votes_to_change,
            "share_needed": None if split.open.share_needed is None else float(split.open.share_needed),
            "registered_unknown": split.registered_unknown,
        },
        "groups": [_group(group) for group in study.groups],
        "missing_by_level": study.by_level,
        "groupings": {
            name: [{"counted": _group(one), "missing": _group(other)} for one, other in pairs]
            for name, pairs in study.groupings.items()
        },
        "regions": [{"counted": _group(one), "missing": _group(other)} for one, other in study.regions],
        "projections": [_projection(each) for each in study.projections],
        "placebo_cuts": [
            {
                "rule": each.rule,
                "clock": each.clock,
                "cuts": list(each.cuts),
                "z": list(each.z),
                "z_at_stop": each.z_at_stop,
                "rank": each.rank,
            }
            for each in study.placebo_cuts
        ],
        "earlier_votes": {name: {"stations_matched_by": matched} for name, matched in study.earlier_matched.items()},
        "within": [
            {
                "level": each.level,
                "of": each.of,
                "estimate": _fraction(each.estimate),
                "se": _fraction(each.se),
                "se_clustered": _fraction(each.se_clustered),
                "n": each.n,
                "places": each.places,
            }
            for each in study.within
        ],
        "placebos": [
            {
                "level": each.level,
                "of": each.of,
                "shuffles": each.shuffles,
                "false_alarms": each.false_alarms,
                "sd": each.sd / 100.0,
                "p_value": each.p_value,
                "p_shuffled": each.p_shuffled,
            }
            for each in study.shuffles
        ],
        "own_early_lead": {
            "sheets": study.own_early.sheets,
            "valid": study.own_early.valid,
            "expected": study.own_early.expected,
            "observed": study.own_early.observed,
            "residual_votes": study.own_early.residual_votes,
        },
        "discontinuity": [
            {
                "clock": jump.clock,
                "cut": jump.cut / 100,
                "bandwidth": jump.bandwidth / 100,
                "within": jump.within,
                "estimate": _fraction(jump.estimate),
                "se": _fraction(jump.se),
                "n": jump.n,
                "placebo_cuts": jump.placebo_cuts,
                "placebo_share": jump.placebo_share,
                "placebo_rank": jump.placebo_rank,
            }
            for jump in study.jumps
        ],
        "trend": [
            {
                "clock": each.clock,
                "level": each.level,
                "slope": each.slope,
                "se": each.se,
                "n": each.n,
                "p_value": each.p_value,
                "shuffles": each.shuffles,
                "false_alarms": each.false_alarms,
            }
            for each in study.slopes
        ],
        "revisions": {
            "looked_at": study.revised.looked_at,
            "sheets": study.revised.sheets,
            "sheets_in_valid_votes": study.revised.valid,
            "net": study.revised.net,
            "on_lead": study.revised.on_lead,
        },
        "findings": [finding_as_json(finding) for finding in findings],
    }


def _fraction(points: float | None) -> float | None:
    return None if points is None else points / 100.0


def _time(when: dt.datetime | None) -> str | None:
    return None if when is None else when.isoformat()


def _gap(gap: Gap) -> dict[str, Json]:
    return {
        "clock": gap.clock,
        "count": gap.count,
        "from": gap.start.isoformat(),
        "to": gap.end.isoformat(),
        "seconds": gap.seconds,
        "sheets_before": gap.sheets_before,
        "sheets_after": gap.sheets_after,
        "declared": gap.declared,
    }


def _line(line: Line) -> dict[str, Json]:
    return {
        "clock": line.clock,
        "region": line.region,
        "points": [
            {
                "time": _time(point.when),
                "counted": round(point.counted, 6),
                "lead": round(point.lead, 6),
                "share": round(point.share, 6),
            }
            for point in line.points
        ],
    }


def _group(group: Group) -> dict[str, Json]:
    return {
        "name": group.name,
        "sheets": group.sheets,
        "registered": group.registered,
        "valid": group.valid,
        "lead": group.lead,
    }


def _projection(each: Projection) -> dict[str, Json]:
    validation = each.validation
    return {
        "rule": each.rule,
        "universe": each.universe,
        "values": each.values,
        "draws": each.draws,
        "mean": each.mean,
        "sd": each.sd,
        "quantiles": each.quantiles,
        "p_outcome": each.p_outcome,
        "observed": each.observed,
        "observed_alike": each.observed_alike,
        "missing_lead_votes": each.margin,
        "missing_lead_votes_sd": each.margin_sd,
        "unexplained_votes": each.unexplained_votes,
        "calibrated": None
        if each.calibrated is None
        else {
            "sd": each.calibrated.sd,
            "quantiles": each.calibrated.quantiles,
            "p_outcome": each.calibrated.p_outcome,
            "missing_lead_votes_sd": each.calibrated.margin_sd,
            "yardsticks": each.calibrated.yardsticks,
        },
        "validation": None
        if validation is None
        else {
            "widening": validation.widening,
            "coverage": [
                {"hidden": one.hidden, "hidings": one.hidings, "mean_z": one.mean_z, "coverage": one.coverage}
                for one in validation.coverage
            ],
        },
    }

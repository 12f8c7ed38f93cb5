"""Shares, turnout, differences and thresholds from what has arrived, each with its errors and three intervals."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist
from typing import Literal

import numpy as np
import numpy.typing as npt

from veedor.errors import VeedorError
from veedor.finding import Text
from veedor.quickcount.bootstrap import replicates
from veedor.quickcount.definition import NULL, QuickCount
from veedor.quickcount.document import (
    AllowanceShown,
    DifferenceShown,
    EstimateDocument,
    EstimateShown,
    MethodShown,
    StrataShown,
    ThresholdShown,
    TurnoutShown,
)
from veedor.quickcount.missing import Most, Z, around, most_missing, tipping_point, worst_case_equal_turnout
from veedor.quickcount.night import Night
from veedor.quickcount.notes import TEXTS, notes_of
from veedor.quickcount.ratio import Ratio, Separate, error_of, ratio
from veedor.quickcount.weights import Single, Weighting, weigh

Estimator = Literal["combined", "separate"]
Cells = Literal["strata", "merged", "given"]
Floats = npt.NDArray[np.float64]

NATIONAL, REGIONAL, EMPTY = 0.02, 0.04, 0.05
"""Late-shift allowances: docs/methods/quickcount.md has the elections that they were measured in."""
AGREE = (0.85, 1.15)
"""Bootstrap error over linear error: outside it they disagree, and the larger one is used."""
LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How to estimate. single: what the error of a stratum with one report is; seed: of the bootstrap."""

    estimator: Estimator = "combined"
    cells: Cells = "strata"
    single: Single = "pair"
    replicates: int = 1000
    seed: int = 1
    shift: float | None = None


@dataclass(frozen=True, kw_only=True)
class Sums:
    """What totals are taken of. values: float[report, column]; names: of the columns, the last two total and roll."""

    names: tuple[str, ...]
    values: Floats
    weighting: Weighting
    separate: Separate | None
    drawn: Floats

    def ratio(self, top: int, below: int) -> tuple[Ratio, float]:
        """The ratio of two columns, and its error by the bootstrap."""
        found = ratio(self.values[:, top], self.values[:, below], self.weighting, self.separate)
        return found, _spread(self.drawn[:, top], self.drawn[:, below])


def _spread(top: Floats, below: Floats) -> float:
    """Standard deviation of a ratio over the replicates; those that drew no vote at all have none."""
    there = below > 0
    return float((top[there] / below[there]).std(ddof=1)) if there.sum() > 1 else 0.0


def estimate(
    quick: QuickCount, night: Night, settings: Settings, *, election: str, left_out: Sequence[str] = ()
) -> EstimateDocument:
    """The estimate of what has arrived. Raises VeedorError where the files do not say enough."""
    sums = _sums(quick, night, settings)
    weighting, missing_share = sums.weighting, 1.0 - night.received / night.planned
    allowance = _allowance(quick, settings, weighting)
    most = None if night.missing is None else most_missing(night, night.missing)
    base = len(sums.names) - 2
    found = [sums.ratio(column, base) for column in range(base)]
    turnout = sums.ratio(base, base + 1) if night.has_roll else None
    errors = [(one.error, drawn) for one, drawn in (*found, *([turnout] if turnout else []))]
    method = _method(settings, night, errors)
    names = {choice.id: choice.title.text for choice in quick.choices} | {NULL: TEXTS.say("estimate.null")}
    extra = missing_share * allowance.share
    return EstimateDocument(
        election=election,
        received=night.received,
        planned=night.planned,
        strata=StrataShown(frame=weighting.strata, received=weighting.received, collapsed=weighting.collapsed),
        missing_share=missing_share,
        latest=night.latest,
        allowance=allowance,
        estimates=[
            _shown(name, names[name], each, drawn, night, missing_share, extra, most)
            for name, (each, drawn) in zip(sums.names, found, strict=False)
        ],
        turnout=None if turnout is None else _turnout(*turnout, missing_share, extra),
        differences=_differences(quick, sums, found, missing_share, allowance.share),
        thresholds=_thresholds(quick, sums, found, extra),
        method=method,
        seed=settings.seed,
        notes=notes_of(night, weighting, most, agree=method.errors_agree),
        left_out=list(left_out) or None,
    )


def _method(settings: Settings, night: Night, errors: Sequence[tuple[float, float]]) -> MethodShown:
    """errors: of each figure, linear and by the bootstrap."""
    over = [drawn / linear for linear, drawn in errors if linear > 0]
    return MethodShown(
        estimator=settings.estimator,
        cells=settings.cells,
        single=settings.single,
        level=LEVEL,
        replicates=settings.replicates,
        finite_correction=night.frame.known,
        errors_agree=all(AGREE[0] <= one <= AGREE[1] for one in over),
        error_ratio=[min(over), max(over)] if over else [],
    )


def _sums(quick: QuickCount, night: Night, settings: Settings) -> Sums:
    weighting = weigh(
        night,
        single=settings.single,
        minimum=quick.post_strata.minimum if settings.cells == "merged" and quick.post_strata is not None else None,
        empty=settings.cells != "given",
    )
    null = [] if night.null is None else [night.null]
    roll = np.zeros(night.received, dtype=np.int64) if night.roll is None else night.roll
    values = np.column_stack([night.votes, *null, night.total, roll]).astype(np.float64)
    if night.received < 2:
        raise VeedorError("one report alone: no error can be computed, so there is no estimate")
    if float(weighting.weight @ values[:, -2]) == 0:
        raise VeedorError("the reports hold no vote at all: there is nothing to estimate from")
    separate = None
    if settings.estimator == "separate":
        if not night.has_roll or weighting.roll is None or not night.frame.known:
            raise VeedorError(
                "--estimator separate needs the registered voters of every station: name the column `roll` of [frame]"
            )
        separate = Separate(roll=values[:, -1], totals=weighting.roll)
    drawn = replicates(values, weighting, number=settings.replicates, seed=settings.seed, separate=separate)
    names = (*(choice.id for choice in quick.choices), *([NULL] if null else []), "total", "roll")
    return Sums(names=names, values=values, weighting=weighting, separate=separate, drawn=drawn)


def _allowance(quick: QuickCount, settings: Settings, weighting: Weighting) -> AllowanceShown:
    """The allowance that was asked for, else the one of quickcount.toml, else the one for what is missing."""
    if settings.shift is not None:
        return AllowanceShown(share=settings.shift, why=TEXTS.say("allowance.option"))
    given = quick.assumptions.shift
    if given is not None:
        return AllowanceShown(share=float(given) / 100, why=TEXTS.say("allowance.definition"))
    if weighting.empty:
        return AllowanceShown(share=EMPTY, why=TEXTS.say("allowance.empty"))
    if quick.assumptions.scale == "regional":
        return AllowanceShown(share=REGIONAL, why=TEXTS.say("allowance.regional"))
    return AllowanceShown(share=NATIONAL, why=TEXTS.say("allowance.national"))


def _half(linear: float, drawn: float) -> float:
    """Half of the sampling interval: by the linear error, or the larger of the two where they disagree."""
    agree = linear == 0 or AGREE[0] <= drawn / linear <= AGREE[1]
    return Z * (linear if agree else max(linear, drawn))


def _shown(
    choice: str,
    name: Text,
    each: Ratio,
    drawn: float,
    night: Night,
    missing_share: float,
    extra: float,
    most: Most | None,
) -> EstimateShown:
    half, share = _half(each.error, drawn), each.value
    simple = share * (1.0 - share) / float(night.total.sum())
    low, high = worst_case_equal_turnout(share, missing_share)
    bound = None if most is None else most.shares(share)
    return EstimateShown(
        choice=choice,
        name=name,
        share=share,
        se_linear=each.error,
        se_bootstrap=drawn,
        sampling=around(share, half),
        shift=around(share, half + extra),
        bound=None if bound is None else (max(0.0, bound[0] - half), min(1.0, bound[1] + half)),
        bound_equal_turnout=(max(0.0, low - half), min(1.0, high + half)),
        design_effect=each.error**2 / simple if simple > 0 else None,
    )


def _turnout(each: Ratio, drawn: float, missing_share: float, extra: float) -> TurnoutShown:
    """Missing stations may have had any turnout, from none to all of their voters."""
    half = _half(each.error, drawn)
    low, high = worst_case_equal_turnout(each.value, missing_share)
    return TurnoutShown(
        share=each.value,
        se_linear=each.error,
        se_bootstrap=drawn,
        sampling=around(each.value, half, high=2.0),
        shift=around(each.value, half + extra, high=2.0),
        bound=(max(0.0, low - half), high + half),
    )


def _differences(
    quick: QuickCount, sums: Sums, found: Sequence[tuple[Ratio, float]], missing_share: float, allowance: float
) -> list[DifferenceShown]:
    """Every two choices, the one with the larger share first. Null votes are no choice."""
    choices = sorted(range(len(quick.choices)), key=lambda column: -found[column][0].value)
    base = len(sums.names) - 2
    shown = []
    for first, second in combinations(choices, 2):
        gap = found[first][0].value - found[second][0].value
        error = error_of(found[first][0].influence - found[second][0].influence, sums.weighting)
        drawn = _spread(sums.drawn[:, first] - sums.drawn[:, second], sums.drawn[:, base])
        half = _half(error, drawn)
        shown.append(
            DifferenceShown(
                first=sums.names[first],
                second=sums.names[second],
                share=gap,
                se=error,
                se_bootstrap=drawn,
                sampling=around(gap, half, low=-1.0),
                shift=around(gap, half + 2.0 * missing_share * allowance, low=-1.0),
                tipping_point=tipping_point(gap, missing_share),
            )
        )
    return shown


def _thresholds(
    quick: QuickCount, sums: Sums, found: Sequence[tuple[Ratio, float]], extra: float
) -> list[ThresholdShown]:
    """One-sided, at a level that holds for all of them together."""
    shown = []
    for each in quick.thresholds:
        result, drawn = found[sums.names.index(each.choice)]
        reach = NormalDist().inv_cdf(1.0 - (1.0 - LEVEL) / len(quick.thresholds)) * _half(result.error, drawn) / Z
        gap = result.value - float(each.share) / 100
        low, high = gap - reach - extra, gap + reach + extra
        shown.append(
            ThresholdShown(
                choice=each.choice,
                threshold=float(each.share) / 100,
                difference=gap,
                se=result.error,
                limits=(gap - reach, gap + reach),
                shift=(low, high),
                answer="above" if low > 0 else "below" if high < 0 else "undecided",
            )
        )
    return shown

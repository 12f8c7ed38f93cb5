"""All projections of an interrupted count, side by side: the answer depends on the rule, so no rule stands alone."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.election import Plurality, TwoRound
from veedor.interruption.projection.calibration import Calibrated, Yardsticks, calibrated
from veedor.interruption.projection.covariates import sizes
from veedor.interruption.projection.dirichlet import dirichlet_multinomial
from veedor.interruption.projection.donor_rules import Draw, nested, pooled, sheet, uniform
from veedor.interruption.projection.donors import Donors, donors_of
from veedor.interruption.projection.draws import drawn
from veedor.interruption.projection.hierarchical import project
from veedor.interruption.projection.placebo_cuts import PlaceboCuts
from veedor.interruption.projection.validation import Validation, validate
from veedor.interruption.split import Split, lead_of

Floats = NDArray[np.float64]

QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)

DRAWN: dict[str, Draw] = {
    "uniform": uniform,
    "nested": nested,
    "sheet": sheet,
    "dirichlet_multinomial": dirichlet_multinomial,
}


@dataclass(frozen=True, kw_only=True)
class Projection:
    """One rule's projection of the final lead (a fraction of valid votes) in the named universe.

    values: which values counted sheets keep, those of the cut or the universe's final ones.
    sd: of the draws; None for a point estimate. margin: mean votes of the missing sheets' lead, margin_sd its spread.
    p_outcome: share of draws with each outcome, decided between the two leaders; {} where the rule needs more.
    observed: the universe's lead; observed_alike: the same with the counted sheets at the values that this projection
    keeps, which is what it projects.
    calibrated: the interval as wide as the rule errs where nothing happened; None where that is not known.
    unexplained_votes: observed less projected lead of the missing sheets, in votes.
    """

    rule: str
    universe: str
    values: str
    draws: int
    mean: float
    sd: float | None
    quantiles: dict[str, float]
    p_outcome: dict[str, float]
    observed: float
    observed_alike: float
    margin: float
    margin_sd: float | None
    unexplained_votes: float
    calibrated: Calibrated | None = None
    validation: Validation | None = None


def donors_at(split: Split) -> Donors:
    """The donors of a split election, with the votes and the registered voters that their own count states."""
    return donors_of(
        split.places,
        counted=split.counted,
        missing=split.missing,
        votes=split.at_cut.astype(np.float64),
        registered=np.where(split.counted, split.registered_at_cut, split.registered).astype(np.float64),
    )


def final_donors(split: Split) -> Donors:
    """The same with the votes that the counted sheets finally held."""
    return donors_of(
        split.places,
        counted=split.counted,
        missing=split.missing,
        votes=split.final.astype(np.float64),
        registered=split.registered.astype(np.float64),
    )


def projections(
    split: Split,
    donors: Donors,
    *,
    earlier: dict[str, Floats],
    draws: int,
    seed: int,
    hidings: int,
    errors: Yardsticks | None = None,
    cuts: Sequence[PlaceboCuts] = (),
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Projection]:
    """Every rule's projection. earlier: name -> float[station], covariates of the hierarchical rule.

    errors: how far the donor rules err where nothing happened; cuts: the same of the hierarchical rules. Draws are
    spread over the executor's workers; the numbers are those of the seed alone.
    """
    result = [_point(split, donors, errors)]
    names = list(DRAWN)
    for number, name in enumerate(names):
        totals = drawn(DRAWN[name], donors, draws=draws, seed=seed + number, executor=executor)
        result.append(_of(split, name, totals, base=split.base, values="cut", errors=errors))
        if progress is not None:
            progress(number + 1, len(names) + 2)
    # One rule again on the universe's values: what later changed on counted sheets is told apart from the missing ones.
    final = drawn(nested, final_donors(split), draws=draws, seed=seed + len(names), executor=executor)
    base = split.final[split.counted].sum(axis=0) + split.outside
    result.append(_of(split, "nested", final, base=base, values="final", errors=errors))
    if progress is not None:
        progress(len(names) + 1, len(names) + 2)
    for number, (name, columns) in enumerate(hierarchical_covariates(split, earlier).items(), start=len(names) + 1):
        rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((seed, number))))
        z = [error for each in cuts if each.rule == name for error in each.z]
        checked = validate(split, columns, hidings=hidings, rng=rng, cuts=z)
        result.append(_hierarchical(split, name, columns, checked, draws=draws, rng=rng))
    return result


def hierarchical_covariates(split: Split, earlier: dict[str, Floats]) -> dict[str, Floats]:
    """Name -> float[k, station] of each hierarchical projection: places' sizes, and with each earlier vote."""
    size = sizes(split.places)
    with_votes = {f"hierarchical_{name}": np.vstack([size, share]) for name, share in earlier.items()}
    return {"hierarchical": size, **with_votes}


def _point(split: Split, donors: Donors, errors: Yardsticks | None) -> Projection:
    counted = np.flatnonzero(split.counted & (split.registered_at_cut > 0))
    total = pooled(
        donors,
        split.at_cut[counted].astype(np.float64),
        split.registered_at_cut[counted].astype(np.float64),
        tuple(codes[counted] for codes in split.places.codes),
    )
    return _of(split, "pooled", total[None], base=split.base, values="cut", errors=errors)


def _hierarchical(
    split: Split, name: str, covariates: Floats, checked: Validation, *, draws: int, rng: np.random.Generator
) -> Projection:
    total = project(
        split.places,
        counted=split.counted,
        missing=split.missing,
        votes=split.rows_at_cut,
        registered=split.registered_at_cut.astype(np.float64),
        registered_missing=split.registered.astype(np.float64),
        covariates=covariates,
    )
    return _of(split, name, total.draws(rng, draws), base=split.base, values="cut", validation=checked)


def _of(
    split: Split,
    rule: str,
    totals: Floats,
    *,
    base: NDArray[np.int64],
    values: str,
    errors: Yardsticks | None = None,
    validation: Validation | None = None,
) -> Projection:
    """A projection of float[draw, group], the missing sheets' votes; a point estimate is one draw."""
    everything = totals + base
    lead = (everything[:, 0] - everything[:, 1]) / everything.sum(axis=1)
    margin = totals[:, 0] - totals[:, 1]
    drawn = len(totals) > 1
    return Projection(
        rule=rule,
        universe=split.universe,
        values=values,
        draws=len(totals) if drawn else 0,
        mean=float(lead.mean()),
        # One draw is an estimate without a spread; a 0 here would read as certainty.
        sd=float(lead.std()) if drawn else None,
        quantiles={str(q): float(value) for q, value in zip(QUANTILES, np.quantile(lead, QUANTILES), strict=True)}
        if drawn
        else {},
        p_outcome=outcome_shares(split, everything),
        observed=lead_of(split.final),
        observed_alike=lead_of(base + split.final[split.missing].sum(axis=0)),
        margin=float(margin.mean()),
        margin_sd=float(margin.std()) if drawn else None,
        unexplained_votes=missing_margin(split) - float(margin.mean()),
        calibrated=_calibrated(split, rule, totals, base, errors, validation),
        validation=validation,
    )


def _calibrated(
    split: Split,
    rule: str,
    totals: Floats,
    base: NDArray[np.int64],
    errors: Yardsticks | None,
    validation: Validation | None,
) -> Calibrated | None:
    """As wide as hiding sheets shows (hierarchical), or hiding and earlier cuts (donor rules)."""
    own, centre = float((totals[:, 0] - totals[:, 1]).std()), totals.mean(axis=0)
    if validation is not None:
        sd, parts = own * validation.widening, sum(each.hidings for each in validation.coverage)
    elif errors is not None:
        # Calm places may err less than the draws spread: a yardstick widens an interval and never narrows it.
        sd, parts = max(own, errors.errors[rule] * float(split.registered[split.missing].sum())), errors.parts
    else:
        return None
    stretched = np.maximum(centre + (totals - centre) * (sd / own), 0.0) if own > 0 else None
    whole = base + centre
    return calibrated(
        float((whole[0] - whole[1]) / whole.sum()),
        margin_sd=sd,
        valid=float(whole.sum()),
        levels=QUANTILES,
        p_outcome={} if stretched is None else outcome_shares(split, base + stretched),
        yardsticks=parts,
    )


def missing_margin(split: Split) -> float:
    """First minus second in the missing sheets as the universe has them, in votes."""
    return float(split.final[split.missing, 0].sum() - split.final[split.missing, 1].sum())


def outcome_shares(split: Split, totals: Floats) -> dict[str, float]:
    """Share of draws with each outcome between the two leaders at the cut; totals: float[draw, group].

    Other choices are taken together: an outcome that hangs on which of them leads is not told apart.
    """
    rule, first, second = split.contest.rule, split.first, split.second
    valid = totals.sum(axis=1)
    pairs = ((first, totals[:, 0], totals[:, 1]), (second, totals[:, 1], totals[:, 0]))
    if isinstance(rule, TwoRound) and rule.of == "valid":
        wins = {f"elected {name}": _first_round(rule, own, other, valid) for name, own, other in pairs}
        shares = {name: float(won.mean()) for name, won in wins.items()}
        return {**shares, f"runoff {first} {second}": max(0.0, 1.0 - sum(shares.values()))}
    if isinstance(rule, Plurality) and rule.seats == 1:
        return {f"elected {name}": float(np.mean(own > other)) for name, own, other in pairs}
    return {}


def _first_round(rule: TwoRound, own: Floats, other: Floats, valid: Floats) -> NDArray[np.bool_]:
    line = float(rule.majority.share) * valid
    won = own > line if rule.majority.strict else own >= line
    if rule.alternative is not None and rule.lead is not None:
        share, lead = float(rule.alternative.share) * valid, float(rule.lead.share) * valid
        reached = own > share if rule.alternative.strict else own >= share
        ahead = own - other > lead if rule.lead.strict else own - other >= lead
        won = won | (reached & ahead)
    return np.asarray(won & (own > other))

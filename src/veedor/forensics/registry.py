"""Every method behind one face: stations in, one measurement out, or None where the method does not apply."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.special import ndtr

from veedor.document import Json
from veedor.election.nearest import nearest_name
from veedor.errors import VeedorError
from veedor.forensics.klimek.measure import klimek, klimek_on_clean
from veedor.forensics.method import Measured, Method
from veedor.forensics.methods.association import association
from veedor.forensics.methods.density import FEW, Excess, Priors, resampled_density
from veedor.forensics.methods.digits import Digits, last_digit, second_digit
from veedor.forensics.methods.duplicates import duplicates
from veedor.forensics.methods.integers import integer_percentages
from veedor.forensics.methods.outliers import Outliers, local_outliers
from veedor.forensics.outliers_report import outliers_effect, outliers_items, outliers_said
from veedor.forensics.stations import Flags, Stations
from veedor.forensics.texts import TEXTS

__all__ = ["METHODS", "Measured", "Method"]

ITEMS = 200


def _digits(found: Digits | None, p_value: Callable[[Digits], float]) -> Measured | None:
    if found is None:
        return None
    return Measured(
        statistic=found.mean,
        reference=found.reference,
        se=found.se,
        p_value=p_value(found),
        looked_at=found.n,
        found=0,
        effect={
            "chi2": found.chi2,
            "p_chi2": found.p_chi2,
            "zero_five": found.zero_five,
            "percent_zero_five": found.percent_zero_five,
        },
        picture={"digits": found.counts.tolist()},
    )


def _second(stations: Stations, seed: int) -> Measured | None:
    return _digits(second_digit(stations.leading), lambda found: found.p_value)


def _last(stations: Stations, seed: int) -> Measured | None:
    return _digits(last_digit(stations.leading, stations.valid), lambda found: found.p_chi2)


def _integers(stations: Stations, seed: int) -> Measured | None:
    found = integer_percentages(stations)
    if found is None:
        return None
    either = found.either
    return Measured(
        statistic=either.excess,
        reference=0.0,
        se=either.sd,
        p_value=either.p_value,
        looked_at=found.stations,
        found=either.observed,
        effect={
            "stations": either.excess,
            "registered": found.voters,
            "leader_votes": found.leader_votes,
            "expected_stations": either.expected,
            "excess_result": found.result.excess,
            "sd_result": found.result.sd,
            "excess_turnout": found.turnout.excess,
            "sd_turnout": found.turnout.sd,
            "result_of": stations.of,
        },
        more=TEXTS.say(f"integers.of_{stations.of}"),
        picture={"comb_turnout": found.comb[0].tolist(), "comb_result": found.comb[1].tolist()},
    )


def _association(stations: Stations, seed: int) -> Measured | None:
    found = association(stations)
    if found is None:
        return None
    p_value = float(2 * ndtr(-abs(found.beyond) / found.se)) if found.se > 0 else 1.0
    return Measured(
        statistic=found.beyond,
        reference=0.0,
        se=found.se,
        p_value=p_value,
        looked_at=found.stations,
        found=0,
        effect={
            "correlation": found.correlation,
            "slope": found.slope,
            "mean_share": found.mean_share,
            "slope_within_places": found.within_slope,
            "stations_full_turnout": found.full,
            "stations_unanimous": found.unanimous,
            "stations_both": found.both,
            "stations_unanimous_turnout_99": found.nearly_both,
        },
        picture={"fingerprint": found.fingerprint.tolist()},
    )


def _density(stations: Stations, seed: int) -> Measured | None:
    return _excess(resampled_density(stations, np.random.default_rng(seed)))


def _density_clean(stations: Stations, seed: int, own: Measured) -> Measured | None:
    priors = own.memo if isinstance(own.memo, Priors) else None
    return _excess(resampled_density(stations, np.random.default_rng(seed), FEW, priors))


def _excess(found: Excess | None) -> Measured | None:
    if found is None:
        return None
    return Measured(
        statistic=found.share,
        reference=float(found.null.mean()),
        se=float(found.null.std(ddof=1)),
        p_value=None,
        looked_at=found.stations,
        found=round(found.share * found.stations),
        effect={
            "stations": found.share * found.stations,
            "resamples": len(found.null),
            "rank_among_resamples": found.rank,
        },
        picture={"density": np.round(found.density, 2).tolist(), "ceiling": np.round(found.ceiling, 2).tolist()},
        ranked=found.few,
        memo=found.priors,
    )


def _duplicates(stations: Stations, seed: int) -> Measured | None:
    found = duplicates(stations)
    if found is None:
        return None
    return Measured(
        statistic=float(found.pairs),
        reference=None,
        se=None,
        p_value=None,
        looked_at=found.stations,
        found=found.pairs,
        effect={"pairs": found.pairs, "pairs_within_places": found.within},
        picture={},
    )


def _outliers(stations: Stations, seed: int) -> Measured | None:
    found = local_outliers(stations)
    return None if found is None else _listed(stations, found, _map(stations, found))


def _outliers_clean(stations: Stations, seed: int, own: Measured) -> Measured | None:
    found = local_outliers(stations)
    return None if found is None else _listed(stations, found, {})


def _map(stations: Stations, found: Outliers) -> dict[str, Json]:
    """Places of stations in steps of a twentieth of a degree; those listed: [longitude, latitude, 1 or -1]."""
    if stations.where is None:
        return {}
    known: Flags = np.logical_and(*np.isfinite(stations.where).T)
    places = np.unique(np.rint(stations.where[known] * 20), axis=0) / 20
    rows = found.listed
    listed = np.concatenate([np.round(stations.where[rows], 3), found.sign[:, None]], axis=1)[known[rows]]
    return {"places": np.round(places, 2).tolist(), "listed": listed.tolist()}


def _listed(stations: Stations, found: Outliers, picture: Mapping[str, Json]) -> Measured:
    return Measured(
        statistic=float(len(found.listed)),
        reference=0.0,
        se=None,
        # The rate of false ones is held against chance; real places differ by more, so that it is no level of a test.
        p_value=None,
        looked_at=found.looked_at,
        found=len(found.listed),
        effect=outliers_effect(stations, found),
        picture=picture,
        items=outliers_items(stations, found, ITEMS),
        items_total=len(found.listed),
        more=outliers_said(found),
    )


METHODS: Mapping[str, Method] = {
    "second_digit": Method(measure=_second),
    "last_digit": Method(measure=_last),
    "integer_percentages": Method(measure=_integers),
    "klimek": Method(measure=klimek, on_clean=klimek_on_clean),
    "turnout_and_share": Method(measure=_association),
    "resampled_density": Method(measure=_density, on_clean=_density_clean),
    "repeated_rows": Method(measure=_duplicates, counts=True),
    "local_outliers": Method(measure=_outliers, on_clean=_outliers_clean, lists=True),
}
"""By the name that the command line and the JSON use."""


def known_method(name: str) -> str:
    """The name, if a method bears it; VeedorError with the nearest if none does."""
    if name in METHODS:
        return name
    near = nearest_name(name, METHODS)
    raise VeedorError(f"no method {name!r}; " + (f"did you mean {near!r}?" if near else f"known: {', '.join(METHODS)}"))

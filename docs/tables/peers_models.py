"""Newspapers' live models (`elex-model`, from PyPI) on an election cut at a stop, for docs/tables/peers.py.

They forecast from units that report, and from an earlier election's votes in every unit. They know two parties, `dem`
and `gop`: the votes of other choices are given to both by halves, so that the two add up to the valid votes and differ
by the lead. Their nonparametric (conformal) and gaussian models foretell votes: the lead is what those of `dem` say,
with the valid votes that the same model foretells. The bootstrap foretells the margin itself. Outliers are left to the
models' own rules. The one feature is the earlier margin; no region is a fixed effect, since some have no counted unit.
"""

import logging
import os
import warnings
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.95)
METHODS = ("nonparametric", "gaussian", "bootstrap")
DRAWS = 200
"""Bootstrap samples."""

UNREGULARISED = 0.0
"""The bootstrap regularises neither intercept nor earlier margin: looking for a strength costs minutes and says none."""

ELECTION, OFFICE = "2000-01-01_XX_G", "G_precinct"


@dataclass(frozen=True, kw_only=True)
class Units:
    """share: float[unit], of its sheets that are counted; valid, lead: float[unit], votes counted in it so far.

    valid_before, lead_before: float[unit], of the earlier election.
    """

    share: Floats
    valid: Floats
    lead: Floats
    valid_before: Floats
    lead_before: Floats


@dataclass(frozen=True, kw_only=True)
class Foretold:
    """Of the final lead, as a fraction of valid votes: its middle, and low and high by level."""

    middle: float
    low: dict[float, float]
    high: dict[float, float]


def versions() -> str:
    """What made the figures."""
    return ", ".join(f"{name} {version(name)}" for name in ("elex-model", "elex-solver", "numpy", "pandas", "scipy"))


def foretold(units: Units, method: str, *, seed: int) -> Foretold:
    """By one of METHODS. The package writes nothing and fetches nothing when it is given its tables."""
    os.environ.setdefault("APP_ENV", "local")
    from elexmodel.client import ModelClient

    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    baseline, current = _tables(units)
    margin = method == "bootstrap"
    more = {"B": DRAWS, "lambda_": UNREGULARISED, "strata": []} if margin else {}
    found = (
        ModelClient()
        .get_estimates(
            current,
            ELECTION,
            OFFICE,
            ["margin"] if margin else ["dem", "turnout"],
            prediction_intervals=list(LEVELS),
            percent_reporting_threshold=100,
            geographic_unit_type="precinct",
            raw_config=_config(),
            preprocessed_data=baseline,
            features=["baseline_normalized_margin"],
            aggregates=["postal_code"],
            pi_method=method,
            save_output=[],
            model_parameters={"seed": seed, **more},
        )["state_data"]
        .iloc[0]
    )

    def lead(name: str) -> float:
        if margin:
            return float(found[f"{name}_margin"])
        return 2 * float(found[f"{name}_dem"]) / float(found["pred_turnout"]) - 1

    return Foretold(
        middle=lead("pred"),
        low={level: lead(f"lower_{level}") for level in LEVELS},
        high={level: lead(f"upper_{level}") for level in LEVELS},
    )


def _tables(units: Units) -> tuple[object, object]:
    """The earlier election's table and this one's, as data frames of pandas."""
    import pandas as pd

    place = {"postal_code": "XX", "geographic_unit_fips": [f"{unit:06d}_1" for unit in range(len(units.share))]}
    before = _parties("baseline", units.valid_before, units.lead_before)
    now = _parties("results", units.valid, units.lead)
    margin = units.lead_before / np.maximum(units.valid_before, 1.0)
    return (
        pd.DataFrame({**place, **before, "baseline_normalized_margin": margin}),
        pd.DataFrame({**place, **now, "percent_expected_vote": 100 * units.share}),
    )


def _parties(prefix: str, valid: Floats, lead: Floats) -> dict[str, Floats]:
    return {f"{prefix}_dem": (valid + lead) / 2, f"{prefix}_gop": (valid - lead) / 2, f"{prefix}_turnout": valid}


def _config() -> dict[str, list[dict[str, object]]]:
    return {
        ELECTION: [
            {
                "office": OFFICE,
                "states": ["XX"],
                "geographic_unit_types": ["precinct"],
                "baseline_pointer": {"dem": "dem", "gop": "gop", "turnout": "turnout"},
                "features": [],
                "aggregates": ["postal_code", "unit"],
                "fixed_effect": [],
            }
        ]
    }

"""The guided reading says what the pages say."""

import json
from pathlib import Path

import pytest

from veedor.dossier.input import Opened
from veedor.dossier.pages.guide import sections
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import ENGLISH, SPANISH
from veedor.dossier.show.published import Published
from veedor.dossier.site import _published


def _read(opened: Opened, dossier: Path, change: float | None) -> Published:
    """The simulated election's results; calibrated: the winner's share of draws, or None for no calibrated interval."""
    results = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in dossier.glob("results/*.json")}
    outcome = results["count.json"]["outcome"]
    key = " ".join([outcome["result"], *outcome["choices"]])
    for each in results["interruption.json"]["projections"]:
        each["p_outcome"] = {key: 0.9, "other": 0.1}
        if each["values"] == "final":
            each["mean"] = 0.77
        each["calibrated"] = None if change is None else _calibrated(each, {key: change, "other": 1 - change})
    return _published(opened, results, {})


def _calibrated(each: Parsed, shares: dict[str, float]) -> Parsed:
    return {"sd": 0.01, "quantiles": each["quantiles"], "p_outcome": shares, "missing_lead_votes_sd": 1.0}


@pytest.mark.parametrize(
    ("calibrated", "en", "es"),
    [(0.61, "In at least 61.00", "En al menos 61,00"), (None, "In at least 90.00", "En al menos 90,00")],
)
def test_projected_chances_are_the_calibrated_ones(
    opened: Opened, dossier: Path, calibrated: float | None, en: str, es: str
) -> None:
    published = _read(opened, dossier, calibrated)
    for lang, wanted, width in (
        (ENGLISH, en, "as wide as such projections have been seen to err"),
        (SPANISH, es, "tan dispersos como se ha visto errar"),
    ):
        section = next(one for one in sections(published, lang) if one.id == "projected")
        assert "77" not in section.figure, "a projection from final values is none from the sheets before the stop"
        said = section.sentence
        assert wanted in said
        assert (width in said) == (calibrated is not None)

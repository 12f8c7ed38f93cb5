"""The guided reading says what the pages say, and nothing where nothing can be said."""

import json
import re
from pathlib import Path

import pytest

from veedor.dossier.input import Opened
from veedor.dossier.pages.guide import Section, lines, sections
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import ENGLISH, SPANISH, Language
from veedor.dossier.show.published import Published
from veedor.dossier.site import _published

LANGUAGES = (ENGLISH, SPANISH)


def _read(opened: Opened, dossier: Path) -> dict[str, Parsed]:
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in dossier.glob("results/*.json")}


def _finding(results: dict[str, Parsed]) -> Parsed:
    return next(one for one in results["interruption.json"]["findings"] if one["check"] == "lead_as_projected")


def _told(opened: Opened, dossier: Path, chance: float) -> dict[str, Parsed]:
    """The simulated election's results, with something decided; the winner's share of each method's simulations."""
    results = _read(opened, dossier)
    outcome = results["count.json"]["outcome"]
    key = " ".join([outcome["result"], *outcome["choices"]])
    for each in results["interruption.json"]["projections"]:
        if each["values"] == "final":
            each["mean"] = 0.77
        quantiles = {"0.025": 0.0512, "0.975": 0.1034}
        shares = {key: chance, "other": 1 - chance}
        each["calibrated"] = {"sd": 0.01, "quantiles": quantiles, "p_outcome": shares, "missing_lead_votes_sd": 1.0}
    _finding(results)["verdict"] = "holds"
    return results


def _section(results: dict[str, Parsed], opened: Opened, lang: Language, name: str) -> Section:
    published: Published = _published(opened, results, {})
    return next(one for one in sections(published, lang) if one.id == name)


def _line(results: dict[str, Parsed], opened: Opened, lang: Language, name: str) -> str:
    return next(plain(one.sentence) for one in lines(_published(opened, results, {}), lang) if one.id == name)


def plain(text: str) -> str:
    return re.sub(r"<[^>]*>", "", text)


@pytest.mark.parametrize(("lang", "wanted"), [(ENGLISH, "61 simulations in 100"), (SPANISH, "61 de cada 100 simul")])
def test_projections_are_shown_with_their_ranges_and_chances(
    opened: Opened, dossier: Path, lang: Language, wanted: str
) -> None:
    section = _section(_told(opened, dossier, 0.61), opened, lang, "projected")
    assert "77" not in plain(section.figure), "a projection from final values is none from the sheets before the stop"
    said = plain(section.sentence)
    assert wanted in said
    assert lang.number(5.1, 1) in said
    assert lang.number(10.3, 1) in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_nothing_is_decided_no_projection_is_shown(opened: Opened, dossier: Path, lang: Language) -> None:
    results = _told(opened, dossier, 0.61)
    _finding(results)["verdict"] = "undecided"
    section = _section(results, opened, lang, "projected")
    assert section.figure == ""
    assert re.findall(r"\d+[.,]\d", plain(section.sentence)) == [lang.number(*_missing(results))]
    assert not re.search(r"\d", _line(results, opened, lang, "unexplained"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_where_most_was_missing_at_a_stop_that_nobody_declared_no_projection_is_shown(
    opened: Opened, dossier: Path, lang: Language
) -> None:
    results = _told(opened, dossier, 0.61)
    results["interruption.json"]["stop"]["declared"] = None
    assert _section(results, opened, lang, "projected").figure, "less than half was missing"
    needed = results["interruption.json"]["needed"]
    needed["missing_sheets"], needed["counted_sheets"] = 927, 73
    section = _section(results, opened, lang, "projected")
    assert section.figure == ""
    assert lang.number(92.7, 1) in plain(section.sentence)
    assert not re.search(r"\d", _line(results, opened, lang, "unexplained"))


def _missing(results: dict[str, Parsed]) -> tuple[float, int]:
    needed = results["interruption.json"]["needed"]
    return 100 * needed["missing_sheets"] / (needed["missing_sheets"] + needed["counted_sheets"]), 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_leads_are_those_of_the_official_winner_whoever_led_at_the_stop(
    opened: Opened, dossier: Path, lang: Language
) -> None:
    results = _told(opened, dossier, 0.61)
    before = [_section(results, opened, lang, name) for name in ("missing", "projected")]
    document = results["interruption.json"]
    document["first"], document["second"] = document["second"], document["first"]
    document["needed"] |= {key: -document["needed"][key] for key in ("lead_counted", "lead_observed")}
    for each in document["projections"]:
        each |= {key: -each[key] for key in ("mean", "observed", "unexplained_votes")}
        ends = each["calibrated"]["quantiles"]
        ends["0.025"], ends["0.975"] = -ends["0.975"], -ends["0.025"]
    after = [_section(results, opened, lang, name) for name in ("missing", "projected")]
    assert plain(before[1].sentence) == plain(after[1].sentence)
    assert plain(before[1].figure) == plain(after[1].figure)
    assert plain(after[0].sentence) in plain(before[0].sentence), "what the rule's line needed is the winner's"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_total_of_findings_or_of_answers_is_a_figure(opened: Opened, dossier: Path, lang: Language) -> None:
    results = _read(opened, dossier)
    findings = [one for name in ("check", "interruption", "forensics") for one in results[f"{name}.json"]["findings"]]
    totals = {str(len(findings)), str(sum(one["verdict"] == "does_not_hold" for one in findings))}
    shown = [plain(one.figure) for one in sections(_published(opened, results, {}), lang)]
    assert not any(figure.split(" ")[0] in totals for figure in shown), shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_stands_out_is_said_by_meaning(opened: Opened, dossier: Path, lang: Language) -> None:
    shown = lines(_published(opened, _read(opened, dossier), {}), lang)
    assert [one.id for one in shown] == ["alone", "between", "unexplained"]
    assert all(one.command.startswith("veedor ") for one in shown)

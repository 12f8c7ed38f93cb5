"""What an audit of the outcome would need, as a finding: from the figures of `overview`."""

import datetime as dt
from collections.abc import Mapping, Sequence

from veedor.audit.planning.overview import Overview
from veedor.audit.texts import TEXTS
from veedor.command import Command
from veedor.document import Json, plain
from veedor.finding import Finding, Text, Verdict
from veedor.sheets.dataset import Dataset
from veedor.wording import decimal, number

SHEETS = TEXTS.say("planning.sheets")
LIMITS = {"0.01": "1", "0.05": "5", "0.1": "10"}
EMPTY: dict[str, Json] = {
    "assertions": None,
    "closest": None,
    "margin_votes": None,
    "margin": None,
    "bound": None,
    "total_error_bound": None,
    **{f"draws_at_{shown}_percent": None for shown in LIMITS.values()},
    "equal_probability_sheets_at_5_percent": None,
    "ballots_compared_at_5_percent": None,
    "altered_sheets_that_undo": None,
    "missing_average_sheets_that_undo": None,
    "missing_largest_sheets_that_undo": None,
    "reason": None,
}
"""Every field of the effect: all are there, whatever could be derived."""


def need(figures: Overview | None, refused: str | None, command: Command) -> Finding:
    """The finding `audit_need`. figures: what `overview` gave at 5 per cent; refused: why it gave nothing."""
    if figures is None:
        return _finding(
            Verdict.UNDECIDED,
            0,
            TEXTS.say("planning.need", why=refused or ""),
            {**EMPTY, "reason": refused},
            (),
            command,
        )
    closest, undo = figures.assertions[0], figures.sheets_that_undo
    draws = {f"{one.risk_limit:g}": one.draws for one in figures.costs}
    effect: dict[str, Json] = {
        **EMPTY,
        "assertions": len(figures.assertions),
        "closest": figures.closest,
        "margin_votes": closest.margin_votes,
        "margin": closest.margin,
        "bound": figures.bound,
        "total_error_bound": closest.total_error_bound,
        **{f"draws_at_{shown}_percent": draws.get(limit) for limit, shown in LIMITS.items()},
        "equal_probability_sheets_at_5_percent": figures.equal_probability_sheets,
        "ballots_compared_at_5_percent": closest.ballots_compared_without_error,
        "altered_sheets_that_undo": undo.altered,
        "missing_average_sheets_that_undo": undo.missing_average,
        "missing_largest_sheets_that_undo": undo.missing_largest,
    }
    said = TEXTS.say(
        "planning.needed",
        n=number(len(figures.assertions)),
        closest=figures.closest,
        votes=decimal(closest.margin_votes, 1),
        draws=_whole(draws.get("0.05")),
        altered=_whole(undo.altered),
        missing=_whole(undo.missing_largest),
    )
    items = [
        {
            "assertion": one.label,
            "sentence": plain(one.sentence),
            "margin_votes": one.margin_votes,
            "total_error_bound": one.total_error_bound,
            "draws_without_error": one.draws_without_error,
        }
        for one in figures.assertions
    ]
    return _finding(Verdict.HOLDS, figures.sheets, said, effect, items, command)


def _finding(
    verdict: Verdict,
    sheets: int,
    summary: Text,
    effect: Mapping[str, Json],
    items: Sequence[Mapping[str, Json]],
    command: Command,
) -> Finding:
    return Finding(
        check="audit_need",
        title=TEXTS.say("planning.title"),
        verdict=verdict,
        looked_at=sheets,
        unit=SHEETS,
        expected=TEXTS.say("planning.expected"),
        found=0,
        summary=summary,
        cannot_show=TEXTS.say("planning.cannot_show"),
        other_explanations=TEXTS.say("planning.other_explanations"),
        command=command,
        effect=effect,
        items=items,
        source="Stark 2009 (MACRO); Stark 2020 (SHANGRLA)",
    )


def _whole(value: int | None) -> Text:
    return TEXTS.say("planning.whole") if value is None else number(value)


BOUND, RISK_LIMIT = "registered", 0.05
"""What the command takes where nobody says otherwise."""


def plan_command(
    dataset: Dataset,
    *,
    count: str | None = None,
    snapshot: dt.datetime | None = None,
    bound: str = BOUND,
    risk_limit: float = RISK_LIMIT,
) -> Command:
    """`veedor audit plan` with those options that decide what an audit of the outcome needs."""
    made = dataset.command("audit", "plan").option("--count", count)
    made = made.option("--snapshot", None if snapshot is None else snapshot.isoformat())
    made = made.option("--bound", None if bound == BOUND else bound)
    return made.option("--risk-limit", None if risk_limit == RISK_LIMIT else f"{risk_limit:g}")

"""veedor audit plan: its figures as tables to read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from veedor.cli.common import console
from veedor.cli.layout import Column, show_table
from veedor.cli.speech import figures as figure
from veedor.cli.speech import number, shown
from veedor.cli.speech.words import per_cent_short
from veedor.cli.texts import TEXTS

if TYPE_CHECKING:
    from veedor.audit.document import ExpectedOfCount, PlanDocument
    from veedor.audit.planning.expected_errors import ExpectedErrors
    from veedor.audit.planning.overview import Overview, SampleCost

BARS = 30
"""Characters of the longest bar."""


def show_overview(document: "PlanDocument") -> None:
    """Print what an audit of the outcome takes."""
    out = console()
    figures = document.figures
    outcome = figures.outcome
    about = {"election": document.election, "contest": figures.contest, "count": document.count}
    out.print(TEXTS.plural("plan.sheets", figures.sheets, **about))
    result = TEXTS.say(f"result.{outcome.result}")
    out.print(TEXTS.say("plan.outcome", result=result, who=", ".join(outcome.choices)))
    _show_assertions(figures)
    out.print()
    limit = per_cent_short(figures.risk_limit * 100)
    out.print(TEXTS.say("plan.draws", limit=limit))
    out.print(TEXTS.say("plan.ballots", limit=limit))
    equal = figures.equal_probability_sheets
    out.print(TEXTS.say("plan.equal", sheets=number(equal)) if equal else TEXTS.say("plan.equal_all"))
    undo = figures.sheets_that_undo
    values = {"average": _count(undo.missing_average), "largest": _count(undo.missing_largest)}
    out.print(TEXTS.say("plan.undo", altered=_count(undo.altered), closest=figures.closest, **values))
    most = max(cost.draws for cost in figures.costs)
    rows = [
        [
            per_cent_short(cost.risk_limit * 100),
            number(cost.draws),
            _whole(cost.expected_sheets),
            _whole(cost.expected_ballots),
            "█" * round(BARS * cost.draws / most),
        ]
        for cost in figures.costs
    ]
    columns = [*_heads("risk_limit", "draws", "different_sheets", "their_ballots")]
    columns += [Column(TEXTS.say("plan.head.bars"), "word")]
    show_table(columns, rows, title=f"\n{TEXTS.say('plan.one_sample')}")
    _show_kinds(figures.costs)
    if figures.expected_errors is not None:
        _show_errors(figures.expected_errors)
    if document.expected is not None:
        _show_expected(document.expected)


def _show_assertions(figures: "Overview") -> None:
    """What must be true for the outcome, and what it takes to show each of it."""
    columns = [Column(TEXTS.say("plan.head.assertion"), "word"), Column(TEXTS.say("plan.head.sentence"), "text")]
    columns += _heads("margin_votes", "margin", "total_bound", "draws", "ballots")
    rows = [
        [
            one.label,
            shown(one.sentence),
            figure(f"{one.margin_votes:,.1f}"),
            figure(f"{one.margin:.6f}"),
            figure(f"{one.total_error_bound:.3f}"),
            number(one.draws_without_error),
            number(one.ballots_compared_without_error),
        ]
        for one in figures.assertions
    ]
    bound = TEXTS.say(f"plan.bound.{figures.bound}")
    show_table(columns, rows, title=f"\n{TEXTS.say('plan.what_must_be_true', bound=bound)}")


def _heads(*names: str) -> list[Column]:
    """Columns of figures under their headings."""
    return [Column(TEXTS.say(f"plan.head.{name}")) for name in names]


def _count(value: int | None) -> str:
    return str(value) if value is None else number(value)


def _show_kinds(costs: "Sequence[SampleCost]") -> None:
    rows = [
        [
            per_cent_short(cost.risk_limit * 100),
            *(
                _whole(getattr(cost.of_ballots, name))
                for name in ("ballots_compared", "ballots_polled", "ballots_oneaudit")
            ),
        ]
        for cost in costs
    ]
    columns = _heads("risk_limit", "compared", "polled", "oneaudit")
    show_table(columns, rows, title=f"\n{TEXTS.say('plan.ballots_instead')}")


def _show_errors(expected: "ExpectedErrors") -> None:
    rates = expected.rates
    said = TEXTS.say(
        "plan.with_errors",
        sheets=per_cent_short(rates.sheets * 100),
        ballots=TEXTS.plural("plan.by_ballots", rates.ballots),
        one_over=per_cent_short(rates.one_over * 100),
        two_over=per_cent_short(rates.two_over * 100),
        one_under=per_cent_short(rates.one_under * 100),
        two_under=per_cent_short(rates.two_under * 100),
        audits=TEXTS.plural("plan.audits", expected.audits),
        bet=figure(f"{expected.share_of_largest_bet:g}"),
    )
    console().print(f"\n{said}")
    rows = [
        [
            per_cent_short(row.risk_limit * 100),
            *(
                _whole(getattr(getattr(row, unit), name))
                for unit in ("sheets", "ballots")
                for name in ("mean", "percentile_90")
            ),
            _whole(row.ballots_closed_form),
        ]
        for row in expected.rows
    ]
    names = ("risk_limit", "sheets_mean", "sheets_90", "ballots_mean", "ballots_90", "closed_form")
    show_table(_heads(*names), rows)


def _whole(value: float | None) -> str:
    return TEXTS.say("plan.all") if value is None else figure(f"{value:,.0f}")


def _show_expected(of_count: "ExpectedOfCount") -> None:
    out, expected = console(), of_count.expected
    values = {"count": of_count.count, "differ": number(expected.sheets_that_differ), "assertion": expected.assertion}
    out.print(TEXTS.plural("plan.if_other_count", expected.sheets_compared, **values))
    for name, found in expected.tests.items():
        if not found.confirmed:
            out.print(f"  {TEXTS.plural('plan.none_confirms', expected.audits, test=name)}")
            continue
        draws = {"mean": _whole(found.mean_draws), "high": _whole(found.percentile_90_draws)}
        confirmed = number(found.confirmed)
        out.print(f"  {TEXTS.plural('plan.confirm', expected.audits, test=name, confirmed=confirmed, **draws)}")

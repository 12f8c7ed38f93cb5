"""veedor audit plan: its figures as tables to read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from veedor.cli.common import console
from veedor.cli.layout import Column, show_table

if TYPE_CHECKING:
    from veedor.audit.document import ExpectedOfCount, PlanDocument
    from veedor.audit.planning.expected_errors import ExpectedErrors
    from veedor.audit.planning.overview import SampleCost

BARS = 30
"""Characters of the longest bar."""


def show_overview(document: "PlanDocument") -> None:
    """Print what an audit of the outcome takes."""
    out = console()
    figures = document.figures
    outcome = figures.outcome
    out.print(f"{document.election}, {figures.contest}, {document.count}: {figures.sheets:,} sheets")
    out.print(f"reported outcome: {outcome.result} {', '.join(outcome.choices)}")
    columns = [
        Column("assertion", "word"),
        Column("what it says", "text"),
        *map(Column, ("margin, votes", "margin", "U", "draws", "ballots")),
    ]
    rows = [
        [
            one.label,
            one.sentence.en,
            f"{one.margin_votes:,.1f}",
            f"{one.margin:.6f}",
            f"{one.total_error_bound:.3f}",
            f"{one.draws_without_error:,}",
            f"{one.ballots_compared_without_error:,}",
        ]
        for one in figures.assertions
    ]
    show_table(columns, rows, title=f"\nWhat must be true for it (error bound: {figures.bound})")
    out.print()
    limit = f"{figures.risk_limit * 100:g} %"
    out.print(f"draws: sheets with probability proportional to error bound, none different, {limit} risk")
    out.print(f"ballots: ballots compared one by one with their records, none different, {limit} risk")
    equal = figures.equal_probability_sheets
    out.print(f"sheets drawn with equal probability instead: {equal:,}" if equal else "equal probability: all sheets")
    undo = figures.sheets_that_undo
    out.print(
        f"altering as few as {undo.altered} sheets, or omitting {undo.missing_average} of average size or the"
        f" {undo.missing_largest} largest, could overturn the closest, {figures.closest}"
    )
    most = max(cost.draws for cost in figures.costs)
    rows = [
        [
            f"{cost.risk_limit * 100:g} %",
            f"{cost.draws:,}",
            f"{cost.expected_sheets:,.0f}",
            f"{cost.expected_ballots:,.0f}",
            "█" * round(BARS * cost.draws / most),
        ]
        for cost in figures.costs
    ]
    columns = [
        *map(Column, ("risk limit", "draws", "different sheets", "their ballots")),
        Column("draws, drawn", "word"),
    ]
    show_table(columns, rows, title="\nOne sample for all of them, by risk limit, if no sheet differs")
    _show_kinds(figures.costs)
    if figures.expected_errors is not None:
        _show_errors(figures.expected_errors)
    if document.expected is not None:
        _show_expected(document.expected)


def _show_kinds(costs: "Sequence[SampleCost]") -> None:
    names = ("risk limit", "compared with records", "read alone, about", "with sheet totals (ONEAudit), about")
    rows = [
        [
            f"{cost.risk_limit * 100:g} %",
            *(
                _whole(getattr(cost.of_ballots, name))
                for name in ("ballots_compared", "ballots_polled", "ballots_oneaudit")
            ),
        ]
        for cost in costs
    ]
    title = "\nBallots instead of sheets, by risk limit, if the report is right"
    show_table([*map(Column, names)], rows, title=title)


def _show_errors(expected: "ExpectedErrors") -> None:
    rates = expected.rates
    console().print(
        f"\nWith errors: {rates.sheets * 100:g} % of sheets overstate by {rates.ballots} ballots; of ballots"
        f" {rates.one_over * 100:g} % by one vote, {rates.two_over * 100:g} % by two,"
        f" {rates.one_under * 100:g} % and {rates.two_under * 100:g} % understate"
        f" ({expected.audits} simulated audits, {expected.share_of_largest_bet:g} of the largest bet)"
    )
    names = ("risk limit", "sheets: mean draws", "90th percentile", "ballots compared: mean", "90th", "closed form")
    rows = [
        [
            f"{row.risk_limit * 100:g} %",
            *(
                _whole(getattr(getattr(row, unit), name))
                for unit in ("sheets", "ballots")
                for name in ("mean", "percentile_90")
            ),
            _whole(row.ballots_closed_form),
        ]
        for row in expected.rows
    ]
    show_table([*map(Column, names)], rows)


def _whole(value: float | None) -> str:
    return "all" if value is None else f"{value:,.0f}"


def _show_expected(of_count: "ExpectedOfCount") -> None:
    out, expected = console(), of_count.expected
    out.print(
        f"if the audit finds what the count '{of_count.count}' says: {expected.sheets_that_differ:,} of"
        f" {expected.sheets_compared:,} sheets differ in {expected.assertion}"
    )
    for name, found in expected.tests.items():
        out.print(
            f"  {name}: {found.confirmed:,} of {expected.audits:,} simulated audits confirm,"
            f" mean {found.mean_draws:,.0f} draws, 90th percentile {found.percentile_90_draws:,.0f}"
            if found.confirmed
            else f"  {name}: none of {expected.audits:,} simulated audits confirms"
        )

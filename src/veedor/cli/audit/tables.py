"""veedor audit plan: its figures as tables to read."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from veedor.cli.common import console

if TYPE_CHECKING:
    from veedor.audit.document import ExpectedOfCount, PlanDocument
    from veedor.audit.planning.expected_errors import ExpectedErrors
    from veedor.audit.planning.overview import SampleCost


def show_overview(document: "PlanDocument") -> None:
    """Print what an audit of the outcome takes."""
    from rich.table import Table

    out = console()
    figures = document.figures
    outcome = figures.outcome
    out.print(f"{document.election}, {figures.contest}, {document.count}: {figures.sheets:,} sheets")
    out.print(f"reported outcome: {outcome.result} {', '.join(outcome.choices)}")
    table = Table(title=f"What must be true for it (error bound: {figures.bound})")
    for name in ("assertion", "what it says", "margin, votes", "margin", "U", "draws", "ballots"):
        table.add_column(name, justify="left" if name in ("assertion", "what it says") else "right")
    for one in figures.assertions:
        table.add_row(
            one.label,
            one.sentence.en,
            f"{one.margin_votes:,.1f}",
            f"{one.margin:.6f}",
            f"{one.total_error_bound:.3f}",
            f"{one.draws_without_error:,}",
            f"{one.ballots_compared_without_error:,}",
        )
    out.print(table)
    limit = f"{figures.risk_limit * 100:g} %"
    out.print(f"draws: sheets with probability proportional to error bound, none different, {limit} risk")
    out.print(f"ballots: ballots compared one by one with their records, none different, {limit} risk")
    equal = figures.equal_probability_sheets
    out.print(f"sheets drawn with equal probability instead: {equal:,}" if equal else "equal probability: all sheets")
    undo = figures.sheets_that_undo
    out.print(
        f"the closest, {figures.closest}, is undone by {undo.altered} altered sheets at the least,"
        f" {undo.missing_average} missing ones of average size or the {undo.missing_largest} largest"
    )
    table = Table(title="One sample for all of them, by risk limit, if no sheet differs")
    for name in ("risk limit", "draws", "different sheets", "their ballots"):
        table.add_column(name, justify="right")
    table.add_column("draws, drawn")
    most = max(cost.draws for cost in figures.costs)
    for cost in figures.costs:
        table.add_row(
            f"{cost.risk_limit * 100:g} %",
            f"{cost.draws:,}",
            f"{cost.expected_sheets:,.0f}",
            f"{cost.expected_ballots:,.0f}",
            "█" * round(30 * cost.draws / most),
        )
    out.print(table)
    _show_kinds(figures.costs)
    if figures.expected_errors is not None:
        _show_errors(figures.expected_errors)
    if document.expected is not None:
        _show_expected(document.expected)


def _show_kinds(costs: "Sequence[SampleCost]") -> None:
    from rich.table import Table

    table = Table(title="Ballots instead of sheets, by risk limit, if the report is right")
    for name in ("risk limit", "compared with records", "read alone, about", "with sheet totals (ONEAudit), about"):
        table.add_column(name, justify="right")
    for cost in costs:
        table.add_row(
            f"{cost.risk_limit * 100:g} %",
            *(
                _whole(getattr(cost.of_ballots, name))
                for name in ("ballots_compared", "ballots_polled", "ballots_oneaudit")
            ),
        )
    console().print(table)


def _show_errors(expected: "ExpectedErrors") -> None:
    from rich.table import Table

    rates = expected.rates
    table = Table(
        title=f"With errors: {rates.sheets * 100:g} % of sheets overstate by {rates.ballots} ballots; of ballots"
        f" {rates.one_over * 100:g} % by one vote, {rates.two_over * 100:g} % by two,"
        f" {rates.one_under * 100:g} % and {rates.two_under * 100:g} % understate"
        f" ({expected.audits} simulated audits, {expected.share_of_largest_bet:g} of the largest bet)"
    )
    for name in (
        "risk limit",
        "sheets: mean draws",
        "90th percentile",
        "ballots compared: mean",
        "90th",
        "closed form",
    ):
        table.add_column(name, justify="right")
    for row in expected.rows:
        table.add_row(
            f"{row.risk_limit * 100:g} %",
            *(
                _whole(getattr(getattr(row, unit), name))
                for unit in ("sheets", "ballots")
                for name in ("mean", "percentile_90")
            ),
            _whole(row.ballots_closed_form),
        )
    console().print(table)


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

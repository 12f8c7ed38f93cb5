"""Sums: what a sheet prints as valid votes and ballots cast against the sum of its parts."""

from typing import Any

import polars as pl

from veedor.checks.inputs import CheckInputs, Side, as_items, parts_published, without_the_incomparable
from veedor.checks.texts import TEXTS
from veedor.election import Contest
from veedor.finding import Finding, Verdict
from veedor.sheets import other_columns, unused_columns, vote_columns
from veedor.wording import number

NAME = "sums"


def check(inputs: CheckInputs) -> list[Finding]:
    """One finding for the last state of each count."""
    return [_finding(inputs, inputs.last(count)) for count in inputs.counts]


def differing(inputs: CheckInputs, table: pl.DataFrame) -> pl.DataFrame:
    """One row for each printed sum that its parts do not give, largest difference first.

    A printed sum equals its parts where the sheet has them all; where a part is absent it is at least those present: a
    sheet that keeps to this is not comparable.
    Columns: those of the table, `figure` (valid or cast), `printed`, `computed`, `difference` (printed less computed).
    """
    found = [_off(table, figure, columns) for figure, columns in _parts(inputs.contest).items()]
    return pl.concat(found).sort(pl.col("difference").abs(), "station", "figure", descending=[True, False, True])


def _parts(contest: Contest) -> dict[str, list[str]]:
    votes = list(vote_columns(contest))
    return {"valid": votes, "cast": [*votes, *unused_columns(contest)]}


def _comparable(inputs: CheckInputs, table: pl.DataFrame, figure: str) -> pl.Expr:
    """Whether a row prints the sum and lacks no part of it that the table's sheets give, or prints less than its parts.

    Parts that no sheet gives are not asked for.
    """
    parts = _parts(inputs.contest)[figure]
    given = parts_published(table, inputs.contest, parts)
    given += [name for name in other_columns(inputs.contest) if name in parts and table[name].count()]
    whole = pl.all_horizontal(pl.col(*given).is_not_null())
    return pl.col(figure).is_not_null() & (whole | (pl.col(figure) < pl.sum_horizontal(*parts)))


def _off(table: pl.DataFrame, figure: str, parts: list[str]) -> pl.DataFrame:
    computed, complete = pl.sum_horizontal(*parts), pl.all_horizontal(pl.col(*parts).is_not_null())
    off = pl.col(figure).is_not_null() & ((complete & (pl.col(figure) != computed)) | (pl.col(figure) < computed))
    return table.filter(off).with_columns(
        pl.lit(figure).alias("figure"),
        pl.col(figure).alias("printed"),
        computed.alias("computed"),
        (pl.col(figure) - computed).alias("difference"),
    )


def _effect(inputs: CheckInputs, side: Side, table: pl.DataFrame, off: pl.DataFrame) -> dict[str, Any]:
    by_figure = {}
    for figure in ("valid", "cast"):
        part = off.filter(pl.col("figure") == figure)
        compared = int(table.select(_comparable(inputs, table, figure).sum()).item())
        by_figure[figure] = {
            "compared": compared,
            "not_comparable": table.height - table[figure].null_count() - compared,
            "differ": part.height,
            "net": int(part["difference"].sum()),
            "votes": int(part["difference"].abs().sum()),
        }
    printed = table.filter(pl.col("valid").is_not_null() | pl.col("cast").is_not_null())
    return {
        **inputs.where(side),
        "not_comparable": printed.height - _compared(inputs, table).height,
        "stations": off["station"].n_unique(),
        "votes": max(part["votes"] for part in by_figure.values()),
        **by_figure,
    }


def _compared(inputs: CheckInputs, table: pl.DataFrame) -> pl.DataFrame:
    """The sheets with a sum that can be compared."""
    return table.filter(_comparable(inputs, table, "valid") | _comparable(inputs, table, "cast"))


def _finding(inputs: CheckInputs, side: Side) -> Finding:
    table = inputs.counted(side)
    printed = table.filter(pl.col("valid").is_not_null() | pl.col("cast").is_not_null())
    off = differing(inputs, printed)
    effect = _effect(inputs, side, table, off)
    found = effect["stations"]
    called = inputs.called(side)
    looked_at = _compared(inputs, table).height
    if not printed.height:
        verdict = Verdict.UNDECIDED
        summary = TEXTS.say("sums.none_printed", called=called)
    elif not looked_at:
        verdict = Verdict.UNDECIDED
        summary = without_the_incomparable(TEXTS.say("sums.none_comparable", called=called), printed.height)
    else:
        verdict = Verdict.DOES_NOT_HOLD if found else Verdict.HOLDS
        n, looked, valid, cast = (
            number(value) for value in (found, looked_at, effect["valid"]["differ"], effect["cast"]["differ"])
        )
        summary = TEXTS.say("sums.summary", called=called, n=n, looked=looked, valid=valid, cast=cast)
        summary = without_the_incomparable(summary, effect["not_comparable"])
    return Finding(
        check=NAME,
        title=TEXTS.say("sums.title"),
        verdict=verdict,
        looked_at=looked_at,
        unit=TEXTS.say("unit.sheets"),
        expected=TEXTS.say("sums.expected"),
        found=found,
        summary=summary,
        cannot_show=TEXTS.say("sums.cannot_show"),
        other_explanations=TEXTS.say("sums.other_explanations"),
        command=inputs.command(NAME),
        effect=effect,
        items=as_items(inputs, off, ["station", "figure", "printed", "computed", "difference"]),
        items_total=off.height,
    )

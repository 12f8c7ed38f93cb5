"""Ballots against the roll: more ballots than registered voters, as many as registered voters, and none at all."""

import polars as pl

from veedor.checks.inputs import (
    CheckInputs,
    Side,
    as_items,
    figures,
    lacks_figure,
    without_the_incomparable,
    without_the_places,
)
from veedor.checks.texts import TEXTS
from veedor.document import Json
from veedor.finding import Finding, Text, Verdict
from veedor.sheets import ballots_cast, valid_votes, vote_columns
from veedor.wording import number

OVER = "ballots_over_registered"
FULL = "full_turnout"
ZERO = "zero_votes"


def check_over(inputs: CheckInputs) -> list[Finding]:
    """Sheets with more ballots cast than registered voters, in the last state of each count."""
    return [_over(inputs, inputs.last(count)) for count in inputs.counts]


def check_full(inputs: CheckInputs) -> list[Finding]:
    """Sheets with exactly as many ballots cast as registered voters, in the last state of each count."""
    return [_full(inputs, inputs.last(count)) for count in inputs.counts]


def check_zero(inputs: CheckInputs) -> list[Finding]:
    """Sheets in the totals without a vote for any choice, in the last state of each count."""
    return [_zero(inputs, inputs.last(count)) for count in inputs.counts]


def _with_ballots(inputs: CheckInputs, side: Side) -> tuple[pl.DataFrame, int, int]:
    """Counted sheets with a roll, and `ballots`: as computed, or as printed where that is more.

    Then how many are not comparable, and how many are of a whole place.

    A sheet that lacks a figure and does not print its ballots cast is not comparable, unless those that it states are
    more than its roll.
    """
    counted, whole = inputs.stations(side)
    unknown = lacks_figure(counted, inputs.contest) & pl.col("cast").is_null()
    ballots = pl.max_horizontal(ballots_cast(inputs.contest), pl.col("cast")).alias("ballots")
    known = counted.with_columns(ballots, unknown.alias("unknown")).filter(pl.col("registered").is_not_null())
    table = known.filter(~pl.col("unknown") | (pl.col("ballots") > pl.col("registered"))).drop("unknown")
    return table, known.height - table.height, whole


def _votes(inputs: CheckInputs, sheets: pl.DataFrame) -> dict[str, Json]:
    """Sums of the sheets' figures: votes by choice, blank, null."""
    sums = sheets.select(*vote_columns(inputs.contest), "blank", "null").sum().row(0)
    return dict(zip((*inputs.contest.choice_ids, "blank", "null"), (int(value or 0) for value in sums), strict=True))


def _no_roll(called: Text) -> Text:
    return TEXTS.say("ballots.no_roll", called=called)


def _over(inputs: CheckInputs, side: Side) -> Finding:
    table, unknown, whole = _with_ballots(inputs, side)
    over = table.filter(pl.col("ballots") > pl.col("registered")).with_columns(
        (pl.col("ballots") - pl.col("registered")).alias("over")
    )
    over = over.sort("over", "station", descending=[True, False])
    excess, called = int(over["over"].sum()), inputs.called(side)
    looked, n, votes = number(table.height), number(over.height), TEXTS.plural("amount.votes", excess)
    summary = TEXTS.say("ballots.over.summary", called=called, n=n, looked=looked, votes=votes)
    return Finding(
        check=OVER,
        title=TEXTS.say("ballots.over.title"),
        verdict=_verdict(table, over, Verdict.DOES_NOT_HOLD),
        looked_at=table.height,
        unit=TEXTS.say("unit.sheets"),
        expected=TEXTS.say("ballots.over.expected"),
        found=over.height,
        summary=_summary(summary if table.height or unknown else _no_roll(called), unknown, whole),
        cannot_show=TEXTS.say("ballots.over.cannot_show"),
        other_explanations=TEXTS.say("ballots.over.other_explanations"),
        command=inputs.command(OVER),
        effect={**inputs.where(side), "not_comparable": unknown, "stations": over.height, "votes": excess},
        items=as_items(inputs, over, ["station", "registered", pl.col("ballots").alias("cast"), "over"]),
        items_total=over.height,
    )


def _full(inputs: CheckInputs, side: Side) -> Finding:
    table, unknown, whole = _with_ballots(inputs, side)
    table = table.filter(pl.col("registered") > 0)
    full = table.filter(pl.col("ballots") == pl.col("registered"))
    full = full.sort("registered", "station", descending=[True, False])
    voters, called = int(full["registered"].sum()), inputs.called(side)
    looked, n, shown = number(table.height), number(full.height), TEXTS.plural("amount.voters", voters)
    summary = TEXTS.say("ballots.full.summary", called=called, n=n, looked=looked, shown=shown)
    return Finding(
        check=FULL,
        title=TEXTS.say("ballots.full.title"),
        verdict=_verdict(table, full, Verdict.UNDECIDED),
        looked_at=table.height,
        unit=TEXTS.say("unit.sheets"),
        expected=TEXTS.say("ballots.full.expected"),
        found=full.height,
        summary=_summary(summary if table.height or unknown else _no_roll(called), unknown, whole),
        cannot_show=TEXTS.say("ballots.full.cannot_show"),
        other_explanations=TEXTS.say("ballots.full.other_explanations"),
        command=inputs.command(FULL),
        effect={
            **inputs.where(side),
            "not_comparable": unknown,
            "stations": full.height,
            "registered": voters,
            "votes": int(full["ballots"].sum()),
            "totals": _votes(inputs, full),
        },
        items=as_items(inputs, full, ["station", "registered", figures(inputs.contest).alias("figures")]),
        items_total=full.height,
    )


def _zero(inputs: CheckInputs, side: Side) -> Finding:
    counted, whole = inputs.stations(side)
    # A sheet without any figure is told apart below; one that states some and lacks others may have votes.
    some = pl.any_horizontal(pl.col(*vote_columns(inputs.contest)).is_not_null())
    gaps = pl.any_horizontal(pl.col(*vote_columns(inputs.contest)).is_null())
    table = counted.filter(~(some & gaps & (valid_votes(inputs.contest) == 0)))
    unknown = counted.height - table.height
    zero = table.filter(valid_votes(inputs.contest) == 0).with_columns(
        ballots_cast(inputs.contest).alias("ballots"),
        pl.all_horizontal(pl.col(*vote_columns(inputs.contest)).is_null()).alias("without_figures"),
    )
    zero = zero.sort("registered", "station", descending=[True, False], nulls_last=True)
    voters, called = int(zero["registered"].sum()), inputs.called(side)
    without_ballots = zero.filter(pl.col("ballots") == 0).height
    looked, n, empty = number(table.height), number(zero.height), number(without_ballots)
    shown = TEXTS.plural("amount.voters", voters)
    summary = TEXTS.say("ballots.zero.summary", called=called, n=n, looked=looked, shown=shown, empty=empty)
    if not table.height:
        summary = TEXTS.say("ballots.zero.nothing", called=called)
    return Finding(
        check=ZERO,
        title=TEXTS.say("ballots.zero.title"),
        verdict=_verdict(table, zero, Verdict.UNDECIDED),
        looked_at=table.height,
        unit=TEXTS.say("unit.sheets"),
        expected=TEXTS.say("ballots.zero.expected"),
        found=zero.height,
        summary=_summary(summary, unknown, whole),
        cannot_show=TEXTS.say("ballots.zero.cannot_show"),
        other_explanations=TEXTS.say("ballots.zero.other_explanations"),
        command=inputs.command(ZERO),
        effect={
            **inputs.where(side),
            "not_comparable": unknown,
            "stations": zero.height,
            "registered": voters,
            "votes": int(zero["ballots"].sum()),
            "without_ballots": without_ballots,
            "without_figures": zero.filter(pl.col("without_figures")).height,
        },
        items=as_items(inputs, zero, ["station", "registered", pl.col("ballots").alias("cast"), "without_figures"]),
        items_total=zero.height,
    )


def _summary(summary: Text, unknown: int, whole: int) -> Text:
    return without_the_places(without_the_incomparable(summary, unknown), whole)


def _verdict(table: pl.DataFrame, found: pl.DataFrame, otherwise: Verdict) -> Verdict:
    if not table.height:
        return Verdict.UNDECIDED
    return otherwise if found.height else Verdict.HOLDS

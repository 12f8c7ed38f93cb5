"""Reconciliation of two snapshots: sheets changed, added and missing, and their net effect on each choice.

lead after = lead before + by changed sheets + by added sheets + by missing sheets, for the two choices with the most
votes in the later state.
"""

from dataclasses import dataclass
from typing import Any

import polars as pl

from veedor.checks.inputs import CheckInputs, Side, as_items, figures, one_side_absent, with_those_of_one_side
from veedor.checks.texts import TEXTS
from veedor.checks.wording import listed
from veedor.election import Contest
from veedor.finding import Finding, Text, Verdict
from veedor.sheets import vote_columns
from veedor.wording import number, signed

NAME = "reconciliation"
BEFORE = " before"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two sheet tables side by side; only sheets in the totals.

    both: sheets of both, the later figures and the earlier ones with BEFORE; changed: those of them that differ;
    added: only in the later; missing: only in the earlier; compared: the columns of figures that both sources print.
    """

    both: pl.DataFrame
    changed: pl.DataFrame
    added: pl.DataFrame
    missing: pl.DataFrame
    compared: tuple[str, ...]


def check(inputs: CheckInputs) -> list[Finding]:
    """One finding for each pair of states."""
    return [_finding(inputs, sides) for sides in inputs.pairs()] or [_alone(inputs)]


def compare(before: pl.DataFrame, after: pl.DataFrame, contest: Contest) -> Comparison:
    """The sheets of two sheet tables by station. A figure that one source prints for no sheet is not compared."""
    names = [*vote_columns(contest), "blank", "null"]
    compared = tuple(name for name in names if before[name].count() and after[name].count())
    earlier = before.select("station", *(pl.col(name).alias(name + BEFORE) for name in names))
    both = after.join(earlier, on="station", how="inner", maintain_order="left")
    differs = [pl.col(name).ne_missing(pl.col(name + BEFORE)) for name in compared]
    return Comparison(
        both=both,
        changed=both.filter(pl.any_horizontal(pl.lit(False), *differs)),
        added=after.join(before.select("station"), on="station", how="anti", maintain_order="left"),
        missing=before.join(after.select("station"), on="station", how="anti", maintain_order="left"),
        compared=compared,
    )


def net_change(comparison: Comparison, contest: Contest) -> dict[str, int]:
    """Later less earlier figures of the changed sheets: by choice, blank, null."""
    changed, net = comparison.changed, {}
    for key, name in zip(
        (*contest.choice_ids, "blank", "null"), (*vote_columns(contest), "blank", "null"), strict=True
    ):
        compared = name in comparison.compared
        net[key] = int(changed[name].sum()) - int(changed[name + BEFORE].sum()) if compared else 0
    return net


def totals(table: pl.DataFrame, contest: Contest) -> dict[str, int]:
    """Sums of a table's figures: by choice, blank, null."""
    sums = table.select(*vote_columns(contest), "blank", "null").sum().row(0) if table.height else None
    keys = (*contest.choice_ids, "blank", "null")
    return dict.fromkeys(keys, 0) if sums is None else dict(zip(keys, (int(n or 0) for n in sums), strict=True))


def _lead(inputs: CheckInputs, sides: tuple[Side, Side], effect: dict[str, Any]) -> dict[str, Any] | None:
    """How the lead of the first choice over the second came from one state to the other, in votes."""
    choices = inputs.contest.choice_ids
    if len(choices) < 2:
        return None
    before, after = (totals(inputs.counted(side), inputs.contest) for side in sides)
    first, second = sorted(choices, key=lambda choice: -after[choice])[:2]

    def lead(votes: dict[str, int]) -> int:
        return votes[first] - votes[second]

    return {
        "first": first,
        "second": second,
        "before": lead(before),
        "by_changed_sheets": lead(effect["net"]),
        "by_added_sheets": lead(effect["added"]),
        "by_missing_sheets": -lead(effect["missing"]),
        "after": lead(after),
    }


def _departures(comparison: Comparison, contest: Contest) -> pl.DataFrame:
    """Changed and missing sheets with `<figure> change` and `moved` (the sum of absolute changes), largest first."""
    names = [*vote_columns(contest), "blank", "null"]
    earlier = [pl.col(name).alias(name + BEFORE) for name in names]
    nothing = [pl.lit(None, dtype=pl.Int64).alias(name) for name in names]
    gone = comparison.missing.with_columns(*earlier, pl.lit("missing").alias("change")).with_columns(*nothing)
    changed = comparison.changed.with_columns(pl.lit("changed").alias("change"))
    rows = pl.concat([changed, gone.select(changed.columns)])
    change = [
        (pl.col(name).fill_null(0) - pl.col(name + BEFORE).fill_null(0)).alias(f"{name} change") for name in names
    ]
    absent = [pl.lit(0, dtype=pl.Int64).alias(f"{name} change") for name in names if name not in comparison.compared]
    rows = rows.with_columns(*change).with_columns(*absent)
    moved = pl.sum_horizontal(*(pl.col(f"{name} change").abs() for name in names)).alias("moved")
    return rows.with_columns(moved).sort("moved", "station", descending=[True, False])


def _finding(inputs: CheckInputs, sides: tuple[Side, Side]) -> Finding:
    apart = inputs.apart(sides)
    return _compared(inputs, sides) if apart is None else _alone(inputs, sides, apart)


def _compared(inputs: CheckInputs, sides: tuple[Side, Side]) -> Finding:
    contest = inputs.contest
    before, after = (inputs.counted(side) for side in sides)
    comparison = compare(before, after, contest)
    rows = _departures(comparison, contest)
    out_of_totals = comparison.missing.join(inputs.table(sides[1]).select("station"), on="station", how="semi").height
    names = (*vote_columns(contest), "blank", "null")
    effect: dict[str, Any] = {
        "from": inputs.where(sides[0]),
        "to": inputs.where(sides[1]),
        "compared_sheets": comparison.both.height,
        "changed_sheets": comparison.changed.height,
        "added_sheets": comparison.added.height,
        "missing_sheets": comparison.missing.height,
        "out_of_totals_sheets": out_of_totals,
        "stations": rows.height,
        "votes": int(rows["moved"].sum()),
        "net": net_change(comparison, contest),
        "added": totals(comparison.added, contest),
        "missing": totals(comparison.missing, contest),
        "not_comparable": one_side_absent(comparison.changed, comparison.compared, BEFORE),
        "not_compared": [name.removeprefix("votes.") for name in names if name not in comparison.compared],
    }
    effect["lead"] = _lead(inputs, sides, effect)
    looked_at = comparison.both.height + comparison.missing.height
    difference = figures(contest, suffix=" change").alias("difference")
    items: list[str | pl.Expr] = [
        "station",
        "change",
        "moved",
        difference,
        figures(contest, suffix=BEFORE).alias("before"),
        figures(contest).alias("after"),
    ]
    return Finding(
        check=NAME,
        title=TEXTS.say("reconciliation.title"),
        verdict=Verdict.UNDECIDED if not looked_at else Verdict.DOES_NOT_HOLD if rows.height else Verdict.HOLDS,
        looked_at=looked_at,
        unit=TEXTS.say("unit.sheets"),
        expected=TEXTS.say("reconciliation.expected"),
        found=rows.height,
        summary=_summary(inputs, sides, effect),
        cannot_show=TEXTS.say("reconciliation.cannot_show"),
        other_explanations=TEXTS.say("reconciliation.other_explanations"),
        command=inputs.command(NAME, sides),
        effect=effect,
        items=as_items(inputs, rows, items),
        items_total=rows.height,
    )


def _summary(inputs: CheckInputs, sides: tuple[Side, Side], effect: dict[str, Any]) -> Text:
    left, right = (inputs.called(side) for side in sides)
    keys = ("compared_sheets", "changed_sheets", "added_sheets", "missing_sheets")
    looked, changed, added, missing = (number(effect[key]) for key in keys)
    names = {choice: Text.same(choice) for choice in inputs.contest.choice_ids}
    names |= {"blank": TEXTS.say("reconciliation.blank"), "null": TEXTS.say("reconciliation.null")}
    moved = [TEXTS.say("reconciliation.moved", name=names[key], n=signed(n)) for key, n in effect["net"].items() if n]
    net = listed(moved) if moved else TEXTS.say("reconciliation.no_change")
    lead = effect["lead"]
    about_lead = Text.same("")
    if lead is not None:
        change = signed(lead["by_changed_sheets"] + lead["by_missing_sheets"])
        about_lead = TEXTS.say("reconciliation.about_lead", first=lead["first"], second=lead["second"], change=change)
    said = TEXTS.say(
        "reconciliation.summary",
        left=left,
        right=right,
        changed=changed,
        looked=looked,
        added=added,
        missing=missing,
        net=net,
        about_lead=about_lead,
    )
    return with_those_of_one_side(said, effect["not_comparable"])


def _alone(inputs: CheckInputs, sides: tuple[Side, Side] | None = None, why: Text | None = None) -> Finding:
    """What can be said with one snapshot, or with two that have no station in common: nothing."""
    nothing: dict[str, Any] = {"net": {}, "added": {}, "missing": {}, "not_compared": [], "lead": None}
    kinds = ("compared", "changed", "added", "missing", "out_of_totals")
    counts = (*(f"{kind}_sheets" for kind in kinds), "stations", "votes", "not_comparable")
    between: dict[str, Any] = {}
    if sides is not None:
        between = {"from": inputs.where(sides[0]), "to": inputs.where(sides[1]), "apart": True}
    return Finding(
        check=NAME,
        title=TEXTS.say("reconciliation.alone.title" if sides is None else "reconciliation.title"),
        verdict=Verdict.UNDECIDED,
        looked_at=0,
        unit=TEXTS.say("unit.sheets"),
        expected=TEXTS.say("reconciliation.alone.expected" if sides is None else "reconciliation.expected"),
        found=0,
        summary=why or TEXTS.say("reconciliation.alone.summary"),
        cannot_show=TEXTS.say("reconciliation.alone.cannot_show"),
        other_explanations=TEXTS.say("reconciliation.alone.other_explanations"),
        command=inputs.command(NAME, sides),
        effect={**between, **dict.fromkeys(counts, 0), **(nothing if sides is not None else {"net": {}})},
    )

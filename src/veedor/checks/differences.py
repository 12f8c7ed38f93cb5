"""Registered voters and geography that two counts give differently for the same station."""

import polars as pl

from veedor.checks.inputs import CheckInputs, Side, as_items
from veedor.checks.texts import TEXTS
from veedor.checks.wording import listed
from veedor.document import Json
from veedor.finding import Finding, Text, Verdict
from veedor.sheets import ballots_cast
from veedor.wording import number, signed

REGISTERED = "registered_differs"
GEOGRAPHY = "geography_differs"
BEFORE = " before"


def check_registered(inputs: CheckInputs) -> list[Finding]:
    """One finding for each pair of counts: stations whose number of registered voters differs."""
    return [_registered(inputs, sides) for sides in inputs.between_counts()] or [_alone(inputs, REGISTERED)]


def check_geography(inputs: CheckInputs) -> list[Finding]:
    """One finding for each pair of counts: stations placed under other names."""
    return [_geography(inputs, sides) for sides in inputs.between_counts()] or [_alone(inputs, GEOGRAPHY)]


def _joined(inputs: CheckInputs, sides: tuple[Side, Side], columns: list[str]) -> pl.DataFrame:
    """Stations of both sides, whatever their sheets' status: the right side's row, the left's columns with BEFORE."""
    left, right = (inputs.table(side) for side in sides)
    renamed = left.select("station", *(pl.col(name).alias(name + BEFORE) for name in columns))
    return right.join(renamed, on="station", how="inner", maintain_order="left")


def _effect(inputs: CheckInputs, sides: tuple[Side, Side], off: pl.DataFrame) -> dict[str, Json]:
    return {
        "from": inputs.where(sides[0]),
        "to": inputs.where(sides[1]),
        "stations": off.height,
        "votes": int(off.select(ballots_cast(inputs.contest).sum()).item() or 0),
    }


def _registered(inputs: CheckInputs, sides: tuple[Side, Side]) -> Finding:
    if (apart := inputs.apart(sides)) is not None:
        return _alone(inputs, REGISTERED, sides, apart)
    both = _joined(inputs, sides, ["registered"])
    both = both.filter(pl.col("registered").is_not_null() & pl.col("registered" + BEFORE).is_not_null())
    off = both.filter(pl.col("registered") != pl.col("registered" + BEFORE)).with_columns(
        (pl.col("registered") - pl.col("registered" + BEFORE)).alias("difference")
    )
    off = off.sort(pl.col("difference").abs(), "station", descending=[True, False])
    net, absolute = int(off["difference"].sum()), int(off["difference"].abs().sum())
    left, right = (inputs.called(side) for side in sides)
    looked, n, moved = number(both.height), number(off.height), TEXTS.plural("amount.voters", absolute)
    return Finding(
        check=REGISTERED,
        title=TEXTS.say("differences.registered.title"),
        verdict=_verdict(both, off),
        looked_at=both.height,
        unit=TEXTS.say("unit.stations"),
        expected=TEXTS.say("differences.registered.expected"),
        found=off.height,
        summary=TEXTS.say(
            "differences.registered.summary", left=left, right=right, n=n, looked=looked, moved=moved, net=signed(net)
        ),
        cannot_show=TEXTS.say("differences.registered.cannot_show"),
        other_explanations=TEXTS.say("differences.registered.other_explanations"),
        command=inputs.command(REGISTERED, sides),
        effect={**_effect(inputs, sides, off), "registered": {"net": net, "absolute": absolute}},
        items=as_items(
            inputs,
            off,
            ["station", pl.col("registered" + BEFORE).alias("from"), pl.col("registered").alias("to"), "difference"],
        ),
        items_total=off.height,
    )


def _geography(inputs: CheckInputs, sides: tuple[Side, Side]) -> Finding:
    apart = inputs.apart(sides)
    return _places(inputs, sides) if apart is None else _alone(inputs, GEOGRAPHY, sides, apart)


def _places(inputs: CheckInputs, sides: tuple[Side, Side]) -> Finding:
    levels = list(inputs.election.level_ids)
    both = _joined(inputs, sides, levels)
    compared = [level for level in levels if both[level].count() and both[level + BEFORE].count()]
    pairs = [(pl.col(level), pl.col(level + BEFORE)) for level in compared]
    # A level that one side leaves empty for a station is not another name.
    names = both.filter(
        pl.any_horizontal(pl.lit(False), *(now.is_not_null() & then.is_not_null() for now, then in pairs))
    )
    unlike = names.filter(pl.any_horizontal(pl.lit(False), *(now != then for now, then in pairs)))
    marks = [(_plain(now) != _plain(then)).fill_null(False) for now, then in pairs]
    unlike = unlike.with_columns(mark.alias(f"differs {level}") for level, mark in zip(compared, marks, strict=True))
    off = unlike.filter(pl.any_horizontal(pl.lit(False), *(f"differs {level}" for level in compared)))
    spelled = unlike.height - off.height
    broadest = [pl.when(f"differs {level}").then(rank) for rank, level in enumerate(compared)]
    off = off.with_columns(pl.min_horizontal(pl.lit(len(levels)), *broadest).alias("rank")).sort("rank", "station")
    by_level = {level: int(off[f"differs {level}"].sum()) for level in compared}
    left, right = (inputs.called(side) for side in sides)
    looked, n = number(names.height), number(off.height)
    columns: list[str | pl.Expr] = ["station"]
    if compared:  # there is no struct of nothing
        before = pl.struct(*(pl.col(level + BEFORE).alias(level) for level in compared)).alias("from")
        columns += [before, pl.struct(*(pl.col(level) for level in compared)).alias("to")]
    return Finding(
        check=GEOGRAPHY,
        title=TEXTS.say("differences.geography.title"),
        verdict=_verdict(names, off),
        looked_at=names.height,
        unit=TEXTS.say("unit.stations"),
        expected=TEXTS.say("differences.geography.expected"),
        found=off.height,
        summary=TEXTS.say(
            "differences.geography.summary",
            left=left,
            right=right,
            n=n,
            looked=looked,
            levels=_levels(inputs, by_level),
        ),
        cannot_show=TEXTS.say("differences.geography.cannot_show"),
        other_explanations=TEXTS.say("differences.geography.other_explanations"),
        command=inputs.command(GEOGRAPHY, sides),
        effect={**_effect(inputs, sides, off), "levels": by_level, "only_capitals_or_spaces": spelled},
        items=as_items(inputs, off.drop(levels) if not compared else off, columns),
        items_total=off.height,
    )


def _plain(names: pl.Expr) -> pl.Expr:
    """Names without what an export changes: capitals, and spaces at the ends or in a row."""
    return names.cast(pl.String).str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()


def _levels(inputs: CheckInputs, by_level: dict[str, int]) -> Text:
    """How many stations differ at each level that has some."""
    names = {level.id: level.name.text for level in inputs.election.levels}
    parts = [(names[level], number(n)) for level, n in by_level.items() if n]
    shown = [Text.join(" ", (name.map(str.lower), n)) for name, n in parts]
    return listed(shown) if shown else TEXTS.say("differences.no_level")


def _verdict(looked_at: pl.DataFrame, off: pl.DataFrame) -> Verdict:
    if not looked_at.height:
        return Verdict.UNDECIDED
    return Verdict.DOES_NOT_HOLD if off.height else Verdict.HOLDS


def _alone(inputs: CheckInputs, name: str, sides: tuple[Side, Side] | None = None, why: Text | None = None) -> Finding:
    """What can be said with one count, or with two that have no station in common: nothing."""
    between: dict[str, Json] = {}
    if sides is not None:
        between = {"from": inputs.where(sides[0]), "to": inputs.where(sides[1]), "apart": True}
    title = {
        REGISTERED: TEXTS.say("differences.alone.title.registered"),
        GEOGRAPHY: TEXTS.say("differences.alone.title.geography"),
    }
    return Finding(
        check=name,
        title=title[name],
        verdict=Verdict.UNDECIDED,
        looked_at=0,
        unit=TEXTS.say("unit.stations"),
        expected=TEXTS.say("differences.alone.expected"),
        found=0,
        summary=why or TEXTS.say("differences.alone.summary"),
        cannot_show=TEXTS.say("differences.alone.cannot_show"),
        other_explanations=TEXTS.say("differences.alone.other_explanations"),
        command=inputs.command(name, sides),
        effect={**between, "stations": 0, "votes": 0},
    )

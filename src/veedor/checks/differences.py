"""Registered voters and geography that two counts give differently for the same station."""

import polars as pl

from veedor.checks.inputs import CheckInputs, Side, as_items
from veedor.checks.wording import UNIT_STATIONS, VOTERS, amount, listed
from veedor.finding import Finding, Json, Text, Verdict
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
    both = _joined(inputs, sides, ["registered"])
    both = both.filter(pl.col("registered").is_not_null() & pl.col("registered" + BEFORE).is_not_null())
    off = both.filter(pl.col("registered") != pl.col("registered" + BEFORE)).with_columns(
        (pl.col("registered") - pl.col("registered" + BEFORE)).alias("difference")
    )
    off = off.sort(pl.col("difference").abs(), "station", descending=[True, False])
    net, absolute = int(off["difference"].sum()), int(off["difference"].abs().sum())
    left, right = (inputs.called(side) for side in sides)
    looked, n, moved = number(both.height), number(off.height), amount(absolute, VOTERS)
    return Finding(
        check=REGISTERED,
        title=Text("Registered voters in two counts", "Inscritos en dos conteos"),
        verdict=_verdict(both, off),
        looked_at=both.height,
        unit=UNIT_STATIONS,
        expected=Text(
            "A station has the same number of registered voters in every count.",
            "Una mesa tiene el mismo número de inscritos en todos los conteos.",
        ),
        found=off.height,
        summary=Text(
            f"{left.en} and {right.en}: stations with another number of registered voters: {n.en} of {looked.en} with "
            f"a roll in both ({moved.en}, net {signed(net).en}).",
            f"{left.es} y {right.es}: mesas con otro número de inscritos: {n.es} de {looked.es} con padrón en ambos "
            f"({moved.es}, neto {signed(net).es}).",
        ),
        cannot_show=Text(
            "Which of the two numbers is the roll's; stations that only one of the counts has.",
            "Cuál de los dos números es el del padrón; las mesas que solo están en uno de los conteos.",
        ),
        other_explanations=Text(
            "A roll corrected between the counts, or voters that one of them does not include.",
            "Un padrón corregido entre los conteos, o votantes que uno de ellos no incluye.",
        ),
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
        title=Text("Places in two counts", "Lugares en dos conteos"),
        verdict=_verdict(names, off),
        looked_at=names.height,
        unit=UNIT_STATIONS,
        expected=Text(
            "A station lies in the same place, under the same names but for capitals and spaces, in every count.",
            "Una mesa está en el mismo lugar, con los mismos nombres salvo mayúsculas y espacios, en todos los "
            "conteos.",
        ),
        found=off.height,
        summary=Text(
            f"{left.en} and {right.en}: stations under other names of places: {n.en} of {looked.en} in both "
            f"({_levels(inputs, by_level).en}).",
            f"{left.es} y {right.es}: mesas con otros nombres de lugar: {n.es} de {looked.es} en ambos "
            f"({_levels(inputs, by_level).es}).",
        ),
        cannot_show=Text(
            "Whether the station moved or its place was only renamed. National totals do not depend on names; totals "
            "by place do.",
            "Si la mesa cambió de lugar o este solo cambió de nombre. Los totales nacionales no dependen de los "
            "nombres; los totales por lugar, sí.",
        ),
        other_explanations=Text(
            "Spelling corrected between publications, places renamed or newly created, other lists of geography.",
            "Ortografía corregida entre publicaciones, lugares renombrados o recién creados, otros listados "
            "geográficos.",
        ),
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
    shown = [Text(f"{name.en.lower()} {n.en}", f"{name.es.lower()} {n.es}") for name, n in parts]
    return listed(shown) if shown else Text("at no level", "en ningún nivel")


def _verdict(looked_at: pl.DataFrame, off: pl.DataFrame) -> Verdict:
    if not looked_at.height:
        return Verdict.UNDECIDED
    return Verdict.DOES_NOT_HOLD if off.height else Verdict.HOLDS


def _alone(inputs: CheckInputs, name: str) -> Finding:
    """What can be said with one count: nothing."""
    title = {
        REGISTERED: Text("Registered voters in two counts", "Inscritos en dos conteos"),
        GEOGRAPHY: Text("Places in two counts", "Lugares en dos conteos"),
    }
    return Finding(
        check=name,
        title=title[name],
        verdict=Verdict.UNDECIDED,
        looked_at=0,
        unit=UNIT_STATIONS,
        expected=Text("Two counts agree on each station.", "Dos conteos coinciden en cada mesa."),
        found=0,
        summary=Text(
            "There is one count only, so there is nothing to compare it with.",
            "Hay un solo conteo; no hay con qué compararlo.",
        ),
        cannot_show=Text("Anything, without a second count.", "Nada, sin un segundo conteo."),
        other_explanations=Text("None is needed.", "No hacen falta."),
        command=inputs.command(name),
        effect={"stations": 0, "votes": 0},
    )

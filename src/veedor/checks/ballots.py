"""Ballots against the roll: more ballots than registered voters, as many as registered voters, and none at all."""

import polars as pl

from veedor.checks.inputs import CheckInputs, Side, as_items, figures
from veedor.checks.wording import UNIT_SHEETS, VOTERS, VOTES, amount
from veedor.finding import Finding, Json, Text, Verdict
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


def _with_ballots(inputs: CheckInputs, side: Side) -> pl.DataFrame:
    """Counted sheets with a roll, and `ballots`: as computed, or as printed where that is more."""
    computed = ballots_cast(inputs.contest)
    table = inputs.counted(side).filter(pl.col("registered").is_not_null())
    return table.with_columns(pl.max_horizontal(computed, pl.col("cast")).alias("ballots"))


def _votes(inputs: CheckInputs, sheets: pl.DataFrame) -> dict[str, Json]:
    """Sums of the sheets' figures: votes by choice, blank, null."""
    sums = sheets.select(*vote_columns(inputs.contest), "blank", "null").sum().row(0)
    return dict(zip((*inputs.contest.choice_ids, "blank", "null"), (int(value or 0) for value in sums), strict=True))


def _no_roll(called: Text) -> Text:
    return Text(
        f"{called.en}: no sheet gives its number of registered voters.",
        f"{called.es}: ningún acta da su número de inscritos.",
    )


def _over(inputs: CheckInputs, side: Side) -> Finding:
    table = _with_ballots(inputs, side)
    over = table.filter(pl.col("ballots") > pl.col("registered")).with_columns(
        (pl.col("ballots") - pl.col("registered")).alias("over")
    )
    over = over.sort("over", "station", descending=[True, False])
    excess, called = int(over["over"].sum()), inputs.called(side)
    looked, n, votes = number(table.height), number(over.height), amount(excess, VOTES)
    summary = Text(
        f"{called.en}: sheets with more ballots cast than registered voters: {n.en} of {looked.en}; {votes.en} in "
        "excess.",
        f"{called.es}: actas con más votos emitidos que inscritos: {n.es} de {looked.es}; {votes.es} en exceso.",
    )
    return Finding(
        check=OVER,
        title=Text("Ballots cast and registered voters", "Votos emitidos e inscritos"),
        verdict=_verdict(table, over, Verdict.DOES_NOT_HOLD),
        looked_at=table.height,
        unit=UNIT_SHEETS,
        expected=Text(
            "No sheet has more ballots cast than voters on the station's roll.",
            "Ningún acta tiene más votos emitidos que inscritos en la mesa.",
        ),
        found=over.height,
        summary=summary if table.height else _no_roll(called),
        cannot_show=Text(
            "Why a sheet is over its roll, for whom the ballots in excess were, or that sheets within their roll are "
            "right.",
            "Por qué un acta excede su padrón, para quién fueron los votos de más, ni que estén bien las que no lo "
            "exceden.",
        ),
        other_explanations=Text(
            "Voters admitted beyond the roll where the law allows it (station officials, police, corrections on the "
            "day), a figure typed into the wrong box, or a roll published for another date.",
            "Votantes admitidos fuera del padrón donde la ley lo permite (jurados, policía, correcciones del día), "
            "una cifra anotada en la casilla equivocada, o un padrón publicado con otra fecha.",
        ),
        command=inputs.command(OVER),
        effect={**inputs.where(side), "stations": over.height, "votes": excess},
        items=as_items(inputs, over, ["station", "registered", pl.col("ballots").alias("cast"), "over"]),
        items_total=over.height,
    )


def _full(inputs: CheckInputs, side: Side) -> Finding:
    table = _with_ballots(inputs, side).filter(pl.col("registered") > 0)
    full = table.filter(pl.col("ballots") == pl.col("registered"))
    full = full.sort("registered", "station", descending=[True, False])
    voters, called = int(full["registered"].sum()), inputs.called(side)
    looked, n, shown = number(table.height), number(full.height), amount(voters, VOTERS)
    summary = Text(
        f"{called.en}: sheets with a turnout of 100 %: {n.en} of {looked.en}, with {shown.en}.",
        f"{called.es}: actas con participación del 100 %: {n.es} de {looked.es}, con {shown.es}.",
    )
    return Finding(
        check=FULL,
        title=Text("Sheets with a turnout of 100 %", "Actas con participación del 100 %"),
        verdict=_verdict(table, full, Verdict.UNDECIDED),
        looked_at=table.height,
        unit=UNIT_SHEETS,
        expected=Text(
            "On most rolls at least one voter stays away. A full turnout is possible, more so where few are "
            "registered.",
            "En casi todo padrón falta al menos un votante. Una participación total es posible, sobre todo con pocos "
            "inscritos.",
        ),
        found=full.height,
        summary=summary if table.height else _no_roll(called),
        cannot_show=Text(
            "Whether everybody came. The check describes and draws no conclusion: where there are such sheets it is "
            "undecided.",
            "Si acudieron todos. La comprobación describe y no concluye: donde hay tales actas queda sin decidir.",
        ),
        other_explanations=Text(
            "Compulsory voting, small rolls, stations abroad or on duty whose roll is made of those who come.",
            "Voto obligatorio, padrones pequeños, mesas en el exterior o de servicio cuyo padrón son quienes acuden.",
        ),
        command=inputs.command(FULL),
        effect={
            **inputs.where(side),
            "stations": full.height,
            "registered": voters,
            "votes": int(full["ballots"].sum()),
            "totals": _votes(inputs, full),
        },
        items=as_items(inputs, full, ["station", "registered", figures(inputs.contest).alias("figures")]),
        items_total=full.height,
    )


def _zero(inputs: CheckInputs, side: Side) -> Finding:
    table = inputs.counted(side)
    zero = table.filter(valid_votes(inputs.contest) == 0).with_columns(
        ballots_cast(inputs.contest).alias("ballots"),
        pl.all_horizontal(pl.col(*vote_columns(inputs.contest)).is_null()).alias("without_figures"),
    )
    zero = zero.sort("registered", "station", descending=[True, False], nulls_last=True)
    voters, called = int(zero["registered"].sum()), inputs.called(side)
    without_ballots = zero.filter(pl.col("ballots") == 0).height
    looked, n, shown, empty = number(table.height), number(zero.height), amount(voters, VOTERS), number(without_ballots)
    summary = Text(
        f"{called.en}: sheets without a vote for any choice: {n.en} of {looked.en}, with {shown.en}; without any "
        f"ballot: {empty.en}.",
        f"{called.es}: actas sin voto para ninguna opción: {n.es} de {looked.es}, con {shown.es}; sin ningún voto "
        f"emitido: {empty.es}.",
    )
    if not table.height:
        summary = Text(f"{called.en}: no sheet is in the totals.", f"{called.es}: ningún acta está en los totales.")
    return Finding(
        check=ZERO,
        title=Text("Sheets without votes", "Actas sin votos"),
        verdict=_verdict(table, zero, Verdict.UNDECIDED),
        looked_at=table.height,
        unit=UNIT_SHEETS,
        expected=Text(
            "A sheet in the totals has at least one vote for a choice.",
            "Un acta que está en los totales tiene al menos un voto para alguna opción.",
        ),
        found=zero.height,
        summary=summary,
        cannot_show=Text(
            "Whether votes were cast there. The check describes and draws no conclusion: with such sheets it is "
            "undecided.",
            "Si allí se votó. La comprobación describe y no concluye: donde hay tales actas queda sin decidir.",
        ),
        other_explanations=Text(
            "A station that did not open, a sheet annulled by writing zeros, very few registered voters.",
            "Una mesa que no abrió, un acta anulada escribiendo ceros, muy pocos inscritos.",
        ),
        command=inputs.command(ZERO),
        effect={
            **inputs.where(side),
            "stations": zero.height,
            "registered": voters,
            "votes": int(zero["ballots"].sum()),
            "without_ballots": without_ballots,
            "without_figures": zero.filter(pl.col("without_figures")).height,
        },
        items=as_items(inputs, zero, ["station", "registered", pl.col("ballots").alias("cast"), "without_figures"]),
        items_total=zero.height,
    )


def _verdict(table: pl.DataFrame, found: pl.DataFrame, otherwise: Verdict) -> Verdict:
    if not table.height:
        return Verdict.UNDECIDED
    return otherwise if found.height else Verdict.HOLDS

"""What an audit of the outcome would need, as a finding: from the figures of `overview`."""

from collections.abc import Mapping, Sequence

from veedor.audit.planning.overview import Overview
from veedor.document import Json, plain
from veedor.finding import Finding, Text, Verdict
from veedor.wording import decimal, fill, number

SHEETS = Text("tally sheets", "actas")
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


def need(figures: Overview | None, refused: str | None, command: str) -> Finding:
    """The finding `audit_need`. figures: what `overview` gave at 5 per cent; refused: why it gave nothing."""
    if figures is None:
        return _finding(
            Verdict.UNDECIDED,
            0,
            fill(
                "No sample can confirm this outcome: {why}",
                "Ninguna muestra puede confirmarlo: {why}",
                why=refused or "",
            ),
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
    said = fill(
        "{n} statements make this outcome right; the closest, {closest}, holds by {votes} votes. If no sheet differs,"
        " {draws} draws of sheets confirm all of them at a risk limit of 5 %. {altered} altered sheets at the least, or"
        " the {missing} largest if they were missing, would undo it.",
        "{n} afirmaciones hacen correcto este resultado; la más ajustada, {closest}, se cumple por {votes} votos. Si"
        " ningún acta difiere, {draws} sorteos de actas las confirman todas con un límite de riesgo del 5 %. {altered}"
        " actas alteradas como mínimo, o las {missing} mayores si faltaran, lo anularían.",
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
    command: str,
) -> Finding:
    return Finding(
        check="audit_need",
        title=Text("What an audit of the outcome needs", "Lo que necesita una auditoría del resultado"),
        verdict=verdict,
        looked_at=sheets,
        unit=SHEETS,
        expected=Text(
            "The reported votes make every statement that the outcome rests on true, by a margin.",
            "Los votos informados hacen cierta cada afirmación en que descansa el resultado, con un margen.",
        ),
        found=0,
        summary=summary,
        cannot_show=Text(
            "Whether the sheets say what was voted: these are figures of a plan, and no sheet has been looked at.",
            "Si las actas dicen lo que se votó: son cifras de un plan, y no se ha mirado ninguna acta.",
        ),
        other_explanations=Text(
            "None: it follows from the reported votes and the rule.",
            "Ninguna: se sigue de los votos informados y de la regla.",
        ),
        command=command,
        effect=effect,
        items=items,
        source="Stark 2009 (MACRO); Stark 2020 (SHANGRLA)",
    )


def _whole(value: int | None) -> Text:
    return Text("no number of", "ningún número de") if value is None else number(value)

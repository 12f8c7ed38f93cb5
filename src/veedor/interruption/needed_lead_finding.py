"""Was the outcome settled at the stop? The lead that the missing sheets needed, as a finding and as JSON."""

from dataclasses import dataclass

from veedor.finding import Finding, Text, Verdict
from veedor.interruption.needed_lead import Needed
from veedor.interruption.sentences import GEOGRAPHY, SHEETS
from veedor.interruption.split import Split
from veedor.wording import fill, number, points


@dataclass(frozen=True, kw_only=True)
class NeededShown:
    """What was counted and missing at the stop, and the lead needed: see `Needed` and `veedor.count.outstanding`."""

    line: float
    counted_valid: int
    missing_valid: int
    missing_registered: int
    missing_sheets: int
    counted_sheets: int
    sheets_outside_universe: int
    lead_counted: float | None
    lead_observed: float | None
    reachable_below: bool
    reachable_above: bool
    outcome_can_change: bool | None
    votes_to_change: int | None
    share_needed: float | None
    registered_unknown: int


def needed_shown(split: Split, needed: Needed) -> NeededShown:
    """The lead needed, with what was open."""
    return NeededShown(
        line=needed.line,
        counted_valid=needed.counted_valid,
        missing_valid=needed.missing_valid,
        missing_registered=needed.missing_registered,
        missing_sheets=int(split.missing.sum()),
        counted_sheets=int(split.counted.sum()),
        sheets_outside_universe=split.sheets_outside,
        lead_counted=needed.lead_counted,
        lead_observed=needed.observed,
        reachable_below=needed.reachable_below,
        reachable_above=needed.reachable_above,
        outcome_can_change=split.open.outcome_can_change,
        votes_to_change=split.open.votes_to_change,
        share_needed=None if split.open.share_needed is None else float(split.open.share_needed),
        registered_unknown=split.registered_unknown,
    )


def needed_finding(split: Split, needed: Needed, command: str) -> Finding:
    """`outcome_settled_at_stop`: holds where no valid votes of the missing sheets could have changed the outcome."""
    can_change = split.open.outcome_can_change
    return Finding(
        check="outcome_settled_at_stop",
        title=Text("Was the outcome settled at the stop?", "¿Estaba decidido el resultado al detenerse?"),
        verdict=Verdict.UNDECIDED if can_change is None else Verdict.DOES_NOT_HOLD if can_change else Verdict.HOLDS,
        looked_at=len(split.station),
        unit=SHEETS,
        expected=Text(
            "Whatever valid votes the missing sheets held, the outcome by the rule is the same.",
            "Sean cuales fueren los votos válidos de las actas faltantes, el resultado según la regla es el mismo.",
        ),
        found=int(split.missing.sum()),
        summary=_summary(split, needed),
        cannot_show=Text(
            "What the missing votes were: only what they would have had to be.",
            "Qué eran los votos faltantes: solo qué habrían tenido que ser.",
        ),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={
            "lead_counted": needed.lead_counted,
            "lead_needed": needed.lead_needed,
            "lead_observed": needed.observed,
            "missing_valid": needed.missing_valid,
            "votes_to_change": split.open.votes_to_change,
        },
        source=fill(
            "Arithmetic on the published sheets; universe: {universe}",
            "Aritmética sobre las actas publicadas; universo: {universe}",
            universe=split.universe,
        ),
    )


def _summary(split: Split, needed: Needed) -> Text:
    return (
        Text(
            "The missing sheets held no valid vote: there was nothing left that could move the lead.",
            "Las actas faltantes no tenían ningún voto válido: no quedaba nada que moviera la ventaja.",
        )
        if needed.lead_needed is None or needed.observed is None
        else fill(
            "With {valid} valid votes still missing, {first} led {second} by {lead}; to end on the line of {line} the "
            "missing votes needed a lead of {needed}. They held {observed}.",
            "Con {valid} votos válidos por contar, {first} aventajaba a {second} por {lead}; para terminar en la línea "
            "de {line}, los votos faltantes necesitaban una ventaja de {needed}. Trajeron {observed}.",
            valid=number(needed.missing_valid),
            first=split.first,
            second=split.second,
            lead=points(needed.lead_counted),
            line=points(needed.line),
            needed=points(needed.lead_needed),
            observed=points(needed.observed),
        )
    )

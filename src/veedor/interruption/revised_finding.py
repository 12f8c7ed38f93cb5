"""Do the sheets published before the stop still say the same? Sheet against sheet, as a finding and as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from veedor.finding import Finding, Text, Verdict
from veedor.interruption.revised import Revised
from veedor.interruption.sentences import SHEETS
from veedor.wording import fill, number, signed


@dataclass(frozen=True, kw_only=True)
class RevisedShown:
    """Counted sheets that differ from the universe's: see `Revised`."""

    looked_at: int
    sheets: int
    sheets_in_valid_votes: int
    net: Mapping[str, int]
    on_lead: int


def revised_shown(revised: Revised) -> RevisedShown:
    """The sheets that differ."""
    return RevisedShown(
        looked_at=revised.looked_at,
        sheets=revised.sheets,
        sheets_in_valid_votes=revised.valid,
        net=revised.net,
        on_lead=revised.on_lead,
    )


def revised_finding(revised: Revised, command: str) -> Finding:
    """`counted_sheets_unchanged`: holds where every counted sheet has the universe's figures."""
    return Finding(
        check="counted_sheets_unchanged",
        title=Text(
            "Do the sheets published before the stop still say the same?",
            "¿Dicen todavía lo mismo las actas publicadas antes de la detención?",
        ),
        verdict=(Verdict.DOES_NOT_HOLD if revised.sheets else Verdict.HOLDS)
        if revised.looked_at
        else Verdict.UNDECIDED,
        looked_at=revised.looked_at,
        unit=SHEETS,
        expected=Text(
            "The votes, blank and null ballots of each published sheet are those of the universe.",
            "Los votos, blancos y nulos de cada acta publicada son los del universo.",
        ),
        found=revised.sheets,
        summary=Text(
            "Not applicable: no sheet published before the stop is in the universe.",
            "No aplicable: ningún acta publicada antes de la detención está en el universo.",
        )
        if not revised.looked_at
        else fill(
            "{sheets} of {all} sheets differ, {valid} of them in valid votes; the net effect on the lead is {lead} "
            "votes.",
            "{sheets} de {all} actas difieren, {valid} de ellas en votos válidos; el efecto neto en la ventaja es de "
            "{lead} votos.",
            sheets=number(revised.sheets),
            all=number(revised.looked_at),
            valid=number(revised.valid),
            lead=signed(revised.on_lead),
        ),
        cannot_show=Text("Which of two figures is the paper's.", "Cuál de dos cifras es la del papel."),
        other_explanations=Text(
            "A preliminary count is typed in a hurry from photographs; the official one corrects it.",
            "Un conteo preliminar se transcribe con prisa desde fotografías; el oficial lo corrige.",
        ),
        command=command,
        effect={"net": dict(revised.net), "lead": revised.on_lead},
        source=Text("Sheet against sheet", "Acta contra acta"),
    )

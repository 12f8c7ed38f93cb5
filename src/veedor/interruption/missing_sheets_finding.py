"""Did the missing sheets come from the same places as the counted ones? Groups of sheets as a finding."""

from collections.abc import Sequence

from veedor.finding import Finding, Text, Verdict
from veedor.interruption.missing_sheets import Group
from veedor.interruption.sentences import GEOGRAPHY, lead_words
from veedor.interruption.split import Split
from veedor.wording import fill, number


def missing_finding(split: Split, groups: Sequence[Group], command: str) -> Finding:
    """`missing_like_counted`: holds where each missing sheet has a counted one in its own finest place."""
    by_name = {group.name: group for group in groups}
    late, whole = by_name["split_late"], by_name["all_late"]
    return Finding(
        check="missing_like_counted",
        title=Text(
            "Did the missing sheets come from the same places as the counted ones?",
            "¿Venían las actas faltantes de los mismos lugares que las contadas?",
        ),
        verdict=Verdict.DOES_NOT_HOLD if whole.sheets else Verdict.HOLDS,
        looked_at=int(split.missing.sum()),
        unit=Text("missing tally sheets", "actas faltantes"),
        expected=Text(
            "Each missing sheet has a counted one in its own finest place.",
            "Cada acta faltante tiene una contada en su mismo lugar.",
        ),
        found=whole.sheets,
        summary=fill(
            "{late} missing sheets lie in places of which others were counted (lead {late_lead}); {whole} in places of "
            "which none was (lead {whole_lead}).",
            "{late} actas faltantes son de lugares de los que otras se contaron (ventaja {late_lead}); {whole}, de "
            "lugares de los que ninguna (ventaja {whole_lead}).",
            late=number(late.sheets),
            late_lead=lead_words(late.lead),
            whole=number(whole.sheets),
            whole_lead=lead_words(whole.lead),
        ),
        cannot_show=Text(
            "Why these places were late.",
            "Por qué estos lugares llegaron tarde.",
        ),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={group.name: {"sheets": group.sheets, "valid": group.valid, "lead": group.lead} for group in groups},
        source="Long, Rosnick, Kharrazian and Cashman (CEPR 2019); Idrobo, Kronick and Rodríguez (2022)",
    )

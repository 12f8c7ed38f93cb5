"""Did the missing sheets come from the same places as the counted ones? Groups of sheets as a finding."""

from collections.abc import Sequence

from veedor.command import Command
from veedor.finding import Finding, Verdict
from veedor.interruption.outstanding.missing_sheets import Group
from veedor.interruption.sentences import GEOGRAPHY, lead_words
from veedor.interruption.split import Split
from veedor.interruption.texts import TEXTS
from veedor.wording import number


def missing_finding(split: Split, groups: Sequence[Group], command: Command) -> Finding:
    """`missing_like_counted`: holds where each missing sheet has a counted one in its own finest place."""
    by_name = {group.name: group for group in groups}
    late, whole = by_name["split_late"], by_name["all_late"]
    return Finding(
        check="missing_like_counted",
        title=TEXTS.say("missing_sheets.missing_finding.title"),
        verdict=Verdict.DOES_NOT_HOLD if whole.sheets else Verdict.HOLDS,
        looked_at=int(split.missing.sum()),
        unit=TEXTS.say("missing_sheets.missing_finding.unit"),
        expected=TEXTS.say("missing_sheets.missing_finding.expected"),
        found=whole.sheets,
        summary=TEXTS.say(
            "missing_sheets.missing_finding.summary",
            late=number(late.sheets),
            late_lead=lead_words(late.lead),
            whole=number(whole.sheets),
            whole_lead=lead_words(whole.lead),
        ),
        cannot_show=TEXTS.say("missing_sheets.missing_finding.cannot_show"),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={group.name: {"sheets": group.sheets, "valid": group.valid, "lead": group.lead} for group in groups},
        source="Long, Rosnick, Kharrazian and Cashman (CEPR 2019); Idrobo, Kronick and Rodríguez (2022)",
    )

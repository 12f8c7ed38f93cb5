"""Do the sheets published before the stop still say the same? Sheet against sheet, as a finding and as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from veedor.command import Command
from veedor.finding import Finding, Verdict
from veedor.interruption.revised import Revised
from veedor.interruption.sentences import SHEETS
from veedor.interruption.texts import TEXTS
from veedor.wording import number, signed


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


def revised_finding(revised: Revised, command: Command) -> Finding:
    """`counted_sheets_unchanged`: holds where every counted sheet has the universe's figures."""
    return Finding(
        check="counted_sheets_unchanged",
        title=TEXTS.say("revised.revised_finding.title"),
        verdict=(Verdict.DOES_NOT_HOLD if revised.sheets else Verdict.HOLDS)
        if revised.looked_at
        else Verdict.UNDECIDED,
        looked_at=revised.looked_at,
        unit=SHEETS,
        expected=TEXTS.say("revised.revised_finding.expected"),
        found=revised.sheets,
        summary=TEXTS.say("revised.revised_finding.not_applicable")
        if not revised.looked_at
        else TEXTS.say(
            "revised.revised_finding.summary",
            sheets=number(revised.sheets),
            all=number(revised.looked_at),
            valid=number(revised.valid),
            lead=signed(revised.on_lead),
        ),
        cannot_show=TEXTS.say("revised.revised_finding.cannot_show"),
        other_explanations=TEXTS.say("revised.revised_finding.other_explanations"),
        command=command,
        effect={"net": dict(revised.net), "lead": revised.on_lead},
        source=TEXTS.say("revised.revised_finding.source"),
    )

"""Did publication go on? The gaps of the interrupted count's clocks as a finding."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from veedor.command import Command
from veedor.finding import Finding, Text, Verdict
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.gaps import LEAST_SECONDS, TIMES, Gap
from veedor.interruption.clock.unpublished import Unpublished
from veedor.interruption.split import Split
from veedor.interruption.texts import TEXTS
from veedor.wording import duration, moment, number


def clock_name(clocks: Sequence[Ticks], name: str) -> Text:
    """A clock's name for people."""
    return next((ticks.name for ticks in clocks if ticks.id == name), Text.same(name))


def gaps_finding(
    split: Split, clocks: Sequence[Ticks], gaps: Sequence[Gap], unpublished: Sequence[Unpublished], command: Command
) -> Finding:
    """`publication_gaps`: holds where no gap of the count's clocks was found by the rule of `gaps`."""
    found = [gap for gap in gaps if gap.declared is None and gap.count == split.count]
    intervals = sum(
        ticks.publications.height - 1
        for ticks in clocks
        if ticks.publications is not None and ticks.count == split.count
    )
    longest = max(found, key=lambda gap: gap.seconds, default=None)
    verdict = Verdict.DOES_NOT_HOLD if found else Verdict.HOLDS if intervals else Verdict.UNDECIDED
    return Finding(
        check="publication_gaps",
        title=TEXTS.say("clock.gaps_finding.title"),
        verdict=verdict,
        looked_at=max(intervals, len(found)),
        unit=TEXTS.say("clock.gaps_finding.unit"),
        expected=TEXTS.say("clock.gaps_finding.expected", times=TIMES, least=duration(LEAST_SECONDS)),
        found=len(found),
        summary=_summary(longest, intervals, clocks, unpublished, split.election.zone),
        cannot_show=TEXTS.say("clock.gaps_finding.cannot_show"),
        other_explanations=TEXTS.say("clock.gaps_finding.other_explanations"),
        command=command,
        effect={"longest_seconds": longest.seconds if longest else 0 if intervals else None},
        items=[
            {
                "clock": gap.clock,
                "from": gap.start.isoformat(),
                "to": gap.end.isoformat(),
                "seconds": gap.seconds,
                "sheets_before": gap.sheets_before,
                "sheets_after": gap.sheets_after,
            }
            for gap in sorted(found, key=lambda gap: -gap.seconds)
        ],
        source=TEXTS.say("clock.gaps_finding.source"),
    )


def _summary(
    longest: Gap | None, intervals: int, clocks: Sequence[Ticks], unpublished: Sequence[Unpublished], zone: ZoneInfo
) -> Text:
    if longest is None:
        return TEXTS.say("clock.no_stop") if intervals else TEXTS.say("clock.no_clock")
    summary = TEXTS.say(
        "clock.summary_summary",
        length=duration(longest.seconds),
        start=moment(longest.start, zone),
        end=moment(longest.end, zone),
        clock=clock_name(clocks, longest.clock),
    )
    for each in unpublished:
        more = TEXTS.say("clock.summary_more", sheets=number(each.sheets), clock=clock_name(clocks, each.clock))
        summary = summary + more
    return summary

"""Do the tests reject only as often as they say? Shuffled sheets and placebo cuts as a finding."""

from collections.abc import Sequence

from veedor.command import Command
from veedor.finding import Finding, Text, Verdict
from veedor.interruption.regression.discontinuity import Jump
from veedor.interruption.regression.shuffles import Shuffled
from veedor.interruption.regression.trend import Slope
from veedor.interruption.sentences import SIGNIFICANT
from veedor.interruption.texts import TEXTS
from veedor.wording import number, per_cent

LEAST_SHUFFLES = 100


def level_finding(
    shuffles: Sequence[Shuffled], jumps: Sequence[Jump], slopes: Sequence[Slope], command: Command
) -> Finding:
    """`tests_keep_their_level`: holds where every test on placebo data rejects at most twice as often as it says."""
    shares = {
        **{f"within {each.level} ({each.of})": each.false_alarms for each in shuffles if each.of == "lead"},
        **{
            f"jump {jump.clock} {jump.bandwidth:g} {'within' if jump.within else 'raw'}": jump.placebo_share
            for jump in jumps
            if jump.placebo_share is not None and jump.placebo_cuts >= 10
        },
        **{
            f"trend {slope.clock} {slope.level}": slope.false_alarms
            for slope in slopes
            # A few dozen shuffles would make some of many tests look loud by chance.
            if slope.false_alarms is not None and slope.shuffles >= LEAST_SHUFFLES
        },
    }
    loud = {name: share for name, share in shares.items() if share > 2 * SIGNIFICANT}
    return Finding(
        check="tests_keep_their_level",
        title=TEXTS.say("level.level_finding.title"),
        verdict=(Verdict.DOES_NOT_HOLD if loud else Verdict.HOLDS) if shares else Verdict.UNDECIDED,
        looked_at=len(shares),
        unit=TEXTS.say("level.level_finding.unit"),
        expected=TEXTS.say("level.level_finding.expected"),
        found=len(loud),
        summary=level_sentence(len(loud), list(shares.values())),
        cannot_show=TEXTS.say("level.level_finding.cannot_show"),
        other_explanations=TEXTS.say("level.level_finding.other_explanations"),
        command=command,
        effect={"false_alarms": shares},
        source=TEXTS.say("level.level_finding.source"),
    )


def level_sentence(loud: int, shares: Sequence[float]) -> Text:
    """Number of tests that reject too often where nothing happened. shares: each test's false alarms."""
    if not shares:
        return TEXTS.say("level.not_run")
    most, tests = per_cent(max(shares), 0), number(len(shares))
    if not loud:
        return TEXTS.say("level.none_louder", tests=tests, most=most)
    return TEXTS.say("level.louder", loud=number(loud), tests=tests, most=most)

"""Did late sheets differ from the early ones of their own place? The regressions within places as a finding."""

from collections.abc import Sequence

from veedor.command import Command
from veedor.finding import Finding, Text, Verdict
from veedor.interruption.outstanding.missing_sheets import Group, OwnEarlyLead
from veedor.interruption.regression.shuffles import Shuffled
from veedor.interruption.regression.within import Within
from veedor.interruption.sentences import SHEETS, SIGNIFICANT
from veedor.interruption.split import Split
from veedor.interruption.texts import TEXTS
from veedor.wording import decimal, per_cent, points, signed


def within_finding(
    split: Split,
    within: Sequence[Within],
    shuffles: Sequence[Shuffled],
    groups: Sequence[Group],
    own_early: OwnEarlyLead,
    command: Command,
) -> Finding:
    """`within_place_change`: holds unless few ways to shuffle which sheets are late give as much as was measured."""
    finest = split.places.levels[-1]
    level = {each.id: each.name.text for each in split.election.levels}.get(finest, Text.same(finest))
    raw = next(each for each in within if each.of == "lead" and each.level == split.places.levels[0])
    inner = next(each for each in within if each.of == "lead" and each.level == finest)
    test = next((each for each in shuffles if each.of == "lead" and each.level == finest), None)
    known = inner.estimate is not None and test is not None
    late = next(group for group in groups if group.name == "split_late")
    votes = round((inner.estimate or 0.0) / 100.0 * late.valid)
    departs = known and test is not None and test.p_value < SIGNIFICANT
    return Finding(
        check="within_place_change",
        title=TEXTS.say("within.within_finding.title"),
        verdict=(Verdict.DOES_NOT_HOLD if departs else Verdict.HOLDS) if known else Verdict.UNDECIDED,
        looked_at=inner.n if known else 0,
        unit=SHEETS,
        expected=TEXTS.say("within.within_finding.expected", finest=level),
        found=int(departs),
        summary=_summary(raw, inner, test if known else None, level, votes),
        uncertainty=_uncertainty(test if known else None),
        cannot_show=TEXTS.say("within.within_finding.cannot_show"),
        other_explanations=TEXTS.say("within.within_finding.other_explanations"),
        command=command,
        effect={
            "estimate": None if inner.estimate is None else inner.estimate / 100.0,
            "votes": None if inner.estimate is None else votes,
            "own_early_lead_residual_votes": own_early.residual_votes,
            "p_value": test.p_value if test else None,
        },
        source="Escobari and Hoover (2020, 2024); Idrobo, Kronick and Rodríguez (2022)",
    )


def _summary(raw: Within, inner: Within, test: Shuffled | None, level: Text, votes: int) -> Text:
    """Late minus early lead. test: None where there is nothing to compare; votes: the lead that it would be."""
    return (
        TEXTS.say("within.too_few")
        if test is None
        else TEXTS.say(
            "within.compared",
            raw=points((raw.estimate or 0.0) / 100),
            inner=points((inner.estimate or 0.0) / 100),
            finest=level,
            se=decimal(inner.se or 0.0, 3),
            clustered=decimal(inner.se_clustered or 0.0, 3),
            p=per_cent(test.p_value, 1),
            votes=signed(votes),
        )
    )


def _uncertainty(test: Shuffled | None) -> Text | None:
    return None if test is None else TEXTS.say("within.uncertainty", alarms=per_cent(test.false_alarms, 1))

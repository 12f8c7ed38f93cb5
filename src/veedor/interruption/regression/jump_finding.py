"""Is there a jump at the stop? The discontinuities as a finding."""

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from veedor.command import Command
from veedor.finding import Finding, Text, Verdict
from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.clock.finding import clock_name
from veedor.interruption.regression.discontinuity import Jump
from veedor.interruption.sentences import GEOGRAPHY, SIGNIFICANT
from veedor.interruption.texts import TEXTS
from veedor.wording import decimal, per_cent, points


def jump_finding(clocks: Sequence[Ticks], jumps: Sequence[Jump], command: Command) -> Finding:
    """`jump_at_stop`: holds unless, within places, a jump is beyond both its standard error and its placebos."""
    inner = [jump for jump in jumps if jump.within and jump.estimate is not None and jump.se]
    beyond = [jump for jump in inner if _is_beyond(jump, len(inner))]
    raw = [jump.placebo_share for jump in jumps if not jump.within and jump.placebo_share is not None]
    largest = max(inner, key=lambda jump: abs((jump.estimate or 0.0) / (jump.se or 1.0)), default=None)
    return Finding(
        check="jump_at_stop",
        title=TEXTS.say("jump.jump_finding.title"),
        verdict=(Verdict.DOES_NOT_HOLD if beyond else Verdict.HOLDS) if inner else Verdict.UNDECIDED,
        looked_at=len(inner),
        unit=TEXTS.say("jump.jump_finding.unit"),
        expected=TEXTS.say("jump.jump_finding.expected"),
        found=len(beyond),
        summary=_summary(clocks, largest, float(np.mean(raw)) if raw else None),
        cannot_show=TEXTS.say("jump.jump_finding.cannot_show"),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={
            "largest_jump": (largest.estimate or 0.0) / 100.0 if largest else None,
            "raw_placebo_share": float(np.mean(raw)) if raw else None,
        },
        source="Hahn, Todd and Van der Klaauw (2001); Newman (2020); Idrobo, Kronick and Rodríguez (2022)",
    )


def _is_beyond(jump: Jump, tests: int) -> bool:
    t = abs((jump.estimate or 0.0) / (jump.se or 1.0))
    # Bonferroni over the regressions of this study; the placebos guard against wrong standard errors.
    return bool(t > NormalDist().inv_cdf(1 - SIGNIFICANT / 2 / tests)) and (jump.placebo_rank or 0.0) <= SIGNIFICANT


def _summary(clocks: Sequence[Ticks], largest: Jump | None, share: float | None) -> Text:
    """The largest jump within places, and how often cuts where nothing happened look like one."""
    if largest is None:
        return TEXTS.say("jump.no_order")
    jump = TEXTS.say(
        "jump.largest",
        jump=points((largest.estimate or 0.0) / 100),
        se=decimal(largest.se or 0.0),
        clock=clock_name(clocks, largest.clock),
    )
    if share is None:
        return jump
    return TEXTS.say("jump.without_places", jump=jump, share=per_cent(share, 0))

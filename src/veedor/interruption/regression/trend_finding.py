"""Did the leader's share move because other places came, or within places? The slopes as a finding."""

from collections.abc import Sequence

from veedor.command import Command
from veedor.finding import Finding, Verdict
from veedor.interruption.regression.discontinuity import CRITICAL
from veedor.interruption.regression.trend import Slope
from veedor.interruption.sentences import GEOGRAPHY
from veedor.interruption.split import Split
from veedor.interruption.texts import TEXTS
from veedor.wording import per_cent


def _is_sloped(slope: Slope) -> bool:
    return bool(slope.slope is not None and slope.se and abs(slope.slope / slope.se) > CRITICAL)


def trend_finding(split: Split, slopes: Sequence[Slope], command: Command) -> Finding:
    """`trend_between_places`: holds where most of a slope vanishes within places.

    Undecided where no clock has a slope beyond chance.
    """
    finest = split.places.levels[-1]
    inner = [slope for slope in slopes if slope.level == finest and slope.slope is not None and slope.se]
    raw = [slope for slope in slopes if slope.level == split.places.levels[0] and slope.slope is not None]
    # A slope that chance alone can give has no parts to speak of.
    pairs = [(one, other) for one in inner for other in raw if one.clock == other.clock and _is_sloped(other)]
    explained = [1 - abs((one.slope or 0.0) / (other.slope or 1.0)) for one, other in pairs]
    slow = [one for (one, _), share in zip(pairs, explained, strict=True) if share < 0.5 and _is_sloped(one)]
    return Finding(
        check="trend_between_places",
        title=TEXTS.say("trend.trend_finding.title"),
        verdict=(Verdict.DOES_NOT_HOLD if slow else Verdict.HOLDS) if explained else Verdict.UNDECIDED,
        looked_at=len(explained),
        unit=TEXTS.say("trend.trend_finding.unit"),
        expected=TEXTS.say("trend.trend_finding.expected"),
        found=len(slow),
        summary=TEXTS.say("trend.trend_finding.no_order")
        if not inner
        else TEXTS.say("trend.trend_finding.no_slope")
        if not explained
        else TEXTS.say("trend.trend_finding.summary", share=per_cent(min(explained, default=0.0), 0)),
        cannot_show=TEXTS.say("trend.trend_finding.cannot_show"),
        other_explanations=GEOGRAPHY,
        command=command,
        effect={
            "slopes": [
                {"clock": slope.clock, "level": slope.level, "slope": slope.slope, "se": slope.se}
                for slope in (*raw, *inner)
            ]
        },
        source="OAS (2019); Idrobo, Kronick and Rodríguez (2022)",
    )

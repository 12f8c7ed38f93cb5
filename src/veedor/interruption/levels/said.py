"""A finding with its false alarms: a sentence for people, and the same in figures."""

from dataclasses import replace

from veedor.finding import Finding, Text
from veedor.interruption.levels.table import Level, level_of
from veedor.interruption.texts import TEXTS
from veedor.wording import number, per_cent


def with_level(finding: Finding, taken_for: str | None) -> Finding:
    """The finding, its false alarms on simulated elections in `uncertainty` and in `effect` where they are known.

    taken_for: what the projection takes this election for; None: no projection tells.
    """
    level = level_of(finding.check, taken_for)
    if level is None:
        return finding
    said = _sentence(level)
    return replace(
        finding,
        uncertainty=said if finding.uncertainty is None else Text.join(" ", (finding.uncertainty, said)),
        effect={**finding.effect, "simulated_false_alarms": level.as_json()},
    )


def _sentence(level: Level) -> Text:
    key = "levels.every_kind" if level.taken_for is None else f"levels.taken_for.{level.taken_for}"
    return TEXTS.say(
        key,
        elections=number(level.elections),
        share=per_cent(level.share, 1),
        worst=Text.same(level.worst),
        most=per_cent(level.worst_share, 1),
    )

"""What one check or test answers: a finding and its three verdicts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from veedor.notebook import definitions, one_line

Json = Any
"""A value that json.dumps takes as it is: no dates, no polars or NumPy scalars."""


class Text(NamedTuple):
    """A sentence for people, in the languages of the dossier."""

    en: str
    es: str


class Verdict(StrEnum):
    """holds, does not hold, or not enough to say."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does_not_hold"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True, repr=False)
class Finding:
    """One answer of one check or test. It says what was measured, never who did what.

    check: the name by which the command line and claims call it, lower_snake_case.
    looked_at: how many units (unit says which) were examined; a verdict needs at least one.
    found: how many of them depart from what was expected.
    effect: size of the departure in votes and stations, or a test's statistics; documented by each check.
    items: the units that depart, worst first; items_total counts them where the list is cut.
    other_explanations: what else, besides a wrong count, produces such a finding.
    source: the rule, paper or article that the check follows; a citation as it is, other words in both languages.
    """

    check: str
    title: Text
    verdict: Verdict
    looked_at: int
    unit: Text
    expected: Text
    found: int
    summary: Text
    cannot_show: Text
    other_explanations: Text
    command: str
    effect: Mapping[str, Json] = field(default_factory=dict)
    uncertainty: Text | None = None
    items: Sequence[Mapping[str, Json]] = ()
    items_total: int = 0
    source: str | Text = ""

    def __post_init__(self) -> None:
        if self.looked_at == 0 and self.verdict is not Verdict.UNDECIDED:
            raise ValueError(f"{self.check}: a verdict on 0 {self.unit.en}")
        if self.items_total < len(self.items):
            object.__setattr__(self, "items_total", len(self.items))

    def __repr__(self) -> str:
        return one_line(f"<Finding {self.check}, {self.verdict.value}: {self.summary.en}>")

    def _repr_html_(self) -> str:
        heads = ("summary", "expected", "uncertainty", "other_explanations", "cannot_show")
        said = [(head.replace("_", " "), getattr(getattr(self, head), "en", "")) for head in heads]
        title = f"{self.title.en}: {self.verdict.value.replace('_', ' ')}"
        return definitions(title, [*said, ("command", self.command)])

    def as_json(self) -> dict[str, Json]:
        """As documents hold it."""
        return finding_as_json(self)


TEXTS = ("title", "unit", "expected", "summary", "cannot_show", "other_explanations", "uncertainty")


def finding_as_json(finding: Finding) -> dict[str, Json]:
    """The finding as one JSON object: sentences in English by name, other languages under `translations`."""
    texts = {name: getattr(finding, name) for name in TEXTS}
    source = finding.source if isinstance(finding.source, Text) else Text(finding.source, finding.source)
    return {
        "check": finding.check,
        "verdict": finding.verdict.value,
        "looked_at": finding.looked_at,
        "found": finding.found,
        **{name: text.en if text else None for name, text in texts.items()},
        "effect": dict(finding.effect),
        "source": source.en,
        "command": finding.command,
        "items": [dict(item) for item in finding.items],
        "items_total": finding.items_total,
        "translations": {
            "es": {**{name: text.es if text else None for name, text in texts.items()}, "source": source.es}
        },
    }

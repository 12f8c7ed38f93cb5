"""The study of a stop as the overview may show it: only where it says something, and seen from the official winner."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from veedor.dossier.parsed import Parsed
from veedor.dossier.show.figures import figure
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published


@dataclass(frozen=True, kw_only=True)
class Method:
    """One rule's projection from the sheets counted before the stop. low, high: its calibrated 95 % range.

    All leads are fractions of the valid votes, of the one whom the count shown puts first. observed: the published
    lead, with the sheets counted before the stop as they were then. number: its position in the document.
    outcomes: share of its simulations by outcome, at outcomes_path.
    """

    number: int
    mean: float
    low: float
    high: float
    observed: float
    unexplained: float
    outcomes: Mapping[str, float]
    outcomes_path: str


@dataclass(frozen=True, kw_only=True)
class Study:
    """The study, with each lead turned so that the one whom the count shown puts first is first.

    drawn: methods that project from the sheets as published before the stop, with a range. turned: whether the
    document has the two the other way round.
    """

    document: Parsed
    first: str
    second: str
    turned: bool
    drawn: tuple[Method, ...]
    command: str

    @property
    def finding(self) -> Parsed:
        """What it says of the final lead."""
        return next(one for one in self.document["findings"] if one["check"] == "lead_as_projected")

    @property
    def missing_share(self) -> float:
        """Of all sheets, those that were missing at the stop."""
        needed = self.document["needed"]
        whole = needed["missing_sheets"] + needed["counted_sheets"]
        return float(needed["missing_sheets"] / whole) if whole else 1.0

    @property
    def mostly_missing(self) -> bool:
        """True if fewer than half of the sheets were counted at a stop that nobody declared."""
        return self.document["stop"]["declared"] is None and self.missing_share > 0.5

    @property
    def tells(self) -> bool:
        """True if the projections may be shown away from their own page: most was counted, and something is decided."""
        return not self.mostly_missing and self.finding["verdict"] != "undecided"

    def is_of(self, stop: Parsed) -> bool:
        """True if it is about this stop."""
        return bool(self.document["stop"]["from"] == stop["start"] and self.document["stop"]["to"] == stop["end"])

    def points(self, one: Method, which: str, lang: Language) -> Markup:
        """A method's mean, or an end of its range, in points."""
        value = {"mean": one.mean, "low": one.low, "high": one.high}[which]
        end = {"low": "0.025", "high": "0.975"} if not self.turned else {"low": "0.975", "high": "0.025"}
        path = "mean" if which == "mean" else f"calibrated/quantiles/{end[which]}"
        return figure(lang.number(100 * value, 1), f"projections/{one.number}/{path}", self._as_found(value))

    def observed(self, lang: Language) -> Markup:
        """The published lead, in points."""
        value = self.drawn[0].observed
        path = f"projections/{self.drawn[0].number}/observed"
        return figure(lang.number(100 * value, 2), path, self._as_found(value))

    def votes(self, one: Method, lang: Language) -> Markup:
        """What a method leaves unexplained of the lead in the missing sheets, in votes with their sign."""
        path = f"projections/{one.number}/unexplained_votes"
        return figure(lang.signed(round(one.unexplained)), path, self._as_found(one.unexplained))

    def _as_found(self, value: float) -> float:
        return -value if self.turned else value


def study_shown(published: Published) -> Study | None:
    """The study of the dossier; None where there is none, or its two are not the first two of the count shown."""
    document, leading = published.results.get("interruption.json"), published.ranking(2)
    if document is None or len(leading) < 2:
        return None
    first, second = (choice.id for choice in leading)
    if {first, second} != {document["first"], document["second"]}:
        return None
    turned = document["first"] != first
    methods = (_method(number, each, turned) for number, each in enumerate(document["projections"]))
    return Study(
        document=document,
        first=first,
        second=second,
        turned=turned,
        drawn=tuple(method for method in methods if method is not None),
        command=document["findings"][0]["command"],
    )


def _method(number: int, each: Parsed, turned: bool) -> Method | None:
    calibrated = each["calibrated"]
    if each["values"] != "cut" or not calibrated or "0.025" not in calibrated["quantiles"]:
        return None
    sign = -1 if turned else 1
    low, high = sorted(sign * calibrated["quantiles"][end] for end in ("0.025", "0.975"))
    own = calibrated["p_outcome"] or {}
    return Method(
        number=number,
        mean=sign * each["mean"],
        low=low,
        high=high,
        observed=sign * each["observed"],
        unexplained=sign * each["unexplained_votes"],
        outcomes=own,
        outcomes_path=f"projections/{number}/calibrated/p_outcome",
    )

"""What claims are bound to beside findings: which audit or record these are about, and each rule's projection."""

from collections.abc import Iterable, Mapping, Sequence

from veedor.claims.bind import OF
from veedor.document import Json

PROJECTIONS = "projections"
"""The entry of the interruption that has a figure for each rule of projection, by the rule's name."""

Entry = Mapping[str, Json]
Entries = list[dict[str, Json]]


def of_audit(findings: Iterable[Entry], report: Json) -> Entries:
    """The audit's findings, each with what the audit is called by: the SHA-256 of its plan, and its signatories' keys.

    What an audit would need is about the published sheets, whatever audit there is.
    """
    names = _called(report)
    return [{**one} if one["check"] == "audit_need" else {**one, OF: list(names)} for one in findings]


def _called(report: Json) -> list[Json]:
    """The hash and the keys in an audit's report; nothing where there is no audit."""
    if not isinstance(report, Mapping):
        return []
    plan, status = report.get("plan"), report.get("status")
    hashes = [status.get("plan")] if isinstance(status, Mapping) else []
    signatories = plan.get("signatories") if isinstance(plan, Mapping) else None
    keys = [one.get("key") for one in signatories if isinstance(one, Mapping)] if isinstance(signatories, list) else []
    return [name for name in (*hashes, *keys) if name is not None]


def of_record(findings: Iterable[Entry], names: Sequence[str]) -> Entries:
    """The record's findings, each with the log's origin and keys."""
    return [{**one, OF: list(names)} for one in findings]


def with_projections(findings: Iterable[Entry], document: Json) -> Entries:
    """The study's findings and an entry with each rule's projection from the sheets as published before the stop.

    mean: of the projected lead; low, high: its calibrated 95 % range; inside: whether the published lead lies in it;
    unexplained_votes: what it leaves of the lead in the missing sheets. All are fractions but the votes.
    """
    listed = [{**one} for one in findings]
    rows = document.get(PROJECTIONS) if isinstance(document, Mapping) else None
    drawn = [one for one in rows if isinstance(one, Mapping)] if isinstance(rows, list) else []
    figures = [found for one in drawn if (found := _figures(one)) is not None]
    about = next((one for one in listed if one["check"] == "lead_as_projected"), None)
    if about is None or not figures:
        return listed
    shown: dict[str, Json] = {key: about[key] for key in ("title", "summary", "translations", "command")}
    names = ("mean", "low", "high", "inside", "unexplained_votes")
    by_rule: dict[str, Json] = {name: {rule: values[name] for rule, values in figures} for name in names}
    return [*listed, {**shown, **by_rule, "check": PROJECTIONS, "looked_at": len(figures)}]


def _figures(one: Mapping[str, Json]) -> tuple[str, dict[str, Json]] | None:
    """A rule's name and its figures; None where it has no range, or takes the counted sheets as they were later."""
    calibrated = one.get("calibrated")
    ends = calibrated.get("quantiles") if isinstance(calibrated, Mapping) else None
    if one.get("values") != "cut" or not isinstance(ends, Mapping) or "0.025" not in ends:
        return None
    low, high, observed = ends["0.025"], ends["0.975"], one["observed_alike"]
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert isinstance(observed, float)
    return str(one["rule"]), {
        "mean": one["mean"],
        "low": low,
        "high": high,
        "inside": low <= observed <= high,
        "unexplained_votes": one["unexplained_votes"],
    }

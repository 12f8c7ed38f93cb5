"""Who was missing: the sheets not published at the stop, by how near the nearest counted sheet lay, and by group."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from veedor.interruption.places import Codes
from veedor.interruption.split import Split, lead_of

PRECINCT_GROUPS = ("all_early", "split_early", "split_late", "all_late")
"""Sheets of places wholly counted at the stop; the counted and the missing sheets of places cut in two; sheets of
places of which nothing was counted. The place is that of the finest level."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A set of sheets: how many, their registered voters, valid votes, and lead as a fraction of valid votes."""

    name: str
    sheets: int
    registered: int
    valid: int
    lead: float | None


def group_of(split: Split, name: str, members: NDArray[np.bool_]) -> Group:
    """A group's figures, on final values."""
    votes = split.final[members]
    valid = int(votes.sum())
    return Group(
        name=name,
        sheets=int(members.sum()),
        registered=int(split.registered[members].sum()),
        valid=valid,
        lead=lead_of(votes) if valid else None,
    )


def precinct_membership(split: Split) -> dict[str, NDArray[np.bool_]]:
    """bool[station] for each of PRECINCT_GROUPS."""
    place = split.places.codes[split.places.finest]
    size = split.places.sizes[split.places.finest]
    early = np.bincount(place, split.counted, size)[place] > 0
    late = np.bincount(place, split.missing, size)[place] > 0
    return {
        "all_early": split.counted & ~late,
        "split_early": split.counted & late,
        "split_late": split.missing & early,
        "all_late": split.missing & ~early,
    }


def precinct_groups(split: Split) -> list[Group]:
    """The four groups of PRECINCT_GROUPS."""
    return [group_of(split, name, members) for name, members in precinct_membership(split).items()]


def missing_by_level(split: Split, donor_level: Codes) -> dict[str, int]:
    """Missing sheets by the finest level at which their place has a counted sheet; "none" where no level has one.

    donor_level: int[missing sheet], as in Donors.level.
    """
    names = split.places.levels
    counts = {names[level]: int(np.sum(donor_level == level)) for level in reversed(range(len(names)))}
    return {**counts, "none": int(np.sum(donor_level < 0))}


def groups_by(split: Split, group: Sequence[str | None]) -> list[tuple[Group, Group]]:
    """For each value of a grouping (None: not sorted): its counted and its missing sheets, by the value's name."""
    values = np.array(["" if value is None else value for value in group])
    pairs = []
    for value in sorted(set(values.tolist())):
        members = values == value
        name = value or "unknown"
        pairs.append((group_of(split, name, members & split.counted), group_of(split, name, members & split.missing)))
    return pairs


@dataclass(frozen=True, kw_only=True)
class OwnEarlyLead:
    """The missing sheets of cut places, had they voted as the counted sheets of their own place.

    expected, observed: leads as fractions of the missing sheets' own valid votes; residual_votes: the difference
    between them, in votes of the lead.
    """

    sheets: int
    valid: int
    expected: float | None
    observed: float | None
    residual_votes: float | None


def own_early_lead(split: Split) -> OwnEarlyLead:
    """Project the missing sheets of cut places at their own place's early lead (final values on both sides)."""
    groups = precinct_membership(split)
    place, size = split.places.codes[split.places.finest], split.places.sizes[split.places.finest]
    margin = (split.final[:, 0] - split.final[:, 1]).astype(np.float64)
    valid = split.final.sum(axis=1).astype(np.float64)
    early, late = groups["split_early"], groups["split_late"]
    early_valid = np.bincount(place, valid * early, size)
    early_lead = np.divide(
        np.bincount(place, margin * early, size), early_valid, out=np.zeros(size), where=early_valid > 0
    )
    usable = late & (early_valid[place] > 0)
    total = float(valid[usable].sum())
    if total == 0:
        return OwnEarlyLead(sheets=int(usable.sum()), valid=0, expected=None, observed=None, residual_votes=None)
    expected = float(np.sum(valid[usable] * early_lead[place[usable]]))
    observed = float(margin[usable].sum())
    return OwnEarlyLead(
        sheets=int(usable.sum()),
        valid=int(total),
        expected=expected / total,
        observed=observed / total,
        residual_votes=observed - expected,
    )


def hidden_places(split: Split) -> float:
    """Share of the missing sheets of whose finest place none was counted, though one was in the place around it.

    Where it is large, what makes places late is a trait of places, not of the towns or regions around them; if that
    trait moves votes, no counted sheet tells.
    """
    places, missing = split.places, np.flatnonzero(split.missing)
    if places.finest == 0 or not missing.size:
        return 0.0
    own, around = (
        np.bincount(codes[split.counted], minlength=size)[codes[missing]] > 0
        for codes, size in zip(places.codes[-2:][::-1], places.sizes[-2:][::-1], strict=True)
    )
    return float(np.mean(~own & around))

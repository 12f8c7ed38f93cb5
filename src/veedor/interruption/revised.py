"""Sheets published before the stop with figures other than the universe's: how many, and their net effect."""

from dataclasses import dataclass

import numpy as np

from veedor.interruption.split import GROUPS, UNUSED, Split


@dataclass(frozen=True, kw_only=True)
class Revised:
    """Counted sheets that differ from the universe's in any choice's votes, in blank or null ballots.

    net: gained from the cut to the universe by each group and by blank and null; on_lead: first minus second.
    valid: how many of the sheets differ in the leader's, the runner-up's or all others' votes.
    """

    looked_at: int
    sheets: int
    valid: int
    net: dict[str, int]
    on_lead: int


def revised_sheets(split: Split) -> Revised:
    """Compare the counted sheets' votes at the cut with the universe's."""
    votes = (split.final - split.at_cut)[split.counted]
    unused = (split.unused - split.unused_at_cut)[split.counted]
    change = np.concatenate([votes, unused], axis=1)
    net = change.sum(axis=0)
    return Revised(
        looked_at=int(split.counted.sum()),
        sheets=int(np.count_nonzero(split.differs)),
        valid=int(np.count_nonzero(votes.any(axis=1))),
        net={group: int(net[index]) for index, group in enumerate((*GROUPS, *UNUSED))},
        on_lead=int(net[0] - net[1]),
    )

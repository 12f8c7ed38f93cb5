"""Sheets published before the stop with figures other than the universe's: how many, and their net effect."""

from dataclasses import dataclass

import numpy as np

from veedor.interruption.split import GROUPS, Split


@dataclass(frozen=True, kw_only=True)
class Revised:
    """Counted sheets whose votes for the leader, the runner-up or all others differ from the universe's.

    net: votes gained from the cut to the universe for each group; on_lead: of them, on first minus second.
    """

    looked_at: int
    sheets: int
    net: dict[str, int]
    on_lead: int


def revised_sheets(split: Split) -> Revised:
    """Compare the counted sheets' votes at the cut with the universe's."""
    change = (split.final - split.at_cut)[split.counted]
    net = change.sum(axis=0)
    return Revised(
        looked_at=int(split.counted.sum()),
        sheets=int(np.count_nonzero(change.any(axis=1))),
        net={group: int(net[index]) for index, group in enumerate(GROUPS)},
        on_lead=int(net[0] - net[1]),
    )

"""The order in which sheets passed a clock, as a running variable: per cent of the universe's sheets passed.

Sheets that passed together (one batch, one second) share the middle of their ranks: an order inside a batch that the
source does not give is never made up.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veedor.interruption.clock.clocks import Ticks
from veedor.interruption.split import Split

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Order:
    """A clock's order over the universe's stations.

    position: float[station] in per cent of the universe, NaN where the clock has no tick of a sheet.
    cut: the position at which the stop falls; None where the clock's own ticks cannot say.
    """

    clock: str
    position: Floats
    cut: float | None


def orders_of(ticks: Ticks, split: Split) -> Order | None:
    """The order of a clock by sheets; None for a clock by publications."""
    if ticks.sheets is None:
        return None
    key = "when" if "when" in ticks.sheets.columns else "order"
    keys = ticks.sheets.unique("station", keep="first").select("station", pl.col(key).alias("key"))
    joined = pl.DataFrame({"station": split.station}).join(keys, on="station", how="left", maintain_order="left")
    value = joined["key"].to_physical() if key == "when" else joined["key"]
    rank = value.rank("average").to_numpy().astype(np.float64)
    position = 100.0 * (rank - 0.5) / len(split.station)
    return Order(clock=ticks.id, position=position, cut=_cut(ticks, split, joined["key"], key, position))


def _cut(ticks: Ticks, split: Split, keys: pl.Series, key: str, position: Floats) -> float | None:
    """Where the stop falls: after the last tick before it. A clock by batches: after the last batch that was published
    (all but a hundredth of its sheets are among the published ones)."""
    if ticks.count != split.count:
        return None
    known = ~np.isnan(position)
    if key == "when":
        before = (keys <= split.cut).fill_null(value=False).to_numpy()
    else:
        table = pl.DataFrame({"key": keys, "published": split.counted}).drop_nulls("key")
        shown = table.group_by("key").agg(pl.col("published").mean()).filter(pl.col("published") >= 0.99)["key"]
        if shown.is_empty():
            return None
        before = (keys <= shown.max()).fill_null(value=False).to_numpy()
    passed = int(np.sum(before & known))
    return 100.0 * passed / len(split.station) if 0 < passed < int(known.sum()) else None

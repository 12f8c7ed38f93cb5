"""The design of a quick count from its frame: what is drawn of each stratum, and the documents of the draw."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from veedor.document import LEFT_OUT
from veedor.errors import Fault, InputError, VeedorError
from veedor.quickcount.definition import DesignTable, FrameTable, QuickCount
from veedor.quickcount.frame import ONE, ROLL, STRATUM, natural
from veedor.quickcount.night import columns_of, named
from veedor.quickcount.sample.allocation import Needed, allocated
from veedor.quickcount.sample.ceremony import Listed, plan_of
from veedor.quickcount.tables import ROW, STATION, read_table

SPREAD = "\0spread"


@dataclass(frozen=True, kw_only=True)
class StratumDrawn:
    """A stratum's stations, how many of them are drawn, and with Neyman's allocation the spread within it."""

    stratum: str
    stations: int
    drawn: int
    spread: float | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class Design:
    """What the draw is made from."""

    frame: tuple[Listed, ...]
    strata: tuple[StratumDrawn, ...]
    plan: str

    @property
    def sizes(self) -> dict[str, int]:
        """Stations drawn of each stratum."""
        return {one.stratum: one.drawn for one in self.strata}


@dataclass(frozen=True, kw_only=True)
class DesignDocument:
    """`veedor quickcount design --json`. plan: hash of frame and sizes; needed: what the margin takes, by formula.

    commitment: to the salt, published before the seed.
    """

    election: str
    plan: str
    stations: int
    drawn: int
    strata: Sequence[StratumDrawn]
    needed: Needed | None = field(default=None, metadata=LEFT_OUT)
    commitment: str | None = field(default=None, metadata=LEFT_OUT)


@dataclass(frozen=True, kw_only=True)
class DrawDocument:
    """`veedor quickcount draw --json`. sample: the commitment to the sample's file, which is not shown."""

    election: str
    plan: str
    seed: str
    commitment: str
    sample: str
    drawn: int


@dataclass(frozen=True, kw_only=True)
class OpenDocument:
    """`veedor quickcount open --json`: True where salt and sample are those committed to, and drawn by the seed."""

    election: str
    plan: str
    seed: str
    commitment_holds: bool
    sample_holds: bool
    drawn_again: bool


def design_of(quick: QuickCount, data: Path) -> Design:
    """The allocation that `[design]` asks for. Raises VeedorError without it, or without a frame's file."""
    table, asked = quick.frame, quick.design
    if asked is None:
        raise VeedorError("quickcount.toml has no [design]: give it at least `size`, the stations to draw")
    if not isinstance(table, FrameTable) or table.station is None:
        raise VeedorError("a draw needs [frame] with a file and its column `station`")
    spread = [asked.spread] if asked.spread is not None else []
    found = named(read_table(table, data, [*columns_of(table), *spread]), table)
    if STRATUM not in found.columns:
        found = found.with_columns(pl.lit(ONE).alias(STRATUM))
    if asked.spread is not None:
        found = _with_spread(found, table, asked.spread)
    return _design(found, asked)


def _with_spread(found: pl.DataFrame, table: FrameTable, column: str) -> pl.DataFrame:
    read = found.with_columns(pl.col(column).cast(pl.Float64, strict=False).alias(SPREAD))
    faults = [
        Fault(
            file=table.file, row=row, column=column, found=repr(cell), wanted="a number, for the spread in its stratum"
        )
        for row, cell in read.filter(~pl.col(SPREAD).is_finite().fill_null(False)).select(ROW, column).iter_rows()
    ]
    if faults:
        raise InputError(faults)
    return read


def _design(found: pl.DataFrame, asked: DesignTable) -> Design:
    spread = [pl.col(SPREAD).std(ddof=0)] if asked.spread is not None else []
    counted = found.group_by(STRATUM).agg(pl.len().alias(ROW), *spread).iter_rows(named=True)
    rows = sorted(counted, key=lambda row: natural(row[STRATUM]))
    stations = [int(row[ROW]) for row in rows]
    spreads = [float(row[SPREAD]) for row in rows] if spread else None
    weights = np.array(stations, dtype=np.float64) * (1.0 if spreads is None else np.array(spreads))
    sizes = allocated(stations, weights, asked.size, asked.minimum)
    rolls = found[ROLL].to_list() if ROLL in found.columns else [None] * found.height
    frame = tuple(
        Listed(station=station, stratum=stratum, roll=roll)
        for station, stratum, roll in zip(found[STATION], found[STRATUM], rolls, strict=True)
    )
    strata = tuple(
        StratumDrawn(
            stratum=row[STRATUM], stations=number, drawn=drawn, spread=None if spreads is None else spreads[place]
        )
        for place, (row, number, drawn) in enumerate(zip(rows, stations, sizes, strict=True))
    )
    return Design(frame=frame, strata=strata, plan=plan_of(frame, {one.stratum: one.drawn for one in strata}))

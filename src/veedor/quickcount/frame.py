"""The strata, or cells, of all stations: what the reports are weighted up to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from veedor.errors import Fault, InputError
from veedor.quickcount.definition import FrameTable, NumberOfStations, QuickCount
from veedor.quickcount.tables import ROW

Counts = npt.NDArray[np.int64]
STRATUM = "\0stratum"
GROUP = "\0group"
ROLL = "\0roll"
ONE = ""
"""The stratum of those who have none."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The strata, or cells, of all stations.

    columns: what tells them apart (none if there is one for all); keys: those columns' values, in order; groups: the
    larger area of each; stations: float[stratum], of the election, or of the sample where there is no frame; roll:
    int[stratum], registered voters; known: True if their number is known; listed: True if a file lists them.
    """

    columns: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]
    groups: tuple[str, ...]
    stations: npt.NDArray[np.float64]
    roll: Counts | None
    known: bool
    listed: bool


def frame_of(
    quick: QuickCount,
    listing: pl.DataFrame | None,
    sample: pl.DataFrame | None,
    reports: pl.DataFrame,
    cells: Sequence[str] | None,
) -> Frame:
    """The strata with their stations: of the frame, else of the sample, else of the reports, else one for all."""
    source = next(table for table in (listing, sample, reports) if table is not None)
    keys = list(cells) if cells else [STRATUM] if STRATUM in source.columns else []
    if not keys:
        return _one_stratum(quick, listing if listing is not None else sample)
    group = pl.col(GROUP).first() if GROUP in source.columns else pl.lit(ONE).first().alias(GROUP)
    roll = [pl.col(ROLL).sum()] if ROLL in source.columns else []
    counted = source.group_by(keys, maintain_order=True).agg(pl.len().cast(pl.Int64).alias(ROW), group, *roll)
    ordered = sorted(counted.iter_rows(named=True), key=lambda row: [natural(row[name]) for name in keys])
    return Frame(
        columns=tuple(keys),
        keys=tuple(tuple(_said(row[name]) for name in keys) for row in ordered),
        groups=tuple(_said(row[GROUP]) for row in ordered),
        stations=np.array([row[ROW] for row in ordered], dtype=np.float64) * _each(quick, source),
        roll=np.array([row[ROLL] for row in ordered], dtype=np.int64) if roll else None,
        known=quick.frame is not None,
        listed=listing is not None,
    )


def _each(quick: QuickCount, source: pl.DataFrame) -> float:
    """Stations of the election for each of the source: one of a frame; else the same for all (in proportion)."""
    return quick.frame.stations / source.height if isinstance(quick.frame, NumberOfStations) else 1.0


def _one_stratum(quick: QuickCount, source: pl.DataFrame | None) -> Frame:
    """A frame without strata."""
    if isinstance(quick.frame, NumberOfStations):
        number = quick.frame.stations
    elif source is not None:
        number = source.height
    else:
        assert isinstance(quick.sample, NumberOfStations), "a sample is a file or a number"
        number = quick.sample.stations
    roll = source[ROLL].sum() if isinstance(quick.frame, FrameTable) and source is not None and ROLL in source else None
    return Frame(
        columns=(),
        keys=((ONE,),),
        groups=(ONE,),
        stations=np.array([number], dtype=np.float64),
        roll=None if roll is None else np.array([roll], dtype=np.int64),
        known=quick.frame is not None,
        listed=isinstance(quick.frame, FrameTable),
    )


def _said(value: str | None) -> str:
    """An empty cell of the frame is a value of its own."""
    return ONE if value is None else value


def natural(value: str | None) -> tuple[int, int, str]:
    """Numbers in their order, then texts in theirs."""
    text = _said(value)
    return (0, int(text), "") if text.isascii() and text.isdigit() and len(text) < 18 else (1, 0, text)


def places_of(frame: Frame, found: pl.DataFrame, file: str) -> Counts:
    """The place of each row's stratum in frame.keys. Raises InputError for a stratum that is not there."""
    if not frame.columns:
        return np.zeros(found.height, dtype=np.int64)
    if not set(frame.columns) <= set(found.columns):
        fault = Fault(
            file=file,
            found="no stratum for its stations",
            wanted="a column `stratum`, here or in the sample, or `station` of the frame to look it up",
        )
        raise InputError([fault])
    at = {key: place for place, key in enumerate(frame.keys)}
    keys = [tuple(map(_said, row)) for row in found.select(frame.columns).iter_rows()]
    faults = [
        Fault(file=file, row=row, found=f"the stratum {' × '.join(key)!r}", wanted="a stratum of the frame")
        for key, row in zip(keys, found[ROW], strict=True)
        if key not in at
    ]
    if faults:
        raise InputError(faults)
    return np.array([at[key] for key in keys], dtype=np.int64)

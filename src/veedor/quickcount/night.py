"""Frame, sample and reports put together: what was planned, what arrived, and in which strata."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from veedor.errors import Fault, InputError
from veedor.quickcount.definition import (
    FrameTable,
    NumberOfStations,
    QuickCount,
    ReportsTable,
    SampleTable,
    StationTable,
    listed,
)
from veedor.quickcount.frame import GROUP, ONE, ROLL, STRATUM, Counts, Frame, frame_of, places_of
from veedor.quickcount.tables import ROW, STATION, figure_faults, figures, read_table

TIME = "\0time"


@dataclass(frozen=True, kw_only=True)
class Missing:
    """The stations of the sample that did not report.

    weight: float[station], stations of the election that each stands for; roll: int[station], registered voters, 0
    where none are on the list.
    """

    weight: npt.NDArray[np.float64]
    roll: Counts


@dataclass(frozen=True, kw_only=True)
class Night:
    """What arrived. votes: int[report, choice]; total, null, roll: int[report]; place: int[report], of frame.keys."""

    frame: Frame
    stations: tuple[str, ...]
    place: Counts
    votes: Counts
    total: Counts
    null: Counts | None
    roll: Counts | None
    planned: int
    design_weight: npt.NDArray[np.float64]
    missing: Missing | None
    left_out: tuple[Fault, ...]
    latest: str | None
    sums_differ: int
    by_time: Counts | None
    planned_groups: Mapping[str, int]

    def first(self, number: int) -> "Night":
        """The night when so many reports had arrived: those with the earliest times. by_time must be there."""
        assert self.by_time is not None, "takes are made where times are known"
        kept = np.sort(self.by_time[:number])
        return replace(
            self,
            stations=tuple(self.stations[at] for at in kept),
            place=self.place[kept],
            votes=self.votes[kept],
            total=self.total[kept],
            null=None if self.null is None else self.null[kept],
            roll=None if self.roll is None else self.roll[kept],
            design_weight=self.design_weight[kept],
            missing=None,
            latest=None,
            by_time=None,
        )

    @property
    def has_roll(self) -> bool:
        """True if the registered voters of all stations that reported are known, and there are any."""
        return self.roll is not None and bool(self.roll.any())

    @property
    def received(self) -> int:
        """Reports."""
        return len(self.stations)


def read_night(
    quick: QuickCount, data: Path, *, post_strata: bool, skip_bad_rows: bool = False, until: dt.datetime | None = None
) -> Night:
    """All files read and joined. Raises InputError.

    post_strata: cells of `[post_strata]` in place of the strata; until: only reports up to this moment.
    """
    cells = quick.post_strata.columns if post_strata and quick.post_strata is not None else None
    listing = _frame_table(quick.frame, data, cells)
    sample = _sample_table(quick.sample, data)
    reports, left_out = _reports_table(quick, data, sample, skip_bad_rows=skip_bad_rows)
    reports = _until(quick.reports, reports, until)
    sample = None if sample is None else _with_keys(sample, listing, quick, cells, quick.sample)
    reports = _with_keys(_with_stratum_of(reports, sample), listing, quick, cells, quick.reports)
    frame = frame_of(quick, listing, sample, reports, cells)
    placed = _placed(frame, sample, quick.sample)
    place = places_of(frame, reports, quick.reports.file)
    planned = quick.sample.stations if isinstance(quick.sample, NumberOfStations) else _height(sample)
    if reports.height > planned:
        found = f"{reports.height:,} reports"
        wanted = f"at most the {planned:,} stations of the sample"
        raise InputError([Fault(file=quick.reports.file, found=found, wanted=wanted)])
    null, _ = figures(reports, listed(quick.reports.null)) if quick.reports.null is not None else (None, None)
    votes = np.stack([figures(reports, listed(choice.columns))[0] for choice in quick.choices], axis=1)
    total, _ = figures(reports, listed(quick.reports.total))
    design, missing = _missing(frame, sample, placed, reports, place)
    return Night(
        frame=frame,
        stations=tuple(reports[STATION]),
        place=place,
        votes=votes,
        total=total,
        null=null,
        roll=reports[ROLL].to_numpy() if ROLL in reports.columns and not reports[ROLL].null_count() else None,
        planned=planned,
        design_weight=design,
        missing=missing,
        left_out=tuple(left_out),
        latest=_latest(reports),
        by_time=None if _latest(reports) is None else reports[TIME].arg_sort().to_numpy().astype(np.int64),
        planned_groups=Counter(frame.groups[at] for at in placed) if placed is not None else {},
        sums_differ=int((votes.sum(axis=1) + (0 if null is None else null) > total).sum()),
    )


def _height(sample: pl.DataFrame | None) -> int:
    assert sample is not None, "a sample is a file or a number"
    return sample.height


def _frame_table(
    table: FrameTable | NumberOfStations | None, data: Path, cells: Sequence[str] | None
) -> pl.DataFrame | None:
    """All stations with STRATUM, GROUP, ROLL and the columns of cells."""
    if not isinstance(table, FrameTable):
        return None
    found = read_table(table, data, [*columns_of(table), *([table.group] if table.group else []), *(cells or ())])
    return named(found, table).with_columns((pl.col(table.group) if table.group else pl.lit(ONE)).alias(GROUP))


def _sample_table(table: SampleTable | NumberOfStations, data: Path) -> pl.DataFrame | None:
    if isinstance(table, NumberOfStations):
        return None
    return named(read_table(table, data, columns_of(table)), table)


def columns_of(table: StationTable) -> list[str]:
    """Columns of station, stratum and roll."""
    return [*(listed(table.station) if table.station else ()), *filter(None, (table.stratum, table.roll))]


def named(found: pl.DataFrame, table: StationTable) -> pl.DataFrame:
    """With STRATUM and ROLL where the table has them. Raises InputError for empty strata and rolls."""
    # On the list of a sample a roll may be absent: the worst case then takes the station as a large one.
    needed = [table.roll] if table.roll and not isinstance(table, SampleTable) else []
    faults = figure_faults(table, found, needed)
    if table.stratum:
        empty = found.filter(pl.col(table.stratum).is_null())[ROW]
        faults += [
            Fault(file=table.file, row=row, column=table.stratum, found="an empty cell", wanted="a stratum")
            for row in empty
        ]
    if faults:
        raise InputError(faults)
    if table.stratum:
        drop = table.leading_zeros == "drop"
        stratum = pl.col(table.stratum).str.replace(r"^0+(\d)", "$1") if drop else pl.col(table.stratum)
        found = found.with_columns(stratum.alias(STRATUM))
    roll = pl.col(table.roll or "").str.extract(r"^([0-9]{1,9})$").cast(pl.Int64)
    return found.with_columns(roll.alias(ROLL)) if table.roll else found


def _reports_table(
    quick: QuickCount, data: Path, sample: pl.DataFrame | None, *, skip_bad_rows: bool
) -> tuple[pl.DataFrame, list[Fault]]:
    """The reports; rows without all figures, and stations outside the sample, are faults, or left out and listed."""
    table = quick.reports
    counted = [*listed(table.total), *(listed(table.null) if table.null is not None else ())]
    counted += [column for choice in quick.choices for column in listed(choice.columns)]
    counted = list(dict.fromkeys([*counted, *([table.roll] if table.roll else [])]))
    found = read_table(table, data, [*columns_of(table), *counted, *([table.time] if table.time else [])])
    faults = figure_faults(table, found, counted)
    if sample is not None:
        faults += _outside(table, found, sample)
    if faults and not skip_bad_rows:
        raise InputError(faults)
    left_out = {fault.row for fault in faults}
    kept = found.filter(~pl.col(ROW).is_in(sorted(row for row in left_out if row is not None)))
    if kept.is_empty():
        raise InputError(faults)
    return named(kept, table), faults


def _outside(table: ReportsTable, found: pl.DataFrame, sample: pl.DataFrame) -> list[Fault]:
    outside = found.join(sample.select(STATION), on=STATION, how="anti")
    return [
        Fault(
            file=table.file,
            row=row,
            column=" + ".join(listed(table.station)),
            found=f"the station {station!r}",
            wanted="a station of the sample",
            remedy="correct its ID, or choose rows by `where`; one in place of another is not in the sample",
        )
        for station, row in outside.select(STATION, ROW).iter_rows()
    ]


def _until(table: ReportsTable, reports: pl.DataFrame, until: dt.datetime | None) -> pl.DataFrame:
    """Reports up to a moment, with TIME where the column is named. Raises InputError for what is no moment."""
    if table.time is None:
        if until is None:
            return reports
        fault = Fault(file=table.file, found="no times", wanted="`time` of [reports]", remedy="name its column")
        raise InputError([fault])
    timed = reports.with_columns(pl.col(table.time).map_elements(_moment, return_dtype=pl.Datetime()).alias(TIME))
    if until is None:
        return timed
    faults = [
        Fault(file=table.file, row=row, column=table.time, found=repr(cell), wanted="a moment as 2018-07-01 22:30:00")
        for row, cell in timed.filter(pl.col(TIME).is_null()).select(ROW, table.time).iter_rows()
    ]
    if faults:
        raise InputError(faults)
    kept = timed.filter(pl.col(TIME) <= until)
    if kept.is_empty():
        fault = Fault(file=table.file, found=f"no report up to {until}", wanted="a report", remedy="a later moment?")
        raise InputError([fault])
    return kept


def _moment(cell: str) -> dt.datetime | None:
    """A local moment in ISO 8601."""
    try:
        return dt.datetime.fromisoformat(cell).replace(tzinfo=None)
    except ValueError:
        return None


def _latest(reports: pl.DataFrame) -> str | None:
    """The last report's time; None where a time is not given, or is no moment."""
    if TIME not in reports.columns or reports[TIME].null_count():
        return None
    last = reports[TIME].max()
    return last.isoformat() if isinstance(last, dt.datetime) else None


def _with_stratum_of(reports: pl.DataFrame, sample: pl.DataFrame | None) -> pl.DataFrame:
    """Stratum and roll of the sample's list go before those that were reported."""
    if sample is None:
        return reports
    taken = [name for name in (STRATUM, ROLL) if name in sample.columns]
    kept = reports.drop([name for name in taken if name in reports.columns])
    return kept.join(sample.select(STATION, *taken), on=STATION, how="left", maintain_order="left")


def _with_keys(
    found: pl.DataFrame,
    frame: pl.DataFrame | None,
    quick: QuickCount,
    cells: Sequence[str] | None,
    table: StationTable | NumberOfStations,
) -> pl.DataFrame:
    """With the columns of the cells, and stratum and roll where only the frame has them, by station."""
    assert isinstance(table, StationTable)
    needed = list(cells or ())
    if frame is not None and STATION in frame.columns:
        needed += [name for name in (STRATUM, ROLL) if name in frame.columns and name not in found.columns]
    if frame is None or not needed:
        return found
    spare = found.drop([name for name in needed if name in found.columns])
    outside = spare.join(frame.select(STATION), on=STATION, how="anti")
    if not outside.is_empty():
        raise InputError(
            [
                Fault(
                    file=table.file,
                    row=row,
                    column=" + ".join(listed(table.station or "")),
                    found=f"the station {station!r}",
                    wanted="a station of the frame",
                    remedy="are the IDs written as there? leading_zeros = 'drop' takes 007 for 7",
                )
                for station, row in outside.select(STATION, ROW).iter_rows()
            ]
        )
    return spare.join(frame.select(STATION, *needed), on=STATION, how="left", maintain_order="left")


def _placed(frame: Frame, sample: pl.DataFrame | None, table: SampleTable | NumberOfStations) -> Counts | None:
    """The stratum of each station of the sample, where its list has strata."""
    if sample is None or isinstance(table, NumberOfStations) or not set(frame.columns) <= set(sample.columns):
        return None
    return places_of(frame, sample, table.file)


def _missing(
    frame: Frame, sample: pl.DataFrame | None, placed: Counts | None, reports: pl.DataFrame, place: Counts
) -> tuple[npt.NDArray[np.float64], Missing | None]:
    """Weights of the reports by the design, stations / planned, and what did not report, where a list says what."""
    if sample is None or placed is None:
        return np.ones(len(place)), None
    each = frame.stations / np.maximum(np.bincount(placed, minlength=len(frame.keys)), 1)
    if ROLL not in sample.columns:
        return each[place], None
    absent = (~sample[STATION].is_in(reports[STATION].to_list())).to_numpy()
    return each[place], Missing(weight=each[placed[absent]], roll=sample[ROLL].fill_null(0).to_numpy()[absent])

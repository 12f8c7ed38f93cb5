"""The data that pages load as they need it: columns of whole numbers in scripts, so that they load from disk as well.

A page on disk may not fetch(); it may load a script. Each file calls `veedor.data(name, value)` with one JSON value:

  election   choices, levels, publications (every snapshot of every count) and where each chunk starts
  places     the tree of places with their totals in the count shown
  stations   identifiers of all stations in the dossier's order
  chunk-N    the stations from `chunks[N]` on: one row for each change of a station's sheet in any publication
  map        stations with coordinates, grouped where they share them
  receipts-N where there is a record: receipts of the stations from `receipts.bounds[N]` on (`derive.receipts`)
"""

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import polars as pl

from veedor.dossier.geography import Geography, Ints, Totals
from veedor.dossier.parsed import Parsed
from veedor.election import IN_TOTALS, Contest
from veedor.errors import VeedorError
from veedor.rim import hostile_json
from veedor.sheets import CHANGES, Series, other_columns, vote_columns

CHUNK = 2500
"""Stations in a chunk, more or less: a place at the deepest level is never split. About 250 kB for ten choices."""

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}

HEAD, TAIL = "veedor.data(", ");\n"


def script(name: str, value: Parsed) -> str:
    """A data file: JSON that can neither end its script nor break a line of it, whatever the names contain."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character, escaped in _ESCAPES.items():
        text = text.replace(character, escaped)
    return f"{HEAD}{json.dumps(name)},{text}{TAIL}"


def value_of(text: str, what: str = "a data file") -> Parsed:
    """The value in a data file. Raises VeedorError where it is not one; what: how messages call it."""
    inner = text[len(HEAD) : -len(TAIL)]
    listed = hostile_json.loads(f"[{inner}]".encode(), what) if text == HEAD + inner + TAIL else None
    if not isinstance(listed, list) or len(listed) != 2 or not isinstance(listed[0], str):
        raise VeedorError(f"{what}: not one call of veedor.data(NAME, VALUE)")
    return listed[1]


def bounds_of(geography: Geography) -> list[int]:
    """First station of each chunk, and the number of stations at the end."""
    starts = geography.start[geography.level == geography.level.max()]
    bounds = [0]
    for start in starts.tolist():
        if start - bounds[-1] >= CHUNK:
            bounds.append(start)
    return [*bounds, geography.stations.height]


def places_value(geography: Geography, totals: Totals) -> Parsed:
    """Columns int[place], and votes int[choice][place]."""
    return {
        "level": geography.level.tolist(),
        "parent": geography.parent.tolist(),
        "start": geography.start.tolist(),
        "size": geography.size.tolist(),
        "name": list(geography.name),
        "sheets": totals.sheets.tolist(),
        "registered": totals.registered.tolist(),
        "blank": totals.blank.tolist(),
        "null": totals.null.tolist(),
        "other": totals.other.tolist(),
        "votes": totals.votes.tolist(),
    }


def rows_of(geography: Geography, contest: Contest, series: Sequence[Series]) -> pl.DataFrame:
    """Every change of every station's sheet: `at` (position of the station), `publication`, `change`, the figures.

    `place` is the path as that publication gives it where it differs from the dossier's, else null.
    """
    levels = [name for name in geography.stations.columns if name not in ("station", "latitude", "longitude")]
    order = geography.stations.select(
        "station", "latitude", "longitude", *(pl.col(n).alias(f"own {n}") for n in levels)
    )
    order = order.drop("latitude", "longitude").with_row_index("at")
    figures = ["registered", *vote_columns(contest), "blank", "null", *other_columns(contest), "valid", "cast"]
    parts, first = [], 0
    for one in series:
        numbers = pl.DataFrame({"snapshot": one.snapshots}, schema={"snapshot": one.changes.schema["snapshot"]})
        numbers = numbers.with_row_index("publication", offset=first)
        names = [pl.col(name).cast(pl.String).fill_null("") for name in levels]
        part = one.changes.select("station", "snapshot", "change", pl.col("status").cast(pl.String), *names, *figures)
        part = part.join(numbers, on="snapshot").join(order, on="station")
        same = pl.all_horizontal(*(pl.col(n) == pl.col(f"own {n}") for n in levels)) if levels else pl.lit(True)
        path = pl.concat_list(levels) if levels else pl.lit(None)
        parts.append(
            part.select("at", "publication", "change", "status", *figures, pl.when(~same).then(path).alias("place"))
        )
        first += len(one.snapshots)
    return pl.concat(parts, how="vertical_relaxed").sort("at", "publication", maintain_order=True)


def chunk_values(rows: pl.DataFrame, contest: Contest, bounds: Sequence[int]) -> list[Parsed]:
    """One value for each chunk. A column without any figure is null; `change` is a position in CHANGES."""
    at = rows["at"].to_numpy()
    cuts = np.searchsorted(at, np.array(bounds))
    return [_chunk(rows[low:high], contest, start) for (low, high), start in zip(pairwise(cuts), bounds, strict=False)]


def _chunk(rows: pl.DataFrame, contest: Contest, start: int) -> Parsed:
    status = rows["status"]
    return {
        "first": start,
        "station": (rows["at"].cast(pl.Int64) - start).to_list(),
        "publication": rows["publication"].to_list(),
        "change": rows["change"]
        .replace_strict(list(CHANGES), list(range(len(CHANGES))), return_dtype=pl.Int64)
        .to_list(),
        "status": None if status.null_count() == len(status) else status.to_list(),
        "open": None
        if status.null_count() == len(status)
        else (~status.is_in(list(IN_TOTALS))).fill_null(False).to_list(),
        "place": {str(i): path for i, path in enumerate(rows["place"].to_list()) if path is not None},
        **{name: _column(rows[name]) for name in ("registered", "blank", "null", "valid", "cast")},
        "other": [_column(rows[name]) for name in other_columns(contest)],
        "votes": [_column(rows[name]) for name in vote_columns(contest)],
    }


def _column(values: pl.Series) -> list[int | None] | None:
    return None if values.null_count() == len(values) else values.to_list()


def map_value(geography: Geography, totals_by_station: Mapping[str, Ints], present: Sequence[Ints]) -> Parsed:
    """Groups of stations with the same coordinates: columns float or int[group], votes int[choice][group].

    totals_by_station: `registered`, `blank`, `null`, `other`, `sheets` int[station], `votes` int[choice, station];
    present: for each publication, int[station], 1 where its sheet is in it. `missing` int[publication][group].
    """
    stations = geography.stations.select("latitude", "longitude").with_columns(
        pl.Series("place", geography.finest()), pl.lit(1, dtype=pl.Int64).alias("stations")
    )
    flat = {f"v{i}": row for i, row in enumerate(totals_by_station["votes"])}
    flat |= {name: totals_by_station[name] for name in ("sheets", "registered", "blank", "null", "other")}
    flat |= {f"m{i}": 1 - row for i, row in enumerate(present)}
    frame = stations.with_columns(*(pl.Series(name, row) for name, row in flat.items()))
    located = frame.drop_nulls(["latitude", "longitude"])
    groups = located.group_by("latitude", "longitude", maintain_order=True).agg(
        pl.col("place").first(), pl.col("place").n_unique().alias("places"), pl.col("stations", *flat).sum()
    )
    nowhere = frame.filter(pl.col("latitude").is_null() | pl.col("longitude").is_null())
    listed = nowhere.group_by("place", maintain_order=True).agg(pl.col("stations").sum())
    return {
        "latitude": groups["latitude"].round(6).to_list(),
        "longitude": groups["longitude"].round(6).to_list(),
        **{
            name: groups[name].to_list()
            for name in ("place", "places", "stations", "sheets", "registered", "blank", "null", "other")
        },
        "votes": [groups[f"v{i}"].to_list() for i in range(len(totals_by_station["votes"]))],
        "missing": [groups[f"m{i}"].to_list() for i in range(len(present))],
        "nowhere": {"place": listed["place"].to_list(), "stations": listed["stations"].to_list()},
    }

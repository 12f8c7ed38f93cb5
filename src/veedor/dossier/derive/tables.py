"""The files of tables/: sheets and places as CSV, and more where they are large; places as GeoJSON.

This module loads no room, as it may run in another process.
"""

import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from veedor.count.totals import tallies_by
from veedor.dossier.dictionary.columns import Table
from veedor.dossier.input import Opened
from veedor.dossier.show.bidi_marks import marked
from veedor.sheets.export.csv import csv_cells

LARGE = 2**23
"""Bytes of a CSV from which on the table is there as Parquet too."""

HUGE = 2**25
"""Bytes of a CSV from which on it is compressed: no spreadsheet opens it, and no host likes it."""

GEOJSON = "tables/places.geojson"


@dataclass(frozen=True, kw_only=True)
class Tables:
    """tables: as the dictionary lists them; files: content by the path in the dossier, GeoJSON among them."""

    tables: tuple[Table, ...]
    files: dict[str, bytes]


def table_files(opened: Opened, large: int = LARGE, huge: int = HUGE) -> Tables:
    """Every table, and the places as GeoJSON where any station has coordinates."""
    tables: list[Table] = []
    files: dict[str, bytes] = {}
    for name, table in _tables(opened):
        made = dict(_files(name, table, large, huge))
        sizes = tuple((path, len(content)) for path, content in made.items())
        tables.append(Table(name=name, columns=tuple(table.columns), rows=table.height, files=sizes))
        files |= made
    places = _geojson(opened)
    return Tables(tables=tuple(tables), files=files if places is None else {**files, GEOJSON: places})


def _files(name: str, table: pl.DataFrame, large: int, huge: int) -> Iterator[tuple[str, bytes]]:
    """A table's files: CSV, compressed where it is huge; Parquet with its types where it is large."""
    text = marked(csv_cells(table).write_csv()).encode()
    if len(text) < huge:
        yield f"tables/{name}.csv", text
    else:
        yield f"tables/{name}.csv.gz", gzip.compress(text, mtime=0)
    if len(text) >= large:
        out = io.BytesIO()
        # Categories are numbered as a process meets them: as text they are the same everywhere.
        table.with_columns(pl.col(pl.Categorical).cast(pl.String)).write_parquet(out)
        yield f"tables/{name}.parquet", out.getvalue()


def _tables(opened: Opened) -> Iterator[tuple[str, pl.DataFrame]]:
    """Name and cells of every table: sheets of each count as last published, its changes, and places of each level."""
    for count, series in opened.series.items():
        yield f"sheets-{count}", series.at()
        if len(series.snapshots) > 1:
            yield f"changes-{count}", series.changes
    main = opened.table(opened.count.id)
    for level in opened.election.level_ids:
        yield f"places-{level}", tallies_by(main, opened.election, opened.contest, level)


def _geojson(opened: Opened) -> bytes | None:
    """Each place of the finest level: its totals, and where its stations are. None where no station has a position.

    A point, or several where the stations of one place have several; null where none is known (RFC 7946, 3.2).
    """
    main, levels = opened.table(opened.count.id), list(opened.election.level_ids)
    if not levels or not main["latitude"].count():
        return None
    totals = tallies_by(main, opened.election, opened.contest, levels[-1])
    where = main.select(*(pl.col(name).cast(pl.String) for name in levels), "longitude", "latitude")
    points = where.group_by(levels, maintain_order=True).agg(
        pl.len().alias("stations"),
        pl.struct("longitude", "latitude")
        .filter(pl.col("latitude").is_not_null())
        .unique(maintain_order=True)
        .alias("at"),
    )
    joined = totals.join(points, on=levels, how="left", nulls_equal=True, maintain_order="left")
    features = [
        {"type": "Feature", "geometry": _geometry(row.pop("at")), "properties": row} for row in joined.to_dicts()
    ]
    text = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    return marked(f'{{"type":"FeatureCollection","features":[\n{text}\n]}}\n').encode()


def _geometry(points: list[dict[str, float]] | None) -> dict[str, object] | None:
    at = [[one["longitude"], one["latitude"]] for one in points or [] if one["longitude"] is not None]
    if not at:
        return None
    return {"type": "Point", "coordinates": at[0]} if len(at) == 1 else {"type": "MultiPoint", "coordinates": at}

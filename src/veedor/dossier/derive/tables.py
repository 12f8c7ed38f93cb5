"""The files of tables/: sheets and places as CSV. This module loads no room, as it may run in another process."""

from collections.abc import Iterator

import polars as pl

from veedor.count.totals import tallies_by
from veedor.dossier.input import Opened
from veedor.dossier.show.bidi_marks import marked
from veedor.sheets.export.csv import csv_cells


def table_files(opened: Opened) -> dict[str, bytes]:
    """Every table by its path in the dossier."""
    return {f"tables/{name}": marked(table.write_csv()).encode() for name, table in _tables(opened)}


def _tables(opened: Opened) -> Iterator[tuple[str, pl.DataFrame]]:
    """Name and cells of every table: sheets of each count as last published, its changes, and places of each level."""
    for count, series in opened.series.items():
        yield f"sheets-{count}.csv", csv_cells(series.at())
        if len(series.snapshots) > 1:
            yield f"changes-{count}.csv", csv_cells(series.changes)
    main = opened.table(opened.count.id)
    for level in opened.election.level_ids:
        yield f"places-{level}.csv", csv_cells(tallies_by(main, opened.election, opened.contest, level))

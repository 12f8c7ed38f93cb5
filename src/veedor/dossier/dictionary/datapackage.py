"""tables/datapackage.json: the tables as a Data Package (https://datapackage.org), which programs read."""

import hashlib
from collections.abc import Mapping, Sequence

from veedor.document import Json
from veedor.dossier.dictionary.columns import Column, Table, columns_of
from veedor.election import Contest, Election

KINDS = {
    ".csv": ("csv", "text/csv"),
    ".csv.gz": ("csv", "text/csv"),
    ".parquet": ("parquet", "application/vnd.apache.parquet"),
}


def data_package(
    tables: Sequence[Table], contents: Mapping[str, bytes], election: Election, contest: Contest
) -> Mapping[str, Json]:
    """Every file of every table with its schema. contents: of each file, by its path in the dossier."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": election.id.lower(),
        "title": election.name.text["en"],
        "resources": [
            _resource(table, path, contents[path], columns_of(table, election, contest))
            for table in tables
            for path, _ in table.files
        ],
    }


def _resource(table: Table, path: str, content: bytes, columns: Sequence[Column]) -> Mapping[str, Json]:
    name = path.rpartition("/")[2]
    ending = name.removeprefix(table.name)
    form, media = KINDS[ending]
    return {
        "name": name.lower(),
        "path": name,
        "format": form,
        "mediatype": media,
        **({"compression": "gz"} if ending.endswith(".gz") else {}),
        **({"encoding": "utf-8"} if form == "csv" else {}),
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "rows": table.rows,
        "schema": {"fields": [_field(column) for column in columns], "missingValues": [""]},
    }


def _field(column: Column) -> Mapping[str, Json]:
    """A field of Table Schema; `descriptions`, `unit` and `absent` are ours, which the standard leaves room for."""
    return {
        "name": column.name,
        "type": column.type,
        "description": column.means["en"],
        "descriptions": dict(column.means),
        "unit": dict(column.unit),
        "absent": dict(column.absent),
    }

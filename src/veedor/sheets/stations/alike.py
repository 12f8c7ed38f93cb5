"""Stations and places that one file writes otherwise than another: read as one where nothing but the writing differs.

`1` and `000001`, `La Paz` and `LA  PAZ` are one to people and two to a program. Read as one, under the first spelling
met, is what differs in zeros before a number (stations only), case, blanks and form, unless one published state has
both; that is told, with both spellings. Places that differ in accents or the order of words are two, and asked about.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from veedor.rim.terminal import folded, one_line
from veedor.sheets.spellings import SCHEMA, is_ascii

EXAMPLES = 3
"""Pairs of spellings that a note names; the others are counted."""

KNOWN = {"raw": pl.String, "station": pl.String, "key": pl.String, "file": pl.String, "row": pl.Int64}
"""A spelling of a station, the one that it is read as, what both are compared by, and where it was first met."""

Path = tuple[str, ...]


ZERO_BEFORE = "(?:^|[^0-9])0[0-9]"
"""A zero before a number."""

LETTERS = "aeorsn"
"""Letters whose numbers tell most names apart that are not the same words in another order."""


def key_of(stations: pl.Series) -> pl.Series:
    """What identifiers are compared by: without case, with single blanks, and without zeros before a number."""
    plain = stations if is_ascii(stations) else stations.str.normalize("NFKC")
    if plain.str.contains(r"[\sA-Z\P{ASCII}]").any():
        plain = plain.str.replace_all(r"\s+", " ").str.strip_chars().str.to_lowercase()
    if not plain.str.contains(ZERO_BEFORE).any():
        return plain
    return plain.str.replace_all(r"(^|[^0-9])0+([0-9])", "$1$2")


def as_known(stations: pl.Series, known: pl.Series) -> pl.Series:
    """Stations of a log or a grouping as the sheets call them, where these differ in zeros, case or blanks only.

    One that is known as it is stays, and so does one that could be either of two.
    """
    names = known.unique()
    if stations.is_in(names.implode()).all():
        return stations
    clear = pl.DataFrame({"key": key_of(names), "name": names}).filter(~pl.col("key").is_duplicated())
    texts = pl.DataFrame({"text": stations, "key": key_of(stations)})
    other = texts.join(clear, on="key", how="left", maintain_order="left")["name"]
    own = stations.is_in(names.implode()).fill_null(value=False) | other.is_null()
    # Two texts of the log that would be one station are two: nobody can tell which of them it is.
    twice = texts.filter(~own).unique("text").filter(pl.col("key").is_duplicated())["key"]
    return stations.zip_with(own | texts["key"].is_in(twice.implode()).fill_null(value=False), other)


@dataclass(kw_only=True)
class Stations:
    """Every spelling of stations met so far. doubtful: pairs of one state whose spellings differ only so."""

    known: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=KNOWN))
    found: list[pl.DataFrame] = field(default_factory=list)
    doubtful: dict[tuple[str, str], None] = field(default_factory=dict)

    def unified(self, table: pl.DataFrame, file: pl.Series, row: pl.Series) -> pl.DataFrame:
        """The table of one state with the first spelling met of each station. file, row: where each row stands."""
        new = table.select("station").with_columns(file.alias("file"), row.cast(pl.Int64).alias("row"))
        if self.known.is_empty() and (keys := key_of(table["station"])).n_unique() == table.height:
            self.known = new.select(raw="station", station="station", key=keys, file="file", row="row")
            return table
        new = new.join(self.known.select("raw"), left_on="station", right_on="raw", how="anti", maintain_order="left")
        if new.height:
            self._meet(table, new.rename({"station": "raw"}))
        other = self.known.filter(pl.col("raw") != pl.col("station")).select("raw", pl.col("station").alias("first"))
        if not other.height:
            return table
        return (
            table.join(other, left_on="station", right_on="raw", how="left", maintain_order="left")
            .with_columns(pl.coalesce("first", "station").alias("station"))
            .drop("first")
        )

    def _meet(self, table: pl.DataFrame, new: pl.DataFrame) -> None:
        new = new.unique("raw", keep="first", maintain_order=True)
        new = new.with_columns(key_of(new["raw"]).alias("key"))
        clear = self.known.filter(pl.col("station").n_unique().over("key") == 1)  # else nobody can tell which it is
        firsts = clear.unique("key", keep="first", maintain_order=True).select("key", "station", "file", "row")
        joined = new.join(firsts, on="key", how="left", suffix=" first", maintain_order="left")
        here = table["station"].implode()
        twice = pl.col("key").is_duplicated() | pl.col("station").is_in(here).fill_null(value=False)
        doubtful = joined.filter(twice)
        if doubtful.height:
            pairs = doubtful.group_by("key", maintain_order=True).agg(pl.col("raw"), pl.col("station").first())
            for raws, station in pairs.select("raw", "station").iter_rows():
                self.doubtful.update(dict.fromkeys([(station or raws[0], raws[-1])]))
        alike = joined.filter(~twice & pl.col("station").is_not_null())
        if alike.height:
            as_first = alike.select("station", raw="station", file="file first", row="row first")
            self.found += [as_first, alike.select(*SCHEMA)]
        read_as = pl.when(twice | pl.col("station").is_null()).then("raw").otherwise("station").alias("station")
        self.known = pl.concat([self.known, joined.with_columns(read_as).select(*KNOWN)])

    @property
    def notes(self) -> list[str]:
        """What is asked about stations that one state has in two spellings."""
        if not self.doubtful:
            return []
        return [
            f"stations of one published state differ only in case, blanks or zeros, and are read as two: "
            f"{_examples(self.doubtful)}; are they one?"
        ]


@dataclass(kw_only=True)
class Names:
    """Names of places met so far, by path: those that are another but for case, blanks and form, or nearly so."""

    first: dict[Path, str] = field(default_factory=dict)
    loosely: dict[Path, str] = field(default_factory=dict)
    otherwise: dict[Path, str] = field(default_factory=dict)
    doubtful: dict[tuple[str, str], None] = field(default_factory=dict)

    def meet(self, path: Sequence[str | None]) -> None:
        """A place; each part of its path is compared with those of the same place above."""
        strict: Path = ()
        loose: Path = ()
        for depth, name in enumerate(path):
            strict, loose = (*strict, folded(name or "")), (*loose, _loose(name or ""))
            if name is None:
                continue
            first = self.first.setdefault(strict, name)
            if first != name:
                self.otherwise[tuple(part or "" for part in path[: depth + 1])] = first
            elif (like := self.loosely.setdefault(loose, name)) != name and folded(like) != strict[-1]:
                self.doubtful[like, name] = None

    def renamed(self, table: pl.DataFrame, levels: Sequence[str]) -> pl.DataFrame:
        """The table with the first spelling met of each place."""
        columns = []
        for depth, level in enumerate(levels):
            paths = {path: name for path, name in self.otherwise.items() if len(path) == depth + 1}
            if not paths:
                continue
            keys = list(levels[: depth + 1])
            rows = [(*path, name) for path, name in paths.items()]
            firsts = pl.DataFrame(rows, schema=dict.fromkeys([*keys, "first"], pl.String), orient="row")
            texts = table.select(pl.col(keys).cast(pl.String).fill_null(""))
            found = texts.join(firsts, on=keys, how="left", maintain_order="left")["first"]
            known = table[level].cast(pl.String)
            columns.append(found.zip_with(found.is_not_null(), known).cast(table[level].dtype).alias(level))
        return table.with_columns(columns) if columns else table

    @property
    def notes(self) -> list[str]:
        """What is said of names read as one, and asked of those that might be."""
        notes = []
        if pairs := list(dict.fromkeys((first, path[-1]) for path, first in self.otherwise.items())):
            many = "1 name of a place is" if len(pairs) == 1 else f"{len(pairs):,} names of places are"
            notes.append(f"{many} written in two ways, read as one: {_examples(pairs)}")
        if self.doubtful:
            notes.append(
                "names of places differ only in accents or the order of words, and are read as two: "
                f"{_examples(self.doubtful)}; are they one?"
            )
        return notes


def names_unified(tables: Sequence[pl.DataFrame], levels: Sequence[str]) -> tuple[list[pl.DataFrame], list[str]]:
    """The tables with one spelling of each place, and what is said and asked of the others."""
    suspects = {level: _suspects(tables, level) for level in levels}
    if not any(suspects.values()):
        return list(tables), []
    names = Names()
    some = pl.any_horizontal(
        pl.col(level).cast(pl.String).is_in(list(found)) for level, found in suspects.items() if found
    )
    for table in tables:
        paths = table.filter(some).select(pl.col(levels).cast(pl.String)).unique(maintain_order=True)
        for path in paths.iter_rows():
            names.meet(path)
    return [names.renamed(table, levels) for table in tables], names.notes


def _suspects(tables: Sequence[pl.DataFrame], level: str) -> set[str]:
    """Names of a level of which another is the same but for case, blanks, accents and the order of words."""
    names = pl.concat([table[level].unique().cast(pl.String) for table in tables]).unique().drop_nulls()
    bare = names.str.to_lowercase().str.replace_all(r"[\s,]+", " ").str.strip_chars()
    if not is_ascii(bare):
        bare = bare.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    sign = bare.str.len_bytes().cast(pl.Int64)
    for place, letter in enumerate(LETTERS, start=1):
        sign = sign + bare.str.count_matches(letter, literal=True).cast(pl.Int64) * 128**place
    near = pl.DataFrame([names.alias("name"), bare.alias("bare")]).filter(sign.is_duplicated())
    words = near["bare"].str.split(" ").list.sort().list.join(" ")
    return set(near["name"].filter(words.is_duplicated()))


def _loose(name: str) -> str:
    """A name without accents, its words in order; where it has numbers their order stays."""
    bare = "".join(one for one in unicodedata.normalize("NFD", folded(name)) if not unicodedata.combining(one))
    words = bare.replace(",", " ").split()
    return " ".join(words if any(map(str.isdigit, bare)) else sorted(words))


def _examples(pairs: Iterable[tuple[str, str]]) -> str:
    known = list(pairs)
    shown = ", ".join(f"{one_line(one)!r} and {one_line(other)!r}" for one, other in known[:EXAMPLES])
    return shown + (f" and {len(known) - EXAMPLES:,} more" if len(known) > EXAMPLES else "")

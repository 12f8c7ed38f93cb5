"""Rows of an unknown file that sum others up: they are left out where they do, and asked about where they do not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from veedor.draft.evidence import RowsLeftOut
from veedor.draft.vocabulary import is_code, level_of, role_of
from veedor.election.definition import Question

TOTAL_WORDS = (
    r"(?i)\b((sub|gran ?)?total(es|s|i)?|totaal|cumulative|итого|всего|summe|gesamt|insgesamt|somme|suma|toplam"
    r"|razem|jumlah|countywide|all precincts|all stations)\b"
)
PLAINLY = r"(?i)^\W*((grand|gran|sub)\W*)?(total(es|s|i)?|cumulative|итого|всего|summe|gesamt|somme)\b|\btotals?\W*$"
"""A text that is named for nothing but a sum."""

LOOKED_AT = 12
"""Columns from the left in which a row says that it is a total."""

MOST_VALUES = 300
"""Texts that may name totals, each held to the rows that it may sum up."""

MOST_PREFIXES = 20_000
FEWEST = 5
"""Rows of a file among which one that equals the sum of all others is no chance."""

LEVELS_OF_TOTALS = 4
"""Levels of totals in one column: of districts, of the country."""

NEARLY = 0.8
"""Share of the figures of a row that must be the sums of others: the roll of a total is often another."""


@dataclass(frozen=True, kw_only=True)
class WithoutTotals:
    """The rows that are left, the rules that leave the others out, and what was found."""

    cells: pl.DataFrame
    drop: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: tuple[RowsLeftOut, ...]
    questions: tuple[Question, ...]


@dataclass(kw_only=True)
class _Search:
    """What is known while the rows that may be totals are looked at one after the other."""

    cells: pl.DataFrame
    figures: pl.DataFrame
    kinds: list[str]
    alive: pl.Series
    found: dict[str, list[str]] = field(default_factory=dict)
    left_out: list[RowsLeftOut] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)


def without_totals(
    cells: pl.DataFrame, figures: Mapping[str, pl.Series], kinds: Sequence[str], votes: str | None, file: str
) -> WithoutTotals:
    """Leave out the rows that equal the sum of others.

    figures: whole numbers by column. kinds: columns that tell the rows of one place apart (the choice, the party).
    votes: the one column of votes of a long file.
    """
    whole = [name for name in figures if _is_figure(name)] if votes is None else [votes]
    table = pl.DataFrame([figures[name].alias(name) for name in whole])
    places = [name for name in cells.columns[:LOOKED_AT] if name not in kinds and name not in whole]
    alive = pl.Series([True]).new_from_index(0, cells.height) if cells.height else pl.Series([], dtype=pl.Boolean)
    search = _Search(cells=cells, figures=table, kinds=list(kinds), alive=alive)
    suspects = _suspects(cells, places)
    for column, words in (sums := _sums_of_all(cells, table, places)):
        if len(words) > 1:
            _look_at_levels(search, column, words, file)
    alone = [(column, words[0], cells[column].fill_null("") == words[0]) for column, words in sums if len(words) == 1]
    for column, value, rows in [*suspects[:MOST_VALUES], *alone]:
        _look(search, column, value, rows, places, file)
    if len(suspects) > MOST_VALUES:
        column, value, _ = suspects[MOST_VALUES]
        text = (
            f"{file}: {len(suspects):,} or more texts may name totals of others, such as {value!r} in {column!r}; only "
            f"the first {MOST_VALUES} were held to the rows that they may sum up: are the others sheets?"
        )
        search.questions.append(Question(about=column, text=text, choices=("sheets", "totals"), where=file))
    drop = tuple((column, tuple(words)) for column, words in search.found.items())
    return WithoutTotals(
        cells=cells.filter(search.alive) if drop else cells,
        drop=drop,
        left_out=tuple(search.left_out),
        questions=tuple(search.questions),
    )


def _is_figure(name: str) -> bool:
    return level_of(name) is None and role_of(name) != "station" and not is_code(name)


def _sums_of_all(cells: pl.DataFrame, figures: pl.DataFrame, places: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Texts whose rows hold as much as all others, under whatever name, or none: totals of all that do not say so.

    Several levels of them are in one column mostly: if two texts hold a third of everything each, both are totals.
    """
    if cells.height < FEWEST or not figures.width:
        return []
    found = []
    for column in [*places, *_numbered(cells, figures)]:
        whole = figures.select(pl.sum_horizontal(pl.exclude(column).fill_null(0))).to_series()
        most = int(whole.sum())
        texts = cells[column].fill_null("")
        sums = pl.DataFrame([texts.alias("text"), whole.alias("whole")]).group_by("text").agg(pl.col("whole").sum())
        for level in range(1 if column in places else 2, LEVELS_OF_TOTALS + 1):
            part = sums.filter(((level + 1) * pl.col("whole") == most) & (pl.col("whole") > 0))["text"]
            if len(part) == level < len(sums):
                found.append((column, sorted(part)))
    return found


def _numbered(cells: pl.DataFrame, figures: pl.DataFrame) -> list[str]:
    """Columns of few numbers, which may be those of districts."""
    return [
        name
        for name in cells.columns[:LOOKED_AT]
        if name in figures.columns and figures.width > 2 and 2 < cells[name].n_unique() < cells.height
    ]


def _look_at_levels(search: _Search, column: str, words: Sequence[str], file: str) -> None:
    """Leave out rows that hold as much as all others do, and as each other: several levels of totals."""
    rows = [(search.cells[column].fill_null("") == word) & search.alive for word in words]
    rest = search.alive
    for own in rows:
        rest = rest & ~own
    names = [name for name in search.figures.columns if name != column]
    sums = [_sums(search, own).select(*search.kinds, *names) for own in (*rows, rest)]
    if not all(_equal(own, sums[-1], search.kinds, said=False) for own in sums[:-1]):
        return
    for word, own in zip(words, rows, strict=True):
        why = f"the sum of all {int(rest.sum()):,} rows that are no totals, though it does not say so"
        _leave_out(search, column, word, own, why, file, _votes(search, own))
    listed = ", ".join(repr(word) if word else "no name" for word in words)
    text = (
        f"{file}: the rows with {listed} in {column!r} equal the sum of all other rows each and are not read: totals "
        "of several levels?"
    )
    choices = ("totals", "sheets")
    where = f"{file}, column {column}"
    search.questions.append(Question(about=column, text=text, choices=choices, where=where))


def _suspects(cells: pl.DataFrame, places: Sequence[str]) -> list[tuple[str, str, pl.Series]]:
    """Column, text and rows of what may be a total, in the order of the file: it says so, or others begin with it."""
    found: list[tuple[int, str, str, pl.Series]] = []
    for column in places:
        texts = cells[column].drop_nulls().unique(maintain_order=True)
        said = texts.str.contains(TOTAL_WORDS) | texts.str.contains(PLAINLY)
        words = list(texts.filter(said))
        if len(words) == len(texts):
            continue
        if len(texts) <= MOST_PREFIXES and not texts.str.contains(r"^[\d.,\s]+$").all():
            known = set(words)
            words += [text for text in _prefixes(list(texts)) if text not in known]
        known = set(words)
        words += [text for text in _of_their_place(cells, column, places) if text not in known]
        for word in words[: MOST_VALUES + 1]:
            rows = (cells[column] == word).fill_null(value=False)
            found.append((rows.arg_max() or 0, column, word, rows))
    found.sort(key=lambda one: one[0])
    return [(column, word, rows) for _, column, word, rows in found]


def _of_their_place(cells: pl.DataFrame, column: str, places: Sequence[str]) -> list[str]:
    """Texts of a column that stand beside themselves in a row: one of a place, that has the place's name."""
    found: list[str] = []
    places = [name for name in places if cells[name].head(FEWEST).str.contains(r"\p{L}").any()]
    if column not in places:
        return []  # numbers of places are no names of theirs
    for other in places:
        if other == column or cells[other].n_unique() >= cells[column].n_unique():
            continue
        named = pl.col(column).str.contains(r"\p{L}")
        same = cells.filter((pl.col(column) == pl.col(other)) & named)[column].unique(maintain_order=True)
        found += list(same) if 0 < len(same) <= MOST_VALUES else []
    return list(dict.fromkeys(found))


def _prefixes(texts: Sequence[str]) -> list[str]:
    """Texts that two or more of the others begin with, followed by a blank or a mark: `Tico` of `Tico 1`, `Tico 2`."""
    known = set(texts)
    times: dict[str, int] = {}
    for text in texts:
        for cut in re.finditer(r"[\s\-/#.,:(]+", text):
            head = text[: cut.start()]
            if head in known:
                times[head] = times.get(head, 0) + 1
    return [text for text in texts if times.get(text, 0) >= 1]


def _look(search: _Search, column: str, value: str, rows: pl.Series, places: Sequence[str], file: str) -> None:
    rows = rows & search.alive
    number = int(rows.sum())
    if number == 0:
        return
    said = re.search(TOTAL_WORDS, value) is not None or re.search(PLAINLY, value) is not None
    beside = int((search.alive & ~rows).sum())
    if not said and beside >= max(FEWEST - 1, 2 * number) and _twice(search, rows):
        rest = search.alive & ~rows
        if _equal(_sums(search, rows), _sums(search, rest), search.kinds, said=False):
            why = f"the sum of all {beside:,} other rows, though it does not say so"
            _leave_out(search, column, value, rows, why, file, _votes(search, rows))
            name = value or "without a name"
            text = f"{file}: the rows {name!r} of {column!r} equal the sum of all other rows and are not read: a total?"
            search.questions.append(
                Question(about=name, text=text, choices=("a total", "sheets"), where=f"{file}, column {column}")
            )
            return
    own = _sums(search, rows)
    holds = int(own.select(pl.sum_horizontal(pl.col(search.figures.columns).fill_null(0))).sum().item() or 0)
    first = int(rows.arg_max() or 0)
    if said and holds == 0 and number <= max(3, search.cells.height // 100):
        _leave_out(search, column, value, rows, "says that it is a total, and holds no figure", file, holds)
        return
    place = any(name != column and bool((search.cells[name].filter(rows) == value).all()) for name in places)
    near, here = (search, rows) if said or place else _near(search, column, value, rows)
    for group, words, within in _groups(near, column, value, here, places, said=said or place):
        beside = int(group.sum())
        keys = [*search.kinds, *within]
        if (
            beside
            and (said or beside >= number)
            and _equal(_sums(near, here, within), _sums(near, group, within), keys, said=said)
        ):
            why = f"the sum of {beside:,} other row{'s' if beside > 1 else ''} ({words})"
            _leave_out(search, column, value, rows, why, file, _votes(search, rows))
            return
    if re.search(PLAINLY, value) is not None and search.cells.height > number:
        others = _votes(search, search.alive & ~rows)
        search.questions.append(
            Question(
                about=value,
                text=f"{file}: the row {value!r} of {column!r} is called a total, but it is the sum of no other rows: "
                f"it holds {_votes(search, rows):,}, the others {others:,}. It is counted as a sheet: is it one?",
                choices=("a sheet of its own", f"a total: drop {column} is {value!r}"),
                where=f"{file}, row {first + 1} of the table",
            )
        )


def _near(search: _Search, column: str, value: str, rows: pl.Series) -> tuple[_Search, pl.Series]:
    """The rows, and those that begin with their name: all that they may sum up if they are not called totals."""
    near = (rows | (search.alive & _begins(search.cells[column], value))).fill_null(value=False)
    alive = search.alive.filter(near)
    part = replace(search, cells=search.cells.filter(near), figures=search.figures.filter(near), alive=alive)
    return part, rows.filter(near)


def _begins(texts: pl.Series, value: str) -> pl.Series:
    """Which texts begin with the value, followed by a blank or a mark."""
    return texts.str.contains(rf"^{re.escape(value)}[\s\-/#.,:(]").fill_null(value=False)


def _twice(search: _Search, rows: pl.Series) -> bool:
    """Whether the rows hold half of all that there is."""
    return 2 * _votes(search, rows) == _votes(search, search.alive)


def _votes(search: _Search, rows: pl.Series) -> int:
    """What the rows hold in the columns of figures, added up."""
    part = search.figures.filter(rows)
    return int(part.select(pl.sum_horizontal(pl.all().fill_null(0))).sum().item() or 0)


def _leave_out(search: _Search, column: str, value: str, rows: pl.Series, why: str, file: str, holds: int) -> None:
    search.found.setdefault(column, []).append(value)
    rule = f"{column} is {value!r}: {why}"
    example = " ".join(str(cell) for cell in search.cells.filter(rows).row(0) if cell is not None)[:200]
    number = int(rows.sum())
    search.left_out.append(RowsLeftOut(file=file, rule=rule, rows=number, example=example, holds=holds))
    search.alive = search.alive & ~rows


def _sums(search: _Search, rows: pl.Series, within: Sequence[str] = ()) -> pl.DataFrame:
    """The figures of these rows added up by kind, and by place; a figure that no row has is absent."""
    names = search.figures.columns
    keys = [*search.kinds, *within]
    part = pl.concat([search.cells.select(keys), search.figures], how="horizontal").filter(rows)
    added = [
        pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).otherwise(None).alias(name) for name in names
    ]
    return part.group_by(keys).agg(added) if keys else part.select(added)


def _groups(
    search: _Search, column: str, value: str, rows: pl.Series, places: Sequence[str], *, said: bool
) -> list[tuple[pl.Series, str, list[str]]]:
    """Rows that this one may sum up: those that begin with its name, those just above, of its place, all.

    Beside each what they are, and the column of places within each of which they are added up.
    """
    texts = search.cells[column]
    begins = _begins(texts, value)
    rest = search.alive & ~rows
    groups: list[tuple[pl.Series, str, list[str]]] = [(rest & begins, f"{column} begins with {value!r}", [])]
    for place in places:
        names = search.cells[place].filter(rows)
        if place == column or names.null_count() or search.cells[place].n_unique() < 2:
            continue
        same = rest & search.cells[place].is_in(names.unique().implode())
        words = f"{place} {names[0]!r}" if names.n_unique() == 1 else f"the same {place}"
        groups.append((same & begins, words, [place]))
        if said:
            groups.append((same, words, [place]))
    bare = re.sub(TOTAL_WORDS, "", value).strip(" \t-–:/.,()")
    if said and bare:
        for place in places:
            named = rest & (search.cells[place] == bare)
            groups.append((named, f"{place} {bare!r}", []))
    if said:
        at = pl.Series(range(search.cells.height))
        first = int(rows.arg_max() or 0)
        left = (~search.alive).head(first)
        last = int(left.arg_true()[-1]) + 1 if left.any() else 0
        groups.append((rest & (at >= last) & (at < first), "the rows above it", []))
        groups.append((rest & (at < first), "all rows above it", []))
        groups.append((rest, "all other rows", []))
    return [(group.fill_null(value=False), words, within) for group, words, within in groups]


def _equal(own: pl.DataFrame, others: pl.DataFrame, kinds: Sequence[str], *, said: bool) -> bool:
    """Whether nearly all figures of the one are the sums of the other's."""
    names = [name for name in own.columns if name not in kinds]
    if kinds:
        beside = own.join(others, on=list(kinds), how="left", suffix="\0", nulls_equal=True)
    else:
        beside = pl.concat([own, others.rename({name: f"{name}\0" for name in names})], how="horizontal")
    compared = agree = above = 0
    for name in names:
        pairs = beside.select(pl.col(name).alias("own"), pl.col(f"{name}\0").alias("sum")).drop_nulls("own")
        pairs = pairs.filter((pl.col("own") > 0) | (pl.col("sum") > 0))
        compared += pairs.height
        above += int((pairs["own"] > 0).sum())
        agree += int((pairs["own"] == pairs["sum"]).sum())
    return above >= (1 if said else 2) and agree >= NEARLY * compared

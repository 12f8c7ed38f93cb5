"""Files with one row for each sheet and choice, brought to one row for each sheet.

A sheet with a faulty row is left out whole: a sheet without one of its choices' votes would be counted wrongly.

A row without a figure is an absent figure, and so is a sum over rows of which one has none. A choice of which a sheet
has no row at all is what the layout's `absent_row` says.
"""

from collections.abc import Sequence

import polars as pl

from veedor.election import Contest, Election, Layout, Long
from veedor.errors import SHOWN_FAULTS, DefinitionError, Fault
from veedor.sheets.formats.column_map import Plan, nearest, plain
from veedor.sheets.formats.convert import as_text, converted
from veedor.sheets.formats.rows import MOST_FAULTS, ROW, check_number, few, shown, without
from veedor.sheets.formats.whole_numbers import masked, most_of, whole_numbers
from veedor.sheets.spellings import as_label, composed
from veedor.sheets.table import FIGURES, LINE, MOST, OTHER, VOTES, bounded_columns, line_column, other_columns

TARGET = "\0target"
FIGURE = "\0figure"
BOUND = "\0bound"
"""The most that a row's figure is, where a mark says it."""

MASKED = "\0masked"
PART = "\0part"
"""Before the name of a column over which votes are added."""


def from_long(
    rows: pl.DataFrame, plan: Plan, layout: Layout, election: Election, contest: Contest, file: str
) -> tuple[pl.DataFrame, list[Fault], list[Fault], int]:
    """One row for each sheet, with ROW of its first row; the faults; and the other rows of the sheets left out.

    Last the figures that have no row and are read as 0 though no `absent_row` says so. The table has a column MASKED
    (whether a text stands for a figure of the sheet) where any may.
    """
    long = layout.long
    assert long is not None
    targets = _targets(long, contest, election)
    label = _labels(rows, long)
    rows = rows.filter(~label.is_in([as_label(text) for text in long.ignore]).fill_null(value=False))
    target, faults = _known(rows, long, targets, file)
    figures, found = whole_numbers(rows, plain(long.votes), layout, file)
    faults += found
    sheets, found = converted(rows, plan, layout, election, contest, file)
    parts = rows.select(as_text(rows[plain(name)]).alias(PART + name) for name in long.parts)
    bounds = [most_of(rows[plain(long.votes)], layout).alias(BOUND)] if layout.at_most else []
    sheets = sheets.with_columns(target.alias(TARGET), figures.alias(FIGURE), *bounds, *parts)
    faults += found
    faults += _differing(sheets, file)
    faults += _repeated(sheets, long, file)
    whole, left_out = _whole_sheets(sheets, faults, file)
    table, filled = _without_rows(_with_lines(_wide(whole, plan, contest), whole, long, contest), whole, long, contest)
    hidden = masked(rows, [plain(long.votes)], layout)
    if hidden is not None:
        stations = sheets["station"].filter(hidden).unique()
        table = table.with_columns(pl.col("station").is_in(stations.implode()).alias(MASKED))
    return table, faults, left_out, 0 if long.absent_row else filled


def _targets(long: Long, contest: Contest, election: Election) -> dict[str, str]:
    """What each label of the file stands for: a column of the sheet table."""
    spellings = {VOTES + choice: long.labels[choice] for choice in contest.choice_ids if choice in long.labels}
    spellings |= {name: getattr(long, name) for name in FIGURES}
    own = [figure.id for figure in contest.other]
    spellings |= {OTHER + name: labels for name, labels in long.other.items() if name in own}
    targets: dict[str, str] = {}
    for target, labels in spellings.items():
        for label in map(as_label, labels):
            if label in targets:
                fault = Fault(
                    file=f"{election.id}/election.toml",
                    column="long",
                    found=f"the label '{label}' for {targets[label]} and for {target}",
                    wanted="each label once",
                )
                raise DefinitionError([fault])
            targets[label] = target
    others = (choice for choice in long.labels if choice not in contest.choice_ids)
    elsewhere = [label for choice in others for label in long.labels[choice]]
    elsewhere += [label for name, labels in long.other.items() if name not in own for label in labels]
    return targets | {as_label(label): "" for label in elsewhere if as_label(label) not in targets}


def _labels(rows: pl.DataFrame, long: Long) -> pl.Series:
    """What each row is about: the first of the columns of `choice` that is not empty."""
    texts = [composed(as_text(rows[plain(name)]).str.strip_chars()) for name in long.choice]
    named = pl.DataFrame([text.set(text == "", None).alias(str(index)) for index, text in enumerate(texts)])
    return named.select(pl.coalesce(pl.all())).to_series()


def _known(rows: pl.DataFrame, long: Long, targets: dict[str, str], file: str) -> tuple[pl.Series, list[Fault]]:
    label = _labels(rows, long)
    target = label.replace_strict(targets, default=None, return_dtype=pl.String)
    unknown = few(target.is_null())
    faults = [
        Fault(
            file=file,
            row=row,
            column=" or ".join(long.choice),
            found=shown(text),
            wanted="a label that the layout names under [long]",
            remedy=(nearest(text or "", targets) if place < SHOWN_FAULTS else "")
            or "name it under `ignore` if it is none of the choices",
        )
        for place, (row, text) in enumerate(zip(rows[ROW].filter(unknown), label.filter(unknown), strict=True))
    ]
    check_number(faults)
    return target, faults


def _differing(sheets: pl.DataFrame, file: str) -> list[Fault]:
    """Rows of a sheet that say something else of it than its first row."""
    own = [name for name in sheets.columns if not name.startswith(PART)]
    columns = [name for name in own if name not in (ROW, TARGET, FIGURE, BOUND, "station")]
    first = sheets.unique(subset="station", keep="first", maintain_order=True)
    joined = sheets.join(first.select("station", *columns), on="station", how="left", suffix="\0first")
    faults: list[Fault] = []
    for name in columns:
        other = joined.filter(pl.col(name).ne_missing(pl.col(f"{name}\0first")) & pl.col("station").is_not_null())
        faults += [
            Fault(
                file=file,
                row=row,
                column=name,
                found=shown(found),
                wanted=f"{shown(wanted)}, as in the first row of station {station}",
            )
            for row, station, found, wanted in other.head(MOST_FAULTS + 1)
            .select(ROW, "station", name, f"{name}\0first")
            .iter_rows()
        ]
        check_number(faults)
    return faults


def _repeated(sheets: pl.DataFrame, long: Long, file: str) -> list[Fault]:
    parts = [name for name in sheets.columns if name.startswith(PART)]
    known = sheets.select(ROW, "station", TARGET, *parts)
    known = known.filter((pl.col(TARGET) != "") & pl.col("station").is_not_null())
    if known.drop(ROW).hash_rows(seed=1).n_unique() == known.height:
        return []  # other hashes are of other rows, in a tenth of the memory; equal ones may be chance
    again = known.filter(~pl.struct("station", TARGET, *parts).is_first_distinct()).head(MOST_FAULTS + 1)
    faults = [
        Fault(
            file=file,
            row=row,
            column=" or ".join(long.choice),
            found=f"{target} of station {station} again",
            wanted="it once",
            remedy=""
            if long.parts
            else "if these are parts of one figure, name the column that tells them apart as `add_over`",
        )
        for row, station, target in again.select(ROW, "station", TARGET).iter_rows()
    ]
    check_number(faults)
    return faults


def _whole_sheets(sheets: pl.DataFrame, faults: Sequence[Fault], file: str) -> tuple[pl.DataFrame, list[Fault]]:
    """Sheets without a faulty row, and a fault for each other row of the faulty ones."""
    bad_rows = [fault.row for fault in faults if fault.row is not None]
    if not bad_rows:
        return sheets, []
    stations = sheets.filter(pl.col(ROW).is_in(bad_rows))["station"].drop_nulls().unique()
    faulty = sheets.filter(pl.col("station").is_in(stations.implode()) & ~pl.col(ROW).is_in(bad_rows))
    whole = without(sheets, faults).filter(~pl.col("station").is_in(stations.implode()))
    beside = [
        Fault(
            file=file,
            row=row,
            found=f"a row of station {station}, of which another row is faulty",
            wanted="all rows of a sheet without fault",
        )
        for row, station in faulty.head(MOST_FAULTS + 1).select(ROW, "station").iter_rows()
    ]
    check_number(beside)
    return whole, beside


def _wide(sheets: pl.DataFrame, plan: Plan, contest: Contest) -> pl.DataFrame:
    """One row for each station: the figures of its rows beside what all of them say."""
    parts = [name for name in sheets.columns if name.startswith(PART)]
    bounds = [BOUND] if BOUND in sheets.columns else []
    of_sheet = sheets.unique(subset="station", keep="first", maintain_order=True).drop(TARGET, FIGURE, *bounds, *parts)
    for target in sheets[TARGET].unique(maintain_order=True):
        if not target:
            continue
        own = [pl.col(FIGURE).alias(target)]
        if bounds and target in bounded_columns(contest):
            own.append(pl.coalesce(FIGURE, BOUND).alias(MOST + target))
        figures = sheets.filter(pl.col(TARGET) == target).select("station", *own)
        names = figures.columns[1:]
        if parts:
            totals = (pl.when(pl.col(one).is_not_null().all()).then(pl.col(one).sum()).alias(one) for one in names)
            figures = figures.group_by("station", maintain_order=True).agg(totals)
        if len(names) > 1:
            figures = figures.with_columns(pl.when(pl.col(target).is_null()).then(MOST + target).alias(MOST + target))
        if target in plan.targets:
            of_sheet = of_sheet.drop(target, MOST + target, strict=False)
        of_sheet = of_sheet.join(figures, on="station", how="left", maintain_order="left")
    return of_sheet


def _with_lines(wide: pl.DataFrame, rows: pl.DataFrame, long: Long, contest: Contest) -> pl.DataFrame:
    """The table with a column for each party line that the layout names: what its rows have, absent without any."""
    if long.lines_in is None:
        return wide
    line = composed(rows[PART + long.lines_in].str.strip_chars())
    figures = rows.with_columns(line.alias(LINE))
    for choice in (choice for choice in contest.choice_ids if choice in long.lines):
        for name in long.lines[choice]:
            own = figures.filter((pl.col(TARGET) == VOTES + choice) & (pl.col(LINE) == as_label(name)))
            total = pl.when(pl.col(FIGURE).is_not_null().all()).then(pl.col(FIGURE).sum())
            votes = own.group_by("station").agg(total.alias(line_column(choice, name)))
            wide = wide.join(votes, on="station", how="left", maintain_order="left")
    return wide


def _without_rows(wide: pl.DataFrame, rows: pl.DataFrame, long: Long, contest: Contest) -> tuple[pl.DataFrame, int]:
    """The table, and in how many cells 0 was put: in those of sheets with figures that have no row for a choice.

    Likewise for blank and null votes, and other figures, that other sheets have.

    Not where `absent_row` says that they are absent; and where it says nothing, not in a sheet whose printed sum is
    more than its rows give: what is missing there is somewhere.
    """
    if long.absent_row == "absent":
        return wide, 0
    targets = [VOTES + choice for choice in contest.choice_ids if choice in long.labels]
    targets += [name for name in ("blank", "null") if getattr(long, name) and name in wide.columns]
    others = [OTHER + figure.id for figure in contest.other if figure.id in long.other]
    targets += [name for name in others if name in wide.columns]
    if all(name in wide.columns and not wide[name].null_count() for name in targets):
        return wide, 0
    seen = rows.filter(pl.col(TARGET).is_in(targets)).select("station", TARGET).unique()
    for name in targets:
        if name not in wide.columns:
            wide = wide.with_columns(pl.lit(None, dtype=pl.Int64).alias(name))
    stated = [name for name in targets if name.startswith(VOTES)]
    some = pl.any_horizontal(pl.col(*targets).is_not_null())
    zero = (
        some
        if long.absent_row == "zero"
        else some & ~_sum_wants_more(wide, stated, other_columns(contest, of_cast=True))
    )
    marks = []
    for name in targets:
        has = seen.filter(pl.col(TARGET) == name)["station"].implode()
        marks.append(pl.when(zero & ~pl.col("station").is_in(has)).then(0).otherwise(pl.col(name)).alias(name))
    filled = wide.with_columns(marks)
    gaps = [sum(table[name].null_count() for name in targets) for table in (wide, filled)]
    return filled, gaps[0] - gaps[1]


def _sum_wants_more(wide: pl.DataFrame, stated: Sequence[str], others: Sequence[str]) -> pl.Expr:
    """Whether a sheet prints more valid votes than its rows give, or, all else being there, more ballots cast.

    others: columns of ballots cast beside votes, blank and null ones, of which the table may have some.
    """
    more = pl.lit(False)
    if "valid" in wide.columns:
        more = more | (pl.col("valid") > pl.sum_horizontal(*stated)).fill_null(False)
    if {"cast", "blank", "null"} <= set(wide.columns):
        beside = [name for name in others if name in wide.columns]
        whole = pl.sum_horizontal(*stated, *beside) + pl.col("blank") + pl.col("null")
        more = more | (pl.col("cast") > whole).fill_null(False)
    return more

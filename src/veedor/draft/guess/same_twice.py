"""What a file holds twice: rounds, ways of voting beside their total, several contests, states of one sheet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from veedor.draft.evidence import RowsLeftOut
from veedor.draft.guess.figures import Figures
from veedor.draft.guess.long import LongGuess
from veedor.draft.rows_out import PLAINLY
from veedor.draft.vocabulary import ROUND, UPDATED, level_of, plain_words, role_of
from veedor.election.definition import Question

MOST_LINES, FEWEST_LINES, HOLDS = 60, 3, 0.95
"""Party lines that are looked at, and in how many rows of how many one must be the sum of the others."""

MOST_ROUNDS = 4
MOST_CONTESTS = 60
SMALL_LEVELS = ("precinct", "section", "zone", "circuit", "ward", "locality")
DATES = r"^\d{4}-\d{2}-\d{2}([T ].*)?$|^\d{1,2}[/.]\d{1,2}[/.]\d{4}( .*)?$"

Rule = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, kw_only=True)
class Reduced:
    """Rows of one of several things; the rules that leave the others out, what they hold, and what is asked."""

    cells: pl.DataFrame
    drop: tuple[Rule, ...] = ()
    left_out: tuple[RowsLeftOut, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Districts:
    """A column within each of whose places other choices stand: as many contests."""

    column: str
    values: tuple[str, ...]
    choices: int

    @property
    def are_contests(self) -> bool:
        """True if these are few enough to be taken for contests without asking first."""
        return len(self.values) <= MOST_CONTESTS

    def asked(self, file: str) -> Question:
        """The question whether these are contests of their own."""
        if self.are_contests:
            listed = ", ".join(map(repr, self.values[:8]))
            text = (
                f"{file}: each of {self.choices:,} choices stands in one {self.column!r} only ({listed}): contests "
                f"of their own? {self.values[0]!r} was taken"
            )
            return Question(about=self.column, text=text, choices=tuple(self.values[:8]), where=file)
        text = (
            f"{file}: each of {self.choices:,} choices stands in one of {len(self.values):,} texts of "
            f"{self.column!r} only: are these contests of their own? They were added up"
        )
        return Question(about=self.column, text=text, choices=("one contest", "contests"), where=file)


def headers_again(cells: pl.DataFrame, file: str) -> Reduced:
    """Without rows that say the names of the columns again, as pages of a document do; named by one of its columns."""
    named = pl.sum_horizontal(_is_name(name) for name in cells.columns)
    filled = pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.UInt32) for name in cells.columns)
    again = cells.select((named >= 2) & (named == filled)).to_series()
    if not again.any():
        return Reduced(cells=cells)
    rows = cells.filter(again)
    stands = cells.select(_is_name(name) for name in cells.columns).sum()
    by = [name for name in cells.columns if stands[name][0] == rows.height]
    if not by:
        return Reduced(cells=cells)
    name = by[0]
    rule = f"{name} is {rows[name][0]!r}: the names of the columns again"
    drop = (name, tuple(str(text) for text in rows[name].unique(maintain_order=True)))
    return Reduced(cells=cells.filter(~again), drop=(drop,), left_out=(_out(file, rule, rows),))


def _is_name(name: str) -> pl.Expr:
    """1 where a cell says what its column is called. Of several columns of one name the second is `name#2`."""
    return (pl.col(name).cast(pl.String) == re.sub(r"#[0-9]+$", "", name)).fill_null(value=False).cast(pl.UInt32)


def one_round(cells: pl.DataFrame, file: str) -> Reduced:
    """The first round alone, where a column says in which round each row was counted."""
    for name in cells.columns:
        if not re.search(ROUND, plain_words(name)) or cells[name].null_count():
            continue
        words = sorted(str(word) for word in cells[name].unique())
        if not 2 <= len(words) <= MOST_ROUNDS:
            continue
        rows = cells[name].value_counts()
        numbers = {str(word): int(number) for word, number in rows.iter_rows()}
        others = tuple(words[1:])
        listed = ", ".join(f"{word!r} {numbers[word]:,} rows" for word in words)
        kept = cells.filter(pl.col(name) == words[0])
        rest = cells.filter(pl.col(name) != words[0])
        text = f"{file}: {name!r} tells rounds apart ({listed}); which is counted? {words[0]!r} was taken"
        return Reduced(
            cells=kept,
            drop=((name, others),),
            left_out=(_out(file, f"{name} is another round than {words[0]!r}", rest),),
            questions=(Question(about=name, text=text, choices=tuple(words), where=f"{file}, column {name}"),),
        )
    return Reduced(cells=cells)


def _out(file: str, rule: str, rows: pl.DataFrame, holds: int | None = None) -> RowsLeftOut:
    example = " ".join(str(cell) for cell in rows.row(0) if cell is not None)[:200] if rows.height else ""
    return RowsLeftOut(file=file, rule=rule, rows=rows.height, example=example, holds=holds)


def without_mode_totals(
    cells: pl.DataFrame, marks: Figures, long: LongGuess, roles: Mapping[str, str], file: str
) -> Reduced:
    """Ways of voting, or their total, but not both: where a column of ways says TOTAL in some rows."""
    for name in long.add_over:
        if roles.get(name) != "part":
            continue
        words = [str(word) for word in cells[name].drop_nulls().unique(maintain_order=True)]
        totals = [word for word in words if re.search(PLAINLY, word)]
        parts = [word for word in words if word not in totals]
        if not totals or not parts:
            continue
        keys = [one for one in cells.columns if one != name and one not in marks.columns]
        table = cells.select(*keys, name).with_columns(marks.columns[long.votes].alias("\0votes"))
        whole = _added(table.filter(pl.col(name).is_in(totals)), keys)
        added = _added(table.filter(~pl.col(name).is_in(totals)), keys)
        both = whole.join(added, on=keys, how="inner", suffix="\0", nulls_equal=True)
        agree = int((both["\0votes"] == both["\0votes\0"]).sum())
        only = (whole.height - both.height, added.height - both.height)
        out = parts if only[1] == 0 else totals
        sure = agree == both.height and 0 in only
        kept = cells.filter(~pl.col(name).is_in(out).fill_null(value=False))
        rest = cells.filter(pl.col(name).is_in(out).fill_null(value=False))
        held = int(table.filter(pl.col(name).is_in(out))["\0votes"].sum() or 0)
        words_of = "the parts" if out is parts else "the total"
        rule = (
            f"{name} is {', '.join(map(repr, out))}: {words_of}; {totals[0]} = sum of the others in {agree:,} of "
            f"{both.height:,} figures"
        )
        text = (
            f"{file}: {name!r} has {', '.join(map(repr, totals))} beside {', '.join(map(repr, parts[:6]))}; they agree "
            f"in {agree:,} of {both.height:,} figures, {only[0]:,} have only the total and {only[1]:,} only the parts. "
            f"{words_of.capitalize()} {'are' if out is parts else 'is'} not read: right?"
        )
        question = Question(about=name, text=text, choices=("the total", "the parts"), where=f"{file}, column {name}")
        return Reduced(
            cells=kept,
            drop=((name, tuple(out)),),
            left_out=(_out(file, rule, rest, held),),
            questions=() if sure else (question,),
        )
    return Reduced(cells=cells)


def without_line_totals(
    cells: pl.DataFrame, marks: Figures, long: LongGuess, roles: Mapping[str, str], file: str
) -> Reduced:
    """Party lines of a choice without the rows of their sum: a line that equals the others of its choice everywhere."""
    for name in long.add_over:
        words = cells[name].fill_null("").unique(maintain_order=True)
        if roles.get(name) == "part" or name in long.choice or not 2 < len(words) + 1 <= MOST_LINES:
            continue
        keys = [one for one in cells.columns if one != name and one not in marks.columns]
        table = cells.select(*keys, pl.col(name).fill_null("")).with_columns(
            marks.columns[long.votes].fill_null(0).alias("\0votes")
        )
        for word in words:
            own, others = table.filter(pl.col(name) == word), table.filter(pl.col(name) != word)
            both = _added(own, keys).join(_added(others, keys), on=keys, how="inner", suffix="\0", nulls_equal=True)
            agree = int((both["\0votes"] == both["\0votes\0"]).sum())
            several = table.join(both.select(keys), on=keys, how="semi", nulls_equal=True)
            lines = several.group_by(keys).len()["len"].min()
            if both.height < FEWEST_LINES or agree < HOLDS * both.height or not isinstance(lines, int) or lines < 3:
                continue
            return _line_total(cells, name, str(word), own, both.height, file)
    return Reduced(cells=cells)


def _line_total(cells: pl.DataFrame, name: str, word: str, own: pl.DataFrame, sums: int, file: str) -> Reduced:
    """Without the rows of a line that are sums; only asked where the same word stands in other rows, too."""
    whole = own.height == sums
    held = int(own["\0votes"].sum() or 0)
    rule = f"{name} is {word!r}: the sum of the choice's other lines in {sums:,} of {own.height:,} rows"
    out = (cells[name].fill_null("") == word).fill_null(value=False)
    text = f"{file}: the rows in which {rule}. They are {'not read' if whole else 'counted, too'}: right?"
    choices = ("sums", "votes of a line of its own")
    question = Question(about=name, text=text, choices=choices, where=f"{file}, column {name}")
    if not whole:
        return Reduced(cells=cells, questions=(question,))
    return Reduced(
        cells=cells.filter(~out),
        drop=((name, (word,)),),
        left_out=(_out(file, rule, cells.filter(out), held),),
        questions=(question,),
    )


def _added(table: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    return table.group_by(keys).agg(pl.col("\0votes").sum())


def districts_in(
    cells: pl.DataFrame, long: LongGuess, roles: Mapping[str, str], taken: Sequence[str]
) -> Districts | None:
    """The column in each of whose places other choices stand than in all others, two or more in each."""
    label = pl.coalesce(long.choice).alias("\0label")
    for name in sorted(cells.columns, key=lambda one: level_of(one) != "district" and role_of(one) != "contest"):
        level = level_of(name)
        about = (level is not None and level not in SMALL_LEVELS) or role_of(name) == "contest"
        if not about or name in taken or name in (*long.choice, long.votes, *long.add_over):
            continue
        pairs = cells.select(pl.col(name), label).drop_nulls().unique()
        pairs = pairs.filter(pl.col("\0label").is_in(list(long.labels)))
        places = pairs[name].n_unique()
        if places < 2 or pairs.is_empty():
            continue
        spread = pairs.group_by("\0label").len()
        few = pairs.group_by(name).len()
        # A name or two may stand everywhere (write-ins, parties without a candidate); persons stand in one place.
        rest = spread.filter(pl.col("len") < places)
        alone = int((rest["len"] == 1).sum())
        several = int((few["len"] >= 2).sum())
        if alone >= 0.9 * rest.height and alone >= max(2 * places, 0.6 * spread.height) and several >= 0.9 * places:
            values = [str(word) for word in cells[name].drop_nulls().unique(maintain_order=True)]
            return Districts(column=name, values=tuple(values), choices=spread.height)
    return None


def states_of_sheets(cells: pl.DataFrame, station: Sequence[str], file: str) -> list[Question]:
    """Whether a column of dates tells rows of one station apart: later states of one sheet."""
    found = []
    for name in cells.columns:
        if name in station or not is_update(cells, name):
            continue
        again = cells.filter(pl.struct(station).is_duplicated())
        if again.is_empty() or again.select(*station, name).is_duplicated().any():
            continue
        first = again.row(0, named=True)
        text = (
            f"{file}: {again.height:,} rows are about stations that are there twice, with another {name!r} each "
            f"(such as {_cells(first, station)}, {first[name]}): does the latest count (`latest` in the layout)? "
            "None was taken out"
        )
        choices = ("the latest counts: leave the earlier rows out", "each is a station of its own")
        found.append(Question(about=name, text=text, choices=choices, where=f"{file}, column {name}"))
    return found


def _cells(row: Mapping[str, object], names: Sequence[str]) -> str:
    return " ".join(str(row[name]) for name in names)


def is_update(cells: pl.DataFrame, name: str) -> bool:
    """Whether a column says when a row was written or a sheet came: by its name, or dates in all its cells."""
    if re.search(UPDATED, plain_words(name)):
        return True
    head = cells[name].drop_nulls().head(1_000)
    return len(head) > 0 and bool(head.str.contains(DATES).all())

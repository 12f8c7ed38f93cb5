"""Rows of a file that are no sheets of the contest: of other contests, and those that the layout drops; how many."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from veedor.election import BETWEEN, Contest, Layout
from veedor.errors import DefinitionError, Fault, InputError
from veedor.rim.terminal import one_line
from veedor.sheets.formats.column_map import Plan, plain
from veedor.sheets.formats.convert import as_text
from veedor.sheets.formats.rows import ROW, shown
from veedor.sheets.publications import PublishedFile
from veedor.sheets.spellings import as_label, composed

MOST_NAMED = 10
"""Contests, or texts of dropped rows, that a note names."""


@dataclass(frozen=True, kw_only=True)
class Aside:
    """Rows of a file that are not read. column: by which; texts: what it holds in them, and in how many rows.

    dropped: whether the layout drops them; else they are of contests that the definition does not name.
    """

    file: str
    column: str
    texts: Counter[str]
    dropped: bool


def of_contest(cells: pl.DataFrame, contest: Contest, file: PublishedFile) -> tuple[pl.DataFrame, list[Aside]]:
    """The rows of the contest, and how many are of contests that the layout does not name.

    Raises DefinitionError where the layout has no text for the contest, InputError where no row bears it.
    """
    rule = file.layout.contest
    if rule is None:
        return cells, []
    if contest.id not in rule.values:
        where = f"layouts.{file.source.layout}.contest.values"
        wanted = f"the text that the column '{BETWEEN.join(rule.column)}' holds in its rows"
        found = f"no text for the contest {contest.id}"
        raise DefinitionError([Fault(file="election.toml", column=where, found=found, wanted=wanted)])
    labels = [as_label(label) for label in rule.values[contest.id]]
    column = _texts(cells, rule.column)
    chosen = cells.filter(column.is_in(labels))
    if chosen.is_empty() and not cells.is_empty():
        texts = ", ".join(shown(text) for text in column.unique().sort().head(5))
        wanted = f"rows with {' or '.join(map(shown, labels))}, the contest {contest.id}"
        name = " and ".join(rule.column)
        raise InputError([Fault(file=file.name, column=name, found=f"only rows with {texts}", wanted=wanted)])
    named = {as_label(label) for own in rule.values.values() for label in own}
    others = column.filter(~column.fill_null("").is_in(list(named)))
    return chosen, _aside(others, BETWEEN.join(rule.column), file.name, dropped=False)


def not_dropped(cells: pl.DataFrame, layout: Layout, file: str) -> tuple[pl.DataFrame, list[Aside]]:
    """The rows that the layout does not drop, and how many it drops."""
    aside: list[Aside] = []
    for rule in layout.drop:
        column = composed(as_text(cells[plain(rule.column)]).str.strip_chars().fill_null(""))
        out = column.is_in([as_label(label) for label in rule.is_])
        aside += _aside(column.filter(out), rule.column, file, dropped=True)
        cells = cells.filter(~out)
    return cells, aside


def headers_named(faults: Sequence[Fault], cells: pl.DataFrame, plan: Plan) -> list[Fault]:
    """The faults, those of a row that says the names of the columns again as one, with the words that drop it."""
    station = plan.targets["station"]
    suspects = list({fault.row for fault in faults if fault.row is not None})
    if not suspects or not (station.names or station.join):
        return list(faults)
    name = (*station.names, *station.join)[0]
    rows = cells.filter(pl.col(ROW).is_in(suspects))
    again = set(rows[ROW].filter((composed(as_text(rows[name]).str.strip_chars()) == name).fill_null(value=False)))
    if not again:
        return list(faults)
    first = {fault.row: fault for fault in reversed(faults) if fault.row in again}
    remedy = f'a page that begins again? `drop = [{{ column = "{name}", is = "{name}" }}]` in the layout leaves it out'
    kept = [fault for fault in faults if fault.row not in again]
    return kept + [
        Fault(file=fault.file, row=row, found="the names of the columns again", wanted="a tally sheet", remedy=remedy)
        for row, fault in sorted(first.items(), key=lambda one: one[0] or 0)
    ]


def told(asides: Iterable[Aside]) -> list[str]:
    """A sentence for each column: how many rows are not read, and what they say."""
    together: dict[tuple[str, bool], Aside] = {}
    files: dict[tuple[str, bool], dict[str, None]] = {}
    for one in asides:
        key = one.column, one.dropped
        files.setdefault(key, {})[one.file] = None
        known = together.get(key)
        texts = one.texts if known is None else known.texts + one.texts
        together[key] = Aside(file=one.file, column=one.column, texts=texts, dropped=one.dropped)
    return [_sentence(one, list(files[key])) for key, one in together.items()]


def _sentence(one: Aside, files: Sequence[str]) -> str:
    number = one.texts.total()
    rows = "1 row" if number == 1 else f"{number:,} rows"
    listed = ", ".join(f"{_quoted(text)} {many:,}" for text, many in one.texts.most_common(MOST_NAMED))
    if len(one.texts) > MOST_NAMED:
        listed += f" and {len(one.texts) - MOST_NAMED:,} more"
    more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
    why = "dropped by the layout" if one.dropped else "of contests that the definition does not name"
    verb = "is" if number == 1 else "are"
    return f"{files[0]}{more}: {rows} {why} {verb} not read, by {one.column!r}: {listed}"


def _quoted(text: str) -> str:
    return repr(one_line(text)) if text else "an empty cell"


def _aside(texts: pl.Series, column: str, file: str, *, dropped: bool) -> list[Aside]:
    """The rows with these texts, if there are any."""
    if texts.is_empty():
        return []
    counts = texts.fill_null("").alias("text").value_counts(sort=True)
    return [Aside(file=file, column=column, texts=Counter(dict(counts.iter_rows())), dropped=dropped)]


def _texts(cells: pl.DataFrame, names: Sequence[str]) -> pl.Series:
    """By what text each row tells its contest: of several columns the texts of all, with a mark between them."""
    texts = [composed(as_text(cells[plain(name)]).str.strip_chars()) for name in names]
    if len(texts) == 1:
        return texts[0]
    frame = pl.DataFrame([text.fill_null("").alias(str(place)) for place, text in enumerate(texts)])
    return frame.select(pl.concat_str(pl.all(), separator=BETWEEN)).to_series()

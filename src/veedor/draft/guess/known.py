"""Columns that are known by their names, where their cells do not contradict: figures, status, times, coordinates."""

import re
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from veedor.draft.arithmetic import agreement, arrays
from veedor.draft.guess.figures import Figures
from veedor.draft.guess.found import Named
from veedor.draft.guess.long import SINGLE, LongGuess
from veedor.draft.guess.votes import votes_by_sum
from veedor.draft.vocabulary import (
    REMARKS,
    ROLES,
    WAYS,
    is_code,
    level_of,
    names_somebody,
    plain_words,
    role_of,
    status_of,
)
from veedor.election import Status
from veedor.election.definition import Question

TIME_FORMATS = (
    ("", r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}:?\d{2}|Z)?$"),
    ("%d/%m/%Y %H:%M:%S", r"^\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2}$"),
    ("%d/%m/%Y %H:%M", r"^\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}$"),
    ("%d-%m-%Y %H:%M:%S", r"^\d{1,2}-\d{1,2}-\d{4} \d{1,2}:\d{2}:\d{2}$"),
    ("%d.%m.%Y %H:%M:%S", r"^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}:\d{2}$"),
    ("%d.%m.%Y %H:%M", r"^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}$"),
)


def roles_of(cells: pl.DataFrame, marks: Figures) -> dict[str, str]:
    """Roles by name that the column's cells do not contradict."""
    found: dict[str, str] = {}
    for name in cells.columns:
        role = role_of(name)
        if role in (*SINGLE, "votes") and name not in marks.columns:
            continue
        if role in SINGLE and is_code(name) and names_somebody(name, role):
            continue
        if role == "choice" and name in marks.columns and re.search(ROLES["votes"], plain_words(name)):
            role = "votes"  # PartyVotes: figures, not names
        if role == "contest" and name in marks.columns and re.search(WAYS, plain_words(name)):
            continue  # election_day: figures of a way of voting
        if role is not None:
            found[name] = role
    return found


def pool_of(cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str], used: Collection[str]) -> list[str]:
    """Columns of figures that may be votes."""
    able = [name for name in cells.columns if name in marks.columns and name not in used]
    return [name for name in able if not is_code(name) and roles.get(name) not in ("ignored", "other")]


def single_figures(
    cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str], long: LongGuess | None, file: str
) -> tuple[dict[str, Named], list[Question]]:
    """One column for each of registered, blank, null, valid, cast.

    Of several the one whose sums agree, else the one with the shortest name. A column that is called `cast` or `valid`
    and agrees nowhere with what the sheets hold is none.
    """
    found: dict[str, Named] = {}
    questions: list[Question] = []
    for role in SINGLE:
        names = [name for name in cells.columns if roles.get(name) == role and name in marks.columns]
        if long is not None:
            names = [name for name in names if name not in (long.votes, *long.choice, *long.parts)]
            if role in long.special:
                names = []
        if not names:
            continue
        name = min(names, key=lambda one: (names_somebody(one, role), len(one.split()), names.index(one)))
        agrees = ""
        if role in ("valid", "cast") and long is None:
            name, agrees, agree, compared = _by_arithmetic(cells, marks, roles, found, names, name)
            if role == "cast" and compared >= 5 and agree == 0 and (said := _of_a_place(cells, marks, name)):
                text = f"{file}: {name!r} is called ballots cast, but {said}: it was not taken"
                questions.append(Question(about=name, text=text, choices=("not read", "cast"), where=file))
                continue
        total = marks.columns[name].sum()
        others = f"; so might be {', '.join(map(repr, (one for one in names if one != name)))}" if names[1:] else ""
        found[role] = Named(column=name, why=f"by its name{agrees}; {total:,} in all rows{others}")
    return found, questions


def _by_arithmetic(
    cells: pl.DataFrame,
    marks: Figures,
    roles: Mapping[str, str],
    found: Mapping[str, Named],
    names: Sequence[str],
    first: str,
) -> tuple[str, str, int, int]:
    """Of columns for one figure the one that most rows' votes add up to; the evidence; rows that agree; of how many."""
    single = {role: named.column for role, named in found.items() if role in ("blank", "null")}
    taken = {*single.values(), *names, *(named.column for named in found.values())}
    pool = pool_of(cells, marks, roles, taken)
    best = (0, 0, first)
    for name in sorted(names, key=lambda one: one != first):
        rows = int((marks.columns[name].fill_null(0) > 0).sum())
        for role in ("cast", "valid"):
            guesses, _ = votes_by_sum(cells, pool, marks.columns, {**single, role: name})
            if not guesses:
                continue
            columns = [column for guess in guesses for column in guess.columns]
            parts = [*columns, *(single.values() if role == "cast" else ())]
            values = arrays(marks.columns, [name, *parts])
            agree, _ = agreement(values[name], [values[part] for part in parts])
            if agree > best[0]:
                best = (agree, rows, name)
    agree, rows, name = best
    if agree == 0:
        return first, "", 0, int((marks.columns[first].fill_null(0) > 0).sum())
    return name, f"; the votes add up to it in {agree:,} of {rows:,} rows", agree, rows


def _of_a_place(cells: pl.DataFrame, marks: Figures, column: str) -> str:
    """How a figure shows that it is a whole place's: it is the same in all rows of each place that has several."""
    for place in cells.columns:
        if place in marks.columns and not is_code(place):
            continue
        table = pl.DataFrame([cells[place].alias("place"), marks.columns[column].alias("figure")]).drop_nulls()
        places = table.group_by("place").agg(pl.len(), pl.col("figure").n_unique().alias("figures"))
        several = places.filter(pl.col("len") > 1)
        if several.height >= 3 and bool((several["figures"] == 1).all()) and places.height < table.height / 1.5:
            figure = table["figure"][0]
            return f"it is the same in all rows of each {place!r} (such as {figure:,}), and no votes add up to it"
    return ""


def status_in(cells: pl.DataFrame, roles: Mapping[str, str]) -> tuple[Named | None, dict[str, Status | None]]:
    """The column of status words, half of which are known at least, and what each means."""
    for name, role in roles.items():
        if role != "status":
            continue
        words = [str(word) for word in cells[name].drop_nulls().unique(maintain_order=True)]
        known = {word: status_of(word, name) for word in words}
        if words and len(words) <= 12 and sum(status is not None for status in known.values()) * 2 >= len(words):
            return Named(column=name, why=f"{len(words)} words"), known  # type: ignore[return-value]
    return None, {}


def arrived_in(cells: pl.DataFrame, roles: Mapping[str, str]) -> tuple[Named | None, str]:
    """The column of times of arrival, and the pattern of its times (empty: ISO 8601)."""
    for name, role in roles.items():
        texts = cells[name].drop_nulls()
        if role != "arrived" or len(texts) == 0:
            continue
        for pattern, expression in TIME_FORMATS:
            if texts.str.contains(expression).all():
                return Named(column=name, why=f"times such as {texts[0]!r}"), pattern
    return None, ""


def coordinates_in(cells: pl.DataFrame, roles: Mapping[str, str], marks: Figures) -> dict[str, str]:
    """The columns of latitude and longitude, where both are there and hold degrees."""
    found: dict[str, str] = {}
    for name, role in roles.items():
        if role in ("latitude", "longitude") and role not in found:
            texts = cells[name].drop_nulls()
            texts = texts.str.replace(",", ".", literal=True) if marks.decimal == "," else texts
            degrees = texts.cast(pl.Float64, strict=False).abs()
            limit = 90 if role == "latitude" else 180
            if len(texts) and degrees.null_count() == 0 and (degrees <= limit).all():
                found[role] = name
    return found if len(found) == 2 else {}


def is_remark(cells: pl.DataFrame, name: str, marks: Figures, roles: Mapping[str, str]) -> bool:
    """Whether a column says something of sheets: no place, whatever lies in what."""
    if name in marks.columns or roles.get(name) in ("station", "choice", "contest", "part"):
        return False
    return re.search(REMARKS, plain_words(name)) is not None or (roles.get(name) == "status" and level_of(name) is None)

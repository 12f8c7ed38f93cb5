"""A file with one row for each sheet and choice: its column of choices, that of votes, and what is added up."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from veedor.draft.arithmetic import SumFound, arrays, sum_found
from veedor.draft.guess.figures import Figures
from veedor.draft.vocabulary import (
    CANDIDATE,
    ROLES,
    WAYS,
    is_code,
    level_of,
    names_somebody,
    plain_words,
    role_of,
    slug,
)
from veedor.election.definition import Question
from veedor.sheets.spellings import as_label

OUTSIDE = (
    r"\btotal(s|es)?\b|impugnad|recurrid|\bcomando\b|challenged|nocomputad|no computad|\bexhausted\b|unallocated"
    r"|\bcontested\b|\btendered\b|identidad impugnada|not voted|unaccounted"
)
"""Labels and columns that are neither votes for a choice nor blank nor null."""

TOTAL = r"\btotal(s|es)?\b"
SINGLE = ("registered", "blank", "null", "valid", "cast")
MOST_LABELS = 400
MOST_LINES, LONGEST_LINE = 60, 60
"""Party lines of a choice, and characters of a line's name, that a definition is given."""

ROWS_OF_LABELS = 100_000
"""Rows by which a label is held to be the sum of the others."""

PLAIN_VOTES = (
    r"^(votos?|votes?|voix|stimmen|voti|anzahl|cantidad( de votos)?|qt votos|votos cantidad|vote count|num votes)$"
)


@dataclass(frozen=True, kw_only=True)
class LongGuess:
    """One row a choice: the columns, and what each label is. special: blank, null ... -> labels.

    spelled: each label -> the label under which its choice is known, where it is written in several ways.
    other: the id of a figure of its own -> its label, where the sums say that it is of ballots cast.
    lines_in: the column of `add_over` that tells party lines; lines: a label -> its texts there, where it has several.
    """

    choice: tuple[str, ...]
    votes: str
    labels: tuple[str, ...]
    special: Mapping[str, tuple[str, ...]]
    ignore: tuple[str, ...]
    add_over: tuple[str, ...]
    why: str
    votes_why: str
    spelled: Mapping[str, str]
    parts: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    other: Mapping[str, str] = field(default_factory=dict)
    lines_in: str | None = None
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def long_in(cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str], file: str) -> LongGuess | None:
    """A text column whose labels name choices, beside one column of votes, with several rows a station."""
    texts = [name for name in cells.columns if name not in marks.columns and 2 <= cells[name].n_unique() <= MOST_LABELS]
    named = [name for name in texts if roles.get(name) == "choice"]
    coded = _coded(cells, marks, roles) if not named else []
    named += coded
    special = [name for name in texts if name not in named and len(special_of(labels_in(cells, name))[0]) >= 2]
    sorts = {name: special_of(labels_in(cells, name)) for name in dict.fromkeys([*named, *special])}
    if not sorts:
        return None
    candidates = sorted(
        sorts,
        key=lambda name: (
            -len(sorts[name][0]),
            is_code(name),
            re.search(CANDIDATE, plain_words(name)) is None,
            -len(sorts[name][1]),
            cells.columns.index(name),
        ),
    )
    choice = _choice_columns(cells, candidates, named)
    found = _votes_column(cells, marks, roles, file) or _only_figures(cells, marks, roles, [*coded, *special])
    if found is None:
        return None
    votes, votes_why, parts, questions = found
    labels = labels_in(cells.select(pl.coalesce(choice).alias("label")), "label")
    known, rest = special_of(labels)
    sums = _sums_among(cells, marks, roles, choice, votes, rest)
    ignore = tuple(label for label in rest if label in sums or re.search(OUTSIDE, plain_words(label)))
    rest = [label for label in rest if label not in ignore]
    outside = [label for label in ignore if label not in sums and not re.search(TOTAL, plain_words(label))]
    other = _of_ballots_cast(_by_station(cells, marks, roles, choice, votes), known, rest, outside)
    ignore = tuple(label for label in ignore if label not in other.values())
    spelled, asked = _spellings(rest, file, choice[0])
    if ignore:
        questions = [*questions, _outside(cells, marks, choice, votes, ignore, file)]
    over = [name for name, role in roles.items() if role == "part" and name in texts and name not in choice]
    lines, said = _lines(cells, choice, named, rest, file)
    several = [labels for labels in known.values() if len(labels) > 1]
    if several or len(set(spelled.values())) < len(spelled):
        over = [*over, *choice]
    return LongGuess(
        choice=choice,
        votes=votes,
        labels=tuple(rest),
        special=known,
        ignore=ignore,
        other=other,
        add_over=tuple(dict.fromkeys([*over, *lines])),
        why=f"{len(labels)} labels in {cells.height:,} rows; the figures are in {votes!r}",
        votes_why=votes_why,
        spelled=spelled,
        parts=tuple(parts),
        questions=(*questions, *asked, *said),
        lines_in=lines[0] if lines else None,
        lines=_lines_by_label(cells, choice[0], lines[0], rest) if lines else {},
    )


def _coded(cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str]) -> list[str]:
    """Columns of numbers that stand for choices: each is called a code of one, and stands in many rows."""
    return [
        name
        for name in cells.columns
        if name in marks.columns
        and roles.get(name) == "choice"
        and is_code(name)
        and 2 <= cells[name].n_unique() <= min(MOST_LABELS, cells.height // 2)
    ]


def _only_figures(
    cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str], labels: Sequence[str]
) -> "_Votes | None":
    """The one column of figures beside labels that no name says to be votes, if there is one."""
    if not labels:
        return None
    able = [
        name
        for name in cells.columns
        if name in marks.columns
        and name not in labels
        and not is_code(name)
        and level_of(name) is None
        and roles.get(name) in (None, "choice", "votes", "cast")
        and marks.columns[name].n_unique() > 1
    ]
    return (able[0], f"the only figures beside {labels[0]!r}: {able[0]!r}", [], []) if len(able) == 1 else None


def _choice_columns(cells: pl.DataFrame, candidates: Sequence[str], named: Sequence[str]) -> tuple[str, ...]:
    """The column of the choices; where it is empty in some rows, the column that says what those rows are beside it."""
    first = candidates[0]
    if first in named and cells[first].null_count() == 0 and re.search(CANDIDATE, plain_words(first)):
        return (first,)
    for name in named:
        empty = cells.filter(pl.col(name).is_null())
        for other in candidates:
            if other != name and 0 < empty.height < cells.height and empty[other].null_count() == 0:
                return name, other
    return (first,)


def labels_in(cells: pl.DataFrame, name: str) -> list[str]:
    """The texts of a column, in the order of the file; of those that only differ by how they are coded the first."""
    texts = [str(label) for label in cells[name].drop_nulls().unique(maintain_order=True)]
    return list({as_label(text): text for text in reversed(texts)}.values())[::-1]


def special_of(labels: Sequence[str]) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    """Labels that are no choices, by role, and the others. A label that may be somebody's name is one only alone."""
    sure: dict[str, list[str]] = {}
    unsure: dict[str, list[str]] = {}
    for label in labels:
        role = role_of(label)
        if role in SINGLE and len(plain_words(label).split()) <= 4:
            (unsure if names_somebody(label, role) else sure).setdefault(role, []).append(label)
    found = {role: tuple(words) for role, words in sure.items()}
    for role, words in unsure.items():
        if role not in found and role != "cast":
            found[role] = (words[0],)
    if len(found.get("cast", ())) > 1:
        found["cast"] = found["cast"][:1]
    if len(found.get("valid", ())) > 1:
        found["valid"] = found["valid"][:1]
    order = [role for role in SINGLE if role in found]
    taken = {label for words in found.values() for label in words}
    return {role: found[role] for role in order}, [label for label in labels if label not in taken]


def _sums_among(
    cells: pl.DataFrame,
    marks: Figures,
    roles: Mapping[str, str],
    choice: Sequence[str],
    votes: str,
    labels: Sequence[str],
) -> set[str]:
    """Labels whose votes are the sum of all other labels' in nearly every station: totals under whatever name."""
    table = _by_station(cells, marks, roles, choice, votes)
    if table.is_empty() or len(labels) < 3:
        return set()
    own = pl.col("votes").filter(pl.col("label").is_in(list(labels))).sum()
    sums = table.group_by("key").agg(own.alias("choices"), pl.col("votes").sum().alias("all"), pl.len())
    beside = table.filter(pl.col("label").is_in(list(labels)) & (pl.col("votes") > 0)).join(sums, on="key")
    equal = (2 * pl.col("votes") == pl.col("choices")) | (2 * pl.col("votes") == pl.col("all"))
    found = beside.filter(pl.col("len") > 2).group_by("label").agg(pl.len(), equal.sum().alias("equal"))
    return set(found.filter((pl.col("len") >= 3) & (pl.col("equal") >= 0.95 * pl.col("len")))["label"])


def _by_station(
    cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str], choice: Sequence[str], votes: str
) -> pl.DataFrame:
    """The votes of the first rows by station and label: key, label, votes. Empty where no column may be the station."""
    keys = [
        name
        for name in cells.columns
        if name not in choice
        and roles.get(name) not in ("choice", "part")
        and (name not in marks.columns or roles.get(name) == "station" or level_of(name) is not None)
        and not (re.search(CANDIDATE, plain_words(name)))
    ]
    if not keys:
        return pl.DataFrame(schema={"key": pl.String, "label": pl.String, "votes": pl.Int64})
    first = cells.head(ROWS_OF_LABELS)
    table = first.select(pl.struct(keys).alias("key"), pl.coalesce(choice).alias("label")).with_columns(
        marks.columns[votes].head(ROWS_OF_LABELS).fill_null(0).alias("votes")
    )
    return table.group_by("key", "label").agg(pl.col("votes").sum())


def _of_ballots_cast(
    table: pl.DataFrame, known: Mapping[str, Sequence[str]], labels: Sequence[str], outside: Sequence[str]
) -> dict[str, str]:
    """Labels that with the votes, blank and null ones add up to ballots cast, where these alone do not: id -> label."""
    if not outside or table.is_empty() or "cast" not in known:
        return {}
    parts = [*labels, *known.get("blank", ()), *known.get("null", ())]
    added = {"cast": known["cast"], "parts": parts, "all": [*parts, *outside]}
    sums = table.group_by("key").agg(
        pl.col("votes").filter(pl.col("label").is_in(list(named))).sum().alias(name) for name, named in added.items()
    )
    sums = sums.filter(pl.col("cast") > 0)
    agree, without = (int((sums["cast"] == sums[name]).sum()) for name in ("all", "parts"))
    if not sums.height or 20 * agree < 19 * sums.height or agree <= without:
        return {}
    taken = {*SINGLE}
    return {slug(plain_words(label).replace(" ", "-"), taken, "other"): label for label in outside}


_Votes = tuple[str, str, list[str], list[Question]]


def _votes_column(cells: pl.DataFrame, marks: Figures, roles: Mapping[str, str], file: str) -> _Votes | None:
    """The column of the votes, why, the columns that are parts of it, and what to ask."""
    able = [
        name
        for name in cells.columns
        if name in marks.columns
        and level_of(name) is None
        and roles.get(name) not in ("registered", "ignored", "latitude", "longitude", "station", "contest")
        and marks.columns[name].n_unique() > 1
    ]
    votes = [name for name in able if roles.get(name) == "votes"]
    ways = [name for name in able if re.search(WAYS, plain_words(name))]
    if not ways:
        # Totals of a candidate may be called totals: `total_votes` where no other column is called votes.
        votes = votes or [n for n in able if roles.get(n) == "cast" and re.search(ROLES["votes"], plain_words(n))]
        plain = [name for name in votes if not is_code(name)]
        if not votes or len(plain) > 2:
            return None
        if len(plain) < 2:
            return votes[-1], f"the only column that is called votes: {votes[-1]!r}", [], []
        return _asked(cells, marks, votes, votes, file)
    family = [name for name in able if name in votes or name in ways or _may_be_part(name, roles, able)]
    values = arrays(marks.columns, family)
    best: SumFound | None = None
    for name in sorted(family, key=lambda one: -int(values[one].sum())):
        found = sum_found(name, [other for other in family if other != name], values)
        if found is not None and (best is None or len(found.parts) > len(best.parts)):
            best = found
    if best is not None:
        return best.total, best.words, list(best.parts), []
    totals = [n for n in family if n not in ways and (n in votes or roles.get(n) == "cast")]
    if not totals and len(ways) < 2:
        return (votes[-1], f"the only column that is called votes: {votes[-1]!r}", [], []) if votes else None
    return _asked(cells, marks, totals or ways, [*totals, *ways], file)


def _may_be_part(name: str, roles: Mapping[str, str], able: Sequence[str]) -> bool:
    return roles.get(name) == "cast" or (roles.get(name) is None and not is_code(name))


def _asked(cells: pl.DataFrame, marks: Figures, totals: Sequence[str], family: Sequence[str], file: str) -> _Votes:
    """Where no column is the sum of the others: the one that is plainly called votes, and the question."""
    sums = {name: int(marks.columns[name].sum() or 0) for name in family}
    plain = [name for name in totals if re.search(PLAIN_VOTES, plain_words(name))]
    first = plain[0] if plain else max(totals, key=sums.__getitem__)
    others = [name for name in family if name != first]
    whole = sum(sums[name] for name in (first, *others))
    joined = " + ".join((first, *others))
    text = (
        f"{file}: is a choice's figure `{first}` ({sums[first]:,}) or the parts added up, `{joined}` ({whole:,})? "
        f"No column is the sum of the others; `{first}` was taken"
    )
    question = Question(about=first, text=text, choices=(first, *others, joined), where=file)
    why = f"{first!r} by its name; it is not the sum of {', '.join(map(repr, others))}"
    return first, why, others, [question]


def alike(label: str) -> str:
    """The label without what people do not see as another name: case, blanks, the form of its characters."""
    text = unicodedata.normalize("NFKC", label)
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return " ".join(text.split()).casefold()


def loosely(label: str) -> str:
    """The label without accents, marks and the order of its words."""
    return " ".join(sorted(plain_words(alike(label)).replace(",", " ").split()))


def _spellings(labels: Sequence[str], file: str, column: str) -> tuple[dict[str, str], list[Question]]:
    """Each label and the one that stands for its choice; labels that differ by accents or order are asked about."""
    first: dict[str, str] = {}
    for label in labels:
        first.setdefault(alike(label), label)
    spelled = {label: first[alike(label)] for label in labels}
    near: dict[str, list[str]] = {}
    for label in dict.fromkeys(spelled.values()):
        near.setdefault(loosely(label), []).append(label)
    questions = [
        Question(
            about=words[0],
            text=f"{file}: are {' and '.join(map(repr, words))} in {column!r} one choice, written in several ways? "
            "They were taken for different ones",
            choices=("different choices", "one choice: put both spellings under its label"),
            where=f"{file}, column {column}",
        )
        for key, words in near.items()
        if len(words) > 1 and key
    ]
    return spelled, questions


def _outside(
    cells: pl.DataFrame, marks: Figures, choice: Sequence[str], votes: str, labels: Sequence[str], file: str
) -> Question:
    label = cells.select(pl.coalesce(choice)).to_series()
    held = [int(marks.columns[votes].filter((label == one).fill_null(value=False)).sum() or 0) for one in labels[:20]]
    listed = ", ".join(f"{one!r} ({number:,})" for one, number in zip(labels, held, strict=False))
    text = f"{file}: {listed} in {choice[-1]!r} are taken for no votes of a choice and are not read: what are they?"
    return Question(
        about=labels[0],
        text=text,
        choices=("not read", "a figure of its own: `other`", "null votes", "votes for a choice"),
        where=f"{file}, long.ignore",
    )


def _lines_by_label(cells: pl.DataFrame, choice: str, column: str, labels: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The party lines of each label that has several, where each of its rows names one."""
    pairs = cells.select(pl.col(choice).alias("choice"), pl.col(column).alias("line"))
    pairs = pairs.filter(pl.col("choice").is_in(list(labels))).unique(maintain_order=True)
    found = pairs.group_by("choice", maintain_order=True).agg("line")
    return {
        label: tuple(lines)
        for label, lines in found.iter_rows()
        if 1 < len(lines) <= MOST_LINES and all(line is not None and len(line) <= LONGEST_LINE for line in lines)
    }


def _lines(
    cells: pl.DataFrame, choice: Sequence[str], named: Sequence[str], labels: Sequence[str], file: str
) -> tuple[list[str], list[Question]]:
    """Columns of parties of which one choice has several: its lines are added up. A primary is asked about."""
    found: list[str] = []
    questions: list[Question] = []
    if not re.search(CANDIDATE, plain_words(choice[0])):
        return [], []
    for name in named:
        if name in choice or is_code(name) or re.search(CANDIDATE, plain_words(name)):
            continue
        pairs = cells.select(pl.col(choice[0]).alias("choice"), pl.col(name).alias("party")).drop_nulls().unique()
        pairs = pairs.filter(pl.col("choice").is_in(list(labels)))
        lines = pairs.group_by("choice").len().filter(pl.col("len") > 1)
        members = pairs.group_by("party").len().filter(pl.col("len") > 1)
        if lines.height:
            found.append(name)
        elif members.height >= 2 and members.height == pairs["party"].n_unique():
            listed = ", ".join(f"{party} {number}" for party, number in members.sort("party").head(6).iter_rows())
            text = (
                f"{file}: {name!r} has several candidates of each party ({listed}): a primary, where each party's is "
                "a contest of its own? They were taken for one contest"
            )
            questions.append(
                Question(about=name, text=text, choices=("one contest", "a contest for each party"), where=file)
            )
    return found, questions

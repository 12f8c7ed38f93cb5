"""Text files without a row of column names: columns by their numbers, and groups of columns that repeat."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from veedor.election import Groups
from veedor.election.definition import Question

FIGURE = r"\d{1,9}"
WIDEST = 12
"""Columns of a group, at most."""

FEWEST = 2
"""Groups in the first row, at least."""

FEWEST_ROWS = 3
HOLDS = 0.98

CHOICE = "choice_code"
"""What the column of a group is called that names its choice."""


@dataclass(frozen=True, kw_only=True)
class GroupsFound:
    """Groups of columns, and what tells: names are those of the columns of a group, choice and votes among them."""

    groups: Groups
    labels: tuple[str, ...]
    why: str
    sure: bool


def groups_in(records: Sequence[Sequence[str]]) -> GroupsFound | None:
    """Groups of columns that repeat to the end of each row: in each one column names the choice, others are figures."""
    rows = [[cell.strip() for cell in row] for row in records]
    rows = [row[:-1] if row and not row[-1] else row for row in rows]
    if len(rows) < 2:
        return None
    least = min(map(len, rows))
    ways = [(first, width) for width in range(2, WIDEST + 1) for first in range(1, least - FEWEST * width + 1)]
    able: list[tuple[int, int, int, int, tuple[str, ...]]] = []  # the fewest labels, the smallest groups first
    for first, width in ways:
        if any((len(row) - first) % width for row in rows):
            continue
        for place in range(width):
            labels = _labels(rows, first, width, place)
            if labels is not None and _varies(rows, first, width, place):
                most = max((len(row) - first) // width for row in rows)
                able.append((len(labels) - most, width, first, place, labels))
    if not able:
        return None
    _, width, first, place, labels = min(able)
    return _found(rows, first, width, place, labels)


def _varies(rows: Sequence[Sequence[str]], first: int, width: int, place: int) -> bool:
    """True if no column of figures of the first group is the same in all rows: codes are, votes are not."""
    columns = [first + at for at in range(width) if at != place]
    return len(rows) < FEWEST_ROWS or any(len({row[at] for row in rows}) > 1 for at in columns)


def _labels(rows: Sequence[Sequence[str]], first: int, width: int, place: int) -> tuple[str, ...] | None:
    """What the column of each group that may name its choice holds; None if it does not."""
    known: dict[str, int] = {}
    most = 0
    for row in rows:
        own = row[first + place :: width]
        if len(set(own)) < len(own) or not all(own):
            return None
        most = max(most, len(own))
        for label in own:
            known[label] = known.get(label, 0) + 1
        figures = [cell for at, cell in enumerate(row[first:]) if at % width != place]
        if not all(re.fullmatch(FIGURE, cell) or not cell for cell in figures):
            return None
    # Every choice stands in most rows, and no row has all too few of them: figures do not repeat like that.
    if len(known) > 2 * most or sum(times >= len(rows) / 2 for times in known.values()) < 0.8 * most:
        return None
    return tuple(known)


def _found(rows: Sequence[Sequence[str]], first: int, width: int, place: int, labels: tuple[str, ...]) -> GroupsFound:
    """The groups, with the column of votes: the one that is the sum of the others, or the only one."""
    cells = [row[start : start + width] for row in rows for start in range(first, len(row), width)]
    figures = [[int(cell or 0) for at, cell in enumerate(group) if at != place] for group in cells]
    others = [at for at in range(width) if at != place]
    votes, why, sure = others[0], "the first column of figures in each group; TODO is it?", len(others) == 1
    for number, at in enumerate(others):
        agree = sum(2 * group[number] == sum(group) for group in figures)
        if len(others) > 2 and agree >= HOLDS * len(figures):
            votes, sure = at, True
            why = f"the sum of the other {len(others) - 1} in {agree:,} of {len(figures):,} groups"
            break
    names = [f"part{at + 1}" for at in range(width)]
    names[place], names[votes] = CHOICE, "votes"
    return GroupsFound(groups=Groups(first=first + 1, columns=tuple(names)), labels=labels, why=why, sure=sure)


def long_records(records: Sequence[Sequence[str]], found: GroupsFound) -> list[list[str]]:
    """A row for each group."""
    first, width = found.groups.first - 1, len(found.groups.columns)
    return [
        [*row[:first], *row[start : start + width]]
        for row in records
        for start in range(first, len(row) - width + 1, width)
    ]


def question_of(file: str, columns: int, found: GroupsFound | None) -> Question:
    """What a file without names leaves open."""
    start = f"{file}: there is no header: row 1 holds figures where the rows below it do"
    if found is None:
        text = (
            f"{start}. Its {columns:,} columns are called #1, #2 and so on, by their places: is each what it was taken "
            "for, and whose are the votes?"
        )
        return Question(about="#1", text=text, choices=("as they were taken", "otherwise"), where=f"{file}, row 1")
    first, width = found.groups.first, len(found.groups.columns)
    votes = found.groups.columns.index("votes") + 1
    choice = found.groups.columns.index(CHOICE) + 1
    listed = ", ".join(map(repr, found.labels[:8]))
    text = (
        f"{start}. From column #{first} on its columns repeat in groups of {width}: the choice in place {choice} "
        f"({listed}), its votes in place {votes} ({found.why}). Is that so, and who is who?"
    )
    choices = ("as they were taken", "otherwise")
    return Question(about=f"#{first}", text=text, choices=choices, where=f"{file}, row 1")

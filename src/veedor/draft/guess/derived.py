"""Columns of figures that follow from others or from the order of the rows: numbers, ranks, leads, running totals."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from veedor.election.definition import Question

FEWEST = 5
"""Rows from which on it is no chance that a column follows from others."""

HOLDS = 0.95
"""Share of rows in which it must."""

MOST_PAIRS = 40
"""Columns up to which the differences of all pairs are looked at."""


def derived_among(names: Sequence[str], values: Mapping[str, np.ndarray], file: str) -> tuple[set[str], list[Question]]:
    """The columns that follow from the others, and a question for each. values: whole numbers by column."""
    found: dict[str, str] = {}
    for name in names:
        rest = [other for other in names if other != name and other not in found]
        if len(rest) >= 2 and (why := next(_ways(values[name], rest, values), "")):
            found[name] = why
        elif name == names[0] and len(rest) >= 2 and _numbers_rows(values[name]):
            found[name] = "the number of the row"
    questions = [
        Question(
            about=name,
            text=f"{file}: {name!r} is {why}; it holds {int(values[name].sum()):,}, and is not read: is it a choice?",
            choices=("not a choice", "a choice"),
            where=f"{file}, column {name}",
        )
        for name, why in found.items()
    ]
    return set(found), questions


def _ways(own: np.ndarray, rest: Sequence[str], values: Mapping[str, np.ndarray]) -> Iterator[str]:
    """In which ways a column follows from the rest."""
    if len(own) < FEWEST:
        return
    others = np.column_stack([values[name] for name in rest])
    ordered = np.sort(others, axis=1)
    if _equal(own, ordered[:, -1]) and len(set(others.argmax(axis=1).tolist())) > 1:
        yield "the largest of the others in each row"
    if _equal(own, ordered[:, -1] - ordered[:, -2]):
        yield "the largest of the others less the second in each row"
    for one, other in combinations(range(others.shape[1]), 2) if others.shape[1] <= MOST_PAIRS else ():
        if _equal(own, np.abs(others[:, one] - others[:, other])):
            yield f"the difference of {rest[one]!r} and {rest[other]!r}"
    grown = np.diff(own)
    if _equal(grown, others.sum(axis=1)[1:]):
        yield "the sum of all others so far"
    for place, name in enumerate(rest):
        if _equal(grown, others[1:, place]) and len(np.unique(grown[grown == others[1:, place]])) > 2:
            yield f"the sum of {name!r} so far"


def _numbers_rows(own: np.ndarray) -> bool:
    """Whether the first column counts the rows from 1 on."""
    return len(own) >= FEWEST and int(own[0]) == 1 and bool((np.diff(own) == 1).mean() >= HOLDS)


def _equal(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(one.any()) and bool((one == other).mean() >= HOLDS)

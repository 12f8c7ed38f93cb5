"""Intervals that somebody published, and the official shares: inside or outside, and never more than that.

A share on the limit is inside. An interval says nothing of who counted wrongly: it may be too narrow for what was
missing from its sample (docs/methods/quickcount.md has such nights).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Literal

from veedor.errors import Fault, InputError
from veedor.rim.csv_cells import rows_of

HEADER = ["choice", "low", "high", "official"]


@dataclass(frozen=True, kw_only=True)
class Published:
    """An interval in per cent, and the official share, None where there is none yet."""

    choice: str
    low: Decimal
    high: Decimal
    official: Decimal | None


@dataclass(frozen=True, kw_only=True)
class ComparedShown:
    """A choice's interval and official share, as fractions. answer: undecided without an official share."""

    choice: str
    low: float
    high: float
    official: float | None
    answer: Literal["inside", "outside", "undecided"]


@dataclass(frozen=True, kw_only=True)
class OrderShown:
    """Two neighbours by the middle of their intervals. answer: `apart`, or `undecided` where the intervals meet."""

    first: str
    second: str
    answer: Literal["apart", "undecided"]


@dataclass(frozen=True, kw_only=True)
class CompareDocument:
    """`veedor quickcount compare --json`."""

    compared: Sequence[ComparedShown]
    order: Sequence[OrderShown]


def compared(intervals: Sequence[Published]) -> CompareDocument:
    """Each interval with its official share, and neighbours with each other."""
    ranked = sorted(intervals, key=lambda one: one.low + one.high, reverse=True)
    return CompareDocument(
        compared=[
            ComparedShown(
                choice=one.choice,
                low=float(one.low / 100),
                high=float(one.high / 100),
                official=None if one.official is None else float(one.official / 100),
                answer=_answer(one),
            )
            for one in intervals
        ],
        order=[
            OrderShown(
                first=first.choice,
                second=second.choice,
                answer="apart" if first.low > second.high else "undecided",
            )
            for first, second in pairwise(ranked)
        ],
    )


def _answer(one: Published) -> Literal["inside", "outside", "undecided"]:
    if one.official is None:
        return "undecided"
    return "inside" if one.low <= one.official <= one.high else "outside"


def published_in(data: bytes, file: str) -> list[Published]:
    """The intervals of a CSV file with the columns of HEADER, in per cent. Raises VeedorError with every fault."""
    header, rows = rows_of(data, file)
    if header != HEADER:
        found, wanted = ", ".join(header)[:80], ", ".join(HEADER)
        raise InputError([Fault(file=file, row=1, found=f"the columns {found}", wanted=wanted)])
    faults: list[Fault] = []
    read = [_published(row, number, file, faults) for number, row in enumerate(rows, start=2)]
    names = [row[0] for row in rows]
    faults += [
        Fault(file=file, row=number, column="choice", found=f"{name!r} again", wanted="one row a choice")
        for number, name in enumerate(names, start=2)
        if name in names[: number - 2]
    ]
    if not rows:
        faults.append(Fault(file=file, found="no row", wanted="a row for each choice"))
    if faults:
        raise InputError(faults)
    return [one for one in read if one is not None]


def _published(row: Sequence[str], number: int, file: str, faults: list[Fault]) -> Published | None:
    """One row; what is wrong with it goes to faults."""
    cells = dict(zip(HEADER, row, strict=True))
    values: dict[str, Decimal | None] = {}
    for column in HEADER[1:]:
        values[column] = _per_cent(cells[column])
        if values[column] is None and not (column == "official" and not cells[column].strip()):
            found = repr(cells[column][:40]) if cells[column] else "an empty cell"
            wanted = "a number of per cent, 0 to 100, such as 38.19"
            faults.append(Fault(file=file, row=number, column=column, found=found, wanted=wanted))
    low, high = values["low"], values["high"]
    if low is None or high is None:
        return None
    if low > high:
        found = f"{low}, which is above the high limit {high}"
        faults.append(Fault(file=file, row=number, column="low", found=found, wanted="the lower limit"))
    return Published(choice=cells["choice"], low=low, high=high, official=values["official"])


def _per_cent(cell: str) -> Decimal | None:
    try:
        value = Decimal(cell.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value <= 100 else None

"""What a draft rests on: each column's role and why, the rows that were left out, what was not read at all."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ColumnEvidence:
    """One column of a file. role: what it was taken for; total: its figures added up, None where it holds none.

    alternatives: other roles that its name or its sums would allow.
    """

    file: str
    name: str
    role: str
    why: str
    total: int | None = None
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RowsLeftOut:
    """One class of rows of a file that are not read. rule: which and why; holds: votes in them, where that is known."""

    file: str
    rule: str
    rows: int
    example: str
    holds: int | None = None


@dataclass(frozen=True, kw_only=True)
class NotRead:
    """A file, a member of an archive or a worksheet that has no part in the draft, and how many rows it has."""

    file: str
    member: str | None = None
    worksheet: str | None = None
    rows: int | None = None
    why: str = ""

"""What each column of a file was taken for, and why, as a list that a person can go through."""

from veedor.draft.evidence import ColumnEvidence
from veedor.draft.guess.found import Guess
from veedor.draft.vocabulary import level_of, role_of


def columns_of(guess: Guess) -> tuple[ColumnEvidence, ...]:
    """Every column of the file, in its order."""
    taken: dict[str, tuple[str, str]] = {}
    for column, words in guess.drop:
        taken[column] = ("filter", f"rows with {', '.join(map(repr, words[:3]))} are left out")
    if guess.station is not None:
        taken |= dict.fromkeys(guess.station.columns, ("station", guess.station.why))
    taken |= {level.column: (f"level {level.id}", level.why) for level in guess.levels}
    taken |= {named.column: (role, named.why) for role, named in guess.figures.items()}
    taken |= {named.column: (f"other {name}", named.why) for name, named in guess.other.items()}
    taken |= {column: (role, "by its name and its cells") for role, column in guess.coordinates.items()}
    for vote in guess.votes:
        taken |= dict.fromkeys(vote.columns, (f"votes {vote.id}", vote.why or guess.votes_why))
    if guess.contest is not None:
        taken |= dict.fromkeys(guess.contest.columns, ("contest", guess.contest.why))
    if guess.status is not None:
        taken[guess.status.column] = ("status", guess.status.why)
    if guess.arrived is not None:
        taken[guess.arrived.column] = ("arrived", guess.arrived.why)
    if guess.long is not None:
        taken |= dict.fromkeys(guess.long.parts, ("part of the votes", guess.long.votes_why))
        taken |= dict.fromkeys(guess.long.add_over, ("added over", "rows that differ in it are parts of one figure"))
        taken |= dict.fromkeys(guess.long.choice, ("choice", guess.long.why))
        taken[guess.long.votes] = ("votes", guess.long.votes_why)
    return tuple(_column(guess, name, *taken.get(name, ("not read", ""))) for name in guess.opened.cells.columns)


def _column(guess: Guess, name: str, role: str, why: str) -> ColumnEvidence:
    level = level_of(name)
    others = [one for one in (role_of(name), f"level {level}" if level else None) if one is not None]
    figures = guess.marks.columns.get(name)
    total = figures.sum() if figures is not None else None
    return ColumnEvidence(
        file=guess.opened.path.name,
        name=name,
        role=role,
        why=why,
        total=int(total) if total is not None else None,
        alternatives=tuple(one for one in dict.fromkeys(others) if one not in (role, role.split(" ")[0])),
    )

"""The columns of choices among those that are left: sums and parts are told apart by arithmetic."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from veedor.draft.arithmetic import HOLDS, SumFound, agreement, arrays, sum_found, totals_among
from veedor.draft.guess.derived import derived_among
from veedor.draft.guess.figures import Figures
from veedor.draft.guess.found import Named
from veedor.draft.guess.long import OUTSIDE, SINGLE
from veedor.draft.guess.votes import VoteGuess, total_among, votes_by_any_sum, votes_by_place, votes_named
from veedor.draft.vocabulary import OTHERS, WAYS, is_code, number_at_end, plain_words, role_of, slug
from veedor.election.definition import Question

FITS = 0.98
"""Share of the sheets whose votes must lie within the roll for the columns of votes to be taken without asking."""


SMALL = 0.2
"""Share of a sum up to which figures beside it are rather null votes than choices that it leaves out."""


def of_each_way(cells: pl.DataFrame, marks: Figures) -> tuple[tuple[str, ...], set[str]]:
    """Columns of a total for each choice beside its ways of voting, two choices at least; and the ways."""
    ways = [name for name in cells.columns if name in marks.columns and re.search(WAYS, plain_words(name))]
    if len(ways) < 4:
        return (), set()
    others = [name for name in cells.columns if name in marks.columns and name not in ways and not is_code(name)]
    values = arrays(marks.columns, [*ways, *others])
    totals: list[str] = []
    parts: set[str] = set()
    for name in others:
        found = sum_found(name, ways, values)
        if found is not None and not parts & set(found.parts):
            totals.append(name)
            parts |= set(found.parts)
    return (tuple(totals), parts) if len(totals) > 1 else ((), set())


@dataclass(frozen=True, kw_only=True)
class VotesLeft:
    """Votes among the columns that were left, the column of their sum (empty where there is none), what to ask."""

    votes: tuple[VoteGuess, ...]
    why: str
    total: str
    figures: Mapping[str, Named]
    asked: list[str]
    questions: list[Question] = field(default_factory=list)


def votes_left(
    cells: pl.DataFrame, pool: list[str], figures: Mapping[str, pl.Series], single: Mapping[str, str], file: str
) -> VotesLeft:
    """pool: the columns; figures: whole numbers by column; single: columns of figures that are known by their role."""
    votes, why, total = votes_by_any_sum(cells, pool, figures)
    if total:
        named = Named(column=total, why="by what it is the sum of; TODO is it?")
        parts = [column for vote in votes for column in vote.columns]
        beside = [name for name in pool if name not in (total, *parts)]
        choices = [name for name in beside if _is_no_roll(figures[name], figures[total])]
        if choices and role_of(total) not in SINGLE and _sums_some(total, parts, choices, figures):
            # Others are beside the parts: the column sums up some of the choices, and is none itself.
            votes = votes_named(cells, [name for name in pool if name in parts or name in choices])
            named_parts, named_choices = ", ".join(parts[:4]), ", ".join(choices[:4])
            text = (
                f"{file}: {total} = sum of {len(parts)} columns ({named_parts}), beside {named_choices}: a sum of some "
                f"choices ({_held(figures, total)}), or all valid votes? It was taken for a sum of some"
            )
            question = Question(
                about=total, text=text, choices=("a sum of some choices", "all valid votes"), where=file
            )
            why = "figures that are nothing else, but for a sum of some of them"
            return VotesLeft(votes=votes, why=why, total=total, figures={}, asked=[], questions=[question])
        if beside:
            held = ", ".join(f"{name} {_held(figures, name)}" for name in beside[:5])
            text = f"{file}: {total} = sum of {', '.join(parts[:4])}; {held} stands beside: is it votes, too?"
            question = Question(about=beside[0], text=text, choices=("not votes", "votes"), where=file)
            known = {"valid": named}
            return VotesLeft(votes=votes, why=why, total=total, figures=known, asked=[], questions=[question])
        return VotesLeft(votes=votes, why=why, total=total, figures={"valid": named}, asked=[])
    total, said = total_among(pool, figures, single)
    known = {"cast" if said else "valid": Named(column=total, why=said or "the sum of all others")} if total else {}
    votes, why = votes_by_place(cells, [name for name in pool if name != total], figures, single)
    left = _before_texts(cells, pool, [total, *(column for vote in votes for column in vote.columns)], figures, file)
    asked = f"{file}: no column is the sum of votes; is each of the choices one?"
    unsure = votes and not total and not _plausible(votes, figures, single)
    return VotesLeft(votes=votes, why=why, total=total, figures=known, asked=[asked] if unsure else [], questions=left)


def _before_texts(
    cells: pl.DataFrame, pool: Sequence[str], taken: Sequence[str], figures: Mapping[str, pl.Series], file: str
) -> list[Question]:
    """Figures that were not taken for votes because they stand before texts: codes of places, or choices."""
    names = [name for name in pool if name not in taken and not is_code(name) and figures[name].n_unique() > 1]
    if not names:
        return []
    listed = ", ".join(f"{name!r} {_held(figures, name)}" for name in names[:8])
    last = next((name for name in reversed(cells.columns) if name not in figures), "")
    text = f"{file}: {listed} stand before the texts of {last!r}: numbers of places, or votes? They are not read"
    return [Question(about=names[0], text=text, choices=("not votes", "votes"), where=f"{file}, column {names[0]}")]


def _held(figures: Mapping[str, pl.Series], name: str) -> str:
    return f"{int(figures[name].sum() or 0):,}"


def _sums_some(total: str, parts: Sequence[str], beside: Sequence[str], figures: Mapping[str, pl.Series]) -> bool:
    """Whether a column rather sums some choices than all: it is called so, or has few parts beside large figures."""
    if re.search(OTHERS, plain_words(total)):
        return True
    if sum(int(figures[name].sum() or 0) for name in beside) <= SMALL * int(figures[total].sum() or 0):
        return False
    family = len({part.removesuffix(number_at_end(part)) for part in parts}) == 1
    return not family and (len(parts) < 5 or len(parts) < 2 * len(beside))


def _is_no_roll(column: pl.Series, total: pl.Series) -> bool:
    """Whether a column can be votes beside a sum of votes, rather than a roll that holds them all, or a code."""
    pairs = pl.DataFrame([column.alias("one"), total.alias("total")]).drop_nulls()
    distinct = pairs["one"].n_unique()
    return distinct > 1 and 10 * int((pairs["one"] < pairs["total"]).sum()) > pairs.height


def _plausible(votes: Sequence[VoteGuess], figures: Mapping[str, pl.Series], single: Mapping[str, str]) -> bool:
    """True if the sheet's other figures are known and its votes lie within its roll, but for faults."""
    if "registered" not in single:
        return bool(single)
    columns = [column for vote in votes for column in vote.columns]
    columns += [single[role] for role in ("blank", "null") if role in single]
    ballots = sum((figures[name].fill_null(0).to_numpy() for name in columns), np.int64(0))
    fits = ballots <= figures[single["registered"]].fill_null(0).to_numpy()
    return bool(fits.mean() >= FITS)


def no_sums_among(
    cells: pl.DataFrame, votes: Sequence[VoteGuess], figures: Mapping[str, pl.Series], file: str
) -> tuple[tuple[VoteGuess, ...], list[Question]]:
    """Choices without columns that are the sums of others, and without ballots that are no votes for a choice."""
    names = [column for vote in votes for column in vote.columns]
    if len(names) < 3:
        return tuple(votes), []
    values = arrays(figures, names)
    derived, said = derived_among(names, values, file)
    if derived:
        left = [vote for vote in votes if not set(vote.columns) & derived]
        others, more = no_sums_among(cells, left, figures, file)
        return others, [*said, *more]
    found_sums = totals_among(names, values)
    whole = [found for found in found_sums if _of_ways(found)]
    if whole:
        return _without_ways(votes, whole, file)
    sums = {found.total: found for found in found_sums}
    outside = {name for name in names if re.search(OUTSIDE, plain_words(name)) and name not in sums}
    questions = [
        Question(
            about=name,
            text=f"{file}: {found.words}; it was taken for a sum and is no choice: right?",
            choices=("a sum", "a choice"),
            where=f"{file}, column {name}",
        )
        for name, found in sums.items()
    ]
    questions += [
        Question(
            about=name,
            text=f"{file}: {name!r} holds {int(values[name].sum()):,} ballots that by its name are no votes for a "
            "choice: not valid, null, or votes? They are not read",
            choices=("not read", "null votes", "votes for a choice"),
            where=f"{file}, column {name}",
        )
        for name in names
        if name in outside and values[name].any()
    ]
    kept = [vote for vote in votes if not (set(vote.columns) & (set(sums) | outside))]
    return (tuple(kept), questions) if len(kept) > 1 else (tuple(votes), [])


def other_ballots(
    cells: pl.DataFrame, figures: Mapping[str, pl.Series], single: Mapping[str, str], votes: Sequence[VoteGuess]
) -> dict[str, Named]:
    """Ballots that were contested or appealed, by an id: where the ballots cast are the votes, blank, null and they.

    Only where the sums are so in nearly all sheets, and without these columns they are not.
    """
    taken = {column for vote in votes for column in vote.columns} | set(single.values())
    names = [
        name
        for name in cells.columns
        if name in figures
        and name not in taken
        and re.search(OUTSIDE, plain_words(name))
        and not re.search(r"\btotal(s|es)?\b", plain_words(name))
        and int(figures[name].sum() or 0)
    ]
    if not names or "cast" not in single or not votes:
        return {}
    parts = [column for vote in votes for column in vote.columns]
    parts += [single[role] for role in ("blank", "null") if role in single]
    values = arrays(figures, [*parts, *names, single["cast"]])
    cast = values[single["cast"]]
    agree, compared = agreement(cast, [values[name] for name in (*parts, *names)])
    without, _ = agreement(cast, [values[name] for name in parts])
    if not compared or agree < HOLDS * compared or agree <= without:
        return {}
    why = f"{single['cast']} = sum of the votes, blank and null ones and these in {agree:,} of {compared:,} rows"
    known = {*SINGLE, *(vote.id for vote in votes)}
    return {slug(name, known, "other"): Named(column=name, why=why) for name in names}


def _of_ways(found: SumFound) -> bool:
    """Whether the parts of a sum are ways of voting for one choice, and not choices."""
    return all(re.search(WAYS, plain_words(part)) for part in found.parts)


def _without_ways(
    votes: Sequence[VoteGuess], whole: Sequence[SumFound], file: str
) -> tuple[tuple[VoteGuess, ...], list[Question]]:
    parts = {part for found in whole for part in found.parts}
    questions = [
        Question(
            about=found.total,
            text=f"{file}: {found.words}; the parts were taken for ways of voting and are not read beside it: right?",
            choices=("ways of voting", "choices"),
            where=f"{file}, column {found.total}",
        )
        for found in whole
    ]
    return tuple(vote for vote in votes if not set(vote.columns) & parts), questions

"""An earlier election or referendum as a covariate: how each station's place answered then.

Stations rarely keep their numbers, and names their spelling: places are matched by their plain full path (no case, no
accents, no punctuation), at the finest level that both have; a station without a match there takes the answer of the
next broader place.
"""

import re
import unicodedata
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from veedor.election import EarlierVote, Election
from veedor.sheets.side_tables import read_plain
from veedor.sheets.stations.alike import as_known

Floats = NDArray[np.float64]

BETWEEN_WORDS = re.compile(r"[\W_]+")


def plain_name(name: str | None) -> str:
    """A name without case, accents, punctuation and doubled blanks."""
    letters = unicodedata.normalize("NFKD", name or "").casefold()
    if not letters.isascii():
        letters = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return BETWEEN_WORDS.sub(" ", letters).strip()


def earlier_shares(
    vote: EarlierVote, election: Election, stations: pl.DataFrame, data: Path
) -> tuple[Floats, dict[str, int]]:
    """float[station], the share of the vote's first answer in each station's place; and how many were matched where.

    stations: the universe's sheet table. The counts name each level, "station" where numbers match, and "all" for
    stations that only the whole vote's share is known for.
    """
    answers = list(vote.votes.values())
    found = read_plain(vote, data, columns=[vote.station, *answers, *vote.levels.values()])
    figures = found.with_columns(pl.col(answers).cast(pl.Int64, strict=False).fill_null(0))
    whole = figures.select(pl.col(answers[0]).sum() / pl.sum_horizontal(answers).sum()).item()
    levels = [level for level in election.level_ids if level in vote.levels]
    keyed = figures.with_columns(_plain_column(figures, vote.levels[level]) for level in levels)
    here = stations.select("station", *(_plain_column(stations, level) for level in levels))
    share = np.full(stations.height, float(whole))
    matched = {"all": stations.height}
    for depth in range(1, len(levels) + 1):
        path = [vote.levels[level] for level in levels[:depth]]
        _fill(share, matched, levels[depth - 1], _joined(keyed, path, answers, here, levels[:depth]))
    if vote.same_stations:
        keyed = keyed.with_columns(as_known(keyed[vote.station], here["station"]).alias(vote.station))
        _fill(share, matched, "station", _joined(keyed, [vote.station], answers, here, ["station"]))
    return share, matched


def _plain_column(stations: pl.DataFrame, level: str) -> pl.Series:
    names = stations[level].cast(pl.String)
    plain = {name: plain_name(name) for name in names.unique().to_list()}
    return names.replace_strict(plain, return_dtype=pl.String).alias(level)


def _joined(then: pl.DataFrame, path: list[str], answers: list[str], here: pl.DataFrame, keys: list[str]) -> Floats:
    totals = then.group_by(path).agg(pl.col(answers[0]).sum().alias("one"), pl.sum_horizontal(answers).sum().alias("n"))
    shares = totals.filter(pl.col("n") > 0).select(*path, (pl.col("one") / pl.col("n")).alias("share of then"))
    return (
        here.join(shares, left_on=keys, right_on=path, how="left", maintain_order="left")["share of then"]
        .to_numpy()
        .astype(np.float64)
    )


def _fill(share: Floats, matched: dict[str, int], level: str, found: Floats) -> None:
    known = ~np.isnan(found)
    share[known] = found[known]
    # Each finer level takes its stations out of what the broader ones had matched.
    for other in reversed(matched):
        taken = min(matched[other], int(known.sum()) - matched.get(level, 0))
        matched[other] -= taken
        matched[level] = matched.get(level, 0) + taken
        if matched[level] == int(known.sum()):
            break

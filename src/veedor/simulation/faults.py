"""The faults of each scenario, planted in known stations by known numbers of votes.

Figures are int[station, choices + 2]: the choices in ballot order, then blank, null.
"""

from dataclasses import dataclass

import numpy as np

from veedor.errors import VeedorError
from veedor.simulation.geography import Geography
from veedor.simulation.parameters import Parameters, Scenario
from veedor.simulation.types import Flags, Ints
from veedor.simulation.voters import Voters

BENEFICIARY, VICTIM = 0, 1
"""Columns of the choice that planted votes go to, and of the one from which moved votes are taken."""


@dataclass(frozen=True, kw_only=True)
class Planted:
    """station: int[fault], rising. delta: int[fault, figure], reported minus true.

    source: int[fault], the station whose figures were copied onto this one; -1 where nothing was copied.
    on_paper: whether the sheet itself bears the fault, so that both counts have it and printed sums agree with it;
      else it was made in typing the official count, and the sums printed on the sheet are the true ones.
    """

    station: Ints
    delta: Ints
    source: Ints
    on_paper: bool


def plant(
    rng: np.random.Generator,
    scenario: Scenario,
    parameters: Parameters,
    geography: Geography,
    voters: Voters,
    late: Flags,
) -> Planted:
    """Changes by the scenario. late: bool[station], published in the preliminary count only after the stop."""
    votes = voters.votes
    everyone = np.arange(len(votes))
    match scenario:
        case Scenario.CLEAN:
            return _nothing(votes)
        case Scenario.STUFFING:
            return _added(rng, parameters, voters)
        case Scenario.SWITCHING:
            return _moved(rng, parameters, votes, everyone)
        case Scenario.LATE_ALTERATION:
            if not late.any():
                raise VeedorError("late_alteration needs sheets published after a stop: give stop_after")
            # Both counts bear the fault and comparing them shows nothing: what gives it away is that late sheets differ
            # from early.
            return _moved(rng, parameters, votes, np.flatnonzero(late))
        case Scenario.TRANSCRIPTION_ERRORS:
            station, delta = mistyped(rng, voters, parameters.altered_stations, bounded=False)
            return Planted(station=station, delta=delta, source=np.full(len(station), -1), on_paper=False)
        case Scenario.DUPLICATED_SHEETS:
            return _copied(rng, parameters, geography, voters)


def mistyped(rng: np.random.Generator, voters: Voters, rate: float, *, bounded: bool) -> tuple[Ints, Ints]:
    """Typing errors in the choices' votes: a last digit wrong, one lost, two neighbours exchanged, a digit too many.

    bounded: leave out errors that would make ballots cast exceed registered voters (and the digit too many).
    -> station: int[error], rising; delta: int[error, figure], typed minus written, never all zero.
    """
    votes = voters.votes
    choices = votes.shape[1] - 2
    station = np.flatnonzero(rng.random(len(votes)) < rate)
    row = np.arange(len(station))
    column = rng.integers(0, choices, len(station))
    kind = rng.integers(0, 3 if bounded else 4, len(station))
    digit = rng.integers(0, 10, len(station))
    typed = votes[station]
    value, neighbour = typed[row, column], (column + 1) % choices
    wrong = np.choose(
        kind, [value - value % 10 + digit, value // 10, typed[row, neighbour], value + 100 * (1 + digit % 3)]
    )
    swapped = kind == 2
    typed[row, column] = wrong
    typed[row[swapped], neighbour[swapped]] = value[swapped]
    delta = typed - votes[station]
    # A digit may be mistyped as itself, and equal neighbours exchanged: that is no error.
    kept = delta.any(axis=1)
    if bounded:
        kept &= typed.sum(axis=1) <= voters.registered[station]
    return station[kept], delta[kept]


def _nothing(votes: Ints) -> Planted:
    none = np.zeros(0, dtype=np.int64)
    return Planted(station=none, delta=votes[none], source=none, on_paper=True)


def _added(rng: np.random.Generator, parameters: Parameters, voters: Voters) -> Planted:
    """Ballots of voters who stayed at home, added for the beneficiary."""
    stayed = voters.registered - voters.votes.sum(axis=1)
    taken = _taken(rng, parameters, voters.votes, np.arange(len(stayed)), stayed)
    return _transfer(taken, voters.votes, from_victim=False)


def _moved(rng: np.random.Generator, parameters: Parameters, votes: Ints, among: Ints) -> Planted:
    """Votes moved from the victim to the beneficiary, in stations among the given ones."""
    taken = _taken(rng, parameters, votes, among, votes[:, VICTIM])
    return _transfer(taken, votes, from_victim=True)


def _taken(rng: np.random.Generator, parameters: Parameters, votes: Ints, among: Ints, available: Ints) -> Ints:
    """int[station] adding up to exactly altered_votes of all valid votes, none above what is available there."""
    wanted = int(parameters.altered_votes * int(votes[:, :-2].sum()))
    order = rng.permutation(among)
    capacity = available[order]
    total = int(capacity.sum())
    if wanted > total:
        raise VeedorError(
            f"altered_votes asks for {wanted:,} votes, but only {total:,} can be altered in this scenario; lower it"
        )
    strength = max(parameters.intensity, 1.2 * wanted / max(total, 1))
    part = np.minimum(capacity, np.floor(capacity * strength * rng.uniform(0.5, 1.5, len(order))).astype(np.int64))
    part += _until(capacity - part, max(0, wanted - int(part.sum())))
    taken = np.zeros(len(votes), dtype=np.int64)
    taken[order] = _until(part, wanted)
    return taken


def _until(parts: Ints, total: int) -> Ints:
    """The parts in order until they add up to total; the last is trimmed, later ones are 0."""
    reached = np.minimum(np.cumsum(parts), total)
    return np.diff(reached, prepend=0)


def _transfer(taken: Ints, votes: Ints, *, from_victim: bool) -> Planted:
    station = np.flatnonzero(taken)
    delta = np.zeros((len(station), votes.shape[1]), dtype=np.int64)
    delta[:, BENEFICIARY] = taken[station]
    if from_victim:
        delta[:, VICTIM] = -taken[station]
    return Planted(station=station, delta=delta, source=np.full(len(station), -1), on_paper=True)


def _copied(rng: np.random.Generator, parameters: Parameters, geography: Geography, voters: Voters) -> Planted:
    """Sheets that bear the figures of the station before them in the precinct; never a copy of a copy."""
    votes = voters.votes
    before = np.arange(len(votes)) - 1
    fits = (geography.rank % 2 == 1) & (votes.sum(axis=1)[before] <= voters.registered)
    fits &= (votes != votes[before]).any(axis=1)
    candidates = np.flatnonzero(fits)
    wanted = min(len(candidates), max(1, round(parameters.altered_stations * len(votes))))
    station = np.sort(rng.choice(candidates, size=wanted, replace=False))
    source = station - 1
    return Planted(station=station, delta=votes[source] - votes[station], source=source, on_paper=True)

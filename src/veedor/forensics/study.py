"""Every method on one election, with its placebo beside it and a correction for the number of tests."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import betainc, stdtr

from veedor.forensics.method import Measured, Method
from veedor.forensics.multiple_testing import benjamini_hochberg
from veedor.forensics.placebo import fit
from veedor.forensics.placebo_runs import CleanElections, measure_all
from veedor.forensics.registry import METHODS
from veedor.forensics.stations import Floats, Stations

LEVEL = 0.05
"""A method alarms where its p-value is at most this."""
DRAWS = 19
"""Clean elections of the placebo: the smallest p-value by rank is then 1 / 20."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One method's result. p_placebo: rank of the statistic's distance from the mean, among those of the placebo's.

    The mean is that of all, the election's own included: only so is it one among equals.
    p_value: by the method's theory, else of so large a value among the placebo's (Student's t; for a count at least the
    exact one of two Poisson counts, and that one alone where all the placebo's are equal).
    alarm_rate: share of clean placebo elections on which it alarms; one on which the method refuses is no alarm.
    Everything but the method is None where it does not apply.
    """

    method: str
    measured: Measured | None
    p_value: float | None
    p_placebo: float | None
    p_bh: float | None
    p_bonferroni: float | None
    alarm_rate: float | None
    placebo_mean: float | None
    placebo_sd: float | None


@dataclass(frozen=True, kw_only=True, repr=False)
class Study:
    """All answers. tests: how many methods gave a p-value."""

    stations: Stations
    answers: tuple[Answer, ...]
    tests: int
    draws: int
    seed: int

    def __repr__(self) -> str:
        return f"<Study of {len(self.answers)} methods on {len(self.stations.names):,} stations>"


def study(
    stations: Stations,
    methods: Sequence[str] = (),
    *,
    draws: int = DRAWS,
    seed: int = 1,
    aside: Executor | None = None,
    progress: Progress | None = None,
) -> Study:
    """Run the methods named, or all that run by default, on the stations and on `draws` clean elections.

    aside: who measures clean elections beside this thread, by default another thread; it changes no digit.
    """
    chosen = [name for name, method in METHODS.items() if (name in methods if methods else method.default)]
    measured = {name: METHODS[name].measure(stations, seed) for name in chosen}
    repeats = {name: _repeats(METHODS[name], measured[name], draws) for name in chosen}
    elections = CleanElections(stations=stations, fitted=fit(stations), seed=seed, measured=measured, repeats=repeats)
    with nullcontext(aside) if aside is not None else ThreadPoolExecutor(1) as other:
        clean = measure_all(elections, other, progress)
    placebo = {name: [each for found in clean if (each := found.get(name)) is not None] for name in chosen}
    answers = [_answer(name, measured[name], placebo[name]) for name in chosen]
    return Study(
        stations=stations,
        answers=tuple(_adjusted(answers)),
        tests=sum(answer.p_value is not None for answer in answers),
        draws=draws,
        seed=seed,
    )


def _repeats(method: Method, measured: Measured | None, draws: int) -> int:
    """Clean elections that a method is run on: none where it gives no figure on this one."""
    if measured is None or measured.refused is not None:
        return 0
    return draws if method.most_draws is None else min(draws, method.most_draws)


def _answer(name: str, measured: Measured | None, placebo: Sequence[Measured]) -> Answer:
    if measured is None or measured.statistic is None or sum(each.statistic is not None for each in placebo) < 2:
        return Answer(
            method=name,
            measured=measured,
            p_value=measured.p_value if measured else None,
            p_placebo=None,
            p_bh=None,
            p_bonferroni=None,
            alarm_rate=None,
            placebo_mean=None,
            placebo_sd=None,
        )
    given = [each for each in placebo if each.statistic is not None]
    values = np.array([each.statistic for each in given], dtype=np.float64)
    if METHODS[name].lists:
        return _list_of(name, measured, values)
    own = measured.statistic if measured.ranked is None else measured.ranked
    # The election's own value is ranked among the placebo's, itself included: by chance alone P(p <= a) is a at most.
    everything = np.append(values, own)
    distance = np.abs(everything - everything.mean())
    rank = float((distance >= distance[-1] - 1e-12).mean())
    theory = measured.p_value is not None
    beyond = _count_beyond if METHODS[name].counts else _beyond
    ps = (
        [1.0 if each.p_value is None else each.p_value for each in placebo] if theory else _among_others(values, beyond)
    )
    return Answer(
        method=name,
        measured=measured,
        p_value=measured.p_value if theory else beyond(own, values),
        p_placebo=rank,
        p_bh=None,
        p_bonferroni=None,
        alarm_rate=float(np.mean([p <= LEVEL for p in ps])),
        placebo_mean=float(values.mean()),
        placebo_sd=float(values.std(ddof=1)),
    )


def _list_of(name: str, measured: Measured, values: Floats) -> Answer:
    """The answer of a method that is no test: what clean elections give stands beside it, for comparison."""
    return Answer(
        method=name,
        measured=measured,
        p_value=None,
        p_placebo=None,
        p_bh=None,
        p_bonferroni=None,
        alarm_rate=None,
        placebo_mean=float(values.mean()),
        placebo_sd=float(values.std(ddof=1)),
    )


def _beyond(value: float, others: Floats) -> float:
    """Chance of a value so large, given clean elections' values: Student's t for one more draw of a normal."""
    spread = float(others.std(ddof=1)) * np.sqrt(1 + 1 / len(others))
    if spread == 0:
        return 1.0 if value <= others[0] else 1 / (len(others) + 1)
    return float(stdtr(len(others) - 1, (others.mean() - value) / spread))


def _count_beyond(value: float, others: Floats) -> float:
    """As _beyond, for a count: at least the exact chance of two Poisson counts (Przyborowski & Wilenski 1940).

    Given the sum, a count is one of n + 1 equal shares: P(Bin(sum, 1 / (n + 1)) >= value). Rare pairs are near Poisson
    and Student's t calls too many of them; where pairs come in clumps, they spread more than that and the t is larger.
    """
    if value <= 0:
        return 1.0
    exact = float(betainc(value, others.sum() + 1, 1 / (len(others) + 1)))
    # Equal counts on all clean elections have no spread to go by, and ranks among so few end at 1 / (n + 1).
    return exact if np.ptp(others) == 0 else max(exact, _beyond(value, others))


def _among_others(values: Floats, beyond: Callable[[float, Floats], float]) -> list[float]:
    """Each clean election's p-value among the other ones."""
    if len(values) < 3:
        return [1.0] * len(values)
    return [beyond(float(value), np.delete(values, number)) for number, value in enumerate(values)]


def _adjusted(answers: Sequence[Answer]) -> list[Answer]:
    ps = [answer.p_value for answer in answers if answer.p_value is not None]
    if not ps:
        return list(answers)
    adjusted = iter(benjamini_hochberg(np.clip(ps, 0, 1)).tolist())
    return [
        answer
        if answer.p_value is None
        else replace(answer, p_bh=float(next(adjusted)), p_bonferroni=min(1.0, answer.p_value * len(ps)))
        for answer in answers
    ]

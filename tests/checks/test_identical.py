import math
from collections import Counter
from collections.abc import Iterable
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from tests.checks.world import CONTEST, DEFINITION, FIGURES, Row, inputs, rows, spoiled, table
from tests.parsed import effect_of, items_of
from veedor.checks import run_checks
from veedor.checks.identical import Coincidences, coincidences, equal_chance, p_value, poisson_tail
from veedor.election.read import election_from
from veedor.finding import Verdict

LEVELS = ["region", "precinct"]


def test_it_holds_on_sheets_of_other_figures() -> None:
    same_size = [
        {**row, "votes.C": 100 - int(str(row["votes.A"])) + 2 * n, "votes.B": 90 - 2 * n}
        for n, row in enumerate(rows())
    ]
    same_size = [{**row, "blank": 0, "null": 0} for row in same_size]
    finding = run_checks(inputs(same_size), ["identical_rows"])[0]
    assert (finding.verdict, finding.found) == (Verdict.HOLDS, 0)
    # Three pairs in each of six places.
    assert finding.looked_at == 18


def dealt_again(counts: tuple[int, ...]) -> float:
    """Chance of two equal rows over every way to deal the pooled ballots into two boxes, one by one."""
    ballots = [choice for choice, n in enumerate(counts) for _ in range(n)]
    half, equal, all_deals = len(ballots) // 2, 0, 0
    for hands in product((0, 1), repeat=len(ballots)):
        if sum(hands) == half:
            all_deals += 1
            left = Counter(ballot for ballot, hand in zip(ballots, hands, strict=True) if hand)
            equal += all(2 * left[choice] == n for choice, n in enumerate(counts))
    return equal / all_deals


@pytest.mark.parametrize("counts", [(2, 0, 0), (2, 2, 0), (4, 2, 2), (6, 4, 2), (8, 2, 2), (4, 4, 4)])
def test_the_chance_is_that_of_dealing_every_ballot_again(counts: tuple[int, ...]) -> None:
    half = np.array([[n // 2 for n in counts]])
    assert equal_chance(half, half)[0] == pytest.approx(dealt_again(counts), rel=1e-12)


def test_the_chance_in_large_boxes_is_exact() -> None:
    left = np.array([[100, 84, 20, 1, 3]])
    right = np.array([[102, 80, 22, 3, 1]])
    both = [202, 164, 42, 4, 4]
    exact = math.prod(math.comb(n, n // 2) for n in both) / math.comb(416, 208)
    assert equal_chance(left, right)[0] == pytest.approx(exact, rel=1e-9)


MORE = tuple(f"D{n}" for n in range(6))
NINE = election_from(
    DEFINITION.replace(
        'choices = [{ id = "A"',
        "choices = [" + "".join(f'{{ id = "{name}", name = {{ en = "{name}" }} }}, ' for name in MORE) + '{ id = "A"',
    ).replace('votes = { A = "A"', "votes = { " + "".join(f'{name} = "{name}", ' for name in MORE) + 'A = "A"')
)
NINE_FIGURES = (*(f"votes.{name}" for name in MORE), *FIGURES)


def simulated(
    rng: np.random.Generator,
    *,
    places: int,
    boxes: int,
    ballots: int,
    spread: float = 0.0,
    names: tuple[str, ...] = FIGURES,
) -> list[Row]:
    """Clean sheets: ballots of each place dealt at random; with `spread`, boxes of one place differ besides."""
    weights = (0.6,) * (len(names) - len(FIGURES)) + (8, 6, 2, 0.8, 0.8)
    made: list[Row] = []
    for place in range(places):
        shares = rng.dirichlet(weights)
        for box in range(boxes):
            here = rng.dirichlet(shares * spread + 1e-9) if spread else shares
            votes = rng.multinomial(ballots + rng.integers(-2, 3), here)
            figures = dict(zip(names, (int(n) for n in votes), strict=True))
            made.append({"station": f"{place:03d}{box:02d}", "region": "R", "precinct": f"P{place}", **figures})
    return made


def looked(made: list[Row]) -> Coincidences:
    return coincidences(table(made), CONTEST, LEVELS)


def looked_nine(made: list[Row]) -> Coincidences:
    return coincidences(table(made, NINE), NINE.contests[0], LEVELS)


@pytest.mark.slow
@pytest.mark.parametrize(("ballots", "spread"), [(12, 0.0), (40, 0.0), (200, 0.0), (40, 30.0)])
def test_false_alarms_are_no_more_frequent_than_stated(ballots: int, spread: float) -> None:
    rng = np.random.default_rng(20240512)
    values = [looked(simulated(rng, places=20, boxes=5, ballots=ballots, spread=spread)).p_value for _ in range(200)]
    # At a level of 5 % at most 10 of 200 are expected; 19 or more have a chance below 0.6 % (binomial).
    assert sum(value < 0.05 for value in values) < 19
    # At 0.1 %, 0.2 are expected; three or more have a chance of 0.1 %.
    assert sum(value < 0.001 for value in values) < 3


@pytest.mark.slow
def test_the_expected_number_is_the_number_found_on_average() -> None:
    rng = np.random.default_rng(7)
    runs = [looked(simulated(rng, places=40, boxes=4, ballots=10)) for _ in range(200)]
    equal, expected = sum(run.equal for run in runs), sum(run.expected for run in runs)
    assert equal > 200
    assert abs(equal - expected) < 4 * math.sqrt(expected)


def copy_first_box(made: list[Row], places: Iterable[int], boxes: int) -> None:
    """In each of the places, the second box repeats the first."""
    for place in places:
        made[place * boxes + 1] |= {name: made[place * boxes][name] for name in made[0] if name in NINE_FIGURES}


@pytest.mark.slow
def test_one_copied_sheet_among_hundreds_is_found_where_there_are_nine_choices() -> None:
    rng = np.random.default_rng(11)
    found = 0
    for _ in range(50):
        made = simulated(rng, places=60, boxes=5, ballots=200, names=NINE_FIGURES)
        copy_first_box(made, [7], 5)
        found += looked_nine(made).p_value < 0.001
    assert found >= 40


@pytest.mark.slow
def test_three_copied_sheets_among_hundreds_are_found_where_there_are_three_choices() -> None:
    rng = np.random.default_rng(13)
    found = 0
    for _ in range(50):
        made = simulated(rng, places=60, boxes=5, ballots=200)
        copy_first_box(made, (3, 20, 41), 5)
        found += looked(made).p_value < 0.001
    assert found >= 40


def copied() -> list[Row]:
    """Two places of two large boxes each, where the second box repeats the first."""
    figures = [dict(zip(FIGURES, cells, strict=True)) for cells in ((101, 57, 33, 20, 19), (80, 66, 41, 12, 31))]
    return [
        {"station": f"{place}{box}", "region": "R", "precinct": f"P{place}", **figures[place]}
        for place in range(2)
        for box in range(2)
    ]


def test_copies_do_not_hold_and_are_listed_with_the_figures_they_share() -> None:
    finding = run_checks(inputs(copied()), ["identical_rows"])[0]
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert [sorted(item["stations"]) for item in items_of(finding)] == [["10", "11"], ["00", "01"]]
    assert items_of(finding)[0]["figures"] == {"A": 80, "B": 66, "C": 41, "blank": 12, "null": 31}
    assert (effect_of(finding)["stations"], effect_of(finding)["votes"]) == (4, 460)


@pytest.mark.parametrize("station", ["00", "01", "10", "11"])
@pytest.mark.parametrize("cell", FIGURES)
def test_every_cell_takes_part_in_the_comparison(station: str, cell: str) -> None:
    clean = next(row for row in copied() if row["station"] == station)
    # The other box of the place keeps the same number of ballots in all: one vote goes from one figure to the next.
    after = FIGURES[(FIGURES.index(cell) + 1) % len(FIGURES)]
    moved = {cell: int(str(clean[cell])) - 1, after: int(str(clean[after])) + 1}
    finding = run_checks(inputs(spoiled(copied(), station, **moved)), ["identical_rows"])[0]
    assert finding.found == 1
    assert station not in items_of(finding)[0]["stations"]


def test_equal_rows_of_different_places_are_not_compared() -> None:
    apart = [{**row, "precinct": f"P{row['station']}"} for row in copied()]
    finding = run_checks(inputs(apart), ["identical_rows"])[0]
    assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)


def test_places_of_one_name_in_two_regions_are_two_places() -> None:
    apart = [{**row, "region": f"R{row['station']}"} for row in copied()]
    assert run_checks(inputs(apart), ["identical_rows"])[0].verdict is Verdict.UNDECIDED


def test_unanimous_sheets_repeat_without_being_unlikely() -> None:
    made = [{**row, **dict.fromkeys(FIGURES, 0), "votes.A": 200} for row in rows()]
    finding = run_checks(inputs(made), ["identical_rows"])[0]
    assert (finding.verdict, finding.found, effect_of(finding)["expected_pairs"]) == (Verdict.HOLDS, 18, 18.0)


def test_empty_sheets_are_not_copies_of_each_other() -> None:
    made = [{**row, **dict.fromkeys(FIGURES, 0)} for row in rows()]
    assert run_checks(inputs(made), ["identical_rows"])[0].looked_at == 0


@pytest.mark.slow
@given(st.permutations(range(18)))
def test_the_order_of_the_sheets_does_not_matter(order: list[int]) -> None:
    made = [
        {**row, "votes.A": 3, "votes.B": 2, "votes.C": n % 2, "blank": 1 - n % 2, "null": 0}
        for n, row in enumerate(rows())
    ]
    first, second = looked(made), looked([made[n] for n in order])
    assert first.equal == second.equal
    assert first.comparable == second.comparable
    assert first.p_value == pytest.approx(second.p_value)


def test_the_p_value_of_one_pair_is_its_chance_over_the_weight_of_its_reading() -> None:
    pairs = pl.DataFrame({"place_key": [1, 2], "chance": [1e-7, 0.5], "equal": [True, False]})
    assert p_value(pairs) == pytest.approx(16e-7)
    assert p_value(pairs.with_columns(equal=pl.lit(False))) == 1.0


@pytest.mark.parametrize(("seen", "mean"), [(1, 1e-9), (2, 0.5), (5, 4.0), (30, 3.2), (1101, 1100.0), (2000, 1500.0)])
def test_the_poisson_tail_is_that_of_scipy(seen: int, mean: float) -> None:
    assert poisson_tail(seen, mean) == pytest.approx(float(poisson.sf(seen - 1, mean)), rel=1e-9)

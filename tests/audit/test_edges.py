"""Elections at the edge: ties, one candidate, sheets without votes, samples of everything, names from everywhere."""

from pathlib import Path

import numpy as np
import pytest

from tests.audit import builders
from veedor.audit.assertions.from_rule import assertions_for
from veedor.audit.assertions.statements import Statements
from veedor.audit.planning.draft import draft
from veedor.audit.planning.overview import overview
from veedor.audit.protocol.plan import Plan, RiskTest, parse_plan
from veedor.audit.rounds.draw import Frame, draw_round, sample
from veedor.audit.rounds.rounds import assess, enter
from veedor.audit.statistics.martingale import Null, capped, p_values, risk, wealth
from veedor.audit.statistics.sample_sizes import equal_probability_draws, undoing
from veedor.audit.statistics.sheet_comparison import bounds, draws_without_error, weights
from veedor.audit.units import Units
from veedor.audit.verify import verify
from veedor.draw.sampling import consistent_sampler, equal_probability, proportional
from veedor.election import Contest, Plurality
from veedor.election.base import Names
from veedor.errors import VeedorError

PLURALITY = Plurality(kind="plurality")


def sheets(rows: list[list[int]], choices: tuple[str, ...] = ("ana", "bea"), ids: list[str] | None = None) -> Units:
    """rows: votes of the choices, blank, null."""
    contest: Contest = builders.contest(PLURALITY, choices)
    figures = np.array(rows, dtype=np.int64).reshape(len(rows), len(choices) + 2)
    return Units(
        contest=contest,
        ids=tuple(ids or [f"{number:03d}" for number in range(len(rows))]),
        figures=figures,
        registered=figures.sum(axis=1) + 10,
        places=(("here",),) * len(rows),
        levels=("region",),
    )


def planned(units: Units, **more: object) -> Plan:
    terms = builders.terms(builders.signatories(builders.keys()), **more)
    plan, _ = draft(units, units.contest, terms, election="town", count="official", title=Names(en="Town"))
    return plan


def test_a_tie_has_no_sample() -> None:
    tied = sheets([[50, 50, 0, 0]] * 4)
    for ask in (lambda: overview(tied, "registered", 0.05), lambda: planned(tied)):
        with pytest.raises(VeedorError, match="tie"):
            ask()


def test_a_lead_of_one_vote_takes_nearly_every_sheet() -> None:
    close = sheets([[50, 50, 0, 0]] * 19 + [[51, 50, 0, 0]])
    (assertion,) = assertions_for(close.contest, close.tally())
    bound = bounds(close, assertion, "registered")
    assert bound.margin == 1
    assert equal_probability_draws(bound, 0.05) == 20 or equal_probability_draws(bound, 0.05) is None
    assert undoing(close, assertion).altered == 1
    assert draws_without_error(bound.total, 0.05) > 20
    plan = planned(close, sampling="equal_probability")
    assert plan.rounds == (20,)


def test_one_candidate_leaves_nothing_to_audit() -> None:
    alone = sheets([[50, 1, 0]] * 4, ("ana",))
    with pytest.raises(VeedorError, match="nothing to audit"):
        overview(alone, "registered", 0.05)


def test_everybody_elected_leaves_nothing_to_audit() -> None:
    both = sheets([[50, 20, 0, 0]] * 4)
    contest = builders.contest(Plurality(kind="plurality", seats=2), ("ana", "bea"))
    with pytest.raises(VeedorError, match="nothing to audit"):
        draft(
            Units(contest=contest, ids=both.ids, figures=both.figures, registered=both.registered, places=both.places),
            contest,
            builders.terms(builders.signatories(builders.keys())),
            election="town",
            count="official",
            title=Names(en="Town"),
        )


def test_sheets_without_votes_are_never_drawn_by_their_ballots_and_always_by_their_roll() -> None:
    empty = sheets([[60, 20, 0, 0], [0, 0, 0, 0], [70, 30, 0, 0]])
    (assertion,) = assertions_for(empty.contest, empty.tally())
    assert weights([bounds(empty, assertion, "ballots")])[1] == 0
    assert weights([bounds(empty, assertion, "registered")])[1] > 0
    assert 1 not in proportional([5, 0, 7], "1", 200)
    shown = overview(empty, "ballots", 0.05)
    assert shown.costs[0].draws >= 1


def test_ballots_of_empty_boxes_are_skipped() -> None:
    units = sheets([[0, 0, 0, 0], [6, 2, 0, 0], [0, 0, 0, 0], [7, 3, 1, 0]])
    plan = planned(units, kind="ballot_polling", rounds=[19], test=RiskTest(name="shrink_truncate", weight=10))
    drawn = sample(plan, Frame(units=units, weights=units.cast.tolist(), levels=units.levels, records=None), "7", 1)
    assert sorted(one.ballot for one in drawn) == sorted(
        [f"001/{n}" for n in range(1, 9)] + [f"003/{n}" for n in range(1, 12)]
    )


@pytest.mark.slow
def test_a_sample_of_every_sheet_is_a_full_hand_count(tmp_path: Path) -> None:
    """Drawn to the last sheet without replacement, the true outcome is certain: risk 0, whatever the margin."""
    units = sheets([[53, 50, 1, 0]] * 10)
    keys = builders.keys()
    folder = tmp_path / "audit"
    more = {"sampling": "equal_probability", "rounds": [10], "test": RiskTest(name="capped", share=0.5)}
    builders.make(folder, builders.terms(builders.signatories(keys), **more), units)
    builders.seeded(folder, keys)
    _, drawn = draw_round(folder)
    assert {one.station for one in drawn} == set(units.ids)
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_bytes(builders.entries(folder, 1, units))
    assert enter(folder, tmp_path / "a.csv", tmp_path / "b.csv") == []
    said = assess(folder)
    assert said.next.step == "confirmed"
    assert said.assertions[0].risk == 0.0
    assert all(step.done for step in verify(folder))


def test_more_draws_than_there_is_are_refused() -> None:
    units = sheets([[53, 40, 1, 0]] * 10)
    with pytest.raises(VeedorError, match="11 draws without replacement, but there are 10 sheets"):
        planned(units, sampling="equal_probability", rounds=[11])
    assert [one.unit for one in equal_probability(units.ids, "1", 99)] == [
        one.unit for one in equal_probability(units.ids, "1", 10)
    ]
    with pytest.raises(ValueError, match="11 draws without replacement from 10 units"):
        wealth(np.ones(11), Null(mean=0.5, size=10), capped(0.5))


def test_no_draws_are_no_evidence() -> None:
    assert risk(np.empty(0), Null(mean=0.5), capped(0.9)) == 1.0
    assert p_values(wealth(np.empty((3, 0)), Null(mean=0.5), capped(0.9))).shape == (3, 0)


@pytest.mark.parametrize("seed", ["0", "00012345678901234567", "a word", "3.14", "-1", "semilla ñandú 😊", " 7 "])
def test_any_text_is_a_seed_and_none_is_turned_into_a_number(seed: str) -> None:
    ids = [f"{number:03d}" for number in range(50)]
    for draw in (
        lambda s: [one.unit for one in equal_probability(ids, s, 50)],
        lambda s: proportional([1] * 50, s, 50),
        lambda s: [one.unit for one in consistent_sampler(ids, s, 50)],
    ):
        assert draw(seed) == draw(seed)
        assert draw(seed) != draw(f"{seed} ")
        assert draw(seed) != draw(f"0{seed}")


def test_names_that_look_alike_stay_apart() -> None:
    """Composed and decomposed letters, numbers with zeros, spaces: each is its own sheet, byte by byte."""
    ids = ["é", "e\u0301", "7", "07", "7 ", "٧", "a/b", "a", "b", "=1+1", '"quoted", comma', "line\u2028break"]
    assert len({one.number for one in equal_probability(ids, "1", len(ids))}) == len(ids)
    units = sheets([[60, 20, 0, 0]] * (len(ids) - 1), ids=[ids[0], *ids[2:]])
    assert parse_plan(plan_bytes_of(units)).reported.sheets == len(ids) - 1


def plan_bytes_of(units: Units) -> bytes:
    from veedor.audit.protocol.plan import plan_bytes

    return plan_bytes(planned(units))


@pytest.mark.slow
def test_names_from_everywhere_go_through_a_whole_audit(tmp_path: Path) -> None:
    ids = ["é", "7", "07", "٧", "a/b", "=1+1", "-2", "'quoted", "@x", '"quoted", comma', "北京 5", "😊 6"]
    units = sheets([[60, 20, 1, 1]] * len(ids), ids=ids)
    for kind in ("sheets", "regions", "oneaudit"):
        folder, keys = tmp_path / kind, builders.keys()
        more = {"kind": kind, **({"region_level": "region"} if kind == "regions" else {})}
        builders.make(folder, builders.terms(builders.signatories(keys), **more), units)
        builders.seeded(folder, keys)
        _, drawn = draw_round(folder)
        assert {one.station for one in drawn} <= set(ids)
        if kind == "oneaudit":
            continue
        for name in ("a.csv", "b.csv"):
            (tmp_path / name).write_bytes(entries(folder, units))
        assert enter(folder, tmp_path / "a.csv", tmp_path / "b.csv") == []
        assert assess(folder).next.step == "confirmed"
        verify(folder)


def entries(folder: Path, units: Units) -> bytes:
    from veedor.rim.csv_cells import csv_bytes, rows_of

    header, pulled = rows_of((folder / "round-1/pull-list.csv").read_bytes(), "pull-list.csv")
    stations = [row[header.index("station")] for row in pulled]
    rows = [[one, "found", *map(str, units.figures[units.position[one]])] for one in stations]
    return csv_bytes(["station", "status", *units.contest.choice_ids, "blank", "null"], rows)


def test_duplicate_names_are_refused() -> None:
    with pytest.raises(VeedorError, match="twice"):
        equal_probability(["a", "b", "a"], "1", 2)
    with pytest.raises(VeedorError, match="twice"):
        consistent_sampler(["a", "a"], "1", 1)


def test_a_margin_of_everything_takes_few_draws() -> None:
    sure = sheets([[100, 0, 0, 0]] * 30)
    assertion = Statements(sure.contest).pairwise("ana", "bea")
    bound = bounds(sure, assertion, "ballots")
    assert bound.total == 2
    assert draws_without_error(bound.total, 0.05) == 5

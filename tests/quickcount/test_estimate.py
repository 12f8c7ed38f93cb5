"""Estimates of a night worked out by hand, and rules that must hold of any."""

from pathlib import Path

import numpy as np
import pytest

from tests.quickcount.small import DEFINITION, REPORTS, SAMPLE, write
from veedor.quickcount.document import EstimateDocument
from veedor.quickcount.estimate import Settings, estimate
from veedor.quickcount.missing import tipping_point, worst_case_equal_turnout
from veedor.quickcount.night import read_night
from veedor.quickcount.read import open_quickcount


def estimated(folder: Path, settings: Settings | None = None, *, skip_bad_rows: bool = False) -> EstimateDocument:
    opened = open_quickcount(folder)
    quick, chosen = opened.definition, settings or Settings(replicates=200)
    night = read_night(quick, folder, post_strata=chosen.cells != "strata", skip_bad_rows=skip_bad_rows)
    return estimate(quick, night, chosen, election=opened.election)


def test_a_night_worked_out_by_hand(tmp_path: Path) -> None:
    """Weights 2 in A, B, C, E and 4 in D: x 2·(70+30+60+50)+4·10 = 460 of t 2·(110+100+100+100)+4·40 = 980."""
    found = estimated(write(tmp_path), Settings(single="zero", replicates=200))
    x, y, null = found.estimates
    assert (found.received, found.planned) == (9, 10)
    assert found.missing_share == pytest.approx(0.1)
    assert x.share == pytest.approx(460 / 980)
    assert y.share == pytest.approx((2 * (40 + 60 + 40 + 40) + 4 * 30) / 980)
    assert null.share == pytest.approx((2 * (0 + 10 + 0 + 10)) / 980)
    # z = x - p t in each stratum; of two reports s² = (z1 - z2)²/2, f = 1/2, N = 4: N²(1-f)s²/n = 2 (z1 - z2)².
    p = 460 / 980
    gaps = [(30 - 40) - p * (50 - 60), (10 - 20) - p * (40 - 60), (25 - 35) - p * 0, (20 - 30) - p * (40 - 60)]
    assert x.se_linear == pytest.approx((2 * sum(gap * gap for gap in gaps)) ** 0.5 / 980)
    assert x.sampling == pytest.approx([x.share - 1.96 * x.se_linear, x.share + 1.96 * x.se_linear])
    assert x.shift[0] == pytest.approx(x.sampling[0] - 0.1 * 0.02)
    # The missing station D2 stands for two stations of 100 voters; the reports for 2·(110+100+100+40+100) votes.
    assert x.bound is not None
    assert x.bound[0] == pytest.approx(x.share * 900 / 1100 - 1.96 * x.se_linear)
    assert x.bound[1] == pytest.approx((x.share * 900 + 200) / 1100 + 1.96 * x.se_linear)
    assert found.turnout is not None
    assert found.turnout.share == pytest.approx(980 / 2000)
    assert found.latest == "2021-06-06T21:20:00"


def test_a_stratum_of_one_report_is_paired_with_the_next_of_its_group(tmp_path: Path) -> None:
    found = estimated(write(tmp_path))
    (single,) = found.strata.collapsed
    assert (single.stratum, single.received, single.rule, single.with_) == ("D", 1, "paired", ["E"])
    zero = estimated(write(tmp_path), Settings(single="zero", replicates=200))
    assert found.estimates[0].share == zero.estimates[0].share
    assert found.estimates[0].se_linear > zero.estimates[0].se_linear
    assert zero.strata.collapsed[0].rule == "zero"


def test_a_stratum_without_a_report_is_shared_by_its_group(tmp_path: Path) -> None:
    """Without E, C and D of the south grow by 3/2: C to weight 3, D to 6."""
    reports = "".join(line for line in REPORTS.splitlines(keepends=True) if not line.startswith("E"))
    found = estimated(write(tmp_path, reports=reports))
    total = 2 * (110 + 100) + 3 * 100 + 6 * 40
    assert found.estimates[0].share == pytest.approx((2 * (70 + 30) + 3 * 60 + 6 * 10) / total)
    empty = next(one for one in found.strata.collapsed if one.rule == "shared")
    assert (empty.stratum, empty.received, empty.with_) == ("E", 0, ["C", "D"])
    assert found.allowance.share == 0.05
    assert found.strata.received == 4


def test_a_group_without_a_report_is_shared_by_all(tmp_path: Path) -> None:
    reports = "".join(line for line in REPORTS.splitlines(keepends=True) if line[0] not in "CDE")
    found = estimated(write(tmp_path, reports=reports))
    assert found.estimates[0].share == pytest.approx((70 + 30) / 210)
    assert [one.with_ for one in found.strata.collapsed] == [["A", "B"]] * 3


def test_the_separate_ratio_weighs_by_registered_voters(tmp_path: Path) -> None:
    """All rolls are 100: it is the combined one, share and error but for the mean of D; and the two errors agree."""
    separate = estimated(write(tmp_path), Settings(estimator="separate", single="zero", replicates=2000))
    combined = estimated(write(tmp_path), Settings(single="zero", replicates=2000))
    for one, other in zip(separate.estimates, combined.estimates, strict=True):
        assert one.share == pytest.approx(other.share)
        assert one.se_linear == pytest.approx(other.se_linear)
    uneven = DEFINITION.replace(
        'file = "sample.csv"\nstation = "station"\nstratum = "stratum"\nroll = "roll"', "stations = 10"
    )
    uneven = uneven.replace('null = "null"\n', 'null = "null"\nroll = "roll"\nstratum = "stratum"\n')
    rows = REPORTS.splitlines()
    reports = "\n".join(
        [f"{rows[0]},roll,stratum", *(f"{row},{50 + 10 * at},{row[0]}" for at, row in enumerate(rows[1:]))]
    )
    found = estimated(
        write(tmp_path, definition=uneven, reports=reports), Settings(estimator="separate", replicates=200)
    )
    # 400 voters of each stratum over the voters of its reports: 50+60, 70+80, 90+100, 110, 120+130.
    grown = [400 / 110, 400 / 150, 400 / 190, 400 / 110, 400 / 250]
    x = sum(g * v for g, v in zip(grown, (70, 30, 60, 10, 50), strict=True))
    t = sum(g * v for g, v in zip(grown, (110, 100, 100, 40, 100), strict=True))
    assert found.estimates[0].share == pytest.approx(x / t)
    assert found.turnout is not None
    assert found.turnout.share == pytest.approx(t / 2000)


def test_post_strata_with_too_few_reports_are_merged_along_the_tree(tmp_path: Path) -> None:
    cells = DEFINITION + '[post_strata]\ncolumns = ["group", "stratum"]\nminimum = 4\n'
    found = estimated(write(tmp_path, definition=cells), Settings(cells="merged", replicates=200))
    # North has A + B with four; south C + D has three and takes in E.
    assert {one.stratum: one.with_ for one in found.strata.collapsed} == {
        "north × A": ["north × B"],
        "north × B": ["north × A"],
        "south × C": ["south × D", "south × E"],
        "south × D": ["south × C", "south × E"],
        "south × E": ["south × C", "south × D"],
    }
    assert found.estimates[0].share == pytest.approx((8 / 4 * 100 + 12 / 5 * 120) / (8 / 4 * 210 + 12 / 5 * 240))


def test_a_difference_has_its_own_error(tmp_path: Path) -> None:
    """Of two choices that share all votes, the difference has twice the error of one of them."""
    rows = REPORTS.splitlines()
    twos = [rows[0], *(f"{row.split(',')[0]},{at},{50 - at},0,50," for at, row in enumerate(rows[1:], start=20))]
    definition = DEFINITION.replace('time = "time"\n', "")
    found = estimated(write(tmp_path, definition=definition, reports="\n".join(twos)))
    (gap,) = found.differences
    assert (gap.first, gap.second) == ("y", "x")
    assert gap.se == pytest.approx(2 * found.estimates[0].se_linear)
    assert gap.sampling[0] - gap.shift[0] == pytest.approx(2 * 0.1 * 0.02)


@pytest.mark.parametrize(("share", "answer"), [(20, "above"), (47, "undecided"), (80, "below")])
def test_a_threshold_is_answered_only_where_the_missing_cannot_change_it(
    tmp_path: Path, share: int, answer: str
) -> None:
    definition = DEFINITION + f'[[thresholds]]\nchoice = "x"\nshare = {share}\n'
    (threshold,) = estimated(write(tmp_path, definition=definition)).thresholds
    assert threshold.answer == answer
    half = (threshold.limits[1] - threshold.limits[0]) / 2
    assert half == pytest.approx(1.6448536 * threshold.se, rel=0.3)  # the larger error where they disagree
    assert threshold.limits[0] - threshold.shift[0] == pytest.approx(0.1 * 0.02)


def test_the_tipping_points_that_were_published() -> None:
    """From the published midpoints: Estado de México 2.04 points with 25.9 % missing, -5.8; Coahuila 0.77, 45.4 %."""
    assert 100 * (tipping_point(0.0204, 1 - 1347 / 1818) or 0) == pytest.approx(-5.8, abs=0.05)
    assert tipping_point(0.1, 0.0) is None
    assert worst_case_equal_turnout(0.22469, 1 - 5254 / 7787) == pytest.approx((0.152, 0.477), abs=0.0005)


def test_a_whole_sample_leaves_nothing_to_the_missing(tmp_path: Path) -> None:
    found = estimated(write(tmp_path, reports=REPORTS + "D2,10,30,0,40,2021-06-06T22:00:00\n"))
    x = found.estimates[0]
    assert found.missing_share == 0
    assert x.sampling == x.shift == x.bound == x.bound_equal_turnout
    assert found.differences[0].tipping_point is None


def test_a_census_has_no_sampling_error(tmp_path: Path) -> None:
    rows = [f"{stratum}{number},{number},{stratum == 'A'},0,60," for stratum in "ABCDE" for number in range(1, 5)]
    reports = REPORTS.splitlines()[0] + "\n" + "\n".join(rows).replace("True", "20").replace("False", "30")
    everything = SAMPLE + "".join(f"{stratum}{number},{stratum},100\n" for stratum in "ABCDE" for number in (3, 4))
    definition = DEFINITION.replace('time = "time"\n', "")
    found = estimated(write(tmp_path, definition=definition, reports=reports, sample=everything))
    assert found.estimates[0].share == pytest.approx(5 * 10 / (20 * 60))
    assert found.estimates[0].se_linear == 0
    assert found.estimates[0].se_bootstrap == pytest.approx(0, abs=1e-12)


def test_the_seed_decides_the_bootstrap(tmp_path: Path) -> None:
    folder = write(tmp_path)
    one, same, other = (estimated(folder, Settings(replicates=200, seed=seed)) for seed in (5, 5, 6))
    assert one == same
    assert np.isclose(one.estimates[0].se_linear, other.estimates[0].se_linear)
    assert one.estimates[0].se_bootstrap != other.estimates[0].se_bootstrap

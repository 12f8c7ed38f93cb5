import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.checks.world import FIGURES, STATIONS, Row, inputs, rows, spoiled
from tests.parsed import effect_of, items_of
from veedor.checks import run_checks
from veedor.finding import Finding, Verdict

KEYS = ("A", "B", "C", "blank", "null")


def reconciled(before: list[Row], after: list[Row]) -> Finding:
    return run_checks(inputs(after, [before]), ["reconciliation"])[0]


def test_it_holds_where_the_later_state_only_adds() -> None:
    finding = reconciled(rows()[:7], rows())
    assert (finding.verdict, finding.looked_at, finding.found) == (Verdict.HOLDS, 7, 0)
    effect = effect_of(finding)
    assert (effect["changed_sheets"], effect["added_sheets"], effect["missing_sheets"]) == (0, 11, 0)


@pytest.mark.slow
@pytest.mark.parametrize("station", STATIONS)
@pytest.mark.parametrize("cell", FIGURES)
@pytest.mark.parametrize("by", [7, -1])
def test_every_figure_of_every_sheet_is_compared(station: str, cell: str, by: int) -> None:
    clean = next(row for row in rows() if row["station"] == station)
    finding = reconciled(rows(), spoiled(rows(), station, **{cell: int(str(clean[cell])) + by}))
    key = cell.removeprefix("votes.")
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert [item["station"] for item in items_of(finding)] == [station]
    assert effect_of(finding)["changed_sheets"] == 1
    assert effect_of(finding)["net"] == {**dict.fromkeys(KEYS, 0), key: by}
    assert items_of(finding)[0]["difference"][key] == by


@pytest.mark.parametrize("station", STATIONS)
def test_every_sheet_that_is_gone_is_missed(station: str) -> None:
    finding = reconciled(rows(), [row for row in rows() if row["station"] != station])
    assert finding.verdict is Verdict.DOES_NOT_HOLD
    assert [(item["station"], item["change"]) for item in items_of(finding)] == [(station, "missing")]
    assert (effect_of(finding)["missing_sheets"], effect_of(finding)["changed_sheets"]) == (1, 0)


def test_a_figure_that_becomes_empty_is_a_change() -> None:
    finding = reconciled(rows(), spoiled(rows(), "105", blank=None))
    assert (effect_of(finding)["changed_sheets"], effect_of(finding)["net"]["blank"]) == (1, -4)


def test_a_figure_that_one_source_never_prints_is_not_compared() -> None:
    finding = reconciled(rows(), [{**row, "blank": None} for row in rows()])
    assert (finding.verdict, effect_of(finding)["not_compared"]) == (Verdict.HOLDS, ["blank"])


def test_a_sheet_annulled_in_the_later_state_leaves_the_totals() -> None:
    finding = reconciled(rows(), spoiled(rows(), "101", status="annulled"))
    assert (effect_of(finding)["missing_sheets"], effect_of(finding)["out_of_totals_sheets"]) == (1, 1)


def test_the_largest_change_comes_first() -> None:
    after = spoiled(spoiled(rows(), "104", **{"votes.A": 90}), "109", **{"votes.A": 300})
    assert [item["station"] for item in reconciled(rows(), after).items] == ["109", "104"]


def test_two_states_of_one_count_across_a_stop_are_compared() -> None:
    # States at 19, 20 and 21 h; the stop begins at 20 h. The sheet changes after it.
    findings = run_checks(inputs(rows(), [rows(), rows(), spoiled(rows(), "101", blank=9)]), ["reconciliation"])
    sides = [(effect_of(finding)["from"]["snapshot"][11:13], effect_of(finding)["to"]["count"]) for finding in findings]
    assert sides == [("20", "official"), ("21", "official"), ("20", "preliminary")]
    assert [effect_of(finding)["changed_sheets"] for finding in findings] == [0, 1, 1]


def test_nothing_is_said_of_one_state() -> None:
    finding = run_checks(inputs(rows()), ["reconciliation"])[0]
    assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)


cells = st.fixed_dictionaries({name: st.integers(0, 500) for name in FIGURES})
states = st.dictionaries(st.sampled_from(STATIONS), cells, min_size=1)


def state(figures: dict[str, dict[str, int]]) -> list[Row]:
    return [{**row, **figures[str(row["station"])]} for row in rows() if row["station"] in figures]


@pytest.mark.slow
@given(states, states)
def test_totals_and_lead_go_from_one_state_to_the_other(
    before: dict[str, dict[str, int]], after: dict[str, dict[str, int]]
) -> None:
    finding = reconciled(state(before), state(after))
    if not before.keys() & after.keys():
        assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0)
        return
    effect = effect_of(finding)
    for key, name in zip(KEYS, FIGURES, strict=True):
        change = sum(row[name] for row in after.values()) - sum(row[name] for row in before.values())
        assert effect["net"][key] + effect["added"][key] - effect["missing"][key] == change
    lead = effect["lead"]
    moves = lead["by_changed_sheets"] + lead["by_added_sheets"] + lead["by_missing_sheets"]
    assert lead["before"] + moves == lead["after"]
    assert effect["changed_sheets"] == sum(before[name] != after[name] for name in before.keys() & after.keys())


@pytest.mark.slow
@given(states, states)
def test_the_other_way_round_every_sign_turns(
    before: dict[str, dict[str, int]], after: dict[str, dict[str, int]]
) -> None:
    there, back = (
        effect_of(reconciled(*pair)) for pair in ((state(before), state(after)), (state(after), state(before)))
    )
    assert {key: -votes for key, votes in there["net"].items()} == back["net"]
    assert (there["added_sheets"], there["missing_sheets"]) == (back["missing_sheets"], back["added_sheets"])

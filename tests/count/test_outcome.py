"""Outcomes of every rule, on published real results, law texts and textbook examples named beside each."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.count.cases import contest_of, tally_of
from veedor.count import Decision, decide, decision_of, line_states, rule_text
from veedor.election import HighestAverages, LargestRemainder, Plurality, Quorum, Supermajority, Threshold, TwoRound


def two_round(majority: dict[str, str], alternative: dict[str, str] | None = None, lead: str | None = None) -> TwoRound:
    return TwoRound.model_validate(
        {
            "kind": "two_round",
            "majority": majority,
            "alternative": alternative,
            "lead": None if lead is None else {"at_least" if lead.startswith("10") else "more_than": lead},
        }
    )


# Bolivia, Constitution of 2009, article 166: more than half of valid votes, or at least 40 % and 10 % ahead.
BOLIVIA = two_round({"more_than": "50 %"}, {"at_least": "40 %"}, "10 points")
# Argentina, Constitution, articles 97 and 98: more than 45 %, or at least 40 % and more than 10 points ahead.
ARGENTINA = TwoRound(
    kind="two_round",
    majority=Threshold(more_than=Fraction(45, 100)),
    alternative=Threshold(at_least=Fraction(40, 100)),
    lead=Threshold(more_than=Fraction(10, 100)),
)
# Costa Rica, Constitution, article 138: a number of votes over 40 % of those validly cast.
COSTA_RICA = two_round({"more_than": "40 %"})
# Ecuador, Constitution, article 143: absolute majority, or at least 40 % and a difference of more than 10 points.
ECUADOR = TwoRound(
    kind="two_round",
    majority=Threshold(more_than=Fraction(1, 2)),
    alternative=Threshold(at_least=Fraction(40, 100)),
    lead=Threshold(more_than=Fraction(10, 100)),
)

# Hundredths of a per cent of valid votes as the authorities published them: first, second, third, the rest.
PUBLISHED = [
    ("Bolivia 2019, OEP, 25 Oct 2019", BOLIVIA, (4708, 3651, 878, 763), "elected"),
    ("Bolivia 2020, OEP", BOLIVIA, (5511, 2883, 1400, 206), "elected"),
    ("Argentina 2015, DINE, first round", ARGENTINA, (3708, 3415, 2139, 738), "runoff"),
    ("Argentina 2019, DINE: 48.24 to 40.28", ARGENTINA, (4824, 4028, 614, 534), "elected"),
    ("Argentina 2023, CNE: 36.78 to 29.99", ARGENTINA, (3678, 2999, 2381, 942), "runoff"),
    ("Costa Rica 2014, TSE: 30.64 to 29.71", COSTA_RICA, (3064, 2971, 1725, 2240), "runoff"),
    ("Costa Rica 2018, TSE: 24.99 to 21.63", COSTA_RICA, (2499, 2163, 1863, 3375), "runoff"),
    ("Costa Rica 2022, TSE: 27.28 to 16.78", COSTA_RICA, (2728, 1678, 1488, 4056), "runoff"),
    ("Ecuador 2017, CNE: 39.36 to 28.09", ECUADOR, (3936, 2809, 1632, 1623), "runoff"),
    ("Ecuador 2021, CNE: 32.72 to 19.74", ECUADOR, (3272, 1974, 1939, 3015), "runoff"),
    ("Ecuador 2023, CNE: 33.61 to 23.47", ECUADOR, (3361, 2347, 1668, 2624), "runoff"),
]


@pytest.mark.parametrize(("name", "rule", "votes", "result"), PUBLISHED, ids=[case[0] for case in PUBLISHED])
def test_published_first_rounds(name: str, rule: TwoRound, votes: tuple[int, int, int, int], result: str) -> None:
    first, second, third, rest = votes
    # The rest is spread over several small choices, as it was.
    small = {f"small{number}": rest // 6 for number in range(6)}
    outcome = decide(contest_of(rule, "A", "B", "C", *small), tally_of(A=first, B=second, C=third, **small))
    assert outcome.result == result
    assert outcome.choices == (("A",) if result == "elected" else ("A", "B"))
    assert outcome.reason.en != outcome.reason.es


@pytest.mark.parametrize(
    ("rule", "votes", "wanted"),
    [
        (BOLIVIA, (40, 30, 30), ("elected", ("A",))),  # at least 40 and at least 10: reaching is enough
        (BOLIVIA, (50, 45, 5), ("runoff", ("A", "B"))),  # "more than half": exactly half is not
        (BOLIVIA, (51, 49, 0), ("elected", ("A",))),
        (ARGENTINA, (45, 36, 19), ("runoff", ("A", "B"))),  # "más del 45": exactly 45 is not, 9 points are not
        (ARGENTINA, (40, 30, 30), ("tie", ("B", "C"))),  # "mayor de diez puntos": exactly 10 is not
        (ARGENTINA, (41, 30, 29), ("elected", ("A",))),
        (COSTA_RICA, (40, 35, 25), ("runoff", ("A", "B"))),
        (COSTA_RICA, (41, 41, 18), ("tie", ("A", "B"))),  # two over the line with equal votes
        (COSTA_RICA, (34, 33, 33), ("tie", ("B", "C"))),
        (COSTA_RICA, (30, 30, 30), ("tie", ("A", "B", "C"))),
        (COSTA_RICA, (35, 35, 30), ("runoff", ("A", "B"))),  # equal first two still meet
        (COSTA_RICA, (0, 0, 0), ("undecided", ())),
    ],
)
def test_lines_and_ties(rule: TwoRound, votes: tuple[int, ...], wanted: tuple[str, tuple[str, ...]]) -> None:
    outcome = decide(contest_of(rule, "A", "B", "C"), tally_of(**dict(zip("ABC", votes, strict=True))))
    assert (outcome.result, outcome.choices) == wanted


def test_a_tie_says_for_what() -> None:
    outcome = decide(contest_of(COSTA_RICA, "A", "B", "C"), tally_of(A=34, B=33, C=33))
    assert (outcome.tied_for, outcome.places, outcome.settled) == ("runoff", 1, ("A",))
    assert "tie for the second place" in outcome.reason.en
    assert "empatan por el segundo lugar" in outcome.reason.es


def test_of_ballots_cast_blank_votes_count() -> None:
    rule = TwoRound(kind="two_round", of="cast")
    assert decision_of(contest_of(rule, "A", "B"), tally_of(A=51, B=49)).result == "elected"
    assert decision_of(contest_of(rule, "A", "B"), tally_of(blank=1, null=1, A=51, B=49)).result == "runoff"


def test_bolivia_2019_lines_in_whole_votes() -> None:
    """The official figures: lead over the 10-point line 34,671.9 votes."""
    tally = tally_of(MAS=2_889_359, CC=2_240_920, PDC=539_081, others=468_311)
    contest = contest_of(BOLIVIA, "MAS", "CC", "PDC", "others")
    lines = {line.name: line for line in line_states(contest, tally)}
    assert lines["lead"].over_line == Fraction("34671.9")
    assert (lines["lead"].needed, lines["lead"].past) == (613_768, 34_671)
    reason = decide(contest, tally).reason
    assert "648,439" in reason.en
    assert "648.439" in reason.es


def test_plurality() -> None:
    one, two = (contest_of(Plurality(kind="plurality", seats=n), "A", "B", "C") for n in (1, 2))
    assert decide(one, tally_of(A=3, B=5, C=4)).choices == ("B",)
    assert decide(two, tally_of(A=3, B=5, C=4)).choices == ("B", "C")
    tie = decide(two, tally_of(A=4, B=5, C=4))
    assert (tie.result, tie.choices, tie.places, tie.settled) == ("tie", ("A", "C"), 1, ("B",))
    assert decide(one, tally_of(A=0, B=0, C=0)).result == "undecided"


def test_referendum_with_quorum() -> None:
    """Italy, Constitution, article 75: a majority of those entitled has voted, and a majority of valid votes is for it.

    The referendum of 12 June 2022 on the first question: 20.95 % voted, 53.97 % of valid votes for it: not valid.
    """
    quorum = Quorum(more_than=Fraction(1, 2), counts="cast")
    contest = contest_of(Supermajority(kind="supermajority", proposal="yes", quorum=quorum), "yes", "no")
    failed = decide(contest, tally_of(registered=10_000, blank=100, yes=1_077, no=918))
    assert failed.choices == ("no",)
    assert "quorum is not met" in failed.reason.en
    assert decide(contest, tally_of(registered=10_000, blank=101, yes=3_000, no=1_900)).choices == ("yes",)
    assert decide(contest, tally_of(registered=10_000, blank=100, yes=3_000, no=1_900)).choices == ("no",)
    assert decide(contest, tally_of(yes=3, no=1)).result == "undecided"


def test_two_thirds_is_exact() -> None:
    line = Threshold(at_least=Fraction(2, 3))
    contest = contest_of(Supermajority(kind="supermajority", proposal="yes", line=line), "yes", "no")
    assert decide(contest, tally_of(yes=2 * 10**17, no=10**17)).choices == ("yes",)
    assert decide(contest, tally_of(yes=2 * 10**17 - 1, no=10**17 + 1)).choices == ("no",)


SEATS = [
    # Wikipedia, "D'Hondt method", worked example: 230,000 votes, 8 seats.
    ("highest_averages", {"divisors": "dhondt"}, 8, (100_000, 80_000, 30_000, 20_000), (4, 3, 1, 0)),
    # Wikipedia, "Sainte-Laguë method", the same votes: 3, 3, 1, 1.
    ("highest_averages", {"divisors": "sainte_lague"}, 8, (100_000, 80_000, 30_000, 20_000), (3, 3, 1, 1)),
    # Wikipedia, "Largest remainders method": 100,000 votes, 10 seats, Hare quota 10,000: 5, 2, 1, 1, 1, 0 ...
    (
        "largest_remainder",
        {"quota": "hare"},
        10,
        (47_000, 16_000, 15_800, 12_000, 6_100, 3_100),
        (5, 2, 1, 1, 1, 0),
    ),
    # ... and Droop quota 9,091: 5, 2, 2, 1, 0, 0.
    (
        "largest_remainder",
        {"quota": "droop"},
        10,
        (47_000, 16_000, 15_800, 12_000, 6_100, 3_100),
        (5, 2, 2, 1, 0, 0),
    ),
]


@pytest.mark.parametrize(("kind", "more", "seats", "votes", "wanted"), SEATS)
def test_textbook_seats(
    kind: str, more: dict[str, str], seats: int, votes: tuple[int, ...], wanted: tuple[int, ...]
) -> None:
    model = HighestAverages if kind == "highest_averages" else LargestRemainder
    ids = "ABCDEF"[: len(votes)]
    contest = contest_of(model.model_validate({"kind": kind, "seats": seats, **more}), *ids)
    outcome = decide(contest, tally_of(**dict(zip(ids, votes, strict=True))))
    assert outcome.seats == dict(zip(ids, wanted, strict=True))
    assert outcome.result == "elected"


def test_threshold_and_tie_for_the_last_seat() -> None:
    rule = HighestAverages(kind="highest_averages", seats=3, threshold=Threshold(at_least=Fraction(1, 10)))
    outcome = decide(contest_of(rule, "A", "B", "C"), tally_of(A=60, B=30, C=10))
    # A 60, 30, 20; B 30; C 10: seats to A, then A and B.
    assert outcome.seats == {"A": 2, "B": 1, "C": 0}
    tie = decide(contest_of(rule, "A", "B", "C"), tally_of(A=60, B=20, C=20))
    assert (tie.result, tie.seats, tie.places) == ("tie", {"A": 2, "B": 0, "C": 0}, 1)
    assert set(tie.choices) == {"A", "B", "C"}
    none = HighestAverages(kind="highest_averages", seats=3, threshold=Threshold(more_than=Fraction(1, 2)))
    assert decide(contest_of(none, "A", "B"), tally_of(A=5, B=5)).result == "undecided"


RULES = [
    BOLIVIA,
    COSTA_RICA,
    Plurality(kind="plurality", seats=2),
    HighestAverages(kind="highest_averages", seats=5),
    LargestRemainder(kind="largest_remainder", seats=5),
]


@pytest.mark.slow
@given(rule=st.sampled_from(RULES), votes=st.lists(st.integers(0, 40), min_size=4, max_size=4), data=st.data())
def test_swapping_two_choices_swaps_the_outcome(
    rule: TwoRound | Plurality | HighestAverages | LargestRemainder, votes: list[int], data: st.DataObject
) -> None:
    a, b = data.draw(st.sampled_from([("A", "B"), ("A", "D"), ("B", "C")]))
    names = {"A": "A", "B": "B", "C": "C", "D": "D", a: b, b: a}
    contest = contest_of(rule, *"ABCD")
    before = decision_of(contest, tally_of(**dict(zip("ABCD", votes, strict=True))))
    after = decision_of(contest, tally_of(**{c: votes["ABCD".index(names[c])] for c in "ABCD"}))
    swapped = Decision(
        result=before.result,
        choices=tuple(names[c] for c in before.choices),
        seats=None if before.seats is None else {names[c]: n for c, n in before.seats.items()},
        tied_for=before.tied_for,
        places=before.places,
        settled=tuple(names[c] for c in before.settled),
    )
    assert after.key == swapped.key


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_words_in_both_languages(
    rule: TwoRound | Plurality | HighestAverages | LargestRemainder,
) -> None:
    text = rule_text(contest_of(rule, "A", "B"))
    assert text.en
    assert text.es
    assert text.en != text.es

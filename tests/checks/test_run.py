import json
import re
import shlex

import pytest

from tests.checks.world import CONTEST, ELECTION, EVENING, inputs, rows, spoiled
from veedor.checks import CHECKS, findings_as_json, known_check, run_checks, side_named
from veedor.checks.inputs import sides_named
from veedor.checks.texts import TEXTS as SAID
from veedor.checks.wording import chance
from veedor.errors import VeedorError
from veedor.finding import TEXTS, Finding, Text, Verdict, finding_as_json
from veedor.wording import moment, number, signed

ISSUE_KEYS = {"check", "verdict", "looked_at", "found", "effect", "uncertainty", "cannot_show", "command", "items"}


def everything() -> list[Finding]:
    """Findings of every check, on sheets in order and on spoiled ones."""
    spoilt = spoiled(spoiled(rows(), "101", **{"votes.A": 999}), "102", **{"votes.A": 0, "votes.B": 0, "votes.C": 0})
    clean = run_checks(inputs(rows(), [rows()[:9], rows()]))
    return clean + run_checks(inputs(spoilt[:-1], [rows()[1:], rows()[2:]])) + run_checks(inputs([]))


def test_all_checks_run_in_the_order_of_the_registry() -> None:
    names = [finding.check for finding in run_checks(inputs(rows(), [rows()]))]
    assert list(dict.fromkeys(names)) == list(CHECKS)


def test_only_the_checks_named_run() -> None:
    names = {finding.check for finding in run_checks(inputs(rows()), ["revisions", "sums"])}
    assert names == {"sums", "revisions"}


@pytest.mark.parametrize(
    ("asked", "near"), [("sum", "sums"), ("zero-vote", "zero_votes"), ("Reconcilation", "reconciliation")]
)
def test_an_unknown_name_is_refused_with_the_nearest(asked: str, near: str) -> None:
    with pytest.raises(VeedorError, match=f"did you mean '{near}'"):
        known_check(asked)


def test_a_name_like_no_other_is_refused_with_all() -> None:
    with pytest.raises(VeedorError, match="known: sums, ballots_over_registered"):
        run_checks(inputs(rows()), ["xyz"])


@pytest.mark.slow
def test_the_document_is_json_with_the_keys_that_other_programs_rely_on() -> None:
    document = findings_as_json(ELECTION, CONTEST, everything())
    again = json.loads(json.dumps(document, allow_nan=False))
    assert again == document
    assert (again["election"], again["contest"]) == ("invented", "mayor")
    for finding in again["findings"]:
        assert finding.keys() >= ISSUE_KEYS
        assert {"stations", "votes"} <= finding["effect"].keys()
        assert finding["items_total"] >= len(finding["items"])


@pytest.mark.slow
def test_every_sentence_is_there_in_both_languages() -> None:
    for finding in everything():
        for name in TEXTS:
            text = getattr(finding, name)
            if name == "uncertainty" and text is None:
                continue
            assert text.en, (finding.check, name)
            assert text.es, (finding.check, name)
            assert text.en != text.es, (finding.check, name, text.en)


@pytest.mark.slow
def test_no_sentence_says_why_or_accuses() -> None:
    forbidden = re.compile(r"fraud|fraude|irregular|manipul|suspicio|sospech", re.IGNORECASE)
    for finding in everything():
        assert not forbidden.search(json.dumps(finding_as_json(finding), ensure_ascii=False)), finding.check


def test_nothing_holds_where_nothing_was_looked_at() -> None:
    for finding in run_checks(inputs([])):
        if finding.check != "impossible_times":
            assert (finding.verdict, finding.looked_at) == (Verdict.UNDECIDED, 0), finding.check


@pytest.mark.slow
def test_every_command_gives_its_finding_again() -> None:
    given = inputs(rows(), [rows()[:9], rows()[1:], spoiled(rows(), "103", blank=0)])
    for finding in run_checks(given):
        words = shlex.split(str(finding.command))
        assert words[:3] == ["veedor", "check", "invented"]
        options = dict(zip(words[4::2], words[5::2], strict=True))
        start, end = sides_named(given, options.get("--from"), options.get("--to"))
        same = type(given)(dataset=given.dataset, start=start, end=end, items=None)
        assert finding_as_json(finding) in [finding_as_json(again) for again in run_checks(same, [words[3]])]


def test_items_are_cut_at_a_hundred_unless_told() -> None:
    made = [{**row, "registered": 1} for row in rows(places=50, stations=4)]
    from dataclasses import replace

    from veedor.checks import ITEMS_SHOWN

    everything_listed = inputs(made)
    cut = replace(everything_listed, items=ITEMS_SHOWN)
    names = ["ballots_over_registered"]
    assert len(run_checks(everything_listed, names)[0].items) == 200
    finding = run_checks(cut, names)[0]
    assert (len(finding.items), finding.items_total) == (100, 200)


def test_a_side_is_named_by_count_and_time() -> None:
    series = inputs(rows(), [rows(), rows()]).series
    assert side_named("official", series).label == "official"
    assert side_named("preliminary@2024-05-12T19:00:00", series).when == EVENING
    # The same moment, given in universal time.
    assert side_named("preliminary@2024-05-12T23:00:00+00:00", series).when == EVENING


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("oficial", "no count 'oficial' with data; known: preliminary, official"),
        ("preliminary@yesterday", "wanted a time such as preliminary@2024-05-12T20:00:00"),
        ("preliminary@2024-05-12T19:00:01", "nearest: 2024-05-12T19:00:00, 2024-05-12T20:00:00"),
    ],
)
def test_a_side_that_is_not_there_is_refused_with_what_is(text: str, message: str) -> None:
    with pytest.raises(VeedorError, match=re.escape(message)):
        side_named(text, inputs(rows(), [rows(), rows()]).series)


def test_two_sides_are_needed() -> None:
    given = inputs(rows(), [rows()])
    with pytest.raises(VeedorError, match="--to needs --from"):
        sides_named(given, None, "official")
    with pytest.raises(VeedorError, match="the same state"):
        sides_named(given, "official", "official")
    start, end = sides_named(given, "preliminary", None)
    assert (start and start.count, end and end.count) == ("preliminary", "official")


def test_numbers_and_times_are_written_as_each_language_does() -> None:
    assert number(6137671) == Text("6,137,671", "6.137.671")
    assert signed(-1065) == Text("−1,065", "−1.065")
    assert signed(0) == Text("0", "0")
    assert SAID.plural("amount.stations", 1) == Text("1 polling station", "1 mesa")
    assert chance(0.00123456) == Text("0.00123", "0,00123")
    assert moment(EVENING, ELECTION.zone) == Text("12 May 2024, 19:00", "12 may 2024, 19:00")

"""The release rule: each condition alone makes a sentence undecided."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.quickcount.small import DEFINITION, REPORTS, write
from veedor.cli import application
from veedor.errors import VeedorError

RULE = '[release]\nreceived = 50\ntakes = 2\nreports = 2\n[[release.leads]]\nfirst = "x"\nsecond = "y"\n'
CLEAR = "\n".join(
    line if at == 0 else f"{line.split(',')[0]},{50 + at % 2},{10},0,{60 + at % 2},{line.split(',')[5]}"
    for at, line in enumerate(REPORTS.splitlines())
)
"""Every station has 50 or 51 for x and 10 for y."""


def released(folder: Path, *options: str) -> Any:
    ran = CliRunner().invoke(application("quickcount"), ["quickcount", "release", str(folder), "--json", *options])
    assert ran.exit_code == 0, ran.exception
    return json.loads(ran.stdout)


def sentence(folder: Path, *options: str) -> tuple[str, str]:
    (found,) = released(folder, *options)["sentences"]
    return found["verdict"], " ".join(reason["en"] for reason in found["reasons"])


def test_a_clear_lead_holds_and_its_reverse_does_not(tmp_path: Path) -> None:
    assert sentence(write(tmp_path, definition=DEFINITION + RULE, reports=CLEAR)) == ("holds", "")
    reverse = RULE.replace('"x"', '"z"').replace('"y"', '"x"').replace('"z"', '"y"')
    assert sentence(write(tmp_path, definition=DEFINITION + reverse, reports=CLEAR)) == ("does_not_hold", "")


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (
            "received = 50",
            "received = 95",
            "90.0% of the sample has reported; the rule wants 95%. "
            "In 1 group less than 95% of the sample has reported: south.",
        ),
        ("received = 50", "received = 84", "In 1 group less than 84% of the sample has reported: south."),
        ("takes = 2", "takes = 5", "There are not yet 5 takes, 2 reports apart."),
    ],
)
def test_each_condition_makes_it_undecided(tmp_path: Path, old: str, new: str, why: str) -> None:
    folder = write(tmp_path, definition=DEFINITION + RULE.replace(old, new), reports=CLEAR)
    assert sentence(folder) == ("undecided", why)


def test_without_times_takes_cannot_be_compared(tmp_path: Path) -> None:
    definition = DEFINITION.replace('time = "time"\n', "")
    verdict, why = sentence(write(tmp_path, definition=definition + RULE, reports=CLEAR))
    assert verdict == "undecided"
    assert why.startswith("The times of the reports are not known")
    one = RULE.replace("takes = 2", "takes = 1")
    assert sentence(write(tmp_path, definition=definition + one, reports=CLEAR)) == ("holds", "")


def test_a_difference_on_either_side_of_zero_is_undecided(tmp_path: Path) -> None:
    verdict, why = sentence(write(tmp_path, definition=DEFINITION + RULE))
    assert (verdict, why) == (
        "undecided",
        "The difference may be on either side of zero, with sampling error and late shift.",
    )


def test_takes_are_the_night_as_it_was(tmp_path: Path) -> None:
    """Of nine reports the last two came at 21:10 and 21:20: two fewer is the night up to 21:00."""
    folder = write(tmp_path, definition=DEFINITION + RULE, reports=CLEAR)
    takes = released(folder)["sentences"][0]["takes"]
    earlier = released(folder, "--until", "2021-06-06T21:00:00")["sentences"][0]["takes"]
    assert [take["received"] for take in takes] == [9, 7]
    assert takes[1] == earlier[0]


def test_the_rule_has_a_hash_and_must_be_there(tmp_path: Path) -> None:
    first = released(write(tmp_path, definition=DEFINITION + RULE))["rule"]
    other = released(write(tmp_path, definition=DEFINITION + RULE.replace("takes = 2", "takes = 3")))["rule"]
    assert first != other
    for definition, said in (
        (DEFINITION, "has no [release]"),
        (DEFINITION + RULE.replace('"y"', '"x"'), "two choices"),
    ):
        write(tmp_path, definition=definition)
        ran = CliRunner().invoke(application("quickcount"), ["quickcount", "release", str(tmp_path)])
        assert isinstance(ran.exception, VeedorError)
        assert said in str(ran.exception)

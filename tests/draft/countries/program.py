"""The program as a person calls it, but in this process: starting Python each time would be slow."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.draft.countries.ballots import Truth
from veedor.cli import main


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command gave back."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one JSON document."""
        return json.loads(self.out)


class Program:
    """`veedor`, its output caught."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *arguments: object) -> Answer:
        """Run one command."""
        self._capsys.readouterr()
        self._monkeypatch.setattr(sys, "argv", ["veedor", *map(str, arguments)])
        status = 0
        try:
            main()
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1
        caught = self._capsys.readouterr()
        return Answer(status=status, out=caught.out, err=caught.err)

    def count(self, folder: Path, *options: object) -> Any:
        """The JSON of a count that must succeed."""
        answer = self("count", folder, "--json", *options)
        assert answer.status == 0, answer.err
        return answer.json


def assert_totals(count: Any, truth: Truth, choices: tuple[str, ...]) -> None:
    """The JSON of a count says what the sheets add up to, and its parts have their documented types."""
    found = {choice["id"]: choice["votes"] for choice in count["choices"]}
    assert found == dict(zip(choices, truth.votes, strict=True))
    assert {key: count[key] for key in ("registered", "cast", "valid", "blank", "null")} == {
        "registered": truth.registered,
        "cast": truth.cast,
        "valid": truth.valid,
        "blank": truth.blank,
        "null": truth.null,
    }
    assert count["sheets"]["counted"] == truth.sheets
    assert [choice["votes"] for choice in count["choices"]] == sorted(truth.votes, reverse=True)
    for choice in count["choices"]:
        assert choice["share_of_valid"] == pytest.approx(choice["votes"] / truth.valid, abs=1e-6)
    outcome = count["outcome"]
    assert outcome["result"] in ("elected", "runoff", "tie", "undecided")
    for distance in outcome["distances"]:
        assert set(distance["to"]) >= {"result", "choices"}
        assert distance["how"] in ("move", "remove", "add")
        assert distance["votes"] is None or type(distance["votes"]) is int
        assert type(distance["binds"]) is str or distance["votes"] is None
    assert set(count["open"]) >= {"sheets", "registered", "outcome_can_change", "lead_needed"}

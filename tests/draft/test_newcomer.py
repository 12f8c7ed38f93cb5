"""A newcomer's run on the real files that take seconds: right, asked or refused, and never other totals in silence."""

from pathlib import Path

import pytest

from tests.draft.newcomer import RUNS, tried

QUICK = {"cordoba": "right", "guanajuato 2012": "asked", "venezuela V1": "refused"}
"""The others take longer or are in tests/draft/test_draft.py: `python -m tests.draft.newcomer` runs them all."""


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_a_newcomer_is_given_no_other_totals_in_silence(shared: Path, tmp_path: Path, name: str) -> None:
    ended = tried(RUNS[name], shared / "data", tmp_path)
    assert ended.how == QUICK[name], ended

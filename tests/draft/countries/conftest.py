"""The program, ready to be called."""

import pytest

from tests.draft.countries.program import Program


@pytest.fixture
def veedor(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Program:
    """`veedor` with its output caught."""
    return Program(monkeypatch, capsys)

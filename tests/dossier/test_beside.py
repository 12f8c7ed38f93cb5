"""A room in a process of its own gives what it gives here, and says what is wrong as it would here."""

from dataclasses import replace
from pathlib import Path

import pytest

from veedor.dossier import beside, rooms
from veedor.dossier.beside import derive_beside
from veedor.dossier.interruption_room import interruption_document
from veedor.dossier.opened import Opened
from veedor.errors import VeedorError
from veedor.finding import Json


def fails(opened: Opened) -> Json:
    """A room that cannot run."""
    raise VeedorError(f"{opened.name} has no stop to study")


def dies(opened: Opened) -> Json:
    """A room whose own process ends without an answer."""
    if not hasattr(dies, "here"):
        raise SystemExit(3)
    return {"derived": "here"}


@pytest.mark.parametrize("derive", [rooms.check_document, interruption_document])
def test_the_document_is_the_same_from_another_process(opened: Opened, derive: beside.Derive) -> None:
    assert derive_beside(derive, opened) == derive(opened)


def test_what_is_wrong_is_told_as_it_is_here(opened: Opened) -> None:
    with pytest.raises(VeedorError, match="simulated has no stop to study"):
        derive_beside(fails, opened)


def test_files_that_changed_meanwhile_are_told(opened: Opened) -> None:
    with pytest.raises(VeedorError, match="changed while they were read"):
        derive_beside(rooms.check_document, replace(opened, raw=opened.raw[1:]))


def test_without_an_answer_the_room_runs_here(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dies, "here", True, raising=False)
    assert derive_beside(dies, opened) == {"derived": "here"}
    monkeypatch.setattr("veedor.dossier.beside.sys.executable", str(Path("/nowhere/python")))
    assert derive_beside(rooms.map_document, opened) == rooms.map_document(opened)


def test_a_process_is_worth_it_for_many_sheets_and_two_processors(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert not beside.worth_it(opened)
    monkeypatch.setattr(beside, "MANY", 300)
    assert beside.worth_it(opened)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0}, raising=False)
    assert not beside.worth_it(opened)

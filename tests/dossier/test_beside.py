"""A room in a process of its own gives what it gives here, and says what is wrong as it would here."""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from veedor.document import Json
from veedor.dossier.derive import results, worker, worker_process
from veedor.dossier.derive.interruption import interruption_document
from veedor.dossier.derive.mixture import with_mixture
from veedor.dossier.derive.worker import helped
from veedor.dossier.input import Opened
from veedor.dossier.pages.forensics.page import forensics_document
from veedor.errors import VeedorError

pytestmark = pytest.mark.slow

Derive = Callable[[Opened], Json]


@pytest.fixture(autouse=True)
def _is_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MANY", 300)
    monkeypatch.setattr(worker, "processors", lambda: 2)


def derived_beside(derive: Derive, opened: Opened) -> Json:
    """The document from a process beside this one."""
    with helped(opened) as shared:
        assert shared.aside is not None
        return shared.aside.submit(derive, shared).result()


@pytest.mark.parametrize("derive", [results.check_document, interruption_document])
def test_the_document_is_the_same_from_another_process(opened: Opened, derive: Derive) -> None:
    assert derived_beside(derive, opened) == derive(opened)


def test_clean_elections_are_shared_between_the_processes(opened: Opened) -> None:
    with helped(opened) as shared:
        assert shared.aside is not None
        first = shared.aside.submit(results.map_document, shared)
        assert forensics_document(shared) == forensics_document(opened)
        assert first.result() == results.map_document(opened)


def test_what_is_wrong_is_told_as_it_is_here(opened: Opened) -> None:
    with helped(opened) as shared:
        assert shared.aside is not None
        with pytest.raises(VeedorError, match=r"mixture\.json.*column election: found .*, wanted Field required"):
            shared.aside.submit(with_mixture, shared, b"{}", "mixture.json").result()


def test_files_that_changed_meanwhile_are_told(opened: Opened) -> None:
    with pytest.raises(VeedorError, match="changed while they were read"):
        derived_beside(results.check_document, replace(opened, raw=opened.raw[1:]))


def test_without_an_answer_it_runs_here(opened: Opened) -> None:
    with helped(opened) as shared:
        assert shared.aside is not None
        with pytest.raises(SystemExit):  # of this process: the other one is gone by then
            shared.aside.submit(sys.exit, 3).result()
        assert shared.aside.submit(results.map_document, shared).result() == results.map_document(opened)


def test_without_a_program_nothing_is_beside(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", str(Path("/nowhere/python")))
    with helped(opened) as shared:
        assert shared is opened


def test_a_program_started_for_nothing_ends(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "processors", lambda: 2)
    with worker_process.started_for(tmp_path) as none:
        assert none is None
    (tmp_path / "sheets.csv").write_bytes(bytes(worker_process.LARGE))
    monkeypatch.setattr(worker, "MANY", 10_000)
    with worker_process.started_for(tmp_path) as started, helped(opened, started) as shared:
        assert shared is opened
        assert started is not None
        assert started.poll() is not None


def test_a_process_is_worth_it_for_many_sheets_and_two_processors(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "processors", worker_process.processors)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1}, raising=False)
    assert worker.worth_it(opened)
    monkeypatch.setattr(worker, "MANY", 10_000)
    assert not worker.worth_it(opened)
    monkeypatch.setattr(worker, "MANY", 300)
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0}, raising=False)
    assert not worker.worth_it(opened)

"""The one-page summary as a PDF: one page, its text can be read, both languages; and no Chromium is said so."""

import io
import shutil
from pathlib import Path

import pytest

from tests.conftest import CHROMIUM
from veedor.count import tally
from veedor.dossier.input import Opened
from veedor.dossier.show import pdf
from veedor.dossier.show.language import ENGLISH, SPANISH
from veedor.errors import VeedorError


@pytest.fixture(scope="module")
def printed(dossier: Path) -> list[Path]:
    if not CHROMIUM.is_file():
        pytest.skip(f"needs Chromium at {CHROMIUM}, which is not there")
    return pdf.print_summaries(dossier)


def text_of(path: Path) -> str:
    pypdf = pytest.importorskip("pypdf")
    pages = pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages
    assert len(pages) == 1, path
    return " ".join(str(pages[0].extract_text()).replace("\u00a0", " ").split())


@pytest.mark.browser
def test_each_language_is_one_page_with_its_figures_as_text(printed: list[Path], opened: Opened) -> None:
    total = tally(opened.table(opened.count.id), opened.contest)
    first = total.ranking[0]
    assert [path.name[-6:] for path in printed] == [f"{code}.pdf" for code in ("en", "es")]
    for path, lang in zip(printed, (ENGLISH, SPANISH), strict=True):
        text = text_of(path)
        assert lang.number(total.votes[first]) in text
        assert lang.percent(total.votes[first] / total.valid).replace("\u00a0", " ") in text
        assert "SHA-256" in text


@pytest.mark.browser
def test_it_lies_beside_the_dossier_so_that_verify_stays_the_same(printed: list[Path], dossier: Path) -> None:
    assert {path.parent for path in printed} == {dossier.resolve().parent}
    assert not list(dossier.rglob("*.pdf"))


def test_without_chromium_the_remedy_is_said(dossier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(VeedorError, match=r"--pdf needs one of chromium.*the dossier itself is written"):
        pdf.print_summaries(dossier)


def test_a_chromium_that_fails_is_named(dossier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda name: str(broken))
    with pytest.raises(VeedorError, match="could not print"):
        pdf.print_summaries(dossier)

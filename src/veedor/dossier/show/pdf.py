"""The one-page summaries printed by Chromium, beside the dossier: a PDF's bytes differ each time it is made."""

import os
import shutil
import tempfile
from pathlib import Path

from veedor.errors import VeedorError
from veedor.languages import codes
from veedor.rim.process import program_named, run

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SECONDS = 120


def print_summaries(folder: Path) -> list[Path]:
    """FOLDER-en.pdf, FOLDER-es.pdf, ... beside the dossier. Raises VeedorError where there is no Chromium."""
    program = program_named(*PROGRAMS)
    if program is None:
        raise VeedorError(f"--pdf needs one of {', '.join(PROGRAMS)}; the dossier itself is written in {folder}")
    written = []
    for code in codes():
        out = folder.resolve().with_name(f"{folder.resolve().name}-{code}.pdf")
        _print(program, (folder / code / "summary.html").resolve(), out)
        written.append(out)
    return written


def _print(program: str, page: Path, out: Path) -> None:
    # Chromium has no sandbox for root; the page is our own and runs nothing from elsewhere.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="veedor-pdf-") as profile:
        made = Path(profile) / "page.pdf"
        words = ["--headless", "--disable-gpu", *root, f"--user-data-dir={profile}", "--no-pdf-header-footer"]
        try:
            ended = run([program, *words, f"--print-to-pdf={made}", page.as_uri()], seconds=SECONDS)
            if ended.status != 0:
                raise VeedorError(f"it ended with status {ended.status}: {ended.said.strip()[-300:] or 'nothing said'}")
            shutil.move(made, out)
        except (VeedorError, OSError) as problem:
            raise VeedorError(f"{program} could not print {page}: {problem}") from problem

"""The one-page summaries printed by Chromium, beside the dossier: a PDF's bytes differ each time it is made."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from veedor.dossier.texts import LANGUAGES
from veedor.errors import VeedorError

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
SECONDS = 120


def print_summaries(folder: Path) -> list[Path]:
    """FOLDER-en.pdf and FOLDER-es.pdf beside the dossier. Raises VeedorError where there is no Chromium."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise VeedorError(f"--pdf needs one of {', '.join(PROGRAMS)}; the dossier itself is written in {folder}")
    written = []
    for code in LANGUAGES:
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
            subprocess.run(
                [program, *words, f"--print-to-pdf={made}", page.as_uri()],
                check=True,
                capture_output=True,
                timeout=SECONDS,
            )
            shutil.move(made, out)
        except (OSError, subprocess.SubprocessError) as problem:
            raise VeedorError(f"{program} could not print {page}: {problem}") from problem

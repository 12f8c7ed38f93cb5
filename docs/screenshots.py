"""Pictures of every page of a dossier, as a reader sees them: `make screenshots`.

    python docs/screenshots.py                      the demo, with a record: docs/screenshots/
    python docs/screenshots.py DOSSIER --out DIR    any dossier, every page in both languages and both widths

Without DOSSIER it makes the demo (its places, parties and votes are invented) in a temporary folder, and takes each
page in English at a computer's width and in Spanish at a phone's. Needs Chromium, and what `make setup` installs.
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = {1280: 1700, 375: 1500}
"""Width of the window, and the most of a page's height that a picture shows."""
COLORS = 48
PAIRS = (("en", 1280), ("es", 375))
ALL = tuple((code, width) for code in ("en", "es") for width in WIDTHS)
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def make_demo(folder: Path) -> Path:
    """The demo's dossier, with a record of its sheets made afterwards."""
    veedor = [sys.executable, "-m", "veedor"]
    environment = {**os.environ, "VEEDOR_RECORD_PASSPHRASE": "a demo has no secrets"}

    def run(*words: str) -> str:
        command = [*veedor, *words]
        return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout

    run("demo", "--out", ".")
    (folder / "log.vkey").write_text(run("record", "key", "log.key", "--name", "demo.example/log"))
    run("record", "init", "log", "--origin", "demo.example/log", "--key", "log.key")
    run("record", "append", "election", "--log", "log", "--key", "log.key")
    run("report", "election", "--data", "election", "--record", "log", "--out", "dossier")
    return folder / "dossier"


def pages_of(dossier: Path) -> list[str]:
    """Names of the pages, in the order of the folder."""
    return sorted(path.stem for path in (dossier / "en").glob("*.html"))


def address(dossier: Path, code: str, name: str) -> str:
    """Where a page is; a station's page needs a station."""
    uri = (dossier / code / f"{name}.html").resolve().as_uri()
    if name != "station":
        return uri
    table = next((dossier / "tables").glob("sheets-*.csv"))
    header, first = table.read_text(encoding="utf-8").splitlines()[:2]
    return f"{uri}?id={first.split(',')[header.split(',').index('station')]}"


def shots(dossier: Path, browser: Browser, pairs: tuple[tuple[str, int], ...]) -> Iterator[tuple[str, bytes]]:
    """Name and PNG of each picture."""
    for code, width in pairs:
        page = browser.new_page(viewport={"width": width, "height": 900}, locale=code)
        for name in pages_of(dossier):
            page.goto(address(dossier, code, name))
            page.wait_for_function("!document.querySelector('.loading')")
            page.wait_for_timeout(300)
            height = min(WIDTHS[width], page.evaluate("document.documentElement.scrollHeight"))
            picture = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": width, "height": height})
            yield f"{name}-{code}-{width}.png", small(picture)
        page.close()


def small(picture: bytes) -> bytes:
    """The picture with a palette of a few colours."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLORS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("dossier", nargs="?", type=Path, help="folder that `veedor report` wrote; the demo without it")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/screenshots", help="folder for the pictures")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        dossier = given.dossier or make_demo(Path(temporary))
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        total = 0
        for name, picture in shots(dossier, browser, ALL if given.dossier else PAIRS):
            (given.out / name).write_bytes(picture)
            total += len(picture)
            print(f"{name} {len(picture):,} bytes")
        browser.close()
    print(f"{total:,} bytes in {given.out}")


if __name__ == "__main__":
    main()

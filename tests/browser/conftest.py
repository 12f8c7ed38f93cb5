"""What the browser tests of the dossier share; Chromium itself comes from the folder above."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.dossier.conftest import dossier, hostile, hostile_dossier, hostile_opened, opened, simulated

__all__ = ["dossier", "hostile", "hostile_dossier", "hostile_opened", "opened", "simulated"]


class Watched:
    """A page whose complaints and requests are kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.outside: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("file://", "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, folder: Path, address: str) -> Page:
        """Open a page of a dossier and wait for its figures."""
        self.page.goto((folder / address.split("#")[0].split("?")[0]).as_uri() + _tail(address))
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until no figure is being loaded any more."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_function("!document.querySelector('.loading')")
        self.page.wait_for_timeout(60)


def _tail(address: str) -> str:
    for mark in ("?", "#"):
        if mark in address:
            return address[address.index(mark) :]
    return ""


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A page of 1280 by 900 in a context of its own: no storage from another test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield Watched(context.new_page())
    context.close()

"""What the browser tests of the dossier share; Chromium itself comes from the folder above."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request
from typer.testing import CliRunner

from tests.dossier.conftest import dossier, hostile, hostile_dossier, hostile_opened, opened, simulated
from tests.dossier.test_audit_page import audit
from tests.record.world import LOG_KEY, ORIGIN
from veedor.cli import application
from veedor.cli.report import make_dossier
from veedor.dossier.input import Opened
from veedor.record.keys import format_private_key

__all__ = ["audit", "dossier", "hostile", "hostile_dossier", "hostile_opened", "opened", "simulated"]


CLAIMS = """
[[claims]]
id = "{kind}"
who = {{ name = "Ana", office = {{ en = "candidate", es = "candidata" }}, side = {{ en = "List A", es = "Lista A" }} }}
when = 2031-05-19T08:00:00
precision = "hour"
words = {{ en = "So it is.", es = "Así es." }}
quoted = true
source = {{ title = "Paper", publisher = "Press", date = 2031-05-19, url = "https://example.org/" }}
kind = "{kind}"
contradicts = ["{other}"]
not_shown = {{ en = "Why.", es = "Por qué." }}
{more}
"""
EVENT = """
[[events]]
id = "clash"
kind = "clash"
name = { en = "Clash outside the electoral office of the region", es = "Choque ante la oficina electoral regional" }

[[events.accounts]]
source = { title = "Paper", date = 2031-05-21 }
start = 2031-05-20
places = [{ name = { en = "Here", es = "Aquí" }, path = { region = "REGION" } }]
actors = [{ en = "Officers", es = "Policías" }]
numbers = [{ what = { en = "injured", es = "heridos" }, at_least = 3, at_most = 5 }]
words = { en = "As told.", es = "Según se contó." }

[[events.accounts]]
source = { title = "Police" }
start = 2031-05-19T02:00:00
precision = "hour"
numbers = [{ what = { en = "injured", es = "heridos" }, value = 1 }]
corrects = 1

[[events]]
id = "undated"
kind = "other"
name = { en = "Something", es = "Algo" }

[[events.accounts]]
source = { title = "Paper" }
precision = "unknown"
"""
CONDITION = """
[[claims.conditions]]
room = "{room}"
finding = "{finding}"
field = "verdict"
is = "holds"
"""
NEEDS = 'needs = { data = { en = "The ballots.", es = "Las papeletas." }, holder = { en = "Them", es = "Ellos" } }'


def claims_of_every_kind(region: str) -> str:
    """A claim of each kind, bound to each room, and events told in each way."""
    rooms = {
        "checks": "ballots_over_registered",
        "interruption": "jump_at_stop",
        "forensics": "repeated_rows",
        "audit": "audit_consent",
        "record": "record_log",
    }
    conditions = "".join(CONDITION.format(room=room, finding=finding) for room, finding in rooms.items())
    kinds = {
        "testable": conditions,
        "needs_data": NEEDS,
        "procedural": NEEDS + CONDITION.format(room="audit", finding="audit_order"),
        "not_testable": "",
    }
    others = dict(zip(kinds, [*list(kinds)[1:], "testable"], strict=True))
    said = [CLAIMS.format(kind=kind, other=others[kind], more=more) for kind, more in kinds.items()]
    return "".join(said) + EVENT.replace("REGION", region)


@pytest.fixture(scope="session")
def full(simulated: Path, opened: Opened, audit: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated election's dossier with everything that a dossier can have: claims, an audit, a record."""
    home = tmp_path_factory.mktemp("full")
    source = Path(shutil.copytree(simulated, home / "election"))
    (source / "claims.toml").write_text(claims_of_every_kind(opened.geography.path(1)[0]), encoding="utf-8")
    log = home / "log"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VEEDOR_RECORD_KEY", format_private_key(LOG_KEY))
        for words in (["init", str(log), "--origin", ORIGIN], ["append", str(source), "--log", str(log)]):
            done = CliRunner().invoke(application(), ["record", *words])
            assert done.exit_code == 0, done.output
    make_dossier(str(source), home / "site", data=source, audit=audit, record=log)
    return home / "site"


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

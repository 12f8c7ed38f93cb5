"""The pages of a dossier. A new room adds a module and a template here, and one entry to PAGES."""

from veedor.dossier.pages import (
    about,
    checks,
    count,
    data,
    known,
    overview,
    record,
    station,
    station_map,
    summary,
    timeline,
)
from veedor.dossier.pages.audit import page as audit
from veedor.dossier.pages.claims import page as claims
from veedor.dossier.pages.forensics import page as forensics
from veedor.dossier.pages.interruption import page as interruption
from veedor.dossier.pages.page import Page

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    count.PAGE,
    station_map.PAGE,
    timeline.PAGE,
    interruption.PAGE,
    checks.PAGE,
    forensics.PAGE,
    audit.PAGE,
    claims.PAGE,
    station.PAGE,
    record.PAGE,
    summary.PAGE,
    known.PAGE,
    data.PAGE,
    about.PAGE,
)
"""In the order of the menu."""

__all__ = ["PAGES", "Page"]

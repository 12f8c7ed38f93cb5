"""The pages of a dossier. A new room adds a module and a template here, and one entry to PAGES."""

from veedor.dossier.pages import about, checks, count, map, overview, station, timeline
from veedor.dossier.pages.page import Page

PAGES: tuple[Page, ...] = (
    overview.PAGE,
    count.PAGE,
    map.PAGE,
    timeline.PAGE,
    checks.PAGE,
    station.PAGE,
    about.PAGE,
)
"""In the order of the menu."""

__all__ = ["PAGES", "Page"]

"""Figures that say where they come from: each names its place in the JSON that the command beside it prints.

On a page a figure is <data value="549" data-path="findings/reconciliation/effect/changed_sheets">549</data>, inside an
element whose data-command gives it. A step of a path is a name, a position in a list, or the check, id or rule by
which a list is searched. What is computed of several figures names all of them,
with semicolons between, and how: see HOW.
"""

import json
from collections.abc import Mapping

from markupsafe import Markup

from veedor.dossier.parsed import Parsed

HOW = {
    "": "as it is",
    "share": "the first over the second",
    "part": "the first over the sum of both",
    "lead": "the first minus the second, over the third",
    "difference": "the first minus the second",
    "seconds": "from the first moment to the second",
}
"""How a figure is computed of those that its path names, in their order."""


def figure(text: str, path: str, value: float, how: str = "") -> Markup:
    """A figure as a page shows it. value: before it was rounded, and before a fraction became a percentage."""
    if how not in HOW:
        raise ValueError(f"no figure is computed as {how!r}")
    more = Markup(' data-how="{}"').format(how) if how else Markup("")
    return Markup('<data value="{}" data-path="{}"{}>{}</data>').format(json.dumps(value), path, more, text)


def at(document: Parsed, path: str) -> Parsed:
    """What stands at a path of a command's JSON. KeyError where nothing does."""
    for step in path.split("/"):
        document = _step(document, step)
    return document


def _step(document: Parsed, step: str) -> Parsed:
    if isinstance(document, Mapping):
        return document[step]
    if isinstance(document, list) and step.isdecimal():
        return document[int(step)]
    if isinstance(document, list):
        for each in document:
            if step in (each.get("check"), each.get("id"), each.get("rule")):
                return each
    raise KeyError(step)

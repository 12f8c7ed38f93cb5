"""Checks: every finding with what it looked at, what it cannot show, and the sheets it names."""

import math
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from veedor.dossier.derive import results as rooms
from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import Language, catalogue
from veedor.dossier.show.permalinks import anchors, sides
from veedor.dossier.show.published import Published
from veedor.dossier.texts import TEXTS

RANKS = {"does_not_hold": 0, "undecided": 1, "holds": 2}
SIGNED = ("difference", "change", "net", "votes_down")
"""Figures that are changes: they carry their sign."""

ITEMS_SHOWN = 25
"""Items of a finding on the page; results/check.json has more."""


def shown_findings(published: Published, lang: Language) -> list[dict[str, object]]:
    """Every finding as the pages show it: those that do not hold first.

    named: whether the name of its check alone leads to it, as the first of several on different snapshots.
    """
    findings = published.results["check.json"]["findings"]
    shown = [
        _shown(published, lang, finding, anchor) for finding, anchor in zip(findings, anchors(findings), strict=True)
    ]
    shown.sort(key=lambda one: RANKS[str(one["verdict"])])
    first = {one["check"]: one["anchor"] for one in reversed(shown)}
    return [{**one, "named": first[one["check"]] == one["anchor"] != one["check"]} for one in shown]


def _shown(published: Published, lang: Language, finding: Parsed, anchor: str) -> dict[str, object]:
    texts = lang.of(finding)
    about = _about(published, lang, finding["effect"])
    columns = _columns(finding["items"])
    rows = [
        [_cell(published, lang, name, _at(item, name)) for name in columns] for item in finding["items"][:ITEMS_SHOWN]
    ]
    return {
        **{name: texts[name] for name in ("title", "summary", "expected", "cannot_show", "other_explanations", "unit")},
        "uncertainty": texts["uncertainty"],
        "anchor": anchor,
        "check": finding["check"],
        "about": about,
        "verdict": finding["verdict"],
        "rank": RANKS[finding["verdict"]],
        "found": finding["found"],
        "looked_at": finding["looked_at"],
        "source": texts["source"],
        "command": finding["command"],
        "effect": _effect(published, lang, finding["effect"]),
        "columns": [
            {"label": _label(published, lang, name), "number": _is_number(finding["items"], name)} for name in columns
        ],
        "rows": rows,
        "items_title": lang.say(
            "checks.items_title", shown=lang.number(len(rows)), all=lang.number(finding["items_total"])
        ),
        "items_caption": lang.say("checks.items_caption", what=": ".join(filter(None, [texts["title"], about]))),
    }


def _about(published: Published, lang: Language, effect: Mapping[str, Parsed]) -> str:
    """Which snapshots a finding looked at."""
    names = []
    for side in sides(effect):
        when = f", {lang.short_moment(side['snapshot'])}" if side.get("snapshot") else ""
        names.append(published.count_name(side["count"], lang) + when)
    return " → ".join(names)


def _columns(items: Sequence[Mapping[str, Parsed]]) -> list[str]:
    """Names of the items' columns in order; a short mapping of figures (printed, computed) stays one cell."""
    return list(dict.fromkeys(name for item in items for name in item))


def _at(item: Mapping[str, Parsed], name: str) -> Parsed:
    return item.get(name)


def _is_number(items: Sequence[Mapping[str, Parsed]], name: str) -> bool:
    known = [item[name] for item in items if item.get(name) is not None]
    return (
        bool(known) and name != "station" and all(isinstance(v, int | float) and not isinstance(v, bool) for v in known)
    )


def _label(published: Published, lang: Language, name: str) -> str:
    """The name of a figure for people: a level's, one of the catalogue's, else as the results call it."""
    for level in published.election.levels:
        if level.id == name:
            return lang.pick(level.name.text)
    if name in published.choices:
        return name
    key = f"figure.{name}"
    return lang.say(key) if key in catalogue(lang.code) else name.replace("_", " ")


def _value(published: Published, lang: Language, name: str, value: Parsed) -> str:
    """A figure, name or group of them as a reader reads it. name: the key under which it stands."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return lang.say("unit.yes" if value else "unit.no")
    if isinstance(value, int):
        return lang.signed(value) if name in SIGNED else lang.number(value)
    if isinstance(value, float):
        return lang.percent(value, 1) if name.startswith("share_") else lang.number(value, _digits(value))
    if isinstance(value, dict):
        return _group(published, lang, name, value)
    if isinstance(value, list):
        mark = "; " if any(isinstance(part, dict) for part in value) else ", "
        return mark.join(_value(published, lang, name, part) for part in value) or "–"
    return _word(lang, str(value))


def _digits(value: float) -> int:
    """Decimal places that show three figures of a small number, two of others."""
    if value == 0 or abs(value) >= 1:
        return 2
    return min(12, 2 - math.floor(math.log10(abs(value))))


def _group(published: Published, lang: Language, name: str, value: Mapping[str, Parsed]) -> str:
    """A mapping in one line: a place from its finest name up, a snapshot, else names with their figures."""
    levels = set(published.election.level_ids)
    if value and set(value) <= levels and all(part is None or isinstance(part, str) for part in value.values()):
        return ", ".join(str(part) for part in reversed(list(value.values())) if part)
    if set(value) == {"count", "snapshot"}:
        return f"{published.count_name(value['count'], lang)}, {lang.short_moment(value['snapshot'])}"
    parts = []
    for key, part in value.items():
        if part in (0, None) or part == {}:
            continue
        label = _label(published, lang, key)
        inner = name if isinstance(part, int) and name in SIGNED else key
        label = label if key in published.choices else label[:1].lower() + label[1:]
        parts.append(f"{label} {_value(published, lang, inner, part)}")
    return ", ".join(parts) or lang.number(0)


def _word(lang: Language, value: str) -> str:
    """A word of ours in the reader's language; names and times stay what they are."""
    key = f"word.{value}"
    if key in catalogue(lang.code):
        return lang.say(key)
    if len(value) >= 19 and value[4:5] == "-" and value[10:11] == "T" and value[:4].isdecimal():
        return lang.moment(value)
    return value


def _cell(published: Published, lang: Language, name: str, value: Parsed) -> dict[str, object]:
    is_station = name == "station" and isinstance(value, str)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {
        "text": value if is_station else _value(published, lang, name, value),
        "link": f"station.html?id={quote(value, safe='')}" if is_station else None,
        "number": number,
        "value": value if number else None,
    }


def _effect(published: Published, lang: Language, effect: Mapping[str, Parsed]) -> list[dict[str, str]]:
    """The figures of a finding's effect that its sentences do not have room for."""
    rows = []
    for name, value in effect.items():
        if name in ("count", "snapshot") or value in (None, [], {}):
            continue
        rows.append({"label": _label(published, lang, name), "value": _value(published, lang, name, value)})
    return rows


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page of findings."""
    findings = shown_findings(published, lang)
    by = {kind: sum(1 for one in findings if one["verdict"] == kind) for kind in RANKS}
    return {
        "dek": lang.say(
            "checks.dek",
            no=lang.number(by["does_not_hold"]),
            undecided=lang.number(by["undecided"]),
            holds=lang.number(by["holds"]),
        ),
        "findings": findings,
        "command": published.command("check"),
    }


PAGE = Page(
    id="checks",
    title=TEXTS.say("checks_page.page.title"),
    context=context,
    derive={"check.json": rooms.check_document},
    required=True,
)

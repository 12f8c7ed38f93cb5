"""Pages of one audit: what was agreed, drawn and found; and the forms for the sheets of a round.

Each is one file that needs nothing else: its style and script are inside, and the policy lets nothing else run.
"""

import base64
from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import log10
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from veedor.audit import folder as files
from veedor.audit.report import report_of
from veedor.audit.rounds import columns
from veedor.dossier.texts import ENGLISH, SPANISH, Language
from veedor.errors import VeedorError
from veedor.finding import Text

_HERE = Path(__file__).parent / "audit_files"
COLORS = ("#0b5c63", "#8a6d3b", "#6b4c8a", "#b0413e")
WIDTH, HEIGHT = 720, 300
LINES = 4
"""Assertions drawn in the chart of risk: the ones with the greatest risk."""


def write_page(folder: Path, out: Path) -> list[Path]:
    """Write the audit's page in English and Spanish into the folder `out`."""
    document = report_of(folder)
    written = []
    for lang in (ENGLISH, SPANISH):
        html = _render("folder", lang, "", **_shown(document, lang))
        written.append(files.write(out, f"audit-{lang.code}.html", html.encode()))
    return written


def write_forms(folder: Path, out: Path, language: str) -> Path:
    """Write one form for each sheet that the last round draws for the first time, in the order of the route."""
    if language not in ("en", "es"):
        raise VeedorError(f"--language is en or es, got {language!r}")
    lang = ENGLISH if language == "en" else SPANISH
    plan, named = files.open_plan(folder)
    rounds = files.rounds_in(folder)
    if not rounds:
        raise VeedorError("nothing has been drawn yet")
    header, rows = files.read_table(folder, f"round-{rounds[-1]}/pull-list.csv")
    places = [place for place, name in enumerate(header[:-2]) if name not in ("latitude", "longitude")]
    sheets = [
        {"station": row[-2], "place": ", ".join(row[place] for place in reversed(places) if row[place])} for row in rows
    ]
    fields = [
        *((choice.id, lang.pick(choice.name.text)) for choice in plan.contest.choices),
        ("blank", lang.pick(Text("Blank votes", "Votos blancos"))),
        ("null", lang.pick(Text("Null votes", "Votos nulos"))),
    ]
    script = (_HERE / "forms.js").read_text(encoding="utf-8")
    html = _render(
        "forms",
        lang,
        script,
        title=lang.pick(plan.title.text),
        round=rounds[-1],
        plan=named,
        sheets=sheets,
        fields=fields,
        header=",".join(columns(plan.contest)),
    )
    return files.write(out.parent, out.name, html.encode())


def _render(name: str, lang: Language, script: str, **values: Any) -> str:
    loader = FileSystemLoader(_HERE)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    allowed = f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'" if script else "'none'"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}; base-uri 'none'; form-action 'none'"
    pick = lambda en, es: es if lang.code == "es" else en  # noqa: E731 - a word in the template, in both languages
    return environment.get_template(f"{name}.html").render(
        lang=lang,
        t=pick,
        policy=policy,
        script=Markup(script),  # noqa: S704 - our own file
        style=Markup((_HERE / f"{name}.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
        **values,
    )


def _shown(document: Mapping[str, Any], lang: Language) -> dict[str, Any]:
    plan, risk = document["plan"], document["risk"]
    named = {one["id"]: one["name"] for one in plan["signatories"]}
    by_label = {one["label"]: one for one in risk["assertions"]} if risk else {}
    return {
        "title": lang.pick(plan["title"]),
        "plan": plan,
        "status": document["status"],
        "answers": [{**one, "name": named.get(one["signatory"], one["signatory"])} for one in document["answers"]],
        "earlier": document["earlier_plans"],
        "seed": document["seed"],
        "sample": document["sample"],
        "map": sample_map(document["map"], lang),
        "risk": risk,
        "assertions": [
            {
                "label": one["label"],
                "sentence": lang.pick(one["sentence"]),
                "arithmetic": lang.pick(one["arithmetic"]),
                "found": by_label.get(one["label"]),
            }
            for one in plan["assertions"]
        ],
        "chart": risk_chart(risk, lang) if risk else "",
        "cannot_show": lang.pick(plan["cannot_show"]),
        "compared": lang.pick(plan["compared"]),
        "limit": _share(plan["risk_limit"]),
        "verified": document["verified"],
        "not_verified": document["not_verified"],
    }


def _share(fraction: str) -> float:
    over, _, under = fraction.partition("/")
    return int(over) / int(under or 1)


def sample_map(points: Sequence[Mapping[str, Any]], lang: Language) -> Markup:
    """Every place as a dot, those with sampled sheets in colour. Far-off places (beyond 1 % either way) are counted."""
    if not points:
        return Markup("")
    spans = []
    for axis in ("latitude", "longitude"):
        values = sorted(float(point[axis]) for point in points)
        spans.append((values[len(values) // 100], values[-1 - len(values) // 100]))
    (south, north), (west, east) = spans
    scale = WIDTH / max(east - west, north - south, 1e-6)
    height = max((north - south) * scale, 40)
    inside = [p for p in points if south <= p["latitude"] <= north and west <= p["longitude"] <= east]
    parts = []
    for point in sorted(inside, key=lambda one: int(one["sheets"])):
        x, y = (point["longitude"] - west) * scale, height - (point["latitude"] - south) * scale
        radius, color = (3.2, COLORS[3]) if point["sheets"] else (1.1, "#c9c4b8")
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{color}"/>')
    chosen = sum(1 for point in points if point["sheets"])
    label = f"{lang.number(chosen)} / {lang.number(len(points))}"
    svg = f'<svg viewBox="-4 -4 {WIDTH + 8} {height + 8:.0f}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
    return Markup(svg)  # noqa: S704 - numbers only


def _different(worst: Sequence[Mapping[str, Any]]) -> list[tuple[list[float], str]]:
    """Lines that differ, each with the labels of the assertions that it is the line of."""
    lines: list[tuple[list[float], str]] = []
    for one in worst:
        values = [1.0, *one["risk_after_each_draw"]]
        for place, (other, labels) in enumerate(lines):
            if other == values:
                lines[place] = (other, f"{labels}, {one['label']}")
                break
        else:
            lines.append((values, str(one["label"])))
    return lines


def risk_chart(risk: Mapping[str, Any], lang: Language) -> Markup:
    """Risk after each draw, on a scale of tenths, hundredths, ...; with the risk limit as a line."""
    worst = sorted(risk["assertions"], key=lambda one: -float(one["risk"]))[:LINES]
    draws = max(len(one["risk_after_each_draw"]) for one in worst)
    lowest = min(min(one["risk_after_each_draw"]) for one in worst)
    floor = max(min(-2.0, float(int(log10(max(lowest, 1e-6))) - 1)), -6.0)

    def x(draw: int) -> float:
        return 60 + draw / draws * (WIDTH - 80)

    def y(value: float) -> float:
        return 20 + max(log10(max(value, 1e-12)), floor) / floor * (HEIGHT - 60)

    parts = []
    for power in range(int(floor), 1):
        level = 10.0**power
        parts.append(f'<line x1="60" x2="{WIDTH - 20}" y1="{y(level):.1f}" y2="{y(level):.1f}" stroke="#ddd8cc"/>')
        parts.append(
            f'<text x="54" y="{y(level) + 4:.1f}" text-anchor="end">{lang.percent(level, max(0, -power - 2))}</text>'
        )
    limit = float(risk["risk_limit"])
    ends = f'x1="60" x2="{WIDTH - 20}" y1="{y(limit):.1f}" y2="{y(limit):.1f}"'
    parts.append(f'<line {ends} stroke="#1b1b1a" stroke-dasharray="6 3"/>')
    for number, (values, labels) in enumerate(_different(worst)):
        path = " ".join(f"{x(draw):.1f},{y(value):.1f}" for draw, value in enumerate(values))
        color = COLORS[number % len(COLORS)]
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        down = 34 + 17 * number
        parts.append(f'<text x="{WIDTH - 24}" y="{down}" text-anchor="end" fill="{color}">{escape(labels)}</text>')
    axis = {"en": "sheets drawn", "es": "actas sorteadas"}[lang.code]
    parts.append(f'<text x="{WIDTH - 20}" y="{HEIGHT - 8}" text-anchor="end">{axis}: {lang.number(draws)}</text>')
    title = {"en": "Risk after each draw", "es": "Riesgo tras cada sorteo"}[lang.code]
    body = "".join(parts)
    return Markup(f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">{body}</svg>')  # noqa: S704

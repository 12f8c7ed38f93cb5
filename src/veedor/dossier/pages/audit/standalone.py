"""Pages of one audit: what was agreed, drawn and found; and the forms for the sheets of a round.

Each is one file that needs nothing else: its style and script are inside, and the policy lets nothing else run.
"""

import base64
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from veedor.audit.protocol.folder import AuditFolder, open_plan, rounds_in, write
from veedor.audit.rounds.draw import open_round, pull_list, read_frame
from veedor.audit.rounds.readings import columns
from veedor.audit.verified import read_audit
from veedor.document import as_json
from veedor.dossier.show.audit_charts import risk_chart, sample_map
from veedor.dossier.show.bidi_marks import marked
from veedor.dossier.show.language import Language, all_languages, language
from veedor.errors import VeedorError
from veedor.languages import codes
from veedor.rim.csv_cells import rows_of

_HERE = Path(__file__).parent / "standalone_files"


def write_page(folder: Path, out: Path) -> list[Path]:
    """Write the audit's page in every language into the folder `out`."""
    audited = read_audit(folder)
    if audited.report is None:
        reason = audited.failed[1] if audited.failed else "a file is not what it should be"
        raise VeedorError(f"{folder} does not hold together: {reason}")
    written = []
    for lang in all_languages():
        html = _render("folder", lang, "", **_shown(as_json(audited.report), lang))
        written.append(write(out, f"audit-{lang.code}.html", marked(html).encode()))
    return written


def write_forms(folder: Path, out: Path, code: str) -> Path:
    """Write one form for each sheet that the last round draws for the first time, in the order of the route."""
    if code not in codes():
        raise VeedorError(f"--language is {' or '.join(codes())}, got {code!r}")
    lang = language(code)
    opened = AuditFolder(folder)
    plan, named = open_plan(opened)
    rounds = rounds_in(opened)
    if not rounds:
        raise VeedorError("nothing has been drawn yet")
    drawn = open_round(opened, rounds[-1], plan, named)
    header, rows = rows_of(pull_list(drawn, read_frame(opened, plan), rounds[-1]), "pull-list.csv")
    places = [place for place, name in enumerate(header[:-2]) if name not in ("latitude", "longitude")]
    sheets = [(row, ", ".join(row[place] for place in reversed(places) if row[place])) for row in rows]
    fields = [
        *((choice.id, lang.pick(choice.name.text)) for choice in plan.contest.choices),
        ("blank", lang.say("standalone.blank_votes")),
        ("null", lang.say("standalone.null_votes")),
    ]
    name = "ballots" if plan.of_ballots else "forms"
    listed: dict[str, Any] = {"sheets": [{"station": row[-2], "place": place} for row, place in sheets]}
    if plan.of_ballots:
        listed = {"boxes": _boxes(sheets), "number": len(sheets)}
    html = _render(
        name,
        lang,
        (_HERE / f"{name}.js").read_text(encoding="utf-8"),
        title=lang.pick(plan.title.text),
        round=rounds[-1],
        plan=named,
        fields=fields,
        header=",".join(columns(plan.contest, of_ballots=plan.of_ballots)),
        **listed,
    )
    return write(out.parent, out.name, html.encode())


def _boxes(rows: Sequence[tuple[Sequence[str], str]]) -> list[dict[str, Any]]:
    """Ballots by the box they lie in, by the route; one box without a name where only records are known."""
    boxes: dict[str, dict[str, Any]] = {}
    for row, place in rows:
        station, ballot = row[-2], row[-1]
        box = boxes.setdefault(station, {"station": station, "place": place, "ballots": []})
        box["ballots"].append({"id": ballot, "label": ballot.rpartition("/")[2] if station else ballot})
    return list(boxes.values())


def _render(name: str, lang: Language, script: str, **values: Any) -> str:
    loader = FileSystemLoader(_HERE)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    allowed = f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'" if script else "'none'"
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}; base-uri 'none'; form-action 'none'"
    return environment.get_template(f"{name}.html").render(
        lang=lang,
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
        "chart": risk_chart(risk, lang) if risk else None,
        "cannot_show": lang.pick(plan["cannot_show"]),
        "compared": lang.pick(plan["compared"]),
        "limit": _share(plan["risk_limit"]),
        "verified": document["verified"],
        "not_verified": document["not_verified"],
        "entries": document["entries"],
        "unsigned": [lang.pick(one["says"]) for one in document["unsigned"]],
    }


def _share(fraction: str) -> float:
    over, _, under = fraction.partition("/")
    return int(over) / int(under or 1)

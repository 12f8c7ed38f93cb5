"""About: the raw files with their hashes, what was left out, definitions, sources, and how to re-derive it all."""

from collections.abc import Mapping

from veedor.dossier.pages.page import Page
from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.dossier.show.sentences import left_out_sentence, rule_sentence, said
from veedor.dossier.texts import TEXTS

TERMS = (
    "tally_sheet",
    "registered",
    "cast",
    "valid",
    "blank",
    "null",
    "turnout",
    "lead",
    "counted",
    "publication",
    "verdict",
)


def _files(published: Published, lang: Language) -> list[dict[str, object]]:
    return [
        {
            "file": f"{row['file']} › {row['member']}" if row["member"] else row["file"],
            "count": published.count_name(row["count"], lang) if row["count"] else "–",
            "when": lang.moment(row["snapshot"]),
            "bytes": row["bytes"],
            "sha256": row["sha256"],
        }
        for row in published.results["election.json"]["raw"]
    ]


def _source(source: Parsed) -> dict[str, object]:
    url = source["url"]
    note = source["note"]
    return {
        **source,
        "note": note.rstrip(".") if note else None,
        "link": url if url and url.startswith(("https://", "http://")) else None,
    }


def context(published: Published, lang: Language) -> Mapping[str, object]:
    """Content of the page about the dossier."""
    facts = published.results["election.json"]
    return {
        "files": _files(published, lang),
        "left_out": facts["left_out"],
        "left_out_dek": left_out_sentence("about", facts["left_out"], lang),
        "skipped": facts["skipped"],
        "downloads": published.downloads,
        "rule": rule_sentence(said(published.results["count.json"]["outcome"], "rule_text", lang)),
        "terms": TERMS,
        "sources": [_source(source) for source in facts["sources"]],
        "commands": {
            "verify": "veedor verify . --data DATA",
            "report": published.command("report").option("--data", "DATA").option("--out", "DIR"),
        },
    }


PAGE = Page(id="about", title=TEXTS.say("about_page.page.title"), context=context, required=True)

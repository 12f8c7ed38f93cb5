"""Sources on pages: a document's title in its own language, who published it and when, and where it is."""

from markupsafe import Markup

from veedor.dossier.parsed import Parsed
from veedor.dossier.show.language import Language


def document_said(source: Parsed, lang: Language) -> Markup:
    """A source in a line: title, publisher, date, note; linked where it has an address that a page may link to."""
    tongue = source["language"]
    own = Markup(' lang="{}"').format(tongue) if tongue and tongue != lang.code else Markup("")
    title = Markup("<cite{}>{}</cite>").format(own, source["title"])
    url = source["url"]
    if url and url.startswith(("https://", "http://")):
        title = Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, title)
    parts = [source["publisher"], lang.date(source["date"]) if source["date"] else None, lang.pick(source["note"])]
    return Markup(", ").join([title, *(part for part in parts if part)])


def aftermath(facts: Parsed, lang: Language, *, all_of_them: bool) -> list[dict[str, object]]:
    """What became of the election, in order of time. all_of_them: not only what stands under the headline.

    Where no entry is marked for the headline, every one stands there.
    """
    entries = facts.get("aftermath") or []
    first = [one for one in entries if one["headline"]]
    return [
        {"when": lang.date(one["date"]), "what": lang.pick(one["what"]), "source": document_said(one["source"], lang)}
        for one in (entries if all_of_them or not first else first)
    ]

"""How to cite a page: in a sentence, as BibTeX and as CSL-JSON. No author: figures are the authority's, checked.

What is cited is told apart by the SHA-256 of `results/figures.sha256`, which lists those of every file with figures.
The manifest's own hash cannot stand on a page, as the manifest has the hashes of the pages.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version

from veedor.dossier.pages.page import Page
from veedor.dossier.share.lines import state
from veedor.dossier.share.texts import TEXTS, sentence
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published

SUMS = "results/figures.sha256"
"""As `sha256sum --check results/figures.sha256` reads it, in the dossier's folder."""

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{letter: f"\\{letter}" for letter in "%&#_$"},
}


@dataclass(frozen=True, kw_only=True)
class Citation:
    """words: the sentences around it, by their name."""

    text: str
    bibtex: str
    csl: str
    words: Mapping[str, str]


def sums_of(hashes: Mapping[str, str]) -> bytes:
    """The file with the hash of every file with figures, and of the definition that they follow."""
    return "".join(f"{value}  {name}\n" for name, value in sorted(hashes.items())).encode()


def citation_of(page: Page, published: Published, lang: Language) -> Citation:
    """How to cite one page in one language."""
    count = published.results["count.json"]
    facts = {
        "title": f"{lang.pick(page.title)}. {lang.pick(published.election.name.text)}",
        "count": state(published, lang),
        "command": str(published.command("count")),
        "version": version("veedor"),
        "hash": hashlib.sha256(sums_of(published.hashes)).hexdigest(),
    }
    address = "" if published.url is None else f"{published.url}{lang.code}/{page.id}.html"
    day = dt.date.fromisoformat(count["snapshot"][:10]) if count["snapshot"] else published.election.date
    key = f"veedor-{published.election.id}-{page.id}-{facts['hash'][:8]}"
    held = lang.date(published.election.date)
    text = sentence(lang, "cite.text", **facts, held=held, url=f" {address}" if address else "")
    note = sentence(lang, "cite.note", held=held, **{name: facts[name] for name in ("count", "command", "hash")})
    return Citation(
        text=text,
        bibtex=_bibtex(key, facts["title"], day, note, facts["version"], address),
        csl=_csl(key, facts["title"], day, note, facts["version"], address, lang),
        words={name: TEXTS.sentence(lang.spoken, f"cite.{name}") for name in ("head", "address", "unknown")},
    )


def _bibtex(key: str, title: str, day: dt.date, note: str, own: str, address: str) -> str:
    """One entry; braces around the title keep its capitals."""
    fields = [
        ("title", f"{{{_escaped(title)}}}"),
        ("year", str(day.year)),
        ("month", str(day.month)),
        ("howpublished", _escaped(f"veedor {own}")),
        ("note", _escaped(note)),
        *([("url", address)] if address else []),
    ]
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields)
    return f"@misc{{{re.sub(r'[^A-Za-z0-9.-]', '-', key)},\n{lines}\n}}"


def _escaped(text: str) -> str:
    """The text with every letter that TeX takes for a command written so that it does not."""
    return "".join(_SPECIAL.get(letter, letter) for letter in " ".join(text.split()))


def _csl(key: str, title: str, day: dt.date, note: str, own: str, address: str, lang: Language) -> str:
    """One item of the Citation Style Language's JSON, in an array as its schema asks (docs.citationstyles.org)."""
    item = {
        "id": key,
        "type": "dataset",
        "title": title,
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "version": f"veedor {own}",
        "note": note,
        "language": lang.code,
        **({"URL": address} if address else {}),
    }
    return json.dumps([item], ensure_ascii=False, indent=1)

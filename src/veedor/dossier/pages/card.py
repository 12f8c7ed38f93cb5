"""The card that shows when a page is shared: the headline, the leading choices, and how to derive it again."""

import textwrap

from markupsafe import Markup

from veedor.dossier.pages.overview import attributed, result_rows
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published

WIDTH, HEIGHT = 1200, 630
ROWS = 4
SERIF = "Georgia, 'Liberation Serif', serif"
SANS = "'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"


def _text(x: float, y: float, size: int, text: str, more: str = "") -> Markup:
    return Markup('<text x="{}" y="{}" font-size="{}" {}>{}</text>').format(x, y, size, Markup(more), text)  # noqa: S704


def card(published: Published, lang: Language) -> str:
    """An SVG of 1200 by 630, made of the same figures as the overview."""
    count = published.results["count.json"]
    parts = [_text(70, 92, 28, lang.pick(published.election.name.text), f'font-family="{SANS}" fill="#0b5c63"')]
    lines = textwrap.wrap(attributed(published, lang), 40)[:3]
    for number, line in enumerate(lines):
        parts.append(_text(70, 160 + 62 * number, 54, line, f'font-family="{SERIF}" font-weight="700"'))
    top = 190 + 62 * len(lines)
    rows = result_rows(published, lang)[: min(ROWS, (HEIGHT - 70 - top) // 56)]
    most = max((int(str(row["votes"])) for row in rows), default=0) or 1
    for number, row in enumerate(rows):
        choice, votes = published.ranking(ROWS)[number], int(str(row["votes"]))
        y = top + 56 * number
        parts.append(_text(70, y + 26, 28, textwrap.shorten(lang.pick(choice.name), 26), f'font-family="{SANS}"'))
        parts.append(
            Markup('<rect x="450" y="{}" width="{:.1f}" height="26" fill="{}"/>').format(
                y + 4, 480 * votes / most, choice.color
            )
        )
        share = lang.percent(votes / count["valid"] if count["valid"] else None)
        parts.append(_text(1130, y + 26, 28, share, f'font-family="{SANS}" text-anchor="end" font-weight="700"'))
    when = f"{published.count_name(count['count'], lang)}, {lang.moment(count['snapshot'])}"
    parts.append(_text(70, HEIGHT - 40, 22, f"{when} · {published.command('count')}", f'font-family="{SANS}"'))
    return str(
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" fill="#1b1b1a">'
            '<rect width="{}" height="{}" fill="#fffefb"/><rect width="{}" height="12" fill="#0b5c63"/>{}</svg>\n'
        ).format(WIDTH, HEIGHT, WIDTH, HEIGHT, WIDTH, Markup("").join(parts))
    )

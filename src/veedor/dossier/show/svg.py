"""Pieces of SVG that the pictures of the statistics page share."""

from collections.abc import Sequence

from markupsafe import Markup, escape

INK, PALE = "#26364d", "#c9c5bb"
SIZE = 12.5


def text(x: float, y: float, words: str, anchor: str = "middle") -> str:
    """Words at a place."""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{SIZE}" text-anchor="{anchor}">{escape(words)}</text>'


def line(points: Sequence[tuple[float, float]], extra: str) -> str:
    """A line through points; extra: its attributes."""
    return f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}" fill="none" {extra}/>'


def rule(x1: float, y1: float, x2: float, y2: float, kind: str = "axis") -> str:
    """A straight line of the page's own style."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def svg(width: int, height: float, title: str, parts: Sequence[str], *, said: str = "") -> Markup:
    """The picture; said: what it shows, for those who do not see it."""
    body = Markup("").join(Markup(part) for part in parts)  # noqa: S704 - parts are made here, their texts escaped
    label = f"{title}. {said}" if said else title
    more = Markup("<desc>{}</desc>").format(said) if said else Markup("")
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {:.0f}" role="img" aria-label="{}"><title>{}</title>{}{}</svg>'
    ).format(width, height, label, title, more, body)

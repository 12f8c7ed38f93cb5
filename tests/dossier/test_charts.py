"""Charts: figures at their place, names escaped, round steps on the axes."""

import datetime as dt
import re
from pathlib import Path

import pytest

from veedor.dossier.show import charts
from veedor.dossier.show.documents import document_said
from veedor.dossier.show.language import ENGLISH, SPANISH


@pytest.mark.parametrize(
    ("low", "high", "most", "expected"),
    [
        (0, 12.3, 7, [0, 2, 4, 6, 8, 10, 12]),
        (-22, 64, 5, [-20, 0, 20, 40, 60]),
        (0, 100, 5, [0, 20, 40, 60, 80, 100]),
        (7.8, 7.9, 4, [7.8, 7.85, 7.9]),
        (5, 5, 4, [5]),
    ],
)
def test_steps_of_an_axis_are_round_and_few(low: float, high: float, most: int, expected: list[float]) -> None:
    assert charts.steps(low, high, most) == pytest.approx(expected)


def test_neighbouring_steps_are_written_differently() -> None:
    for low, high in ((0, 100), (7.8, 7.9), (0, 0.03), (-3, 2)):
        found = charts.steps(low, high, 5)
        assert len({ENGLISH.number(value, charts.digits_of(found)) for value in found}) == len(found)


def test_moments_of_an_axis_are_whole_hours_or_midnights_inside_it() -> None:
    first = dt.datetime.fromisoformat("2020-10-18T19:56:55-04:00")
    last = dt.datetime.fromisoformat("2020-10-23T00:00:00-04:00")
    found = charts.moments(first, last, 6)
    assert [when.isoformat()[:16] for when in found] == [f"2020-10-{day}T00:00" for day in (19, 20, 21, 22, 23)]
    hours = charts.moments(first, first + dt.timedelta(hours=3), 6)
    assert [when.strftime("%H:%M") for when in hours] == ["20:00", "20:30", "21:00", "21:30", "22:00", "22:30"]


def test_a_bar_is_as_long_as_its_share_and_never_longer() -> None:
    assert 'width="47.08"' in charts.bar(0.4708, "#123456")
    assert 'width="100.00"' in charts.bar(3, "#123456")
    assert 'width="0.00"' in charts.bar(-1, "#123456")
    assert "<b>" not in charts.bar(0.5, '"><b>')


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_leads_stand_on_one_scale_with_the_rule_s_line(width: int) -> None:
    rows = [("First <b>", 7.872, "#111111"), ("Second", 10.149857, "#111111")]
    drawn = str(charts.lead_scale(rows, 10.0, "10 points", width, SPANISH, "Ventaja"))
    assert "<b>" not in drawn
    assert "First &lt;b&gt;" in drawn
    assert "7,87" in drawn
    assert "10,15" in drawn
    line = float(re.findall(r'<line x1="([\d.]+)"[^>]*class="line"', drawn)[0])
    bars = [(float(x), float(w)) for x, w in re.findall(r'<rect x="([\d.]+)"[^>]*width="([\d.]+)"', drawn)]
    zero = bars[0][0]
    # The line stands at 10: the bars' lengths are in the same proportion, to the tenth of a pixel that is drawn.
    assert [length / (line - zero) * 10 for _, length in bars] == pytest.approx([7.872, 10.149857], abs=0.01)


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_a_line_over_time_lies_where_its_moments_and_values_are(width: int) -> None:
    start = dt.datetime.fromisoformat("2020-10-18T20:00:00-04:00")
    points = tuple((start + dt.timedelta(hours=h), value) for h, value in ((0, 0.0), (1, 10.0), (4, 5.0)))
    line = charts.Line(name="</text><script>", color="#000000", shape=0, dash=0, points=points)
    axes = charts.Axes(title="T", description="D", unit="U", zero=True)
    drawn = str(charts.time_chart([line], axes, width, ENGLISH))
    assert "<script>" not in drawn
    xy = re.findall(r"([\d.]+),([\d.]+)", re.findall(r'polyline points="([^"]*)"', drawn)[0])
    (x0, y0), (x1, y1), (x2, y2) = [(float(x), float(y)) for x, y in xy]
    assert (x1 - x0) / (x2 - x0) == pytest.approx(1 / 4, abs=0.001)
    assert (y0 - y2) / (y0 - y1) == pytest.approx(1 / 2, abs=0.002)


def test_every_chart_says_what_it_shows_to_those_who_do_not_see_it() -> None:
    drawn = str(charts.lead_scale([("A", 1.0, "#000000")], 10.0, "10 points", charts.WIDE, ENGLISH, "Lead of A"))
    assert 'role="img"' in drawn
    assert "<title>Lead of A</title>" in drawn
    assert "<desc>A: 1.00. 10 points.</desc>" in drawn


@pytest.mark.slow
def test_the_name_of_every_chart_says_its_values(dossier: Path) -> None:
    """A reader of the text hears the values: not the title alone, and not the ticks of the axes."""
    seen = 0
    for path in sorted(dossier.glob("*/*.html")):
        for label, title in re.findall(
            r'<svg class="chart"[^>]* aria-label="([^"]*)"><title>([^<]*)</title>', path.read_text(encoding="utf-8")
        ):
            seen += 1
            said = label.removeprefix(title) or title  # a title may say the values itself: "14 / 46 places"
            assert re.search(r"\d", said), (path.name, label)
    assert seen > 20


@pytest.mark.parametrize(("language", "wanted"), [("es", ' lang="es"'), ("en", ""), (None, "")])
def test_a_title_in_another_language_says_so(language: str | None, wanted: str) -> None:
    source = {"title": "Ley 1 & 2", "publisher": "P", "date": "2019-11-24", "url": "javascript:x", "note": None}
    said = document_said({**source, "language": language}, ENGLISH)
    assert said == f"<cite{wanted}>Ley 1 &amp; 2</cite>, P, 24 November 2019"

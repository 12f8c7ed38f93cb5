"""Every sentence in both languages, and figures as each reader writes them."""

import datetime as dt
import re
from pathlib import Path
from string import Formatter

import pytest

from tests.parsed import parsed
from veedor.dossier.derive.results import check_document
from veedor.dossier.input import Opened
from veedor.dossier.show import language
from veedor.dossier.show.language import ENGLISH, SPANISH, catalogue
from veedor.finding import Text

HOME = Path(language.__file__).parent
TEMPLATES = sorted([*HOME.glob("pages/*.html"), *HOME.glob("templates/*.html")])


def gaps(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_no_sentence_lacks_a_translation() -> None:
    assert set(catalogue("en")) == set(catalogue("es"))


def test_a_sentence_has_the_same_gaps_in_both_languages_and_is_not_empty() -> None:
    for key, sentence in catalogue("en").items():
        assert gaps(sentence) == gaps(catalogue("es")[key]), key
        assert sentence.strip(), key
        assert catalogue("es")[key].strip(), key


def keys_in(text: str) -> set[str]:
    return set(re.findall(r"""\b(?:say|text|count_of)\(\s*["']([a-z_0-9]+\.[a-z_.0-9]+)["']\s*[,)]""", text))


@pytest.mark.parametrize(
    "path", [*TEMPLATES, *sorted(HOME.rglob("*.py")), *sorted(HOME.glob("assets/*.js"))], ids=lambda p: p.name
)
def test_every_name_that_is_used_is_in_the_catalogue(path: Path) -> None:
    known = set(catalogue("en")) | {key.rsplit(".", 1)[0] for key in catalogue("en")}
    assert keys_in(path.read_text(encoding="utf-8")) - known == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_template_says_anything_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"<(style|script)\b[^>]*>.*?</\1>", " ", text, flags=re.DOTALL)
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<!doctype html>|<[^>]*>|&[a-z]+;", " ", text, flags=re.DOTALL)
    words = set(re.findall(r"[^\W\d_]{2,}", bare))
    assert {word.upper() for word in words} - {"SHA"} == set()


@pytest.mark.parametrize(
    ("value", "digits", "en", "es"),
    [
        (6137671, 0, "6,137,671", "6.137.671"),
        (0, 0, "0", "0"),
        (1234, 0, "1,234", "1.234"),
        (-1065, 0, "−1,065", "−1.065"),
        (10.149857, 2, "10.15", "10,15"),
        (-0.001, 2, "0.00", "0,00"),
        (None, 0, "–", "–"),
    ],
)
def test_numbers_as_the_reader_writes_them(value: float | None, digits: int, en: str, es: str) -> None:
    assert ENGLISH.number(value, digits) == en
    assert SPANISH.number(value, digits) == es


def test_shares_dates_and_lists() -> None:
    assert ENGLISH.percent(0.4707533) == "47.08%"
    assert SPANISH.percent(0.4707533) == "47,08\u00a0%"
    when = dt.datetime.fromisoformat("2019-10-20T19:40:57-04:00")
    assert ENGLISH.moment(when) == "20 October 2019, 19:40"
    assert ENGLISH.moment("2020-10-23T00:00:00-04:00") == "23 October 2020", "a date without a time"
    assert SPANISH.moment("2019-10-20T19:40:57-04:00") == "20 de octubre de 2019, 19:40"
    assert ENGLISH.listing(["A", "B", "C"]) == "A, B and C"
    assert SPANISH.listing(["A"]) == "A"
    assert SPANISH.count_of("unit.votes", 1) == "1 voto"
    assert ENGLISH.count_of("unit.votes", 17336) == "17,336 votes"


def test_a_name_in_one_language_serves_both() -> None:
    assert SPANISH.pick(Text("Polling", "Votación")) == "Votación"
    assert SPANISH.pick({"en": "Same", "es": None}) == "Same"
    assert ENGLISH.pick(None) == ""


def test_an_unknown_name_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        ENGLISH.say("no.such.sentence")


def names_in(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for part in value.values() for name in names_in(part)}
    return {name for part in value for name in names_in(part)} if isinstance(value, list) else set()


@pytest.mark.slow
def test_every_figure_of_a_finding_has_a_name_in_both_languages(opened: Opened) -> None:
    known = {key.removeprefix("figure.") for key in catalogue("en") if key.startswith("figure.")}
    known |= set(opened.contest.choice_ids) | set(opened.election.level_ids)
    for finding in parsed(check_document(opened))["findings"]:
        assert names_in(finding["effect"]) | names_in(finding["items"]) <= known, finding["check"]


@pytest.mark.parametrize(
    ("seconds", "en", "es"),
    [
        (82136, "almost 23 hours", "casi 23 horas"),  # 22 h 48 min 56 s, the stop of 2019
        (24000, "6 h 40 min", "6 h 40 min"),
        (7200, "2 hours", "2 horas"),
        (3600, "1 hour", "1 hora"),
        (3000, "50 minutes", "50 minutos"),
        (60, "1 minute", "1 minuto"),
    ],
)
def test_lengths_of_time_are_said_without_seconds(seconds: float, en: str, es: str) -> None:
    assert (ENGLISH.length(seconds), SPANISH.length(seconds)) == (en, es)

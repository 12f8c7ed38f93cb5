"""Every headline says whose count it is, and nothing that a draft put in for want of a better is shown as a fact."""

import datetime as dt
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from veedor.dossier.show.language import all_languages
from veedor.election.definition import Kind
from veedor.wording import moment

WHOSE = "Mesa de la Unidad"


@pytest.mark.parametrize("kind", get_args(Kind))
def test_only_an_official_count_is_called_official(kind: str) -> None:
    for lang in all_languages():
        said = lang.say(f"headline.by_{kind}", what="Ana is elected", whose=WHOSE)
        assert ("oficial" in said.replace("official", "oficial")) == (kind == "official")
        assert (WHOSE in said) == (kind not in ("official", "preliminary"))


@pytest.mark.parametrize("day", [1, 2])
def test_the_time_of_an_unknown_day_is_not_known(day: int) -> None:
    when = dt.datetime(2000, 1, day, tzinfo=dt.UTC)
    english, spanish = all_languages()[:2]
    assert english.moment(when) == english.moment(when.isoformat()) == english.short_moment(when) == "time not known"
    assert spanish.moment(when) == "hora desconocida"
    assert moment(when, ZoneInfo("UTC")).en == "time not known"


def test_any_other_time_is_shown() -> None:
    english = all_languages()[0]
    assert english.moment(dt.datetime(2000, 1, 2, 0, 0, 1)) == "2 January 2000, 00:00"
    assert english.moment(dt.datetime(2001, 1, 1)) == "1 January 2001", "midnight sharp is a date without a time"

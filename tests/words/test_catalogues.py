"""Every room's catalogues: no sentence missing in a language, none unused, the same gaps, whole plural forms."""

import re
from collections.abc import Iterable

import pytest

from tests.words.source import FORMS, GAP, own_modules, rooms, speakers, strings, uses
from veedor.catalogue import sentences
from veedor.languages import languages

ROOMS = rooms()
OTHERS = [(room, code) for room in ROOMS for code in languages() if code != "en"]


def keys_of(room: str, code: str) -> dict[str, str]:
    return {key: text for key, text in sentences(ROOMS[room], room, code).items() if not key.startswith("language.")}


def bases_of(keys: Iterable[str]) -> dict[str, str]:
    """Each key with its sentence's name, without a plural form: a table of forms has nothing but forms."""
    beside: dict[str, set[str]] = {}
    for key in keys:
        beside.setdefault(key.rpartition(".")[0], set()).add(key.rpartition(".")[2])
    return {key: key.rpartition(".")[0] if "other" in beside[key.rpartition(".")[0]] <= FORMS else key for key in keys}


def test_every_room_is_found() -> None:
    assert {"language", "checks", "count", "ledger", "forensics"} <= ROOMS.keys()


@pytest.mark.parametrize(("room", "code"), OTHERS)
def test_a_language_has_every_sentence_and_no_other(room: str, code: str) -> None:
    assert set(bases_of(keys_of(room, code)).values()) == set(bases_of(keys_of(room, "en")).values())


@pytest.mark.parametrize(("room", "code"), OTHERS)
def test_a_sentence_has_the_same_gaps_in_each_language(room: str, code: str) -> None:
    gaps = {name: set(GAP.findall(text)) for name, text in _whole(room, "en").items()}
    for name, text in _whole(room, code).items():
        assert set(GAP.findall(text)) == gaps[name], name


@pytest.mark.parametrize(("room", "code"), [(room, code) for room in ROOMS for code in languages()])
def test_plural_forms_are_whole(room: str, code: str) -> None:
    """Every form that a number up to a thousand takes in the language."""
    wanted = {languages()[code].plural(number) for number in range(1001)}
    forms: dict[str, set[str]] = {}
    for key, base in bases_of(keys_of(room, code)).items():
        if key != base:
            forms.setdefault(base, set()).add(key.rpartition(".")[2])
    assert {base: wanted - held for base, held in forms.items() if wanted - held} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_a_sentence_that_is_said_is_there_with_its_gaps(room: str) -> None:
    held = keys_of(room, "en")
    bases = bases_of(held)
    plurals = {base for key, base in bases.items() if key != base}
    for path in own_modules(ROOMS[room]):
        for use in uses(path):
            plural = use.method == "plural"
            assert use.key in (plurals if plural else held), f"{use.where}: no sentence {use.key}"
            if use.given is not None:
                texts = [text for key, text in held.items() if bases[key] == use.key]
                gaps = {gap for text in texts for gap in GAP.findall(text)} - ({"n"} if plural else set())
                assert use.given == gaps, f"{use.where}: {use.key} has the gaps {sorted(gaps)}"


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_is_unused(room: str) -> None:
    said = {text for path in speakers(ROOMS[room]) for text in strings(path)}
    begins = tuple(text.removesuffix("*") for text in said if re.fullmatch(r"\w+\.[\w.]*\*", text))
    ends = tuple(text.removeprefix("*") for text in said if re.fullmatch(r"\*\.[\w.]+", text))
    bases = bases_of(keys_of(room, "en"))
    unused = [key for key, base in bases.items() if not {key, base} & said]
    assert [key for key in unused if not key.startswith(begins) and not bases[key].endswith(ends)] == []


def _whole(room: str, code: str) -> dict[str, str]:
    """Each sentence in the form that has all its gaps (`one` may leave out the number)."""
    return {
        base: text
        for key, base in bases_of(keys_of(room, code)).items()
        if not key.endswith(".one")
        for text in [sentences(ROOMS[room], room, code)[key]]
    }

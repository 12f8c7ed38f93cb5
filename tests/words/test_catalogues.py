"""Every room's catalogues: no sentence missing in a language, none unused, the same gaps, whole plural forms."""

from pathlib import Path

import pytest

from tests.words.source import FORMS, GAP, modules, rooms, strings, uses
from veedor.catalogue import sentences
from veedor.languages import languages

ROOMS = rooms()
OTHERS = [(room, code) for room in ROOMS for code in languages() if code != "en"]


def base_of(key: str) -> str:
    """The sentence's name without its plural form."""
    head, _, form = key.rpartition(".")
    return head if form in FORMS else key


def keys_of(room: str, code: str) -> dict[str, str]:
    return {key: text for key, text in sentences(ROOMS[room], room, code).items() if not key.startswith("language.")}


def test_every_room_is_found() -> None:
    assert {"language", "checks", "count", "ledger", "forensics"} <= ROOMS.keys()


@pytest.mark.parametrize(("room", "code"), OTHERS)
def test_a_language_has_every_sentence_and_no_other(room: str, code: str) -> None:
    assert {base_of(key) for key in keys_of(room, code)} == {base_of(key) for key in keys_of(room, "en")}


@pytest.mark.parametrize(("room", "code"), OTHERS)
def test_a_sentence_has_the_same_gaps_in_each_language(room: str, code: str) -> None:
    english = keys_of(room, "en")
    gaps = {base_of(key): set(GAP.findall(text)) for key, text in english.items() if not key.endswith(".one")}
    for key, text in keys_of(room, code).items():
        if not key.endswith(".one"):
            assert set(GAP.findall(text)) == gaps[base_of(key)], key


@pytest.mark.parametrize(("room", "code"), [(room, code) for room in ROOMS for code in languages()])
def test_plural_forms_are_whole(room: str, code: str) -> None:
    """Every form that a number up to a thousand takes in the language."""
    wanted = {languages()[code].plural(number) for number in range(1001)}
    held = keys_of(room, code)
    for base in {base_of(key) for key in held if key != base_of(key)}:
        forms = {key.rpartition(".")[2] for key in held if base_of(key) == base and key != base}
        assert wanted <= forms, f"{base} lacks {wanted - forms}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_sentence_that_is_said_is_there_with_its_gaps(room: str) -> None:
    held = keys_of(room, "en")
    bases = {base_of(key) for key in held}
    for path in _own(room):
        for use in uses(path):
            plural = use.method == "plural"
            assert use.key in (bases - held.keys() if plural else held), f"{use.where}: no sentence {use.key}"
            if use.given is not None:
                texts = [text for key, text in held.items() if base_of(key) == use.key]
                gaps = {gap for text in texts for gap in GAP.findall(text)} - ({"n"} if plural else set())
                assert use.given == gaps, f"{use.where}: {use.key} has the gaps {sorted(gaps)}"


@pytest.mark.parametrize("room", ROOMS)
def test_no_sentence_is_unused(room: str) -> None:
    said = {text for path in modules(ROOMS[room]) for text in strings(path)}
    begun = tuple(text.removesuffix("*") for text in said if text.endswith("*") and "." in text)
    unused = [key for key in keys_of(room, "en") if not {key, base_of(key)} & said and not key.startswith(begun)]
    assert not unused


def _own(room: str) -> list[Path]:
    return [path for path in modules(ROOMS[room]) if f"{room}.texts" in path.read_text() or room == "language"]

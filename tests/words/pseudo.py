"""A pseudo-language: English with every letter accented, a third longer, written from right to left.

Where it appears on a page, the sentence comes from a catalogue and has room; where plain English appears, it does not.
Its plural forms are Arabic's, so that all six are asked for. `python -m tests.words.pseudo FOLDER` writes it.
"""

import json
import re
import sys
from pathlib import Path

import typer

from tests.words.source import FORMS, rooms
from tests.words.test_catalogues import bases_of
from veedor.catalogue import sentences
from veedor.cli import application
from veedor.cli.help import HELP_TEXTS, ROOM, english_help

CODE = "qps"
NAME = "⟦Ṕšéúðø⟧"
PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ACCENTED = "ÀƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞɊŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþɋŕšţûṽŵẋýž"
LONGER = "·"
MARK = "\u200f"
"""Right-to-left mark, at both ends of a sentence."""


def pseudo(sentence: str) -> str:
    """The sentence accented, with a third more characters, its gaps as they are."""
    parts = re.split(r"(\{\w+\})", sentence)
    letters = "".join(
        part.translate(str.maketrans(PLAIN, ACCENTED)) if at % 2 == 0 else part for at, part in enumerate(parts)
    )
    return f"{MARK}{letters}{LONGER * -(-len(sentence) // 3)}{MARK}"


def write(folder: Path) -> Path:
    """The catalogues of every room in FOLDER/qps; the folder is what VEEDOR_LANGUAGES names."""
    (folder / CODE).mkdir(parents=True)
    for room, texts in rooms().items():
        held = {key: text for key, text in sentences(texts, room, "en").items() if not key.startswith("language.")}
        bases = bases_of(held)
        lines = [f"{key} = {json.dumps(pseudo(text))}" for key, text in held.items() if bases[key] == key]
        for base in sorted({base for key, base in bases.items() if base != key}):
            lines += [f"{base}.{form} = {json.dumps(pseudo(held[f'{base}.other']))}" for form in sorted(FORMS)]
        if room == "language":
            lines += [f"language.name = {json.dumps(NAME)}", 'language.direction = "rtl"', 'language.locale = "ar"']
        (folder / CODE / f"{room}.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    helped = [f"{name} = {json.dumps(text)}" for name, text in help_in_pseudo().items()]
    (folder / CODE / f"{ROOM}.toml").write_text("\n".join(helped) + "\n", encoding="utf-8")
    return folder


def help_in_pseudo() -> dict[str, str]:
    """The help of every command: its English is in the code; the library's words have their Spanish to say where."""
    whole = typer.main.get_command(application())
    texts = {".".join(map(json.dumps, name.split("."))): pseudo(text) for name, text in english_help(whole)}
    added = {name: text for name, text in sentences(HELP_TEXTS, ROOM, "es").items() if name.startswith(ADDED)}
    for name, text in added.items():
        table, _, rest = name.partition(".")
        texts[f"{table}.{json.dumps(rest)}"] = pseudo(rest if table == "heading" else text)
    return texts


ADDED = ("frame.", "heading.", "every.help")


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))  # noqa: T201

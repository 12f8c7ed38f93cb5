"""A pseudo-language: English with every letter accented, a third longer, written from right to left.

Where it appears on a page, the sentence comes from a catalogue and has room; where plain English appears, it does not.
Its plural forms are Arabic's, so that all six are asked for. `python -m tests.words.pseudo FOLDER` writes it.
"""

import json
import re
import sys
from pathlib import Path

from tests.words.source import FORMS, rooms
from tests.words.test_catalogues import bases_of
from veedor.catalogue import sentences

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
    return folder


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))  # noqa: T201

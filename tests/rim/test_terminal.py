"""What reaches a terminal: nothing that steers it, whoever wrote the text."""

import io
import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from veedor.rim.terminal import Shielded, folded, one_line, plain_name, printable

BIDI = [chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]
"""Unicode Standard Annex 9, table 4 and section 2: marks, embeddings, overrides and isolates."""


@given(st.text())
def test_no_control_or_format_character_is_left(text: str) -> None:
    left = [unicodedata.category(char) for char in printable(text) if char not in "\n\t"]
    assert not {"Cc", "Cs", "Zl", "Zp"} & set(left)
    assert not any(mark in printable(text) for mark in BIDI)


@given(st.text())
def test_a_document_means_the_same_to_a_program(text: str) -> None:
    shown = printable(json.dumps({"name": text}, ensure_ascii=False))
    assert json.loads(shown) == {"name": text}


def test_what_cannot_be_seen_is_shown() -> None:
    assert printable("a\x1b[2Jb\x07") == "a\\u001b[2Jb\\u0007"
    assert printable("\x9b1m \u202egnp.exe \u200b \U000e0041") == "\\u009b1m \\u202egnp.exe \\u200b \\udb40\\udc41"
    assert printable("línea\n\tüñ 東京 עברית") == "línea\n\tüñ 東京 עברית"
    assert one_line("a\nverified: yes\r") == "a\\nverified: yes\\u000d"


def test_names() -> None:
    assert plain_name("Ñuflo de Chávez")
    assert not any(plain_name(name) for name in ("", "  ", "a\nb", "a\tb", "a\u202eb", "\u200b", "a\x1bb"))
    assert folded("ＲＥＤＳ  party\u200b") == folded("reds Party")
    assert folded("Cafe\u0301") == folded("CAFÉ")


class Screen(io.StringIO):
    def __init__(self, person: bool) -> None:
        super().__init__()
        self.person = person

    def isatty(self) -> bool:
        return self.person


def test_a_shielded_stream_lets_colours_of_a_terminal_pass_and_nothing_else() -> None:
    for person, wanted in ((True, "\x1b[1mbold\x1b[0m \\u001b[2J\\u001b]0;title\\u0007"), (False, None)):
        below = Screen(person)
        Shielded(below).write("\x1b[1mbold\x1b[0m \x1b[2J\x1b]0;title\x07")
        assert below.getvalue() == (wanted or "\\u001b[1mbold\\u001b[0m \\u001b[2J\\u001b]0;title\\u0007")

"""Whatever reaches a terminal goes through here: names and cells of files may hold what steers it.

A terminal obeys what it is sent: ESC and the C1 controls move its cursor, change its title and clear what stood there;
a carriage return writes over the line; marks of direction and of no width make a text read as another one.
"""

import io
import re
import sys
import unicodedata
from typing import IO, TextIO

STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but for tab and newline, DEL, C1
    "\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # direction and no width
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0"  # drawn as nothing
    "\u2028\u2029\ufff0-\ufffb"  # lines, and marks between lines
    "\ud800-\udfff"  # halves of characters: bytes of a file's name that are not UTF-8
    "\U000e0000-\U000e0fff\U0001d173-\U0001d17a"  # tags, more selectors, beams
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3]"  # joiners of hieroglyphs, overlaps of shorthand
)
"""Every character that a terminal obeys or does not show."""

_STYLE = re.compile(r"(\x1b\[[0-9;]*m)")
"""Colour and weight, as our own tables use them."""


def printable(text: str) -> str:
    r"""The text with `\u001b` and the like in the place of what steers a terminal; tabs and line ends stay.

    The form is that of JSON, so that a document in which it stands says the same to a program.
    """
    return STEERING.sub(_escaped, text)


def one_line(text: str) -> str:
    """As `printable`, on one line: for a name or a cell, whose line end could look like a sentence of ours."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def plain_name(text: str) -> bool:
    """True if a name can be shown as it is: nothing that steers a terminal, no tab or line end, and some letter."""
    return not STEERING.search(text) and "\n" not in text and "\t" not in text and bool(text.strip())


def folded(text: str) -> str:
    """A name as a reader sees it: compatibility forms, case, accents' order, marks and spaces made alike (NFKC)."""
    seen = STEERING.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(unicodedata.normalize("NFKC", seen.casefold()).split())


def _escaped(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{int.from_bytes(units[at : at + 2], 'big'):04x}" for at in range(0, len(units), 2))


class Shielded(io.TextIOBase):
    """A stream that writes what is `printable`; where it is a terminal, the colours of our own tables pass."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._styled = stream.isatty()

    def write(self, text: str) -> int:
        """Write the text, harmless."""
        if self._styled:
            pieces = _STYLE.split(text)
            self._stream.write("".join(one if at % 2 else printable(one) for at, one in enumerate(pieces)))
        else:
            self._stream.write(printable(text))
        return len(text)

    @property
    def buffer(self) -> IO[bytes]:
        """The bytes below, for documents that are no text for people: whoever writes there answers for them."""
        return self._stream.buffer

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """As the stream's own."""
        return self._stream.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """As the stream's own."""
        return self._stream.errors

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()

    def isatty(self) -> bool:
        """True if a person looks at it."""
        return self._styled

    def fileno(self) -> int:
        """As the stream's own."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """It is there to be written."""
        return True


def below(stream: TextIO) -> TextIO:
    """The stream itself, for what moves the cursor on purpose; nothing from elsewhere may be written there."""
    return stream._stream if isinstance(stream, Shielded) else stream


def shield() -> None:
    """Put both outputs of this program behind `Shielded`; once."""
    if not isinstance(sys.stdout, Shielded):
        sys.stdout = Shielded(sys.stdout)
    if not isinstance(sys.stderr, Shielded):
        sys.stderr = Shielded(sys.stderr)

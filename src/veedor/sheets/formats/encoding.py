"""Text of a published file as UTF-8, and the bytes that are no text in the encoding declared."""

import codecs

import numpy as np

from veedor.errors import Fault, InputError
from veedor.sheets.formats.rows import MOST_FAULTS, check_number

PIECE = 2**16
HEAD = 2**12

LONGEST_NAME = 40

NO_TEXT = frozenset({"idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
"""Encodings that Python knows and in which one text can be written in several ways, or which depend on the machine."""

SIGNATURES = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte-order marks; a file that begins with one is in that encoding, whatever the layout says."""


def as_utf8(data: bytes, encoding: str, file: str) -> tuple[bytes, list[Fault]]:
    """The text in UTF-8 without byte-order mark, and a fault for each row with bytes that cannot be decoded.

    An undecodable byte stands as `?` in the text, so that the rows around it can still be told apart.
    """
    encoding = _named(data, encoding)
    try:
        codec = _codec(encoding)
        if not codec.startswith(("utf-16", "utf-32")) and (wide := utf_16_without_mark(data)):
            raise InputError([_utf_16(file, codec, wide)])
        if codec == "utf-8":
            data = data.removeprefix(codecs.BOM_UTF8)
            _check(data)
        else:
            data = data.decode(codec).encode()
        return data, _zeros(data, file) if b"\0" in data else []
    except LookupError as problem:
        fault = Fault(
            file=file, found=f"the encoding '{encoding[:60]}' in the layout", wanted="utf-8, latin-1, windows-1252"
        )
        raise InputError([fault]) from problem
    except UnicodeDecodeError as problem:
        if codec.startswith(("utf-16", "utf-32")):
            raise InputError([_undecodable(file, None, problem.start, data, codec)]) from problem
    except UnicodeError as problem:  # of an encoding that does not say where
        fault = Fault(file=file, found=f"no text in {codec} ({problem})", wanted=f"text in {codec}")
        raise InputError([fault]) from problem
    text = data.decode(codec, "surrogateescape")
    clean = text.encode("utf-8", "replace")
    return clean, _faults(data, text, codec, file)


def says_utf8(data: bytes, encoding: str) -> bool:
    """True if the text is said to be UTF-8, with or without byte-order mark; it may not be."""
    try:
        return _codec(_named(data, encoding)) == "utf-8"
    except LookupError:
        return False


def _codec(encoding: str) -> str:
    """Python's own name of an encoding in which texts are published. LookupError for any other."""
    if len(encoding) > LONGEST_NAME:
        raise LookupError(f"an encoding's name of {len(encoding)} characters")
    try:
        name = codecs.lookup(encoding).name
    except ValueError:  # a zero byte in the name
        raise LookupError("a name that is none") from None
    if name in NO_TEXT:
        raise LookupError(f"{name} is not how texts are published")
    return name


def utf_16_without_mark(data: bytes) -> str | None:
    """The encoding of a text in UTF-16 that does not begin with its mark: every other byte of most letters is zero."""
    head = np.frombuffer(data[:HEAD], np.uint8)
    zero = [np.mean(part == 0) if len(part) else 0.0 for part in (head[::2], head[1::2])]
    for encoding, empty, full in (("utf-16-le", zero[1], zero[0]), ("utf-16-be", zero[0], zero[1])):
        if empty > 0.5 and full < 0.1:
            return encoding
    return None


def _utf_16(file: str, codec: str, wide: str) -> Fault:
    return Fault(
        file=file,
        found="text in UTF-16 without a byte-order mark",
        wanted=f"text in {codec}",
        remedy=f'write encoding = "{wide}" in the layout',
    )


def _named(data: bytes, encoding: str) -> str:
    return next((named for signature, named in SIGNATURES if data.startswith(signature)), encoding)


def _zeros(data: bytes, file: str) -> list[Fault]:
    """A fault for each row that holds a zero byte: no text does, and some programs take it for the end of a cell."""
    raw = np.frombuffer(data, np.uint8)
    zeros, ends = np.flatnonzero(raw == 0), np.flatnonzero(raw == 10)
    rows, first = np.unique(np.searchsorted(ends, zeros), return_index=True)
    rows, first = rows[: MOST_FAULTS + 1], first[: MOST_FAULTS + 1]
    begins = np.concatenate([[0], ends + 1])[rows]
    remedy = "is the file damaged, or is it UTF-16 without a byte-order mark?"
    faults = []
    for row, begin, zero in zip(rows + 1, begins, zeros[first], strict=True):
        before = data[max(begin, zero - 30) : zero].decode("utf-8", "ignore")
        found = f"a byte of value 0 after {before!r}"
        faults.append(Fault(file=file, row=int(row), found=found, wanted="text and nothing else", remedy=remedy))
    check_number(faults)
    return faults


def _check(data: bytes) -> None:
    """Raise unless the bytes are UTF-8. Piece by piece: a text of the whole would only be thrown away."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data), PIECE):
        decoder.decode(data[start : start + PIECE])
    decoder.decode(b"", final=True)


def _faults(data: bytes, text: str, codec: str, file: str) -> list[Fault]:
    if codec == "utf-8":  # one `?` for each undecodable byte: the same length, so that the bytes can be compared
        raw, clean = np.frombuffer(data, np.uint8), np.frombuffer(text.encode("utf-8", "replace"), np.uint8)
        offsets = np.flatnonzero(raw != clean)
    else:  # one character for each byte
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        offsets = np.flatnonzero((points >= 0xDC80) & (points <= 0xDCFF))
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    lines, first = np.unique(np.searchsorted(ends, offsets) + 1, return_index=True)
    faults = [
        _undecodable(file, int(line), int(offsets[index]), data, codec)
        for line, index in zip(lines[: MOST_FAULTS + 1], first, strict=False)
    ]
    check_number(faults)
    return faults


def _undecodable(file: str, row: int | None, offset: int, data: bytes, codec: str) -> Fault:
    return Fault(
        file=file,
        row=row,
        found=f"the byte 0x{data[offset]:02x} at offset {offset}",
        wanted=f"text in {codec}",
        remedy="is `encoding` in the layout right? Many files are latin-1 or windows-1252",
    )

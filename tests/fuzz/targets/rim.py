"""The rim's own functions, through which everything from outside comes in or goes out."""

import io
import json
import os
import re
import unicodedata
from collections.abc import Sequence
from random import Random

from tests.fuzz.mutate import folder, one_of, raw, table, tree
from tests.fuzz.overlay import changes_of, folder_with, smaller
from tests.fuzz.target import Mutator, Target, require

STEERS = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories of Unicode whose characters steer a terminal or are not seen: controls, formats, halves, separators."""
SEEN = frozenset("\n\t\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
"""Of them what may stay: line end and tab; and signs that are drawn around the digits that follow (PropList.txt)."""

SIGNS = (b"\x1b]0;x\x07", b"\x9b2J", b"\xc2\x9b2J", "\u202e\u2066\u200d\ufeff\u00ad\u061c".encode(), b"\r", b"\x7f",
         "\U000e0041\ufe0f\u2028\u3164".encode(), b"\xed\xa0\x80", b"\\u001b", b"\x1b[31m")  # fmt: skip


def _steers(text: str) -> bool:
    return any(unicodedata.category(char) in STEERS and char not in SEEN for char in text)


def _run_printable(data: bytes) -> object:
    from veedor.rim.terminal import folded, one_line, plain_name, printable

    text = data.decode("utf-8", "surrogateescape")
    shown = printable(text)
    require(not _steers(shown), "what is printed holds nothing that steers a terminal")
    require(printable(shown) == shown, "what is harmless is printed as it is")
    require("\n" not in one_line(text) and "\t" not in one_line(text), "one line is one line")
    require(not plain_name(text) or one_line(text) == text, "a plain name is shown as it is")
    require(folded(folded(text)) == folded(text), "what is folded is folded once for all")
    return shown


def _run_shielded(data: bytes) -> object:
    from veedor.rim.terminal import Shielded

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    text = data.decode("utf-8", "replace")
    plain, styled = io.StringIO(), Terminal()
    for stream in (plain, styled):
        shield = Shielded(stream)
        require(shield.write(text) == len(text), "a stream takes all that it is given")
        shield.flush()
    require("\x1b" not in plain.getvalue(), "nothing steers a pipe's reader")
    left = re.sub(r"\x1b\[[0-9;]*m", "", styled.getvalue())
    require(not _steers(left), "colours pass, no more")
    return left


def _run_cells(data: bytes) -> object:
    from veedor.rim.csv_cells import csv_bytes, guard, rows_of, unguard

    header, rows = _cells(data)
    written = csv_bytes(header, rows)
    if header:
        require(rows_of(written, "x") == (header, [row for row in rows if row]), "a table is read as it was written")
    for cell in (*header, *(cell for row in rows for cell in row)):
        require(unguard(guard(cell)) == cell, "a guarded cell unguarded is what it was")
        require(guard(cell)[:1] not in tuple("=+-@\t\r"), "no cell begins as a formula does")
    return written


def _cells(data: bytes) -> tuple[list[str], list[list[str]]]:
    """A header and rows as wide of any texts: cells apart by 0x1f, rows by 0x1e."""
    text = data.decode("utf-8", "replace")
    every = [row.split("\x1f") for row in text.split("\x1e")]
    header = every[0]
    return header, [[*row, *[""] * len(header)][: len(header)] for row in every[1:]]


def _run_table_read(data: bytes) -> object:
    from veedor.rim.csv_cells import csv_bytes, rows_of

    header, rows = rows_of(data, "x")
    require(all(len(row) == len(header) for row in rows), "each row is as wide as the header")
    again = rows_of(csv_bytes(header, rows), "x")
    require(again == (header, [row for row in rows if row]), "a table that was read is written and read the same")
    return rows


def _run_json(data: bytes) -> object:
    from veedor.rim.hostile_json import loads

    value = loads(data, "x", depth=20, most_bytes=50_000)
    require(loads(json.dumps(value).encode(), "x", depth=20, most_bytes=500_000) == value or "e" in repr(value),
            "what was read is written and read the same")  # fmt: skip
    require(_depth(value) <= 20, "nothing deeper than allowed is taken")
    return value


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(part) for part in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(part) for part in value), default=0)
    return 0


def _run_foreign(data: bytes) -> object:
    """A folder of anything: what is read lies in it, and is a regular file."""
    from veedor.errors import VeedorError
    from veedor.rim.foreign import entries, read_content, read_file

    with folder_with({"a": b"a", "b/c": b"c"}, data) as home:
        listed = list(entries(home))
        require(len({one.path for one in listed}) == len(listed), "each name is listed once")
        for name in (*changes_of(data), "a", "b/c", "b", ".", "x\0y"):
            path = home / name
            try:
                content = read_content(path, most=1 << 16, within=home)
            except VeedorError:
                continue
            real = os.path.realpath(path)
            require(real.startswith(f"{os.path.realpath(home)}/"), "nothing outside the folder is read")
            require(os.path.isfile(real), "only regular files are read")
            require(
                content.data == read_file(path, most=1 << 16), "a file is read the same with and without its folder"
            )
    return listed


def _foreign_mutator(seeds: Sequence[bytes]) -> Mutator:
    names = ("x", "b/x", "a/x", "b", "loop", "b/c/d", "é", "-rf")
    return folder.folder({"a": b"a", "b/c": b"c"}, {"": raw.raw()}, names=names)


def _json_text(data: bytes, rng: Random) -> bytes:
    return one_of((1.0, tree.json_tree()), (1.0, raw.raw((b'"a":1,"a":2', b"[" * 30, b"]" * 30, b"\\ud800", b"\\"))))(
        data, rng
    )


TABLE = b'a,b\n1,2\n\'=x,"q""r"\n'
TARGETS = (
    Target(
        name="printable",
        run=_run_printable,
        seeds=lambda: [b"plain", *SIGNS],
        mutator=lambda seeds: raw.raw(SIGNS),
        share=200,
    ),
    Target(
        name="shielded",
        run=_run_shielded,
        seeds=lambda: [b"\x1b[1mbold\x1b[0m", *SIGNS],
        mutator=lambda seeds: raw.raw(SIGNS),
        share=100,
    ),
    Target(
        name="csv-cells",
        run=_run_cells,
        seeds=lambda: [b"a\x1fb\x1e1\x1f=2\x1e'x\x1f\"y\n"],
        mutator=lambda seeds: raw.raw((b"\x1f", b"\x1e", b"=", b"'", b'"', b"\r")),
        share=200,
    ),
    Target(name="csv-read", run=_run_table_read, seeds=lambda: [TABLE], mutator=lambda seeds: table.table(), share=100),
    Target(
        name="hostile-json",
        run=_run_json,
        seeds=lambda: [b'{"a": [1, 2.5, "x\\u00e9", null, true]}'],
        mutator=lambda seeds: _json_text,
        share=200,
    ),
    Target(
        name="foreign-folder",
        run=_run_foreign,
        seeds=lambda: [b"{}"],
        mutator=_foreign_mutator,
        smaller=smaller,
        share=60,
    ),
)

"""What a file is by its first bytes, whatever it is called."""

import re

from veedor.errors import Fault, InputError

TEXTS = ("csv", "jsonl")


def check_kind(data: bytes, kind: str, file: str) -> None:
    """Raise InputError where the bytes are something else than the file's name says, with what to do about it."""
    head = data[:4_096]
    told = _told(head)
    if told is None and kind == "xlsx" and _is_text(head):
        told = "a table in text", TEXTS, "give it the ending .csv"
    if told is None:
        return
    name, fits, remedy = told
    if kind not in fits:
        ending = {"csv": "a table in text", "xlsx": "a spreadsheet"}.get(kind, kind)
        fault = Fault(file=file, found=f"{name}, under a name that promises {ending}", wanted="results", remedy=remedy)
        raise InputError([fault])


def _is_text(head: bytes) -> bool:
    return bool(head) and not re.search(rb"[\x00-\x08\x0e-\x1f]", head)


def _told(head: bytes) -> tuple[str, tuple[str, ...], str] | None:
    """What the bytes are, the formats that these may be, and what to do where a name says another."""
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "an old spreadsheet (XLS)", ("xlsx",), "give it the ending .xls"
    if head.startswith(b"PK\x03\x04"):
        sheet = b"[Content_Types].xml" in head or b"mimetypeapplication/vnd.oasis" in head or b"xl/" in head
        what = "a spreadsheet (XLSX or ODS)" if sheet else "a zip archive"
        return what, ("xlsx",), "give it the ending .xlsx or .ods" if sheet else "give it the ending .zip"
    if head.startswith(b"%PDF"):
        return "a PDF document", (), "take the tables out of it first, or ask the publisher for them as CSV"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")):
        return "a picture", (), "results in pictures have to be typed first"
    if head.startswith(b"\x1f\x8b"):
        return "data packed by gzip", (), "add the ending .gz to its name"
    if head.startswith(b"PAR1"):
        return "a parquet table", ("parquet",), "give it the ending .parquet"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<table")) or re.match(rb"<\?xml[^>]*>\s*<html", text):
        return "an HTML page", (), "open it in a browser: it may be an error page, or hold the link of the file itself"
    if text.startswith(b"<"):
        return (
            "an XML document",
            ("nist-xml",),
            "only NIST SP 1500-100 reports are read as XML; give it the ending .xml",
        )
    return None


def is_report(value: object) -> bool:
    """True if a JSON document is a NIST report."""
    return isinstance(value, dict) and str(value.get("@type", "")).startswith("ElectionResults.")


def shape_fault(found: object, file: str) -> Fault:
    """The fault of a JSON document in which no rows with figures were found, with its shape and what to do."""
    path, value = "", found
    for _ in range(3):
        if isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), (dict, list)):
            key = next(iter(value))
            path, value = f"{path}.{key}", value[key]
    if isinstance(value, list):
        keys = ", ".join(map(str, list(value[0])[:6])) if value and isinstance(value[0], dict) else "no objects"
        found_words = f"a JSON list of {len(value):,} entries{f' under {path}' if path else ''} (keys: {keys})"
        remedy = f"make a line of each entry: jq -c '{path}[]' {file} > {_lines(file)}, and draft from that"
    elif isinstance(value, dict) and value and all(isinstance(one, dict) for one in value.values()):
        first = next(iter(value))
        found_words = f"a JSON object of {len(value):,} objects, each under a key such as {first!r}"
        inner = f"{path or '.'} | to_entries[] | .value + {{station: .key}}"
        remedy = f"make a line of each, the key as its station: jq -c '{inner}' {file} > {_lines(file)}"
    else:
        keys = ", ".join(map(str, list(value)[:8])) if isinstance(value, dict) else type(value).__name__
        found_words = f"a JSON document of another shape (keys: {keys})"
        remedy = f"make it one object a line for each sheet (jq -c), as {_lines(file)}"
    wanted = "rows with figures, a NIST SP 1500-100 report, or one JSON object a line under the ending .jsonl"
    return Fault(file=file, found=found_words, wanted=wanted, remedy=remedy)


def _lines(file: str) -> str:
    return f"{file.rsplit('.', 1)[0]}.jsonl"

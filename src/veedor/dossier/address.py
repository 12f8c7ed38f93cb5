"""The address at which a dossier is published: its pages then name themselves by it."""

import re

from veedor.errors import VeedorError

ADDRESS = r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~%+-]+)*/"
"""Plain addresses of a folder only: they stand in every page, and readers copy them."""

LONGEST = 500


def address_of(text: str) -> str:
    """The address of a folder, with a slash at its end. Raises VeedorError."""
    found = text if text.endswith("/") else f"{text}/"
    if len(found) > LONGEST or re.fullmatch(ADDRESS, found) is None:
        raise VeedorError(f"--url {text!r}: wanted the address of a folder, such as https://example.org/election/")
    return found

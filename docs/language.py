"""A hook of the documentation site: pages below es/ say that they are in Spanish."""

from typing import Any


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """The page with the language of its text, for search engines, browsers and screen readers."""
    return output.replace('<html lang="en"', '<html lang="es"', 1) if page.file.src_uri.startswith("es/") else output

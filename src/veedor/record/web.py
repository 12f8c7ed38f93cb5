"""Requests to logs and witnesses: the program's one way of asking (`rim.fetch`), with the errors of this room."""

from veedor.record.errors import LogError
from veedor.rim import fetch
from veedor.rim.fetch import Answer

__all__ = ["Answer", "ask"]


def ask(method: str, url: str, *, body: bytes | None = None, seconds: float, limit: int) -> Answer:
    """As `rim.fetch.ask`; LogError where there is no answer."""
    try:
        return fetch.ask(method, url, body=body, seconds=seconds, limit=limit)
    except fetch.FetchError as problem:
        raise LogError(str(problem)) from None

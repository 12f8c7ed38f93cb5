"""A result read back from its file: pages know it by docs/reference/schemas, not by a type."""

from typing import Any

Parsed = Any
"""A JSON value as it was read: the tests hold every result to its schema, and no other room is given one."""

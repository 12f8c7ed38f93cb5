"""Each file of vectors names where it is from, and all of them together stay small enough to be read."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.vectors import FOLDER, vectors_of

FILES = sorted(path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.glob("*/*.json"))
OTHERS = re.compile(r"[A-Za-z][\w.-]+/[\w.-]+|https?://|\b(19|20)\d\d\b|C2SP|closed form|computed|exact")
"""A repository, an address, the year of a publication, a specification, or how it was computed."""


def named(value: Any) -> Iterator[str]:
    """Every source that a document names, at any depth."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("provenance", "source"):
                yield from [inner] if isinstance(inner, str) else [str(one) for one in inner.values()]
            yield from named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from named(inner)


@pytest.mark.parametrize("name", FILES)
def test_a_file_names_its_source(name: str) -> None:
    document = vectors_of(name)
    assert document["provenance"]
    assert any(OTHERS.search(source) for source in named(document)), (
        "no publication, repository or computation is named"
    )


def test_every_folder_is_in_the_readme() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert {name.partition("/")[0] for name in FILES} == set(re.findall(r"^\| `(\w+)/` \|", text, re.M))


def test_together_they_are_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.json")) < 2_000_000

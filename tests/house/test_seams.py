"""What rooms hand to each other has a type: neither Any nor a cast stands at a seam."""

from pathlib import Path

import pytest

from tests.seams import HERE, loose_types


@pytest.mark.slow
def test_no_loose_type_at_a_seam() -> None:
    assert [f"{one.module}:{one.line} {one.what}" for one in loose_types(HERE) if one.what != "Json"] == []


def test_a_loose_type_at_a_seam_is_seen(tmp_path: Path) -> None:
    for name, text in {
        "one/a.py": "from typing import Any\nLoose = Any\ndef f(x: Loose) -> int: ...\ndef _g(x: Any) -> int: ...\n",
        "two/b.py": "from veedor.one.a import f\nfrom typing import Any\ndef h(x: Any) -> int: ...\n",
    }.items():
        path = tmp_path / "src/veedor" / name
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    assert [(one.module, one.line, one.what) for one in loose_types(tmp_path)] == [("veedor.one.a", 3, "Any")]

"""Blank and null votes that no file of an election states: pages do not show them as zero."""

import re
from pathlib import Path

import pytest

from tests.dossier.conftest import opened_from
from tests.sheets.test_masked_sheets import HEAD, WIDE
from veedor.dossier.site import write_dossier


def pages(tmp_path: Path, columns: str, head: str) -> Path:
    """A dossier of two sheets whose file has these columns beside the choices' votes."""
    (tmp_path / "election.toml").write_text(HEAD + WIDE + columns)
    (tmp_path / "s.csv").write_text(f"station,ana,ben{head}\n1,10,20,3,4\n2,8,7,1,2\n")
    write_dossier(opened_from(tmp_path, "masked"), tmp_path / "site", data=str(tmp_path))
    return tmp_path / "site"


BLANK, NULL = 'columns.blank = "blank"\n', 'columns.null = "null"\n'


@pytest.mark.slow
@pytest.mark.parametrize(
    ("columns", "unknown", "en", "es"),
    [
        ("", '["blank","null"]', "Blank and null votes are not published.", "los nulos no se publican"),
        (
            BLANK,
            '["null"]',
            "4 blank votes are not part of the shares. Null votes are not",
            "votos nulos no se publican",
        ),
        (NULL, '["blank"]', "6 null votes are not part of the shares. Blank votes are not", "en blanco no se publican"),
        (BLANK + NULL, "[]", "4 blank and 6 null votes are not part of the shares", "4 votos en blanco y 6 nulos"),
    ],
)
def test_votes_that_no_file_has_are_not_shown_as_none(
    tmp_path: Path, columns: str, unknown: str, en: str, es: str
) -> None:
    """By hand: 3 + 1 blank and 4 + 2 null votes, where the definition reads these columns."""
    site = pages(tmp_path, columns, ",blank,null")
    for code, said in (("en", en), ("es", es)):
        page = re.sub(r"<[^>]*>", "", (site / code / "index.html").read_text(encoding="utf-8"))
        assert said in page
        assert not re.search(r"\b0 (null|blank|nulos|votos en blanco)", page)
    assert f'"not_published":{unknown}' in re.sub(r":\s", ":", (site / "data/election.js").read_text(encoding="utf-8"))

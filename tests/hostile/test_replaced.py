"""While its file is replaced, a command shows one version's hash and figures, or says that the file changed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.hostile.command import Ended
from tests.hostile.replaced import ASKED, Pair, count, figures_in, placed, refused, replacing, report, together

SMALL = Pair(sheets=40, spread=10)
FIRST, SECOND = (next(hashed for hashed, (name, _) in SMALL.known.items() if name == wanted) for wanted in "AB")


@pytest.mark.slow
def test_hash_and_figures_belong_together(tmp_path: Path) -> None:
    place = placed(tmp_path, SMALL)
    with replacing(place, seed=1) as replaced:
        ended = [*(count(place, number) for number in range(len(ASKED) + 1)), report(place, {})]
    assert {*ended} <= {"A", "B", "between", "refused"}
    assert replaced["whole"] > 0


def test_versions_are_of_one_length_and_of_other_figures() -> None:
    first, second = SMALL.both
    assert len(first) == len(second)
    assert figures_in(first) != figures_in(second)
    assert sum(figures_in(first)) == sum(figures_in(second))


@pytest.mark.parametrize(
    ("hashes", "figures_of"),
    [({FIRST}, "B"), ({SECOND}, "A"), ({FIRST, SECOND}, "A"), ({FIRST}, "AB"), ({"0" * 64}, "A"), (set(), "A")],
)
def test_what_does_not_belong_together_is_found(hashes: set[str], figures_of: str) -> None:
    of: Mapping[str, str] = {"A": FIRST, "B": SECOND}
    assert together(SMALL, hashes, [SMALL.known[of[name]][1] for name in figures_of]) not in ("A", "B", "between")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (1, "sheets.csv changed while it was read"),
        (2, "sheets.csv, row 3: found nothing"),
        (-9, "sheets.csv changed while it was read"),
        (70, "Traceback: sheets.csv changed while it was read"),
    ],
)
def test_no_other_end_passes_for_a_refusal(status: int, said: str) -> None:
    assert refused(Ended(status=status, out="", said=said, seconds=1, megabytes=1)) != "refused"

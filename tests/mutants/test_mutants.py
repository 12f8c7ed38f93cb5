"""The changes and their trials, on a toy whose tests leave known holes."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants import trials
from tests.mutants.__main__ import folders_for
from tests.mutants.changes import changes_of, sample
from tests.mutants.trials import in_child

ROOT = Path(__file__).parents[2]

TOY = '''\
"""Sums."""

LIMIT = 3


def total(numbers, more=False):
    """Their sum."""
    found = 0
    for number in numbers:
        if number < 0:
            raise ValueError("below 0")
        found += number
    return found + LIMIT if more else found


class Purse:
    def __init__(self, coins):
        self.coins = coins

    @property
    def full(self):
        return len(self.coins) >= LIMIT
'''

TESTS = """\
import pytest
from toy.sums import Purse, total

@pytest.fixture(scope="module")
def three():
    return total([1, 2])

def test_a_total(three, tmp_path):
    assert three == 3

def test_a_purse():
    assert Purse([1, 2, 3]).full
    assert not Purse([1]).full
"""

SEEN = [
    (8, "constant + 1"), (8, "constant - 1"), (10, "compare < -> >="), (10, "if always"), (12, "arithmetic"),
    (12, "remove statement"), (13, "if-else: first"), (13, "return 0"), (13, "return None"),
    (18, "remove statement"), (22, "compare >= -> <"), (22, "compare >= -> >"), (22, "return 0"), (22, "return None"),
    (3, "constant + 1"), (6, "True/False"),
]  # fmt: skip
"""What the tests notice: LIMIT and 8 and 12 by a total of 3, and by a purse of three that is full."""

HOLES = [
    (3, "constant - 1"), (10, "compare < -> <="), (10, "constant + 1"), (10, "constant - 1"),
    (10, "if never"), (11, "drop body of if"), (11, "remove raise"), (13, "arithmetic + -> -"), (13, "if-else: second"),
]  # fmt: skip
"""What they do not: a purse of two, a number below 0, a total of more, and 0 and 1 as numbers to add up."""


def toy(folder: Path) -> Path:
    parts = {
        "src/toy/__init__.py": "",
        "src/toy/sums.py": TOY,
        "tests/test_sums.py": TESTS,
        "tests/conftest.py": "def pytest_report_header():\n    return 'a toy'\n",
        "tests/other/conftest.py": "def pytest_report_header():\n    return 'another'\n",
    }
    for name, text in parts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def mutants(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.mutants", "toy", "--root", str(folder), "--each", "99", *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_change_of_a_kind_is_made_where_it_stands() -> None:
    found = [(change.line, change.kind) for change in changes_of(TOY.encode())]
    assert sorted(found) == sorted(SEEN + HOLES)
    shown = {change.shown(TOY.encode()) for change in changes_of(TOY.encode())}
    assert "[compare < -> <=] `if ⟦number < 0⟧:` -> `((number) <= (0))`" in shown
    assert '[drop body of if] `⟦raise ValueError("below 0")⟧` -> `pass`' in shown


def test_a_sample_is_the_same_for_one_seed_and_another_for_another() -> None:
    one, same, other = (sample(TOY.encode(), 8, seed) for seed in ("1/toy", "1/toy", "2/toy"))
    assert one == same != other
    assert len(one) == len(set(one)) == 8
    assert sample(TOY.encode(), 20, "1/toy")[:8] == one


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ("x = a and b and c", {"and -> or", "operand 0 of and dropped", "operand 1 of and dropped"}),
        ("x = not a", {"not removed"}),
        ("x = min(a) if b else any(c)", {"min -> max", "any -> all", "if-else: first", "if-else: second"}),
        ("x = [a for a in b if a]", {"filter dropped"}),
        ("x = a[b:c]", {"slice lower +1", "slice lower -1", "slice upper +1", "slice upper -1"}),
        ("x = a // b % c", {"arithmetic // -> *", "arithmetic % -> //"}),
        ("while a:\n    break", {"while never", "remove break"}),
        ("match a:\n    case [b] if b:\n        f(b)", {"case guard always", "remove statement"}),
        ("x = 0.5", {"constant x 2"}),
        ("a[0] = b", {"remove statement", "constant + 1", "constant - 1"}),
    ],
)
def test_each_kind_of_code_has_its_changes(source: str, kinds: set[str]) -> None:
    assert kinds <= {change.kind for change in changes_of(source.encode())}


@pytest.mark.parametrize(
    "source",
    [
        '"""A text of 3 lines."""',
        "import a\nfrom b import c as d",
        "def f(a: int | None) -> str | None: ...",
        "x: int | str",
        "if TYPE_CHECKING:\n    x = 3",
        "x = f'{a + 1}'",
        "x = zip(a, b, strict=True)",
        "@dataclass(frozen=True)\nclass A: ...",
    ],
)
def test_texts_types_and_imports_are_left_alone(source: str) -> None:
    assert changes_of(source.encode()) == []


@pytest.mark.slow
def test_the_toys_holes_are_named_and_nothing_else_and_a_second_call_has_nothing_to_do(tmp_path: Path) -> None:
    folder = toy(tmp_path)
    done = mutants(folder, "--processes", "1")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("src/toy/sums.py ")]
    assert rows == [["src/toy/sums.py", str(len(SEEN + HOLES)), str(len(SEEN)), str(len(HOLES)), "0"]]
    for line, kind in HOLES:
        assert f"- src/toy/sums.py:{line} [{kind}]" in done.stdout
    assert (folder / "src/toy/sums.py").read_text() == TOY
    again = mutants(folder)
    assert again.stdout == done.stdout
    assert again.stderr == ""


@pytest.mark.parametrize(
    ("module", "called_with"),
    [
        ("count/seats", ("tests/count",)),
        ("cli/count", ("tests/count",)),
        ("cli/count_shown", ("tests/count",)),
        ("forensics/outliers", ("tests/forensics", "--ignore=tests/forensics/mixture")),
        ("forensics/mixture/model", ("tests/forensics/mixture",)),
        ("sheets/read", ("tests/sheets", "tests/draft")),
        ("errors", ("tests",)),
    ],
)
def test_a_module_is_tried_by_the_tests_of_its_room(tmp_path: Path, module: str, called_with: tuple[str, ...]) -> None:
    for room in ("count", "forensics/mixture", "sheets", "draft"):
        (tmp_path / "tests" / room).mkdir(parents=True)
    (tmp_path / "src/veedor/forensics/mixture").mkdir(parents=True)
    assert folders_for(tmp_path, f"src/veedor/{module}.py") == called_with


@pytest.mark.slow
def test_a_room_that_is_not_there_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.mutants", "nowhere", "--root", str(toy(tmp_path))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "no module in nowhere\n")


@pytest.mark.slow
def test_a_change_that_never_ends_is_noticed_by_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def for_ever(writing: int) -> None:
        while True:
            pass

    monkeypatch.setattr(trials, "LEAST_SECONDS", 1)
    assert in_child(for_ever, 0.0).by == "time"
    assert in_child(lambda writing: None, 0.0).by == ""

"""The public sample: the golden samples of docs/reference/audit.md, again by this code and by another language's."""

import re
import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.draw.sampling import ballots, consistent_sampler, equal_probability, proportional
from veedor.errors import VeedorError

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/audit.md"
SEED = "31415926535897932384"
IDS = [f"{n:05d}" for n in range(34555)]
WEIGHTS = [n % 97 for n in range(34555)]
NAMES = ["La Paz, mesa 1", "Potosí, mesa 2", "Ñuflo de Chávez, mesa 3", "São Paulo, mesa 4", "北京 5", "😊 6"]


def golden(name: str) -> list[str]:
    """A sample as the page has it: a block of code whose first line names it."""
    found = re.search(rf"```text\n{re.escape(name)}\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"docs/reference/audit.md has no golden sample {name!r}"
    return found[1].split("\n")


def test_golden_equal_probability() -> None:
    assert [one.unit for one in equal_probability(IDS, SEED, 10)] == golden("equal probability, 10 of 00000..34554")


def test_golden_names_beyond_ascii() -> None:
    assert [one.unit for one in equal_probability(NAMES, SEED, 6)] == golden("equal probability, six names")


def test_golden_proportional() -> None:
    places = proportional(WEIGHTS, SEED, 10)
    assert [IDS[place] for place in places] == golden("proportional to weight, 10 draws, weight of n is n mod 97")


def test_golden_ballots() -> None:
    assert [str(place) for place in ballots(6460515, SEED, 10)] == golden("ballots, 10 of 6460515, counted from 0")


def test_ballots_are_drawn_once_and_evenly() -> None:
    """All of 40 come in some order; over 2,000 seeds the first is even: chi-squared, 0.999 quantile with 39 degrees."""
    assert sorted(ballots(40, SEED, 40)) == list(range(40))
    assert ballots(40, SEED, 40)[:7] == ballots(40, SEED, 7)
    counts = np.bincount([ballots(40, str(seed), 2)[1] for seed in range(2000)], minlength=40)
    assert ((counts - 50) ** 2 / 50).sum() < 72.06
    with pytest.raises(VeedorError, match="41 ballots cannot be drawn from 40"):
        ballots(40, SEED, 41)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "name", "lines"),
    [
        ("equal", "equal probability, 10 of 00000..34554", IDS),
        ("equal", "equal probability, six names", NAMES),
        ("weighted", "proportional to weight, 10 draws, weight of n is n mod 97",
         [f"{unit} {weight}" for unit, weight in zip(IDS, WEIGHTS, strict=True)]),
        ("ballots", "ballots, 10 of 6460515, counted from 0", ["6460515"]),
    ],
)  # fmt: skip
def test_another_language_draws_the_same_sample(how: str, name: str, lines: list[str]) -> None:
    if shutil.which("node") is None:
        pytest.skip("needs the program node, which is not installed")
    command = ["node", str(ROOT / "tests/peers/audit_sample.mjs"), how, SEED, str(len(golden(name)))]
    run = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    assert run.stdout.strip().split("\n") == golden(name)


def test_the_other_languages_script_is_short() -> None:
    lines = (ROOT / "tests/peers/audit_sample.mjs").read_text(encoding="utf-8").splitlines()
    assert sum(1 for line in lines if line and not line.startswith("//")) <= 15


def test_a_ticket_is_the_hash_of_canonical_bytes() -> None:
    (one,) = equal_probability(["Potosí, mesa 2"], SEED, 1)
    assert one.number == sha256(b"veedor/ticket/1\0" + SEED.encode() + b"\0Potos\xc3\xad, mesa 2").hexdigest()


@pytest.mark.slow
@given(st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1), unique=True))
def test_the_order_of_the_list_and_other_units_do_not_matter(ids: list[str]) -> None:
    whole = [one.unit for one in equal_probability(ids, "7", len(ids))]
    assert whole == [one.unit for one in equal_probability(ids[::-1], "7", len(ids))]
    part = ids[: len(ids) // 2]
    assert [unit for unit in whole if unit in set(part)] == [
        one.unit for one in equal_probability(part, "7", len(part))
    ]


@pytest.mark.slow
def test_a_sample_grows_without_changing_what_was_drawn() -> None:
    first = equal_probability(IDS, SEED, 50)
    assert equal_probability(IDS, SEED, 200)[:50] == first
    assert proportional(WEIGHTS, SEED, 30) == proportional(WEIGHTS, SEED, 10) + proportional(
        WEIGHTS, SEED, 20, after=10
    )
    assert consistent_sampler(IDS, SEED, 40)[:20] == consistent_sampler(IDS, SEED, 20)


def test_pruning_leaves_the_smallest_tickets() -> None:
    """The sampler throws most tickets away as it goes; the plain way sorts them all."""
    plain = sorted(IDS, key=lambda unit: sha256(b"veedor/ticket/1\0" + SEED.encode() + b"\0" + unit.encode()).digest())
    for size in (1, 255, 256, 257, 5000):
        assert [one.unit for one in equal_probability(IDS, SEED, size)] == plain[:size]


def test_weights_decide_the_chances() -> None:
    """Chi-squared of 40,000 draws on five weights: its 0.999 quantile with 4 degrees of freedom is 18.47."""
    weights = [1, 2, 0, 7, 10]
    counts = np.bincount(proportional(weights, SEED, 40_000), minlength=5)
    assert counts[2] == 0
    expected = np.array([1, 2, 7, 10]) / 20 * 40_000
    assert ((counts[[0, 1, 3, 4]] - expected) ** 2 / expected).sum() < 18.47


def test_faulty_lists_and_seeds_are_refused() -> None:
    with pytest.raises(VeedorError, match="twice"):
        equal_probability(["a", "b", "a"], SEED, 1)
    with pytest.raises(VeedorError, match="seed is empty"):
        equal_probability(["a"], "", 1)
    with pytest.raises(VeedorError, match="zero byte"):
        equal_probability(["a\0b"], SEED, 1)
    with pytest.raises(VeedorError, match="all weights are 0"):
        proportional([0, 0], SEED, 1)

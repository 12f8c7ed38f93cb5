"""Exact versions with hashes fit pyproject.toml, and do not say where packages come from; so do the sums of dist/."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from release import dist
from release.calls import ReleaseError
from release.pins import CONSTRAINTS, TOOLS, pins
from release.project import dependencies, oldest_python
from tests.conftest import ROOT


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def group(name: str) -> list[str]:
    lines = tomllib.loads(text_of("pyproject.toml"))["dependency-groups"][name]
    assert isinstance(lines, list)
    return lines


@pytest.mark.parametrize(("name", "wanted"), [(CONSTRAINTS, dependencies(ROOT)), (TOOLS, group("release"))])
def test_every_requirement_is_pinned_within_its_bounds(name: str, wanted: list[str]) -> None:
    pinned = pins(text_of(name))
    for requirement in map(Requirement, wanted):
        versions = [version for package, version in pinned if package == canonicalize_name(requirement.name)]
        assert versions, f"{requirement.name} is not in {name}: run make pins"
        assert all(map(requirement.specifier.contains, versions)), f"{requirement}, but {versions}: run make pins"


@pytest.mark.parametrize("name", [CONSTRAINTS, TOOLS])
def test_every_pin_has_hashes_and_no_line_says_where_from(name: str) -> None:
    text = text_of(name)
    plain = re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE)
    blocks = re.split(r"^(?=[a-z])", plain, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pins(text)) > 20
    line = r" \\\n    --hash=sha256:[0-9a-f]{64}"
    for block in blocks:
        assert re.fullmatch(rf"[a-z0-9-]+==[^ ]+( ; [^\\]+?)?({line})+\n", block), block[:200]
    assert not re.search(r"://|--(index|extra|find|trusted)", text)


def test_the_lowest_versions_are_those_of_the_oldest_python() -> None:
    assert oldest_python(ROOT) == "3.11"


def test_what_needs_nothing_at_run_time_is_not_pinned_for_it() -> None:
    """What `pip install` of the release brings is what the program imports, not what its tests need."""
    assert not {name for name, _ in pins(text_of(CONSTRAINTS))} & {"pytest", "mypy", "jax", "hatchling", "uv"}


def test_sums_are_what_sha256sum_checks(tmp_path: Path) -> None:
    dist.write(tmp_path / "dist", {"b.txt": b"", "a.txt": b"abc"})
    assert (tmp_path / "dist/SHA256SUMS").read_text() == (  # FIPS 180-4's example, and the hash of nothing
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  a.txt\n"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  b.txt\n"
    )
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path / "dist", check=True)


def test_only_files_of_an_earlier_release_are_replaced(tmp_path: Path) -> None:
    dist.write(tmp_path, {"old.whl": b"1"})
    dist.write(tmp_path, {"new.whl": b"2"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "new.whl"]
    (tmp_path / "mine.txt").write_text("kept")
    with pytest.raises(ReleaseError, match=r"mine\.txt"):
        dist.write(tmp_path, {"newer.whl": b"3"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["SHA256SUMS", "mine.txt", "new.whl"]

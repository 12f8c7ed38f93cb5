"""Try the oldest packages that pyproject.toml allows: `make lowest`. Exit status 1 where anything fails.

Two fresh environments of this Python. In one, with what veedor needs, every command runs that needs no extra. In the
other, with the extras for a witness, a cluster and the Bayesian mixture, the commands run that need these, the guide to
the record and the test of a cluster.
"""

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from release import build, smoke
from release.calls import ReleaseError, output_of
from release.environments import fresh, program, uv
from release.project import ROOT, dependencies

EXTRAS = ("witness", "cluster", "bayes")
TESTS = ("tests/record/test_guide.py", "tests/interruption/test_workers.py::test_a_cluster_of_separate_processes")
NEEDED_BY_TESTS = ("hypothesis", "pytest")


def main() -> int:
    """Both environments; every failure is shown, and counted."""
    failures = 0
    try:
        with tempfile.TemporaryDirectory(prefix="veedor-lowest-") as folder:
            for good, line in tried(ROOT, Path(folder)):
                failures += not good
                print(line if good else f"FAILED {line}", flush=True)
    except ReleaseError as reason:
        print(f"the lowest versions do not work: {reason}", file=sys.stderr)
        return 1
    print(f"{failures} steps failed" if failures else "every command works with the lowest versions")
    return 1 if failures else 0


def tried(root: Path, scratch: Path) -> Iterator[tuple[bool, str]]:
    """Install and run; for each step whether it is well, and a line."""
    built = build.built(root, scratch / "build", build.ONE, build.ONE.modified)
    (name,) = (name for name in built if name.endswith(".whl"))
    wheel = scratch / name
    wheel.write_bytes(built[name])
    for extras in ((), EXTRAS):
        environment = installed(root, scratch / f"environment-{len(extras)}", wheel, extras)
        folder = scratch / f"steps-{len(extras)}"
        folder.mkdir()
        yield (
            True,
            f"{'with ' + ', '.join(extras) if extras else 'without extras'}: {versions(root, environment, extras)}",
        )
        yield from smoke.run(smoke.steps_with_extras() if extras else smoke.steps(root), environment, folder)
        if extras:
            yield tested(root, environment)


def installed(root: Path, folder: Path, wheel: Path, extras: tuple[str, ...]) -> Path:
    """A fresh environment with the lowest versions of what pyproject.toml names, and the wheel.

    A version that has no wheel for this Python is passed over: whoever installs it would need compilers.
    """
    environment = fresh(folder)
    more = [word for extra in extras for word in ("--extra", extra)]
    tests = [line for line in dependencies(root, "dev") if _name(line) in NEEDED_BY_TESTS] if extras else []
    into = ("--quiet", "--python", program(environment, "python"))
    how = ("--resolution", "lowest-direct", "--only-binary", ":all:")
    uv("pip", "install", *into, *how, "-r", "pyproject.toml", *more, *tests, folder=root)
    uv("pip", "install", *into, "--no-deps", wheel, folder=root)
    uv("pip", "check", *into, folder=root)
    return environment


def versions(root: Path, environment: Path, extras: tuple[str, ...]) -> str:
    """The versions that came of the bounds, such as `babel 2.16.0`."""
    wanted = {_name(line) for extra in (None, *extras) for line in dependencies(root, extra)}
    lines = uv("pip", "freeze", "--quiet", "--python", program(environment, "python"), folder=root).splitlines()
    return ", ".join(line.replace("==", " ") for line in lines if line.partition("==")[0] in wanted)


def tested(root: Path, environment: Path) -> tuple[bool, str]:
    """The tests that need extras."""
    line = f"pytest {' '.join(TESTS)}"
    try:
        output_of(
            [program(environment, "python"), "-m", "pytest", "-p", "no:cacheprovider", "--tb=short", *TESTS],
            folder=root,
        )
    except ReleaseError as reason:
        return False, f"{line}\n{reason}"
    return True, line


def _name(line: str) -> str:
    """The package of a requirement such as `polars>=1.30`."""
    found = re.match(r"[A-Za-z0-9._-]+", line)
    assert found is not None
    return found[0]


if __name__ == "__main__":
    sys.exit(main())

"""Make a release: `make release`. Refuses where the tree is not what was committed, or two builds are not the same."""

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from release import build, dist, pins, sbom
from release.build import sha256
from release.calls import ReleaseError, output_of
from release.environments import fresh, pip, program
from release.project import ROOT, version


def main() -> int:
    """Every step in order, each said when it is done; exit status 1 with the reason where one fails."""
    try:
        for line in made(ROOT):
            print(line, flush=True)
    except ReleaseError as reason:
        print(f"no release: {reason}", file=sys.stderr)
        return 1
    return 0


def made(root: Path) -> Iterator[str]:
    """Make the release; a line for each step."""
    require_clean(root)
    epoch = int(output_of(["git", "log", "-1", "--format=%ct"], folder=root))
    when = dt.datetime.fromtimestamp(epoch, dt.UTC).isoformat(sep=" ")
    yield f"veedor {version(root)}, commit {output_of(['git', 'rev-parse', 'HEAD'], folder=root).strip()} of {when}"
    for name in pins.SOURCES:
        pins.require_fresh(root, name)
    yield f"{' and '.join(pins.SOURCES)} are what pyproject.toml gives"
    with tempfile.TemporaryDirectory(prefix="veedor-release-") as scratch:
        files = built_twice(root, Path(scratch), epoch)
        yield "built twice, with two folders, umasks, time zones and times of the files, at two times: the same bytes"
        constraints = (root / pins.CONSTRAINTS).read_bytes()
        bill = tried(root, Path(scratch), files, constraints)
        yield "installed outside the repository with --require-hashes; veedor demo and veedor verify work there"
        name = f"veedor-{version(root)}.cdx.json"
        files |= {name: bill, pins.CONSTRAINTS: constraints}
        yield f"{name}: CycloneDX, {sbom.components(bill)} packages"
    dist.write(root / "dist", files)
    yield dist.sums(files).rstrip()
    yield "all in dist/, and these lines as dist/SHA256SUMS"


def require_clean(root: Path) -> None:
    """Raise with the files that are not as they were committed."""
    if changed := output_of(["git", "status", "--porcelain"], folder=root).rstrip():
        raise ReleaseError(f"these files are not as they were committed; commit them or take them away\n{changed}")


def built_twice(root: Path, scratch: Path, epoch: int) -> dict[str, bytes]:
    """Wheel and sdist, built under two circumstances; raises where a byte differs."""
    one = build.built(root, scratch, build.ONE, epoch)
    time.sleep(2.1)  # the clock inside a zip ticks every two seconds: a build must not tell when it was made
    other = build.built(root, scratch, build.OTHER, epoch)
    if one != other:
        differ = sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))
        shown = [f"{name}: {sha256(one.get(name, b''))}, then {sha256(other.get(name, b''))}" for name in differ]
        raise ReleaseError("two builds are not the same\n" + "\n".join(shown))
    return one


def tried(root: Path, scratch: Path, files: dict[str, bytes], constraints: bytes) -> bytes:
    """Install as docs/guide/install.md says, run the program, and write down what was installed."""
    folder = scratch / "tried"
    folder.mkdir()
    for name, data in (*files.items(), (pins.CONSTRAINTS, constraints)):
        (folder / name).write_bytes(data)
    (wheel,) = (name for name in files if name.endswith(".whl"))
    environment = fresh(folder / "environment")
    pip(environment, "install", "--require-hashes", "-r", pins.CONSTRAINTS, folder=folder)
    pip(environment, "install", "--no-deps", "--no-index", f"./{wheel}", folder=folder)
    pip(environment, "check", folder=folder)
    veedor = program(environment, "veedor")
    output_of([veedor, "demo", "--out", "demo"], folder=folder)
    output_of([veedor, "verify", "demo/dossier"], folder=folder)
    return sbom.bill(environment, root, constraints.decode())


if __name__ == "__main__":
    sys.exit(main())

"""Dossiers: verified when somebody changed them, made of elections with any names, and what is kept between reports."""

import json
import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from tests.fuzz.mutate import after_choice, chosen, folder, one_of, raw, table, toml, tree
from tests.fuzz.overlay import Files, changes_of, files_in, folder_with, scratch, smaller
from tests.fuzz.target import Mutator, Target, require
from tests.fuzz.targets.definitions import CLAIM_KEYS, KEYS, claims, definitions, election_files

if TYPE_CHECKING:
    from veedor.dossier.input import Opened

SECRET = "seal-key"
TOLD_FROM = ("site/results/manifest.json", "site/election.toml", "site/claims.toml")
"""What a dossier says of itself: where it differs, other bytes follow from it, and the dossier is another one."""


@cache
def files() -> Files:
    """An election's files and, beside them, its dossier."""
    from tests.dossier.conftest import opened_from, write_hostile
    from veedor.dossier.site import write_dossier

    home = scratch() / "dossier"
    if not home.is_dir():
        write_hostile(home / "election")
        write_dossier(opened_from(home / "election", "hostile"), home / "site", data="../election")
    return files_in(home)


def _run_verify(data: bytes) -> object:
    from veedor.dossier.verify import verify_dossier

    with folder_with(files(), data) as home:
        found = verify_dossier(home / "site", None)
        if not found.differences:
            require(_only_files(home / "site"), "a dossier that is the same holds regular files only")
            now, base = files_in(home), files()
            if all(
                now.get(name) == base.get(name) for name in base if name.startswith("election/") or name in TOLD_FROM
            ):
                law = "a dossier is the same only if its bytes are"
                require({name: each for name, each in now.items() if name.startswith("site/")} == _site(base), law)
    return [str(one) for one in found.differences]


def _site(base: Files) -> Files:
    return {name: each for name, each in base.items() if name.startswith("site/")}


def _only_files(home: Path) -> bool:
    for place, folders, names in os.walk(home):
        paths = [Path(place) / name for name in (*folders, *names)]
        if any(path.is_symlink() or not (path.is_file() or path.is_dir()) for path in paths):
            return False
    return True


def _number_in_page(data: bytes, rng: Random) -> bytes:
    return one_of((2.0, raw.number), (1.0, raw.raw((b"<script>", b"&nbsp;"))))(data, rng)


def _verify_mutator(seeds: Sequence[bytes]) -> Mutator:
    ways = {
        "election.toml": toml.toml_tree(KEYS, definitions()),
        "claims.toml": toml.toml_tree(CLAIM_KEYS, claims()),
        ".json": tree.json_tree((b"NaN", b"1e999")),
        ".csv": table.table(),
        "": _number_in_page,
    }
    names = (
        "site/.htaccess", "site/.well-known/x", "site/audit/plan.json", "site/results/mixture.json", "site/x.html",
        "site/claims.toml", "site/results/record.json", "election/.x", "site/data/chunk-1.js",
    )  # fmt: skip
    return folder.folder(files(), ways, names=names)


def _run_report(data: bytes) -> object:
    """A dossier written of any election is the same when it is verified."""
    from tests.dossier.conftest import BOMB, opened_from
    from veedor.dossier.site import write_dossier
    from veedor.dossier.verify import verify_dossier

    with folder_with(election_files(), data) as home, folder_with({}) as out:
        write_dossier(opened_from(home, "x"), out / "site", data=str(home))
        for path in (out / "site").rglob("*.html"):
            require(BOMB not in path.read_text("utf-8"), "no name of a file is a live tag of a page")
        found = verify_dossier(out / "site", home)
    require(not found.differences, "a dossier that was just written is the same")
    return found


def _report_mutator(seeds: Sequence[bytes]) -> Mutator:
    ways = {
        "election.toml": toml.toml_tree(KEYS, definitions()),
        "claims.toml": toml.toml_tree(CLAIM_KEYS, claims()),
        ".csv": table.table(b",", (b"<b>", b"\xe2\x80\xa8", b"{{ 7 * 7 }}", b"</script>", b"__proto__")),
    }
    return folder.folder(election_files(), ways)


@cache
def opened() -> "Opened":
    """The election of the base."""
    from tests.dossier.conftest import opened_from

    files()
    return opened_from(scratch() / "dossier" / "election", "hostile")


@cache
def _kept() -> Files:
    """What a report keeps for the next one, and nothing that hangs on the moment."""
    from veedor.dossier.gather import gather
    from veedor.dossier.kept import Kept

    home = scratch() / "kept"
    if not home.is_dir():
        home.mkdir()
        _with_secret(home)
        gather(opened(), Kept(folder=home))
    return files_in(home)


def _with_secret(home: Path) -> None:
    """The secret under which documents are kept, as its owner alone may read it."""
    path = home / SECRET
    if not path.exists():
        path.write_bytes(bytes(range(32)))
    if path.is_file():
        path.chmod(0o600)


@cache
def _gathered() -> str:
    from veedor.dossier.gather import gather

    return json.dumps(gather(opened()), sort_keys=True)


def _run_kept(data: bytes) -> object:
    """Kept documents that somebody changed change no figure of the next report."""
    from veedor.dossier.gather import gather
    from veedor.dossier.kept import Kept

    changes = changes_of(data)
    with folder_with(_kept(), data) as home:
        _with_secret(home)
        found = json.dumps(gather(opened(), Kept(folder=home)), sort_keys=True)
    require(found == _gathered(), "kept documents that were changed change no figure")
    return len(changes)


def _kept_mutator(seeds: Sequence[bytes]) -> Mutator:
    return folder.folder(_kept(), {"": one_of((1.0, raw.raw()), (2.0, _sealed))}, names=("x", "x/y"))


def _sealed(data: bytes, rng: Random) -> bytes:
    """A document changed as a tree under the seal that it has."""
    seal, mark, document = data.partition(b"\n")
    return seal + mark + tree.json_tree()(document, rng)


def _run_mixture(data: bytes) -> object:
    from veedor.dossier.derive.mixture import given_mixture

    document = given_mixture(data, "mixture.json", opened())
    return json.dumps(document, allow_nan=False)


def _mixtures() -> list[bytes]:
    from tests.dossier.test_given import mixture

    plain = mixture(opened(), stations=20, asked={"stations": 20, "covariates": []})
    return [
        json.dumps(plain).encode(),
        json.dumps({**plain, "asked": {"stations": None, "covariates": ["region"]}}).encode(),
    ]


NAMES = ("results/count.json", "data/places.js", "tables/places.csv", "index.html")


def _run_compare(data: bytes) -> object:
    """Two versions of a file, with a line of `---` between them."""
    from veedor.dossier.compare import differences

    name, both = chosen(data, NAMES)
    found, _, derived = both.partition(b"\n---\n")
    listed = differences(name, found, derived)
    require(bool(listed) == (found != derived), "two versions differ just if their bytes do")
    return [str(one) for one in listed]


def _versions() -> list[bytes]:
    site = _site(files())
    pairs = []
    for number, end in enumerate((".json", ".js", ".csv", ".html")):
        small = min((each for name, each in site.items() if name.endswith(end)), key=len)[:1500]
        pairs.append(bytes([number]) + small + b"\n---\n" + small)
    pairs.append(b'\0{"a": [1, 2.0, null]}\n---\n{"a": [1, 2]}')
    pairs.append(b'\1veedor.data("x",[1,2]);\n\n---\nveedor.data("x",[1,3]);\n')
    return pairs


def _compare_mutator(seeds: Sequence[bytes]) -> Mutator:
    rest = [seed[1:] for seed in seeds]

    def inner(data: bytes, rng: Random) -> bytes:
        found, mark, derived = data.partition(b"\n---\n")
        way = one_of((1.0, tree.json_tree((b"1.0", b"-0.0", b"1e0", b'"a":1,'), rest)), (1.0, raw.raw((), rest)))
        return way(found, rng) + mark + derived

    return after_choice(len(NAMES), inner)


EMPTY = b"{}"

TARGETS = (
    Target(
        name="dossier",
        run=_run_verify,
        seeds=lambda: [EMPTY],
        mutator=_verify_mutator,
        smaller=smaller,
        most_bytes=60_000,
        weight=4,
        share=10,
    ),
    Target(
        name="report",
        run=_run_report,
        seeds=lambda: [EMPTY],
        mutator=_report_mutator,
        smaller=smaller,
        most_bytes=20_000,
        weight=3,
        share=3,
    ),
    Target(
        name="kept-documents",
        run=_run_kept,
        seeds=lambda: [EMPTY],
        mutator=_kept_mutator,
        smaller=smaller,
        most_bytes=200_000,
        weight=2,
        share=5,
    ),
    Target(name="given-mixture", run=_run_mixture, seeds=_mixtures, mutator=lambda seeds: tree.json_tree((b"rhat",))),
    Target(name="differences", run=_run_compare, seeds=_versions, mutator=_compare_mutator, share=80),
)

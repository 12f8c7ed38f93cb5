"""`veedor new`: a definition drafted for a file of any kind."""

from collections.abc import Sequence
from functools import cache
from random import Random

from tests.fuzz.mutate import after_choice, archive, chosen, raw, table, tree, with_choices, xml
from tests.fuzz.overlay import folder_with
from tests.fuzz.target import Mutator, Target, require

NAMES = (
    "a.csv", "a.tsv", "a.txt", "a.xlsx", "a.ods", "a.xls", "a.parquet", "a.jsonl", "a.json", "a.xml", "a.csv.gz",
    "a.csv.xz", "a.zip", "resultados-2024-10-27.csv", "a", "a.xlsb", "a.pq.gz",
)  # fmt: skip


def _run(data: bytes) -> object:
    """The draft must be a definition that reads; what it counts on its own file is told, not raised."""
    from veedor.draft.draft import draft_of
    from veedor.election.read import election_from

    name, file = chosen(data, NAMES)
    with folder_with({name: file}) as folder:
        draft = draft_of("drafted", [folder / name])
    require(election_from(draft.text).id == draft.election.id, "a draft is a definition that reads")
    return draft


@cache
def _tables() -> list[bytes]:
    """Tables in the manner of several countries, cut to a few rows."""
    import tempfile
    from pathlib import Path

    from tests.draft import files

    found = []
    with tempfile.TemporaryDirectory() as folder:
        for make in (files.strange, files.argentine, files.french):
            path, _ = make(Path(folder))
            found.append(b"\n".join(path.read_bytes().split(b"\n")[:14]) + b"\n")
    return found


@cache
def _seeds() -> list[bytes]:
    from tests.fuzz import seeds_of_sheets as made
    from tests.sheets.small import CSV

    plain = CSV.encode()
    return with_choices(
        NAMES,
        {
            "a.csv": [plain, *_tables(), made.long_csv()],
            "resultados-2024-10-27.csv": [plain],
            "a.tsv": [plain.replace(b",", b"\t")],
            "a.txt": [plain.decode().encode("utf-16-le"), plain.decode().encode("utf-16")],
            "a.xlsx": [made.xlsx_by_hand(), made.xlsx()],
            "a.ods": [made.ods()],
            "a.xls": [made.xls()],
            "a.parquet": [made.parquet()],
            "a.jsonl": [made.json_lines()],
            "a.json": [made.nist_json()],
            "a.xml": [made.nist_xml()],
            "a.csv.gz": [archive.packed(".gz", plain)],
            "a.csv.xz": [archive.packed(".xz", plain)],
            "a.zip": [archive.zip_of([("README.md", b"read me"), ("data/results.csv", plain)])],
        },
    )


def _mutator(seeds: Sequence[bytes]) -> Mutator:
    words = (b"TOTAL", b"Mesa", b"Votos", b"Inscritos", b"Blancos", b"Nulos", b"Valid", b"Turnout")
    text = table.table(b",", words, _tables())
    others = table.table(b";", words, _tables())
    sheets = archive.zipped({".xml": xml.xml_tree(), ".rels": xml.xml_tree(), ".csv": text})

    def inner(data: bytes, rng: Random) -> bytes:
        if data.startswith(b"PK"):
            return sheets(data, rng)
        if data.startswith(b"{"):
            return (tree.json_tree() if b"\n{" not in data else tree.by_line(tree.json_tree()))(data, rng)
        if data.startswith(b"<"):
            return xml.xml_tree()(data, rng)
        if data[:4] in (b"PAR1", b"\xd0\xcf\x11\xe0", b"\xfd7zX") or data[:2] == b"\x1f\x8b":
            return raw.raw()(data, rng)
        return (others if data.count(b";") > data.count(b",") else text)(data, rng)

    return after_choice(len(NAMES), inner)


TARGETS = (Target(name="new", run=_run, seeds=_seeds, mutator=_mutator, most_bytes=16_000, weight=4, share=40),)

"""One run of every command on a small simulated election: does it work at all, with these packages?

What the figures are is for the tests. A step fails where its exit status is another than the one expected, or where a
traceback shows. Two guides are run as they stand: those of the audit and, with a witness, of the record.
"""

import os
import re
import subprocess
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 300
"""How long one step may take."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Lines of shell, and whether they are meant to be refused (exit status 1 or 2)."""

    lines: str
    refused: bool = False


ELECTION = (
    "veedor --version",
    "veedor simulate --stations 120 --seed 3 --scenario late_alteration --out town",
    "veedor simulate --stations 100 --seed 4 --format parquet --out village",
    "veedor count town",
    "veedor count town --count preliminary --snapshot all --json",
    "veedor count village --by region",
    "veedor check town",
    "veedor check town revisions --items 3 --json",
    "veedor interruption town --draws 100",
    "veedor forensics town --placebo 2",
    "veedor forensics town village --placebo 2 --out comparison.svg --language es",
    "veedor export town --out sheets.csv",
    "veedor export town --out sheets.parquet",
    "veedor export town --format nist-json --out sheets.json",
)

DRAFTS = (
    "veedor new from-csv --from sheets.csv && veedor count from-csv --data .",
    "veedor new from-parquet --from sheets.parquet && veedor count from-parquet --data .",
    "veedor new from-nist --from sheets.json && veedor count from-nist --data .",
    "veedor new from-xlsx --from sheets.xlsx && veedor count from-xlsx --data .",
)

SITE = (
    "veedor demo --out demo",
    "veedor claims demo/election",
    "veedor report town --out site",
    "veedor verify site",
)

AUDIT = (
    "veedor audit plan town",
    "veedor audit plan town --expect preliminary --audits 100",
    "veedor audit strata town --level region --seed 31415926535897932384 --draws 5",
    "veedor audit arlo town --out arlo",
    "veedor audit arlo town --manifest arlo/manifest.csv --tallies arlo/tallies.csv",
    "printf 'ballot,vote\\n1,aurora\\n2,aurora\\n3,faro\\n' > drawn.csv\n"
    "veedor audit ballots town --kind polling --drawn drawn.csv",
)

QUICK_COUNT = """
mkdir sampled && cp sheets.csv sampled
cat > sampled/quickcount.toml <<END
[frame]
file = "sheets.csv"
station = "station"
stratum = "region"
roll = "registered"
[sample]
file = "sheets.csv"
station = "station"
stratum = "region"
roll = "registered"
[reports]
file = "sheets.csv"
station = "station"
total = "cast"
null = "null"
[[choices]]
id = "aurora"
columns = "votes.aurora"
[[choices]]
id = "faro"
columns = "votes.faro"
[design]
size = 30
[release]
takes = 1
[[release.leads]]
first = "aurora"
second = "faro"
END
echo a-salt-of-more-than-thirty-two-characters > salt
veedor quickcount estimate sampled --json
veedor quickcount release sampled --json
printf 'choice,low,high,official\\nx,49,51,50\\n' > intervals.csv
veedor quickcount compare intervals.csv --json
told=$(veedor quickcount design sampled --salt salt --json)
drawn=$(veedor quickcount draw sampled --seed 31415926535897932384 --salt salt --out drawn-stations.csv --json)
entry() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
veedor quickcount open sampled --seed 31415926535897932384 --salt salt --file drawn-stations.csv \\
  --commitment "$(echo "$told" | entry commitment)" --sample "$(echo "$drawn" | entry sample)"
"""

JOINT_SEED = """
veedor record key joint.key --name town.example/joint > joint.vkey
veedor record init jointlog --origin town.example/joint --key joint.key
veedor record append town --log jointlog --key joint.key
printf 'log %s\\nquorum none\\n' "$(cat joint.vkey)" > joint.policy
veedor record key reds.joint --name reds.example.org > reds.pub
ssh-keygen -q -t ed25519 -N "" -C blues -f blues.joint
cat > joint.toml <<END
risk_limit = "10 %"
quorum = 2
[seed]
method = "commit_and_reveal"
parties = ["reds", "blues"]
where = "the main square"
when = "2 March, 10:00"
[[signatories]]
id = "reds"
name = "The reds"
role = "party"
key = "$(tail -1 reds.pub)"
[[signatories]]
id = "blues"
name = "The blues"
role = "party"
key = "$(cat blues.joint.pub)"
END
veedor audit plan town --terms joint.toml --out joint --record jointlog --policy joint.policy
for who in reds blues; do
  echo "a-secret-of-the-$who-that-nobody-else-knows" > $who.secret
done
reds() {
  veedor audit sign joint --signatory reds --key reds.joint "$@"
}
blues() {
  veedor audit statement joint --signatory blues "${@:2}" > $1
  ssh-keygen -q -Y sign -n veedor-audit -f blues.joint $1
}
reds --at 2026-03-01T10:00:00-04:00
blues answer --at 2026-03-01T10:00:00-04:00
veedor audit consent joint answer --signature answer.sig
reds --at 2026-03-01T12:00:00-04:00 --secret reds.secret
blues commitment --at 2026-03-01T12:00:00-04:00 --secret blues.secret
veedor audit commit joint commitment --signature commitment.sig
reds --at 2026-03-02T10:00:00-04:00 --secret reds.secret --reveals
blues revealed --at 2026-03-02T10:00:00-04:00 --secret blues.secret --reveals
veedor audit reveal joint revealed --signature revealed.sig
reds --at 2026-03-02T11:00:00-04:00 --seed
blues attested --at 2026-03-02T11:00:00-04:00 --seed
veedor audit attest joint attested --signature attested.sig
veedor audit log-seed joint --log jointlog --key joint.key
veedor audit draw joint --policy joint.policy
veedor audit verify joint --record jointlog --policy joint.policy
"""
"""A seed that two parties make together and put into a log before the draw; the guide to the audit rolls dice."""

RECORD = (
    "veedor record key log.key --name town.example/log > log.vkey",
    "veedor record init log --origin town.example/log --key log.key",
    "veedor record append town --log log --key log.key --count preliminary --snapshot 2031-05-18T22:40:48",
    "printf 'log %s\\nquorum none\\n' \"$(cat log.vkey)\" > policy",
    "veedor record checkpoint log --policy policy",
    "veedor record cosign log --policy policy",
    "veedor record prove log --index 0 --out 0.tlog-proof",
    "veedor record verify 0.tlog-proof --policy policy",
    "veedor record print 0.tlog-proof --policy policy --out 0.html",
    "veedor record page --policy policy --out verify.html",
    "veedor record watch log --policy policy --copy copy --once",
)

EXTRAS = (
    "veedor record serve log --port 0 & sleep 3; kill $!",
    "veedor record key witness.key --for witness --name party.example/witness > witness.vkey",
    'printf \'[[log]]\\norigin = "town.example/log"\\nkeys = ["%s"]\\n\' "$(cat log.vkey)" > logs.toml',
    "veedor record witness --logs logs.toml --state witness.sqlite --key witness.key --port 0 & sleep 4; kill $!",
    "veedor mixture village --stations 60 --chains 2 --warmup 20 --draws 20 --posterior posterior.nc",
)
"""What needs veedor[witness] and veedor[bayes]; the cluster has a test of its own."""


def steps(root: Path) -> Iterator[Step]:
    """What works without extras: every command but `record serve` and `record witness`."""
    yield from _plain((*ELECTION, *DRAFTS, *SITE))
    yield Step(lines="veedor fetch far --out fetched", refused=True)
    yield from _plain((QUICK_COUNT, *AUDIT, JOINT_SEED, *RECORD))
    yield from guide(root / "docs/guide/audit.md")


def steps_with_extras() -> Iterator[Step]:
    """What needs extras, and what that needs; the extras may have brought other versions of the rest."""
    yield from _plain((*ELECTION, *RECORD, *EXTRAS))


def guide(page: Path) -> Iterator[Step]:
    """The blocks of shell of a guide; one that is meant to be refused says `sh fails`."""
    for fails, lines in re.findall(r"```sh( fails)?\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        yield Step(lines=lines, refused=bool(fails))


def run(steps: Iterable[Step], environment: Path, scratch: Path) -> Iterator[tuple[bool, str]]:
    """Run the steps; for each whether it did what it should, and a line that says so."""
    prepare(scratch)
    settings = {
        **os.environ,
        "PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "VEEDOR_RECORD_PASSPHRASE": "a long passphrase",
        "XDG_CACHE_HOME": str(scratch / "cache"),
        "VEEDOR_CACHE": str(scratch / "cache/veedor"),
    }
    for step in steps:
        yield _ran(step, scratch, settings)


def prepare(scratch: Path) -> None:
    """A spreadsheet to read, and a definition whose file nobody serves."""
    _write_workbook(scratch / "sheets.xlsx", [("station", "north", "south"), ("1", 20, 10), ("2", 7, 12)])
    (scratch / "far").mkdir()
    (scratch / "far/election.toml").write_text(FAR, encoding="utf-8")


def _plain(lines: Iterable[str]) -> Iterator[Step]:
    return (Step(lines=one) for one in lines)


def _ran(step: Step, scratch: Path, settings: dict[str, str]) -> tuple[bool, str]:
    began = time.monotonic()
    try:
        done = subprocess.run(
            ["bash", "-eu", "-c", step.lines],
            cwd=scratch,
            env=settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False, f"{SECONDS} s and no end: {step.lines.strip()}"
    printed = done.stdout.decode(errors="replace")
    good = done.returncode in ((1, 2) if step.refused else (0,)) and "Traceback" not in printed
    words = " ".join(step.lines.split())
    said = f"{time.monotonic() - began:5.1f} s  {'refused: ' if step.refused else ''}{words[:150]}"
    return good, said if good else f"{said}\nexit status {done.returncode}\n{printed[-3000:]}"


FAR = """
id = "far"
name = { en = "Far" }
date = 2030-01-01
timezone = "UTC"

[[contests]]
id = "mayor"
name = { en = "Mayor" }
rule = { kind = "plurality" }
choices = [{ id = "north", name = { en = "North" } }, { id = "south", name = { en = "South" } }]

[[counts]]
id = "official"
kind = "official"
name = { en = "Count" }

[[counts.sources]]
file = "far.csv"
url = "http://127.0.0.1:9/far.csv"
layout = "file"

[layouts.file]
format = "csv"

[layouts.file.columns]
station = "station"

[layouts.file.columns.votes]
north = "north"
south = "south"
"""
"""Its file is where nothing listens: fetch must refuse, and say so."""


def _write_workbook(path: Path, rows: Sequence[Sequence[str | int]]) -> None:
    """The smallest spreadsheet there is: texts in place, one sheet, no styles."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    documents = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="a" Type="{documents}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{documents}">'
        '<sheets><sheet name="Sheet1" sheetId="1" r:id="b"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="b" Type="{documents}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{_rows(rows)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}')


def _rows(rows: Sequence[Sequence[str | int]]) -> str:
    """Rows of a worksheet's XML: numbers as numbers, all else as text."""
    written = []
    for number, row in enumerate(rows, start=1):
        cells = [
            f'<c r="{chr(65 + column)}{number}"><v>{cell}</v></c>'
            if isinstance(cell, int)
            else f'<c r="{chr(65 + column)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for column, cell in enumerate(row)
        ]
        written.append(f'<row r="{number}">{"".join(cells)}</row>')
    return "".join(written)

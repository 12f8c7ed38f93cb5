"""A quick count small enough to be worked out by hand: five strata in two groups, twenty stations, ten sampled."""

from pathlib import Path

FRAME = "station,stratum,group,roll\n" + "".join(
    f"{stratum}{number},{stratum},{'north' if stratum in 'AB' else 'south'},100\n"
    for stratum in "ABCDE"
    for number in range(1, 5)
)
SAMPLE = "station,stratum,roll\n" + "".join(
    f"{stratum}{number},{stratum},100\n" for stratum in "ABCDE" for number in (1, 2)
)
REPORTS = """station,x,y,null,total,time
A1,30,20,0,50,2021-06-06T20:00:00
A2,40,20,0,60,2021-06-06T20:10:00
B1,10,30,0,40,2021-06-06T20:20:00
B2,20,30,10,60,2021-06-06T20:30:00
C1,25,25,0,50,2021-06-06T20:40:00
C2,35,15,0,50,2021-06-06T20:50:00
D1,10,30,0,40,2021-06-06T21:00:00
E1,20,20,0,40,2021-06-06T21:10:00
E2,30,20,10,60,2021-06-06T21:20:00
"""
DEFINITION = """
[frame]
file = "frame.csv"
station = "station"
stratum = "stratum"
group = "group"
roll = "roll"
[sample]
file = "sample.csv"
station = "station"
stratum = "stratum"
roll = "roll"
[reports]
file = "reports.csv"
station = "station"
total = "total"
null = "null"
time = "time"
[[choices]]
id = "x"
columns = "x"
[[choices]]
id = "y"
columns = "y"
"""


def write(folder: Path, *, definition: str = DEFINITION, reports: str = REPORTS, sample: str = SAMPLE) -> Path:
    """The folder, with its four files."""
    folder.mkdir(exist_ok=True)
    for name, text in (
        ("quickcount.toml", definition),
        ("frame.csv", FRAME),
        ("sample.csv", sample),
        ("reports.csv", reports),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder

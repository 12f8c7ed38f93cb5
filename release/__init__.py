"""Making a release that anybody can make again, and trying the oldest packages that it allows. Not part of the program.

`make release` runs `python -m release`, `make lowest` runs `python -m release.lowest`; both in an environment of their
own, which holds exactly what `tools.txt` names. `python -m release.pins` writes that file and `constraints.txt` anew.
"""

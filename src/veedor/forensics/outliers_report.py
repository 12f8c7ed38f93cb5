"""Local outliers as figures, rows and a sentence: which of the two is out, and by how much."""

import numpy as np

from veedor.document import Json
from veedor.finding import Text
from veedor.forensics.methods.outliers import Outliers, Side
from veedor.forensics.stations import Ints, Stations
from veedor.forensics.texts import TEXTS
from veedor.wording import number


def outliers_effect(stations: Stations, found: Outliers) -> dict[str, Json]:
    """Stations listed, those out by either, and the sums of their distances from what is expected."""
    share, turnout, rows = found.share, found.turnout, found.listed
    return {
        "stations": len(rows),
        "stations_share": _out(share),
        "stations_turnout": _out(turnout),
        "stations_both": _both(found),
        "votes": _distance(share, stations.leading),
        "ballots": _distance(turnout, stations.turned_out),
        "dispersion": share.scatter if share else None,
        "dispersion_turnout": turnout.scatter if turnout else None,
    }


def outliers_items(stations: Stations, found: Outliers, most: int) -> tuple[dict[str, Json], ...]:
    """A row for each station listed; what is not compared is None."""
    registered, valid = stations.registered, stations.valid
    return tuple(
        {
            "station": stations.names[row],
            "out": _which(found, row),
            "leader_votes": int(stations.leading[row]),
            "expected_votes": _figure(found.share, row, expected=True),
            "valid": int(valid[row]),
            "z": _figure(found.share, row, expected=False),
            "turned_out": int(stations.turned_out[row]),
            "expected_turned_out": _figure(found.turnout, row, expected=True),
            "registered": int(registered[row]),
            "z_turnout": _figure(found.turnout, row, expected=False),
            "p_value": float(found.p[row]),
        }
        for row in found.listed[:most].tolist()
    )


def outliers_said(found: Outliers) -> Text:
    """Number of outliers by each measure, or the measure that cannot be compared."""
    if found.turnout is None:
        return TEXTS.say("outliers_report.share_only")
    if found.share is None:
        return TEXTS.say("outliers_report.turnout_only")
    return TEXTS.say(
        "outliers_report.both",
        share=number(_out(found.share) - _both(found)),
        turnout=number(_out(found.turnout) - _both(found)),
        both=number(_both(found)),
    )


def _out(side: Side | None) -> int:
    return int(np.count_nonzero(side.out)) if side else 0


def _both(found: Outliers) -> int:
    if found.share is None or found.turnout is None:
        return 0
    return int(np.count_nonzero(found.share.out & found.turnout.out))


def _distance(side: Side | None, counted: Ints) -> float:
    return float(np.abs(counted - side.expected)[side.out].sum()) if side else 0.0


def _which(found: Outliers, row: int) -> str:
    share, turnout = (side is not None and bool(side.out[row]) for side in (found.share, found.turnout))
    return "both" if share and turnout else "share" if share else "turnout"


def _figure(side: Side | None, row: int, *, expected: bool) -> float | None:
    if side is None or np.isnan(side.z[row]):
        return None
    return round(float(side.expected[row]), 1) if expected else round(float(side.z[row]), 2)

"""Reader of NIST SP 1500-100 version 2 election results, JSON and XML: one row of text cells for each reporting unit.

The cells come as from a spreadsheet, so that `layout.columns` names them like the columns of any other file.
"""

import polars as pl

from veedor.election import Layout
from veedor.errors import Fault


def nist_cells(data: bytes, file: str, layout: Layout) -> tuple[pl.DataFrame, list[Fault]]:
    """All columns are String, null where the file has no figure; rows that could not be read are in the faults.

    Columns: ObjectId, ExternalIdentifier, Name, Number, Type, VotersRegistered, Undervotes, Overvotes, BallotsCast,
    BallotsRejected, Latitude, Longitude, CountStatus, Contest, ContestId, one for each type of place above the unit,
    and one for each selection of the contest.
    """
    raise NotImplementedError

"""The interruption's document for the dossier; this module loads no other room, as it runs in a process of its own."""

from veedor.claims.draws import INTERRUPTION_DRAWS as DRAWS
from veedor.claims.draws import SEED
from veedor.document import Json
from veedor.dossier.input import Opened
from veedor.interruption.as_json import study_as_json
from veedor.interruption.findings import findings_of, study_command
from veedor.interruption.study import study
from veedor.sheets.snapshot_names import moment_named


def interruption_document(opened: Opened) -> Json:
    """`veedor interruption ELECTION --draws 1000 --json`, with those logs and groupings that are at hand.

    At the cut that the report was asked for, if it was.
    """
    zone = opened.election.zone
    cut = None if opened.cut is None else moment_named(opened.cut, zone, "--cut")
    found = study(opened.dataset.at_hand(), cut=cut, draws=DRAWS, seed=SEED)
    command = study_command(opened.dataset, cut=cut, draws=DRAWS, seed=SEED)
    return study_as_json(found, findings_of(found, command), draws=DRAWS, seed=SEED)

"""The interruption's document for the dossier; this module loads no other room, as it runs in a process of its own."""

from veedor.claims.draws import INTERRUPTION_DRAWS as DRAWS
from veedor.claims.draws import SEED
from veedor.document import Json
from veedor.dossier.input import Opened
from veedor.interruption.as_json import study_as_json
from veedor.interruption.findings import findings_of
from veedor.interruption.study import study


def interruption_document(opened: Opened) -> Json:
    """`veedor interruption ELECTION --draws 1000 --json`, with those logs and groupings that are at hand."""
    found = study(opened.dataset.at_hand(), draws=DRAWS, seed=SEED)
    command = f"veedor interruption {opened.name} --draws {DRAWS} --seed {SEED}"
    return study_as_json(found, findings_of(found, command), draws=DRAWS, seed=SEED)

"""What a reader of an estimate must know besides its figures, in sentences."""

from pathlib import Path

from veedor.catalogue import Catalogue
from veedor.finding import Text
from veedor.quickcount.missing import Most
from veedor.quickcount.night import Night
from veedor.quickcount.weights import Weighting
from veedor.wording import number

TEXTS = Catalogue(Path(__file__).parent / "texts")


def notes_of(night: Night, weighting: Weighting, most: Most | None, *, agree: bool) -> list[Text]:
    """Notes on frame, strata, missing stations and errors, the gravest first."""
    rules = [one.rule for one in weighting.collapsed]
    shared, left, zero = rules.count("shared"), rules.count("left_out"), rules.count("zero")
    paired, merged = rules.count("paired"), rules.count("merged")
    notes = [] if agree else [TEXTS.say("note.disagree")]
    if shared:
        notes.append(TEXTS.plural("note.shared", shared))
    if left:
        notes.append(TEXTS.plural("note.left_out", left))
    if paired:
        notes.append(TEXTS.plural("note.paired", paired))
    if zero:
        notes.append(TEXTS.plural("note.zero", zero))
    if merged:
        notes.append(TEXTS.plural("note.merged", merged))
    if not night.has_roll:
        notes.append(TEXTS.say("note.no_turnout"))
    if night.frame.known and not night.frame.listed and night.frame.columns:
        notes.append(TEXTS.say("note.proportional"))
    if not night.frame.known:
        notes.append(TEXTS.say("note.no_frame"))
    if most is None:
        notes.append(TEXTS.say("note.no_bound"))
    elif most.without_roll:
        notes.append(TEXTS.plural("note.without_roll", most.without_roll))
    if night.sums_differ:
        notes.append(TEXTS.plural("note.sums", night.sums_differ, of=number(night.received)))
    return notes

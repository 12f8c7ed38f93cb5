"""What always stands beside the mixture's figures."""

from collections.abc import Mapping

from veedor.finding import Text
from veedor.forensics.texts import TEXTS

STATES: Mapping[str, Text] = {
    "none": TEXTS.say("mixture.states.none"),
    "incremental": TEXTS.say("mixture.states.incremental"),
    "extreme": TEXTS.say("mixture.states.extreme"),
}
TITLE = TEXTS.say("mixture.title")
EXPECTED: Mapping[str, Text] = {
    "qbl": TEXTS.say("mixture.expected.qbl"),
    "rn": TEXTS.say("mixture.expected.rn"),
}
OTHER = TEXTS.say("mixture.explanations")
CANNOT = TEXTS.say("mixture.cannot")
CHANGED: Mapping[str, Text] = {
    "qbl": TEXTS.say("mixture.changed.qbl"),
    "bl": TEXTS.say("mixture.changed.bl"),
    "rn": TEXTS.say("mixture.changed.rn"),
}
FIGURE_NAMES: Mapping[str, Text] = {
    "turnout_mean": TEXTS.say("mixture.figure_names.turnout_mean"),
    "turnout_sd": TEXTS.say("mixture.figure_names.turnout_sd"),
    "share_mean": TEXTS.say("mixture.figure_names.share_mean"),
    "share_sd": TEXTS.say("mixture.figure_names.share_sd"),
    "correlation": TEXTS.say("mixture.figure_names.correlation"),
    "full_turnout": TEXTS.say("mixture.figure_names.full_turnout"),
    "unanimous": TEXTS.say("mixture.figure_names.unanimous"),
}
"""Of an election, that elections drawn from the fitted model are compared with."""
NOT_RUN = TEXTS.say("mixture.not_run")
SOURCE = (
    "Ferrari, McAlister and Mebane, eforensics (R package); Mebane (2019), Evidence Against Fraudulent Votes Being "
    "Decisive in the Bolivia 2019 Election"
)

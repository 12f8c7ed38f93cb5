"""What the rules of projection are called, in sentences and on the page."""

from collections.abc import Mapping

from veedor.election import Election
from veedor.finding import Text
from veedor.interruption.texts import TEXTS

NAMES: Mapping[str, Text] = {
    "pooled": TEXTS.say("rule_names.names.pooled"),
    "uniform": TEXTS.say("rule_names.names.uniform"),
    "nested": TEXTS.say("rule_names.names.nested"),
    "sheet": TEXTS.say("rule_names.names.sheet"),
    "dirichlet_multinomial": TEXTS.say("rule_names.names.dirichlet_multinomial"),
    "hierarchical": TEXTS.say("rule_names.names.hierarchical"),
}


def rule_name(rule: str, values: str, election: Election) -> Text:
    """A rule's name. values: "final" where it projects from the counted sheets as they ended, else "cut"."""
    years = {f"hierarchical_{vote.id}": vote.date.year if vote.date else vote.id for vote in election.earlier_votes}
    name = TEXTS.say("rule_names.rule_name.name", year=years[rule]) if rule in years else NAMES[rule]
    return name if values != "final" else TEXTS.say("rule_names.rule_name_text", name=name)

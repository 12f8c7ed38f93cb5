"""What the rules of projection are called, in sentences and on the page."""

from collections.abc import Mapping

from veedor.election import Election
from veedor.finding import Text
from veedor.wording import fill

NAMES: Mapping[str, Text] = {
    "pooled": Text("pooled by place", "conjunta por lugar"),
    "uniform": Text("uniform donor sheet", "acta donante uniforme"),
    "nested": Text("nested draw of places", "sorteo anidado de lugares"),
    "sheet": Text("sheet method", "método del acta"),
    "dirichlet_multinomial": Text("Dirichlet-multinomial", "Dirichlet-multinomial"),
    "hierarchical": Text("hierarchical", "jerárquica"),
}


def rule_name(rule: str, values: str, election: Election) -> Text:
    """A rule's name. values: "final" where it projects from the counted sheets as they ended, else "cut"."""
    years = {f"hierarchical_{vote.id}": vote.date.year if vote.date else vote.id for vote in election.earlier_votes}
    name = (
        fill("hierarchical with the vote of {year}", "jerárquica con la votación de {year}", year=years[rule])
        if rule in years
        else NAMES[rule]
    )
    return name if values != "final" else fill("{name}, final values", "{name}, valores finales", name=name)

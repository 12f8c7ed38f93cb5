"""How choices are shown: name, party, colour, and a shape of their own so that colour never stands alone."""

import re
from dataclasses import dataclass

from veedor.dossier.show.charts import SHAPES
from veedor.dossier.texts import TEXTS
from veedor.election import Contest
from veedor.finding import Text

PALETTE = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#b8860b", "#56789a", "#882255", "#6b7280")
"""Colours that people with colour-blindness tell apart (after Okabe and Ito), for choices that name none."""

_COLOR = re.compile(r"^#[0-9a-fA-F]{6}$")


@dataclass(frozen=True, kw_only=True)
class ShownChoice:
    """A choice as pages show it."""

    id: str
    name: Text
    party: str | None
    color: str
    shape: int

    @property
    def path(self) -> str:
        """The outline of its mark, in a box of 12 by 12."""
        return SHAPES[self.shape]

    @property
    def subtitle(self) -> str:
        """Id and party, as they stand beside the name."""
        known = {self.name.en.casefold()}
        parts = [part for part in (self.id, self.party) if part and part.casefold() not in known]
        return " · ".join(parts[:1] if len({part.casefold() for part in parts}) == 1 else parts)

    @property
    def called(self) -> Text:
        """Name and id for a sentence: Evo Morales (MAS-IPSP)."""
        if self.id == self.name.en:
            return self.name
        return TEXTS.say("choices.called", name=self.name, id=self.id)


def shown_choices(contest: Contest) -> dict[str, ShownChoice]:
    """The contest's choices by id, in ballot order."""
    return {
        choice.id: ShownChoice(
            id=choice.id,
            name=choice.name.text,
            party=choice.party,
            color=choice.color if choice.color and _COLOR.match(choice.color) else PALETTE[at % len(PALETTE)],
            shape=at % len(SHAPES),
        )
        for at, choice in enumerate(contest.choices)
    }

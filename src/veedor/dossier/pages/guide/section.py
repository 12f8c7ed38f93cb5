"""A section of the guided reading: a question, its figure, a sentence, a link deeper, and the command that gives it."""

from dataclasses import dataclass

from veedor.command import Command
from veedor.dossier.show.language import Language


@dataclass(frozen=True, kw_only=True)
class Section:
    """id: the anchor; figure: empty where there is nothing to count; link: a page of the dossier.

    command: gives every figure of the section, each at the path that it names.
    """

    id: str
    title: str
    figure: str
    sentence: str
    link: str
    link_text: str
    command: str


def section(lang: Language, name: str, figure: str, sentence: str, link: str, command: Command | str) -> Section:
    """The section of that name, with its title and the words of its link."""
    return Section(
        id=name,
        title=lang.say(f"guide.{name}"),
        figure=figure,
        sentence=sentence,
        link=link,
        link_text=lang.say(f"guide.{name}_link"),
        command=str(command),
    )

"""Page: one page of the dossier, the results that it adds to results/, and what its template is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from veedor.document import Json
from veedor.dossier.input import Opened
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published
from veedor.finding import Text


def _always(published: Published) -> bool:
    return True


@dataclass(frozen=True, kw_only=True)
class Page:
    """id: the file's name in en/ and es/, and of its template beside this module.

    derive: files in results/ that this page shows, each with the function that runs a room for it.
    conclude: such files that follow from results of other rooms: their functions are given all that `derive` made.
    context: what the template is given, from published results only; `lang`, `say` and the frame's names come along.
    applies: whether there is anything to show (a timeline needs two snapshots).
    scripts: files of assets/ that the page loads; in_menu: whether the menu lists it.
    required: whether a room that cannot run for this election ends the report; otherwise the page is left out and the
    reason stands on the page About.
    beside: whether what `derive` makes takes so long that a process of its own is worth starting; then its functions
    stand in a module that loads little.
    shared: whether what `derive` makes is done by both processes until they meet: it comes last, so that none waits.
    cached: whether what `derive` made may be taken from an earlier report of the same raw files.
    """

    id: str
    title: Text
    context: Callable[[Published, Language], Mapping[str, object]]
    derive: Mapping[str, Callable[[Opened], Json]] = field(default_factory=dict)
    conclude: Mapping[str, Callable[[Opened, Mapping[str, Json]], Json]] = field(default_factory=dict)
    applies: Callable[[Published], bool] = _always
    scripts: tuple[str, ...] = ()
    in_menu: bool = True
    required: bool = False
    beside: bool = False
    shared: bool = False
    cached: bool = True

"""The guided reading: what stands out, by meaning; then one question a section, each with its command."""

from veedor.dossier.pages.guide.meaning import Line, lines
from veedor.dossier.pages.guide.result import audit, near, other_outcomes, said, verify
from veedor.dossier.pages.guide.section import Section
from veedor.dossier.pages.guide.stop import changed, missing, projected, stopped
from veedor.dossier.show.language import Language
from veedor.dossier.show.published import Published


def sections(published: Published, lang: Language) -> list[Section]:
    """The questions that the results at hand can answer, in the order of reading; the result itself comes before."""
    made = [
        near(published, lang),
        stopped(published, lang),
        missing(published, lang),
        projected(published, lang),
        changed(published, lang),
        audit(published, lang),
        said(published, lang),
        verify(published, lang),
    ]
    return [section for section in made if section is not None]


__all__ = ["Line", "Section", "lines", "other_outcomes", "sections"]

"""The words of the page on the interruption."""

from veedor.dossier.texts import TEXTS

WORDS = TEXTS.table("interruption_sentences")

"""Sentences of the audit's page in both languages."""

from veedor.dossier.texts import TEXTS

WORDS = TEXTS.table("audit_sentences")

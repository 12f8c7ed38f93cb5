"""How much chance the dossier and the claims draw: the same, so that both say the same."""

INTERRUPTION_DRAWS, SEED = 1_000, 1
"""Draws of the interruption's projections, and their seed."""

FORENSICS_DRAWS = 19
"""Clean elections of the forensics placebo."""

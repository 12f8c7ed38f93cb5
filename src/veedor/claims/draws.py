"""Number of draws and seed shared by dossier and claims, so that their results agree."""

INTERRUPTION_DRAWS, SEED = 1_000, 1
"""Draws of the interruption's projections, and their seed."""

FORENSICS_DRAWS = 19
"""Clean elections of the forensics placebo."""

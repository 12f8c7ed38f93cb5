"""How often each finding by a test errs on simulated elections of known truth, as measured and shipped."""

from veedor.interruption.levels.table import Level, family_level, level_of

__all__ = ["Level", "family_level", "level_of"]

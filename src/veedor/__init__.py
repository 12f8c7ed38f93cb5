"""veedor: count, check and audit an election from its polling-station tally sheets."""

__version__ = "0.1.0"

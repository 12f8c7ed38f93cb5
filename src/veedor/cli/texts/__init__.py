"""The sentences of the command line, in its language. Help of commands and options: veedor.cli.help."""

from pathlib import Path

from veedor.cli.speech import Speech

TEXTS = Speech(Path(__file__).parent, "cli")

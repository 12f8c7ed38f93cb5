"""The command that gives a figure: made once, where everything that decides the figure is known."""

import shlex
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Command:
    """A veedor command, word by word, with exactly the options that decide its figures; as text it is safe to paste.

    words: what stands before the options, options: those, each with its value. Of a contest's figures it is made by
    `Dataset.command`, which knows the election's name, the contest, and whether rows were left out.
    """

    words: tuple[str, ...]
    options: tuple[str, ...] = ()

    def argument(self, *values: str) -> "Command":
        """The same with further words before its options."""
        return replace(self, words=(*self.words, *values))

    def option(self, name: str, value: object) -> "Command":
        """The same with an option; without it where the value is None, as the command then takes its default."""
        return self if value is None else replace(self, options=(*self.options, name, str(value)))

    def flag(self, name: str, given: bool = True) -> "Command":
        """The same with an option that takes no value, where it was given."""
        return replace(self, options=(*self.options, name)) if given else self

    def __str__(self) -> str:
        return shlex.join(["veedor", *self.words, *self.options])

"""Patterns of files' names: `*` for any run of characters, `{time:%Y%m%d}` for the time of a snapshot.

Names in a data folder are whatever somebody made them, and so are patterns. A name is matched piece by piece from its
end, each piece as far to the right as it can stand: that finds a match wherever there is one, and never tries twice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

LONGEST = 500
"""Characters of a pattern, at most."""

MOST_STARS = 8

PLACEHOLDER = re.compile(r"\{time:([^{}]*)\}")

DIRECTIVES = {
    "%Y": r"\d{4}",
    "%y": r"\d{2}",
    "%m": r"\d{2}",
    "%d": r"\d{2}",
    "%H": r"\d{2}",
    "%I": r"\d{2}",
    "%M": r"\d{2}",
    "%S": r"\d{2}",
    "%j": r"\d{3}",
    "%f": r"\d{1,6}",
    "%a": r"[^\W\d_]{1,20}\.?",
    "%A": r"[^\W\d_]{1,20}",
    "%b": r"[^\W\d_]{1,20}\.?",
    "%B": r"[^\W\d_]{1,20}",
    "%p": r"[AaPp][Mm]",
    "%z": r"(?:Z|[+-]\d{2}:?\d{2})",
}
"""What each directive of a time can be in a name, of bounded length."""

_WORD = re.compile(r"%.?|[^%]+", re.DOTALL)


class PatternError(ValueError):
    """A pattern that is none; the text says what is wanted."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """The part between two stars of one step of the path: a fixed text, or an expression that holds the time."""

    text: str = ""
    expression: re.Pattern[str] | None = None

    def begin(self, name: str, start: int, end: int) -> tuple[int, str | None] | None:
        """The rightmost place of the piece in name[start:end], and the time in it."""
        if self.expression is None:
            at = name.rfind(self.text, start, end)
            return None if at < 0 else (at, None)
        for at in range(end, start - 1, -1):
            if found := self.expression.match(name, at, end):
                return at, found["time"]
        return None

    def fills(self, name: str, start: int, end: int) -> tuple[int, str | None] | None:
        """Where the piece must begin to end at `end`, and the time in it."""
        if self.expression is None:
            at = end - len(self.text)
            return (at, None) if at >= start and name.endswith(self.text, start, end) else None
        for at in range(end, start - 1, -1):
            if found := self.expression.fullmatch(name, at, end):
                return at, found["time"]
        return None

    def opens(self, name: str, end: int, *, whole: bool = False) -> tuple[int, str | None] | None:
        """Where the piece ends that the name begins with, and the time in it. whole: the piece must end at `end`."""
        if self.expression is None:
            fits = name.startswith(self.text, 0, end) and not (whole and len(self.text) < end)
            return (len(self.text), None) if fits else None
        found = self.expression.fullmatch(name, 0, end) if whole else self.expression.match(name, 0, end)
        return None if found is None else (found.end(), found["time"])


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a path: the name of a file or folder. pieces: what stands before, between and after its stars."""

    pieces: tuple[Piece, ...]

    def match(self, name: str) -> tuple[str, ...] | None:
        """The texts of the time in the name; None if the name does not match."""
        if len(self.pieces) == 1:
            alone = self.pieces[0].opens(name, len(name), whole=True)
            return None if alone is None else _times(alone)
        first, *middle, last = self.pieces
        found = [last.fills(name, 0, len(name))]
        for piece in reversed(middle):
            if found[-1] is None:
                return None
            found.append(piece.begin(name, 0, found[-1][0]))
        if found[-1] is None:
            return None
        beginning = first.opens(name, found[-1][0])
        return None if beginning is None else _times(beginning, *reversed(found))


def _times(*found: tuple[int, str | None] | None) -> tuple[str, ...]:
    return tuple(one[1] for one in found if one is not None and one[1] is not None)


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A pattern of names inside a folder, steps with `/` between them. time_format: strptime's, of its time."""

    text: str
    time_format: str | None
    steps: tuple[Step, ...]

    def time_in(self, found: Sequence[tuple[str, ...]]) -> str | None:
        """The whole text of the time, from what each step of the path found of it."""
        return None if self.time_format is None else "/".join(text for texts in found for text in texts)

    @cached_property
    def loosely(self) -> "Pattern":
        """The same pattern, with whatever in the place of its time: a name that nearly fits matches it."""
        return _parsed(self.text, loosely=True)


def pattern_of(text: str) -> Pattern:
    """The pattern that a text means. Raises PatternError."""
    if len(text) > LONGEST:
        raise PatternError(f"a pattern of at most {LONGEST} characters")
    before, *rest = PLACEHOLDER.split(text, maxsplit=1)
    if rest and "{time:" in rest[1]:
        raise PatternError("{time:...} once in a pattern")
    if (before + "".join(rest[1:])).count("*") > MOST_STARS:
        raise PatternError(f"at most {MOST_STARS} stars in a pattern")
    if rest:
        _check_format(rest[0])
    return _parsed(text, loosely=False)


def _check_format(time_format: str) -> None:
    directives = [word for word in _WORD.findall(time_format) if word.startswith("%") and word != "%%"]
    for directive in directives:
        if directive not in DIRECTIVES:
            raise PatternError(f"a time of the directives {' '.join(DIRECTIVES)}, not {directive}")
        if directives.count(directive) > 1:
            raise PatternError(f"each directive of the time once, and {directive} stands there again")
    if not directives:
        raise PatternError("a time with directives such as %Y%m%d_%H%M%S")


def _parsed(text: str, *, loosely: bool) -> Pattern:
    before, *rest = PLACEHOLDER.split(text, maxsplit=1)
    steps: list[list[list[tuple[str, str]]]] = [[[]]]
    for kind, word in _words(before, rest, loosely=loosely):
        if kind == "star":
            steps[-1].append([])
        elif kind == "slash":
            steps.append([[]])
        else:
            steps[-1][-1].append((kind, word))
    return Pattern(
        text=text,
        time_format=rest[0] if rest else None,
        steps=tuple(Step(pieces=tuple(map(_piece, pieces))) for pieces in steps),
    )


def _words(before: str, rest: Sequence[str], *, loosely: bool) -> Iterator[tuple[str, str]]:
    """(kind, text): star, slash, text, and of the time: literal, directive."""
    yield from _plain_words(before, "text")
    if rest:
        if loosely:
            yield "directive", "[^/]+?"
        else:
            for word in _WORD.findall(rest[0]):
                if word in DIRECTIVES:
                    yield "directive", DIRECTIVES[word]
                else:
                    yield from _plain_words("%" if word == "%%" else word, "literal")
        yield from _plain_words(rest[1], "text")


def _plain_words(text: str, kind: str) -> Iterator[tuple[str, str]]:
    for word in re.findall(r"[*/]|[^*/]+", text):
        if word == "/":
            yield "slash", word
        elif word == "*" and kind == "text":
            yield "star", word
        else:
            yield kind, word


def _piece(words: Sequence[tuple[str, str]]) -> Piece:
    if not any(kind in ("directive", "literal") for kind, _ in words):
        return Piece(text="".join(word for _, word in words))
    own = [number for number, (kind, _) in enumerate(words) if kind in ("directive", "literal")]
    parts = [word if kind == "directive" else re.escape(word) for kind, word in words]
    first, last = own[0], own[-1] + 1
    time = "".join(parts[first:last])
    return Piece(expression=re.compile(f"{''.join(parts[:first])}(?P<time>{time}){''.join(parts[last:])}", re.DOTALL))

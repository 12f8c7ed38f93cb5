"""What one check or test answers: a finding and its three verdicts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self, TypedDict

from veedor.command import Command
from veedor.document import Json
from veedor.languages import SOURCE, codes, others
from veedor.notebook import definitions, one_line


class Text(Mapping[str, str]):
    """A sentence or name for people, by the code of its language. It always has English, which stands in for others.

    Text("vote", "voto") is a name in English and Spanish, as definitions give it; sentences come from a room's
    catalogue, in every language (veedor.catalogue). Immutable, hashable, equal where every language says the same.
    """

    __slots__ = ("_said",)

    _said: dict[str, str]

    def __init__(self, en: str, es: str) -> None:
        self._said = {SOURCE: en, "es": es}

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Self:
        """The sentence by code of language; English must be there."""
        if SOURCE not in said:
            raise ValueError(f"a text without English: {dict(said)}")
        text = cls.__new__(cls)
        text._said = dict(said)
        return text

    @classmethod
    def same(cls, plain: str) -> Self:
        """Text that is the same in every language: an id, a citation, a number without marks."""
        return cls.of(dict.fromkeys(codes(), plain))

    @classmethod
    def join(cls, separator: str, parts: Iterable["Text"]) -> Self:
        """Texts one after the other, in each language."""
        texts = list(parts)
        return cls.of({code: separator.join(text.to(code) for text in texts) for code in codes()})

    @property
    def en(self) -> str:
        """In English."""
        return self._said[SOURCE]

    @property
    def es(self) -> str:
        """In Spanish."""
        return self.to("es")

    def to(self, code: str) -> str:
        """In the language of that code; in English where it is not given in it."""
        return self._said.get(code, self._said[SOURCE])

    def map(self, change: Callable[[str], str]) -> "Text":
        """Each language's sentence changed in the same way."""
        return Text.of({code: change(said) for code, said in self._said.items()})

    def __getitem__(self, code: str) -> str:
        return self._said[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)

    def __add__(self, other: "Text") -> "Text":
        return Text.join("", (self, other))

    def __hash__(self) -> int:
        return hash(frozenset(self._said.items()))

    def __repr__(self) -> str:
        return f"Text({self.en!r}, {', '.join(code for code in self._said if code != SOURCE)})"

    def __reduce__(self) -> tuple[Callable[[Mapping[str, str]], "Text"], tuple[dict[str, str]]]:
        return Text.of, (self._said,)


class Verdict(StrEnum):
    """holds, does not hold, or not enough to say."""

    HOLDS = "holds"
    DOES_NOT_HOLD = "does_not_hold"
    UNDECIDED = "undecided"


@dataclass(frozen=True, kw_only=True, repr=False)
class Finding:
    """One answer of one check or test. It says what was measured, never who did what.

    check: the name by which the command line and claims call it, lower_snake_case.
    looked_at: how many units (unit says which) were examined; a verdict needs at least one.
    found: how many of them depart from what was expected.
    effect: size of the departure in votes and stations, or a test's statistics; documented by each check.
    items: the units that depart, worst first; items_total counts them where the list is cut.
    other_explanations: what else, besides a wrong count, produces such a finding.
    command: gives exactly these figures, in the JSON that it prints.
    source: the rule, paper or article that the check follows; a citation as it is, other words in every language.
    """

    check: str
    title: Text
    verdict: Verdict
    looked_at: int
    unit: Text
    expected: Text
    found: int
    summary: Text
    cannot_show: Text
    other_explanations: Text
    command: Command
    effect: Mapping[str, Json] = field(default_factory=dict)
    uncertainty: Text | None = None
    items: Sequence[Mapping[str, Json]] = ()
    items_total: int = 0
    source: str | Text = ""

    def __post_init__(self) -> None:
        if self.looked_at == 0 and self.verdict is not Verdict.UNDECIDED:
            raise ValueError(f"{self.check}: a verdict on 0 {self.unit.en}")
        if self.items_total < len(self.items):
            object.__setattr__(self, "items_total", len(self.items))

    def __repr__(self) -> str:
        return one_line(f"<Finding {self.check}, {self.verdict.value}: {self.summary.en}>")

    def _repr_html_(self) -> str:
        heads = ("summary", "expected", "uncertainty", "other_explanations", "cannot_show")
        said = [(head.replace("_", " "), getattr(getattr(self, head), "en", "")) for head in heads]
        title = f"{self.title.en}: {self.verdict.value.replace('_', ' ')}"
        return definitions(title, [*said, ("command", str(self.command))])

    def as_json(self) -> dict[str, Json]:
        """As documents hold it."""
        return finding_as_json(self)


class FindingTexts(TypedDict):
    """A finding's sentences in one language other than English."""

    title: str
    unit: str
    expected: str
    summary: str
    cannot_show: str
    other_explanations: str
    uncertainty: str | None
    source: str


class FindingDocument(TypedDict):
    """A finding as JSON: see `Finding`. Sentences are in English; translations has the others by code of language."""

    check: str
    verdict: Verdict
    looked_at: int
    found: int
    title: str
    unit: str
    expected: str
    summary: str
    cannot_show: str
    other_explanations: str
    uncertainty: str | None
    effect: Mapping[str, Json]
    source: str
    command: str
    items: Sequence[Mapping[str, Json]]
    items_total: int
    translations: Mapping[str, FindingTexts]


TEXTS = ("title", "unit", "expected", "summary", "cannot_show", "other_explanations", "uncertainty")


def finding_as_json(finding: Finding) -> dict[str, Json]:
    """The finding as one JSON object: sentences in English by name, other languages under `translations`."""
    texts = {name: getattr(finding, name) for name in TEXTS}
    source = finding.source if isinstance(finding.source, Text) else Text.same(finding.source)
    return {
        "check": finding.check,
        "verdict": finding.verdict.value,
        "looked_at": finding.looked_at,
        "found": finding.found,
        **{name: text.en if text else None for name, text in texts.items()},
        "effect": dict(finding.effect),
        "source": source.en,
        "command": str(finding.command),
        "items": [dict(item) for item in finding.items],
        "items_total": finding.items_total,
        "translations": {
            code: {**{name: text.to(code) if text else None for name, text in texts.items()}, "source": source.to(code)}
            for code in others()
        },
    }

"""Checks of a NIST SP 1500-100 v2 report that its JSON schema cannot make: references, unique ids, no circles.

Source: NIST SP 1500-100r2, Election Results Common Data Format, sections on object identifiers (xsd:ID and xsd:IDREF).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from veedor.errors import Fault
from veedor.sheets.formats.rows import MOST_FAULTS
from veedor.sheets.nist.shape import GpUnit, InternationalizedText, Report

NAMESPACE = "ElectionResults."
"""What the JSON form puts before every class name."""

UNITS = frozenset({"ReportingUnit", "ReportingDevice"})
CONTESTS = frozenset({"BallotMeasureContest", "CandidateContest", "PartyContest", "RetentionContest"})
SELECTIONS = frozenset({"BallotMeasureSelection", "CandidateSelection", "PartySelection"})
PARTIES = frozenset({"Party", "Coalition"})
PERSONS = frozenset({"Person"})
OFFICES = frozenset({"Office"})
DISTRICTS = frozenset({"ReportingUnit"})
CANDIDATES = frozenset({"Candidate"})

REFERENCES: Mapping[str, frozenset[str]] = {
    "AuthorityIds": PERSONS,
    "CandidateId": CANDIDATES,
    "CandidateIds": CANDIDATES,
    "ComposingGpUnitIds": UNITS,
    "ContestId": CONTESTS,
    "ContestIds": CONTESTS,
    "ElectionDistrictId": DISTRICTS,
    "ElectionOfficialPersonIds": PERSONS,
    "ElectionScopeId": DISTRICTS,
    "EndorsementPartyIds": PARTIES,
    "GpUnitId": UNITS,
    "GpUnitIds": UNITS,
    "HeaderId": frozenset({"Header"}),
    "LeaderPersonIds": PERSONS,
    "OfficeHolderPersonIds": PERSONS,
    "OfficeId": OFFICES,
    "OfficeIds": OFFICES,
    "OrderedContestSelectionIds": SELECTIONS,
    "PartyId": PARTIES,
    "PartyIds": PARTIES,
    "PartyScopeGpUnitIds": UNITS,
    "PersonId": PERSONS,
    "PrimaryPartyIds": PARTIES,
}
"""Keys that hold the id of another object, and the classes that object may have (the schema's `refTypes`)."""


def class_of(thing: Mapping[str, object]) -> str:
    """The class name without the namespace: 'ReportingUnit'."""
    return str(thing.get("@type", "")).removeprefix(NAMESPACE)


def text_of(name: InternationalizedText | None) -> str | None:
    """The English text of an InternationalizedText, else the first there is."""
    texts = [] if name is None else list(name.get("Text", ()))
    english = [text for text in texts if str(text.get("Language", "")).lower().startswith("en")]
    return str((english or texts)[0].get("Content", "")) if texts else None


def reference_faults(report: Mapping[str, object], file: str) -> list[Fault]:
    """Every id that is used twice, every reference that resolves to nothing or to another class, every circle."""
    ids, references = _ids_and_references(report)
    faults = [
        Fault(file=file, column=name, found=f"the id {times} times", wanted="every object id once")
        for name, times in Counter(name for name, _ in ids).items()
        if times > 1
    ]
    classes = dict(ids)
    known = {key: {name for name, kind in ids if kind in kinds} for key, kinds in REFERENCES.items()}
    dangling = (
        _fault_of(holder, key, target, classes, file)
        for holder, key, value in references
        for target in (value if isinstance(value, list) else (value,))
        if not isinstance(target, str) or target not in known[key]
    )
    faults += islice(dangling, MOST_FAULTS)
    return faults + list(islice(_circles(report, file), MOST_FAULTS))


def _ids_and_references(report: Mapping[str, object]) -> tuple[list[tuple[str, str]], list[tuple[str, str, object]]]:
    """(id, class) of every object; (id of the nearest object around, key, value) of every reference.

    Without recursion: a hostile file nests as deep as it likes.
    """
    ids: list[tuple[str, str]] = []
    references: list[tuple[str, str, object]] = []
    waiting: list[tuple[object, str]] = [(report, "ElectionReport")]
    while waiting:
        thing, holder = waiting.pop()
        if type(thing) is list:
            waiting.extend([(part, holder) for part in thing])
        elif type(thing) is dict:
            name = thing.get("@id")
            if isinstance(name, str):
                ids.append((name, class_of(thing)))
                holder = name
            for key, value in thing.items():
                if key in REFERENCES:
                    references.append((holder, key, value))
                elif type(value) is dict or type(value) is list:
                    waiting.append((value, holder))
    return ids, references


def _fault_of(holder: str, key: str, target: object, classes: Mapping[str, str], file: str) -> Fault:
    known = classes.get(target) if isinstance(target, str) else None
    found = f"{target!r}, which no object has" if known is None else f"{target!r}, which is a {known}"
    return Fault(file=file, column=f"{holder}.{key}", found=found, wanted=f"a {' or '.join(sorted(REFERENCES[key]))}")


def _circles(report: Mapping[str, object], file: str) -> Iterator[Fault]:
    parts = {
        str(unit["@id"]): [part for part in _listed(unit.get("ComposingGpUnitIds")) if isinstance(part, str)]
        for unit in _listed(report.get("GpUnit"))
        if isinstance(unit, dict) and has_id(unit)
    }
    for unit in in_circles(parts):
        yield Fault(
            file=file, column=f"{unit}.ComposingGpUnitIds", found="a unit inside itself", wanted="units within units"
        )


def _listed(value: object) -> list[object]:
    """A list as it is; what stands in the place of one is said elsewhere to be of another shape."""
    return value if isinstance(value, list) else []


def has_id(unit: object) -> bool:
    """True of an object that has an id."""
    return isinstance(unit, dict) and isinstance(unit.get("@id"), str)


def units_of(report: Report) -> list[GpUnit]:
    """The report's GpUnits that have an id."""
    units = report.get("GpUnit")
    return [unit for unit in units if has_id(unit)] if isinstance(units, list) else []


def in_circles(parts: Mapping[str, Sequence[str]]) -> list[str]:
    """Units that are, or lead only to, a part of themselves; found by taking away leaves, again and again."""
    inside: dict[str, set[str]] = {}
    open_parts = {unit: {part for part in names if part in parts} for unit, names in parts.items()}
    for unit, names in open_parts.items():
        for part in names:
            inside.setdefault(part, set()).add(unit)
    done = [unit for unit, names in open_parts.items() if not names]
    while done:
        part = done.pop()
        for unit in inside.get(part, ()):
            open_parts[unit].discard(part)
            if not open_parts[unit]:
                done.append(unit)
    return [unit for unit, names in open_parts.items() if names]

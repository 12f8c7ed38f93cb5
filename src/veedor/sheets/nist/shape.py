"""The objects of a NIST SP 1500-100 report, version 2, with the members that are read here.

A report is somebody else's: its types hold as far as it is valid by the schema. Where it is not, reading it raises
AttributeError, KeyError or TypeError, which `read.py` says in words.
"""

from collections.abc import Sequence
from typing import Literal, TypedDict

Named = Literal["CandidateIds", "PartyIds", "ExternalIdentifier"]
Figure = Literal["Count", "Undervotes", "Overvotes", "WriteIns", "BallotsCast", "BallotsRejected"]

Scalar = str | int | float
"""JSON has numbers where XML has text."""


class LanguageText(TypedDict, total=False):
    """A text in one language."""

    Content: str
    Language: str


class InternationalizedText(TypedDict, total=False):
    """A text in several languages."""

    Text: Sequence[LanguageText]


class ExternalIdentifier(TypedDict, total=False):
    """An identifier that others gave."""

    OtherType: str
    Value: Scalar


class Counts(TypedDict, total=False):
    """VoteCounts, OtherCounts or BallotCounts of a unit."""

    GpUnitId: str
    Type: str
    OtherType: str
    Round: Scalar
    DeviceClass: object
    IsSuppressedForPrivacy: bool | str
    Count: Scalar
    Undervotes: Scalar
    Overvotes: Scalar
    WriteIns: Scalar
    BallotsCast: Scalar
    BallotsRejected: Scalar


Party = TypedDict(
    "Party",
    {
        "@id": str,
        "@type": str,
        "Name": InternationalizedText,
        "Abbreviation": InternationalizedText,
        "ExternalIdentifier": Sequence[ExternalIdentifier],
    },
    total=False,
)
Candidate = TypedDict(
    "Candidate",
    {
        "@id": str,
        "@type": str,
        "BallotName": InternationalizedText,
        "PartyId": str,
        "ExternalIdentifier": Sequence[ExternalIdentifier],
    },
    total=False,
)
Selection = TypedDict(
    "Selection",
    {
        "@id": str,
        "@type": str,
        "CandidateIds": Sequence[str],
        "PartyIds": Sequence[str],
        "IsWriteIn": bool | str,
        "Selection": InternationalizedText,
        "ExternalIdentifier": Sequence[ExternalIdentifier],
        "VoteCounts": Sequence[Counts],
    },
    total=False,
)
Contest = TypedDict(
    "Contest",
    {
        "@id": str,
        "@type": str,
        "Name": str,
        "Abbreviation": str,
        "ExternalIdentifier": Sequence[ExternalIdentifier],
        "ContestSelection": Sequence[Selection],
        "OtherCounts": Sequence[Counts],
    },
    total=False,
)


class Election(TypedDict, total=False):
    """One election of the report."""

    Candidate: Sequence[Candidate]
    Contest: Sequence[Contest]
    BallotCounts: Sequence[Counts]


class CountStatus(TypedDict, total=False):
    """How far the counts of one type are."""

    Type: str
    OtherType: str
    Status: str


class LatLng(TypedDict, total=False):
    """Where something is."""

    Latitude: Scalar
    Longitude: Scalar


class ContactInformation(TypedDict, total=False):
    """Where something is found."""

    LatLng: LatLng


GpUnit = TypedDict(
    "GpUnit",
    {
        "@id": str,
        "@type": str,
        "Type": str,
        "OtherType": str,
        "Name": InternationalizedText,
        "Number": Scalar,
        "VotersRegistered": Scalar,
        "CountStatus": Sequence[CountStatus],
        "ContactInformation": ContactInformation,
        "ComposingGpUnitIds": Sequence[str],
        "ExternalIdentifier": Sequence[ExternalIdentifier],
    },
    total=False,
)
Report = TypedDict(
    "Report",
    {"@type": str, "GpUnit": Sequence[GpUnit], "Party": Sequence[Party], "Election": Sequence[Election]},
    total=False,
)
"""An ElectionReport as its JSON form has it."""

Holder = Candidate | Party | Selection | Contest
"""What others gave identifiers to."""

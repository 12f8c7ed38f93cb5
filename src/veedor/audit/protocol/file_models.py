"""The documents of an audit's folder as types: the record of the seed, a round's draw, a round's risk."""

from typing import Literal, TypeVar

from pydantic import Field, ValidationError

from veedor.audit.protocol.folder import SEED, AuditFolder
from veedor.audit.protocol.plan import Sha256, Words, faults_of
from veedor.document import Json
from veedor.election.base import Table
from veedor.errors import InputError

SEED_FORM, OLD_SEED_FORM = "veedor/audit-seed/2", "veedor/audit-seed/1"
DRAW_FORM, OLD_DRAW_FORM = "veedor/audit-draw/2", "veedor/audit-draw/1"
RISK_FORM, OLD_RISK_FORM = "veedor/audit-risk/2", "veedor/audit-risk/1"

RestsOn = dict[str, Sha256]
"""The files that a document rests on, each with its hash."""


class SeedRecord(Table):
    """seed.json: the seed and how it was made. rests_on: plan, every answer, and what the seed was made of."""

    format: Literal["veedor/audit-seed/1", "veedor/audit-seed/2"]
    seed: str = Field(min_length=1, max_length=200, pattern=r"^[0-9a-f]+$")
    method: Literal["dice", "commit_and_reveal"]
    who: Words | None = None
    where: Words | None = None
    when: str = Field(max_length=40)
    plan: Sha256
    rests_on: RestsOn

    @property
    def old_form(self) -> bool:
        """True if it is of the first form, which nobody signed."""
        return self.format == OLD_SEED_FORM

    def as_json(self) -> dict[str, Json]:
        """As its file has it: without who and where, if the seed was not rolled."""
        document: dict[str, Json] = self.model_dump(mode="json", exclude_none=True)
        return document


class DrawRecord(Table):
    """round-N/draw.json: which draws the round made, and from what."""

    format: Literal["veedor/audit-draw/1", "veedor/audit-draw/2"]
    round: int
    first_draw: int
    last_draw: int
    rests_on: RestsOn


class NextStep(Table):
    """The step that the plan asks for after a round."""

    step: Literal["confirmed", "next_round", "full_count"]
    open: tuple[str, ...]
    draws: int | None = None
    reason: str | None = None


class AssertionRisk(Table):
    """The risk of one assertion after the sheets read so far."""

    label: str
    risk: float
    met_after_draw: int | None
    sheets_overstated: int
    sheets_understated: int
    sheets_missing_or_unreadable: int
    sheets_over_their_bound: tuple[str, ...]
    risk_after_each_draw: tuple[float, ...]


class RiskRecord(Table):
    """round-N/risk.json: risk of each assertion after each draw; the plan's next step."""

    format: Literal["veedor/audit-risk/1", "veedor/audit-risk/2"]
    round: int
    draws: int
    sheets: int
    risk_limit: float
    assertions: tuple[AssertionRisk, ...] = Field(min_length=1)
    next: NextStep
    rests_on: RestsOn


Model = TypeVar("Model", bound=Table)


def read_seed(folder: AuditFolder) -> SeedRecord:
    """The record of the seed; InputError names every key that is not what it must be."""
    return _read(folder, SEED, SeedRecord)


def read_draw(folder: AuditFolder, number: int) -> DrawRecord:
    """The record of a round's draw, with the files it rests on."""
    return _read(folder, f"round-{number}/draw.json", DrawRecord)


def read_risk(folder: AuditFolder, number: int) -> RiskRecord:
    """A round's risk as its file states it."""
    return _read(folder, f"round-{number}/risk.json", RiskRecord)


def _read(folder: AuditFolder, name: str, model: type[Model]) -> Model:
    folder.json(name)  # UTF-8, each key once, no NaN, not too deep
    try:
        return model.model_validate_json(folder.read(name).removeprefix(b"\xef\xbb\xbf"))
    except ValidationError as error:
        raise InputError(faults_of(error, str(folder / name))) from None

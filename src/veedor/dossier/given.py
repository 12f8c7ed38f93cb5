"""A result that was made beforehand and is shown as it was given: the mixture's takes too long to derive with the rest.

Only its figures are taken, and only where they agree with each other; the sentences around them are the dossier's own.
"""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from veedor.dossier.opened import Opened
from veedor.errors import Fault, InputError
from veedor.finding import Json, Verdict
from veedor.forensics.mixture.limits import LEAST_BFMI, LEAST_ESS, MOST_RHAT, MOST_TAIL, verdict_of
from veedor.forensics.mixture.texts import FIGURE_NAMES

NAME = "mixture.json"
LARGEST = 50_000_000
"""Bytes; the mixture of a million stations has some hundred thousand."""
REMEDY = "make it with `veedor forensics ELECTION mixture --json` of this election, contest and count"

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=0, le=10**9)]
Short = Annotated[str, Field(max_length=300)]
Figure = Annotated[str, Field(pattern=f"^({'|'.join(FIGURE_NAMES)})$")]


class _Given(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Fraction(_Given):
    """Posterior mean and 95 % interval."""

    mean: Share
    low: Share
    high: Share

    @model_validator(mode="after")
    def _in_order(self) -> "Fraction":
        if not self.low <= self.high:
            raise ValueError("an interval whose low end is above its high end")
        return self


class Fractions(_Given):
    """Of stations in the model's states."""

    none: Fraction
    incremental: Fraction
    extreme: Fraction

    @model_validator(mode="after")
    def _whole(self) -> "Fractions":
        if abs(self.none.mean + self.incremental.mean + self.extreme.mean - 1) > 1e-6:
            raise ValueError("fractions that do not add up to 1")
        return self


class Diagnostics(_Given):
    """Whether the chains agree; None for a figure that is not finite."""

    rhat: Number | None
    ess_bulk_pi: Number | None
    ess_tail_pi: Number | None
    divergences: Whole
    bfmi: Number | None
    pareto_k: Number | None

    @property
    def trusted(self) -> bool:
        """As the command decides it."""
        return (
            self.rhat is not None
            and self.rhat < MOST_RHAT
            and min(self.ess_bulk_pi or 0, self.ess_tail_pi or 0) > LEAST_ESS
            and self.divergences == 0
            and (self.bfmi or 0) > LEAST_BFMI
            and (self.pareto_k is None or self.pareto_k < MOST_TAIL)
        )


class Run(_Given):
    """The chains on one election."""

    fractions: Fractions | None
    diagnostics: Diagnostics

    @model_validator(mode="after")
    def _only_where_trusted(self) -> "Run":
        if (self.fractions is not None) != self.diagnostics.trusted:
            raise ValueError("fractions where the chains do not agree, or none where they do")
        return self

    @property
    def outside(self) -> float | None:
        """Mean fraction outside state none; None where the chains do not agree."""
        return None if self.fractions is None else 1 - self.fractions.none.mean


class Reproduced(_Given):
    """Figures of this election that elections drawn from the fitted model do not have."""

    not_reproduced: Annotated[list[Figure], Field(max_length=len(FIGURE_NAMES))]


class _Command(_Given):
    command: Annotated[str, Field(max_length=500, pattern=r"^veedor forensics [^\n\r`]+$")]


class Mixture(Run):
    """What `veedor forensics ELECTION mixture --json` prints, as far as a dossier shows it."""

    election: Short
    contest: Short
    count: Short
    leader: Short
    stations: Whole
    method: Literal["mixture"]
    variant: Literal["qbl", "bl", "rn"]
    covariates: Annotated[list[Short], Field(max_length=200)]
    chains: Whole
    warmup: Whole
    draws: Whole
    seed: Whole
    versions: Annotated[dict[Short, Short], Field(max_length=20)]
    cpu_seconds: Annotated[Number, Field(ge=0)]
    prior_mean_none: Share
    posterior_check: Reproduced | None
    placebo: Annotated[list[Run], Field(max_length=10_000)]
    findings: Annotated[list[_Command], Field(min_length=1, max_length=1)]

    @property
    def verdict(self) -> Verdict:
        """As the command decides it."""
        return verdict_of(self.outside, [one.outside for one in self.placebo])


def given_mixture(data: bytes, file: str, *, election: str, contest: str, count: str) -> Json:
    """The document for results/: the figures of a mixture that was run beforehand on this count.

    Raises InputError with every fault: another election's, figures that do not agree with each other, no such JSON.
    """
    if len(data) > LARGEST:
        raise InputError([Fault(file=file, found=f"{len(data)} bytes", wanted=f"at most {LARGEST}", remedy=REMEDY)])
    try:
        mixture = Mixture.model_validate_json(data)
    except ValidationError as error:
        raise InputError(
            [
                Fault(
                    file=file,
                    column=".".join(str(part) for part in fault["loc"]) or None,
                    found=repr(fault.get("input"))[:80],
                    wanted=fault["msg"].removeprefix("Value error, "),
                    remedy=REMEDY,
                )
                for fault in error.errors(include_url=False)
            ]
        ) from None
    wanted = {"election": election, "contest": contest, "count": count}
    faults = [
        Fault(file=file, column=key, found=repr(getattr(mixture, key)), wanted=repr(value), remedy=REMEDY)
        for key, value in wanted.items()
        if getattr(mixture, key) != value
    ]
    if faults:
        raise InputError(faults)
    return {**mixture.model_dump(mode="json"), "verdict": mixture.verdict.value}


def with_mixture(opened: Opened, data: bytes, file: str) -> Opened:
    """The election with a mixture that was run beforehand on the count that its dossier shows."""
    election, contest, count = opened.election.id, opened.contest.id, opened.count.id
    return replace(opened, mixture=given_mixture(data, file, election=election, contest=contest, count=count))

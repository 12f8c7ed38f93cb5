"""A result that was made beforehand and is shown as it was given: the mixture's takes too long to derive with the rest.

Only its figures are taken, and only where they agree with each other and with the sheets; the sentences around them,
and the command that gives them again, are the dossier's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from veedor.command import Command
from veedor.document import Json
from veedor.dossier.input import Opened
from veedor.errors import Fault, InputError
from veedor.finding import Verdict
from veedor.forensics.mixture.limits import LEAST_BFMI, LEAST_ESS, MOST_RHAT, MOST_TAIL, prior_mean_none, verdict_of
from veedor.forensics.mixture.texts import FIGURE_NAMES
from veedor.forensics.stations import stations_of
from veedor.rim import hostile_json

NAME = "mixture.json"
LARGEST = 50_000_000
"""Bytes; that of 34,551 stations has some fifty thousand."""
REMEDY = "make it with `veedor mixture ELECTION --json` of this election, contest and count"

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Whole = Annotated[int, Field(ge=0, le=10**9)]
Several = Annotated[int, Field(ge=2, le=10**9)]
Short = Annotated[str, Field(max_length=300)]
Figure = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=f"^({'|'.join(FIGURE_NAMES)})$")]


class _Given(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Fraction(_Given):
    """Posterior mean and 95 % interval."""

    mean: Share
    low: Share
    high: Share

    @model_validator(mode="after")
    def _in_order(self) -> "Fraction":
        if self.low > self.high:
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
    """Measures of the chains' agreement; None for a figure that is not finite."""

    rhat: Figure | None
    ess_bulk_pi: Figure | None
    ess_tail_pi: Figure | None
    divergences: Whole
    bfmi: Figure | None
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

    not_reproduced: list[Name]

    @model_validator(mode="after")
    def _once_each(self) -> "Reproduced":
        if len(set(self.not_reproduced)) < len(self.not_reproduced):
            raise ValueError("a figure named twice")
        return self


class Asked(_Given):
    """stations: drawn by the seed, None for all; covariates: levels of geography."""

    stations: Several | None
    covariates: list[Short]


class Mixture(Run):
    """The part of the output of `veedor mixture ELECTION --json` that a dossier shows."""

    election: Short
    contest: Short
    count: Short
    leader: Short
    stations: Several
    method: Literal["mixture"]
    variant: Literal["qbl", "bl", "rn"]
    asked: Asked
    chains: Several
    warmup: Several
    draws: Several
    seed: Annotated[int, Field(ge=0, le=2**63)]
    versions: Annotated[dict[Short, Short], Field(max_length=20)]
    cpu_seconds: Annotated[Number, Field(ge=0)]
    posterior_check: Reproduced | None
    placebo: Annotated[list[Run], Field(max_length=10_000)]
    command: str | None = None
    """Only a dossier's own copy has it: shown if it is one that gives these figures again, else replaced."""

    @model_validator(mode="after")
    def _within_the_prior(self) -> "Mixture":
        own = self.fractions
        if self.variant != "rn" and own and max(own.incremental.mean, own.extreme.mean) > own.none.mean:
            raise ValueError(f"a state with a larger fraction than none, which {self.variant} does not have")
        return self

    @property
    def verdict(self) -> Verdict:
        """As the command decides it."""
        return verdict_of(self.outside, [one.outside for one in self.placebo])


def given_mixture(data: bytes, file: str, opened: Opened) -> Mapping[str, Json]:
    """The document for results/: the figures of a mixture that was run beforehand on the count that a dossier shows.

    Raises InputError with every fault: another election's, figures that do not agree with each other, no such JSON.
    """
    if len(data) > LARGEST:
        raise InputError([Fault(file=file, found=f"{len(data)} bytes", wanted=f"at most {LARGEST}", remedy=REMEDY)])
    try:
        hostile_json.loads_object(data, file, most_bytes=LARGEST)  # no key twice, nothing nested deep
        mixture = Mixture.model_validate_json(data)
    except hostile_json.JsonError as problem:
        raise InputError(
            [Fault(file=file, found=f"no JSON ({problem.problem})", wanted="a mixture", remedy=REMEDY)]
        ) from None
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
    faults = [
        Fault(file=file, column=key, found=repr(found)[:80], wanted=wanted, remedy=REMEDY)
        for key, found, wanted in _others(mixture, opened)
    ]
    if faults:
        raise InputError(faults)
    return {
        **mixture.model_dump(mode="json", exclude={"command"}),
        "prior_mean_none": prior_mean_none(mixture.variant),
        "verdict": mixture.verdict.value,
        "command": _command(mixture, opened),
    }


def _others(mixture: Mixture, opened: Opened) -> Iterator[tuple[str, object, str]]:
    """Key, value and what was wanted, where the figures are not of these sheets."""
    stations = stations_of(opened.table(opened.count.id), opened.election, opened.contest)
    wanted = {
        "election": opened.election.id,
        "contest": opened.contest.id,
        "count": opened.count.id,
        "leader": stations.choices[stations.leader],
    }
    for key, value in wanted.items():
        if getattr(mixture, key) != value:
            yield key, getattr(mixture, key), repr(value)
    if mixture.stations > len(stations.names):
        yield "stations", mixture.stations, f"at most {len(stations.names)}, as there are sheets"
    for level in mixture.asked.covariates:
        if level not in opened.election.level_ids:
            yield "asked.covariates", level, f"levels of {', '.join(opened.election.level_ids)}"


def _command(mixture: Mixture, opened: Opened) -> str:
    """The command that gives these figures again: in the spelling of the dossier that is read, where that is known."""
    command = str(_with_options(mixture, opened.dataset.command("mixture")))
    earlier = str(_with_options(mixture, opened.dataset.command("forensics", then=("mixture",))))
    return earlier if mixture.command == earlier else command


def _with_options(mixture: Mixture, made: Command) -> Command:
    made = made.option("--variant", mixture.variant).option("--stations", mixture.asked.stations)
    for level in mixture.asked.covariates:
        made = made.option("--covariate", level)
    made = made.option("--placebo", len(mixture.placebo) or None).option("--chains", mixture.chains)
    return made.option("--draws", mixture.draws).option("--warmup", mixture.warmup).option("--seed", mixture.seed)


def with_mixture(opened: Opened, data: bytes, file: str) -> Opened:
    """The election with a mixture that was run beforehand on the count that its dossier shows."""
    return replace(opened, mixture=given_mixture(data, file, opened))

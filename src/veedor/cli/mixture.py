"""veedor mixture: the Bayesian mixture of one election, which takes minutes and an extra."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import (
    DEFAULT_SEED,
    ContestOption,
    CountOption,
    DataOption,
    ElectionArgument,
    JsonOption,
    SeedOption,
    SkipOption,
    console,
    open_with_data,
    print_json,
    progress_bar,
    tell_left_out,
    titled,
)
from veedor.cli.speech import shown
from veedor.cli.speech.words import verdict_word
from veedor.cli.texts import TEXTS

if TYPE_CHECKING:
    from veedor.command import Command
    from veedor.finding import Finding
    from veedor.forensics.mixture.models.model import Variant
    from veedor.forensics.mixture.study import Mixture

CHAINS, DRAWS, WARMUP, VARIANT, DEVICE = 4, 400, 200, "qbl", "cpu"
"""Defaults of the options."""

StationsOption = Annotated[
    int | None,
    typer.Option("--stations", min=2, help="Number of stations, drawn by the seed (default: all)."),
]
VariantOption = Annotated[str, typer.Option("--variant", help="Variant of the model: qbl, bl or rn.")]
ChainsOption = Annotated[int, typer.Option("--chains", min=2, help="Number of chains.")]
DrawsOption = Annotated[int, typer.Option("--draws", min=10, help="Draws kept of each chain.")]
WarmupOption = Annotated[int, typer.Option("--warmup", min=10, help="Draws of each chain before those that are kept.")]
CovariateOption = Annotated[
    list[str] | None, typer.Option("--covariate", help="A level of geography as covariate; may be repeated.")
]
PosteriorOption = Annotated[
    Path | None, typer.Option("--posterior", help="File for the posterior draws, to read with ArviZ: .nc or .zarr.")
]
DeviceOption = Annotated[str, typer.Option("--device", help="Where the chains run: cpu or gpu.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mixture")(mixture)


def mixture(
    election: ElectionArgument,
    contest: ContestOption = None,
    count: CountOption = None,
    variant: VariantOption = VARIANT,
    stations: StationsOption = None,
    covariate: CovariateOption = None,
    placebo: Annotated[
        int, typer.Option("--placebo", min=0, help="Number of simulated clean elections for the placebo (0 = none).")
    ] = 0,
    chains: ChainsOption = CHAINS,
    draws: DrawsOption = DRAWS,
    warmup: WarmupOption = WARMUP,
    seed: SeedOption = DEFAULT_SEED,
    posterior: PosteriorOption = None,
    device: DeviceOption = DEVICE,
    data: DataOption = None,
    skip_bad_rows: SkipOption = False,
    json: JsonOption = False,
) -> None:
    """Fit the Bayesian mixture to one election (takes minutes).

    It needs the extra `bayes`. `veedor report --mixture FILE` shows what --json printed.
    """
    asked = Asked(
        variant=variant,
        stations=stations,
        covariates=tuple(covariate or ()),
        chains=chains,
        draws=draws,
        warmup=warmup,
        seed=seed,
        placebo=placebo,
        posterior=posterior,
        device=device,
    )
    run_mixture(election, asked, contest, count, data, skip_bad_rows=skip_bad_rows, json=json)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options that only the mixture takes."""

    variant: str
    stations: int | None
    covariates: tuple[str, ...]
    chains: int
    draws: int
    warmup: int
    seed: int
    placebo: int
    posterior: Path | None
    device: str

    def command(self, made: "Command") -> "Command":
        """The command that gives the same numbers again. made: with what says which sheets."""
        made = made.option("--variant", self.variant).option("--stations", self.stations)
        for name in self.covariates:
            made = made.option("--covariate", name)
        made = made.option("--placebo", self.placebo or None).option("--chains", self.chains)
        return made.option("--draws", self.draws).option("--warmup", self.warmup).option("--seed", self.seed)


def run_mixture(
    name: str,
    asked: Asked,
    contest: str | None,
    count: str | None,
    data: Path | None,
    *,
    skip_bad_rows: bool,
    json: bool,
) -> None:
    """Run, then print; exit status 2 without the extra."""
    from veedor.forensics.mixture.backend import prepare

    prepare(chains=asked.chains, device=asked.device)
    from veedor.forensics.mixture.findings import finding_of, mixture_document
    from veedor.forensics.mixture.sampling import Settings
    from veedor.forensics.mixture.study import mixture as fit
    from veedor.forensics.mixture.study import save_posterior
    from veedor.forensics.stations import stations_of

    variant = _variant(asked.variant)
    _writable(asked.posterior)
    dataset = open_with_data(name, contest, data, skip_bad_rows=skip_bad_rows)
    told, chosen, counted = dataset.election, dataset.contest, dataset.election.count_named(count)
    sheets = dataset.sheets(counted)
    tell_left_out(sheets.left_out)
    settings = Settings(
        chains=asked.chains,
        warmup=asked.warmup,
        draws=asked.draws,
        seed=asked.seed,
    )
    with progress_bar(TEXTS.say("progress.chains", election=name)) as step:
        found = fit(
            stations_of(sheets.table, told, chosen),
            variant=variant,
            most=asked.stations,
            covariates=asked.covariates,
            settings=settings,
            placebo=asked.placebo,
            progress=step,
        )
    command = asked.command(dataset.command("mixture").option("--count", count))
    finding = finding_of(found, command)
    if asked.posterior is not None:
        save_posterior(found.fitted, str(asked.posterior), attributes={"command": str(command), **found.versions})
    if json:
        document = mixture_document(found, finding, election=told.id, contest=chosen.id, count=counted.id)
        print_json(replace(document, open_questions=told.open_questions or None))
        return
    _show(shown(told.name), found, finding)


def _variant(name: str) -> "Variant":
    from veedor.errors import VeedorError
    from veedor.forensics.mixture.models.model import VARIANTS

    for variant in VARIANTS:
        if variant == name:
            return variant
    raise VeedorError(TEXTS.say("error.no_variant", name=repr(name), variants=", ".join(VARIANTS)))


def _writable(path: Path | None) -> None:
    from veedor.errors import VeedorError

    if path is None:
        return
    if path.suffix not in (".nc", ".zarr"):
        raise VeedorError(TEXTS.say("error.posterior_name", file=str(path)))
    if not path.resolve().parent.is_dir():
        raise VeedorError(TEXTS.say("error.posterior_folder", file=str(path), folder=str(path.resolve().parent)))
    if path.suffix == ".zarr":
        try:
            import zarr  # noqa: F401
        except ImportError as missing:
            raise VeedorError(TEXTS.say("error.posterior_zarr")) from missing


def _show(title: str, found: "Mixture", finding: "Finding") -> None:
    out = console()
    out.print(titled(title, TEXTS.plural("forensics.stations", len(found.rows), leader=str(finding.effect["leader"]))))
    out.print(titled(shown(finding.title), f"  {verdict_word(finding.verdict)}"))
    for text in (finding.summary, finding.uncertainty):
        if text is not None:
            out.print(f"  {shown(text)}")
    out.print(f"  {TEXTS.say('finding.prior', text=finding.expected)}")
    out.print(f"  {TEXTS.say('finding.what_else', text=finding.other_explanations)}")
    out.print(f"  {TEXTS.say('finding.cannot_show', text=finding.cannot_show)}")
    off = found.posterior_check.off
    if found.fitted.trusted:
        check = TEXTS.say("mixture.off", names=", ".join(off)) if off else TEXTS.say("mixture.nothing_off")
        out.print(f"  {check}")

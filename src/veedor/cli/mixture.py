"""veedor forensics ELECTION mixture: the Bayesian mixture, only where it is asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from veedor.cli.common import (
    console,
    open_with_data,
    print_json,
    progress_bar,
    tell_left_out,
    titled,
)

if TYPE_CHECKING:
    from veedor.finding import Finding
    from veedor.forensics.mixture.models.model import Variant
    from veedor.forensics.mixture.study import Mixture

MIXTURE = "mixture"


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

    def command(self, election: str, chosen: Sequence[str]) -> str:
        """The command that gives the same numbers again. chosen: options that say which sheets."""
        parts = [" ".join(["veedor forensics", election, MIXTURE, *chosen, f"--variant {self.variant}"])]
        parts += [f"--stations {self.stations}"] if self.stations is not None else []
        parts += [f"--covariate {name}" for name in self.covariates]
        parts += [f"--placebo {self.placebo}"] if self.placebo else []
        return " ".join(
            [*parts, f"--chains {self.chains} --draws {self.draws} --warmup {self.warmup} --seed {self.seed}"]
        )


def run_mixture(
    names: Sequence[str],
    asked: Asked,
    contest: str | None,
    count: str | None,
    data: Path | None,
    *,
    skip_bad_rows: bool,
    json: bool,
) -> None:
    """Run, then print; exit status 2 without the extra."""
    from veedor.errors import VeedorError

    if len(names) != 1:
        raise VeedorError("the mixture takes one election and no other method beside it")
    from veedor.forensics.mixture.backend import prepare

    prepare(chains=asked.chains, device=asked.device)
    from veedor.forensics.mixture.findings import finding_of, mixture_document
    from veedor.forensics.mixture.sampling import Settings
    from veedor.forensics.mixture.study import mixture, save_posterior
    from veedor.forensics.stations import stations_of

    name = names[0]
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
    with progress_bar(f"{name}: chains") as step:
        found = mixture(
            stations_of(sheets.table, told, chosen),
            variant=variant,
            most=asked.stations,
            covariates=asked.covariates,
            settings=settings,
            placebo=asked.placebo,
            progress=step,
        )
    chosen_by = [f"--contest {contest}"] if contest else []
    chosen_by += [f"--count {count}"] if count else []
    chosen_by += ["--skip-bad-rows"] if skip_bad_rows else []
    command = asked.command(name, chosen_by)
    finding = finding_of(found, command)
    if asked.posterior is not None:
        save_posterior(found.fitted, str(asked.posterior), attributes={"command": command, **found.versions})
    if json:
        print_json(mixture_document(found, finding, election=told.id, contest=chosen.id, count=counted.id))
        return
    _show(told.name.en, found, finding)


def _variant(name: str) -> "Variant":
    from veedor.errors import VeedorError
    from veedor.forensics.mixture.models.model import VARIANTS

    for variant in VARIANTS:
        if variant == name:
            return variant
    raise VeedorError(f"no variant {name!r} of the mixture; there are {', '.join(VARIANTS)}")


def _writable(path: Path | None) -> None:
    from veedor.errors import VeedorError

    if path is None:
        return
    if path.suffix not in (".nc", ".zarr"):
        raise VeedorError(f"--posterior {path}: the name must end in .nc (NetCDF) or .zarr")
    if not path.resolve().parent.is_dir():
        raise VeedorError(f"--posterior {path}: there is no folder {path.resolve().parent}")
    if path.suffix == ".zarr":
        try:
            import zarr  # noqa: F401
        except ImportError as missing:
            raise VeedorError("--posterior with .zarr needs the package zarr; .nc needs nothing more") from missing


def _show(title: str, found: "Mixture", finding: "Finding") -> None:

    out = console()
    out.print(titled(title, f": {len(found.rows):,} stations, leader {finding.effect['leader']}"))
    out.print(titled(finding.title.en, f"  {finding.verdict.value.replace('_', ' ')}"))
    for lead, text in (
        ("", finding.summary),
        ("", finding.uncertainty),
        ("The prior: ", finding.expected),
        ("What else: ", finding.other_explanations),
        ("Cannot show: ", finding.cannot_show),
    ):
        if text is not None:
            out.print(f"  {lead}{text.en}")
    off = found.posterior_check.off
    if found.fitted.trusted:
        out.print(f"  Predictive check: {'not reproduced: ' + ', '.join(off) if off else 'nothing out of reach'}")

"""The mixture as a finding and as one JSON object. No fraction leaves here where the diagnostics fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from veedor.command import Command
from veedor.document import LEFT_OUT, Json, as_json, plain
from veedor.finding import Finding, Text, Verdict
from veedor.forensics.findings import with_left_out
from veedor.forensics.mixture.limits import prior_mean_none, verdict_of
from veedor.forensics.mixture.study import Fitted, Mixture
from veedor.forensics.mixture.texts import CANNOT, CHANGED, EXPECTED, FIGURE_NAMES, OTHER, SOURCE, STATES, TITLE
from veedor.forensics.texts import TEXTS
from veedor.wording import decimal, number, per_cent

ITEMS = 200


def finding_of(found: Mixture, command: Command) -> Finding:
    """The one finding."""
    trusted = found.fitted.trusted
    items = _items(found) if trusted else []
    return Finding(
        check="mixture",
        title=TITLE,
        verdict=_verdict(found),
        looked_at=len(found.rows),
        unit=TEXTS.say("finding.unit"),
        expected=EXPECTED["rn" if found.variant == "rn" else "qbl"],
        found=0,
        summary=with_left_out(_summary(found), found.stations),
        cannot_show=CANNOT,
        other_explanations=OTHER,
        command=command,
        effect={"leader": found.stations.choices[found.stations.leader], "fractions": plain(_fractions(found.fitted))},
        uncertainty=_uncertainty(found),
        items=items[:ITEMS],
        items_total=len(items),
        source=SOURCE,
    )


def _summary(found: Mixture) -> Text:
    changed = CHANGED[found.variant]
    if not found.fitted.trusted:
        why = _joined(found.fitted.diagnostics.failures)
        return TEXTS.say("mixture.summary", why=why, changed=changed)
    parts = [
        TEXTS.say(
            "mixture.summary_parts",
            state=name,
            mean=per_cent(fraction.mean),
            low=per_cent(fraction.low),
            high=per_cent(fraction.high),
        )
        for name, fraction in zip(STATES.values(), found.fitted.fractions(), strict=True)
    ]
    said = TEXTS.say("mixture.summary_said", parts=_joined(parts), changed=changed)
    off = found.posterior_check.off
    if not off:
        return said
    more = TEXTS.say("mixture.summary_more", off=_joined([FIGURE_NAMES[name] for name in off]))
    return said + more


def _uncertainty(found: Mixture) -> Text:
    seen = found.fitted.diagnostics
    clean = _clean(found)
    said = TEXTS.say(
        "mixture.uncertainty.said",
        chains=found.fitted.settings.chains,
        rhat=decimal(seen.rhat, 3),
        bulk=_whole(seen.ess_bulk),
        tail=_whole(seen.ess_tail),
        divergences=number(seen.divergences),
    )
    if not found.placebo:
        more = TEXTS.say("mixture.not_placed")
    elif not clean:
        more = TEXTS.say("mixture.none_agreed")
    else:
        more = TEXTS.say("mixture.on_clean", n=number(len(clean)), low=per_cent(min(clean)), high=per_cent(max(clean)))
    return said + more


def _whole(value: float) -> Text:
    return number(int(value)) if np.isfinite(value) else TEXTS.say("mixture.whole")


def _joined(parts: Sequence[Text]) -> Text:
    return Text.join("; ", parts)


def _clean(found: Mixture) -> list[float]:
    return [_outside(one) for one in found.placebo if one.trusted]


def _verdict(found: Mixture) -> Verdict:
    outside = _outside(found.fitted) if found.fitted.trusted else None
    return verdict_of(outside, [_outside(one) if one.trusted else None for one in found.placebo])


def _outside(fitted: Fitted) -> float:
    return 1 - fitted.fractions()[0].mean


def _items(found: Mixture) -> list[dict[str, Json]]:
    assert found.probabilities is not None
    order = np.argsort(found.probabilities[:, 0], kind="stable")
    listed = [at for at in order.tolist() if found.probabilities[at, 0] < 0.5]
    return [
        {
            "station": found.stations.names[found.rows[at]],
            **{name: round(float(p), 4) for name, p in zip(STATES, found.probabilities[at], strict=True)},
        }
        for at in listed
    ]


@dataclass(frozen=True, kw_only=True)
class FractionShown:
    """Posterior mean and 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class ChainsOf:
    """Agreement of the chains on one parameter; null where it is not a number."""

    rhat: float | None
    ess_bulk: float | None
    ess_tail: float | None


@dataclass(frozen=True, kw_only=True)
class DiagnosticsShown:
    """Agreement of the chains, the worst of the fractions first; parameters: by their name."""

    rhat: float | None
    ess_bulk_pi: float | None
    ess_tail_pi: float | None
    divergences: int
    bfmi: float | None
    pareto_k: float | None
    steps_mean: float
    rows: int
    modes: tuple[float, ...]
    parameters: Mapping[str, ChainsOf]


@dataclass(frozen=True, kw_only=True)
class ParameterShown:
    """Posterior mean and standard deviation of a parameter's values, flat."""

    mean: Sequence[float]
    sd: Sequence[float]


@dataclass(frozen=True, kw_only=True)
class AskedShown:
    """The options of the run. stations: drawn by the seed, null for all; covariates: levels of geography."""

    stations: int | None
    covariates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PlaceboShown:
    """The same on a clean election."""

    trusted: bool
    fractions: Mapping[str, FractionShown] | None
    diagnostics: DiagnosticsShown


@dataclass(frozen=True, kw_only=True)
class MixtureDocument:
    """`veedor forensics ELECTION mixture --json`. fractions, parameters, posterior_check: null unless trusted."""

    election: str
    contest: str
    count: str
    leader: str
    stations: int
    method: Literal["mixture"] = "mixture"
    variant: str
    changed_model: str
    covariates: tuple[str, ...]
    asked: AskedShown
    chains: int
    warmup: int
    draws: int
    seed: int
    versions: Mapping[str, str]
    cpu_seconds: float
    wall_seconds: float
    prior_mean_none: float
    trusted: bool
    failures: tuple[str, ...]
    fractions: Mapping[str, FractionShown] | None
    parameters: Mapping[str, ParameterShown] | None
    diagnostics: DiagnosticsShown
    prior_check: Mapping[str, Json]
    posterior_check: Mapping[str, Json] | None
    placebo: tuple[PlaceboShown, ...]
    verdict: Verdict
    findings: tuple[Finding, ...]
    open_questions: Sequence[str] | None = field(default=None, metadata=LEFT_OUT)


def mixture_document(found: Mixture, finding: Finding, *, election: str, contest: str, count: str) -> MixtureDocument:
    """Every figure; as documented in the reference."""
    fitted, settings = found.fitted, found.fitted.settings
    return MixtureDocument(
        election=election,
        contest=contest,
        count=count,
        leader=found.stations.choices[found.stations.leader],
        stations=len(found.rows),
        variant=found.variant,
        changed_model=CHANGED[found.variant].en,
        covariates=tuple(fitted.model.counts.covariates),
        asked=AskedShown(stations=found.most, covariates=tuple(found.levels)),
        chains=settings.chains,
        warmup=settings.warmup,
        draws=settings.draws,
        seed=settings.seed,
        versions=found.versions,
        cpu_seconds=round(fitted.cpu_seconds, 1),
        wall_seconds=round(fitted.wall_seconds, 1),
        prior_mean_none=prior_mean_none(found.variant),
        trusted=fitted.trusted,
        failures=tuple(text.en for text in fitted.diagnostics.failures),
        fractions=_fractions(fitted),
        parameters=_parameters(fitted) if fitted.trusted else None,
        diagnostics=_diagnostics(fitted),
        prior_check=found.prior_check.as_json(),
        posterior_check=found.posterior_check.as_json() if fitted.trusted else None,
        placebo=tuple(
            PlaceboShown(trusted=one.trusted, fractions=_fractions(one), diagnostics=_diagnostics(one))
            for one in found.placebo
        ),
        verdict=finding.verdict,
        findings=(finding,),
    )


def mixture_as_json(found: Mixture, finding: Finding, *, election: str, contest: str, count: str) -> dict[str, Json]:
    """The same as JSON."""
    return as_json(mixture_document(found, finding, election=election, contest=contest, count=count))


def _fractions(fitted: Fitted) -> dict[str, FractionShown] | None:
    if not fitted.trusted:
        return None
    named = zip(STATES, fitted.fractions(), strict=True)
    return {state: FractionShown(mean=f.mean, low=f.low, high=f.high) for state, f in named}


def _diagnostics(fitted: Fitted) -> DiagnosticsShown:
    seen = fitted.diagnostics
    return DiagnosticsShown(
        rhat=_finite(seen.rhat),
        ess_bulk_pi=_finite(seen.ess_bulk),
        ess_tail_pi=_finite(seen.ess_tail),
        divergences=seen.divergences,
        bfmi=_finite(seen.bfmi),
        pareto_k=seen.pareto_k,
        steps_mean=float(fitted.draws.steps.mean()),
        rows=fitted.draws.rows,
        modes=tuple(fitted.draws.modes),
        parameters={
            name: ChainsOf(rhat=_finite(rhat), ess_bulk=_finite(bulk), ess_tail=_finite(tail))
            for name, (rhat, bulk, tail) in seen.by_name.items()
        },
    )


def _parameters(fitted: Fitted) -> dict[str, ParameterShown]:
    weight = fitted.weight[..., None]
    found: dict[str, ParameterShown] = {}
    for name, values in fitted.named.items():
        flat = values.reshape(*values.shape[:2], -1)
        mean = (weight * flat).sum(axis=(0, 1))
        sd = np.sqrt((weight * (flat - mean) ** 2).sum(axis=(0, 1)))
        found[name] = ParameterShown(mean=mean.tolist(), sd=sd.tolist())
    return found


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None

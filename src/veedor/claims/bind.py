"""Claims bound to findings: what the findings say today, without arithmetic of our own.

`results` holds what the rooms printed as JSON: room -> list of findings; for `count`, each entry bears the name of its
count, or `count@time`, under `check`. A name that no finding has is an error with the nearest one, if its room ran.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from veedor.claims.model import Claim, Claims, Condition
from veedor.document import Json
from veedor.errors import DefinitionError, Fault
from veedor.languages import others

Results = Mapping[str, Sequence[Mapping[str, Json]]]

Answer = Literal["agrees", "does_not_agree", "depends_on_rule", "undecided", "not_at_hand", "no_verdict"]
"""agrees: every bound condition is met today. depends_on_rule: by some rules of projection it is, by others not.
undecided: a bound finding is undecided. not_at_hand: the room did not
run, its finding looked at nothing, or the data are elsewhere. no_verdict: the claim cannot be tested."""


OF = "of"
"""Key under which an entry of an audit or a record says what that is called by."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One condition today: the values found (one for each finding chosen), and whether it is met; None if unknown.

    depends: whether some rules of projection meet it, and others do not.
    at_hand: whether a finding was there that looked at something. other: whether an audit or a record is shown, but not
    the one that the claim is about.
    verdicts, titles, summaries: of the same findings; a count has no verdict.
    """

    condition: Condition
    found: tuple[Json, ...]
    met: bool | None
    depends: bool
    at_hand: bool
    other: bool
    verdicts: tuple[str | None, ...]
    titles: tuple[dict[str, str], ...]
    commands: tuple[str, ...]
    summaries: tuple[dict[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A claim with what the findings say today."""

    claim: Claim
    answer: Answer
    checked: tuple[Checked, ...]


def bind(claims: Claims, results: Results, *, file: str) -> list[Bound]:
    """Every claim with its answer. Raises DefinitionError for names that the rooms' findings do not have."""
    faults: list[Fault] = []
    bound = []
    for number, claim in enumerate(claims.claims, start=1):
        checked = []
        for index, condition in enumerate(claim.conditions, start=1):
            where = f"claims[{number}].conditions[{index}]"
            checked.append(_check(condition, results, faults, file=file, where=where))
        bound.append(Bound(claim=claim, answer=_answer(claim, checked), checked=tuple(checked)))
    if faults:
        raise DefinitionError(faults)
    return bound


def _answer(claim: Claim, checked: Sequence[Checked]) -> Answer:
    if claim.kind == "not_testable":
        return "no_verdict"
    if claim.kind == "needs_data" or not checked or any(not each.at_hand for each in checked):
        return "not_at_hand"
    if any(each.met is False for each in checked):
        return "does_not_agree"
    if any(each.depends for each in checked):
        return "depends_on_rule"
    return "agrees" if all(each.met for each in checked) else "undecided"


def _check(condition: Condition, results: Results, faults: list[Fault], *, file: str, where: str) -> Checked:
    if condition.room not in results:
        return _nothing(condition)
    chosen = _chosen(condition, results[condition.room], faults, file=file, where=where)
    if any(OF in finding and condition.of not in _names(finding) for finding in chosen):
        return _nothing(condition, other=any(_names(finding) for finding in chosen))
    values = []
    for finding in chosen:
        known, value = _value(finding, condition.field)
        if not known:
            faults.append(_no_field(condition, finding, file=file, where=where))
        values.append(value)
    by_rule = [_by_rule(condition, value) for value in values]
    met = [each for each, _ in by_rule]
    return Checked(
        condition=condition,
        found=tuple(values),
        met=False if False in met else None if None in met or not met else True,
        depends=any(depends for _, depends in by_rule),
        other=False,
        at_hand=any(finding.get("looked_at") != 0 for finding in chosen),
        verdicts=tuple(_verdict(finding) for finding in chosen),
        titles=tuple(_text(finding, "title", str(finding["check"])) for finding in chosen),
        commands=tuple(dict.fromkeys(str(finding.get("command", "")) for finding in chosen)),
        summaries=tuple(_text(finding, "summary", "") for finding in chosen),
    )


def _nothing(condition: Condition, *, other: bool = False) -> Checked:
    """That nothing here answers the condition."""
    return Checked(
        condition=condition,
        found=(),
        met=None,
        depends=False,
        at_hand=False,
        other=other,
        verdicts=(),
        titles=(),
        commands=(),
        summaries=(),
    )


def _names(finding: Mapping[str, Json]) -> Sequence[Json]:
    """What the audit or the record behind a finding is called by; empty where none is shown."""
    names = finding.get(OF)
    return names if isinstance(names, list) else ()


def _by_rule(condition: Condition, value: Json) -> tuple[bool | None, bool]:
    """Whether the value meets the condition, and whether that depends on the rule, of a figure for each rule."""
    if not isinstance(value, Mapping):
        return _met(condition, value), False
    met = [_met(condition, each) for each in value.values()]
    if None in met or not met:
        return None, False
    return (all(met) if len(set(met)) == 1 else None), len(set(met)) > 1


def _chosen(
    condition: Condition,
    findings: Sequence[Mapping[str, Json]],
    faults: list[Fault],
    *,
    file: str,
    where: str,
) -> list[Mapping[str, Json]]:
    named = [finding for finding in findings if finding["check"] == condition.finding]
    if not named:
        names = sorted({str(finding["check"]) for finding in findings})
        near = difflib.get_close_matches(condition.finding, names, n=1, cutoff=0.5)
        remedy = f"did you mean {near[0]}?" if near else f"its findings: {', '.join(names) or 'none'}"
        fault = Fault(
            file=file,
            column=f"{where}.finding",
            found=repr(condition.finding),
            wanted=f"a finding of {condition.room}",
            remedy=remedy,
        )
        faults.append(fault)
        return []
    chosen = [
        finding
        for finding in named
        if all(str(_value(finding, path)[1]) == text for path, text in condition.where.items())
    ]
    if not chosen:
        paths = {path: sorted({str(_value(finding, path)[1]) for finding in named}) for path in condition.where}
        faults.append(
            Fault(file=file, column=f"{where}.where", found=str(condition.where), wanted=f"values such as {paths}")
        )
    return chosen


def _value(finding: Mapping[str, Json], path: str) -> tuple[bool, Json]:
    """Whether the path leads somewhere, and to what."""
    value: Json = finding
    for part in path.split("."):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return False, None
    return True, value


def _no_field(condition: Condition, finding: Mapping[str, Json], *, file: str, where: str) -> Fault:
    head = condition.field.rsplit(".", 1)[0] if "." in condition.field else ""
    around = _value(finding, head)[1] if head else finding
    names = list(around) if isinstance(around, Mapping) else []
    near = difflib.get_close_matches(condition.field.rsplit(".", 1)[-1], names, n=1, cutoff=0.5)
    return Fault(
        file=file,
        column=f"{where}.field",
        found=repr(condition.field),
        wanted=f"a field of the finding {condition.finding}",
        remedy=f"did you mean {near[0]}?" if near else f"it has {', '.join(names)}",
    )


def _met(condition: Condition, value: Json) -> bool | None:
    """True if one finding meets the condition; None where it is undecided or has no such number."""
    if condition.is_ is not None:
        if condition.field == "verdict" and value == "undecided" and condition.is_ != "undecided":
            return None
        return bool(value == condition.is_)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if condition.at_least is not None:
        return value >= condition.at_least
    if condition.at_most is not None:
        return value <= condition.at_most
    if condition.more_than is not None:
        return value > condition.more_than
    assert condition.less_than is not None
    return value < condition.less_than


def _text(finding: Mapping[str, Json], key: str, instead: str) -> dict[str, str]:
    english = str(finding.get(key, instead))
    said = {code: _value(finding, f"translations.{code}.{key}") for code in others()}
    return {"en": english, **{code: str(value) if there else english for code, (there, value) in said.items()}}


def _verdict(finding: Mapping[str, Json]) -> str | None:
    verdict = finding.get("verdict")
    return None if verdict is None else str(verdict)

"""Every kind of audit through the same steps by the command line, and what the steps refuse."""

import csv
import json
from pathlib import Path

import pytest

from tests.audit import builders
from tests.audit.town import ballots, veedor
from veedor.record.keys import SigningKey, save_key

KINDS = ("sheets", "regions", "ballot_polling", "ballot_comparison", "oneaudit")
EXTRA = {"regions": 'region_level = "region"\n'}
KEYS = builders.keys()
ROLL = ("--who", "a child", "--where", "the square", "--when", "2026-03-02T10:00:00-04:00")


def terms(folder: Path, kind: str, keys: dict[str, SigningKey]) -> Path:
    lines = [f'kind = "{kind}"', 'risk_limit = "5 %"', "quorum = 4", EXTRA.get(kind, "")]
    lines += ["[seed]", 'method = "dice"', 'who = "a child"', 'where = "the square"', 'when = "Sunday"']
    for name, key in keys.items():
        lines += ["[[signatories]]", f'id = "{name}"', f'name = "The {name}"', f'role = "{builders.ROLES[name]}"']
        lines += [f'key = "{key.public}"']
        save_key(key, folder / f"{name}.key", "a long passphrase")
    path = folder / "terms.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def planned(town: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an audit of that kind, its plan written, nobody asked yet."""
    monkeypatch.setenv("VEEDOR_RECORD_PASSPHRASE", "a long passphrase")
    folder = town.parent
    audit = folder / "audit"
    more = ("--records", folder / "records.raire") if kind == "ballot_comparison" else ()
    result = veedor("audit", "plan", town, "--terms", terms(folder, kind, KEYS), "--out", audit, *more)
    assert result.exit_code == 0, result.output
    return audit


def sign(audit: Path, *names: str) -> None:
    for name in names:
        when = ("--at", "2026-03-01T10:00:00-04:00")
        result = veedor("audit", "sign", audit, "--signatory", name, "--key", audit.parent / f"{name}.key", *when)
        assert result.exit_code == 0, result.output


def read_all(audit: Path, number: int, changes: dict[str, str] | None = None) -> list[Path]:
    """Both entries of a round: what was drawn, read as reported but for the changes (status and figures, or vote)."""
    plan = json.loads((audit / "plan.json").read_text(encoding="utf-8"))
    with (audit / f"round-{number}/pull-list.csv").open(encoding="utf-8", newline="") as file:
        pulled = list(csv.DictReader(file))
    rows = []
    for row in pulled:
        unit = row.get("ballot") or row["station"]
        rows.append(f"{unit},{(changes or {}).get(unit) or read_one(plan, row)}")
    header = "ballot,status,vote" if plan["unit"] == "ballot" else "station,status,ana,bea,blank,null"
    paths = [audit.parent / "one.csv", audit.parent / "two.csv"]
    for path in paths:
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return paths


def read_one(plan: dict[str, object], row: dict[str, str]) -> str:
    if plan["kind"] == "ballot_comparison":
        station, place = row["ballot"][1:].split("-")
        return f"found,{ballots(int(station))[int(place) - 1]}"
    box = ballots(int(row["station"][1:]))
    if plan["unit"] == "ballot":
        return f"found,{box[int(row['ballot'].rpartition('/')[2]) - 1]}"
    return "found," + ",".join(str(box.count(vote)) for vote in ("ana", "bea", "blank", "null"))


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_takes_the_same_steps(town: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = planned(town, kind, monkeypatch)
    assert json.loads((audit / "plan.json").read_text(encoding="utf-8"))["kind"] == kind

    # Nobody has consented; then one has not: neither draw nor seed, and the refusal names whose consent is lacking.
    sign(audit, "authority", "mission", "reds")
    for command in (("draw", str(audit)), ("seed", str(audit), "--digits", "31415926535897932384", *ROLL)):
        refused = veedor("audit", *command)
        assert refused.exit_code == 2
        assert "The blues (blues) has not been asked" in refused.output
    sign(audit, "blues")
    assert "no preview" in veedor("audit", "draw", audit).output

    # One seed, never a second one.
    assert veedor("audit", "seed", audit, "--digits", "31415926535897932384", *ROLL).exit_code == 0
    second = veedor("audit", "seed", audit, "--digits", "27182818284590452353", *ROLL)
    assert (second.exit_code, "a second one is never taken" in second.output) == (2, True)

    # Nobody has signed its record; then one of four has: no draw before the quorum.
    assert "signed by 0 of the 4 signatories" in veedor("audit", "draw", audit).output
    key = audit.parent / "reds.key"
    assert veedor("audit", "sign", audit, "--signatory", "reds", "--key", key, "--seed").exit_code == 0
    assert "signed by 1 of the 4 signatories" in veedor("audit", "draw", audit).output
    builders.attest(audit, KEYS, "authority", "mission", "blues")

    # Rounds until the risk is under the limit.
    for number in (1, 2, 3):
        assert veedor("audit", "draw", audit).exit_code == 0
        form = veedor("audit", "form", audit, "--out", audit.parent / "form.html")
        assert form.exit_code == 0, form.output
        assert veedor("audit", "enter", audit, *read_all(audit, number)).exit_code == 0
        risk = json.loads(veedor("audit", "assess", audit, "--json").output)
        if risk["next"]["step"] == "confirmed":
            break
    assert risk["next"]["step"] == "confirmed"
    assert 0 < max(one["risk"] for one in risk["assertions"]) <= 0.05
    verified = veedor("audit", "verify", audit, "--json")
    assert verified.exit_code == 0, verified.output
    found = {one["check"]: one["verdict"] for one in json.loads(verified.output)["findings"]}
    assert {found[f"audit_{name}"] for name in ("order", "consent", "sample", "risk")} == {"holds"}

    # The plan changed by one character: everything after it is refused, and the reason is said.
    plan = audit / "plan.json"
    kept = plan.read_text(encoding="utf-8")
    plan.write_text(kept.replace("the square", "the squarE", 1), encoding="utf-8")
    assert veedor("audit", "verify", audit).exit_code == 1
    for name in ("draw", "assess"):
        refused = veedor("audit", name, audit)
        assert refused.exit_code == 2
        assert "another plan" in refused.output or "was changed after" in refused.output
    plan.write_text(kept, encoding="utf-8")

    # A drawn ballot or sheet read otherwise afterwards, and another sample, are named.
    for name, before, after in (("interpretations", ",found,", ",missing,"), ("sample", "\n1,", "\n01,")):
        path = audit / f"round-1/{name}.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        assert veedor("audit", "verify", audit).exit_code == 1
        path.write_text(text, encoding="utf-8")
    assert veedor("audit", "verify", audit).exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS[1:])
def test_what_is_missing_raises_the_risk_of_every_kind(
    town: Path, kind: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    audit = planned(town, kind, monkeypatch)
    builders.seeded(audit, KEYS, "31415926535897932384")
    veedor("audit", "draw", audit)
    lines = (audit / "round-1/sample.csv").read_text(encoding="utf-8").splitlines()
    place = 2 if lines[0].startswith("draw,station,ballot") else 1
    # A bet that learns is smaller after a loss, and may then lose less: there the last ballot is missing.
    learns = kind in ("ballot_polling", "oneaudit")
    gone = lines[-1 if learns else 1].split(",")[place]
    lost = {gone: "missing," + ("" if place == 2 else ",,,")}
    assert veedor("audit", "enter", audit, *read_all(audit, 1, lost)).exit_code == 0
    worse = json.loads(veedor("audit", "assess", audit, "--json").output)["assertions"][0]
    assert worse["sheets_missing_or_unreadable"] == 1
    (audit / "round-1/risk.json").unlink()
    for name in ("entry-a.csv", "entry-b.csv", "interpretations.csv"):
        (audit / "round-1" / name).unlink()
    assert veedor("audit", "enter", audit, *read_all(audit, 1)).exit_code == 0
    clean = json.loads(veedor("audit", "assess", audit, "--json").output)["assertions"][0]
    assert clean["risk"] < worse["risk"] or (learns and clean["risk"] <= worse["risk"])


@pytest.mark.slow
def test_one_more_ballot_than_the_plan_lists_asks_for_a_full_count(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audit = planned(town, "oneaudit", monkeypatch)
    builders.seeded(audit, KEYS, "31415926535897932384")
    veedor("audit", "draw", audit)
    paths = read_all(audit, 1)
    for path in paths:
        path.write_text(path.read_text(encoding="utf-8") + "s01/121,extra,bea\n", encoding="utf-8")
    assert veedor("audit", "enter", audit, *paths).exit_code == 0
    risk = json.loads(veedor("audit", "assess", audit, "--json").output)
    assert (risk["next"]["step"], risk["assertions"][0]["risk"]) == ("full_count", 1.0)
    assert "more ballots than the plan lists" in risk["next"]["reason"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "more", "words"),
    [
        ("regions", "", "region_level goes with the kind 'regions'"),
        ("regions", 'region_level = "county"', "no level 'county'"),
        ("sheets", 'region_level = "region"', "region_level goes with"),
        ("ballot_comparison", "", "cast vote records"),
        ("ballot_polling", 'test = { name = "kaplan_markov" }', "the test of ballot_polling is one of shrink_truncate"),
        ("oneaudit", 'sampling = "proportional_to_error_bound"', "oneaudit draws with sampling 'equal_probability'"),
        ("ballot_polling", "rounds = [100000]", "there are 4,800 ballots"),
        ("lottery", "", "ballot_polling"),
    ],
)
def test_terms_that_do_not_go_together_are_refused(
    town: Path, kind: str, more: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EXTRA, kind, more)
    path = terms(town.parent, kind, builders.keys())
    result = veedor("audit", "plan", town, "--terms", path, "--out", town.parent / "audit")
    assert result.exit_code == 2
    assert words in result.output
    assert not (town.parent / "audit").exists()


@pytest.mark.slow
def test_records_that_do_not_give_the_outcome_are_refused(town: Path) -> None:
    records = town.parent / "records.raire"
    swapped = records.read_text(encoding="utf-8").replace(",ana\n", ",x\n").replace(",bea\n", ",ana\n")
    records.write_text(swapped.replace(",x\n", ",bea\n"), encoding="utf-8")
    path = terms(town.parent, "ballot_comparison", builders.keys())
    result = veedor("audit", "plan", town, "--terms", path, "--out", town.parent / "audit", "--records", records)
    assert result.exit_code == 2
    assert "is not what the reported votes give" in result.output

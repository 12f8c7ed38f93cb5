"""How a sheet becomes an entry, and what entries say when they are read again."""

import base64
import datetime as dt
import json
import subprocess
from hashlib import sha256
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from veedor.canonical import canonical_json
from veedor.count import tally
from veedor.election.read import read_election
from veedor.errors import VeedorError
from veedor.ledger.entry import Entry, sheets_of
from veedor.ledger.ledger import (
    Ledger,
    Standings,
    difference_between,
    differences_of_totals,
    entries_for,
    growth_in_words,
    read_ledger,
    receipt_names,
)
from veedor.sheets.read import read_sheets

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "record"
SCOPE = ("valle-2025", "mayor", "preliminary")
WHEN = "2025-03-02T19:30:00-04:00"


def test_names_are_sorted_as_rfc_8785_sorts_them() -> None:
    """RFC 8785, section 3.2.3: the example of sorting by UTF-16 code units."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    ordered = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical_json(dict.fromkeys(names, 1)))) == ordered


def test_strings_are_written_as_rfc_8785_writes_them() -> None:
    """RFC 8785, section 3.2.2: the example's string and literals; its numbers are fractions, which entries lack."""
    value = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None, True, False]}
    expected = '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    assert canonical_json(value).decode() == expected


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.mark.slow
@given(plain)
def test_what_is_written_reads_back(value: Any) -> None:
    assert json.loads(canonical_json(value)) == value
    assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)


@pytest.mark.slow
def test_javascript_writes_the_same_bytes() -> None:
    """JSON.stringify is what RFC 8785 is defined by; Node sorts names by UTF-16 code units too."""
    if which("node") is None:
        pytest.skip("needs Node.js")
    values: list[Any] = [
        {"é": 1, "e": [], "\ue000": {}, "\U0001f600": {"b": None, "a": [True, -0, 2**53 - 1]}},
        "".join(map(chr, [*range(0x20), 0x7F, 0x80, 0x2028, 0x2029, 0xFFFD, 0x1F600])),
        {"place": ["Bolivia", "La Paz", 'Unidad "Educativa" Ñuflo\\de Chávez'], "votes": {"MAS-IPSP": 12, "CC": 0}},
    ]
    program = """
      const sorted = (v) => Array.isArray(v) ? v.map(sorted) : v && typeof v === "object"
        ? Object.fromEntries(Object.keys(v).sort().map((k) => [k, sorted(v[k])])) : v;
      const values = JSON.parse(require("fs").readFileSync(0, "utf8"));
      process.stdout.write(values.map((v) => Buffer.from(JSON.stringify(sorted(v))).toString("base64")).join("\\n"));
    """
    done = subprocess.run(
        ["node", "-e", program], input=json.dumps(values), capture_output=True, text=True, check=True, encoding="utf-8"
    )
    theirs = [base64.b64decode(line) for line in done.stdout.split("\n")]
    assert theirs == [canonical_json(value) for value in values]


def test_what_an_entry_cannot_hold() -> None:
    for value in (1.5, 2**53, float("nan"), {1: 2}, b"x", {"a": "\ud800"}, dt.date(2019, 10, 20)):
        with pytest.raises(VeedorError):
            canonical_json(value)


def state(when: str) -> list[Entry]:
    election = read_election(EXAMPLE)
    time = dt.datetime.fromisoformat(when).replace(tzinfo=election.zone)
    sheets = read_sheets(election, election.contests[0], election.counts[0], EXAMPLE, when=time)
    return sheets_of(sheets.table, election, election.contests[0])


FIRST, SECOND = state("2025-03-02T19:30:00"), state("2025-03-02T19:41:00")


def test_a_sheet_s_entry_word_for_word() -> None:
    (entry, _) = entries_for(FIRST, Ledger(), WHEN, scope=SCOPE)
    assert entry.decode() == (
        '{"blank":4,"contest":"mayor","count":"preliminary","election":"valle-2025","null":6,"place":["Valle",'
        '"Escuela Central"],"published":"2025-03-02T19:30:00-04:00","registered":210,"station":"101","type":"sheet",'
        '"votes":{"A":80,"B":70}}'
    )


def test_only_what_is_new_or_changed_is_added() -> None:
    first = list(entries_for(FIRST, Ledger(), WHEN, scope=SCOPE))
    ledger = read_ledger(first)
    assert list(entries_for(FIRST, ledger, WHEN, scope=SCOPE)) == []
    added = list(entries_for(SECOND, ledger, WHEN, scope=SCOPE))
    assert [json.loads(entry)["station"] for entry in added] == ["201", "202"]


def changed(sheets: list[Entry], station: str, **votes: int) -> list[Entry]:
    return [{**sheet, "votes": votes} if sheet["station"] == station else sheet for sheet in sheets]


def test_a_correction_names_what_it_replaces_and_why() -> None:
    first = list(entries_for(SECOND, Ledger(), WHEN, scope=SCOPE))
    ledger = read_ledger(first)
    with pytest.raises(VeedorError, match=r"station 201 .*entry 2 of the record.*--reason"):
        list(entries_for(changed(SECOND, "201", A=1, B=2), ledger, WHEN, scope=SCOPE))
    (entry,) = entries_for(changed(SECOND, "201", A=1, B=2), ledger, WHEN, reason="typed wrongly", scope=SCOPE)
    content = json.loads(entry)
    assert content["replaces"] == {"index": 2, "leaf": sha256(b"\0" + first[2]).hexdigest()}
    assert content["reason"] == "typed wrongly"
    ledger.take(entry)
    (correction,) = ledger.corrections
    assert (correction.key[3], correction.replaces, correction.announced) == ("201", 2, True)
    assert ledger.totals("mayor", "preliminary").votes == {"A": 80 + 77 + 1 + 88, "B": 70 + 81 + 2 + 71}


def test_a_sheet_that_disappears_is_withdrawn_openly() -> None:
    ledger = read_ledger(entries_for(SECOND, Ledger(), WHEN, scope=SCOPE))
    with pytest.raises(VeedorError, match="--reason"):
        list(entries_for(FIRST, ledger, WHEN, scope=SCOPE))
    for entry in list(entries_for(FIRST, ledger, WHEN, reason="annulled by ruling 12", scope=SCOPE)):
        ledger.take(entry)
    assert ledger.totals("mayor", "preliminary").sheets == 2
    assert growth_in_words(ledger, 4, None).en == "The record grew by 2 to 6 entries; withdrawn openly: 201, 202."
    back = list(entries_for(SECOND, ledger, WHEN, scope=SCOPE))
    assert [json.loads(entry)["station"] for entry in back] == ["201", "202"]


def test_a_second_sheet_that_names_nothing_is_told_apart() -> None:
    first = list(entries_for(FIRST, Ledger(), WHEN, scope=SCOPE))
    silent = next(iter(entries_for(changed(FIRST, "101", A=0, B=150), Ledger(), WHEN, scope=SCOPE)))
    ledger = read_ledger([*first, silent])
    words = growth_in_words(ledger, 2, None)
    assert words.en == ("The record grew by 1 to 3 entries; published again without naming what they replace: 101.")
    assert "sin decir qué reemplazan: 101" in words.es


def test_images_are_hashed_into_entries_and_kept_over_corrections() -> None:
    image = "ab" * 32
    ledger = read_ledger(entries_for(FIRST, Ledger(), WHEN, images={"101": image}, scope=SCOPE))
    assert ledger.standing[(*SCOPE, "101")].content["image_sha256"] == image
    assert list(entries_for(FIRST, ledger, WHEN, scope=SCOPE)) == []
    (entry,) = entries_for(changed(FIRST, "101", A=1, B=1), ledger, WHEN, reason="r", scope=SCOPE)
    assert json.loads(entry)["image_sha256"] == image


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"type":"sheet"}',
        b"[" * 100_000,
        b'{"type":"sheet","election":"e","contest":"c","count":"n","station":"1","votes":{"A":-1}}',
        b'{"contest":"c","count":"n","election":"e","station":"1","type":"sheet","votes":{"A":true}}',
        b'{"contest":"c","count":"n","election":"e","station":"1","type":"sheet","votes":{"A":1,"A":100}}',
        b'{"contest":"c","count":"n","election":"e","station":"1","type":"sheet","votes":{"A":1.0}}',
        b'{ "contest":"c","count":"n","election":"e","station":"1","type":"sheet","votes":{"A":1}}',
        b'{"contest":"c","count":"n","election":"e","station":1,"type":"sheet","votes":{"A":1}}',
        b'{"contest":"c","count":"n","election":"e","place":7,"station":"1","type":"sheet","votes":{"A":1}}',
        b'{"contest":"c","count":"n","election":"e","station":"1","status":3,"type":"sheet","votes":{"A":1}}',
    ],
)
def test_what_is_no_sheet_is_counted_as_foreign(entry: bytes) -> None:
    ledger = read_ledger([entry])
    assert (ledger.size, ledger.foreign, len(ledger.standing)) == (1, 1, 0)
    assert "1 entries are no tally sheets" in growth_in_words(ledger, 0, None).en


def test_sheets_that_are_not_in_the_totals_stay_out_of_them() -> None:
    sheets: list[Entry] = [{**FIRST[0], "status": "annulled"}, {**FIRST[1], "status": "observed"}]
    ledger = read_ledger(entries_for(sheets, Ledger(), WHEN, scope=SCOPE))
    assert ledger.totals("mayor", "preliminary") == Standings(sheets=1, blank=3, null=2, votes={"A": 77, "B": 81})


def test_what_differs_is_said_with_station_and_place() -> None:
    (one, _) = entries_for(FIRST, Ledger(), WHEN, scope=SCOPE)
    other = one.replace(b'"A":80', b'"A":81').replace(b'"null":6', b'"null":5')
    text = difference_between(one, other)
    assert text.en == "the tally sheet of station 101 (Valle, Escuela Central) (null 6 → 5; A 80 → 81)"
    assert difference_between(one, b"x").es == "no es un acta"


def test_receipts_are_named_by_station_and_names_stay_apart() -> None:
    sheets: list[Entry] = [{**FIRST[0], "station": name} for name in ("7", "a/b", "a_2fb", "..", "Ñ 1")]
    names = receipt_names(read_ledger(entries_for(sheets, Ledger(), WHEN, scope=SCOPE)))
    assert names == {0: "7", 1: "a_2fb", 2: "a_5f2fb", 3: "_2e.", 4: "Ñ_201"}
    both: list[Entry] = [*FIRST, {**FIRST[0], "count": "official"}]
    assert receipt_names(read_ledger(entries_for(both, Ledger(), WHEN, scope=SCOPE)))[2] == "mayor-official-101"


def test_differences_of_totals() -> None:
    ours = Standings(sheets=2, blank=1, null=0, votes={"A": 5})
    theirs = Standings(sheets=2, blank=2, null=0, votes={"A": 5, "B": 1})
    found = [(one.figure, one.published, one.record) for one in differences_of_totals(theirs, ours)]
    assert found == [("blank", 2, 1), ("B", 1, 0)]


@pytest.mark.slow
def test_a_real_count_adds_up_to_the_same_from_its_entries(shared: Path) -> None:
    election = read_election("bolivia-2019")
    contest, count = election.contests[0], election.counts[-1]
    table = read_sheets(election, contest, count, shared / "data" / "bolivia-2019").table
    entries = list(entries_for(sheets_of(table, election, contest), Ledger(), WHEN, scope=(election.id, "", "")))
    assert len(entries) == 34_555
    totals, ours = tally(table, contest), read_ledger(entries).totals(contest.id, count.id)
    theirs = Standings(sheets=totals.sheets, blank=totals.blank, null=totals.null, votes=dict(totals.votes))
    assert differences_of_totals(theirs, ours) == []

"""Cast vote records: what each ballot says according to the machine, in the forms that audit tools read.

- Dominion's CSV, which Arlo takes: four header rows (election, contests, choices, column names), 1 where marked.
- The RAIRE form, which SHANGRLA reads: `Contest,id,n,choice,...`, then `contest id,ballot id,first,second,...`; here
  the first preference is the vote.
- NIST SP 1500-103 (version 1) in JSON.

A ballot with no mark, or with more marks than the contest has seats, has no valid vote in it: None.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from veedor.audit.formats.arlo import choice_of
from veedor.audit.tables import MOST_BYTES
from veedor.election import Contest
from veedor.errors import VeedorError
from veedor.rim.foreign import read_file
from veedor.rim.hostile_json import loads_object


@dataclass(frozen=True, kw_only=True)
class Records:
    """Votes by ballot, for one contest with one vote each; only ballots that carry the contest."""

    votes: dict[str, str | None]


def read_records(path: Path, contest: Contest) -> Records:
    """Records of a file in any of the three forms; which one, the file's beginning says."""
    data = read_file(path, most=MOST_BYTES)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    try:
        if start == b"{":
            pairs = _nist(loads_object(data, path.name, most_bytes=MOST_BYTES), contest)
        else:
            rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
            raire = bool(rows) and len(rows[0]) == 1 and rows[0][0].strip().isdigit()
            pairs = _raire(rows, contest) if raire else _dominion(rows, contest)
        votes: dict[str, str | None] = {}
        for ballot, vote in pairs:
            if not ballot or ballot in votes:
                raise VeedorError(f"ballot {ballot!r} has two records, or no id")
            votes[ballot] = vote
    except (csv.Error, ValueError, LookupError, TypeError, AttributeError) as error:
        raise VeedorError(f"{path} is not a file of cast vote records: {error!r}") from None
    except VeedorError as error:
        raise VeedorError(f"{path}: {error}") from None
    if not votes:
        raise VeedorError(f"{path} has no ballot with the contest {contest.id}")
    return Records(votes=votes)


def _dominion(rows: list[list[str]], contest: Contest) -> Iterator[tuple[str, str | None]]:
    if len(rows) < 4 or "ImprintedId" not in rows[3] + rows[2]:
        raise VeedorError("wanted four header rows, the fourth with ImprintedId (Dominion's form)")
    contests, labels, header = rows[1], rows[2], rows[3]
    known = {contest.id, *contest.name.text.values()}
    columns = {
        place: choice_of(contest, label)
        for place, (name, label) in enumerate(zip(contests, labels, strict=False))
        if _without_limit(name) in known
    }
    unknown = [labels[place] for place, choice in columns.items() if choice is None]
    if not columns or unknown:
        raise VeedorError(f"contest {contest.id} is not there, or has choices that the definition lacks: {unknown}")
    name = header.index("ImprintedId")
    for row in rows[4:]:
        if not row:
            continue
        cells = {choice: row[place].strip() for place, choice in columns.items()}
        if any(cells.values()):  # empty cells: the contest is not on this ballot
            marked = [choice for choice, cell in cells.items() if cell not in ("", "0")]
            yield row[name].strip(), marked[0] if len(marked) == 1 else None


def _without_limit(name: str) -> str:
    """A contest's name without how many may be marked: `Mayor (Vote For=1)` is Mayor."""
    head, mark, number = name.strip().rpartition("(Vote For=")
    return head.strip() if mark and re.fullmatch(r"[0-9]+\)", number) else name.strip()


def _raire(rows: list[list[str]], contest: Contest) -> Iterator[tuple[str, str | None]]:
    number = int(rows[0][0])
    headers = rows[1 : 1 + number]
    ids = {row[1].strip() for row in headers if row[0].strip().lower() == "contest"}
    wanted = {contest.id, *contest.name.text.values()} & ids
    if len(wanted) != 1:
        raise VeedorError(f"contest {contest.id} is not among {', '.join(sorted(ids))}")
    for row in rows[1 + number :]:
        if row and row[0].strip() in wanted:
            vote = choice_of(contest, row[2]) if len(row) > 2 and row[2].strip() else None
            if vote is None and len(row) > 2 and row[2].strip():
                raise VeedorError(f"ballot {row[1]}: no choice {row[2]!r} in {contest.id}")
            yield row[1].strip(), vote


def _nist(report: dict[str, Any], contest: Contest) -> Iterator[tuple[str, str | None]]:
    known = {contest.id, *contest.name.text.values()}
    selections: dict[str, str | None] = {}
    ids: set[str] = set()
    for election in report["Election"]:
        names = {one["@id"]: _text(one.get("Name")) for one in election.get("Candidate", [])}
        for one in election["Contest"]:
            if one["@id"] not in known and _text(one.get("Name")) not in known:
                continue
            ids.add(one["@id"])
            for selection in one.get("ContestSelection", []):
                labels = [selection["@id"], _text(selection.get("Selection"))]
                labels += [names.get(candidate, "") for candidate in selection.get("CandidateIds", [])]
                labels += list(selection.get("CandidateIds", []))
                found = [choice for label in labels if (choice := choice_of(contest, label)) is not None]
                selections[selection["@id"]] = found[0] if found else None
    if not ids:
        raise VeedorError(f"contest {contest.id} is not in the report")
    for record in report["CVR"]:
        snapshots = record["CVRSnapshot"]
        current = record.get("CurrentSnapshotId")
        chosen = [one for one in snapshots if one["@id"] == current] or snapshots
        for one in chosen[-1].get("CVRContest", []):
            if one["ContestId"] in ids:
                yield _ballot_id(record), _vote(one, selections)


def _vote(contest: dict[str, Any], selections: dict[str, str | None]) -> str | None:
    marked = []
    for selection in contest.get("CVRContestSelection", []):
        positions = selection.get("SelectionPosition", [])
        indicated = [
            one for one in positions if one.get("HasIndication") == "yes" and one.get("IsAllocable", "yes") != "no"
        ]
        if indicated:
            name = selection["ContestSelectionId"]
            if selections.get(name) is None:
                raise VeedorError(f"selection {name} is no choice of the definition")
            marked.append(selections[name])
    return marked[0] if len(marked) == 1 else None


def _ballot_id(record: dict[str, Any]) -> str:
    for key in ("BallotAuditId", "BallotPrePrintedId", "UniqueId", "BallotSheetId"):
        if record.get(key):
            return str(record[key])
    raise VeedorError("a record has no BallotAuditId, BallotPrePrintedId, UniqueId or BallotSheetId")


def _text(name: Any) -> str:
    """A name: text, or an internationalised text's first."""
    if isinstance(name, dict):
        texts = name.get("Text", [])
        return str(texts[0].get("Content", "")) if texts else ""
    return "" if name is None else str(name)

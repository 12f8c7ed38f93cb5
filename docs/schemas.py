"""One JSON Schema (2020-12) for each document that veedor publishes, from the types of the documents.

python docs/schemas.py            write docs/reference/schemas/*.json
python docs/schemas.py --check    exit status 1 if what is there is not what the types give
"""

import dataclasses
import inspect
import json
import re
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, Required, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from veedor.audit import document as audit
from veedor.audit.protocol.file_models import SeedRecord
from veedor.audit.protocol.status import Status
from veedor.audit.rounds.rounds import Assessment
from veedor.checks.run import CheckDocument
from veedor.claims.as_json import ClaimsDocument
from veedor.cli import documents as cli
from veedor.count.as_json import CountDocument, SeriesDocument
from veedor.document import INLINED, LEFT_OUT, Json
from veedor.dossier.derive.documents import ElectionDocument, MapDocument, TimelineDocument
from veedor.dossier.manifest import Manifest
from veedor.finding import Finding, FindingDocument, Text
from veedor.forensics.findings import ForensicsDocument, ForensicsDocuments
from veedor.forensics.mixture.findings import MixtureDocument
from veedor.interruption.as_json import StudyDocument
from veedor.ledger.document import RecordDocument
from veedor.quickcount.compare import CompareDocument
from veedor.quickcount.document import EstimateDocument
from veedor.quickcount.release import ReleaseDocument
from veedor.quickcount.sample import plan as quickcount

FOLDER = Path(__file__).parent / "reference" / "schemas"
DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]

DOCUMENTS: Mapping[str, tuple[Any, ...]] = {
    "count": (CountDocument, SeriesDocument),
    "check": (CheckDocument,),
    "interruption": (StudyDocument,),
    "forensics": (ForensicsDocument, ForensicsDocuments),
    "mixture": (MixtureDocument,),
    "claims": (ClaimsDocument,),
    "report": (cli.ReportDocument,),
    "verify": (cli.VerifyDocument,),
    "new": (cli.NewDocument,),
    "export": (cli.ExportDocument,),
    "fetch": (cli.FetchDocument,),
    "simulate": (cli.SimulateDocument,),
    "quickcount-design": (quickcount.DesignDocument,),
    "quickcount-draw": (quickcount.DrawDocument,),
    "quickcount-open": (quickcount.OpenDocument,),
    "quickcount-compare": (CompareDocument,),
    "quickcount-release": (ReleaseDocument,),
    "quickcount-estimate": (EstimateDocument,),
    "audit-plan": (audit.PlanDocument, audit.PlanWritten),
    "audit-status": (Status,),
    "audit-ballots": (audit.BallotsDocument,),
    "audit-strata": (audit.StrataDocument,),
    "audit-statement": (audit.StatementWritten, audit.StatementKept, audit.SeedShown),
    "audit-seed": (SeedRecord,),
    "audit-log-seed": (audit.SeedLogged,),
    "audit-draw": (audit.DrawDocument,),
    "audit-enter": (audit.EnterDocument,),
    "audit-assess": (Assessment,),
    "audit-verify": (audit.VerifiedDocument, audit.NotVerified),
    "audit-report": (audit.AuditDocument,),
    "record-key": (cli.KeyDocument,),
    "record-init": (cli.InitDocument,),
    "record-append": (Sequence[cli.AppendedSnapshot],),
    "record-checkpoint": (cli.CheckpointDocument,),
    "record-cosign": (cli.CosignDocument,),
    "record-prove": (cli.ReceiptsWritten, cli.ConsistencyDocument),
    "record-verify": (cli.ReceiptVerified, cli.ReceiptRefused),
    "record-watch": (cli.WatchDocument,),
    "record-report": (RecordDocument,),
    "manifest": (Manifest,),
    "election": (ElectionDocument,),
    "timeline": (TimelineDocument,),
    "map": (MapDocument,),
}
"""Documents by the command that prints them; those from `audit-report` on that no command prints are files of a dossier."""

RESULTS: Mapping[str, str] = {
    "election.json": "election",
    "timeline.json": "timeline",
    "map.json": "map",
    "count.json": "count",
    "places.json": "count",
    "check.json": "check",
    "interruption.json": "interruption",
    "forensics.json": "forensics",
    "claims.json": "claims",
    "audit.json": "audit-report",
    "record.json": "record-report",
}
"""Files of a dossier's folder results/ and the schema of each."""

TEXT: Schema = {
    "type": "object",
    "description": "A sentence or name for people, by the code of its language.",
    "properties": {"en": {"type": "string"}},
    "required": ["en"],
    "additionalProperties": {"type": "string"},
}
PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    types.NoneType: {"type": "null"},
}


def schema_of(name: str) -> Schema:
    """The schema of one published document."""
    kinds, definitions = DOCUMENTS[name], {}
    shown = [_schema(kind, definitions) for kind in kinds]
    body = shown[0] if len(shown) == 1 else {"oneOf": shown}
    return {"$schema": DIALECT, "title": name, **body, "$defs": dict(sorted(definitions.items()))}


def name_of(document: object) -> str | None:
    """The schema's name for a document that a command prints; None for what is no dataclass."""
    kind = Sequence[type(document[0])] if isinstance(document, list) and document else type(document)
    return next((name for name, kinds in DOCUMENTS.items() if kind in kinds), None)


def _schema(kind: Any, definitions: dict[str, Schema]) -> Schema:
    if kind is Json or kind is Any or kind is object:
        return {}
    if kind in PLAIN:
        return dict(PLAIN[kind])
    if kind is Text:
        return dict(TEXT)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _schema(inner[0], definitions)
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_schema(one, definitions) for one in inner]}
    if inspect.isclass(origin) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(inner[1], definitions)}
    if inspect.isclass(origin) and issubclass(origin, Sequence):
        return {"type": "array", "items": _schema(inner[0], definitions)}
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return {"enum": [one.value for one in kind]}
    return _defined(FindingDocument if kind is Finding else kind, definitions)


def _defined(kind: Any, definitions: dict[str, Schema]) -> Schema:
    """A reference to the object's schema, which goes among the definitions."""
    name = re.sub(r"(Shown|Document)$", "", kind.__name__) or kind.__name__
    taken = definitions.get(name)
    if taken is not None and taken.get("$comment") != _origin(kind):
        name = kind.__name__ if kind.__name__ not in definitions else kind.__qualname__ + kind.__module__.title()
    if name not in definitions:
        definitions[name] = {}  # a type inside itself ends here
        definitions[name] = {"$comment": _origin(kind), **_object(kind, definitions)}
    return {"$ref": f"#/$defs/{name}"}


def _origin(kind: Any) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _object(kind: Any, definitions: dict[str, Schema]) -> Schema:
    if inspect.isclass(kind) and issubclass(kind, BaseModel):
        # Its own definitions get its name before theirs: another document may have another type of the same name.
        schema = kind.model_json_schema(mode="serialization", ref_template=f"#/$defs/{kind.__name__}.{{model}}")
        definitions.update({f"{kind.__name__}.{name}": part for name, part in schema.pop("$defs", {}).items()})
        return schema
    properties: dict[str, Schema] = {}
    required: list[str] = []
    described = inspect.getdoc(kind)
    for name, inner, needed in _fields(kind, definitions):
        properties[name] = inner
        required += [name] if needed else []
    about = {} if not described or described.startswith(f"{kind.__name__}(") else {"description": described}
    return {**about, "type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _fields(kind: Any, definitions: dict[str, Schema]) -> Iterator[tuple[str, Schema, bool]]:
    """Every key with its schema, and whether it is always there."""
    hints = get_type_hints(kind, include_extras=True)
    if not dataclasses.is_dataclass(kind):
        for name, inner in hints.items():
            bare = get_args(inner)[0] if get_origin(inner) in (NotRequired, Required) else inner
            yield name, _schema(bare, definitions), name in kind.__required_keys__
        return
    for each in dataclasses.fields(kind):
        inner, how = hints[each.name], each.metadata.get("json")
        if how == INLINED["json"]:
            optional = types.NoneType in get_args(inner)
            bare = next(one for one in get_args(inner) if one is not types.NoneType) if optional else inner
            yield from ((name, part, needed and not optional) for name, part, needed in _fields(bare, definitions))
        else:
            left_out = how == LEFT_OUT["json"]
            bare = _without_none(inner) if left_out else inner
            yield each.name.removesuffix("_"), _schema(bare, definitions), not left_out


def _without_none(kind: Any) -> Any:
    parts = [one for one in get_args(kind) if one is not types.NoneType]
    return parts[0] if len(parts) == 1 else typing.Union[tuple(parts)]  # noqa: UP007 - made of what is there


def bytes_of(name: str) -> bytes:
    """The schema's file."""
    return (json.dumps(schema_of(name), ensure_ascii=False, indent=1) + "\n").encode()


def validator(name: str) -> Callable[[object], None]:
    """What raises jsonschema.ValidationError for a document that its schema does not allow."""
    from jsonschema import Draft202012Validator

    found = Draft202012Validator(schema_of(name))
    return lambda document: found.validate(document)


if __name__ == "__main__":
    wanted = {f"{name}.json": bytes_of(name) for name in DOCUMENTS}
    there = {path.name: path.read_bytes() for path in FOLDER.glob("*.json")}
    if "--check" in sys.argv:
        sys.exit(0 if wanted == there else 1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in there.keys() - wanted.keys():
        (FOLDER / name).unlink()
    for name, content in wanted.items():
        (FOLDER / name).write_bytes(content)

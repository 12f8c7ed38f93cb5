"""A whole audit's folder as somebody else publishes it; half of the changed ones with right hashes and signatures."""

import json
from collections.abc import Callable, Sequence

from tests.fuzz import audits
from tests.fuzz.mutate import folder, signed, table, tree
from tests.fuzz.overlay import Files, folder_with, smaller
from tests.fuzz.target import Mutator, Target


def _run(base: Callable[[], Files]) -> Callable[[bytes], object]:
    def run(data: bytes) -> object:
        """Every question that is asked of an audit's folder; each alone, as a fault may hide the next."""
        from veedor.audit.findings import findings_of
        from veedor.audit.protocol.status import status_of
        from veedor.audit.report import report_of
        from veedor.audit.verified import read_audit
        from veedor.audit.verify import verify
        from veedor.document import as_json
        from veedor.errors import VeedorError
        from veedor.finding import finding_as_json

        refused = []
        with folder_with(base(), data) as home:
            questions: tuple[Callable[[], object], ...] = (
                lambda: [(step.name, step.done, step.says) for step in verify(home)],
                lambda: json.dumps(as_json(status_of(home)), allow_nan=False),
                lambda: json.dumps(as_json(report_of(home)), allow_nan=False),
                lambda: [finding_as_json(one) for one in findings_of(read_audit(home))],
            )
            for question in questions:
                try:
                    question()
                except VeedorError as error:
                    refused.append(error)
        if refused:
            raise refused[0]
        return None

    return run


def _run_steps(data: bytes) -> object:
    """The next steps of somebody who goes on with such a folder: draw, enter, assess."""
    from veedor.audit.rounds.draw import draw_round
    from veedor.audit.rounds.rounds import assess, enter
    from veedor.errors import VeedorError

    refused = []
    with folder_with(audits.with_reveal(), data) as home:
        one, two = home / "round-1/pull-list.csv", home / "round-1/sample.csv"
        for step in (lambda: enter(home, one, two), lambda: assess(home), lambda: draw_round(home)):
            try:
                step()
            except VeedorError as error:
                refused.append(error)
    if refused:
        raise refused[0]
    return None


def _run_pages(data: bytes) -> object:
    """The page and the forms that are written from such a folder."""
    from veedor.dossier.pages.audit.standalone import write_forms, write_page

    with folder_with(audits.with_dice(), data) as home, folder_with({}) as out:
        write_page(home, out / "page")
        return [write_forms(home, out / f"forms-{language}.html", language) for language in ("en", "es")]


def _mutator(base: Callable[[], Files]) -> Callable[[Sequence[bytes]], Mutator]:
    def made(seeds: Sequence[bytes]) -> Mutator:
        ways = {
            ".json": tree.json_tree(),
            ".csv": table.table(b",", (b"station", b"found", b"missing", b"unreadable", b"extra")),
            ".txt": signed.lines((b"answer objects", b"reason x")),
            ".sig": signed.lines(),
            "": signed.lines(),
        }
        names = (
            "answers/blues-2.txt", "answers/blues-2.sig", "round-2/draw.json", "round-1/entry-c.csv", "records.csv",
            "seed/reds.secret", "seed/reds.attest.txt", "seed/commitments.txt",
            "superseded/2/plan.json", "superseded/x/plan.json", "round-x/draw.json",
        )  # fmt: skip
        return folder.folder(base(), ways, resign=audits.resigned, names=names)

    return made


EMPTY = b"{}"

TARGETS = (
    Target(
        name="audit-folder",
        run=_run(audits.with_dice),
        seeds=lambda: [EMPTY],
        mutator=_mutator(audits.with_dice),
        smaller=smaller,
        most_bytes=60_000,
        weight=4,
        share=25,
    ),
    Target(
        name="audit-revealed",
        run=_run(audits.with_reveal),
        seeds=lambda: [EMPTY],
        mutator=_mutator(audits.with_reveal),
        smaller=smaller,
        most_bytes=60_000,
        weight=2,
        share=15,
    ),
    Target(
        name="audit-steps",
        run=_run_steps,
        seeds=lambda: [EMPTY],
        mutator=_mutator(audits.with_reveal),
        smaller=smaller,
        most_bytes=60_000,
        weight=2,
        share=15,
    ),
    Target(
        name="audit-pages",
        run=_run_pages,
        seeds=lambda: [EMPTY],
        mutator=_mutator(audits.with_dice),
        smaller=smaller,
        most_bytes=60_000,
        share=10,
    ),
)

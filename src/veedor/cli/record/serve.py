"""veedor record serve, witness, watch: what runs for as long as an election does."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from veedor.cli.common import ContestOption, DataOption, JsonOption, print_json, say
from veedor.cli.record.keys import KeyDescriptorOption, KeyOption, PassphraseOption, signing_keys
from veedor.cli.record.tables import checkpoint_shown
from veedor.cli.speech import shown
from veedor.cli.texts import TEXTS
from veedor.rim.terminal import one_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from veedor.cli.record.watch import Watched

HostOption = Annotated[str, typer.Option("--host", help="Address to listen on.")]
PortOption = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on (0 = any free one).")]


def serve(
    log: Annotated[Path, typer.Argument(metavar="LOG", help="The log's folder.")],
    host: HostOption = "127.0.0.1",
    port: PortOption = 8400,
) -> None:
    """Serve a log's folder, to try things out.

    Any web server that publishes the folder does as well.
    """
    _need_server()
    from veedor.record.log import read_head
    from veedor.record.service import server
    from veedor.record.service.connections import Limits

    read_head(log)
    limits = Limits(exchange_seconds=300)  # a bundle of entries may have 16 MB, and a reader a slow line
    server.serve(server.log_app(log), host, port, _at("record.log_at"), limits)


def witness(
    logs: Annotated[
        Path, typer.Option("--logs", help="TOML file of the logs to cosign: tables [[log]] with origin and keys.")
    ],
    state: Annotated[
        Path, typer.Option("--state", help="SQLite file of what was cosigned. Never lose it or restore an older copy.")
    ],
    host: HostOption = "127.0.0.1",
    port: PortOption = 8401,
    rate: Annotated[int, typer.Option("--rate", min=1, help="Requests per minute allowed for each client.")] = 120,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(
            "--trusted-proxy",
            help="Address or network of your web server, whose X-Forwarded-For is trusted; may be repeated.",
        ),
    ] = None,
    begin_anew: Annotated[
        bool,
        typer.Option("--begin-anew", help="Start without the state that the markers mention; read the guide first."),
    ] = False,
    key: KeyOption = None,
    key_fd: KeyDescriptorOption = None,
    passphrase_fd: PassphraseOption = None,
) -> None:
    """Run a witness that cosigns the checkpoints of logs.

    A checkpoint is cosigned only if it continues the one before.
    """
    _need_server()
    from veedor.record.service import server
    from veedor.record.service.clients import Proxies, Rate
    from veedor.record.service.connections import Limits
    from veedor.record.service.witness import Witness, open_state, read_logs

    proxies = Proxies(trusted_proxy or ())
    watched = read_logs(logs)
    keys = signing_keys(key, key_fd, passphrase_fd)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    store, marker = open_state(state, key or [], list(watched), anew=now if begin_anew else "")
    for remark in marker.remarks:
        say(remark)
    if begin_anew:
        say(TEXTS.say("record.anew" if now in marker.anew else "record.whole"))
    app = server.witness_app(Witness(store, watched, keys, time.time, marker), Rate(rate), proxies, say)
    limits = Limits(proxies=proxies)
    server.serve(app, host, port, _at("record.witness_at"), limits)


def watch(
    log: Annotated[str, typer.Argument(metavar="URL", help="The log's address or folder.")],
    policy: Annotated[Path, typer.Option("--policy", help="Policy file: the log's keys, the witnesses, the quorum.")],
    copy: Annotated[Path, typer.Option("--copy", help="Folder of your own copy of the log (created if missing).")],
    silence: Annotated[
        float | None,
        typer.Option("--silence", min=0, help="Alert if the log has not grown for this many minutes."),
    ] = None,
    every: Annotated[float, typer.Option("--every", min=1, help="Seconds between two looks.")] = 60,
    once: Annotated[bool, typer.Option("--once", help="Look once; the exit status is 1 if there is an alarm.")] = False,
    election: Annotated[
        str | None, typer.Option("--election", help="Compare the totals with the published files of this election.")
    ] = None,
    count: Annotated[
        str | None,
        typer.Option(
            "--count", help="Count ID of the published files (default: the last official count, else the last count)."
        ),
    ] = None,
    contest: ContestOption = None,
    snapshot: Annotated[
        str | None, typer.Option("--snapshot", help="Snapshot time to compare with (default: the last snapshot).")
    ] = None,
    data: DataOption = None,
    most_entries: Annotated[
        int, typer.Option("--most-entries", min=1, help="Maximum number of entries that one look reads.")
    ] = 1_000_000,
    most_megabytes: Annotated[
        int, typer.Option("--most-megabytes", min=1, help="Maximum megabytes that one look reads.")
    ] = 1_000,
    most_seconds: Annotated[
        float, typer.Option("--most-seconds", min=1, help="Maximum seconds that one look takes.")
    ] = 600,
    json: JsonOption = False,
) -> None:
    """Follow a log and check each checkpoint against the last.

    All entries are read again and the totals are rebuilt.
    """
    from veedor.cli.record.watch import Published, look
    from veedor.record.budget import Budget

    def budget() -> Budget:
        return Budget(entries=most_entries, data=most_megabytes * 1_000_000, seconds=most_seconds)

    published = None
    if election is not None:
        published = Published(election=election, contest=contest, count=count, snapshot=snapshot, data=data)
    while True:
        watched = look(log, policy, copy, silence, published, budget)
        _show(watched, json)
        if once:
            raise typer.Exit(1 if watched.alarmed else 0)
        time.sleep(every)


def _show(watched: "Watched", json: bool) -> None:
    from veedor.cli.documents import AlarmShown, WatchDocument
    from veedor.finding import Text

    look = watched.look
    if json:
        print_json(
            WatchDocument(
                time=look.time.isoformat(),
                before=None if look.before is None else checkpoint_shown(look.before),
                now=None if look.now is None else checkpoint_shown(look.now),
                alarms=[
                    AlarmShown(kind=alarm.kind.value, entry=alarm.entry, en=alarm.sentence.en, es=alarm.sentence.es)
                    for alarm in look.alarms
                ],
                growth=watched.growth,
                published_totals_equal=watched.totals_equal,
                totals=watched.totals,
            )
        )
        return
    stamp = look.time.isoformat(timespec="seconds")
    for alarm in look.alarms:
        kind = TEXTS.say(f"record.alarm_kind.{alarm.kind.value}")
        sentence = Text(alarm.sentence.en, alarm.sentence.es)
        print(one_line(TEXTS.say("record.alarm", when=stamp, kind=kind, sentence=sentence)), flush=True)
    if watched.growth is not None:
        print(one_line(f"{stamp} {shown(watched.growth)}"), flush=True)


def _at(key: str) -> "Callable[[str], None]":
    """What says where a server listens."""
    return lambda address: print(TEXTS.say(key, address=address), flush=True)


def _need_server() -> None:
    from importlib.util import find_spec

    from veedor.errors import MissingExtraError

    if find_spec("starlette") is None or find_spec("uvicorn") is None:
        raise MissingExtraError(TEXTS.say("error.serving"), extra="witness")


COMMANDS = (("serve", serve), ("witness", witness), ("watch", watch))

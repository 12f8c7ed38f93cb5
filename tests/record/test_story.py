"""The story: a log grows by publications, witnesses cosign, the count stops for a day, a sheet is changed in silence.

And the monitor by itself: what raises an alarm, what does not, and in which words.
"""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.record.serving import running, witnesses
from tests.record.world import LOG_KEY, WITNESSES, entries, key, log_at, policy_text, signed
from veedor.ledger.entry import Entry
from veedor.ledger.ledger import (
    Standings,
    difference_between,
    differences_of_totals,
    entries_for,
    growth_in_words,
    read_ledger,
)
from veedor.record.cosign import gather_cosignatures
from veedor.record.errors import DamagedError
from veedor.record.log import add_signatures, append_entries, create_log
from veedor.record.monitor import Kind, Look, Monitor, Sentence
from veedor.record.service.server import log_app
from veedor.record.source import Address, Folder, Source
from veedor.record.verify import parse_policy

EVENING = datetime(2019, 10, 20, 23, 40, 57, tzinfo=UTC)
SCOPE = ("bolivia-2019", "president", "preliminary")


def sheet(station: int, first: int, second: int) -> Entry:
    election, contest, count = SCOPE
    return {
        "type": "sheet",
        "election": election,
        "contest": contest,
        "count": count,
        "station": str(station),
        "votes": {"A": first, "B": second},
        "blank": 3,
        "null": 2,
    }


def published(sheets: list[Entry], before: list[bytes], reason: str | None = None) -> list[bytes]:
    return list(entries_for(sheets, read_ledger(before), "2019-10-20T19:40:57-04:00", reason=reason, scope=SCOPE))


class World:
    """Log, witnesses and newspaper, with one clock for all."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, EVENING
        self.log = log_at(folder / "log")
        self.entries: list[bytes] = []

    def clock(self) -> float:
        return self.now.timestamp()

    def publish(self, sheets: list[Entry], reason: str | None = None) -> None:
        new = published(sheets, self.entries, reason)
        append_entries(self.log, new, [LOG_KEY])
        self.entries += new

    def cosign(self, log: Path, urls: dict[str, str]) -> list[str]:
        """Gather; return what was said by those who did not sign."""
        policy = parse_policy(policy_text("all", urls))
        gathered = gather_cosignatures(Folder(log), policy, clock=self.clock, pause=0.01)
        add_signatures(log, gathered.note)
        return [one.message for one in gathered.asked if one.signature is None]

    def look(self, source: Source, quorum: str = "all", silence: timedelta | None = None) -> Look:
        """Look once; `read` is then what was read."""
        policy = parse_policy(policy_text(quorum) if quorum else f"log {LOG_KEY.public}\nquorum none\n".encode())
        monitor = Monitor(
            source=source,
            policy=policy,
            copy=self.folder / "copy",
            silence=silence,
            describe=lambda before, now: Sentence(
                difference_between(before, now).en, difference_between(before, now).es
            ),
        )
        self.read: list[bytes] = []
        return monitor.look(self.now, self.read.append)


@pytest.mark.slow
def test_the_story(tmp_path: Path) -> None:
    world = World(tmp_path)
    evening = [sheet(number, 100 + number % 50, 90) for number in range(400)]
    with witnesses(tmp_path, WITNESSES, world.clock) as urls, running(log_app(world.log)) as address:
        # 1. The log grows by publications; every checkpoint is cosigned by all three, and the newspaper follows.
        for size in (30, 300, 400):
            world.publish(evening[:size])
            assert world.cosign(world.log, urls) == []
            look = world.look(Address(address))
            assert (look.alarms, look.now is not None and look.now.size) == ((), size)
            world.now += timedelta(minutes=3)
        # 2. The count stops for a day.
        world.now += timedelta(hours=22, minutes=49)
        (silence,) = world.look(Address(address), silence=timedelta(hours=1)).alarms
        assert silence.kind is Kind.SILENCE
        assert silence.sentence.en == ("The log has not grown since 2019-10-20T23:46:57+00:00: 22 h 52 min of silence.")
        # 3. The operator changes one published sheet in silence: the same key signs another history.
        after = [*evening, *(sheet(number, 120, 60) for number in range(400, 500))]
        silent = [sheet(17, 217, 0) if one["station"] == "17" else one for one in after]
        forged = tmp_path / "forged"
        create_log(forged, "valle.example/log", [LOG_KEY])
        append_entries(forged, published(silent, []), [LOG_KEY])
        refusals = world.cosign(forged, urls)
        assert len(refusals) == 3
        for refusal in refusals:
            assert "does not continue the one that it cosigned" in refusal
            assert "the tree of 400 entries was another one" in refusal
            assert "This witness cosigned the tree of 400 entries at 2019-10-20T23:46:57+00:00" in refusal
        assert [alarm.kind for alarm in world.look(Folder(forged)).alarms] == [Kind.NOT_VERIFIED]
        (alarm,) = world.look(Folder(forged), quorum="").alarms
        assert (alarm.kind, alarm.entry) == (Kind.CHANGED_ENTRY, 17)
        assert alarm.sentence.en == (
            "Entry 17 was changed after it was published: the tally sheet of station 17 (A 117 → 217; B 90 → 0)."
            " We hold the version that stood in the checkpoint of 30 entries, seen here on 2019-10-20T23:40:57+00:00;"
            " no correction announces the change."
        )
        assert "el acta de la mesa 17" in alarm.sentence.es
        assert list((tmp_path / "copy" / "evidence").iterdir())
        # 4. The same change, made visibly, passes.
        world.publish(silent, reason="the sheet was mistyped; image reviewed")
        assert world.cosign(world.log, urls) == []
        look = world.look(Address(address))
        assert look.alarms == ()
        assert look.whole
        ledger = read_ledger(world.read)
        totals = Standings(sheets=500, blank=1500, null=1000, votes={"A": 0, "B": 0})
        for one in silent:
            for choice, votes in one["votes"].items():
                totals.votes[choice] += votes
        assert growth_in_words(ledger, 400, differences_of_totals(totals, ledger.totals(*SCOPE[1:]))).en == (
            "The record grew by 101 to 501 entries; corrected openly: 17; the published totals equal the record's."
        )
        totals.blank = 1501
        assert "the published totals are not the record's (blank 1501 ≠ 1500)" in (
            growth_in_words(ledger, 400, differences_of_totals(totals, ledger.totals(*SCOPE[1:]))).en
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    append_entries(world.log, entries(300), [LOG_KEY])
    world.entries = entries(300)
    assert world.look(Folder(world.log), quorum="").alarms == ()
    world.now += timedelta(minutes=5)
    return world


def kinds(look: Look) -> list[Kind]:
    return [alarm.kind for alarm in look.alarms]


def test_nothing_new_is_no_alarm_and_what_stood_still_is_one_only_if_asked(world: World) -> None:
    assert kinds(world.look(Folder(world.log), quorum="")) == []
    world.now += timedelta(days=3)
    assert kinds(world.look(Folder(world.log), quorum="")) == []
    assert kinds(world.look(Folder(world.log), quorum="", silence=timedelta(days=1))) == [Kind.SILENCE]


def test_a_rollback(world: World, tmp_path: Path) -> None:
    shorter = log_at(tmp_path / "shorter", entries(299))
    (alarm,) = world.look(Folder(shorter), quorum="").alarms
    assert alarm.kind is Kind.ROLLBACK
    assert "it had 300 entries on 2019-10-20T23:40:57+00:00, now it has 299" in alarm.sentence.en


def test_a_fork_of_the_same_size(world: World, tmp_path: Path) -> None:
    other = log_at(tmp_path / "other", [*entries(299), b"other"])
    assert kinds(world.look(Folder(other), quorum="")) == [Kind.FORK, Kind.CHANGED_ENTRY]


def test_many_changed_entries_are_named_and_counted(world: World, tmp_path: Path) -> None:
    other = log_at(tmp_path / "other", [b"changed"] * 100 + entries(250, 100))
    look = world.look(Folder(other), quorum="")
    assert kinds(look) == [Kind.CHANGED_ENTRY] * 21
    assert look.alarms[-1].sentence.en == "80 more entries were changed."


def test_a_changed_entry_under_the_old_checkpoint(world: World) -> None:
    """The server hands out another entry while the tree stays: it is the bundle that was altered, and that is said."""
    bundle = world.log / "tile" / "entries" / "000"
    bundle.write_bytes(bundle.read_bytes().replace(b'"A":7}', b'"A":8}', 1))
    look = world.look(Folder(world.log), quorum="")
    assert kinds(look) == [Kind.CHANGED_ENTRY, Kind.DAMAGED]
    assert "tile/entries/000 was altered: entry 1" in look.alarms[1].sentence.en


def test_damage_and_absence(world: World, tmp_path: Path) -> None:
    (world.log / "tile" / "entries" / "000").write_bytes(b"\0")
    assert kinds(world.look(Folder(world.log), quorum="")) == [Kind.DAMAGED]
    shutil.rmtree(world.log / "tile")
    assert kinds(world.look(Folder(world.log), quorum="")) == [Kind.DAMAGED]
    assert kinds(world.look(Address("http://127.0.0.1:9"), quorum="")) == [Kind.UNREACHABLE]
    assert kinds(world.look(Folder(tmp_path / "nothing"), quorum="")) == [Kind.DAMAGED]


def test_a_clock_that_goes_backwards(world: World) -> None:
    world.now = EVENING - timedelta(hours=1)
    (alarm,) = world.look(Folder(world.log), quorum="").alarms
    assert alarm.kind is Kind.CLOCK
    assert "the last look was at 2019-10-20T23:40:57+00:00" in alarm.sentence.en


def test_a_fault_of_our_own_disk_does_not_accuse_the_log(world: World, tmp_path: Path) -> None:
    bundle = tmp_path / "copy" / "tile" / "entries" / "000"
    bundle.write_bytes(bundle.read_bytes().replace(b'"A":7}', b'"A":8}', 1))
    with pytest.raises(DamagedError, match=r"copy: tile/entries/000 was altered: entry 1"):
        world.look(Folder(world.log), quorum="")
    (tmp_path / "copy" / "seen.json").write_text("[]")
    with pytest.raises(DamagedError, match=r"seen\.json"):
        world.look(Folder(world.log), quorum="")


def test_another_log_is_not_compared_with_this_copy(world: World, tmp_path: Path) -> None:
    other = key("other.example/log", 1, 9)
    create_log(tmp_path / "other", other.name, [other])
    policy = parse_policy(f"log {other.public}\nquorum none\n".encode())
    look = Monitor(source=Folder(tmp_path / "other"), policy=policy, copy=tmp_path / "copy").look(world.now)
    assert "give it a folder of its own" in look.alarms[0].sentence.en


def test_the_copy_is_a_log_that_anyone_can_follow(world: World, tmp_path: Path) -> None:
    policy = parse_policy(f"log {LOG_KEY.public}\nquorum none\n".encode())
    read: list[bytes] = []
    monitor = Monitor(source=Folder(tmp_path / "copy"), policy=policy, copy=tmp_path / "second")
    second = monitor.look(world.now, read.append)
    assert (second.alarms, second.whole) == ((), True)
    assert read == entries(300)
    seen = json.loads((tmp_path / "second" / "seen.json").read_text())
    assert seen == {"300": world.now.isoformat()}


def test_a_checkpoint_without_the_log_s_signature(world: World) -> None:
    (world.log / "checkpoint").write_text(str(signed(entries(300), WITNESSES["oea"])))
    assert kinds(world.look(Folder(world.log), quorum="")) == [Kind.NOT_VERIFIED]

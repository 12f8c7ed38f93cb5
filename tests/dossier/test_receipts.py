"""Receipts in chunks: each once, none larger than a page may load, found by the station's position."""

from tests.parsed import parsed
from veedor.dossier.derive.page_data import script
from veedor.dossier.derive.receipts import Chunks, in_order, receipt_chunks
from veedor.dossier.parsed import Parsed
from veedor.record.receipts import Parts

CHECKPOINT = "log.example\n3\nroot\n\n— log.example sig\n"
LARGEST = 200_000


def chunks(stations: list[str], held: list[str], names: dict[str, str] | None = None) -> Chunks:
    """Chunks of receipts whose entries and paths are invented: neighbours share all of their path but one hash."""
    parts = (
        (at, f"entry-{station}-" + "A" * 500, [f"{at:044}", *(f"{k:044}" for k in range(16))])
        for at, station in enumerate(held)
    )
    made = Parts(checkpoint=CHECKPOINT.encode(), parts=parts)
    return receipt_chunks(stations, held, names or {one: one for one in held}, made)


def found(made: Chunks, at: int) -> Parsed:
    """What the station's page does: the last chunk that begins at or before the position."""
    number = max(k for k, start in enumerate(made.bounds[:-1]) if start <= at)
    return made.values[number]


def test_no_chunk_is_larger_than_a_page_may_load_and_each_receipt_is_in_one() -> None:
    stations = [f"{number:05}" for number in range(1500)]
    made = chunks(stations, stations)
    sizes = [len(script(f"receipts-{k}", value)) for k, value in enumerate(made.values)]
    assert len(sizes) > 3
    assert max(sizes) <= LARGEST
    assert min(sizes[:-1]) > LARGEST / 2  # nor so small that there are many files
    listed = [station for value in made.values for station in parsed(value)["station"]]
    assert listed == stations
    for at in (0, 1, 700, 1499):
        value = found(made, at)
        row = value["station"].index(stations[at])
        assert value["index"][row] == at
        assert value["nodes"][value["path"][row][0]] == f"{at:044}"
        assert value["checkpoint"] == CHECKPOINT


def test_stations_without_a_receipt_are_runs_of_positions() -> None:
    stations = list("abcdefgh")
    held = in_order(stations, ["h", "b", "c", "z", "f"])
    assert held == ["b", "c", "f", "h", "z"]  # z is in the record alone: last
    made = chunks(stations, held, {**{one: one for one in held}, "f": "other-name"})
    assert made.absent == [(0, 1), (3, 5), (6, 7)]
    (value,) = made.values
    assert value["name"] == [None, None, "other-name", None, None]
    assert chunks(stations, []).values == []
    assert chunks(stations, []).absent == [(0, 8)]


def test_a_station_may_be_called_as_a_property_of_objects() -> None:
    made = chunks(["__proto__", "constructor"], ["__proto__", "constructor"])
    assert made.values[0]["station"] == ["__proto__", "constructor"]  # a column, not a key

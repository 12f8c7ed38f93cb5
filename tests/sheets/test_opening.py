"""Files that are packed, cut, damaged, locked, or that unpack to more than any election holds."""

import gzip
import io
import lzma
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.sheets.small import CSV, HEADER, ROWS, named, read
from veedor.errors import InputError, MissingDataError
from veedor.sheets.formats import unpack


def packed(name: str, data: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.compress(data)
    if name.endswith(".xz"):
        return lzma.compress(data)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/sheets.csv", data)
    return stream.getvalue()


PACKED = ("sheets.csv.gz", "sheets.csv.xz", "sheets.zip")


@pytest.mark.parametrize("name", PACKED)
def test_packed_files_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(packed(name, CSV.encode()))
    assert read(named(name), tmp_path).table["votes.red"].to_list() == [50, 60, 20]


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("left", [0, 5, 0.5, 0.9])
def test_cut_archives_are_refused(tmp_path: Path, name: str, left: float) -> None:
    whole = packed(name, CSV.encode() * 100)
    (tmp_path / name).write_bytes(whole[: int(left if left > 1 else left * len(whole))])
    with pytest.raises(InputError, match=f"{name}: found"):
        read(named(name), tmp_path)


@pytest.mark.parametrize("name", PACKED)
def test_damaged_archives_are_refused(tmp_path: Path, name: str) -> None:
    whole = bytearray(packed(name, CSV.encode() * 100))
    whole[len(whole) // 2] ^= 0xFF
    (tmp_path / name).write_bytes(whole)
    with pytest.raises(InputError, match=f"{name}: found"):
        read(named(name), tmp_path)


def test_a_zip_with_several_members_needs_a_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "sheets.zip", "w") as archive:
        archive.writestr("readme.txt", "x")
        archive.writestr("sheets.csv", CSV)
    with pytest.raises(InputError, match=r"the members readme\.txt, sheets\.csv"):
        read(named("sheets.zip"), tmp_path)
    elected = named("sheets.zip")
    source = elected.counts[0].sources[0].model_copy(update={"member": "sheets.csv"})
    count = elected.counts[0].model_copy(update={"sources": (source,)})
    assert read(elected.model_copy(update={"counts": (count,)}), tmp_path).table.height == 3


def test_a_locked_zip(tmp_path: Path) -> None:
    data = bytearray(packed("sheets.zip", CSV.encode()))
    data[6] |= 1  # general purpose bit 0 of the local header: encrypted
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and of the central directory
    (tmp_path / "sheets.zip").write_bytes(data)
    with pytest.raises(InputError, match="password"):
        read(named("sheets.zip"), tmp_path)


BOMB = """
import resource, sys
from pathlib import Path
limit = 1 << 30
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from tests.sheets.small import named, read
from veedor.errors import InputError, MissingDataError
try:
    read(named(sys.argv[2]), Path(sys.argv[1]))
except InputError as problem:
    print(problem)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKED)
def test_a_cell_of_three_gigabytes_is_refused_in_bounded_memory(tmp_path: Path, name: str) -> None:
    """Three gigabytes of one letter take a few megabytes packed; the process may have one gigabyte of addresses."""
    block = b"7" * 2**20
    with (tmp_path / name).open("wb") as raw:
        if name.endswith(".gz"):
            member = gzip.compress(block * 64, 9)
            raw.write(gzip.compress(CSV.encode().rstrip(b"\n")) + member * 48)
        elif name.endswith(".xz"):
            raw.write(lzma.compress(CSV.encode().rstrip(b"\n")) + lzma.compress(block * 64, preset=1) * 48)
        else:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("s.csv", "w") as stream:
                stream.write(CSV.encode().rstrip(b"\n"))
                for _ in range(256):  # the reader stops long before; the sizes are checked as they come
                    stream.write(block)
    assert (tmp_path / name).stat().st_size < 8 * 2**20
    done = subprocess.run(
        [sys.executable, "-c", BOMB, str(tmp_path), name], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert f"{name}, row 4: found a line longer than 1048576 bytes" in done.stdout


def test_a_plain_file_with_a_very_long_line_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sheets.csv").write_text(CSV + "4,Sur,Plaza,1,1,0,0," + "7" * (2 * unpack.LINE_LIMIT) + "\n")
    with pytest.raises(InputError, match="row 5: found a line longer than 1048576 bytes"):
        read(named("sheets.csv"), tmp_path)


def test_limits_of_size_and_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sheets.csv.gz").write_bytes(gzip.compress(CSV.encode() * 1000))
    monkeypatch.setattr(unpack, "FILE_LIMIT", 10_000)
    with pytest.raises(InputError, match="more than 10000 bytes"):
        read(named("sheets.csv.gz"), tmp_path)
    monkeypatch.undo()
    monkeypatch.setattr(unpack, "LINES_LIMIT", 1000)
    with pytest.raises(InputError, match="more than 1000 lines"):
        read(named("sheets.csv.gz"), tmp_path)


def test_a_folder_in_place_of_a_file_is_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "sheets.csv").mkdir()
    with pytest.raises(MissingDataError, match=r"sheets\.csv is a folder, wanted the file sheets\.csv"):
        read(named("sheets.csv"), tmp_path)


def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "sheets.csv")
    with pytest.raises(MissingDataError, match=r"sheets\.csv is no regular file"):
        read(named("sheets.csv"), tmp_path)


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "sheets.csv").write_text(CSV)
    (tmp_path / "sheets.csv").chmod(0)
    if os.access(tmp_path / "sheets.csv", os.R_OK):
        pytest.skip("this user may read everything")
    with pytest.raises(InputError, match="look at its permissions"):
        read(named("sheets.csv"), tmp_path)


@pytest.mark.parametrize("name", ["sheets.csv.gz", "sheets.csv.xz"])
def test_what_follows_a_packed_part_is_not_lost_in_silence(tmp_path: Path, name: str) -> None:
    """Parts packed one by one may stand behind one another; one whose beginning is damaged is a damaged file."""
    pack = gzip.compress if name.endswith("gz") else lzma.compress
    second = pack("\n".join(ROWS[1:]).encode() + b"\n")
    (tmp_path / name).write_bytes(pack(f"{HEADER}\n{ROWS[0]}\n".encode()) + second)
    assert read(named(name), tmp_path).table.height == 3
    (tmp_path / name).write_bytes(pack(f"{HEADER}\n{ROWS[0]}\n".encode()) + b"?" + second[1:])
    with pytest.raises(InputError, match=f"{name}: found a file that cannot be unpacked"):
        read(named(name), tmp_path)


def test_zeros_between_and_after_packed_parts_are_padding(tmp_path: Path) -> None:
    """The xz format, section 2.2: padding of zeros, a multiple of four, may follow each stream."""
    parts = [f"{HEADER}\n", *(f"{row}\n" for row in ROWS)]
    (tmp_path / "sheets.csv.xz").write_bytes(b"".join(lzma.compress(part.encode()) + bytes(8) for part in parts))
    assert read(named("sheets.csv.xz"), tmp_path).table.height == 3

"""docs/guide/audit.md, run as it stands: every block of shell, in order, in an empty folder."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from veedor.election import Election

pytestmark = pytest.mark.slow

GUIDE = Path(__file__).parents[2] / "docs/guide/audit.md"


def run(block: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    environment["VEEDOR_RECORD_PASSPHRASE"] = "a long passphrase"
    return subprocess.run(
        ["bash", "-eu", "-c", block], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def outputs(folder: Path) -> dict[str, str]:
    """Run the guide in the folder; what each block printed, by its last line."""
    for program in ("bash", "ssh-keygen", "awk"):
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}, which is not installed")
    printed = {}
    blocks = re.findall(r"```sh( fails)?\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) >= 12
    for number, (fails, block) in enumerate(blocks):
        done = run(block, folder)
        assert (done.returncode != 0) == bool(fails), f"{block}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        printed[f"{number} {block.strip().splitlines()[-1]}"] = done.stdout + done.stderr
    return printed


def test_the_story_of_the_guide_runs(tmp_path: Path) -> None:
    """One test for all of it: the guide takes a while."""
    folder, printed = tmp_path, outputs(tmp_path)
    draws = [text for command, text in printed.items() if command.endswith("veedor audit draw audit")]
    page = GUIDE.read_text(encoding="utf-8")
    refusal = re.findall(r"```text\n(.*?)```", page, re.DOTALL)[0]
    assert draws[0] == refusal
    assert "signed by 0 of the 4 signatories" in draws[1]
    assert draws[2].endswith("different sheets in all\n")
    verified, refused = [text for command, text in printed.items() if command.endswith("veedor audit verify audit")]
    assert "confirmed" in verified
    assert "its record signed by authority, mission, reds, blues" in verified
    assert "entered by Observer mission, The reds" in verified
    assert "unsigned" not in verified
    assert refused.startswith("NOT VERIFIED")
    assert (folder / "audit/superseded/1/answers/blues-1.txt").exists()

    # The audit's page says who objected and why, shows sample and risk; the forms show no reported vote.
    for lang, words in (("en", "What it does not show"), ("es", "Qué no muestra")):
        page = (folder / f"pages/audit-{lang}.html").read_text(encoding="utf-8")
        assert words in page
        assert "10 % is too much for so close a margin" in page
        assert page.count("<polyline") >= 1
        assert "31415926535897932384" in page
        assert {"en": "Nothing so far", "es": "Nada hasta ahora"}[lang] in page
    forms = (folder / "forms.html").read_text(encoding="utf-8")
    sheets = len((folder / "audit/round-1/pull-list.csv").read_text().splitlines()) - 1
    assert forms.count("<article ") == sheets
    assert "Votos blancos" in forms
    assert 'value="0"' not in forms
    assert "break-after: page" in forms


def test_faulty_arguments_end_with_2_and_no_traceback(tmp_path: Path) -> None:
    for command in (
        "veedor audit verify nowhere",
        "veedor audit draw .",
        "veedor audit seed . --digits 1 --who a --where b --when yesterday",
        "veedor audit plan nowhere",
        "veedor audit form . --out x.html --language fr",
        "veedor audit enter . a.csv b.csv",
    ):
        done = run(command, tmp_path)
        assert done.returncode == (1 if "verify" in command else 2), command
        assert "Traceback" not in done.stderr
        assert not list(tmp_path.iterdir())


def test_the_commands_that_other_programs_call(bolivia: tuple[Election, Path], tmp_path: Path) -> None:
    """One JSON document; the figures of a real election; files for Arlo that say the same when read again."""
    data = bolivia[1]
    done = run(f"veedor audit plan bolivia-2019 --data {data} --bound ballots --json", tmp_path)
    document = json.loads(done.stdout)
    first = document["assertions"][0]
    assert (first["label"], first["margin_votes"], first["draws_without_error"]) == ("D(CC)", 34_671.9, 616)
    assert [cost["draws"] for cost in document["costs"]] == [947, 804, 616, 474, 331]
    assert document["sheets_that_undo"]["altered"] == 79
    script = f"""veedor audit arlo bolivia-2019 --data {data} --out arlo
    veedor audit arlo bolivia-2019 --manifest arlo/manifest.csv --tallies arlo/tallies.csv --json"""
    again = json.loads(run(script, tmp_path).stdout.split("\n", 2)[2])
    assert again["assertions"][0]["draws_without_error"] == 616

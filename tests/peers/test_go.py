"""Go's golang.org/x/mod/sumdb, as Debian packages it, verifies our checkpoints and proofs and refuses altered ones."""

import json
import os
import subprocess
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from tests.record.world import LOG_KEY, ORIGIN, WITNESSES, checkpoint_of, entries, log_at, signed
from veedor.record.log import add_signatures
from veedor.record.merkle import consistency_proof
from veedor.record.reader import node_reader
from veedor.record.receipts import make_receipts
from veedor.record.source import Folder
from veedor.record.verify import parse_receipt, to_base64

GOPATH = Path("/usr/share/gocode")
SIZE = 1000


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The peer, built offline in GOPATH mode; installed first where we are root on Debian."""
    if which("go") is None or not (GOPATH / "src/golang.org/x/mod/sumdb/note").is_dir():
        if os.geteuid() != 0 or which("apt-get") is None:
            pytest.skip("needs golang-go and golang-golang-x-mod-dev, and cannot install them here")
        quiet: Mapping[str, Any] = {"capture_output": True, "check": False, "timeout": 300}
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, **quiet)
        packages = ["golang-go", "golang-golang-x-mod-dev"]
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=240"]
        done = subprocess.run([*install, *packages], env=environment, **quiet)
        if done.returncode != 0:
            pytest.skip("golang-go and golang-golang-x-mod-dev could not be installed")
    program = tmp_path_factory.mktemp("go") / "verify"
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(GOPATH),
        "GOCACHE": str(program.parent / "cache"),
        "GOFLAGS": "",
    }
    source = Path(__file__).with_name("verify.go")
    subprocess.run(["go", "build", "-o", str(program), str(source)], env=environment, check=True, capture_output=True)
    return program


def answers(go: Path, document: dict[str, Any]) -> list[str]:
    done = subprocess.run([str(go)], input=json.dumps(document), capture_output=True, text=True, check=True)
    return done.stdout.split()


@pytest.mark.slow
def test_go_verifies_a_thousand_entries_and_refuses_altered_ones(go: Path, tmp_path: Path) -> None:
    made = entries(SIZE)
    log = log_at(tmp_path / "log", made)
    add_signatures(log, signed(made, *WITNESSES.values()))
    sound = []
    for index, data in make_receipts(Folder(log)):
        receipt = parse_receipt(data)
        sound.append(
            {
                "Index": index,
                "Entry": b64encode(made[index]).decode(),
                "Path": [to_base64(one) for one in receipt.path],
                "Note": receipt.checkpoint.decode(),
            }
        )
    node = node_reader(Folder(log), SIZE)
    grown = [
        {
            "Old": old,
            "New": SIZE,
            "OldRoot": to_base64(checkpoint_of(made[:old]).root),
            "NewRoot": to_base64(checkpoint_of(made).root),
            "Proof": [to_base64(one) for one in consistency_proof(old, SIZE, node)],
        }
        for old in (1, 2, 255, 256, 257, 512, 700, 999, 1000)
    ]
    vkey = str(LOG_KEY.public)
    document = {"VKey": vkey, "Inclusion": sound, "Consistency": grown}
    assert answers(go, document) == ["ok"] * (SIZE + len(grown))

    other = b64encode(b"another sheet").decode()
    spoiled = [{**one, "Entry": other} for one in sound[:300]]
    spoiled += [{**one, "Index": (one["Index"] + 1) % SIZE} for one in sound[300:600]]  # type: ignore[operator]
    spoiled += [{**one, "Path": [*one["Path"][1:], one["Path"][0]]} for one in sound[600:800]]  # type: ignore[index]
    spoiled += [{**one, "Note": str(one["Note"]).replace("\n1000\n", "\n1001\n")} for one in sound[800:900]]
    spoiled += [{**one, "Note": str(one["Note"]).replace(ORIGIN, "other.example/log")} for one in sound[900:]]
    broken = [{**one, "OldRoot": one["NewRoot"]} for one in grown[:-1]]
    document = {"VKey": vkey, "Inclusion": spoiled, "Consistency": broken}
    assert answers(go, document) == ["refused"] * (SIZE + len(broken))

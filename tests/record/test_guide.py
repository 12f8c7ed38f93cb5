"""The guide's story, run as it is written: each block of commands must print what the block after it shows."""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MARK = "@@@ block "
PORTS = range(8410, 8414)


def blocks() -> list[tuple[str, str]]:
    """(commands, expected output) for each block of the guide, in order."""
    text = (ROOT / "docs" / "guide" / "record.md").read_text("utf-8")
    found = re.findall(r"```(sh|text)\n(.*?)```", text, re.DOTALL)
    pairs: list[tuple[str, str]] = []
    for kind, body in found:
        if kind == "sh":
            pairs.append((body, ""))
        else:
            pairs[-1] = (pairs[-1][0], body)
    return pairs


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def script(pairs: list[tuple[str, str]]) -> str:
    """All blocks as one script; it waits for servers that a block starts, and stops them at the end."""
    lines = ["set -eu", "trap 'kill $(jobs -p) 2>/dev/null' EXIT"]
    ports = dict(zip(map(str, PORTS), map(str, free_ports(len(PORTS))), strict=True))
    for number, (commands, _) in enumerate(pairs):
        started = re.findall(r"--port (\d+) &", commands)
        body = re.sub(r"\b841[0-3]\b", lambda found: ports[found[0]], commands)
        lines += [f"echo '{MARK}{number}'", body.replace("sleep 2\n", "")]
        lines += [
            f"until (echo > /dev/tcp/127.0.0.1/{ports[port]}) 2>/dev/null; do sleep 0.1; done" for port in started
        ]
    text = "\n".join(lines)
    waits = [line for line in lines if line.startswith("until ")]
    # A server that a block uses at once is waited for where it is started, not after the block.
    for wait in waits:
        port = re.search(r"/(\d+)\)", wait)
        assert port is not None
        text = text.replace(f"\n{wait}", "", 1).replace(f"--port {port[1]} &", f"--port {port[1]} &\n{wait}", 1)
    return text


@pytest.mark.slow
def test_the_story_goes_as_the_guide_tells_it(tmp_path: Path) -> None:
    pytest.importorskip("starlette", reason="the witnesses need veedor[witness]")
    folder = tmp_path / "record"
    shutil.copytree(ROOT / "examples" / "record", folder)
    pairs = blocks()
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script(pairs)],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        timeout=240,
        check=False,
    )
    output = done.stdout.decode()
    assert done.returncode == 0, output
    printed = re.split(rf"{MARK}(\d+)\n", output)
    outputs = dict(zip(map(int, printed[1::2]), printed[2::2], strict=True))
    assert len(outputs) == len(pairs)
    shown = 0
    for number, (commands, expected) in enumerate(pairs):
        for line in expected.splitlines():
            pattern = ".*".join(re.escape(part.strip()) for part in line.split("…"))
            assert any(re.search(pattern, printed_line) for printed_line in outputs[number].splitlines()), (
                f"{commands}\nshould print\n{line}\nbut printed\n{outputs[number]}"
            )
            shown += 1
    assert shown >= 25
    assert (folder / "201.html").read_text("utf-8").count("<svg") == 1

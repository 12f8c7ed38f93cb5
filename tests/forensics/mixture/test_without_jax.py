"""The base install has no JAX: the mixture then says which extra it needs, and everything else works."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

BLOCKED = "import sys; sys.modules['jax'] = None; from veedor.cli import main; sys.argv = ['veedor', *{}]; main()"


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    code = BLOCKED.format(list(arguments))
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_the_error_names_the_extra() -> None:
    done = run("mixture", "nowhere")
    assert done.returncode == 2
    assert "pip install '.[bayes]'" in done.stderr
    assert "-py3-none-any.whl[bayes]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_mixture_takes_one_election_and_nothing_beside_it() -> None:
    done = run("forensics", "nowhere", "mixture", "last_digit")
    assert done.returncode == 2
    assert done.stderr.startswith("veedor forensics ELECTION mixture is deprecated: use veedor mixture ELECTION")
    assert "Got unexpected extra argument(s) (last_digit)" in done.stderr
    assert "Traceback" not in done.stderr


def test_its_options_are_refused_without_it() -> None:
    done = run("forensics", "nowhere", "--chains", "3")
    assert done.returncode == 2
    assert "No such option: --chains" in done.stderr

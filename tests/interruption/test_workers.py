"""Same seed, same numbers, however many workers: threads, processes, and a cluster of separate processes."""

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from tests.interruption.cases import simulated_split
from veedor.errors import VeedorError
from veedor.interruption.projection.draws import drawn
from veedor.interruption.projection.projection import DRAWN, donors_at
from veedor.interruption.workers import workers
from veedor.simulation import simulate, write_simulated


@pytest.mark.slow
def test_threads_and_processes() -> None:
    donors = donors_at(simulated_split(1))
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
        for rule in DRAWN.values():
            expected = drawn(rule, donors, draws=230, seed=5)
            assert (drawn(rule, donors, draws=230, seed=5, executor=processes) == expected).all()


@pytest.mark.slow
def test_a_cluster_of_separate_processes() -> None:
    pytest.importorskip("distributed", reason="needs the extra veedor[cluster]")
    from distributed import LocalCluster

    donors = donors_at(simulated_split(1))
    cluster_of = partial(LocalCluster, n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None)
    with cluster_of() as cluster:
        with workers(cluster.scheduler_address) as executor:
            assert executor is not None
            steps: list[tuple[int, int]] = []
            for rule in DRAWN.values():
                there = drawn(
                    rule, donors, draws=230, seed=5, executor=executor, progress=lambda *step: steps.append(step)
                )
                assert (there == drawn(rule, donors, draws=230, seed=5)).all()
            assert steps[:3] == [(1, 3), (2, 3), (3, 3)]
            pids = {executor.submit(_process).result(timeout=60) for _ in range(1)}
        assert pids.isdisjoint({_process()})


def _process() -> int:
    import os

    return os.getpid()


def test_no_address_no_executor() -> None:
    with workers(None) as executor:
        assert executor is None


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_an_error_for_people() -> None:
    pytest.importorskip("distributed", reason="needs the extra veedor[cluster]")
    with pytest.raises(VeedorError, match="no dask scheduler answers at nonsense"), workers("nonsense://x"):
        pass


def test_without_the_extra_the_message_names_it() -> None:
    program = (
        "import sys; sys.modules['distributed'] = None\n"
        "from veedor.errors import VeedorError\n"
        "from veedor.interruption.workers import workers\n"
        "try:\n    workers('tcp://127.0.0.1:1').__enter__()\n"
        "except VeedorError as problem:\n    print(problem)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install '.[cluster]'" in done.stdout


def test_draws_are_numbers() -> None:
    totals = drawn(DRAWN["nested"], donors_at(simulated_split(2)), draws=50, seed=1)
    assert np.isfinite(totals).all()
    assert (totals >= 0).all()


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An election on disk, with typing errors and places of every size."""
    folder = tmp_path_factory.mktemp("simulated") / "election"
    write_simulated(simulate(1_000, "clean", 1), folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    "setting",
    [
        {"OPENBLAS_NUM_THREADS": "2", "OMP_NUM_THREADS": "2"},
        {"OPENBLAS_CORETYPE": "Prescott"},
        {"NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"},
        {"PYTHONHASHSEED": "5", "POLARS_MAX_THREADS": "1"},
    ],
    ids=["two threads of BLAS", "other kernels of BLAS", "no wide instructions", "other hashes"],
)
def test_the_same_bytes_whatever_the_machine_lends(simulated: Path, setting: dict[str, str]) -> None:
    """The whole command's JSON, with one thread of BLAS and with another setting, each in a process of its own."""
    command = [sys.executable, "-m", "veedor", "interruption", str(simulated), "--draws", "200", "--json"]
    outputs = [
        subprocess.run(command, env={**os.environ, **extra}, capture_output=True, check=True).stdout
        for extra in ({"OPENBLAS_NUM_THREADS": "1"}, setting)
    ]
    assert outputs[0] == outputs[1]

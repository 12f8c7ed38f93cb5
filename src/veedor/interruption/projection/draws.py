"""Many draws of a rule: the same seed gives the same numbers, however many workers share the work."""

import os
from collections.abc import Callable
from concurrent.futures import Executor
from concurrent.futures.thread import ThreadPoolExecutor

import numpy as np

from veedor.interruption.projection.donor_rules import Draw
from veedor.interruption.projection.donors import Donors, Floats
from veedor.interruption.workers import Here

PER_TASK = 100
"""Draws of one task. Part of the result: each task has its own stream of the seed, so this number never follows the
number of workers."""

SEVERAL = 20
"""Tasks from which on threads gain."""


def drawn(
    rule: Draw,
    donors: Donors,
    *,
    draws: int,
    seed: int,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Floats:
    """float[draw, group] of a rule. executor: any of the standard library's interface; own threads without one."""
    streams = np.random.SeedSequence(seed).spawn(-(-draws // PER_TASK))
    sizes = [min(PER_TASK, draws - PER_TASK * task) for task in range(len(streams))]
    if executor is not None:
        return _gather(executor, rule, donors, streams, sizes, progress)
    with ThreadPoolExecutor(os.cpu_count()) if len(sizes) >= SEVERAL else Here() as own:
        return _gather(own, rule, donors, streams, sizes, progress)


def _gather(
    executor: Executor,
    rule: Draw,
    donors: Donors,
    streams: list[np.random.SeedSequence],
    sizes: list[int],
    progress: Callable[[int, int], None] | None,
) -> Floats:
    tasks = [
        executor.submit(_one_task, rule, donors, stream, size) for stream, size in zip(streams, sizes, strict=True)
    ]
    parts = []
    for done, task in enumerate(tasks, start=1):
        parts.append(task.result())
        if progress is not None:
            progress(done, len(tasks))
    return np.concatenate(parts)


def _one_task(rule: Draw, donors: Donors, stream: np.random.SeedSequence, draws: int) -> Floats:
    return rule(donors, np.random.Generator(np.random.PCG64(stream)), draws)

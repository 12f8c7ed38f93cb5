"""Which tests should bear the mark `slow`: `python -m pytest -p no:xdist -p tests.timing tests/ROOM`.

Processor time of this process and of those it started and waited for, so that a busy machine changes little. It only
reports: a limit that fails a test would fail on the slowest machine of all.
"""

import os
from collections import defaultdict
from collections.abc import Generator

import pytest

SLOW = 0.15
"""Seconds of a test, and of what it sets up, from which on it bears the mark."""
QUICK = 0.03
"""Seconds below which a marked test is named as quick enough to go without."""

spent: dict[pytest.Item, float] = defaultdict(float)


def _seconds() -> float:
    return sum(os.times()[:4])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None]:
    started = _seconds()
    try:
        yield
    finally:
        spent[item] += _seconds() - started


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    started = _seconds()
    try:
        yield
    finally:
        spent[item] += _seconds() - started


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tests without the mark that need it, slowest first; marked ones that do not."""
    lacking = {item: s for item, s in spent.items() if s >= SLOW and not item.get_closest_marker("slow")}
    needless = {item: s for item, s in spent.items() if s < QUICK and item.get_closest_marker("slow")}
    for title, found in (("without the mark slow", lacking), ("marked slow without being so", needless)):
        terminalreporter.section(f"{title}: {len(found)}")
        for item, seconds in sorted(found.items(), key=lambda pair: -pair[1]):
            terminalreporter.write_line(f"{seconds:6.2f} s  {item.nodeid}")

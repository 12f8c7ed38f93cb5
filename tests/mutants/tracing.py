"""Which tests run which lines: one run of a room's tests under coverage, each test a context of its own.

What a fixture of a wider scope than one test runs counts for every test that uses it. What a test leaves in a cache of
its own counts for the first test that filled it; what runs in another process counts for none.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from coverage import Coverage, CoverageData

FIXTURE = "fixture "
LINES, TESTS = "lines.sqlite", "tests.json"


@dataclass(eq=False)
class Tracing:
    """A pytest plugin that tells coverage whose lines it sees."""

    coverage: Coverage
    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)
    fixtures: dict[str, list[str]] = field(default_factory=dict)
    context: list[str] = field(default_factory=list)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        start = sum(os.times()[:4])  # of processors, its children's too: a busy machine is not a slow test
        self.fixtures[item.nodeid] = list(getattr(item, "fixturenames", ()))
        self._enter(item.nodeid)
        try:
            return (yield)
        finally:
            self._leave()
            self.seconds[item.nodeid] = sum(os.times()[:4]) - start

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        self._enter(FIXTURE + fixturedef.argname)
        try:
            return (yield)
        finally:
            self._leave()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)
        elif report.when == "call" and report.passed:
            self.passed.add(report.nodeid)

    def _enter(self, name: str) -> None:
        self.context.append(name)
        self.coverage.switch_context(name)

    def _leave(self) -> None:
        self.context.pop()
        self.coverage.switch_context(self.context[-1] if self.context else "")


@dataclass(frozen=True, kw_only=True)
class Map:
    """What a traced run found: the seconds of each test that passed, and the tests by file and line."""

    seconds: dict[str, float]
    failed: list[str]
    lines: dict[str, dict[int, frozenset[str]]]

    def tests(self, file: str, first: int, last: int) -> set[str]:
        """Tests that run one of the lines first to last of a file."""
        known = self.lines.get(file, {})
        return {test for line in range(first, last + 1) for test in known.get(line, ())}


def trace(tree: Path, tests: Sequence[str], arguments: Sequence[str], out: Path) -> None:
    """Run the tests with pytest in this process, tracing the tree's source; `out` becomes a folder of two files."""
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    coverage = Coverage(data_file=str(part / LINES), include=[f"{tree}/src/*"], config_file=False)
    plugin = Tracing(coverage)
    coverage.start()
    pytest.main([*arguments, *tests], plugins=[plugin])
    coverage.stop()
    coverage.save()
    passed = sorted(plugin.passed - plugin.failed)
    document = {
        "tree": str(tree),
        "seconds": {test: round(plugin.seconds[test], 4) for test in passed},
        "failed": sorted(plugin.failed),
        "fixtures": {test: plugin.fixtures[test] for test in passed},
    }
    (part / TESTS).write_text(json.dumps(document))
    part.rename(out)


def read_map(out: Path) -> Map:
    """What `trace` left."""
    document = json.loads((out / TESTS).read_text())
    users: dict[str, set[str]] = {}
    for test, names in document["fixtures"].items():
        users.setdefault(test, set()).add(test)
        for name in names:
            users.setdefault(FIXTURE + name, set()).add(test)
    data = CoverageData(str(out / LINES))
    data.read()
    lines = {
        Path(file).relative_to(document["tree"]).as_posix(): {
            line: frozenset(test for context in contexts for test in users.get(context, ()))
            for line, contexts in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    return Map(seconds=document["seconds"], failed=document["failed"], lines=lines)

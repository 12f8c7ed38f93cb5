"""What the benchmarks report: ratios, skips, and processes measured whole."""

import sys

import pytest
from bench.measure import Result, Skip, against_limit, best_of, paired, process

from bench import __main__ as program


def test_a_ratio_is_ours_by_theirs_and_held_against_its_limit() -> None:
    result = Result(what="work", ours=3, theirs=2, peer="a peer", most=1.5)
    assert result.ratio == 1.5
    assert result.within
    assert not Result(what="work", ours=3.1, theirs=2, peer="a peer", most=1.5).within
    assert not against_limit("work", 2.1, 2).within


def test_a_process_is_measured_with_its_memory() -> None:
    small = process([sys.executable, "-c", "print('done')"])
    large = process([sys.executable, "-c", "b = b'x' * 300_000_000; print(len(b))"])
    assert small.output == "done\n"
    assert 0.3 < large.memory < 0.6  # the bytes, and the interpreter
    assert large.memory - small.memory == pytest.approx(0.3, abs=0.05)


def test_a_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match=r"ended with 3:\nno such file"):
        process([sys.executable, "-c", "import sys; print('no such file', file=sys.stderr); sys.exit(3)"])


def test_pairs_run_in_turns() -> None:
    calls: list[str] = []
    paired(lambda: calls.append("ours"), lambda: calls.append("theirs"), rounds=2)
    assert calls == ["ours", "theirs"] * 3


def test_the_best_of_several_runs_is_the_quickest() -> None:
    runs = iter([process([sys.executable, "-c", "pass"]) for _ in range(3)])
    assert best_of(1, lambda: next(runs)).seconds > 0


@pytest.mark.slow
def test_every_module_with_a_run_is_a_benchmark() -> None:
    assert {"reading_csv", "reading_xlsx", "commands", "national", "simulation"} <= set(program.benchmarks())
    assert "measure" not in program.benchmarks()


def test_an_unknown_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["speed"]) == 2
    assert "no benchmark speed; there are" in capsys.readouterr().err


def test_a_benchmark_over_its_limit_ends_with_1_and_one_that_cannot_run_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def skipped() -> list[Result]:
        raise Skip("needs a moon")

    def broken() -> list[Result]:
        raise RuntimeError("it fell over")

    chosen = {"slow": lambda: [against_limit("work", 3, 2)], "far": skipped, "broken": broken}
    monkeypatch.setattr(program, "benchmarks", lambda: chosen)
    assert program.main(["slow"]) == 1
    assert program.main(["broken"]) == 1
    assert program.main(["far"]) == 0
    shown = capsys.readouterr().out
    assert "OVER" in shown
    assert "skipped: needs a moon" in shown
